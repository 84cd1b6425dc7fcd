//! The description of a CronJob.

use super::template;
use super::writer::{Writer, annotations, pairs, time, truth};
use crate::kubectl::fields::{Fields, or_none, selector_text};
use crate::kubectl::jsonpath::bare;
use crate::kubectl::server::Server;
use crate::manifest::Value;

/// Everything but the Events.
pub(super) fn describe(out: &mut Writer, value: &Value, server: &dyn Server) {
    let v = Fields(value);
    out.field(0, "Name", &v.text(&["metadata", "name"]));
    out.field(0, "Namespace", &v.text(&["metadata", "namespace"]));
    out.several("Labels", &pairs(value.at(&["metadata", "labels"])));
    annotations(out, value.at(&["metadata", "annotations"]));
    out.field(0, "Schedule", &v.text(&["spec", "schedule"]));
    out.field(0, "Concurrency Policy", &v.text(&["spec", "concurrencyPolicy"]));
    let suspend = match value.at(&["spec", "suspend"]) {
        Some(given) => truth(*given == Value::Bool(true)),
        None => "<unset>",
    };
    out.field(0, "Suspend", suspend);
    let spec = |field: &str, unit: &str| match value.at(&["spec", field]) {
        Some(given) => format!("{}{unit}", bare(given)),
        None => "<unset>".to_owned(),
    };
    if server.client().is_new() {
        out.field(0, "Time Zone", &spec("timeZone", ""));
    }
    for (label, field, unit) in [
        ("Successful Job History Limit", "successfulJobsHistoryLimit", ""),
        ("Failed Job History Limit", "failedJobsHistoryLimit", ""),
        ("Starting Deadline Seconds", "startingDeadlineSeconds", "s"),
    ] {
        out.field(0, label, &spec(field, unit));
    }
    job_template(out, value.at(&["spec", "jobTemplate", "spec"]), server);
    match value.at(&["status", "lastScheduleTime"]) {
        Some(last) => out.field(0, "Last Schedule Time", &time(Some(last))),
        None => out.field(0, "Last Schedule Time", "<unset>"),
    }
    let active = v.items(&["status", "active"]).iter().map(Fields);
    let names: Vec<String> = active.map(|job| job.text(&["name"])).collect();
    out.field(0, "Active Jobs", &or_none(names.join(", ")));
}

fn job_template(out: &mut Writer, spec: Option<&Value>, server: &dyn Server) {
    let given = |field: &str| spec.and_then(|s| s.get(field));
    let selector = given("selector").map(|s| selector_text(Some(s)));
    out.field(0, "Selector", selector.as_deref().unwrap_or("<unset>"));
    for (label, field) in [("Parallelism", "parallelism"), ("Completions", "completions")] {
        out.field(0, label, &given(field).map_or("<unset>".to_owned(), bare));
    }
    if let Some(seconds) = given("activeDeadlineSeconds") {
        out.field(0, "Active Deadline Seconds", &format!("{}s", bare(seconds)));
    }
    template::describe(out, given("template"), server.client());
}
