//! The trace, indexed for drawing: per lane its slices and instants in order of time, the effects of each entry, and
//! the entries each field shapes.
//!
//! The log only grows, but open slices get their end later and probe runs get longer. So the index follows the log
//! with [`Timeline::update`], which looks again at what was not settled and reads only what is new otherwise.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::family::Family;
use super::lanes::LaneOrder;
use super::layout::style::{Shape, Style, failure_of, shape_of, style_of, tick_of};
use super::origin::{self, Origin};
use crate::api::WorkloadKind;
use crate::trace::{Field, FieldBase, LaneId, TraceLog, What};

/// End of a slice that is still open.
pub const OPEN: i64 = i64::MAX;

/// A slice, as small as drawing needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Start in microseconds.
    pub start: i64,
    /// End in microseconds, or [`OPEN`].
    pub end: i64,
    /// The entry.
    pub entry: u32,
    /// Its style.
    pub style: Style,
    /// What decides how it is drawn.
    pub role: Role,
}

/// How a slice is drawn in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A bar that fills the row.
    Main,
    /// A thin strip below the bars: a back-off window, which lasts while other things happen.
    Under,
    /// A thin line: a container that has ended well and has nothing more to say.
    Tail,
    /// Probe results: ticks, or a band.
    Probes,
    /// The counts of a workload: a step of its staircase.
    Counts,
}

/// An instant, as small as drawing needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// When, in microseconds.
    pub at: i64,
    /// The entry.
    pub entry: u32,
    /// Its style.
    pub style: Style,
    /// Its shape.
    pub shape: Shape,
}

/// What one lane holds, in order of time.
#[derive(Clone, Debug, Default)]
pub struct Track {
    /// Slices by start.
    pub bars: Vec<Bar>,
    /// Instants by time.
    pub spots: Vec<Spot>,
    /// For each bar the furthest end of it and all before it, so that a search finds long bars that began early.
    reach: Vec<i64>,
    /// All bars before this one have an end that will not change.
    settled: usize,
}

impl Track {
    /// Nothing was ever said on this lane.
    pub fn is_empty(&self) -> bool {
        self.bars.is_empty() && self.spots.is_empty()
    }

    /// The bars that may touch `from..=to`.
    pub fn bars_in(&self, from: i64, to: i64) -> &[Bar] {
        let first = self.reach.partition_point(|reach| *reach < from);
        let last = self.bars.partition_point(|bar| bar.start <= to);
        self.bars.get(first..last).unwrap_or(&[])
    }

    /// The instants in `from..=to`.
    pub fn spots_in(&self, from: i64, to: i64) -> &[Spot] {
        let first = self.spots.partition_point(|spot| spot.at < from);
        let last = self.spots.partition_point(|spot| spot.at <= to);
        self.spots.get(first..last).unwrap_or(&[])
    }

    /// Reads the ends of unsettled bars again and restores the invariants behind [`Track::bars_in`].
    fn settle(&mut self, log: &TraceLog) {
        let mut first_open = None;
        let mut reach = match self.settled.checked_sub(1) {
            Some(i) => self.reach.get(i).copied().unwrap_or(i64::MIN),
            None => i64::MIN,
        };
        self.reach.truncate(self.settled);
        let count = self.bars.len();
        for (i, bar) in self.bars.iter_mut().enumerate().skip(self.settled) {
            // The last run of a probe has an end and still grows; the last back-off may end before its time.
            let growing = matches!(bar.role, Role::Probes | Role::Under) && i + 1 == count;
            if let Some(entry) = log.entries().get(bar.entry as usize) {
                bar.end = end_of(entry, bar.role);
            }
            if (bar.end == OPEN || growing) && first_open.is_none() {
                first_open = Some(i);
            }
            reach = reach.max(bar.end);
            self.reach.push(reach);
        }
        self.settled = first_open.unwrap_or(count);
    }
}

fn end_of(entry: &crate::trace::Entry, role: Role) -> i64 {
    match (entry.end, role) {
        (Some(end), _) => end.micros().max(entry.at.micros()),
        // A run with one result has no end yet: it is as long as that result, which is no time at all.
        (None, Role::Probes) => entry.at.micros(),
        (None, _) => OPEN,
    }
}

/// A field of one object of the text (or of the scenario), as a key. All Pods of one template share their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldKey {
    /// The lane of the Pod or of the outermost workload; `None` for the scenario.
    object: Option<LaneId>,
    /// The nearest workload, where the base is its spec.
    nearest: Option<WorkloadKind>,
    base: (u8, u16),
    /// The path below the base.
    pub path: &'static str,
}

impl FieldKey {
    /// The key of `field` of an entry on `lane`.
    pub fn new(log: &TraceLog, lane: LaneId, field: &Field) -> Self {
        let base = match field.base {
            FieldBase::PodSpec => (0, 0),
            FieldBase::Workload => (5, 0),
            FieldBase::Container(i) => (1, i),
            FieldBase::InitContainer(i) => (2, i),
            FieldBase::Step(i) => (3, i),
            FieldBase::Scenario => (4, 0),
        };
        let nearest = match field.base {
            FieldBase::Workload => origin::nearest_workload(log, lane),
            _ => None,
        };
        FieldKey {
            object: origin::lane_of(log, lane),
            nearest,
            base,
            path: field.path,
        }
    }

    /// The object it is a field of.
    pub fn origin<'a>(&self, log: &'a TraceLog) -> Option<Origin<'a>> {
        Origin::at(log, self.object?, self.nearest)
    }

    /// The field again.
    pub fn field(&self) -> Field {
        let base = match self.base {
            (0, _) => FieldBase::PodSpec,
            (5, _) => FieldBase::Workload,
            (1, i) => FieldBase::Container(i),
            (2, i) => FieldBase::InitContainer(i),
            (3, i) => FieldBase::Step(i),
            _ => FieldBase::Scenario,
        };
        Field { base, path: self.path }
    }
}

/// No entry, in the linked lists of effects.
const NONE: u32 = u32::MAX;

/// The index of one log. A new text makes a new one.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    tracks: Vec<Track>,
    lane_count: usize,
    entry_count: usize,
    /// Made when it is asked for: while a run is computed, nobody looks at every step.
    order: OnceCell<LaneOrder>,
    family: Family,
    first_effect: Vec<u32>,
    last_effect: Vec<u32>,
    next_effect: Vec<u32>,
    fields: BTreeMap<FieldKey, Vec<u32>>,
}

impl Timeline {
    /// The index of everything that `log` holds now.
    pub fn of(log: &TraceLog) -> Self {
        let mut timeline = Timeline::default();
        timeline.update(log);
        timeline
    }

    /// Follows the log to where it stands now. The log must be the one that was given before, or longer.
    pub fn update(&mut self, log: &TraceLog) {
        let (lanes, entries) = (log.lanes(), log.entries());
        self.tracks.resize_with(lanes.len(), Track::default);
        self.family.add_lanes(log);
        for (i, entry) in entries.iter().enumerate().skip(self.entry_count) {
            let id = i as u32;
            self.link(id, entry.cause.because_of.map(|e| e.0));
            self.family.add_entry(log, id, entry);
            for field in &entry.cause.fields {
                let key = FieldKey::new(log, entry.lane, field);
                self.fields.entry(key).or_default().push(id);
            }
            let lane = entry.lane.0 as usize;
            let of_lane = lanes.get(lane).map(|l| (l.kind, &*l.name));
            let (Some(track), Some((kind, name))) = (self.tracks.get_mut(lane), of_lane) else {
                continue;
            };
            let style = failure_of(name, &entry.what).unwrap_or_else(|| style_of(kind, &entry.what));
            if entry.slice {
                let role = match entry.what {
                    What::Backoff { .. } => Role::Under,
                    What::ProbeRun { .. } => Role::Probes,
                    What::Ended { code: 0, .. } => Role::Tail,
                    What::Counts(_) => Role::Counts,
                    _ => Role::Main,
                };
                track.bars.push(Bar {
                    start: entry.at.micros(),
                    end: end_of(entry, role),
                    entry: id,
                    style,
                    role,
                });
            } else {
                let decided = matches!(entry.what, What::Decided(_));
                let tick = tick_of(&entry.cause.rule).filter(|_| decided);
                let (shape, style) = tick.unwrap_or((shape_of(&entry.what), style));
                track.spots.push(Spot {
                    at: entry.at.micros(),
                    entry: id,
                    style,
                    shape,
                });
            }
        }
        let grown = self.lane_count != lanes.len() || self.entry_count != entries.len();
        self.entry_count = entries.len();
        self.lane_count = lanes.len();
        for track in &mut self.tracks {
            track.settle(log);
        }
        if grown {
            self.order = OnceCell::new();
        }
    }

    fn link(&mut self, id: u32, cause: Option<u32>) {
        self.first_effect.push(NONE);
        self.last_effect.push(NONE);
        self.next_effect.push(NONE);
        // A cause is always earlier; anything else would be a loop, and is left out.
        let Some(cause) = cause.filter(|c| *c < id).map(|c| c as usize) else {
            return;
        };
        match self.last_effect.get(cause).copied() {
            Some(NONE) => {
                if let Some(first) = self.first_effect.get_mut(cause) {
                    *first = id;
                }
            }
            Some(last) => {
                if let Some(next) = self.next_effect.get_mut(last as usize) {
                    *next = id;
                }
            }
            None => return,
        }
        if let Some(last) = self.last_effect.get_mut(cause) {
            *last = id;
        }
    }

    /// The track of a lane.
    pub fn track(&self, lane: LaneId) -> Option<&Track> {
        self.tracks.get(lane.0 as usize)
    }

    /// All tracks, by lane.
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// The lanes as they are drawn. The log must be the one that was followed.
    pub fn order(&self, log: &TraceLog) -> &LaneOrder {
        self.order
            .get_or_init(|| LaneOrder::of(log, &self.tracks, &self.family))
    }

    /// Who belongs to whom.
    pub fn family(&self) -> &Family {
        &self.family
    }

    /// The entries that say they follow from `entry`, in order.
    pub fn effects(&self, entry: u32) -> impl Iterator<Item = u32> + '_ {
        let mut next = self.first_effect.get(entry as usize).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let id = (next != NONE).then_some(next)?;
            next = self.next_effect.get(id as usize).copied().unwrap_or(NONE);
            Some(id)
        })
    }

    /// Every field that shaped something, with the entries it shaped.
    pub fn fields(&self) -> &BTreeMap<FieldKey, Vec<u32>> {
        &self.fields
    }
}

/// The times of the results in a run of `count` equal results from `start` to `end`, evenly spaced, as positions
/// `0..count`.
pub fn result_at(start: i64, end: i64, count: u32, index: u32) -> i64 {
    if count < 2 {
        return start;
    }
    let span = i128::from(end) - i128::from(start);
    let offset = span * i128::from(index.min(count - 1)) / i128::from(count - 1);
    i64::try_from(i128::from(start) + offset).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Instant;
    use crate::trace::{Cause, EntryId, LaneKind, Rule};

    fn at(s: i64) -> Instant {
        Instant::from_secs(s)
    }

    #[test]
    fn long_bars_that_began_early_are_found() {
        let mut log = TraceLog::new();
        let lane = log.lane(LaneKind::Container, None, "web");
        let long = log.begin(
            lane,
            at(0),
            What::Running { restarts: 0 },
            Cause::of(Rule::ContainerStarted),
        );
        for s in 1..50 {
            let id = log.begin(lane, at(s), What::Creating, Cause::of(Rule::ContainerStarted));
            log.end(id, at(s));
        }
        let mut timeline = Timeline::of(&log);
        let hits = |t: &Timeline, from: i64, to: i64| {
            t.track(lane)
                .map_or(0, |track| track.bars_in(from * 1_000_000, to * 1_000_000).len())
        };
        assert_eq!(hits(&timeline, 40, 42), 43, "the open bar reaches everywhere");
        log.end(long, at(45));
        timeline.update(&log);
        assert_eq!(hits(&timeline, 46, 47), 2);
        assert_eq!(hits(&timeline, 60, 70), 0);
    }

    #[test]
    fn growing_probe_runs_are_followed() {
        let mut log = TraceLog::new();
        let lane = log.lane(LaneKind::Container, None, "web");
        let run = What::ProbeRun {
            success: true,
            count: 1,
            output: "".into(),
        };
        let id = log.begin(lane, at(1), run, Cause::of(Rule::RelistSaw { on_demand: false }));
        let mut timeline = Timeline::of(&log);
        log.repeat(id, at(11));
        timeline.update(&log);
        assert_eq!(
            timeline.track(lane).map(|t| t.bars_in(at(11).micros(), OPEN).len()),
            Some(1)
        );
    }

    #[test]
    fn effects_are_in_order_and_loops_are_left_out() {
        let mut log = TraceLog::new();
        let lane = log.lane(LaneKind::Steps, None, "");
        let say = |log: &mut TraceLog, because: Option<u32>| {
            log.instant(
                lane,
                at(0),
                What::Step("x".into()),
                Cause::of(Rule::Step).after(because.map(EntryId)),
            )
        };
        say(&mut log, Some(0));
        say(&mut log, Some(0));
        say(&mut log, Some(1));
        say(&mut log, Some(0));
        let timeline = Timeline::of(&log);
        assert_eq!(timeline.effects(0).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(timeline.effects(1).collect::<Vec<_>>(), [2]);
        assert_eq!(timeline.effects(9).count(), 0);
    }

    #[test]
    fn results_are_evenly_spaced() {
        assert_eq!(
            (0..3).map(|i| result_at(46, 56, 3, i)).collect::<Vec<_>>(),
            [46, 51, 56]
        );
        assert_eq!(result_at(7, 7, 1, 0), 7);
        assert_eq!(result_at(i64::MIN, i64::MAX, 2, 1), i64::MAX);
    }
}
