//! One error of validation and how it reads. Twin of `apimachinery/pkg/util/validation/field/errors.go`, release 1.36.

use std::fmt;

use super::path::Path;
use crate::manifest::Value;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq)]
pub enum ErrorKind {
    /// It must be there.
    Required,
    /// Its value is malformed or out of range; the value as it is shown, where it is.
    Invalid(Option<String>),
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
            ErrorKind::Invalid(None) => "Invalid value".to_owned(),
            ErrorKind::Invalid(Some(value)) => format!("Invalid value: {value}"),
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
        other => json(other),
    }
}

/// A value as Go's `json.Marshal` writes it.
pub fn json(value: &Value) -> String {
    let text = serde_json::Value::from(value).to_string();
    text.replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
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
            c if c.is_whitespace() && !c.is_ascii() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Errors as they are found.
#[derive(Debug, Default)]
pub struct Errors(pub Vec<FieldError>);

impl Errors {
    fn add(&mut self, path: &Path, kind: ErrorKind, detail: impl Into<String>) {
        self.0.push(FieldError {
            path: path.to_string(),
            kind,
            detail: detail.into(),
        });
    }

    /// It must be there.
    pub fn required(&mut self, path: &Path, detail: &str) {
        self.add(path, ErrorKind::Required, detail);
    }

    /// Text that is malformed.
    pub fn invalid_text(&mut self, path: &Path, value: &str, detail: impl Into<String>) {
        self.add(path, ErrorKind::Invalid(Some(quoted(value))), detail);
    }

    /// A number out of range.
    pub fn invalid_int(&mut self, path: &Path, value: i64, detail: impl Into<String>) {
        self.add(path, ErrorKind::Invalid(Some(value.to_string())), detail);
    }

    /// Any other value that cannot be.
    pub fn invalid(&mut self, path: &Path, value: &Value, detail: impl Into<String>) {
        self.add(path, ErrorKind::Invalid(Some(shown(value))), detail);
    }

    /// Any other value that cannot be, as it is shown.
    pub fn invalid_shown(&mut self, path: &Path, value: String, detail: &str) {
        self.add(path, ErrorKind::Invalid(Some(value)), detail);
    }

    /// A value that cannot be and is not shown.
    pub fn invalid_omitted(&mut self, path: &Path, detail: &str) {
        self.add(path, ErrorKind::Invalid(None), detail);
    }

    /// Text that was there before.
    pub fn duplicate(&mut self, path: &Path, value: &str) {
        self.add(path, ErrorKind::Duplicate(quoted(value)), "");
    }

    /// Any other value that was there before, as it is shown.
    pub fn duplicate_shown(&mut self, path: &Path, value: String) {
        self.add(path, ErrorKind::Duplicate(value), "");
    }

    /// Text that is none of the supported ones, in the order they are listed.
    pub fn unsupported(&mut self, path: &Path, value: &str, supported: &[&str]) {
        let all: Vec<String> = supported.iter().map(|s| quoted(s)).collect();
        let detail = format!("supported values: {}", all.join(", "));
        self.add(path, ErrorKind::NotSupported(quoted(value)), detail);
    }

    /// A value that is none of the supported ones, as it is shown, with the whole detail.
    pub fn unsupported_shown(&mut self, path: &Path, value: String, detail: &str) {
        self.add(path, ErrorKind::NotSupported(value), detail);
    }

    /// It must not be set.
    pub fn forbidden(&mut self, path: &Path, detail: impl Into<String>) {
        self.add(path, ErrorKind::Forbidden, detail);
    }

    /// What it names is not there.
    pub fn not_found(&mut self, path: &Path, value: &str) {
        self.add(path, ErrorKind::NotFound(quoted(value)), "");
    }

    /// It is too long.
    pub fn too_long(&mut self, path: &Path, limit: usize) {
        self.add(path, ErrorKind::TooLong(limit), "");
    }

    /// It has too many items.
    pub fn too_many(&mut self, path: &Path, count: usize, limit: usize) {
        self.add(path, ErrorKind::TooMany(count, limit), "");
    }

    /// One error for each message about a text.
    pub fn each(&mut self, path: &Path, value: &str, messages: Vec<String>) {
        for message in messages {
            self.invalid_text(path, value, message);
        }
    }

    /// The text must be one of `supported`, which are listed as given.
    pub fn one_of(&mut self, path: &Path, value: &str, supported: &[&str]) {
        if !supported.contains(&value) {
            self.unsupported(path, value, supported);
        }
    }

    /// The number must not be negative.
    pub fn not_negative(&mut self, path: &Path, value: Option<i64>) {
        if let Some(value) = value.filter(|v| *v < 0) {
            self.invalid_int(path, value, NOT_NEGATIVE);
        }
    }

    /// The number must lie in a range, both ends included.
    pub fn within(&mut self, path: &Path, value: Option<i64>, low: i64, high: i64) {
        if let Some(value) = value.filter(|v| !(low..=high).contains(v)) {
            self.invalid_int(path, value, format!("must be between {low} and {high}, inclusive"));
        }
    }
}

/// What is said about negative numbers.
pub const NOT_NEGATIVE: &str = "must be greater than or equal to 0";
