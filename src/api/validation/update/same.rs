//! Whether two values say the same to the API server.
//! Twin: staging/src/k8s.io/apimachinery/pkg/api/equality/semantic.go (v1.36.2)
//! Covers: Semantic.DeepEqual of data that has its defaults: an empty list is no list, an empty mapping of text is none
//! Left out: quantities in another notation, which defaults have made the same

use crate::manifest::Value;

/// Fields that hold a mapping of text. Other empty mappings are objects, which are something.
const MAPS: [&str; 7] = [
    "labels",
    "annotations",
    "matchLabels",
    "nodeSelector",
    "limits",
    "requests",
    "overhead",
];

pub(super) fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a.filter(|a| !says_nothing(a)), b.filter(|b| !says_nothing(b))) {
        (None, None) => true,
        (Some(Value::Map(a)), Some(Value::Map(b))) => holds(a, b) && holds(b, a),
        (Some(Value::Seq(a)), Some(Value::Seq(b))) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(Some(a), Some(b)))
        }
        (a, b) => a == b,
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Seq(items) => items.is_empty(),
        _ => false,
    }
}

/// Whether every member of `a` is in `b`.
fn holds(a: &[(String, Value)], b: &[(String, Value)]) -> bool {
    a.iter().all(|(key, value)| {
        let other = b.iter().find(|(k, _)| k == key).map(|(_, other)| other);
        let empty = MAPS.contains(&key.as_str()) && value.members().is_empty();
        empty && other.is_none_or(|other| other.members().is_empty()) || !empty && same(Some(value), other)
    })
}

#[cfg(test)]
mod tests {
    use super::same;
    use crate::manifest::parse;

    #[test]
    fn empty_lists_and_maps_of_text_are_nothing() {
        for (a, b, equal) in [
            ("{a: 1, b: [x]}", "{b: [x], a: 1}", true),
            ("{a: []}", "{}", true),
            ("{labels: {}}", "{}", true),
            ("{labels: {a: b}}", "{}", false),
            ("{}", "{labels: {a: b}}", false),
            ("{emptyDir: {}}", "{}", false),
            ("{a: [1, 2]}", "{a: [2, 1]}", false),
            ("{a: {b: 1}}", "{a: {b: 2}}", false),
        ] {
            let value = |text: &str| parse(text).documents[0].root.to_value();
            assert_eq!(same(Some(&value(a)), Some(&value(b))), equal, "{a} {b}");
        }
    }
}
