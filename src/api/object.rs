//! Typed objects of all kinds that are played.

use super::objects::{ConfigMap, Namespace, Node, Secret, Service};
use super::pod::Pod;
use super::workload::WorkloadKind;
use crate::manifest::{Value, parse};

/// A typed object.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// A Pod.
    Pod(Pod),
    /// A Service.
    Service(Service),
    /// A ConfigMap.
    ConfigMap(ConfigMap),
    /// A Secret.
    Secret(Secret),
    /// A Namespace.
    Namespace(Namespace),
    /// A Node.
    Node(Node),
    /// A kind that owns Pods; the plain data is the object.
    Workload {
        /// Its kind.
        kind: WorkloadKind,
        /// Its name.
        name: String,
        /// Its namespace.
        namespace: String,
    },
    /// A kind that is not simulated.
    Other {
        /// `apps/v1`.
        api_version: String,
        /// `Deployment`.
        kind: String,
        /// Its name.
        name: String,
        /// Its namespace; empty for kinds that have none.
        namespace: String,
    },
}

impl Object {
    /// Makes a typed object from plain data. Kinds that are not played, and data that does not fit, become `Other`.
    pub fn from_value(raw: &Value) -> Object {
        let text = |path: &[&str]| raw.at(path).and_then(Value::as_str).unwrap_or("").to_owned();
        let (version, kind) = (text(&["apiVersion"]), text(&["kind"]));
        let typed = match (version.as_str(), kind.as_str()) {
            ("v1", "Pod") => raw.decode().ok().map(Object::Pod),
            ("v1", "Service") => raw.decode().ok().map(Object::Service),
            ("v1", "ConfigMap") => raw.decode().ok().map(Object::ConfigMap),
            ("v1", "Secret") => raw.decode().ok().map(Object::Secret),
            ("v1", "Namespace") => raw.decode().ok().map(Object::Namespace),
            ("v1", "Node") => raw.decode().ok().map(Object::Node),
            _ => None,
        };
        let (name, namespace) = (text(&["metadata", "name"]), text(&["metadata", "namespace"]));
        let workload = WorkloadKind::of(&kind).filter(|kind| kind.api_version() == version);
        typed.unwrap_or(match workload {
            Some(kind) => Object::Workload { kind, name, namespace },
            None => Object::Other {
                api_version: version,
                kind,
                name,
                namespace,
            },
        })
    }

    /// `Pod`, `Service`, …
    pub fn kind(&self) -> &str {
        match self {
            Object::Pod(_) => "Pod",
            Object::Service(_) => "Service",
            Object::ConfigMap(_) => "ConfigMap",
            Object::Secret(_) => "Secret",
            Object::Namespace(_) => "Namespace",
            Object::Node(_) => "Node",
            Object::Workload { kind, .. } => kind.as_str(),
            Object::Other { kind, .. } => kind,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Object::Pod(o) => &o.metadata.name,
            Object::Service(o) => &o.metadata.name,
            Object::ConfigMap(o) => &o.metadata.name,
            Object::Secret(o) => &o.metadata.name,
            Object::Namespace(o) => &o.metadata.name,
            Object::Node(o) => &o.metadata.name,
            Object::Workload { name, .. } | Object::Other { name, .. } => name,
        }
    }

    /// Its namespace; empty for kinds that have none.
    pub fn namespace(&self) -> &str {
        match self {
            Object::Pod(o) => &o.metadata.namespace,
            Object::Service(o) => &o.metadata.namespace,
            Object::ConfigMap(o) => &o.metadata.namespace,
            Object::Secret(o) => &o.metadata.namespace,
            Object::Namespace(_) | Object::Node(_) => "",
            Object::Workload { namespace, .. } | Object::Other { namespace, .. } => namespace,
        }
    }
}

/// Reads objects as they are, with status, without defaults and without checking: what `get -f` prints.
pub fn decode_given(text: &str) -> Vec<Object> {
    let mut objects = Vec::new();
    for document in parse(text).documents {
        let raw = document.root.to_value();
        if !matches!(raw, Value::Map(_)) {
            continue;
        }
        let kind = raw.get("kind").and_then(Value::as_str).unwrap_or("");
        match raw.get("items") {
            Some(Value::Seq(items)) if kind.ends_with("List") => {
                let given = |item: &Value| {
                    let mut item = item.clone();
                    // The items of a PodList of the API carry neither kind nor version.
                    if item.get("kind").is_none() && kind != "List" {
                        item.set("kind", kind.trim_end_matches("List").into());
                        item.set("apiVersion", raw.get("apiVersion").cloned().unwrap_or(Value::Null));
                    }
                    Object::from_value(&item)
                };
                objects.extend(items.iter().map(given));
            }
            _ => objects.push(Object::from_value(&raw)),
        }
    }
    objects
}
