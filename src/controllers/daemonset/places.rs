//! Twin: pkg/controller/daemon/daemon_controller.go (v1.36.2)
//! Covers: `NodeShouldRunDaemonPod` and which Pods are on which node (`getNodesToDaemonPods`).
//! Left out: comparison operators of tolerations.

use std::rc::Rc;

use super::template::{target_node, tolerations};
use crate::api::Pod;
use crate::api::needs::tolerated;
use crate::api::objects::{Node, Taint};
use crate::api::pod::Toleration;
use crate::api::selects::node_fits;
use crate::api::workload::DaemonSetSpec;
use crate::apiserver::{ApiServer, Typed};
use crate::machine::{Setup, Uid};
use crate::map::Map;
use crate::sort;
use crate::time::{Calendar, Instant};
use crate::trace::DaemonSetRule;

/// A Pod with its identity.
pub(super) type PodRef = (Uid, Rc<Pod>);

/// What a node says to the Pods of a DaemonSet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It should run one.
    Runs,
    /// It gets none, but one that is there stays: a taint with effect NoSchedule.
    Stays,
    /// One that is there has to go, by this rule.
    Leaves(DaemonSetRule),
}

/// Whether a node should run a Pod (`NodeShouldRunDaemonPod`).
pub(super) fn fit(spec: &DaemonSetSpec, tolerations: &[Toleration], node: &Node) -> Fit {
    let template = &spec.template.spec;
    let named = template.node_name.is_empty() || template.node_name == node.metadata.name;
    if !named || !node_fits(template, node) {
        return Fit::Leaves(DaemonSetRule::NodeUnfit);
    }
    let refused = |effect: &str| {
        let bad = |t: &Taint| t.effect == effect && !tolerated(tolerations, t);
        node.spec.taints.iter().any(bad)
    };
    if refused("NoExecute") {
        Fit::Leaves(DaemonSetRule::NodeTainted)
    } else if refused("NoSchedule") {
        Fit::Stays
    } else {
        Fit::Runs
    }
}

/// A node that is there, and what it says.
#[derive(Clone, Debug)]
struct Place {
    node: Rc<str>,
    index: u16,
    fit: Fit,
}

/// What all nodes say to the Pods of one DaemonSet: kept from sync to sync, since nodes and templates seldom change.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// The generation of the DaemonSet and the number of changes of nodes that this holds for.
    of: Option<(i64, u32)>,
    all: Vec<Place>,
    by_name: Map<Rc<str>, usize>,
}

impl Places {
    /// Asks all nodes again, if one of them or the DaemonSet has changed.
    pub fn refresh(&mut self, api: &ApiServer, of: (i64, u32), spec: &DaemonSetSpec) {
        if self.of == Some(of) {
            return;
        }
        let tolerations = tolerations(&spec.template.spec);
        let nodes = api.objects().filter_map(|(_, object)| match &object.typed {
            Typed::Node(node) => Some(node),
            _ => None,
        });
        let place = |node: &Rc<Node>| Place {
            node: node.metadata.name.clone(),
            index: api.node_index(&node.metadata.name).unwrap_or(u16::MAX),
            fit: fit(spec, &tolerations, node),
        };
        self.all = nodes.map(place).collect();
        // The order of the scenario; by name where it has none.
        sort::sort_by_key(&mut self.all, |place| place.index);
        let names = self.all.iter().enumerate();
        self.by_name = names.map(|(at, place)| (place.node.clone(), at)).collect();
        self.of = Some(of);
    }

    /// How many nodes should run a Pod.
    pub fn desired(&self) -> usize {
        self.all.iter().filter(|place| place.fit == Fit::Runs).count()
    }

    /// The Pods by node, in the order in which they are looked at: upstream's is that of a Go map and differs each time.
    /// Pods that were deleted and have ended are of no interest any more. Nodes that are gone come last.
    pub fn with_pods(&self, pods: impl Iterator<Item = PodRef>, setup: &Setup, now: Instant) -> Vec<OnNode> {
        let mut found: Vec<OnNode> = self
            .all
            .iter()
            .map(|place| OnNode::of(&place.node, Some(place.fit)))
            .collect();
        for (uid, pod) in pods {
            let over = pod.metadata.deletion_timestamp.is_some() && pod.status.phase.is_terminal();
            let Some(node) = target_node(&pod).filter(|_| !over) else {
                continue;
            };
            let at = match self.by_name.get(node) {
                Some(at) => *at,
                None => {
                    let gone = found.iter().position(|on| *on.node == *node);
                    gone.unwrap_or_else(|| {
                        found.push(OnNode::of(&node.into(), None));
                        found.len() - 1
                    })
                }
            };
            if let Some(on) = found.get_mut(at) {
                on.pods.push((uid, pod));
            }
        }
        if setup.seed != 0 {
            let occasion = now.micros().unsigned_abs();
            let draws = (0_u32..).map(|thing| setup.stream("daemonset.order", thing, occasion).bits());
            let mut drawn: Vec<(u64, OnNode)> = draws.zip(found).collect();
            sort::sort_by_key(&mut drawn, |(draw, _)| *draw);
            return drawn.into_iter().map(|(_, on)| on).collect();
        }
        found
    }
}

/// A node with the Pods on it.
#[derive(Clone, Debug)]
pub(super) struct OnNode {
    /// Its name.
    pub node: Rc<str>,
    /// What it says; none when it is gone.
    pub fit: Option<Fit>,
    /// Its Pods, in order of creation.
    pub pods: Vec<PodRef>,
}

impl OnNode {
    fn of(node: &Rc<str>, fit: Option<Fit>) -> Self {
        OnNode {
            node: node.clone(),
            fit,
            pods: Vec::new(),
        }
    }

    /// Whether it should run a Pod.
    pub fn runs(&self) -> bool {
        self.fit == Some(Fit::Runs)
    }
}

/// Puts Pods that are bound first, then the oldest (`podByCreationTimestampAndPhase`).
pub(super) fn oldest_first(pods: &mut [PodRef], calendar: Calendar) {
    sort::sort_by_key(pods, |(_, pod)| {
        let created = pod.metadata.creation_timestamp.map(|t| calendar.trunc(t.0));
        (pod.spec.node_name.is_empty(), created, pod.metadata.name.clone())
    });
}
