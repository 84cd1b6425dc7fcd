//! Twin: pkg/kubelet/status/generate.go (v1.36.2)
//! Covers: the conditions PodReadyToStartContainers, Initialized, Ready, ContainersReady, PodScheduled,
//! AllContainersRestarting.
//! Left out: resize conditions.

use std::rc::Rc;

use crate::api::pod::{Container, PodSpec};
use crate::api::{ContainerStatus, Phase, PodCondition};

/// The condition of a Pod whose containers all start again by a restart rule.
pub const ALL_RESTARTING: &str = "AllContainersRestarting";

/// AllContainersRestarting: from the exit that asks for it until no container is left in the runtime.
pub fn all_restarting(restarting: bool, removed: bool) -> PodCondition {
    if restarting && !removed {
        let message = "container exited with restart policy rule".to_owned();
        condition(ALL_RESTARTING, true, "RestartAllContainersStarted", message)
    } else {
        condition(ALL_RESTARTING, false, "", String::new())
    }
}

/// A condition before its times are known.
pub fn condition(kind: &str, status: bool, reason: &str, message: String) -> PodCondition {
    PodCondition {
        kind: kind.into(),
        status: if status { "True" } else { "False" }.into(),
        reason: reason.into(),
        message: message.into(),
        observed_generation: 0,
        last_transition_time: None,
    }
}

fn find<'a>(statuses: &'a [ContainerStatus], name: &str) -> Option<&'a ContainerStatus> {
    statuses.iter().find(|s| &*s.name == name)
}

fn unready_message(what: &str, unknown: &[Rc<str>], unready: &[Rc<str>]) -> String {
    let list = |names: &[Rc<str>]| names.iter().map(|n| &**n).collect::<Vec<_>>().join(" ");
    let mut parts = Vec::new();
    if !unknown.is_empty() {
        parts.push(format!("containers with unknown status: [{}]", list(unknown)));
    }
    if !unready.is_empty() {
        parts.push(format!("containers with {what} status: [{}]", list(unready)));
    }
    parts.join(", ")
}

/// ContainersReady.
pub fn containers_ready(
    spec: &PodSpec,
    init: &[ContainerStatus],
    regular: Option<&[ContainerStatus]>,
    phase: &Phase,
) -> PodCondition {
    const KIND: &str = "ContainersReady";
    let Some(regular) = regular else {
        return condition(KIND, false, "UnknownContainerStatuses", String::new());
    };
    let (mut unknown, mut unready) = (Vec::new(), Vec::new());
    let sidecars = spec
        .init_containers
        .iter()
        .filter(|c| c.is_sidecar())
        .map(|c| (c, find(init, &c.name)));
    let others = spec.containers.iter().map(|c| (c, find(regular, &c.name)));
    for (container, status) in sidecars.chain(others) {
        match status {
            None => unknown.push(container.name.clone()),
            Some(s) if !s.ready => unready.push(container.name.clone()),
            Some(_) => {}
        }
    }
    match phase {
        Phase::Succeeded if unknown.is_empty() => return condition(KIND, false, "PodCompleted", String::new()),
        Phase::Failed => return condition(KIND, false, "PodFailed", String::new()),
        _ => {}
    }
    let message = unready_message("unready", &unknown, &unready);
    if message.is_empty() {
        condition(KIND, true, "", message)
    } else {
        condition(KIND, false, "ContainersNotReady", message)
    }
}

/// Ready: ContainersReady and every readiness gate.
pub fn ready(spec: &PodSpec, conditions: &[PodCondition], containers_ready: &PodCondition) -> PodCondition {
    const KIND: &str = "Ready";
    if &*containers_ready.status != "True" {
        return PodCondition {
            kind: KIND.into(),
            ..containers_ready.clone()
        };
    }
    let missing: Vec<String> = spec
        .readiness_gates
        .iter()
        .filter_map(|gate| {
            let kind = &gate.condition_type;
            match conditions.iter().find(|c| &*c.kind == kind) {
                None => Some(format!(
                    "corresponding condition of pod readiness gate \"{kind}\" does not exist."
                )),
                Some(c) if &*c.status != "True" => Some(format!(
                    "the status of pod readiness gate \"{kind}\" is not \"True\", but {}",
                    c.status
                )),
                Some(_) => None,
            }
        })
        .collect();
    if missing.is_empty() {
        condition(KIND, true, "", String::new())
    } else {
        condition(KIND, false, "ReadinessGatesNotReady", missing.join(", "))
    }
}

fn initialized_by_regular(regular: &[ContainerStatus]) -> bool {
    regular
        .iter()
        .any(|s| s.state.running.is_some() || s.state.terminated.is_some())
}

/// Initialized.
pub fn initialized(
    spec: &PodSpec,
    init: Option<&[ContainerStatus]>,
    regular: &[ContainerStatus],
    phase: &Phase,
) -> PodCondition {
    const KIND: &str = "Initialized";
    let Some(init) = init.or(if spec.init_containers.is_empty() {
        Some(&[])
    } else {
        None
    }) else {
        return condition(KIND, false, "UnknownContainerStatuses", String::new());
    };
    let (mut unknown, mut incomplete) = (Vec::new(), Vec::new());
    for container in &spec.init_containers {
        let done = |s: &ContainerStatus| init_done(container, s);
        match find(init, &container.name) {
            None => unknown.push(container.name.clone()),
            Some(s) if !done(s) => incomplete.push(container.name.clone()),
            Some(_) => {}
        }
    }
    if *phase == Phase::Succeeded && unknown.is_empty() {
        return condition(KIND, true, "PodCompleted", String::new());
    }
    if initialized_by_regular(regular) {
        return condition(KIND, true, "", String::new());
    }
    let message = unready_message("incomplete", &unknown, &incomplete);
    if message.is_empty() {
        condition(KIND, true, "", message)
    } else {
        condition(KIND, false, "ContainersNotInitialized", message)
    }
}

fn init_done(container: &Container, status: &ContainerStatus) -> bool {
    if container.is_sidecar() {
        status.started == Some(true)
    } else {
        status.ready
    }
}
