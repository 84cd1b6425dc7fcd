//! How a Job ends: its conditions, and the words in them.
//! Twin: pkg/controller/job/job_controller.go (v1.36.2)
//! Covers: newFailureCondition, newSuccessCondition, newFailedConditionForFailureTarget, ensureJobConditionStatus
//! Left out: nothing of these

use std::rc::Rc;

use crate::api::Time;
use crate::api::workload::{Condition, JobStatus};
use crate::time::Instant;

/// An ending that is decided and not over yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finish {
    /// Whether the Job succeeds.
    pub complete: bool,
    /// Whether the status says so already, as `SuccessCriteriaMet` or `FailureTarget`.
    pub told: bool,
    /// Reason of both conditions.
    pub reason: Rc<str>,
    /// Message of both conditions.
    pub message: Rc<str>,
}

impl Finish {
    /// A new decision.
    pub fn new(complete: bool, reason: &str, message: &str) -> Finish {
        Finish {
            complete,
            told: false,
            reason: reason.into(),
            message: message.into(),
        }
    }

    /// What an earlier sync decided.
    pub fn told_by(status: &JobStatus) -> Option<Finish> {
        let told = |kind: &str, complete: bool| {
            let mut all = status.conditions.iter();
            let condition = all.find(|c| &*c.kind == kind && &*c.status == "True")?;
            Some(Finish {
                complete,
                told: true,
                reason: condition.reason.clone(),
                message: condition.message.clone(),
            })
        };
        told("SuccessCriteriaMet", true).or_else(|| told("FailureTarget", false))
    }

    /// Writes the first condition, unless it is there.
    pub fn tell(&self, status: &mut JobStatus, now: Instant) {
        let kind = if self.complete {
            "SuccessCriteriaMet"
        } else {
            "FailureTarget"
        };
        if !self.told {
            status.conditions.push(self.condition(kind, now));
        }
    }

    /// Writes the last condition.
    pub fn end(&self, status: &mut JobStatus, now: Instant) {
        let kind = if self.complete { "Complete" } else { "Failed" };
        status.conditions.push(self.condition(kind, now));
        if self.complete {
            status.completion_time = Some(Time(now));
        }
    }

    fn condition(&self, kind: &str, now: Instant) -> Condition {
        condition(kind, "True", &self.reason, &self.message, now)
    }
}

fn condition(kind: &str, status: &str, reason: &str, message: &str, now: Instant) -> Condition {
    Condition {
        kind: kind.into(),
        status: status.into(),
        reason: reason.into(),
        message: message.into(),
        last_probe_time: Some(Time(now)),
        last_transition_time: Some(Time(now)),
        ..Condition::default()
    }
}

/// Whether a Job has the condition Complete or Failed.
pub fn is_finished(status: &JobStatus) -> bool {
    let ends = |c: &Condition| matches!(&*c.kind, "Complete" | "Failed") && &*c.status == "True";
    status.conditions.iter().any(ends)
}

/// Sets the condition Suspended. Nothing becomes False that was never True. Returns whether anything changed.
pub fn set_suspended(status: &mut JobStatus, suspended: bool, now: Instant) -> bool {
    let new = match suspended {
        true => condition("Suspended", "True", "JobSuspended", "Job suspended", now),
        false => condition("Suspended", "False", "JobResumed", "Job resumed", now),
    };
    match status.conditions.iter_mut().find(|c| &*c.kind == "Suspended") {
        Some(old) if old.status == new.status => false,
        Some(old) => {
            *old = new;
            true
        }
        None if suspended => {
            status.conditions.push(new);
            true
        }
        None => false,
    }
}
