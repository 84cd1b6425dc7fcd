//! The manifests of the Kubernetes documentation and the recorded scenarios: they must check clean.
//!
//! The documentation's manifests are CC BY 4.0 and not part of this repository; the tests say so and pass when the
//! folder `../shared/conformance` is not there.

mod common;

use std::path::Path;

use podscope::api::load;
use podscope::manifest::{LineIndex, Severity};

fn errors_in(folder: &Path) -> (usize, Vec<String>) {
    let paths = common::manifests(folder);
    let mut wrong = Vec::new();
    for path in &paths {
        let text = common::read(path);
        let lines = LineIndex::new(&text);
        for d in load(&text).diagnostics.iter().filter(|d| d.severity == Severity::Error) {
            let at = lines.line_column(&text, d.range.start);
            let name = path.strip_prefix(folder).unwrap_or(path).display();
            wrong.push(format!("{name}:{}:{}: {}", at.line, at.column, d.message));
        }
    }
    (paths.len(), wrong)
}

#[test]
fn recorded_scenarios_check_clean() {
    let Some(folder) = common::conformance("traces") else {
        println!("skipped: no recorded scenarios beside the repository");
        return;
    };
    let (count, wrong) = errors_in(&folder);
    assert!(count > 100);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the API server of 1.36 refuses about manifests that the pages show.
const STATED: &[&str] = &[
    // A field of 1.16 to 1.19.
    "unknown field \"spec.ipFamily\"",
    // Behind a feature gate that is off by default.
    "spec.tolerations[0].operator: Unsupported value: \"Gt\"",
    "spec.tolerations[0].operator: Unsupported value: \"Lt\"",
    // Excerpts without a name.
    "metadata.name: Required value: name or generateName is required",
    // Shown to explain a field, not to be created.
    "spec.ephemeralContainers: Forbidden: cannot be set on create",
    "gmsaCredentialSpecName: Invalid value: \"gmsa-Webapp1\"",
];

#[test]
fn manifests_of_the_documentation_check_clean() {
    let Some(folder) = common::conformance("docs-manifests") else {
        println!("skipped: the documentation's manifests are not beside the repository");
        return;
    };
    let (count, mut wrong) = errors_in(&folder);
    assert!(count > 100);
    wrong.retain(|line| !STATED.iter().any(|stated| line.contains(stated)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
