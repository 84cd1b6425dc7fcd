//! The controllers of workloads: who hears of which change, and whose turn it is.

use super::cronjob::CronJobController;
use super::daemonset::DaemonSetController;
use super::deployment::DeploymentController;
use super::garbage_collector::GarbageCollector;
use super::job::JobController;
use super::pvc_protection::ClaimProtection;
use super::replicaset::ReplicaSetController;
use super::statefulset::StatefulSetController;
use super::ttl_after_finished::TtlAfterFinished;
use crate::api::WorkloadKind;
use crate::apiserver::{ApiServer, Change};
use crate::machine::{ControllerId, Cx};

/// All controllers of workloads.
#[derive(Clone, Debug)]
pub struct Controllers {
    deployment: DeploymentController,
    replica_set: ReplicaSetController,
    replication: ReplicaSetController,
    stateful_set: StatefulSetController,
    daemon_set: DaemonSetController,
    job: JobController,
    cron_job: CronJobController,
    ttl: TtlAfterFinished,
    garbage: GarbageCollector,
    claims: ClaimProtection,
}

impl Default for Controllers {
    fn default() -> Self {
        Controllers {
            deployment: DeploymentController::default(),
            replica_set: ReplicaSetController::of(WorkloadKind::ReplicaSet),
            replication: ReplicaSetController::of(WorkloadKind::ReplicationController),
            stateful_set: StatefulSetController::default(),
            daemon_set: DaemonSetController::default(),
            job: JobController::default(),
            cron_job: CronJobController::default(),
            ttl: TtlAfterFinished::default(),
            garbage: GarbageCollector::default(),
            claims: ClaimProtection::default(),
        }
    }
}

impl Controllers {
    /// Tells every controller of the changes since the last time.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, changes: &[Change]) {
        for change in changes {
            self.deployment.observe(cx, api, change);
            self.replica_set.observe(cx, api, change);
            self.replication.observe(cx, api, change);
            self.stateful_set.observe(cx, api, change);
            self.daemon_set.observe(cx, api, change);
            self.job.observe(cx, api, change);
            self.cron_job.observe(cx, api, change);
            self.ttl.observe(cx, change);
            self.garbage.observe(cx, api, change);
            self.claims.observe(cx, api, change);
        }
    }

    /// Lets one controller do what is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer, id: ControllerId) {
        match id {
            ControllerId::Deployment => self.deployment.poll(cx, api),
            ControllerId::ReplicaSet => self.replica_set.poll(cx, api),
            ControllerId::ReplicationController => self.replication.poll(cx, api),
            ControllerId::Garbage => self.garbage.poll(cx, api),
            ControllerId::Claims => self.claims.poll(cx, api),
            ControllerId::StatefulSet => self.stateful_set.poll(cx, api),
            ControllerId::Job => self.job.poll(cx, api),
            ControllerId::CronJob => self.cron_job.poll(cx, api),
            ControllerId::TtlAfterFinished => self.ttl.poll(cx, api),
            ControllerId::DaemonSet => self.daemon_set.poll(cx, api),
        }
    }
}
