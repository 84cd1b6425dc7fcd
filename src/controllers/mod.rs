//! Controllers, one file each.

mod endpointslice;
mod node_lifecycle;

pub use endpointslice::EndpointSlices;
pub use node_lifecycle::NodeLifecycle;
