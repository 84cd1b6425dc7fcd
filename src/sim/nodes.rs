//! Node objects: what a kubelet registers of its node, and what it reports since.
//!
//! Facts of the recorded node (spec/07 §4) and of `pkg/kubelet/nodestatus`: four conditions in this order, a full report
//! every five minutes when nothing changes.

use crate::api::meta::ObjectMeta;
use crate::api::objects::{Node, NodeSpec, NodeStatus};
use crate::api::scenario::NodeSetup;
use crate::api::{Quantity, Time};
use crate::kubelet::node_ip;
use crate::machine::Profile;
use crate::manifest::Value;
use crate::time::{Calendar, Duration, Instant};

/// Nodes are older than the run by a day.
const REGISTERED: Instant = Instant::from_secs(-86_400);

/// A kubelet that has nothing new reports its status this often (`nodeStatusReportFrequency`).
const REPORT: Duration = Duration::from_secs(300);

/// A node with its labels, taints and capacity; 4 CPUs, 8Gi, 100Gi of ephemeral storage and 110 Pods where nothing is said.
pub fn node_object(node: &NodeSetup, index: u16, profile: Profile, calendar: Calendar) -> (Value, Node) {
    let mut capacity = node.capacity.clone();
    let usual = [
        ("cpu", "4"),
        ("memory", "8Gi"),
        ("pods", "110"),
        ("ephemeral-storage", "100Gi"),
    ];
    for (name, text) in usual {
        if !capacity.contains_key(name)
            && let Some(quantity) = Quantity::parse(text)
        {
            capacity.insert(name.to_owned(), quantity);
        }
    }
    let mut labels = node.labels.clone();
    for (key, value) in [
        ("beta.kubernetes.io/arch", "amd64"),
        ("beta.kubernetes.io/os", "linux"),
        ("kubernetes.io/arch", "amd64"),
        ("kubernetes.io/hostname", node.name.as_str()),
        ("kubernetes.io/os", "linux"),
    ] {
        labels.entry(key.to_owned()).or_insert_with(|| value.to_owned());
    }
    let typed = Node {
        metadata: ObjectMeta {
            name: node.name.as_str().into(),
            labels: labels.clone(),
            creation_timestamp: Some(Time(REGISTERED)),
            ..ObjectMeta::default()
        },
        spec: NodeSpec {
            taints: node.taints.clone(),
            unschedulable: false,
        },
        status: NodeStatus {
            allocatable: capacity.clone(),
            capacity: capacity.clone(),
        },
    };
    let mut value = Value::Map(Vec::new());
    value.set("apiVersion", "v1".into());
    value.set("kind", "Node".into());
    let meta = value.entry("metadata");
    meta.set("name", node.name.as_str().into());
    meta.set("creationTimestamp", calendar.rfc3339(REGISTERED).into());
    for (key, text) in &labels {
        meta.entry("labels").set(key, text.as_str().into());
    }
    let notes = meta.entry("annotations");
    notes.set("node.alpha.kubernetes.io/ttl", "0".into());
    notes.set("volumes.kubernetes.io/controller-managed-attach-detach", "true".into());
    let cidr = format!("10.244.{index}.0/24");
    let spec = value.entry("spec");
    spec.set("podCIDR", cidr.as_str().into());
    spec.set("podCIDRs", Value::Seq(vec![cidr.as_str().into()]));
    let taints = node.taints.iter().map(|taint| {
        let mut one = Value::Map(Vec::new());
        one.set("key", taint.key.as_str().into());
        if !taint.value.is_empty() {
            one.set("value", taint.value.as_str().into());
        }
        one.set("effect", taint.effect.as_str().into());
        one
    });
    if !node.taints.is_empty() {
        spec.set("taints", Value::Seq(taints.collect()));
    }
    let status = value.entry("status");
    for list in ["capacity", "allocatable"] {
        for (key, quantity) in &capacity {
            status.entry(list).set(key, quantity.text.as_str().into());
        }
    }
    let heard = calendar.rfc3339(REGISTERED);
    let conditions = HEALTHY.map(|(kind, status, reason, message)| {
        let pairs = [
            ("type", kind),
            ("status", status),
            ("lastHeartbeatTime", &heard),
            ("lastTransitionTime", &heard),
            ("reason", reason),
            ("message", message),
        ];
        Value::Map(pairs.map(|(k, v)| (k.to_owned(), v.into())).to_vec())
    });
    status.set("conditions", Value::Seq(conditions.to_vec()));
    let ip = node_ip(index);
    let address = |kind: &str, address: &str| {
        Value::Map(vec![
            ("type".to_owned(), kind.into()),
            ("address".to_owned(), address.into()),
        ])
    };
    status.set(
        "addresses",
        Value::Seq(vec![address("InternalIP", &ip), address("Hostname", &node.name)]),
    );
    let info = status.entry("nodeInfo");
    for (key, text) in [
        ("architecture", "amd64"),
        ("bootID", ""),
        ("containerRuntimeVersion", "containerd://2.1.4"),
        ("kernelVersion", "6.12.0"),
        ("kubeProxyVersion", ""),
        ("kubeletVersion", &format!("v{}", profile.release())),
        ("machineID", ""),
        ("operatingSystem", "linux"),
        ("osImage", "Debian GNU/Linux 13 (trixie)"),
        ("systemUUID", ""),
    ] {
        info.set(key, text.into());
    }
    (value, typed)
}

/// Type, status, reason and message of the conditions of a node that is well.
const HEALTHY: [(&str, &str, &str, &str); 4] = [
    (
        "MemoryPressure",
        "False",
        "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available",
    ),
    (
        "DiskPressure",
        "False",
        "KubeletHasNoDiskPressure",
        "kubelet has no disk pressure",
    ),
    (
        "PIDPressure",
        "False",
        "KubeletHasSufficientPID",
        "kubelet has sufficient PID available",
    ),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
];

/// The node as it is at `now`: a kubelet that is heard of has reported at its last turn.
pub fn heartbeat(value: &Value, now: Instant, calendar: Calendar) -> Value {
    let mut value = value.clone();
    let turn = now.floor_to_grid(REGISTERED, REPORT);
    let text = calendar.rfc3339(turn);
    if value.at(&["status", "conditions"]).is_some()
        && let Value::Seq(conditions) = value.entry("status").entry("conditions")
    {
        for condition in conditions {
            let lost = condition.get("status").and_then(Value::as_str) == Some("Unknown");
            // Times of RFC 3339 in UTC compare as texts do.
            let newer = condition
                .get("lastHeartbeatTime")
                .and_then(Value::as_str)
                .is_none_or(|old| old < text.as_str());
            if !lost && newer {
                condition.set("lastHeartbeatTime", text.as_str().into());
            }
        }
    }
    value
}
