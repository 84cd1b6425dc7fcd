//! Controllers, one file each.

mod claim;
mod deployment;
mod endpointslice;
mod garbage_collector;
mod gc_controller;
mod manager;
mod node_lifecycle;
mod pod_control;
mod replicaset;
mod work_queue;

pub use endpointslice::{Endpoint, EndpointSlices, has_slices};
pub use gc_controller::PodGc;
pub use manager::Controllers;
pub use node_lifecycle::NodeLifecycle;

use crate::manifest::Value;

/// The hash that names a Pod template.
fn template_hash(template: &Value, collisions: Option<u32>) -> String {
    let text = format!("{template:?}{collisions:?}");
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash.to_string()
        .bytes()
        .map(|digit| {
            char::from(
                *b"4567 89bcdf"
                    .iter()
                    .filter(|c| **c != b' ')
                    .nth(usize::from(digit - b'0'))
                    .unwrap_or(&b'4'),
            )
        })
        .collect()
}
