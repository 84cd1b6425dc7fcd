//! Twin: pkg/controller/deployment/sync.go (v1.36.2)
//! Covers: `calculateStatus`, `syncDeploymentStatus`.
//! Left out: what `replica_sets.rs` and `scale.rs` cover.

use std::rc::Rc;

use super::conditions::{new_condition, set_condition};
use super::numbers::max_unavailable;
use super::replica_sets::{Sets, counted, small};
use super::{Outcome, Sync};
use crate::api::workload::{DeploymentStatus, Status};
use crate::trace::{Cause, DeploymentRule, EntryId, FieldBase, Rule, What};

impl Sync<'_, '_> {
    /// The status that the ReplicaSets make, without progress.
    pub(super) fn calculate_status(&self, sets: &Sets) -> DeploymentStatus {
        let sum = |of: fn(&crate::api::workload::ReplicaSetStatus) -> i64| -> i64 {
            sets.all().map(|set| of(&counted(set))).sum()
        };
        let available = sum(|s| s.available_replicas);
        let mut status = DeploymentStatus {
            observed_generation: self.meta.generation,
            replicas: sum(|s| s.replicas),
            updated_replicas: sets.new.as_ref().map_or(0, |new| counted(new).replicas),
            ready_replicas: sum(|s| s.ready_replicas),
            available_replicas: available,
            unavailable_replicas: (sets.total() - available).max(0),
            terminating_replicas: None,
            collision_count: self.status.collision_count,
            conditions: self.status.conditions.clone(),
        };
        if self.cx.setup.profile.terminating_replicas {
            status.terminating_replicas = Some(sum(|s| s.terminating_replicas.unwrap_or(0)));
        }
        let least = self.spec.replicas - max_unavailable(&self.spec);
        let condition = if available >= least {
            let message = "Deployment has minimum availability.";
            new_condition("Available", "True", "MinimumReplicasAvailable", message)
        } else {
            let message = "Deployment does not have minimum availability.";
            new_condition("Available", "False", "MinimumReplicasUnavailable", message)
        };
        set_condition(&mut status.conditions, condition, self.cx.now);
        status
    }

    /// Writes the status of a Deployment that is paused, scaled or being deleted.
    pub(super) fn sync_status(mut self, sets: &Sets) -> Outcome {
        let status = self.calculate_status(sets);
        if self.write_status(status) {
            Outcome::Done
        } else {
            Outcome::Conflict
        }
    }

    /// Writes a status at the end of a sync. Tells whether the write was accepted.
    pub(super) fn write_status(&mut self, status: DeploymentStatus) -> bool {
        if self.status == status {
            return true;
        }
        if self.written {
            return false;
        }
        let because = self.explain(&status);
        self.api
            .update_workload_status(self.cx, self.uid, because, Status::Deployment(Rc::new(status)));
        true
    }

    /// An entry for a condition that changes with this status, which then is the cause of the write.
    fn explain(&mut self, status: &DeploymentStatus) -> Option<EntryId> {
        let is = |conditions: &[crate::api::workload::Condition], kind: &str| {
            let found = super::conditions::condition(conditions, kind);
            found.map(|c| (c.status.clone(), c.reason.clone()))
        };
        let now = is(&status.conditions, "Progressing");
        let exceeded = now
            .as_ref()
            .is_some_and(|(_, reason)| &**reason == "ProgressDeadlineExceeded");
        if exceeded && now != is(&self.status.conditions, "Progressing") {
            let limit = crate::time::Duration::from_secs(self.spec.progress_deadline_seconds.unwrap_or(0));
            let rule = DeploymentRule::DeadlineExceeded { limit };
            return Some(self.decide(self.lane, rule, What::Decided("".into()), "progressDeadlineSeconds"));
        }
        if is(&status.conditions, "Available") != is(&self.status.conditions, "Available") {
            let rule = DeploymentRule::Available {
                available: small(status.available_replicas),
                least: small(self.spec.replicas - max_unavailable(&self.spec)),
            };
            let cause = Cause::of(Rule::Deployment(rule))
                .field(FieldBase::Workload, "replicas")
                .after(self.because);
            return Some(
                self.cx
                    .log
                    .instant(self.lane, self.cx.now, What::Decided("".into()), cause),
            );
        }
        self.because
    }
}
