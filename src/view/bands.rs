//! Where reality varies: the same text run with other seeds, and for each entry the earliest and the latest beginning.
//!
//! An entry is found again by its lane, by what it says, and by how often that has been said there before. What some of
//! the runs do not have has no band: there the story itself varies.

use std::rc::Rc;

use super::family::Family;
use super::ghost::{LanePath, path_of};
use crate::api::Loaded;
use crate::map::Map;
use crate::sim::{Options, Simulation};
use crate::sort;
use crate::time::Instant;
use crate::trace::{LaneId, TraceLog, What};

/// Seeds that are drawn: 1 to here.
pub const SEEDS: u64 = 16;

/// A run with more entries than this gets no bands.
const MAX_ENTRIES: usize = 20_000;

/// The earliest and the latest beginning of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Earliest.
    pub earliest: Instant,
    /// Latest.
    pub latest: Instant,
}

/// What an entry says, without its numbers.
type Said = (u8, Rc<str>, Rc<str>);

/// An entry in any run of the text: lane, what, and how often it was said before.
type Key = (u32, Said, u32);

/// The bands of a run, computed seed by seed.
#[derive(Clone, Debug)]
pub struct Bands {
    loaded: Rc<Loaded>,
    until: Instant,
    lanes: Map<LanePath, u32>,
    /// The entries of the run by their keys, sorted.
    keys: Vec<(Key, u32)>,
    ranges: Vec<Option<(Range, u64)>>,
    running: Option<Simulation>,
    done: u64,
}

/// What an entry says; `None` for what has no one beginning, as probe results in a row.
fn said(what: &What) -> Option<Said> {
    let none: Rc<str> = Rc::from("");
    let word = |n: u8, word: &str| Some((n, Rc::from(word), Rc::from("")));
    match what {
        What::Status { status, ready, .. } => Some((0, status.clone(), ready.clone())),
        What::Phase(phase) => Some((1, phase.clone(), none)),
        What::Condition { status, reason } => Some((2, status.clone(), reason.clone())),
        What::Volumes => word(3, ""),
        What::Sandbox { ready } => word(4, if *ready { "1" } else { "0" }),
        What::Creating => word(5, ""),
        What::Running { .. } => word(6, ""),
        What::Ended { reason, .. } => Some((7, reason.clone(), none)),
        What::Waiting { reason } => Some((8, reason.clone(), none)),
        What::Backoff { .. } => word(9, ""),
        What::Pulling { .. } => word(10, ""),
        What::Hook { stage } => Some((11, stage.clone(), none)),
        What::Grace { .. } => word(12, ""),
        What::ProbeVerdict { success, .. } => word(13, if *success { "1" } else { "0" }),
        What::Signal(name) => Some((14, name.clone(), none)),
        What::Exit { .. } => word(15, ""),
        What::Object(verb) => Some((16, verb.clone(), none)),
        What::Endpoint { ready, serving, .. } => {
            let word = match (ready, serving) {
                (true, _) => "1",
                (_, true) => "2",
                _ => "0",
            };
            Some((17, Rc::from(word), none))
        }
        What::Event { .. } | What::Step(_) | What::ProbeRun { .. } => None,
        What::Counts(counts) => Some((21, format!("{counts:?}").into(), none)),
        What::Scaled { from, to } => Some((22, format!("{from}-{to}").into(), none)),
        What::Turn => word(18, ""),
        What::Bound(node) => Some((19, node.clone(), none)),
        What::Decided(what) => Some((20, what.clone(), none)),
    }
}

/// Goes through a log and hands over each entry with its key.
fn each(log: &TraceLog, lanes: &mut Map<LanePath, u32>, mut take: impl FnMut(Key, u32, Instant)) {
    let family = Family::of(log);
    let numbers: Vec<u32> = (0..log.lanes().len())
        .map(|i| {
            let next = u32::try_from(lanes.len()).unwrap_or(u32::MAX);
            let lane = LaneId(u32::try_from(i).unwrap_or(u32::MAX));
            *lanes.entry(path_of(log, &family, lane)).or_insert(next)
        })
        .collect();
    let mut before: Map<(u32, Said), u32> = Map::default();
    for (id, entry) in log.entries().iter().enumerate() {
        let (Some(lane), Some(said)) = (numbers.get(entry.lane.0 as usize), said(&entry.what)) else {
            continue;
        };
        let count = before.entry((*lane, said.clone())).or_insert(0);
        let key = (*lane, said, *count);
        *count += 1;
        take(key, u32::try_from(id).unwrap_or(u32::MAX), entry.at);
    }
}

impl Bands {
    /// Begins to compute the bands of a finished run. `None` for a run that is too long for it.
    pub fn of(sim: &Simulation) -> Option<Self> {
        let log = sim.log();
        if log.entries().len() > MAX_ENTRIES || sim.setup().seed != 0 {
            return None;
        }
        let mut bands = Bands {
            loaded: sim.loaded().clone(),
            until: sim.until(),
            lanes: Map::default(),
            keys: Vec::new(),
            ranges: vec![None; log.entries().len()],
            running: None,
            done: 0,
        };
        let Bands {
            lanes, keys, ranges, ..
        } = &mut bands;
        each(log, lanes, |key, id, at| {
            keys.push((key, id));
            let range = Range {
                earliest: at,
                latest: at,
            };
            if let Some(slot) = ranges.get_mut(id as usize) {
                *slot = Some((range, 0));
            }
        });
        sort::sort_by(&mut bands.keys, |a, b| a.0.cmp(&b.0));
        Some(bands)
    }

    /// Whether every seed has been run.
    pub fn is_done(&self) -> bool {
        self.done >= SEEDS
    }

    /// Runs on by at most so many events; true when all is done.
    pub fn advance(&mut self, max_events: u32) -> bool {
        if self.is_done() {
            return true;
        }
        let mut sim = self.running.take().unwrap_or_else(|| {
            let options = Options {
                seed: Some(self.done + 1),
                until: Some(self.until - Instant::ZERO),
            };
            Simulation::of(self.loaded.clone(), &options)
        });
        if !sim.advance(max_events).done {
            self.running = Some(sim);
            return false;
        }
        let Bands {
            lanes, keys, ranges, ..
        } = self;
        each(sim.log(), lanes, |key, _, at| {
            let found = keys
                .binary_search_by(|(k, _)| k.cmp(&key))
                .ok()
                .and_then(|i| keys.get(i));
            let Some(Some((range, seen))) = found.and_then(|(_, id)| ranges.get_mut(*id as usize)) else {
                return;
            };
            range.earliest = range.earliest.min(at);
            range.latest = range.latest.max(at);
            *seen += 1;
        });
        self.done += 1;
        self.is_done()
    }

    /// The band of an entry, once all seeds have been run and all of them have it.
    pub fn of_entry(&self, entry: u32) -> Option<Range> {
        let (range, seen) = self.ranges.get(entry as usize).copied().flatten()?;
        (self.is_done() && seen >= SEEDS && range.latest > range.earliest).then_some(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_has_a_band_around_its_nominal_instant() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    \
                    image: busybox\n    command: [sh, -c, \"sleep 20; exit 1\"]\n";
        let mut sim = Simulation::new(text, &Options::default());
        sim.run();
        let mut bands = Bands::of(&sim).unwrap();
        let mut calls = 0;
        while !bands.advance(50) {
            calls += 1;
            assert!(calls < 10_000);
        }
        assert!(calls > 16, "it is computed in slices");
        let again = sim
            .log()
            .entries()
            .iter()
            .position(|e| matches!(e.what, What::Running { restarts: 1 }))
            .unwrap();
        let at = sim.log().entries()[again].at;
        let range = bands.of_entry(again as u32).unwrap();
        assert!(
            range.earliest < range.latest && range.earliest <= at && at <= range.latest,
            "{range:?} {at:?}"
        );
    }
}
