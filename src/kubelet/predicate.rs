//! Twin: pkg/kubelet/lifecycle/predicate.go (v1.36.2)
//! Covers: what the kubelet itself refuses when a Pod comes to its node: pressure, shutdown, resources, labels, host
//! ports, NoExecute taints. spec/01 §3.3, spec/12 §9.
//! Left out: making room for critical Pods, topology, sysctls, AppArmor.

use super::entry::Agent;
use super::eviction_manager::EvictionManager;
use crate::api::Pod;
use crate::api::needs;
use crate::api::objects::{Node, Taint};
use crate::api::selects::node_fits;
use crate::apiserver::{ApiServer, CRITICAL, priority};

/// Why a Pod is refused: reason and message.
pub type Refused = (String, String);

/// Whether a Pod may run on this node beside the others. The first handler that refuses decides.
///
/// # Errors
/// Reason and message of the refusal.
pub fn admit(
    a: &Agent,
    api: &ApiServer,
    pod: &Pod,
    others: &[&Pod],
    eviction: &EvictionManager,
    shutting_down: bool,
) -> Result<(), Refused> {
    let refuse = |reason: &str, message: String| Err((reason.to_owned(), message));
    if eviction.under_pressure() && pod.status.qos_class == "BestEffort" && priority(pod) < CRITICAL {
        let pressure = Taint {
            key: super::eviction_manager::TAINT.to_owned(),
            effect: "NoSchedule".to_owned(),
            ..Taint::default()
        };
        if !needs::tolerated(&pod.spec.tolerations, &pressure) {
            return refuse("Evicted", "The node had condition: [MemoryPressure]. ".to_owned());
        }
    }
    if shutting_down {
        return refuse(
            "NodeShutdown",
            "Pod was rejected as the node is shutting down.".to_owned(),
        );
    }
    let Some(node) = api.node(&a.name) else { return Ok(()) };
    if let Some((name, message)) = lacking(pod, node, others) {
        return refuse(&format!("OutOf{name}"), message);
    }
    let predicate = |name: &str, text: &str| refuse(name, format!("Predicate {name} failed: {text}"));
    if !node_fits(&pod.spec, node) {
        return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
    }
    let wanted = needs::host_ports(&pod.spec);
    let clashes = |other: &&Pod| needs::host_ports(&other.spec).iter().any(|port| wanted.contains(port));
    if !wanted.is_empty() && others.iter().any(clashes) {
        return predicate(
            "NodePorts",
            "node(s) didn't have free ports for the requested pod ports",
        );
    }
    let untolerated = |t: &&Taint| t.effect == "NoExecute" && !needs::tolerated(&pod.spec.tolerations, t);
    if node.spec.taints.iter().any(|t| untolerated(&t)) {
        return predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate");
    }
    Ok(())
}

/// The first resource of which too little is left: CPU in thousandths, all else in whole units.
pub fn lacking(pod: &Pod, node: &Node, others: &[&Pod]) -> Option<(String, String)> {
    let whole = |name: &str, milli: i128| if name == "cpu" { milli } else { milli.div_euclid(1000) };
    let say = |name: &str, requested: i128, used: i128, capacity: i128| {
        let text = format!(
            "Node didn't have enough resource: {name}, requested: {requested}, used: {used}, capacity: {capacity}"
        );
        Some((name.to_owned(), text))
    };
    let pods = whole("pods", needs::allocatable(node, "pods"));
    if others.len() as i128 + 1 > pods {
        return say("pods", 1, others.len() as i128, pods);
    }
    let wanted = needs::requests(&pod.spec);
    if wanted.is_empty() {
        return None;
    }
    let all: Vec<_> = others.iter().map(|other| needs::requests(&other.spec)).collect();
    wanted.into_iter().find_map(|(name, amount)| {
        let used: i128 = all.iter().map(|r| r.get(&name).copied().unwrap_or(0)).sum();
        let has = needs::allocatable(node, &name);
        let fits = amount == 0 || amount <= has - used;
        if fits {
            return None;
        }
        say(&name, whole(&name, amount), whole(&name, used), whole(&name, has))
    })
}
