//! Reading objects whose shape is not certain.

use crate::manifest::Value;
use crate::time::{Calendar, Instant};

/// An object's fields by path, with empty in place of missing.
#[derive(Clone, Copy)]
pub(super) struct Fields<'v>(pub(super) &'v Value);

impl<'v> Fields<'v> {
    pub(super) fn text(self, path: &[&str]) -> String {
        self.0.at(path).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    pub(super) fn text_or(self, path: &[&str], other: &str) -> String {
        let text = self.0.at(path).and_then(Value::as_str).filter(|t| !t.is_empty());
        text.unwrap_or(other).to_owned()
    }

    pub(super) fn int(self, path: &[&str]) -> i64 {
        match self.0.at(path) {
            Some(Value::Int(n)) => *n,
            _ => 0,
        }
    }

    pub(super) fn number(self, path: &[&str]) -> String {
        self.int(path).to_string()
    }

    pub(super) fn is_true(self, path: &[&str]) -> bool {
        self.0.at(path) == Some(&Value::Bool(true))
    }

    pub(super) fn items(self, path: &[&str]) -> &'v [Value] {
        self.0.at(path).map(Value::items).unwrap_or_default()
    }

    pub(super) fn len(self, path: &[&str]) -> usize {
        self.0.at(path).map_or(0, |v| v.items().len() + v.members().len())
    }

    pub(super) fn pairs(self, path: &[&str]) -> String {
        let members = self.0.at(path).map(Value::members).unwrap_or_default();
        let mut pairs: Vec<String> = members
            .iter()
            .map(|(k, v)| format!("{k}={}", super::jsonpath::bare(v)))
            .collect();
        crate::sort::sort(&mut pairs);
        pairs.join(",")
    }

    pub(super) fn time(self, path: &[&str], calendar: Calendar) -> Option<Instant> {
        calendar.parse(self.0.at(path)?.as_str()?)
    }

    pub(super) fn condition(self, kind: &str) -> Option<&'v str> {
        let found = self
            .items(&["status", "conditions"])
            .iter()
            .find(|c| c.get("type").and_then(Value::as_str) == Some(kind));
        found?.get("status")?.as_str()
    }
}

/// A label selector as `labels.Selector` prints it: by key, `app=web,tier in (a,b),!old`.
pub(super) fn selector_text(selector: Option<&Value>) -> String {
    let Some(v) = selector.map(Fields) else {
        return String::new();
    };
    let labels = v.0.get("matchLabels").map(Value::members).unwrap_or_default();
    let mut parts: Vec<(String, String)> = labels
        .iter()
        .map(|(key, value)| (key.clone(), format!("{key}={}", super::jsonpath::bare(value))))
        .collect();
    for expression in v.items(&["matchExpressions"]).iter().map(Fields) {
        let key = expression.text(&["key"]);
        let mut values: Vec<&str> = expression.items(&["values"]).iter().filter_map(Value::as_str).collect();
        crate::sort::sort(&mut values);
        let text = match expression.text(&["operator"]).as_str() {
            "In" => format!("{key} in ({})", values.join(",")),
            "NotIn" => format!("{key} notin ({})", values.join(",")),
            "DoesNotExist" => format!("!{key}"),
            _ => key.clone(),
        };
        parts.push((key, text));
    }
    crate::sort::sort_by(&mut parts, |a, b| a.0.cmp(&b.0));
    parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(",")
}

/// `<none>` in place of nothing.
pub(super) fn or_none(text: String) -> String {
    if text.is_empty() { "<none>".to_owned() } else { text }
}
