//! Twin: pkg/controller/deployment/progress.go (v1.36.2)
//! Covers: all of it: `syncRolloutStatus`, `getReplicaFailures`, `requeueStuckDeployment`; and of
//! `util/deployment_util.go` `DeploymentComplete`, `DeploymentProgressing`, `DeploymentTimedOut`.
//! Left out: nothing.

use super::conditions::{condition, new_condition, remove_condition, set_condition};
use super::replica_sets::{Sets, counted};
use super::{Outcome, Sync};
use crate::api::workload::{Condition, DeploymentStatus};
use crate::time::{Duration, Instant};

const AVAILABLE: &str = "NewReplicaSetAvailable";
const TIMED_OUT: &str = "ProgressDeadlineExceeded";

impl Sync<'_, '_> {
    /// Whether all Pods are of the newest template and available.
    pub(super) fn is_complete(&self, status: &DeploymentStatus) -> bool {
        let desired = self.spec.replicas;
        status.updated_replicas == desired
            && status.replicas == desired
            && status.available_replicas == desired
            && status.observed_generation >= self.meta.generation
    }

    fn is_progressing(&self, status: &DeploymentStatus) -> bool {
        let (old, new) = (&self.status, status);
        new.updated_replicas > old.updated_replicas
            || new.replicas - new.updated_replicas < old.replicas - old.updated_replicas
            || new.ready_replicas > old.ready_replicas
            || new.available_replicas > old.available_replicas
    }

    /// When the deadline for progress is over; none when none counts.
    fn deadline(&self, status: &DeploymentStatus) -> Option<Instant> {
        let limit = self.spec.progress_deadline_seconds?;
        let progressing = condition(&status.conditions, "Progressing")?;
        let since = self.cx.setup.calendar.trunc(progressing.last_update_time?.0);
        Some(since + Duration::from_secs(limit))
    }

    fn is_timed_out(&self, status: &DeploymentStatus) -> bool {
        let Some(progressing) = condition(&status.conditions, "Progressing") else {
            return false;
        };
        match &*progressing.reason {
            AVAILABLE => false,
            TIMED_OUT => true,
            _ => self.deadline(status).is_some_and(|at| at < self.cx.now),
        }
    }

    /// Writes the status at the end of a step of a rollout.
    pub(super) fn sync_rollout_status(mut self) -> Outcome {
        let sets = self.sets();
        let mut status = self.calculate_status(&sets);
        let current = condition(&self.status.conditions, "Progressing").cloned();
        let watched = self.spec.progress_deadline_seconds.is_some();
        if !watched {
            remove_condition(&mut status.conditions, "Progressing");
        }
        let was_complete =
            status.replicas == status.updated_replicas && current.as_ref().is_some_and(|c| &*c.reason == AVAILABLE);
        if watched && !was_complete {
            self.note_progress(&mut status, &sets, current);
        }
        match failure(&sets) {
            Some(failure) => set_condition(&mut status.conditions, failure, self.cx.now),
            None => remove_condition(&mut status.conditions, "ReplicaFailure"),
        }
        if self.status == status {
            return self.requeue_stuck(&status);
        }
        if self.write_status(status) {
            Outcome::Done
        } else {
            Outcome::Conflict
        }
    }

    fn note_progress(&self, status: &mut DeploymentStatus, sets: &Sets, current: Option<Condition>) {
        let name = sets.new.as_ref().map(|new| new.object.metadata.name.clone());
        let subject = match &name {
            Some(name) => format!("ReplicaSet \"{name}\""),
            None => format!("Deployment \"{}\"", self.meta.name),
        };
        let now = self.cx.now;
        if self.is_complete(status) {
            let message = format!("{subject} has successfully progressed.");
            set_condition(
                &mut status.conditions,
                new_condition("Progressing", "True", AVAILABLE, &message),
                now,
            );
        } else if self.is_progressing(status) {
            let message = format!("{subject} is progressing.");
            let mut new = new_condition("Progressing", "True", "ReplicaSetUpdated", &message);
            // Set anew each time, so that the time of the last update moves with progress.
            if let Some(current) = current {
                if &*current.status == "True" {
                    new.last_transition_time = current.last_transition_time;
                }
                remove_condition(&mut status.conditions, "Progressing");
            }
            set_condition(&mut status.conditions, new, now);
        } else if self.is_timed_out(status) {
            let message = format!("{subject} has timed out progressing.");
            set_condition(
                &mut status.conditions,
                new_condition("Progressing", "False", TIMED_OUT, &message),
                now,
            );
        }
    }

    /// A rollout that does not move is looked at again when its deadline is over.
    fn requeue_stuck(&self, status: &DeploymentStatus) -> Outcome {
        let current = condition(&self.status.conditions, "Progressing");
        let over = self.is_complete(status) || current.is_none_or(|c| &*c.reason == TIMED_OUT);
        match self.deadline(status) {
            Some(_) if over => Outcome::Done,
            Some(at) if at < self.cx.now + Duration::from_secs(1) => Outcome::Conflict,
            Some(at) => Outcome::Again(at + Duration::from_secs(1)),
            None => Outcome::Done,
        }
    }
}

/// The first failure of the newest ReplicaSet, else of the others.
fn failure(sets: &Sets) -> Option<Condition> {
    let of = |set: &crate::apiserver::StoredWorkload| {
        let status = counted(set);
        condition(&status.conditions, "ReplicaFailure").cloned()
    };
    let found = sets
        .new
        .as_ref()
        .and_then(of)
        .or_else(|| sets.old.iter().find_map(of))?;
    Some(Condition {
        kind: "ReplicaFailure".into(),
        last_update_time: None,
        ..found
    })
}
