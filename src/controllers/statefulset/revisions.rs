//! Twin: pkg/controller/statefulset/stateful_set_control.go (v1.36.2)
//! Covers: `getStatefulSetRevisions`, `truncateHistory`.
//! Left out: what `control.rs` and `status.rs` cover.

use std::rc::Rc;

use super::{Sync, pods};
use crate::api::template_hash::revision_hash;
use crate::api::{Pod, WorkloadKind};
use crate::apiserver::{CreateError, StoredWorkload};
use crate::controllers::history;
use crate::machine::Uid;
use crate::sort;
use crate::trace::StatefulSetRule;

/// The label of a ControllerRevision with its hash.
const HASH: &str = "controller.kubernetes.io/hash";
/// More names than this are not tried for one revision.
const MAX_COLLISIONS: i64 = 16;

/// The revisions of a StatefulSet in one sync.
pub(super) struct Revisions {
    /// All, by number.
    pub all: Vec<StoredWorkload>,
    /// The one that is rolled out, or was.
    pub update: StoredWorkload,
    /// The one before.
    pub current: StoredWorkload,
    /// Names that were taken.
    pub collisions: i64,
}

impl Sync<'_, '_> {
    /// The revisions, with that of the present template made or made the newest. None when it cannot be made.
    pub(super) fn revisions(&mut self) -> Option<Revisions> {
        let selector = self.spec.selector.clone();
        let mut all = history::claim_revisions(self.cx, self.api, &self.own, selector.as_ref(), self.because);
        sort::sort_by_key(&mut all, history::number);
        let (_, status) = self.own.object.stateful_set()?;
        let mut collisions = status.collision_count.unwrap_or(0);
        let current_name = status.current_revision.clone();
        let template = self.own.object.raw_template()?.clone();
        let next = all.last().map_or(0, history::number) + 1;
        let equal = all
            .iter()
            .rfind(|revision| history::keeps(revision, &template))
            .map(|r| r.uid);
        let update = match equal {
            Some(uid) if all.last().is_some_and(|last| last.uid == uid) => uid,
            Some(uid) => {
                let from = all.iter().find(|r| r.uid == uid).map_or(0, history::number);
                let rule = StatefulSetRule::ReusedRevision {
                    from: small(from),
                    to: small(next),
                };
                let decided = self.decide(rule, "", "template");
                self.api.renumber_revision(self.cx, uid, Some(decided), next);
                uid
            }
            None => self.make_revision(next, &mut collisions)?,
        };
        let update = self.api.workload(update)?.clone();
        let current = all.iter().find(|r| r.object.metadata.name == current_name).cloned();
        Some(Revisions {
            current: current.unwrap_or_else(|| update.clone()),
            all,
            update,
            collisions,
        })
    }

    fn make_revision(&mut self, number: i64, collisions: &mut i64) -> Option<Uid> {
        let own = self.own.object.clone();
        let template = own.raw_template()?;
        let rule = StatefulSetRule::NewRevision { number: small(number) };
        let decided = self.decide(rule, "", "template");
        while *collisions < MAX_COLLISIONS {
            let hash = revision_hash(template, u32::try_from(*collisions).unwrap_or(0));
            let raw = history::revision_object(&own, number, &hash, HASH);
            match self
                .api
                .create_workload(self.cx, WorkloadKind::ControllerRevision, raw, Some(decided))
            {
                Ok(uid) => return Some(uid),
                Err(CreateError::AlreadyExists) => {
                    // One with the same template is taken as it is, whoever owns it.
                    let (namespace, name) = (&own.metadata.namespace, history::revision_name(&own, &hash));
                    let taken = self
                        .api
                        .workload_named(WorkloadKind::ControllerRevision, namespace, &name);
                    match taken.filter(|revision| history::keeps(revision, template)) {
                        Some(revision) => return Some(revision.uid),
                        None => *collisions += 1,
                    }
                }
                Err(CreateError::Other(_)) => return None,
            }
        }
        None
    }

    /// Deletes the oldest revisions that no Pod has, beyond `revisionHistoryLimit`.
    pub(super) fn truncate_history(&mut self, revisions: &Revisions, all: &[(Uid, Rc<Pod>)]) {
        let Some(limit) = self.spec.revision_history_limit else {
            return;
        };
        let live = |revision: &&StoredWorkload| {
            let name = &revision.object.metadata.name;
            revision.uid == revisions.current.uid
                || revision.uid == revisions.update.uid
                || all.iter().any(|(_, pod)| *pods::revision(pod) == **name)
        };
        let old: Vec<Uid> = revisions.all.iter().filter(|r| !live(r)).map(|r| r.uid).collect();
        let surplus = old.len().saturating_sub(usize::try_from(limit).unwrap_or(0));
        for uid in old.into_iter().take(surplus) {
            let rule = StatefulSetRule::HistoryLimit { limit: small(limit) };
            let decided = self.decide(rule, "", "revisionHistoryLimit");
            history::delete_revision(self.cx, self.api, uid, Some(decided));
        }
    }
}

/// A number for an entry.
pub(super) fn small(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}
