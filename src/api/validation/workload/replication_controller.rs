//! ReplicationControllers.
//! Twin: pkg/apis/core/validation/validation.go (v1.36.2)
//! Covers: ValidateReplicationControllerSpec, ValidatePodTemplateSpecForRC
//! Left out: nothing of these

use super::matching::template_is_selected;
use super::pod_template;
use crate::api::fields::{int, members};
use crate::api::validation::error::Errors;
use crate::api::validation::path::Path;
use crate::manifest::Value;

pub(super) fn spec(spec: &Value, path: &Path, errors: &mut Errors) {
    errors.not_negative(&path.field("minReadySeconds"), int(spec, "minReadySeconds"));
    let labels = members(spec, "selector");
    if labels.is_empty() {
        errors.required(&path.field("selector"), "");
    }
    errors.not_negative(&path.field("replicas"), int(spec, "replicas"));
    let at = path.field("template");
    let Some(template) = spec.get("template") else {
        errors.required(&at, "");
        return;
    };
    // Its selector is a mapping of labels, not a label selector.
    let selector = Value::Map(vec![("matchLabels".to_owned(), Value::Map(labels.to_vec()))]);
    template_is_selected(Some(&selector), spec, path, errors);
    pod_template::template(Some(template), &at, errors);
    pod_template::runs_for_ever(spec, "ReplicationController", path, errors);
}
