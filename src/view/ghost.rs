//! Another run, kept to be compared with: the one before the last edit, or one that somebody pinned.

use std::rc::Rc;

use super::family::Family;
use super::outcome::{Outcome, outcomes};
use super::timeline::{Timeline, Track};
use crate::map::Map;
use crate::sim::Simulation;
use crate::time::Instant;
use crate::trace::{LaneId, LaneKind, TraceLog};

/// A run with more entries than this is not kept by every edit: copying it would be felt.
pub const MAX_ENTRIES: usize = 20_000;

/// A lane by what it shows and where: kinds and names from the outside in. What a workload owns has a name that changes
/// with the seed and with the template: its place among its siblings stands for it.
pub type LanePath = Vec<(LaneKind, Rc<str>)>;

/// The path of a lane.
pub fn path_of(log: &TraceLog, family: &Family, lane: LaneId) -> LanePath {
    let mut path: LanePath = super::lanes::outwards(log, lane)
        .filter_map(|id| {
            let lane = log.lanes().get(id.0 as usize)?;
            let owned = matches!(lane.kind, LaneKind::Pod | LaneKind::Workload(_)) && lane.parent.is_some();
            let ordinal = family.member(id).map(|m| m.ordinal).filter(|_| owned);
            Some((
                lane.kind,
                ordinal.map_or_else(|| lane.name.clone(), |n| format!("#{n}").into()),
            ))
        })
        .collect();
    path.reverse();
    path
}

/// All lanes by their path.
fn lanes_of(log: &TraceLog, family: &Family) -> Map<LanePath, LaneId> {
    let all = (0..log.lanes().len()).map(|index| {
        let lane = LaneId(u32::try_from(index).unwrap_or(u32::MAX));
        (path_of(log, family, lane), lane)
    });
    // Of two lanes of one name the first.
    all.rev().collect()
}

/// Another run.
#[derive(Clone, Debug)]
pub struct Ghost {
    /// Its index.
    pub(super) timeline: Timeline,
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
        let timeline = Timeline::of(log);
        Ghost {
            lanes: lanes_of(log, timeline.family()),
            timeline,
            until,
            outcomes: Vec::new(),
            pinned: true,
            text: String::new(),
        }
    }

    /// Keeps a run as it stands now.
    pub fn of(sim: &Simulation, text: &str, pinned: bool) -> Self {
        let log = sim.log();
        let timeline = Timeline::of(log);
        Ghost {
            lanes: lanes_of(log, timeline.family()),
            timeline,
            until: sim.until(),
            outcomes: outcomes(sim),
            pinned,
            text: text.to_owned(),
        }
    }

    /// What this run has on the lane that `lane` of another log is, and which lane that is here.
    pub fn track(&self, log: &TraceLog, family: &Family, lane: LaneId) -> Option<(&Track, LaneId)> {
        let here = *self.lanes.get(&path_of(log, family, lane))?;
        Some((self.timeline.track(here)?, here))
    }
}
