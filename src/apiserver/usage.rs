//! What the Pods of each node hold, kept with every change: the scheduler asks for it at every attempt.

use std::rc::Rc;

use super::ApiServer;
use crate::api::needs::{HostPort, asks_for_pods, host_ports, requests};
use crate::api::{Pod, PodSpec};
use crate::machine::Uid;
use crate::map::{Map, Set};

/// What the unfinished Pods of one node hold.
#[derive(Clone, Debug, Default)]
pub struct NodeUsage {
    pods: Set<Uid>,
    requested: Map<String, i128>,
    ports: Vec<HostPort>,
    /// How many of them ask for Pods near them or far from them.
    asking: usize,
}

impl NodeUsage {
    /// The Pods, in order of creation.
    pub fn pods(&self) -> &Set<Uid> {
        &self.pods
    }

    /// The amount of a resource they request together, in thousandths.
    pub fn requested(&self, resource: &str) -> i128 {
        self.requested.get(resource).copied().unwrap_or(0)
    }

    /// The ports of the node that they take.
    pub fn ports(&self) -> &[HostPort] {
        &self.ports
    }

    /// Whether one of them asks for Pods near it or far from it.
    pub fn asks(&self) -> bool {
        self.asking > 0
    }

    fn add(&mut self, uid: Uid, spec: &PodSpec) {
        self.pods.insert(uid);
        for (name, amount) in requests(spec) {
            *self.requested.entry(name).or_insert(0) += amount;
        }
        self.ports.extend(host_ports(spec));
        self.asking += usize::from(asks_for_pods(spec));
    }

    fn remove(&mut self, uid: Uid, spec: &PodSpec) {
        if !self.pods.remove(&uid) {
            return;
        }
        for (name, amount) in requests(spec) {
            *self.requested.entry(name).or_insert(0) -= amount;
        }
        for port in host_ports(spec) {
            if let Some(at) = self.ports.iter().position(|p| *p == port) {
                self.ports.swap_remove(at);
            }
        }
        self.asking = self.asking.saturating_sub(usize::from(asks_for_pods(spec)));
    }
}

/// The usage of all nodes, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Usage {
    nodes: Map<Rc<str>, NodeUsage>,
}

/// A Pod that holds something of a node.
fn holds(pod: &Pod) -> bool {
    !pod.spec.node_name.is_empty() && !pod.status.phase.is_terminal()
}

impl Usage {
    /// A Pod was stored, changed or removed: `after` is none when it is gone.
    pub fn follow(&mut self, uid: Uid, before: Option<&Pod>, after: Option<&Pod>) {
        let before = before.filter(|pod| holds(pod));
        let after = after.filter(|pod| holds(pod));
        if let (Some(before), Some(after)) = (before, after)
            && Rc::ptr_eq(&before.spec, &after.spec)
        {
            return;
        }
        if let Some(pod) = before
            && let Some(node) = self.nodes.get_mut(&pod.spec.node_name)
        {
            node.remove(uid, &pod.spec);
        }
        if let Some(pod) = after {
            self.nodes
                .entry(pod.spec.node_name.clone())
                .or_default()
                .add(uid, &pod.spec);
        }
    }
}

impl ApiServer {
    /// What the unfinished Pods of a node hold; none when it has no Pods.
    pub fn usage(&self, node: &str) -> Option<&NodeUsage> {
        self.usage.nodes.get(node)
    }

    /// Whether a Pod on any node asks for Pods near it or far from it.
    pub fn any_pod_asks(&self) -> bool {
        self.usage.nodes.values().any(NodeUsage::asks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(node: &str, cpu: &str, phase: &str) -> Pod {
        let text = format!(
            r#"{{"spec":{{"nodeName":"{node}","containers":[{{"name":"a","resources":{{"requests":{{"cpu":"{cpu}"}}}},
                "ports":[{{"containerPort":80,"hostPort":8080}}]}}]}},"status":{{"phase":"{phase}"}}}}"#
        );
        serde_json::from_str(&text).expect("a Pod")
    }

    #[test]
    fn what_pods_hold_comes_and_goes_with_them() {
        let mut usage = Usage::default();
        let (waiting, running, done) = (
            pod("", "1", "Pending"),
            pod("n", "1", "Running"),
            pod("n", "1", "Failed"),
        );
        let cpu = |usage: &Usage| usage.nodes.get("n").map_or(0, |n| n.requested("cpu"));
        usage.follow(Uid(1), None, Some(&waiting));
        assert_eq!(cpu(&usage), 0);
        usage.follow(Uid(1), Some(&waiting), Some(&running));
        usage.follow(Uid(2), None, Some(&running));
        assert_eq!(cpu(&usage), 2_000);
        let resized = pod("n", "3", "Running");
        usage.follow(Uid(1), Some(&running), Some(&resized));
        assert_eq!(cpu(&usage), 4_000);
        usage.follow(Uid(1), Some(&resized), Some(&done));
        usage.follow(Uid(1), Some(&done), None);
        assert_eq!(cpu(&usage), 1_000);
        let node = usage.nodes.get("n").expect("a node with a Pod");
        assert_eq!((node.pods().len(), node.ports()[0].port), (1, 8080));
        usage.follow(Uid(2), Some(&running), None);
        let node = usage.nodes.get("n").expect("a node without Pods");
        assert_eq!((node.pods().len(), node.ports().len(), cpu(&usage)), (0, 0, 0));
    }
}
