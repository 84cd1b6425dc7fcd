//! Twin: pkg/controller/statefulset/stateful_set_control.go (v1.36.2)
//! Covers: `updateStatus`, `completeRollingUpdate`.
//! Left out: what `control.rs` and `revisions.rs` cover.

use std::rc::Rc;

use super::Sync;
use super::pods;
use super::revisions::Revisions;
use crate::api::Pod;
use crate::api::workload::StatefulSetStatus;
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
            let available = pods::is_running_and_available(pod, &self.spec, self.cx.now);
            status.available_replicas += i64::from(available);
            if !pods::is_terminating(pod) {
                let revision = pods::revision(pod);
                status.current_replicas += i64::from(*revision == *status.current_revision);
                status.updated_replicas += i64::from(*revision == *status.update_revision);
            }
        }
        status
    }

    /// Ends a rolling update whose Pods all have the new revision and are ready.
    pub(super) fn complete(&self, status: &mut StatefulSetStatus) {
        let rolling = self.spec.update_strategy.kind == "RollingUpdate";
        if rolling && status.updated_replicas == status.replicas && status.ready_replicas == status.replicas {
            status.current_replicas = status.updated_replicas;
            status.current_revision = status.update_revision.clone();
        }
    }
}
