//! The API server's words for kinds that own Pods: recorded answers, and rules that no recording has.

use std::fs;

use podscope::api::validation::update::validate_update;
use podscope::api::{Loaded, defaults, load};
use podscope::manifest::Severity;
use serde_json::Value;

#[allow(clippy::disallowed_methods)] // A test reads its data.
fn read(file: &str) -> String {
    let path = format!("{}/tests/data/apiserver/{file}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).unwrap()
}

/// The documents of a case as one text.
fn text_of(manifests: &Value) -> String {
    match manifests {
        Value::Array(all) => all.iter().map(|one| format!("{one}\n---\n")).collect(),
        one => one.to_string(),
    }
}

fn texts(case: &Value, key: &str) -> Vec<String> {
    let all = case[key].as_array().cloned().unwrap_or_default();
    all.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn said(loaded: &Loaded, severity: Severity, code: Option<&str>) -> Vec<String> {
    let wanted = loaded.diagnostics.iter().filter(|d| d.severity == severity);
    wanted
        .filter(|d| code.is_none_or(|code| d.code == code))
        .map(|d| without_identities(&d.message))
        .collect()
}

/// Every identity as `UID`.
fn without_identities(text: &str) -> String {
    let is_identity = |word: &str| {
        let pieces: Vec<usize> = word.split('-').map(str::len).collect();
        pieces == [8, 4, 4, 4, 12] && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
    };
    let mut out = String::new();
    let mut word = String::new();
    for letter in text.chars().chain(['\n']) {
        if letter.is_ascii_alphanumeric() || letter == '-' {
            word.push(letter);
            continue;
        }
        out.push_str(if is_identity(&word) { "UID" } else { &word });
        word.clear();
        out.push(letter);
    }
    out.trim_end_matches('\n').to_owned()
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

/// The errors of a case: those of its text, or those of applying it to `first`.
fn errors_of(case: &Value) -> Vec<String> {
    let loaded = load(&text_of(&case["text"]));
    let errors = said(&loaded, Severity::Error, None);
    if case["first"].is_null() || !errors.is_empty() {
        return errors;
    }
    let first = load(&text_of(&case["first"]));
    changed(&first.objects[0].raw, &case["text"])
}

/// The errors of laying `over` over the stored object `old`.
fn changed(old: &podscope::manifest::Value, over: &Value) -> Vec<String> {
    let mut old = old.clone();
    let kind = old.get("kind").unwrap().as_str().unwrap().to_owned();
    if kind == "Job" {
        old = with_labels(&old);
    }
    let mut new: Value = (&old).into();
    lay(&mut new, over);
    let mut new = podscope::manifest::parse(&new.to_string()).documents[0].root.to_value();
    defaults::apply(&mut new, &kind);
    let all = validate_update(&kind, &old, &new);
    all.iter().map(|e| without_identities(&e.to_string())).collect()
}

/// A Job as it is stored: with the labels that its creation gave it.
fn with_labels(raw: &podscope::manifest::Value) -> podscope::manifest::Value {
    let mut raw = raw.clone();
    podscope::api::validation::generate_selector(&mut raw, "3f9c0124-7295-414c-8943-26339860e07d");
    raw
}

fn compare(id: &str, want: Vec<String>, got: Vec<String>, wrong: &mut Vec<String>) {
    let (want, got) = (sorted(want), sorted(got));
    if want != got {
        wrong.push(format!("{id}\n  want {want:#?}\n  got {got:#?}"));
    }
}

#[test]
fn answers_are_those_that_were_recorded() {
    let cases: Value = serde_json::from_str(&read("workloads.json")).unwrap();
    let cases = cases["cases"].as_array().unwrap();
    assert!(cases.len() > 130, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        compare(id, texts(case, "errors"), errors_of(case), &mut wrong);
        let loaded = load(&text_of(&case["text"]));
        let warnings = said(&loaded, Severity::Warning, Some("api-warning"));
        compare(id, texts(case, "warnings"), warnings, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// Lays `over` over `base`; `null` takes a member away, lists are replaced.
fn lay(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                if value.is_null() {
                    base.remove(key);
                } else {
                    lay(base.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        (base, over) => *base = over.clone(),
    }
}

fn minimal(kind: &str) -> Value {
    let template = serde_json::json!({
        "metadata": {"labels": {"app": "a"}},
        "spec": {"containers": [{"name": "c", "image": "nginx:1.27"}]},
    });
    let job = serde_json::json!({
        "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "nginx:1.27"}]}},
    });
    let selector = serde_json::json!({"matchLabels": {"app": "a"}});
    let (version, body) = match kind {
        "Job" => ("batch/v1", serde_json::json!({"spec": job})),
        "CronJob" => (
            "batch/v1",
            serde_json::json!({"spec": {"schedule": "* * * * *", "jobTemplate": {"spec": job}}}),
        ),
        "ControllerRevision" => ("apps/v1", serde_json::json!({"revision": 1, "data": {}})),
        "PodTemplate" => ("v1", serde_json::json!({"template": template})),
        "ReplicationController" => (
            "v1",
            serde_json::json!({"spec": {"selector": {"app": "a"}, "template": template}}),
        ),
        _ => (
            "apps/v1",
            serde_json::json!({"spec": {"selector": selector, "template": template}}),
        ),
    };
    let mut object = serde_json::json!({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}});
    lay(&mut object, &body);
    object
}

#[test]
fn rules_are_said_in_the_words_of_the_api_server() {
    let text = read("rules.yaml");
    let parsed = podscope::manifest::parse(&text);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let cases: Value = (&parsed.documents[0].root.to_value()).into();
    let mut wrong = Vec::new();
    for (index, case) in cases["cases"].as_array().unwrap().iter().enumerate() {
        let kind = case["kind"].as_str().unwrap();
        let mut over = case.clone();
        for key in ["errors", "fails", "warnings", "kind", "change"] {
            over.as_object_mut().unwrap().shift_remove(key);
        }
        let mut object = minimal(kind);
        lay(&mut object, &over);
        let id = format!("{index} {kind}");
        if !case["change"].is_null() {
            let mut old = podscope::manifest::parse(&object.to_string()).documents[0]
                .root
                .to_value();
            defaults::apply(&mut old, kind);
            let got = changed(&old, &case["change"]);
            match case["fails"].as_str() {
                Some(head) => assert!(got.len() == 1 && got[0].starts_with(head), "{id} {got:#?}"),
                None => compare(&id, texts(case, "errors"), got, &mut wrong),
            }
            continue;
        }
        let loaded = load(&object.to_string());
        compare(
            &id,
            texts(case, "errors"),
            said(&loaded, Severity::Error, None),
            &mut wrong,
        );
        let warnings = said(&loaded, Severity::Warning, Some("api-warning"));
        compare(&id, texts(case, "warnings"), warnings, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}
