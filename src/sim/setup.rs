//! From a loaded text to the cluster at t = 0.

use std::rc::Rc;

use super::apply::{apply_object, note_applied};
use super::cluster::Cluster;
use super::console::Console;
use super::nodes::node_object;
use super::story::Stories;
use crate::api::scenario::Scenario;
use crate::api::{Loaded, Time};
use crate::apiserver::{ApiServer, ObjectKey, Typed};
use crate::controllers::{Controllers, EndpointSlices, NodeLifecycle, PodGc};
use crate::cri::Runtime;
use crate::kubelet::{Kubelet, World};
use crate::machine::{Client, Cx, Part, Profile, Queue, Setup};
use crate::scheduler::Scheduler;
use crate::time::{Calendar, Duration, Instant};
use crate::trace::bounds::{LimitMet, NODES};
use crate::trace::{Record, TraceLog};
use crate::world::Registry;

/// What the caller decides over the scenario.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Another seed than the scenario's.
    pub seed: Option<u64>,
    /// Another horizon than the scenario's.
    pub until: Option<Duration>,
}

/// What is fixed for a run of `scenario`.
pub fn setup_of(scenario: &Scenario, options: &Options) -> Setup {
    let spec = &scenario.spec;
    let start = spec.start.map_or(Instant::ZERO, |Time(at)| at);
    let version = spec.kubernetes.as_deref().unwrap_or(Profile::V1_36.version);
    let client = spec.kubectl.as_deref().and_then(Client::of);
    Setup {
        seed: options.seed.unwrap_or(spec.seed),
        calendar: Calendar::default().from(start),
        profile: Profile::of(version)
            .unwrap_or(Profile::V1_36)
            .with_gates(&spec.feature_gates),
        client: client.unwrap_or(Client::beside(version)),
    }
}

/// The cluster at t = 0: nodes are there, the text's objects are stored in order, steps wait.
pub fn cluster_of(loaded: &Loaded, setup: Rc<Setup>, log: &mut TraceLog, record: &mut Record) -> Cluster {
    let scenario = Rc::new(loaded.scenario.clone());
    let spec = &scenario.spec;
    let mut nodes = super::assumed_nodes::nodes(loaded);
    let world = World {
        registry: Rc::new(Registry::new(spec)),
        scenario: scenario.clone(),
    };
    let mut cluster = Cluster {
        now: Instant::ZERO,
        queue: Queue::default(),
        api: ApiServer::default(),
        scheduler: Scheduler::default(),
        endpoints: EndpointSlices::default(),
        nodes: NodeLifecycle::default(),
        podgc: PodGc::default(),
        controllers: Controllers::default(),
        kubelets: Vec::new(),
        runtimes: Vec::new(),
        console: Console::new(&scenario),
        stories: Stories::default(),
        workload_stories: super::workload_story::WorkloadStories::default(),
        world,
        setup: setup.clone(),
        seen_version: 0,
        at_once: 0,
        refused: Rc::default(),
    };
    let mut cx = Cx {
        now: Instant::ZERO,
        queue: &mut cluster.queue,
        log,
        record,
        setup: &setup,
    };
    let many = nodes.len() as u64;
    if many > NODES.most {
        nodes.truncate(usize::try_from(NODES.most).unwrap_or(usize::MAX));
        cx.record.meet(LimitMet {
            at: cx.now,
            bound: &NODES,
            used: many,
            object: "".into(),
        });
    }
    for (index, node) in nodes.iter().enumerate() {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        let own = node.kubelet.as_deref().and_then(Profile::of);
        let profile = own.map_or(setup.profile, |p| p.with_gates(&spec.feature_gates));
        cluster.api.watch_node(&node.name, index);
        let key = ObjectKey {
            kind: "Node".into(),
            namespace: "".into(),
            name: node.name.as_str().into(),
        };
        let (value, typed) = node_object(node, index, profile, setup.calendar);
        cluster.api.put_object(&mut cx, key, value, Typed::Node(Rc::new(typed)));
        cluster.kubelets.push(Kubelet::new(&setup, index, node, profile));
        cluster.runtimes.push(Runtime::new(index));
    }
    // The nodes of the scenario were there before.
    cx.record.nodes.clear();
    cluster.api.tells_classes = loaded.objects.iter().any(|o| o.object.kind() == "PriorityClass");
    let mut refused = Vec::new();
    let own_nodes = spec.nodes.is_empty();
    let made = |o: &&crate::api::LoadedObject| own_nodes && o.object.kind() == "Node";
    for object in loaded.objects.iter().filter(|o| o.valid && !made(o)) {
        let stored = apply_object(&mut cx, &mut cluster.api, &object.object, &object.raw, None);
        if let Err(why) = stored {
            refused.push((object.document, why));
        } else {
            note_applied(&mut cluster.api, loaded, object);
        }
    }
    cluster.refused = Rc::new(refused);
    let first = cluster.console.steps.first().map(|s| s.at);
    cx.queue.alarm(Part::Steps, first);
    cluster
}
