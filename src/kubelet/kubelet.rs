//! Twin: pkg/kubelet/kubelet.go (v1.36.2)
//! Covers: syncLoopIteration: watch events, relists, the tick, probe results; HandlePodAdditions and its kin; rejectPod.
//! Left out: housekeeping of orphans, node status.

use std::collections::VecDeque;
use std::rc::Rc;

use super::backoff::Backoff;
use super::entry::{Agent, Env, PodEntry, TICK_PERIOD, event};
use super::eviction_manager::{self, EvictionManager};
use super::image_manager::{self, ImageManager};
use super::kubelet_node_status::{self, NodeStatus};
use super::kubelet_pods::Reasons;
use super::nodeshutdown_manager::{self, Shutdown};
use super::pod_workers::{self, Stage, Trigger, Worker};
use super::volume_manager::{self, Volumes};
use super::work_queue::WorkQueue;
use super::{pleg, predicate, preemption, prober_manager, status_manager};
use crate::api::scenario::NodeSetup;
use crate::apiserver::{Recorder, is_static};
use crate::machine::{Latency, Part, Profile, Setup, Uid};
use crate::map::Map;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, Rule, What};

/// The address of the node with this index.
pub fn node_ip(index: u16) -> Rc<str> {
    format!("172.18.0.{}", u32::from(index) + 2).into()
}

/// The kubelet of one node.
#[derive(Clone, Debug)]
pub struct Kubelet {
    pub(super) agent: Agent,
    /// Boxed, so that the search among them reads keys that stand side by side.
    pub(super) pods: Map<Uid, Box<PodEntry>>,
    life: Life,
    /// Looks after the node's memory.
    pub(super) eviction: EvictionManager,
    /// Looks at its own Node.
    pub(super) node_status: NodeStatus,
    /// A shutdown under way.
    pub(super) shutdown: Option<Shutdown>,
    /// How long a shutdown waits for Pods, and the part of it that is for critical ones.
    pub(super) shutdown_grace: (Duration, Duration),
    /// Critical Pods for which room is being made.
    pub(super) waiting: Vec<preemption::Waiting>,
}

/// Whether the kubelet's process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Running,
    Stopped,
    /// Its process has started; it looks at its Pods from then on.
    Starting(Instant),
}

/// From the start of a kubelet's process to the first step of its Pods, and how long before that its node is Ready
/// (recorded in `24-node-lost`).
const START_UP: Duration = Duration::from_millis(3_300);
/// The node is Ready so long before the kubelet sees to its Pods.
pub const READY_BEFORE_PODS: Duration = Duration::from_millis(900);

/// Nominal phases of the two clocks, in the middle of what was measured (spec/07 §1.7).
const RELIST_PHASE: Instant = Instant::from_millis(60);
const TICK_PHASE: Instant = Instant::from_millis(500);

/// When a Pod stored at t = 0 has its sandbox and not yet its containers (spec/07 §1.7): where the relist falls in runs
/// that leave the common course.
const FIRST_PASS: (Duration, Duration) = (Duration::from_millis(480), Duration::from_millis(560));

impl Kubelet {
    /// A kubelet that has run for a while when the scenario begins.
    pub fn new(setup: &Setup, node: u16, made: &NodeSetup, profile: Profile) -> Self {
        let phase = |stream: &str, nominal: Instant, (low, high): (Duration, Duration)| {
            if setup.seed == 0 {
                return nominal;
            }
            let width = (high - low).micros().unsigned_abs();
            let share = setup.share(stream, u32::from(node), 0, width);
            Instant::ZERO + low + Duration::from_micros(share as i64)
        };
        let relists = if setup.rare_course() {
            FIRST_PASS
        } else {
            (Duration::ZERO, super::entry::RELIST_PERIOD)
        };
        let agent = Agent {
            node,
            name: made.name.as_str().into(),
            ip: node_ip(node),
            profile,
            recorder: Recorder::default(),
            crash_backoff: crash_backoff(&profile, made),
            images: ImageManager::new(&made.images),
            work: WorkQueue::default(),
            relist_phase: phase("kubelet.relist", RELIST_PHASE, relists),
            tick_phase: phase("kubelet.tick", TICK_PHASE, (Duration::ZERO, TICK_PERIOD)),
            started_at: Instant::from_secs(-86_400),
            at_work: Vec::new(),
        };
        Kubelet {
            agent,
            pods: Map::new(),
            life: Life::Running,
            eviction: EvictionManager::default(),
            node_status: NodeStatus::new(setup, node),
            shutdown: None,
            shutdown_grace: (made.shutdown_grace_period.0, made.shutdown_grace_period_critical_pods.0),
            waiting: Vec::new(),
        }
    }

    /// What the Pods of this node share.
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// The entry of a Pod.
    pub fn pod(&self, uid: Uid) -> Option<&PodEntry> {
        self.pods.get(&uid).map(|p| &**p)
    }

    /// All Pods.
    pub fn pods(&self) -> impl Iterator<Item = &PodEntry> {
        self.pods.values().map(|p| &**p)
    }

    /// The process ends. Containers run on; what it knew is lost.
    pub fn stop(&mut self) {
        self.life = Life::Stopped;
        self.pods.clear();
        self.agent.work = WorkQueue::default();
        self.eviction = EvictionManager::default();
        self.shutdown = None;
        self.waiting.clear();
    }

    /// The process starts, or is up. Returns when it will be up.
    pub fn start(&mut self, env: &mut Env) -> Option<Instant> {
        let now = env.now();
        match self.life {
            Life::Running => None,
            Life::Stopped => {
                let up = now + START_UP;
                self.life = Life::Starting(up);
                Some(up)
            }
            Life::Starting(up) if up > now => Some(up),
            Life::Starting(_) => {
                self.life = Life::Running;
                self.take_up(env);
                None
            }
        }
    }

    /// The first look at the node's Pods: back-offs, counts of events and verdicts of probes are forgotten, what runs is
    /// found as it is.
    fn take_up(&mut self, env: &mut Env) {
        let now = env.now();
        let a = &mut self.agent;
        a.recorder = Recorder::default();
        a.crash_backoff.clear();
        a.images.restart();
        a.started_at = now - START_UP;
        // The first relist comes before the first step, the next one 0.37 s after it (recorded in 24-kubelet-restart).
        a.relist_phase = now + Duration::from_millis(370);
        a.tick_phase = now + Duration::from_millis(700);
        let bound = env.api.pods().filter(|s| *s.pod.spec.node_name == *a.name);
        let mut bound: Vec<Uid> = bound.map(|s| s.uid).collect();
        bound.extend(env.api.without_mirror(&a.name));
        for uid in env.runtimes[usize::from(a.node)].uids() {
            if !bound.contains(&uid) {
                for (id, _) in env.runtimes[usize::from(a.node)].running(uid) {
                    env.wide().kill(a.node, id, None);
                }
                env.runtimes[usize::from(a.node)].remove_pod(uid);
            }
        }
        let started = env.api.node_story(&self.agent.name);
        for uid in bound {
            self.watch(env, uid);
            // What the kubelet has no news of, it writes because it is there again.
            if let Some(p) = self.pods.get_mut(&uid) {
                p.news = p.news.max(started);
                for write in &mut p.writes {
                    write.because = write.because.max(started);
                }
            }
        }
    }

    /// Lets a part of this kubelet do what is due.
    pub fn poll(&mut self, env: &mut Env, part: Part) {
        if self.life != Life::Running {
            return;
        }
        let a = &mut self.agent;
        match part {
            Part::KubeletWatch(_, uid) => {
                self.watch(env, uid);
                let ended = |s: &crate::apiserver::StoredPod| s.pod.status.phase.is_terminal();
                if env.api.pod(uid).is_none_or(ended) {
                    self.retry_resizes(env);
                }
            }
            Part::StatusWrite(_, uid) => {
                if let Some(p) = self.pods.get_mut(&uid) {
                    status_manager::write_due(a, p, env);
                }
            }
            Part::Worker(_, uid) => {
                if let Some(p) = self.pods.get_mut(&uid) {
                    pleg::notice(a, p, env);
                    pod_workers::poll(a, p, env);
                }
            }
            Part::Volumes(_, uid) => {
                if let Some(p) = self.pods.get_mut(&uid) {
                    volume_manager::poll(a, p, env);
                }
            }
            Part::Probe(_, uid, number) => {
                if let Some(p) = self.pods.get_mut(&uid) {
                    prober_manager::poll(a, p, env, number);
                }
            }
            Part::Relist(_) => self.relist(env),
            Part::RelistPod(_, uid) => {
                if let Some(p) = self.pods.get_mut(&uid) {
                    pleg::notice(a, p, env);
                    pleg::relist(a, p, env, true);
                }
            }
            Part::Tick(_) => self.tick(env),
            Part::Eviction(_) => eviction_manager::synchronize(self, env),
            Part::NodeStatus(_) => kubelet_node_status::sync(self, env),
            Part::NodeShutdown(_) if self.shutdown.is_none() => nodeshutdown_manager::begin(self, env),
            Part::Images(_) => {
                while let Some(uid) = image_manager::poll(a, env) {
                    env.cx.queue.alarm(Part::Worker(a.node, uid), Some(env.cx.now));
                }
                env.cx.queue.alarm(Part::Images(a.node), a.images.poll_at());
            }
            _ => {}
        }
        if self.shutdown.is_some() {
            nodeshutdown_manager::go_on(self, env);
        }
        if !self.waiting.is_empty() {
            preemption::go_on(self, env);
        }
    }

    /// A Pod bound to this node was stored, changed or removed.
    fn watch(&mut self, env: &mut Env, uid: Uid) {
        let a = &mut self.agent;
        let Some(stored) = env.api.pod(uid) else {
            if env.api.lacks_mirror(uid) {
                env.api.store_mirror(&mut env.cx, uid);
            } else {
                self.removed(env, uid);
            }
            return;
        };
        if is_static(&stored.pod) && stored.pod.metadata.deletion_timestamp.is_some() {
            // Its file is still there: the mirror goes at once, and a new one is stored when that is seen.
            let because = stored.marked;
            env.api.finish_delete(&mut env.cx, uid, because);
            return;
        }
        let (pod, lanes, because, marked) = (stored.pod.clone(), stored.lanes.clone(), stored.because, stored.marked);
        let resized = self
            .pods
            .get(&uid)
            .is_some_and(|p| !Rc::ptr_eq(&p.pod.spec, &pod.spec) && super::resize::is_resize(&p.pod.spec, &pod.spec));
        let others = if resized { others(&self.pods, uid) } else { Vec::new() };
        let Some(p) = self.pods.get_mut(&uid) else {
            if pod.metadata.deletion_timestamp.is_some() && pod.status.phase.is_terminal() {
                return;
            }
            let grace = pod.metadata.deletion_grace_period_seconds;
            // A kubelet that finds the Pod at work goes on from what the API and the runtime say.
            let known = pod.status.start_time.is_some();
            let runtime = &mut env.runtimes[usize::from(a.node)];
            let _ = runtime.take_changed(uid);
            let view = runtime.pod_view(uid, env.cx.now, false);
            let found = !view.sandboxes.is_empty();
            a.work.await_relist(uid);
            a.work.deadline(uid, pod.spec.active_deadline_seconds.is_some());
            let status = known.then(|| Rc::new(pod.status.clone()));
            let unseen = env.runtimes[usize::from(a.node)].next_report(uid, env.cx.now);
            let entry = PodEntry {
                uid,
                peak: eviction_manager::peak(&pod, env),
                pod,
                lanes,
                worker: Worker::default(),
                view: Rc::new(view),
                view_at: env.now(),
                unseen,
                status,
                writes: VecDeque::new(),
                reasons: Reasons::new(),
                volumes: Volumes::default(),
                probes: Vec::new(),
                probes_added: false,
                resizing: false,
                resize_restarts: Vec::new(),
                pending_resize: None,
                forced: None,
                story: Some(because),
                news: None,
                stories: Map::new(),
                backoffs: Map::new(),
                settled: Default::default(),
            };
            // One that was deleted by force counts for nothing any more, though its processes may still be there.
            let known_to_api = |p: &PodEntry| env.api.pod(p.uid).is_some() || is_static(&p.pod);
            let counts = self.pods.values().filter(|p| is_active(p) && known_to_api(p));
            let others: Vec<&crate::api::Pod> = counts.map(|p| &*p.pod).collect();
            let admitted = if known || grace.is_some() {
                Ok(Vec::new())
            } else {
                let closing = self.shutdown.is_some();
                predicate::admit(a, env.api, &entry.pod, &others, &self.eviction, closing)
            };
            self.pods.insert(uid, Box::new(entry));
            let waits = admitted.as_ref().is_ok_and(|lacks| !lacks.is_empty());
            let admitted = match admitted {
                Ok(lacks) if waits => preemption::make_room(self, env, uid, &lacks),
                admitted => admitted.map(|_| ()),
            };
            let a = &mut self.agent;
            let Some(p) = self.pods.get_mut(&uid) else { return };
            if let Err(refused) = admitted {
                reject(a, p, env, refused);
                return;
            }
            if waits {
                return;
            }
            match grace {
                Some(grace) => pod_workers::terminate(a, p, env, grace),
                None => pod_workers::request(a, p, env, Trigger::First),
            }
            if found {
                // The first relist has made a request for everything that it found.
                pod_workers::request(a, p, env, Trigger::Relist);
                pleg::notice(a, p, env);
            }
            deadline_alarm(a, p, env);
            eviction_manager::arm(self, env);
            return;
        };
        a.work.deadline(uid, pod.spec.active_deadline_seconds.is_some());
        let old = std::mem::replace(&mut p.pod, pod);
        if !Rc::ptr_eq(&old.spec, &p.pod.spec) {
            p.peak = eviction_manager::peak(&p.pod, env);
        }
        p.lanes = lanes;
        if p.pod.metadata.uid != old.metadata.uid {
            status_manager::show_again(a, p, env);
            return;
        }
        let deleting = p.pod.metadata.deletion_timestamp.is_some();
        let shorter = p.pod.metadata.deletion_grace_period_seconds != old.metadata.deletion_grace_period_seconds;
        if deleting && shorter {
            p.story = marked.or(p.story);
            p.stories.clear();
            let grace = p.pod.metadata.deletion_grace_period_seconds.unwrap_or(30);
            pod_workers::terminate(a, p, env, grace);
            status_manager::write_due(a, p, env);
        } else if resized && p.status.is_some() {
            p.story = Some(because);
            super::resize::seen(a, p, env, &old, &others);
        } else if old.spec != p.pod.spec || old.metadata.labels != p.pod.metadata.labels {
            p.story = Some(because);
            pod_workers::request(a, p, env, Trigger::Watch);
        } else if !p.pod.spec.readiness_gates.is_empty() && old.status.conditions != p.pod.status.conditions {
            let status = pod_workers::current_status(a, p, env, false);
            let ready = |s: &crate::api::PodStatus| s.conditions.iter().find(|c| &*c.kind == "Ready").cloned();
            let (new, old) = (ready(&status), p.status.as_deref().and_then(ready));
            if new.map(|c| (c.status, c.message)) != old.map(|c| (c.status, c.message)) {
                pod_workers::request(a, p, env, Trigger::Watch);
            }
        }
    }

    /// A Pod has ended: those whose resize waits for room are looked at again.
    fn retry_resizes(&mut self, env: &mut Env) {
        let waiting = self
            .pods
            .values()
            .filter(|p| p.pending_resize.is_some() && is_active(p));
        let waiting: Vec<Uid> = waiting.map(|p| p.uid).collect();
        for uid in waiting {
            let others = others(&self.pods, uid);
            if let Some(p) = self.pods.get_mut(&uid) {
                super::resize::retry(&mut self.agent, p, env, &others);
            }
        }
    }

    /// The object is gone from the API: what still runs is stopped, then the Pod is forgotten.
    fn removed(&mut self, env: &mut Env, uid: Uid) {
        let a = &mut self.agent;
        let Some(p) = self.pods.get_mut(&uid) else { return };
        p.worker.removed = true;
        a.work.await_relist(uid);
        if p.worker.stage == Stage::Finished {
            forget(a, env, uid);
            self.pods.remove(&uid);
            return;
        }
        let mut pod = (*p.pod).clone();
        pod.metadata
            .deletion_timestamp
            .get_or_insert(crate::api::Time(env.cx.now));
        pod.metadata.deletion_grace_period_seconds = Some(0);
        p.pod = Rc::new(pod);
        pod_workers::terminate(a, p, env, 1);
    }

    /// One relist of the whole node: Pods with changes, then workers that wait.
    fn relist(&mut self, env: &mut Env) {
        let a = &mut self.agent;
        let now = env.now();
        let mut next = None;
        let looked_at = a.work.take_relists();
        for uid in &looked_at {
            let Some(p) = self.pods.get_mut(uid) else { continue };
            if p.unseen.is_some_and(|at| at <= now) {
                pleg::relist(a, p, env, false);
            } else if let Some(at) = p.unseen {
                let due = a.next_relist(at.max(now));
                next = Some(next.map_or(due, |n: Instant| n.min(due)));
            }
        }
        for uid in &looked_at {
            let Some(p) = self.pods.get_mut(uid) else { continue };
            if matches!(p.worker.busy, pod_workers::Busy::AwaitFresh) {
                p.worker.trigger = Trigger::Relist;
                pod_workers::release(a, p, env);
            }
        }
        env.cx.queue.alarm(Part::Relist(a.node), next);
        for uid in looked_at {
            let Some(p) = self.pods.get(&uid) else { continue };
            if p.worker.removed && p.worker.stage == Stage::Finished {
                forget(a, env, uid);
                self.pods.remove(&uid);
            } else if p.worker.removed || p.unseen.is_some() || matches!(p.worker.busy, pod_workers::Busy::AwaitFresh) {
                a.work.await_relist(uid);
            }
        }
    }

    /// The tick of the sync loop: Pods whose work is due, and Pods past their deadline.
    fn tick(&mut self, env: &mut Env) {
        let a = &mut self.agent;
        let now = env.now();
        for uid in a.work.take_due(now) {
            let Some(p) = self.pods.get_mut(&uid) else { continue };
            let due = p.worker.work_due.is_some_and(|at| at < now);
            let over = p.worker.stage == Stage::Sync && p.forced.is_none() && pod_workers::active_deadline_over(p, env);
            if due || over {
                p.worker.work_due = None;
                pod_workers::request(a, p, env, Trigger::Tick);
            }
            deadline_alarm(a, p, env);
        }
        let pods = &self.pods;
        let holds = |uid: Uid, at: Instant| pods.get(&uid).is_some_and(|p| p.worker.work_due == Some(at));
        let next = a.work.next_due(holds);
        let next = next.map(|at| a.next_tick(at));
        env.cx.queue.alarm(Part::Tick(a.node), next);
    }
}

/// The back-off of crash loops (newCrashLoopBackOff): from 10 s to 300 s, or less where a gate or the node says so. It
/// is forgotten after 600 s whatever the longest delay (spec/02 §2.1).
fn crash_backoff<K: Ord>(profile: &Profile, made: &NodeSetup) -> Backoff<K> {
    let (initial, longest) = if profile.reduced_crash_loop { (1, 60) } else { (10, 300) };
    let own = made.crash_loop_back_off.max_container_restart_period;
    let longest = own
        .filter(|_| profile.crash_loop_max)
        .map_or(Duration::from_secs(longest), |span| span.0);
    let initial = Duration::from_secs(initial).min(longest);
    Backoff::new(initial, longest, Duration::from_secs(600))
}

/// The other Pods that count on the node.
fn others(pods: &Map<Uid, Box<PodEntry>>, uid: Uid) -> Vec<Rc<crate::api::Pod>> {
    let all = pods.values().filter(|p| p.uid != uid && is_active(p));
    all.map(|p| p.pod.clone()).collect()
}

/// Whether a Pod still counts on its node.
pub(super) fn is_active(p: &PodEntry) -> bool {
    let ended = |status: &crate::api::PodStatus| status.phase.is_terminal();
    p.worker.stage != Stage::Finished && !p.status.as_deref().is_some_and(ended)
}

/// The kubelet does not take the Pod (rejectPod): it fails, and no worker ever sees it.
fn reject(a: &mut Agent, p: &mut PodEntry, env: &mut Env, (reason, message): predicate::Refused) {
    let now = env.now();
    let cause = Cause::of(Rule::KubeletRejected).after(p.story);
    let what = What::Decided("".into());
    p.story = Some(env.cx.log.instant(p.lanes.pod, now, what, cause));
    event(a, p, env, None, true, &reason, &message);
    p.worker.stage = Stage::Finished;
    let status = crate::api::PodStatus {
        phase: crate::api::Phase::Failed,
        message: format!("Pod was rejected: {message}"),
        reason,
        qos_class: p.pod.status.qos_class.clone(),
        start_time: Some(crate::api::Time(now)),
        ..crate::api::PodStatus::default()
    };
    let latency = env.cx.draw(Latency::FirstStatus, p.uid.0);
    status_manager::set_pod_status(a, p, env, status, latency);
}

/// The tick that will find the Pod past its deadline.
fn deadline_alarm(a: &Agent, p: &PodEntry, env: &mut Env) {
    if p.worker.stage == Stage::Sync
        && p.forced.is_none()
        && let Some(at) = pod_workers::active_deadline(p, env)
        && at > env.now()
    {
        let tick = at.ceil_to_grid(a.tick_phase, TICK_PERIOD);
        env.cx.queue.alarm(Part::Tick(a.node), Some(tick));
    }
}

/// Nothing of the Pod is left.
fn forget(a: &mut Agent, env: &mut Env, uid: Uid) {
    a.recorder.forget(uid);
    a.crash_backoff.forget(|k| k.0 == uid);
    env.runtimes[usize::from(a.node)].remove_pod(uid);
}
