//! Twin: pkg/controller/replicaset/replica_set.go (v1.36.2)
//! Covers: one sync of a ReplicaSet: claims, creation and deletion of Pods, status, the look after `minReadySeconds`;
//! which changes it hears of. A ReplicationController is served by the same code, as upstream does.
//! Left out: expectations and the batches of slow start: writes are seen at once here, and a creation that fails stops
//! the sync as the first failing batch would.

mod status;

use std::rc::Rc;

use super::claim::{ClaimRules, claim_pods, may_adopt, owner_of};
use super::pod_control::{
    Candidate, PodName, counts_differ, create_pod, delete_pod, deletion_order, is_active, is_terminating,
    next_available,
};
use super::work_queue::WorkQueue;
use crate::api::workload::{ReplicaSetSpec, Status};
use crate::api::{Pod, WorkloadKind};
use crate::apiserver::{ApiServer, Change, Changed, EventSource, Recorder, StoredWorkload};
use crate::machine::{ControllerId, Cx, Latency, Part, Uid};
use crate::map::Map;
use crate::sort;
use crate::trace::{Cause, DeletionRank, EntryId, FieldBase, ReplicaSetRule, Rule, WatchKind, What};

/// At most so many Pods are made or deleted in one sync.
const BURST: usize = 500;

const RULES: ClaimRules = ClaimRules {
    adopted: Rule::ReplicaSet(ReplicaSetRule::Adopted),
    released: Rule::ReplicaSet(ReplicaSetRule::Released),
};

/// The controller of ReplicaSets, or of ReplicationControllers.
#[derive(Clone, Debug)]
pub struct ReplicaSetController {
    kind: WorkloadKind,
    queue: WorkQueue,
    recorder: Recorder,
}

/// What went wrong in a sync.
pub(super) struct Failure {
    /// `FailedCreate` or `FailedDelete`.
    reason: &'static str,
    message: String,
}

impl ReplicaSetController {
    /// The controller of objects of this kind.
    pub fn of(kind: WorkloadKind) -> Self {
        ReplicaSetController {
            kind,
            queue: WorkQueue::default(),
            recorder: Recorder::default(),
        }
    }

    fn id(&self) -> ControllerId {
        match self.kind {
            WorkloadKind::ReplicationController => ControllerId::ReplicationController,
            _ => ControllerId::ReplicaSet,
        }
    }

    fn component(&self) -> &'static str {
        match self.kind {
            WorkloadKind::ReplicationController => "replication-controller",
            _ => "replicaset-controller",
        }
    }

    /// Hears of a change, if it concerns one of its objects.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, change: &Change) {
        match &change.object {
            Changed::Workload { uid, after, .. } if after.kind == self.kind => {
                if change.kind == WatchKind::Deleted {
                    self.queue.forget(*uid);
                    self.recorder.forget(*uid);
                } else {
                    self.hear(cx, *uid, change.because);
                }
            }
            Changed::Pod { before, after, .. } => {
                let same = before.as_ref().is_some_and(|before| !counts_differ(before, after));
                if same && change.kind == WatchKind::Modified {
                    return;
                }
                let owner = owner_of(api, &after.metadata, self.kind);
                let owner_before = before.as_ref().and_then(|pod| owner_of(api, &pod.metadata, self.kind));
                for uid in [owner, owner_before.filter(|before| owner != Some(*before))]
                    .into_iter()
                    .flatten()
                {
                    self.hear(cx, uid, change.because);
                }
                if owner.is_none() && change.kind != WatchKind::Deleted {
                    self.hear_of_loose(cx, api, after, change.because);
                }
            }
            _ => {}
        }
    }

    /// A Pod without a controller may be adopted by any object whose selector fits.
    fn hear_of_loose(&mut self, cx: &mut Cx, api: &ApiServer, pod: &Pod, because: Option<EntryId>) {
        if pod.metadata.labels.is_empty() {
            return;
        }
        let fits = |stored: &&StoredWorkload| {
            let object = &stored.object;
            let selector = object.replica_set().and_then(|(spec, _)| spec.selector.as_ref());
            object.kind == self.kind && may_adopt(pod, &object.metadata.namespace, selector)
        };
        let found: Vec<Uid> = api.workloads().filter(fits).map(|stored| stored.uid).collect();
        for uid in found {
            self.hear(cx, uid, because);
        }
    }

    fn hear(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>) {
        let at = cx.now + cx.draw(Latency::ReplicaSetSync, uid.0);
        self.queue.add(uid, at, because);
        cx.queue.alarm(Part::Controller(self.id()), self.queue.next_at());
    }

    /// Looks at every object that is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        while let Some((uid, because)) = self.queue.take(cx.now) {
            self.sync(cx, api, uid, because);
        }
        cx.queue.alarm(Part::Controller(self.id()), self.queue.next_at());
    }

    fn sync(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
        let Some(stored) = api.workload(uid).cloned() else {
            return;
        };
        let Some((spec, _)) = stored.object.replica_set() else {
            return;
        };
        let spec = spec.clone();
        let pods = claim_pods(cx, api, &stored, spec.selector.as_ref(), RULES);
        let because = because.or(Some(stored.because));
        let active: Vec<(Uid, Rc<Pod>)> = pods.iter().filter(|(_, pod)| is_active(pod)).cloned().collect();
        let terminating = pods.iter().filter(|(_, pod)| is_terminating(pod)).count();
        let failure = if stored.object.is_deleted() {
            None
        } else {
            self.manage(cx, api, &stored, &spec, &active, because)
        };
        let status = status::calculate(cx, &stored.object, &active, terminating, failure.as_ref());
        api.update_workload_status(cx, uid, because, Status::ReplicaSet(Rc::new(status)));
        match failure {
            Some(failure) => {
                let retry = self.queue.add_rate_limited(uid, cx.now);
                let cause = Cause::of(Rule::ReplicaSet(ReplicaSetRule::CreateFailed { retry })).after(because);
                let text = What::Decided(failure.message.as_str().into());
                cx.log.instant(stored.lane, cx.now, text, cause);
            }
            None => self.queue.forget(uid),
        }
        if spec.min_ready_seconds > 0 {
            let pods = active.iter().map(|(_, pod)| &**pod);
            if let Some(at) = next_available(cx, pods, spec.min_ready_seconds) {
                self.queue.add_after(uid, at);
            }
        }
    }

    /// Makes the Pods that are missing, or deletes those that are too many (`manageReplicas`).
    fn manage(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        stored: &StoredWorkload,
        spec: &ReplicaSetSpec,
        active: &[(Uid, Rc<Pod>)],
        because: Option<EntryId>,
    ) -> Option<Failure> {
        let wanted = usize::try_from(spec.replicas).unwrap_or(0);
        if active.len() < wanted {
            let missing = (wanted - active.len()).min(BURST);
            return self.create(cx, api, stored, (wanted, active.len(), missing), because);
        }
        if active.len() > wanted {
            let surplus = (active.len() - wanted).min(BURST);
            self.delete(cx, api, stored, (wanted, surplus), active, because);
        }
        None
    }

    fn create(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        stored: &StoredWorkload,
        (wanted, active, missing): (usize, usize, usize),
        because: Option<EntryId>,
    ) -> Option<Failure> {
        let rule = ReplicaSetRule::TooFew {
            desired: small(wanted),
            active: small(active),
        };
        let cause = Cause::of(Rule::ReplicaSet(rule))
            .field(FieldBase::Workload, "replicas")
            .after(because);
        let decided = cx.log.instant(stored.lane, cx.now, What::Decided("".into()), cause);
        for _ in 0..missing {
            match create_pod(cx, api, stored, PodName::Generated, Some(decided), |_| {}) {
                Ok(pod) => {
                    let name = api.pod(pod).map(|s| s.pod.metadata.name.clone()).unwrap_or_default();
                    let message = format!("Created pod: {name}");
                    self.event(cx, api, stored, Some(decided), false, "SuccessfulCreate", &message);
                }
                Err(why) => {
                    let message = format!("Error creating: {why}");
                    self.event(cx, api, stored, Some(decided), true, "FailedCreate", &message);
                    return Some(Failure {
                        reason: "FailedCreate",
                        message: why,
                    });
                }
            }
        }
        None
    }

    fn delete(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        stored: &StoredWorkload,
        (wanted, surplus): (usize, usize),
        active: &[(Uid, Rc<Pod>)],
        because: Option<EntryId>,
    ) {
        let crowd = crowds(api, stored, active);
        let mut all: Vec<Candidate> = active
            .iter()
            .map(|(uid, pod)| Candidate {
                uid: *uid,
                pod: pod.clone(),
                crowd: crowd.get(&pod.spec.node_name).copied().unwrap_or(0),
            })
            .collect();
        if surplus < all.len() {
            sort::sort_by(&mut all, |a, b| deletion_order(cx, a, b).0);
        }
        let first_kept = all.get(surplus).cloned();
        for candidate in all.iter().take(surplus) {
            let rank = first_kept
                .as_ref()
                .map_or(DeletionRank::All, |kept| deletion_order(cx, candidate, kept).1);
            let rule = ReplicaSetRule::TooMany {
                desired: small(wanted),
                active: small(active.len()),
                rank,
            };
            let Some(lane) = api.pod(candidate.uid).map(|pod| pod.lanes.pod) else {
                continue;
            };
            let cause = Cause::of(Rule::ReplicaSet(rule))
                .field(FieldBase::Workload, "replicas")
                .after(because);
            let decided = cx.log.instant(lane, cx.now, What::Decided("".into()), cause);
            delete_pod(cx, api, candidate.uid, Some(decided));
            let message = format!("Deleted pod: {}", candidate.pod.metadata.name);
            self.event(cx, api, stored, Some(decided), false, "SuccessfulDelete", &message);
        }
    }

    #[allow(clippy::too_many_arguments)] // One Event has so many parts.
    fn event(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        stored: &StoredWorkload,
        because: Option<EntryId>,
        warning: bool,
        reason: &str,
        message: &str,
    ) {
        let object = format!("{}/{}", self.kind.as_str(), stored.object.metadata.name);
        let source = EventSource {
            uid: stored.uid,
            object: &object,
            namespace: &stored.object.metadata.namespace,
            field_path: "",
            component: self.component(),
            lane: stored.lane,
            because,
        };
        self.recorder.event(cx, api, &source, warning, reason, message);
    }
}

/// How many active Pods of the same top owner each node runs.
fn crowds(api: &ApiServer, stored: &StoredWorkload, active: &[(Uid, Rc<Pod>)]) -> Map<Rc<str>, u32> {
    let mut crowd: Map<Rc<str>, u32> = Map::new();
    let top = stored.object.controller().and_then(|owner| api.number_of(&owner.uid));
    match top {
        Some(top) => {
            let siblings = api.workloads_of(top).flat_map(|sibling| api.pods_of(sibling.uid));
            for pod in siblings.map(|s| &s.pod).filter(|pod| is_active(pod)) {
                *crowd.entry(pod.spec.node_name.clone()).or_insert(0) += 1;
            }
        }
        None => {
            for (_, pod) in active {
                *crowd.entry(pod.spec.node_name.clone()).or_insert(0) += 1;
            }
        }
    }
    crowd
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
