//! The workloads of the Kubernetes documentation get Pods that run, and show what their pages show.
//!
//! The manifests are CC BY 4.0 and not part of this repository; without them beside it the test says so and passes.
//! What a page does besides with its manifest stands in `data/docs_pages.txt`.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use podscope::api::{Object, Phase, load};
use podscope::kubectl::printpod::pod_row;
use podscope::manifest::Value;
use podscope::sim::{Options, Simulation};
use podscope::time::{Calendar, Duration};

/// Alone, these have no Pod that runs, on a real cluster either; a part of the event that says so, or nothing where
/// no node fits and no Pod is made. `tests/README.md` has the list for readers.
const NEVER_RUN: [(&str, &str); 13] = [
    ("application/job/rabbitmq/job.yaml", "couldn't parse image name"),
    (
        "application/mysql/mysql-statefulset.yaml",
        "configmap \"mysql\" not found",
    ),
    (
        "application/wordpress/mysql-deployment.yaml",
        "secret \"mysql-pass\" not found",
    ),
    (
        "application/wordpress/wordpress-deployment.yaml",
        "secret \"mysql-pass\" not found",
    ),
    ("controllers/daemonset-label-selector.yaml", ""),
    ("debug/fluentd-gcp-ds.yaml", ""),
    (
        "debug/node-problem-detector-configmap.yaml",
        "configmap \"node-problem-detector-config\" not found",
    ),
    (
        "deployments/deployment-with-configmap-and-sidecar-container.yaml",
        "configmap \"color\" not found",
    ),
    (
        "deployments/deployment-with-configmap-as-envvar.yaml",
        "configmap \"fruits\" not found",
    ),
    (
        "deployments/deployment-with-configmap-as-volume.yaml",
        "configmap \"sport\" not found",
    ),
    (
        "deployments/deployment-with-immutable-configmap-as-volume.yaml",
        "configmap \"company-name-20150801\" not found",
    ),
    (
        "inline/tasks-administer-cluster-change-pv-access-mode-readwriteoncepod-L91.yaml",
        "persistentvolumeclaim \"cat-pictures-pvc\" not found",
    ),
    (
        "service/networking/nginx-secure-app.yaml",
        "secret \"nginxsecret\" not found",
    ),
];

/// What a page shows and a run does not: of a Job's image that nobody knows it is assumed that it ends well, and soon.
const NOT_SHOWN: [&str; 1] =
    ["inline/blog-posts-2025-09-05-jobs-podreplacementpolicy-goes-ga-L59.yaml: (\"1/1\", \"Terminating\")"];

struct Page {
    with: Vec<String>,
    text: String,
}

fn pages() -> BTreeMap<String, Page> {
    let data = common::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/docs_pages.txt"));
    let sections = data.split("\n== ").skip(1);
    sections
        .map(|section| {
            let (name, rest) = section.split_once('\n').expect("a name and its text");
            let (with, text): (Vec<&str>, Vec<&str>) = rest.lines().partition(|line| line.starts_with("+ "));
            let with = with.iter().map(|line| line[2..].to_owned()).collect();
            (
                name.to_owned(),
                Page {
                    with,
                    text: text.join("\n"),
                },
            )
        })
        .collect()
}

fn played(text: &str) -> Simulation {
    let with_until = text.contains("kind: Scenario");
    let until = (!with_until).then(|| Duration::from_secs(180));
    let mut sim = Simulation::new(text, &Options { seed: None, until });
    sim.run();
    sim
}

/// Whether each workload of the text has a Pod that is Running or Succeeded at some time.
fn ran(sim: &Simulation, text: &str) -> bool {
    let running: BTreeSet<String> = sim
        .record()
        .pods
        .iter()
        .filter(|r| matches!(r.pod.status.phase, Phase::Running | Phase::Succeeded))
        .map(|r| r.pod.metadata.name.to_string())
        .collect();
    let loaded = load(text);
    let mut workloads = loaded
        .objects
        .iter()
        .filter(|o| matches!(o.object, Object::Workload { .. }));
    workloads.all(|o| {
        running
            .iter()
            .any(|pod| pod.starts_with(&format!("{}-", o.object.name())))
    })
}

/// Texts of a folder that hold a workload with a template of Pods, as the core reads them, with their names.
fn workloads(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for path in common::manifests(folder) {
        let text = common::read(&path);
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        let loaded = load(&text);
        if loaded
            .objects
            .iter()
            .any(|o| o.valid && matches!(o.object, Object::Workload { .. }))
        {
            all.push((name, text));
        }
    }
    all
}

#[test]
fn workloads_have_a_pod_that_runs() {
    let readme = common::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/README.md"));
    for (name, event) in NEVER_RUN {
        assert!(
            readme.contains(&format!("`{name}` | {event}")),
            "{name} is not in tests/README.md"
        );
    }
    let Some(folder) = common::conformance("docs-manifests") else {
        println!("skipped: the documentation's manifests are not beside the repository");
        return;
    };
    let mut all = workloads(&folder);
    assert!(all.len() > 60, "only {} manifests", all.len());
    // What a first visitor pastes, where it is beside the repository too.
    all.extend(common::conformance("../review/pasted").map_or(Vec::new(), |pasted| workloads(&pasted)));
    let mut wrong = Vec::new();
    for (name, text) in &all {
        let sim = played(text);
        let reason = NEVER_RUN.iter().find(|(listed, _)| listed == name);
        let said = |event: &str| sim.record().events.iter().any(|e| e.message.contains(event));
        match (ran(&sim, text), reason) {
            (true, None) => {}
            (false, Some((_, ""))) if sim.record().pods.is_empty() => {}
            (false, Some((_, event))) if !event.is_empty() && said(event) => {}
            (ran, reason) => wrong.push(format!("{name}: ran {ran}, listed {reason:?}")),
        }
    }
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}

/// READY and STATUS of a row, as 1.36 prints them: since 1.27 a Pod whose containers have ended is no longer
/// Terminating, and shows how they ended.
fn cells(row: &Value) -> (String, String) {
    let cell = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    (cell("READY"), cell("STATUS"))
}

fn is_shown(rows: &BTreeSet<(String, String)>, (ready, status): &(String, String)) -> bool {
    let ended = status == "Terminating" && ready.starts_with("0/");
    let has = |status: &str| rows.contains(&(ready.clone(), status.to_owned()));
    has(status) || ended && (has("Completed") || has("Error"))
}

#[test]
fn workloads_show_what_their_pages_show() {
    let Some(folder) = common::conformance("docs-manifests") else {
        println!("skipped: the documentation's manifests are not beside the repository");
        return;
    };
    let index = podscope::manifest::parse(&common::read(&folder.join("index.json")));
    let index = index.documents[0].root.to_value();
    let pages = pages();
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for (name, text) in workloads(&folder) {
        let mut entries = index.get("manifests").map_or(&[][..], Value::items).iter();
        let entry = entries.find(|e| e.get("path").and_then(Value::as_str) == Some(&name));
        let observed = entry.and_then(|e| e.get("observed")).map_or(&[][..], Value::items);
        if observed.is_empty() {
            continue;
        }
        let mut text = text;
        if let Some(page) = pages.get(&name) {
            for other in &page.with {
                text = format!("{}\n---\n{text}", common::read(&folder.join(other)));
            }
            text = format!("{text}\n---\n{}", page.text);
        }
        let sim = played(&text);
        let rows = sim
            .record()
            .pods
            .iter()
            .map(|r| pod_row(&r.pod, r.at, Calendar::default(), false));
        let rows: BTreeSet<_> = rows.map(|row| (row.ready, row.status)).collect();
        let reasons: BTreeSet<_> = sim.record().events.iter().map(|e| e.reason.to_string()).collect();
        let names: Vec<String> = sim
            .record()
            .workloads
            .iter()
            .map(|r| r.object.metadata.name.to_string())
            .collect();
        for seen in observed {
            for row in seen.get("pods").map_or(&[][..], Value::items) {
                let pod = row.get("NAME").and_then(Value::as_str).unwrap_or_default();
                if names.iter().any(|owner| pod.starts_with(owner.as_str())) {
                    compared += 1;
                    let cells = cells(row);
                    if !is_shown(&rows, &cells) {
                        wrong.push(format!("{name}: {cells:?}"));
                    }
                }
            }
            for event in seen.get("events").map_or(&[][..], Value::items) {
                compared += 1;
                let reason = event.get("reason").and_then(Value::as_str).unwrap_or_default();
                if !reasons.contains(reason) {
                    wrong.push(format!("{name}: event {reason}"));
                }
            }
        }
    }
    wrong.dedup();
    assert!(compared > 350, "{compared} rows and events");
    assert_eq!(wrong, NOT_SHOWN, "what differs from the pages");
}
