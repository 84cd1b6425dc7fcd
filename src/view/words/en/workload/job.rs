//! Rules of the Job controller.

use super::replica_set::ranked;
use crate::time::Duration;
use crate::trace::{DeletionRank, FailureAction, JobRule, What};
use crate::view::words::Facts;
use crate::view::words::en::count;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(facts: &Facts<'_>, rule: JobRule) -> String {
    match rule {
        JobRule::Status => status(facts).to_owned(),
        JobRule::TooFew {
            parallelism,
            missing,
            active,
            made,
        } => {
            let made = count(made, "more is", "more are");
            match missing {
                Some(missing) => format!(
                    "{} and parallelism is {parallelism}, so {} may run. {active} active: {made} made from the template.",
                    count(missing, "success is missing", "successes are missing"),
                    count(missing.min(parallelism), "Pod", "Pods"),
                ),
                None => format!("parallelism is {parallelism} and {active} active: {made} made from the template."),
            }
        }
        JobRule::TooMany { wanted, active, rank } => format!(
            "{} wanted and {active} active, so {} may go. They do not count as failed. {}",
            count(wanted, "Pod is", "Pods are"),
            active.saturating_sub(wanted),
            removed_first(rank)
        ),
        JobRule::WrongIndex => {
            "Its index is not below completions any more, or another Pod has the same one, so this Pod goes.".to_owned()
        }
        JobRule::Suspended { suspended: true } => {
            "spec.suspend is true: every active Pod is deleted. They do not count as failed.".to_owned()
        }
        JobRule::Suspended { suspended: false } => "spec.suspend is false again: the Job goes on.".to_owned(),
        JobRule::Backoff { failures, delay, left } => waiting("since the last success", failures, delay, left),
        JobRule::IndexBackoff {
            index,
            failures,
            delay,
            left,
        } => waiting(&format!("of index {index}"), failures, delay, left),
        JobRule::CreateFailed { retry } => format!(
            "The API server refused the Pod. The controller tries again after {}, a delay that doubles with every failure \
             from 1 s up to 1 min.",
            span(retry)
        ),
        JobRule::Counted {
            succeeded: 0,
            failed: 0,
        } => "No Pod is counted: those that ended are ignored, or were counted before. They only lose the finalizer \
             batch.kubernetes.io/job-tracking."
            .to_owned(),
        JobRule::Counted { succeeded, failed } => format!(
            "{succeeded} succeeded and {failed} failed since the last look. Their uids go into the status first; then they \
             lose the finalizer batch.kubernetes.io/job-tracking, and only then they count, so that none counts twice."
        ),
        JobRule::Policy { rule, action } => {
            format!("Rule {rule} of podFailurePolicy fits this failure: {}.", asked(action))
        }
        JobRule::Succeeded { succeeded, completions } => match completions {
            Some(completions) => format!("{succeeded} of {completions} Pods succeeded, which is all that is wanted."),
            None => format!(
                "{} and none runs any more; without completions the first success is enough.",
                count(succeeded, "Pod succeeded", "Pods succeeded")
            ),
        },
        JobRule::SuccessPolicy { rule } => {
            format!("Rule {rule} of successPolicy is met, so the Job succeeds; Pods that still run are deleted.")
        }
        JobRule::BackoffLimit { failed, limit } => format!(
            "{} and backoffLimit is {limit}: {failed} > {limit}, so the Job fails.",
            count(failed, "Pod failed", "Pods failed")
        ),
        JobRule::RestartLimit { restarts, limit: 0 } => format!(
            "The containers were restarted {} and backoffLimit is 0, so the Job fails. The Pod that still runs is deleted, \
             and its logs with it.",
            count(restarts, "time", "times")
        ),
        JobRule::RestartLimit { restarts, limit } => format!(
            "The containers were restarted {} and backoffLimit is {limit}: {restarts} ≥ {limit}, so the Job fails. The Pod \
             that still runs is deleted, and its logs with it.",
            count(restarts, "time", "times")
        ),
        JobRule::Deadline { limit } => format!(
            "activeDeadlineSeconds ({}) have passed since startTime, so the Job fails, whatever its Pods do.",
            span(limit)
        ),
        JobRule::FailedIndexes { failed, completions } => {
            format!("All {completions} indexes have ended and {failed} of them failed, so the Job fails.")
        }
        JobRule::MaxFailedIndexes { failed, limit } => {
            format!("{failed} indexes failed and maxFailedIndexes is {limit}: {failed} > {limit}, so the Job fails.")
        }
        JobRule::Ending => "The Job is ending, so its active Pods are deleted.".to_owned(),
        JobRule::Ended { complete } => format!(
            "Every Pod has stopped and is counted, so the Job gets its last condition, {}.",
            if complete { "Complete" } else { "Failed" }
        ),
        JobRule::Adopted => {
            "The Pod has the labels of the selector and no controller, so the Job adopts it and counts it.".to_owned()
        }
        JobRule::Released => "The Pod lost a label of the selector, so the Job lets go of it.".to_owned(),
        JobRule::Orphan => {
            "No Job that is still open owns this Pod, so nobody will count it: it loses the finalizer that held it."
                .to_owned()
        }
        JobRule::TimeToLive { limit } => format!(
            "The Job ended ttlSecondsAfterFinished ({}) ago, so it is deleted, with its Pods.",
            span(limit)
        ),
    }
}

fn status(facts: &Facts<'_>) -> &'static str {
    match (facts.what, facts.subject.name) {
        (What::Condition { .. }, "SuccessCriteriaMet") => {
            "The Job has succeeded. Its last condition, Complete, follows when every Pod has stopped and is counted."
        }
        (What::Condition { .. }, "FailureTarget") => {
            "The Job fails. Its last condition, Failed, follows when every Pod has stopped and is counted."
        }
        (What::Condition { .. }, "Complete" | "Failed") => {
            "The Job has ended: no Pod is made any more. Those that ended stay until the Job is deleted."
        }
        (What::Condition { status, .. }, "Suspended") if &**status == "True" => {
            "spec.suspend is true, so the Job has no active Pods."
        }
        (What::Condition { .. }, "Suspended") => "spec.suspend is false again, so the Job makes Pods.",
        _ => {
            "The Job controller gathers what its Pods do for 1 s, then counts them and writes the numbers into the status."
        }
    }
}

fn removed_first(rank: DeletionRank) -> String {
    match rank {
        DeletionRank::Uid => "Nothing tells this one from those that stay.".to_owned(),
        rank => ranked(rank),
    }
}

fn waiting(of: &str, failures: u32, delay: Duration, left: Duration) -> String {
    let doubled = failures.saturating_sub(1);
    let cut = if delay.secs() == 600 { ", cut to 10 min" } else { "" };
    format!(
        "{} {of}: 10 s · 2^{doubled} = {}{cut}, counted from the end or the deletion of the last Pod that failed. {} of it \
         are left before the next Pod is made.",
        count(failures, "failure", "failures"),
        span(delay),
        span(left)
    )
}

fn asked(action: FailureAction) -> &'static str {
    match action {
        FailureAction::FailJob => "FailJob, so the Job fails at once",
        FailureAction::FailIndex => "FailIndex, so the index fails at once",
        FailureAction::Ignore => "Ignore, so it does not count, but the back-off grows all the same",
        FailureAction::Count => "Count, so it counts as any other",
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &JobRule) -> String {
    match rule {
        JobRule::Status => format!("the status of {who} is written"),
        JobRule::TooFew { made, .. } => format!("{who} makes {}", count(*made, "Pod", "Pods")),
        JobRule::TooMany { .. } => format!("{who} is one too many"),
        JobRule::WrongIndex => format!("{who} has no index of its own"),
        JobRule::Suspended { suspended: true } => format!("{who} goes: its Job is suspended"),
        JobRule::Suspended { suspended: false } => format!("{who} is resumed"),
        JobRule::Backoff { left, .. } => format!("{who} waits {} before the next Pod", span(*left)),
        JobRule::IndexBackoff { index, left, .. } => {
            format!("{who} waits {} before the next Pod of index {index}", span(*left))
        }
        JobRule::CreateFailed { .. } => format!("{who} cannot make its Pods"),
        JobRule::Counted { succeeded, failed } => format!("{who} counts {succeeded} succeeded, {failed} failed"),
        JobRule::Policy {
            rule,
            action: FailureAction::FailJob,
        } => {
            format!("rule {rule} of the Pod failure policy fails the Job")
        }
        JobRule::Policy { rule, .. } => format!("rule {rule} of the Pod failure policy fits {who}"),
        JobRule::Succeeded { .. } => format!("{who} has all its successes"),
        JobRule::SuccessPolicy { .. } => format!("{who} meets its success policy"),
        JobRule::BackoffLimit { .. } | JobRule::RestartLimit { .. } => format!("{who} has failed too often"),
        JobRule::Deadline { .. } => format!("{who} has run too long"),
        JobRule::FailedIndexes { .. } => format!("{who} has failed indexes"),
        JobRule::MaxFailedIndexes { .. } => format!("{who} has too many failed indexes"),
        JobRule::Ending => format!("{who} goes: its Job is ending"),
        JobRule::Ended { complete: true } => format!("{who} is complete"),
        JobRule::Ended { complete: false } => format!("{who} has failed"),
        JobRule::Adopted => format!("{who} is adopted"),
        JobRule::Released => format!("{who} is released"),
        JobRule::Orphan => format!("nobody counts {who} any more"),
        JobRule::TimeToLive { .. } => format!("the time to live of {who} is over"),
    }
}
