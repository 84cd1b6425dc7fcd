//! Controllers, one file each.

mod endpointslice;
mod gc_controller;
mod node_lifecycle;

pub use endpointslice::{Endpoint, EndpointSlices};
pub use gc_controller::PodGc;
pub use node_lifecycle::NodeLifecycle;
