//! Twin: pkg/controller/deployment/deployment_controller.go (v1.36.2)
//! Covers: one sync of a Deployment, and which changes it hears of.
//! Left out: `rollbackTo` of old API versions; the write that loses a conflict is modelled where it is seen
//! (`Sync::written`).

mod conditions;
mod numbers;
mod progress;
mod recreate;
mod replica_sets;
mod rolling;
mod scale;
mod status;

use std::rc::Rc;

use super::claim::owner_of;
use super::work_queue::WorkQueue;
use crate::api::selects::selector_fits;
use crate::api::workload::{DeploymentSpec, DeploymentStatus};
use crate::api::{ObjectMeta, WorkloadKind};
use crate::apiserver::{ApiServer, Change, Changed, EventSource, Recorder, StoredWorkload};
use crate::machine::{ControllerId, Cx, Latency, Part, Uid};
use crate::trace::{Cause, DeploymentRule, EntryId, FieldBase, LaneId, Rule, WatchKind, What};

/// The controller of Deployments.
#[derive(Clone, Debug, Default)]
pub struct DeploymentController {
    queue: WorkQueue,
    recorder: Recorder,
}

/// One sync of one Deployment: the object as it was read at its beginning, and what the sync may use.
pub(super) struct Sync<'a, 'c> {
    cx: &'a mut Cx<'c>,
    api: &'a mut ApiServer,
    recorder: &'a mut Recorder,
    uid: Uid,
    lane: LaneId,
    meta: Rc<ObjectMeta>,
    spec: Rc<DeploymentSpec>,
    /// The status as this sync has read or changed it.
    status: DeploymentStatus,
    because: Option<EntryId>,
    /// The Deployment was written in this sync. A later write of its status would be refused, since it names the
    /// version that was read: upstream returns that error and tries again.
    written: bool,
}

/// How a sync ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All was done.
    Done,
    /// A write was refused: the object is looked at again after a back-off.
    Conflict,
    /// The object is to be looked at again at an instant.
    Again(crate::time::Instant),
}

impl DeploymentController {
    /// Hears of a change, if it concerns one of its objects.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, change: &Change) {
        match &change.object {
            Changed::Workload { uid, after, .. } if after.kind == WorkloadKind::Deployment => {
                if change.kind == WatchKind::Deleted {
                    self.queue.forget(*uid);
                    self.recorder.forget(*uid);
                } else {
                    self.hear(cx, *uid, change.because);
                }
            }
            Changed::Workload { before, after, .. } if after.kind == WorkloadKind::ReplicaSet => {
                let owner = |meta: &ObjectMeta| owner_of(api, meta, WorkloadKind::Deployment);
                let now = owner(&after.metadata);
                let then = before.as_ref().and_then(|before| owner(&before.metadata));
                for uid in [now, then.filter(|then| now != Some(*then))].into_iter().flatten() {
                    self.hear(cx, uid, change.because);
                }
                if now.is_none() && change.kind != WatchKind::Deleted {
                    self.hear_of_loose(cx, api, &after.metadata, change.because);
                }
            }
            Changed::Pod { before, after, .. } => {
                // Strategy Recreate waits for the end of old Pods, which no count of a ReplicaSet tells.
                let ended = after.status.phase.is_terminal()
                    && before.as_ref().is_none_or(|before| !before.status.phase.is_terminal());
                if ended || change.kind == WatchKind::Deleted {
                    self.hear_of_pod(cx, api, &after.metadata, change.because);
                }
            }
            Changed::Workload { .. } | Changed::Other(_) => {}
        }
    }

    fn hear_of_loose(&mut self, cx: &mut Cx, api: &ApiServer, meta: &ObjectMeta, because: Option<EntryId>) {
        let fits = |stored: &&StoredWorkload| {
            let selector = stored.object.deployment().and_then(|(spec, _)| spec.selector.as_ref());
            stored.object.metadata.namespace == meta.namespace && selector_fits(selector, &meta.labels)
        };
        let found: Vec<Uid> = api.workloads().filter(fits).map(|stored| stored.uid).collect();
        for uid in found {
            self.hear(cx, uid, because);
        }
    }

    fn hear_of_pod(&mut self, cx: &mut Cx, api: &ApiServer, meta: &ObjectMeta, because: Option<EntryId>) {
        let set = owner_of(api, meta, WorkloadKind::ReplicaSet).and_then(|uid| api.workload(uid));
        let owner = set.and_then(|set| owner_of(api, &set.object.metadata, WorkloadKind::Deployment));
        let recreates = |uid: &Uid| {
            let stored = api.workload(*uid);
            let spec = stored
                .and_then(|stored| stored.object.deployment())
                .map(|(spec, _)| spec);
            spec.is_some_and(|spec| spec.strategy.kind == "Recreate")
        };
        if let Some(uid) = owner.filter(recreates) {
            self.hear(cx, uid, because);
        }
    }

    fn hear(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>) {
        let at = cx.now + cx.draw(Latency::DeploymentSync, uid.0);
        self.queue.add(uid, at, because);
        cx.queue
            .alarm(Part::Controller(ControllerId::Deployment), self.queue.next_at());
    }

    /// Looks at every object that is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        while let Some((uid, because)) = self.queue.take(cx.now) {
            match self.sync(cx, api, uid, because) {
                Outcome::Done => self.queue.forget(uid),
                Outcome::Again(at) => {
                    self.queue.forget(uid);
                    self.queue.add_after(uid, at);
                }
                Outcome::Conflict => {
                    self.queue.add_rate_limited(uid, cx.now);
                }
            }
        }
        cx.queue
            .alarm(Part::Controller(ControllerId::Deployment), self.queue.next_at());
    }

    fn sync(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) -> Outcome {
        let Some(stored) = api.workload(uid) else {
            return Outcome::Done;
        };
        let Some((spec, status)) = stored.object.deployment() else {
            return Outcome::Done;
        };
        let sync = Sync {
            uid,
            lane: stored.lane,
            meta: stored.object.metadata.clone(),
            spec: spec.clone(),
            status: (**status).clone(),
            because: because.or(Some(stored.because)),
            written: false,
            cx,
            api,
            recorder: &mut self.recorder,
        };
        sync.run()
    }
}

impl Sync<'_, '_> {
    fn run(mut self) -> Outcome {
        self.claim();
        if self.meta.deletion_timestamp.is_some() {
            let sets = self.sets();
            return self.sync_status(&sets);
        }
        self.check_paused();
        if self.spec.paused || self.is_scaling() {
            return self.sync_scale();
        }
        match self.spec.strategy.kind.as_str() {
            "Recreate" => self.recreate(),
            _ => self.roll(),
        }
    }

    /// Writes an entry for a decision on the lane of one of its objects.
    fn decide(&mut self, lane: LaneId, rule: DeploymentRule, what: What, field: &'static str) -> EntryId {
        let mut cause = Cause::of(Rule::Deployment(rule)).after(self.because);
        if !field.is_empty() {
            cause = cause.field(FieldBase::Workload, field);
        }
        self.cx.log.instant(lane, self.cx.now, what, cause)
    }

    fn event(&mut self, because: Option<EntryId>, warning: bool, reason: &str, message: &str) {
        let object = format!("Deployment/{}", self.meta.name);
        let source = EventSource {
            uid: self.uid,
            object: &object,
            namespace: &self.meta.namespace,
            field_path: "",
            component: "deployment-controller",
            lane: self.lane,
            because,
        };
        self.recorder
            .event(self.cx, self.api, &source, warning, reason, message);
    }
}
