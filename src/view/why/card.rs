//! The card of each rule: its name, the Kubernetes file that is its source, and where the documentation tells of it.

use crate::trace::{ProbeKind, Rule};

/// What is known about a rule apart from its sentence. The same in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// Stable name, in kebab case.
    pub name: &'static str,
    /// Path in the Kubernetes source tree of what decides it; empty for what only the scenario decides.
    pub twin: &'static str,
    /// Path below the documentation's address; empty when no page tells of it.
    docs: &'static str,
}

impl Card {
    /// Address of the documentation, as text.
    pub fn url(&self) -> Option<String> {
        (!self.docs.is_empty()).then(|| format!("https://kubernetes.io/docs/{}", self.docs))
    }
}

/// The card of a rule.
pub fn card(rule: &Rule) -> Card {
    let (name, twin, docs) = match rule {
        Rule::Step => ("step", "", ""),
        Rule::ApiServerStored => (
            "api-server-stored",
            "pkg/registry/core/pod/strategy.go",
            "concepts/overview/kubernetes-api/",
        ),
        Rule::SchedulerBound => (
            "scheduler-bound",
            "pkg/scheduler/schedule_one.go",
            "concepts/scheduling-eviction/kube-scheduler/",
        ),
        Rule::SchedulerNoFit => (
            "scheduler-no-fit",
            "pkg/scheduler/schedule_one.go",
            "concepts/scheduling-eviction/kube-scheduler/",
        ),
        Rule::StatusPublished => (
            "status-published",
            "pkg/kubelet/status/status_manager.go",
            "concepts/workloads/pods/pod-lifecycle/#pod-conditions",
        ),
        Rule::VolumesWaited => (
            "volumes-waited",
            "pkg/kubelet/volumemanager/volume_manager.go",
            "concepts/storage/volumes/",
        ),
        Rule::SandboxCreated => (
            "sandbox-created",
            "pkg/kubelet/kuberuntime/kuberuntime_sandbox.go",
            "concepts/workloads/pods/pod-lifecycle/#pod-conditions",
        ),
        Rule::ImagePulled => (
            "image-pulled",
            "pkg/kubelet/images/image_manager.go",
            "concepts/containers/images/#image-pull-policy",
        ),
        Rule::ImagePullFailed { .. } => (
            "image-pull-failed",
            "pkg/kubelet/images/image_manager.go",
            "concepts/containers/images/#imagepullbackoff",
        ),
        Rule::ContainerStarted => (
            "container-started",
            "pkg/kubelet/kuberuntime/kuberuntime_manager.go",
            "concepts/workloads/pods/pod-lifecycle/#container-states",
        ),
        Rule::ProcessExited => (
            "process-exited",
            "",
            "concepts/workloads/pods/pod-lifecycle/#container-state-terminated",
        ),
        Rule::RelistSaw => ("relist-saw", "pkg/kubelet/pleg/generic.go", ""),
        Rule::RestartFree => (
            "restart-free",
            "pkg/kubelet/kuberuntime/kuberuntime_manager.go",
            "concepts/workloads/pods/pod-lifecycle/#container-restarts",
        ),
        Rule::RestartAfterBackoff { .. } => (
            "restart-after-backoff",
            "pkg/kubelet/kuberuntime/kuberuntime_manager.go",
            "concepts/workloads/pods/pod-lifecycle/#container-restarts",
        ),
        Rule::BackoffRefused { .. } => (
            "backoff-refused",
            "pkg/kubelet/kuberuntime/kuberuntime_manager.go",
            "concepts/workloads/pods/pod-lifecycle/#container-restarts",
        ),
        Rule::RestartPolicyStays => (
            "restart-policy-stays",
            "pkg/kubelet/container/helpers.go",
            "concepts/workloads/pods/pod-lifecycle/#restart-policy",
        ),
        Rule::ProbeTick { .. } => (
            "probe-tick",
            "pkg/kubelet/prober/worker.go",
            "tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes",
        ),
        Rule::ProbeThreshold { .. } => (
            "probe-threshold",
            "pkg/kubelet/prober/worker.go",
            "tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes",
        ),
        Rule::ProbeKill {
            kind: ProbeKind::Startup,
        } => (
            "startup-probe-kill",
            "pkg/kubelet/kuberuntime/kuberuntime_manager.go",
            "concepts/workloads/pods/pod-lifecycle/#container-probes",
        ),
        Rule::ProbeKill { .. } => (
            "liveness-probe-kill",
            "pkg/kubelet/kuberuntime/kuberuntime_manager.go",
            "concepts/workloads/pods/pod-lifecycle/#container-probes",
        ),
        Rule::HookRan => (
            "hook-ran",
            "pkg/kubelet/lifecycle/handlers.go",
            "concepts/containers/container-lifecycle-hooks/#container-hooks",
        ),
        Rule::PostStartFailed => (
            "post-start-failed",
            "pkg/kubelet/kuberuntime/kuberuntime_container.go",
            "concepts/containers/container-lifecycle-hooks/#container-hooks",
        ),
        Rule::GraceStarted { .. } => (
            "grace-started",
            "pkg/kubelet/kuberuntime/kuberuntime_container.go",
            "concepts/workloads/pods/pod-lifecycle/#pod-termination",
        ),
        Rule::GraceOver { .. } => (
            "grace-over",
            "pkg/kubelet/kuberuntime/kuberuntime_container.go",
            "concepts/workloads/pods/pod-lifecycle/#pod-termination",
        ),
        Rule::SidecarOrder => (
            "sidecar-order",
            "pkg/kubelet/kuberuntime/kuberuntime_termination_order.go",
            "concepts/workloads/pods/sidecar-containers/#sidecar-containers-and-pod-lifecycle",
        ),
        Rule::DeletionMarked { .. } => (
            "deletion-marked",
            "pkg/registry/core/pod/strategy.go",
            "concepts/workloads/pods/pod-lifecycle/#pod-termination",
        ),
        Rule::DeletionFinished => (
            "deletion-finished",
            "pkg/kubelet/status/status_manager.go",
            "concepts/workloads/pods/pod-lifecycle/#pod-termination",
        ),
        Rule::PodFinished => (
            "pod-finished",
            "pkg/kubelet/pod_workers.go",
            "concepts/workloads/pods/pod-lifecycle/#pod-phase",
        ),
        Rule::DeadlineExceeded => (
            "deadline-exceeded",
            "pkg/kubelet/active_deadline.go",
            "reference/kubernetes-api/workload-resources/pod-v1/#PodSpec",
        ),
        Rule::OutOfMemory => (
            "out-of-memory",
            "",
            "tasks/configure-pod-container/assign-memory-resource/#exceed-a-container-s-memory-limit",
        ),
        Rule::StartFailed => (
            "start-failed",
            "pkg/kubelet/kuberuntime/kuberuntime_container.go",
            "concepts/workloads/pods/pod-lifecycle/#container-state-waiting",
        ),
        Rule::ConfigMissing => (
            "config-missing",
            "pkg/kubelet/kuberuntime/kuberuntime_container.go",
            "concepts/workloads/pods/pod-lifecycle/#container-state-waiting",
        ),
        Rule::EventRecorded => (
            "event-recorded",
            "staging/src/k8s.io/client-go/tools/record/events_cache.go",
            "reference/kubernetes-api/cluster-resources/event-v1/",
        ),
        Rule::EndpointsFollow => (
            "endpoints-follow",
            "staging/src/k8s.io/endpointslice/utils.go",
            "concepts/services-networking/endpoint-slices/#conditions",
        ),
        Rule::Fault => ("fault", "", ""),
    };
    Card { name, twin, docs }
}
