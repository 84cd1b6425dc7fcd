//! Validation as the API server does it: its field paths, its order, its words. Twin of
//! `pkg/apis/core/validation/validation.go`, release 1.36.

mod error;

pub use error::{ErrorKind, FieldError};

use crate::manifest::Value;

/// All errors of an object, in the API server's order. The object has its defaults.
pub fn validate(_raw: &Value, _version: &str, _kind: &str) -> Vec<FieldError> {
    Vec::new()
}

/// Warnings the API server sends with a created object: path and text.
pub fn warnings(_raw: &Value, _kind: &str) -> Vec<(String, String)> {
    Vec::new()
}
