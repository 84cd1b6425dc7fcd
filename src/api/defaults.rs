//! Defaults.

use crate::manifest::Value;

/// Fills in what the API server fills in for an object of this kind.
pub fn apply(_raw: &mut Value, _kind: &str) {}
