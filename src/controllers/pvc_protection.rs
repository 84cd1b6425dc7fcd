//! Twin: pkg/controller/volume/pvcprotection/pvc_protection_controller.go (v1.36.2)
//! Covers: claims that are deleted stay while a Pod that has a node uses them; claims whose owners are gone are deleted,
//! which is the garbage collector's part.
//! Left out: owners that are deleted in the foreground and wait for claims.

use std::rc::Rc;

use crate::api::WorkloadKind;
use crate::apiserver::{ApiServer, CLAIM, Change, Changed, ObjectKey, StoredObject, is_terminating_claim};
use crate::machine::{ControllerId, Cx, Latency, Part, Uid};
use crate::manifest::Value;
use crate::map::Map;
use crate::time::Instant;
use crate::trace::{Cause, ClaimOwner, EntryId, LaneId, Rule, StatefulSetRule, WatchKind, What};

/// The claims that somebody has to look at.
#[derive(Clone, Debug, Default)]
pub struct ClaimProtection {
    due: Map<ObjectKey, Due>,
    /// Lanes of StatefulSets by uid, which tell of their claims also when they are gone.
    lanes: Map<Rc<str>, LaneId>,
}

#[derive(Clone, Copy, Debug)]
struct Due {
    at: Instant,
    because: Option<EntryId>,
    /// The owner that is gone, and the lane that tells of it.
    owner: Option<(ClaimOwner, LaneId)>,
}

impl ClaimProtection {
    /// Hears of a change, if it concerns a claim, its owner or a Pod that uses it.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, change: &Change) {
        let gone = change.kind == WatchKind::Deleted;
        match &change.object {
            Changed::Workload { uid, after, .. } if after.kind == WorkloadKind::StatefulSet => {
                let own = &after.metadata.uid;
                if gone {
                    let lane = self.lanes.remove(own).map(|lane| (ClaimOwner::Set, lane));
                    self.owner_gone(cx, api, own, lane, change.because);
                } else if let Some(stored) = api.workload(*uid) {
                    self.lanes.insert(own.clone(), stored.lane);
                }
            }
            Changed::Pod { after, .. } if gone => {
                let meta = &after.metadata;
                let mut owners = meta.owner_references.iter();
                let lane = owners.find_map(|owner| self.lanes.get(&*owner.uid));
                let lane = lane.map(|lane| (ClaimOwner::Pod, *lane));
                self.owner_gone(cx, api, &meta.uid, lane, change.because);
                let held = |(key, claim): &(&ObjectKey, &StoredObject)| {
                    key.namespace == meta.namespace && is_terminating_claim(claim)
                };
                let keys: Vec<ObjectKey> = api.claims().filter(held).map(|(key, _)| key.clone()).collect();
                for key in keys {
                    self.hear(cx, key, None, change.because);
                }
            }
            Changed::Other(key) if &*key.kind == CLAIM && !gone => {
                let claim = api.claim(&key.namespace, &key.name);
                if claim.is_some_and(|claim| is_terminating_claim(claim) || abandoned(api, claim)) {
                    self.hear(cx, key.clone(), None, change.because);
                }
            }
            _ => {}
        }
    }

    fn owner_gone(
        &mut self,
        cx: &mut Cx,
        api: &ApiServer,
        uid: &str,
        owner: Option<(ClaimOwner, LaneId)>,
        because: Option<EntryId>,
    ) {
        let owned = api
            .claims()
            .filter(|(_, claim)| owners(claim).any(|owner| owner == uid));
        let keys: Vec<ObjectKey> = owned.map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.hear(cx, key, owner, because);
        }
    }

    fn hear(&mut self, cx: &mut Cx, key: ObjectKey, owner: Option<(ClaimOwner, LaneId)>, because: Option<EntryId>) {
        let at = cx.now + cx.draw(Latency::GarbageCollected, 0);
        self.due.entry(key).or_insert(Due { at, because, owner });
        self.alarm(cx);
    }

    fn alarm(&self, cx: &mut Cx) {
        let next = self.due.values().map(|due| due.at).min();
        cx.queue.alarm(Part::Controller(ControllerId::Claims), next);
    }

    /// Looks at every claim that is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        let now = cx.now;
        let due = self.due.iter().filter(|(_, due)| due.at <= now);
        let due: Vec<(ObjectKey, Due)> = due.map(|(key, due)| (key.clone(), *due)).collect();
        for (key, Due { because, owner, .. }) in due {
            self.due.remove(&key);
            let Some(claim) = api.claim(&key.namespace, &key.name) else {
                continue;
            };
            if !is_terminating_claim(claim) {
                if !abandoned(api, claim) {
                    continue;
                }
                if let Some((owner, lane)) = owner {
                    let rule = Rule::StatefulSet(StatefulSetRule::ClaimDeleted { owner });
                    let what = What::Decided((&*key.name).into());
                    cx.log.instant(lane, now, what, Cause::of(rule).after(because));
                }
            }
            api.delete_claim(cx, &key);
        }
        self.alarm(cx);
    }
}

/// The uids of a claim's owners.
fn owners(claim: &StoredObject) -> impl Iterator<Item = &str> {
    let references = claim.value.at(&["metadata", "ownerReferences"]).map(Value::items);
    let references = references.unwrap_or_default().iter();
    references.filter_map(|owner| owner.get("uid").and_then(Value::as_str))
}

/// Whether a claim has owners, and all of them are gone.
fn abandoned(api: &ApiServer, claim: &StoredObject) -> bool {
    let gone = |uid: Uid| api.workload(uid).is_none() && api.pod(uid).is_none();
    let mut owners = owners(claim).peekable();
    owners.peek().is_some() && owners.all(|owner| api.number_of(owner).is_some_and(gone))
}
