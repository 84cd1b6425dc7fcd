//! Rules of the ReplicaSet controller, which is the ReplicationController's too.

use crate::time::Duration;

/// A rule of the ReplicaSet controller (`pkg/controller/replicaset`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplicaSetRule {
    /// Too few Pods are active.
    TooFew {
        /// Pods wanted.
        desired: u32,
        /// Active ones.
        active: u32,
    },
    /// Too many Pods are active, and this one ranks first for deletion.
    TooMany {
        /// Pods wanted.
        desired: u32,
        /// Active ones.
        active: u32,
        /// What put it before those that stay.
        rank: DeletionRank,
    },
    /// A Pod could not be made; it is tried again.
    CreateFailed {
        /// After this long at the latest.
        retry: Duration,
    },
    /// The status follows the Pods.
    Status,
    /// A Pod without a controller has the labels: it is adopted.
    Adopted,
    /// A Pod lost the labels: it is released.
    Released,
}

/// What decides which of several Pods a controller deletes first. The first difference counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionRank {
    /// All go.
    All,
    /// It has no node yet.
    NoNode,
    /// It is still Pending, or Unknown.
    Phase,
    /// It is not ready.
    NotReady,
    /// Its annotation `controller.kubernetes.io/pod-deletion-cost` is lower.
    Cost {
        /// Its cost.
        cost: i32,
    },
    /// More Pods of the same owner are on its node.
    Crowded {
        /// So many.
        pods: u32,
    },
    /// It became ready later.
    ReadyLater,
    /// Its containers were restarted more often.
    Restarts {
        /// So often.
        restarts: u32,
    },
    /// It is newer.
    Newer,
    /// Nothing but the order of the uids.
    Uid,
}
