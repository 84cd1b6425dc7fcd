//! Twin: pkg/kubelet/kuberuntime/kuberuntime_container.go (v1.36.2)
//! Twin: pkg/kubelet/kuberuntime/kuberuntime_termination_order.go (v1.36.2)
//! Covers: killContainer, executePreStopHook, setTerminationGracePeriod, killContainersWithSyncResult, the order in
//! which sidecars are stopped.
//! Left out: Pods whose spec the kubelet does not know.

use super::actions::KillReason;
use super::entry::{Agent, Env, PodEntry, event};
use super::handlers::Hook;
use super::helpers;
use super::kuberuntime_container::field_base;
use crate::machine::Latency;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, Field, FieldBase, GraceBy, ProbeKind, Rule, What};

/// Even a grace of 0 leaves this long between the signals, in seconds (minimumGracePeriodInSeconds).
pub const MINIMUM_GRACE: i64 = 2;

/// One container on its way out.
#[derive(Clone, Debug)]
pub struct ContainerKill {
    /// Number in the runtime.
    pub id: u32,
    /// Position in the Pod.
    pub index: usize,
    grace: i64,
    granted: i64,
    used: Duration,
    by: GraceBy,
    step: Step,
    slice: Option<EntryId>,
    /// A preStop command that the grace period overtook. It dies with the container, and then the hook has failed.
    overtaken: bool,
    /// The newest entry about this kill: what explains its next one, whatever the probes say meanwhile.
    story: Option<EntryId>,
}

#[derive(Clone, Debug)]
enum Step {
    /// The preStop hook runs, at most until `limit`.
    PreStop {
        hook: Hook,
        since: Instant,
        limit: Instant,
    },
    /// A sidecar waits for its turn, at most until `limit`.
    Turn {
        since: Instant,
        limit: Instant,
        slice: Option<EntryId>,
        after: Option<EntryId>,
    },
    /// The stop signal is on its way.
    Deliver {
        at: Instant,
    },
    /// The grace period runs.
    Grace {
        until: Instant,
    },
    /// SIGKILL is on its way.
    Sigkill {
        at: Instant,
    },
    /// The process is gone; the call returns.
    Return {
        at: Instant,
    },
    Done,
}

impl ContainerKill {
    /// Begins to kill a container: event first, then hook, turn, signal (spec/04 §3).
    ///
    /// `grace_override` is what the worker decided; `message` the text of the event, if it is not the usual one.
    #[expect(
        clippy::too_many_arguments,
        reason = "what every step of the kubelet takes, and what a kill is about"
    )]
    pub fn begin(
        a: &mut Agent,
        p: &mut PodEntry,
        env: &mut Env,
        id: u32,
        index: usize,
        message: Option<&str>,
        reason: Option<KillReason>,
        grace_override: Option<i64>,
    ) -> Self {
        let spec = p.pod.spec.clone();
        let container = helpers::container_at(&spec, index);
        let name = container.map(|c| c.name.clone()).unwrap_or_default();
        let probe_grace = container.and_then(|c| match reason {
            Some(KillReason::Probe(ProbeKind::Liveness)) => c.liveness_probe.as_ref(),
            Some(KillReason::Probe(ProbeKind::Startup)) => c.startup_probe.as_ref(),
            _ => None,
        });
        let own = spec.termination_grace_period_seconds;
        let deletion = p.pod.metadata.deletion_grace_period_seconds;
        let probe_grace = probe_grace.and_then(|probe| probe.termination_grace_period_seconds);
        let grace = deletion.or(probe_grace).or(own).unwrap_or(MINIMUM_GRACE);
        let by = match (grace_override.or(deletion), probe_grace, reason) {
            (Some(given), _, _) if Some(given) == own => GraceBy::Pod,
            (Some(_), _, _) if deletion.is_some() => GraceBy::Delete,
            (Some(_), _, _) => GraceBy::Kubelet,
            (None, Some(_), Some(KillReason::Probe(kind))) => GraceBy::Probe(kind),
            _ => GraceBy::Pod,
        };
        let usual = format!("Stopping container {name}");
        event(a, p, env, Some(index), false, "Killing", message.unwrap_or(&usual));
        let grace = grace_override.unwrap_or(grace);
        let now = env.now();
        let mut kill = ContainerKill {
            id,
            index,
            grace,
            granted: grace,
            used: Duration::ZERO,
            by,
            step: Step::Done,
            slice: None,
            overtaken: false,
            story: p.story_of(index),
        };
        let hook = container
            .and_then(|c| c.lifecycle.as_ref())
            .and_then(|l| l.pre_stop.clone());
        match hook {
            Some(handler) if grace > 0 => {
                let hook = Hook::begin(a, p, env, index, id, &handler, "preStop");
                kill.story = p.story_of(index);
                kill.step = Step::PreStop {
                    hook,
                    since: now,
                    limit: now + Duration::from_secs(grace),
                };
            }
            _ => kill.enter_turn(now),
        }
        kill
    }

    fn enter_turn(&mut self, now: Instant) {
        self.step = Step::Turn {
            since: now,
            limit: now + Duration::from_secs(self.grace.max(0)),
            slice: None,
            after: self.story,
        };
    }

    /// Probes go on being asked during a kill and tell of themselves; what comes of the kill follows from the kill.
    fn remind(&self, p: &mut PodEntry) {
        if let Some(story) = self.story {
            p.stories.insert(self.index, story);
        }
    }

    /// The field that set the grace period, if one did.
    fn grace_field(&self, p: &PodEntry) -> Option<Field> {
        let (base, path) = match self.by {
            GraceBy::Pod => (FieldBase::PodSpec, "terminationGracePeriodSeconds"),
            GraceBy::Probe(ProbeKind::Startup) => {
                (field_base(p, self.index), "startupProbe.terminationGracePeriodSeconds")
            }
            GraceBy::Probe(_) => (field_base(p, self.index), "livenessProbe.terminationGracePeriodSeconds"),
            GraceBy::Delete | GraceBy::Kubelet => return None,
        };
        Some(Field { base, path })
    }

    /// Whether the call has returned.
    pub fn is_done(&self) -> bool {
        matches!(self.step, Step::Done)
    }

    /// When something is due by itself.
    pub fn poll_at(&self) -> Option<Instant> {
        match &self.step {
            Step::PreStop { hook, limit, .. } => Some(hook.poll_at().map_or(*limit, |at| at.min(*limit))),
            Step::Turn { limit, .. } => Some(*limit),
            Step::Deliver { at } | Step::Sigkill { at } | Step::Return { at } => Some(*at),
            Step::Grace { until } => Some(*until),
            Step::Done => None,
        }
    }

    /// Does what is due. `turn` says whether nothing that must go first still runs.
    pub fn poll(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env, turn: bool) {
        loop {
            let now = env.now();
            let gone = env.runtimes[usize::from(a.node)].finished_at(self.id);
            match &mut self.step {
                Step::PreStop { hook, since, limit } => {
                    let since = *since;
                    let limit = *limit;
                    match hook.poll(a, p, env) {
                        Some(result) => {
                            if result.is_err() {
                                self.remind(p);
                                event(
                                    a,
                                    p,
                                    env,
                                    Some(self.index),
                                    true,
                                    "FailedPreStopHook",
                                    "PreStopHook failed",
                                );
                            }
                        }
                        None if limit <= now => {
                            hook.give_up(env);
                            self.overtaken = hook.is_command();
                        }
                        None => return,
                    }
                    self.grace -= (now - since).secs();
                    self.enter_turn(now);
                }
                Step::Turn {
                    since,
                    limit,
                    slice,
                    after,
                } => {
                    if !(turn || *limit <= now) {
                        if slice.is_none() {
                            let cause = Cause::of(Rule::SidecarOrder).after(*after);
                            let lane = p.container_lanes(self.index).termination;
                            *slice = Some(env.cx.log.begin(lane, now, What::Turn, cause));
                        }
                        return;
                    }
                    if let Some(slice) = *slice {
                        env.cx.log.end(slice, now);
                        p.tell(self.index, slice);
                        self.story = Some(slice);
                    }
                    self.grace -= (now - *since).secs();
                    self.step = Step::Deliver {
                        at: now + env.cx.draw(Latency::SignalDelivered, self.id),
                    };
                }
                Step::Deliver { at } => {
                    if *at > now {
                        return;
                    }
                    self.deliver(a, p, env, gone);
                }
                Step::Grace { until } => {
                    if let Some(at) = gone {
                        self.finish_slice(env, at);
                        self.step = Step::Return {
                            at: at + env.cx.draw(Latency::KillReturns, self.id),
                        };
                    } else if *until <= now {
                        self.step = Step::Sigkill {
                            at: now + env.cx.draw(Latency::Killed, self.id),
                        };
                    } else {
                        return;
                    }
                }
                Step::Sigkill { at } => {
                    if *at > now {
                        return;
                    }
                    let rule = Rule::GraceOver {
                        grace: Duration::from_secs(self.granted),
                        used: self.used,
                    };
                    let mut cause = Cause::of(rule).after(self.slice);
                    cause.fields.extend(self.grace_field(p));
                    let lane = p.container_lanes(self.index).termination;
                    let entry = env.cx.log.instant(lane, now, What::Signal("SIGKILL".into()), cause);
                    p.tell(self.index, entry);
                    env.wide().kill(a.node, self.id, Some(entry));
                    self.finish_slice(env, now);
                    self.step = Step::Return {
                        at: now + env.cx.draw(Latency::KillReturns, self.id),
                    };
                }
                Step::Return { at } => {
                    if *at > now {
                        return;
                    }
                    self.story = env.runtimes[usize::from(a.node)].exit_entry(self.id).or(self.slice);
                    self.remind(p);
                    if self.overtaken {
                        let text = "PreStopHook failed";
                        event(a, p, env, Some(self.index), true, "FailedPreStopHook", text);
                    }
                    self.step = Step::Done;
                }
                Step::Done => return,
            }
        }
    }

    fn deliver(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env, gone: Option<Instant>) {
        let now = env.now();
        self.used = Duration::from_secs(self.granted - self.grace);
        self.grace = self.grace.max(MINIMUM_GRACE);
        let lanes = p.container_lanes(self.index).clone();
        let rule = Rule::GraceStarted {
            grace: Duration::from_secs(self.granted),
            used: self.used,
            by: self.by,
        };
        let mut cause = Cause::of(rule).after(self.story);
        cause.fields.extend(self.grace_field(p));
        let seconds = u32::try_from(self.grace).unwrap_or(u32::MAX);
        let slice = env.cx.log.begin(lanes.termination, now, What::Grace { seconds }, cause);
        self.slice = Some(slice);
        if gone.is_none() {
            let container = helpers::container_at(&p.pod.spec, self.index);
            let own = container
                .and_then(|c| c.lifecycle.as_ref())
                .and_then(|l| l.stop_signal.clone());
            let signal = env.wide().stop(a.node, self.id, own.as_deref(), Some(slice));
            let cause = Cause::of(rule).after(Some(slice));
            env.cx.log.instant(lanes.termination, now, What::Signal(signal), cause);
        }
        self.step = Step::Grace {
            until: now + Duration::from_secs(self.grace),
        };
    }

    fn finish_slice(&mut self, env: &mut Env, at: Instant) {
        if let Some(slice) = self.slice {
            env.cx.log.end(slice, at);
        }
    }
}

/// A whole Pod on its way out: all containers side by side, then the sandbox (spec/04 §4).
#[derive(Clone, Debug)]
pub struct PodKill {
    kills: Vec<ContainerKill>,
    sandbox_until: Option<Instant>,
    ordered: bool,
}

impl PodKill {
    /// Begins to stop everything that runs.
    pub fn begin(a: &mut Agent, p: &mut PodEntry, env: &mut Env, grace_override: Option<i64>) -> Self {
        let running = env.runtimes[usize::from(a.node)].running(p.uid);
        p.stories.clear();
        let ordered = p.pod.spec.init_containers.iter().any(|c| c.is_sidecar());
        let kills = running
            .into_iter()
            .map(|(id, index)| ContainerKill::begin(a, p, env, id, index, None, None, grace_override))
            .collect();
        PodKill {
            kills,
            sandbox_until: None,
            ordered,
        }
    }

    /// When something is due by itself.
    pub fn poll_at(&self) -> Option<Instant> {
        self.kills
            .iter()
            .filter_map(ContainerKill::poll_at)
            .chain(self.sandbox_until)
            .min()
    }

    /// Does what is due. Returns whether everything is stopped, the sandbox included.
    pub fn poll(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env) -> bool {
        // A sidecar's turn may come with another container's end, so the round is made until nothing moves.
        loop {
            let before: Vec<Option<Instant>> = self.kills.iter().map(ContainerKill::poll_at).collect();
            for at in 0..self.kills.len() {
                let turn = self.turn_of(p, self.kills[at].index);
                self.kills[at].poll(a, p, env, turn);
            }
            let after: Vec<Option<Instant>> = self.kills.iter().map(ContainerKill::poll_at).collect();
            if before == after {
                break;
            }
        }
        if !self.kills.iter().all(ContainerKill::is_done) {
            return false;
        }
        let now = env.now();
        let runtime = &env.runtimes[usize::from(a.node)];
        match self.sandbox_until {
            None => {
                let last = runtime
                    .last_exit(p.uid)
                    .filter(|_| !self.kills.is_empty())
                    .unwrap_or(now);
                let alone = env.cx.draw(Latency::SandboxStop, p.uid.0);
                let longer = a.contend(now, alone, env.cx.draw(Latency::Contention, p.uid.0));
                let until = (last + alone + longer).max(now);
                let until = if runtime.has_sandbox(p.uid) { until } else { now };
                self.sandbox_until = Some(until);
                until <= now && self.stop_sandbox(a, p, env)
            }
            Some(until) => until <= now && self.stop_sandbox(a, p, env),
        }
    }

    fn stop_sandbox(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env) -> bool {
        self.sandbox_until = None;
        let now = env.now();
        env.runtimes[usize::from(a.node)].stop_sandboxes(p.uid, now, env.cx.log);
        true
    }

    /// Regular containers go at once; a sidecar after them and after the sidecars behind it.
    fn turn_of(&self, p: &PodEntry, index: usize) -> bool {
        let spec = &p.pod.spec;
        if !self.ordered || !helpers::is_sidecar(spec, index) {
            return true;
        }
        self.kills.iter().all(|k| {
            let first = helpers::is_regular(spec, k.index) || (helpers::is_sidecar(spec, k.index) && k.index > index);
            !first || k.is_done()
        })
    }
}
