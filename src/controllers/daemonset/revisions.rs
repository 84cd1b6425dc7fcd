//! Twin: pkg/controller/daemon/update.go (v1.36.2)
//! Covers: `constructHistory`, `cleanupHistory`, `snapshot`.
//! Left out: what `update.rs` covers; the removal of doubled revisions.

use std::rc::Rc;

use super::{Sync, small, template};
use crate::api::Pod;
use crate::api::WorkloadKind;
use crate::api::template_hash::template_hash;
use crate::apiserver::StoredWorkload;
use crate::controllers::history;
use crate::machine::Uid;
use crate::sort;
use crate::trace::{Cause, DaemonSetRule, EntryId, FieldBase, Rule, What};

/// The revisions of a DaemonSet in one sync.
pub(super) struct Revisions {
    /// Hash of the newest template.
    pub hash: String,
    /// All others, by number.
    old: Vec<StoredWorkload>,
}

impl Sync<'_, '_> {
    fn decide(&mut self, rule: DaemonSetRule, field: &'static str) -> EntryId {
        let cause = Cause::of(Rule::DaemonSet(rule))
            .field(FieldBase::Workload, field)
            .after(self.because);
        let lane = self.own.lane;
        self.cx.log.instant(lane, self.cx.now, What::Decided("".into()), cause)
    }

    /// The revisions, with that of the present template made or made the newest. None when it cannot be made.
    pub(super) fn revisions(&mut self) -> Option<Revisions> {
        let selector = self.spec.selector.clone();
        let mut all = history::claim_revisions(self.cx, self.api, &self.own, selector.as_ref(), self.because);
        sort::sort_by_key(&mut all, history::number);
        let template = self.own.object.raw_template()?.clone();
        let at = all.iter().rposition(|revision| history::keeps(revision, &template));
        let current = at.map(|at| all.remove(at));
        let next = all.last().map_or(0, history::number) + 1;
        let number = |n: i64| small(usize::try_from(n).unwrap_or(0));
        let hash = match current {
            Some(current) => {
                let from = history::number(&current);
                if from < next {
                    let rule = DaemonSetRule::ReusedRevision {
                        from: number(from),
                        to: number(next),
                    };
                    let decided = self.decide(rule, "template");
                    self.api.renumber_revision(self.cx, current.uid, Some(decided), next);
                }
                current
                    .object
                    .metadata
                    .labels
                    .get(template::HASH)
                    .cloned()
                    .unwrap_or_default()
            }
            None => {
                let (_, status) = self.own.object.daemon_set()?;
                let collisions = status.collision_count.and_then(|n| u32::try_from(n).ok());
                let hash = template_hash(&template, collisions);
                let raw = history::revision_object(&self.own.object, next, &hash, template::HASH);
                let decided = self.decide(DaemonSetRule::NewRevision { number: number(next) }, "template");
                let kind = WorkloadKind::ControllerRevision;
                self.api.create_workload(self.cx, kind, raw, Some(decided)).ok()?;
                hash
            }
        };
        Some(Revisions { hash, old: all })
    }

    /// Deletes the oldest revisions that no Pod has, beyond `revisionHistoryLimit`.
    pub(super) fn clean_up(&mut self, revisions: &Revisions, pods: &[(Uid, Rc<Pod>)]) {
        let Some(limit) = self.spec.revision_history_limit else {
            return;
        };
        let limit = usize::try_from(limit).unwrap_or(0);
        let live = |revision: &&StoredWorkload| {
            let hash = revision.object.metadata.labels.get(template::HASH);
            pods.iter()
                .any(|(_, pod)| pod.metadata.labels.get(template::HASH) == hash)
        };
        let surplus = revisions.old.len().saturating_sub(limit);
        let free: Vec<Uid> = revisions.old.iter().filter(|r| !live(r)).map(|r| r.uid).collect();
        for uid in free.into_iter().take(surplus) {
            let rule = DaemonSetRule::HistoryLimit { limit: small(limit) };
            let decided = self.decide(rule, "revisionHistoryLimit");
            history::delete_revision(self.cx, self.api, uid, Some(decided));
        }
    }
}
