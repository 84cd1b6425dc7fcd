//! Twin: pkg/kubelet/container/helpers.go (v1.36.2)
//! Covers: ShouldContainerBeRestarted, ShouldAllContainersRestart, AllContainersRestartCleanedUp, the restart rules of a
//! container, the hash of a container's definition.
//! Left out: -

use crate::api::pod::{Container, RestartPolicy, RestartRule};
use crate::api::{ContainerStatus, Pod, PodSpec, PodStatus};
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
    match matched_action(profile, spec, index, code) {
        Some("Restart") => return true,
        Some(ALL) if profile.restart_all_containers => return true,
        _ => {}
    }
    match effective_policy(profile, spec, index) {
        RestartPolicy::Always => true,
        RestartPolicy::OnFailure => code != 0,
        RestartPolicy::Never => false,
    }
}

/// The action of a restart rule that starts the whole Pod again in place.
const ALL: &str = "RestartAllContainers";

/// The action of the first restart rule of the container at `index` that fits an exit code.
fn matched_action<'a>(profile: &Profile, spec: &'a PodSpec, index: usize, code: i64) -> Option<&'a str> {
    let container = container_at(spec, index).filter(|c| c.restart_policy.is_some())?;
    let fits = |rule: &&RestartRule| {
        let listed = rule.exit_codes.values.contains(&code);
        listed != (rule.exit_codes.operator == "NotIn")
    };
    let rule = container.restart_policy_rules.iter().find(fits)?;
    profile.container_restart_rules.then_some(rule.action.as_str())
}

/// The field that decides whether the container at `index` starts again after it ended with `code`, and whether it is
/// one of the container itself and not of the Pod.
pub fn restart_field(profile: &Profile, spec: &PodSpec, index: usize, code: i64) -> (bool, &'static str) {
    if matched_action(profile, spec, index, code).is_some() {
        return (true, "restartPolicyRules");
    }
    let own = container_at(spec, index).is_some_and(|c| c.restart_policy.is_some());
    (
        own && (is_sidecar(spec, index) || profile.container_restart_rules),
        "restartPolicy",
    )
}

/// Whether an end of the container at `index` with `code` starts all containers again.
pub fn restarts_all(profile: &Profile, spec: &PodSpec, index: usize, code: i64) -> bool {
    profile.restart_all_containers && matched_action(profile, spec, index, code) == Some(ALL)
}

/// Whether some container of the Pod has a rule that starts all of them again.
pub fn may_restart_all(profile: &Profile, spec: &PodSpec) -> bool {
    let has = |c: &Container| c.restart_policy_rules.iter().any(|rule| rule.action == ALL);
    profile.restart_all_containers && spec.init_containers.iter().chain(&spec.containers).any(has)
}

/// Whether all containers of the Pod are to start again: its condition says so already, or a container ended with a code
/// that has such a rule (spec/02 §1.1).
pub fn should_all_restart(profile: &Profile, spec: &PodSpec, view: &PodView, status: &PodStatus) -> bool {
    if !may_restart_all(profile, spec) {
        return false;
    }
    let under_way = status
        .conditions
        .iter()
        .any(|c| &*c.kind == super::generate::ALL_RESTARTING && &*c.status == "True");
    let ended = |index: usize, status: &ContainerStatus| {
        let code = status.state.terminated.as_ref().map(|t| t.exit_code);
        code.is_some_and(|code| restarts_all(profile, spec, index, code))
    };
    let by_name = |c: &ContainerStatus| all_containers(spec).position(|x| x.name == c.name);
    let said = status.init_container_statuses.iter().chain(&status.container_statuses);
    under_way
        || said
            .filter_map(|c| Some((by_name(c)?, c)))
            .any(|(index, c)| ended(index, c))
        || (0..spec.init_containers.len() + spec.containers.len()).any(|index| {
            view.newest(index)
                .is_some_and(|c| c.state == State::Exited && restarts_all(profile, spec, index, i64::from(c.exit_code)))
        })
}

/// Whether no init or regular container is left in the runtime.
pub fn all_removed(spec: &PodSpec, view: &PodView) -> bool {
    let count = spec.init_containers.len() + spec.containers.len();
    !view.containers.iter().any(|c| c.index < count)
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
