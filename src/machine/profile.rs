//! What differs between versions of Kubernetes, as data. spec/06 §6.

use super::gates::gate;

/// How one version behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// `1.36`
    pub version: &'static str,
    /// A pass that acted without error has its Pod relisted at once (PLEGOnDemandRelist, on from 1.36).
    pub on_demand_relist: bool,
    /// PodReadyToStartContainers turns True as soon as the sandbox stands (from 1.36), else at the next sync.
    pub sandbox_ready_at_once: bool,
    /// A refused crash-loop restart is tried again near the end of its back-off (from 1.35), else every 10–15 s.
    pub retry_near_expiry: bool,
    /// `status.observedGeneration` is kept (from 1.34), so the kubelet answers a deletion mark.
    pub observed_generation: bool,
    /// `Container created` instead of `Created container: x` (from 1.35).
    pub short_container_events: bool,
    /// `… and can be accessed by the pod` behind "already present" (KubeletEnsureSecretPulledImages, on from 1.35).
    pub ensure_secret_pulled_images: bool,
    /// `probe errored and resulted in … state` (from 1.33).
    pub probe_error_state: bool,
    /// Containers may have a restart policy and rules (ContainerRestartRules, on from 1.35).
    pub container_restart_rules: bool,
    /// The readiness trigger rings after the status is stored (most of the time from 1.36), so that the attempt is made.
    pub readiness_trigger_works: bool,
    /// What a probe says while a step stores its status is overwritten by that older status (seen up to 1.32).
    pub step_overwrites_verdict: bool,
    /// "Initialized" for the phase asks the active sandbox, not the API (from 1.33).
    pub initialized_by_sandbox: bool,
    /// Containers older than the kubelet stay ready until their probe workers exist (from 1.35).
    pub keeps_readiness: bool,
    /// CPU and memory of running containers can be changed in place (InPlacePodVerticalScaling, on from 1.33).
    pub in_place_resize: bool,
    /// A failed attempt to schedule also speaks of resource claims (from 1.34).
    pub scheduler_names_claims: bool,
    /// A failed attempt to schedule names the first taint of each node (up to 1.34).
    pub scheduler_names_taints: bool,
    /// PodReadyToStartContainers is among the conditions (PodReadyToStartContainersCondition, on from 1.29).
    pub ready_to_start_condition: bool,
    /// Crash loops begin at 1 s and end at 60 s (ReduceDefaultCrashLoopBackOffDecay, off).
    pub reduced_crash_loop: bool,
    /// A node may have a longest crash-loop delay of its own (KubeletCrashLoopBackOffMax, on from 1.35).
    pub crash_loop_max: bool,
    /// Init containers may be sidecars (SidecarContainers, on from 1.29).
    pub sidecars: bool,
    /// `timeoutSeconds` holds for exec probes, too (ExecProbeTimeout, on from 1.20).
    pub exec_probe_timeout: bool,
    /// `lifecycle.stopSignal` is kept (ContainerStopSignals, off).
    pub stop_signals: bool,
    /// A node that shuts down stops its Pods first (GracefulNodeShutdown, on from 1.21).
    pub graceful_node_shutdown: bool,
    /// One container's exit may start all of them again (RestartAllContainersOnContainerExits, on from 1.36).
    pub restart_all_containers: bool,
    /// Deployments and ReplicaSets count Pods on their way out (DeploymentReplicaSetTerminatingReplicas, on from 1.35).
    pub terminating_replicas: bool,
    /// A suspended Job loses its startTime at once (from 1.36, recorded), and not only when it is resumed.
    pub suspended_job_loses_start: bool,
    /// Rolling updates of StatefulSets may have a `maxUnavailable` (MaxUnavailableStatefulSet, off).
    pub max_unavailable_stateful_set: bool,
}

impl Profile {
    /// Kubernetes 1.36.
    pub const V1_36: Profile = Profile {
        version: "1.36",
        on_demand_relist: true,
        sandbox_ready_at_once: true,
        retry_near_expiry: true,
        observed_generation: true,
        short_container_events: true,
        ensure_secret_pulled_images: true,
        probe_error_state: true,
        container_restart_rules: true,
        readiness_trigger_works: true,
        step_overwrites_verdict: false,
        initialized_by_sandbox: true,
        keeps_readiness: true,
        in_place_resize: true,
        scheduler_names_claims: true,
        scheduler_names_taints: false,
        ready_to_start_condition: true,
        reduced_crash_loop: false,
        crash_loop_max: true,
        sidecars: true,
        exec_probe_timeout: true,
        stop_signals: false,
        graceful_node_shutdown: true,
        restart_all_containers: true,
        terminating_replicas: true,
        suspended_job_loses_start: true,
        max_unavailable_stateful_set: false,
    };

    /// Kubernetes 1.32.
    pub const V1_32: Profile = Profile {
        version: "1.32",
        on_demand_relist: false,
        sandbox_ready_at_once: false,
        retry_near_expiry: false,
        observed_generation: false,
        short_container_events: false,
        ensure_secret_pulled_images: false,
        probe_error_state: false,
        container_restart_rules: false,
        readiness_trigger_works: false,
        step_overwrites_verdict: true,
        initialized_by_sandbox: false,
        keeps_readiness: false,
        in_place_resize: false,
        scheduler_names_claims: false,
        scheduler_names_taints: true,
        ready_to_start_condition: true,
        reduced_crash_loop: false,
        crash_loop_max: false,
        sidecars: true,
        exec_probe_timeout: true,
        stop_signals: false,
        graceful_node_shutdown: true,
        restart_all_containers: false,
        terminating_replicas: false,
        suspended_job_loses_start: false,
        max_unavailable_stateful_set: false,
    };

    /// All profiles, newest first.
    pub const ALL: [Profile; 2] = [Profile::V1_36, Profile::V1_32];

    /// The release that was recorded, `1.36.2`.
    pub fn release(self) -> &'static str {
        match self.version {
            "1.32" => "1.32.10",
            _ => "1.36.2",
        }
    }

    /// The profile of a version such as `1.36` or `v1.36.2`.
    pub fn of(version: &str) -> Option<Profile> {
        let version = version.trim_start_matches('v');
        Profile::ALL.into_iter().find(|p| {
            version
                .strip_prefix(p.version)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// The minor release: 36.
    pub fn minor(&self) -> u8 {
        let minor = self.version.split('.').nth(1);
        minor.and_then(|text| text.parse().ok()).unwrap_or(36)
    }

    /// The profile with these feature gates set. What a release does not have, or has locked, stays as it is.
    pub fn with_gates<'g>(self, gates: impl IntoIterator<Item = (&'g String, &'g bool)>) -> Profile {
        let minor = self.minor();
        gates.into_iter().fold(self, |profile, (name, &on)| {
            let known = gate(name).filter(|gate| gate.since <= minor && !gate.locked_in(minor));
            known.map_or(profile, |gate| profile.with_gate(gate.name, on))
        })
    }

    fn with_gate(mut self, name: &str, on: bool) -> Profile {
        match name {
            // The old behaviour is what the gate brings back.
            "ChangeContainerStatusOnKubeletRestart" => self.keeps_readiness = !on,
            "ContainerRestartRules" => self.container_restart_rules = on,
            "ContainerStopSignals" => self.stop_signals = on,
            "DeploymentReplicaSetTerminatingReplicas" => self.terminating_replicas = on,
            "ExecProbeTimeout" => self.exec_probe_timeout = on,
            "GracefulNodeShutdown" => self.graceful_node_shutdown = on,
            "InPlacePodVerticalScaling" => self.in_place_resize = on,
            "KubeletCrashLoopBackOffMax" => self.crash_loop_max = on,
            "KubeletEnsureSecretPulledImages" => self.ensure_secret_pulled_images = on,
            "MaxUnavailableStatefulSet" => self.max_unavailable_stateful_set = on,
            "PLEGOnDemandRelist" => self.on_demand_relist = on,
            "PodObservedGenerationTracking" => self.observed_generation = on,
            "PodReadyToStartContainersCondition" => self.ready_to_start_condition = on,
            "ReduceDefaultCrashLoopBackOffDecay" => self.reduced_crash_loop = on,
            "RestartAllContainersOnContainerExits" => self.restart_all_containers = on,
            "SidecarContainers" => self.sidecars = on,
            _ => {}
        }
        self
    }
}
