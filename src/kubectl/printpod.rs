//! The row of a Pod in `kubectl get pods`: what READY, STATUS and RESTARTS say.
//!
//! The API server computes these cells, so they follow its version.
//!
//! Twin: pkg/printers/internalversion/printers.go (v1.36.2)
//! Covers: printPod.
//! Left out: Pod groups; the order of releases before 1.35 for containers that ended badly beside one that did well.

use super::duration::{age, human_duration};
use crate::api::status::Terminated;
use crate::api::{ContainerStatus, Phase, Pod, Time};
use crate::time::{Calendar, Instant};

/// The cells of one Pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodRow {
    /// NAME.
    pub name: String,
    /// READY: ready containers and sidecars out of all of them.
    pub ready: String,
    /// STATUS.
    pub status: String,
    /// RESTARTS, with the age of the newest one where it is known.
    pub restarts: String,
    /// AGE.
    pub age: String,
    /// The further columns of `-o wide`, when asked for.
    pub wide: Option<WideCells>,
}

/// What `-o wide` adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WideCells {
    /// IP.
    pub ip: String,
    /// NODE.
    pub node: String,
    /// NOMINATED NODE.
    pub nominated_node: String,
    /// READINESS GATES.
    pub readiness_gates: String,
}

/// Headers of a Pod's row.
pub const POD_COLUMNS: [&str; 5] = ["NAME", "READY", "STATUS", "RESTARTS", "AGE"];
/// Headers of what `-o wide` adds.
pub const POD_WIDE_COLUMNS: [&str; 4] = ["IP", "NODE", "NOMINATED NODE", "READINESS GATES"];

impl PodRow {
    /// The cells in the order of the columns.
    pub fn cells(self) -> Vec<String> {
        let mut cells = vec![self.name, self.ready, self.status, self.restarts, self.age];
        if let Some(wide) = self.wide {
            cells.extend([wide.ip, wide.node, wide.nominated_node, wide.readiness_gates]);
        }
        cells
    }
}

/// The row of `pod` at `now`.
pub fn pod_row(pod: &Pod, now: Instant, calendar: Calendar, wide: bool) -> PodRow {
    let summary = summarize(pod);
    let restarts = match summary.last_restart {
        Some(at) if summary.restarts != 0 => {
            format!(
                "{} ({} ago)",
                summary.restarts,
                human_duration(now - calendar.trunc(at))
            )
        }
        _ => summary.restarts.to_string(),
    };
    let sidecars = pod.spec.init_containers.iter().filter(|c| c.is_sidecar()).count();
    PodRow {
        name: pod.metadata.name.to_string(),
        ready: format!("{}/{}", summary.ready, pod.spec.containers.len() + sidecars),
        status: summary.reason,
        restarts,
        age: age(pod.metadata.creation_timestamp.map(|Time(at)| at), now, calendar),
        wide: wide.then(|| wide_cells(pod)),
    }
}

/// STATUS alone.
pub fn pod_status(pod: &Pod) -> String {
    summarize(pod).reason
}

/// RESTARTS without their age.
pub fn pod_restarts(pod: &Pod) -> i64 {
    summarize(pod).restarts
}

fn wide_cells(pod: &Pod) -> WideCells {
    let or_none = |text: &str| if text.is_empty() { "<none>" } else { text }.to_owned();
    let ip = pod.status.pod_ips.first().map_or(&pod.status.pod_ip, |first| &first.ip);
    let gates = &pod.spec.readiness_gates;
    let is_true = |kind: &str| {
        let found = pod.status.conditions.iter().find(|c| &*c.kind == kind);
        found.is_some_and(|c| &*c.status == "True")
    };
    let open = gates.iter().filter(|gate| is_true(&gate.condition_type)).count();
    WideCells {
        ip: or_none(ip),
        node: or_none(&pod.spec.node_name),
        nominated_node: or_none(&pod.status.nominated_node_name),
        readiness_gates: match gates.len() {
            0 => "<none>".to_owned(),
            n => format!("{open}/{n}"),
        },
    }
}

#[derive(Default)]
struct Summary {
    ready: usize,
    reason: String,
    restarts: i64,
    last_restart: Option<Instant>,
}

impl Summary {
    fn count(&mut self, status: &ContainerStatus) {
        self.restarts = self.restarts.saturating_add(status.restart_count);
        self.last_restart = self.last_restart.max(last_end(status));
    }
}

fn summarize(pod: &Pod) -> Summary {
    let status = &pod.status;
    let mut summary = Summary {
        reason: first_filled(&status.reason, status.phase.as_str()),
        ..Summary::default()
    };
    if has_condition(pod, "PodScheduled", |c| &*c.reason == "SchedulingGated") {
        summary.reason = "SchedulingGated".to_owned();
    }
    let (sidecars, initializing) = init_containers(pod, &mut summary);
    if !initializing || has_condition(pod, "Initialized", |c| &*c.status == "True") {
        // Restarts of ordinary init containers are forgotten once they have all done their work.
        summary.restarts = sidecars.restarts;
        summary.last_restart = sidecars.last_restart;
        containers(pod, &mut summary);
    }
    if pod.metadata.deletion_timestamp.is_some() {
        if status.reason == "NodeLost" {
            summary.reason = "Unknown".to_owned();
        } else if !matches!(status.phase, Phase::Succeeded | Phase::Failed) {
            summary.reason = "Terminating".to_owned();
        }
    }
    summary
}

/// Walks the init containers up to the first one that is not done. Gives back the restarts of the sidecars alone, and
/// whether there was such a one.
fn init_containers(pod: &Pod, summary: &mut Summary) -> (Summary, bool) {
    let mut sidecars = Summary::default();
    for (index, container) in pod.status.init_container_statuses.iter().enumerate() {
        let declared = pod.spec.init_containers.iter().find(|c| c.name == container.name);
        let sidecar = declared.is_some_and(|c| c.is_sidecar());
        summary.count(container);
        if sidecar {
            sidecars.count(container);
        }
        let state = &container.state;
        let word = match (&state.terminated, &state.waiting) {
            (Some(ended), _) if ended.exit_code == 0 => continue,
            _ if sidecar && container.started == Some(true) => {
                summary.ready += usize::from(container.ready);
                continue;
            }
            (Some(ended), _) => end_word(ended),
            (None, Some(waiting)) if !matches!(&*waiting.reason, "" | "PodInitializing") => waiting.reason.to_string(),
            _ => format!("{index}/{}", pod.spec.init_containers.len()),
        };
        summary.reason = format!("Init:{word}");
        return (sidecars, true);
    }
    (sidecars, false)
}

/// Walks the containers from the last to the first, so that the first one has the last word.
fn containers(pod: &Pod, summary: &mut Summary) {
    let mut running = false;
    let mut error = None;
    for container in pod.status.container_statuses.iter().rev() {
        summary.count(container);
        let state = &container.state;
        match (&state.waiting, &state.terminated) {
            (Some(waiting), _) if !waiting.reason.is_empty() => summary.reason = waiting.reason.to_string(),
            (_, Some(ended)) => {
                summary.reason = end_word(ended);
                if ended.exit_code != 0 {
                    error = Some(summary.reason.clone());
                }
            }
            _ if container.ready && state.running.is_some() => {
                running = true;
                summary.ready += 1;
            }
            _ => {}
        }
    }
    // "Completed" would hide that another container still runs, or that it ended badly.
    if summary.reason == "Completed" {
        if running && has_condition(pod, "Ready", |c| &*c.status == "True") {
            summary.reason = "Running".to_owned();
        } else if let Some(error) = error {
            summary.reason = error;
        } else if running {
            summary.reason = "NotReady".to_owned();
        }
    }
}

/// The word for an ended container.
fn end_word(ended: &Terminated) -> String {
    match (&*ended.reason, ended.signal) {
        ("", 0) => format!("ExitCode:{}", ended.exit_code),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}

fn last_end(status: &ContainerStatus) -> Option<Instant> {
    let Time(at) = status.last_state.terminated.as_ref()?.finished_at?;
    Some(at)
}

fn has_condition(pod: &Pod, kind: &str, test: impl Fn(&crate::api::PodCondition) -> bool) -> bool {
    pod.status.conditions.iter().any(|c| &*c.kind == kind && test(c))
}

fn first_filled(a: &str, b: &str) -> String {
    if a.is_empty() { b } else { a }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_those_of_kubernetes() {
        let data: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/data/kubectl/printpod.json")).unwrap();
        let now = Calendar::default().parse(data["now"].as_str().unwrap()).unwrap();
        let mut count = 0;
        for case in ["cases", "computed"].iter().flat_map(|k| data[k].as_array().unwrap()) {
            let pod: Pod = serde_json::from_value(case["pod"].clone()).unwrap();
            let row = pod_row(&pod, now, Calendar::default(), case["wide"] == true);
            let cells = row.cells();
            for (name, want) in case["row"].as_object().unwrap() {
                let mut names = POD_COLUMNS.iter().chain(&POD_WIDE_COLUMNS);
                let at = names.position(|n| n == name).unwrap();
                assert_eq!(&cells[at], want.as_str().unwrap(), "{name} of {case}");
            }
            count += 1;
        }
        assert!(count > 600, "{count}");
    }
}
