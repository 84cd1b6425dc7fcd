//! What a Pod asks of a node: amounts of resources, host ports, labels, and the taints it puts up with. spec/12 §2, §4.

use super::objects::{Node, Taint};
use super::pod::{Container, PodSpec, Toleration};
use crate::map::{Map, Set};

/// What a Pod asks for of each resource, in thousandths.
pub fn requests(spec: &PodSpec) -> Map<String, i128> {
    let of = |c: &Container, name: &str| c.resources.requests.get(name).map_or(0, |q| q.milli);
    let all = spec.init_containers.iter().chain(&spec.containers);
    let names: Set<&String> = all.flat_map(|c| c.resources.requests.keys()).collect();
    names
        .into_iter()
        .map(|name| (name.clone(), together(spec, |c| of(c, name))))
        .collect()
}

/// An amount of all containers of a Pod: containers and sidecars together, or the largest init container with the
/// sidecars before it, whichever is more.
pub fn together(spec: &PodSpec, of: impl Fn(&Container) -> i128) -> i128 {
    let (mut sidecars, mut peak) = (0, 0);
    for c in &spec.init_containers {
        if c.is_sidecar() {
            sidecars += of(c);
            peak = peak.max(sidecars);
        } else {
            peak = peak.max(sidecars + of(c));
        }
    }
    peak.max(sidecars + spec.containers.iter().map(of).sum::<i128>())
}

/// What Pods may use of a node, in thousandths.
pub fn allocatable(node: &Node, name: &str) -> i128 {
    let status = &node.status;
    let found = status.allocatable.get(name).or_else(|| status.capacity.get(name));
    found.map_or(0, |q| q.milli)
}

/// A port of a node that a Pod takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    /// Address of the node; `0.0.0.0` for all.
    pub ip: String,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
    /// Its number.
    pub port: i64,
}

impl HostPort {
    /// Whether the two cannot be on one node (`HostPortInfo.CheckConflict`).
    pub fn conflicts(&self, other: &HostPort) -> bool {
        let same_ip = self.ip == other.ip || [&self.ip, &other.ip].into_iter().any(|ip| ip == ALL_ADDRESSES);
        self.port == other.port && self.protocol == other.protocol && same_ip
    }
}

const ALL_ADDRESSES: &str = "0.0.0.0";

/// The host ports a Pod wants: those of its containers and sidecars (`GetHostPorts`).
pub fn host_ports(spec: &PodSpec) -> Vec<HostPort> {
    let sidecars = spec.init_containers.iter().filter(|c| c.is_sidecar());
    let all = sidecars.chain(&spec.containers).flat_map(|c| &c.ports);
    let or = |text: &str, default: &str| if text.is_empty() { default } else { text }.to_owned();
    all.filter(|p| p.host_port > 0)
        .map(|p| HostPort {
            ip: or(&p.host_ip, ALL_ADDRESSES),
            protocol: or(&p.protocol, "TCP"),
            port: p.host_port,
        })
        .collect()
}

/// Whether a Pod wants to be near other Pods, or far from them.
pub fn asks_for_pods(spec: &PodSpec) -> bool {
    let has = |key: &&str| {
        spec.affinity
            .as_ref()
            .is_some_and(|affinity| affinity.get(key).is_some())
    };
    ["podAffinity", "podAntiAffinity"].iter().any(has)
}

/// Whether one of the tolerations puts up with a taint.
pub fn tolerated(tolerations: &[Toleration], taint: &Taint) -> bool {
    tolerations.iter().any(|t| {
        let exists = t.operator == "Exists";
        (t.effect.is_empty() || t.effect == taint.effect)
            && (t.key == taint.key || t.key.is_empty() && exists)
            && (exists || t.value == taint.value)
    })
}
