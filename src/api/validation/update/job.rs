//! Changes of stored Jobs and CronJobs.
//! Twin: pkg/apis/batch/validation/validation.go (v1.36.2)
//! Twin: pkg/registry/batch/job/strategy.go (v1.36.2)
//! Covers: ValidateJobUpdate, validatePodTemplateUpdate, validateCompletions, ValidateCronJobUpdate
//! Left out: the gates MutablePodResourcesForSuspendedJobs and MutableSchedulingDirectivesForSuspendedJobs switched off

use super::same::same;
use super::{IMMUTABLE, immutable_selector};
use crate::api::fields::{flag, get_mut, int, list_mut, text};
use crate::api::validation::Errors;
use crate::api::validation::internal;
use crate::api::validation::path::Path;
use crate::api::validation::workload::{cron_job as created_cron_job, job as created_job};
use crate::manifest::Value;

pub(super) fn job(old: &Value, new: &Value, root: &Path, errors: &mut Errors) {
    let uid = [old, new]
        .iter()
        .find_map(|object| created_job::label_of(object))
        .map_or_else(|| created_job::uid_of(old), str::to_owned);
    created_job::whole_job(new, &uid, root, errors);
    let path = root.field("spec");
    let of = |object: &'_ Value, key: &str| object.at(&["spec", key]).cloned();
    completions(old, new, &path, errors);
    let selector = path.field("selector");
    immutable_selector(of(old, "selector"), of(new, "selector"), &selector, errors);
    template(old, new, &path, errors);
    for (key, ty) in [
        ("completionMode", ""),
        ("podFailurePolicy", "PodFailurePolicy"),
        ("backoffLimitPerIndex", ""),
        ("managedBy", ""),
        ("successPolicy", "SuccessPolicy"),
    ] {
        let (before, after) = (of(old, key), of(new, key));
        if !same(before.as_ref(), after.as_ref()) {
            let shown = internal::shown(ty, after.as_ref().unwrap_or(&Value::Null));
            errors.invalid_shown(&path.field(key), shown, IMMUTABLE);
        }
    }
}

/// An Indexed Job may be given other completions together with as many Pods at a time.
fn completions(old: &Value, new: &Value, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = new.get("spec").unwrap_or(&none);
    let (before, after) = (old.at(&["spec", "completions"]), spec.get("completions"));
    if same(before, after) {
        return;
    }
    let at = path.field("completions");
    let shown = after.unwrap_or(&Value::Null);
    if text(spec, "completionMode") != "Indexed" {
        errors.invalid(&at, shown, IMMUTABLE);
    } else if after.is_some() && int(spec, "completions") != int(spec, "parallelism") {
        errors.invalid(&at, shown, "can only be modified in tandem with spec.parallelism");
    }
}

/// The template is fixed, but for what decides where its Pods run and what they may use while the Job is suspended and
/// none of them is there.
fn template(old: &Value, new: &Value, path: &Path, errors: &mut Errors) {
    let (before, after) = (old.at(&["spec", "template"]), new.at(&["spec", "template"]));
    if !may_change(old) {
        if !same(before, after) {
            let shown = internal::shown("PodTemplateSpec", after.unwrap_or(&Value::Null));
            errors.invalid_shown(&path.field("template"), shown, IMMUTABLE);
        }
        return;
    }
    let spec = |template: Option<&Value>| template.and_then(|template| template.get("spec")).cloned();
    let fixed = |template: Option<&Value>| spec(template).map(without_directives);
    if !same(fixed(before).as_ref(), fixed(after).as_ref()) {
        let shown = internal::shown("PodSpec", spec(after).as_ref().unwrap_or(&Value::Null));
        errors.invalid_shown(&path.field("template.spec"), shown, IMMUTABLE);
    }
}

fn may_change(old: &Value) -> bool {
    let none = Value::Map(Vec::new());
    let status = old.get("status").unwrap_or(&none);
    let is_suspended =
        |condition: &Value| text(condition, "type") == "Suspended" && text(condition, "status") == "True";
    let conditions = status.get("conditions").map_or(&[][..], Value::items);
    let idle = status.get("startTime").is_none() || conditions.iter().any(is_suspended);
    old.get("spec").is_some_and(|spec| flag(spec, "suspend")) && idle && int(status, "active").unwrap_or(0) == 0
}

fn without_directives(mut spec: Value) -> Value {
    for key in ["containers", "initContainers"] {
        for container in list_mut(&mut spec, key) {
            container.set("resources", Value::Null);
        }
    }
    if let Some(affinity) = get_mut(&mut spec, "affinity") {
        affinity.set("nodeAffinity", Value::Null);
        if affinity.members().iter().all(|(_, value)| *value == Value::Null) {
            *affinity = Value::Null;
        }
    }
    for key in ["nodeSelector", "tolerations", "schedulingGates"] {
        spec.set(key, Value::Null);
    }
    spec
}

/// A CronJob. What was allowed when it was made is: a time zone in the schedule, a name that is too long.
pub(super) fn cron_job(old: &Value, new: &Value, root: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let (before, after) = (old.get("spec").unwrap_or(&none), new.get("spec").unwrap_or(&none));
    created_cron_job::spec(after, Some(before), &root.field("spec"), errors);
}
