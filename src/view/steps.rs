//! Walking the run: the next and the previous thing that happens, and the next surprise.

use super::timeline::{OPEN, Role, Timeline, result_at};
use crate::time::Instant;
use crate::trace::{Entry, LaneKind, Rule, TraceLog, What};

/// Whether nobody would have planned this: a kill, a restart, a failed verdict, a back-off, memory.
pub fn is_surprise(entry: &Entry) -> bool {
    match &entry.what {
        What::Running { restarts } => *restarts > 0 && entry.cause.rule != Rule::Step,
        What::Ended { code, .. } | What::Exit { code } => *code != 0,
        What::ProbeVerdict { success, .. } => !success,
        What::Waiting { reason } => !matches!(&**reason, "ContainerCreating" | "PodInitializing"),
        What::Backoff { .. } => true,
        What::Signal(_) => matches!(
            entry.cause.rule,
            Rule::ProbeKill { .. }
                | Rule::PostStartFailed
                | Rule::GraceOver { .. }
                | Rule::DeadlineExceeded { .. }
                | Rule::OutOfMemory
        ),
        _ => matches!(
            entry.cause.rule,
            Rule::OutOfMemory
                | Rule::StartFailed
                | Rule::ConfigMissing
                | Rule::SchedulerNoFit
                | Rule::ImagePullFailed { .. }
                | Rule::PostStartFailed
                | Rule::DeadlineExceeded { .. }
                | Rule::NodeSilent { .. }
                | Rule::TaintEvicted { .. }
                | Rule::SandboxChanged
                | Rule::AllContainersRestart
                | Rule::KubeletRejected
                | Rule::NodePressure
                | Rule::MirrorStored
                | Rule::CriticalPodRoom
                | Rule::NodeShutdown
                | Rule::PodGc
                | Rule::Fault
        ),
    }
}

/// When the next (`forward`) or previous thing happens, strictly after or before `at`: an entry begins, or a probe has
/// a result.
pub fn step(log: &TraceLog, timeline: &Timeline, at: Instant, forward: bool) -> Option<Instant> {
    let entries = log.entries();
    let entry = if forward {
        entries.get(entries.partition_point(|e| e.at <= at))
    } else {
        entries.get(entries.partition_point(|e| e.at < at).wrapping_sub(1))
    };
    let results = log.lanes().iter().zip(timeline.tracks()).filter_map(|(lane, track)| {
        matches!(lane.kind, LaneKind::Probe(_)).then_some(())?;
        let us = at.micros();
        // The runs of a probe follow each other: the one before, the one around and the one after are enough.
        let here = track.bars.partition_point(|b| b.start <= us);
        let bars = track.bars.get(here.saturating_sub(2)..track.bars.len().min(here + 1))?;
        let near = bars.iter().filter(|b| b.role == Role::Probes && b.end != OPEN);
        let times = near.filter_map(|bar| {
            let What::ProbeRun { count, .. } = entries.get(bar.entry as usize)?.what else {
                return None;
            };
            let gaps = i64::from(count.saturating_sub(1)).max(1);
            let step = (bar.end.saturating_sub(bar.start) / gaps).max(1);
            let index = (us.saturating_sub(bar.start) / step).clamp(0, gaps);
            let near = (index.saturating_sub(2)..=index.saturating_add(2)).filter_map(|i| u32::try_from(i).ok());
            let times = near
                .filter(|i| *i < count)
                .map(|i| result_at(bar.start, bar.end, count, i));
            if forward {
                times.filter(|t| *t > us).min()
            } else {
                times.filter(|t| *t < us).max()
            }
        });
        if forward { times.min() } else { times.max() }
    });
    let all = entry.map(|e| e.at).into_iter().chain(results.map(Instant::from_micros));
    if forward { all.min() } else { all.max() }
}

/// When the next (`forward`) or previous surprise happens, strictly after or before `at`.
pub fn surprise(log: &TraceLog, at: Instant, forward: bool) -> Option<Instant> {
    let entries = log.entries();
    if forward {
        let first = entries.partition_point(|e| e.at <= at);
        entries.get(first..)?.iter().find(|e| is_surprise(e)).map(|e| e.at)
    } else {
        let last = entries.partition_point(|e| e.at < at);
        entries.get(..last)?.iter().rfind(|e| is_surprise(e)).map(|e| e.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Cause, ProbeKind};

    fn log() -> TraceLog {
        let mut log = TraceLog::new();
        let web = log.lane(LaneKind::Container, None, "web");
        let probe = log.lane(LaneKind::Probe(ProbeKind::Liveness), Some(web), "");
        let tick = || Cause::of(Rule::RelistSaw { on_demand: false });
        log.begin(web, Instant::from_secs(1), What::Running { restarts: 0 }, tick());
        let run = What::ProbeRun {
            success: true,
            count: 1,
            output: "".into(),
        };
        let id = log.begin(probe, Instant::from_secs(5), run, tick());
        for s in [10, 15, 20] {
            log.repeat(id, Instant::from_secs(s));
        }
        log.begin(
            web,
            Instant::from_secs(18),
            What::Ended {
                code: 1,
                reason: "Error".into(),
            },
            tick(),
        );
        log.begin(web, Instant::from_secs(18), What::Running { restarts: 1 }, tick());
        log
    }

    #[test]
    fn steps_visit_entries_and_results_once_in_both_directions() {
        let log = log();
        let timeline = Timeline::of(&log);
        let walk = |mut at: i64, forward: bool| {
            let mut seen = Vec::new();
            while let Some(next) = step(&log, &timeline, Instant::from_secs(at), forward) {
                at = next.secs();
                seen.push(at);
            }
            seen
        };
        assert_eq!(walk(0, true), [1, 5, 10, 15, 18, 20]);
        assert_eq!(walk(30, false), [20, 18, 15, 10, 5, 1]);
    }

    #[test]
    fn surprises_are_found_in_both_directions() {
        let log = log();
        assert_eq!(surprise(&log, Instant::ZERO, true), Some(Instant::from_secs(18)));
        assert_eq!(surprise(&log, Instant::from_secs(18), true), None);
        assert_eq!(
            surprise(&log, Instant::from_secs(60), false),
            Some(Instant::from_secs(18))
        );
        assert_eq!(surprise(&log, Instant::from_secs(18), false), None);
    }
}
