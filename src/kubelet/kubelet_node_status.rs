//! Twin: pkg/kubelet/kubelet_node_status.go (v1.36.2)
//! Covers: `recordNodeSchedulableEvent`, `recordNodeStatusEvent`.
//! Left out: the report of the node's status itself, whose times `kubectl` shows as if they were written; a kubelet that
//! was started again and says once more that its node is cordoned.

use super::entry::Env;
use super::kubelet::Kubelet;
use crate::apiserver::{EventSource, write_event};
use crate::machine::{Part, Setup, Uid};
use crate::time::{Duration, Instant};
use crate::trace::{LaneId, LaneKind};

/// A kubelet looks at its Node this often (`nodeStatusUpdateFrequency`).
const PERIOD: Duration = Duration::from_secs(10);
/// In the nominal run it does so in the middle of the period.
const PHASE: Instant = Instant::from_secs(5);

/// What a kubelet knows of its Node.
#[derive(Clone, Debug)]
pub struct NodeStatus {
    /// Looks are on this phase of their grid.
    phase: Instant,
    /// Whether the Node was cordoned at the last look.
    unschedulable: bool,
    /// When a change is seen that was not there at the last look.
    due: Option<Instant>,
    /// The lane of the node, once it has an entry.
    lane: Option<LaneId>,
}

impl NodeStatus {
    /// Of a kubelet that has run for a while.
    pub fn new(setup: &Setup, node: u16) -> Self {
        let drawn = setup.stream("kubelet.node.status", u32::from(node), 0);
        let phase = match setup.seed {
            0 => PHASE,
            _ => Instant::ZERO + drawn.clone().uniform(Duration::ZERO, PERIOD),
        };
        NodeStatus {
            phase,
            unschedulable: false,
            due: None,
            lane: None,
        }
    }
}

/// The Node was cordoned or uncordoned, or it is time to look: looks that find nothing new are left out.
pub fn sync(k: &mut Kubelet, env: &mut Env) {
    let now = env.now();
    let Some(node) = env.api.node(&k.agent.name) else {
        return;
    };
    let unschedulable = node.spec.unschedulable;
    if unschedulable == k.node_status.unschedulable {
        k.node_status.due = None;
        return;
    }
    let phase = k.node_status.phase;
    let due = *k.node_status.due.get_or_insert_with(|| now.ceil_to_grid(phase, PERIOD));
    if due > now {
        env.cx.queue.alarm(Part::NodeStatus(k.agent.node), Some(due));
        return;
    }
    k.node_status.due = None;
    k.node_status.unschedulable = unschedulable;
    let word = if unschedulable {
        "NodeNotSchedulable"
    } else {
        "NodeSchedulable"
    };
    let message = format!("Node {} status is now: {word}", k.agent.name);
    node_event(k, env, false, word, &message);
}

/// Writes an Event about the kubelet's own Node.
pub fn node_event(k: &mut Kubelet, env: &mut Env, warning: bool, reason: &str, message: &str) {
    let name = k.agent.name.clone();
    let lane = *k
        .node_status
        .lane
        .get_or_insert_with(|| env.cx.log.lane(LaneKind::Node, None, &name));
    let source = EventSource {
        uid: Uid::default(),
        object: &format!("Node/{name}"),
        namespace: "default",
        field_path: "",
        component: "kubelet",
        lane,
        because: env.api.node_story(&name),
    };
    let now = env.now();
    write_event(
        &mut env.cx,
        env.api,
        &source,
        warning,
        reason.into(),
        message.into(),
        1,
        now,
    );
}
