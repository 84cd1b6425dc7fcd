//! Deletion of workloads, and finalizers, which hold objects back.

use std::rc::Rc;

use super::{ApiServer, DeleteOutcome};
use crate::api::{Time, WorkloadKind};
use crate::machine::{Cx, Uid};
use crate::trace::{Cause, Dependents, EntryId, GarbageRule, Rule, What};

/// Holds an owner until its dependents are gone.
pub const FOREGROUND: &str = "foregroundDeletion";
/// Holds an owner until its dependents do not name it any more.
pub const ORPHAN: &str = "orphan";

/// What becomes of the dependents of an object that is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Propagation {
    /// The object goes at once, the garbage collector deletes them afterwards.
    #[default]
    Background,
    /// They go first.
    Foreground,
    /// They stay.
    Orphan,
}

impl From<Propagation> for Dependents {
    fn from(propagation: Propagation) -> Self {
        match propagation {
            Propagation::Background => Dependents::GoAfter,
            Propagation::Foreground => Dependents::GoFirst,
            Propagation::Orphan => Dependents::Stay,
        }
    }
}

impl ApiServer {
    /// Deletes a workload as the API does: at once, or when the last finalizer is gone.
    pub fn delete_workload(
        &mut self,
        cx: &mut Cx,
        uid: Uid,
        propagation: Propagation,
        because: Option<EntryId>,
    ) -> DeleteOutcome {
        let Some(stored) = self.workload(uid) else {
            return DeleteOutcome::Unchanged;
        };
        let (lane, kind, meta) = (stored.lane, stored.object.kind, stored.object.metadata.clone());
        let mut finalizers: Vec<String> = meta.finalizers.clone();
        finalizers.retain(|f| f != FOREGROUND && f != ORPHAN);
        match propagation {
            Propagation::Background => {}
            Propagation::Foreground => finalizers.push(FOREGROUND.to_owned()),
            Propagation::Orphan => finalizers.push(ORPHAN.to_owned()),
        }
        let again = meta.deletion_timestamp.is_some();
        if again && finalizers == meta.finalizers {
            return DeleteOutcome::Unchanged;
        }
        let rule = Rule::Garbage(GarbageRule::DeletionAsked {
            propagation: propagation.into(),
        });
        let text = if finalizers.is_empty() {
            "deleted"
        } else {
            "marked for deletion"
        };
        // A revision is drawn in the lane of its owner, where its deletion would be taken for the owner's.
        let entry = match kind {
            WorkloadKind::ControllerRevision => because,
            _ => {
                let cause = Cause::of(rule).after(because);
                Some(cx.log.instant(lane, cx.now, What::Object(text.into()), cause))
            }
        };
        if finalizers.is_empty() {
            self.remove_workload(cx, uid, entry);
            return DeleteOutcome::Gone;
        }
        let now = cx.now;
        self.update_workload_meta(cx, uid, entry, None, |meta| {
            meta.finalizers = finalizers;
            if meta.deletion_timestamp.is_none() {
                meta.deletion_timestamp = Some(Time(now));
                meta.deletion_grace_period_seconds = Some(0);
                meta.generation += i64::from(meta.generation > 0);
            }
        });
        DeleteOutcome::Marked
    }

    /// Takes a finalizer from a Pod or a workload. An object that is being deleted goes with its last one. Returns
    /// whether it was there.
    pub fn remove_finalizer(&mut self, cx: &mut Cx, uid: Uid, name: &str, because: Option<EntryId>) -> bool {
        let without = |list: &[String]| -> Vec<String> { list.iter().filter(|f| *f != name).cloned().collect() };
        if let Some(stored) = self.workload(uid) {
            let meta = stored.object.metadata.clone();
            let left = without(&meta.finalizers);
            if left.len() == meta.finalizers.len() {
                return false;
            }
            if left.is_empty() && meta.deletion_timestamp.is_some() {
                self.remove_workload(cx, uid, because);
            } else {
                self.update_workload_meta(cx, uid, because, None, |meta| meta.finalizers = left);
            }
            return true;
        }
        let Some(stored) = self.pod(uid) else { return false };
        let pod = Rc::clone(&stored.pod);
        let left = without(&pod.metadata.finalizers);
        if left.len() == pod.metadata.finalizers.len() {
            return false;
        }
        let stopped =
            pod.metadata.deletion_timestamp.is_some() && pod.metadata.deletion_grace_period_seconds == Some(0);
        if left.is_empty() && stopped {
            self.remove_pod(cx, uid, because);
        } else {
            self.update_pod(cx, uid, because, |pod| pod.metadata.finalizers = left);
        }
        true
    }

    /// Removes a workload that waited for finalizers only, after a write that may have taken the last one.
    pub(super) fn remove_when_free(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>) {
        let free = self.workload(uid).is_some_and(|stored| {
            let meta = &stored.object.metadata;
            meta.deletion_timestamp.is_some() && meta.finalizers.is_empty()
        });
        if free {
            self.remove_workload(cx, uid, because);
        }
    }
}
