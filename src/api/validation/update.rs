//! Rules for changes of stored objects.

use super::FieldError;
use crate::manifest::Value;

/// The errors of a change of a workload from `old` to `new`.
pub fn validate_update(kind: &str, old: &Value, new: &Value) -> Vec<FieldError> {
    let _ = (old, kind);
    super::validate(
        new,
        new.get("apiVersion").and_then(Value::as_str).unwrap_or_default(),
        kind,
    )
}
