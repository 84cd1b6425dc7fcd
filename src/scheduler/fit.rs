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
use crate::api::Pod;
use crate::api::needs::{self, requests, tolerated};
use crate::api::objects::{Node, Taint};
use crate::api::selects::{node_fits, text};
use crate::apiserver::ApiServer;
use crate::machine::Uid;
use crate::map::Map;
use crate::sort;

/// What one node says to a Pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
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
    let on_node = scene.on_node(&node.metadata.name);
    let refuse = |reason: &str| Verdict {
        reasons: vec![reason.to_owned()],
        preemption_helps: false,
        pods: on_node.len(),
        whole: None,
    };
    if let Some(text) = claimless(api, pod) {
        return Verdict {
            whole: Some(text.clone()),
            ..refuse(&text)
        };
    }
    let spec = &pod.spec;
    let cordon = Taint {
        key: "node.kubernetes.io/unschedulable".to_owned(),
        effect: "NoSchedule".to_owned(),
        ..Taint::default()
    };
    if node.spec.unschedulable && !tolerated(&spec.tolerations, &cordon) {
        return refuse("node(s) were unschedulable");
    }
    let bad = |t: &&Taint| t.effect != "PreferNoSchedule" && !tolerated(&spec.tolerations, t);
    if node.spec.taints.iter().find(bad).is_some() {
        return refuse("node(s) had untolerated taint(s)");
    }
    if !node_fits(spec, node) {
        return refuse("node(s) didn't match Pod's node affinity/selector");
    }
    let wanted = needs::host_ports(spec);
    let clashes = |p: &&Pod| needs::host_ports(&p.spec).iter().any(|n| wanted.contains(n));
    if on_node.iter().any(clashes) {
        let reason = "node(s) didn't have free ports for the requested pod ports";
        return Verdict {
            preemption_helps: true,
            ..refuse(reason)
        };
    }
    let mut verdict = Verdict {
        pods: on_node.len(),
        preemption_helps: true,
        ..Verdict::default()
    };
    let allocatable = |name: &str| needs::allocatable(node, name);
    if (on_node.len() as i128 + 1) * 1000 > allocatable("pods") {
        verdict.reasons.push("Too many pods".to_owned());
    }
    for (name, amount) in requests(spec) {
        let used: i128 = on_node
            .iter()
            .map(|p| requests(&p.spec).get(&name).copied().unwrap_or(0))
            .sum();
        if amount > 0 && amount > allocatable(&name) - used {
            verdict.reasons.push(format!("Insufficient {name}"));
            // More than the whole node has: nobody's removal makes room.
            verdict.preemption_helps &= amount <= allocatable(&name);
        }
    }
    sort::sort(&mut verdict.reasons);
    let relations = || {
        let spread = spread::refusal(pod, node, scene);
        spread.or_else(|| interpod::refusal(api, pod, node, &scene.placed))
    };
    if verdict.reasons.is_empty()
        && let Some((reason, helps)) = relations()
    {
        verdict.reasons.push(reason.to_owned());
        verdict.preemption_helps = helps;
    }
    verdict
}

/// The nodes, and the Pods on them.
pub struct Scene<'a> {
    /// All nodes.
    pub nodes: Vec<&'a Node>,
    /// The Pods of each node by its name, in their order, but for those that have finished.
    there: Map<&'a str, Vec<&'a Pod>>,
    /// The Pods that are on them; empty when neither the Pod in question nor one of them asks for others.
    pub placed: Vec<Placed<'a>>,
}

impl<'a> Scene<'a> {
    /// The scene for a Pod, without the Pods in `without`.
    pub fn of(api: &'a ApiServer, pod: &Pod, nodes: &'a [Rc<Node>], without: &[Uid]) -> Scene<'a> {
        let kept = || {
            let kept = api.pods().filter(|s| !without.contains(&s.uid)).map(|s| &*s.pod);
            kept.filter(|p| !p.spec.node_name.is_empty() && !p.status.phase.is_terminal())
        };
        let mut asks = pod.spec.affinity.is_some() || !pod.spec.topology_spread_constraints.is_empty();
        let mut there: Map<&str, Vec<&Pod>> = Map::new();
        for p in kept() {
            asks |= p.spec.affinity.is_some();
            there.entry(&*p.spec.node_name).or_default().push(p);
        }
        let mut placed = Vec::new();
        if asks {
            let by_name: Map<&str, &Node> = nodes.iter().map(|n| (&*n.metadata.name, &**n)).collect();
            placed.extend(kept().filter_map(|p| Some((p, *by_name.get(&*p.spec.node_name)?))));
        }
        Scene {
            nodes: nodes.iter().map(|n| &**n).collect(),
            there,
            placed,
        }
    }

    /// The Pods on the node of this name.
    fn on_node(&self, name: &str) -> &[&'a Pod] {
        self.there.get(name).map_or(&[], Vec::as_slice)
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
    let there = |name: &str| {
        api.object("PersistentVolumeClaim", &pod.metadata.namespace, name)
            .is_some()
    };
    let missing = names.find(|name| !there(name))?;
    Some(format!("persistentvolumeclaim \"{missing}\" not found"))
}

/// `0/3 nodes are available: …` with the part about preemption, unless a node is being made free.
pub fn message(verdicts: &[Verdict], names_claims: bool, nominated: bool, never_preempts: bool) -> String {
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
    if never_preempts {
        return format!(
            "0/{total} nodes are available: {filter}. {claims}preemption: not eligible due to preemptionPolicy=Never."
        );
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
