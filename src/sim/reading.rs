//! What is read of the cluster, by kubectl and by the page: objects, Events, logs.

use crate::map::Map;
use std::rc::Rc;

use super::builtin::{FOUNDED, builtin};
use super::nodes;
use crate::api::{ObjectMeta, Time, Workload, WorkloadKind};
use crate::apiserver::{
    ApiServer, ObjectKey, StoredObject, StoredPod, StoredWorkload, Typed, object_uid, status_value, uid_text,
};
use crate::controllers::{EndpointSlices, has_slices};
use crate::cri::{Reach, Runtime};
use crate::kubectl::apply;
use crate::kubectl::object::object_value;
use crate::kubectl::server::{EventObject, Refusal, Stored};
use crate::kubelet::node_ip;
use crate::machine::Setup;
use crate::manifest::Value;
use crate::time::{Calendar, Instant};
use crate::trace::{EndpointSlice, SliceEndpoint, SlicePort};

/// The cluster, to be read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The instant.
    pub now: Instant,
    /// The API server.
    pub api: &'a ApiServer,
    /// Runtimes by node.
    pub runtimes: &'a [Runtime],
    /// Endpoints of Services.
    pub endpoints: &'a EndpointSlices,
    /// What does not change.
    pub setup: &'a Setup,
}

impl<'a> Reading<'a> {
    /// A cluster as it stands.
    pub fn of(cluster: &'a super::Cluster) -> Self {
        Reading {
            now: cluster.now,
            api: &cluster.api,
            runtimes: &cluster.runtimes,
            endpoints: &cluster.endpoints,
            setup: &cluster.setup,
        }
    }

    fn calendar(self) -> Calendar {
        self.setup.calendar
    }

    /// All objects of a kind in one namespace or in all.
    pub fn objects(self, kind: &str, namespace: Option<&str>) -> Vec<Stored> {
        let mut all = self.own_objects(kind, namespace);
        all.extend(builtin(self, kind, namespace));
        all
    }

    /// The same without those that every cluster has.
    fn own_objects(self, kind: &str, namespace: Option<&str>) -> Vec<Stored> {
        match kind {
            "Pod" => self
                .api
                .pods()
                .filter(|s| namespace.is_none_or(|n| *n == *s.pod.metadata.namespace))
                .map(|s| self.pod(s))
                .collect(),
            "EndpointSlice" => self.services(namespace).flat_map(|s| self.slices(s)).collect(),
            "Endpoints" => self.services(namespace).map(|s| self.old_endpoints(s)).collect(),
            "Namespace" => self.namespaces(),
            _ if WorkloadKind::of(kind).is_some() => self
                .api
                .workloads()
                .filter(|s| s.object.kind.as_str() == kind)
                .filter(|s| namespace.is_none_or(|n| *n == *s.object.metadata.namespace))
                .map(|s| self.workload(s))
                .collect(),
            _ => self
                .api
                .objects()
                .filter(|(key, _)| *key.kind == *kind && namespace.is_none_or(|n| *n == *key.namespace))
                .map(|(key, object)| self.stored(key, object))
                .collect(),
        }
    }

    /// One object by name.
    pub fn object(self, kind: &str, namespace: &str, name: &str) -> Option<Stored> {
        if kind == "Pod" && !namespace.is_empty() {
            return self.api.pod_named(namespace, name).map(|s| self.pod(s));
        }
        if let Some(kind) = WorkloadKind::of(kind).filter(|_| !namespace.is_empty()) {
            let stored = self.api.workload_named(kind, namespace, name)?;
            return Some(self.workload(stored));
        }
        let scope = (!namespace.is_empty()).then_some(namespace);
        self.objects(kind, scope).into_iter().find(|o| &*o.name == name)
    }

    fn workload(self, s: &StoredWorkload) -> Stored {
        let mut stored = stored_workload(&s.object, self.calendar());
        if let Some(text) = &s.applied {
            annotate(Rc::make_mut(&mut stored.value), text);
        }
        stored
    }

    fn pod(self, s: &StoredPod) -> Stored {
        let meta = &s.pod.metadata;
        let mut value = s.raw.clone();
        if let Some(text) = &s.applied {
            annotate(Rc::make_mut(&mut value), text);
        }
        Stored {
            kind: "Pod".into(),
            namespace: meta.namespace.clone(),
            name: meta.name.clone(),
            uid: meta.uid.clone(),
            labels: meta.labels.clone(),
            created: meta.creation_timestamp.map(|t| t.0),
            value,
            pod: Some(s.pod.clone()),
        }
    }

    fn stored(self, key: &ObjectKey, object: &StoredObject) -> Stored {
        let value = match &*key.kind {
            "Node" => Rc::new(nodes::heartbeat(&object.value, self.now, self.calendar())),
            _ => object.value.clone(),
        };
        let registered = value
            .at(&["metadata", "creationTimestamp"])
            .and_then(Value::as_str)
            .and_then(|t| self.calendar().parse(t));
        let created = registered.unwrap_or(object.created);
        let meta = ObjectMeta {
            name: key.name.clone(),
            namespace: key.namespace.clone(),
            uid: object_uid(self.setup.seed, &key.kind, &key.namespace, &key.name),
            creation_timestamp: Some(Time(created)),
            ..ObjectMeta::default()
        };
        let version = value
            .get("apiVersion")
            .and_then(Value::as_str)
            .unwrap_or("v1")
            .to_owned();
        let shown = object_value(&version, &key.kind, &value, &meta, self.calendar());
        Stored {
            kind: key.kind.clone(),
            namespace: key.namespace.clone(),
            name: key.name.clone(),
            uid: meta.uid,
            labels: labels_of(&value),
            created: Some(created),
            // A new value is a new revision; a node's heartbeat is not.
            value: if &*key.kind == "Node" { value } else { Rc::new(shown) },
            pod: None,
        }
    }

    /// Those of the text, those that objects live in, and the ones every cluster has.
    pub(super) fn namespaces(self) -> Vec<Stored> {
        let mut all: Map<Rc<str>, Stored> = Map::new();
        for (key, object) in self.api.objects().filter(|(key, _)| &*key.kind == "Namespace") {
            all.insert(key.name.clone(), self.stored(key, object));
        }
        let used = self.api.pods().map(|s| s.pod.metadata.namespace.clone());
        let used = used.chain(self.api.objects().map(|(key, _)| key.namespace.clone()));
        let known = ["default", "kube-node-lease", "kube-public", "kube-system"].map(Rc::from);
        for name in used.chain(known).filter(|n| !n.is_empty()) {
            let stored = || {
                let mut value = Value::Map(Vec::new());
                value
                    .entry("spec")
                    .set("finalizers", Value::Seq(vec!["kubernetes".into()]));
                value.entry("status").set("phase", "Active".into());
                let meta = ObjectMeta {
                    name: name.clone(),
                    uid: object_uid(self.setup.seed, "Namespace", "", &name),
                    creation_timestamp: Some(Time(FOUNDED)),
                    labels: [("kubernetes.io/metadata.name".to_owned(), name.to_string())].into(),
                    ..ObjectMeta::default()
                };
                Stored {
                    kind: "Namespace".into(),
                    namespace: "".into(),
                    name: name.clone(),
                    uid: meta.uid.clone(),
                    labels: meta.labels.clone(),
                    created: meta.creation_timestamp.map(|t| t.0),
                    value: Rc::new(object_value("v1", "Namespace", &value, &meta, self.calendar())),
                    pod: None,
                }
            };
            all.entry(name.clone()).or_insert_with(stored);
        }
        all.into_values().collect()
    }

    fn services(self, namespace: Option<&str>) -> impl Iterator<Item = (&'a ObjectKey, &'a StoredObject)> {
        let namespace = namespace.map(str::to_owned);
        self.api.objects().filter(move |(key, object)| {
            let here = namespace.as_ref().is_none_or(|n| **n == *key.namespace);
            has_slices(&object.typed) && here
        })
    }

    fn slices(self, (key, object): (&ObjectKey, &StoredObject)) -> Vec<Stored> {
        let labels = [
            (
                "endpointslice.kubernetes.io/managed-by",
                "endpointslice-controller.k8s.io",
            ),
            ("kubernetes.io/service-name", &*key.name),
        ];
        let made = |slice: &Rc<EndpointSlice>| {
            let value = self.slice_value(slice);
            let (version, kind) = ("discovery.k8s.io/v1", "EndpointSlice");
            self.made(version, kind, key, slice.name.clone(), &labels, object, value)
        };
        self.endpoints
            .slices(&key.namespace, &key.name)
            .iter()
            .map(made)
            .collect()
    }

    fn slice_value(self, slice: &EndpointSlice) -> Value {
        let map = |pairs: Vec<(&str, Value)>| Value::Map(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect());
        let endpoint = |e: &SliceEndpoint| {
            let conditions = vec![
                ("ready", e.ready.into()),
                ("serving", e.serving.into()),
                ("terminating", e.terminating.into()),
            ];
            let mut one = map(vec![
                ("addresses", Value::Seq(vec![(&*e.ip).into()])),
                ("conditions", map(conditions)),
            ]);
            if !e.hostname.is_empty() {
                one.set("hostname", (&*e.hostname).into());
            }
            one.set("nodeName", (&*e.node).into());
            let target = vec![
                ("kind", "Pod".into()),
                ("name", (&*e.pod).into()),
                ("namespace", (&*slice.namespace).into()),
                ("uid", uid_text(self.setup.seed, e.uid).into()),
            ];
            one.set("targetRef", map(target));
            one
        };
        let port = |p: &SlicePort| {
            map(vec![
                ("name", (&*p.name).into()),
                ("port", p.port.into()),
                ("protocol", (&*p.protocol).into()),
            ])
        };
        let ports: Vec<Value> = slice.ports.iter().map(port).collect();
        map(vec![
            ("addressType", "IPv4".into()),
            ("endpoints", Value::Seq(slice.endpoints.iter().map(endpoint).collect())),
            (
                "ports",
                if ports.is_empty() {
                    Value::Null
                } else {
                    Value::Seq(ports)
                },
            ),
        ])
    }

    fn old_endpoints(self, (key, object): (&ObjectKey, &StoredObject)) -> Stored {
        let mut value = Value::Map(Vec::new());
        let subsets = self
            .endpoints
            .slices(&key.namespace, &key.name)
            .iter()
            .filter_map(|slice| {
                let mut subset = Value::Map(Vec::new());
                for (list, wanted) in [("addresses", true), ("notReadyAddresses", false)] {
                    let here = slice.endpoints.iter().filter(|e| e.ready == wanted);
                    let ips: Vec<Value> = here
                        .map(|e| Value::Map(vec![("ip".to_owned(), (&*e.ip).into())]))
                        .collect();
                    if !ips.is_empty() {
                        subset.set(list, Value::Seq(ips));
                    }
                }
                if subset.members().is_empty() {
                    return None;
                }
                if let Some(ports) = self.slice_value(slice).get("ports") {
                    subset.set("ports", ports.clone());
                }
                Some(subset)
            });
        let subsets: Vec<Value> = subsets.collect();
        if !subsets.is_empty() {
            value.set("subsets", Value::Seq(subsets));
        }
        let labels = [("endpoints.kubernetes.io/managed-by", "endpoint-controller")];
        self.made("v1", "Endpoints", key, key.name.clone(), &labels, object, value)
    }

    /// An object that a controller keeps for a Service: it has the Service's labels too.
    #[allow(clippy::too_many_arguments)]
    fn made(
        self,
        version: &str,
        kind: &str,
        service: &ObjectKey,
        name: Rc<str>,
        labels: &[(&str, &str)],
        object: &StoredObject,
        value: Value,
    ) -> Stored {
        let mut all = labels_of(&object.value);
        all.extend(labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        if matches!(&object.typed, Typed::Service(service) if service.spec.cluster_ip == "None") {
            all.insert("service.kubernetes.io/headless".to_owned(), String::new());
        }
        let meta = ObjectMeta {
            uid: object_uid(self.setup.seed, kind, &service.namespace, &name),
            name,
            namespace: service.namespace.clone(),
            creation_timestamp: Some(Time(object.created)),
            labels: all,
            ..ObjectMeta::default()
        };
        Stored {
            kind: kind.into(),
            namespace: meta.namespace.clone(),
            name: meta.name.clone(),
            uid: meta.uid.clone(),
            labels: meta.labels.clone(),
            created: Some(object.created),
            value: Rc::new(object_value(version, kind, &value, &meta, self.calendar())),
            pod: None,
        }
    }

    /// All Events of a namespace or of all.
    pub fn events(self, namespace: Option<&str>) -> Vec<EventObject> {
        let mut all: Vec<EventObject> = self
            .api
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
                        (kind, number @ 1..) if kind == "Pod" || WorkloadKind::of(kind).is_some() => {
                            uid_text(self.setup.seed, number).into()
                        }
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
            .collect();
        // Events of one instant are told apart by the last digits of their names.
        let mut seen: Map<(Rc<str>, Rc<str>), u32> = Map::new();
        for event in &mut all {
            let times = seen.entry((event.namespace.clone(), event.name.clone())).or_default();
            if *times > 0 {
                event.name = format!("{}{times:x}", event.name).into();
            }
            *times += 1;
        }
        all
    }

    /// Whether the API server reaches the kubelet of a node, as [`Server::reach_kubelet`] says.
    ///
    /// [`Server::reach_kubelet`]: crate::kubectl::server::Server::reach_kubelet
    pub fn reach_kubelet(self, node: &str, path: Option<&str>) -> Result<(), Refusal> {
        if self.api.node(node).is_none() {
            return Err(Refusal::not_found("nodes", node));
        }
        let Some(index) = self.api.node_index(node) else {
            return Ok(());
        };
        let why = match self.runtimes.get(usize::from(index)).map(|runtime| runtime.reach) {
            Some(Reach::Refuses) => "connection refused",
            Some(Reach::Silent) => "no route to host",
            Some(Reach::Answers) | None => return Ok(()),
        };
        let address = format!("{}:10250", node_ip(index));
        let doing = match path {
            Some(path) => format!("Get \"https://{address}/{path}\""),
            None => "error dialing backend".to_owned(),
        };
        Err(Refusal::Status {
            reason: "",
            message: format!("{doing}: dial tcp {address}: connect: {why}"),
        })
    }

    /// What one instance of a container has written.
    pub fn logs(self, container_id: &str) -> Vec<(Instant, String)> {
        let mut all = self.runtimes.iter().flat_map(Runtime::containers);
        let found = all.find(|c| &*c.view.container_id == container_id);
        let inside = found.and_then(|c| c.inside.as_ref());
        inside
            .map(|i| i.logs().iter().map(|l| (l.at, l.text.to_string())).collect())
            .unwrap_or_default()
    }
}

/// Puts the text of the last `kubectl apply` among the annotations.
fn annotate(object: &mut Value, text: &Value) {
    apply::annotate(object, &super::update::without_applied(text.clone()));
}

/// A workload as the API shows it.
pub fn stored_workload(object: &Workload, calendar: Calendar) -> Stored {
    let meta = &object.metadata;
    let kind = object.kind;
    let mut value = object_value(kind.api_version(), kind.as_str(), &object.raw, meta, calendar);
    let status = status_value(&object.status, calendar);
    if !status.members().is_empty() {
        value.set("status", status);
    }
    Stored {
        kind: kind.as_str().into(),
        namespace: meta.namespace.clone(),
        name: meta.name.clone(),
        uid: meta.uid.clone(),
        labels: meta.labels.clone(),
        created: meta.creation_timestamp.map(|t| t.0),
        value: Rc::new(value),
        pod: None,
    }
}

fn labels_of(value: &Value) -> Map<String, String> {
    let labels = value
        .at(&["metadata", "labels"])
        .map(Value::members)
        .unwrap_or_default();
    let text = |(k, v): &(String, Value)| Some((k.clone(), v.as_str()?.to_owned()));
    labels.iter().filter_map(text).collect()
}
