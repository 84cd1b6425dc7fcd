//! The data of a kubelet: what a node's Pods share, and what it knows of each Pod.
//!
//! No twin: there the data is spread over the managers; here it is one plain value that can be copied.

use std::collections::VecDeque;
use std::rc::Rc;

use super::backoff::Backoff;
use super::image_manager::ImageManager;
use super::kubelet_pods::Reasons;
use super::pod_workers::Worker;
use super::prober_worker::ProbeWorker;
use super::resize::Pending;
use super::volume_manager::Volumes;
use super::work_queue::WorkQueue;
use crate::api::scenario::Scenario;
use crate::api::{Pod, PodStatus};
use crate::apiserver::{ApiServer, EventSource, Recorder};
use crate::cri::{PodView, Runtime, Wide};
use crate::machine::{Cx, Profile, Uid};
use crate::map::{Map, Set};
use crate::time::{Duration, Instant};
use crate::trace::{ContainerLanes, EntryId, PodLanes};
use crate::world::Registry;

/// What no Kubernetes code decides, as the scenario describes it.
#[derive(Clone, Debug)]
pub struct World {
    /// Images.
    pub registry: Rc<Registry>,
    /// The scenario.
    pub scenario: Rc<Scenario>,
}

/// What a step of the kubelet may use beside its own state.
pub struct Env<'a> {
    /// Instant, future, trace, record.
    pub cx: Cx<'a>,
    /// The API server.
    pub api: &'a mut ApiServer,
    /// The runtimes of all nodes.
    pub runtimes: &'a mut [Runtime],
    /// Images and the scenario.
    pub world: &'a World,
}

impl<'a> Env<'a> {
    /// The instant being played.
    pub fn now(&self) -> Instant {
        self.cx.now
    }

    /// Access to the inside of containers, with the rest of the world around them.
    pub fn wide<'b>(&'b mut self) -> Wide<'b, 'a> {
        Wide {
            cx: &mut self.cx,
            api: self.api,
            runtimes: self.runtimes,
        }
    }
}

/// What the Pods of a node share.
#[derive(Clone, Debug)]
pub struct Agent {
    /// Index of the node.
    pub node: u16,
    /// Name of the node.
    pub name: Rc<str>,
    /// Its address.
    pub ip: Rc<str>,
    /// How this version behaves.
    pub profile: Profile,
    /// Counts, merges and filters this kubelet's events.
    pub recorder: Recorder,
    /// Crash-loop back-off by Pod, container and definition.
    pub crash_backoff: Backoff<(Uid, usize, u64)>,
    /// Images present, pulls and their back-off.
    pub images: ImageManager,
    /// Which Pods the loops look at.
    pub work: WorkQueue,
    /// Relists are on this phase of their grid.
    pub relist_phase: Instant,
    /// Ticks of the sync loop are on this phase of theirs.
    pub tick_phase: Instant,
    /// When this kubelet started.
    pub started_at: Instant,
    /// When the Pods that are being started or stopped are done, as far as they keep the runtime busy.
    pub at_work: Vec<Instant>,
}

/// A Pod whose sandbox stands keeps the runtime busy for so long with its containers.
const CONTAINERS: Duration = Duration::from_millis(100);

/// Relist, then one second of rest: the measured cycle (spec/07 §1.4).
pub const RELIST_PERIOD: Duration = Duration::from_millis(1004);
/// The sync loop looks at its work queue once a second.
pub const TICK_PERIOD: Duration = Duration::from_secs(1);

impl Agent {
    /// How much longer the start or stop of a Pod's sandbox takes than alone, since the runtime works on other Pods too.
    /// It takes `alone`; each other Pod that is being started or stopped adds `each` (recorded: with ten Pods at once the last one runs
    /// about 1.8 s after the first could have).
    pub fn contend(&mut self, now: Instant, alone: Duration, each: Duration) -> Duration {
        self.at_work.retain(|end| *end > now);
        let others = i64::try_from(self.at_work.len()).unwrap_or(i64::MAX);
        let longer = each.times(others);
        self.at_work.push(now + alone + longer + CONTAINERS);
        longer
    }

    /// The start of the last relist at or before `now`.
    pub fn last_relist(&self, now: Instant) -> Instant {
        now.floor_to_grid(self.relist_phase, RELIST_PERIOD)
    }

    /// The start of the first relist after `after`.
    pub fn next_relist(&self, after: Instant) -> Instant {
        (after + Duration::from_micros(1)).ceil_to_grid(self.relist_phase, RELIST_PERIOD)
    }

    /// The first tick after `after`.
    pub fn next_tick(&self, after: Instant) -> Instant {
        (after + Duration::from_micros(1)).ceil_to_grid(self.tick_phase, TICK_PERIOD)
    }
}

/// A status on its way to the API.
#[derive(Clone, Debug)]
pub struct PendingWrite {
    /// When it arrives.
    pub due: Instant,
    /// What arrives.
    pub status: Rc<PodStatus>,
    /// The entry it follows from.
    pub because: Option<EntryId>,
}

/// The phase Failed, whatever the containers do, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forced {
    /// `status.reason`
    pub reason: &'static str,
    /// `status.message`
    pub message: Rc<str>,
    /// The message of the condition DisruptionTarget, when there is one.
    pub disruption: Option<Rc<str>>,
}

/// Everything a kubelet knows of one Pod.
#[derive(Clone, Debug)]
pub struct PodEntry {
    /// Identity.
    pub uid: Uid,
    /// The Pod as the kubelet last saw it in the API.
    pub pod: Rc<Pod>,
    /// Its lanes.
    pub lanes: Rc<PodLanes>,
    /// Its worker.
    pub worker: Worker,
    /// What the last relist saw: the PLEG's cache.
    pub view: Rc<PodView>,
    /// When the cache entry was last changed.
    pub view_at: Instant,
    /// The earliest moment at which a change in the runtime can be seen that no relist has seen yet.
    pub unseen: Option<Instant>,
    /// The status manager's newest status.
    pub status: Option<Rc<PodStatus>>,
    /// Statuses on their way.
    pub writes: VecDeque<PendingWrite>,
    /// Failed starts.
    pub reasons: Reasons,
    /// Volumes.
    pub volumes: Volumes,
    /// Probe workers; empty until the volumes are there.
    pub probes: Vec<ProbeWorker>,
    /// Whether probe workers were made.
    pub probes_added: bool,
    /// The most memory that its containers will ever use, as far as the text tells, in bytes.
    pub peak: i128,
    /// New resources of running containers are being set.
    pub resizing: bool,
    /// Containers that have to be started again for it.
    pub resize_restarts: Vec<usize>,
    /// New resources that were not given.
    pub pending_resize: Option<Pending>,
    /// What one of the kubelet's managers has made of the Pod.
    pub forced: Option<Forced>,
    /// The newest entry about the Pod as a whole or its init containers; what explains what starts next.
    pub story: Option<EntryId>,
    /// The newest entry about anything of the Pod; what explains its next status.
    pub news: Option<EntryId>,
    /// The newest entry about each container, by index; what explains what it does next.
    pub stories: Map<usize, EntryId>,
    /// The newest back-off of each container, by index: what would end it early is a wish to stop the Pod.
    pub backoffs: Map<usize, EntryId>,
    /// Instances of which it was said that they stay as they ended.
    pub settled: Set<u32>,
}

impl PodEntry {
    /// The lanes of the container at `index`.
    pub fn container_lanes(&self, index: usize) -> &ContainerLanes {
        let last = self.lanes.containers.len().saturating_sub(1);
        &self.lanes.containers[index.min(last)]
    }

    /// What explains what the container at `index` does next: the newest entry about it, else about the Pod.
    pub fn story_of(&self, index: usize) -> Option<EntryId> {
        self.stories.get(&index).copied().or(self.story)
    }

    /// The newest entry of all.
    pub fn newest(&self) -> Option<EntryId> {
        self.story.max(self.news)
    }

    /// Notes an entry about the container at `index`.
    pub fn tell(&mut self, index: usize, entry: EntryId) {
        self.stories.insert(index, entry);
        self.news = Some(entry);
        if index < self.pod.spec.init_containers.len() {
            self.story = Some(entry);
        }
    }

    /// `Pod/web`
    pub fn object(&self) -> String {
        format!("Pod/{}", self.pod.metadata.name)
    }
}

/// Records a kubelet event about a Pod, or about its container at `index`.
pub fn event(a: &mut Agent, p: &PodEntry, env: &mut Env, index: Option<usize>, warning: bool, reason: &str, msg: &str) {
    use super::helpers;
    let spec = &p.pod.spec;
    let field_path = match index.and_then(|i| helpers::container_at(spec, i).map(|c| (i, c))) {
        None => String::new(),
        Some((i, c)) if helpers::is_init(spec, i) => format!("spec.initContainers{{{}}}", c.name),
        Some((i, c)) if helpers::is_regular(spec, i) => format!("spec.containers{{{}}}", c.name),
        Some((_, c)) => format!("spec.ephemeralContainers{{{}}}", c.name),
    };
    let object = p.object();
    let source = EventSource {
        uid: p.uid,
        object: &object,
        namespace: &p.pod.metadata.namespace,
        field_path: &field_path,
        component: "kubelet",
        lane: index.map_or(p.lanes.pod, |i| p.container_lanes(i).main),
        because: index.map_or(p.story, |i| p.story_of(i)),
    };
    a.recorder.event(&mut env.cx, env.api, &source, warning, reason, msg);
}
