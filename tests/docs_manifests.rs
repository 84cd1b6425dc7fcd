//! Every manifest of the Kubernetes documentation runs for a minute: no panic, no livelock, no runaway.
//!
//! The manifests are CC BY 4.0 and not part of this repository; without them beside it the test says so and passes.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use podscope::sim::{Options, Simulation};
use podscope::time::Duration;

/// A minute of a page's manifest is some hundred events. Beyond this something turns in circles.
const MANY_EVENTS: u64 = 100_000;

fn complaint(text: &str) -> Option<String> {
    let run = || {
        let options = Options {
            until: Some(Duration::from_secs(60)),
            ..Options::default()
        };
        let mut sim = Simulation::new(text, &options);
        sim.run();
        (sim.events(), sim.diagnostics())
    };
    let Ok((events, diagnostics)) = catch_unwind(AssertUnwindSafe(run)) else {
        return Some("it panics".to_owned());
    };
    let stopped = diagnostics
        .into_iter()
        .find(|d| d.code == "livelock" || d.code == "too-many-events");
    if let Some(stopped) = stopped {
        return Some(stopped.message);
    }
    (events > MANY_EVENTS).then(|| format!("{events} events in a minute"))
}

#[test]
fn manifests_of_the_documentation_run_for_a_minute() {
    let Some(folder) = common::conformance("docs-manifests") else {
        println!("skipped: the documentation's manifests are not beside the repository");
        return;
    };
    let paths = common::manifests(&folder);
    assert!(paths.len() > 100, "only {} manifests", paths.len());
    let wrong: Vec<String> = paths
        .iter()
        .filter_map(|path| {
            let name = path.strip_prefix(&folder).unwrap_or(path).display();
            complaint(&common::read(path)).map(|why| format!("{name}: {why}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}
