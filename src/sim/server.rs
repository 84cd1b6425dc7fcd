//! The cluster as kubectl sees it.

use std::rc::Rc;

use crate::api::{Loaded, Object, load};
use crate::apiserver::{ApiServer, DeleteOutcome, DeleteRequest, ObjectKey, Typed, admit_priority, uid_text};
use crate::controllers::EndpointSlices;
use crate::cri::{ExecHandle, Runtime, Wide};
use crate::kubectl::object::object_value;
use crate::kubectl::server::{Applied, ApplyMode, EventObject, ExecCall, Refusal, Server, Stored};
use crate::machine::{Cx, Part};
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
            if api.pod_named(&pod.metadata.namespace, &pod.metadata.name).is_some() {
                return Ok("unchanged");
            }
            let mut pod = pod.clone();
            admit_priority(api, &mut pod)?;
            api.create_pod(cx, pod, raw.clone(), because);
            return Ok("created");
        }
        Object::Service(o) => Typed::Service(Rc::new(o.clone())),
        Object::ConfigMap(o) => Typed::ConfigMap(Rc::new(o.clone())),
        Object::Secret(o) => Typed::Secret(Rc::new(o.clone())),
        Object::Node(o) => Typed::Node(Rc::new(o.clone())),
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

/// `pods`, `services`, …: the resource that errors name.
pub(super) fn resource(kind: &str) -> String {
    match kind {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => format!("{}s.apps", kind.to_lowercase()),
        "Job" | "CronJob" => format!("{}s.batch", kind.to_lowercase()),
        "EndpointSlice" => "endpointslices.discovery.k8s.io".to_owned(),
        _ => format!("{}s", kind.to_lowercase()),
    }
}

impl ClusterServer<'_> {
    fn stored_object(&self, key: &ObjectKey, object: &crate::apiserver::StoredObject) -> Stored {
        let labels = object
            .value
            .at(&["metadata", "labels"])
            .map(|l| {
                l.members()
                    .iter()
                    .filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned())))
                    .collect()
            })
            .unwrap_or_default();
        Stored {
            kind: key.kind.clone(),
            namespace: key.namespace.clone(),
            name: key.name.clone(),
            uid: format!("{}-{}-{}", key.kind, key.namespace, key.name).into(),
            labels,
            created: Some(object.created),
            value: object.value.clone(),
            pod: None,
        }
    }

    fn endpoint_slices(&self, namespace: Option<&str>) -> Vec<Stored> {
        let mut list = Vec::new();
        for (key, object) in self.api.objects() {
            let Typed::Service(service) = &object.typed else {
                continue;
            };
            if namespace.is_some_and(|n| *n != *key.namespace) || service.spec.selector.is_empty() {
                continue;
            }
            let mut value = Value::Map(Vec::new());
            value.set("apiVersion", "discovery.k8s.io/v1".into());
            value.set("kind", "EndpointSlice".into());
            let name = format!("{}-slice", key.name);
            value.entry("metadata").set("name", name.as_str().into());
            value.entry("metadata").set("namespace", (&*key.namespace).into());
            value.set("addressType", "IPv4".into());
            let mut endpoints = Vec::new();
            for (uid, e) in self.endpoints.of(&key.namespace, &key.name) {
                let Some(pod) = self.api.pod(uid) else { continue };
                let mut one = Value::Map(Vec::new());
                one.set("addresses", Value::Seq(vec![pod.pod.status.pod_ip.as_str().into()]));
                one.entry("conditions").set("ready", e.ready.into());
                one.entry("conditions").set("serving", e.serving.into());
                one.entry("conditions").set("terminating", e.terminating.into());
                endpoints.push(one);
            }
            value.set("endpoints", Value::Seq(endpoints));
            let ports = service.spec.ports.iter().map(|p| {
                let mut one = Value::Map(Vec::new());
                let port = match &p.target_port {
                    Some(crate::api::pod::IntOrString::Int(n)) => *n,
                    _ => p.port,
                };
                one.set("port", port.into());
                one.set("name", p.name.as_str().into());
                one.set("protocol", "TCP".into());
                one
            });
            value.set("ports", Value::Seq(ports.collect()));
            list.push(Stored {
                kind: "EndpointSlice".into(),
                namespace: key.namespace.clone(),
                name: name.as_str().into(),
                uid: format!("slice-{}", key.name).into(),
                labels: Map::new(),
                created: Some(object.created),
                value: Rc::new(value),
                pod: None,
            });
        }
        list
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
        match kind {
            "Pod" => self
                .api
                .pods()
                .filter(|s| namespace.is_none_or(|n| *n == *s.pod.metadata.namespace))
                .map(|s| Stored {
                    kind: "Pod".into(),
                    namespace: s.pod.metadata.namespace.clone(),
                    name: s.pod.metadata.name.clone(),
                    uid: s.pod.metadata.uid.clone(),
                    labels: s.pod.metadata.labels.clone(),
                    created: s.pod.metadata.creation_timestamp.map(|t| t.0),
                    value: s.raw.clone(),
                    pod: Some(s.pod.clone()),
                })
                .collect(),
            "EndpointSlice" => self.endpoint_slices(namespace),
            _ => self
                .api
                .objects()
                .filter(|(key, _)| *key.kind == *kind && namespace.is_none_or(|n| *n == *key.namespace))
                .map(|(key, object)| self.stored_object(key, object))
                .collect(),
        }
    }

    fn events(&self, namespace: Option<&str>) -> Vec<EventObject> {
        self.api
            .events()
            .filter(|e| namespace.is_none_or(|n| *n == *e.namespace))
            .map(|e| {
                let (kind, name) = e.object.split_once('/').unwrap_or(("Pod", &e.object));
                EventObject {
                    namespace: e.namespace.clone(),
                    name: format!("{name}.{:016x}", e.first.micros().unsigned_abs()).into(),
                    object_kind: kind.into(),
                    object_name: name.into(),
                    object_uid: match (kind, e.uid) {
                        ("Pod", number @ 1..) => uid_text(self.cx.setup.seed, number).into(),
                        _ => "".into(),
                    },
                    field_path: e.field_path.clone(),
                    warning: e.warning,
                    reason: e.reason.clone(),
                    message: e.message.clone(),
                    count: i64::from(e.count),
                    first: Some(e.first),
                    last: (e.count > 0).then_some(e.at),
                    component: e.component.into(),
                    host: "".into(),
                }
            })
            .collect()
    }

    fn apply(&mut self, text: &str, namespace: &str, mode: ApplyMode) -> Vec<Result<Applied, Refusal>> {
        let loaded = load(text);
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
            if there && mode == ApplyMode::Create {
                results.push(Err(Refusal::already_exists(&resource(kind), name)));
                continue;
            }
            let stored = apply_object(&mut self.cx, self.api, &object.object, &object.raw, self.because);
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

    fn update(&mut self, kind: &str, subresource: &str, object: &Value) -> Result<bool, Refusal> {
        super::update::update(self, kind, subresource, object)
    }

    fn delete(&mut self, kind: &str, namespace: &str, name: &str, grace: Option<i64>) -> Result<Rc<str>, Refusal> {
        let missing = || Refusal::not_found(&resource(kind), name);
        let stored = self.object(kind, namespace, name).ok_or_else(missing)?;
        if kind == "Pod" {
            let uid = self.api.pod_named(namespace, name).map(|p| p.uid).ok_or_else(missing)?;
            let request = DeleteRequest {
                grace,
                because: self.because,
            };
            let _: DeleteOutcome = self.api.delete_pod(&mut self.cx, uid, request);
        } else {
            let key = ObjectKey {
                kind: kind.into(),
                namespace: namespace.into(),
                name: name.into(),
            };
            self.api.remove_object(&mut self.cx, &key);
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
        logs_of(self.runtimes, id)
    }
}

/// What one instance of a container has written.
pub fn logs_of(runtimes: &[Runtime], container_id: &str) -> Vec<(Instant, String)> {
    let found = runtimes
        .iter()
        .flat_map(Runtime::containers)
        .find(|c| &*c.view.container_id == container_id);
    let inside = found.and_then(|c| c.inside.as_ref());
    inside
        .map(|i| i.logs().iter().map(|l| (l.at, l.text.to_string())).collect())
        .unwrap_or_default()
}

/// An object of the store as YAML shows it.
pub fn shown(api: &ApiServer, calendar: Calendar, kind: &str, namespace: &str, name: &str) -> Option<Value> {
    if kind == "Pod" {
        let stored = api.pod_named(namespace, name)?;
        return Some(crate::kubectl::object::pod_value(&stored.raw, &stored.pod, calendar));
    }
    let object = api.object(kind, namespace, name)?;
    let meta = crate::api::ObjectMeta {
        name: name.into(),
        namespace: namespace.into(),
        creation_timestamp: Some(crate::api::Time(object.created)),
        ..Default::default()
    };
    let version = object
        .value
        .get("apiVersion")
        .and_then(Value::as_str)
        .unwrap_or("v1")
        .to_owned();
    Some(object_value(&version, kind, &object.value, &meta, calendar))
}

/// All objects: kind, namespace, name; Pods first.
pub fn objects_of(api: &ApiServer) -> Vec<(String, String, String)> {
    let pods = api.pods().map(|s| {
        let meta = &s.pod.metadata;
        ("Pod".to_owned(), meta.namespace.to_string(), meta.name.to_string())
    });
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
