//! Twin: pkg/kubelet/kubelet_pods.go (v1.36.2)
//! Covers: getPhase. The statuses themselves are in `kubelet_pods.rs`.
//! Left out: -

use super::helpers;
use crate::api::pod::{PodSpec, RestartPolicy};
use crate::api::{ContainerStatus, Phase};
use crate::machine::Profile;

/// What the phase is decided from.
pub struct PhaseInput<'a> {
    /// The Pod.
    pub spec: &'a PodSpec,
    /// Init and regular statuses in any order.
    pub statuses: &'a [ContainerStatus],
    /// The Pod was stopped; nothing will run again.
    pub terminal: bool,
    /// Some regular container exists in the sandbox that stands.
    pub has_initialized: bool,
    /// A Pod from the node's own files.
    pub is_static: bool,
}

#[derive(Default)]
struct Counts {
    pending_init: u32,
    failed_init: u32,
    failed_init_final: u32,
    pending_sidecar: u32,
    unknown: u32,
    running: u32,
    waiting: u32,
    stopped: u32,
    stopped_final: u32,
    succeeded: u32,
}

/// The phase (spec/05 §2).
pub fn get_phase(profile: &Profile, input: &PhaseInput) -> Phase {
    let spec = input.spec;
    let mut n = Counts::default();
    for (index, container) in spec.init_containers.iter().enumerate() {
        let status = input.statuses.iter().find(|s| s.name == container.name);
        if container.is_sidecar() {
            count_sidecar(&mut n, status);
        } else {
            count_init(&mut n, profile, spec, index, status);
        }
    }
    for (at, container) in spec.containers.iter().enumerate() {
        let status = input.statuses.iter().find(|s| s.name == container.name);
        count_regular(&mut n, profile, spec, spec.init_containers.len() + at, status);
    }
    decide(profile, input, &n)
}

fn restarts(profile: &Profile, spec: &PodSpec, index: usize, t: &crate::api::status::Terminated) -> bool {
    &*t.reason == "RestartingAllContainers" || helpers::restartable_after(profile, spec, index, t.exit_code)
}

fn count_init(n: &mut Counts, profile: &Profile, spec: &PodSpec, index: usize, status: Option<&ContainerStatus>) {
    let Some(status) = status else {
        n.pending_init += 1;
        return;
    };
    let ended = match (
        &status.state.terminated,
        &status.state.waiting,
        &status.last_state.terminated,
    ) {
        (Some(t), _, _) => Some(t),
        (None, Some(_), Some(last)) => (last.exit_code != 0).then_some(last).or(None),
        _ => {
            n.pending_init += 1;
            return;
        }
    };
    if let Some(t) = ended.filter(|t| t.exit_code != 0) {
        n.failed_init += 1;
        if !restarts(profile, spec, index, t) {
            n.failed_init_final += 1;
        }
    }
}

fn count_sidecar(n: &mut Counts, status: Option<&ContainerStatus>) {
    let Some(status) = status else {
        n.unknown += 1;
        return;
    };
    if status.state.running.is_some() {
        if status.started != Some(true) {
            n.pending_sidecar += 1;
        }
        n.running += 1;
    } else if status.state.terminated.is_some() {
        // A sidecar that has ended neither holds the Pod nor counts for its result.
    } else if status.state.waiting.is_some() {
        if status.last_state.terminated.is_none() {
            n.waiting += 1;
            n.pending_sidecar += 1;
        }
    } else {
        n.unknown += 1;
        n.pending_sidecar += 1;
    }
}

fn count_regular(n: &mut Counts, profile: &Profile, spec: &PodSpec, index: usize, status: Option<&ContainerStatus>) {
    let Some(status) = status else {
        n.unknown += 1;
        return;
    };
    if status.state.running.is_some() {
        n.running += 1;
    } else if let Some(t) = &status.state.terminated {
        n.stopped += 1;
        if t.exit_code == 0 {
            n.succeeded += 1;
        }
        if !restarts(profile, spec, index, t) {
            n.stopped_final += 1;
        }
    } else if status.state.waiting.is_some() {
        match &status.last_state.terminated {
            Some(last) => {
                n.stopped += 1;
                if !restarts(profile, spec, index, last) {
                    n.stopped_final += 1;
                }
            }
            None => n.waiting += 1,
        }
    } else {
        n.unknown += 1;
    }
}

fn decide(profile: &Profile, input: &PhaseInput, n: &Counts) -> Phase {
    let rules = profile.container_restart_rules;
    let policy = input.spec.restart_policy;
    if n.failed_init_final > 0 && rules || !rules && n.failed_init > 0 && policy == RestartPolicy::Never {
        return Phase::Failed;
    }
    let all_done = |n: &Counts| {
        if n.stopped == n.succeeded {
            Phase::Succeeded
        } else {
            Phase::Failed
        }
    };
    if n.pending_init > 0 || n.pending_sidecar > 0 && !input.has_initialized || n.waiting > 0 {
        Phase::Pending
    } else if n.running > 0 && n.unknown == 0 {
        Phase::Running
    } else if n.running == 0 && n.stopped > 0 && n.unknown == 0 {
        if input.terminal && !input.is_static {
            all_done(n)
        } else if rules {
            if n.stopped != n.stopped_final {
                Phase::Running
            } else {
                all_done(n)
            }
        } else {
            match policy {
                RestartPolicy::Always => Phase::Running,
                _ if n.stopped == n.succeeded => Phase::Succeeded,
                RestartPolicy::Never => Phase::Failed,
                RestartPolicy::OnFailure => Phase::Running,
            }
        }
    } else {
        Phase::Pending
    }
}
