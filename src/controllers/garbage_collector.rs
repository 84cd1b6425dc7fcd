//! Twin: pkg/controller/garbagecollector/garbagecollector.go (v1.36.2)
//! Covers: objects whose owners are gone, foreground deletion, orphans.
//! Left out: owners of other kinds than Pods and workloads, circles of owners, the graph's own look at the API.

use super::work_queue::WorkQueue;
use crate::api::{ObjectMeta, WorkloadKind};
use crate::apiserver::{ApiServer, Change, Changed, DeleteRequest, FOREGROUND, ORPHAN, Propagation, StoredWorkload};
use crate::machine::{ControllerId, Cx, Latency, Part, Uid};
use crate::trace::{Cause, EntryId, GarbageRule, LaneId, Rule, WatchKind, What};

/// The garbage collector.
#[derive(Clone, Debug, Default)]
pub struct GarbageCollector {
    queue: WorkQueue,
}

/// What an object's owners say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owned {
    /// At least one owner is there and does not wait for it.
    Kept,
    /// An owner waits for it to go.
    Awaited,
    /// All owners are gone.
    Abandoned,
    /// It has no owners.
    Free,
}

impl GarbageCollector {
    /// Hears of a change, if it concerns an owner or something owned.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, change: &Change) {
        let (uid, before, after) = match &change.object {
            Changed::Pod { uid, before, after } => (*uid, before.as_ref().map(|p| &p.metadata), &after.metadata),
            Changed::Workload { uid, before, after } => (*uid, before.as_ref().map(|w| &*w.metadata), &*after.metadata),
            Changed::Other(_) => return,
        };
        if change.kind == WatchKind::Deleted {
            self.queue.forget(uid);
            let dependents: Vec<Uid> = api.dependents_of(uid).collect();
            for dependent in dependents {
                self.hear(cx, dependent, change.because);
            }
            self.hear_of_owners(cx, api, after, change.because);
            return;
        }
        let was_deleted = before.is_some_and(|meta| meta.deletion_timestamp.is_some());
        let waits = |meta: &ObjectMeta| meta.finalizers.iter().any(|f| f == FOREGROUND || f == ORPHAN);
        if after.deletion_timestamp.is_some() && waits(after) && (!was_deleted || !before.is_some_and(waits)) {
            self.hear(cx, uid, change.because);
        }
        if let Some(before) = before.filter(|before| before.owner_references != after.owner_references) {
            self.hear_of_owners(cx, api, before, change.because);
        }
    }

    /// Owners that wait for their dependents look again when one of them is gone.
    fn hear_of_owners(&mut self, cx: &mut Cx, api: &ApiServer, meta: &ObjectMeta, because: Option<EntryId>) {
        for owner in &meta.owner_references {
            let Some(uid) = api.number_of(&owner.uid) else { continue };
            if meta_of(api, uid).is_some_and(|owner| owner.deletion_timestamp.is_some()) {
                self.hear(cx, uid, because);
            }
        }
    }

    fn hear(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>) {
        let at = cx.now + cx.draw(Latency::GarbageCollected, uid.0);
        self.queue.add(uid, at, because);
        cx.queue
            .alarm(Part::Controller(ControllerId::Garbage), self.queue.next_at());
    }

    /// Looks at every object that is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        while let Some((uid, because)) = self.queue.take(cx.now) {
            self.look(cx, api, uid, because);
        }
        cx.queue
            .alarm(Part::Controller(ControllerId::Garbage), self.queue.next_at());
    }

    fn look(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
        let Some(meta) = meta_of(api, uid).cloned() else { return };
        let has = |name: &str| meta.finalizers.iter().any(|f| f == name);
        if meta.deletion_timestamp.is_some() {
            if has(ORPHAN) {
                self.orphan(cx, api, uid, &meta, because);
            } else if has(FOREGROUND) {
                self.wait_for_dependents(cx, api, uid, because);
            }
            return;
        }
        match owned(api, &meta) {
            Owned::Kept | Owned::Free => {}
            Owned::Abandoned => delete(cx, api, uid, Propagation::Background, GarbageRule::OwnerGone, because),
            Owned::Awaited => {
                let propagation = match api.dependents_of(uid).next() {
                    Some(_) => Propagation::Foreground,
                    None => Propagation::Background,
                };
                delete(cx, api, uid, propagation, GarbageRule::OwnerWaits, because);
            }
        }
    }

    /// An owner that is deleted in the foreground: its dependents go first.
    fn wait_for_dependents(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
        let Some(own) = meta_of(api, uid).map(|meta| meta.uid.clone()) else {
            return;
        };
        let blocks = |dependent: &Uid| {
            let meta = meta_of(api, *dependent);
            meta.is_some_and(|meta| {
                let mut owners = meta.owner_references.iter();
                owners.any(|owner| *owner.uid == *own && owner.block_owner_deletion)
            })
        };
        let blocking: Vec<Uid> = api.dependents_of(uid).filter(blocks).collect();
        if blocking.is_empty() {
            let entry = say(cx, api, uid, GarbageRule::NoDependents, because);
            api.remove_finalizer(cx, uid, FOREGROUND, entry.or(because));
            return;
        }
        for dependent in blocking {
            if meta_of(api, dependent).is_some_and(|meta| meta.deletion_timestamp.is_none()) {
                self.look(cx, api, dependent, because);
            }
        }
    }

    /// An owner that goes alone: its dependents lose the reference.
    fn orphan(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, meta: &ObjectMeta, because: Option<EntryId>) {
        let dependents: Vec<Uid> = api.dependents_of(uid).collect();
        for dependent in dependents {
            let entry = say(cx, api, dependent, GarbageRule::Orphaned, because);
            let own = meta.uid.clone();
            let change = move |meta: &mut ObjectMeta| meta.owner_references.retain(|o| *o.uid != *own);
            if api.workload(dependent).is_some() {
                api.update_workload_meta(cx, dependent, entry, None, change);
            } else {
                api.update_pod(cx, dependent, entry, |pod| change(&mut pod.metadata));
            }
        }
        api.orphan_claims(&meta.uid);
        api.remove_finalizer(cx, uid, ORPHAN, because);
    }
}

fn meta_of(api: &ApiServer, uid: Uid) -> Option<&ObjectMeta> {
    let workload = api.workload(uid).map(|stored| &*stored.object.metadata);
    workload.or_else(|| api.pod(uid).map(|stored| &stored.pod.metadata))
}

fn lane_of(api: &ApiServer, uid: Uid) -> Option<LaneId> {
    let workload = api.workload(uid).map(|stored| stored.lane);
    workload.or_else(|| api.pod(uid).map(|stored| stored.lanes.pod))
}

fn owned(api: &ApiServer, meta: &ObjectMeta) -> Owned {
    let mut result = if meta.owner_references.is_empty() {
        Owned::Free
    } else {
        Owned::Abandoned
    };
    for owner in &meta.owner_references {
        // Owners of other kinds, such as the Node of a mirror Pod, are not looked for.
        let Some(uid) = api.number_of(&owner.uid) else {
            return Owned::Kept;
        };
        match meta_of(api, uid) {
            None => {}
            Some(found) if found.deletion_timestamp.is_some() && found.finalizers.iter().any(|f| f == FOREGROUND) => {
                result = Owned::Awaited;
            }
            Some(_) => return Owned::Kept,
        }
    }
    result
}

fn say(cx: &mut Cx, api: &ApiServer, uid: Uid, rule: GarbageRule, because: Option<EntryId>) -> Option<EntryId> {
    // A revision is drawn in the lane of its owner, of which this would not be true.
    let is_revision = |stored: &StoredWorkload| stored.object.kind == WorkloadKind::ControllerRevision;
    if api.workload(uid).is_some_and(is_revision) {
        return because;
    }
    let lane = lane_of(api, uid)?;
    let cause = Cause::of(Rule::Garbage(rule)).after(because);
    Some(cx.log.instant(lane, cx.now, What::Decided("".into()), cause))
}

fn delete(
    cx: &mut Cx,
    api: &mut ApiServer,
    uid: Uid,
    propagation: Propagation,
    rule: GarbageRule,
    because: Option<EntryId>,
) {
    let entry = say(cx, api, uid, rule, because);
    if api.workload(uid).is_some() {
        api.delete_workload(cx, uid, propagation, entry);
    } else {
        let request = DeleteRequest {
            grace: None,
            because: entry,
        };
        api.delete_pod(cx, uid, request);
    }
}
