//! Defaults of fields, for people. Those that depend on other fields say on which.

/// What a field is when it is left out; empty when that is nothing.
pub(super) fn default_of(ty: &str, field: &str) -> &'static str {
    match (ty, field) {
        ("PodSpec", "restartPolicy") => "Always",
        ("PodSpec", "terminationGracePeriodSeconds") => "30",
        ("PodSpec", "dnsPolicy") => "ClusterFirst",
        ("PodSpec", "schedulerName") => "default-scheduler",
        ("PodSpec", "enableServiceLinks") => "true",
        ("PodSpec", "serviceAccountName") => "default",
        ("Container", "terminationMessagePath") => "/dev/termination-log",
        ("Container", "terminationMessagePolicy") => "File",
        ("Container", "imagePullPolicy") => "Always for the tag latest, else IfNotPresent",
        ("ContainerPort" | "ServicePort", "protocol") => "TCP",
        ("Probe", "timeoutSeconds" | "successThreshold") => "1",
        ("Probe", "periodSeconds") => "10",
        ("Probe", "failureThreshold") => "3",
        ("Probe", "initialDelaySeconds") => "0",
        ("HTTPGetAction", "path") => "/",
        ("HTTPGetAction", "scheme") => "HTTP",
        ("ServiceSpec", "type") => "ClusterIP",
        ("ServiceSpec", "sessionAffinity") => "None",
        ("ScenarioSpec", "kubernetes") => "1.36",
        ("ScenarioSpec", "seed") => "0",
        ("ScenarioSpec", "start") => "2026-01-01T00:00:00Z",
        ("HttpRule", "status") => "200",
        ("Workload", "pod" | "container") | ("HttpRule", "path") => "*",
        _ => workload_of(ty, field),
    }
}

/// Defaults of kinds that own Pods, and of what they hold.
fn workload_of(ty: &str, field: &str) -> &'static str {
    match (ty, field) {
        ("DeploymentSpec" | "ReplicaSetSpec" | "StatefulSetSpec" | "ReplicationControllerSpec", "replicas") => "1",
        (
            "DeploymentSpec" | "ReplicaSetSpec" | "StatefulSetSpec" | "DaemonSetSpec" | "ReplicationControllerSpec",
            "minReadySeconds",
        ) => "0",
        ("DeploymentSpec", "progressDeadlineSeconds") => "600",
        ("DeploymentSpec", "paused") | ("JobSpec" | "CronJobSpec", "suspend") | ("JobSpec", "manualSelector") => {
            "false"
        }
        ("DeploymentSpec" | "StatefulSetSpec" | "DaemonSetSpec", "revisionHistoryLimit") => "10",
        ("DeploymentStrategy" | "StatefulSetUpdateStrategy" | "DaemonSetUpdateStrategy", "type") => "RollingUpdate",
        ("RollingUpdateDeployment", _) => "25%",
        ("RollingUpdateDaemonSet", "maxUnavailable") => "1",
        ("RollingUpdateDaemonSet", "maxSurge")
        | ("RollingUpdateStatefulSetStrategy", "partition")
        | ("StatefulSetOrdinals", "start") => "0",
        ("StatefulSetSpec", "podManagementPolicy") => "OrderedReady",
        ("StatefulSetPersistentVolumeClaimRetentionPolicy", _) => "Retain",
        ("ReplicationControllerSpec", "selector") => "the labels of the template",
        ("JobSpec", "backoffLimit") => "6, or 2147483647 with backoffLimitPerIndex",
        ("JobSpec", "parallelism") => "1",
        ("JobSpec", "completions") => "1 when parallelism is left out too",
        ("JobSpec", "completionMode") => "NonIndexed",
        ("JobSpec", "podReplacementPolicy") => "TerminatingOrFailed, or Failed with a podFailurePolicy",
        ("PodFailurePolicyOnPodConditionsPattern", "status") => "True",
        ("CronJobSpec", "concurrencyPolicy") => "Allow",
        ("CronJobSpec", "timeZone") => "UTC",
        ("CronJobSpec", "successfulJobsHistoryLimit") => "3",
        ("CronJobSpec", "failedJobsHistoryLimit") => "1",
        ("PersistentVolumeClaimSpec", "volumeMode") => "Filesystem",
        _ => "",
    }
}
