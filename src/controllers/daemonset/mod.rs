//! Twin: pkg/controller/daemon/daemon_controller.go (v1.36.2)
//! Covers: which changes the controller hears of, and the order of one sync (`syncDaemonSet`, `updateDaemonSet`).
//! Left out: expectations and the store of its own writes: writes are seen at once here, so that a sync that made or
//! deleted Pods only leaves the rolling update to the next one; selectors that fit everything, which are not accepted.

mod backoff;
mod manage;
mod places;
mod revisions;
mod rolling;
mod status;
mod template;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use self::backoff::FailedPods;
use self::places::{Fit, OnNode, Places, fit};
use super::claim::{ClaimRules, claim_pods, may_adopt, owner_of};
use super::pod_control::counts_differ;
use super::work_queue::WorkQueue;
use crate::api::selects::selector_fits;
use crate::api::workload::DaemonSetSpec;
use crate::api::{ObjectMeta, Pod, Workload, WorkloadKind};
use crate::apiserver::{
    ApiServer, Change, Changed, EventSource, Recorder, StoredWorkload, TEMPLATE_GENERATION, is_ready,
};
use crate::machine::{ControllerId, Cx, Latency, Part, Uid};
use crate::map::Map;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, DaemonSetRule, EntryId, FieldBase, LaneId, Rule, WatchKind, What};

const PART: Part = Part::Controller(ControllerId::DaemonSet);

/// A change of a node is acted on so much later: sooner than the eviction by taints does, since recorded events say that
/// it was the DaemonSet that deleted the Pod.
const NODE_CHANGE: Duration = Duration::from_millis(3);

const CLAIMS: ClaimRules = ClaimRules {
    adopted: Rule::DaemonSet(DaemonSetRule::Adopted),
    released: Rule::DaemonSet(DaemonSetRule::Released),
};

/// The controller of DaemonSets.
#[derive(Clone, Debug, Default)]
pub struct DaemonSetController {
    queue: WorkQueue,
    recorder: Recorder,
    failed: FailedPods,
    places: Map<Uid, Places>,
    /// How often a node was made, changed or removed.
    node_changes: u32,
}

impl DaemonSetController {
    /// Hears of a change, if it concerns one of its objects.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, change: &Change) {
        match &change.object {
            Changed::Workload { uid, before, after } if after.kind == WorkloadKind::DaemonSet => {
                if change.kind == WatchKind::Deleted {
                    self.queue.forget(*uid);
                    self.recorder.forget(*uid);
                    self.failed.forget(*uid);
                    self.places.remove(uid);
                } else if before.as_ref().is_none_or(|before| {
                    // Its own write of the status changes nothing that it looks at.
                    !Rc::ptr_eq(&before.metadata, &after.metadata) || !Rc::ptr_eq(&before.raw, &after.raw)
                }) {
                    self.hear(cx, *uid, change.because);
                }
            }
            Changed::Workload { before, after, .. } if after.kind == WorkloadKind::ControllerRevision => {
                let before = before.as_ref().map(|before| &*before.metadata);
                self.hear_of_revision(cx, api, before, &after.metadata, change);
            }
            Changed::Pod { before, after, .. } => self.hear_of_pod(cx, api, before.as_deref(), after, change),
            Changed::Other(key) if &*key.kind == "Node" => {
                self.node_changes = self.node_changes.wrapping_add(1);
                self.hear_of_node(cx, api, &key.name);
            }
            Changed::Workload { .. } | Changed::Other(_) => {}
        }
    }

    fn hear_of_pod(&mut self, cx: &mut Cx, api: &ApiServer, before: Option<&Pod>, after: &Pod, change: &Change) {
        let same = before.is_some_and(|b| !counts_differ(b, after) && b.spec.node_name == after.spec.node_name);
        if same && change.kind == WatchKind::Modified {
            return;
        }
        let of = |pod: &Pod| owner_of(api, &pod.metadata, WorkloadKind::DaemonSet);
        let (owner, owner_before) = (of(after), before.and_then(of));
        for uid in [owner, owner_before.filter(|uid| owner != Some(*uid))]
            .into_iter()
            .flatten()
        {
            self.hear(cx, uid, change.because);
        }
        match owner.and_then(|uid| api.workload(uid)) {
            Some(stored) => {
                let seconds = stored.object.daemon_set().map_or(0, |(spec, _)| spec.min_ready_seconds);
                let got_ready = is_ready(after) && !before.is_some_and(is_ready);
                if got_ready && seconds > 0 && after.metadata.deletion_timestamp.is_none() {
                    // Upstream adds a second, so that clocks that differ do no harm.
                    self.queue
                        .add_after(stored.uid, cx.now + Duration::from_secs(seconds.saturating_add(1)));
                    cx.queue.alarm(PART, self.queue.next_at());
                }
            }
            None if change.kind != WatchKind::Deleted && may_be_news(before, after) => {
                let fits = |object: &Workload, spec: &DaemonSetSpec| {
                    may_adopt(after, &object.metadata.namespace, spec.selector.as_ref())
                };
                self.hear_all(cx, api, change.because, fits);
            }
            None => {}
        }
    }

    fn hear_of_revision(
        &mut self,
        cx: &mut Cx,
        api: &ApiServer,
        before: Option<&ObjectMeta>,
        after: &ObjectMeta,
        change: &Change,
    ) {
        let of = |meta: &ObjectMeta| owner_of(api, meta, WorkloadKind::DaemonSet);
        let (owner, owner_before) = (of(after), before.and_then(of));
        // A revision of its own that is new tells the controller nothing.
        let known = owner.filter(|_| change.kind != WatchKind::Added);
        for uid in [known, owner_before.filter(|uid| owner != Some(*uid))]
            .into_iter()
            .flatten()
        {
            self.hear(cx, uid, change.because);
        }
        let loose = !after.owner_references.iter().any(|owner| owner.controller);
        if loose && change.kind != WatchKind::Deleted {
            self.hear_all(cx, api, change.because, |object, spec| {
                object.metadata.namespace == after.namespace && selector_fits(spec.selector.as_ref(), &after.labels)
            });
        }
    }

    /// A node is new or has changed (`syncNodeUpdate`). Of one that is gone nobody hears before its Pods go.
    fn hear_of_node(&mut self, cx: &mut Cx, api: &ApiServer, name: &str) {
        let Some(node) = api.node(name) else { return };
        let story = api.node_story(name);
        let mut concerned = Vec::new();
        for stored in api.workloads() {
            let Some((spec, status)) = stored.object.daemon_set() else {
                continue;
            };
            let fit = fit(spec, &template::tolerations(&spec.template.spec), node);
            let has_pod = api.pods_of(stored.uid).any(|s| *s.pod.spec.node_name == *name);
            let misplaced = has_pod && status.number_misscheduled > 0;
            if fit == Fit::Runs && !has_pod || matches!(fit, Fit::Leaves(_)) && has_pod || misplaced {
                concerned.push(stored.uid);
            }
        }
        for uid in concerned {
            self.hear_at(cx, uid, cx.now + NODE_CHANGE, story);
        }
    }

    fn hear_all(
        &mut self,
        cx: &mut Cx,
        api: &ApiServer,
        because: Option<EntryId>,
        fits: impl Fn(&Workload, &DaemonSetSpec) -> bool,
    ) {
        let fits = |stored: &&StoredWorkload| {
            stored
                .object
                .daemon_set()
                .is_some_and(|(spec, _)| fits(&stored.object, spec))
        };
        let found: Vec<Uid> = api.workloads().filter(fits).map(|stored| stored.uid).collect();
        for uid in found {
            self.hear(cx, uid, because);
        }
    }

    fn hear(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>) {
        let at = cx.now + cx.draw(Latency::DaemonSetSync, uid.0);
        self.hear_at(cx, uid, at, because);
    }

    fn hear_at(&mut self, cx: &mut Cx, uid: Uid, at: Instant, because: Option<EntryId>) {
        self.queue.add(uid, at, because);
        cx.queue.alarm(PART, self.queue.next_at());
    }

    /// Looks at every object that is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        while let Some((uid, because)) = self.queue.take(cx.now) {
            self.sync(cx, api, uid, because);
        }
        cx.queue.alarm(PART, self.queue.next_at());
    }

    fn sync(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
        let Some(stored) = api.workload(uid).filter(|stored| !stored.object.is_deleted()).cloned() else {
            return;
        };
        let Some((spec, _)) = stored.object.daemon_set() else {
            return;
        };
        let places = self.places.entry(uid).or_default();
        let of = (stored.object.metadata.generation, self.node_changes);
        places.refresh(api, of, spec);
        let generation = stored.object.metadata.annotations.get(TEMPLATE_GENERATION);
        let mut sync = Sync {
            spec: spec.clone(),
            generation: generation.and_then(|text| text.parse().ok()),
            because: because.or(Some(stored.because)),
            stored,
            places,
            cx,
            api,
            recorder: &mut self.recorder,
            failed: &mut self.failed,
            made: Vec::new(),
            again: None,
        };
        let result = sync.run();
        if let Some(at) = sync.again {
            self.queue.add_after(uid, at);
        }
        match result {
            Ok(()) => self.queue.forget(uid),
            Err(Failure(entry)) => {
                let retry = self.queue.add_rate_limited(uid, cx.now);
                if let (Some(entry), Some(stored)) = (entry, api.workload(uid)) {
                    let cause = Cause::of(Rule::DaemonSet(DaemonSetRule::CreateFailed { retry })).after(Some(entry));
                    cx.log.instant(stored.lane, cx.now, What::Decided("".into()), cause);
                }
            }
        }
    }
}

/// Whether somebody might want to adopt a Pod now who did not before.
fn may_be_news(before: Option<&Pod>, after: &Pod) -> bool {
    let (own, meta) = (before.map(|before| &before.metadata), &after.metadata);
    let same = own.is_some_and(|own| own.labels == meta.labels && own.owner_references == meta.owner_references);
    !same && !meta.labels.is_empty()
}

/// A write was refused, and the sync is tried again; with the entry of the attempt to make a Pod.
struct Failure(Option<EntryId>);

/// One sync of one DaemonSet: the object as it was read at its beginning, and what the sync may use.
struct Sync<'a, 'c> {
    cx: &'a mut Cx<'c>,
    api: &'a mut ApiServer,
    recorder: &'a mut Recorder,
    failed: &'a mut FailedPods,
    places: &'a Places,
    stored: StoredWorkload,
    spec: Rc<DaemonSetSpec>,
    /// The number of the template.
    generation: Option<i64>,
    because: Option<EntryId>,
    /// Pods that this sync has made.
    made: Vec<Uid>,
    /// When the DaemonSet is to be looked at again by itself.
    again: Option<Instant>,
}

impl Sync<'_, '_> {
    fn run(&mut self) -> Result<(), Failure> {
        claim_pods(self.cx, self.api, &self.stored, self.spec.selector.as_ref(), CLAIMS);
        let (hash, old) = self.construct_history()?;
        let result = self.update(&hash);
        if result.is_ok() {
            self.clean_up_history(old);
        }
        self.write_status(&hash);
        result
    }

    /// Pods first; the rolling update when that left nothing to be waited for.
    fn update(&mut self, hash: &str) -> Result<(), Failure> {
        let nodes = self.nodes();
        if self.manage(&nodes, hash)? || self.spec.update_strategy.kind != "RollingUpdate" {
            return Ok(());
        }
        self.roll(&nodes, hash)
    }

    /// The nodes with the Pods on them as they stand now.
    fn nodes(&self) -> Vec<OnNode> {
        let pods = self.api.pods_of(self.stored.uid).map(|s| (s.uid, s.pod.clone()));
        self.places.with_pods(pods, self.cx.setup, self.cx.now)
    }

    /// Looks again at `at`, or earlier if that was said before.
    fn look_again(&mut self, at: Instant) {
        self.again = Some(self.again.map_or(at, |before| before.min(at)));
    }

    /// Writes an entry for a decision on the lane of one of its objects.
    fn decide(&mut self, lane: LaneId, rule: DaemonSetRule, what: &str) -> EntryId {
        let mut cause = Cause::of(Rule::DaemonSet(rule)).after(self.because);
        for path in fields(&rule) {
            cause = cause.field(FieldBase::Workload, path);
        }
        self.cx
            .log
            .instant(lane, self.cx.now, What::Decided(what.into()), cause)
    }

    fn event(&mut self, because: EntryId, warning: bool, reason: &str, message: &str) {
        let meta = &self.stored.object.metadata;
        let object = format!("DaemonSet/{}", meta.name);
        let source = EventSource {
            uid: self.stored.uid,
            object: &object,
            namespace: &meta.namespace,
            field_path: "",
            component: "daemonset-controller",
            lane: self.stored.lane,
            because: Some(because),
        };
        self.recorder
            .event(self.cx, self.api, &source, warning, reason, message);
    }
}

/// The fields of `spec` that set the numbers of a rule.
fn fields(rule: &DaemonSetRule) -> &'static [&'static str] {
    match rule {
        DaemonSetRule::NodeUnfit | DaemonSetRule::Moved { .. } => {
            &["template.spec.nodeSelector", "template.spec.affinity"]
        }
        DaemonSetRule::NodeTainted => &["template.spec.tolerations"],
        DaemonSetRule::NewRevision { .. } | DaemonSetRule::ReusedRevision { .. } => &["template"],
        DaemonSetRule::HistoryLimit { .. } => &["revisionHistoryLimit"],
        DaemonSetRule::Replaced { .. } => &["updateStrategy.rollingUpdate.maxUnavailable"],
        DaemonSetRule::Surged { .. } => &["updateStrategy.rollingUpdate.maxSurge"],
        DaemonSetRule::SurgeDone => &["minReadySeconds"],
        _ => &[],
    }
}

/// A number as entries keep it.
fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
