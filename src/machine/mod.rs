//! The contract every moving part keeps.
//!
//! There are two kinds of future and no third. A *message in flight* carries data and arrives once. An *alarm* carries
//! nothing: it only says that a part wants to be polled; what is due, and when, stands in the part's own state, and an
//! early poll does nothing. Both wait in one queue, ordered by (time, sequence).
//!
//! The parts have three kinds of methods: `poll_at(&self)` only reads and says when something is due; `poll` does what
//! is due; `handle` takes a message.

pub mod gates;
mod latency;
mod profile;
mod queue;

pub use latency::Latency;
pub use profile::Profile;
pub use queue::{Part, Queue};

use crate::rng::Stream;
use crate::time::{Calendar, Duration, Instant};
use crate::trace::{Record, TraceLog};

/// A Pod's identity: the number of its creation. Never used twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(pub u32);

/// What a moving part may use beside its own state.
pub struct Cx<'a> {
    /// The instant being played.
    pub now: Instant,
    /// The future.
    pub queue: &'a mut Queue,
    /// The trace.
    pub log: &'a mut TraceLog,
    /// What watchers see.
    pub record: &'a mut Record,
    /// What does not change during a run.
    pub setup: &'a Setup,
}

impl Cx<'_> {
    /// How long something takes this time: nominal, or drawn for this thing and this instant when a seed asks.
    pub fn draw(&self, latency: Latency, thing: u32) -> Duration {
        latency.draw(self.setup.seed, thing, self.now)
    }
}

/// What does not change during a run.
#[derive(Clone, Debug)]
pub struct Setup {
    /// 0 is the nominal run.
    pub seed: u64,
    /// Which moment of the world t = 0 is.
    pub calendar: Calendar,
    /// How this version of Kubernetes behaves.
    pub profile: Profile,
}

impl Setup {
    /// Whether this run keeps to the common course of a Pod's start: no relist falls between its sandbox and its first
    /// containers. In one of ten real runs one does, which puts the Pod "one request ahead" (spec/07 §2.1) and gives its
    /// crash loop one event more, so that such runs and others have no common band. The seeds are therefore drawn in
    /// strata: of every hundred the last ten have a relist there, the others have not. The nominal run has not.
    pub fn common_course(&self) -> bool {
        self.seed % 100 < 90
    }

    /// A named stream for a draw that is no latency.
    pub fn stream(&self, name: &str, thing: u32, occasion: u64) -> Stream {
        Stream::keyed(self.seed, name, u64::from(thing), occasion)
    }
}
