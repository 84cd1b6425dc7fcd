//! Whether a Pod fits on a node, and the words when it fits on none (spec/12 §2, §4, §5).
//!
//! Twin: pkg/scheduler/framework/types.go (v1.36.2)
//! Twin: pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go (v1.36.2)
//! Twin: pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go (v1.36.2)
//! Twin: pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go (v1.36.2)
//! Twin: pkg/scheduler/framework/plugins/nodeports/node_ports.go (v1.36.2)
//! Twin: pkg/scheduler/framework/plugins/noderesources/fit.go (v1.36.2)
//! Covers: nodeSelector and node affinity, taints, host ports, fit by requests, and in which order these and the filters
//! of `spread.rs` and `interpod.rs` speak; the words of a failure.
//! Left out: volumes.

use std::rc::Rc;

use super::interpod::{self, Placed};
use super::spread;
use crate::api::needs::{self, HostPort, requests, tolerated};
use crate::api::objects::{Node, Taint};
use crate::api::selects::{named_nodes, node_fits, text};
use crate::api::{Pod, PodSpec};
use crate::apiserver::{ApiServer, is_terminating_claim};
use crate::machine::Uid;
use crate::map::Map;
use crate::sort;

/// A filter that refuses Pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Volumes, or none.
    #[default]
    Other,
    /// The node is cordoned.
    NodeUnschedulable,
    /// `nodeSelector` and node affinity.
    NodeAffinity,
    /// Taints.
    TaintToleration,
    /// Host ports.
    NodePorts,
    /// Resources.
    NodeResourcesFit,
    /// Spreading.
    PodTopologySpread,
    /// Other Pods.
    InterPodAffinity,
}

/// What one node says to a Pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Who refuses it, if somebody does.
    pub filter: Filter,
    /// Why not; empty when it fits.
    pub reasons: Vec<String>,
    /// Whether removing other Pods could help.
    pub preemption_helps: bool,
    /// Pods on the node.
    pub pods: usize,
    /// A reason that has nothing to do with the node.
    pub whole: Option<String>,
}

/// Checks one node: the first filter that refuses speaks.
pub fn check(api: &ApiServer, pod: &Pod, node: &Node, scene: &Scene) -> Verdict {
    let name = &*node.metadata.name;
    let pods = scene.count(name);
    let refuse = |filter: Filter, reason: &str| Verdict {
        filter,
        reasons: vec![reason.to_owned()],
        preemption_helps: false,
        pods,
        whole: None,
    };
    if let Some(text) = claimless(api, pod) {
        return Verdict {
            whole: Some(text.clone()),
            ..refuse(Filter::Other, &text)
        };
    }
    let spec = &pod.spec;
    match &scene.named {
        Some(names) if names.is_empty() => {
            let text = "pod affinity terms conflict";
            return Verdict {
                whole: Some(text.to_owned()),
                ..refuse(Filter::NodeAffinity, text)
            };
        }
        Some(names) if !names.iter().any(|named| named == name) => {
            return refuse(Filter::NodeAffinity, "node(s) didn't satisfy plugin(s) [NodeAffinity]");
        }
        _ => {}
    }
    let cordon = Taint {
        key: "node.kubernetes.io/unschedulable".to_owned(),
        effect: "NoSchedule".to_owned(),
        ..Taint::default()
    };
    if node.spec.unschedulable && !tolerated(&spec.tolerations, &cordon) {
        return refuse(Filter::NodeUnschedulable, "node(s) were unschedulable");
    }
    if let Some(taint) = untolerated(spec, node) {
        let text = match scene.names_taints {
            true => format!("node(s) had untolerated taint {{{}: {}}}", taint.key, taint.value),
            false => "node(s) had untolerated taint(s)".to_owned(),
        };
        return refuse(Filter::TaintToleration, &text);
    }
    if !node_fits(spec, node) {
        return refuse(
            Filter::NodeAffinity,
            "node(s) didn't match Pod's node affinity/selector",
        );
    }
    if scene.takes(name, &needs::host_ports(spec)) {
        let reason = "node(s) didn't have free ports for the requested pod ports";
        return Verdict {
            preemption_helps: true,
            ..refuse(Filter::NodePorts, reason)
        };
    }
    let mut verdict = Verdict {
        filter: Filter::NodeResourcesFit,
        pods,
        preemption_helps: true,
        ..Verdict::default()
    };
    let allocatable = |name: &str| needs::allocatable(node, name);
    if (pods as i128 + 1) * 1000 > allocatable("pods") {
        verdict.reasons.push("Too many pods".to_owned());
    }
    for (resource, amount) in requests(spec) {
        let used = scene.requested(name, &resource);
        if amount > 0 && amount > allocatable(&resource) - used {
            verdict.reasons.push(format!("Insufficient {resource}"));
            // More than the whole node has: nobody's removal makes room.
            verdict.preemption_helps &= amount <= allocatable(&resource);
        }
    }
    sort::sort(&mut verdict.reasons);
    if !verdict.reasons.is_empty() {
        return verdict;
    }
    let (filter, refusal) = match spread::refusal(pod, node, scene) {
        Some(refusal) => (Filter::PodTopologySpread, Some(refusal)),
        None => (
            Filter::InterPodAffinity,
            interpod::refusal(api, pod, node, &scene.placed),
        ),
    };
    match refusal {
        Some((reason, helps)) => Verdict {
            preemption_helps: helps,
            ..refuse(filter, reason)
        },
        None => Verdict {
            filter: Filter::Other,
            ..verdict
        },
    }
}

/// The first taint that a Pod does not put up with and that keeps it from the node.
pub fn untolerated<'n>(spec: &PodSpec, node: &'n Node) -> Option<&'n Taint> {
    let bad = |t: &&Taint| t.effect != "PreferNoSchedule" && !tolerated(&spec.tolerations, t);
    node.spec.taints.iter().find(bad)
}

/// The nodes, and the Pods on them.
pub struct Scene<'a> {
    api: &'a ApiServer,
    /// All nodes.
    pub nodes: Vec<&'a Node>,
    /// Pods that are taken to be gone.
    without: &'a [Uid],
    /// The only nodes that the Pod in question may have, where it names them.
    named: Option<Vec<String>>,
    /// Whether a refusal for a taint names it.
    pub names_taints: bool,
    /// The Pods that are on nodes; empty when neither the Pod in question nor one of them asks for others.
    pub placed: Vec<Placed<'a>>,
}

impl<'a> Scene<'a> {
    /// The scene for a Pod, without the Pods in `without`.
    pub fn of(api: &'a ApiServer, pod: &Pod, nodes: &'a [Rc<Node>], without: &'a [Uid]) -> Scene<'a> {
        let own = needs::asks_for_pods(&pod.spec) || !pod.spec.topology_spread_constraints.is_empty();
        let mut placed = Vec::new();
        if own || api.any_pod_asks() {
            let by_name: Map<&str, &Node> = nodes.iter().map(|n| (&*n.metadata.name, &**n)).collect();
            let kept = api.pods().filter(|s| !without.contains(&s.uid)).map(|s| &*s.pod);
            let kept = kept.filter(|p| !p.spec.node_name.is_empty() && !p.status.phase.is_terminal());
            placed.extend(kept.filter_map(|p| Some((p, *by_name.get(&*p.spec.node_name)?))));
        }
        let named = named_nodes(&pod.spec);
        Scene {
            api,
            nodes: nodes.iter().map(|n| &**n).collect(),
            without,
            named: named.map(|names| names.into_iter().map(str::to_owned).collect()),
            names_taints: false,
            placed,
        }
    }

    /// The Pods of this node that are taken to be gone.
    fn gone(&self, node: &str) -> impl Iterator<Item = &'a Pod> {
        let usage = self.api.usage(node);
        let here = move |uid: &&Uid| usage.is_some_and(|usage| usage.pods().contains(*uid));
        let api = self.api;
        self.without
            .iter()
            .filter(here)
            .filter_map(move |uid| api.pod(*uid))
            .map(|stored| &*stored.pod)
    }

    /// How many Pods are on the node of this name.
    fn count(&self, node: &str) -> usize {
        let all = self.api.usage(node).map_or(0, |usage| usage.pods().len());
        all.saturating_sub(self.gone(node).count())
    }

    /// How much of a resource they request.
    fn requested(&self, node: &str, resource: &str) -> i128 {
        let all = self.api.usage(node).map_or(0, |usage| usage.requested(resource));
        let gone = self
            .gone(node)
            .map(|pod| requests(&pod.spec).get(resource).copied().unwrap_or(0));
        all - gone.sum::<i128>()
    }

    /// Whether one of these ports is taken on the node.
    fn takes(&self, node: &str, wanted: &[HostPort]) -> bool {
        if wanted.is_empty() {
            return false;
        }
        let freed: Vec<HostPort> = self.gone(node).flat_map(|pod| needs::host_ports(&pod.spec)).collect();
        let taken = self.api.usage(node).map_or(&[][..], |usage| usage.ports());
        let times = |all: &[HostPort], port: &HostPort| all.iter().filter(|p| p.conflicts(port)).count();
        wanted.iter().any(|port| times(taken, port) > times(&freed, port))
    }
}

/// Why a Pod fits on no node whatever the nodes are like: a claim that is not there (spec/12 §2, VolumeBinding).
pub fn claimless(api: &ApiServer, pod: &Pod) -> Option<String> {
    let claims = pod
        .spec
        .volumes
        .iter()
        .filter_map(|v| v.persistent_volume_claim.as_ref());
    let mut names = claims.map(|claim| text(claim, "claimName"));
    names.find_map(|name| match api.claim(&pod.metadata.namespace, name) {
        None => Some(format!("persistentvolumeclaim \"{name}\" not found")),
        Some(claim) if is_terminating_claim(claim) => {
            Some(format!("persistentvolumeclaim \"{name}\" is being deleted"))
        }
        Some(_) => None,
    })
}

/// `0/3 nodes are available: …` with the part about preemption, unless a node is being made free. A Pod may have a reason
/// why it must not preempt others.
pub fn message(verdicts: &[Verdict], names_claims: bool, nominated: bool, not_eligible: Option<&str>) -> String {
    let total = verdicts.len();
    if total == 0 {
        return "no nodes available to schedule pods".to_owned();
    }
    // What holds for the whole Pod is said once.
    let filter = match verdicts.iter().map(|v| v.whole.as_deref()).next().flatten() {
        Some(text) => text.to_owned(),
        None => histogram(verdicts.iter().flat_map(|v| v.reasons.iter().map(String::as_str))),
    };
    if nominated {
        return format!("0/{total} nodes are available: {filter}.");
    }
    let claims = if names_claims {
        "no new claims to deallocate, "
    } else {
        ""
    };
    if let Some(why) = not_eligible {
        return format!("0/{total} nodes are available: {filter}. {claims}preemption: not eligible due to {why}.");
    }
    let preemption = histogram(verdicts.iter().map(|v| {
        if v.preemption_helps {
            "No preemption victims found for incoming pod"
        } else {
            "Preemption is not helpful for scheduling"
        }
    }));
    format!("0/{total} nodes are available: {filter}. {claims}preemption: 0/{total} nodes are available: {preemption}.")
}

/// Counts of equal reasons, sorted as text.
fn histogram<'a>(reasons: impl Iterator<Item = &'a str>) -> String {
    let mut counts: Map<&str, usize> = Map::new();
    for reason in reasons {
        *counts.entry(reason).or_default() += 1;
    }
    let mut texts: Vec<String> = counts.into_iter().map(|(reason, n)| format!("{n} {reason}")).collect();
    sort::sort(&mut texts);
    texts.join(", ")
}
