//! What a run leaves behind, as plain data. The simulation fills it, the writers read it.

use std::rc::Rc;

use super::place::Placed;
use crate::api::{Pod, Workload};
use crate::time::{Calendar, Instant};
use crate::trace::bounds::LimitMet;
use crate::trace::{NodeRevision, SliceRevision};

/// A finished run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Profile: `1.36`.
    pub kubernetes: String,
    /// Seed of the run.
    pub seed: u64,
    /// Horizon.
    pub until: Instant,
    /// Calendar of the run.
    pub calendar: Calendar,
    /// What is said about the text.
    pub diagnostics: Vec<Placed>,
    /// Every revision of every Pod, in the order of the watch.
    pub pods: Vec<PodRevision>,
    /// Every revision of every workload, in the order of the watch.
    pub workloads: Vec<WorkloadRevision>,
    /// Every revision of every EndpointSlice, in the order of the watch.
    pub slices: Vec<SliceRevision>,
    /// Every revision of every Node that tells something, in the order of the watch.
    pub nodes: Vec<NodeRevision>,
    /// Every emission of an Event, in order.
    pub events: Vec<EventRow>,
    /// The `run` steps, in order of `at`, then of the text.
    pub console: Vec<ConsoleEntry>,
    /// The claims and whether they hold.
    pub expect: Vec<ExpectResult>,
    /// Bounds that were met, in order.
    pub limits: Vec<LimitMet>,
}

/// One watch event of a Pod.
#[derive(Clone, Debug, PartialEq)]
pub struct PodRevision {
    /// When it was written.
    pub at: Instant,
    /// What happened to the object.
    pub watch: WatchEvent,
    /// The Pod after the write; with `Deleted` as it was last.
    pub pod: Rc<Pod>,
}

/// One watch event of a workload.
#[derive(Clone, Debug)]
pub struct WorkloadRevision {
    /// When it was written.
    pub at: Instant,
    /// What happened to the object.
    pub watch: WatchEvent,
    /// The object after the write; with `Deleted` as it was last.
    pub object: Rc<Workload>,
}

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchEvent {
    /// It was stored.
    Added,
    /// It was changed.
    Modified,
    /// It is gone.
    Deleted,
}

impl WatchEvent {
    /// As the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            WatchEvent::Added => "ADDED",
            WatchEvent::Modified => "MODIFIED",
            WatchEvent::Deleted => "DELETED",
        }
    }
}

/// One emission of an Event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventRow {
    /// When.
    pub at: Instant,
    /// `Pod/web`.
    pub object: String,
    /// `spec.containers{app}`.
    pub field_path: Option<Rc<str>>,
    /// `Normal` or `Warning`.
    pub kind: &'static str,
    /// Reason.
    pub reason: Rc<str>,
    /// Message.
    pub message: Rc<str>,
    /// How often it was seen so far; none for events of the newer kind.
    pub count: Option<i64>,
    /// `kubelet`.
    pub component: Rc<str>,
}

/// One `run` step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsoleEntry {
    /// Its place in `steps`, from 0.
    pub step: usize,
    /// When the command began.
    pub at: Instant,
    /// The line.
    pub command: String,
    /// All it printed, both streams in the order of writing.
    pub output: String,
    /// Exit code; none while it runs.
    pub exit: Option<i32>,
}

/// A claim that was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectResult {
    /// Whether it holds.
    pub ok: bool,
    /// The claim in words.
    pub text: String,
    /// What was seen instead, or what made it true.
    pub why: String,
}
