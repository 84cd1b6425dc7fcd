//! Twin: pkg/controller/daemon/update.go (v1.36.2)
//! Covers: `constructHistory`, `snapshot`, `cleanupHistory`.
//! Left out: two revisions with the same template, revisions without the label of the hash: nobody makes them here.

use super::template::HASH;
use super::{Failure, Sync, small};
use crate::api::WorkloadKind;
use crate::api::template_hash::template_hash;
use crate::api::workload::Status;
use crate::apiserver::{CreateError, StoredWorkload};
use crate::controllers::history::{claim_revisions, delete_revision, keeps, number, revision_object};
use crate::manifest::Value;
use crate::map::Set;
use crate::sort;
use crate::trace::DaemonSetRule;

impl Sync<'_, '_> {
    /// Brings the revisions up to date: the one of the present template exists and has the highest number. Returns its
    /// hash, and the others.
    pub(super) fn construct_history(&mut self) -> Result<(String, Vec<StoredWorkload>), Failure> {
        let object = self.stored.object.clone();
        let Some(template) = object.raw_template() else {
            return Err(Failure(None));
        };
        let selector = self.spec.selector.as_ref();
        let mut old = claim_revisions(self.cx, self.api, &self.stored, selector, self.because);
        sort::sort_by_key(&mut old, number);
        let current = old.iter().rposition(|revision| keeps(revision, template));
        let current = current.map(|at| old.remove(at));
        let newest = 1 + old.last().map_or(0, number);
        let Some(current) = current else {
            return Ok((self.snapshot(template, newest)?, old));
        };
        let before = number(&current);
        if before < newest {
            let rule = DaemonSetRule::ReusedRevision {
                from: whole(before),
                to: whole(newest),
            };
            let entry = self.decide(self.stored.lane, rule, "");
            self.api.renumber_revision(self.cx, current.uid, Some(entry), newest);
        }
        let hash = current.object.metadata.labels.get(HASH).cloned();
        Ok((hash.unwrap_or_default(), old))
    }

    /// Makes a revision of the present template.
    fn snapshot(&mut self, template: &Value, number: i64) -> Result<String, Failure> {
        let object = self.stored.object.clone();
        let (kind, meta) = (WorkloadKind::ControllerRevision, &object.metadata);
        let mut status = object
            .daemon_set()
            .map(|(_, status)| (**status).clone())
            .unwrap_or_default();
        let collisions = status.collision_count.and_then(|n| u32::try_from(n).ok());
        let hash = template_hash(template, collisions);
        let name = format!("{}-{hash}", meta.name);
        if let Some(taken) = self.api.workload_named(kind, &meta.namespace, &name) {
            if keeps(taken, template) {
                return Ok(hash);
            }
            // Another template has the same hash: the next name counts the collisions.
            status.collision_count = Some(status.collision_count.unwrap_or(0).saturating_add(1));
            let status = Status::DaemonSet(status.into());
            self.api
                .update_workload_status(self.cx, self.stored.uid, self.because, status);
            return Err(Failure(None));
        }
        let rule = DaemonSetRule::NewRevision { number: whole(number) };
        let entry = self.decide(self.stored.lane, rule, "");
        let raw = revision_object(&object, number, &hash, HASH);
        match self.api.create_workload(self.cx, kind, raw, Some(entry)) {
            Ok(_) => Ok(hash),
            Err(CreateError::AlreadyExists | CreateError::Other(_)) => Err(Failure(None)),
        }
    }

    /// Deletes the oldest revisions beyond `revisionHistoryLimit` that no Pod has.
    pub(super) fn clean_up_history(&mut self, old: Vec<StoredWorkload>) {
        let Some(limit) = self.spec.revision_history_limit else {
            return;
        };
        let surplus = old.len().saturating_sub(usize::try_from(limit).unwrap_or(0));
        if surplus == 0 {
            return;
        }
        let pods = self.api.pods_of(self.stored.uid);
        let live: Set<String> = pods.filter_map(|s| s.pod.metadata.labels.get(HASH).cloned()).collect();
        let is_live = |revision: &StoredWorkload| {
            let hash = revision.object.metadata.labels.get(HASH);
            hash.is_some_and(|hash| live.contains(hash))
        };
        let unused: Vec<StoredWorkload> = old.into_iter().filter(|revision| !is_live(revision)).collect();
        for revision in unused.into_iter().take(surplus) {
            let rule = DaemonSetRule::HistoryLimit { limit: whole(limit) };
            let entry = self.decide(self.stored.lane, rule, "");
            delete_revision(self.cx, self.api, revision.uid, Some(entry));
        }
    }
}

fn whole(n: i64) -> u32 {
    small(usize::try_from(n).unwrap_or(0))
}
