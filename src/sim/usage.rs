//! How much of what is remembered there is, in bytes of content.

use crate::api::{ContainerStatus, Pod};
use crate::map::Map;
use crate::trace::WorkloadRevision;

/// What a revision takes beside its texts.
const REVISION: usize = 500;

/// A revision of a Pod; its spec is shared with the one before it.
pub fn of_pod(pod: &Pod) -> usize {
    let (meta, status) = (&pod.metadata, &pod.status);
    let containers = [
        &status.init_container_statuses,
        &status.container_statuses,
        &status.ephemeral_container_statuses,
    ];
    let containers: usize = containers.into_iter().flatten().map(of_container).sum();
    let conditions: usize = status.conditions.iter().map(|c| 150 + c.message.len()).sum();
    REVISION + of_texts(&meta.labels) + of_texts(&meta.annotations) + containers + conditions + status.message.len()
}

/// A revision of a workload; its template is shared with the one before it.
pub fn of_workload(revision: &WorkloadRevision) -> usize {
    let meta = &revision.object.metadata;
    2 * REVISION + of_texts(&meta.labels) + of_texts(&meta.annotations)
}

fn of_container(status: &ContainerStatus) -> usize {
    let states = [&status.state, &status.last_state];
    let ended = states.into_iter().filter_map(|state| state.terminated.as_ref());
    let messages: usize = ended.map(|t| t.message.len()).sum();
    300 + messages
}

fn of_texts(texts: &Map<String, String>) -> usize {
    texts.iter().map(|(key, value)| 50 + key.len() + value.len()).sum()
}
