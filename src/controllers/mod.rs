//! Controllers, one file each.

mod endpointslice;
mod node_lifecycle;

pub use endpointslice::{Endpoint, EndpointSlices};
pub use node_lifecycle::NodeLifecycle;
