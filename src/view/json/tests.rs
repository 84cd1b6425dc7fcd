//! The writers over a small made-up run.

use std::rc::Rc;

use super::*;
use crate::api::Pod;
use crate::manifest::{Diagnostic, Range};
use crate::time::Instant;

fn revision(ms: i64, watch: WatchEvent, json: &str) -> PodRevision {
    let mut pod: Pod = serde_json::from_str(json).unwrap();
    pod.metadata.name = "web".into();
    pod.metadata.namespace = "default".into();
    pod.metadata.creation_timestamp = Some(crate::api::Time(Instant::ZERO));
    PodRevision {
        at: Instant::from_millis(ms),
        watch,
        pod: Rc::new(pod),
    }
}

fn report() -> Report {
    let pending = r#"{"spec":{"containers":[{"name":"c"}]},"status":{"phase":"Pending"}}"#;
    let running = r#"{"metadata":{"deletionTimestamp":"2026-01-01T00:00:40Z"},
        "spec":{"nodeName":"node1","containers":[{"name":"c"}]},
        "status":{"phase":"Running","containerStatuses":[{"name":"c","ready":true,"state":{"running":{}}}]}}"#;
    Report {
        kubernetes: "1.36".to_owned(),
        until: Instant::from_secs(60),
        pods: vec![
            revision(0, WatchEvent::Added, pending),
            revision(2_010, WatchEvent::Deleted, running),
        ],
        events: vec![EventRow {
            at: Instant::from_millis(5),
            object: "Pod/web".to_owned(),
            kind: "Normal",
            reason: "Scheduled".into(),
            message: "Successfully assigned default/web to node1".into(),
            component: "default-scheduler".into(),
            ..EventRow::default()
        }],
        console: vec![ConsoleEntry {
            step: 0,
            at: Instant::from_secs(34),
            command: "kubectl delete pod web".to_owned(),
            output: "pod \"web\" deleted\n".to_owned(),
            exit: None,
        }],
        expect: vec![ExpectResult {
            ok: false,
            text: "pod web is ready by 30s".to_owned(),
            why: "never \"ready\"".to_owned(),
        }],
        ..Report::default()
    }
}

#[test]
fn json_has_the_shape_of_the_recordings() {
    let json: Value = serde_json::from_str(&report_json(&report())).unwrap();
    assert_eq!(json["until_ms"], 60_000);
    assert_eq!(
        json["watch"][1],
        json!({"ms": 2010, "line": "web    1/1     Terminating   0          2s", "namespace": "default",
               "name": "web", "ready": "1/1", "status": "Terminating", "restarts": "0", "age": "2s"})
    );
    assert_eq!(json["watch"][0]["line"], "web    0/1     Pending   0          0s");
    assert_eq!(json["pods"][0]["node"], Value::Null);
    assert_eq!(json["pods"][0]["watch"], "ADDED");
    let last = &json["pods"][1];
    assert_eq!(
        (&last["deleted"], &last["deletionTimestamp"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        last["status"]["containerStatuses"][0]["state"],
        json!({"running": {"startedAt": null}})
    );
    assert_eq!(json["events"][0]["fieldPath"], Value::Null);
    assert_eq!(json["events"][0]["type"], "Normal");
    assert_eq!(json["console"][0]["exit"], Value::Null);
    assert_eq!(json["expect"][0]["ok"], false);
}

#[test]
fn text_formats_read_as_terminals_do() {
    assert_eq!(
        text::console(&report()),
        "34s $ kubectl delete pod web\npod \"web\" deleted\n(still running)\n\n$ kubectl get pod -w\n\
         NAME   READY   STATUS    RESTARTS   AGE\n\
         web    0/1     Pending   0          0s\n\
         web    1/1     Terminating   0          2s\n"
    );
    assert_eq!(
        text::events(&report()),
        "TIME     TYPE     REASON      OBJECT    FROM                MESSAGE\n\
         0.005s   Normal   Scheduled   Pod/web   default-scheduler   Successfully assigned default/web to node1\n"
    );
}

#[test]
fn places_are_those_of_each_file() {
    let sources = Sources::new(vec![
        ("a.yaml".to_owned(), "\u{feff}x: 1".to_owned()),
        ("b.yaml".to_owned(), "é: 𝄞\ny: z\n".to_owned()),
    ]);
    assert_eq!(sources.text(), "x: 1\n---\né: 𝄞\ny: z\n");
    let at = |needle: &str| sources.place(sources.text().find(needle).unwrap());
    assert_eq!(at("x"), ("a.yaml", 1, 1));
    assert_eq!(at("1"), ("a.yaml", 1, 4));
    assert_eq!(at("é"), ("b.yaml", 1, 1));
    assert_eq!(at("𝄞"), ("b.yaml", 1, 4));
    assert_eq!(at("\ny"), ("b.yaml", 1, 6));
    assert_eq!(at("z"), ("b.yaml", 2, 4));
    assert_eq!(sources.place(usize::MAX), ("b.yaml", 3, 1));
    assert_eq!(Sources::default().place(5), ("", 1, 1));
    let diagnostic = Diagnostic {
        severity: Severity::Error,
        code: "unknown-field",
        message: "unknown field\n\"y\"".to_owned(),
        range: Range { start: 18, end: 19 },
        path: "y".to_owned(),
        fixes: Vec::new(),
    };
    let placed = sources.placed(&diagnostic);
    assert_eq!(placed.to_string(), "b.yaml:2:1: error: unknown field \"y\"");
    assert!(checks::sarif(std::slice::from_ref(&placed)).contains("\"startLine\":2"));
    assert!(check_json(&[placed]).contains("\"end_column\":2"));
}

#[test]
fn junit_escapes_what_it_must() {
    let text = checks::junit("a&b.yaml", &report().expect);
    assert!(text.contains("<failure message=\"never &quot;ready&quot;\"/>") && text.contains("a&amp;b.yaml"));
}
