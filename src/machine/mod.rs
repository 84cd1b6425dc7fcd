//! The contract every moving part keeps.
//!
//! There are two kinds of future and no third. A *message in flight* carries data and arrives once. An *alarm* carries
//! nothing: it only says that a part wants to be polled; what is due, and when, stands in the part's own state, and an
//! early poll does nothing. Both wait in one queue, ordered by (time, sequence).
//!
//! The parts have three kinds of methods: `poll_at(&self)` only reads and says when something is due; `poll` does what
//! is due; `handle` takes a message.

mod client;
pub mod gates;
mod latency;
mod profile;
mod queue;

pub use client::Client;
pub use latency::Latency;
pub use profile::Profile;
pub use queue::{ControllerId, Part, Queue};

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
    /// The release of kubectl whose texts are printed.
    pub client: Client,
}

/// The seeds below this one keep to the common course of events.
const STRATA: u64 = 90;
/// The seeds from here on are sorted into no stratum.
const STRATA_END: u64 = 100;
/// So many seeds share what is drawn in shares.
const SHARES: u64 = 64;

impl Setup {
    /// Whether this run keeps to the common course of events where another one would share no band with it:
    /// - no relist falls into a short pass by chance, which would put the Pod "one request ahead" (spec/07 §2.1) and give
    ///   its crash loop one event more;
    /// - the first retry that cannot wait for the end of a long back-off comes before that end;
    /// - the first retry after a refused kill does not come so late that the next kill may be free.
    ///
    /// The first hundred seeds are drawn in strata: below ninety the common course, the rest the rare one, in which a
    /// relist does fall between a Pod's sandbox and its containers. From a hundred on seeds draw as chance will have it.
    /// The nominal run keeps to the common course.
    pub fn common_course(&self) -> bool {
        self.seed < STRATA
    }

    /// Whether this run is one of those in which a relist meets the first pass of a Pod.
    pub fn rare_course(&self) -> bool {
        (STRATA..STRATA_END).contains(&self.seed)
    }

    /// Whether this run is the one in which what adds up comes as early as it may (`Some(false)`, seed 1) or as late
    /// (`Some(true)`, seed 2): the edges of the band, which few draws would reach.
    pub fn edge(&self) -> Option<bool> {
        match self.seed {
            1 => Some(false),
            2 => Some(true),
            _ => None,
        }
    }

    /// A draw of `0..n` for a use of which the seeds 1 to 64 take one share each, so that few runs cover all of it. Seed 1
    /// always has the lowest share and seed 2 the highest: the edges of what adds up.
    pub fn share(&self, name: &str, thing: u32, occasion: u64, n: u64) -> u64 {
        let own = self.stream(name, thing, occasion).below(n);
        if !(1..=SHARES).contains(&self.seed) {
            return own;
        }
        // Whose share is which is shuffled anew for every use, but for the first two.
        let mut order: Vec<u64> = (1..SHARES - 1).collect();
        let mut shuffle = Stream::keyed(0, name, u64::from(thing), occasion);
        for last in (1..order.len()).rev() {
            order.swap(last, shuffle.below(last as u64 + 1) as usize);
        }
        let mine = match self.seed {
            1 => 0,
            2 => SHARES - 1,
            other => order.get(other as usize - 3).copied().unwrap_or_default(),
        };
        (mine * n + own) / SHARES
    }

    /// A named stream for a draw that is no latency.
    pub fn stream(&self, name: &str, thing: u32, occasion: u64) -> Stream {
        Stream::keyed(self.seed, name, u64::from(thing), occasion)
    }
}
