//! The card of each rule: its name, the Kubernetes file that is its source, and where the documentation tells of it.

use crate::trace::{ProbeKind, Rule, What};

/// What is known about a rule apart from its sentence. The same in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// Stable name, in kebab case.
    pub name: &'static str,
    /// Path in the Kubernetes source tree of what decides it, or of what takes it up when the world decides.
    pub twin: &'static str,
    /// Path below the documentation's address.
    docs: &'static str,
}

impl Card {
    /// Address of the documentation, as text.
    pub fn url(&self) -> String {
        self.url_of(&What::Volumes)
    }

    /// The same for an entry: a status that was published is explained where its phase, its condition or its word is.
    pub fn url_of(&self, what: &What) -> String {
        const PODS: &str = "concepts/workloads/pods/";
        let (folder, docs) = match what {
            _ if self.name != "status-published" => ("", self.docs),
            What::Phase(_) => (PODS, "pod-lifecycle/#pod-phase"),
            What::Condition { .. } => (PODS, "pod-lifecycle/#pod-conditions"),
            What::Status { status, .. } => match &**status {
                "CrashLoopBackOff" => (PODS, "pod-lifecycle/#container-restarts"),
                "Completed" | "OOMKilled" | "Error" => (PODS, "pod-lifecycle/#container-state-terminated"),
                "Terminating" => (PODS, "pod-lifecycle/#pod-termination"),
                "Pending" => (PODS, "pod-lifecycle/#pod-phase"),
                "Running" | "NotReady" => (PODS, "pod-lifecycle/#container-state-running"),
                "RestartingAllContainers" => (PODS, "pod-lifecycle/#restart-all-containers"),
                "ImagePullBackOff" | "ErrImagePull" => ("concepts/containers/", "images/#imagepullbackoff"),
                "ErrImageNeverPull" => ("concepts/containers/", "images/#image-pull-policy"),
                text if text.starts_with("Init:") => (PODS, "init-containers/"),
                _ => (PODS, "pod-lifecycle/#container-state-waiting"),
            },
            _ => ("", self.docs),
        };
        format!("https://kubernetes.io/docs/{folder}{docs}")
    }
}

/// The card of a rule.
pub fn card(rule: &Rule) -> Card {
    let (name, twin, docs) = match rule {
        Rule::Step => (
            "step",
            "staging/src/k8s.io/kubectl/pkg/cmd/cmd.go",
            "reference/kubectl/",
        ),
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
            "concepts/workloads/pods/pod-lifecycle/#pod-has-network",
        ),
        Rule::SandboxChanged => (
            "sandbox-changed",
            "pkg/kubelet/kuberuntime/util/util.go",
            "concepts/workloads/pods/init-containers/#pod-restart-reasons",
        ),
        Rule::ImagePulled { .. } => (
            "image-pulled",
            "pkg/kubelet/images/image_manager.go",
            "concepts/containers/images/#image-pull-policy",
        ),
        Rule::ImagePullFailed { .. } => (
            "image-pull-failed",
            "pkg/kubelet/images/image_manager.go",
            "concepts/containers/images/#imagepullbackoff",
        ),
        Rule::ImagePullRefused { .. } => (
            "image-pull-refused",
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
            "pkg/kubelet/kuberuntime/kuberuntime_container.go",
            "concepts/workloads/pods/pod-lifecycle/#container-state-terminated",
        ),
        Rule::RelistSaw { .. } => (
            "relist-saw",
            "pkg/kubelet/pleg/generic.go",
            "concepts/workloads/pods/pod-lifecycle/#container-states",
        ),
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
        Rule::RestartPolicyStays { .. } => (
            "restart-policy-stays",
            "pkg/kubelet/container/helpers.go",
            "concepts/workloads/pods/pod-lifecycle/#restart-policy",
        ),
        Rule::AllContainersRestart => (
            "all-containers-restart",
            "pkg/kubelet/kuberuntime/kuberuntime_manager.go",
            "concepts/workloads/pods/pod-lifecycle/#restart-all-containers",
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
        Rule::DeadlineExceeded { .. } => (
            "deadline-exceeded",
            "pkg/kubelet/active_deadline.go",
            "reference/kubernetes-api/workload-resources/pod-v1/#PodSpec",
        ),
        Rule::NodeSilent { .. } => (
            "node-silent",
            "pkg/controller/nodelifecycle/node_lifecycle_controller.go",
            "concepts/architecture/nodes/#node-controller",
        ),
        Rule::TaintEvicted { .. } => (
            "taint-evicted",
            "pkg/controller/tainteviction/taint_eviction.go",
            "concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions",
        ),
        Rule::OutOfMemory => (
            "out-of-memory",
            "pkg/kubelet/kuberuntime/kuberuntime_container_linux.go",
            "tasks/configure-pod-container/assign-memory-resource/#exceed-a-container-s-memory-limit",
        ),
        Rule::StartFailed => (
            "start-failed",
            "pkg/kubelet/kuberuntime/kuberuntime_container.go",
            "concepts/workloads/pods/pod-lifecycle/#container-state-terminated",
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
        Rule::KubeletRejected => (
            "kubelet-rejected",
            "pkg/kubelet/lifecycle/predicate.go",
            "concepts/workloads/pods/pod-lifecycle/#pod-phase",
        ),
        Rule::NodePressure => (
            "node-pressure",
            "pkg/kubelet/eviction/eviction_manager.go",
            "concepts/scheduling-eviction/node-pressure-eviction/",
        ),
        Rule::MirrorStored => (
            "mirror-stored",
            "pkg/kubelet/pod/mirror_client.go",
            "tasks/configure-pod-container/static-pod/",
        ),
        Rule::CriticalPodRoom => (
            "critical-pod-room",
            "pkg/kubelet/preemption/preemption.go",
            "tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/",
        ),
        Rule::NodeShutdown => (
            "node-shutdown",
            "pkg/kubelet/nodeshutdown/nodeshutdown_manager.go",
            "concepts/cluster-administration/node-shutdown/#graceful-node-shutdown",
        ),
        Rule::PodGc => (
            "pod-gc",
            "pkg/controller/podgc/gc_controller.go",
            "concepts/workloads/pods/pod-lifecycle/#pod-garbage-collection",
        ),
        Rule::Fault => (
            "fault",
            "pkg/kubelet/kubelet.go",
            "concepts/architecture/nodes/#node-status",
        ),
        Rule::Deployment(_)
        | Rule::ReplicaSet(_)
        | Rule::StatefulSet(_)
        | Rule::DaemonSet(_)
        | Rule::Job(_)
        | Rule::CronJob(_)
        | Rule::Garbage(_) => super::workload_card::card(rule),
    };
    Card { name, twin, docs }
}
