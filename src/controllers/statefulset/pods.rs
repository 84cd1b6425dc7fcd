//! Twin: pkg/controller/statefulset/stateful_set_utils.go (v1.36.2)
//! Covers: ordinals, names, identity and volumes of the Pods of a StatefulSet; which Pods are created, running and
//! ready, available.
//! Left out: nothing of these.

use crate::api::workload::StatefulSetSpec;
use crate::api::{Phase, Pod};
use crate::apiserver::{StoredWorkload, is_ready};
use crate::controllers::pod_control;
use crate::machine::Cx;
use crate::manifest::Value;

/// The label with the name of the Pod's revision.
pub const REVISION: &str = "controller-revision-hash";
/// The label with the Pod's name.
pub const NAME: &str = "statefulset.kubernetes.io/pod-name";
/// The label with the Pod's ordinal.
pub const INDEX: &str = "apps.kubernetes.io/pod-index";

/// The first ordinal.
pub fn start(spec: &StatefulSetSpec) -> i64 {
    spec.ordinals.as_ref().map_or(0, |ordinals| ordinals.start)
}

/// The ordinal of a Pod of the StatefulSet of this name; none when its name is not `NAME-ORDINAL`.
pub fn ordinal(set: &str, pod: &Pod) -> Option<i64> {
    ordinal_of(set, &pod.metadata.name)
}

/// The ordinal in the name of a Pod.
pub fn ordinal_of(set: &str, pod: &str) -> Option<i64> {
    let rest = pod.strip_prefix(set)?.strip_prefix('-')?;
    rest.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| rest.parse().ok())
        .flatten()
}

/// The name of a Pod's revision; empty when it has none.
pub fn revision(pod: &Pod) -> &str {
    pod.metadata.labels.get(REVISION).map_or("", String::as_str)
}

/// Whether it runs and is ready.
pub fn is_running_and_ready(pod: &Pod) -> bool {
    pod.status.phase == Phase::Running && is_ready(pod)
}

/// Whether it has been ready long enough (`isRunningAndAvailable`).
pub fn is_available(cx: &Cx, pod: &Pod, spec: &StatefulSetSpec) -> bool {
    pod_control::is_available(cx, pod, spec.min_ready_seconds)
}

/// Whether it is not available, or is on its way out.
pub fn is_unavailable(cx: &Cx, pod: &Pod, spec: &StatefulSetSpec) -> bool {
    !is_available(cx, pod, spec) || is_terminating(pod)
}

/// Whether its containers are not all started yet.
pub fn is_pending(pod: &Pod) -> bool {
    pod.status.phase == Phase::Pending
}

/// Whether its deletion was asked for.
pub fn is_terminating(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_some()
}

/// The name of the claim of a template for a Pod.
pub fn claim_name(template: &Value, pod: &str) -> String {
    let name = template.at(&["metadata", "name"]).and_then(Value::as_str);
    format!("{}-{pod}", name.unwrap_or_default())
}

/// Gives a Pod its identity: name, host name, labels, the template of its revision and its claims.
pub fn dress(raw: &mut Value, own: &StoredWorkload, spec: &StatefulSetSpec, ordinal: i64, revision: &StoredWorkload) {
    let name = format!("{}-{ordinal}", own.object.metadata.name);
    let template = revision.object.raw.at(&["data", "spec", "template"]);
    if let Some(template) = template {
        for key in ["labels", "annotations", "finalizers"] {
            match template.at(&["metadata", key]) {
                Some(value) => raw.entry("metadata").set(key, value.clone()),
                None => {
                    if let Value::Map(members) = raw.entry("metadata") {
                        members.retain(|(k, _)| k != key);
                    }
                }
            }
        }
        if let Some(spec) = template.get("spec") {
            raw.set("spec", spec.clone());
        }
    }
    let meta = raw.entry("metadata");
    meta.set("generateName", format!("{}-", own.object.metadata.name).into());
    let labels = meta.entry("labels");
    labels.set(INDEX, ordinal.to_string().into());
    labels.set(REVISION, (&*revision.object.metadata.name).into());
    labels.set(NAME, name.as_str().into());
    let pod = raw.entry("spec");
    pod.set("hostname", name.as_str().into());
    if !spec.service_name.is_empty() {
        pod.set("subdomain", spec.service_name.as_str().into());
    }
    add_claims(pod, spec, &name);
}

/// The volumes of the claim templates come before those of the Pod's template, and replace those of the same name.
fn add_claims(pod: &mut Value, spec: &StatefulSetSpec, name: &str) {
    if spec.volume_claim_templates.is_empty() {
        return;
    }
    let volume = |template: &Value| {
        let own = template.at(&["metadata", "name"]).cloned().unwrap_or_default();
        let mut source = Value::Map(Vec::new());
        source.set("claimName", claim_name(template, name).into());
        Value::Map(vec![
            ("name".to_owned(), own),
            ("persistentVolumeClaim".to_owned(), source),
        ])
    };
    let mut volumes: Vec<Value> = spec.volume_claim_templates.iter().map(volume).collect();
    let given = pod.get("volumes").map(Value::items).unwrap_or_default();
    let new = |given: &&Value| !volumes.iter().any(|volume| volume.get("name") == given.get("name"));
    let others: Vec<Value> = given.iter().filter(new).cloned().collect();
    volumes.extend(others);
    pod.set("volumes", Value::Seq(volumes));
}
