//! Specs of Job and CronJob.

use super::PodTemplate;
use crate::api::meta::ObjectMeta;
use crate::fields;
use crate::manifest::Value;

/// `spec` of a Job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobSpec {
    /// Pods that may run at the same time.
    pub parallelism: i64,
    /// Successes wanted; without it the first one ends the Job.
    pub completions: Option<i64>,
    /// Seconds after which it fails.
    pub active_deadline_seconds: Option<i64>,
    /// Failures of Pods by exit code or condition.
    pub pod_failure_policy: Option<Value>,
    /// When an Indexed Job succeeds early.
    pub success_policy: Option<Value>,
    /// Failures that are put up with.
    pub backoff_limit: i64,
    /// Failures of one index that are put up with.
    pub backoff_limit_per_index: Option<i64>,
    /// Failed indexes that are put up with.
    pub max_failed_indexes: Option<i64>,
    /// Which Pods are its own.
    pub selector: Option<Value>,
    /// Whether the owner chose the selector.
    pub manual_selector: bool,
    /// The template of its Pods.
    pub template: PodTemplate,
    /// Seconds after its end at which it is deleted.
    pub ttl_seconds_after_finished: Option<i64>,
    /// `NonIndexed` or `Indexed`.
    pub completion_mode: String,
    /// No Pods for now.
    pub suspend: bool,
    /// `TerminatingOrFailed` or `Failed`.
    pub pod_replacement_policy: String,
    /// Another controller's Job when set to anything but the built-in one.
    pub managed_by: Option<String>,
}

fields!(JobSpec {
    parallelism,
    completions,
    active_deadline_seconds,
    pod_failure_policy,
    success_policy,
    backoff_limit,
    backoff_limit_per_index,
    max_failed_indexes,
    selector,
    manual_selector,
    template,
    ttl_seconds_after_finished,
    completion_mode,
    suspend,
    pod_replacement_policy,
    managed_by,
});

/// `spec` of a CronJob.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CronJobSpec {
    /// Five fields, or `@hourly` and the like.
    pub schedule: String,
    /// Name of the time zone; UTC when missing.
    pub time_zone: Option<String>,
    /// Seconds after a scheduled time until which it may still start.
    pub starting_deadline_seconds: Option<i64>,
    /// `Allow`, `Forbid`, `Replace`.
    pub concurrency_policy: String,
    /// No starts for now.
    pub suspend: bool,
    /// The template of its Jobs.
    pub job_template: JobTemplate,
    /// Jobs that succeeded which are kept.
    pub successful_jobs_history_limit: Option<i64>,
    /// Jobs that failed which are kept.
    pub failed_jobs_history_limit: Option<i64>,
}

fields!(CronJobSpec {
    schedule,
    time_zone,
    starting_deadline_seconds,
    concurrency_policy,
    suspend,
    job_template,
    successful_jobs_history_limit,
    failed_jobs_history_limit,
});

/// The template from which a CronJob makes its Jobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobTemplate {
    /// Labels and annotations of each Job.
    pub metadata: ObjectMeta,
    /// Their spec.
    pub spec: JobSpec,
}

fields!(JobTemplate { metadata, spec });
