//! Twin: pkg/controller/deployment/rolling.go (v1.36.2)
//! Covers: all of it: `rolloutRolling` and both of its steps.
//! Left out: nothing.

use super::numbers::{max_surge, max_unavailable, new_replicas};
use super::replica_sets::{Sets, counted, replicas, small};
use super::{Outcome, Sync};
use crate::trace::DeploymentRule;

impl Sync<'_, '_> {
    /// One step of a rolling update: up, or else down, then the status.
    pub(super) fn roll(mut self) -> Outcome {
        let sets = self.sets_in_sync(true);
        if self.reconcile_new(&sets) || self.reconcile_old(&sets) {
            return self.sync_rollout_status();
        }
        if self.is_complete(&self.status) {
            self.clean_up(&sets);
        }
        self.sync_rollout_status()
    }

    pub(super) fn reconcile_new(&mut self, sets: &Sets) -> bool {
        let Some(new) = &sets.new else { return false };
        let (from, desired) = (replicas(new), self.spec.replicas);
        if from == desired {
            return false;
        }
        let to = if from > desired {
            desired
        } else {
            new_replicas(&self.spec, from, sets.total())
        };
        let rule = DeploymentRule::ScaledUp {
            desired: small(desired),
            surge: small(max_surge(&self.spec)),
            total: small(sets.total()),
            from: small(from),
            to: small(to),
        };
        from != to && self.scale_set(new, to, rule, "strategy.rollingUpdate.maxSurge")
    }

    fn reconcile_old(&mut self, sets: &Sets) -> bool {
        let old: i64 = sets.old.iter().map(replicas).sum();
        if old == 0 {
            return false;
        }
        let least = self.spec.replicas - max_unavailable(&self.spec);
        let missing = sets
            .new
            .as_ref()
            .map_or(0, |new| replicas(new) - counted(new).available_replicas);
        let budget = sets.total() - least - missing;
        if budget <= 0 {
            return false;
        }
        let cleaned = self.clean_up_unhealthy(sets, budget);
        let sets = if cleaned > 0 { self.sets() } else { sets.clone() };
        cleaned + self.scale_down_old(&sets, least) > 0
    }

    /// Old Pods that are not available go first, oldest ReplicaSet first. Returns how many.
    fn clean_up_unhealthy(&mut self, sets: &Sets, budget: i64) -> i64 {
        let mut gone = 0;
        for set in &sets.old {
            let (from, available) = (replicas(set), counted(set).available_replicas);
            if gone >= budget {
                break;
            }
            let count = (budget - gone).min(from - available);
            if from == 0 || count <= 0 {
                continue;
            }
            let rule = DeploymentRule::ScaledDownUnhealthy {
                desired: small(self.spec.replicas),
                max_unavailable: small(max_unavailable(&self.spec)),
                budget: small(budget - gone),
                from: small(from),
                to: small(from - count),
            };
            self.scale_set(set, from - count, rule, "strategy.rollingUpdate.maxUnavailable");
            gone += count;
        }
        gone
    }

    /// Old ReplicaSets shrink, oldest first, as far as `least` Pods stay available. Returns by how much.
    fn scale_down_old(&mut self, sets: &Sets, least: i64) -> i64 {
        let available: i64 = sets.all().map(|set| counted(set).available_replicas).sum();
        let mut left = available - least;
        let mut gone = 0;
        for set in &sets.old {
            let from = replicas(set);
            let count = left.min(from);
            if count <= 0 {
                continue;
            }
            let rule = DeploymentRule::ScaledDown {
                desired: small(self.spec.replicas),
                max_unavailable: small(max_unavailable(&self.spec)),
                available: small(available),
                from: small(from),
                to: small(from - count),
            };
            self.scale_set(set, from - count, rule, "strategy.rollingUpdate.maxUnavailable");
            left -= count;
            gone += count;
        }
        gone
    }
}
