//! What is checked of a Scenario beyond the shapes of its fields.

use crate::manifest::{Diagnostic, Node, Value};

/// Says what is wrong with a scenario.
pub fn check(_raw: &Value, _root: &Node, _said: &mut Vec<Diagnostic>) {}
