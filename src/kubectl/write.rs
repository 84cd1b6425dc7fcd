//! Objects as text: `-o yaml` and `-o json`, keys sorted as kubectl prints them.

use serde_json::ser::PrettyFormatter;

use crate::manifest::Value;
use crate::sort;

/// The object as `-o yaml` prints it. Several objects go into one `List` first (see [`list`]).
pub fn yaml(value: &Value) -> String {
    super::yaml::written(value)
}

/// The object as `-o json` prints it: four spaces, keys sorted, and the characters of HTML escaped as Go does.
pub fn json(value: &Value) -> String {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(b"    "));
    let written = serde::Serialize::serialize(&sorted(value), &mut serializer);
    let text = written
        .ok()
        .and_then(|()| String::from_utf8(out).ok())
        .unwrap_or_default();
    go_json(&text) + "\n"
}

/// The object as compact JSON with sorted keys, as `jsonpath` prints parts of objects.
pub fn compact_json(value: &Value) -> String {
    go_json(&sorted(value).to_string())
}

/// Several objects as the one object that `-o yaml` and `-o json` print.
pub fn list(items: Vec<Value>) -> Value {
    let metadata = Value::Map(vec![("resourceVersion".to_owned(), "".into())]);
    Value::Map(vec![
        ("apiVersion".to_owned(), "v1".into()),
        ("items".to_owned(), Value::Seq(items)),
        ("kind".to_owned(), "List".into()),
        ("metadata".to_owned(), metadata),
    ])
}

/// Go's encoder escapes these in strings; elsewhere in JSON they do not occur.
fn go_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out
}

fn sorted(value: &Value) -> serde_json::Value {
    match value {
        Value::Map(members) => {
            let mut members: Vec<_> = members.iter().map(|(k, v)| (k.clone(), sorted(v))).collect();
            sort::sort_by(&mut members, |(a, _), (b, _)| a.cmp(b));
            serde_json::Value::Object(members.into_iter().collect())
        }
        Value::Seq(items) => items.iter().map(sorted).collect::<Vec<_>>().into(),
        other => other.into(),
    }
}

/// Whether a plain scalar of this text would be read as something other than text by YAML 1.1. kubectl writes such
/// texts in double quotes.
pub(super) fn ambiguous(s: &str) -> bool {
    const WORDS: [&str; 12] = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "<<", "=",
    ];
    let lower = s.to_ascii_lowercase();
    if s.is_empty() || WORDS.contains(&lower.as_str()) {
        return true;
    }
    let unsigned = lower.strip_prefix(['+', '-']).unwrap_or(&lower);
    if matches!(unsigned, ".inf" | ".nan") {
        return true;
    }
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    let digits = unsigned.replace('_', "");
    number(&digits) || base_60(&digits) || date(&digits)
}

fn number(s: &str) -> bool {
    let radix = |prefix: &str, radix: u32| {
        s.strip_prefix(prefix)
            .is_some_and(|d| !d.is_empty() && d.chars().all(|c| c.is_digit(radix)))
    };
    s.parse::<f64>().is_ok() || radix("0x", 16) || radix("0b", 2) || radix("0o", 8)
}

/// `1:30`, which YAML 1.1 reads as 90.
fn base_60(s: &str) -> bool {
    let mut parts = s.split(':');
    let digits = |p: &str, most: usize| !p.is_empty() && p.len() <= most && p.bytes().all(|b| b.is_ascii_digit());
    let first = parts.next().is_some_and(|p| digits(p, usize::MAX));
    let mut more = 0;
    let rest = parts.all(|p| {
        more += 1;
        digits(p.split('.').next().unwrap_or_default(), 2)
    });
    first && rest && more > 0
}

/// `2026-01-01` and `2026-01-01T00:00:00Z`.
fn date(s: &str) -> bool {
    let (day, clock) = s.split_at(s.find(['t', ' ']).unwrap_or(s.len()));
    let parts: Vec<&str> = day.split('-').collect();
    let number = |p: &str, most: usize| !p.is_empty() && p.len() <= most && p.bytes().all(|b| b.is_ascii_digit());
    let is_day = matches!(parts.as_slice(), [y, m, d] if y.len() == 4 && number(y, 4) && number(m, 2) && number(d, 2));
    is_day && (clock.is_empty() || clock.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn yaml_is_sorted_and_quoted_as_kubectl_does() {
        let v = value(
            r#"{"kind":"Pod","apiVersion":"v1","n":1,"empty":{},"none":null,"list":[{"b":"yes","a":"1.28"}],
                "at":"2026-01-01T00:00:00Z","text":"a: b","script":"one\ntwo\n","quoted":"quoted-0z","e":"","z":"plain",
                "ip":"10.0.0.1","v":"v1.36.2","id":"12e3","time":"1:30","star":"*","cpu":"100m"}"#,
        );
        assert_eq!(
            yaml(&v),
            "apiVersion: v1\nat: \"2026-01-01T00:00:00Z\"\ncpu: 100m\ne: \"\"\nempty: {}\nid: \"12e3\"\nip: 10.0.0.1\n\
             kind: Pod\nlist:\n- a: \"1.28\"\n  b: \"yes\"\n\"n\": 1\nnone: null\nquoted: quoted-0z\n\
             script: |\n  one\n  two\nstar: '*'\ntext: 'a: b'\ntime: \"1:30\"\nv: v1.36.2\nz: plain\n"
        );
    }

    #[test]
    fn json_is_sorted_and_escaped_as_go_does() {
        assert_eq!(
            json(&value(r#"{"b":["a && b"],"a":{},"c":[]}"#)),
            "{\n    \"a\": {},\n    \"b\": [\n        \"a \\u0026\\u0026 b\"\n    ],\n    \"c\": []\n}\n"
        );
    }
}
