//! Twin: pkg/kubelet/status/status_manager.go (v1.36.2)
//! Covers: SetPodStatus, SetContainerReadiness, SetContainerStartup, TerminatePod, mergePodStatus, canBeDeleted.
//! Left out: the full batch every 10 s (nothing here loses a write), resize conditions.

use std::rc::Rc;

use super::entry::{Agent, Env, PendingWrite, PodEntry};
use super::generate;
use super::helpers;
use super::kubelet_pods::lost;
use super::pod_workers::Stage;
use crate::api::{ContainerState, ContainerStatus, Phase, PodStatus, Time};
use crate::machine::{Latency, Part};
use crate::time::{Duration, Instant};

/// Two writes of one Pod are at least this far apart: one goroutine writes them one after another.
const WRITE_GAP: Duration = Duration::from_millis(8);
/// So often the status manager looks for statuses that the API does not have (spec/05).
const SYNC_PERIOD: Duration = Duration::from_secs(10);

/// Stores a status and sends it to the API, unless it says nothing new.
pub fn set_pod_status(a: &Agent, p: &mut PodEntry, env: &mut Env, status: PodStatus, latency: Duration) {
    if p.status.as_deref() == Some(&status) {
        return;
    }
    let status = Rc::new(status);
    let mut due = env.now() + latency;
    if let Some(last) = p.writes.back()
        && due < last.due + WRITE_GAP
    {
        due = last.due + WRITE_GAP;
    }
    p.status = Some(status.clone());
    p.writes.push_back(PendingWrite {
        due,
        status,
        because: p.newest(),
    });
    let next = p.writes.front().map(|w| w.due);
    env.cx.queue.alarm(Part::StatusWrite(a.node, p.uid), next);
}

/// A new mirror of a static Pod has no status yet; it gets the one that is known at the next bulk check.
pub fn show_again(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    let Some(status) = p.status.clone() else { return };
    let due = (env.now() + Duration::from_micros(1)).ceil_to_grid(a.tick_phase, SYNC_PERIOD);
    let because = p.newest().max(env.api.pod(p.uid).map(|stored| stored.born));
    p.writes.push_back(PendingWrite { due, status, because });
    let next = p.writes.front().map(|w| w.due);
    env.cx.queue.alarm(Part::StatusWrite(a.node, p.uid), next);
}

/// Writes what is due.
pub fn write_due(a: &mut Agent, p: &mut PodEntry, env: &mut Env) {
    while p.writes.front().is_some_and(|w| w.due <= env.now()) {
        let Some(write) = p.writes.pop_front() else { break };
        let may_run = p.worker.may_have_running_containers();
        let because = write.because.or(p.newest());
        env.api.update_pod(&mut env.cx, p.uid, because, |pod| {
            merge(pod, Rc::unwrap_or_clone(write.status), may_run)
        });
    }
    env.cx
        .queue
        .alarm(Part::StatusWrite(a.node, p.uid), p.writes.front().map(|w| w.due));
    if can_be_deleted(p) && p.writes.is_empty() {
        let latency = env.cx.draw(Latency::ObjectGone, p.uid.0);
        env.cx.queue.alarm(Part::Finalize(p.uid), Some(env.now() + latency));
    }
}

/// Whether the object may go: marked for deletion, terminal, and the worker is done with it.
pub fn can_be_deleted(p: &PodEntry) -> bool {
    p.pod.metadata.deletion_timestamp.is_some()
        && p.worker.stage == Stage::Finished
        && p.status.as_ref().is_some_and(|s| s.phase.is_terminal())
}

/// The status as it is stored: a terminal phase is withheld while containers may still run (its conditions are not, as
/// recorded), and conditions of others stay.
fn merge(pod: &mut crate::api::Pod, new: PodStatus, may_run: bool) {
    let old = std::mem::take(&mut pod.status);
    let resize = [super::resize::PENDING, super::resize::CONDITION];
    let owned = |kind: &str| resize.contains(&kind) || new.conditions.iter().any(|c| &*c.kind == kind);
    let mut conditions: Vec<_> = old.conditions.iter().filter(|c| !owned(&c.kind)).cloned().collect();
    conditions.extend(new.conditions.iter().cloned());
    let withheld = may_run && new.phase.is_terminal() && !old.phase.is_terminal();
    pod.status = PodStatus {
        conditions,
        qos_class: old.qos_class,
        nominated_node_name: old.nominated_node_name,
        ..new
    };
    if withheld {
        pod.status.phase = old.phase;
        pod.status.reason = old.reason;
        pod.status.message = old.message;
        // The kubelet's DisruptionTarget comes with the phase, not before it.
        let kind = super::kubelet_pods::DISRUPTION;
        if !old.conditions.iter().any(|c| &*c.kind == kind) {
            pod.status.conditions.retain(|c| &*c.kind != kind);
        }
    }
}

/// Publishes a probe's verdict on readiness at once.
pub fn set_container_readiness(a: &Agent, p: &mut PodEntry, env: &mut Env, container_id: &str, ready: bool) {
    change_container(a, p, env, container_id, |c| c.ready = ready);
}

/// Publishes a startup probe's verdict at once.
pub fn set_container_startup(a: &Agent, p: &mut PodEntry, env: &mut Env, container_id: &str, started: bool) {
    change_container(a, p, env, container_id, |c| c.started = Some(started));
}

/// From the moment a step has computed a status until it has stored it, in releases in which a probe can come between
/// (recorded in `14-ignore-term-grace5-kubelet1.32`, `15-sidecar-order-kubelet1.32`, `11-startup-ok-kubelet1.32`).
const STORING: Duration = Duration::from_millis(5);

/// A probe's verdict is stored while a step stores the status it computed before: that one holds until the next step.
/// The verdict is seen for a moment. It is stored over the status that stood before the step's, so when the step has
/// news of its own, the verdict goes out ahead of them.
fn change_container(
    a: &Agent,
    p: &mut PodEntry,
    env: &mut Env,
    container_id: &str,
    change: impl Fn(&mut ContainerStatus),
) {
    let now = env.now();
    let older = p.worker.computed.take().filter(|(at, _)| now - *at <= STORING);
    let Some((_, older)) = older else {
        return set_container(a, p, env, container_id, change);
    };
    if p.writes.is_empty() {
        set_container(a, p, env, container_id, change);
        let latency = env.cx.draw(Latency::StatusProbe, p.uid.0);
        set_pod_status(a, p, env, older, latency);
    } else if p.writes.len() == 1 && p.writes.front().is_some_and(|own| *own.status == older) {
        let before = p.pod.status.clone();
        let Some(status) = changed(p, before, container_id, change, now) else {
            return;
        };
        let due = now + env.cx.draw(Latency::StatusProbe, p.uid.0);
        if let Some(own) = p.writes.front_mut() {
            own.due = own.due.max(due + WRITE_GAP);
        }
        let because = p.newest();
        p.writes.push_front(PendingWrite {
            due,
            status: Rc::new(status),
            because,
        });
        env.cx.queue.alarm(Part::StatusWrite(a.node, p.uid), Some(due));
    }
}

fn set_container(
    a: &Agent,
    p: &mut PodEntry,
    env: &mut Env,
    container_id: &str,
    change: impl Fn(&mut ContainerStatus),
) {
    let Some(status) = p.status.as_deref().cloned() else {
        return;
    };
    let Some(status) = changed(p, status, container_id, change, env.now()) else {
        return;
    };
    let latency = env.cx.draw(Latency::StatusProbe, p.uid.0);
    set_pod_status(a, p, env, status, latency);
}

/// A status with one container's changed, and what follows for the Pod's readiness; nothing if the container is gone.
fn changed(
    p: &PodEntry,
    mut status: PodStatus,
    container_id: &str,
    change: impl Fn(&mut ContainerStatus),
    now: Instant,
) -> Option<PodStatus> {
    let init = status.init_container_statuses.iter_mut();
    let mut found = false;
    for c in init.chain(&mut status.container_statuses) {
        if &*c.container_id == container_id {
            change(c);
            found = true;
        }
    }
    if !found {
        return None;
    }
    let spec = &p.pod.spec;
    let containers_ready = generate::containers_ready(
        spec,
        &status.init_container_statuses,
        Some(&status.container_statuses),
        &status.phase,
    );
    let ready = generate::ready(spec, &p.pod.status.conditions, &containers_ready);
    for mut new in [ready, containers_ready] {
        if let Some(old) = status.conditions.iter_mut().find(|c| c.kind == new.kind) {
            let same = old.status == new.status;
            new.last_transition_time = if same {
                old.last_transition_time
            } else {
                Some(Time(now))
            };
            new.observed_generation = old.observed_generation;
            *old = new;
        }
    }
    Some(status)
}

/// The last status of a Pod whose worker is done: nothing is left open (spec/04 §6.5).
pub fn terminate_pod(a: &Agent, p: &mut PodEntry, env: &mut Env) {
    let Some(mut status) = p.status.as_deref().cloned() else {
        return;
    };
    let spec = p.pod.spec.clone();
    let sidecar_or_regular_started = status
        .container_statuses
        .iter()
        .any(|c| c.state.terminated.is_some() || c.state.running.is_some() || c.last_state.terminated.is_some());
    let initialized = spec.init_containers.is_empty()
        || sidecar_or_regular_started
        || status
            .init_container_statuses
            .last()
            .is_some_and(|c| c.state.terminated.as_ref().is_some_and(|t| t.exit_code == 0));
    let message = "The container could not be located when the pod was terminated";
    let mut finish = |c: &mut ContainerStatus| {
        if c.state.terminated.is_none() {
            c.state = ContainerState::terminated(lost(message));
        }
    };
    if initialized {
        status.container_statuses.iter_mut().for_each(&mut finish);
        status.init_container_statuses.iter_mut().for_each(&mut finish);
    } else {
        // Only containers that had their turn are said to be lost; the others never began.
        let had_turn = status
            .init_container_statuses
            .iter()
            .rposition(|c| c.state.terminated.is_some() || c.state.running.is_some())
            .map_or(0, |i| i + 1);
        status
            .init_container_statuses
            .iter_mut()
            .take(had_turn)
            .for_each(&mut finish);
    }
    if !status.phase.is_terminal() {
        status.phase = Phase::Failed;
    }
    if helpers::all_containers(&spec).count() == 0 {
        status.phase = Phase::Failed;
    }
    set_pod_status(a, p, env, status, Duration::from_millis(2));
}
