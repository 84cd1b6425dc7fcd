//! Twin: pkg/kubelet/kuberuntime/kuberuntime_manager.go (v1.36.2)
//! Covers: SyncPod as a sequence of timed actions, doBackOff. What the actions are is in `actions.rs`.
//! Left out: failures of the sandbox.

use std::collections::VecDeque;
use std::rc::Rc;

use super::actions::{KillReason, KillTarget, PodActions, Reset, compute_pod_actions};
use super::entry::{Agent, Env, PodEntry, event};
use super::generate;
use super::helpers;
use super::kubelet_pods::Refusal;
use super::kuberuntime_container::{StartResult, Starting, field_base};
use super::kuberuntime_kill::{ContainerKill, PodKill};
use super::pod_workers::{Outcome, Trigger};
use super::prober_manager;
use super::status_manager;
use crate::api::PodCondition;
use crate::cri::{PodView, State};
use crate::machine::Latency;
use crate::map::Map;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, FieldBase, ProbeKind, Rule, What};

/// One pass over a Pod.
#[derive(Clone, Debug)]
pub struct Pass {
    /// The view with which the pass began. It is not refreshed by what the pass does (spec/02 §2.2).
    pub view: Rc<PodView>,
    /// When it began.
    pub began: Instant,
    todo: VecDeque<Action>,
    doing: Doing,
    /// Why starts failed, by container; `None` for those that came about.
    pub results: Map<usize, Option<Refusal>>,
    acted: bool,
    failed: bool,
    expiry: Option<Instant>,
    /// The last action was a kill: the start that follows takes a little longer.
    killed: bool,
    /// All containers are taken away to start again.
    reset: bool,
}

#[derive(Clone, Debug)]
enum Action {
    /// The failed probe behind it, if there is one.
    KillPod(Option<ProbeKind>),
    Kill(KillTarget),
    Sandbox {
        attempt: u32,
    },
    Reset(Reset),
    Start {
        index: usize,
    },
    Resize,
}

#[derive(Clone, Debug)]
enum Doing {
    Nothing,
    /// Book-keeping of the kubelet before the next action.
    Wait {
        until: Instant,
    },
    /// A start was decided; its image is looked at then.
    StartAt {
        until: Instant,
        index: usize,
    },
    Resize {
        until: Instant,
    },
    KillPod(PodKill),
    Kill(ContainerKill),
    /// An instance is killed, then taken out of the runtime.
    Reset(ContainerKill),
    Sandbox {
        until: Instant,
        attempt: u32,
        slice: EntryId,
    },
    Start(Box<Starting>),
}

impl Pass {
    /// When something is due by itself.
    pub fn poll_at(&self) -> Option<Instant> {
        match &self.doing {
            Doing::Nothing => None,
            Doing::Wait { until }
            | Doing::Sandbox { until, .. }
            | Doing::StartAt { until, .. }
            | Doing::Resize { until } => Some(*until),
            Doing::KillPod(kill) => kill.poll_at(),
            Doing::Kill(kill) | Doing::Reset(kill) => kill.poll_at(),
            Doing::Start(start) => start.poll_at(),
        }
    }
}

/// How long the kubelet takes from the start of a sync to its first action (spec/07 §1.2, §1.7).
fn preparation(trigger: Trigger) -> Duration {
    Duration::from_millis(match trigger {
        Trigger::Relist => 30,
        Trigger::Tick => 15,
        Trigger::OnDemand | Trigger::First => 1,
        Trigger::Probe | Trigger::Watch => 1,
    })
}

/// Containers that a resize starts again join what the pass does anyway (spec/01 §6.3).
fn restart_for_resize(p: &mut PodEntry, actions: &mut PodActions) {
    if actions.kill_pod || actions.create_sandbox {
        return;
    }
    for index in std::mem::take(&mut p.resize_restarts) {
        let running = p.view.newest(index).filter(|c| c.state == State::Running);
        let container = helpers::container_at(&p.pod.spec, index);
        let (Some(c), Some(container)) = (running, container) else {
            continue;
        };
        if actions.start.contains(&index) || actions.start_init.contains(&index) {
            continue;
        }
        actions.kill.push(KillTarget {
            index,
            id: c.id,
            message: format!("Container {} resize requires restart", container.name),
            reason: KillReason::Changed,
        });
        if helpers::is_init(&p.pod.spec, index) {
            actions.start_init.push(index);
        } else {
            actions.start.push(index);
        }
    }
}

/// Begins a pass: decides what is to be done, in which order.
pub fn begin(a: &mut Agent, p: &mut PodEntry, env: &mut Env) -> Pass {
    let restarting = |c: &PodCondition| &*c.kind == generate::ALL_RESTARTING && &*c.status == "True";
    let restart_all = p.status.as_ref().is_some_and(|s| s.conditions.iter().any(restarting));
    let mut actions = compute_pod_actions(&a.profile, &p.pod, &p.view, restart_all, &|c| {
        prober_manager::verdicts(p, c.index, &c.container_id)
    });
    restart_for_resize(p, &mut actions);
    let mut todo = VecDeque::new();
    if actions.kill_pod {
        if actions.create_sandbox && !p.view.sandboxes.is_empty() {
            let message = "Pod sandbox changed, it will be killed and re-created.";
            event(a, p, env, None, false, "SandboxChanged", message);
        }
        if !p.view.sandboxes.is_empty() {
            // With nothing to go on with, a failed probe ends the whole Pod.
            let probe = actions.kill.iter().find_map(|kill| match kill.reason {
                KillReason::Probe(kind) => Some(kind),
                _ => None,
            });
            todo.push_back(Action::KillPod(probe));
        }
    } else {
        todo.extend(actions.kill.iter().cloned().map(Action::Kill));
    }
    if actions.create_sandbox {
        todo.push_back(Action::Sandbox {
            attempt: actions.attempt,
        });
    }
    if !actions.reset.is_empty() {
        let asks = |r: &&Reset| {
            let of = p.view.newest(r.index);
            of.is_some_and(|c| helpers::restarts_all(&a.profile, &p.pod.spec, r.index, i64::from(c.exit_code)))
        };
        let asked = actions.reset.iter().find(asks).map(|r| r.index);
        let mut cause = Cause::of(Rule::AllContainersRestart).after(asked.map_or(p.newest(), |i| p.story_of(i)));
        if let Some(index) = asked {
            cause = cause.field(field_base(p, index), "restartPolicyRules");
        }
        let what = What::Decided("".into());
        p.story = Some(env.cx.log.instant(p.lanes.pod, env.now(), what, cause));
        p.stories.clear();
        todo.extend(actions.reset.iter().copied().map(Action::Reset));
    }
    if actions.create_sandbox || !actions.kill_pod {
        let starts = actions
            .start_ephemeral
            .iter()
            .chain(&actions.start_init)
            .chain(&actions.start);
        todo.extend(starts.map(|&index| Action::Start { index }));
        if p.resizing {
            todo.push_back(Action::Resize);
        }
    }
    let doing = if todo.is_empty() {
        Doing::Nothing
    } else {
        Doing::Wait {
            until: env.now() + preparation(p.worker.trigger),
        }
    };
    Pass {
        view: p.view.clone(),
        began: env.now(),
        todo,
        doing,
        results: Map::new(),
        acted: false,
        failed: false,
        expiry: None,
        killed: false,
        reset: !actions.reset.is_empty(),
    }
}

/// Does what is due. Returns the outcome once the pass is over.
pub fn poll(pass: &mut Pass, a: &mut Agent, p: &mut PodEntry, env: &mut Env) -> Option<Outcome> {
    loop {
        let now = env.now();
        match &mut pass.doing {
            Doing::Nothing => {}
            Doing::Wait { until } if *until > now => return None,
            Doing::Wait { .. } => {}
            Doing::KillPod(kill) => {
                if !kill.poll(a, p, env) {
                    return None;
                }
            }
            Doing::Kill(kill) => {
                kill.poll(a, p, env, true);
                if !kill.is_done() {
                    return None;
                }
                pass.killed = true;
            }
            Doing::Reset(kill) => {
                kill.poll(a, p, env, true);
                if !kill.is_done() {
                    return None;
                }
                let id = kill.id;
                env.runtimes[usize::from(a.node)].remove_container(p.uid, id);
            }
            Doing::StartAt { until, .. } if *until > now => return None,
            Doing::StartAt { index, .. } => {
                let index = *index;
                pass.doing = Doing::Start(Box::new(Starting::begin(a, p, env, index)));
                continue;
            }
            Doing::Resize { until } if *until > now => return None,
            Doing::Resize { .. } => super::resize::complete(a, p, env),
            Doing::Sandbox { until, attempt, slice } => {
                if *until > now {
                    return None;
                }
                let (attempt, slice) = (*attempt, *slice);
                sandbox_ready(a, p, env, attempt, slice);
            }
            Doing::Start(starting) => match starting.poll(a, p, env) {
                None => return None,
                Some(result) => {
                    let index = starting.index;
                    pass.conclude(p, index, result);
                }
            },
        }
        pass.doing = Doing::Nothing;
        if !pass.next(a, p, env) {
            return Some(if pass.failed {
                Outcome::Failed { expiry: pass.expiry }
            } else {
                pass.outcome()
            });
        }
    }
}

impl Pass {
    /// Takes up the next action. Returns false when there is none.
    fn next(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env) -> bool {
        let now = env.now();
        let Some(action) = self.todo.pop_front() else {
            return false;
        };
        let killed = std::mem::take(&mut self.killed);
        self.doing = match action {
            Action::KillPod(probe) => {
                self.acted = true;
                let sandbox = self.todo.iter().any(|next| matches!(next, Action::Sandbox { .. }));
                let rule = match probe {
                    Some(kind) => Rule::ProbeKill { kind },
                    None if sandbox => Rule::SandboxChanged,
                    None => Rule::PodFinished,
                };
                let cause = Cause::of(rule).after(p.newest());
                let what = What::Decided("".into());
                p.story = Some(env.cx.log.instant(p.lanes.pod, now, what, cause));
                Doing::KillPod(PodKill::begin(a, p, env, None))
            }
            Action::Kill(target) => {
                self.acted = true;
                if let KillReason::Probe(kind) = target.reason {
                    let cause = Cause::of(Rule::ProbeKill { kind }).after(p.story_of(target.index));
                    let lane = p.container_lanes(target.index).termination;
                    let decided = env.cx.log.instant(lane, now, What::Decided("".into()), cause);
                    p.tell(target.index, decided);
                }
                let (id, index, reason) = (target.id, target.index, Some(target.reason));
                Doing::Kill(ContainerKill::begin(
                    a,
                    p,
                    env,
                    id,
                    index,
                    Some(&target.message),
                    reason,
                    None,
                ))
            }
            Action::Sandbox { attempt } => {
                self.acted = true;
                if attempt > 0 {
                    env.runtimes[usize::from(a.node)].remove_init_containers(p.uid, p.pod.spec.init_containers.len());
                }
                let cause = Cause::of(Rule::SandboxCreated).after(p.story);
                let slice = env
                    .cx
                    .log
                    .begin(p.lanes.sandbox, now, What::Sandbox { ready: false }, cause);
                let alone = env.cx.draw(Latency::Sandbox, p.uid.0);
                let longer = a.contend(now, alone, env.cx.draw(Latency::Contention, p.uid.0));
                Doing::Sandbox {
                    until: now + alone + longer,
                    attempt,
                    slice,
                }
            }
            Action::Reset(reset) => {
                self.acted = true;
                if reset.kill {
                    let (id, index) = (reset.id, reset.index);
                    Doing::Reset(ContainerKill::begin(
                        a,
                        p,
                        env,
                        id,
                        index,
                        Some("killing"),
                        None,
                        Some(0),
                    ))
                } else {
                    env.runtimes[usize::from(a.node)].remove_container(p.uid, reset.id);
                    Doing::Nothing
                }
            }
            Action::Resize => Doing::Resize {
                until: now + env.cx.draw(Latency::Resize, p.uid.0),
            },
            Action::Start { index } => {
                self.acted = true;
                match self.back_off(a, p, env, index) {
                    Some(result) => {
                        if killed {
                            p.worker.refused_kills = (p.worker.refused_kills.0.saturating_add(1), true);
                        }
                        self.conclude(p, index, result);
                        Doing::Nothing
                    }
                    None => {
                        p.worker.refused_kills.1 = false;
                        // The back-off is looked at when the kill call returns (spec/07 §2.3), image and configuration
                        // after.
                        if killed {
                            let until = now + Duration::from_millis(25);
                            Doing::StartAt { until, index }
                        } else {
                            Doing::Start(Box::new(Starting::begin(a, p, env, index)))
                        }
                    }
                }
            }
        };
        true
    }

    fn outcome(&self) -> Outcome {
        if self.reset {
            Outcome::Reset
        } else {
            Outcome::Done { acted: self.acted }
        }
    }

    /// Notes how a start came out. A regular init container that did not start ends the pass.
    fn conclude(&mut self, p: &PodEntry, index: usize, result: StartResult) {
        match result {
            StartResult::Started => {
                self.results.insert(index, None);
            }
            StartResult::Refused {
                reason,
                message,
                expiry,
            } => {
                self.failed = true;
                if let Some(expiry) = expiry {
                    self.expiry = Some(self.expiry.map_or(expiry, |e| e.min(expiry)));
                }
                self.results.insert(index, Some((reason, message)));
                let spec = &p.pod.spec;
                if helpers::is_init(spec, index) && !helpers::is_sidecar(spec, index) {
                    self.todo.clear();
                }
            }
        }
    }

    /// The crash-loop back-off before every start (spec/02 §2.2). `None` means: start now.
    fn back_off(&mut self, a: &mut Agent, p: &mut PodEntry, env: &mut Env, index: usize) -> Option<StartResult> {
        let now = env.now();
        let container = helpers::container_at(&p.pod.spec, index)?.clone();
        let exited = self.view.newest_exited(index)?;
        let (finished, code) = (exited.finished_at?, i64::from(exited.exit_code));
        let key = (p.uid, index, helpers::hash_container(&container));
        let delay = a.crash_backoff.get(&key);
        let lane = p.container_lanes(index).main;
        // The relist that saw the exit follows from it, and is what made the kubelet look; the newest tells most.
        let exit = env.runtimes[usize::from(a.node)].exit_entry(exited.id);
        let story = p.stories.get(&index).copied().max(exit).or(p.story);
        if a.crash_backoff.in_backoff_since(&key, finished, now) {
            let meta = &p.pod.metadata;
            let (name, pod, namespace, uid) = (&container.name, &meta.name, &meta.namespace, &meta.uid);
            let text = format!("Back-off restarting failed container {name} in pod {pod}_{namespace}({uid})");
            let message = format!("back-off {delay} restarting failed container={name} pod={pod}_{namespace}({uid})");
            let left = finished + delay - now;
            let cause = Cause::of(Rule::BackoffRefused { backoff: delay, left }).after(story);
            let seconds = u32::try_from(delay.secs()).unwrap_or(u32::MAX);
            let entry = env.cx.log.begin(lane, now, What::Backoff { seconds }, cause);
            env.cx.log.end(entry, finished + delay);
            // Refused once more in the same wait: from here on it is this entry that waits.
            if let Some(before) = p.backoffs.insert(index, entry) {
                env.cx.log.cut_backoff(before, now);
            }
            p.tell(index, entry);
            event(a, p, env, Some(index), true, "BackOff", &text);
            return Some(StartResult::Refused {
                reason: "CrashLoopBackOff".into(),
                message: message.into(),
                expiry: Some(finished + delay),
            });
        }
        let next = a.crash_backoff.next(key, finished, now);
        let rule = if delay == Duration::ZERO {
            Rule::RestartFree
        } else {
            Rule::RestartAfterBackoff {
                waited: delay,
                next,
                since: finished,
            }
        };
        let (own, path) = helpers::restart_field(&a.profile, &p.pod.spec, index, code);
        let base = if own { field_base(p, index) } else { FieldBase::PodSpec };
        let cause = Cause::of(rule).field(base, path).after(story);
        let decided = env.cx.log.instant(lane, now, What::Decided("".into()), cause);
        p.tell(index, decided);
        None
    }
}

/// The sandbox stands: its condition turns True at once in new versions, at the next sync in old ones.
fn sandbox_ready(a: &mut Agent, p: &mut PodEntry, env: &mut Env, attempt: u32, slice: EntryId) {
    let now = env.now();
    env.cx.log.end(slice, now);
    let cause = Cause::of(Rule::SandboxCreated).after(Some(slice));
    let entry = env
        .cx
        .log
        .begin(p.lanes.sandbox, now, What::Sandbox { ready: true }, cause);
    p.story = Some(entry);
    p.stories.clear();
    let host_network = p.pod.spec.host_network.then(|| a.ip.clone());
    env.runtimes[usize::from(a.node)].run_sandbox(p.uid, attempt, now, host_network, entry);
    super::pleg::notice(a, p, env);
    if !a.profile.sandbox_ready_at_once {
        return;
    }
    let Some(mut status) = p.status.as_deref().cloned() else {
        return;
    };
    if let Some(c) = status
        .conditions
        .iter_mut()
        .find(|c| &*c.kind == "PodReadyToStartContainers")
        && &*c.status != "True"
    {
        c.status = "True".into();
        c.last_transition_time = Some(crate::api::Time(now));
        let latency = Latency::StatusSandbox.nominal();
        status_manager::set_pod_status(a, p, env, status, latency);
    }
}

/// Remembers why starts failed, for the next status (twin of `reason_cache.go`).
pub fn record_reasons(pass: &Pass, p: &mut PodEntry) {
    for (&index, result) in &pass.results {
        match result {
            None => {
                p.reasons.remove(&index);
            }
            Some(reason) => {
                p.reasons.insert(index, reason.clone());
            }
        }
    }
}
