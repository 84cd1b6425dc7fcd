//! Twin: staging/src/k8s.io/client-go/util/flowcontrol/backoff.go (v1.36.2)
//! Covers: the back-off of failed Pods by DaemonSet, generation and node: 1 s, doubling to 15 minutes; one that was not
//! used for twice the longest back-off begins anew.
//! Left out: the sweep of entries that nobody asks for any more; here they go with their DaemonSet.

use std::rc::Rc;

use crate::machine::Uid;
use crate::map::Map;
use crate::time::{Duration, Instant};

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// DaemonSet, its observed generation, node.
pub(super) type Key = (Uid, i64, Rc<str>);

/// The back-off of one node.
#[derive(Clone, Copy, Debug)]
struct Entry {
    delay: Duration,
    since: Instant,
    /// The Pod that was told to wait last.
    waits: Option<Uid>,
}

impl Entry {
    fn is_expired(&self, now: Instant) -> bool {
        now - self.since > LONGEST.times(2)
    }
}

/// The back-offs of all nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct FailedPods {
    entries: Map<Key, Entry>,
}

impl FailedPods {
    /// The back-off that a failed Pod meets now; none when it may be deleted.
    pub fn current(&self, key: &Key, now: Instant) -> Option<Duration> {
        let entry = self.entries.get(key).filter(|entry| !entry.is_expired(now))?;
        (now - entry.since < entry.delay).then_some(entry.delay)
    }

    /// A failed Pod is deleted: the next back-off begins. Returns it.
    pub fn next(&mut self, key: Key, now: Instant) -> Duration {
        let before = self.entries.get(&key).filter(|entry| !entry.is_expired(now));
        let delay = before.map_or(FIRST, |entry| entry.delay.times(2).min(LONGEST));
        let entry = Entry {
            delay,
            since: now,
            waits: None,
        };
        self.entries.insert(key, entry);
        delay
    }

    /// Notes that a Pod waits. Returns whether that is new.
    pub fn waits(&mut self, key: &Key, pod: Uid) -> bool {
        match self.entries.get_mut(key) {
            Some(entry) => entry.waits.replace(pod) != Some(pod),
            None => false,
        }
    }

    /// Forgets a DaemonSet.
    pub fn forget(&mut self, uid: Uid) {
        self.entries.retain(|(of, _, _), _| *of != uid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_back_off_doubles_to_fifteen_minutes_and_begins_anew_after_half_an_hour() {
        let mut failed = FailedPods::default();
        let key: Key = (Uid(1), 1, "node1".into());
        let mut now = Instant::ZERO;
        let mut delays = Vec::new();
        for _ in 0..12 {
            assert_eq!(failed.current(&key, now), None);
            let delay = failed.next(key.clone(), now);
            delays.push(delay.secs());
            let almost = now + delay - Duration::from_micros(1);
            assert_eq!(failed.current(&key, almost), Some(delay));
            now += delay;
        }
        assert_eq!(delays, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        let later = now + Duration::from_secs(900);
        assert_eq!(failed.next(key.clone(), later).secs(), 900);
        assert_eq!(
            failed.next(key, later + Duration::from_secs(1_801)).secs(),
            1,
            "thirty minutes without a failure"
        );
    }

    #[test]
    fn nodes_and_generations_have_their_own() {
        let mut failed = FailedPods::default();
        let key = |generation, node: &str| (Uid(1), generation, Rc::from(node));
        failed.next(key(1, "node1"), Instant::ZERO);
        assert_eq!(failed.current(&key(1, "node2"), Instant::ZERO), None);
        assert_eq!(failed.current(&key(2, "node1"), Instant::ZERO), None);
        assert!(failed.waits(&key(1, "node1"), Uid(7)));
        assert!(!failed.waits(&key(1, "node1"), Uid(7)));
        failed.forget(Uid(1));
        assert_eq!(failed.current(&key(1, "node1"), Instant::ZERO), None);
    }
}
