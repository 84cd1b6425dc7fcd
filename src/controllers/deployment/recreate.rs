//! Twin: pkg/controller/deployment/recreate.go (v1.36.2)
//! Covers: all of it.
//! Left out: nothing.

use super::replica_sets::{Sets, replicas};
use super::{Outcome, Sync};
use crate::trace::DeploymentRule;

impl Sync<'_, '_> {
    /// All old Pods stop before the first new one is made.
    pub(super) fn recreate(mut self) -> Outcome {
        let sets = self.sets_in_sync(false);
        let mut scaled = false;
        for set in sets.old.iter().filter(|set| replicas(set) > 0) {
            scaled |= self.scale_set(set, 0, DeploymentRule::RecreateDown, "strategy.type");
        }
        if scaled || self.old_pods_run(&sets) {
            return self.sync_rollout_status();
        }
        let sets = if sets.new.is_none() {
            self.sets_in_sync(true)
        } else {
            sets
        };
        if let Some(new) = &sets.new {
            let desired = self.spec.replicas;
            self.scale_set(new, desired, DeploymentRule::RecreateUp, "strategy.type");
        }
        if self.is_complete(&self.status) {
            self.clean_up(&sets);
        }
        self.sync_rollout_status()
    }

    /// Whether a Pod of another ReplicaSet has not ended. One that is being stopped counts.
    fn old_pods_run(&self, sets: &Sets) -> bool {
        let pods = |set| self.api.pods_of(set);
        sets.old
            .iter()
            .flat_map(|set| pods(set.uid))
            .any(|stored| !stored.pod.status.phase.is_terminal())
    }
}
