//! What the API server sets in a new workload before it stores it.

use crate::api::WorkloadKind;
use crate::manifest::Value;

/// Fills what the strategy of a kind fills at creation. `uid` is the identity it is about to get.
pub(super) fn prepare_create(kind: WorkloadKind, raw: &mut Value, uid: &str) {
    if kind == WorkloadKind::Job {
        job(raw, uid);
    }
}

/// Upstream's `generateSelector` (pkg/registry/batch/job/strategy.go): the template and the selector get labels that no
/// other Job has, unless the owner chose the selector.
fn job(raw: &mut Value, uid: &str) {
    let spec_flag = |key: &str| raw.at(&["spec", key]) == Some(&Value::Bool(true));
    if spec_flag("manualSelector") {
        return;
    }
    let name = raw
        .at(&["metadata", "name"])
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let spec = raw.entry("spec");
    let labels = spec.entry("template").entry("metadata").entry("labels");
    for (key, value) in [
        ("batch.kubernetes.io/controller-uid", uid),
        ("batch.kubernetes.io/job-name", &name),
        ("controller-uid", uid),
        ("job-name", &name),
    ] {
        if labels.get(key).is_none() || key.ends_with("controller-uid") {
            labels.set(key, value.into());
        }
    }
    let labels = labels.clone();
    spec.entry("selector")
        .entry("matchLabels")
        .set("batch.kubernetes.io/controller-uid", uid.into());
    // A stored Job is defaulted again when it is read: without labels it has those of its template.
    let own = raw.entry("metadata").entry("labels");
    if own.members().is_empty() {
        *own = labels;
    }
}
