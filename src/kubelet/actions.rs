//! Twin: pkg/kubelet/kuberuntime/kuberuntime_manager.go (v1.36.2)
//! Covers: computePodActions, computeInitContainerActions, podSandboxChanged.
//! Left out: in-place resize, host namespaces of a changed sandbox.

use super::helpers::{self, effective_policy, hash_container, is_init, is_sidecar, should_be_restarted};
use crate::api::pod::RestartPolicy;
use crate::api::{Pod, PodSpec};
use crate::cri::{ContainerView, PodView, State};
use crate::machine::Profile;
use crate::sort;
use crate::trace::ProbeKind;

/// Why a running container is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KillReason {
    /// A probe failed.
    Probe(ProbeKind),
    /// Name or image changed.
    Changed,
    /// The runtime lost track.
    Unknown,
}

/// A container to kill before anything is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KillTarget {
    /// Position in the Pod.
    pub index: usize,
    /// Number in the runtime.
    pub id: u32,
    /// Message of the Killing event.
    pub message: String,
    /// Why.
    pub reason: KillReason,
}

/// What one pass is to do (spec/01 §6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodActions {
    /// Stop all containers and the sandbox; comes before everything else.
    pub kill_pod: bool,
    /// A sandbox is needed.
    pub create_sandbox: bool,
    /// Its attempt number.
    pub attempt: u32,
    /// Init containers to start, in order.
    pub start_init: Vec<usize>,
    /// Other containers to start, in order.
    pub start: Vec<usize>,
    /// Ephemeral containers to start.
    pub start_ephemeral: Vec<usize>,
    /// Containers to kill.
    pub kill: Vec<KillTarget>,
    /// Instances to take out of the runtime before all containers start again, in order.
    pub reset: Vec<Reset>,
}

/// An instance that goes when all containers start again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset {
    /// Position in the Pod.
    pub index: usize,
    /// Number in the runtime.
    pub id: u32,
    /// It has not ended and is killed first.
    pub kill: bool,
}

/// What the probes say of a running instance: the verdict of its startup or liveness probe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProbeVerdicts {
    /// Startup: `None` while there is none, or no probe.
    pub startup: Option<bool>,
    /// Liveness: `None` counts as success.
    pub liveness: Option<bool>,
    /// Whether it has a startup probe.
    pub has_startup: bool,
}

/// Whether a new sandbox is needed, and its attempt number.
///
/// It is when there is none that stands, when several do, or when it has no address of its own.
pub fn sandbox_changed(spec: &PodSpec, view: &PodView) -> (bool, u32) {
    match view.sandboxes.first() {
        None => (true, 0),
        Some(newest) => {
            let ready = view.sandboxes.iter().filter(|s| s.ready).count();
            let no_address = !spec.host_network && newest.ip.is_empty();
            (ready > 1 || !newest.ready || no_address, newest.attempt + 1)
        }
    }
}

/// The instances that go when all containers start again (spec/02 §1.1): regular containers, init containers, then those
/// whose end asked for it, regular ones first; of each container all instances, the newest first.
fn resets(profile: &Profile, spec: &PodSpec, view: &PodView) -> Vec<Reset> {
    let init = spec.init_containers.len();
    let asks = |index: usize| {
        view.newest(index).is_some_and(|c| {
            c.state == State::Exited && helpers::restarts_all(profile, spec, index, i64::from(c.exit_code))
        })
    };
    let mut order: Vec<usize> = (0..init + spec.containers.len()).collect();
    sort::sort_by_key(&mut order, |&index| (asks(index), index < init, index));
    let mut list = Vec::new();
    for index in order {
        let mut all: Vec<&ContainerView> = view.containers.iter().filter(|c| c.index == index).collect();
        sort::sort_by_key(&mut all, |c| std::cmp::Reverse(c.created_at));
        list.extend(all.iter().map(|c| Reset {
            index,
            id: c.id,
            kill: c.state != State::Exited,
        }));
    }
    list
}

/// What to do with a Pod as the runtime reports it. `restart_all`: a restart rule starts all its containers again.
pub fn compute_pod_actions(
    profile: &Profile,
    pod: &Pod,
    view: &PodView,
    restart_all: bool,
    verdicts: &dyn Fn(&ContainerView) -> ProbeVerdicts,
) -> PodActions {
    let spec = &pod.spec;
    let (create, attempt) = sandbox_changed(spec, view);
    let mut actions = PodActions {
        kill_pod: create,
        create_sandbox: create,
        attempt,
        ..PodActions::default()
    };
    let regular = spec.init_containers.len()..spec.init_containers.len() + spec.containers.len();
    if create {
        if spec.restart_policy == RestartPolicy::Never && attempt != 0 && !view.containers.is_empty() {
            actions.create_sandbox = false;
            return actions;
        }
        let candidates: Vec<usize> = regular
            .filter(|&i| {
                let succeeded = view
                    .newest(i)
                    .is_some_and(|c| c.state == State::Exited && c.exit_code == 0);
                !(succeeded && effective_policy(profile, spec, i) == RestartPolicy::OnFailure)
            })
            .collect();
        if candidates.is_empty() && view.containers.iter().any(|c| helpers::is_regular(spec, c.index)) {
            actions.create_sandbox = false;
            return actions;
        }
        if spec.init_containers.is_empty() {
            actions.start = candidates;
        } else {
            actions.start_init = vec![0];
        }
        return actions;
    }
    if restart_all && !helpers::all_removed(spec, view) {
        actions.reset = resets(profile, spec, view);
        return actions;
    }
    let first_ephemeral = spec.init_containers.len() + spec.containers.len();
    for index in first_ephemeral..first_ephemeral + spec.ephemeral_containers.len() {
        if view.newest(index).is_none() {
            actions.start_ephemeral.push(index);
        }
    }
    let initialized = compute_init_actions(profile, pod, view, verdicts, &mut actions);
    if actions.kill_pod || !initialized {
        return actions;
    }
    let mut keep = 0;
    for index in regular {
        let newest = view.newest(index);
        match newest {
            Some(c) if c.state == State::Running => match kill_running(profile, pod, c, verdicts(c)) {
                None => keep += 1,
                Some((reason, mut message, restart)) => {
                    if restart {
                        message.push_str(", will be restarted");
                        actions.start.push(index);
                    }
                    actions.kill.push(KillTarget {
                        index,
                        id: c.id,
                        message,
                        reason,
                    });
                }
            },
            _ => {
                if should_be_restarted(profile, pod, view, index) {
                    actions.start.push(index);
                    if let Some(c) = newest.filter(|c| c.state == State::Unknown) {
                        let message = "Container is in \"UNKNOWN\" state, try killing it before restart".to_owned();
                        actions.kill.push(KillTarget {
                            index,
                            id: c.id,
                            message,
                            reason: KillReason::Unknown,
                        });
                    }
                }
            }
        }
    }
    if keep == 0 && actions.start.is_empty() {
        actions.kill_pod = true;
        actions.start_init.clear();
    }
    actions
}

/// Why a running regular container must go: reason, text, and whether it comes back.
fn kill_running(
    profile: &Profile,
    pod: &Pod,
    c: &ContainerView,
    verdicts: ProbeVerdicts,
) -> Option<(KillReason, String, bool)> {
    let container = helpers::container_at(&pod.spec, c.index)?;
    let name = &container.name;
    if c.hash != hash_container(container) {
        return Some((
            KillReason::Changed,
            format!("Container {name} definition changed"),
            true,
        ));
    }
    let restart = effective_policy(profile, &pod.spec, c.index) != RestartPolicy::Never;
    if verdicts.liveness == Some(false) {
        let reason = KillReason::Probe(ProbeKind::Liveness);
        return Some((reason, format!("Container {name} failed liveness probe"), restart));
    }
    if verdicts.startup == Some(false) {
        let reason = KillReason::Probe(ProbeKind::Startup);
        return Some((reason, format!("Container {name} failed startup probe"), restart));
    }
    None
}

/// Fills in the part of the init containers; returns whether the Pod is initialized (spec/01 §6.4).
fn compute_init_actions(
    profile: &Profile,
    pod: &Pod,
    view: &PodView,
    verdicts: &dyn Fn(&ContainerView) -> ProbeVerdicts,
    actions: &mut PodActions,
) -> bool {
    let spec = &pod.spec;
    let count = spec.init_containers.len();
    if count == 0 {
        return true;
    }
    let mut initialized = view
        .containers
        .iter()
        .any(|c| helpers::is_regular(spec, c.index) && matches!(c.state, State::Created | State::Running));
    let mut later_seen = initialized;
    let mut any_status = false;
    let mut starts: Vec<usize> = Vec::new();
    for index in (0..count).rev() {
        let container = &spec.init_containers[index];
        let sidecar = is_sidecar(spec, index);
        let Some(c) = view.newest(index) else {
            if later_seen && sidecar {
                starts.push(index);
            }
            continue;
        };
        any_status = true;
        if later_seen && !sidecar {
            continue;
        }
        let name = &container.name;
        let kill = |reason, message| KillTarget {
            index,
            id: c.id,
            message,
            reason,
        };
        match c.state {
            State::Created => starts.push(index),
            State::Running if !sidecar => {}
            State::Running => {
                let v = verdicts(c);
                if v.has_startup {
                    match v.startup {
                        None => {
                            later_seen = true;
                            continue;
                        }
                        Some(false) => {
                            let message = format!("Init container {name} failed startup probe");
                            actions.kill.push(kill(KillReason::Probe(ProbeKind::Startup), message));
                            starts.push(index);
                            later_seen = true;
                            continue;
                        }
                        Some(true) => {}
                    }
                }
                if !later_seen {
                    if index == count - 1 {
                        initialized = true;
                    } else {
                        starts.push(index + 1);
                    }
                }
                if c.hash != hash_container(container) {
                    let message = format!("Init container {name} definition changed");
                    actions.kill.push(kill(KillReason::Changed, message));
                    starts.push(index);
                } else if v.liveness == Some(false) {
                    let message = format!("Init container {name} failed liveness probe");
                    actions.kill.push(kill(KillReason::Probe(ProbeKind::Liveness), message));
                    starts.push(index);
                }
            }
            State::Exited if sidecar => starts.push(index),
            State::Exited => {
                let failed = c.exit_code != 0 || &*c.reason == "OOMKilled";
                if failed {
                    if helpers::restartable_after(profile, spec, index, i64::from(c.exit_code.max(1))) {
                        starts.push(index);
                    } else {
                        actions.kill_pod = true;
                        actions.start_init.clear();
                        return false;
                    }
                } else if index == count - 1 {
                    initialized = true;
                } else {
                    starts.push(index + 1);
                }
            }
            State::Unknown => {
                if sidecar || spec.restart_policy != RestartPolicy::Never {
                    let message = "Init container is in \"UNKNOWN\" state, try killing it before restart".to_owned();
                    actions.kill.push(kill(KillReason::Unknown, message));
                    starts.push(index);
                } else {
                    actions.kill_pod = true;
                    return false;
                }
            }
        }
        later_seen = true;
    }
    if !any_status && !later_seen {
        starts.push(0);
    }
    sort::sort(&mut starts);
    starts.dedup();
    // A sidecar that only has to come back does not hold up the Pod; a plain init container does.
    if initialized && starts.iter().any(|&i| is_init(spec, i) && !is_sidecar(spec, i)) {
        initialized = false;
    }
    actions.start_init = starts;
    initialized
}
