//! Cards of the rules of controllers.

use crate::trace::{DeploymentRule, GarbageRule, ReplicaSetRule, Rule};

const DEPLOYMENT: &str = "concepts/workloads/controllers/deployment/";
const GARBAGE: &str = "concepts/architecture/garbage-collection/";

/// Name, Kubernetes file and page of the documentation of a controller's rule.
pub fn card(rule: &Rule) -> (&'static str, &'static str, &'static str) {
    match rule {
        Rule::Deployment(rule) => deployment(rule),
        Rule::ReplicaSet(rule) => replica_set(rule),
        Rule::StatefulSet(_) => (
            "stateful-set-status",
            "pkg/controller/statefulset/stateful_set_control.go",
            "concepts/workloads/controllers/statefulset/",
        ),
        Rule::DaemonSet(_) => (
            "daemon-set-status",
            "pkg/controller/daemon/daemon_controller.go",
            "concepts/workloads/controllers/daemonset/",
        ),
        Rule::Job(_) => (
            "job-status",
            "pkg/controller/job/job_controller.go",
            "concepts/workloads/controllers/job/",
        ),
        Rule::CronJob(_) => (
            "cron-job-status",
            "pkg/controller/cronjob/cronjob_controllerv2.go",
            "concepts/workloads/controllers/cron-jobs/",
        ),
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
