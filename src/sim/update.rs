//! Changes of stored objects: what the API lets a client change, and what changes with it.

use std::rc::Rc;

use super::apply::apply_object;
use super::server::ClusterServer;
use crate::api::pod::{Pod, PodSpec};
use crate::api::validation::update::validate_metadata;
use crate::api::{Object, defaults};
use crate::apiserver::without_token;
use crate::kubectl::apply::LAST_APPLIED;
use crate::kubectl::patch::{PatchKind, patched, prune};
use crate::kubectl::server::{Refusal, Server, UpdateOptions};
use crate::machine::{Latency, Part};
use crate::manifest::Value;
use crate::sort;

/// Stores a changed object. Returns whether anything is different.
///
/// # Errors
/// What the API server answers: the object is gone, or it is not allowed to change so.
pub fn update(server: &mut ClusterServer, kind: &str, object: &Value, how: UpdateOptions) -> Result<bool, Refusal> {
    let mut value = without_applied(object.clone());
    defaults::apply(&mut value, kind);
    let typed = Object::from_value(&value);
    let causes: Vec<String> = validate_metadata(kind, &value)
        .iter()
        .map(ToString::to_string)
        .collect();
    if !causes.is_empty() {
        return Err(Refusal::Invalid {
            kind: kind.to_owned(),
            name: typed.name().to_owned(),
            causes,
        });
    }
    match typed {
        Object::Workload { kind, .. } => super::workload_update::update_workload(server, kind, &value, how.dry_run),
        // Nothing is kept, and what would be refused is not looked for.
        _ if how.dry_run => Ok(true),
        Object::Pod(pod) => update_pod(server, how.subresource, &pod, &value),
        Object::Namespace(_) => Ok(false),
        Object::Node(_) | Object::Service(_) | Object::ConfigMap(_) | Object::Secret(_) => {
            let source = bare(&value);
            let (namespace, name) = (typed.namespace(), typed.name());
            let missing = || Refusal::not_found(&super::server::resource(kind), name);
            let stored = server.api.object(kind, namespace, name).ok_or_else(missing)?;
            if *stored.source == source {
                return Ok(false);
            }
            let stored = apply_object(&mut server.cx, server.api, &typed, &source, server.because);
            stored.map(|_| true).map_err(Refusal::Local)
        }
        Object::Other { .. } => Err(Refusal::Local(format!("changing a stored {kind} is not supported yet"))),
    }
}

/// Applies a text to a Pod that is there, as `kubectl apply` patches: what the text applied last had and this one has not
/// goes, what others have added stays, and the text's fields are laid over the rest.
///
/// # Errors
/// As [`update`].
pub fn reapply(
    server: &mut ClusterServer,
    namespace: &str,
    name: &str,
    raw: &Value,
    dry_run: bool,
) -> Result<bool, Refusal> {
    let missing = || Refusal::not_found("pods", name);
    let shown = server.object("Pod", namespace, name).ok_or_else(missing)?;
    let mut shown = shown.shown(server.cx.setup.calendar);
    let stored = server.api.pod_named(namespace, name);
    if let Some(last) = stored.and_then(|stored| stored.applied.clone()) {
        prune(&mut shown, &last, raw);
    }
    let mut over = raw.clone();
    if let Value::Map(members) = &mut over {
        members.retain(|(k, _)| k != "status");
    }
    let new = patched(&shown, &over, PatchKind::Strategic).map_err(|unfit| Refusal::Local(unfit.into_text()))?;
    if dry_run {
        return Ok(new != shown);
    }
    let changed = update(server, "Pod", &new, UpdateOptions::default())?;
    server.api.note_applied("Pod", namespace, name, raw.clone());
    Ok(changed)
}

/// The object without the annotation in which `kubectl apply` keeps its text: that is stored beside the object, and shown
/// in it.
pub(super) fn without_applied(mut object: Value) -> Value {
    if object.at(&["metadata", "annotations", LAST_APPLIED]).is_some()
        && let Value::Map(metadata) = object.entry("metadata")
    {
        for (_, annotations) in metadata.iter_mut().filter(|(key, _)| key == "annotations") {
            if let Value::Map(members) = annotations {
                members.retain(|(key, _)| key != LAST_APPLIED);
            }
        }
        metadata.retain(|(key, value)| key != "annotations" || !value.members().is_empty());
    }
    object
}

/// The object without what the API server adds when it answers.
fn bare(value: &Value) -> Value {
    let mut out = value.clone();
    let mut node = false;
    if let Value::Map(members) = &mut out {
        node = members.iter().any(|(k, v)| k == "kind" && v.as_str() == Some("Node"));
        members.retain(|(k, _)| node || k != "status");
    }
    if let Value::Map(members) = out.entry("metadata") {
        members.retain(|(k, _)| !ADDED.contains(&k.as_str()) || (node && k == "creationTimestamp"));
    }
    out
}

/// Members of `metadata` that no client writes.
const ADDED: [&str; 6] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

fn update_pod(server: &mut ClusterServer, subresource: &str, new: &Pod, value: &Value) -> Result<bool, Refusal> {
    let mut new = new.clone();
    without_token(Rc::make_mut(&mut new.spec));
    let (namespace, name) = (&*new.metadata.namespace, &*new.metadata.name);
    let missing = || Refusal::not_found("pods", name);
    let stored = server.api.pod_named(namespace, name).ok_or_else(missing)?;
    let (uid, old) = (stored.uid, stored.pod.clone());
    let mut raw = (*stored.raw).clone();
    let because = server.because;
    if subresource == "status" {
        let conditions = new.status.conditions.clone();
        return Ok(server
            .api
            .update_pod(&mut server.cx, uid, because, |pod| pod.status.conditions = conditions));
    }
    let allowed = match subresource {
        "resize" => resized(&old.spec, &new.spec),
        "ephemeralcontainers" => with_ephemeral(&old.spec, &new.spec),
        _ => updated(&old.spec, &new.spec),
    };
    let mut new = new.clone();
    crate::apiserver::drop_disabled(&server.cx.setup.profile, &mut new);
    let new = &new;
    let mut wanted = (*new.spec).clone();
    wanted.priority = wanted.priority.or(old.spec.priority);
    for (to, from) in [
        (&mut wanted.priority_class_name, &old.spec.priority_class_name),
        (&mut wanted.preemption_policy, &old.spec.preemption_policy),
    ] {
        if to.is_empty() {
            to.clone_from(from);
        }
    }
    // What admission has added is not in the text its owner wrote.
    wanted.tolerations.extend(
        old.spec
            .tolerations
            .iter()
            .filter(|t| !new.spec.tolerations.contains(t))
            .cloned(),
    );
    wanted.node_name = old.spec.node_name.clone();
    let mut compared = allowed.clone();
    sort::sort_by(&mut compared.tolerations, |a, b| {
        (&a.key, &a.effect, &a.value).cmp(&(&b.key, &b.effect, &b.value))
    });
    sort::sort_by(&mut wanted.tolerations, |a, b| {
        (&a.key, &a.effect, &a.value).cmp(&(&b.key, &b.effect, &b.value))
    });
    if compared != wanted {
        let cause = match subresource {
            "resize" => "spec: Forbidden: only cpu and memory resources are mutable",
            "ephemeralcontainers" => {
                "spec.ephemeralContainers: Forbidden: existing ephemeral containers may not be removed or changed"
            }
            _ => FORBIDDEN,
        };
        return Err(Refusal::Invalid {
            kind: "Pod".into(),
            name: name.into(),
            causes: vec![cause.into()],
        });
    }
    if let Some(spec) = value.get("spec") {
        let mut spec = spec.clone();
        if let Value::Map(members) = &mut spec {
            let had_node = raw.at(&["spec", "nodeName"]).is_some();
            members.retain(|(k, _)| had_node || k != "nodeName");
        }
        raw.set("spec", spec);
    }
    for key in ["labels", "annotations"] {
        match value.at(&["metadata", key]) {
            Some(marks) => raw.entry("metadata").set(key, marks.clone()),
            None => {
                if let Value::Map(members) = raw.entry("metadata") {
                    members.retain(|(k, _)| k != key);
                }
            }
        }
    }
    let meta = &new.metadata;
    let changed = server.api.update_pod(&mut server.cx, uid, because, |pod| {
        pod.metadata.labels = meta.labels.clone();
        pod.metadata.annotations = meta.annotations.clone();
        if *pod.spec != allowed {
            pod.metadata.generation += 1;
            pod.spec = Rc::new(allowed);
        }
    });
    if changed {
        server.api.set_raw(uid, raw);
        // A Pod that waits for a node is looked at again.
        let soon = server.cx.now + server.cx.draw(Latency::SchedBind, uid.0);
        server.cx.queue.alarm(Part::Scheduler, Some(soon));
    }
    Ok(changed)
}

const FORBIDDEN: &str = "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,\
`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// The old spec with those changes that a Pod's owner may make (validation of Pod updates).
fn updated(old: &PodSpec, new: &PodSpec) -> PodSpec {
    let mut spec = old.clone();
    let images = |to: &mut Vec<crate::api::Container>, from: &[crate::api::Container]| {
        for (to, from) in to.iter_mut().zip(from) {
            to.image = from.image.clone();
        }
    };
    images(&mut spec.containers, &new.containers);
    images(&mut spec.init_containers, &new.init_containers);
    let shorter = match (old.active_deadline_seconds, new.active_deadline_seconds) {
        (None, Some(_)) => true,
        (Some(old), Some(new)) => new <= old,
        (_, None) => false,
    };
    if shorter {
        spec.active_deadline_seconds = new.active_deadline_seconds;
    }
    spec.tolerations
        .extend(new.tolerations.iter().filter(|t| !old.tolerations.contains(t)).cloned());
    // Gates may only go; while there are some, the Pod may still be told where to go.
    if new.scheduling_gates.iter().all(|g| old.scheduling_gates.contains(g)) {
        spec.scheduling_gates = new.scheduling_gates.clone();
    }
    let only_more = old
        .node_selector
        .iter()
        .all(|(k, v)| new.node_selector.get(k) == Some(v));
    if !old.scheduling_gates.is_empty() && only_more {
        spec.node_selector = new.node_selector.clone();
    }
    spec
}

/// The old spec with the resources of the new one.
fn resized(old: &PodSpec, new: &PodSpec) -> PodSpec {
    let mut spec = old.clone();
    for (to, from) in spec.containers.iter_mut().zip(&new.containers) {
        to.resources = from.resources.clone();
    }
    for (to, from) in spec.init_containers.iter_mut().zip(&new.init_containers) {
        if to.is_sidecar() {
            to.resources = from.resources.clone();
        }
    }
    spec
}

/// The old spec with further ephemeral containers.
fn with_ephemeral(old: &PodSpec, new: &PodSpec) -> PodSpec {
    let mut spec = old.clone();
    let kept = old.ephemeral_containers.len();
    spec.ephemeral_containers
        .extend(new.ephemeral_containers.iter().skip(kept).cloned());
    spec
}
