//! Twin: pkg/controller/daemon/daemon_controller.go (v1.36.2)
//! Covers: `NodeShouldRunDaemonPod`, `getNodesToDaemonPods`.
//! Left out: what `mod.rs`, `status.rs` and `update.rs` cover.

use std::rc::Rc;

use super::template;
use crate::api::Pod;
use crate::api::needs::tolerated;
use crate::api::objects::{Node, Taint};
use crate::api::selects::node_fits;
use crate::api::workload::DaemonSetSpec;
use crate::apiserver::{ApiServer, Typed};
use crate::machine::Uid;
use crate::map::Map;

/// All nodes, by name.
pub fn all(api: &ApiServer) -> Vec<Rc<Node>> {
    let node = |typed: &Typed| match typed {
        Typed::Node(node) => Some(node.clone()),
        _ => None,
    };
    api.objects().filter_map(|(_, object)| node(&object.typed)).collect()
}

/// What a node is for a DaemonSet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// It should run a Pod.
    pub runs: bool,
    /// A Pod that is there may stay.
    pub stays: bool,
}

/// Whether a node should run a Pod of a DaemonSet, and whether one that is there may stay.
pub fn fit(spec: &DaemonSetSpec, node: &Node) -> Fit {
    let pod = &spec.template.spec;
    let named = pod.node_name.is_empty() || *pod.node_name == *node.metadata.name;
    if !named || !node_fits(pod, node) {
        return Fit {
            runs: false,
            stays: false,
        };
    }
    let tolerations = template::tolerations(pod);
    let cordon = Taint {
        key: "node.kubernetes.io/unschedulable".to_owned(),
        effect: "NoSchedule".to_owned(),
        ..Taint::default()
    };
    let taints = node
        .spec
        .taints
        .iter()
        .chain(node.spec.unschedulable.then_some(&cordon));
    let untolerated: Vec<&Taint> = taints.filter(|taint| !tolerated(&tolerations, taint)).collect();
    Fit {
        runs: !untolerated.iter().any(|taint| taint.effect != "PreferNoSchedule"),
        stays: !untolerated.iter().any(|taint| taint.effect == "NoExecute"),
    }
}

/// The Pods of a DaemonSet by the node they are for, oldest first. Those that ended and are being deleted are left out.
pub struct Placement {
    by_node: Map<Rc<str>, Vec<(Uid, Rc<Pod>)>>,
}

impl Placement {
    /// These Pods by node.
    pub fn of(pods: &[(Uid, Rc<Pod>)]) -> Self {
        let mut by_node: Map<Rc<str>, Vec<(Uid, Rc<Pod>)>> = Map::new();
        for (uid, pod) in pods {
            let leaving = pod.status.phase.is_terminal() && pod.metadata.deletion_timestamp.is_some();
            if let Some(node) = template::target_node(pod).filter(|_| !leaving) {
                by_node.entry(node.into()).or_default().push((*uid, pod.clone()));
            }
        }
        Placement { by_node }
    }

    /// The Pods for the node of this name.
    pub fn on(&self, node: &str) -> &[(Uid, Rc<Pod>)] {
        self.by_node.get(node).map_or(&[], Vec::as_slice)
    }

    /// All nodes with Pods.
    pub fn nodes(&self) -> impl Iterator<Item = (&Rc<str>, &[(Uid, Rc<Pod>)])> {
        self.by_node.iter().map(|(node, pods)| (node, pods.as_slice()))
    }
}
