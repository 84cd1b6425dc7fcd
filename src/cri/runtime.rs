//! The runtime of one node: what it holds, and what it reports.
//!
//! Everything that touches the inside of a container goes through [`super::Wide`], since a process may look at other
//! Pods; what is here needs nothing but the runtime itself.

use std::rc::Rc;

use super::view::{ContainerView, PodView, SandboxView, State};
use crate::api::Pod;
use crate::machine::{Part, Uid};
use crate::map::Map;
use crate::time::Instant;
use crate::trace::{EntryId, FieldBase, LaneId, TraceLog};
use crate::world::{ExecId, ExecResult, Files, Inside, Note, StartSpec};

/// Remarks kept of containers that are gone.
const MAX_REMARKS: usize = 256;

/// A container by its number on the node.
pub type ContainerId = u32;

/// A command that runs in a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExecHandle {
    /// Container.
    pub container: ContainerId,
    /// Command in it.
    pub id: ExecId,
}

/// What a container is made from.
#[derive(Clone, Debug)]
pub struct Start {
    /// Its Pod.
    pub uid: Uid,
    /// The Pod as it was when the container was made.
    pub pod: Rc<Pod>,
    /// Its position in the Pod.
    pub index: usize,
    /// Instances before it.
    pub restart_count: i64,
    /// Hash of name and image.
    pub hash: u64,
    /// Image as written.
    pub image: Rc<str>,
    /// What runs inside.
    pub spec: StartSpec,
    /// `terminationMessagePolicy: FallbackToLogsOnError`.
    pub message_from_logs: bool,
    /// Bytes of a termination message that the Pod's budget leaves to each container.
    pub message_budget: usize,
    /// Where the container stands in the manifest.
    pub base: FieldBase,
    /// The container's lane.
    pub lane: LaneId,
    /// The lane of signals and ends.
    pub end_lane: LaneId,
    /// Kind, namespace and name of the object whose manifest it stands in: the Pod, or what the Pod was made from.
    pub origin: (Rc<str>, Rc<str>, Rc<str>),
    /// Where it stands in the spec there: `containers[0]`.
    pub place: String,
}

/// A container.
#[derive(Clone, Debug)]
pub struct Container {
    /// What it was made from.
    pub start: Rc<Start>,
    /// What is reported of it.
    pub view: ContainerView,
    /// From when on its end is reported.
    pub reported_at: Option<Instant>,
    /// Processes, files, log. Stays after the end, for the log.
    pub inside: Option<Inside>,
    /// The slice in which it runs.
    pub running: Option<EntryId>,
    /// The entry of its end.
    pub ended: Option<EntryId>,
    /// Who waits for commands in it.
    pub waiting: Vec<(ExecId, Part)>,
}

/// A sandbox.
#[derive(Clone, Debug)]
pub struct Sandbox {
    /// What is reported of it.
    pub view: SandboxView,
    /// Its slice.
    pub slice: EntryId,
}

#[derive(Clone, Debug, Default)]
pub(super) struct PodBox {
    pub(super) sandboxes: Vec<Sandbox>,
    pub(super) containers: Vec<ContainerId>,
    pub(super) volumes: Map<String, Files>,
    pub(super) changed: Option<Instant>,
    /// Grows with everything that is done in one of the Pod's containers, to one of them, or to their number.
    pub(super) stirs: u64,
}

/// How long requests to a Pod find what they found once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steady {
    stirs: u64,
    until: Option<Instant>,
}

/// Whether the kubelet of a node can be spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// It answers.
    #[default]
    Answers,
    /// Its process is stopped.
    Refuses,
    /// The machine is off.
    Silent,
}

/// The runtime of a node.
#[derive(Clone, Debug, Default)]
pub struct Runtime {
    /// Index of the node.
    pub node: u16,
    /// Whether the kubelet beside it can be spoken to.
    pub reach: Reach,
    pub(super) pods: Map<Uid, Box<PodBox>>,
    pub(super) containers: Map<ContainerId, Container>,
    next_id: u32,
    next_ip: u32,
    /// Remarks of containers that are gone.
    remarks: Vec<(Rc<Start>, Note)>,
    /// From when until when the registry cannot be reached.
    registry_down: Option<(Instant, Option<Instant>)>,
}

impl Runtime {
    /// The runtime of the node with this index.
    pub fn new(node: u16) -> Self {
        Runtime {
            node,
            ..Runtime::default()
        }
    }

    pub(super) fn touch(&mut self, uid: Uid, at: Instant) {
        let pod = self.pods.entry(uid).or_default();
        pod.changed = Some(pod.changed.map_or(at, |c| c.min(at)));
        pod.stirs += 1;
    }

    /// Something is done in one of the Pod's containers.
    pub(super) fn stir(&mut self, uid: Uid) {
        if let Some(pod) = self.pods.get_mut(&uid) {
            pod.stirs += 1;
        }
    }

    /// How long requests to this Pod find what they find now, if nothing is done in it before.
    pub fn steady(&self, uid: Uid, now: Instant) -> Option<Steady> {
        let pod = self.pods.get(&uid)?;
        let insides = pod
            .containers
            .iter()
            .filter_map(|id| self.containers.get(id)?.inside.as_ref());
        let until = insides.filter_map(|inside| inside.steady_until(now)).min();
        Some(Steady {
            stirs: pod.stirs,
            until,
        })
    }

    /// Whether requests to this Pod still find what they found when it was asked.
    pub fn is_steady(&self, uid: Uid, steady: &Steady, now: Instant) -> bool {
        self.pods.get(&uid).is_some_and(|pod| pod.stirs == steady.stirs) && steady.until.is_none_or(|until| now < until)
    }

    /// The earliest moment at which a change of this Pod can be seen that was not asked for yet.
    pub fn take_changed(&mut self, uid: Uid) -> Option<Instant> {
        self.pods.get_mut(&uid)?.changed.take()
    }

    /// The registry cannot be reached from now on, until then or for ever.
    pub fn registry_down(&mut self, now: Instant, until: Option<Instant>) {
        self.registry_down = Some((now, until));
    }

    /// Whether the registry can be reached.
    pub fn registry_up(&self, now: Instant) -> bool {
        self.registry_down
            .is_none_or(|(since, until)| now < since || until.is_some_and(|u| u <= now))
    }

    /// Pods of which something is there.
    pub fn uids(&self) -> Vec<Uid> {
        self.pods.keys().copied().collect()
    }

    /// A sandbox stands from now on.
    pub fn run_sandbox(&mut self, uid: Uid, attempt: u32, now: Instant, host_ip: Option<Rc<str>>, slice: EntryId) {
        self.next_id += 1;
        self.next_ip += 1;
        let ip = host_ip.unwrap_or_else(|| {
            let (high, low) = (self.next_ip / 250, self.next_ip % 250 + 2);
            format!("10.244.{}.{low}", u32::from(self.node) * 4 + high % 4).into()
        });
        let view = SandboxView {
            id: self.next_id,
            attempt,
            ready: true,
            ip,
        };
        self.pods
            .entry(uid)
            .or_default()
            .sandboxes
            .insert(0, Sandbox { view, slice });
        self.touch(uid, now);
    }

    /// All sandboxes of the Pod are stopped.
    pub fn stop_sandboxes(&mut self, uid: Uid, now: Instant, log: &mut TraceLog) {
        if let Some(pod) = self.pods.get_mut(&uid) {
            for sandbox in &mut pod.sandboxes {
                if sandbox.view.ready {
                    sandbox.view.ready = false;
                    log.end(sandbox.slice, now);
                }
            }
        }
        self.touch(uid, now);
    }

    /// Whether a sandbox of the Pod stands.
    pub fn has_sandbox(&self, uid: Uid) -> bool {
        self.pods
            .get(&uid)
            .is_some_and(|p| p.sandboxes.iter().any(|s| s.view.ready))
    }

    /// The address of a Pod.
    pub fn ip(&self, uid: Uid) -> Option<Rc<str>> {
        self.pods
            .get(&uid)?
            .sandboxes
            .iter()
            .find(|s| s.view.ready)
            .map(|s| s.view.ip.clone())
    }

    /// Makes a container.
    pub fn create(&mut self, start: Start, now: Instant) -> ContainerId {
        self.next_id += 1;
        let id = self.next_id;
        let mut hex = crate::rng::Stream::keyed(u64::from(self.node), "container", u64::from(id), 0);
        let container_id: String = (0..4).map(|_| format!("{:016x}", hex.bits())).collect();
        let view = ContainerView {
            id,
            index: start.index,
            state: State::Created,
            restart_count: start.restart_count,
            hash: start.hash,
            image: start.image.clone(),
            container_id: format!("containerd://{container_id}").into(),
            created_at: now,
            started_at: None,
            finished_at: None,
            exit_code: 0,
            reason: "".into(),
            message: "".into(),
        };
        let uid = start.uid;
        let container = Container {
            start: Rc::new(start),
            view,
            reported_at: None,
            inside: None,
            running: None,
            ended: None,
            waiting: Vec::new(),
        };
        self.containers.insert(id, container);
        self.pods.entry(uid).or_default().containers.insert(0, id);
        self.touch(uid, now);
        id
    }

    /// What is reported of a Pod. An end that was not reported yet shows as running, unless `direct` asks for the truth.
    pub fn pod_view(&self, uid: Uid, now: Instant, direct: bool) -> PodView {
        let Some(pod) = self.pods.get(&uid) else {
            return PodView::default();
        };
        let containers = pod
            .containers
            .iter()
            .filter_map(|id| self.containers.get(id))
            .map(|c| {
                let hidden = !direct && c.reported_at.is_some_and(|at| at > now);
                let mut view = c.view.clone();
                if hidden {
                    view.state = State::Running;
                    view.finished_at = None;
                    view.exit_code = 0;
                    view.reason = "".into();
                    view.message = "".into();
                }
                view
            })
            .collect();
        PodView {
            sandboxes: pod.sandboxes.iter().map(|s| s.view.clone()).collect(),
            containers,
        }
    }

    /// Containers of a Pod that run: number and position, in the order of their making.
    pub fn running(&self, uid: Uid) -> Vec<(ContainerId, usize)> {
        let Some(pod) = self.pods.get(&uid) else {
            return Vec::new();
        };
        let ids = pod.containers.iter().rev();
        ids.filter_map(|id| self.containers.get(id))
            .filter(|c| c.view.state == State::Running)
            .map(|c| (c.view.id, c.view.index))
            .collect()
    }

    /// A container by number.
    pub fn container(&self, id: ContainerId) -> Option<&Container> {
        self.containers.get(&id)
    }

    /// The newest instance of the container at `index`.
    pub fn newest(&self, uid: Uid, index: usize) -> Option<&Container> {
        let pod = self.pods.get(&uid)?;
        pod.containers
            .iter()
            .filter_map(|id| self.containers.get(id))
            .find(|c| c.view.index == index)
    }

    /// The instance before the newest one.
    pub fn previous(&self, uid: Uid, index: usize) -> Option<&Container> {
        let pod = self.pods.get(&uid)?;
        pod.containers
            .iter()
            .filter_map(|id| self.containers.get(id))
            .filter(|c| c.view.index == index)
            .nth(1)
    }

    /// When a container's process ended. A container that is gone counts as ended long ago.
    pub fn finished_at(&self, id: ContainerId) -> Option<Instant> {
        match self.containers.get(&id) {
            Some(c) => c.view.finished_at,
            None => Some(Instant::ZERO),
        }
    }

    /// The entry of a container's end.
    pub fn exit_entry(&self, id: ContainerId) -> Option<EntryId> {
        self.containers.get(&id)?.ended
    }

    /// When the next end is reported that is not reported yet.
    pub fn next_report(&self, uid: Uid, now: Instant) -> Option<Instant> {
        let pod = self.pods.get(&uid)?;
        pod.containers
            .iter()
            .filter_map(|id| self.containers.get(id)?.reported_at)
            .filter(|at| *at > now)
            .min()
    }

    /// The highest process ID of a Pod's shared process namespace; the pause process has 1.
    pub(super) fn last_pid(&self, uid: Uid) -> u32 {
        let ids = self.pods.get(&uid).map(|p| p.containers.as_slice()).unwrap_or_default();
        let insides = ids.iter().filter_map(|id| self.containers.get(id)?.inside.as_ref());
        insides.map(Inside::last_pid).max().unwrap_or(1)
    }

    /// The last end among a Pod's containers.
    pub fn last_exit(&self, uid: Uid) -> Option<Instant> {
        let pod = self.pods.get(&uid)?;
        pod.containers
            .iter()
            .filter_map(|id| self.containers.get(id)?.view.finished_at)
            .max()
    }

    /// The entry of the last end of one of a Pod's containers.
    pub fn last_exit_entry(&self, uid: Uid) -> Option<EntryId> {
        let pod = self.pods.get(&uid)?;
        let containers = pod.containers.iter().filter_map(|id| self.containers.get(id));
        containers.max_by_key(|c| c.view.finished_at)?.ended
    }

    /// The result of a command, once there is one.
    pub fn exec_result(&self, handle: &ExecHandle) -> Option<ExecResult> {
        match self.containers.get(&handle.container) {
            Some(c) => c.inside.as_ref()?.exec_result(handle.id),
            None => Some(ExecResult {
                at: Instant::ZERO,
                code: 137,
                output: String::new(),
                stdout: String::new(),
                stderr: String::new(),
            }),
        }
    }

    /// Of each container, all ended instances but the newest are removed.
    pub fn trim_dead(&mut self, uid: Uid) {
        let Some(pod) = self.pods.get_mut(&uid) else { return };
        let mut seen = crate::map::Set::new();
        let containers = &mut self.containers;
        pod.containers.retain(|id| {
            let Some(c) = containers.get(id) else { return false };
            if c.view.state != State::Exited || seen.insert(c.view.index) {
                return true;
            }
            containers.remove(id);
            false
        });
    }

    /// All init containers are removed, as before the init sequence runs again.
    pub fn remove_init_containers(&mut self, uid: Uid, count: usize) {
        let Some(pod) = self.pods.get_mut(&uid) else { return };
        let containers = &mut self.containers;
        pod.containers.retain(|id| {
            let keep = containers.get(id).is_some_and(|c| c.view.index >= count);
            if !keep {
                containers.remove(id);
            }
            keep
        });
    }

    /// One container that has ended is removed.
    pub fn remove_container(&mut self, uid: Uid, id: ContainerId) {
        let Some(pod) = self.pods.get_mut(&uid) else { return };
        pod.containers.retain(|other| *other != id);
        self.containers.remove(&id);
    }

    /// Everything of a Pod is removed.
    pub fn remove_pod(&mut self, uid: Uid) {
        if let Some(pod) = self.pods.remove(&uid) {
            for id in pod.containers {
                if let Some(container) = self.containers.remove(&id) {
                    self.keep_remarks(&container);
                }
            }
        }
    }

    /// Keeps what was remarked in a container that goes; the same remark of Pods of one name once.
    fn keep_remarks(&mut self, container: &Container) {
        let start = &container.start;
        for note in container.inside.iter().flat_map(Inside::notes) {
            let same = |(other, known): &(Rc<Start>, Note)| {
                let (a, b) = (&other.pod.metadata, &start.pod.metadata);
                known == note && other.base == start.base && a.name == b.name && a.namespace == b.namespace
            };
            if self.remarks.len() < MAX_REMARKS && !self.remarks.iter().any(same) {
                self.remarks.push((start.clone(), note.clone()));
            }
        }
    }

    /// The remarks of all containers, be they gone or not.
    pub fn remarks(&self) -> impl Iterator<Item = (&Start, &Note)> {
        let gone = self.remarks.iter().map(|(start, note)| (&**start, note));
        let there = self.containers.values().flat_map(|container| {
            let notes = container.inside.iter().flat_map(Inside::notes);
            notes.map(|note| (&*container.start, note))
        });
        there.chain(gone)
    }

    /// A volume of a Pod.
    pub fn volume(&mut self, uid: Uid, name: &str) -> Option<&mut Files> {
        self.pods.get_mut(&uid)?.volumes.get_mut(name)
    }

    /// Whether the Pod has this volume already.
    pub fn has_volume(&self, uid: Uid, name: &str) -> bool {
        self.pods.get(&uid).is_some_and(|p| p.volumes.contains_key(name))
    }

    /// Gives the Pod a volume.
    pub fn put_volume(&mut self, uid: Uid, name: &str, files: Files) {
        let pod = self.pods.entry(uid).or_default();
        pod.volumes.insert(name.to_owned(), files);
        pod.stirs += 1;
    }

    /// All containers with something inside.
    pub fn containers(&self) -> impl Iterator<Item = &Container> {
        self.containers.values()
    }
}
