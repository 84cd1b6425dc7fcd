//! Another run, kept to be compared with: the one before the last edit, or one that somebody pinned.

use std::rc::Rc;

use super::outcome::{Outcome, outcomes};
use super::timeline::{Timeline, Track};
use crate::map::Map;
use crate::sim::Simulation;
use crate::time::Instant;
use crate::trace::{LaneId, LaneKind, TraceLog};

/// A run with more entries than this is not kept by every edit: copying it would be felt.
pub const MAX_ENTRIES: usize = 20_000;

/// A lane by what it shows and where: kinds and names from the outside in.
pub type LanePath = Vec<(LaneKind, Rc<str>)>;

/// The path of a lane.
pub fn path_of(log: &TraceLog, lane: LaneId) -> LanePath {
    let mut path: LanePath = super::lanes::outwards(log, lane)
        .filter_map(|id| log.lanes().get(id.0 as usize))
        .map(|lane| (lane.kind, lane.name.clone()))
        .collect();
    path.reverse();
    path
}

/// All lanes by their path.
fn lanes_of(log: &TraceLog) -> Map<LanePath, LaneId> {
    let mut lanes = Map::default();
    for index in 0..log.lanes().len() {
        let lane = LaneId(u32::try_from(index).unwrap_or(u32::MAX));
        lanes.entry(path_of(log, lane)).or_insert(lane);
    }
    lanes
}

/// Another run.
#[derive(Clone, Debug)]
pub struct Ghost {
    timeline: Timeline,
    lanes: Map<LanePath, LaneId>,
    /// Its horizon.
    pub until: Instant,
    /// How it went.
    pub outcomes: Vec<Outcome>,
    /// Whether somebody asked for it to be kept.
    pub pinned: bool,
    /// Its text.
    pub text: String,
}

impl Ghost {
    /// What was seen elsewhere: it is drawn, and has no numbers of its own.
    pub fn of_log(log: &TraceLog, until: Instant) -> Self {
        Ghost {
            timeline: Timeline::of(log),
            lanes: lanes_of(log),
            until,
            outcomes: Vec::new(),
            pinned: true,
            text: String::new(),
        }
    }

    /// Keeps a run as it stands now.
    pub fn of(sim: &Simulation, text: &str, pinned: bool) -> Self {
        let log = sim.log();
        Ghost {
            timeline: Timeline::of(log),
            lanes: lanes_of(log),
            until: sim.until(),
            outcomes: outcomes(sim),
            pinned,
            text: text.to_owned(),
        }
    }

    /// What this run has on the lane that `lane` of another log is.
    pub fn track(&self, log: &TraceLog, lane: LaneId) -> Option<&Track> {
        self.timeline.track(*self.lanes.get(&path_of(log, lane))?)
    }
}
