//! The gallery and the figures of the documentation: every scenario checks clean, runs, and what it says about itself is
//! true.
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

/// The blocks of language `podscope` in a page of the documentation.
fn figures(page: &str) -> Vec<&str> {
    let blocks = page.split("\n```podscope\n").skip(1);
    blocks
        .filter_map(|rest| rest.split_once("\n```"))
        .map(|(text, _)| text)
        .collect()
}

#[test]
fn every_figure_of_the_page_about_workloads_is_true() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/docs");
    let page = |name: &str| common::read(&folder.join(name));
    let (english, chinese) = (page("workloads.md"), page("workloads.zh.md"));
    let (figures_en, figures_zh) = (figures(&english), figures(&chinese));
    assert!(figures_en.len() >= 5);
    assert_eq!(figures_en.len(), figures_zh.len());
    for text in figures_en.into_iter().chain(figures_zh) {
        let wrong = complaints(text);
        assert!(wrong.is_empty(), "{text}\n  {}\n", wrong.join("\n  "));
    }
}

/// The text with the change that it proposes under `try-from` and `try-to`.
fn tried(text: &str) -> Option<String> {
    let loaded = podscope::api::load(text);
    let document = loaded.documents.get(loaded.scenario_document()?)?;
    let says = |name: &str| {
        let notes = document.root.at("metadata.annotations")?;
        notes.get(name)?.as_str().map(str::to_owned)
    };
    let (from, to) = (says("try-from")?, says("try-to")?);
    // The annotations name what they change, and are not it.
    let end = text.find("\nkind: Scenario")?;
    let (head, tail) = text.split_at(end);
    if head.contains(&from) {
        return Some(format!("{}{tail}", head.replacen(&from, &to, 1)));
    }
    let (notes, rest) = tail.split_at(tail.find("\nspec:")?);
    let changed = rest.replacen(&from, &to, 1);
    (changed != rest).then(|| format!("{head}{notes}{changed}"))
}

/// What a watcher sees of a text, and whether the text has errors.
fn watched(text: &str) -> (Vec<String>, bool) {
    let mut sim = Simulation::new(text, &Options::default());
    sim.run();
    let rows = sim
        .record()
        .pods
        .iter()
        .map(|row| format!("{:?} {:?}", row.at, row.pod.status));
    (
        rows.collect(),
        sim.diagnostics().iter().any(|d| d.severity == Severity::Error),
    )
}

#[test]
fn what_a_scenario_proposes_to_try_makes_a_difference() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/gallery");
    for path in common::manifests(&folder) {
        let (text, name) = (common::read(&path), path.display().to_string());
        let changed = tried(&text).unwrap_or_else(|| panic!("{name}: nothing to try"));
        let (before, after) = (watched(&text), watched(&changed));
        assert!(!after.1, "{name}: the change makes an error");
        assert!(before.0 != after.0, "{name}: the change makes no difference");
    }
}

#[test]
fn a_false_claim_is_found() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: a\n    image: busybox\n    \
                command: [sleep, \"60\"]\n---\napiVersion: podscope/v1\nkind: Scenario\nmetadata: {name: a}\nspec:\n  \
                until: 1m\n  expect:\n  - {pod: a, ready: {never: true}}\n";
    assert_eq!(complaints(text).len(), 1, "{:?}", complaints(text));
}
