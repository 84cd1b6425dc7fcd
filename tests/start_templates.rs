//! The manifests to start from run: each makes a Pod that comes to run or to its end.
#![cfg(not(target_arch = "wasm32"))]

use podscope::api::TEMPLATES;
use podscope::sim::{Options, Reading, Simulation};
use podscope::time::Duration;

/// Phases of the Pods of a run after three minutes.
fn phases(text: &str) -> Vec<String> {
    let options = Options {
        until: Some(Duration::from_secs(180)),
        ..Options::default()
    };
    let mut sim = Simulation::new(text, &options);
    sim.run();
    let pods = Reading::of(sim.frontier()).objects("Pod", None);
    let pods = pods.iter().filter_map(|stored| stored.pod.as_ref());
    pods.map(|pod| pod.status.phase.as_str().to_owned()).collect()
}

#[test]
fn every_template_makes_a_pod_that_runs() {
    let mut ran = 0;
    for template in TEMPLATES {
        // These make no Pods; and a kind says itself that it is not simulated yet.
        let alone = matches!(template.title, "Service" | "Scenario");
        let loaded = podscope::api::load(template.text);
        if alone || loaded.diagnostics.iter().any(|d| d.code == "not-supported") {
            continue;
        }
        let phases = phases(template.text);
        let fine = phases.iter().any(|phase| phase == "Running" || phase == "Succeeded");
        assert!(fine, "{}: {phases:?}", template.title);
        ran += 1;
    }
    assert!(ran >= 10, "only {ran} ran");
}
