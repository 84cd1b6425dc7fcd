//! The result of a run as `podscope run -o json` prints it, and its plain-text relatives.

pub mod checks;
mod owners;
pub mod place;
pub mod report;
pub mod text;

use serde_json::{Value, json};

pub use place::{Placed, Sources};
pub use report::{ConsoleEntry, EventRow, ExpectResult, PodRevision, Report, WatchEvent, WorkloadRevision};

use crate::kubectl::object::status_value;
use crate::kubectl::printpod::{POD_COLUMNS, pod_row};
use crate::kubectl::table::Table;
use crate::manifest::Severity;
use crate::trace::bounds::LimitMet;
use crate::trace::{SliceEndpoint, SlicePort, SliceRevision};

/// The one object of `-o json` (DESIGN §3.1), on one line without a line's end.
pub fn report_json(report: &Report) -> String {
    let mut out = json!({
        "kubernetes": report.kubernetes,
        "seed": report.seed,
        "until_ms": report.until.millis(),
    })
    .to_string();
    out.pop();
    let expect = |e: &ExpectResult| json!({"ok": e.ok, "text": e.text, "why": e.why});
    list(&mut out, "diagnostics", report.diagnostics.iter().map(diagnostic));
    list(&mut out, "watch", watch(report));
    list(&mut out, "events", report.events.iter().map(event));
    list(
        &mut out,
        "pods",
        report.pods.iter().map(|revision| pod(report, revision)),
    );
    list(&mut out, "owners", owners::owners(report));
    list(&mut out, "owner_rows", owners::owner_rows(report));
    list(&mut out, "endpointslices", report.slices.iter().map(slice));
    list(&mut out, "console", report.console.iter().map(console));
    list(&mut out, "expect", report.expect.iter().map(expect));
    list(&mut out, "limits", report.limits.iter().map(limit));
    out.push('}');
    out
}

/// Adds a list to an object that is being written. Each item is written before the next one is made: the lists of a
/// long run have some hundred thousand of them.
fn list(out: &mut String, key: &str, items: impl IntoIterator<Item = Value>) {
    out.push_str(",\"");
    out.push_str(key);
    out.push_str("\":[");
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&item.to_string());
    }
    out.push(']');
}

/// The object of `podscope check -o json`.
pub fn check_json(diagnostics: &[Placed]) -> String {
    json!({"diagnostics": diagnostics.iter().map(diagnostic).collect::<Vec<_>>()}).to_string()
}

/// The word for a severity.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn limit(met: &LimitMet) -> Value {
    json!({
        "at_ms": met.at.millis(),
        "what": met.bound.id,
        "unit": met.bound.unit.as_str(),
        "bound": met.bound.most,
        "used": met.used,
        "effect": met.bound.effect.as_str(),
        "object": (!met.object.is_empty()).then_some(&*met.object),
        "line": Value::Null,
        "list": Value::Null,
        "dropped": 0,
    })
}

fn diagnostic(d: &Placed) -> Value {
    json!({
        "severity": severity(d.severity),
        "code": d.code,
        "message": d.message,
        "file": d.file,
        "line": d.line,
        "column": d.column,
        "end_line": d.end_line,
        "end_column": d.end_column,
        "path": d.path,
        "fixes": d.fixes.iter().map(fix).collect::<Vec<_>>(),
    })
}

fn fix(fix: &place::PlacedFix) -> Value {
    let ((line, column), (end_line, end_column)) = (fix.from, fix.to);
    json!({
        "title": fix.title,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "text": fix.text,
    })
}

/// One row a revision. `line` is padded as a watch prints it: widths begin with the header and only grow.
fn watch(report: &Report) -> impl Iterator<Item = Value> {
    let mut table = Table::new();
    table.print(&[POD_COLUMNS.map(str::to_owned).to_vec()]);
    let row = move |revision: &PodRevision| {
        let row = pod_row(&revision.pod, revision.at, report.calendar, false);
        let line = table.print(&[row.clone().cells()]);
        json!({
            "ms": revision.at.millis(),
            "line": line.trim_end_matches('\n'),
            "namespace": &*revision.pod.metadata.namespace,
            "name": row.name,
            "ready": row.ready,
            "status": row.status,
            "restarts": row.restarts,
            "age": row.age,
        })
    };
    report.pods.iter().map(row)
}

fn event(e: &EventRow) -> Value {
    json!({
        "ms": e.at.millis(),
        "object": e.object,
        "fieldPath": e.field_path.as_deref(),
        "type": e.kind,
        "reason": &*e.reason,
        "message": &*e.message,
        "count": e.count,
        "component": &*e.component,
    })
}

fn pod(report: &Report, revision: &PodRevision) -> Value {
    let pod = &revision.pod;
    let node = Some(&*pod.spec.node_name).filter(|node| !node.is_empty());
    json!({
        "ms": revision.at.millis(),
        "name": &*pod.metadata.name,
        "namespace": &*pod.metadata.namespace,
        "watch": revision.watch.as_str(),
        "node": node,
        "deletionTimestamp": pod.metadata.deletion_timestamp.is_some(),
        "deleted": revision.watch == WatchEvent::Deleted,
        "status": Value::from(&status_value(&pod.status, report.calendar)),
    })
}

fn slice(revision: &SliceRevision) -> Value {
    let slice = &revision.slice;
    let endpoint = |e: &SliceEndpoint| {
        json!({
            "pod": &*e.pod,
            "ready": e.ready,
            "serving": e.serving,
            "terminating": e.terminating,
            "nodeName": Some(&*e.node).filter(|node| !node.is_empty()),
            "hostname": Some(&*e.hostname).filter(|name| !name.is_empty()),
        })
    };
    let port = |p: &SlicePort| json!({"name": &*p.name, "protocol": &*p.protocol, "port": p.port});
    let ports: Vec<Value> = slice.ports.iter().map(port).collect();
    json!({
        "ms": revision.at.millis(),
        "name": &*slice.name,
        "namespace": &*slice.namespace,
        "service": &*slice.service,
        "watch": revision.kind.as_str(),
        "endpoints": slice.endpoints.iter().map(endpoint).collect::<Vec<_>>(),
        "ports": (!ports.is_empty()).then_some(ports),
    })
}

fn console(c: &ConsoleEntry) -> Value {
    json!({
        "step": c.step,
        "ms": c.at.millis(),
        "command": c.command,
        "output": c.output,
        "exit": c.exit,
    })
}

#[cfg(test)]
mod tests;
