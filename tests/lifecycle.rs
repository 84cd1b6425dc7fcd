//! Pods of Kubernetes' node end-to-end tests: who starts before whom, who ends, who is started again.
//!
//! The cases that do not hold are listed in `NOT_HELD` with their reasons; `tests/README.md` explains them by rule.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use podscope::sim::{Options, Simulation};
use podscope::time::{Duration, Instant};
use podscope::trace::{LaneKind, What};
use serde_json::{Value, json};

/// Cases by the number their id begins with that do not hold, and the rule behind it.
const NOT_HELD: [(&str, &str); 0] = [];

/// How long a Pod is watched: the longest test waits for two rounds of a restart.
const WATCHED: Duration = Duration::from_secs(240);

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The script that stands for a process: it starts, has started, works, and ends, or ends when it is told to.
fn script(of: &Value) -> Value {
    let number = |key: &str| of[key].as_i64().unwrap_or(0);
    let code = number("exitCode");
    let script = format!(
        "trap 'sleep {}; exit {code}' TERM; sleep {}; touch started; sleep {} & wait $!; exit {code}",
        number("terminationSeconds"),
        number("startDelay"),
        number("delay"),
    );
    json!(["sh", "-c", script])
}

/// Puts scripts in place of what the cases say in short.
fn written_out(value: &Value) -> Value {
    match value {
        Value::Object(map) if map.contains_key("script") => script(&map["script"]),
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), written_out(v))).collect(),
        Value::Array(list) => list.iter().map(written_out).collect(),
        other => other.clone(),
    }
}

/// The case as the text of a scenario.
fn scenario(case: &Value) -> String {
    let pod = written_out(&case["pod"]);
    let name = text(&pod["metadata"]["name"]).to_owned();
    let mut steps = Vec::new();
    if let Some(container) = case["updatesImageOf"].as_str() {
        let base = match list(&pod["spec"]["initContainers"])
            .iter()
            .any(|c| c["name"] == container)
        {
            true => "initContainers",
            false => "containers",
        };
        let patch = json!({"spec": {base: [{"name": container, "image": "busybox:1.36"}]}});
        steps.push(json!({"at": "45s", "run": format!("kubectl patch pod {name} -p '{patch}'")}));
    }
    if list(&case["ops"])
        .iter()
        .any(|op| op == "delete" || op == "wait: pod terminated")
    {
        steps.push(json!({"at": "60s", "run": format!("kubectl delete pod {name}")}));
    }
    if list(&case["group"]).iter().any(|group| group == "The-kubelet-restarts") {
        steps.push(json!({"at": "30s", "fault": {"node": "node1", "kind": "kubelet-restart"}}));
    }
    // A host below `.invalid` or named so does not exist; the registry of a scenario has to be told.
    let bad = json!({"name": "invalid.registry.k8s.io/invalid/alpine:3.1", "pull": {"error": "no such host"}});
    let images = ["busybox", "busybox:1.36", "registry.k8s.io/pause:3.10"];
    let scenario = json!({
        "apiVersion": "podscope/v1",
        "kind": "Scenario",
        "metadata": {"name": "case"},
        "spec": {"nodes": [{"name": "node1", "images": images}], "images": [bad], "steps": steps},
    });
    format!("{pod}\n---\n{scenario}\n")
}

/// The runs of each container: when its process began and ended.
fn runs(sim: &Simulation) -> BTreeMap<String, Vec<(Instant, Option<Instant>)>> {
    let log = sim.log();
    let mut runs: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for entry in log.entries().iter().filter(|e| matches!(e.what, What::Running { .. })) {
        let lane = &log.lanes()[entry.lane.0 as usize];
        assert!(matches!(
            lane.kind,
            LaneKind::InitContainer | LaneKind::Sidecar | LaneKind::Container
        ));
        runs.entry(lane.name.to_string())
            .or_default()
            .push((entry.at, entry.end));
    }
    runs
}

/// What a check says is wrong, if anything.
fn complaint(sim: &Simulation, check: &[Value]) -> Option<String> {
    let fails = check.last().is_some_and(|last| last == "FAILS");
    let runs = runs(sim);
    let of = |at: usize| {
        let name = check.get(at).map(text).unwrap_or_default();
        runs.get(name).cloned().unwrap_or_default()
    };
    let (a, b) = (of(1), of(2));
    let start = |runs: &[(Instant, Option<Instant>)]| runs.first().map(|r| r.0);
    let exit = |runs: &[(Instant, Option<Instant>)]| runs.iter().find_map(|r| r.1);
    let last = |runs: &[(Instant, Option<Instant>)]| runs.iter().filter_map(|r| r.1).next_back();
    let together = || {
        a.iter().any(|x| {
            b.iter()
                .any(|y| x.1.is_none_or(|end| y.0 < end) && y.1.is_none_or(|end| x.0 < end))
        })
    };
    let holds = match text(&check[0]) {
        "Starts" => !a.is_empty(),
        "DoesntStart" => a.is_empty(),
        "Exits" => exit(&a).is_some(),
        "HasRestarted" => a.len() > 1,
        "HasNotRestarted" => a.len() < 2,
        // A start that comes again counts, too: the tests look for any start of the second after the first's.
        "StartsBefore" => start(&a).is_some_and(|first| b.iter().any(|run| run.0 > first)),
        "ExitsBefore" => exit(&a).zip(last(&b)).is_some_and(|(a, b)| a < b),
        "RunTogether" => together(),
        "RunTogetherLhsFirst" => together() && start(&a) < start(&b),
        "TerminatedStates" => return states(sim, text(&check[1]), &check[2]),
        kind => return field(sim, kind, check),
    };
    (holds == fails).then(|| format!("{check:?} of {runs:?}"))
}

/// The last revision of the Pod, as YAML would show it.
fn last_pod(sim: &Simulation) -> Option<podscope::api::Pod> {
    sim.record().pods.last().map(|revision| (*revision.pod).clone())
}

fn states(sim: &Simulation, list: &str, want: &Value) -> Option<String> {
    let pod = last_pod(sim)?;
    let statuses = match list {
        "initContainerStatuses" => pod.status.init_container_statuses,
        _ => pod.status.container_statuses,
    };
    let wrong = |(name, state): (&String, &Value)| {
        let status = statuses.iter().find(|s| &*s.name == name.as_str());
        let ended = status.and_then(|s| s.state.terminated.as_ref());
        let same = ended
            .is_some_and(|t| Some(t.exit_code) == state["exitCode"].as_i64() && &*t.reason == text(&state["reason"]));
        (!same).then(|| format!("{name} ended as {ended:?}, not {state}"))
    };
    want.as_object()?.iter().find_map(wrong)
}

/// A check of a field of the Pod object; those that occur are about readiness, phases and counts.
fn field(sim: &Simulation, kind: &str, check: &[Value]) -> Option<String> {
    let pod = last_pod(sim)?;
    let path = text(&check[1]);
    let (regular, init) = (&pod.status.container_statuses, &pod.status.init_container_statuses);
    let number = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
            .parse::<usize>()
            .ok()
    };
    let status = match path.contains("initContainerStatuses") {
        true => init.get(number(path)?),
        false => regular.get(number(path).unwrap_or(0)),
    };
    let got = match path.rsplit('.').next()? {
        "phase" => json!(pod.status.phase.as_str()),
        "ready" => json!(status?.ready),
        "started" => json!(status?.started),
        "running" => json!(status?.state.running.as_ref().map(|_| true)),
        "restartCount" => json!(status?.restart_count),
        other => return Some(format!("no way to check {other} of {path}")),
    };
    let holds = match kind {
        "FieldTrue" => got == true,
        "FieldNilNot" => !got.is_null(),
        "FieldEquals" => got == check[2],
        _ => return Some(format!("no such check: {kind}")),
    };
    (!holds).then(|| format!("{check:?}, but it is {got}"))
}

#[test]
fn pods_of_the_end_to_end_tests_keep_their_order() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kubelet/lifecycle_e2e.json");
    let file: Value = serde_json::from_str(&common::read(&file)).expect("the file is JSON");
    let (mut wrong, mut held) = (Vec::new(), 0);
    for case in list(&file["cases"]) {
        let id = text(&case["id"]);
        let options = Options {
            until: Some(WATCHED),
            ..Options::default()
        };
        let mut sim = Simulation::new(&scenario(case), &options);
        sim.run();
        let errors = sim.diagnostics();
        let errors = errors
            .iter()
            .filter(|d| d.severity == podscope::manifest::Severity::Error);
        let mut complaints: Vec<String> = errors.map(|d| d.message.clone()).collect();
        let checks = list(&case["asserts"]).iter();
        complaints.extend(checks.filter_map(|check| complaint(&sim, list(check))));
        let known = NOT_HELD.iter().any(|(number, _)| id.starts_with(number));
        held += usize::from(complaints.is_empty());
        if complaints.is_empty() == known {
            wrong.push(format!("{id}: {}", complaints.join("\n      ")));
        }
    }
    println!("{held} of {} cases hold", list(&file["cases"]).len());
    assert!(wrong.is_empty(), "{} cases:\n  {}", wrong.len(), wrong.join("\n  "));
}
