//! What a watcher of the API would have seen: every revision of every Pod, every event, every command of a step.
//!
//! Like the log it lies outside the cluster and only grows.

use std::rc::Rc;

use super::bounds::LimitMet;
use super::{EntryId, LaneId, PodLanes, SliceRevision};
use crate::api::Workload;
use crate::api::pod::Pod;
use crate::manifest::Value;
use crate::time::Instant;

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Nothing is kept.
    pub muted: bool,
    /// Pod revisions of the step being played. The engine draws them and then keeps or drops them.
    pub fresh: Vec<PodRevision>,
    /// Pod revisions in order.
    pub pods: Vec<PodRevision>,
    /// Workload revisions of the step being played, in the same way.
    pub fresh_workloads: Vec<WorkloadRevision>,
    /// Workload revisions in order.
    pub workloads: Vec<WorkloadRevision>,
    /// EndpointSlice revisions in order.
    pub slices: Vec<SliceRevision>,
    /// Node revisions in order.
    pub nodes: Vec<NodeRevision>,
    /// Event emissions in order.
    pub events: Vec<EventRow>,
    /// Commands of steps, in the order in which they began.
    pub console: Vec<ConsoleEntry>,
    /// Bounds that were met, each once for an object.
    pub limits: Vec<LimitMet>,
}

/// Bounds that are told at most.
const MAX_LIMITS: usize = 1_000;

impl Record {
    /// Notes that a bound was met.
    pub fn meet(&mut self, met: LimitMet) {
        let known = |l: &LimitMet| l.bound.id == met.bound.id && l.object == met.object;
        if !self.muted && self.limits.len() < MAX_LIMITS && !self.limits.iter().any(known) {
            self.limits.push(met);
        }
    }
}

/// What happened to a watched object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchKind {
    /// Stored.
    Added,
    /// Changed.
    Modified,
    /// Gone.
    Deleted,
}

impl WatchKind {
    /// As the watch says it.
    pub fn as_str(self) -> &'static str {
        match self {
            WatchKind::Added => "ADDED",
            WatchKind::Modified => "MODIFIED",
            WatchKind::Deleted => "DELETED",
        }
    }
}

/// One watch event of a Pod.
#[derive(Clone, Debug)]
pub struct PodRevision {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: WatchKind,
    /// Number of the Pod's creation.
    pub uid: u32,
    /// Its lanes.
    pub lanes: Rc<PodLanes>,
    /// The Pod as it stood then.
    pub pod: Rc<Pod>,
    /// The entry of the trace that led to it.
    pub cause: Option<EntryId>,
}

/// One watch event of a workload.
#[derive(Clone, Debug)]
pub struct WorkloadRevision {
    /// When.
    pub at: Instant,
    /// What happened.
    pub kind: WatchKind,
    /// Number of the object's creation.
    pub uid: u32,
    /// Its lane.
    pub lane: LaneId,
    /// The object as it stood then.
    pub object: Rc<Workload>,
    /// The entry of the trace that led to it.
    pub cause: Option<EntryId>,
}

/// One watch event of a Node that changed its labels, its taints, whether it is cordoned, or the status of a condition.
#[derive(Clone, Debug)]
pub struct NodeRevision {
    /// When.
    pub at: Instant,
    /// What happened.
    pub kind: WatchKind,
    /// Its name.
    pub name: Rc<str>,
    /// The object as it stood then.
    pub value: Rc<Value>,
    /// So many workload revisions were written before it.
    pub workloads: usize,
}

/// One emission of an Event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// When.
    pub at: Instant,
    /// `Pod/web`.
    pub object: Rc<str>,
    /// Namespace of the object.
    pub namespace: Rc<str>,
    /// `spec.containers{app}`; empty for the Pod itself.
    pub field_path: Rc<str>,
    /// Whether its type is Warning.
    pub warning: bool,
    /// Reason.
    pub reason: Rc<str>,
    /// Message.
    pub message: Rc<str>,
    /// Emissions of this Event so far; 0 when the recorder does not count.
    pub count: u32,
    /// First emission.
    pub first: Instant,
    /// Who says so.
    pub component: &'static str,
    /// Number of the Pod it is about.
    pub uid: u32,
}

/// A command of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleEntry {
    /// Index of the step.
    pub step: u32,
    /// When it began.
    pub at: Instant,
    /// When it ended.
    pub end: Option<Instant>,
    /// As typed.
    pub command: Rc<str>,
    /// All it printed, both streams.
    pub output: String,
    /// Exit code once it ended.
    pub exit: Option<i32>,
}
