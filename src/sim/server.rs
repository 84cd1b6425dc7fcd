//! The cluster as kubectl sees it.

use std::rc::Rc;

use super::reading::Reading;
use crate::api::WorkloadKind;
use crate::apiserver::{ApiServer, CLAIM, DeleteOutcome, DeleteRequest, ObjectKey};
use crate::controllers::EndpointSlices;
use crate::cri::{ExecHandle, Runtime, Wide};
use crate::kubectl::server::{
    Applied, ApplyMode, DeleteOptions, EventObject, ExecCall, Refusal, Server, Stored, UpdateOptions,
};
use crate::machine::{Client, Cx, Part};
use crate::manifest::Value;
use crate::map::Map;
use crate::time::{Calendar, Instant};
use crate::trace::{EntryId, LaneId};

/// Commands of `kubectl exec` in containers, and the lane of the steps.
#[derive(Clone, Debug, Default)]
pub struct Execs {
    next: u64,
    running: Map<u64, (u16, ExecHandle)>,
    /// The lane on which steps are drawn.
    pub lane: Option<LaneId>,
}

/// The cluster as one command of a step sees it.
pub struct ClusterServer<'a> {
    /// Instant, future, trace, record.
    pub cx: Cx<'a>,
    /// The API server.
    pub api: &'a mut ApiServer,
    /// Runtimes by node.
    pub runtimes: &'a mut [Runtime],
    /// Endpoints of Services.
    pub endpoints: &'a EndpointSlices,
    /// Commands in containers.
    pub execs: Execs,
    /// The command of a step that asks.
    pub call: u32,
    /// Its entry in the trace.
    pub because: Option<EntryId>,
}

/// `pods`, `services`, …: the resource that errors name.
pub(super) fn resource(kind: &str) -> String {
    match kind {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => format!("{}s.apps", kind.to_ascii_lowercase()),
        "Job" | "CronJob" => format!("{}s.batch", kind.to_ascii_lowercase()),
        "EndpointSlice" => "endpointslices.discovery.k8s.io".to_owned(),
        _ => format!("{}s", kind.to_ascii_lowercase()),
    }
}

impl ClusterServer<'_> {
    /// The same cluster, only to be read.
    fn reading(&self) -> Reading<'_> {
        Reading {
            now: self.cx.now,
            api: self.api,
            runtimes: self.runtimes,
            endpoints: self.endpoints,
            setup: self.cx.setup,
        }
    }
}

impl Server for ClusterServer<'_> {
    fn now(&self) -> Instant {
        self.cx.now
    }

    fn calendar(&self) -> Calendar {
        self.cx.setup.calendar
    }

    fn objects(&self, kind: &str, namespace: Option<&str>) -> Vec<Stored> {
        self.reading().objects(kind, namespace)
    }

    fn object(&self, kind: &str, namespace: &str, name: &str) -> Option<Stored> {
        self.reading().object(kind, namespace, name)
    }

    fn events(&self, namespace: Option<&str>) -> Vec<EventObject> {
        self.reading().events(namespace)
    }

    fn apply(&mut self, text: &str, namespace: &str, mode: ApplyMode) -> Vec<Result<Applied, Refusal>> {
        super::apply::apply(self, text, namespace, mode)
    }

    fn update(&mut self, kind: &str, object: &Value, how: UpdateOptions) -> Result<bool, Refusal> {
        super::update::update(self, kind, object, how)
    }

    fn client(&self) -> Client {
        self.cx.setup.client
    }

    fn delete(&mut self, kind: &str, namespace: &str, name: &str, how: DeleteOptions) -> Result<Rc<str>, Refusal> {
        let missing = || Refusal::not_found(&resource(kind), name);
        let stored = self.object(kind, namespace, name).ok_or_else(missing)?;
        if kind == "Pod" {
            let uid = self.api.pod_named(namespace, name).map(|p| p.uid).ok_or_else(missing)?;
            let request = DeleteRequest {
                grace: how.grace,
                because: self.because,
            };
            let _: DeleteOutcome = self.api.delete_pod(&mut self.cx, uid, request);
        } else if let Some(kind) = WorkloadKind::of(kind) {
            let uid = self
                .api
                .workload_named(kind, namespace, name)
                .map(|w| w.uid)
                .ok_or_else(missing)?;
            let because = self.because;
            self.api.delete_workload(&mut self.cx, uid, how.propagation, because);
        } else if self.api.object(kind, namespace, name).is_none() {
            // Of those that every cluster has another one is made at once.
            return Ok("".into());
        } else {
            let key = ObjectKey {
                kind: kind.into(),
                namespace: namespace.into(),
                name: name.into(),
            };
            if kind == CLAIM {
                self.api.delete_claim(&mut self.cx, &key);
            } else {
                self.api.remove_object(&mut self.cx, &key);
            }
        }
        Ok(stored.uid)
    }

    fn exec(&mut self, call: &ExecCall) -> Result<u64, Refusal> {
        let missing = || Refusal::container_not_found(&call.container);
        let stored = self.api.pod_named(&call.namespace, &call.pod).ok_or_else(missing)?;
        let (uid, spec) = (stored.uid, stored.pod.spec.clone());
        let node = self.api.node_index(&spec.node_name).ok_or_else(missing)?;
        let index = crate::kubelet::helpers::all_containers(&spec)
            .position(|c| *c.name == *call.container)
            .ok_or_else(missing)?;
        let running = self.runtimes[usize::from(node)].running(uid);
        let id = running
            .iter()
            .find(|(_, i)| *i == index)
            .map(|(id, _)| *id)
            .ok_or_else(missing)?;
        let mut wide = Wide {
            cx: &mut self.cx,
            api: self.api,
            runtimes: self.runtimes,
        };
        let handle = wide
            .exec_for(node, id, &call.argv, Part::Console(self.call))
            .map_err(|message| {
                Refusal::Local(format!(
                    "Internal error occurred: Internal error occurred: error executing command in container: {message}"
                ))
            })?;
        self.execs.next += 1;
        self.execs.running.insert(self.execs.next, (node, handle));
        Ok(self.execs.next)
    }

    fn exec_result(&mut self, id: u64) -> Option<Result<(String, i32), Refusal>> {
        let (node, handle) = self.execs.running.get(&id)?;
        let result = self.runtimes[usize::from(*node)].exec_result(handle)?;
        self.execs.running.remove(&id);
        Some(Ok((result.output, result.code)))
    }

    fn reach_kubelet(&self, node: &str, path: Option<&str>) -> Result<(), Refusal> {
        self.reading().reach_kubelet(node, path)
    }

    fn logs(&self, _namespace: &str, _pod: &str, _container: &str, id: &str) -> Vec<(Instant, String)> {
        self.reading().logs(id)
    }
}

/// An object as YAML shows it.
pub fn shown(cluster: &super::Cluster, kind: &str, namespace: &str, name: &str) -> Option<Value> {
    let object = Reading::of(cluster).object(kind, namespace, name)?;
    Some(object.shown(cluster.setup.calendar))
}

/// All objects: kind, namespace, name; Pods first.
pub fn objects_of(api: &ApiServer) -> Vec<(String, String, String)> {
    let pods = api.pods().map(|s| {
        let meta = &s.pod.metadata;
        ("Pod".to_owned(), meta.namespace.to_string(), meta.name.to_string())
    });
    let workloads = api.workloads().map(|s| {
        let meta = &s.object.metadata;
        let kind = s.object.kind.as_str().to_owned();
        (kind, meta.namespace.to_string(), meta.name.to_string())
    });
    let pods = pods.chain(workloads);
    let others = api
        .objects()
        .map(|(k, _)| (k.kind.to_string(), k.namespace.to_string(), k.name.to_string()));
    pods.chain(others).collect()
}

/// The log of the newest instance of a container that has written one, as `kubectl logs` prints it.
pub fn logs_at(cluster: &super::Cluster, namespace: &str, pod: &str, container: &str) -> String {
    let Some(stored) = cluster.api.pod_named(namespace, pod) else {
        return String::new();
    };
    let spec = &stored.pod.spec;
    let index = crate::kubelet::helpers::all_containers(spec).position(|c| *c.name == *container);
    let node = cluster.api.node_index(&spec.node_name);
    let (Some(index), Some(node)) = (index, node) else {
        return String::new();
    };
    let newest = cluster
        .runtimes
        .get(usize::from(node))
        .and_then(|r| r.newest(stored.uid, index));
    let Some(inside) = newest.and_then(|c| c.inside.as_ref()) else {
        return String::new();
    };
    inside.logs().iter().map(|l| format!("{}\n", l.text)).collect()
}
