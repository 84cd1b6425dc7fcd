//! Twin: pkg/controller/deployment/sync.go (v1.36.2)
//! Covers: `isScalingEvent`, `sync`, `scale`, `checkPausedConditions`.
//! Left out: what `replica_sets.rs` and `status.rs` cover.

use std::rc::Rc;

use super::conditions::{condition, new_condition, set_condition};
use super::numbers::{DESIRED, MAX, max_surge, proportion};
use super::replica_sets::{Sets, annotated, counted, replicas, small};
use super::{Outcome, Sync};
use crate::api::workload::Status;
use crate::apiserver::StoredWorkload;
use crate::sort;
use crate::trace::{DeploymentRule, What};

impl Sync<'_, '_> {
    /// Whether an active ReplicaSet was scaled for another number of replicas than is wanted now.
    pub(super) fn is_scaling(&mut self) -> bool {
        let sets = self.sets_in_sync(false);
        let desired = self.spec.replicas;
        sets.all()
            .filter(|set| replicas(set) > 0)
            .filter_map(|set| annotated(&set.object.metadata, DESIRED))
            .any(|annotated| annotated != desired)
    }

    /// A paused Deployment, or one whose number of replicas changed.
    pub(super) fn sync_scale(mut self) -> Outcome {
        let sets = self.sets_in_sync(false);
        self.scale(&sets);
        let sets = self.sets();
        if self.spec.paused {
            self.clean_up(&sets);
        }
        self.sync_status(&sets)
    }

    fn scale(&mut self, sets: &Sets) {
        let desired = self.spec.replicas;
        if let Some(only) = active_or_latest(sets) {
            if replicas(only) != desired {
                let rule = DeploymentRule::ScaledTo {
                    desired: small(desired),
                };
                let only = only.clone();
                self.scale_set(&only, desired, rule, "replicas");
            }
            return;
        }
        if self.is_saturated(sets) {
            for set in sets.old.iter().filter(|set| replicas(set) > 0) {
                self.scale_set(set, 0, DeploymentRule::Saturated, "replicas");
            }
            return;
        }
        if self.spec.strategy.kind != "Recreate" {
            self.scale_in_proportion(sets);
        }
    }

    fn is_saturated(&self, sets: &Sets) -> bool {
        let desired = self.spec.replicas;
        sets.new.as_ref().is_some_and(|new| {
            replicas(new) == desired
                && annotated(&new.object.metadata, DESIRED) == Some(desired)
                && counted(new).available_replicas == desired
        })
    }

    /// Each active ReplicaSet takes its share of the change, the largest first, and the largest takes what is left.
    fn scale_in_proportion(&mut self, sets: &Sets) {
        let desired = self.spec.replicas;
        let mut active: Vec<StoredWorkload> = sets.all().filter(|set| replicas(set) > 0).cloned().collect();
        let total: i64 = active.iter().map(replicas).sum();
        let limit = if desired > 0 {
            desired.saturating_add(max_surge(&self.spec))
        } else {
            0
        };
        let to_add = limit - total;
        // Larger first; among equals the newer ones grow first and the older ones shrink first.
        sort::sort_by(&mut active, |a, b| {
            let age = if to_add > 0 {
                b.uid.cmp(&a.uid)
            } else {
                a.uid.cmp(&b.uid)
            };
            replicas(b).cmp(&replicas(a)).then(age)
        });
        let before = |set: &StoredWorkload| {
            let annotated = annotated(&set.object.metadata, MAX).filter(|n| *n > 0);
            annotated.unwrap_or(self.status.replicas)
        };
        let mut sizes: Vec<(i64, i64)> = Vec::with_capacity(active.len());
        let mut added = 0;
        for set in &active {
            let size = replicas(set);
            let share = proportion(size, limit, before(set), to_add, added, desired);
            added += share;
            sizes.push((size + share, before(set)));
        }
        if let Some((first, _)) = sizes.first_mut().filter(|_| to_add != 0) {
            *first = (*first + to_add - added).max(0);
        }
        for (set, (to, limit_before)) in active.iter().zip(sizes) {
            let rule = DeploymentRule::ScaledInProportion {
                desired: small(desired),
                limit: small(limit),
                limit_before: small(limit_before),
                from: small(replicas(set)),
                to: small(to),
            };
            self.scale_set(set, to, rule, "replicas");
        }
    }

    /// Notes in the condition Progressing that the Deployment was paused or resumed.
    pub(super) fn check_paused(&mut self) {
        if self.spec.progress_deadline_seconds.is_none() {
            return;
        }
        let current = condition(&self.status.conditions, "Progressing");
        if current.is_some_and(|c| &*c.reason == "ProgressDeadlineExceeded") {
            return;
        }
        let noted = current.is_some_and(|c| &*c.reason == "DeploymentPaused");
        let paused = self.spec.paused;
        let new = match (paused, noted) {
            (true, false) => new_condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused"),
            (false, true) => new_condition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed"),
            _ => return,
        };
        set_condition(&mut self.status.conditions, new, self.cx.now);
        let decided = self.decide(
            self.lane,
            DeploymentRule::Paused { paused },
            What::Decided("".into()),
            "paused",
        );
        let status = Status::Deployment(Rc::new(self.status.clone()));
        self.written |= self
            .api
            .update_workload_status(self.cx, self.uid, Some(decided), status);
    }
}

/// The only active ReplicaSet, or the newest when none is; none when there are several.
fn active_or_latest(sets: &Sets) -> Option<&StoredWorkload> {
    let mut active = sets.all().filter(|set| replicas(set) > 0);
    match (active.next(), active.next()) {
        (Some(only), None) => Some(only),
        (Some(_), Some(_)) => None,
        (None, _) => sets.new.as_ref().or(sets.old.last()),
    }
}
