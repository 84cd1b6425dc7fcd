//! Label and field selectors as they are written on a command line.

use crate::manifest::Value;
use crate::map::Map;

/// A label selector: all of its requirements hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector(Vec<Requirement>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Requirement {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Missing(String),
}

impl Selector {
    /// Reads `a=b,c!=d,e in (x,y),f notin (z),g,!h`. `None` when the text is none of that.
    pub fn parse(text: &str) -> Option<Selector> {
        let mut requirements = Vec::new();
        for part in split_outside_parentheses(text) {
            let part = part.trim();
            if !part.is_empty() {
                requirements.push(requirement(part)?);
            }
        }
        Some(Selector(requirements))
    }

    /// Whether these labels fit.
    pub fn matches(&self, labels: &Map<String, String>) -> bool {
        self.0.iter().all(|r| match r {
            Requirement::In(key, values) => labels.get(key).is_some_and(|v| values.contains(v)),
            Requirement::NotIn(key, values) => labels.get(key).is_none_or(|v| !values.contains(v)),
            Requirement::Exists(key) => labels.contains_key(key),
            Requirement::Missing(key) => !labels.contains_key(key),
        })
    }
}

fn requirement(part: &str) -> Option<Requirement> {
    let key = |k: &str| {
        let k = k.trim();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        (!k.is_empty() && k.chars().all(fits)).then(|| k.to_owned())
    };
    let one = |v: &str| vec![v.trim().to_owned()];
    if part.matches('=').count() > 2
        || part
            .split_once('=')
            .is_some_and(|(_, v)| v.trim_start_matches('=').contains('='))
    {
        return None;
    }
    if let Some((left, list)) = part.split_once('(') {
        let values = list
            .strip_suffix(')')?
            .split(',')
            .map(|v| v.trim().to_owned())
            .collect();
        let mut words = left.split_whitespace();
        return match (words.next(), words.next(), words.next()) {
            (Some(k), Some("in"), None) => Some(Requirement::In(key(k)?, values)),
            (Some(k), Some("notin"), None) => Some(Requirement::NotIn(key(k)?, values)),
            _ => None,
        };
    }
    if let Some((k, v)) = part.split_once("!=") {
        return Some(Requirement::NotIn(key(k)?, one(v)));
    }
    if let Some((k, v)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return Some(Requirement::In(key(k)?, one(v)));
    }
    match part.strip_prefix('!') {
        Some(k) => Some(Requirement::Missing(key(k)?)),
        None => Some(Requirement::Exists(key(part)?)),
    }
}

fn split_outside_parentheses(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_u32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// A field selector: `status.phase=Running,metadata.name!=web`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSelector(Vec<(String, bool, String)>);

impl FieldSelector {
    /// Reads a field selector. The error is the API server's text.
    pub fn parse(text: &str) -> Result<FieldSelector, String> {
        let mut terms = Vec::new();
        for term in text.split(',').filter(|t| !t.is_empty()) {
            let (path, equal, value) = if let Some((p, v)) = term.split_once("!=") {
                (p, false, v)
            } else if let Some((p, v)) = term.split_once("==").or_else(|| term.split_once('=')) {
                (p, true, v)
            } else {
                return Err(format!("invalid selector: '{text}'; can't understand '{term}'"));
            };
            terms.push((path.to_owned(), equal, value.to_owned()));
        }
        Ok(FieldSelector(terms))
    }

    /// Whether there is nothing to fit.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the object, as the API shows it, fits.
    pub fn matches(&self, object: &Value) -> bool {
        self.0.iter().all(|(path, equal, value)| {
            let found = object.at(&path.split('.').collect::<Vec<_>>());
            (found.and_then(Value::as_str).unwrap_or_default() == value) == *equal
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_select() {
        let labels = Map::from([
            ("app".to_owned(), "web".to_owned()),
            ("tier".to_owned(), "front".to_owned()),
        ]);
        for (text, fits) in [
            ("app=web", Some(true)),
            ("app==web,tier!=back", Some(true)),
            ("app in (api, web),tier notin (back)", Some(true)),
            ("app,!gone", Some(true)),
            ("!app", Some(false)),
            ("app!=web", Some(false)),
            ("gone!=x", Some(true)),
            ("app in web", None),
            ("a b=c", None),
            ("app in (web", None),
        ] {
            assert_eq!(Selector::parse(text).map(|s| s.matches(&labels)), fits, "{text}");
        }
    }

    #[test]
    fn field_selectors_select() {
        let pod: Value = serde_json::from_str(r#"{"status":{"phase":"Running"}}"#).unwrap();
        let fits = |text: &str| FieldSelector::parse(text).map(|s| s.matches(&pod));
        assert_eq!(fits("status.phase=Running"), Ok(true));
        assert_eq!(fits("status.phase!=Running"), Ok(false));
        assert_eq!(fits("spec.nodeName="), Ok(true));
        assert!(fits("x").is_err());
    }
}
