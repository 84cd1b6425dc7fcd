//! How long a run is shown when the scenario does not say: long enough for its story, at least a minute.

use crate::api::scenario::Scenario;
use crate::api::workload::{CronJobSpec, DeploymentSpec, JobSpec};
use crate::api::{Loaded, Object, WorkloadKind};
use crate::controllers::schedule_of;
use crate::time::{Calendar, Duration, Instant};
use crate::trace::{Record, TraceLog, What};

/// A run without `until` is computed this far, and shown up to the end of its story.
const LONGEST_DEFAULT: Duration = Duration::from_secs(600);
/// And never less than this.
const SHORTEST_DEFAULT: Duration = Duration::from_secs(60);

/// So long a run goes on after what it waits for.
const AFTERWARDS: Duration = Duration::from_secs(60);

/// A second tick of a CronJob is waited for when it comes before this, a first one before that.
const SECOND_TICK: Duration = Duration::from_secs(2 * 3600);
const FIRST_TICK: Duration = Duration::from_secs(7 * 24 * 3600);

/// A deadline is waited for when it ends before this.
const DEADLINE: Duration = Duration::from_secs(1800);

/// How far a run without `until` is computed: ten minutes, or as long as its workloads need to show how they end. A stuck
/// Deployment has its deadline, a Job that fails its back-offs, a CronJob its second tick.
pub fn furthest(loaded: &Loaded, calendar: Calendar) -> Duration {
    let last_step = last_step(&loaded.scenario) - Instant::ZERO;
    let mut furthest = LONGEST_DEFAULT;
    for object in loaded.objects.iter().filter(|o| o.valid) {
        let Object::Workload { kind, .. } = object.object else {
            continue;
        };
        let Some(spec) = object.raw.get("spec") else { continue };
        let needed = match kind {
            WorkloadKind::Deployment => spec.decode::<DeploymentSpec>().ok().map(|spec| {
                let deadline = Duration::from_secs(spec.progress_deadline_seconds.unwrap_or(0).clamp(0, 86_400));
                (last_step + deadline, DEADLINE)
            }),
            WorkloadKind::Job => spec.decode::<JobSpec>().ok().map(|spec| (back_offs(&spec), DEADLINE)),
            WorkloadKind::CronJob => spec
                .decode::<CronJobSpec>()
                .ok()
                .and_then(|spec| ticks(&spec, calendar)),
            _ => None,
        };
        if let Some((needed, most)) = needed
            && needed <= most
        {
            furthest = furthest.max(needed + AFTERWARDS);
        }
    }
    furthest
}

/// How long all attempts of a failing Job take: 10 s after the first failure, doubled after each, at most 10 min.
fn back_offs(spec: &JobSpec) -> Duration {
    let failures = spec.backoff_limit.clamp(0, 64);
    let mut wait = Duration::from_secs(10);
    let mut all = Duration::ZERO;
    for _ in 0..failures {
        // A Pod that fails at once still takes some seconds.
        all = all + wait + Duration::from_secs(3);
        wait = (wait + wait).min(Duration::from_secs(600));
    }
    all
}

/// When a CronJob is due for the second time, or for the first when that is too far away.
fn ticks(spec: &CronJobSpec, calendar: Calendar) -> Option<(Duration, Duration)> {
    let schedule = schedule_of(spec).filter(|_| !spec.suspend)?;
    let start = calendar.unix(Instant::ZERO);
    let first = schedule.next(start)?;
    let second = schedule.next(first)?;
    let after = |unix: i64| calendar.instant(unix) - Instant::ZERO;
    Some(match after(second) {
        second if second <= SECOND_TICK => (second, SECOND_TICK),
        _ => (after(first), FIRST_TICK),
    })
}

fn last_step(scenario: &Scenario) -> Instant {
    let steps = scenario.spec.steps.iter().map(|s| s.at.instant());
    steps.max().unwrap_or(Instant::ZERO)
}

/// The end of the story: somewhat after the last change of a Pod, the last step, and the last new kind of thing.
pub fn choose(scenario: &Scenario, log: &TraceLog, record: &Record, furthest: Instant) -> Instant {
    let last_pod = record.pods.last().map_or(Instant::ZERO, |r| r.at);
    let last_entry = log
        .entries()
        .iter()
        .rev()
        .find(|e| !matches!(e.what, What::ProbeRun { .. } | What::Event { .. }))
        .map_or(Instant::ZERO, |e| e.at);
    let told = last_pod.max(last_step(scenario)).max(last_entry);
    // A tenth more, so that the last change does not stick to the edge, in whole steps of ten seconds.
    let shown = told + (told - Instant::ZERO).permille(100) + Duration::from_secs(10);
    let rounded = shown.ceil_to_grid(Instant::ZERO, Duration::from_secs(10));
    rounded.min(furthest).max(Instant::ZERO + SHORTEST_DEFAULT)
}
