//! Rules of the StatefulSet controller, with the numbers their sentences need.

use crate::time::Duration;

/// A rule of the StatefulSet controller (`pkg/controller/statefulset`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatefulSetRule {
    /// The Pod of this ordinal is missing, and everything before it is available.
    Create {
        /// Its ordinal.
        ordinal: u32,
        /// Pods wanted.
        desired: u32,
        /// One after the other (OrderedReady).
        ordered: bool,
        /// It lies below this partition, so it keeps the old revision.
        partition: Option<u32>,
    },
    /// The controller does nothing more before this Pod has changed.
    Waits {
        /// Its ordinal.
        ordinal: u32,
        /// What is the matter with it.
        why: Wait,
    },
    /// The Pod failed or succeeded: it is deleted, and one of the same name made.
    Ended {
        /// Its ordinal.
        ordinal: u32,
    },
    /// The ordinal is beyond the Pods wanted: the highest goes first.
    ScaledDown {
        /// Its ordinal.
        ordinal: u32,
        /// Pods wanted.
        desired: u32,
    },
    /// The Pod has an old revision: the highest ordinal is replaced first.
    Updated {
        /// Its ordinal.
        ordinal: u32,
        /// Ordinals below this keep the old revision.
        partition: u32,
        /// Pods that may be unavailable.
        max_unavailable: u32,
    },
    /// Labels or claims of the Pod were not as they should be: they are written again.
    Identity {
        /// Its ordinal.
        ordinal: u32,
    },
    /// A claim of a Pod gets another owner.
    ClaimOwned {
        /// The Pod's ordinal.
        ordinal: u32,
        /// Its owner from now on.
        owner: ClaimOwner,
    },
    /// The owner of a claim is gone, so the claim goes.
    ClaimDeleted {
        /// Its owner.
        owner: ClaimOwner,
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
        /// Its value.
        limit: u32,
    },
    /// A Pod could not be made; it is tried again.
    CreateFailed {
        /// After this long at the latest.
        retry: Duration,
    },
    /// The API server refused the status; it is counted again.
    StatusRefused {
        /// After this long at the latest.
        retry: Duration,
    },
    /// The status follows the Pods.
    Status,
    /// A Pod without a controller has name and labels: it is adopted.
    Adopted,
    /// A Pod lost the labels: it is released.
    Released,
}

/// Why a StatefulSet waits for a Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Its object is still there while it is being stopped.
    Terminating,
    /// It is not running and ready.
    NotReady,
    /// It is not running and ready, and has an old revision, which is not replaced before it is.
    Stuck,
    /// It has not been ready for `minReadySeconds`.
    NotAvailable,
    /// A claim of the Pod that had its name is still there.
    Claim,
}

/// With whom a claim goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimOwner {
    /// With its Pod.
    Pod,
    /// With its StatefulSet.
    Set,
    /// It stays.
    Nobody,
}
