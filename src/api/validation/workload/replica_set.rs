//! ReplicaSets.
//! Twin: pkg/apis/apps/validation/validation.go (v1.36.2)
//! Covers: ValidateReplicaSetSpec, ValidatePodTemplateSpecForReplicaSet
//! Left out: nothing of these

use super::matching::{required_selector, template_is_selected, unreadable_selector};
use super::pod_template;
use crate::api::fields::int;
use crate::api::validation::error::Errors;
use crate::api::validation::path::Path;
use crate::manifest::Value;

pub(super) fn spec(spec: &Value, path: &Path, errors: &mut Errors) {
    errors.not_negative(&path.field("replicas"), int(spec, "replicas"));
    errors.not_negative(&path.field("minReadySeconds"), int(spec, "minReadySeconds"));
    template(spec, path, errors);
}

/// The selector and the template. The words about an empty selector name a Deployment for both kinds.
pub(super) fn template(spec: &Value, path: &Path, errors: &mut Errors) {
    if !required_selector(spec, "deployment", path, errors) {
        unreadable_selector(spec, "invalid label selector", path, errors);
        return;
    }
    template_is_selected(spec.get("selector"), spec, path, errors);
    pod_template::template(spec.get("template"), &path.field("template"), errors);
    pod_template::runs_for_ever(spec, "ReplicaSet", path, errors);
}
