//! Twin: pkg/kubelet/util/queue/work_queue.go (v1.36.2)
//! Covers: Enqueue, GetWork: which Pods a tick of the sync loop finds due; beside them those a relist has to look at.
//! Left out: nothing.

use crate::machine::Uid;
use crate::map::Set;
use crate::time::Instant;

/// Which Pods of the node the loops look at, so that none of them looks at all Pods each time.
///
/// The state that decides stands in the Pods' own entries. What is noted here may be out of date, so whoever takes a Pod
/// from here asks its entry; but a Pod that waits for something is always noted.
#[derive(Clone, Debug, Default)]
pub struct WorkQueue {
    due: Set<(Instant, Uid)>,
    deadlines: Set<Uid>,
    relists: Set<Uid>,
}

impl WorkQueue {
    /// The work queue wants the Pod after `due`.
    pub fn enqueue(&mut self, uid: Uid, due: Instant) {
        self.due.insert((due, uid));
    }

    /// Whether the Pod has an `activeDeadlineSeconds` now, on which every tick looks.
    pub fn deadline(&mut self, uid: Uid, has: bool) {
        if has {
            self.deadlines.insert(uid);
        } else {
            self.deadlines.remove(&uid);
        }
    }

    /// The Pods that a tick at `now` looks at, in their order.
    pub fn take_due(&mut self, now: Instant) -> Set<Uid> {
        let mut found = self.deadlines.clone();
        while let Some(&(at, uid)) = self.due.iter().next()
            && at < now
        {
            self.due.pop_first();
            found.insert(uid);
        }
        found
    }

    /// When the first Pod is due of which `holds` says that its entry still has that time.
    pub fn next_due(&mut self, holds: impl Fn(Uid, Instant) -> bool) -> Option<Instant> {
        while let Some(&(at, uid)) = self.due.iter().next() {
            if holds(uid, at) {
                return Some(at);
            }
            self.due.pop_first();
        }
        None
    }

    /// The Pod waits for a relist, has changed since the last one, or is gone from the API.
    pub fn await_relist(&mut self, uid: Uid) {
        self.relists.insert(uid);
    }

    /// The Pods that a relist looks at, in their order. Those that go on waiting are to be noted again.
    pub fn take_relists(&mut self) -> Set<Uid> {
        std::mem::take(&mut self.relists)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_looks_at_what_is_due_and_at_deadlines() {
        let at = Instant::from_secs;
        let mut queue = WorkQueue::default();
        for number in 0..1_000 {
            queue.enqueue(Uid(number), at(60 + i64::from(number)));
        }
        queue.deadline(Uid(500), true);
        let found = queue.take_due(at(62));
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [Uid(0), Uid(1), Uid(500)]);
        queue.deadline(Uid(500), false);
        assert!(queue.take_due(at(62)).is_empty());
        assert_eq!(queue.next_due(|uid, _| uid != Uid(2)), Some(at(63)));
        assert_eq!(queue.take_due(at(64)).len(), 1);
    }
}
