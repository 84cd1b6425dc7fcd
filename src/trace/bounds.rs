//! What a run may take, counted in steps, bytes, objects and events, and never in time: the same text meets the same
//! bound at the same event, natively and in the browser.

use std::rc::Rc;

use crate::time::Instant;

/// What a bound counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Pieces of work of a program or command; about a third of a microsecond each.
    Steps,
    /// Bytes of content.
    Bytes,
    /// Objects, nodes, Pods.
    Objects,
    /// Events of the simulation.
    Events,
}

impl Unit {
    /// As the JSON of a run has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Steps => "steps",
            Unit::Bytes => "bytes",
            Unit::Objects => "objects",
            Unit::Events => "events",
        }
    }
}

/// What happens when a bound is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundEffect {
    /// The run ends, and keeps what it has.
    Stopped,
    /// One command, script, pattern or object is cut short or slowed down, and the run goes on.
    Cut,
}

impl BoundEffect {
    /// As the JSON of a run has it.
    pub fn as_str(self) -> &'static str {
        match self {
            BoundEffect::Stopped => "stopped",
            BoundEffect::Cut => "cut",
        }
    }
}

/// One line of the table of bounds.
#[derive(Debug, PartialEq, Eq)]
pub struct Bound {
    /// Its id, also of the diagnostic.
    pub id: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// How much there may be.
    pub most: u64,
    /// What happens then.
    pub effect: BoundEffect,
    /// What is counted, for the documentation.
    pub counts: &'static str,
}

macro_rules! bounds {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $unit:ident, $most:expr, $effect:ident, $counts:literal;)*) => {
        $($(#[$doc])* pub static $name: Bound = Bound {
            id: $id,
            unit: Unit::$unit,
            most: $most,
            effect: BoundEffect::$effect,
            counts: $counts,
        };)*
        /// All bounds of a run.
        pub static BOUNDS: &[&Bound] = &[$(&$name),*];
    };
}

bounds! {
    /// Events at one instant.
    LIVELOCK = "livelock", Events, 200_000, Stopped, "events at one instant of simulated time";
    /// Events of a run.
    EVENTS = "too-many-events", Events, 20_000_000, Stopped, "events of a run";
    /// Work of a run.
    WORK = "too-much-work", Steps, 20_000_000, Stopped, "steps of all programs and commands of a run";
    /// What a run remembers.
    MEMORY = "too-much-memory", Bytes, 512 << 20, Stopped,
        "what a run remembers: revisions of objects, Events, outputs, the timeline";
    /// Work of a container in a while.
    BUSY = "busy", Steps, 400_000, Cut,
        "steps of the programs of a container, or of a step's command, at one go; from then on 20,000 in each second of \
         simulated time, and the programs wait for their turn";
    /// Searches with one regular expression.
    PATTERN = "pattern", Steps, 3_000_000, Cut, "steps of all searches with one regular expression; it then fits nothing";
    /// Log of a container.
    LOG = "log", Bytes, 1 << 20, Cut, "the log of a container, and 50,000 lines; later lines are dropped";
    /// A pipe.
    PIPE = "pipe", Bytes, 1 << 18, Cut, "what waits in a pipe; more is dropped";
    /// Outputs of commands.
    OUTPUT = "output", Bytes, 48 << 20, Cut, "the outputs of all commands of a run; later output is dropped";
    /// One patch.
    PATCH = "patch", Bytes, 3 << 20, Cut, "an object after one operation of a JSON patch; the patch fails";
    /// Nodes.
    NODES = "nodes", Objects, 1_000, Cut, "nodes; further ones are left out";
}

/// A bound that a run met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitMet {
    /// When.
    pub at: Instant,
    /// Which.
    pub bound: &'static Bound,
    /// How much there was.
    pub used: u64,
    /// Whose program, log or object it was: `Pod/web`. Empty when it was the run as a whole.
    pub object: Rc<str>,
}
