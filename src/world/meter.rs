//! What the programs of one container have worked: beyond a burst they wait for their share of simulated time.

use crate::time::{Duration, Instant};
use crate::trace::bounds::{BUSY, Bound};

/// Steps a second that go on for ever.
const SUSTAINED: i64 = 20_000;
/// Steps of one event: what is due at the same instant after them goes on in the next event.
const EVENT: u64 = 10_000;
/// Bytes that are read, written or copied in one step.
const BYTES: usize = 64;

/// The count.
#[derive(Clone, Debug)]
pub struct Meter {
    /// Steps left of the burst; negative when some were borrowed.
    left: i64,
    /// When `left` was true.
    since: Instant,
    /// Steps of this event.
    event: u64,
    /// Steps since they were last taken.
    fresh: u64,
    /// Bounds met that were not taken yet.
    met: Vec<(&'static Bound, u64)>,
}

impl Meter {
    /// A full burst.
    pub fn new(now: Instant) -> Meter {
        Meter {
            left: burst(),
            since: now,
            event: 0,
            fresh: 0,
            met: Vec::new(),
        }
    }

    /// A new event begins.
    pub fn begin(&mut self) {
        self.event = 0;
    }

    /// Counts steps.
    pub fn charge(&mut self, steps: u64) {
        self.left = self.left.saturating_sub(i64::try_from(steps).unwrap_or(i64::MAX));
        self.event = self.event.saturating_add(steps);
        self.fresh = self.fresh.saturating_add(steps);
    }

    /// Counts bytes that are read, written or copied.
    pub fn charge_bytes(&mut self, bytes: usize) {
        self.charge((bytes / BYTES) as u64);
    }

    /// Whether the event has done its share.
    pub fn is_full(&self) -> bool {
        self.event >= EVENT
    }

    /// How long a program that wants to go on must wait; nothing unless the burst is used up.
    pub fn wait(&mut self, now: Instant) -> Option<Duration> {
        let gained = (now - self.since).micros().saturating_mul(SUSTAINED) / 1_000_000;
        if gained > 0 {
            self.left = self.left.saturating_add(gained).min(burst());
            self.since = now;
        }
        if self.left > 0 {
            return None;
        }
        self.meet(&BUSY, BUSY.most);
        // A tenth of a second's share at least, so that nobody is woken for a single step.
        let missing = self.left.saturating_neg().saturating_add(SUSTAINED / 10);
        Some(Duration::from_micros(missing.saturating_mul(1_000_000 / SUSTAINED)))
    }

    /// Remembers that a bound was met, once until it is taken.
    pub fn meet(&mut self, bound: &'static Bound, used: u64) {
        if !self.met.iter().any(|(known, _)| known.id == bound.id) {
            self.met.push((bound, used));
        }
    }

    /// The steps since the last call.
    pub fn take_steps(&mut self) -> u64 {
        std::mem::take(&mut self.fresh)
    }

    /// The bounds met since the last call.
    pub fn take_met(&mut self) -> Vec<(&'static Bound, u64)> {
        std::mem::take(&mut self.met)
    }
}

fn burst() -> i64 {
    i64::try_from(BUSY.most).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_burst_work_takes_simulated_time() {
        let at = |seconds: i64| Instant::ZERO + Duration::from_secs(seconds);
        let mut meter = Meter::new(at(0));
        meter.charge(399_999);
        assert_eq!(meter.wait(at(0)), None);
        meter.charge(20_001);
        assert_eq!(meter.wait(at(0)), Some(Duration::from_millis(1_100)));
        assert_eq!(meter.wait(at(1)), Some(Duration::from_millis(100)));
        assert_eq!(meter.wait(at(2)), None);
        assert_eq!(meter.take_met(), [(&BUSY, 400_000)]);
        assert_eq!((meter.take_steps(), meter.take_steps()), (420_000, 0));
    }

    #[test]
    fn an_event_has_its_share() {
        let mut meter = Meter::new(Instant::ZERO);
        meter.charge(9_999);
        assert!(!meter.is_full());
        meter.charge_bytes(64);
        assert!(meter.is_full());
        meter.begin();
        assert!(!meter.is_full());
    }
}
