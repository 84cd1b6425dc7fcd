//! Twin: staging/src/k8s.io/client-go/util/flowcontrol/backoff.go (v1.36.2)
//! Covers: doubling delays by key, expiry, "in back-off since", garbage collection.
//! Left out: jitter, which the kubelet does not use here.

use crate::map::Map;
use crate::time::{Duration, Instant};

/// Doubling delays by key.
#[derive(Clone, Debug)]
pub struct Backoff<K: Ord> {
    initial: Duration,
    max: Duration,
    expires_after: Duration,
    entries: Map<K, Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    delay: Duration,
    updated: Instant,
}

impl<K: Ord> Backoff<K> {
    /// Delays from `initial` up to `max`; an entry is forgotten when an event lies more than `expires_after` behind its
    /// last update.
    pub fn new(initial: Duration, max: Duration, expires_after: Duration) -> Self {
        Backoff {
            initial,
            max,
            expires_after,
            entries: Map::new(),
        }
    }

    /// The current delay; zero without an entry.
    pub fn get(&self, key: &K) -> Duration {
        self.entries.get(key).map_or(Duration::ZERO, |e| e.delay)
    }

    /// Starts or doubles the delay because of an event at `event`.
    pub fn next(&mut self, key: K, event: Instant, now: Instant) -> Duration {
        let delay = match self.entries.get(&key) {
            Some(e) if event - e.updated <= self.expires_after => {
                let doubled = e.delay.times(2);
                if doubled > self.max { self.max } else { doubled }
            }
            _ => self.initial,
        };
        self.entries.insert(key, Entry { delay, updated: now });
        delay
    }

    /// Whether less than the delay has gone by since `event`.
    pub fn in_backoff_since(&self, key: &K, event: Instant, now: Instant) -> bool {
        self.entries
            .get(key)
            .is_some_and(|e| event - e.updated <= self.expires_after && now - event < e.delay)
    }

    /// Whether less than the delay has gone by since the last update.
    pub fn in_backoff_since_update(&self, key: &K, now: Instant) -> bool {
        self.entries
            .get(key)
            .is_some_and(|e| now - e.updated <= self.expires_after && now - e.updated < e.delay)
    }

    /// When the delay since the last update is over.
    pub fn over_at(&self, key: &K) -> Option<Instant> {
        self.entries.get(key).map(|e| e.updated + e.delay)
    }

    /// When the first delay since the last update is over, among these keys and after `now`.
    pub fn next_over(&self, of: impl Fn(&K) -> bool, now: Instant) -> Option<Instant> {
        let over = self.entries.iter().filter(|(k, _)| of(k));
        over.map(|(_, e)| e.updated + e.delay).filter(|at| *at > now).min()
    }

    /// Drops entries whose last update is too old.
    pub fn gc(&mut self, now: Instant) {
        let expires_after = self.expires_after;
        self.entries.retain(|_, e| now - e.updated <= expires_after);
    }

    /// Drops the entries that `gone` names.
    pub fn forget(&mut self, gone: impl Fn(&K) -> bool) {
        self.entries.retain(|k, _| !gone(k));
    }

    /// Drops everything, as a restart of the kubelet does.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}
