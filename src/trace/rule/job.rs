//! Rules of the Job controller, and of the one that deletes finished Jobs.

use super::DeletionRank;
use crate::time::Duration;

/// A rule of the Job controller (`pkg/controller/job`), or of `pkg/controller/ttlafterfinished`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobRule {
    /// The status follows the Pods, 1 s after the first change that it gathers.
    Status,
    /// Too few Pods are active.
    TooFew {
        /// Pods that may run at the same time.
        parallelism: u32,
        /// Successes that are missing; `None` without `completions`.
        missing: Option<u32>,
        /// Active Pods.
        active: u32,
        /// Pods that are made now.
        made: u32,
    },
    /// Too many Pods are active, and this one ranks first for deletion.
    TooMany {
        /// Active Pods wanted.
        wanted: u32,
        /// Active ones.
        active: u32,
        /// What put it before those that stay.
        rank: DeletionRank,
    },
    /// Two Pods have the same index, or it is none of the Job's any more.
    WrongIndex,
    /// `spec.suspend` was set or taken back.
    Suspended {
        /// Whether it is set.
        suspended: bool,
    },
    /// The next Pod waits for the back-off.
    Backoff {
        /// Failures since the last success.
        failures: u32,
        /// The wait after the last failure.
        delay: Duration,
        /// What is left of it.
        left: Duration,
    },
    /// The next Pod of an index waits for the back-off of this index.
    IndexBackoff {
        /// The index.
        index: u32,
        /// Its failures.
        failures: u32,
        /// The wait after the last one.
        delay: Duration,
        /// What is left of it.
        left: Duration,
    },
    /// A Pod could not be made; it is tried again.
    CreateFailed {
        /// After this long at the latest.
        retry: Duration,
    },
    /// Pods that ended are counted, and lose the finalizer that kept them until then.
    Counted {
        /// Pods that succeeded.
        succeeded: u32,
        /// Pods that failed.
        failed: u32,
    },
    /// A rule of `podFailurePolicy` fits a Pod that failed.
    Policy {
        /// Its number, from 0.
        rule: u32,
        /// What it asks for.
        action: FailureAction,
    },
    /// All successes are there.
    Succeeded {
        /// Successes so far.
        succeeded: u32,
        /// Successes wanted; `None` without `completions`.
        completions: Option<u32>,
    },
    /// A rule of `successPolicy` is met.
    SuccessPolicy {
        /// Its number, from 0.
        rule: u32,
    },
    /// More Pods failed than `backoffLimit` allows.
    BackoffLimit {
        /// Pods that failed.
        failed: u32,
        /// The limit.
        limit: u32,
    },
    /// The containers were restarted as often as `backoffLimit` allows.
    RestartLimit {
        /// Restarts.
        restarts: u32,
        /// The limit.
        limit: u32,
    },
    /// The Job ran longer than `activeDeadlineSeconds`.
    Deadline {
        /// The limit.
        limit: Duration,
    },
    /// Every index has ended, and some failed.
    FailedIndexes {
        /// Failed indexes.
        failed: u32,
        /// All indexes.
        completions: u32,
    },
    /// More indexes failed than `maxFailedIndexes` allows.
    MaxFailedIndexes {
        /// Failed indexes.
        failed: u32,
        /// The limit.
        limit: u32,
    },
    /// The Job is ending, so its active Pods are deleted.
    Ending,
    /// No Pod is left that would have to be counted, so the Job has ended.
    Ended {
        /// Whether it is Complete.
        complete: bool,
    },
    /// A Pod without a controller has the labels: it is adopted.
    Adopted,
    /// A Pod lost the labels: it is released.
    Released,
    /// Nobody counts this Pod any more, so it loses the finalizer.
    Orphan,
    /// The Job ended `ttlSecondsAfterFinished` ago.
    TimeToLive {
        /// The limit.
        limit: Duration,
    },
}

/// What a rule of `podFailurePolicy` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureAction {
    /// The Job fails at once.
    FailJob,
    /// The index fails at once.
    FailIndex,
    /// The failure does not count.
    Ignore,
    /// The failure counts, as without a policy.
    Count,
}
