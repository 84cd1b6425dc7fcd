//! Rules of the CronJob controller.

use crate::trace::{Counts, CronJobRule, What};
use crate::view::words::Facts;
use crate::view::words::en::count;
use crate::view::words::time::{clock, span};

/// The rule in plain words.
pub fn how(facts: &Facts<'_>, rule: CronJobRule) -> String {
    match rule {
        CronJobRule::Status if matches!(facts.what, What::Counts(Counts::CronJob { suspended: true, .. })) => {
            "spec.suspend is true, so no Job is started. The times in the schedule that pass meanwhile are missed.".to_owned()
        }
        CronJobRule::Status => "The status lists the Jobs that run, and the times of the last start and success.".to_owned(),
        CronJobRule::Due { scheduled, late, missed } => {
            let left_out = match missed {
                0 => String::new(),
                _ => format!(" {} missed before it; only the latest is made up for.", count(missed, "start was", "starts were")),
            };
            format!(
                "The schedule asks for a Job at {}, {} ago, and it has none yet, so it is made.{left_out}",
                clock(scheduled),
                span(late)
            )
        }
        CronJobRule::AlreadyActive { scheduled, active } => format!(
            "The schedule asks for a Job at {}, but {} and concurrencyPolicy is Forbid, so none is made. The start is made \
             up for when the running one has ended, unless a later time or the deadline comes first.",
            clock(scheduled),
            count(active, "Job still runs", "Jobs still run")
        ),
        CronJobRule::Replaced { scheduled } => format!(
            "concurrencyPolicy is Replace: the Job that still runs is deleted, and that of {} takes its place.",
            clock(scheduled)
        ),
        CronJobRule::TooLate { scheduled, late, limit } => format!(
            "The start of {} is {} late and startingDeadlineSeconds is {}, so no Job is made for it. Kubernetes tells of it \
             with no Event.",
            clock(scheduled),
            span(late),
            span(limit)
        ),
        CronJobRule::TooManyMissed { missed } => format!(
            "{missed} starts were missed, more than 100, which Kubernetes takes for a wrong clock: it warns, and starts the \
             latest all the same."
        ),
        CronJobRule::Unexpected => {
            "A Job that names this CronJob as its owner runs, but the controller did not make it: kubectl create job --from \
             makes such Jobs. The warning comes at every look while it runs."
                .to_owned()
        }
        CronJobRule::Missing => "A Job in the list of active ones is gone, so it is taken off the list.".to_owned(),
        CronJobRule::SawCompleted => "A Job in the list of active ones has ended, so it is taken off the list.".to_owned(),
        CronJobRule::HistoryLimit { successful, limit } => format!(
            "{} is {limit}, so the Job that started first is deleted, with its Pods.",
            if successful { "successfulJobsHistoryLimit" } else { "failedJobsHistoryLimit" }
        ),
        CronJobRule::Unreadable => {
            "The schedule or its time zone gives no time at all, so nothing is ever started until it is changed.".to_owned()
        }
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &CronJobRule) -> String {
    match rule {
        CronJobRule::Status => format!("the status of {who} is written"),
        CronJobRule::Due { scheduled, .. } => format!("{who} starts its Job of {}", clock(*scheduled)),
        CronJobRule::AlreadyActive { scheduled, .. } => {
            format!("{who} does not start its Job of {}: one still runs", clock(*scheduled))
        }
        CronJobRule::Replaced { .. } => format!("{who} replaces the Job that runs"),
        CronJobRule::TooLate { scheduled, .. } => {
            format!("{who} does not start its Job of {}: too late", clock(*scheduled))
        }
        CronJobRule::TooManyMissed { missed } => format!("{who} missed {missed} starts"),
        CronJobRule::Unexpected => format!("{who} sees a Job that it did not make"),
        CronJobRule::Missing => format!("{who} misses a Job"),
        CronJobRule::SawCompleted => format!("{who} sees that a Job has ended"),
        CronJobRule::HistoryLimit { .. } => format!("{who} deletes a finished Job"),
        CronJobRule::Unreadable => format!("{who} has no schedule that can be read"),
    }
}
