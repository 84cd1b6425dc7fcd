//! Pods of a Job: how they are made, and what they count as.
//! Twin: pkg/controller/job/job_controller.go (v1.36.2)
//! Covers: the template of a Pod in manageJob, addCompletionIndexEnvVariables, podGenerateNameWithIndex, isPodFailed
//! Left out: the label of the index can be switched off by a gate before 1.32

use super::indexes::{COMPLETION_INDEX, FAILURE_COUNT, IGNORED_FAILURE_COUNT, failure_counts};
use super::pod_failure_policy::counts;
use crate::api::fields::list_mut;
use crate::api::workload::JobSpec;
use crate::api::{Phase, Pod};
use crate::controllers::pod_control::PodName;
use crate::manifest::Value;

/// The finalizer of a Pod that its Job has not counted yet.
pub const TRACKING: &str = "batch.kubernetes.io/job-tracking";

/// The longest prefix of a generated name.
const LONGEST_PREFIX: usize = 58;

/// Whether a Pod has the finalizer of its Job.
pub fn is_tracked(pod: &Pod) -> bool {
    pod.metadata.finalizers.iter().any(|finalizer| finalizer == TRACKING)
}

/// Whether only Pods that have ended are replaced, and not those on their way out.
pub fn replaces_ended_only(spec: &JobSpec) -> bool {
    spec.pod_replacement_policy == "Failed" || spec.pod_failure_policy.is_some()
}

/// Whether a Pod counts as failed. One on its way out does, unless only ended ones are replaced.
pub fn is_failed(pod: &Pod, spec: &JobSpec) -> bool {
    let leaves = pod.metadata.deletion_timestamp.is_some() && pod.status.phase != Phase::Succeeded;
    pod.status.phase == Phase::Failed || (leaves && !replaces_ended_only(spec))
}

/// One Pod that is to be made.
pub struct NewPod<'s> {
    /// The Job's name.
    pub job: &'s str,
    /// The Job's spec.
    pub spec: &'s JobSpec,
    /// Its index, if the Job is Indexed.
    pub index: Option<i64>,
    /// The Pod of this index that failed and has waited for this one, if failures are counted by index.
    pub replaces: Option<&'s Pod>,
}

impl NewPod<'_> {
    /// `<job>-`, or `<job>-<index>-`; a long name of a Job is cut so that the index stays.
    pub fn name(&self) -> PodName {
        let Some(index) = self.index else {
            return PodName::Generated;
        };
        let end = format!("-{index}-");
        let room = LONGEST_PREFIX.saturating_sub(end.len());
        PodName::Prefix(format!("{}{end}", self.job.get(..room).unwrap_or(self.job)))
    }

    /// Adds what a Job adds to its template.
    pub fn fill(&self, raw: &mut Value) {
        let meta = raw.entry("metadata");
        let finalizers = meta.entry("finalizers");
        if !finalizers.items().contains(&TRACKING.into()) {
            let mut all = finalizers.items().to_vec();
            all.push(TRACKING.into());
            *finalizers = Value::Seq(all);
        }
        let Some(index) = self.index else { return };
        let text = index.to_string();
        meta.entry("labels").set(COMPLETION_INDEX, text.as_str().into());
        let annotations = meta.entry("annotations");
        annotations.set(COMPLETION_INDEX, text.as_str().into());
        if self.spec.backoff_limit_per_index.is_some() {
            let (counted, ignored) = self.failures();
            annotations.set(FAILURE_COUNT, counted.to_string().into());
            if ignored > 0 {
                annotations.set(IGNORED_FAILURE_COUNT, ignored.to_string().into());
            }
        }
        let spec = raw.entry("spec");
        spec.set("hostname", format!("{}-{index}", self.job).into());
        for key in ["initContainers", "containers"] {
            for container in list_mut(spec, key) {
                add_index_variable(container);
            }
        }
    }

    /// Failures of the index so far: those that count, and those that are ignored.
    fn failures(&self) -> (i64, i64) {
        let Some(pod) = self.replaces else { return (0, 0) };
        let (counted, ignored) = failure_counts(pod);
        if counts(self.spec.pod_failure_policy.as_ref(), pod) {
            (counted + 1, ignored)
        } else {
            (counted, ignored + 1)
        }
    }
}

/// `JOB_COMPLETION_INDEX`, unless the container has a variable of this name.
fn add_index_variable(container: &mut Value) {
    const NAME: &str = "JOB_COMPLETION_INDEX";
    let variables = container.entry("env");
    let mut all = variables.items().to_vec();
    if all.iter().any(|variable| variable.get("name") == Some(&NAME.into())) {
        return;
    }
    let mut field = Value::Map(Vec::new());
    field.set("apiVersion", "v1".into());
    field.set("fieldPath", format!("metadata.labels['{COMPLETION_INDEX}']").into());
    let mut variable = Value::Map(vec![("name".to_owned(), NAME.into())]);
    variable.entry("valueFrom").set("fieldRef", field);
    all.push(variable);
    *variables = Value::Seq(all);
}
