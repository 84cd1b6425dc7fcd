//! What the world does to the cluster: faults of the scenario. spec/04 §9, spec/07 §1.6.

use super::server::ClusterServer;
use crate::api::scenario::Fault;
use crate::cri::{Reach, Wide};
use crate::machine::{Part, Uid};
use crate::trace::EntryId;
use crate::world::Signal;

/// Faults that are played.
pub const KINDS: [&str; 8] = [
    "kill-container",
    "kubelet-restart",
    "kubelet-start",
    "kubelet-stop",
    "node-lost",
    "node-shutdown",
    "registry-down",
    "sandbox-lost",
];

/// Lets a fault happen. A kind that is not played is said when the text is loaded, and does nothing here.
pub fn strike(server: &mut ClusterServer, fault: &Fault, entry: EntryId) {
    match fault.kind.as_str() {
        "kill-container" => kill_container(server, fault, entry),
        "sandbox-lost" => sandbox_lost(server, fault, entry),
        "kubelet-stop" => kubelets(server, fault, entry, true, false),
        "kubelet-start" => kubelets(server, fault, entry, false, true),
        "kubelet-restart" => kubelets(server, fault, entry, true, true),
        "node-lost" => {
            power_off(server, fault, entry);
            kubelets(server, fault, entry, true, false);
        }
        "node-shutdown" => {
            for node in nodes(server, fault) {
                server.cx.queue.alarm(Part::NodeShutdown(node), Some(server.cx.now));
            }
        }
        "registry-down" => {
            let until = fault.lasts.map(|lasts| server.cx.now + lasts.0);
            for runtime in server.runtimes.iter_mut() {
                runtime.registry_down(server.cx.now, until);
            }
        }
        _ => {}
    }
}

/// The nodes the fault names: one, or all.
fn nodes(server: &ClusterServer, fault: &Fault) -> Vec<u16> {
    match &fault.node {
        Some(name) => server.api.node_index(name).into_iter().collect(),
        None => server.runtimes.iter().map(|r| r.node).collect(),
    }
}

/// Stops and starts kubelets; with `for`, a stop ends by itself.
fn kubelets(server: &mut ClusterServer, fault: &Fault, entry: EntryId, stop: bool, start: bool) {
    let now = server.cx.now;
    for node in nodes(server, fault) {
        server.api.tell_node_at(node, entry);
        if stop {
            server.cx.queue.alarm(Part::KubeletStop(node), Some(now));
        }
        if start {
            server.cx.queue.alarm(Part::KubeletStart(node), Some(now));
        } else if let Some(lasts) = fault.lasts.filter(|_| stop) {
            server.cx.queue.alarm(Part::KubeletStart(node), Some(now + lasts.0));
        }
    }
}

/// Pods the fault names, with their node.
fn pods(server: &ClusterServer, fault: &Fault) -> Vec<(u16, Uid)> {
    let nodes = nodes(server, fault);
    let named = |name: &str| fault.pod.as_ref().is_none_or(|p| crate::world::glob::matches(p, name));
    let all = server.api.pods().filter(|s| named(&s.pod.metadata.name));
    all.filter_map(|s| Some((server.api.node_index(&s.pod.spec.node_name)?, s.uid)))
        .filter(|(node, _)| nodes.contains(node))
        .collect()
}

fn kill_container(server: &mut ClusterServer, fault: &Fault, entry: EntryId) {
    let mut victims = Vec::new();
    for (node, uid) in pods(server, fault) {
        let Some(stored) = server.api.pod(uid) else { continue };
        for (id, index) in server.runtimes[usize::from(node)].running(uid) {
            let name = crate::kubelet::helpers::container_at(&stored.pod.spec, index).map(|c| c.name.clone());
            if fault.container.as_ref().is_none_or(|c| name.is_some_and(|n| &*n == c)) {
                victims.push((node, id));
            }
        }
    }
    let signal = fault
        .signal
        .as_deref()
        .and_then(Signal::parse)
        .filter(|s| *s != Signal::KILL);
    for (node, id) in victims {
        let mut wide = Wide {
            cx: &mut server.cx,
            api: server.api,
            runtimes: server.runtimes,
        };
        match &fault.signal {
            Some(name) if signal.is_some() => {
                wide.stop(node, id, Some(name), Some(entry));
            }
            _ => wide.kill(node, id, Some(entry)),
        }
    }
}

/// The sandbox is gone, and with it every process of the Pod.
fn sandbox_lost(server: &mut ClusterServer, fault: &Fault, entry: EntryId) {
    for (node, uid) in pods(server, fault) {
        lose(server, node, uid, entry);
    }
}

/// All sandboxes of the nodes are gone.
fn power_off(server: &mut ClusterServer, fault: &Fault, entry: EntryId) {
    let every = Fault {
        pod: None,
        ..fault.clone()
    };
    for (node, uid) in pods(server, &every) {
        lose(server, node, uid, entry);
    }
    for node in nodes(server, fault) {
        if let Some(runtime) = server.runtimes.get_mut(usize::from(node)) {
            runtime.reach = Reach::Silent;
        }
    }
}

fn lose(server: &mut ClusterServer, node: u16, uid: Uid, entry: EntryId) {
    for (id, _) in server.runtimes[usize::from(node)].running(uid) {
        let mut wide = Wide {
            cx: &mut server.cx,
            api: server.api,
            runtimes: server.runtimes,
        };
        wide.kill(node, id, Some(entry));
    }
    server.runtimes[usize::from(node)].stop_sandboxes(uid, server.cx.now, server.cx.log);
    server.cx.queue.alarm(Part::Worker(node, uid), Some(server.cx.now));
}
