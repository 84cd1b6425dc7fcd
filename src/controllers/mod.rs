//! Controllers, one file each.

mod endpointslice;

pub use endpointslice::EndpointSlices;
