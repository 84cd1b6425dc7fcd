//! Twin: pkg/controller/daemon/daemon_controller.go (v1.36.2)
//! Covers: `updateDaemonSetStatus`, `storeDaemonSetStatus`.
//! Left out: a second try when the write is refused: it never is here.

use super::Sync;
use super::places::{OnNode, oldest_first};
use super::template::is_updated;
use crate::api::workload::{DaemonSetStatus, Status};
use crate::apiserver::is_ready;
use crate::controllers::pod_control::is_available;
use crate::time::Duration;

impl Sync<'_, '_> {
    /// Counts nodes by their oldest Pod, and writes what has changed.
    pub(super) fn write_status(&mut self, hash: &str) {
        let nodes = self.nodes_as_seen();
        // A collision may have been counted in this sync.
        let Some(stored) = self.api.workload(self.stored.uid) else {
            return;
        };
        let Some((_, before)) = stored.object.daemon_set() else {
            return;
        };
        let mut status = DaemonSetStatus {
            desired_number_scheduled: int(self.places.desired()),
            observed_generation: self.stored.object.metadata.generation,
            collision_count: before.collision_count,
            ..DaemonSetStatus::default()
        };
        for on in nodes {
            let runs = on.runs();
            let known = on.fit.is_some();
            let mut pods = on.pods;
            oldest_first(&mut pods, self.cx.setup.calendar);
            let Some((_, pod)) = pods.first().filter(|_| known) else {
                continue;
            };
            if !runs {
                status.number_misscheduled += 1;
                continue;
            }
            status.current_number_scheduled += 1;
            status.number_ready += i64::from(is_ready(pod));
            status.number_available += i64::from(is_available(self.cx, pod, self.spec.min_ready_seconds));
            status.updated_number_scheduled += i64::from(is_updated(pod, hash, self.generation));
        }
        status.number_unavailable = status.desired_number_scheduled - status.number_available;
        let waits = status.number_ready != status.number_available;
        self.api
            .update_workload_status(self.cx, self.stored.uid, self.because, Status::DaemonSet(status.into()));
        if waits && self.spec.min_ready_seconds > 0 {
            self.look_again(self.cx.now + Duration::from_secs(self.spec.min_ready_seconds));
        }
    }

    /// The Pods as the controller sees them at the end of a sync. Recorded: of several Pods that a sync has made, it has
    /// not heard of the last one yet, so that another status follows when it has.
    fn nodes_as_seen(&self) -> Vec<OnNode> {
        let unheard = self.made.last().filter(|_| self.made.len() > 1);
        let pods = self.api.pods_of(self.stored.uid).filter(|s| Some(&s.uid) != unheard);
        let pods = pods.map(|s| (s.uid, s.pod.clone()));
        self.places.with_pods(pods, self.cx.setup, self.cx.now)
    }
}

fn int(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
