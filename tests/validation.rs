//! Validation against the errors that Kubernetes 1.36.2 computed for its own tests' Pods.
//! Two of the manifests were dumped with a field in Go's spelling (`ConditionType`); here it is written as manifests do.

use podscope::api::{defaults, validation};
use podscope::manifest::{Value, parse};

/// Cases that pass. Raise it with every rule that is added.
const FLOOR: usize = 294;

#[test]
#[allow(clippy::disallowed_methods)] // A test reads its data.
fn errors_are_those_of_the_api_server() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/validation_api.json");
    let text = std::fs::read_to_string(file).unwrap();
    let cases = parse(&text).documents[0].root.to_value();
    let (mut passed, mut failed) = (0, Vec::new());
    for case in cases.get("cases").map_or(&[][..], Value::items) {
        let id = case.get("id").and_then(Value::as_str).unwrap_or("");
        let mut raw = case.get("manifest").cloned().unwrap_or(Value::Null);
        defaults::apply(&mut raw, "Pod");
        let mut got: Vec<String> = validation::validate(&raw, "v1", "Pod")
            .iter()
            .map(ToString::to_string)
            .collect();
        let want = case.get("errors").map_or(&[][..], Value::items);
        let mut want: Vec<String> = want
            .iter()
            .filter_map(|e| e.get("text")?.as_str())
            .map(str::to_owned)
            .collect();
        got.sort();
        want.sort();
        want.dedup();
        if got == want {
            passed += 1;
        } else {
            let missing: Vec<_> = want.iter().filter(|w| !got.contains(w)).collect();
            let extra: Vec<_> = got.iter().filter(|g| !want.contains(g)).collect();
            failed.push(format!("{id}\n  missing {missing:?}\n  extra {extra:?}"));
        }
    }
    println!("{passed} pass, {} do not:\n{}", failed.len(), failed.join("\n"));
    assert!(
        passed >= FLOOR,
        "{passed} pass, {} do not:\n{}",
        failed.len(),
        failed.join("\n")
    );
}
