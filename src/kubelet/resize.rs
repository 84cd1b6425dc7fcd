//! Twin: pkg/kubelet/kubelet.go (v1.36.2)
//! Twin: pkg/kubelet/allocation/allocation_manager.go (v1.36.2)
//! Covers: a change of CPU and memory of running containers, with its events and its conditions; resizes that have to
//! wait for room, or that the node could never do. spec/05 §5.
//! Containers whose `resizePolicy` asks for it are started again.
//! Left out: the retry every 3 min, which finds nothing new here.

use std::rc::Rc;

use super::entry::{Agent, Env, PodEntry, event};
use super::pod_workers::{self, Trigger};
use super::{helpers, predicate, status_manager};
use crate::api::objects::Node;
use crate::api::pod::{Container, PodSpec, Resources};
use crate::api::selects::text;
use crate::api::{Pod, needs};
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

/// A resize that is not done.
#[derive(Clone, Debug)]
pub struct Pending {
    /// `Deferred`: there is no room now. `Infeasible`: the node could never do it.
    pub reason: &'static str,
    /// What is missing.
    pub message: Rc<str>,
    /// What the Pod's owner wants; meanwhile the Pod keeps what it has.
    wanted: Rc<PodSpec>,
}

/// A change of resources came: it is begun, or the Pod keeps what it has and says why.
pub fn seen(a: &mut Agent, p: &mut PodEntry, env: &mut Env, old: &Pod, others: &[Rc<Pod>]) {
    let wanted = p.pod.spec.clone();
    if p.pending_resize.as_ref().is_some_and(|r| r.wanted == wanted) {
        Rc::make_mut(&mut p.pod).spec = old.spec.clone();
        return;
    }
    let node = env.api.node(&a.name).cloned();
    match node.and_then(|node| refusal(&p.pod, &node, others)) {
        Some((reason, message)) if a.profile.in_place_resize => {
            let text = format!("Pod resize {reason}: {}", wishes(p, Some(&message)));
            event(a, p, env, None, true, &format!("Resize{reason}"), &text);
            Rc::make_mut(&mut p.pod).spec = old.spec.clone();
            p.pending_resize = Some(Pending {
                reason,
                message: message.into(),
                wanted,
            });
        }
        _ => {
            p.pending_resize = None;
            begin(a, p, env, &old.spec);
        }
    }
    pod_workers::request(a, p, env, Trigger::Watch);
}

/// Room may have come about: a deferred resize is looked at again.
pub fn retry(a: &mut Agent, p: &mut PodEntry, env: &mut Env, others: &[Rc<Pod>]) {
    let Some(pending) = p.pending_resize.as_ref().filter(|r| r.reason == DEFERRED) else {
        return;
    };
    let mut pod = (*p.pod).clone();
    pod.spec = pending.wanted.clone();
    let node = env.api.node(&a.name).cloned();
    if node.is_some_and(|node| refusal(&pod, &node, others).is_none()) {
        let old = std::mem::replace(&mut p.pod, Rc::new(pod));
        p.pending_resize = None;
        begin(a, p, env, &old.spec);
        pod_workers::request(a, p, env, Trigger::Watch);
    }
}

const DEFERRED: &str = "Deferred";

/// Why the node does not do it: more than it has at all, or more than the others leave.
fn refusal(pod: &Pod, node: &Node, others: &[Rc<Pod>]) -> Option<(&'static str, String)> {
    let requests = needs::requests(&pod.spec);
    for name in ["memory", "cpu"] {
        let (wanted, has) = (requests.get(name).copied().unwrap_or(0), needs::allocatable(node, name));
        if wanted > has {
            let whole = |milli: i128| if name == "cpu" { milli } else { milli.div_euclid(1000) };
            let (wanted, has) = (whole(wanted), whole(has));
            let text = format!("Node didn't have enough capacity: {name}, requested: {wanted}, capacity: {has}");
            return Some(("Infeasible", text));
        }
    }
    let others: Vec<&Pod> = others.iter().map(|other| &**other).collect();
    let lacks = predicate::lacking(pod, node, &others);
    lacks.first().map(|lack| (DEFERRED, lack.text()))
}

/// The containers' wishes as events show them, with what went wrong.
fn wishes(p: &PodEntry, error: Option<&str>) -> String {
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
    let error = error.map_or(String::new(), |text| format!(",\"error\":\"{text}\""));
    format!(
        "{{\"containers\":[{}],\"generation\":{}{error}}}",
        containers.join(","),
        p.pod.metadata.generation
    )
}

/// Whether a container has to be started again for a change of its resources.
fn restarts(old: &Container, new: &Container) -> bool {
    let differs = |name: &str| {
        let (old, new) = (&old.resources, &new.resources);
        old.requests.get(name) != new.requests.get(name) || old.limits.get(name) != new.limits.get(name)
    };
    new.resize_policy
        .iter()
        .any(|policy| text(policy, "restartPolicy") == "RestartContainer" && differs(text(policy, "resourceName")))
}

/// A resize was seen: it begins with the next sync.
fn begin(a: &mut Agent, p: &mut PodEntry, env: &mut Env, old: &PodSpec) {
    if !a.profile.in_place_resize {
        return;
    }
    p.resizing = true;
    let spec = &p.pod.spec;
    let pairs = helpers::all_containers(old).zip(helpers::all_containers(spec));
    let changed = pairs.enumerate().filter(|(_, (old, new))| restarts(old, new));
    p.resize_restarts = changed.map(|(index, _)| index).collect();
    if let Some(asked) = env.api.pod(p.uid).map(|stored| stored.because) {
        p.resize_restarts
            .clone()
            .into_iter()
            .for_each(|index| p.tell(index, asked));
    }
    let message = format!("Pod resize started: {}", wishes(p, None));
    event(a, p, env, None, false, "ResizeStarted", &message);
}

/// The cgroups say what the spec says.
pub fn complete(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    p.resizing = false;
    let message = format!("Pod resize completed: {}", wishes(p, None));
    event(a, p, env, None, false, "ResizeCompleted", &message);
    if let Some(mut status) = p.status.as_deref().cloned() {
        status.conditions.retain(|c| &*c.kind != CONDITION);
        status_manager::set_pod_status(a, p, env, status, Latency::StatusSandbox.nominal());
    }
}

/// The condition of a Pod while a resize is under way.
pub const CONDITION: &str = "PodResizeInProgress";

/// The condition of a Pod whose resize is not done.
pub const PENDING: &str = "PodResizePending";
