//! Twin: pkg/controller/statefulset/stateful_set_control.go (v1.36.2)
//! Covers: `updateStatus`, `completeRollingUpdate`, `updateStatefulSetStatus`.
//! Left out: what `control.rs` and `revisions.rs` cover.

use std::rc::Rc;

use super::control::Failure;
use super::revisions::Revisions;
use super::{Sync, pods};
use crate::api::Pod;
use crate::api::workload::{StatefulSetStatus, Status};
use crate::machine::Uid;

impl Sync<'_, '_> {
    /// The status that these Pods make.
    pub(super) fn count(&self, revisions: &Revisions, all: &[(Uid, Rc<Pod>)]) -> StatefulSetStatus {
        let mut status = StatefulSetStatus {
            observed_generation: self.own.object.metadata.generation,
            current_revision: revisions.current.object.metadata.name.clone(),
            update_revision: revisions.update.object.metadata.name.clone(),
            collision_count: Some(revisions.collisions),
            ..StatefulSetStatus::default()
        };
        for (_, pod) in all {
            status.replicas += 1;
            status.ready_replicas += i64::from(pods::is_running_and_ready(pod));
            let available = pods::is_running_and_ready(pod) && pods::is_available(self.cx, pod, &self.spec);
            status.available_replicas += i64::from(available);
            if !pods::is_terminating(pod) {
                let revision = pods::revision(pod);
                status.current_replicas += i64::from(*revision == *status.current_revision);
                status.updated_replicas += i64::from(*revision == *status.update_revision);
            }
        }
        status
    }

    /// Ends a rolling update when all Pods wanted exist, have the new revision and are ready.
    pub(super) fn complete(&self, status: &mut StatefulSetStatus) {
        let rolling = self.spec.update_strategy.kind == "RollingUpdate";
        let counts = [status.replicas, status.ready_replicas, status.updated_replicas];
        if rolling && counts.iter().all(|count| *count == self.spec.replicas) {
            status.current_replicas = status.updated_replicas;
            status.current_revision = status.update_revision.clone();
        }
    }

    /// Writes the status. The count of current Pods goes down with each Pod an update deletes, whatever its revision:
    /// the API server refuses one below 0, and the next sync counts again.
    pub(super) fn write(&mut self, status: StatefulSetStatus) -> Result<(), Failure> {
        if status.current_replicas < 0 {
            return Err(Failure::Status);
        }
        let (because, uid) = (self.because, self.own.uid);
        let status = Status::StatefulSet(Rc::new(status));
        self.api.update_workload_status(self.cx, uid, because, status);
        Ok(())
    }
}
