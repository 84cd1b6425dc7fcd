//! Rules of the DaemonSet controller, with the numbers their sentences need.

use crate::time::Duration;

/// A rule of the DaemonSet controller (`pkg/controller/daemon`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaemonSetRule {
    /// Nodes that should run a Pod have none.
    NodesWithoutPod {
        /// Nodes that should.
        desired: u32,
        /// Nodes of those that have one.
        current: u32,
    },
    /// The node's name or labels do not fit the template any more.
    NodeUnfit,
    /// The node has a taint with effect NoExecute that the Pod does not tolerate.
    NodeTainted,
    /// The Pod waits for a node that does not exist.
    NodeMissing,
    /// The Pod failed: it is deleted, and another one made.
    PodFailed {
        /// A Pod that fails again on this node within this time stays so long.
        backoff: Duration,
    },
    /// The Pod failed within the back-off of its node, so it stays for now.
    PodFailedAgain {
        /// The back-off.
        backoff: Duration,
    },
    /// The Pod succeeded: it is deleted, and another one made.
    PodSucceeded,
    /// An older Pod runs on the node.
    SecondPod,
    /// A Pod could not be made; it is tried again.
    CreateFailed {
        /// After this long at the latest.
        retry: Duration,
    },
    /// No revision has the template: one is made.
    NewRevision {
        /// Its number.
        number: u32,
    },
    /// An older revision has the template: it becomes the newest one.
    ReusedRevision {
        /// Its number before.
        from: u32,
        /// Its number now.
        to: u32,
    },
    /// An old revision beyond `revisionHistoryLimit` that no Pod has goes.
    HistoryLimit {
        /// The limit.
        limit: u32,
    },
    /// An old Pod is available, and fewer Pods are unavailable than may be: it is replaced.
    Replaced {
        /// Nodes that should run a Pod.
        desired: u32,
        /// Pods that may be unavailable.
        max_unavailable: u32,
        /// Nodes without an available Pod.
        unavailable: u32,
    },
    /// An old Pod is not available anyway: it is replaced, whatever `maxUnavailable` says.
    ReplacedUnavailable,
    /// A new Pod is made beside an old one that is available.
    Surged {
        /// Nodes that may have two Pods at a time.
        max_surge: u32,
        /// Nodes whose new Pod is not available yet.
        surging: u32,
    },
    /// A new Pod is made beside an old one that is not available, whatever `maxSurge` says.
    SurgedUnavailable,
    /// The new Pod on the node is available, so the old one goes.
    SurgeDone,
    /// The old Pod on a node with two is not ready, so it goes first.
    OldNotReady,
    /// The node should not run a Pod any more, and enough others are available: its old one goes.
    Moved {
        /// Nodes that should run a Pod.
        desired: u32,
        /// Available Pods.
        available: u32,
    },
    /// The status follows the Pods.
    Status,
    /// A Pod without a controller has the labels: it is adopted.
    Adopted,
    /// A Pod lost the labels: it is released.
    Released,
}
