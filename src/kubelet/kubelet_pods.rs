//! Twin: pkg/kubelet/kubelet_pods.go (v1.36.2)
//! Covers: generateAPIPodStatus, convertToAPIContainerStatuses, hasAnyActiveRegularContainerStarted,
//! getPullSecretsForPod.
//! Left out: resource statuses, user and volume statuses, host aliases.

use std::borrow::Cow;
use std::rc::Rc;

use super::entry::{Agent, Env, Forced, PodEntry, event};
use super::generate;
use super::helpers;
use super::phase::{PhaseInput, get_phase};
use super::resize::Pending;
use crate::api::status::Terminated;
use crate::api::{ContainerState, ContainerStatus, Phase, Pod, PodCondition, PodStatus, Time};
use crate::apiserver::is_static;
use crate::cri::{ContainerView, PodView, State};
use crate::machine::Profile;
use crate::map::Map;
use crate::sort;
use crate::time::Instant;

/// Why a container's last start did not come about, by index: reason and message (twin of `reason_cache.go`).
pub type Reasons = Map<usize, Refusal>;

/// Reason and message of a container that could not be started.
pub type Refusal = (Rc<str>, Rc<str>);

/// What a status is made from.
pub struct StatusInput<'a> {
    /// The Pod as the API has it.
    pub pod: &'a Pod,
    /// What the runtime reports.
    pub view: &'a PodView,
    /// Failed starts.
    pub reasons: &'a Reasons,
    /// The status published before.
    pub old: &'a PodStatus,
    /// The Pod was stopped; nothing runs or will run.
    pub terminal: bool,
    /// Whether a new sandbox would be needed now.
    pub needs_sandbox: bool,
    /// `started` and `ready` of a regular container or sidecar, by index and status.
    pub probes: &'a dyn Fn(usize, &ContainerStatus) -> (bool, bool),
    /// The phase Failed that one of the managers has forced.
    pub forced: Option<Forced>,
    /// New resources of running containers are being set.
    pub resizing: bool,
    /// New resources that were not given.
    pub pending_resize: Option<&'a Pending>,
    /// All containers are being taken away to start again.
    pub restarting: bool,
    /// Node's address.
    pub host_ip: &'a str,
    /// Time for transitions.
    pub now: Instant,
}

/// The status to publish (spec/05 §1).
pub fn generate_api_pod_status(profile: &Profile, input: &StatusInput) -> PodStatus {
    let spec = &input.pod.spec;
    let mut status = PodStatus {
        observed_generation: if profile.observed_generation {
            input.pod.metadata.generation
        } else {
            0
        },
        qos_class: input.pod.status.qos_class.clone(),
        start_time: input.old.start_time.or(Some(Time(input.now))),
        host_ip: input.host_ip.to_owned(),
        pod_ip: input.old.pod_ip.clone(),
        ..PodStatus::default()
    };
    if let Some(sandbox) = input.view.ready_sandbox() {
        status.pod_ip = sandbox.ip.to_string();
    }
    let total = helpers::all_containers(spec).count();
    for index in 0..total {
        let container = convert(profile, input, index);
        if helpers::is_init(spec, index) {
            status.init_container_statuses.push(container);
        } else if helpers::is_regular(spec, index) {
            status.container_statuses.push(container);
        } else {
            status.ephemeral_container_statuses.push(container);
        }
    }
    let (init, regular) = (&status.init_container_statuses, &status.container_statuses);
    let all: Cow<[ContainerStatus]> = if init.is_empty() {
        regular.into()
    } else {
        init.iter().chain(regular).cloned().collect()
    };
    let phase = get_phase(
        profile,
        &PhaseInput {
            spec,
            statuses: &all,
            terminal: input.terminal,
            has_initialized: has_initialized(profile, input, &status),
            is_static: is_static(input.pod),
        },
    );
    // A terminal phase never changes again.
    status.phase = match (&input.old.phase, &input.pod.status.phase) {
        (old, _) if old.is_terminal() => old.clone(),
        (_, api) if api.is_terminal() => api.clone(),
        _ => phase,
    };
    if status.phase == input.old.phase {
        status.reason = input.old.reason.clone();
        status.message = input.old.message.clone();
    }
    if let Some(forced) = &input.forced {
        status.phase = Phase::Failed;
        status.reason = forced.reason.to_owned();
        status.message = forced.message.to_string();
    }
    for index in 0..total {
        let (slot, at) = slot(spec.init_containers.len(), spec.containers.len(), &mut status, index);
        let Some(container) = slot.get_mut(at) else { continue };
        let init_plain = helpers::is_init(spec, index) && !helpers::is_sidecar(spec, index);
        if init_plain {
            container.started = Some(container.state.running.is_some());
            container.ready = container.state.terminated.as_ref().is_some_and(|t| t.exit_code == 0);
        } else if index >= spec.init_containers.len() + spec.containers.len() {
            container.started = None;
            container.ready = false;
        } else {
            let (started, ready) = (input.probes)(index, container);
            container.started = Some(started);
            container.ready = ready;
        }
    }
    sort::sort_by(&mut status.container_statuses, |a, b| a.name.cmp(&b.name));
    status.conditions = conditions(profile, input, &status);
    status
}

fn slot(init: usize, regular: usize, status: &mut PodStatus, index: usize) -> (&mut Vec<ContainerStatus>, usize) {
    if index < init {
        (&mut status.init_container_statuses, index)
    } else if index < init + regular {
        (&mut status.container_statuses, index - init)
    } else {
        (&mut status.ephemeral_container_statuses, index - init - regular)
    }
}

/// Whether some regular container was started in the sandbox that stands, as far as the phase is concerned.
fn has_initialized(profile: &Profile, input: &StatusInput, status: &PodStatus) -> bool {
    let spec = &input.pod.spec;
    if profile.initialized_by_sandbox {
        input
            .view
            .containers
            .iter()
            .any(|c| helpers::is_regular(spec, c.index) && c.state != State::Created)
    } else {
        status
            .container_statuses
            .iter()
            .any(|s| s.state.running.is_some() || s.state.terminated.is_some())
    }
}

/// The condition of a Pod that something ends from outside.
pub const DISRUPTION: &str = "DisruptionTarget";

/// All conditions in the order in which the API shows them, with the times of their last change.
fn conditions(profile: &Profile, input: &StatusInput, status: &PodStatus) -> Vec<PodCondition> {
    let spec = &input.pod.spec;
    let owned = [
        super::resize::PENDING,
        super::resize::CONDITION,
        "PodReadyToStartContainers",
        "Initialized",
        "Ready",
        "ContainersReady",
        "PodScheduled",
        generate::ALL_RESTARTING,
    ];
    let mut list: Vec<PodCondition> = input
        .pod
        .status
        .conditions
        .iter()
        .filter(|c| !owned.contains(&&*c.kind))
        .cloned()
        .collect();
    let init = &status.init_container_statuses;
    let sandbox = !input.needs_sandbox;
    let containers_ready = generate::containers_ready(spec, init, Some(&status.container_statuses), &status.phase);
    let ready = generate::ready(spec, &list, &containers_ready);
    if let Some(message) = input.forced.as_ref().and_then(|f| f.disruption.as_ref()) {
        list.retain(|c| &*c.kind != DISRUPTION);
        list.push(generate::condition(
            DISRUPTION,
            true,
            "TerminationByKubelet",
            message.to_string(),
        ));
    }
    if let Some(pending) = input.pending_resize {
        let message = pending.message.to_string();
        list.push(generate::condition(
            super::resize::PENDING,
            true,
            pending.reason,
            message,
        ));
    }
    if input.resizing {
        list.push(generate::condition(super::resize::CONDITION, true, "", String::new()));
    }
    if profile.ready_to_start_condition {
        list.push(generate::condition(
            "PodReadyToStartContainers",
            sandbox,
            "",
            String::new(),
        ));
    }
    let mut initialized = generate::initialized(spec, Some(init), &status.container_statuses, &status.phase);
    let was = |c: &PodCondition| c.kind == initialized.kind && &*c.status == "True";
    if profile.restart_all_containers && &*initialized.status != "True" && input.old.conditions.iter().any(was) {
        initialized = generate::condition("Initialized", true, "", String::new());
    }
    list.push(initialized);
    list.push(ready);
    list.push(containers_ready);
    list.push(generate::condition("PodScheduled", true, "", String::new()));
    if helpers::may_restart_all(profile, spec) {
        let removed = helpers::all_removed(spec, input.view);
        list.push(generate::all_restarting(input.restarting, removed));
    }
    for c in &mut list {
        c.observed_generation = status.observed_generation;
        let before = input
            .old
            .conditions
            .iter()
            .chain(&input.pod.status.conditions)
            .find(|b| b.kind == c.kind && b.status == c.status);
        c.last_transition_time = before.and_then(|b| b.last_transition_time).or(Some(Time(input.now)));
    }
    list
}

fn old_status<'a>(input: &'a StatusInput, index: usize, name: &str) -> Option<&'a ContainerStatus> {
    let spec = &input.pod.spec;
    let list = if helpers::is_init(spec, index) {
        &input.old.init_container_statuses
    } else if helpers::is_regular(spec, index) {
        &input.old.container_statuses
    } else {
        &input.old.ephemeral_container_statuses
    };
    list.iter().find(|s| &*s.name == name)
}

/// The status of one container (spec/05 §3), `ready` and `started` left open.
fn convert(profile: &Profile, input: &StatusInput, index: usize) -> ContainerStatus {
    let spec = &input.pod.spec;
    let Some(container) = helpers::container_at(spec, index) else {
        return ContainerStatus::default();
    };
    let old = old_status(input, index, &container.name);
    let reason = if spec.init_containers.is_empty() {
        "ContainerCreating"
    } else {
        "PodInitializing"
    };
    let [newest, second] = input.view.two_newest(index);
    let unknown: Rc<str> = "".into();
    let mut status = ContainerStatus {
        name: container.name.clone(),
        // That of an instance is set from what is seen of it.
        state: match newest {
            Some(_) => ContainerState::default(),
            None => ContainerState::waiting(reason, ""),
        },
        last_state: ContainerState::default(),
        ready: false,
        started: None,
        restart_count: 0,
        image: container.image.clone(),
        image_id: unknown.clone(),
        container_id: unknown,
    };
    if let Some(old) = old {
        status.restart_count = old.restart_count;
        status.last_state = old.last_state.clone();
        if old.state.terminated.is_some() {
            status.state = old.state.clone();
            status.container_id = old.container_id.clone();
            status.image_id = old.image_id.clone();
        }
    }
    match newest {
        Some(view) => {
            status.state = match view.state {
                State::Running => ContainerState::running(Time(view.started_at.unwrap_or(view.created_at))),
                State::Exited => ContainerState::terminated(terminated(view)),
                State::Unknown if old.is_some_and(|o| o.state.running.is_some()) => {
                    status.restart_count += 1;
                    ContainerState::terminated(lost("The container could not be located when the pod was terminated"))
                }
                State::Created | State::Unknown => ContainerState::waiting("", ""),
            };
            status.restart_count = view.restart_count;
            if profile.restart_all_containers
                && let Some(old) = old
            {
                // An instance that was taken away is not forgotten: it counts, and is the last one.
                let another = old.state.terminated.is_some() && old.container_id != view.container_id;
                let least = old.restart_count + i64::from(another);
                status.restart_count = status.restart_count.max(least);
                if another {
                    status.last_state = old.state.clone();
                }
            }
            status.container_id = view.container_id.clone();
            status.image_id = match old {
                Some(old) if old.container_id == view.container_id => old.image_id.clone(),
                _ => image_id(&view.image),
            };
            // Without a second instance, what was said about an earlier one stays.
            if let Some(before) = second.filter(|v| v.state == State::Exited) {
                status.last_state = ContainerState::terminated(terminated(before));
            }
            // A container that was seen running and still is keeps `started` by its name, though it may be another
            // instance (ChangeContainerStatusOnKubeletRestart is off from 1.35).
            let seen = old.filter(|o| profile.keeps_readiness && o.state.running.is_some());
            if view.state == State::Running {
                status.started = seen.and_then(|o| o.started);
            }
        }
        None => without_instance(input, index, old, &mut status),
    }
    if helpers::should_be_restarted(profile, input.pod, input.view, index)
        && let Some((reason, message)) = input.reasons.get(&index)
    {
        let done_init = helpers::is_init(spec, index)
            && !helpers::is_sidecar(spec, index)
            && status.state.terminated.as_ref().is_some_and(|t| t.exit_code == 0);
        // A sidecar that ended well shows its plain waiting reason (recorded in 15-sidecar-startup-never).
        if !done_init {
            if status.state.terminated.is_some() {
                status.last_state = status.state.clone();
            }
            status.state = ContainerState::waiting(reason, message);
        }
    }
    status
}

fn without_instance(input: &StatusInput, index: usize, old: Option<&ContainerStatus>, status: &mut ContainerStatus) {
    let spec = &input.pod.spec;
    if input.restarting
        && let Some(old) = old.filter(|o| o.state.running.is_some() || o.state.terminated.is_some())
    {
        status.last_state = ContainerState::terminated(Terminated {
            exit_code: 137,
            reason: RESTARTING_ALL.into(),
            message: REMOVED.into(),
            ..Terminated::default()
        });
        status.state = ContainerState::waiting(RESTARTING_ALL, REMOVED);
        status.restart_count = old.restart_count + 1;
        status.container_id = "".into();
        return;
    }
    if input.restarting
        && let Some(waiting) = old.filter(|o| o.state.waiting.as_ref().is_some_and(|w| &*w.reason == RESTARTING_ALL))
    {
        status.state = waiting.state.clone();
        return;
    }
    let plain_init = helpers::is_init(spec, index) && !helpers::is_sidecar(spec, index);
    let app_exists = input.view.containers.iter().any(|c| helpers::is_regular(spec, c.index));
    if plain_init && app_exists && status.state.waiting.is_some() {
        status.state = ContainerState::terminated(Terminated {
            reason: "Completed".into(),
            message: "Unable to get init container status from container runtime and pod has been initialized, \
                      treat it as exited normally"
                .into(),
            ..Terminated::default()
        });
    } else if let Some(old) = old
        && old.state.running.is_some()
        && status.last_state.is_none()
    {
        let message = "The container could not be located when the pod was deleted.  The container used to be Running";
        status.last_state = ContainerState::terminated(lost(message));
        if input.pod.metadata.deletion_timestamp.is_none() {
            status.restart_count += 1;
        }
    }
}

/// Reason and message of a container that was taken away to start again with all others.
const RESTARTING_ALL: &str = "RestartingAllContainers";
const REMOVED: &str = "The container is removed because RestartAllContainers in place";

/// What is said of a container that the runtime does not know any more.
pub fn lost(message: &str) -> Terminated {
    Terminated {
        exit_code: 137,
        reason: "ContainerStatusUnknown".into(),
        message: message.into(),
        ..Terminated::default()
    }
}

fn terminated(view: &ContainerView) -> Terminated {
    Terminated {
        exit_code: i64::from(view.exit_code),
        signal: 0,
        reason: view.reason.clone(),
        message: view.message.clone(),
        started_at: view.started_at.map(Time),
        finished_at: view.finished_at.map(Time),
        container_id: view.container_id.clone(),
    }
}

/// An image id: a digest made from the image's name.
fn image_id(image: &str) -> Rc<str> {
    let mut stream = crate::rng::Stream::new(0, image);
    let digest: String = (0..4).map(|_| format!("{:016x}", stream.bits())).collect();
    format!("sha256:{digest}").into()
}

/// Tells of image pull secrets that are not there (getPullSecretsForPod); the pull is tried all the same.
pub fn look_for_pull_secrets(a: &mut Agent, p: &PodEntry, env: &mut Env) {
    let (namespace, refs) = (&p.pod.metadata.namespace, &p.pod.spec.image_pull_secrets);
    let gone = |name: &&str| !name.is_empty() && env.api.secret(namespace, name).is_none();
    let missing: Vec<&str> = refs.iter().map(|r| r.name.as_str()).filter(gone).collect();
    if !missing.is_empty() {
        let text = format!(
            "Unable to retrieve some image pull secrets ({}); attempting to pull the image may not succeed.",
            missing.join(", ")
        );
        event(a, p, env, None, true, "FailedToRetrieveImagePullSecret", &text);
    }
}
