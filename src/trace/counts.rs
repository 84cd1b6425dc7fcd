//! The counts of a workload, as its lane shows them.

use std::rc::Rc;

/// Counts in spec and status of one workload at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Of a Deployment, ReplicaSet, ReplicationController, StatefulSet or DaemonSet.
    Pods {
        /// Pods wanted: `spec.replicas`, or the nodes that should run one.
        desired: u32,
        /// Pods that exist.
        current: u32,
        /// Pods of the newest template; for a ReplicaSet all of them.
        updated: u32,
        /// Ready ones.
        ready: u32,
        /// Available ones.
        available: u32,
    },
    /// Of a Job.
    Job {
        /// The column STATUS: `Running`, `Complete`, `Failed`, `Suspended`, …
        status: Rc<str>,
        /// Successes wanted.
        completions: Option<u32>,
        /// Running Pods.
        active: u32,
        /// Successes so far.
        succeeded: u32,
        /// Failures so far.
        failed: u32,
    },
    /// Of a CronJob.
    CronJob {
        /// No starts for now.
        suspended: bool,
        /// Jobs that run.
        active: u32,
    },
}
