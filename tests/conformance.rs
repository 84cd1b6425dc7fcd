//! A dozen recordings of a real Kubernetes: the words of STATUS come in the recorded order.
//!
//! This is the light check that runs with every test run; times, events and conditions are marked elsewhere. Without the
//! recordings beside the repository the test says so and passes.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::collections::BTreeMap;

use podscope::kubectl::printpod::pod_status;
use podscope::sim::{Options, Simulation};
use podscope::time::{Duration, Instant};
use podscope::trace::WatchKind;
use serde_json::Value;

/// One of each family: plain, init containers, exits, probes, hooks, deletion, sidecars, images, scheduling. All their
/// programs are told by the scenario's text or are those of images whose files are known.
const RECORDINGS: [&str; 14] = [
    "01-plain-nginx",
    "02-two-inits",
    "04-init-fail-never",
    "07-exit0-never",
    "07-exit3-never",
    "08-liveness-exec",
    "10-readiness-http404",
    "11-startup-ok",
    "14-ignore-term-grace5",
    "14-prestop-longer-than-grace",
    "15-sidecar-order",
    "16-pull-never",
    "18-insufficient-cpu",
    "18-nodeselector",
];

/// A word that stands for less than this may be missing: two real runs of one manifest differ in these.
const BRIEF_MS: i64 = 1_200;

/// The words of each Pod that stood long enough to be seen in every run, in order.
fn words(rows: &[(i64, String, String)]) -> BTreeMap<&str, Vec<&str>> {
    let mut stretches: BTreeMap<&str, Vec<(i64, &str)>> = BTreeMap::new();
    for (ms, pod, status) in rows {
        let of = stretches.entry(pod).or_default();
        if of.last().is_none_or(|(_, last)| last != status) {
            of.push((*ms, status));
        }
    }
    stretches
        .into_iter()
        .map(|(pod, list)| {
            let mut words: Vec<&str> = Vec::new();
            for (at, (ms, status)) in list.iter().enumerate() {
                let brief = list.get(at + 1).is_some_and(|(next, _)| next - ms < BRIEF_MS);
                if !brief && words.last() != Some(status) {
                    words.push(status);
                }
            }
            (pod, words)
        })
        .collect()
}

fn recorded(json: &Value) -> Vec<(i64, String, String)> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let rows = json["watch"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter()
        .map(|row| {
            (
                row["ms"].as_i64().unwrap_or_default(),
                text(row, "name"),
                text(row, "status"),
            )
        })
        .collect()
}

fn simulated(text: &str, until: Duration) -> Vec<(i64, String, String)> {
    let options = Options {
        until: Some(until),
        ..Options::default()
    };
    let mut sim = Simulation::new(text, &options);
    sim.run();
    let seen = sim.record().pods.iter().filter(|r| r.kind != WatchKind::Deleted);
    seen.map(|r| {
        let ms = (r.at - Instant::ZERO).micros() / 1_000;
        (ms, r.pod.metadata.name.to_string(), pod_status(&r.pod))
    })
    .collect()
}

#[test]
fn status_words_come_in_the_recorded_order() {
    let Some(folder) = common::conformance("traces") else {
        println!("skipped: no recordings beside the repository");
        return;
    };
    let mut wrong = Vec::new();
    for name in RECORDINGS {
        let json = common::read(&folder.join(format!("{name}.recorded.json")));
        let json: Value = serde_json::from_str(&json).expect("recordings are JSON");
        let until = Duration::from_millis(json["until_ms"].as_i64().unwrap_or(60_000));
        let theirs = recorded(&json);
        let ours = simulated(&common::read(&folder.join(format!("{name}.yaml"))), until);
        let (theirs, ours) = (words(&theirs), words(&ours));
        assert!(!theirs.is_empty(), "{name} recorded nothing");
        if theirs != ours {
            wrong.push(format!("{name}:\n    recorded  {theirs:?}\n    simulated {ours:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}
