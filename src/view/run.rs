//! A finished run as a plain report.

use super::json::{
    ConsoleEntry, EventRow, ExpectResult, PodRevision, Report, Sources, WatchEvent, WorkloadRevision, check_json,
    report_json,
};
use crate::api;
use crate::manifest::Diagnostic;
use crate::sim::{Options, Simulation, evaluate};
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
                watch: watch(r.kind),
                pod: r.pod.clone(),
            })
            .collect(),
        slices: record.slices.iter().filter(|r| r.at <= until).cloned().collect(),
        nodes: record.nodes.iter().filter(|r| r.at <= until).cloned().collect(),
        workloads: record
            .workloads
            .iter()
            .filter(|r| r.at <= until)
            .map(|r| WorkloadRevision {
                at: r.at,
                watch: watch(r.kind),
                object: r.object.clone(),
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
        limits: record.limits.iter().filter(|l| l.at <= until).cloned().collect(),
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

fn watch(kind: WatchKind) -> WatchEvent {
    match kind {
        WatchKind::Added => WatchEvent::Added,
        WatchKind::Modified => WatchEvent::Modified,
        WatchKind::Deleted => WatchEvent::Deleted,
    }
}

/// Runs a text to its end: the JSON object of `podscope run -o json`, for those who have no command line.
pub fn simulate(text: &str, options: &Options) -> String {
    let sources = alone(text);
    let mut sim = Simulation::new(sources.text(), options);
    sim.run();
    report_json(&report(&sim, &sources))
}

/// What is said about a text: the JSON object of `podscope check -o json`.
pub fn check(text: &str) -> String {
    let sources = alone(text);
    let said: Vec<Diagnostic> = api::load(sources.text()).diagnostics;
    let placed: Vec<_> = said.iter().map(|d| sources.placed(d)).collect();
    check_json(&placed)
}

fn alone(text: &str) -> Sources {
    Sources::new(vec![("manifest.yaml".to_owned(), text.to_owned())])
}
