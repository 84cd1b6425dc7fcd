//! What the API server sets in a workload before it stores it.

use crate::api::{Workload, WorkloadKind};
use crate::machine::Profile;
use crate::manifest::Value;

/// The number of a DaemonSet's template. In `apps/v1` it is an annotation; the old API versions had a field for it.
pub const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";

/// Fills what the strategy of a kind fills at creation. `uid` is the identity it is about to get.
pub(super) fn prepare_create(profile: &Profile, kind: WorkloadKind, raw: &mut Value, uid: &str) {
    match kind {
        WorkloadKind::StatefulSet => max_unavailable(profile, raw),
        WorkloadKind::Job => job(raw, uid),
        WorkloadKind::DaemonSet => {
            let given = raw.at(&["metadata", "annotations", TEMPLATE_GENERATION]);
            let number = given.and_then(Value::as_str).and_then(|text| text.parse::<i64>().ok());
            set_template_generation(raw, number.unwrap_or(0).max(1));
        }
        _ => {}
    }
}

/// Fills what the strategy of a kind fills when an object is written again (pkg/registry/apps/daemonset/strategy.go:
/// nobody sets the number of the template, and it grows with each change of the template).
pub(super) fn prepare_update(profile: &Profile, before: &Workload, raw: &mut Value) {
    if before.kind == WorkloadKind::StatefulSet {
        max_unavailable(profile, raw);
    }
    if before.kind != WorkloadKind::DaemonSet {
        return;
    }
    let stored = before.metadata.annotations.get(TEMPLATE_GENERATION);
    let number = stored.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    let template = |object: &Value| object.at(&["spec", "template"]).cloned().unwrap_or_default();
    let changed = !template(raw).same(&template(&before.raw));
    set_template_generation(raw, number.saturating_add(i64::from(changed)));
}

/// `maxUnavailable` of a StatefulSet is 1 when it is not given, and is dropped while its gate is off
/// (pkg/apis/apps/v1/defaults.go, pkg/registry/apps/statefulset/strategy.go).
fn max_unavailable(profile: &Profile, raw: &mut Value) {
    const MAX_UNAVAILABLE: &str = "maxUnavailable";
    let path = ["spec", "updateStrategy", "rollingUpdate"];
    if raw.at(&path).is_none() {
        return;
    }
    let rolling = raw.entry("spec").entry("updateStrategy").entry("rollingUpdate");
    if !profile.max_unavailable_stateful_set {
        if let Value::Map(members) = rolling {
            members.retain(|(key, _)| key != MAX_UNAVAILABLE);
        }
    } else if rolling.get(MAX_UNAVAILABLE).is_none() {
        rolling.set(MAX_UNAVAILABLE, 1_i64.into());
    }
}

fn set_template_generation(raw: &mut Value, number: i64) {
    let annotations = raw.entry("metadata").entry("annotations");
    annotations.set(TEMPLATE_GENERATION, number.to_string().into());
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
