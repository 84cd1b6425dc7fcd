//! Twin: pkg/kubelet/pod_workers.go (v1.36.2)
//! Covers: UpdatePod, podWorkerLoop, completeWork, calculateEffectiveGracePeriod; the steps SyncPod,
//! SyncTerminatingPod and SyncTerminatedPod of kubelet.go as far as they take time.
//! Left out: orphans that the API never knew, static Pods.

use super::entry::{Agent, Env, Forced, PodEntry, TICK_PERIOD, event};
use super::helpers;
use super::kubelet_pods::{StatusInput, generate_api_pod_status};
use super::kuberuntime_container::field_base;
use super::kuberuntime_kill::PodKill;
use super::kuberuntime_manager::{self, Pass};
use super::{prober_manager, status_manager, volume_manager};
use crate::api::PodStatus;
use crate::cri::State;
use crate::machine::{Latency, Part};
use crate::time::{Duration, Instant};
use crate::trace::{Cause, FieldBase, Rule, What};

/// Where a worker is in the Pod's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Making the Pod run.
    Sync,
    /// Stopping it.
    Terminating,
    /// Cleaning up after it.
    Terminated,
    /// Done with it.
    Finished,
}

/// What rang for a worker; decides how long until its status is in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The Pod is new.
    First,
    /// The API object changed.
    Watch,
    /// The periodic relist saw something.
    Relist,
    /// The relist on demand saw something.
    OnDemand,
    /// The tick found the worker due.
    Tick,
    /// A probe's verdict changed.
    Probe,
}

/// What a worker is doing.
#[derive(Clone, Debug)]
pub enum Busy {
    /// Nothing.
    Idle,
    /// Waits for a view of the runtime that is newer than the end of the last step.
    AwaitFresh,
    /// Waits for volumes.
    Volumes,
    /// A pass of the runtime manager runs.
    Pass(Box<Pass>),
    /// The Pod is being stopped.
    Killing(Box<PodKill>),
    /// Volumes are being unmounted.
    Unmounting {
        /// Until then.
        until: Instant,
    },
}

/// A pod worker.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Where it is.
    pub stage: Stage,
    /// What it is doing.
    pub busy: Busy,
    /// A request waits.
    pub pending: bool,
    /// What rang for the step that runs or comes.
    pub trigger: Trigger,
    /// The end of the last step.
    pub last_sync_end: Option<Instant>,
    /// When the work queue wants the Pod again.
    pub work_due: Option<Instant>,
    /// How often a step has ended with such a wish.
    pub requeues: u64,
    /// The Pod is to be stopped, with so many seconds of grace.
    pub terminate: Option<i64>,
    /// How many kills by a probe met a back-off, and whether the last one still waits for its container's start.
    pub refused_kills: (u32, bool),
    /// When everything was stopped.
    pub stopped_at: Option<Instant>,
    /// The object is gone from the API.
    pub removed: bool,
    /// The status of the last step and when it was computed, where it may be stored over what a probe says meanwhile.
    pub computed: Option<(Instant, PodStatus)>,
}

impl Default for Worker {
    fn default() -> Self {
        Worker {
            stage: Stage::Sync,
            busy: Busy::Idle,
            pending: false,
            trigger: Trigger::First,
            last_sync_end: None,
            work_due: None,
            requeues: 0,
            refused_kills: (0, false),
            terminate: None,
            stopped_at: None,
            removed: false,
            computed: None,
        }
    }
}

impl Worker {
    /// Whether containers may run or start: until everything was stopped.
    pub fn may_have_running_containers(&self) -> bool {
        matches!(self.stage, Stage::Sync | Stage::Terminating)
    }

    /// When the worker wants to go on by itself.
    pub fn poll_at(&self) -> Option<Instant> {
        match &self.busy {
            Busy::Pass(pass) => pass.poll_at(),
            Busy::Killing(kill) => kill.poll_at(),
            Busy::Unmounting { until } => Some(*until),
            Busy::Idle | Busy::AwaitFresh | Busy::Volumes => None,
        }
    }
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All well. `acted`: something was started or stopped.
    Done {
        /// Something was started or stopped.
        acted: bool,
    },
    /// All containers were taken away to start again; the next step follows at once.
    Reset,
    /// Something failed; `expiry` is the earliest end of a crash-loop back-off.
    Failed {
        /// End of the back-off.
        expiry: Option<Instant>,
    },
    /// The Pod goes on to the next stage at once.
    Transition,
}

/// Asks for a step. Requests that are not yet taken up merge.
pub fn request(a: &mut Agent, p: &mut PodEntry, env: &mut Env, trigger: Trigger) {
    if p.worker.stage == Stage::Finished {
        return;
    }
    p.worker.pending = true;
    if matches!(p.worker.busy, Busy::Idle) {
        p.worker.trigger = trigger;
        run(a, p, env);
    }
}

/// Wants the Pod stopped. A smaller grace holds; a stop that has begun is not shortened (spec/07 §0.9).
pub fn terminate(a: &mut Agent, p: &mut PodEntry, env: &mut Env, grace: i64) {
    let grace = grace.max(1);
    p.worker.terminate = Some(p.worker.terminate.map_or(grace, |g| g.min(grace)));
    // Deletion cancels the wait for volumes, and nothing else.
    if matches!(p.worker.busy, Busy::Volumes) {
        finish_step(a, p, env, Outcome::Failed { expiry: None });
    }
    request(a, p, env, Trigger::Watch);
}

fn run(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    p.worker.pending = false;
    p.worker.busy = Busy::AwaitFresh;
    a.work.await_relist(p.uid);
    release(a, p, env);
}

/// Lets a waiting worker go on if its view is fresh enough; else sees to it that a relist comes.
pub fn release(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    if !matches!(p.worker.busy, Busy::AwaitFresh) {
        return;
    }
    let fresh_at = p.view_at.max(a.last_relist(env.now()));
    match p.worker.last_sync_end {
        Some(end) if fresh_at <= end => {
            env.cx.queue.alarm(Part::Relist(a.node), Some(a.next_relist(end)));
        }
        _ => step(a, p, env),
    }
}

fn step(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    // The work queue keeps its entry: one that falls due while this step runs is a request like any other.
    p.worker.busy = Busy::Idle;
    if p.worker.stage == Stage::Sync && p.worker.terminate.is_some() {
        p.worker.stage = Stage::Terminating;
        // Nothing starts in this Pod any more, so nothing waits to be started.
        for entry in p.backoffs.values() {
            env.cx.log.cut_backoff(*entry, env.cx.now);
        }
    }
    match p.worker.stage {
        Stage::Sync => sync_pod(a, p, env),
        Stage::Terminating => sync_terminating(a, p, env),
        Stage::Terminated => sync_terminated(a, p, env),
        Stage::Finished => {}
    }
}

/// How long after the start of a step its status is in the API.
fn status_latency(p: &PodEntry, env: &Env) -> Duration {
    let latency = match p.worker.trigger {
        Trigger::First => Latency::FirstStatus,
        Trigger::Watch => Latency::DeletionAnswer,
        Trigger::Relist => Latency::StatusRelist,
        Trigger::OnDemand => Latency::StatusOnDemand,
        Trigger::Tick => Latency::StatusTick,
        Trigger::Probe => Latency::StatusProbe,
    };
    env.cx.draw(latency, p.uid.0)
}

/// Reason of a Pod past its `activeDeadlineSeconds`.
const DEADLINE: &str = "DeadlineExceeded";

/// The status as it would be published now.
pub fn current_status(a: &mut Agent, p: &mut PodEntry, env: &mut Env, terminal: bool) -> PodStatus {
    let over = p.forced.is_none() && active_deadline_over(p, env);
    if over || p.forced.as_ref().is_some_and(|f| f.reason == DEADLINE) {
        let message = "Pod was active on the node longer than the specified deadline";
        p.forced = Some(Forced {
            reason: DEADLINE,
            message: message.into(),
            disruption: None,
        });
        event(a, p, env, None, false, DEADLINE, message);
    }
    let empty = PodStatus::default();
    let old = p.status.as_deref().unwrap_or(&empty);
    let probes = |index: usize, c: &crate::api::ContainerStatus| prober_manager::started_and_ready(a, p, index, c);
    let input = StatusInput {
        pod: &p.pod,
        view: &p.view,
        reasons: &p.reasons,
        old,
        terminal,
        needs_sandbox: super::actions::sandbox_changed(&p.pod.spec, &p.view).0,
        probes: &probes,
        forced: p.forced.clone(),
        resizing: p.resizing,
        pending_resize: p.pending_resize.as_ref(),
        restarting: helpers::should_all_restart(&a.profile, &p.pod.spec, &p.view, old),
        host_ip: &a.ip,
        now: env.now(),
    };
    generate_api_pod_status(&a.profile, &input)
}

/// Whether `activeDeadlineSeconds` has gone by since the (truncated) start time.
pub fn active_deadline_over(p: &PodEntry, env: &Env) -> bool {
    active_deadline(p, env).is_some_and(|at| at <= env.now())
        && !p
            .status
            .as_ref()
            .is_some_and(|s| s.phase.is_terminal() && p.forced.is_none())
}

/// When the active deadline falls due.
pub fn active_deadline(p: &PodEntry, env: &Env) -> Option<Instant> {
    let start = env.cx.setup.calendar.trunc(p.status.as_ref()?.start_time?.0);
    Some(start + Duration::from_secs(p.pod.spec.active_deadline_seconds?))
}

fn sync_pod(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    let status = current_status(a, p, env, false);
    let terminal = status.phase.is_terminal();
    let latency = status_latency(p, env);
    tell_settled(a, p, env);
    if terminal {
        let cause = match (p.forced.is_some(), p.pod.spec.active_deadline_seconds) {
            (true, Some(seconds)) => Cause::of(Rule::DeadlineExceeded {
                limit: Duration::from_secs(seconds),
            })
            .field(FieldBase::PodSpec, "activeDeadlineSeconds")
            .after(p.newest()),
            _ => Cause::of(Rule::PodFinished)
                .field(FieldBase::PodSpec, "restartPolicy")
                .after(p.newest()),
        };
        let what = What::Decided("".into());
        p.story = Some(env.cx.log.instant(p.lanes.pod, env.now(), what, cause));
    }
    p.worker.computed = a.profile.step_overwrites_verdict.then(|| (env.now(), status.clone()));
    status_manager::set_pod_status(a, p, env, status, latency);
    if terminal {
        finish_step(a, p, env, Outcome::Transition);
        return;
    }
    prober_manager::ring_readiness(a, p, env);
    if volume_manager::begin_wait(a, p, env) {
        p.worker.busy = Busy::Volumes;
        return;
    }
    start_pass(a, p, env);
}

/// Notes for the trace which containers have ended and are not started again.
fn tell_settled(a: &Agent, p: &mut PodEntry, env: &mut Env) {
    let spec = p.pod.spec.clone();
    for index in 0..helpers::all_containers(&spec).count() {
        let Some(c) = p.view.newest(index).filter(|c| c.state == State::Exited) else {
            continue;
        };
        let done = helpers::is_init(&spec, index) && c.exit_code == 0;
        let (id, code) = (c.id, i64::from(c.exit_code));
        if done || helpers::restartable_after(&a.profile, &spec, index, code) || !p.settled.insert(id) {
            continue;
        }
        let policy = helpers::effective_policy(&a.profile, &spec, index);
        let (own, path) = helpers::restart_field(&a.profile, &spec, index, code);
        let base = if own { field_base(p, index) } else { FieldBase::PodSpec };
        let cause = Cause::of(Rule::RestartPolicyStays { policy })
            .field(base, path)
            .after(p.story_of(index));
        let lane = p.container_lanes(index).main;
        let entry = env.cx.log.instant(lane, env.now(), What::Decided("".into()), cause);
        p.tell(index, entry);
    }
}

/// Volumes are there: probe workers are made, and the runtime manager begins.
pub fn start_pass(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    prober_manager::add_pod(a, p, env);
    super::kubelet_pods::look_for_pull_secrets(a, p, env);
    let pass = kuberuntime_manager::begin(a, p, env);
    p.worker.busy = Busy::Pass(Box::new(pass));
    poll(a, p, env);
}

/// Does what is due.
pub fn poll(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    match std::mem::replace(&mut p.worker.busy, Busy::Idle) {
        Busy::Pass(mut pass) => {
            let outcome = kuberuntime_manager::poll(&mut pass, a, p, env);
            match outcome {
                None => p.worker.busy = Busy::Pass(pass),
                Some(outcome) => {
                    kuberuntime_manager::record_reasons(&pass, p);
                    finish_step(a, p, env, outcome);
                }
            }
        }
        Busy::Killing(mut kill) => {
            if kill.poll(a, p, env) {
                p.worker.stopped_at = Some(env.now());
                stopped(a, p, env);
            } else {
                p.worker.busy = Busy::Killing(kill);
            }
        }
        Busy::Unmounting { until } if until <= env.now() => terminated(a, p, env),
        other => p.worker.busy = other,
    }
    env.cx.queue.alarm(Part::Worker(a.node, p.uid), p.worker.poll_at());
}

/// The end of a step: decides when the next one comes (spec/01 §3.2).
pub fn finish_step(a: &mut Agent, p: &mut PodEntry, env: &mut Env, outcome: Outcome) {
    let now = env.now();
    p.worker.busy = Busy::Idle;
    p.worker.last_sync_end = Some(now);
    if let Outcome::Done { acted: true } | Outcome::Reset = outcome
        && a.profile.on_demand_relist
    {
        let at = now + env.cx.draw(Latency::OnDemand, p.uid.0);
        env.cx.queue.alarm(Part::RelistPod(a.node, p.uid), Some(at));
    }
    if outcome == Outcome::Transition {
        p.worker.stage = match p.worker.stage {
            Stage::Sync => Stage::Terminating,
            Stage::Terminating => Stage::Terminated,
            Stage::Terminated | Stage::Finished => Stage::Finished,
        };
        p.worker.trigger = Trigger::Relist;
        if p.worker.stage != Stage::Finished {
            run(a, p, env);
        }
        return;
    }
    let delay = requeue_delay(a, p, env, outcome);
    p.worker.requeues += 1;
    p.worker.work_due = Some(now + delay);
    a.work.enqueue(p.uid, now + delay);
    env.cx.queue.alarm(Part::Tick(a.node), Some(a.next_tick(now + delay)));
    if p.worker.pending || outcome == Outcome::Reset {
        p.worker.trigger = Trigger::Relist;
        run(a, p, env);
    }
}

/// A retry waits for the end of its back-off, but no longer than this (spec/07 §1.5).
const LONGEST_RETRY: Duration = Duration::from_secs(60);

/// After an error the work queue wants the Pod again in 10 s to 15 s (spec/07 §1.5).
const ERROR_RETRY: Duration = Duration::from_secs(10);

/// The wait after an error with which the retries meet the end of a back-off at once, or miss it and so are late.
fn to_edge(left: Duration, late: bool) -> Duration {
    let longest = ERROR_RETRY.permille(1499);
    // The tick comes up to a second after the wait.
    let target = if late { left - TICK_PERIOD - TICK_PERIOD } else { left };
    if target < ERROR_RETRY {
        return if late { longest } else { ERROR_RETRY };
    }
    let steps = (target.millis() + longest.millis() - 1) / longest.millis();
    Duration::from_millis(target.millis() / steps).max(ERROR_RETRY)
}

/// How long until the work queue wants the Pod again, with its jitter (spec/07 §1.5).
fn requeue_delay(a: &Agent, p: &PodEntry, env: &Env, outcome: Outcome) -> Duration {
    let setup = env.cx.setup;
    // A late retry after a kill was refused lets the next kill be free, unless the retry waits for the end of a long
    // back-off all the same.
    let short = matches!(outcome, Outcome::Failed { expiry: Some(at) } if at - env.now() <= LONGEST_RETRY);
    let kill = short && setup.common_course() && p.worker.refused_kills == (1, true);
    let factor = |name: &str, nominal: i64, spread: u64| {
        if setup.seed == 0 {
            return nominal;
        }
        let spread = if kill { spread.min(350) } else { spread };
        1000 + setup.share(name, p.uid.0, p.worker.requeues, spread) as i64
    };
    match outcome {
        Outcome::Failed { expiry: Some(expiry) } if a.profile.retry_near_expiry => {
            let left = (expiry - env.now()).max(Duration::ZERO);
            // In the common course the step after the first cut wait still finds the back-off, the tick counted in.
            let first = setup.common_course() && p.worker.trigger != Trigger::Tick;
            let before_end = (left - TICK_PERIOD).millis() * 1000 / LONGEST_RETRY.millis() - 1000;
            let spread = match u64::try_from(before_end) {
                Ok(permille @ 1..500) if first => permille,
                _ => 500,
            };
            let nominal = if left > LONGEST_RETRY { 1200 } else { 1250 };
            left.min(LONGEST_RETRY)
                .permille(factor("requeue.backoff", nominal, spread))
        }
        Outcome::Failed { expiry } => {
            let to_edge = setup.edge().and_then(|late| {
                let ends = expiry.or_else(|| a.images.back_off_ends(p.uid, env.now()));
                ends.map(|at| to_edge(at - env.now(), late))
            });
            to_edge.unwrap_or_else(|| ERROR_RETRY.permille(factor("requeue.error", 1200, 500)))
        }
        Outcome::Done { .. } | Outcome::Reset | Outcome::Transition => {
            Duration::from_secs(60).permille(factor("requeue.ok", 1250, 500))
        }
    }
}

fn sync_terminating(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    let status = current_status(a, p, env, false);
    let latency = status_latency(p, env);
    status_manager::set_pod_status(a, p, env, status, latency);
    prober_manager::ring_readiness(a, p, env);
    prober_manager::stop_liveness_and_startup(p);
    let grace = p.worker.terminate;
    let kill = PodKill::begin(a, p, env, grace);
    p.worker.busy = Busy::Killing(Box::new(kill));
    poll(a, p, env);
}

/// Everything is stopped: the status is read from the runtime itself, without waiting for a relist.
fn stopped(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    prober_manager::remove_pod(p);
    let runtime = &env.runtimes[usize::from(a.node)];
    p.view = std::rc::Rc::new(runtime.pod_view(p.uid, env.cx.now, true));
    p.story = runtime.last_exit_entry(p.uid).max(p.newest());
    let status = current_status(a, p, env, true);
    // The write that withheld the phase must not be the last one, even if nothing else is new.
    let latency = env.cx.draw(Latency::StatusStopped, p.uid.0);
    if p.status.as_deref() == Some(&status) {
        p.status = None;
    }
    status_manager::set_pod_status(a, p, env, status, latency);
    finish_step(a, p, env, Outcome::Transition);
}

/// Volumes go in the background from the moment everything is stopped; only an early relist has to wait for them
/// (spec/07 §0.8).
fn sync_terminated(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    if p.forced.is_some() {
        let _ = current_status(a, p, env, true);
    }
    let unmounted = p
        .worker
        .stopped_at
        .map_or(env.now(), |t| t + env.cx.draw(Latency::Unmount, p.uid.0));
    let wait = if unmounted > env.now() {
        Duration::from_millis(300)
    } else {
        Duration::ZERO
    };
    let until = env.now() + wait + Duration::from_millis(2);
    p.worker.busy = Busy::Unmounting { until };
    env.cx.queue.alarm(Part::Worker(a.node, p.uid), Some(until));
}

fn terminated(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    p.worker.stage = Stage::Finished;
    p.worker.busy = Busy::Idle;
    status_manager::terminate_pod(a, p, env);
    status_manager::write_due(a, p, env);
}
