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
use super::{Errors, FieldError, internal, meta};
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
