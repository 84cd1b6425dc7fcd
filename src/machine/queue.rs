//! The future: messages in flight and alarms, ordered by (time, sequence).

use std::collections::BTreeMap;

use super::Uid;
use crate::time::Instant;

/// A controller of workloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ControllerId {
    /// Deployments.
    Deployment,
    /// ReplicaSets.
    ReplicaSet,
    /// ReplicationControllers.
    ReplicationController,
    /// StatefulSets.
    StatefulSet,
    /// DaemonSets.
    DaemonSet,
    /// Jobs.
    Job,
    /// CronJobs.
    CronJob,
    /// Finished Jobs with `ttlSecondsAfterFinished`.
    TtlAfterFinished,
    /// Objects whose owners are gone.
    Garbage,
    /// Claims that are deleted, or whose owners are gone.
    Claims,
}

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
    /// A node's kubelet looks at its own Node.
    NodeStatus(u16),
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
    /// A controller of workloads looks at its queue.
    Controller(ControllerId),
    /// A step of the scenario is due.
    Steps,
    /// A command of a step.
    Console(u32),
}

impl Part {
    /// The part as a number, which is quicker to compare; those of one Pod are neighbours.
    fn key(self) -> u128 {
        let (tag, node, thing, number) = match self {
            Part::Scheduler => (0, 0, 0, 0),
            Part::KubeletWatch(node, uid) => (1, node, uid.0, 0),
            Part::StatusWrite(node, uid) => (2, node, uid.0, 0),
            Part::Worker(node, uid) => (3, node, uid.0, 0),
            Part::Volumes(node, uid) => (4, node, uid.0, 0),
            Part::Probe(node, uid, number) => (5, node, uid.0, number),
            Part::Relist(node) => (6, node, 0, 0),
            Part::RelistPod(node, uid) => (7, node, uid.0, 0),
            Part::Tick(node) => (8, node, 0, 0),
            Part::Eviction(node) => (9, node, 0, 0),
            Part::NodeShutdown(node) => (10, node, 0, 0),
            Part::Images(node) => (11, node, 0, 0),
            Part::Process(node, container) => (12, node, container, 0),
            Part::Finalize(uid) => (13, 0, uid.0, 0),
            Part::KubeletStop(node) => (14, node, 0, 0),
            Part::KubeletStart(node) => (15, node, 0, 0),
            Part::NodeLifecycle => (16, 0, 0, 0),
            Part::PodGc => (17, 0, 0, 0),
            Part::Endpoints => (18, 0, 0, 0),
            Part::Steps => (19, 0, 0, 0),
            Part::Console(call) => (20, 0, call, 0),
            Part::Controller(id) => (21, 0, 0, id as u16),
            Part::NodeStatus(node) => (22, node, 0, 0),
        };
        u128::from(thing) << 64 | u128::from(node) << 48 | u128::from(tag as u8) << 16 | u128::from(number)
    }
}

/// The future: one alarm for each part at most.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    entries: BTreeMap<(Instant, u64), Part>,
    /// The alarm of each part, `None` once it has rung: nearly all parts want another one at once, and then nothing is
    /// moved in this long map.
    armed: BTreeMap<u128, Option<(Instant, u64)>>,
    sequence: u64,
    used: Used,
}

/// What a run has taken so far. A part of the state, so that every way of playing meets a bound at the same event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Steps of programs and commands.
    pub steps: u64,
    /// Bytes that are remembered, but for the timeline.
    pub bytes: u64,
    /// Bytes of the outputs of commands among them.
    pub output: u64,
}

/// `armed` is swept when it holds this many parts more than twice those that wait.
const SLACK: usize = 64;

impl Queue {
    /// What the run has taken so far.
    pub fn used(&self) -> Used {
        self.used
    }

    /// Counts steps of programs and commands.
    pub fn spend(&mut self, steps: u64) {
        self.used.steps = self.used.steps.saturating_add(steps);
    }

    /// Counts bytes that are remembered.
    pub fn keep(&mut self, bytes: usize) {
        self.used.bytes = self.used.bytes.saturating_add(bytes as u64);
    }

    /// Counts bytes of outputs of commands.
    pub fn print(&mut self, bytes: usize) {
        self.keep(bytes);
        self.used.output = self.used.output.saturating_add(bytes as u64);
    }

    /// Wants `part` polled at `at`, or earlier if it is to be polled earlier already. `None` changes nothing.
    pub fn alarm(&mut self, part: Part, at: Option<Instant>) {
        let Some(at) = at else { return };
        let alarm = self.armed.entry(part.key()).or_default();
        if let Some(key) = alarm {
            if key.0 <= at {
                return;
            }
            self.entries.remove(key);
        }
        self.sequence += 1;
        *alarm = Some((at, self.sequence));
        self.entries.insert((at, self.sequence), part);
        if self.armed.len() > SLACK + 2 * self.entries.len() {
            self.armed.retain(|_, alarm| alarm.is_some());
        }
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
        if let Some(alarm) = self.armed.get_mut(&part.key()) {
            *alarm = None;
        }
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

    #[test]
    fn what_has_rung_is_forgotten_in_time() {
        let mut q = Queue::default();
        for number in 0..10_000 {
            let at = Instant::from_secs(i64::from(number));
            q.alarm(Part::Console(number), Some(at));
            assert_eq!(q.pop(at), Some((at, Part::Console(number))));
            assert!(q.armed.len() <= SLACK + 2);
        }
    }

    #[test]
    fn every_part_has_its_own_key() {
        let (node, uid, most) = (u16::MAX, Uid(u32::MAX), u16::MAX);
        let parts = [
            Part::Scheduler,
            Part::KubeletWatch(node, uid),
            Part::StatusWrite(node, uid),
            Part::Worker(node, uid),
            Part::Volumes(node, uid),
            Part::Probe(node, uid, 0),
            Part::Probe(node, uid, most),
            Part::Relist(node),
            Part::RelistPod(node, uid),
            Part::Tick(node),
            Part::Tick(0),
            Part::Eviction(node),
            Part::NodeShutdown(node),
            Part::NodeStatus(node),
            Part::Images(node),
            Part::Process(node, uid.0),
            Part::Finalize(uid),
            Part::KubeletStop(node),
            Part::KubeletStart(node),
            Part::NodeLifecycle,
            Part::PodGc,
            Part::Endpoints,
            Part::Steps,
            Part::Console(uid.0),
            Part::Controller(ControllerId::Deployment),
            Part::Controller(ControllerId::Garbage),
        ];
        let keys: crate::map::Set<u128> = parts.iter().map(|part| part.key()).collect();
        assert_eq!(keys.len(), parts.len());
    }
}
