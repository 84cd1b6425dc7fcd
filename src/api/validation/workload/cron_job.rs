//! CronJobs.
//! Twin: pkg/apis/batch/validation/validation.go (v1.36.2)
//! Covers: ValidateCronJobCreate, validateCronJobSpec, ValidateJobTemplateSpec
//! Left out: schedule and time zone, see ../cron.rs

use super::job::job_spec;
use crate::api::fields::{flag, int, text};
use crate::api::validation::cron::{self, ZoneInSchedule};
use crate::api::validation::error::Errors;
use crate::api::validation::internal;
use crate::api::validation::path::Path;
use crate::manifest::Value;

/// The controller puts eleven characters behind the name, and names of Jobs have at most 63.
const LONGEST_NAME: usize = 52;

pub(super) fn cron_job(raw: &Value, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    spec(raw.get("spec").unwrap_or(&none), None, &path.field("spec"), errors);
    let name = raw.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or("");
    if name.len() > LONGEST_NAME {
        let metadata = path.field("metadata");
        errors.invalid_text(
            &metadata.field("name"),
            name,
            format!("must be no more than {LONGEST_NAME} characters"),
        );
    }
}

/// A spec, and the stored one that it replaces.
pub fn spec(spec: &Value, old: Option<&Value>, path: &Path, errors: &mut Errors) {
    let zone = spec.get("timeZone").and_then(Value::as_str);
    let zones = match old {
        Some(old) if text(old, "schedule").contains("TZ") => ZoneInSchedule::Kept { beside: zone.is_some() },
        _ => ZoneInSchedule::Refused,
    };
    cron::schedule(text(spec, "schedule"), zones, &path.field("schedule"), errors);
    let deadline = path.field("startingDeadlineSeconds");
    errors.not_negative(&deadline, int(spec, "startingDeadlineSeconds"));
    let is_new = old.is_none_or(|old| old.get("timeZone") != spec.get("timeZone"));
    if let Some(zone) = zone.filter(|_| is_new) {
        cron::time_zone(zone, &path.field("timeZone"), errors);
    }
    let policy = text(spec, "concurrencyPolicy");
    errors.one_of(
        &path.field("concurrencyPolicy"),
        policy,
        &["Allow", "Forbid", "Replace"],
    );
    template(spec.get("jobTemplate"), &path.field("jobTemplate"), errors);
    for key in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        errors.not_negative(&path.field(key), int(spec, key));
    }
}

fn template(template: Option<&Value>, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = template.and_then(|template| template.get("spec")).unwrap_or(&none);
    let at = path.field("spec");
    job_spec(spec, &at, errors);
    if let Some(selector) = spec.get("selector") {
        let shown = internal::selector(selector);
        errors.invalid(&at.field("selector"), &shown, "`selector` will be auto-generated");
    }
    if flag(spec, "manualSelector") {
        let detail = "supported values: \"nil\", \"false\"";
        errors.unsupported_shown(&at.field("manualSelector"), "true".to_owned(), detail);
    }
}
