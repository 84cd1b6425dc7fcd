//! Twin: pkg/controller/daemon/daemon_controller.go (v1.36.2)
//! Covers: `updateDaemonSetStatus`.
//! Left out: what `mod.rs`, `nodes.rs` and `update.rs` cover.

use super::nodes::{self, Placement};
use super::{Sync, template};
use crate::api::workload::DaemonSetStatus;
use crate::apiserver::is_ready;
use crate::controllers::pod_control::is_available;

impl Sync<'_, '_> {
    /// The status that these Pods make.
    pub(super) fn count(&self, placement: &Placement) -> DaemonSetStatus {
        let before = self
            .own
            .object
            .daemon_set()
            .and_then(|(_, status)| status.collision_count);
        let mut status = DaemonSetStatus {
            observed_generation: self.own.object.metadata.generation,
            collision_count: before,
            ..DaemonSetStatus::default()
        };
        for node in nodes::all(self.api) {
            let oldest = placement.on(&node.metadata.name).first();
            if !nodes::fit(&self.spec, &node).runs {
                status.number_misscheduled += i64::from(oldest.is_some());
                continue;
            }
            status.desired_number_scheduled += 1;
            let Some((_, pod)) = oldest else { continue };
            status.current_number_scheduled += 1;
            status.number_ready += i64::from(is_ready(pod));
            let available = is_available(pod, self.spec.min_ready_seconds, self.cx.now);
            status.number_available += i64::from(available);
            let updated = template::is_updated(pod, &self.hash, self.generation);
            status.updated_number_scheduled += i64::from(updated);
        }
        status.number_unavailable = status.desired_number_scheduled - status.number_available;
        status
    }
}
