//! Twin: pkg/controller/statefulset/stateful_set_control.go (v1.36.2)
//! Covers: the rolling update of `updateStatefulSet` and `updateStatefulSetAfterInvariantEstablished`
//! (`maxUnavailable`, gate MaxUnavailableStatefulSet).
//! Left out: the metrics of both.

use super::revisions::{Revisions, small};
use super::roster::{Member, Roster};
use super::{Sync, pods};
use crate::api::workload::{RollingUpdate, RollingUpdatePart, StatefulSetStatus};
use crate::trace::StatefulSetRule;

impl Sync<'_, '_> {
    /// Replaces Pods of an old revision, the highest ordinal first.
    pub(super) fn roll(&mut self, revisions: &Revisions, roster: &Roster, status: &mut StatefulSetStatus) {
        let numbers = self.spec.update_strategy.rolling_update.clone().unwrap_or_default();
        if self.cx.setup.profile.max_unavailable_stateful_set {
            self.roll_some(revisions, roster, status, &numbers);
        } else {
            self.roll_one(revisions, roster, status, numbers.partition);
        }
    }

    /// One goes, and nothing more before it is back.
    fn roll_one(&mut self, revisions: &Revisions, roster: &Roster, status: &mut StatefulSetStatus, partition: i64) {
        let first = roster.start.saturating_add(partition);
        for ordinal in (first..roster.end()).rev() {
            let Some(member) = roster.at(ordinal) else { return };
            if is_old(member, revisions) {
                let rule = StatefulSetRule::Updated {
                    ordinal: small(ordinal),
                    partition: small(partition),
                    max_unavailable: 1,
                };
                self.delete(member.0, &member.1, rule, "template");
                status.current_replicas -= 1;
                return;
            }
            if let Some(why) = self.waits_for(&member.1) {
                if has_old(revisions, roster, first) {
                    self.wait = Some((small(ordinal), why));
                }
                return;
            }
        }
    }

    /// As many go as may be unavailable and are not yet.
    fn roll_some(
        &mut self,
        revisions: &Revisions,
        roster: &Roster,
        status: &mut StatefulSetStatus,
        numbers: &RollingUpdate,
    ) {
        let allowed = max_unavailable(numbers, roster.count);
        let first = roster.start.saturating_add(numbers.partition);
        if !has_old(revisions, roster, first) {
            return;
        }
        let unavailable = |(_, (_, pod)): &(i64, &Member)| pods::is_unavailable(self.cx, pod, &self.spec);
        let missing = roster.count - i64::try_from(roster.replicas().count()).unwrap_or(0);
        let gone = i64::try_from(roster.replicas().filter(unavailable).count()).unwrap_or(0);
        if missing + gone >= allowed {
            let last = roster.replicas().rfind(unavailable);
            let waits = last.and_then(|(ordinal, (_, pod))| self.waits_for(pod).map(|why| (small(ordinal), why)));
            self.wait = waits.or(self.wait);
            return;
        }
        let mut left = allowed - missing - gone;
        for (ordinal, member) in roster.replicas().rev() {
            if left == 0 || ordinal < first {
                return;
            }
            if is_old(member, revisions) {
                let rule = StatefulSetRule::Updated {
                    ordinal: small(ordinal),
                    partition: small(numbers.partition),
                    max_unavailable: small(allowed),
                };
                self.delete(member.0, &member.1, rule, "template");
                status.current_replicas -= 1;
                left -= 1;
            }
        }
    }
}

/// Whether a Pod has another revision than the newest and stays.
fn is_old((_, pod): &Member, revisions: &Revisions) -> bool {
    *pods::revision(pod) != *revisions.update.object.metadata.name && !pods::is_terminating(pod)
}

/// Whether a Pod that the update has to replace is left.
fn has_old(revisions: &Revisions, roster: &Roster, first: i64) -> bool {
    let mut replicas = roster.replicas();
    replicas.any(|(ordinal, member)| ordinal >= first && is_old(member, revisions))
}

/// Pods that may be unavailable: at least one, per cents round down (`getStatefulSetMaxUnavailable`).
fn max_unavailable(numbers: &RollingUpdate, count: i64) -> i64 {
    numbers.resolve(RollingUpdatePart::Unavailable, count, false).max(1)
}
