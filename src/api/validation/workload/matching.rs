//! Selectors of workloads, and whether they select the Pods of their template.
//! Twin: pkg/apis/apps/validation/validation.go (v1.36.2)
//! Covers: the selector part of ValidateDeploymentSpec, ValidateReplicaSetSpec, ValidateStatefulSetSpec
//! Left out: the other parts, see the file of each kind

use crate::api::fields::{list, members};
use crate::api::selects::selector_fits;
use crate::api::validation::error::Errors;
use crate::api::validation::internal;
use crate::api::validation::path::Path;
use crate::api::validation::selector::label_selector;
use crate::manifest::Value;
use crate::map::Map;

/// `selector` of a spec that must have one; `kind` as the words about an empty one name it. `false` when the selector
/// cannot be read: then the template is not looked at.
pub(super) fn required_selector(spec: &Value, kind: &str, path: &Path, errors: &mut Errors) -> bool {
    let at = path.field("selector");
    let Some(selector) = spec.get("selector") else {
        errors.required(&at, "");
        return true;
    };
    let before = errors.0.len();
    label_selector(selector, &at, errors);
    let readable = errors.0.len() == before;
    if is_empty(selector) {
        empty_selector(kind, &at, errors);
    }
    readable
}

pub(super) fn is_empty(selector: &Value) -> bool {
    members(selector, "matchLabels").is_empty() && list(selector, "matchExpressions").is_empty()
}

/// Says that the selector is empty.
pub(super) fn empty_selector(kind: &str, path: &Path, errors: &mut Errors) {
    let detail = format!("empty selector is invalid for {kind}");
    errors.invalid(path, &Value::Map(Vec::new()), detail);
}

/// Says that the selector cannot be read.
pub(super) fn unreadable_selector(spec: &Value, detail: &str, path: &Path, errors: &mut Errors) {
    if let Some(selector) = spec.get("selector") {
        errors.invalid(&path.field("selector"), &internal::selector(selector), detail);
    }
}

/// The labels of the template must be selected by `selector`; no selector selects nothing.
pub(super) fn template_is_selected(selector: Option<&Value>, spec: &Value, path: &Path, errors: &mut Errors) {
    let labels = spec.at(&["template", "metadata", "labels"]);
    let found: Map<String, String> = labels
        .map_or(&[][..], Value::members)
        .iter()
        .map(|(key, value)| (key.clone(), value.as_str().unwrap_or("").to_owned()))
        .collect();
    if !selector_fits(selector, &found) {
        let template = path.field("template");
        let metadata = template.field("metadata");
        let detail = "`selector` does not match template `labels`";
        errors.invalid(&metadata.field("labels"), &internal::sorted(labels), detail);
    }
}
