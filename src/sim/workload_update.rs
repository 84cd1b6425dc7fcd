//! Changes of stored workloads by people.

use super::reading::stored_workload;
use super::server::{ClusterServer, resource};
use super::update::without_applied;
use crate::api::validation::update::validate_update;
use crate::api::{WorkloadKind, defaults};
use crate::kubectl::patch::{PatchKind, patched, prune};
use crate::kubectl::server::{Refusal, Server};
use crate::manifest::Value;

/// Members of `metadata` that no client writes.
const SERVER_METADATA: [&str; 7] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
];

/// Stores a changed workload, or only checks it. Returns whether anything is different.
///
/// # Errors
/// The API server's answer: the object is gone, or it is not allowed to change so.
pub fn update_workload(
    server: &mut ClusterServer,
    kind: WorkloadKind,
    object: &Value,
    dry_run: bool,
) -> Result<bool, Refusal> {
    let text = |key: &str| {
        object
            .at(&["metadata", key])
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (namespace, name) = (text("namespace"), text("name"));
    let missing = || Refusal::not_found(&resource(kind.as_str()), name);
    let stored = server.api.workload_named(kind, namespace, name).ok_or_else(missing)?;
    let uid = stored.uid;
    let old = stored_workload(&stored.object, server.cx.setup.calendar);
    let raw = bare(object);
    let causes: Vec<String> = validate_update(kind.as_str(), &old.value, &raw)
        .iter()
        .map(ToString::to_string)
        .collect();
    if !causes.is_empty() {
        return Err(Refusal::Invalid {
            kind: kind.as_str().to_owned(),
            name: name.to_owned(),
            causes,
        });
    }
    if dry_run {
        return Ok(raw != *stored.object.raw);
    }
    let because = server.because;
    server
        .api
        .update_workload(&mut server.cx, uid, because, raw)
        .map_err(Refusal::Local)
}

/// Applies a text to a workload that is there, as `kubectl apply` patches. Returns whether anything is different.
///
/// # Errors
/// As [`update_workload`].
pub fn reapply_workload(
    server: &mut ClusterServer,
    kind: WorkloadKind,
    (namespace, name): (&str, &str),
    text: &Value,
    dry_run: bool,
) -> Result<bool, Refusal> {
    let missing = || Refusal::not_found(&resource(kind.as_str()), name);
    let shown = server.object(kind.as_str(), namespace, name).ok_or_else(missing)?;
    let mut shown = (*shown.value).clone();
    let stored = server.api.workload_named(kind, namespace, name).ok_or_else(missing)?;
    let uid = stored.uid;
    if let Some(last) = stored.applied.clone() {
        prune(&mut shown, &last, text);
    }
    let new = patched(&shown, text, PatchKind::Strategic).map_err(|unfit| Refusal::Local(unfit.into_text()))?;
    let mut new = without_applied(new);
    defaults::apply(&mut new, kind.as_str());
    let changed = update_workload(server, kind, &new, dry_run)?;
    if !dry_run {
        server.api.set_workload_applied(uid, text.clone().into());
    }
    Ok(changed)
}

/// The object without what the API server adds when it answers.
fn bare(value: &Value) -> Value {
    let mut out = value.clone();
    if let Value::Map(members) = &mut out {
        members.retain(|(key, _)| key != "status");
    }
    if let Value::Map(members) = out.entry("metadata") {
        members.retain(|(key, _)| !SERVER_METADATA.contains(&key.as_str()));
    }
    out
}
