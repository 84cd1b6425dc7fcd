//! Twin: pkg/controller/statefulset/stateful_set.go (v1.36.2)
//! Covers: which changes a StatefulSet hears of, one sync of it, the look after `minReadySeconds`.
//! Left out: the repeated deletion that a stale cache makes upstream send.

mod claims;
mod control;
mod create;
mod pods;
mod revisions;
mod rolling;
mod roster;
mod status;

use std::rc::Rc;

use super::claim::{ClaimRules, claim_fitting, may_adopt, owner_of};
use super::pod_control::{counts_differ, next_available};
use super::work_queue::WorkQueue;
use crate::api::selects::selector_fits;
use crate::api::workload::StatefulSetSpec;
use crate::api::{Pod, WorkloadKind};
use crate::apiserver::{ApiServer, Change, Changed, EventSource, Recorder, StoredWorkload};
use crate::machine::{ControllerId, Cx, Latency, Part, Uid};
use crate::map::Map;
use crate::trace::{Cause, EntryId, FieldBase, Rule, StatefulSetRule, Wait, WatchKind, What};
use control::Failure;

const RULES: ClaimRules = ClaimRules {
    adopted: Rule::StatefulSet(StatefulSetRule::Adopted),
    released: Rule::StatefulSet(StatefulSetRule::Released),
};

/// The controller of StatefulSets.
#[derive(Clone, Debug, Default)]
pub struct StatefulSetController {
    queue: WorkQueue,
    recorder: Recorder,
    /// The Pod each waits for, so that it is said once.
    waits: Map<Uid, (u32, Wait)>,
}

/// One sync of one StatefulSet.
pub(super) struct Sync<'a, 'c> {
    cx: &'a mut Cx<'c>,
    api: &'a mut ApiServer,
    recorder: &'a mut Recorder,
    waits: &'a mut Map<Uid, (u32, Wait)>,
    /// The Pod that this sync found to wait for.
    wait: Option<(u32, Wait)>,
    own: StoredWorkload,
    spec: Rc<StatefulSetSpec>,
    because: Option<EntryId>,
}

impl StatefulSetController {
    /// Hears of a change, if it concerns one of its objects.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, change: &Change) {
        match &change.object {
            Changed::Workload { uid, after, .. } if after.kind == WorkloadKind::StatefulSet => {
                if change.kind == WatchKind::Deleted {
                    self.queue.forget(*uid);
                    self.recorder.forget(*uid);
                    self.waits.remove(uid);
                } else {
                    self.hear(cx, *uid, change.because);
                }
            }
            Changed::Pod { before, after, .. } => {
                let same = before
                    .as_ref()
                    .is_some_and(|before| !counts_differ(before, after) && before.status.phase == after.status.phase);
                if same && change.kind == WatchKind::Modified {
                    return;
                }
                let owner = |pod: &Pod| owner_of(api, &pod.metadata, WorkloadKind::StatefulSet);
                let (now, then) = (owner(after), before.as_ref().and_then(|pod| owner(pod)));
                for uid in [now, then.filter(|then| now != Some(*then))].into_iter().flatten() {
                    self.hear(cx, uid, change.because);
                }
                if now.is_none() && change.kind != WatchKind::Deleted {
                    self.hear_of_loose(cx, api, after, change.because);
                }
            }
            _ => {}
        }
    }

    fn hear_of_loose(&mut self, cx: &mut Cx, api: &ApiServer, pod: &Pod, because: Option<EntryId>) {
        let fits = |stored: &&StoredWorkload| {
            let object = &stored.object;
            let selector = object.stateful_set().and_then(|(spec, _)| spec.selector.as_ref());
            object.kind == WorkloadKind::StatefulSet && may_adopt(pod, &object.metadata.namespace, selector)
        };
        let found: Vec<Uid> = api.workloads().filter(fits).map(|stored| stored.uid).collect();
        for uid in found {
            self.hear(cx, uid, because);
        }
    }

    fn hear(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>) {
        let at = cx.now + cx.draw(Latency::StatefulSetSync, uid.0);
        self.queue.add(uid, at, because);
        cx.queue
            .alarm(Part::Controller(ControllerId::StatefulSet), self.queue.next_at());
    }

    /// Looks at every object that is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        while let Some((uid, because)) = self.queue.take(cx.now) {
            self.sync(cx, api, uid, because);
        }
        let next = self.queue.next_at();
        cx.queue.alarm(Part::Controller(ControllerId::StatefulSet), next);
    }

    fn sync(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
        let Some(own) = api.workload(uid).cloned() else { return };
        let Some((spec, _)) = own.object.stateful_set() else {
            return;
        };
        let spec = spec.clone();
        let name = own.object.metadata.name.clone();
        let selector = spec.selector.as_ref();
        let fits = |pod: &Pod| selector_fits(selector, &pod.metadata.labels) && pods::ordinal(&name, pod).is_some();
        let pods = claim_fitting(cx, api, &own, &fits, RULES);
        let now = cx.now;
        let mut sync = Sync {
            cx,
            api,
            recorder: &mut self.recorder,
            waits: &mut self.waits,
            wait: None,
            because: because.or(Some(own.because)),
            spec: spec.clone(),
            own,
        };
        match sync.run(&pods) {
            Ok(()) => self.queue.forget(uid),
            Err(failure) => {
                let retry = self.queue.add_rate_limited(uid, now);
                let (rule, text) = match &failure {
                    Failure::Create(message) => (StatefulSetRule::CreateFailed { retry }, message.as_str()),
                    Failure::Status => (StatefulSetRule::StatusRefused { retry }, ""),
                };
                sync.decide(rule, text, "");
            }
        }
        if spec.min_ready_seconds > 0 {
            let pods = pods.iter().map(|(_, pod)| &**pod);
            if let Some(at) = next_available(cx, pods, spec.min_ready_seconds) {
                self.queue.add_after(uid, at);
            }
        }
    }
}

impl Sync<'_, '_> {
    /// Writes an entry for a decision on the lane of the StatefulSet.
    fn decide(&mut self, rule: StatefulSetRule, text: &str, field: &'static str) -> EntryId {
        let mut cause = Cause::of(Rule::StatefulSet(rule)).after(self.because);
        if !field.is_empty() {
            cause = cause.field(FieldBase::Workload, field);
        }
        self.cx
            .log
            .instant(self.own.lane, self.cx.now, What::Decided(text.into()), cause)
    }

    fn event(&mut self, because: Option<EntryId>, warning: bool, reason: &str, message: &str) {
        let object = format!("StatefulSet/{}", self.own.object.metadata.name);
        let source = EventSource {
            uid: self.own.uid,
            object: &object,
            namespace: &self.own.object.metadata.namespace,
            field_path: "",
            component: "statefulset-controller",
            lane: self.own.lane,
            because,
        };
        self.recorder
            .event(self.cx, self.api, &source, warning, reason, message);
    }
}
