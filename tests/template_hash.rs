//! Hashes of Pod templates against those of a real cluster, and against those of upstream's Go types.

use podscope::api::template_hash::{revision_hash, template_hash};
use podscope::api::{defaults, template_path};
use podscope::manifest::Value;

/// The hash in the name of the ReplicaSet or ControllerRevision that an owner of this kind makes for the template.
fn hash_of(kind: &str, template: &Value) -> String {
    match kind {
        "StatefulSet" => revision_hash(template, 0),
        _ => template_hash(template, None),
    }
}

fn text<'v>(case: &'v Value, key: &str) -> &'v str {
    case.get(key).and_then(Value::as_str).expect("the case has it")
}

#[test]
fn recorded_hashes_are_met() {
    let parsed = podscope::manifest::parse(include_str!("data/template_hash/recorded.yaml"));
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let cases = parsed.documents[0].root.to_value();
    let mut wrong = Vec::new();
    for case in cases.items() {
        let kind = text(case, "kind");
        let mut owner = Value::Null;
        owner
            .entry("spec")
            .set("template", case.get("template").cloned().expect("a template"));
        defaults::apply(&mut owner, kind);
        let template = owner
            .at(template_path(kind).expect("a kind with a template"))
            .expect("its template");
        let hash = hash_of(kind, template);
        if hash != text(case, "hash") {
            wrong.push(format!(
                "{kind} {} is {hash}: {:?}",
                text(case, "hash"),
                case.get("recordings")
            ));
        }
    }
    assert_eq!(cases.items().len(), 51);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hashes_of_upstreams_types_are_met() {
    let cases: Value = serde_json::from_str(include_str!("data/template_hash/computed.json")).expect("it is JSON");
    for (number, case) in cases.items().iter().enumerate() {
        let template = case.get("template").expect("a template");
        let found = (
            template_hash(template, None),
            template_hash(template, Some(1)),
            revision_hash(template, 0),
        );
        let expected = (text(case, "hash"), text(case, "collided"), text(case, "revision"));
        assert_eq!(
            (found.0.as_str(), found.1.as_str(), found.2.as_str()),
            expected,
            "{number}"
        );
    }
    assert_eq!(cases.items().len(), 36);
}

#[test]
fn the_order_of_members_and_empty_ones_do_not_matter() {
    let parse = |text: &str| serde_json::from_str::<Value>(text).expect("it is JSON");
    let plain = parse(r#"{"metadata": {"labels": {"a": "1", "b": "2"}}, "spec": {"containers": [{"name": "web"}]}}"#);
    let other = parse(
        r#"{"spec": {"containers": [{"args": [], "tty": false, "name": "web", "env": null}], "hostNetwork": false},
            "metadata": {"annotations": {}, "labels": {"b": "2", "a": "1"}, "creationTimestamp": null}}"#,
    );
    assert_eq!(template_hash(&plain, None), template_hash(&other, None));
    assert_eq!(revision_hash(&plain, 0), revision_hash(&other, 0));
}

/// A text that was set to nothing is not the same as a pointer that was not set.
#[test]
fn a_pointer_to_zero_is_not_nil() {
    let parse = |text: &str| serde_json::from_str::<Value>(text).expect("it is JSON");
    let unset = parse(r#"{"spec": {}}"#);
    let zero = parse(r#"{"spec": {"hostUsers": false, "terminationGracePeriodSeconds": 0}}"#);
    assert_ne!(template_hash(&unset, None), template_hash(&zero, None));
    assert_ne!(revision_hash(&unset, 0), revision_hash(&zero, 0));
}

#[test]
fn fields_that_no_type_has_still_tell_templates_apart() {
    let mut hashes = Vec::new();
    for value in [
        "null",
        "1",
        "1.5",
        "true",
        "\"x\"",
        "[1, [2]]",
        "{\"a\": {\"b\": null}}",
    ] {
        let text =
            format!("{{\"spec\": {{\"containers\": [{{\"name\": \"web\"}}], \"fieldOfANewerRelease\": {value}}}}}");
        let template: Value = serde_json::from_str(&text).expect("it is JSON");
        for hash in [
            template_hash(&template, None),
            template_hash(&template, Some(0)),
            revision_hash(&template, 0),
        ] {
            assert!(
                !hash.is_empty() && hash.bytes().all(|b| b"456789bcdf".contains(&b)),
                "{hash}"
            );
            hashes.push(hash);
        }
    }
    let all = hashes.len();
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), all);
}

/// Values of the wrong shape, as they come from a text that the API server would refuse.
#[test]
fn no_shape_breaks_a_hash() {
    for value in [
        "null",
        "[]",
        "{}",
        "\"\"",
        "0.5",
        "true",
        "-3",
        "[{\"a\": [null]}]",
        "\"1.5.2Gi\"",
        "\"i\"",
        "\"E\"",
        "\"99999999999999999999999999Ei\"",
    ] {
        for form in [
            value.to_owned(),
            format!("{{\"spec\": {value}, \"metadata\": {value}}}"),
            format!("{{\"spec\": {{\"containers\": {value}, \"overhead\": {value}, \"os\": {value}}}}}"),
            format!("{{\"spec\": {{\"containers\": [{value}], \"overhead\": {{\"cpu\": {value}}}}}}}"),
        ] {
            let template: Value = serde_json::from_str(&form).expect("it is JSON");
            assert_eq!(template_hash(&template, None), template_hash(&template.clone(), None));
            assert!(!revision_hash(&template, u32::MAX).is_empty());
        }
    }
}
