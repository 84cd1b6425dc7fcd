//! A finished run as a plain report.

use super::json::{ConsoleEntry, EventRow, ExpectResult, PodRevision, Report, Sources, WatchEvent};
use crate::sim::{Simulation, evaluate};
use crate::trace::WatchKind;

/// What a run leaves behind, up to its horizon.
pub fn report(sim: &Simulation, sources: &Sources) -> Report {
    let until = sim.until();
    let record = sim.record();
    Report {
        kubernetes: sim.setup().profile.version.to_owned(),
        seed: sim.setup().seed,
        until,
        calendar: sim.setup().calendar,
        diagnostics: sim.diagnostics().iter().map(|d| sources.placed(d)).collect(),
        pods: record
            .pods
            .iter()
            .filter(|r| r.at <= until)
            .map(|r| PodRevision {
                at: r.at,
                watch: match r.kind {
                    WatchKind::Added => WatchEvent::Added,
                    WatchKind::Modified => WatchEvent::Modified,
                    WatchKind::Deleted => WatchEvent::Deleted,
                },
                pod: r.pod.clone(),
            })
            .collect(),
        events: record
            .events
            .iter()
            .filter(|e| e.at <= until)
            .map(|e| EventRow {
                at: e.at,
                object: e.object.to_string(),
                field_path: (!e.field_path.is_empty()).then(|| e.field_path.clone()),
                kind: if e.warning { "Warning" } else { "Normal" },
                reason: e.reason.clone(),
                message: e.message.clone(),
                count: (e.count > 0).then(|| i64::from(e.count)),
                component: e.component.into(),
            })
            .collect(),
        console: record
            .console
            .iter()
            .map(|c| ConsoleEntry {
                step: c.step as usize,
                at: c.at,
                command: c.command.to_string(),
                output: c.output.clone(),
                exit: c.exit,
            })
            .collect(),
        expect: evaluate(sim)
            .into_iter()
            .map(|e| ExpectResult {
                ok: e.ok,
                text: e.text,
                why: e.why,
            })
            .collect(),
    }
}
