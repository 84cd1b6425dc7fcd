//! Statuses of workloads, as their controllers write them.

use std::rc::Rc;

use crate::api::meta::Time;

/// A condition of a workload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// `Progressing`, `Available`, `Complete`, …
    pub kind: Rc<str>,
    /// `True`, `False`, `Unknown`.
    pub status: Rc<str>,
    /// For programs.
    pub reason: Rc<str>,
    /// For people.
    pub message: Rc<str>,
    /// When it was last confirmed (Deployment).
    pub last_update_time: Option<Time>,
    /// When it was last looked at (Job).
    pub last_probe_time: Option<Time>,
    /// When its status last changed.
    pub last_transition_time: Option<Time>,
}

/// `status` of a Deployment. Counts of 0 are left out when shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeploymentStatus {
    /// Generation that this status answers.
    pub observed_generation: i64,
    /// Pods of all its ReplicaSets.
    pub replicas: i64,
    /// Pods of the newest template.
    pub updated_replicas: i64,
    /// Ready ones.
    pub ready_replicas: i64,
    /// Ready ones that have been so for `minReadySeconds`.
    pub available_replicas: i64,
    /// What is missing to the Pods its ReplicaSets ask for.
    pub unavailable_replicas: i64,
    /// Pods on their way out; missing when the gate is off.
    pub terminating_replicas: Option<i64>,
    /// Names of ReplicaSets that were taken.
    pub collision_count: Option<i64>,
    /// `Available`, `Progressing`, `ReplicaFailure`.
    pub conditions: Vec<Condition>,
}

/// `status` of a ReplicaSet or ReplicationController.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplicaSetStatus {
    /// Active Pods; shown also when 0.
    pub replicas: i64,
    /// Those that have all labels of the template.
    pub fully_labeled_replicas: i64,
    /// Ready ones.
    pub ready_replicas: i64,
    /// Ready ones that have been so for `minReadySeconds`.
    pub available_replicas: i64,
    /// Pods on their way out; missing when the gate is off.
    pub terminating_replicas: Option<i64>,
    /// Generation that this status answers.
    pub observed_generation: i64,
    /// `ReplicaFailure`.
    pub conditions: Vec<Condition>,
}

/// `status` of a StatefulSet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatefulSetStatus {
    /// Generation that this status answers.
    pub observed_generation: i64,
    /// Pods that exist; shown also when 0.
    pub replicas: i64,
    /// Ready ones.
    pub ready_replicas: i64,
    /// Pods of the current revision.
    pub current_replicas: i64,
    /// Pods of the update revision.
    pub updated_replicas: i64,
    /// Ready ones that have been so for `minReadySeconds`; shown also when 0.
    pub available_replicas: i64,
    /// Name of the current revision.
    pub current_revision: Rc<str>,
    /// Name of the revision that is rolled out.
    pub update_revision: Rc<str>,
    /// Names of revisions that were taken.
    pub collision_count: Option<i64>,
    /// None is ever written by the controller.
    pub conditions: Vec<Condition>,
}

/// `status` of a DaemonSet. The first four are shown also when 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaemonSetStatus {
    /// Nodes that run a Pod and should.
    pub current_number_scheduled: i64,
    /// Nodes that run a Pod and should not.
    pub number_misscheduled: i64,
    /// Nodes that should run a Pod.
    pub desired_number_scheduled: i64,
    /// Nodes whose Pod is ready.
    pub number_ready: i64,
    /// Generation that this status answers.
    pub observed_generation: i64,
    /// Nodes whose Pod has the newest template.
    pub updated_number_scheduled: i64,
    /// Nodes whose Pod is available.
    pub number_available: i64,
    /// Nodes whose Pod is not.
    pub number_unavailable: i64,
    /// Names of revisions that were taken.
    pub collision_count: Option<i64>,
}

/// Pods of a Job that have ended and are not in its counts yet, by uid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uncounted {
    /// Succeeded ones.
    pub succeeded: Vec<Rc<str>>,
    /// Failed ones.
    pub failed: Vec<Rc<str>>,
}

/// `status` of a Job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobStatus {
    /// `Suspended`, `SuccessCriteriaMet`, `FailureTarget`, `Complete`, `Failed`.
    pub conditions: Vec<Condition>,
    /// First sight by the controller; empty while suspended.
    pub start_time: Option<Time>,
    /// When it was complete.
    pub completion_time: Option<Time>,
    /// Pods that neither ended nor are being deleted.
    pub active: i64,
    /// Pods that succeeded.
    pub succeeded: i64,
    /// Pods that failed.
    pub failed: i64,
    /// Pods on their way out.
    pub terminating: Option<i64>,
    /// Indexes that succeeded: `0-2,5`.
    pub completed_indexes: Rc<str>,
    /// Indexes that failed.
    pub failed_indexes: Option<Rc<str>>,
    /// Pods that have ended and are not counted yet; shown, also when empty, once the Job was seen.
    pub uncounted_terminated_pods: Option<Uncounted>,
    /// Active Pods that are ready.
    pub ready: Option<i64>,
}

/// A reference to another object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectReference {
    /// `batch/v1`.
    pub api_version: &'static str,
    /// `Job`.
    pub kind: &'static str,
    /// Namespace.
    pub namespace: Rc<str>,
    /// Name.
    pub name: Rc<str>,
    /// Uid.
    pub uid: Rc<str>,
}

/// `status` of a CronJob.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CronJobStatus {
    /// Jobs that run.
    pub active: Vec<ObjectReference>,
    /// Scheduled time of the last start.
    pub last_schedule_time: Option<Time>,
    /// When a Job last completed.
    pub last_successful_time: Option<Time>,
}
