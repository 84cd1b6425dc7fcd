//! A run of a text: the *frontier* that computes the future, and the *present* that is stepped through it.

use std::rc::Rc;

use super::cluster::Cluster;
use super::horizon;
use super::livelock::busiest;
use super::setup::{Options, cluster_of, setup_of};
use crate::api::{Loaded, load};
use crate::machine::Setup;
use crate::manifest::{Diagnostic, Range, Severity};
use crate::time::Instant;
use crate::trace::bounds::{Bound, EVENTS, LIVELOCK, LimitMet, MEMORY, WORK};
use crate::trace::{Mark, Record, TraceLog};

/// How far something has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Whether the end, or the target, is reached.
    pub done: bool,
    /// The instant that is reached.
    pub at: Instant,
}

/// Bytes of an entry of the trace, of its texts and of what is drawn of it.
const ENTRY_BYTES: u64 = 200;
/// Checkpoints that are kept at most; when there are more, every second one goes.
const MAX_CHECKPOINTS: usize = 64;
/// A checkpoint is made after so many events at first.
const CHECKPOINT_EVENTS: u64 = 400;

#[derive(Clone, Debug)]
struct Checkpoint {
    mark: Mark,
    cluster: Cluster,
}

/// A run of a text.
#[derive(Clone, Debug)]
pub struct Simulation {
    loaded: Rc<Loaded>,
    setup: Rc<Setup>,
    until: Instant,
    open_end: bool,
    log: TraceLog,
    record: Record,
    frontier: Cluster,
    events: u64,
    done: bool,
    stopped: Option<Diagnostic>,
    checkpoints: Vec<Checkpoint>,
    checkpoint_every: u64,
    keep_checkpoints: bool,
    present: Option<(Cluster, TraceLog)>,
}

impl Simulation {
    /// Loads a text and stands at t = 0. Nothing is played yet.
    pub fn new(text: &str, options: &Options) -> Self {
        Simulation::of(Rc::new(load(text)), options)
    }

    /// The same for a text that is loaded already.
    pub fn of(loaded: Rc<Loaded>, options: &Options) -> Self {
        let setup = Rc::new(setup_of(&loaded.scenario, options));
        let asked = options.until.or(loaded.scenario.spec.until.map(|s| s.0));
        let open_end = asked.is_none();
        let until = Instant::ZERO + asked.unwrap_or_else(|| horizon::furthest(&loaded, setup.calendar));
        let mut log = TraceLog::new();
        let mut record = Record::default();
        let mut frontier = cluster_of(&loaded, setup.clone(), &mut log, &mut record);
        frontier.flush(&mut log, &mut record);
        let start = Checkpoint {
            mark: log.mark(),
            cluster: frontier.clone(),
        };
        Simulation {
            loaded,
            setup,
            until,
            open_end,
            log,
            record,
            frontier,
            events: 0,
            done: false,
            stopped: None,
            checkpoints: vec![start],
            checkpoint_every: CHECKPOINT_EVENTS,
            keep_checkpoints: false,
            present: None,
        }
    }

    /// Keeps checkpoints, so that the present can be restored anywhere.
    pub fn with_checkpoints(mut self) -> Self {
        self.keep_checkpoints = true;
        self
    }

    /// Plays at most `max_events` of the future.
    pub fn advance(&mut self, max_events: u32) -> Progress {
        for _ in 0..max_events {
            if self.done
                || self
                    .frontier
                    .step(&mut self.log, &mut self.record, self.until)
                    .is_none()
            {
                self.finish();
                break;
            }
            self.events += 1;
            if let Some((bound, used)) = self.bound_met() {
                self.stop(bound, used);
                break;
            }
            if self.keep_checkpoints && self.events.is_multiple_of(self.checkpoint_every) {
                self.checkpoint();
            }
        }
        Progress {
            done: self.done,
            at: if self.done { self.until } else { self.frontier.now },
        }
    }

    /// Plays the whole future.
    pub fn run(&mut self) {
        while !self.advance(1_000_000).done {}
    }

    fn finish(&mut self) {
        if self.done {
            return;
        }
        self.done = true;
        if self.open_end {
            self.until = horizon::choose(&self.loaded.scenario, &self.log, &self.record, self.until);
        }
        self.frontier.now = self.until;
    }

    /// The bound of the run as a whole that is met now.
    fn bound_met(&self) -> Option<(&'static Bound, u64)> {
        let used = self.frontier.queue.used();
        let bytes = used.bytes + u64::from(self.log.mark().entries) * ENTRY_BYTES;
        let all = [
            (&LIVELOCK, u64::from(self.frontier.at_once)),
            (&EVENTS, self.events),
            (&WORK, used.steps),
            (&MEMORY, bytes),
        ];
        all.into_iter().find(|(bound, used)| *used >= bound.most)
    }

    fn stop(&mut self, bound: &'static Bound, used: u64) {
        self.done = true;
        self.until = self.frontier.now;
        let (code, at, most) = (bound.id, self.frontier.now, bound.most);
        let message = match code {
            "livelock" => format!("the simulation does not get past {at}: {}", busiest(&self.frontier)),
            _ => format!(
                "stopped at {at}: {most} {} is the most for {}",
                bound.unit.as_str(),
                bound.counts
            ),
        };
        self.record.meet(LimitMet {
            at,
            bound,
            used,
            object: "".into(),
        });
        let range = Range::default();
        let severity = Severity::Error;
        self.stopped = Some(Diagnostic {
            severity,
            code,
            message,
            range,
            path: String::new(),
            fixes: Vec::new(),
        });
    }

    fn checkpoint(&mut self) {
        self.checkpoints.push(Checkpoint {
            mark: self.log.mark(),
            cluster: self.frontier.clone(),
        });
        if self.checkpoints.len() > MAX_CHECKPOINTS {
            let mut number = 0;
            self.checkpoints.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.checkpoint_every *= 2;
        }
    }

    /// Whether the whole future is known.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The horizon. Once the future is known, the end that was chosen.
    pub fn until(&self) -> Instant {
        self.until
    }

    /// Events played.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The loaded text.
    pub fn loaded(&self) -> &Rc<Loaded> {
        &self.loaded
    }

    /// What is fixed for the run.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The trace so far.
    pub fn log(&self) -> &TraceLog {
        &self.log
    }

    /// The record so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The cluster as far as the future is known.
    pub fn frontier(&self) -> &Cluster {
        &self.frontier
    }

    /// What is said about the text, and about the run as far as it has come.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut list = self.loaded.diagnostics.clone();
        super::notes::add(&mut list, &self.loaded, &self.frontier);
        list.extend(self.stopped.clone());
        list
    }

    /// The cluster at the instant the present was stepped to; t = 0 before.
    pub fn present(&self) -> &Cluster {
        match (&self.present, self.checkpoints.first()) {
            (Some((cluster, _)), _) => cluster,
            (None, Some(start)) => &start.cluster,
            (None, None) => &self.frontier,
        }
    }

    /// Steps the present to `target`, restoring a checkpoint to go back or far ahead. At most `max_events` are played;
    /// the entries that were passed come back as positions in the trace.
    pub fn tick(&mut self, target: Instant, max_events: u32) -> (Progress, Mark, Mark) {
        let limit = if self.done { self.until } else { self.frontier.now };
        let target = target.min(limit).max(Instant::ZERO);
        let here = self.present.as_ref().map(|(c, log)| (c.now, log.mark()));
        let best = self.checkpoints.iter().rev().find(|c| c.cluster.now <= target);
        let restore = match (here, best) {
            (Some((now, mark)), Some(best)) => now > target || best.mark.entries > mark.entries,
            _ => true,
        };
        if restore && let Some(best) = best.or(self.checkpoints.first()) {
            self.present = Some((best.cluster.clone(), TraceLog::muted(best.mark)));
        }
        let mut muted = Record {
            muted: true,
            ..Record::default()
        };
        let Some((cluster, log)) = self.present.as_mut() else {
            return (
                Progress {
                    done: true,
                    at: Instant::ZERO,
                },
                Mark::default(),
                Mark::default(),
            );
        };
        let from = here.map_or(log.mark(), |h| h.1);
        let mut done = false;
        for _ in 0..max_events {
            if cluster.step(log, &mut muted, target).is_none() {
                cluster.now = target;
                done = true;
                break;
            }
        }
        (Progress { done, at: cluster.now }, from, log.mark())
    }
}
