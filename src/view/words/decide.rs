//! What is decided about an entry before words are chosen: the same in every language.

use super::Facts;
use crate::kubelet::MINIMUM_GRACE;
use crate::time::Duration;
use crate::trace::{Rule, What};

/// A status that comes so long after its cause was held back till the next look at the Pod.
const LATE: Duration = Duration::from_millis(1_500);

/// How a status came to the API server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// The kubelet of the node has taken the Pod.
    Taken,
    /// Nothing of the Pod runs any more, and the last phase follows.
    LastPhase,
    /// A fault made the kubelet look at the Pod anew, and it wrote what it found so much later.
    Anew(Duration),
    /// Only the next look at the Pod showed it, so much later.
    Late(Duration),
    /// A probe has decided.
    Probe,
    /// The runtime has told of a start.
    Started,
    /// A relist has seen it.
    Relist,
    /// The last container that had to end has ended.
    Stopped,
    /// It follows from what the runtime has told last.
    Known,
}

/// What is left of a grace period when the stop signal goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraceLeft {
    /// What the process still has.
    pub left: Duration,
    /// Whether something of it was used before.
    pub used: bool,
    /// Whether only the least time is left, which nothing shortens.
    pub least: bool,
}

/// What is left of `grace` after `used` of it.
pub fn grace_left(grace: Duration, used: Duration) -> GraceLeft {
    let least = Duration::from_secs(MINIMUM_GRACE);
    GraceLeft {
        left: (grace - used).max(least),
        used: used.micros() > 0,
        least: grace - used < least,
    }
}

impl Facts<'_> {
    /// How long after its cause the entry came, when that is known and not the same moment.
    pub fn delay(&self) -> Option<Duration> {
        let since = self.because_at.filter(|at| *at < self.at);
        since.map(|at| self.at - at)
    }

    /// How the status that the entry speaks of came to the API server.
    pub fn published(&self) -> Published {
        let late = self.delay().filter(|delay| *delay >= LATE);
        match (self.because, late) {
            (Some((_, Rule::SchedulerBound)), _) => Published::Taken,
            (Some((_, Rule::PodFinished)), _) if matches!(self.what, What::Phase(_)) => Published::LastPhase,
            (Some((_, Rule::Fault)), Some(delay)) => Published::Anew(delay),
            (_, Some(delay)) => Published::Late(delay),
            (Some((What::ProbeVerdict { .. }, _)), _) => Published::Probe,
            (Some((What::Running { .. } | What::Hook { .. }, _)), _) => Published::Started,
            (Some((_, Rule::RelistSaw { .. })), _) => Published::Relist,
            (Some((What::Exit { .. } | What::Ended { .. }, _)), _) if self.signalled => Published::Stopped,
            _ => Published::Known,
        }
    }
}
