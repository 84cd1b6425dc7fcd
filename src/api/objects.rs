//! The other objects the simulation plays a part with: Service, ConfigMap, Secret, Namespace, Node.

use super::meta::ObjectMeta;
use super::pod::IntOrString;
use super::quantity::Quantity;
use crate::fields;
use crate::map::Map;

/// A Service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    /// Identity.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: ServiceSpec,
}

fields!(Service { metadata, spec });

/// What a Service's owner wants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceSpec {
    /// `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`.
    pub kind: String,
    /// Virtual address, `None` for a headless Service; given by the API server when empty.
    pub cluster_ip: String,
    /// Labels of the Pods behind it.
    pub selector: Map<String, String>,
    /// Ports.
    pub ports: Vec<ServicePort>,
    /// Whether Pods count before they are ready.
    pub publish_not_ready_addresses: bool,
    /// For `ExternalName`.
    pub external_name: String,
}

fields!(ServiceSpec {
    kind as "type", cluster_ip as "clusterIP", selector, ports, publish_not_ready_addresses, external_name,
});

/// One port of a Service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServicePort {
    /// Name.
    pub name: String,
    /// Number at the virtual address.
    pub port: i64,
    /// Number or name at the Pod; `port` when missing.
    pub target_port: Option<IntOrString>,
    /// Number on each node.
    pub node_port: i64,
    /// `TCP` by default.
    pub protocol: String,
}

fields!(ServicePort {
    name,
    port,
    target_port,
    node_port,
    protocol
});

/// A ConfigMap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfigMap {
    /// Identity.
    pub metadata: ObjectMeta,
    /// Texts by key.
    pub data: Map<String, String>,
    /// Base64 texts by key.
    pub binary_data: Map<String, String>,
}

fields!(ConfigMap {
    metadata,
    data,
    binary_data
});

/// A Secret.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Secret {
    /// Identity.
    pub metadata: ObjectMeta,
    /// Base64 texts by key.
    pub data: Map<String, String>,
    /// Texts by key, as written.
    pub string_data: Map<String, String>,
    /// `Opaque` by default.
    pub kind: String,
}

fields!(Secret { metadata, data, string_data, kind as "type" });

/// A Namespace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Namespace {
    /// Identity.
    pub metadata: ObjectMeta,
}

fields!(Namespace { metadata });

/// A Node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Identity.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: NodeSpec,
    /// What is seen.
    pub status: NodeStatus,
}

fields!(Node { metadata, spec, status });

/// What a Node's owner wants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeSpec {
    /// Keeps Pods away.
    pub taints: Vec<Taint>,
    /// Cordoned.
    pub unschedulable: bool,
}

fields!(NodeSpec { taints, unschedulable });

/// Keeps Pods away from a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taint {
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
    /// `NoSchedule`, `PreferNoSchedule`, `NoExecute`.
    pub effect: String,
}

fields!(Taint { key, value, effect });

/// What is seen of a Node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeStatus {
    /// What it has.
    pub capacity: Map<String, Quantity>,
    /// What Pods may use.
    pub allocatable: Map<String, Quantity>,
}

fields!(NodeStatus { capacity, allocatable });
