//! Jobs: who hears of which change, and when a Job is looked at.
//! Twin: pkg/controller/job/job_controller.go (v1.36.2)
//! Covers: the events of Jobs and Pods, syncJob, the queue of Pods that nobody counts any more
//! Left out: expectations (writes are seen at once here), metrics, what another controller does with its Jobs (`managedBy`)

mod backoff;
mod finish;
mod indexes;
mod manage;
mod pod_failure_policy;
mod pods;
mod session;
mod success_policy;
mod tracking;

use std::rc::Rc;

use backoff::Backoff;
use finish::is_finished;
use pods::{TRACKING, is_tracked};
use session::Session;
use tracking::Flush;

use super::claim::{ClaimRules, claim_pods, may_adopt, owner_of};
use super::work_queue::WorkQueue;
use crate::api::workload::JobSpec;
use crate::api::{JOB_CONTROLLER, ObjectMeta, Pod, Workload, WorkloadKind};
use crate::apiserver::{ApiServer, Change, Changed, EventSource, Recorder, StoredWorkload};
use crate::machine::{ControllerId, Cx, Latency, Part, Uid};
use crate::map::{Map, Set};
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, FieldBase, JobRule, Rule, WatchKind, What};

/// What Pods do, and the Job's own status, is gathered for so long (`syncJobBatchPeriod`).
const BATCH: Duration = Duration::from_secs(1);
/// The delays after a failed request to the API: `DefaultJobApiBackOff`, `MaxJobApiBackOff`.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

const RULES: ClaimRules = ClaimRules {
    adopted: Rule::Job(JobRule::Adopted),
    released: Rule::Job(JobRule::Released),
};

/// The controller of Jobs.
#[derive(Clone, Debug)]
pub struct JobController {
    queue: WorkQueue,
    /// The entry that changed a Job or its Pods last, for the sync that gathers it.
    heard_of: Map<Uid, EntryId>,
    backoffs: Map<Uid, Backoff>,
    /// Until when new Pods wait, and the entry that says so.
    waits: Map<Uid, (Instant, EntryId)>,
    /// Second halves of syncs: finalizers to be removed, and the status after that.
    flushes: Map<Uid, Flush>,
    /// Pods that nobody counts any more: when they lose their finalizer, and the entry that made it so.
    orphans: Map<Uid, (Instant, Option<EntryId>)>,
    recorder: Recorder,
}

impl Default for JobController {
    fn default() -> Self {
        JobController {
            queue: WorkQueue::with_retry(RETRY.0, RETRY.1),
            heard_of: Map::new(),
            backoffs: Map::new(),
            waits: Map::new(),
            flushes: Map::new(),
            orphans: Map::new(),
            recorder: Recorder::default(),
        }
    }
}

impl JobController {
    /// Hears of a change, if it concerns a Job or one of its Pods.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, change: &Change) {
        match &change.object {
            Changed::Workload { uid, before, after } if after.kind == WorkloadKind::Job => {
                self.hear_of_job(cx, api, change, (*uid, before.as_deref(), after));
            }
            Changed::Pod { uid, before, after } => {
                self.hear_of_pod(cx, api, change, (*uid, before.as_deref(), after));
            }
            _ => return,
        }
        self.alarm(cx);
    }

    fn hear_of_job(
        &mut self,
        cx: &mut Cx,
        api: &ApiServer,
        change: &Change,
        (uid, before, after): (Uid, Option<&Workload>, &Workload),
    ) {
        let finished = after.job().is_some_and(|(_, status)| is_finished(status));
        if change.kind == WatchKind::Deleted {
            self.queue.forget(uid);
            self.recorder.forget(uid);
            self.heard_of.remove(&uid);
            self.backoffs.remove(&uid);
            self.waits.remove(&uid);
            self.flushes.remove(&uid);
        } else if before.is_some_and(|before| before.metadata.generation == after.metadata.generation) {
            self.hear(cx, uid, BATCH, change.because);
        } else {
            self.hear(cx, uid, Duration::ZERO, change.because);
        }
        if finished || change.kind == WatchKind::Deleted {
            let tracked: Vec<Uid> = api.pods_of(uid).filter(|s| is_tracked(&s.pod)).map(|s| s.uid).collect();
            for pod in tracked {
                self.hear_of_orphan(cx, pod, change.because);
            }
        }
    }

    fn hear_of_pod(
        &mut self,
        cx: &mut Cx,
        api: &ApiServer,
        change: &Change,
        (uid, before, after): (Uid, Option<&Pod>, &Pod),
    ) {
        let job_of =
            |meta: &ObjectMeta| owner_of(api, meta, WorkloadKind::Job).filter(|job| api.workload(*job).is_some());
        let gone = change.kind == WatchKind::Deleted;
        let job = job_of(&after.metadata);
        let job_before = before.and_then(|pod| job_of(&pod.metadata));
        if let Some(other) = job_before.filter(|other| job != Some(*other)) {
            self.hear(cx, other, BATCH, change.because);
        }
        if let Some(job) = job {
            self.hear(cx, job, BATCH, change.because);
        }
        let counted = job.is_some_and(|job| !finished(api, job));
        let controlled = after.metadata.owner_references.iter().any(|owner| owner.controller);
        let leaves = after.metadata.deletion_timestamp.is_some();
        if !gone && is_tracked(after) && !counted && (leaves || !controlled) {
            self.hear_of_orphan(cx, uid, change.because);
        }
        let same = before.is_some_and(|before| {
            let (before, after) = (&before.metadata, &after.metadata);
            before.labels == after.labels && before.owner_references == after.owner_references
        });
        if !gone && !controlled && !same {
            let adopters: Vec<Uid> = adopters(api, after).collect();
            for job in adopters {
                self.hear(cx, job, BATCH, change.because);
            }
        }
    }

    /// A Job is to be looked at after a delay, and the time until the controller hears of it.
    fn hear(&mut self, cx: &mut Cx, uid: Uid, delay: Duration, because: Option<EntryId>) {
        if let Some(because) = because {
            self.heard_of.insert(uid, because);
        }
        let at = cx.now + cx.draw(Latency::JobSync, uid.0) + delay;
        if delay == Duration::ZERO {
            self.queue.add(uid, at, because);
        } else {
            self.queue.add_after(uid, at);
        }
    }

    fn hear_of_orphan(&mut self, cx: &mut Cx, pod: Uid, because: Option<EntryId>) {
        let at = cx.now + cx.draw(Latency::JobSync, pod.0);
        self.orphans.entry(pod).or_insert((at, because));
    }

    fn alarm(&self, cx: &mut Cx) {
        let flushes = self.flushes.values().map(|flush| flush.at);
        let others = flushes.chain(self.orphans.values().map(|(at, _)| *at));
        let next = others.chain(self.queue.next_at()).min();
        cx.queue.alarm(Part::Controller(ControllerId::Job), next);
    }

    /// Does what is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        while let Some(pod) = due(self.orphans.iter().map(|(pod, (at, _))| (*at, *pod)), cx.now) {
            let because = self.orphans.remove(&pod).and_then(|(_, because)| because);
            self.release_orphan(cx, api, pod, because);
        }
        while let Some(uid) = due(self.flushes.iter().map(|(uid, flush)| (flush.at, *uid)), cx.now) {
            if let Some(flush) = self.flushes.remove(&uid) {
                self.flush(cx, api, uid, flush);
            }
        }
        while let Some((uid, because)) = self.queue.take(cx.now) {
            // One key is never worked on twice at a time.
            if let Some(flush) = self.flushes.get(&uid) {
                self.queue.add(uid, flush.at, because);
                continue;
            }
            let because = self.heard_of.remove(&uid).or(because);
            self.sync(cx, api, uid, because);
        }
        self.alarm(cx);
    }

    fn sync(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
        let Some(stored) = api.workload(uid).cloned() else {
            return;
        };
        let Some((spec, status)) = stored.object.job() else {
            return;
        };
        if spec.managed_by.as_deref().is_some_and(|by| by != JOB_CONTROLLER) {
            return;
        }
        if is_finished(status) {
            self.backoffs.remove(&uid);
            return;
        }
        // When only time has passed, the wait that is over is the cause, else the Job itself.
        let waited = self.waits.get(&uid).filter(|(until, _)| *until <= cx.now);
        let because = because.or(waited.map(|(_, entry)| *entry)).or(Some(stored.born));
        let pods = self.claim(cx, api, &stored, spec);
        let backoff = self.backoffs.get(&uid).copied().unwrap_or_default();
        let mut session = Session::new(stored.clone(), pods, backoff, because, cx.now, cx.setup.calendar);
        session.decide(cx.now);
        if let Some(at) = session.deadline() {
            self.queue.add_after(uid, at);
        }
        let failed = if session.finish.is_some() {
            self.stop_active(cx, api, &mut session);
            false
        } else {
            self.go_on(cx, api, &mut session)
        };
        self.track(cx, api, session);
        if failed {
            let retry = self.queue.add_rate_limited(uid, cx.now);
            decided(cx, &stored, JobRule::CreateFailed { retry }, "", because);
        } else {
            self.queue.forget(uid);
        }
    }

    /// The Pods of the Job. One that is adopted gets the finalizer, so that it is counted.
    fn claim(&self, cx: &mut Cx, api: &mut ApiServer, stored: &StoredWorkload, spec: &JobSpec) -> Vec<(Uid, Rc<Pod>)> {
        let known: Set<Uid> = api.pods_of(stored.uid).map(|pod| pod.uid).collect();
        let pods = claim_pods(cx, api, stored, spec.selector.as_ref(), RULES);
        let adopted: Vec<Uid> = pods
            .iter()
            .map(|(uid, _)| *uid)
            .filter(|uid| !known.contains(uid))
            .collect();
        if adopted.is_empty() {
            return pods;
        }
        for uid in adopted {
            api.update_pod(cx, uid, None, |pod| pod.metadata.finalizers.push(TRACKING.to_owned()));
        }
        api.pods_of(stored.uid).map(|s| (s.uid, s.pod.clone())).collect()
    }

    /// Takes the finalizer from a Pod that no Job counts any more (`syncOrphanPod`).
    fn release_orphan(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
        let Some(stored) = api.pod(uid) else { return };
        let owner = stored
            .pod
            .metadata
            .owner_references
            .iter()
            .find(|owner| owner.controller);
        let of_another = owner.is_some_and(|owner| owner.kind != WorkloadKind::Job.as_str());
        let job = owner_of(api, &stored.pod.metadata, WorkloadKind::Job).filter(|job| api.workload(*job).is_some());
        if of_another || !is_tracked(&stored.pod) || job.is_some_and(|job| !finished(api, job)) {
            return;
        }
        let cause = Cause::of(Rule::Job(JobRule::Orphan)).after(because.or(Some(stored.because)));
        let entry = cx
            .log
            .instant(stored.lanes.pod, cx.now, What::Decided("".into()), cause);
        api.remove_finalizer(cx, uid, TRACKING, Some(entry));
    }

    fn event(&mut self, cx: &mut Cx, api: &mut ApiServer, said: &Said) {
        let object = format!("Job/{}", said.job.object.metadata.name);
        let source = EventSource {
            uid: said.job.uid,
            object: &object,
            namespace: &said.job.object.metadata.namespace,
            field_path: "",
            component: "job-controller",
            lane: said.job.lane,
            because: said.because,
        };
        self.recorder
            .event(cx, api, &source, said.warning, said.reason, said.message);
    }
}

/// An Event about a Job.
struct Said<'s> {
    job: &'s StoredWorkload,
    because: Option<EntryId>,
    warning: bool,
    reason: &'s str,
    message: &'s str,
}

/// The first thing that is due.
fn due(all: impl Iterator<Item = (Instant, Uid)>, now: Instant) -> Option<Uid> {
    all.min().filter(|(at, _)| *at <= now).map(|(_, uid)| uid)
}

fn finished(api: &ApiServer, job: Uid) -> bool {
    let object = api.workload(job).map(|stored| &stored.object);
    object
        .and_then(|object| object.job())
        .is_some_and(|(_, status)| is_finished(status))
}

/// Jobs whose selector fits a Pod without a controller.
fn adopters<'a>(api: &'a ApiServer, pod: &'a Pod) -> impl Iterator<Item = Uid> + 'a {
    let fits = |stored: &&StoredWorkload| {
        let selector = stored.object.job().map(|(spec, _)| spec.selector.as_ref());
        selector.is_some_and(|selector| may_adopt(pod, &stored.object.metadata.namespace, selector))
    };
    api.workloads().filter(fits).map(|stored| stored.uid)
}

/// Writes down a decision about the Job itself.
fn decided(cx: &mut Cx, job: &StoredWorkload, rule: JobRule, field: &'static str, because: Option<EntryId>) -> EntryId {
    let mut cause = Cause::of(Rule::Job(rule)).after(because);
    if !field.is_empty() {
        cause = cause.field(FieldBase::Workload, field);
    }
    cx.log.instant(job.lane, cx.now, What::Decided("".into()), cause)
}

fn small(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}
