//! One error of validation and how it reads. Twin of `apimachinery/pkg/util/validation/field/errors.go`, release 1.36.

use std::fmt;

use crate::manifest::Value;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq)]
pub enum ErrorKind {
    /// It must be there.
    Required,
    /// Its value is malformed or out of range; the value as it is shown.
    Invalid(String),
    /// Its value was there before.
    Duplicate(String),
    /// Its value is none of the known ones.
    NotSupported(String),
    /// It must not be set.
    Forbidden,
    /// What it names is not there.
    NotFound(String),
    /// It is too long; how many bytes are allowed.
    TooLong(usize),
    /// It has too many items: how many, how many are allowed.
    TooMany(usize, usize),
}

/// One error of validation.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// `spec.containers[0].image`.
    pub path: String,
    /// What is wrong.
    pub kind: ErrorKind,
    /// More words; may be empty.
    pub detail: String,
}

impl FieldError {
    /// Whether something is missing.
    pub fn is_required(&self) -> bool {
        self.kind == ErrorKind::Required
    }

    /// The error without its path: `Required value`.
    pub fn body(&self) -> String {
        let head = match &self.kind {
            ErrorKind::Required => "Required value".to_owned(),
            ErrorKind::Invalid(value) => format!("Invalid value: {value}"),
            ErrorKind::Duplicate(value) => format!("Duplicate value: {value}"),
            ErrorKind::NotSupported(value) => format!("Unsupported value: {value}"),
            ErrorKind::Forbidden => "Forbidden".to_owned(),
            ErrorKind::NotFound(value) => format!("Not found: {value}"),
            ErrorKind::TooLong(limit) => format!("Too long: may not be more than {limit} bytes"),
            ErrorKind::TooMany(count, limit) => format!("Too many: {count}: must have at most {limit} items"),
        };
        if self.detail.is_empty() {
            head
        } else {
            format!("{head}: {}", self.detail)
        }
    }
}

impl fmt::Display for FieldError {
    /// As the API server prints it: `spec.containers[0].image: Required value`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.body())
    }
}

/// A value as errors show it: text in quotes, numbers bare, anything else as JSON.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Str(s) => quoted(s),
        other => serde_json::Value::from(other).to_string(),
    }
}

/// Text in quotes as Go's `%q` writes it.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
