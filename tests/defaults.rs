//! Defaults against the specs that Kubernetes 1.36.2 computed for the documentation's Pods and templates.
//!
//! The cases name files of the documentation (CC BY 4.0), which is not part of this repository; without the folder
//! `../shared/conformance` the test says so and passes.

use std::path::{Path, PathBuf};

use podscope::api::{defaults, load, template_path};
use podscope::manifest::Value;

fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let path = if beside.is_dir() {
        beside
    } else {
        PathBuf::from(option_env!("PODSCOPE_CONFORMANCE")?)
    };
    path.is_dir().then_some(path)
}

/// Without members that say nothing, and with sorted keys, so that two specs can be compared.
fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Map(members) => {
            let mut sorted: Vec<_> = members.iter().map(|(k, v)| (k.clone(), plain(v))).collect();
            sorted.retain(|(key, v)| !(key == "resources" && v.as_object().is_some_and(|o| o.is_empty())));
            // Go leaves out empty lists, texts, false and 0 wherever a field may be left out.
            sorted.retain(|(key, v)| !v.as_array().is_some_and(Vec::is_empty) && (key != "service" || v != ""));
            sorted.retain(|(key, v)| !(key == "readOnly" && v == false));
            // A source behind a feature gate that is off by default.
            sorted.retain(|(key, _)| key != "podCertificate");
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            serde_json::Value::Object(sorted.into_iter().collect())
        }
        Value::Seq(items) => items.iter().map(plain).collect::<Vec<_>>().into(),
        other => other.into(),
    }
}

#[test]
#[allow(clippy::disallowed_methods)] // A test reads its data.
fn defaults_are_those_of_the_api_server() {
    let Some(folder) = folder() else {
        println!("skipped: no conformance data beside the repository");
        return;
    };
    let text = std::fs::read_to_string(folder.join("defaults.json")).unwrap_or_default();
    let parsed = podscope::manifest::parse(&text);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let cases = parsed.documents[0].root.to_value();
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in cases.get("cases").map_or(&[][..], Value::items) {
        let of = |key: &str| case.get(key).and_then(Value::as_str).unwrap_or("");
        let manifest = std::fs::read_to_string(folder.join("docs-manifests").join(of("file")));
        let Ok(manifest) = manifest else { continue };
        let loaded = load(&manifest);
        let found = loaded
            .objects
            .iter()
            .find(|o| o.raw.get("kind").and_then(Value::as_str) == Some(of("kind")) && o.object.name() == of("name"));
        let Some(found) = found else {
            wrong.push(format!("{} {}: not found", of("file"), of("name")));
            continue;
        };
        let mut spec = template_path(of("kind"))
            .map_or(found.raw.get("spec"), |p| found.raw.at(p).and_then(|t| t.get("spec")))
            .cloned()
            .unwrap_or(Value::Null);
        if of("kind") != "Pod" {
            let mut pod = Value::Map(vec![("spec".to_owned(), spec)]);
            defaults::apply(&mut pod, "Pod");
            spec = pod.get("spec").cloned().unwrap_or(Value::Null);
        }
        count += 1;
        let mut want = plain(case.get("defaultedSpec").unwrap_or(&Value::Null));
        if of("kind") == "StatefulSet"
            && let Some(want) = want.as_object_mut()
        {
            // The recorded specs hold the volumes that the controller adds for the claims.
            want.remove("volumes");
            if let Value::Map(members) = &mut spec {
                members.retain(|(key, _)| key != "volumes");
            }
        }
        if plain(&spec) != want {
            wrong.push(format!(
                "{} {}:\n got  {}\n want {want}",
                of("file"),
                of("name"),
                plain(&spec)
            ));
        }
    }
    assert!(count > 90, "{count}");
    assert!(
        wrong.is_empty(),
        "{} of {count} differ\n{}",
        wrong.len(),
        wrong.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
    );
    assert!(count > 90, "{count}");
}
