//! Twin: staging/src/k8s.io/client-go/util/workqueue/rate_limiting_queue.go (v1.36.2)
//! Twin: staging/src/k8s.io/client-go/util/workqueue/default_rate_limiters.go (v1.36.2)
//! Covers: objects that a controller has to look at, each once; delays; the back-off of failures.
//! Left out: the bucket of ten requests a second that all keys share.

use crate::machine::Uid;
use crate::map::Map;
use crate::time::{Duration, Instant};
use crate::trace::EntryId;

/// The first delay after a failure; it doubles with each one.
const FIRST_RETRY: Duration = Duration::from_millis(5);
/// The longest delay after a failure.
const LAST_RETRY: Duration = Duration::from_secs(1_000);

/// The objects a controller has to look at.
#[derive(Clone, Debug)]
pub struct WorkQueue {
    /// The first and the longest delay after failures.
    retry: (Duration, Duration),
    /// Objects that changed: when the controller hears of it, and the entry that changed them last.
    heard: Map<Uid, (Instant, Option<EntryId>)>,
    /// Objects to be looked at again at an instant.
    waiting: Map<Uid, Instant>,
    failures: Map<Uid, u32>,
}

impl Default for WorkQueue {
    fn default() -> Self {
        WorkQueue::with_retry(FIRST_RETRY, LAST_RETRY)
    }
}

impl WorkQueue {
    /// A queue with other delays after failures: the first one and the longest one.
    pub fn with_retry(first: Duration, longest: Duration) -> Self {
        WorkQueue {
            retry: (first, longest),
            heard: Map::new(),
            waiting: Map::new(),
            failures: Map::new(),
        }
    }

    /// An object changed, and the controller hears of it at `at`. One that waits already keeps the earlier instant.
    pub fn add(&mut self, uid: Uid, at: Instant, because: Option<EntryId>) {
        let entry = self.heard.entry(uid).or_insert((at, because));
        entry.0 = entry.0.min(at);
        entry.1 = because.or(entry.1);
    }

    /// An object is to be looked at again at `at`, or earlier if that was said before.
    pub fn add_after(&mut self, uid: Uid, at: Instant) {
        let entry = self.waiting.entry(uid).or_insert(at);
        *entry = (*entry).min(at);
    }

    /// An object is to be looked at again after a failure. Returns the delay.
    pub fn add_rate_limited(&mut self, uid: Uid, now: Instant) -> Duration {
        let failures = self.failures.entry(uid).or_insert(0);
        let factor = 1_i64.checked_shl((*failures).min(40)).unwrap_or(i64::MAX);
        let (first, longest) = self.retry;
        let delay = first.times(factor).min(longest);
        *failures = failures.saturating_add(1);
        self.add_after(uid, now + delay);
        delay
    }

    /// The object was handled without a failure.
    pub fn forget(&mut self, uid: Uid) {
        self.failures.remove(&uid);
    }

    /// Takes the object that is due first, with the entry that changed it last.
    pub fn take(&mut self, now: Instant) -> Option<(Uid, Option<EntryId>)> {
        let heard = self.heard.iter().map(|(uid, (at, _))| (*at, *uid)).min();
        let waiting = self.waiting.iter().map(|(uid, at)| (*at, *uid)).min();
        let (at, uid) = [heard, waiting].into_iter().flatten().min()?;
        if at > now {
            return None;
        }
        if self.waiting.get(&uid).is_some_and(|at| *at <= now) {
            self.waiting.remove(&uid);
        }
        let because = match self.heard.get(&uid) {
            Some((at, _)) if *at <= now => self.heard.remove(&uid).and_then(|(_, because)| because),
            _ => None,
        };
        Some((uid, because))
    }

    /// When something is due.
    pub fn next_at(&self) -> Option<Instant> {
        let heard = self.heard.values().map(|(at, _)| *at);
        heard.chain(self.waiting.values().copied()).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Instant {
        Instant::from_millis(ms)
    }

    #[test]
    fn an_object_waits_once_and_keeps_the_earlier_instant() {
        let mut queue = WorkQueue::default();
        queue.add(Uid(1), at(20), Some(EntryId(1)));
        queue.add(Uid(1), at(30), Some(EntryId(2)));
        queue.add_after(Uid(1), at(500));
        assert_eq!(queue.next_at(), Some(at(20)));
        assert_eq!(queue.take(at(19)), None);
        assert_eq!(queue.take(at(20)), Some((Uid(1), Some(EntryId(2)))));
        assert_eq!(queue.take(at(499)), None);
        assert_eq!(queue.take(at(500)), Some((Uid(1), None)));
        assert_eq!(queue.next_at(), None);
    }

    #[test]
    fn failures_double_the_delay_up_to_a_thousand_seconds() {
        let mut queue = WorkQueue::default();
        let delays: Vec<i64> = (0..20)
            .map(|_| queue.add_rate_limited(Uid(1), at(0)).millis())
            .collect();
        assert_eq!(&delays[..4], [5, 10, 20, 40]);
        assert_eq!(&delays[17..], [655_360, 1_000_000, 1_000_000]);
        queue.forget(Uid(1));
        assert_eq!(queue.add_rate_limited(Uid(1), at(0)).millis(), 5);
    }
}
