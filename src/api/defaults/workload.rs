//! Defaults of the kinds that own Pods.
//! Twin: pkg/apis/apps/v1/defaults.go (v1.36.2)
//! Twin: pkg/apis/batch/v1/defaults.go (v1.36.2)
//! Twin: pkg/apis/core/v1/defaults.go (v1.36.2)
//! Covers: SetDefaults_Deployment, _ReplicaSet, _StatefulSet, _DaemonSet, _Job, _CronJob, _ReplicationController
//! Left out: maxUnavailable of a StatefulSet, whose default comes with the gate MaxUnavailableStatefulSet

use super::pod_spec;
use super::volume::claim_spec;
use crate::api::fields::{fill, fill_text, get_mut, list_mut, members, text};
use crate::manifest::Value;

pub(super) fn workload(raw: &mut Value, kind: &str) {
    match kind {
        "PodTemplate" => return template(raw),
        "ReplicationController" => return replication_controller(raw),
        "Job" => return job(raw),
        _ => {}
    }
    let spec = raw.entry("spec");
    match kind {
        "Deployment" => deployment(spec),
        "ReplicaSet" => {
            fill(spec, "replicas", 1);
            template(spec);
        }
        "StatefulSet" => stateful_set(spec),
        "DaemonSet" => daemon_set(spec),
        "CronJob" => cron_job(spec),
        _ => {}
    }
}

/// The template of Pods below `owner`.
fn template(owner: &mut Value) {
    pod_spec(owner.entry("template").entry("spec"));
}

fn deployment(spec: &mut Value) {
    fill(spec, "replicas", 1);
    let strategy = spec.entry("strategy");
    fill_text(strategy, "type", "RollingUpdate");
    if text(strategy, "type") == "RollingUpdate" {
        let rolling = strategy.entry("rollingUpdate");
        fill(rolling, "maxUnavailable", "25%");
        fill(rolling, "maxSurge", "25%");
    }
    fill(spec, "revisionHistoryLimit", 10);
    fill(spec, "progressDeadlineSeconds", 600);
    template(spec);
}

fn stateful_set(spec: &mut Value) {
    fill_text(spec, "podManagementPolicy", "OrderedReady");
    let strategy = spec.entry("updateStrategy");
    if text(strategy, "type").is_empty() {
        strategy.set("type", "RollingUpdate".into());
        strategy.entry("rollingUpdate");
    }
    // A strategy that is written out keeps its missing `rollingUpdate`.
    if text(strategy, "type") == "RollingUpdate"
        && let Some(rolling) = get_mut(strategy, "rollingUpdate")
    {
        fill(rolling, "partition", 0);
    }
    let retention = spec.entry("persistentVolumeClaimRetentionPolicy");
    fill_text(retention, "whenDeleted", "Retain");
    fill_text(retention, "whenScaled", "Retain");
    fill(spec, "replicas", 1);
    fill(spec, "revisionHistoryLimit", 10);
    template(spec);
    for claim in list_mut(spec, "volumeClaimTemplates") {
        claim.set("apiVersion", "v1".into());
        claim.set("kind", "PersistentVolumeClaim".into());
        claim_spec(claim.entry("spec"));
        fill_text(claim.entry("status"), "phase", "Pending");
    }
}

fn daemon_set(spec: &mut Value) {
    let strategy = spec.entry("updateStrategy");
    fill_text(strategy, "type", "RollingUpdate");
    if text(strategy, "type") == "RollingUpdate" {
        let rolling = strategy.entry("rollingUpdate");
        fill(rolling, "maxUnavailable", 1);
        fill(rolling, "maxSurge", 0);
    }
    fill(spec, "revisionHistoryLimit", 10);
    template(spec);
}

fn replication_controller(raw: &mut Value) {
    let spec = raw.entry("spec");
    fill(spec, "replicas", 1);
    let Some(template) = get_mut(spec, "template") else {
        return;
    };
    pod_spec(template.entry("spec"));
    let labels = template.at(&["metadata", "labels"]).cloned();
    if let Some(labels) = labels {
        if members(spec, "selector").is_empty() {
            spec.set("selector", labels.clone());
        }
        own_labels(raw, labels);
    }
}

/// The labels of the template, for an owner that has none of its own.
fn own_labels(raw: &mut Value, labels: Value) {
    let metadata = raw.entry("metadata");
    if members(metadata, "labels").is_empty() {
        metadata.set("labels", labels);
    }
}

/// A Job without labels gets those of its template, with the generated ones among them: that waits until they are there.
fn job(raw: &mut Value) {
    let spec = raw.entry("spec");
    if spec.get("completions").is_none() && spec.get("parallelism").is_none() {
        spec.set("completions", 1.into());
    }
    fill(spec, "parallelism", 1);
    let limit = if spec.get("backoffLimitPerIndex").is_some() {
        i64::from(i32::MAX)
    } else {
        6
    };
    fill(spec, "backoffLimit", limit);
    fill_text(spec, "completionMode", "NonIndexed");
    fill(spec, "suspend", false);
    let replacement = if spec.get("podFailurePolicy").is_some() {
        "Failed"
    } else {
        "TerminatingOrFailed"
    };
    fill_text(spec, "podReplacementPolicy", replacement);
    fill(spec, "manualSelector", false);
    job_template(spec);
}

/// What the spec of a Job and of a template of Jobs have in common.
fn job_template(spec: &mut Value) {
    if let Some(policy) = get_mut(spec, "podFailurePolicy") {
        for rule in list_mut(policy, "rules") {
            for pattern in list_mut(rule, "onPodConditions") {
                fill_text(pattern, "status", "True");
            }
        }
    }
    template(spec);
}

/// The defaults of its Jobs are filled in when they are made.
fn cron_job(spec: &mut Value) {
    fill_text(spec, "concurrencyPolicy", "Allow");
    fill(spec, "suspend", false);
    fill(spec, "successfulJobsHistoryLimit", 3);
    fill(spec, "failedJobsHistoryLimit", 1);
    job_template(spec.entry("jobTemplate").entry("spec"));
}
