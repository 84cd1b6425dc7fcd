//! Twin: pkg/controller/daemon/daemon_controller.go (v1.36.2)
//! Covers: which changes a DaemonSet hears of, one sync of it, Pods made and deleted, the look after `minReadySeconds`.
//! Left out: expectations and the batches of slow start: writes are seen at once here.

mod backoff;
mod nodes;
mod revisions;
mod status;
mod template;
mod update;

use std::rc::Rc;

use super::claim::{ClaimRules, claim_pods, may_adopt, owner_of};
use super::pod_control::{PodName, counts_differ, create_pod, delete_pod};
use super::work_queue::WorkQueue;
use crate::api::workload::{DaemonSetSpec, Status};
use crate::api::{Pod, WorkloadKind};
use crate::apiserver::{ApiServer, Change, Changed, EventSource, Recorder, StoredWorkload, TEMPLATE_GENERATION};
use crate::machine::{ControllerId, Cx, Latency, Part, Uid};
use crate::time::{Duration, Instant};
use crate::trace::{Cause, DaemonSetRule, EntryId, FieldBase, Rule, WatchKind, What};
use backoff::FailedPods;
use nodes::Placement;

/// At most so many Pods are made or deleted in one step.
const BURST: usize = 250;

/// A change of a node is acted on so much later.
const NODE_CHANGE: Duration = Duration::from_millis(3);

const RULES: ClaimRules = ClaimRules {
    adopted: Rule::DaemonSet(DaemonSetRule::Adopted),
    released: Rule::DaemonSet(DaemonSetRule::Released),
};

/// The controller of DaemonSets.
#[derive(Clone, Debug, Default)]
pub struct DaemonSetController {
    queue: WorkQueue,
    recorder: Recorder,
    failed: FailedPods,
}

/// A Pod that is to be deleted, and why.
pub(super) type Doomed = (Uid, Rc<Pod>, DaemonSetRule);

/// One sync of one DaemonSet.
pub(super) struct Sync<'a, 'c> {
    cx: &'a mut Cx<'c>,
    api: &'a mut ApiServer,
    recorder: &'a mut Recorder,
    failed: &'a mut FailedPods,
    own: StoredWorkload,
    spec: Rc<DaemonSetSpec>,
    because: Option<EntryId>,
    /// Hash of the newest template.
    hash: String,
    /// Number of the template.
    generation: Option<i64>,
    /// When a Pod that failed again may be deleted.
    again: Option<Instant>,
}

impl DaemonSetController {
    /// Hears of a change, if it concerns one of its objects or a node.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, change: &Change) {
        match &change.object {
            Changed::Workload { uid, after, .. } if after.kind == WorkloadKind::DaemonSet => {
                if change.kind == WatchKind::Deleted {
                    self.queue.forget(*uid);
                    self.recorder.forget(*uid);
                    self.failed.forget(*uid);
                } else {
                    self.hear(cx, *uid, change.because);
                }
            }
            Changed::Other(key) if &*key.kind == "Node" => {
                let because = api.node_story(&key.name);
                let all = api.workloads().filter(|w| w.object.kind == WorkloadKind::DaemonSet);
                let all: Vec<Uid> = all.map(|w| w.uid).collect();
                // Sooner than the eviction by taints, as recorded: the event is the DaemonSet's.
                for uid in all {
                    self.queue.add(uid, cx.now + NODE_CHANGE, because);
                }
                let next = self.queue.next_at();
                cx.queue.alarm(Part::Controller(ControllerId::DaemonSet), next);
            }
            Changed::Pod { before, after, .. } => {
                let same = before.as_ref().is_some_and(|before| !counts_differ(before, after));
                if same && change.kind == WatchKind::Modified {
                    return;
                }
                let owner = |pod: &Pod| owner_of(api, &pod.metadata, WorkloadKind::DaemonSet);
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
            let selector = object.daemon_set().and_then(|(spec, _)| spec.selector.as_ref());
            object.kind == WorkloadKind::DaemonSet && may_adopt(pod, &object.metadata.namespace, selector)
        };
        let found: Vec<Uid> = api.workloads().filter(fits).map(|stored| stored.uid).collect();
        for uid in found {
            self.hear(cx, uid, because);
        }
    }

    fn hear(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>) {
        let at = cx.now + cx.draw(Latency::DaemonSetSync, uid.0);
        self.queue.add(uid, at, because);
        cx.queue
            .alarm(Part::Controller(ControllerId::DaemonSet), self.queue.next_at());
    }

    /// Looks at every object that is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        while let Some((uid, because)) = self.queue.take(cx.now) {
            self.sync(cx, api, uid, because);
        }
        let next = self.queue.next_at();
        cx.queue.alarm(Part::Controller(ControllerId::DaemonSet), next);
    }

    fn sync(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
        let Some(own) = api.workload(uid).cloned() else { return };
        let Some((spec, _)) = own.object.daemon_set() else {
            return;
        };
        let spec = spec.clone();
        let pods = claim_pods(cx, api, &own, spec.selector.as_ref(), RULES);
        let generation = own.object.metadata.annotations.get(TEMPLATE_GENERATION);
        let now = cx.now;
        let mut sync = Sync {
            generation: generation.and_then(|text| text.parse().ok()),
            because: because.or(Some(own.because)),
            hash: String::new(),
            again: None,
            recorder: &mut self.recorder,
            failed: &mut self.failed,
            spec: spec.clone(),
            own,
            cx,
            api,
        };
        let failure = sync.run(&pods);
        let (again, late) = (sync.again, sync.is_late());
        match failure {
            Some(why) => {
                let retry = self.queue.add_rate_limited(uid, now);
                if let Some(stored) = api.workload(uid) {
                    let rule = Rule::DaemonSet(DaemonSetRule::CreateFailed { retry });
                    let what = What::Decided(why.as_str().into());
                    let cause = Cause::of(rule).after(because.or(Some(stored.because)));
                    cx.log.instant(stored.lane, now, what, cause);
                }
            }
            None => self.queue.forget(uid),
        }
        if let Some(at) = again {
            self.queue.add_after(uid, at);
        }
        if late {
            self.queue
                .add_after(uid, now + Duration::from_secs(spec.min_ready_seconds));
        }
    }
}

impl Sync<'_, '_> {
    fn run(&mut self, pods: &[(Uid, Rc<Pod>)]) -> Option<String> {
        let revisions = self.revisions()?;
        self.hash = revisions.hash.clone();
        let mut placement = Placement::of(pods);
        let failure = if self.own.object.is_deleted() {
            None
        } else {
            let managed = self.manage(&placement);
            // The rolling update sees what was made and deleted just now.
            placement = Placement::of(&self.present());
            let rolls = self.spec.update_strategy.kind == "RollingUpdate";
            let failure = managed.err().or_else(|| match rolls {
                true => self.roll(&placement).err(),
                false => None,
            });
            self.clean_up(&revisions, pods);
            failure
        };
        let placement = Placement::of(&self.present());
        let status = self.count(&placement);
        let (uid, because) = (self.own.uid, self.because);
        self.api
            .update_workload_status(self.cx, uid, because, Status::DaemonSet(Rc::new(status)));
        failure
    }

    fn present(&self) -> Vec<(Uid, Rc<Pod>)> {
        self.api.pods_of(self.own.uid).map(|s| (s.uid, s.pod.clone())).collect()
    }

    /// Whether some Pods are ready and not available yet, so that the status is looked at again.
    fn is_late(&self) -> bool {
        let stored = self.api.workload(self.own.uid);
        let status = stored
            .and_then(|stored| stored.object.daemon_set())
            .map(|(_, status)| status);
        self.spec.min_ready_seconds > 0 && status.is_some_and(|s| s.number_ready != s.number_available)
    }

    /// Makes Pods on nodes that lack one and deletes those that should not be there (`manage`).
    fn manage(&mut self, placement: &Placement) -> Result<(), String> {
        let mut missing = Vec::new();
        let mut doomed = Vec::new();
        let mut desired = 0;
        for node in nodes::all(self.api) {
            let fit = nodes::fit(&self.spec, &node);
            desired += usize::from(fit.runs);
            match placement.on(&node.metadata.name) {
                [] if fit.runs => missing.push(node.metadata.name.clone()),
                pods if fit.stays => self.prune(&node.metadata.name, pods, &mut doomed),
                pods => {
                    let leaves = pods.iter().filter(|(_, pod)| pod.metadata.deletion_timestamp.is_none());
                    doomed.extend(leaves.map(|(uid, pod)| (*uid, pod.clone(), DaemonSetRule::NodeUnfit)));
                }
            }
        }
        let made = self.create_on(&missing, |missing| DaemonSetRule::NodesWithoutPod {
            desired: small(desired),
            missing,
        });
        self.delete(doomed);
        made
    }

    /// Pods that ended are replaced, with a back-off for failed ones; of several the oldest stays.
    fn prune(&mut self, node: &Rc<str>, pods: &[(Uid, Rc<Pod>)], doomed: &mut Vec<Doomed>) {
        let mut running = 0;
        let surges = self.max_surge(1) > 0;
        for (uid, pod) in pods.iter().filter(|(_, pod)| pod.metadata.deletion_timestamp.is_none()) {
            match pod.status.phase {
                crate::api::Phase::Failed => self.failed_pod(node, *uid, pod, doomed),
                crate::api::Phase::Succeeded => {
                    let message = format!(
                        "Found succeeded daemon pod {}/{} on node {node}, will try to delete it",
                        pod.metadata.namespace, pod.metadata.name
                    );
                    self.event(self.because, false, "SucceededDaemonPod", &message);
                    doomed.push((*uid, pod.clone(), DaemonSetRule::PodSucceeded));
                }
                _ => {
                    running += 1;
                    if running > 1 && !surges {
                        doomed.push((*uid, pod.clone(), DaemonSetRule::SecondPod));
                    }
                }
            }
        }
    }

    fn failed_pod(&mut self, node: &Rc<str>, uid: Uid, pod: &Rc<Pod>, doomed: &mut Vec<Doomed>) {
        let observed = self.own.object.daemon_set().map_or(0, |(_, s)| s.observed_generation);
        let key = (self.own.uid, observed, node.clone());
        if let Some(backoff) = self.failed.current(&key, self.cx.now) {
            self.again = Some(self.cx.now + backoff);
            if self.failed.waits(&key, uid) {
                self.say(uid, DaemonSetRule::PodFailedAgain { backoff });
            }
            return;
        }
        let backoff = self.failed.next(key, self.cx.now);
        let message = format!(
            "Found failed daemon pod {}/{} on node {node}, will try to kill it",
            pod.metadata.namespace, pod.metadata.name
        );
        self.event(self.because, true, "FailedDaemonPod", &message);
        doomed.push((uid, pod.clone(), DaemonSetRule::PodFailed { backoff }));
    }

    /// Makes a Pod for each of these nodes.
    pub(super) fn create_on(
        &mut self,
        nodes: &[Rc<str>],
        rule: impl FnOnce(u32) -> DaemonSetRule,
    ) -> Result<(), String> {
        if nodes.is_empty() {
            return Ok(());
        }
        let cause = Cause::of(Rule::DaemonSet(rule(small(nodes.len()))))
            .field(FieldBase::Workload, "template")
            .after(self.because);
        let lane = self.own.lane;
        let decided = self.cx.log.instant(lane, self.cx.now, What::Decided("".into()), cause);
        let (own, hash, generation) = (self.own.clone(), self.hash.clone(), self.generation);
        for node in nodes.iter().take(BURST) {
            let made = create_pod(self.cx, self.api, &own, PodName::Generated, Some(decided), |raw| {
                template::finish(raw, node, &hash, generation);
            });
            match made {
                Ok(uid) => {
                    let name = self
                        .api
                        .pod(uid)
                        .map(|s| s.pod.metadata.name.clone())
                        .unwrap_or_default();
                    self.event(
                        Some(decided),
                        false,
                        "SuccessfulCreate",
                        &format!("Created pod: {name}"),
                    );
                }
                Err(why) => {
                    self.event(Some(decided), true, "FailedCreate", &format!("Error creating: {why}"));
                    return Err(why);
                }
            }
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, doomed: Vec<Doomed>) {
        for (uid, pod, rule) in doomed.into_iter().take(BURST) {
            let decided = self.say(uid, rule);
            delete_pod(self.cx, self.api, uid, decided);
            let message = format!("Deleted pod: {}", pod.metadata.name);
            self.event(decided, false, "SuccessfulDelete", &message);
        }
    }

    fn say(&mut self, uid: Uid, rule: DaemonSetRule) -> Option<EntryId> {
        let lane = self.api.pod(uid)?.lanes.pod;
        let cause = Cause::of(Rule::DaemonSet(rule)).after(self.because);
        Some(self.cx.log.instant(lane, self.cx.now, What::Decided("".into()), cause))
    }

    fn event(&mut self, because: Option<EntryId>, warning: bool, reason: &str, message: &str) {
        let object = format!("DaemonSet/{}", self.own.object.metadata.name);
        let source = EventSource {
            uid: self.own.uid,
            object: &object,
            namespace: &self.own.object.metadata.namespace,
            field_path: "",
            component: "daemonset-controller",
            lane: self.own.lane,
            because,
        };
        self.recorder
            .event(self.cx, self.api, &source, warning, reason, message);
    }
}

/// A count for an entry.
pub(super) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
