//! Rules of the CronJob controller.

use crate::time::{Duration, Instant};

/// A rule of the CronJob controller (`pkg/controller/cronjob`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CronJobRule {
    /// The status follows the Jobs.
    Status,
    /// A scheduled time has come, and its Job is made.
    Due {
        /// The scheduled time.
        scheduled: Instant,
        /// How long ago it was.
        late: Duration,
        /// Scheduled times since the last start that are left out for good.
        missed: u32,
    },
    /// `concurrencyPolicy: Forbid`: a Job still runs, so none is made.
    AlreadyActive {
        /// The scheduled time.
        scheduled: Instant,
        /// Jobs that run.
        active: u32,
    },
    /// `concurrencyPolicy: Replace`: the Job that runs is deleted.
    Replaced {
        /// The scheduled time of the new one.
        scheduled: Instant,
    },
    /// A scheduled time passed by more than `startingDeadlineSeconds`: no Job is made for it.
    TooLate {
        /// The scheduled time.
        scheduled: Instant,
        /// How long ago it was.
        late: Duration,
        /// The limit.
        limit: Duration,
    },
    /// More than a hundred scheduled times were missed.
    TooManyMissed {
        /// So many, roughly.
        missed: u32,
    },
    /// A Job names the CronJob as its owner, and the CronJob does not know it.
    Unexpected,
    /// A Job that ran is gone.
    Missing,
    /// A Job has ended.
    SawCompleted,
    /// A finished Job beyond the history limit goes.
    HistoryLimit {
        /// Whether the limit is that of successful Jobs.
        successful: bool,
        /// The limit.
        limit: u32,
    },
    /// The schedule or the time zone cannot be read, so nothing is ever due.
    Unreadable,
}
