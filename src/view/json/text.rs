//! A run as lines of text: the watch, the events, the console.

use super::report::Report;
use crate::kubectl::printpod::{POD_COLUMNS, pod_row};
use crate::kubectl::table::Table;
use crate::time::Instant;

/// What `kubectl get pod -w` prints from the beginning to the end. Namespaces are shown when there are several.
pub fn watch(report: &Report) -> String {
    let namespaced = report.pods.iter().any(|p| &*p.pod.metadata.namespace != "default");
    let mut table = Table::new();
    let mut out = String::new();
    for (index, revision) in report.pods.iter().enumerate() {
        let line = |first: String, rest: Vec<String>| {
            let first = namespaced.then_some(first);
            first.into_iter().chain(rest).collect::<Vec<_>>()
        };
        let mut rows = Vec::new();
        if index == 0 {
            rows.push(line("NAMESPACE".to_owned(), POD_COLUMNS.map(str::to_owned).to_vec()));
        }
        let cells = pod_row(&revision.pod, revision.at, report.calendar, false).cells();
        rows.push(line(revision.pod.metadata.namespace.to_string(), cells));
        out.push_str(&table.print(&rows));
    }
    out
}

/// Every emission of an Event, one a line.
pub fn events(report: &Report) -> String {
    let header = ["TIME", "TYPE", "REASON", "OBJECT", "FROM", "MESSAGE"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for event in &report.events {
        let times = match event.count {
            Some(n) if n > 1 => format!(" (x{n})"),
            _ => String::new(),
        };
        rows.push(vec![
            event.at.to_string(),
            event.kind.to_owned(),
            event.reason.to_string(),
            event.object.clone(),
            event.component.to_string(),
            format!("{}{times}", event.message.trim()),
        ]);
    }
    Table::new().print(&rows)
}

/// The steps with what they printed, then the watch.
pub fn console(report: &Report) -> String {
    let mut out = String::new();
    for entry in &report.console {
        out.push_str(&format!("{} $ {}\n", clock(entry.at), entry.command.trim_end()));
        out.push_str(&entry.output);
        if !entry.output.is_empty() && !entry.output.ends_with('\n') {
            out.push('\n');
        }
        match entry.exit {
            Some(0) => {}
            Some(code) => out.push_str(&format!("(exit {code})\n")),
            None => out.push_str("(still running)\n"),
        }
        out.push('\n');
    }
    out.push_str("$ kubectl get pod -w\n");
    out.push_str(&watch(report));
    out
}

/// `34s`, `1m20s`: a step's instant as it is written in a scenario.
fn clock(at: Instant) -> String {
    (at - Instant::ZERO).to_string()
}
