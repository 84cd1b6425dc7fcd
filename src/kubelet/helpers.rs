//! Twin: pkg/kubelet/container/helpers.go (v1.36.2)
//! Covers: ShouldContainerBeRestarted, the restart rules of a container, the hash of a container's definition.
//! Left out: RestartAllContainers.

use crate::api::pod::{Container, RestartPolicy};
use crate::api::{Pod, PodSpec};
use crate::cri::{PodView, State};
use crate::machine::Profile;

/// The containers of a Pod in the order in which indexes count them: init, regular, ephemeral.
pub fn all_containers(spec: &PodSpec) -> impl Iterator<Item = &Container> {
    spec.init_containers
        .iter()
        .chain(&spec.containers)
        .chain(&spec.ephemeral_containers)
}

/// The container at `index`.
pub fn container_at(spec: &PodSpec, index: usize) -> Option<&Container> {
    let (init, regular) = (spec.init_containers.len(), spec.containers.len());
    if index < init {
        spec.init_containers.get(index)
    } else if index < init + regular {
        spec.containers.get(index - init)
    } else {
        spec.ephemeral_containers.get(index - init - regular)
    }
}

/// Whether the container at `index` is an init container (a sidecar is one, too).
pub fn is_init(spec: &PodSpec, index: usize) -> bool {
    index < spec.init_containers.len()
}

/// Whether the container at `index` is a sidecar.
pub fn is_sidecar(spec: &PodSpec, index: usize) -> bool {
    is_init(spec, index) && spec.init_containers[index].is_sidecar()
}

/// Whether the container at `index` is a regular one.
pub fn is_regular(spec: &PodSpec, index: usize) -> bool {
    (spec.init_containers.len()..spec.init_containers.len() + spec.containers.len()).contains(&index)
}

/// The policy that holds for a container that was stopped on purpose: its own, else the Pod's.
pub fn effective_policy(profile: &Profile, spec: &PodSpec, index: usize) -> RestartPolicy {
    let own = container_at(spec, index).and_then(|c| c.restart_policy);
    match own {
        Some(policy) if is_sidecar(spec, index) || profile.container_restart_rules => policy,
        _ => spec.restart_policy,
    }
}

/// Whether a container that ended with `code` is started again (spec/02 §1, item 5).
pub fn restartable_after(profile: &Profile, spec: &PodSpec, index: usize, code: i64) -> bool {
    if let Some(container) = container_at(spec, index)
        && container.restart_policy.is_some()
        && profile.container_restart_rules
    {
        for rule in &container.restart_policy_rules {
            let listed = rule.exit_codes.values.contains(&code);
            let matches = if rule.exit_codes.operator == "NotIn" {
                !listed
            } else {
                listed
            };
            if matches && matches!(rule.action.as_str(), "Restart" | "RestartAllContainers") {
                return true;
            }
        }
    }
    match effective_policy(profile, spec, index) {
        RestartPolicy::Always => true,
        RestartPolicy::OnFailure => code != 0,
        RestartPolicy::Never => false,
    }
}

/// Whether a container that does not run is to be started (spec/02 §1).
pub fn should_be_restarted(profile: &Profile, pod: &Pod, view: &PodView, index: usize) -> bool {
    if pod.metadata.deletion_timestamp.is_some() {
        return false;
    }
    match view.newest(index) {
        None => true,
        Some(c) => match c.state {
            State::Running => false,
            State::Unknown | State::Created => true,
            State::Exited => restartable_after(profile, &pod.spec, index, i64::from(c.exit_code)),
        },
    }
}

/// A hash of what makes a running container another one: its name and image.
pub fn hash_container(container: &Container) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in container.name.bytes().chain([0]).chain(container.image.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}
