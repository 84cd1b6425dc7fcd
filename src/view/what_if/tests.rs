//! Changes in every style a scenario is written in, read again and run.

use super::*;
use crate::sim::{Options, Simulation};
use crate::trace::{Rule, What};

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: registry.example/app:1
    livenessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 5}
    readinessProbe: {exec: {command: [cat, \"/tmp/a b\"]}}
    startupProbe: {tcpSocket: {port: 8080}}
";

fn scenario(rest: &str) -> String {
    format!("{POD}---\napiVersion: podscope/v1\nkind: Scenario\nmetadata: {{name: s}}\nspec:\n{rest}")
}

fn changed(text: &str, what: &WhatIf) -> String {
    let edit = make(text, &load(text), Instant::from_millis(34_250), what).unwrap();
    edit.apply(text).unwrap()
}

fn delete() -> WhatIf {
    WhatIf::Run("kubectl delete pod web".to_owned())
}

#[test]
fn a_step_goes_into_every_style_of_scenario() {
    for text in [
        POD.to_owned(),
        POD.trim_end().to_owned(),
        scenario("  until: 2m\n"),
        scenario("  until: 2m"),
        scenario("  until: 2m\n  # the end\n"),
        scenario("  steps:\n  - at: 5s\n    run: kubectl get pod\n  until: 2m\n"),
        scenario(
            "  steps:\n    - at: 5s\n      run: |\n        kubectl get pod\n        kubectl get svc\n\n  until: 2m\n",
        ),
        scenario("  steps: [{at: 5s, run: kubectl get pod}]\n  until: 2m\n"),
        scenario("  steps: []\n  until: 2m\n"),
        scenario("  steps:\n  - {at: 5s, run: kubectl get pod}\n---\n# no more\n"),
        format!("{POD}---\napiVersion: podscope/v1\nkind: Scenario\nmetadata: {{name: s}}\nspec: {{until: 2m}}\n"),
    ] {
        let after = changed(&text, &delete());
        let steps = load(&after).scenario.spec.steps;
        let last = steps.last().unwrap();
        assert_eq!(last.run.as_deref(), Some("kubectl delete pod web"), "{after}");
        assert_eq!(last.at.instant(), Instant::from_millis(34_250), "{after}");
        let again = load(&changed(&after, &delete())).scenario.spec.steps.len();
        assert_eq!(again, steps.len() + 1, "and once more: {after}");
    }
}

#[test]
fn a_kill_kills_that_container_at_that_instant() {
    let what = WhatIf::Kill {
        pod: "web".to_owned(),
        container: "app".to_owned(),
    };
    let mut sim = Simulation::new(&changed(&scenario("  until: 1m\n"), &what), &Options::default());
    sim.run();
    let exit = sim
        .log()
        .entries()
        .iter()
        .find(|e| matches!(e.what, What::Exit { .. }))
        .unwrap();
    assert_eq!(exit.at.secs(), 34);
    assert!(sim.log().entries().iter().any(|e| e.cause.rule == Rule::Fault));
}

#[test]
fn a_probe_fails_from_the_age_on_whatever_the_program_said_before() {
    let what = |probe| WhatIf::FailProbe {
        written: ("Pod", "web".to_owned()),
        pod: "web".to_owned(),
        container: "app".to_owned(),
        probe,
        age: 20_000_000,
    };
    for text in [
        POD.to_owned(),
        scenario(
            "  until: 2m\n  workloads:\n  - program: {listens: [{port: 8080}], http: [{path: /healthz, status: 200}]}\n",
        ),
        scenario("  until: 2m\n  workloads:\n  - pod: web\n    program:\n      listens: [{port: 8080}]\n"),
        scenario(
            "  until: 2m\n  images:\n  - name: registry.example/app:1\n    program:\n      http:\n      - {path: /, status: 200}\n",
        ),
    ] {
        let text = text.replace("    startupProbe: {tcpSocket: {port: 8080}}\n", "");
        for probe in [ProbeKind::Liveness, ProbeKind::Readiness] {
            let after = changed(&text, &what(probe));
            let mut sim = Simulation::new(&after, &Options::default());
            sim.run();
            let failed = sim.log().entries().iter().any(|e| {
                matches!(e.what, What::ProbeVerdict { success: false, .. })
                    && matches!(e.cause.rule, Rule::ProbeThreshold { kind, .. } if kind == probe)
            });
            // The command of the readiness probe fails from the beginning: its verdict was no change.
            assert!(failed || probe == ProbeKind::Readiness, "{after}");
        }
    }
    let refused = make(POD, &load(POD), Instant::ZERO, &what(ProbeKind::Startup));
    assert!(refused.unwrap_err().contains("TCP"));
}

#[test]
fn what_cannot_be_written_is_refused() {
    for text in [
        "kind: Pod",
        "{",
        "apiVersion: podscope/v1\nkind: Scenario\nspec:\n  steps: 5\n",
    ] {
        assert!(make(text, &load(text), Instant::ZERO, &delete()).is_err(), "{text}");
    }
}
