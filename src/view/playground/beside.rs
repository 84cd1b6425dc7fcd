//! What the page puts beside the run it shows: another run as a ghost, bands, a sweep, and changes that answer "what if".

use super::super::bands::{Bands, SEEDS};
use super::super::boundary::{
    BandRow, DifferenceRow, EditRow, NumberRow, RealityLine, RealityState, SweepPoint, SweepState,
};
use super::super::compare::compare;
use super::super::ghost::{Ghost, MAX_ENTRIES};
use super::super::lanes::is_container;
use super::super::live::Live;
use super::super::numbers::numbers;
use super::super::origin::Origin;
use super::super::outcome::{Outcome, outcomes};
use super::super::reality;
use super::super::sweep::{Answer, Sweep, answer, values};
use super::super::what_if::{self, WhatIf};
use super::super::why::subject;
use super::super::words::Subject;
use super::super::words::time::span;
use super::{Playground, instant, micros};
use crate::manifest::Severity;
use crate::time::{Duration, Instant};
use crate::trace::{Entry, LaneId, LaneKind, ProbeKind, What};

impl Playground<Live> {
    /// Keeps the run as it stands as a ghost beside the ones that follow. Without being asked to (`pin`), a pinned ghost
    /// stays, and so does the last one when this text has errors or the run is long. True when it was kept.
    pub fn keep(&mut self, pin: bool) -> bool {
        let sim = self.source.simulation();
        let pinned = self.ghost.as_ref().is_some_and(|g| g.pinned);
        let broken = self
            .source
            .simulation()
            .diagnostics()
            .iter()
            .any(|d| d.severity == Severity::Error);
        let long = sim.log().entries().len() > MAX_ENTRIES;
        if !pin && (pinned || broken || long || !sim.is_done()) {
            return false;
        }
        self.ghost = Some(Ghost::of(sim, self.places.text(), pin));
        true
    }

    /// Lets the ghost go; one that was pinned only when asked to.
    pub fn let_go(&mut self, pinned_too: bool) {
        if pinned_too || self.ghost.as_ref().is_some_and(|g| !g.pinned) {
            self.ghost = None;
        }
    }

    /// The text of the pinned run.
    pub fn pinned_text(&self) -> Option<String> {
        self.ghost
            .as_ref()
            .filter(|g| g.pinned && !g.text.is_empty())
            .map(|g| g.text.clone())
    }

    /// The ghost compared with this run, in numbers. Empty without one.
    pub fn differences(&self) -> Vec<DifferenceRow> {
        let Some(ghost) = self.ghost.as_ref().filter(|g| !g.outcomes.is_empty()) else {
            return Vec::new();
        };
        let now = outcomes(self.source.simulation());
        let rows = compare(&ghost.outcomes, &now).into_iter().map(|d| DifferenceRow {
            pod: d.pod,
            measure: d.measure.word().to_owned(),
            before: d.before,
            after: d.after,
            turn: d.turn.word().to_owned(),
            by: d.by,
        });
        rows.collect()
    }

    /// Computes the bands by at most so many events; true when there is nothing left to do.
    pub fn advance_bands(&mut self, max_events: u32) -> bool {
        if !self.source.simulation().is_done() {
            return true;
        }
        if self.bands.is_none() {
            self.bands = Bands::of(self.source.simulation());
        }
        self.bands.as_mut().is_none_or(|bands| bands.advance(max_events))
    }

    /// Between which instants an entry begins in the runs of other seeds.
    pub fn band(&self, entry: u32) -> Option<BandRow> {
        let range = self.bands.as_ref()?.of_entry(entry)?;
        Some(BandRow {
            earliest_us: micros(range.earliest),
            latest_us: micros(range.latest),
            seeds: SEEDS as u32,
        })
    }

    /// The numbers of the text that are worth a sweep.
    pub fn numbers(&self) -> Vec<NumberRow> {
        let loaded = self.source.simulation().loaded();
        let rows = numbers(loaded, self.places.text()).into_iter().map(|n| NumberRow {
            label: n.label,
            from: self.places.utf16(n.from),
            to: self.places.utf16(n.to),
            value: n.value as f64,
            unit: n.unit,
            written: n.written,
            least: n.range.0 as f64,
            most: n.range.1 as f64,
        });
        rows.collect()
    }

    /// Begins a sweep of the number at a position of [`Playground::numbers`]. False when there is no such number.
    pub fn sweep(&mut self, number: u32, from: f64, to: f64, step: f64) -> bool {
        let sim = self.source.simulation();
        let text = self.places.text();
        let Some(number) = numbers(sim.loaded(), text).into_iter().nth(number as usize) else {
            return false;
        };
        // Casts of floats saturate; negative values are no values of any of these fields.
        let whole = |x: f64| (x as i64).max(0);
        let list = values(whole(from), whole(to), whole(step));
        self.sweep = Some(Sweep::new(text, number, list, sim.setup().seed));
        true
    }

    /// Runs the sweep on by at most so many events, and says what has been found.
    pub fn advance_sweep(&mut self, max_events: u32) -> SweepState {
        let Some(sweep) = &mut self.sweep else {
            return SweepState {
                done: true,
                total: 0,
                answer: "none".to_owned(),
                low: None,
                high: None,
                points: Vec::new(),
            };
        };
        let done = sweep.advance(max_events);
        let (word, low, high) = match answer(sweep.points()) {
            Answer::None => ("none", None, None),
            Answer::All => ("all", None, None),
            Answer::From(low) => ("from", Some(low), None),
            Answer::To(high) => ("to", None, Some(high)),
            Answer::Between(low, high) => ("between", Some(low), Some(high)),
            Answer::Scattered(low) => ("scattered", Some(low), None),
        };
        let sum = |f: &dyn Fn(&Outcome) -> i64, pods: &[Outcome]| pods.iter().map(f).fold(0_i64, i64::saturating_add);
        let points = sweep.points().iter().map(|p| {
            let latest = |f: &dyn Fn(&Outcome) -> Option<Duration>| {
                let all: Option<Vec<Duration>> = p.pods.iter().map(f).collect();
                all.and_then(|all| all.into_iter().map(Duration::micros).max())
            };
            let ready = latest(&|o| o.ready);
            let stop = p.pods.iter().filter_map(|o| o.stop).map(Duration::micros).max();
            let unready = sum(&|o| o.unready.micros(), &p.pods);
            let text = |us: Option<i64>| us.map_or_else(|| "–".to_owned(), |us| span(Duration::from_micros(us)));
            SweepPoint {
                value: p.value as f64,
                safe: p.is_safe(),
                refused: p.refused,
                ready_us: ready.map(|us| us as f64),
                ready: text(ready),
                restarts: sum(&|o| o.restarts, &p.pods) as f64,
                unready_us: unready as f64,
                unready: text(Some(unready)),
                stop_us: stop.map(|us| us as f64),
                stop: text(stop),
                killed: sum(&|o| i64::from(o.killed), &p.pods) as f64,
            }
        });
        SweepState {
            done,
            total: u32::try_from(sweep.total()).unwrap_or(u32::MAX),
            answer: word.to_owned(),
            low: low.map(|v| v as f64),
            high: high.map(|v| v as f64),
            points: points.collect(),
        }
    }

    /// The change of the text that puts another value in the place of a number.
    pub fn put_number(&self, number: u32, value: f64) -> Option<EditRow> {
        let text = self.places.text();
        let loaded = self.source.simulation().loaded();
        let number = numbers(loaded, text).into_iter().nth(number as usize)?;
        Some(EditRow {
            from: self.places.utf16(number.from),
            to: self.places.utf16(number.to),
            text: format!(
                "{}{}{}{}",
                number.before,
                (value as i64).max(0),
                number.unit,
                number.after
            ),
            error: String::new(),
        })
    }

    /// The change of the text that answers "what if", or why there is none. `what` is `delete`, `kill`,
    /// `kubelet-restart`, `fail-startup`, `fail-liveness` or `fail-readiness`.
    pub fn what_if(&self, what: &str, at_us: f64, namespace: &str, pod: &str, container: &str) -> EditRow {
        let at = instant(at_us);
        let refused = |error: &str| EditRow {
            from: 0,
            to: 0,
            text: String::new(),
            error: error.to_owned(),
        };
        let whom = || (pod.to_owned(), container.to_owned());
        const IDLE: &str = "The container does not run at this instant.";
        let what = match what {
            "delete" => {
                if !self.deletable(pod, at) {
                    return refused("No Pod of this name can be deleted at this instant.");
                }
                let space = if matches!(namespace, "" | "default") {
                    String::new()
                } else {
                    format!(" -n {namespace}")
                };
                WhatIf::Run(format!("kubectl delete pod {pod}{space}"))
            }
            "kill" => {
                if self.age(pod, container, at).is_none() {
                    return refused(IDLE);
                }
                let (pod, container) = whom();
                WhatIf::Kill { pod, container }
            }
            "kubelet-restart" => WhatIf::KubeletRestart,
            "fail-startup" | "fail-liveness" | "fail-readiness" => {
                let (pod, container) = whom();
                let Some(age) = self.age(&pod, &container, at) else {
                    return refused(IDLE);
                };
                if what == "fail-startup" && self.started(&pod, &container, at - age, at) {
                    return refused("The startup probe has succeeded: it does not run again before a restart.");
                }
                let probe = match what {
                    "fail-startup" => ProbeKind::Startup,
                    "fail-liveness" => ProbeKind::Liveness,
                    _ => ProbeKind::Readiness,
                };
                let Some(written) = self.written(&pod) else {
                    return refused("The Pod is not written in this text.");
                };
                WhatIf::FailProbe {
                    written,
                    pod,
                    container,
                    probe,
                    age: age.micros(),
                }
            }
            _ => return refused("Nothing of this name can be made to happen."),
        };
        match what_if::make(self.places.text(), self.source.simulation().loaded(), at, &what) {
            Err(error) => refused(&error),
            Ok(edit) => {
                let from = edit.utf16(&self.places);
                EditRow {
                    from,
                    to: from,
                    text: edit.insert,
                    error: String::new(),
                }
            }
        }
    }

    /// Lays what a real cluster said beside the run, and draws it as the ghost.
    pub fn reality(&mut self, text: &str) -> RealityState {
        let sim = self.source.simulation();
        let names: Vec<String> = sim
            .record()
            .pods
            .iter()
            .map(|r| r.pod.metadata.name.to_string())
            .collect();
        let found = reality::read(text, &names).and_then(|observed| match reality::beside(sim, &observed) {
            Some(beside) => Ok((observed, beside)),
            None => Err("The run has no Pod to compare with.".to_owned()),
        });
        let (observed, beside) = match found {
            Ok(found) => found,
            Err(error) => {
                return RealityState {
                    error,
                    real: String::new(),
                    predicted: String::new(),
                    first: None,
                    lines: Vec::new(),
                };
            }
        };
        self.ghost = Some(reality::ghost(&observed, &beside.predicted));
        let us = |d: Option<Duration>| d.map(|d| d.micros() as f64);
        RealityState {
            error: String::new(),
            real: beside.real,
            predicted: beside.predicted,
            first: beside.first.and_then(|i| u32::try_from(i).ok()),
            lines: beside
                .lines
                .into_iter()
                .map(|l| RealityLine {
                    what: l.what,
                    real_us: us(l.real),
                    predicted_us: us(l.predicted),
                    verdict: l.verdict.word().to_owned(),
                })
                .collect(),
        }
    }

    /// How long the instance of a container that runs at an instant has been running.
    fn age(&self, pod: &str, container: &str, at: Instant) -> Option<Duration> {
        let entry = self.newest(at, |s, what| {
            let named = is_container(s.kind) && s.pod == Some(pod) && s.container == Some(container);
            named && matches!(what, What::Running { .. })
        })?;
        entry.end.is_none_or(|end| end > at).then(|| at - entry.at)
    }

    /// Whether a Pod is there at an instant, and not on its way out already.
    fn deletable(&self, pod: &str, at: Instant) -> bool {
        let row = self.newest(at, |s, what| {
            s.kind == LaneKind::Pod && s.name == pod && matches!(what, What::Status { .. })
        });
        row.is_some_and(|entry| {
            let leaving = matches!(&entry.what, What::Status { status, .. } if &**status == "Terminating");
            !leaving && entry.end.is_none_or(|end| end > at)
        })
    }

    /// Kind and name of what the text has of a Pod.
    fn written(&self, pod: &str) -> Option<(&'static str, String)> {
        let log = self.source.simulation().log();
        let mut lanes = log.lanes().iter().rev();
        let back = lanes.position(|l| l.kind == LaneKind::Pod && &*l.name == pod)?;
        let lane = LaneId(u32::try_from(log.lanes().len() - 1 - back).ok()?);
        let origin = Origin::of(log, lane)?;
        Some((origin.kind, origin.name.to_owned()))
    }

    /// Whether the startup probe of a container succeeded between two instants.
    fn started(&self, pod: &str, container: &str, from: Instant, to: Instant) -> bool {
        let verdict = self.newest(to, |s, what| {
            let named = s.pod == Some(pod) && s.container == Some(container);
            let kind = s.kind == LaneKind::Probe(ProbeKind::Startup);
            named && kind && matches!(what, What::ProbeVerdict { success: true, .. })
        });
        verdict.is_some_and(|entry| entry.at >= from)
    }

    /// The newest entry at or before an instant that fits.
    fn newest(&self, at: Instant, fits: impl Fn(Subject<'_>, &What) -> bool) -> Option<&Entry> {
        let log = self.source.simulation().log();
        let before = log.entries().partition_point(|e| e.at <= at);
        let mut entries = log.entries().get(..before).unwrap_or_default().iter().rev();
        entries.find(|e| subject(log, e.lane).is_some_and(|s| fits(s, &e.what)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  initContainers:
  - {name: migrate, image: busybox, command: [sh, -c, sleep 2]}
  containers:
  - name: app
    image: nginx
    startupProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
    livenessProbe: {httpGet: {path: /, port: 80}}
---
apiVersion: podscope/v1
kind: Scenario
spec:
  until: 3m
  steps:
  - {at: 2m, run: kubectl delete pod web}
";

    #[test]
    fn what_cannot_happen_at_an_instant_is_refused() {
        let mut playground = Playground::new(Live::default());
        playground.set_text(TEXT, 0.0);
        while !playground.advance(10_000).done {}
        let can = |what: &str, at: f64, container: &str| {
            playground
                .what_if(what, at * 1e6, "default", "web", container)
                .error
                .is_empty()
        };
        assert!(can("kill", 2.0, "migrate"));
        assert!(!can("kill", 60.0, "migrate"), "it has ended");
        assert!(!can("kill", 2.0, "app"), "it has not begun");
        assert!(can("kill", 60.0, "app"));
        assert!(can("fail-liveness", 60.0, "app"));
        assert!(!can("fail-startup", 60.0, "app"), "it has succeeded");
        assert!(can("delete", 60.0, "") && !can("delete", 150.0, ""), "it is gone");
        assert!(can("kubelet-restart", 150.0, ""));
    }
}
