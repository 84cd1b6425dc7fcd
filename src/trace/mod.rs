//! The append-only log of what happened: slices and instants on lanes, each with the rule, the field and the entry
//! that caused it.
//!
//! The log lies outside the cluster. A checkpoint holds its length; a cluster that replays a known stretch writes into
//! a muted log, which counts entries and keeps nothing, so that entry ids inside the cluster stay the same.

pub mod bounds;
mod counts;
mod lanes;
mod record;
mod rule;
mod slice;

use std::rc::Rc;

pub use counts::Counts;
pub use lanes::{ContainerLanes, PodLanes};
pub use record::{ConsoleEntry, EventRow, NodeRevision, PodRevision, Record, WatchKind, WorkloadRevision};
pub use rule::{
    ClaimOwner, CronJobRule, DaemonSetRule, DeletionRank, Dependents, DeploymentRule, FailureAction, GarbageRule,
    GraceBy, JobRule, ProbeKind, ReplicaSetRule, Rule, StatefulSetRule, Wait,
};

pub use slice::{EndpointSlice, SliceEndpoint, SlicePort, SliceRevision};

use crate::api::WorkloadKind;
use crate::time::Instant;

/// An entry of the log by its position, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

/// A lane by its position, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId(pub u32);

/// A row of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// What the lane shows.
    pub kind: LaneKind,
    /// The lane it belongs under: a container's lane for its probes, a Pod's for its containers.
    pub parent: Option<LaneId>,
    /// Name as the manifest has it: of the Pod, the container, the condition, the Service.
    pub name: Rc<str>,
    /// Revision of its owner's template that a Pod or ReplicaSet was made from: the label `pod-template-hash` or
    /// `controller-revision-hash`. Empty for all others.
    pub revision: Rc<str>,
}

/// What a lane shows. The order is the order in which siblings are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LaneKind {
    /// What people and the world do.
    Steps,
    /// A node.
    Node,
    /// A workload: its counts, and what its controller does.
    Workload(WorkloadKind),
    /// A Pod: the STATUS column of `kubectl get pod`.
    Pod,
    /// `status.phase`.
    Phase,
    /// One condition of a Pod.
    Condition,
    /// The sandbox: network and volumes of a Pod.
    Sandbox,
    /// A regular init container.
    InitContainer,
    /// A sidecar.
    Sidecar,
    /// A container.
    Container,
    /// An ephemeral container.
    EphemeralContainer,
    /// Image pulls of a container.
    Image,
    /// A postStart or preStop hook.
    Hook,
    /// One probe.
    Probe(ProbeKind),
    /// Kill, grace period and signals.
    Termination,
    /// A Service and its endpoints.
    Service,
    /// One Pod behind a Service.
    Endpoint,
}

/// What an entry says. Slices have a length, instants have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Slice: the row of `kubectl get pod`: STATUS, READY, RESTARTS.
    Status {
        /// STATUS column.
        status: Rc<str>,
        /// READY column.
        ready: Rc<str>,
        /// Restarts without their age.
        restarts: u32,
    },
    /// Slice: `status.phase`.
    Phase(Rc<str>),
    /// Slice: a condition holds this status.
    Condition {
        /// `True`, `False` or `Unknown`.
        status: Rc<str>,
        /// Reason given.
        reason: Rc<str>,
    },
    /// Slice: the kubelet waits for the Pod's volumes.
    Volumes,
    /// Slice: the sandbox is made, or stands.
    Sandbox {
        /// Whether it stands.
        ready: bool,
    },
    /// Slice: a container is created and started.
    Creating,
    /// Slice: a container's process runs.
    Running {
        /// Number of restarts before this instance.
        restarts: u32,
    },
    /// Slice: a container has ended.
    Ended {
        /// Exit code.
        code: i32,
        /// `Completed`, `Error`, `OOMKilled`, `StartError`.
        reason: Rc<str>,
    },
    /// Slice: a container waits: `CrashLoopBackOff`, `ImagePullBackOff`, `CreateContainerConfigError`, …
    Waiting {
        /// Reason.
        reason: Rc<str>,
    },
    /// Slice: a back-off window of so many seconds.
    Backoff {
        /// Length of the whole window.
        seconds: u32,
    },
    /// Slice: an image is pulled.
    Pulling {
        /// Image.
        image: Rc<str>,
    },
    /// Slice: a hook runs. `stage` is `postStart` or `preStop`.
    Hook {
        /// Which.
        stage: Rc<str>,
    },
    /// Slice: a sidecar waits until those that stop before it are gone.
    Turn,
    /// Slice: the grace period runs.
    Grace {
        /// Seconds granted.
        seconds: u32,
    },
    /// Slice: a run of equal probe results on an even grid. The slice goes from the first to the last result.
    ProbeRun {
        /// Whether they succeeded.
        success: bool,
        /// How many.
        count: u32,
        /// Output of the last one.
        output: Rc<str>,
    },
    /// Instant: the result that made a probe's verdict change.
    ProbeVerdict {
        /// The verdict.
        success: bool,
        /// Results in a row.
        count: u32,
    },
    /// Instant: a signal was sent to the container's first process.
    Signal(Rc<str>),
    /// Instant: a process ended.
    Exit {
        /// Exit code.
        code: i32,
    },
    /// Instant: an Event of the API.
    Event {
        /// `Normal` or `Warning`.
        warning: bool,
        /// Reason.
        reason: Rc<str>,
        /// Message.
        message: Rc<str>,
    },
    /// Instant: a step, as typed.
    Step(Rc<str>),
    /// Instant: an object was stored, changed or removed by name: `created`, `deleted`.
    Object(Rc<str>),
    /// Instant: the Pod was bound to a node.
    Bound(Rc<str>),
    /// Instant: something was noticed or decided; the rule says what. With the text of the error, if there is one.
    Decided(Rc<str>),
    /// Slice: the counts in a workload's spec and status.
    Counts(Counts),
    /// Instant: `spec.replicas` of a workload was changed.
    Scaled {
        /// Before.
        from: u32,
        /// After.
        to: u32,
    },
    /// Slice: a Pod behind a Service.
    Endpoint {
        /// Takes new connections.
        ready: bool,
        /// Answers.
        serving: bool,
        /// Is on its way out.
        terminating: bool,
    },
}

/// A field of a manifest that set a number: which container's, and the path below it or below the Pod's spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where `path` begins.
    pub base: FieldBase,
    /// `livenessProbe.failureThreshold`, `terminationGracePeriodSeconds`; empty for the base itself.
    pub path: &'static str,
}

/// Where a field's path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldBase {
    /// `spec` of the lane's Pod.
    PodSpec,
    /// `spec` of the lane's workload, or of the nearest one above it that the text has.
    Workload,
    /// `spec.containers[i]`.
    Container(u16),
    /// `spec.initContainers[i]`.
    InitContainer(u16),
    /// `spec.steps[i]` of the Scenario.
    Step(u16),
    /// `spec` of the Scenario.
    Scenario,
}

/// Why an entry is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The rule that made it, with its numbers.
    pub rule: Rule,
    /// Fields that set the numbers.
    pub fields: Vec<Field>,
    /// The earlier entry it follows from.
    pub because_of: Option<EntryId>,
}

impl Cause {
    /// A cause by `rule` alone.
    pub fn of(rule: Rule) -> Self {
        Cause {
            rule,
            fields: Vec::new(),
            because_of: None,
        }
    }

    /// The same with one field more.
    pub fn field(mut self, base: FieldBase, path: &'static str) -> Self {
        self.fields.push(Field { base, path });
        self
    }

    /// The same as a consequence of `entry`.
    pub fn after(mut self, entry: Option<EntryId>) -> Self {
        self.because_of = entry;
        self
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its lane.
    pub lane: LaneId,
    /// When it happened or began.
    pub at: Instant,
    /// When a slice ended; `None` for instants and for slices that are still open.
    pub end: Option<Instant>,
    /// Whether it is a slice.
    pub slice: bool,
    /// What it says.
    pub what: What,
    /// Why.
    pub cause: Cause,
}

/// The log.
#[derive(Clone, Debug, Default)]
pub struct TraceLog {
    muted: bool,
    lanes: Vec<Lane>,
    entries: Vec<Entry>,
    lane_count: u32,
    entry_count: u32,
}

impl TraceLog {
    /// An empty log that keeps what it is told.
    pub fn new() -> Self {
        TraceLog::default()
    }

    /// A log that goes on counting at `mark` and keeps nothing.
    pub fn muted(mark: Mark) -> Self {
        TraceLog {
            muted: true,
            lane_count: mark.lanes,
            entry_count: mark.entries,
            ..TraceLog::default()
        }
    }

    /// Where the log stands.
    pub fn mark(&self) -> Mark {
        Mark {
            lanes: self.lane_count,
            entries: self.entry_count,
        }
    }

    /// All lanes so far.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// All entries so far, in the order in which they were said. Their `at` never goes back.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// One entry.
    pub fn get(&self, id: EntryId) -> Option<&Entry> {
        self.entries.get(id.0 as usize)
    }

    /// A new lane.
    pub fn lane(&mut self, kind: LaneKind, parent: Option<LaneId>, name: &str) -> LaneId {
        self.lane_of(kind, parent, name, "")
    }

    /// A new lane of an object that was made from this revision of its owner's template.
    pub fn lane_of(&mut self, kind: LaneKind, parent: Option<LaneId>, name: &str, revision: &str) -> LaneId {
        let id = LaneId(self.lane_count);
        self.lane_count += 1;
        if !self.muted {
            self.lanes.push(Lane {
                kind,
                parent,
                name: name.into(),
                revision: revision.into(),
            });
        }
        id
    }

    fn push(&mut self, entry: impl FnOnce() -> Entry) -> EntryId {
        let id = EntryId(self.entry_count);
        self.entry_count += 1;
        if !self.muted {
            self.entries.push(entry());
        }
        id
    }

    /// An instant.
    pub fn instant(&mut self, lane: LaneId, at: Instant, what: What, cause: Cause) -> EntryId {
        self.push(|| Entry {
            lane,
            at,
            end: None,
            slice: false,
            what,
            cause,
        })
    }

    /// The beginning of a slice.
    pub fn begin(&mut self, lane: LaneId, at: Instant, what: What, cause: Cause) -> EntryId {
        self.push(|| Entry {
            lane,
            at,
            end: None,
            slice: true,
            what,
            cause,
        })
    }

    /// The end of a slice. Ending one twice keeps the first end.
    pub fn end(&mut self, id: EntryId, at: Instant) {
        if let Some(entry) = self.entries.get_mut(id.0 as usize)
            && entry.end.is_none()
        {
            entry.end = Some(at);
        }
    }

    /// A back-off that was to last longer is over at `at`: nobody waits for its end any more.
    pub fn cut_backoff(&mut self, id: EntryId, at: Instant) {
        if let Some(entry) = self.entries.get_mut(id.0 as usize)
            && matches!(entry.what, What::Backoff { .. })
            && entry.end.is_some_and(|end| end > at)
        {
            entry.end = Some(at.max(entry.at));
        }
    }

    /// One more equal result in a [`What::ProbeRun`], at `at`.
    pub fn repeat(&mut self, id: EntryId, at: Instant) {
        if let Some(entry) = self.entries.get_mut(id.0 as usize)
            && let What::ProbeRun { count, .. } = &mut entry.what
        {
            *count += 1;
            entry.end = Some(at);
        }
    }
}

/// A length of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Lanes.
    pub lanes: u32,
    /// Entries.
    pub entries: u32,
}
