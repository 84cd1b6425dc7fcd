//! Whatever runs, ends: small texts that want to work, print or remember without end meet a bound, keep what they have,
//! and name the bound.
#![cfg(not(target_arch = "wasm32"))]

use podscope::sim::{Options, Simulation};
use podscope::trace::bounds::BoundEffect;

/// A Pod `web` whose container runs a script, and what else the text has.
fn pod(script: &str, scenario: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - name: app\n    image: busybox\n    \
         command:\n    - sh\n    - -c\n    - |\n      {}\n---\napiVersion: podscope/v1\nkind: Scenario\nspec: {{{scenario}}}\n",
        script.replace('\n', "\n      ")
    )
}

fn steps(commands: &[String], until: &str) -> String {
    let steps: Vec<String> = commands.iter().map(|run| format!("{{at: 5s, run: {run:?}}}")).collect();
    format!("until: {until}, steps: [{}]", steps.join(", "))
}

struct Ran {
    met: Vec<(&'static str, BoundEffect)>,
    sim: Simulation,
}

fn run(text: &str) -> Ran {
    let mut sim = Simulation::new(text, &Options::default());
    sim.run();
    let met = sim
        .record()
        .limits
        .iter()
        .map(|l| (l.bound.id, l.bound.effect))
        .collect();
    Ran { met, sim }
}

#[test]
fn programs_that_never_wait_are_slowed_down_and_the_run_goes_on() {
    for script in [
        // Two shells that wake each other without end, at one instant.
        "trap 'kill -USR1 $C' USR1\nsh -c 'trap \"kill -USR1 1\" USR1; sleep 100000 & while :; do wait; done' &\nC=$!\n\
         sleep 1; kill -USR1 $C\nwhile :; do wait; done",
        // Ever deeper directories.
        "cd /tmp; while :; do mkdir d && cd d; done",
        // A pattern that has many ways of not fitting.
        "yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | head -n 20000 | grep -E '(a*)*b'",
        "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | sed 's/\\(a*\\)*b/x/'; done",
        // A shell that becomes itself.
        "echo 'exec sh /tmp/s' > /tmp/s; exec sh /tmp/s",
    ] {
        let ran = run(&pod(script, "until: 1m"));
        assert!(ran.met.iter().any(|(id, _)| *id == "busy"), "{script}: {:?}", ran.met);
        assert!(
            ran.met.iter().all(|(_, effect)| *effect == BoundEffect::Cut),
            "{script}"
        );
        assert_eq!(ran.sim.until().millis(), 60_000, "{script}");
        assert!(ran.sim.events() < 200_000, "{script}: {} events", ran.sim.events());
        let said = ran.sim.diagnostics().iter().any(|d| d.code == "spins");
        assert!(said, "{script}: {:?}", ran.sim.diagnostics());
    }
}

#[test]
fn deep_paths_and_long_patterns_cost_little() {
    let path = "/d".repeat(1_900);
    let a = "a".repeat(2_000);
    for script in [
        format!("mkdir -p /tmp{path} && echo made; sleep 99"),
        format!("x={a}; echo \"${{x//*a*a*a*a*a*b/x}}\" | wc -c; sleep 99"),
        format!("{} {}; sleep 99", "echo $(".repeat(20_000), ")".repeat(3)),
    ] {
        let ran = run(&pod(&script, "until: 30s"));
        let used = ran.sim.frontier().queue.used().steps;
        assert!(used < 200_000, "{}: {used} steps", script.get(..40).unwrap_or_default());
    }
}

#[test]
fn a_run_that_works_without_end_is_stopped_and_keeps_what_it_has() {
    let probes = "until: 168h";
    let text = pod("sleep 999999", probes).replace(
        "    command:\n    - sh",
        "    livenessProbe: {periodSeconds: 1, exec: {command: [sh, -c, 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); \
         done']}}\n    command:\n    - sh",
    );
    let ran = run(&text);
    assert_eq!(ran.met.last(), Some(&("too-much-work", BoundEffect::Stopped)));
    let error = ran
        .sim
        .diagnostics()
        .into_iter()
        .find(|d| d.code == "too-much-work")
        .expect("an error");
    assert!(error.message.contains("20000000 steps"), "{}", error.message);
    assert!(ran.sim.record().pods.len() > 3 && ran.sim.until().millis() > 60_000);
}

#[test]
fn outputs_of_commands_are_bounded() {
    let many: String = (0..60)
        .map(|n| format!("---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{n}}}\nspec: {{containers: [{{name: c, image: nginx}}]}}\n"))
        .collect();
    let commands: Vec<String> = (0..600).map(|_| "kubectl get pod -o yaml".to_owned()).collect();
    let ran = run(&(pod("sleep 99", &steps(&commands, "30s")) + &many));
    let printed: usize = ran.sim.record().console.iter().map(|c| c.output.len()).sum();
    assert!(printed <= 48 << 20, "{printed} bytes");
    let ids: Vec<&str> = ran.met.iter().map(|(id, _)| *id).collect();
    assert!(ids.contains(&"output") || ids.contains(&"too-much-work"), "{ids:?}");
}

#[test]
fn copies_of_a_patch_are_bounded() {
    let copies: Vec<String> = (0..30)
        .map(|n| format!("{{\"op\":\"copy\",\"from\":\"/spec\",\"path\":\"/spec/x{n}\"}}"))
        .collect();
    let patch = format!("kubectl patch pod web --type=json -p '[{}]'", copies.join(","));
    let ran = run(&pod("sleep 99", &steps(&[patch], "30s")));
    let call = &ran.sim.record().console[0];
    assert_eq!(call.exit, Some(1));
    assert!(
        call.output.contains("accumulated size increase of copy"),
        "{}",
        call.output
    );
}

#[test]
fn no_more_than_a_thousand_nodes_are_made() {
    let nodes: Vec<String> = (0..1_500).map(|n| format!("{{name: n{n}}}")).collect();
    let ran = run(&pod("sleep 99", &format!("until: 10s, nodes: [{}]", nodes.join(", "))));
    assert_eq!(ran.met, [("nodes", BoundEffect::Cut)]);
    assert_eq!(ran.sim.record().limits[0].used, 1_500);
    assert_eq!(ran.sim.frontier().kubelets.len(), 1_000);
}

#[test]
fn every_way_of_playing_meets_a_bound_at_the_same_event() {
    let text = pod("cd /tmp; while :; do mkdir d && cd d; done", "until: 1m");
    let played = |chunk: u32| {
        let mut sim = Simulation::new(&text, &Options::default()).with_checkpoints();
        while !sim.advance(chunk).done {}
        format!("{:?} {:?} {}", sim.record().limits, sim.log().entries(), sim.events())
    };
    assert_eq!(played(u32::MAX), played(1));
}

const MARKS: [&str; 2] = ["<!-- bounds: made by cargo bless -->\n", "<!-- end of bounds -->"];

/// The table of bounds in the documentation is made from the code.
#[test]
#[allow(clippy::disallowed_methods)] // A test reads its data.
fn the_documentation_has_all_bounds() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www/docs/limits.md");
    let text = std::fs::read_to_string(&path).expect("the page about limits");
    let (before, rest) = text.split_once(MARKS[0]).expect("where the table begins");
    let (_, after) = rest.split_once(MARKS[1]).expect("where the table ends");
    let mut table = "| id | most | counts | effect |\n|---|---|---|---|\n".to_owned();
    for bound in podscope::trace::bounds::BOUNDS {
        let digits = bound.most.to_string();
        let groups: Vec<&str> = digits
            .as_bytes()
            .rchunks(3)
            .rev()
            .map(|g| std::str::from_utf8(g).expect("digits"))
            .collect();
        table += &format!(
            "| `{}` | {} {} | {} | {} |\n",
            bound.id,
            groups.join(","),
            bound.unit.as_str(),
            bound.counts,
            bound.effect.as_str()
        );
    }
    let expected = format!("{before}{}{table}{}{after}", MARKS[0], MARKS[1]);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &expected).expect("the page can be written");
    } else {
        assert_eq!(text, expected, "cargo bless writes the table");
    }
}
