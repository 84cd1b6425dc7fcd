//! The future: messages in flight and alarms, ordered by (time, sequence).

use std::collections::BTreeMap;

use super::Uid;
use crate::time::Instant;

/// A part that can be polled, or the receiver of a message. The list of what can wake the simulation is this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The scheduler looks at its queue.
    Scheduler,
    /// A node's kubelet hears that this Pod changed in the API.
    KubeletWatch(u16, Uid),
    /// The status manager of a node writes this Pod's status.
    StatusWrite(u16, Uid),
    /// A node's pod worker.
    Worker(u16, Uid),
    /// Volumes of a Pod: node, Pod.
    Volumes(u16, Uid),
    /// A probe worker: node, Pod, index.
    Probe(u16, Uid, u16),
    /// The periodic relist of a node.
    Relist(u16),
    /// The relist on demand of one Pod.
    RelistPod(u16, Uid),
    /// The 1 s tick of a node's sync loop.
    Tick(u16),
    /// The eviction manager of a node looks at its memory.
    Eviction(u16),
    /// A node is being shut down.
    NodeShutdown(u16),
    /// Images being pulled on a node.
    Images(u16),
    /// Processes inside a container: node, container.
    Process(u16, u32),
    /// The API server removes an object whose deletion is complete.
    Finalize(Uid),
    /// A node's kubelet stops, with everything it knows.
    KubeletStop(u16),
    /// A node's kubelet has started and looks at its Pods.
    KubeletStart(u16),
    /// Silent nodes and taints.
    NodeLifecycle,
    /// Pods of nodes that do not exist.
    PodGc,
    /// Endpoints follow Pods.
    Endpoints,
    /// A step of the scenario is due.
    Steps,
    /// A command of a step.
    Console(u32),
}

/// The future. Alarms that were superseded stay in the queue and are dropped when they come up.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    entries: BTreeMap<(Instant, u64), Part>,
    armed: BTreeMap<Part, (Instant, u64)>,
    sequence: u64,
}

impl Queue {
    /// Wants `part` polled at `at`, or earlier if it is to be polled earlier already. `None` changes nothing.
    pub fn alarm(&mut self, part: Part, at: Option<Instant>) {
        let Some(at) = at else { return };
        if let Some(&(before, sequence)) = self.armed.get(&part) {
            if before <= at {
                return;
            }
            self.entries.remove(&(before, sequence));
        }
        self.sequence += 1;
        self.armed.insert(part, (at, self.sequence));
        self.entries.insert((at, self.sequence), part);
    }

    /// When something is due.
    pub fn next_at(&self) -> Option<Instant> {
        self.entries.first_key_value().map(|(&(at, _), _)| at)
    }

    /// Takes what is due first, if it is due at `limit` or before.
    pub fn pop(&mut self, limit: Instant) -> Option<(Instant, Part)> {
        let (&(at, _), _) = self.entries.first_key_value()?;
        if at > limit {
            return None;
        }
        let (_, part) = self.entries.pop_first()?;
        self.armed.remove(&part);
        Some((at, part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_times_come_in_order_of_saying() {
        let mut q = Queue::default();
        let at = Instant::from_secs(1);
        q.alarm(Part::Relist(0), Some(at));
        q.alarm(Part::Tick(0), Some(at));
        q.alarm(Part::Scheduler, Some(Instant::ZERO));
        q.alarm(Part::Steps, None);
        let mut order = Vec::new();
        while let Some((_, part)) = q.pop(at) {
            order.push(part);
        }
        assert_eq!(order, [Part::Scheduler, Part::Relist(0), Part::Tick(0)]);
    }

    #[test]
    fn the_earlier_alarm_of_a_part_holds() {
        let mut q = Queue::default();
        q.alarm(Part::Scheduler, Some(Instant::from_secs(2)));
        q.alarm(Part::Scheduler, Some(Instant::from_secs(1)));
        q.alarm(Part::Scheduler, Some(Instant::from_secs(3)));
        assert_eq!(
            q.pop(Instant::from_secs(9)),
            Some((Instant::from_secs(1), Part::Scheduler))
        );
        assert_eq!(q.pop(Instant::from_secs(9)), None);
    }
}
