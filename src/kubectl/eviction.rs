//! The API's eviction, which a PodDisruptionBudget may refuse.
//!
//! Twin: pkg/registry/core/pod/storage/eviction.go (v1.36.2)
//! Twin: pkg/controller/disruption/disruption.go (v1.36.2)
//! Covers: which budgets hold a Pod back, and the mark of a Pod that goes.
//! Left out: the status of a budget; workloads, whose Pods a percentage or `maxUnavailable` counts. Pods without one
//! count as none there, so such a budget lets nobody go.

use super::server::{DeleteOptions, Refusal, Server, Stored, UpdateOptions};
use crate::api::selects::{selector_fits, text};
use crate::api::{Phase, Pod};
use crate::manifest::Value;

/// What the API server answers when a budget has nothing left.
pub const REFUSED: &str = "Cannot evict pod as it would violate the pod's disruption budget.";
const SEVERAL: &str =
    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";

/// Why a Pod must not go now.
pub fn refusal(pod: &Stored, server: &dyn Server) -> Option<&'static str> {
    let it = pod.pod.as_ref()?;
    let waits = matches!(it.status.phase, Phase::Pending | Phase::None);
    if waits || it.status.phase.is_terminal() || it.metadata.deletion_timestamp.is_some() {
        return None;
    }
    let budgets = server.objects("PodDisruptionBudget", Some(&pod.namespace));
    let specs = budgets.iter().filter_map(|budget| budget.value.get("spec").cloned());
    let selects = |spec: &Value, pod: &Pod| selector_fits(spec.get("selector"), &pod.metadata.labels);
    let ours: Vec<Value> = specs.filter(|spec| selects(spec, it)).collect();
    let spec = match ours.as_slice() {
        [] => return None,
        [one] => one,
        _ => return Some(SEVERAL),
    };
    let pods = server.objects("Pod", Some(&pod.namespace));
    let counted = pods
        .iter()
        .filter_map(|p| p.pod.as_deref())
        .filter(|p| selects(spec, p));
    let healthy = counted
        .filter(|p| p.metadata.deletion_timestamp.is_none() && ready(p))
        .count() as i64;
    let wanted = match spec.get("minAvailable") {
        Some(Value::Int(n)) => *n,
        _ => return Some(REFUSED),
    };
    let enough = match (ready(it), text(spec, "unhealthyPodEvictionPolicy")) {
        (true, _) => healthy > wanted,
        (false, "AlwaysAllow") => true,
        (false, _) => healthy >= wanted && wanted > 0,
    };
    (!enough).then_some(REFUSED)
}

fn ready(pod: &Pod) -> bool {
    let conditions = &pod.status.conditions;
    conditions.iter().any(|c| &*c.kind == "Ready" && &*c.status == "True")
}

/// Marks a Pod as disrupted and deletes it.
///
/// # Errors
/// What the API server answers.
pub fn evict(pod: &Stored, grace: Option<i64>, server: &mut dyn Server) -> Result<(), Refusal> {
    let calendar = server.calendar();
    let mut shown = pod.shown(calendar);
    let now = calendar.rfc3339(server.now());
    let pairs = [
        ("type", "DisruptionTarget"),
        ("status", "True"),
        ("lastTransitionTime", now.as_str()),
        ("reason", "EvictionByEvictionAPI"),
        ("message", "Eviction API: evicting"),
    ];
    let condition = Value::Map(pairs.map(|(k, v)| (k.to_owned(), v.into())).to_vec());
    let mut conditions = shown
        .at(&["status", "conditions"])
        .map(|c| c.items().to_vec())
        .unwrap_or_default();
    conditions.retain(|c| c.get("type").and_then(Value::as_str) != Some("DisruptionTarget"));
    conditions.push(condition);
    shown.entry("status").set("conditions", Value::Seq(conditions));
    server.update("Pod", &shown, UpdateOptions::of("status"))?;
    let how = DeleteOptions::with_grace(grace);
    server.delete("Pod", &pod.namespace, &pod.name, how).map(|_| ())
}
