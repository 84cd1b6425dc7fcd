//! Rules of the CronJob controller.

/// A rule of the CronJob controller (`pkg/controller/cronjob`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CronJobRule {
    /// The status follows the Jobs.
    Status,
}
