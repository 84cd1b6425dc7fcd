//! Cards of the rules of controllers.

use crate::trace::{
    CronJobRule, DaemonSetRule, DeploymentRule, GarbageRule, JobRule, ReplicaSetRule, Rule, StatefulSetRule,
};

const DEPLOYMENT: &str = "concepts/workloads/controllers/deployment/";
const GARBAGE: &str = "concepts/architecture/garbage-collection/";

/// Name, Kubernetes file and page of the documentation of a controller's rule.
pub fn card(rule: &Rule) -> (&'static str, &'static str, &'static str) {
    match rule {
        Rule::Deployment(rule) => deployment(rule),
        Rule::ReplicaSet(rule) => replica_set(rule),
        Rule::StatefulSet(rule) => stateful_set(rule),
        Rule::DaemonSet(rule) => daemon_set(rule),
        Rule::Job(rule) => job(rule),
        Rule::CronJob(rule) => cron_job(rule),
        Rule::Garbage(rule) => garbage(*rule),
        _ => ("", "", ""),
    }
}

fn deployment(rule: &DeploymentRule) -> (&'static str, &'static str, &'static str) {
    const SYNC: &str = "pkg/controller/deployment/sync.go";
    const ROLLING: &str = "pkg/controller/deployment/rolling.go";
    const RECREATE: &str = "pkg/controller/deployment/recreate.go";
    const PROGRESS: &str = "pkg/controller/deployment/progress.go";
    match rule {
        DeploymentRule::NewReplicaSet { .. } => ("deployment-new-replica-set", SYNC, DEPLOYMENT),
        DeploymentRule::ReusedReplicaSet { .. } => ("deployment-reused-replica-set", SYNC, DEPLOYMENT),
        DeploymentRule::ScaledUp { .. } => ("deployment-scaled-up", ROLLING, DEPLOYMENT),
        DeploymentRule::ScaledDownUnhealthy { .. } => ("deployment-scaled-down-unhealthy", ROLLING, DEPLOYMENT),
        DeploymentRule::ScaledDown { .. } => ("deployment-scaled-down", ROLLING, DEPLOYMENT),
        DeploymentRule::RecreateDown => ("deployment-recreate-down", RECREATE, DEPLOYMENT),
        DeploymentRule::RecreateUp => ("deployment-recreate-up", RECREATE, DEPLOYMENT),
        DeploymentRule::ScaledTo { .. } => ("deployment-scaled-to", SYNC, DEPLOYMENT),
        DeploymentRule::Saturated => ("deployment-saturated", SYNC, DEPLOYMENT),
        DeploymentRule::ScaledInProportion { .. } => ("deployment-scaled-in-proportion", SYNC, DEPLOYMENT),
        DeploymentRule::Status => ("deployment-status", SYNC, DEPLOYMENT),
        DeploymentRule::Available { .. } => ("deployment-available", SYNC, DEPLOYMENT),
        DeploymentRule::Progress => ("deployment-progress", PROGRESS, DEPLOYMENT),
        DeploymentRule::DeadlineExceeded { .. } => ("deployment-deadline-exceeded", PROGRESS, DEPLOYMENT),
        DeploymentRule::Paused { .. } => ("deployment-paused", SYNC, DEPLOYMENT),
        DeploymentRule::HistoryLimit { .. } => ("deployment-history-limit", SYNC, DEPLOYMENT),
    }
}

fn daemon_set(rule: &DaemonSetRule) -> (&'static str, &'static str, &'static str) {
    const FILE: &str = "pkg/controller/daemon/daemon_controller.go";
    const UPDATE: &str = "pkg/controller/daemon/update.go";
    const REF: &str = "pkg/controller/controller_ref_manager.go";
    const DOCS: &str = "concepts/workloads/controllers/daemonset/";
    const ROLLING: &str = "tasks/manage-daemon/update-daemon-set/";
    const BACK: &str = "tasks/manage-daemon/rollback-daemon-set/";
    match rule {
        DaemonSetRule::NodesWithoutPod { .. } => ("daemon-set-nodes-without-pod", FILE, DOCS),
        DaemonSetRule::NodeUnfit => ("daemon-set-node-unfit", FILE, DOCS),
        DaemonSetRule::NodeTainted => ("daemon-set-node-tainted", FILE, DOCS),
        DaemonSetRule::NodeMissing => ("daemon-set-node-missing", FILE, DOCS),
        DaemonSetRule::PodFailed { .. } => ("daemon-set-pod-failed", FILE, DOCS),
        DaemonSetRule::PodFailedAgain { .. } => ("daemon-set-pod-failed-again", FILE, DOCS),
        DaemonSetRule::PodSucceeded => ("daemon-set-pod-succeeded", FILE, DOCS),
        DaemonSetRule::SecondPod => ("daemon-set-second-pod", FILE, DOCS),
        DaemonSetRule::CreateFailed { .. } => ("daemon-set-create-failed", FILE, DOCS),
        DaemonSetRule::NewRevision { .. } => ("daemon-set-new-revision", UPDATE, BACK),
        DaemonSetRule::ReusedRevision { .. } => ("daemon-set-reused-revision", UPDATE, BACK),
        DaemonSetRule::HistoryLimit { .. } => ("daemon-set-history-limit", UPDATE, BACK),
        DaemonSetRule::Replaced { .. } => ("daemon-set-replaced", UPDATE, ROLLING),
        DaemonSetRule::ReplacedUnavailable => ("daemon-set-replaced-unavailable", UPDATE, ROLLING),
        DaemonSetRule::Surged { .. } => ("daemon-set-surged", UPDATE, ROLLING),
        DaemonSetRule::SurgedUnavailable => ("daemon-set-surged-unavailable", UPDATE, ROLLING),
        DaemonSetRule::SurgeDone => ("daemon-set-surge-done", UPDATE, ROLLING),
        DaemonSetRule::OldNotReady => ("daemon-set-old-not-ready", FILE, ROLLING),
        DaemonSetRule::Moved { .. } => ("daemon-set-moved", UPDATE, ROLLING),
        DaemonSetRule::Status => ("daemon-set-status", FILE, DOCS),
        DaemonSetRule::Adopted => ("daemon-set-adopted", REF, DOCS),
        DaemonSetRule::Released => ("daemon-set-released", REF, DOCS),
    }
}

fn replica_set(rule: &ReplicaSetRule) -> (&'static str, &'static str, &'static str) {
    const FILE: &str = "pkg/controller/replicaset/replica_set.go";
    const REF: &str = "pkg/controller/controller_ref_manager.go";
    const DOCS: &str = "concepts/workloads/controllers/replicaset/";
    match rule {
        ReplicaSetRule::TooFew { .. } => ("replica-set-too-few", FILE, DOCS),
        ReplicaSetRule::TooMany { .. } => ("replica-set-too-many", "pkg/controller/controller_utils.go", DOCS),
        ReplicaSetRule::CreateFailed { .. } => ("replica-set-create-failed", FILE, DOCS),
        ReplicaSetRule::Status => (
            "replica-set-status",
            "pkg/controller/replicaset/replica_set_utils.go",
            DOCS,
        ),
        ReplicaSetRule::Adopted => ("replica-set-adopted", REF, DOCS),
        ReplicaSetRule::Released => ("replica-set-released", REF, DOCS),
    }
}

fn job(rule: &JobRule) -> (&'static str, &'static str, &'static str) {
    const FILE: &str = "pkg/controller/job/job_controller.go";
    const BACKOFF: &str = "pkg/controller/job/backoff_utils.go";
    const INDEXES: &str = "pkg/controller/job/indexed_job_utils.go";
    const DOCS: &str = "concepts/workloads/controllers/job/";
    const PER_INDEX: &str = "concepts/workloads/controllers/job/#backoff-limit-per-index";
    const ENDING: &str = "concepts/workloads/controllers/job/#job-termination-and-cleanup";
    const FAILURES: &str = "concepts/workloads/controllers/job/#pod-backoff-failure-policy";
    const SUSPENDING: &str = "concepts/workloads/controllers/job/#suspending-a-job";
    const TRACKING: &str = "concepts/workloads/controllers/job/#job-tracking-with-finalizers";
    match rule {
        JobRule::Status => ("job-status", FILE, DOCS),
        JobRule::TooFew { .. } => ("job-too-few", FILE, DOCS),
        JobRule::TooMany { .. } => ("job-too-many", FILE, DOCS),
        JobRule::WrongIndex => ("job-wrong-index", INDEXES, DOCS),
        JobRule::Suspended { .. } => ("job-suspended", FILE, SUSPENDING),
        JobRule::Backoff { .. } => ("job-backoff", BACKOFF, FAILURES),
        JobRule::IndexBackoff { .. } => ("job-index-backoff", BACKOFF, PER_INDEX),
        JobRule::CreateFailed { .. } => ("job-create-failed", FILE, DOCS),
        JobRule::Counted { .. } => ("job-counted", FILE, TRACKING),
        JobRule::Policy { .. } => (
            "job-pod-failure-policy",
            "pkg/controller/job/pod_failure_policy.go",
            "concepts/workloads/controllers/job/#pod-failure-policy",
        ),
        JobRule::Succeeded { .. } => ("job-succeeded", FILE, DOCS),
        JobRule::SuccessPolicy { .. } => (
            "job-success-policy",
            "pkg/controller/job/success_policy.go",
            "concepts/workloads/controllers/job/#success-policy",
        ),
        JobRule::BackoffLimit { .. } => ("job-backoff-limit", FILE, FAILURES),
        JobRule::RestartLimit { .. } => ("job-restart-limit", FILE, FAILURES),
        JobRule::Deadline { .. } => ("job-deadline", FILE, ENDING),
        JobRule::FailedIndexes { .. } => ("job-failed-indexes", FILE, PER_INDEX),
        JobRule::MaxFailedIndexes { .. } => ("job-max-failed-indexes", FILE, PER_INDEX),
        JobRule::Ending => ("job-ending", FILE, ENDING),
        JobRule::Ended { .. } => ("job-ended", FILE, ENDING),
        JobRule::Adopted => ("job-adopted", "pkg/controller/controller_ref_manager.go", DOCS),
        JobRule::Released => ("job-released", "pkg/controller/controller_ref_manager.go", DOCS),
        JobRule::Orphan => ("job-orphan", FILE, TRACKING),
        JobRule::TimeToLive { .. } => (
            "job-time-to-live",
            "pkg/controller/ttlafterfinished/ttlafterfinished_controller.go",
            "concepts/workloads/controllers/ttlafterfinished/",
        ),
    }
}

fn cron_job(rule: &CronJobRule) -> (&'static str, &'static str, &'static str) {
    const FILE: &str = "pkg/controller/cronjob/cronjob_controllerv2.go";
    const TIMES: &str = "pkg/controller/cronjob/utils.go";
    const DOCS: &str = "concepts/workloads/controllers/cron-jobs/";
    const CONCURRENCY: &str = "concepts/workloads/controllers/cron-jobs/#concurrency-policy";
    const DEADLINE: &str = "concepts/workloads/controllers/cron-jobs/#starting-deadline";
    match rule {
        CronJobRule::Status => ("cron-job-status", FILE, DOCS),
        CronJobRule::Due { .. } => ("cron-job-due", TIMES, DOCS),
        CronJobRule::AlreadyActive { .. } => ("cron-job-already-active", FILE, CONCURRENCY),
        CronJobRule::Replaced { .. } => ("cron-job-replaced", FILE, CONCURRENCY),
        CronJobRule::TooLate { .. } => ("cron-job-too-late", TIMES, DEADLINE),
        CronJobRule::TooManyMissed { .. } => ("cron-job-too-many-missed", TIMES, DOCS),
        CronJobRule::Unexpected => ("cron-job-unexpected", FILE, DOCS),
        CronJobRule::Missing => ("cron-job-missing", FILE, DOCS),
        CronJobRule::SawCompleted => ("cron-job-saw-completed", FILE, DOCS),
        CronJobRule::HistoryLimit { .. } => (
            "cron-job-history-limit",
            FILE,
            "concepts/workloads/controllers/cron-jobs/#jobs-history-limits",
        ),
        CronJobRule::Unreadable => ("cron-job-unreadable", FILE, DOCS),
    }
}

fn stateful_set(rule: &StatefulSetRule) -> (&'static str, &'static str, &'static str) {
    const CONTROL: &str = "pkg/controller/statefulset/stateful_set_control.go";
    const HISTORY: &str = "pkg/controller/history/controller_history.go";
    const REF: &str = "pkg/controller/controller_ref_manager.go";
    const POD: &str = "pkg/controller/statefulset/stateful_pod_control.go";
    const PROTECTION: &str = "pkg/controller/volume/pvcprotection/pvc_protection_controller.go";
    const DOCS: &str = "concepts/workloads/controllers/statefulset/";
    let (name, file) = match rule {
        StatefulSetRule::Create { .. } => ("stateful-set-create", CONTROL),
        StatefulSetRule::Waits { .. } => ("stateful-set-waits", CONTROL),
        StatefulSetRule::Ended { .. } => ("stateful-set-ended", CONTROL),
        StatefulSetRule::ScaledDown { .. } => ("stateful-set-scaled-down", CONTROL),
        StatefulSetRule::Updated { .. } => ("stateful-set-updated", CONTROL),
        StatefulSetRule::NewRevision { .. } => ("stateful-set-new-revision", HISTORY),
        StatefulSetRule::ReusedRevision { .. } => ("stateful-set-reused-revision", HISTORY),
        StatefulSetRule::HistoryLimit { .. } => ("stateful-set-history-limit", HISTORY),
        StatefulSetRule::CreateFailed { .. } => ("stateful-set-create-failed", CONTROL),
        StatefulSetRule::Identity { .. } => ("stateful-set-identity", POD),
        StatefulSetRule::ClaimOwned { .. } => ("stateful-set-claim-owned", POD),
        StatefulSetRule::ClaimDeleted { .. } => ("stateful-set-claim-deleted", PROTECTION),
        StatefulSetRule::StatusRefused { .. } => ("stateful-set-status-refused", CONTROL),
        StatefulSetRule::Status => ("stateful-set-status", CONTROL),
        StatefulSetRule::Adopted => ("stateful-set-adopted", REF),
        StatefulSetRule::Released => ("stateful-set-released", REF),
    };
    (name, file, DOCS)
}

fn garbage(rule: GarbageRule) -> (&'static str, &'static str, &'static str) {
    const FILE: &str = "pkg/controller/garbagecollector/garbagecollector.go";
    match rule {
        GarbageRule::DeletionAsked { .. } => (
            "deletion-asked",
            "staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go",
            GARBAGE,
        ),
        GarbageRule::OwnerGone => ("garbage-owner-gone", FILE, GARBAGE),
        GarbageRule::OwnerWaits => ("garbage-owner-waits", FILE, GARBAGE),
        GarbageRule::NoDependents => ("garbage-no-dependents", FILE, GARBAGE),
        GarbageRule::Orphaned => ("garbage-orphaned", FILE, GARBAGE),
    }
}
