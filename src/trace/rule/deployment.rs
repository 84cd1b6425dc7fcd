//! Rules of the Deployment controller, with the numbers their sentences need.

use crate::time::Duration;

/// A rule of the Deployment controller (`pkg/controller/deployment`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeploymentRule {
    /// No ReplicaSet has the template: one is made.
    NewReplicaSet {
        /// Pods wanted.
        desired: u32,
        /// Pods allowed beyond those.
        surge: u32,
        /// Pods the other ReplicaSets ask for.
        others: u32,
        /// Its first count.
        replicas: u32,
    },
    /// An old ReplicaSet has the template: it becomes the newest one.
    ReusedReplicaSet {
        /// Its revision before.
        from: u32,
        /// Its revision now.
        to: u32,
    },
    /// The newest ReplicaSet grows as far as the surge allows.
    ScaledUp {
        /// Pods wanted.
        desired: u32,
        /// Pods allowed beyond those.
        surge: u32,
        /// Pods all ReplicaSets ask for.
        total: u32,
        /// Its count before.
        from: u32,
        /// Its count now.
        to: u32,
    },
    /// Pods of an old ReplicaSet that are not available go first.
    ScaledDownUnhealthy {
        /// Pods wanted.
        desired: u32,
        /// Pods that may be unavailable.
        max_unavailable: u32,
        /// Pods that may go.
        budget: u32,
        /// Its count before.
        from: u32,
        /// Its count now.
        to: u32,
    },
    /// An old ReplicaSet shrinks as far as enough Pods stay available.
    ScaledDown {
        /// Pods wanted.
        desired: u32,
        /// Pods that may be unavailable.
        max_unavailable: u32,
        /// Pods that are available.
        available: u32,
        /// Its count before.
        from: u32,
        /// Its count now.
        to: u32,
    },
    /// Strategy Recreate: the old ReplicaSets go to 0 first.
    RecreateDown,
    /// Strategy Recreate: the new ReplicaSet grows once no old Pod runs.
    RecreateUp,
    /// `spec.replicas` changed, and one ReplicaSet takes it over.
    ScaledTo {
        /// Pods wanted.
        desired: u32,
    },
    /// The newest ReplicaSet has all its Pods, so the others go to 0.
    Saturated,
    /// `spec.replicas` changed during a rollout, and each ReplicaSet takes its share.
    ScaledInProportion {
        /// Pods wanted.
        desired: u32,
        /// Pods wanted and surge, together.
        limit: u32,
        /// The same before the change.
        limit_before: u32,
        /// Its count before.
        from: u32,
        /// Its count now.
        to: u32,
    },
    /// The status follows the ReplicaSets.
    Status,
    /// Fewer Pods are available than have to be, or enough are.
    Available {
        /// Available Pods.
        available: u32,
        /// Pods that have to be.
        least: u32,
    },
    /// The rollout goes on, or is complete.
    Progress,
    /// No progress for `progressDeadlineSeconds`.
    DeadlineExceeded {
        /// Its value.
        limit: Duration,
    },
    /// `spec.paused` was set or taken back.
    Paused {
        /// Whether it is set.
        paused: bool,
    },
    /// An old ReplicaSet beyond `revisionHistoryLimit` goes.
    HistoryLimit {
        /// Its value.
        limit: u32,
    },
}
