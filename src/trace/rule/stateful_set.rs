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
    /// It has not been ready for `minReadySeconds`.
    NotAvailable,
}
