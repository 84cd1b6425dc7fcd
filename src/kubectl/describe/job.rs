//! The description of a Job.

use super::template;
use super::writer::{Writer, annotations, pairs, time};
use crate::kubectl::duration::human_duration;
use crate::kubectl::fields::{Fields, selector_text};
use crate::kubectl::jsonpath::bare;
use crate::kubectl::server::Server;
use crate::kubectl::workload;
use crate::manifest::Value;

/// Indexes beyond so many letters are left out.
const MOST_INDEXES: usize = 50;

/// Everything but the Events.
pub(super) fn describe(out: &mut Writer, value: &Value, server: &dyn Server) {
    let v = Fields(value);
    out.field(0, "Name", &v.text(&["metadata", "name"]));
    out.field(0, "Namespace", &v.text(&["metadata", "namespace"]));
    out.field(0, "Selector", &selector_text(value.at(&["spec", "selector"])));
    out.several("Labels", &pairs(value.at(&["metadata", "labels"])));
    annotations(out, value.at(&["metadata", "annotations"]));
    if let Some(owner) = workload::controlled_by(v) {
        out.field(0, "Controlled By", &owner);
    }
    for (label, field) in [
        ("Parallelism", "parallelism"),
        ("Completions", "completions"),
        ("Completion Mode", "completionMode"),
        ("Suspend", "suspend"),
        ("Backoff Limit", "backoffLimit"),
        ("TTL Seconds After Finished", "ttlSecondsAfterFinished"),
    ] {
        match value.at(&["spec", field]) {
            Some(given) => out.field(0, label, &bare(given)),
            None if field == "completions" => out.field(0, label, "<unset>"),
            None => {}
        }
    }
    times(out, v, server);
    if value.at(&["spec", "activeDeadlineSeconds"]).is_some() {
        let seconds = v.int(&["spec", "activeDeadlineSeconds"]);
        out.field(0, "Active Deadline Seconds", &format!("{seconds}s"));
    }
    let count = |field: &str| v.int(&["status", field]);
    let ready = match value.at(&["status", "ready"]) {
        Some(_) => format!(" ({} Ready)", count("ready")),
        None => String::new(),
    };
    out.field(
        0,
        "Pods Statuses",
        &format!(
            "{} Active{ready} / {} Succeeded / {} Failed",
            count("active"),
            count("succeeded"),
            count("failed")
        ),
    );
    if v.text(&["spec", "completionMode"]) == "Indexed" {
        out.field(
            0,
            "Completed Indexes",
            &indexes(&v.text(&["status", "completedIndexes"])),
        );
    }
    template::describe(out, value.at(&["spec", "template"]), server.client());
}

fn times(out: &mut Writer, v: Fields, server: &dyn Server) {
    let (start, end) = (v.0.at(&["status", "startTime"]), v.0.at(&["status", "completionTime"]));
    if start.is_some() {
        out.field(0, "Start Time", &time(start));
    }
    if end.is_some() {
        out.field(0, "Completed At", &time(end));
    }
    let at = |field: &str| v.time(&["status", field], server.calendar());
    if let (Some(start), Some(end)) = (at("startTime"), at("completionTime")) {
        out.field(0, "Duration", &human_duration(end - start));
    }
}

/// The indexes, up to the first comma behind the limit.
fn indexes(all: &str) -> String {
    if all.is_empty() {
        return "<none>".to_owned();
    }
    let rest = all.get(MOST_INDEXES..).unwrap_or_default();
    match rest.find(',') {
        Some(at) => format!("{}...", all.get(..=MOST_INDEXES + at).unwrap_or(all)),
        None => all.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::indexes;

    #[test]
    fn long_lists_of_indexes_are_cut_at_a_comma() {
        assert_eq!(indexes(""), "<none>");
        assert_eq!(indexes("0-3,7"), "0-3,7");
        let long = "10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,40,42,44,46";
        assert_eq!(indexes(long), "10,12,14,16,18,20,22,24,26,28,30,32,34,36,38,40,42,...");
    }
}
