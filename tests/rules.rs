//! Every rule has a scenario that shows it, and every entry of every scenario is explained.
//!
//! The scenarios are those of the gallery and the files of `tests/features` and `tests/rules`. The first line of the
//! latter names the rules they are there for.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use podscope::manifest::Severity;
use podscope::sim::{Options, Simulation, evaluate};
use podscope::trace::{EntryId, LaneKind, Rule, TraceLog, What};
use podscope::view::why::card::card;
use podscope::view::why::{MAX_CHAIN, chain, explain, subject};
use podscope::view::words::Lang;

fn scenarios() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["www/gallery", "tests/features", "tests/rules"];
    let paths = folders.iter().flat_map(|folder| common::manifests(&root.join(folder)));
    paths
        .map(|path| {
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            (name, common::read(&path))
        })
        .collect()
}

fn run(text: &str) -> Simulation {
    let mut sim = Simulation::new(text, &Options::default());
    sim.run();
    sim
}

/// The name of a variant: `ProbeTick` of `ProbeTick { kind: Liveness, … }`, `Deployment(ScaledUp` of a controller's rule.
fn variant(rule: &Rule) -> String {
    let text = format!("{rule:?}");
    let name = text.split([' ', '{']).next().unwrap_or_default();
    name.trim_end_matches(')').to_owned()
}

/// The variants of an enum as its source has them, each with what stands in brackets behind it.
fn members(source: &str, name: &str) -> Vec<String> {
    let body = source
        .split(&format!("pub enum {name} {{"))
        .nth(1)
        .expect("the enum is there");
    let body = body.split("\n}").next().unwrap_or_default();
    // Variants stand four spaces in, their fields eight.
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    let names = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    names
        .map(|line| line.split([' ', ',', '{']).next().unwrap_or_default().to_owned())
        .collect()
}

/// The names of all variants, read from the source.
fn variants() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/trace/rule");
    let mut names = BTreeSet::new();
    let files: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .filter_map(|entry| Some(common::read(&entry.ok()?.path())))
        .collect();
    for member in members(&common::read(&folder.join("mod.rs")), "Rule") {
        let Some((name, inner)) = member.split_once('(') else {
            names.insert(member);
            continue;
        };
        let inner = inner.trim_end_matches(')');
        let source = files.iter().find(|text| text.contains(&format!("pub enum {inner} {{")));
        let all = members(source.expect("the rules of a controller are in a file"), inner);
        names.extend(all.into_iter().map(|rule| format!("{name}({rule}")));
    }
    names
}

#[test]
fn every_rule_is_shown_by_a_scenario() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, text) in scenarios() {
        let sim = run(&text);
        let errors = sim.diagnostics().into_iter().filter(|d| d.severity == Severity::Error);
        // What is refused has a test of its own.
        let refused = name.ends_with("-refused.yaml");
        wrong.extend(errors.filter(|_| !refused).map(|d| format!("{name}: {}", d.message)));
        let broken = evaluate(&sim).into_iter().filter(|claim| !claim.ok);
        wrong.extend(broken.map(|claim| format!("{name}: {}, but {}", claim.text, claim.why)));
        let rules = sim.log().entries().iter().map(|e| &e.cause.rule);
        seen.extend(rules.clone().map(variant));
        // What the first line promises is there.
        let shown: BTreeSet<&str> = rules.map(|rule| card(rule).name).collect();
        let promise = text.lines().next().and_then(|line| line.strip_prefix("# Shows: "));
        for word in promise
            .unwrap_or_default()
            .split([',', ' ', '.'])
            .filter(|w| w.contains('-'))
        {
            if !shown.contains(word) {
                wrong.push(format!("{name} does not show {word}"));
            }
        }
    }
    let never: Vec<String> = variants().difference(&seen).cloned().collect();
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
    assert!(never.is_empty(), "no scenario shows {never:?}");
}

/// What is wrong with the explanation of one entry.
fn complaint(log: &TraceLog, id: EntryId) -> Option<String> {
    let entry = log.get(id)?;
    let Some((title, sentence)) = explain(log, id, Lang::En) else {
        return Some("is not explained".to_owned());
    };
    for text in [&title, &sentence] {
        let untidy = text.contains("  ") || text.contains(" . ") || text.contains(" ,") || text.trim() != text.as_str();
        if text.is_empty() || untidy {
            return Some(format!("says “{text}”"));
        }
    }
    if !sentence.ends_with(['.', '”']) {
        return Some(format!("has no end: “{sentence}”"));
    }
    let causes: Vec<EntryId> = chain(log, id).collect();
    if causes.len() > MAX_CHAIN {
        return Some(format!("has {} causes", causes.len()));
    }
    let later = causes
        .iter()
        .any(|cause| log.get(*cause).is_some_and(|c| c.at > entry.at));
    if later {
        return Some(format!("comes before its cause: {title}"));
    }
    // A container's decisions follow from its own past or the Pod's, never from what befell another one.
    let own = |id: EntryId| {
        let of = subject(log, log.get(id)?.lane)?;
        of.container.map(|name| (name.to_owned(), of.pod.map(str::to_owned)))
    };
    let starts_after_another = matches!(
        entry.what,
        What::Creating | What::Running { .. } | What::Pulling { .. } | What::Turn | What::Grace { .. }
    );
    let event = matches!(entry.what, What::Event { .. });
    if let (Some(of), Some(cause)) = (own(id), entry.cause.because_of.and_then(own))
        && of != cause
        && !starts_after_another
        && !event
    {
        return Some(format!("{title} is said to follow from {cause:?}"));
    }
    None
}

#[test]
fn every_entry_of_every_scenario_is_explained() {
    let mut wrong = Vec::new();
    for (name, text) in scenarios() {
        let sim = run(&text);
        let log = sim.log();
        for id in (0..log.mark().entries).map(EntryId) {
            if let Some(complaint) = complaint(log, id) {
                wrong.push(format!("{name}, entry {}: {complaint}", id.0));
            }
            let causeless = log.get(id).is_some_and(|e| e.cause.because_of.is_none());
            let begins = log.get(id).is_some_and(|e| {
                let lane = log.lanes().get(e.lane.0 as usize).map(|l| l.kind);
                matches!(e.cause.rule, Rule::Step | Rule::Fault | Rule::ApiServerStored)
                    || matches!(lane, Some(LaneKind::Node | LaneKind::Service | LaneKind::Endpoint))
            });
            if causeless && !begins {
                let rule = log.get(id).map(|e| e.cause.rule);
                wrong.push(format!("{name}, entry {}: no cause for {rule:?}", id.0));
            }
        }
    }
    assert!(wrong.is_empty(), "{} entries:\n  {}\n", wrong.len(), wrong.join("\n  "));
}

#[test]
fn every_rule_has_its_card() {
    for (_, text) in scenarios() {
        for entry in run(&text).log().entries() {
            let card = card(&entry.cause.rule);
            assert!(
                !card.name.is_empty() && card.twin.ends_with(".go"),
                "{:?}",
                entry.cause.rule
            );
            assert!(
                card.url().starts_with("https://kubernetes.io/docs/"),
                "{:?}",
                entry.cause.rule
            );
        }
    }
}

/// The path of the field that a cause names.
fn field_of(sim: &Simulation, rule: &str) -> String {
    let entries = sim.log().entries().iter();
    let mut of_rule = entries.filter(|e| card(&e.cause.rule).name == rule);
    let field = of_rule.find_map(|e| e.cause.fields.first());
    let base = field.map(|f| format!("{:?} ", f.base)).unwrap_or_default();
    base + field.map_or("", |f| f.path)
}

#[test]
fn the_field_named_is_the_one_that_decides() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, rule, field) in [
        (
            "www/gallery/35-restart-rules.yaml",
            "restart-free",
            "Container(0) restartPolicyRules",
        ),
        (
            "www/gallery/35-restart-rules.yaml",
            "restart-policy-stays",
            "Container(0) restartPolicy",
        ),
        ("tests/rules/crash-loop.yaml", "restart-free", "PodSpec restartPolicy"),
        (
            "tests/rules/out-of-memory.yaml",
            "out-of-memory",
            "Container(0) resources.limits.memory",
        ),
        ("tests/rules/config-missing.yaml", "config-missing", "Container(0) env"),
    ] {
        let sim = run(&common::read(&folder.join(file)));
        assert_eq!(field_of(&sim, rule), field, "{file}, {rule}");
    }
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: nginx\n    \
                envFrom: [{configMapRef: {name: none}}]\n";
    assert_eq!(field_of(&run(text), "config-missing"), "Container(0) envFrom");
}

#[test]
fn what_befell_a_node_is_the_cause_of_what_befalls_its_pods() {
    let text = common::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/node-lost.yaml"));
    let sim = run(&text);
    let log = sim.log();
    let causes = |fits: fn(&What) -> bool| -> Vec<&str> {
        let last = (0..log.mark().entries).map(EntryId).rev();
        let told = last.into_iter().find(|id| log.get(*id).is_some_and(|e| fits(&e.what)));
        told.into_iter()
            .flat_map(|id| chain(log, id).collect::<Vec<_>>())
            .filter_map(|id| log.get(id).map(|e| card(&e.cause.rule).name))
            .collect()
    };
    let evicted = causes(|what| matches!(what, What::Event { reason, .. } if &**reason == "TaintManagerEviction"));
    assert_eq!(evicted, ["taint-evicted", "node-silent", "fault"]);
    // The kubelet is back and finds the container ready, before it stops it; the deletion did not make it so.
    let ready = causes(|what| matches!(what, What::Condition { status, .. } if &**status == "True"));
    assert_eq!(ready, ["fault"]);
}

/// Both probes fail while the container is being killed; only one of them is why it starts again.
#[test]
fn a_restart_follows_from_the_probe_that_asked_for_it() {
    let (_, text) = scenarios()
        .into_iter()
        .find(|(name, _)| name.ends_with("01-a-whole-life.yaml"))
        .expect("the first scenario is there");
    let sim = run(&text);
    let log = sim.log();
    let is_restart = |what: &What| matches!(what, What::Running { restarts: 1 });
    let again = log.entries().iter().position(|e| is_restart(&e.what));
    let again = EntryId(again.expect("it runs again") as u32);
    let of = |fits: fn(&Rule) -> bool| chain(log, again).any(|id| log.get(id).is_some_and(|e| fits(&e.cause.rule)));
    assert!(of(|rule| matches!(rule, Rule::GraceStarted { .. })), "the signal");
    assert!(of(|rule| matches!(rule, Rule::ProbeKill { .. })), "the kill");
    assert!(of(|rule| matches!(rule, Rule::ProbeThreshold { .. })), "the verdict");
}
