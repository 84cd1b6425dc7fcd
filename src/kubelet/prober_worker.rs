//! Twin: pkg/kubelet/prober/worker.go (v1.36.2)
//! Covers: run, and around doProbe what it reads and what its results set off. What a round decides is in
//! `prober_round.rs`, what one attempt means in `probe/`.
//! Left out: nothing; the random first wait of a young kubelet is in `prober_manager.rs`.

use std::rc::Rc;

use super::entry::{Agent, Env, PodEntry, event};
use super::helpers;
use super::kuberuntime_container::field_base;
use super::pod_workers::{self, Trigger};
use super::prober_manager::TRIGGER_DELAY;
use super::prober_round::{self, Next, OLDER, Round, Seen, Verdict};
use super::status_manager;
use crate::api::{ContainerStatus, PodStatus, Probe};
use crate::cri::{Runtime, Steady};
use crate::machine::{Part, Uid};
use crate::probe::{Attempt, ProbeOutcome};
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, ProbeKind, Rule, TraceLog, What};

/// A probe of a container, with its ticker and its counters.
#[derive(Clone, Debug)]
pub struct ProbeWorker {
    /// Which probe.
    pub kind: ProbeKind,
    /// Position of the container.
    pub index: usize,
    probe: Rc<Probe>,
    period: Duration,
    round: Round,
    /// The Pod was to be deleted already when the worker was made.
    deleted: bool,
    next_tick: Instant,
    /// A rung trigger: when it is taken up.
    trigger: Option<Instant>,
    /// A tick that came during an attempt and waits in the ticker's only slot.
    tick_waits: bool,
    /// The instance for which a trigger was rung last, made use of or not.
    rung_for: Option<Rc<str>>,
    attempt: Option<Attempt>,
    /// Attempts succeed at once, as the last one did, as long as this holds: they need not be made.
    steady: Option<Steady>,
    /// The status with which the last round went on to its probe: with the same one, the next round does, too.
    seen: Option<Rc<PodStatus>>,
    stopped: bool,
    /// The run of equal results in the trace: entry, last time, success.
    run: Option<(EntryId, Instant, bool)>,
}

impl ProbeWorker {
    /// A worker whose first tick is now.
    pub fn new(kind: ProbeKind, index: usize, probe: &Probe, deleted: bool, now: Instant) -> Self {
        ProbeWorker {
            kind,
            index,
            probe: Rc::new(probe.clone()),
            period: Duration::from_secs(probe.period_seconds.max(1)),
            round: Round::new(kind),
            deleted,
            next_tick: now,
            trigger: None,
            tick_waits: false,
            rung_for: None,
            attempt: None,
            steady: None,
            seen: None,
            stopped: false,
            run: None,
        }
    }

    /// The verdict on an instance; `None` when there is none.
    pub fn verdict_on(&self, container_id: &str) -> Option<Verdict> {
        let same = self.round.container.as_deref() == Some(container_id);
        self.round.verdict.filter(|_| same)
    }

    /// Ends the worker. A running attempt is not waited for.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Whether no trigger was rung for this instance yet.
    pub fn unrung(&self, container_id: &str) -> bool {
        self.rung_for.as_deref() != Some(container_id) && self.round.container.as_deref() != Some(container_id)
    }

    /// Rings: an attempt at once, and the ticker from now on. `lost` leaves the attempt out.
    pub fn ring(&mut self, container_id: &Rc<str>, now: Instant, lost: bool) {
        self.rung_for = Some(container_id.clone());
        if self.stopped {
            return;
        }
        if !lost {
            self.trigger = Some(now + TRIGGER_DELAY);
        }
        self.next_tick = now + TRIGGER_DELAY + self.period;
    }

    /// When something is due.
    pub fn poll_at(&self) -> Option<Instant> {
        if self.stopped {
            return None;
        }
        let attempt = self.attempt.as_ref().and_then(Attempt::poll_at);
        [
            Some(self.next_tick),
            self.trigger.filter(|_| self.attempt.is_none()),
            attempt,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// One more success like the last one, which only counts: the Pod has the status it had, nothing was done in its
    /// containers, and the verdict stands. Most ticks of a long run are of this kind, so it looks at nothing but the
    /// worker itself and the runtime's count.
    fn again(&mut self, status: Option<&Rc<PodStatus>>, runtime: &Runtime, uid: Uid, log: &mut TraceLog) -> bool {
        let now = self.next_tick;
        let same = match (&self.seen, status) {
            (Some(seen), Some(status)) => Rc::ptr_eq(seen, status),
            _ => false,
        };
        let Some((entry, last, true)) = self
            .run
            .filter(|_| same && self.attempt.is_none() && self.trigger.is_none())
        else {
            return false;
        };
        let steady = self.steady.as_ref();
        if now - last != self.period
            || !steady.is_some_and(|steady| runtime.is_steady(uid, steady, now))
            || !self.round.again()
        {
            return false;
        }
        log.repeat(entry, now);
        self.run = Some((entry, now, true));
        self.next_tick = now + self.period;
        true
    }
}

/// Does what is due: the end of an attempt, a trigger, a tick.
pub fn poll(a: &mut Agent, p: &mut PodEntry, env: &mut Env, number: usize) {
    let now = env.now();
    let Some(worker) = p.probes.get_mut(number) else { return };
    if worker.stopped {
        return;
    }
    let runtime = &env.runtimes[usize::from(a.node)];
    if worker.next_tick == now && worker.again(p.status.as_ref(), runtime, p.uid, env.cx.log) {
        return;
    }
    let ticked = worker.next_tick <= now;
    if ticked {
        worker.next_tick += worker.period;
    }
    if let Some(mut attempt) = worker.attempt.take() {
        match attempt.poll(&mut env.wide(), a.node) {
            None => {
                let worker = &mut p.probes[number];
                worker.attempt = Some(attempt);
                worker.tick_waits |= ticked;
            }
            Some(outcome) => {
                let again = std::mem::take(&mut p.probes[number].tick_waits) || ticked;
                finish(a, p, env, number, outcome);
                if again {
                    begin(a, p, env, number);
                }
            }
        }
        return;
    }
    let rung = worker.trigger.is_some_and(|at| at <= now);
    if rung {
        worker.trigger = None;
    }
    if ticked || rung {
        begin(a, p, env, number);
    }
}

fn status_of(p: &PodEntry, index: usize) -> Option<&ContainerStatus> {
    let status = p.status.as_ref()?;
    let container = helpers::container_at(&p.pod.spec, index)?;
    let list = if helpers::is_init(&p.pod.spec, index) {
        &status.init_container_statuses
    } else {
        &status.container_statuses
    };
    list.iter().find(|c| c.name == container.name)
}

/// A round: what it reads, and the probe itself (spec/03 §3, steps 1 to 10).
fn begin(a: &mut Agent, p: &mut PodEntry, env: &mut Env, number: usize) {
    let now = env.now();
    let (kind, index) = (p.probes[number].kind, p.probes[number].index);
    let (probe, mut round) = (p.probes[number].probe.clone(), p.probes[number].round.clone());
    let container = status_of(p, index);
    let state = container.map(|c| &c.state);
    let since = state.and_then(|s| s.running.as_ref()?.started_at);
    let ended = state.and_then(|s| s.terminated.as_ref());
    let stays = ended.zip(p.status.as_deref()).is_some_and(|(ended, status)| {
        prober_round::stays(&a.profile, &p.pod.spec, index, &p.view, status, ended.exit_code)
    });
    let begun = round.begin(
        &probe,
        &Seen {
            status: p.status.as_deref(),
            container,
            deleted: p.probes[number].deleted,
            sidecar: helpers::is_sidecar(&p.pod.spec, index),
            older: a.profile.keeps_readiness && since.is_some_and(|at| at.0 + OLDER < a.started_at),
            stays,
            now,
            calendar: env.cx.setup.calendar,
        },
    );
    p.probes[number].round = round;
    p.probes[number].seen = p.status.clone().filter(|_| begun.next == Next::Probe);
    // A first verdict for a new instance is a change, and readiness and startup changes ask for a sync.
    if begun.first && kind != ProbeKind::Liveness {
        pod_workers::request(a, p, env, Trigger::Probe);
    }
    if let Some((success, true)) = begun.published {
        publish(a, p, env, number, success);
    }
    match begun.next {
        Next::Wait => return,
        Next::End => return p.probes[number].stop(),
        Next::Probe => {}
    }
    let (uid, node) = (p.uid, a.node);
    let runtime = &env.runtimes[usize::from(node)];
    let steady = p.probes[number].steady.as_ref();
    if steady.is_some_and(|steady| runtime.is_steady(uid, steady, now)) {
        finish(a, p, env, number, ProbeOutcome::Success);
        return;
    }
    let part = Part::Probe(node, uid, u16::try_from(number).unwrap_or(u16::MAX));
    let pod = p.pod.clone();
    let container = helpers::container_at(&pod.spec, index);
    let instance = runtime.newest(uid, index).map(|c| c.view.id);
    match Attempt::begin(&mut env.wide(), node, uid, instance, &probe, container, part) {
        Ok(outcome) => {
            // What another Pod answers may change without this one being touched.
            let own = asks_own_pod(&probe);
            p.probes[number].steady = (own && outcome == ProbeOutcome::Success)
                .then(|| env.runtimes[usize::from(node)].steady(uid, now))
                .flatten();
            finish(a, p, env, number, outcome);
        }
        Err(attempt) => p.probes[number].attempt = Some(attempt),
    }
}

/// Whether the Pod itself is asked, and not a host that the probe names.
fn asks_own_pod(probe: &Probe) -> bool {
    let handler = &probe.handler;
    let http = handler.http_get.as_ref().is_none_or(|get| get.host.is_empty());
    let tcp = handler.tcp_socket.as_ref().is_none_or(|tcp| tcp.host.is_empty());
    http && tcp
}

/// What an attempt's outcome leads to (steps 10 to 14).
fn finish(a: &mut Agent, p: &mut PodEntry, env: &mut Env, number: usize, outcome: ProbeOutcome) {
    let (kind, index) = (p.probes[number].kind, p.probes[number].index);
    if p.probes[number].stopped {
        return;
    }
    let name = kind.as_str();
    let success = match outcome {
        ProbeOutcome::Success => {
            note_result(a, p, env, number, true, "");
            true
        }
        ProbeOutcome::Warning(text) => {
            note_result(a, p, env, number, true, "");
            let text = format!("{name} probe warning: {text}");
            event(a, p, env, Some(index), true, "ProbeWarning", &text);
            true
        }
        ProbeOutcome::Failure(output) => {
            note_result(a, p, env, number, false, &output);
            if let Some((run, ..)) = p.probes[number].run {
                p.stories.insert(index, run);
            }
            event(
                a,
                p,
                env,
                Some(index),
                true,
                "Unhealthy",
                &format!("{name} probe failed: {output}"),
            );
            false
        }
        ProbeOutcome::Error(text) => {
            let text = if a.profile.probe_error_state {
                format!("{name} probe errored and resulted in unknown state: {text}")
            } else {
                format!("{name} probe errored: {text}")
            };
            event(a, p, env, Some(index), true, "Unhealthy", &text);
            return;
        }
    };
    let worker = &mut p.probes[number];
    let Some((count, news)) = worker.round.finish(&worker.probe, success) else {
        return;
    };
    let (threshold, period) = (prober_round::threshold(&worker.probe, success), worker.period);
    if news {
        let path = threshold_path(kind, success);
        let base = field_base(p, index);
        let because = p.probes[number].run.map(|r| r.0);
        let cause = Cause::of(Rule::ProbeThreshold {
            kind,
            count,
            threshold,
            period,
        })
        .field(base, path)
        .field(base, period_path(kind))
        .after(because);
        let lane = p.container_lanes(index).probe(kind);
        let what = What::ProbeVerdict { success, count };
        let verdict = env.cx.log.instant(lane, env.cx.now, what, cause);
        p.tell(index, verdict);
        publish(a, p, env, number, success);
    }
}

/// A verdict changed: it goes to the status and asks for a sync.
fn publish(a: &mut Agent, p: &mut PodEntry, env: &mut Env, number: usize, success: bool) {
    let worker = &p.probes[number];
    let (kind, index) = (worker.kind, worker.index);
    let id = worker.round.container.clone().unwrap_or_else(|| "".into());
    match kind {
        ProbeKind::Readiness => {
            let ready =
                success && status_of(p, index).is_some_and(|c| c.started == Some(true) && c.state.running.is_some());
            status_manager::set_container_readiness(a, p, env, &id, ready);
            pod_workers::request(a, p, env, Trigger::Probe);
        }
        ProbeKind::Startup => {
            let running = status_of(p, index).is_some_and(|c| c.state.running.is_some());
            status_manager::set_container_startup(a, p, env, &id, success && running);
            pod_workers::request(a, p, env, Trigger::Probe);
        }
        ProbeKind::Liveness => {
            if !success {
                pod_workers::request(a, p, env, Trigger::Probe);
            }
        }
    }
}

/// Writes a result into the trace: a run of equal results on an even grid is one entry.
fn note_result(a: &Agent, p: &mut PodEntry, env: &mut Env, number: usize, success: bool, output: &str) {
    let now = env.now();
    let worker = &mut p.probes[number];
    let period = worker.period;
    let delay = Duration::from_secs(worker.probe.initial_delay_seconds.max(0));
    if let Some((entry, last, ok)) = worker.run
        && ok == success
        && now - last == period
    {
        env.cx.log.repeat(entry, now);
        worker.run = Some((entry, now, ok));
        return;
    }
    let (kind, index) = (worker.kind, worker.index);
    let instance = env.runtimes[usize::from(a.node)]
        .newest(p.uid, index)
        .and_then(|c| c.running);
    let base = field_base(p, index);
    let mut cause = Cause::of(Rule::ProbeTick { kind, period, delay })
        .field(base, period_path(kind))
        .after(instance);
    if delay > Duration::ZERO {
        cause = cause.field(base, delay_path(kind));
    }
    let what = What::ProbeRun {
        success,
        count: 1,
        output: output.into(),
    };
    let lane = p.container_lanes(index).probe(kind);
    let entry = env.cx.log.begin(lane, now, what, cause);
    env.cx.log.end(entry, now);
    p.probes[number].run = Some((entry, now, success));
}

fn delay_path(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Startup => "startupProbe.initialDelaySeconds",
        ProbeKind::Liveness => "livenessProbe.initialDelaySeconds",
        ProbeKind::Readiness => "readinessProbe.initialDelaySeconds",
    }
}

fn period_path(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Startup => "startupProbe.periodSeconds",
        ProbeKind::Liveness => "livenessProbe.periodSeconds",
        ProbeKind::Readiness => "readinessProbe.periodSeconds",
    }
}

fn threshold_path(kind: ProbeKind, success: bool) -> &'static str {
    match (kind, success) {
        (ProbeKind::Startup, false) => "startupProbe.failureThreshold",
        (ProbeKind::Startup, true) => "startupProbe.successThreshold",
        (ProbeKind::Liveness, false) => "livenessProbe.failureThreshold",
        (ProbeKind::Liveness, true) => "livenessProbe.successThreshold",
        (ProbeKind::Readiness, false) => "readinessProbe.failureThreshold",
        (ProbeKind::Readiness, true) => "readinessProbe.successThreshold",
    }
}
