//! How long a run is shown when the scenario does not say: long enough for its story, at least a minute.

use crate::api::scenario::Scenario;
use crate::time::{Duration, Instant};
use crate::trace::{Record, TraceLog, What};

/// A run without `until` is computed this far, and shown up to the end of its story.
pub const LONGEST_DEFAULT: Duration = Duration::from_secs(600);
/// And never less than this.
pub const SHORTEST_DEFAULT: Duration = Duration::from_secs(60);

/// The end of the story: somewhat after the last change of a Pod, the last step, and the last new kind of thing.
pub fn choose(scenario: &Scenario, log: &TraceLog, record: &Record) -> Instant {
    let last_pod = record.pods.last().map_or(Instant::ZERO, |r| r.at);
    let last_step = scenario
        .spec
        .steps
        .iter()
        .map(|s| s.at.instant())
        .max()
        .unwrap_or(Instant::ZERO);
    let last_entry = log
        .entries()
        .iter()
        .rev()
        .find(|e| !matches!(e.what, What::ProbeRun { .. } | What::Event { .. }))
        .map_or(Instant::ZERO, |e| e.at);
    let told = last_pod.max(last_step).max(last_entry);
    // A tenth more, so that the last change does not stick to the edge, in whole steps of ten seconds.
    let shown = told + (told - Instant::ZERO).permille(100) + Duration::from_secs(10);
    let rounded = shown.ceil_to_grid(Instant::ZERO, Duration::from_secs(10));
    rounded.clamp(Instant::ZERO + SHORTEST_DEFAULT, Instant::ZERO + LONGEST_DEFAULT)
}
