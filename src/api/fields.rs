//! Short ways to read and fill fields of plain data that strict decoding has been over.

use crate::manifest::Value;

/// The text of a field; empty when it is absent.
pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// The number of a field.
pub fn int(value: &Value, key: &str) -> Option<i64> {
    match value.get(key) {
        Some(Value::Int(n)) => Some(*n),
        _ => None,
    }
}

/// The boolean of a field; false when it is absent.
pub fn flag(value: &Value, key: &str) -> bool {
    value.get(key) == Some(&Value::Bool(true))
}

/// The items of a field.
pub fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).map_or(&[], Value::items)
}

/// The members of a field.
pub fn members<'v>(value: &'v Value, key: &str) -> &'v [(String, Value)] {
    value.get(key).map_or(&[], Value::members)
}

/// The field, for changing, when it is there.
pub fn get_mut<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    match value {
        Value::Map(members) => members.iter_mut().find(|(k, _)| k == key).map(|(_, v)| v),
        _ => None,
    }
}

/// The items of a field, for changing.
pub fn list_mut<'v>(value: &'v mut Value, key: &str) -> &'v mut [Value] {
    match get_mut(value, key) {
        Some(Value::Seq(items)) => items,
        _ => &mut [],
    }
}

/// The value at a path of fields, for changing, when it is there.
pub fn at_mut<'v>(value: &'v mut Value, path: &[&str]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, key| get_mut(value, key))
}

/// Fills a field that is absent.
pub fn fill(value: &mut Value, key: &str, default: impl Into<Value>) {
    if value.get(key).is_none() {
        value.set(key, default.into());
    }
}

/// Fills a field that is absent or empty text.
pub fn fill_text(value: &mut Value, key: &str, default: &str) {
    if text(value, key).is_empty() {
        value.set(key, default.into());
    }
}

/// Fills a field that is absent or 0.
pub fn fill_zero(value: &mut Value, key: &str, default: i64) {
    if int(value, key).unwrap_or(0) == 0 {
        value.set(key, default.into());
    }
}

/// An empty mapping.
pub fn empty() -> Value {
    Value::Map(Vec::new())
}
