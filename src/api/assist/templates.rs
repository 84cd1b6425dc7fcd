//! Manifests to start from: whole documents, each of which checks clean and runs.

/// A manifest to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// What it is: `Deployment`, `Pod with probes`.
    pub title: &'static str,
    /// Its text, which ends with a line break.
    pub text: &'static str,
}

macro_rules! templates {
    ($($title:literal: $file:literal,)*) => {
        [$(Template { title: $title, text: include_str!(concat!("templates/", $file, ".yaml")) }),*]
    };
}

/// All of them, those that are wanted most first.
pub const TEMPLATES: [Template; 14] = templates! {
    "Deployment": "deployment",
    "Deployment with a Service": "deployment-with-service",
    "Pod": "pod",
    "Pod with probes": "pod-with-probes",
    "Pod with a sidecar": "pod-with-sidecar",
    "Job": "job",
    "Job, Indexed": "job-indexed",
    "CronJob": "cronjob",
    "StatefulSet": "statefulset",
    "DaemonSet": "daemonset",
    "ReplicaSet": "replicaset",
    "ReplicationController": "replicationcontroller",
    "Service": "service",
    "Scenario": "scenario",
};
