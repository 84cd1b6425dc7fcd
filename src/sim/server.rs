//! The cluster as kubectl sees it.

use std::rc::Rc;

use super::reading::Reading;
use crate::api::{Loaded, LoadedObject, Object, WorkloadKind, load_in};
use crate::apiserver::{
    ApiServer, CLAIM, DeleteOutcome, DeleteRequest, ObjectKey, Typed, admit_priority, is_static, make_mirror,
};
use crate::controllers::EndpointSlices;
use crate::cri::{ExecHandle, Runtime, Wide};
use crate::kubectl::server::{
    Applied, ApplyMode, DeleteOptions, EventObject, ExecCall, Refusal, Server, Stored, UpdateOptions,
};
use crate::machine::{Client, Cx, Part};
use crate::manifest::{Severity, Value};
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

/// Stores an object as `kubectl apply` would. Returns the verb that kubectl prints.
///
/// # Errors
/// Why admission forbids it, in the API server's words.
pub fn apply_object(
    cx: &mut Cx,
    api: &mut ApiServer,
    object: &Object,
    raw: &Value,
    because: Option<EntryId>,
) -> Result<&'static str, String> {
    let typed = match object {
        Object::Pod(pod) => {
            let (mut pod, mut raw) = (pod.clone(), raw.clone());
            if is_static(&pod) {
                make_mirror(cx, api, &mut pod, &mut raw);
            }
            if api.pod_named(&pod.metadata.namespace, &pod.metadata.name).is_some() {
                return Ok("unchanged");
            }
            admit_priority(api, &mut pod)?;
            api.create_pod(cx, pod, raw, because);
            return Ok("created");
        }
        Object::Service(o) => Typed::Service(Rc::new(o.clone())),
        Object::ConfigMap(o) => Typed::ConfigMap(Rc::new(o.clone())),
        Object::Secret(o) => Typed::Secret(Rc::new(o.clone())),
        Object::Node(o) => {
            api.tell_node(object.name(), because);
            Typed::Node(Rc::new(o.clone()))
        }
        Object::Workload { kind, name, namespace } => {
            if api.workload_named(*kind, namespace, name).is_some() {
                return Ok("unchanged");
            }
            let made = api.create_workload(cx, *kind, raw.clone(), because);
            return made.map(|_| "created").map_err(|why| why.to_string());
        }
        Object::Namespace(_) | Object::Other { .. } => Typed::Other,
    };
    let key = ObjectKey {
        kind: object.kind().into(),
        namespace: object.namespace().into(),
        name: object.name().into(),
    };
    let same = api
        .object(&key.kind, &key.namespace, &key.name)
        .is_some_and(|o| *o.source == *raw);
    if same {
        return Ok("unchanged");
    }
    Ok(if api.put_object(cx, key, raw.clone(), typed) {
        "created"
    } else {
        "configured"
    })
}

/// Keeps the text of an object that `kubectl apply` has stored, where a later apply or `-o yaml` asks for it.
pub fn note_applied(api: &mut ApiServer, loaded: &Loaded, object: &LoadedObject) {
    if matches!(object.object, Object::Pod(_) | Object::Workload { .. }) {
        let (kind, namespace) = (object.object.kind(), object.object.namespace());
        api.note_applied(kind, namespace, object.object.name(), loaded.given(object));
    }
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

    fn refuse_invalid(loaded: &Loaded, document: usize, object: &Object) -> Refusal {
        let of = |d: &&crate::manifest::Diagnostic| d.severity == Severity::Error;
        let range = loaded.documents.get(document).map(|d| d.range);
        let inside =
            |d: &&crate::manifest::Diagnostic| range.is_none_or(|r| r.start <= d.range.start && d.range.start <= r.end);
        let causes: Vec<String> = loaded
            .diagnostics
            .iter()
            .filter(of)
            .filter(inside)
            .map(|d| d.message.clone())
            .collect();
        Refusal::Invalid {
            kind: object.kind().to_owned(),
            name: object.name().to_owned(),
            causes,
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
        let loaded = load_in(text, namespace);
        let mut results = Vec::new();
        for object in &loaded.objects {
            let kind = object.object.kind();
            let name = object.object.name();
            if !object.valid {
                results.push(Err(Self::refuse_invalid(&loaded, object.document, &object.object)));
                continue;
            }
            let at = object.object.namespace();
            let scope = if at.is_empty() { namespace } else { at };
            let there = self
                .object(kind, if at.is_empty() { "" } else { scope }, name)
                .is_some();
            if there && matches!(mode, ApplyMode::Create | ApplyMode::CheckCreate) {
                results.push(Err(Refusal::already_exists(&resource(kind), name)));
                continue;
            }
            if matches!(mode, ApplyMode::CheckCreate | ApplyMode::CheckApply) {
                results.push(Ok(Applied {
                    kind: kind.into(),
                    name: name.into(),
                    verb: if there { "configured" } else { "created" },
                }));
                continue;
            }
            if there && (kind == "Pod" || matches!(object.object, Object::Workload { .. })) {
                let given = loaded.given(object);
                let changed = match object.object {
                    Object::Workload { kind, .. } => {
                        super::workload_update::reapply_workload(self, kind, (scope, name), &given)
                    }
                    _ => super::update::reapply(self, scope, name, &given),
                };
                results.push(changed.map(|changed| Applied {
                    kind: kind.into(),
                    name: name.into(),
                    verb: if changed { "configured" } else { "unchanged" },
                }));
                continue;
            }
            let stored = apply_object(&mut self.cx, self.api, &object.object, &object.raw, self.because);
            if mode == ApplyMode::Apply {
                note_applied(self.api, &loaded, object);
            }
            results.push(match stored {
                Ok(verb) => Ok(Applied {
                    kind: kind.into(),
                    name: name.into(),
                    verb,
                }),
                Err(why) => Err(Refusal::Status {
                    reason: "Forbidden",
                    message: format!("{} \"{name}\" is forbidden: {why}", resource(kind)),
                }),
            });
        }
        if results.is_empty() && loaded.has_errors() {
            let message = loaded
                .diagnostics
                .first()
                .map(|d| d.message.clone())
                .unwrap_or_default();
            results.push(Err(Refusal::Local(message)));
        }
        results
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
