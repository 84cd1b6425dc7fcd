//! The gallery: every scenario checks clean, runs, and what it says about itself is true.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::path::Path;

use podscope::manifest::{LineIndex, Severity};
use podscope::sim::{Options, Simulation, evaluate};

/// Everything wrong with one scenario, a line each.
fn complaints(text: &str) -> Vec<String> {
    let mut sim = Simulation::new(text, &Options::default());
    sim.run();
    let lines = LineIndex::new(text);
    let errors = sim.diagnostics().into_iter().filter(|d| d.severity == Severity::Error);
    let mut wrong: Vec<String> = errors
        .map(|d| {
            let at = lines.line_column(text, d.range.start);
            format!("{}:{}: {}", at.line, at.column, d.message)
        })
        .collect();
    let claims = evaluate(&sim);
    if claims.is_empty() {
        wrong.push("it claims nothing".to_owned());
    }
    let broken = claims.into_iter().filter(|claim| !claim.ok);
    wrong.extend(broken.map(|claim| format!("{}, but {}", claim.text, claim.why)));
    wrong
}

#[test]
fn every_scenario_of_the_gallery_is_true() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/gallery");
    let paths = common::manifests(&folder);
    assert!(!paths.is_empty(), "the gallery is empty");
    let mut wrong = Vec::new();
    for path in &paths {
        let name = path.strip_prefix(&folder).unwrap_or(path).display();
        let found = complaints(&common::read(path));
        wrong.extend(found.iter().map(|complaint| format!("{name}: {complaint}")));
    }
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}

#[test]
fn a_false_claim_is_found() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: a\n    image: busybox\n    \
                command: [sleep, \"60\"]\n---\napiVersion: podscope/v1\nkind: Scenario\nmetadata: {name: a}\nspec:\n  \
                until: 1m\n  expect:\n  - {pod: a, ready: {never: true}}\n";
    assert_eq!(complaints(text).len(), 1, "{:?}", complaints(text));
}
