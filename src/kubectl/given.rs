//! Objects of a real cluster, given with their status, as `kubectl get` would print them.

use std::rc::Rc;

use serde::Deserialize;

use super::kinds::{self, Kind};
use super::server::Stored;
use super::table::Table;
use super::tables;
use crate::api::ObjectMeta;
use crate::manifest::{self, Diagnostic, MAX_TEXT, Range, Severity, Value};
use crate::time::{Calendar, Instant};

/// What was found in a text.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The tables, one after the other.
    pub text: String,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Prints the objects in `text` in their order: one table for as long as the kind stays the same. Nothing is defaulted
/// and nothing validated; `List`s are opened. Times are read against the default calendar, and so is `now`.
pub fn print(text: &str, now: Instant, wide: bool) -> Given {
    let mut given = Given::default();
    let mut rows: Vec<(Kind, Stored)> = Vec::new();
    for (range, value) in documents(text, &mut given.diagnostics) {
        for object in opened(value) {
            match stored(object) {
                Ok(row) => rows.push(row),
                Err(message) => given.diagnostics.push(problem(range, message)),
            }
        }
    }
    let several = rows.windows(2).any(|pair| matches!(pair, [a, b] if a.0 != b.0));
    for (index, group) in rows.chunk_by(|a, b| a.0 == b.0).enumerate() {
        let Some((kind, _)) = group.first() else { continue };
        if index > 0 {
            given.text.push('\n');
        }
        let mut lines = vec![
            tables::columns(kind.kind, wide)
                .into_iter()
                .map(str::to_owned)
                .collect(),
        ];
        for (kind, object) in group {
            let mut cells = tables::cells(object, now, Calendar::default(), wide);
            if let Some(name) = cells.first_mut().filter(|_| several) {
                *name = format!("{}/{name}", kind.qualified());
            }
            lines.push(cells);
        }
        given.text.push_str(&Table::new().print(&lines));
    }
    given
}

fn problem(range: Range, message: String) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code: "unreadable-object",
        message,
        range,
        path: String::new(),
        fixes: Vec::new(),
    }
}

/// The documents with their places. A whole cluster may be bigger than a manifest; such texts are read without places.
fn documents(text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Range, Value)> {
    if text.len() <= MAX_TEXT {
        let parsed = manifest::parse(text);
        diagnostics.extend(parsed.diagnostics.into_iter().filter(|d| d.severity == Severity::Error));
        let sound = parsed.documents.into_iter().filter(|d| !d.broken);
        return sound.map(|d| (d.range, d.root.to_value())).collect();
    }
    if let Ok(value) = serde_json::from_str(text) {
        return vec![(Range::default(), value)];
    }
    let mut values = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        match Value::deserialize(document) {
            Ok(value) => values.push((Range::default(), value)),
            Err(why) => {
                diagnostics.push(problem(Range::default(), why.to_string()));
                break;
            }
        }
    }
    values
}

/// The objects of a list, else the object itself. Items of a `PodList` may lack what the list's kind tells already.
fn opened(value: Value) -> Vec<Value> {
    let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
    let (Some(items), Some(of)) = (value.get("items"), kind.strip_suffix("List")) else {
        return if value == Value::Null { Vec::new() } else { vec![value] };
    };
    let mut items = items.items().to_vec();
    for item in items.iter_mut().filter(|item| item.get("kind").is_none()) {
        item.set("kind", of.into());
    }
    items
}

/// An object ready for its row. Kinds that nothing is known of show NAME and AGE.
fn stored(value: Value) -> Result<(Kind, Stored), String> {
    let word = value.get("kind").and_then(Value::as_str).unwrap_or_default();
    let kind = match kinds::of(word) {
        Some(kind) => *kind,
        None => return Err(format!("\"{word}\" is no kind that can be printed")),
    };
    let read = |what: &str, why: manifest::DecodeError| format!("{what} cannot be read: {why}");
    let meta: ObjectMeta = match value.get("metadata") {
        Some(meta) => meta.decode().map_err(|why| read("metadata", why))?,
        None => ObjectMeta::default(),
    };
    let pod = match kind.kind {
        "Pod" => Some(Rc::new(value.decode().map_err(|why| read("the Pod", why))?)),
        _ => None,
    };
    let object = Stored {
        kind: kind.kind.into(),
        namespace: meta.namespace,
        name: meta.name,
        uid: meta.uid,
        labels: meta.labels,
        created: meta.creation_timestamp.map(|t| t.0),
        value: Rc::new(value),
        pod,
    };
    Ok((kind, object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_objects_are_printed_in_order() {
        let text = "apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  metadata:\n    name: b\n    \
                    creationTimestamp: \"2026-01-01T00:00:00Z\"\n  spec:\n    containers: [{name: c}]\n  status:\n    \
                    phase: Pending\n    containerStatuses: null\n- kind: Pod\n  metadata: {name: a}\n  \
                    spec: {containers: [{name: c}]}\n  status: {phase: Succeeded, reason: null}\n";
        let given = print(text, Instant::from_secs(200), false);
        assert_eq!(
            given.text,
            "NAME   READY   STATUS      RESTARTS   AGE\n\
             b      0/1     Pending     0          3m20s\n\
             a      0/1     Succeeded   0          <unknown>\n"
        );
        assert!(given.diagnostics.is_empty());
    }

    #[test]
    fn kinds_have_tables_of_their_own() {
        let text = "kind: Pod\nmetadata: {name: a}\nspec: {containers: [{}]}\n---\nkind: ConfigMap\nmetadata: {name: c}\n\
                    data: {x: y}\n---\nkind: Strange\n";
        let given = print(text, Instant::ZERO, false);
        assert_eq!(
            given.text,
            "NAME    READY   STATUS   RESTARTS   AGE\npod/a   0/1              0          <unknown>\n\n\
             NAME          DATA   AGE\nconfigmap/c   1      <unknown>\n"
        );
        assert_eq!(given.diagnostics.len(), 1);
    }

    #[test]
    fn large_texts_are_read_too() {
        let pods: Vec<String> = (0..20_000)
            .map(|n| format!(r#"{{"metadata":{{"name":"pod-{n:05}"}},"spec":{{"containers":[{{}}]}},"status":{{"phase":"Pending"}}}}"#))
            .collect();
        let text = format!(r#"{{"kind":"PodList","items":[{}]}}"#, pods.join(","));
        assert!(text.len() > MAX_TEXT);
        assert_eq!(print(&text, Instant::ZERO, false).text.lines().count(), 20_001);
    }
}
