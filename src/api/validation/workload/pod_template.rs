//! Templates of Pods.
//! Twin: pkg/apis/core/validation/validation.go (v1.36.2)
//! Covers: ValidatePodTemplateSpec
//! Left out: seccomp annotations beside seccomp fields

use crate::api::fields::{list, text};
use crate::api::validation::error::Errors;
use crate::api::validation::meta::{annotations, labels, pod_annotations};
use crate::api::validation::path::Path;
use crate::api::validation::pod::{Place, pod_spec};
use crate::api::validation::security::app_armor_agrees;
use crate::manifest::Value;

/// A template. Labels and annotations are reported without `metadata` in their path, as upstream has it.
pub(super) fn template(template: Option<&Value>, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let part = |key: &str| template.and_then(|template| template.get(key)).unwrap_or(&none);
    let (meta, spec) = (part("metadata"), part("spec"));
    labels(meta.get("labels"), &path.field("labels"), errors);
    annotations(meta.get("annotations"), &path.field("annotations"), errors);
    pod_annotations(meta, spec, path, errors);
    let at = path.field("spec");
    pod_spec(meta, spec, &at, Place::Template, errors);
    app_armor_agrees(meta, spec, &at, errors);
    if !list(spec, "ephemeralContainers").is_empty() {
        let detail = "ephemeral containers not allowed in pod template";
        errors.forbidden(&at.field("ephemeralContainers"), detail);
    }
}

/// What a template must be whose Pods run for ever. `owner` is the kind that the words name.
pub(super) fn runs_for_ever(spec: &Value, owner: &str, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let pod = spec.at(&["template", "spec"]).unwrap_or(&none);
    let template = path.field("template");
    let at = template.field("spec");
    errors.one_of(&at.field("restartPolicy"), text(pod, "restartPolicy"), &["Always"]);
    if pod.get("activeDeadlineSeconds").is_some() {
        let detail = format!("activeDeadlineSeconds in {owner} is not Supported");
        errors.forbidden(&at.field("activeDeadlineSeconds"), detail);
    }
}
