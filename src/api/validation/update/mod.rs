//! Changes of stored workloads.
//! Twin: pkg/apis/apps/validation/validation.go (v1.36.2)
//! Twin: pkg/apis/core/validation/validation.go (v1.36.2)
//! Covers: ValidateDeploymentUpdate, ValidateReplicaSetUpdate, ValidateStatefulSetUpdate, ValidateDaemonSetUpdate,
//! Covers: ValidateControllerRevisionUpdate, ValidateReplicationControllerUpdate, ValidatePodTemplateUpdate
//! Left out: Jobs and CronJobs, see job.rs; templates that were stored before a rule came

mod job;
mod same;

use super::path::Path;
use super::workload::{self, stateful_set};
use super::{Errors, FieldError, error, internal, meta};
use crate::manifest::Value;
use same::same;

/// The errors of a change of a workload from `old` to `new`, in the API server's order. Both have their defaults.
///
/// `old` is as it is stored: for a Job its `status` counts too, since the template of one that is suspended and has not
/// started may change.
pub fn validate_update(kind: &str, old: &Value, new: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    meta::metadata(new, kind, &mut errors);
    let root = Path::Root;
    let path = root.field("spec");
    let at = path.field("selector");
    let of = |object: &Value, key: &str| object.at(&["spec", key]).cloned();
    match kind {
        "Deployment" | "ReplicaSet" => {
            workload::workload(new, kind, &mut errors);
            immutable_selector(of(old, "selector"), of(new, "selector"), &at, &mut errors);
        }
        "DaemonSet" => {
            immutable_selector(of(old, "selector"), of(new, "selector"), &at, &mut errors);
            workload::workload(new, kind, &mut errors);
        }
        "StatefulSet" => stateful_set(old, new, &path, &mut errors),
        "ControllerRevision" => {
            workload::workload(new, kind, &mut errors);
            let (data, stored) = (new.get("data"), old.get("data"));
            if !same(stored, data) {
                errors.invalid(&root.field("data"), data.unwrap_or(&Value::Null), IMMUTABLE);
            }
        }
        "Job" => job::job(old, new, &root, &mut errors),
        "CronJob" => job::cron_job(old, new, &root, &mut errors),
        _ => workload::workload(new, kind, &mut errors),
    }
    super::once(errors)
}

/// The errors of the metadata of a changed object, of any kind.
pub fn validate_metadata(kind: &str, new: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    meta::metadata(new, kind, &mut errors);
    super::once(errors)
}

/// The errors of a change of an object that owns no Pods and is none, beside those of the new object itself.
pub fn validate_change(kind: &str, old: &Value, new: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    let root = Path::Root;
    let differs = |key: &str| !same(old.get(key), new.get(key));
    match kind {
        "Secret" if differs("type") => {
            errors.invalid(&root.field("type"), new.get("type").unwrap_or(&Value::Null), IMMUTABLE);
        }
        "ConfigMap" | "Secret" if old.get("immutable") == Some(&Value::Bool(true)) => {
            const SET: &str = "field is immutable when `immutable` is set";
            if new.get("immutable") != Some(&Value::Bool(true)) {
                errors.forbidden(&root.field("immutable"), SET);
            }
            for key in ["data", "binaryData"] {
                if differs(key) {
                    errors.forbidden(&root.field(key), SET);
                }
            }
        }
        "RoleBinding" | "ClusterRoleBinding" if differs("roleRef") => {
            let text = |key: &str| error::quoted(new.at(&["roleRef", key]).and_then(Value::as_str).unwrap_or(""));
            let shown = format!(
                "{{\"APIGroup\":{},\"Kind\":{},\"Name\":{}}}",
                text("apiGroup"),
                text("kind"),
                text("name")
            );
            errors.invalid_shown(&root.field("roleRef"), shown, "cannot change roleRef");
        }
        "Service" => {
            let address = |object: &Value| {
                object
                    .at(&["spec", "clusterIP"])
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            };
            let (before, after) = (address(old).unwrap_or_default(), address(new).unwrap_or_default());
            if !before.is_empty() && !after.is_empty() && before != after {
                let path = root.field("spec");
                let shown = Value::Seq(vec![after.into()]);
                errors.invalid(&path.field("clusterIPs").index(0), &shown, "may not change once set");
            }
        }
        "PersistentVolumeClaim" => {
            let fixed = |object: &Value| {
                let mut spec = object.get("spec").cloned().unwrap_or_default();
                if let Value::Map(members) = &mut spec {
                    members.retain(|(key, _)| {
                        matches!(key.as_str(), "accessModes" | "resources" | "selector" | "volumeMode")
                    });
                }
                spec
            };
            if !same(Some(&fixed(old)), Some(&fixed(new))) {
                let detail = "spec is immutable after creation except resources.requests and volumeAttributesClassName \
                              for bound claims";
                errors.forbidden(&root.field("spec"), detail);
            }
        }
        _ => {}
    }
    errors.0
}

const IMMUTABLE: &str = "field is immutable";

fn immutable_selector(old: Option<Value>, new: Option<Value>, path: &Path, errors: &mut Errors) {
    if !same(old.as_ref(), new.as_ref()) {
        let shown = new.map_or(Value::Null, |new| internal::selector(&new));
        errors.invalid(path, &shown, IMMUTABLE);
    }
}

/// Fields of a StatefulSet's spec that may change.
const MUTABLE: [&str; 7] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
];

fn stateful_set(old: &Value, new: &Value, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let (before, after) = (old.get("spec").unwrap_or(&none), new.get("spec").unwrap_or(&none));
    stateful_set::spec(after, path, true, errors);
    let fixed = |spec: &Value| {
        let mut members = spec.members().to_vec();
        members.retain(|(key, _)| !MUTABLE.contains(&key.as_str()));
        Value::Map(members)
    };
    if !same(Some(&fixed(before)), Some(&fixed(after))) {
        let detail = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', \
                      'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and \
                      'minReadySeconds' are forbidden";
        errors.forbidden(path, detail);
    }
}
