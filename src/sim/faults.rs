//! What the world does to the cluster: faults of the scenario.

use super::server::ClusterServer;
use crate::api::scenario::Fault;
use crate::cri::Wide;
use crate::trace::EntryId;

/// Faults that are played.
pub const KINDS: [&str; 1] = ["kill-container"];

/// Lets a fault happen. A kind that is not played is said when the text is loaded, and does nothing here.
pub fn strike(server: &mut ClusterServer, fault: &Fault, entry: EntryId) {
    if fault.kind != "kill-container" {
        return;
    }
    let mut victims = Vec::new();
    for stored in server.api.pods() {
        let pod = &stored.pod;
        let Some(node) = server.api.node_index(&pod.spec.node_name) else {
            continue;
        };
        let named = fault
            .pod
            .as_ref()
            .is_none_or(|p| crate::world::glob::matches(p, &pod.metadata.name));
        if !named {
            continue;
        }
        for (id, index) in server.runtimes[usize::from(node)].running(stored.uid) {
            let name = crate::kubelet::helpers::container_at(&pod.spec, index).map(|c| c.name.clone());
            if fault.container.as_ref().is_none_or(|c| name.is_some_and(|n| &*n == c)) {
                victims.push((node, id));
            }
        }
    }
    for (node, id) in victims {
        let mut wide = Wide {
            cx: &mut server.cx,
            api: server.api,
            runtimes: server.runtimes,
        };
        wide.kill(node, id, Some(entry));
    }
}
