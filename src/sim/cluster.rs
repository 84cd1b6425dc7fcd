//! The cluster: every moving part, as plain data that can be cloned, and the step that plays one due event.

use std::rc::Rc;

use super::console::Console;
use super::story::Stories;
use super::usage;
use super::workload_story::WorkloadStories;
use crate::apiserver::ApiServer;
use crate::controllers::{Controllers, EndpointSlices, NodeLifecycle, PodGc};
use crate::cri::{Reach, Runtime, Wide};
use crate::kubelet::{Env, Kubelet, World};
use crate::machine::{Cx, Part, Queue, Setup};
use crate::scheduler::Scheduler;
use crate::time::Instant;
use crate::trace::{Record, TraceLog};

/// Everything that changes during a run, but for the trace and the record.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// The instant that is reached.
    pub now: Instant,
    /// The future.
    pub queue: Queue,
    /// The API server.
    pub api: ApiServer,
    /// The scheduler.
    pub scheduler: Scheduler,
    /// Endpoints of Services.
    pub endpoints: EndpointSlices,
    /// Lost nodes, taints.
    pub nodes: NodeLifecycle,
    /// Pods of nodes that do not exist.
    pub podgc: PodGc,
    /// The controllers of workloads.
    pub controllers: Controllers,
    /// Kubelets by node.
    pub kubelets: Vec<Kubelet>,
    /// Runtimes by node.
    pub runtimes: Vec<Runtime>,
    /// Steps of the scenario and their commands.
    pub console: Console,
    /// What is drawn of each Pod: STATUS, phase, Ready.
    pub stories: Stories,
    /// The same of each workload: counts and conditions.
    pub workload_stories: WorkloadStories,
    /// Images and the scenario.
    pub world: World,
    /// What does not change.
    pub setup: Rc<Setup>,
    /// The version of the store that commands have seen.
    pub seen_version: u64,
    /// Events played at the instant that is reached.
    pub at_once: u32,
    /// What admission forbade at t = 0: the document, and why.
    pub refused: Rc<Vec<(usize, String)>>,
}

impl Cluster {
    /// Plays the next event that is due at `limit` or before. Returns the part that was polled.
    pub fn step(&mut self, log: &mut TraceLog, record: &mut Record, limit: Instant) -> Option<Part> {
        let (at, part) = self.queue.pop(limit)?;
        if at > self.now {
            self.now = at;
            self.at_once = 0;
        }
        self.at_once += 1;
        self.poll(log, record, part);
        self.after(log, record);
        Some(part)
    }

    fn poll(&mut self, log: &mut TraceLog, record: &mut Record, part: Part) {
        let setup = self.setup.clone();
        let mut cx = Cx {
            now: self.now,
            queue: &mut self.queue,
            log,
            record,
            setup: &setup,
        };
        match part {
            Part::Scheduler => self.scheduler.poll(&mut cx, &mut self.api),
            Part::Endpoints => self.endpoints.poll(&mut cx, &self.api),
            Part::NodeLifecycle => self.nodes.poll(&mut cx, &mut self.api),
            Part::PodGc => self.podgc.poll(&mut cx, &mut self.api),
            Part::Controller(id) => self.controllers.poll(&mut cx, &mut self.api, id),
            Part::KubeletStop(node) => {
                if let Some(kubelet) = self.kubelets.get_mut(usize::from(node)) {
                    kubelet.stop();
                    let name = kubelet.agent().name.clone();
                    if let Some(runtime) = self.runtimes.get_mut(usize::from(node))
                        && runtime.reach == Reach::Answers
                    {
                        runtime.reach = Reach::Refuses;
                    }
                    self.nodes.silent(&mut cx, &name);
                }
            }
            Part::KubeletStart(node) => {
                let mut env = Env {
                    cx,
                    api: &mut self.api,
                    runtimes: &mut self.runtimes,
                    world: &self.world,
                };
                if let Some(kubelet) = self.kubelets.get_mut(usize::from(node)) {
                    let name = kubelet.agent().name.clone();
                    if let Some(again) = kubelet.start(&mut env) {
                        let at = again - crate::kubelet::READY_BEFORE_PODS;
                        self.nodes.heard(&mut env.cx, &name, at);
                        env.cx.queue.alarm(part, Some(again));
                    } else if let Some(runtime) = env.runtimes.get_mut(usize::from(node)) {
                        runtime.reach = Reach::Answers;
                    }
                }
            }
            Part::Finalize(uid) => {
                let cause = self.api.pod(uid).and_then(|p| p.marked);
                self.api.finish_delete(&mut cx, uid, cause);
            }
            Part::Process(node, id) => {
                Wide {
                    cx: &mut cx,
                    api: &self.api,
                    runtimes: &mut self.runtimes,
                }
                .poll(node, id);
            }
            Part::Steps | Part::Console(_) => {
                let mut server = super::server::ClusterServer {
                    cx,
                    api: &mut self.api,
                    runtimes: &mut self.runtimes,
                    endpoints: &self.endpoints,
                    execs: Default::default(),
                    call: 0,
                    because: None,
                };
                super::console::poll(&mut self.console, &mut server, part);
            }
            Part::KubeletWatch(node, _)
            | Part::StatusWrite(node, _)
            | Part::Worker(node, _)
            | Part::Volumes(node, _)
            | Part::Probe(node, _, _)
            | Part::Relist(node)
            | Part::RelistPod(node, _)
            | Part::Tick(node)
            | Part::Eviction(node)
            | Part::NodeShutdown(node)
            | Part::NodeStatus(node)
            | Part::Images(node) => {
                let mut env = Env {
                    cx,
                    api: &mut self.api,
                    runtimes: &mut self.runtimes,
                    world: &self.world,
                };
                if let Some(kubelet) = self.kubelets.get_mut(usize::from(node)) {
                    kubelet.poll(&mut env, part);
                }
            }
        }
    }

    /// Draws what was stored before the first step.
    pub fn flush(&mut self, log: &mut TraceLog, record: &mut Record) {
        self.after(log, record);
    }

    /// What every step may bring about: rows of Pods, commands that wait for a change.
    fn after(&mut self, log: &mut TraceLog, record: &mut Record) {
        let changes = std::mem::take(&mut self.api.feed);
        if !changes.is_empty() {
            let setup = self.setup.clone();
            let mut cx = Cx {
                now: self.now,
                queue: &mut self.queue,
                log,
                record,
                setup: &setup,
            };
            for change in &changes {
                self.endpoints.observe(&mut cx, change);
                self.scheduler.observe(&mut cx, &self.api, change);
            }
            self.controllers.observe(&mut cx, &self.api, &changes);
        }
        for revision in std::mem::take(&mut record.fresh_workloads) {
            self.queue.keep(usage::of_workload(&revision));
            self.workload_stories.tell(log, &revision);
            if !record.muted {
                record.workloads.push(revision);
            }
        }
        let fresh = std::mem::take(&mut record.fresh);
        for revision in fresh {
            self.queue.keep(usage::of_pod(&revision.pod));
            self.stories.tell(log, &revision);
            if !record.muted {
                record.pods.push(revision);
            }
        }
        if std::mem::replace(&mut self.seen_version, self.api.version) == self.api.version {
            return;
        }
        for call in self.console.waiting_for_objects() {
            self.queue.alarm(Part::Console(call), Some(self.now));
        }
    }
}
