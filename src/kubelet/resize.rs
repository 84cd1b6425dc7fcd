//! Twin: pkg/kubelet/kubelet.go (v1.36.2)
//! Twin: pkg/kubelet/allocation/allocation_manager.go (v1.36.2)
//! Covers: a change of CPU and memory of running containers, with its events and its condition.
//! Left out: resizes that have to wait or cannot be (PodResizePending), containers that restart for it.

use super::entry::{Agent, Env, PodEntry, event};
use super::status_manager;
use crate::api::pod::{PodSpec, Resources};
use crate::machine::Latency;

/// Whether two specs differ in the resources of containers, and in nothing else of them.
pub fn is_resize(old: &PodSpec, new: &PodSpec) -> bool {
    let strip = |spec: &PodSpec| {
        let mut spec = spec.clone();
        for c in spec.containers.iter_mut().chain(&mut spec.init_containers) {
            c.resources = Resources::default();
        }
        spec
    };
    old != new && strip(old) == strip(new)
}

/// The containers' wishes as events show them.
fn wishes(p: &PodEntry) -> String {
    let amounts = |map: &crate::map::Map<String, crate::api::Quantity>| {
        let list: Vec<String> = map
            .iter()
            .map(|(name, q)| format!("\"{name}\":\"{}\"", q.text))
            .collect();
        format!("{{{}}}", list.join(","))
    };
    let containers: Vec<String> = p
        .pod
        .spec
        .containers
        .iter()
        .map(|c| {
            let mut parts = Vec::new();
            if !c.resources.limits.is_empty() {
                parts.push(format!("\"limits\":{}", amounts(&c.resources.limits)));
            }
            if !c.resources.requests.is_empty() {
                parts.push(format!("\"requests\":{}", amounts(&c.resources.requests)));
            }
            format!("{{\"name\":\"{}\",\"resources\":{{{}}}}}", c.name, parts.join(","))
        })
        .collect();
    format!(
        "{{\"containers\":[{}],\"generation\":{}}}",
        containers.join(","),
        p.pod.metadata.generation
    )
}

/// A resize was seen: it begins with the next sync.
pub fn begin(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    if !a.profile.in_place_resize {
        return;
    }
    p.resizing = true;
    let message = format!("Pod resize started: {}", wishes(p));
    event(a, p, env, None, false, "ResizeStarted", &message);
}

/// The cgroups say what the spec says.
pub fn complete(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    p.resizing = false;
    let message = format!("Pod resize completed: {}", wishes(p));
    event(a, p, env, None, false, "ResizeCompleted", &message);
    if let Some(mut status) = p.status.clone() {
        status.conditions.retain(|c| &*c.kind != CONDITION);
        status_manager::set_pod_status(a, p, env, status, Latency::StatusSandbox.nominal());
    }
}

/// The condition of a Pod while a resize is under way.
pub const CONDITION: &str = "PodResizeInProgress";
