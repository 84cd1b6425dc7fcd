//! Controllers, one file each.

mod claim;
mod cronjob;
mod daemonset;
mod deployment;
mod endpointslice;
mod garbage_collector;
mod gc_controller;
mod history;
mod job;
mod manager;
mod node_lifecycle;
mod pod_control;
mod pvc_protection;
mod replicaset;
mod statefulset;
mod ttl_after_finished;
mod work_queue;

pub use cronjob::schedule_of;
pub use endpointslice::{Endpoint, EndpointSlices, has_slices};
pub use gc_controller::PodGc;
pub use manager::Controllers;
pub use node_lifecycle::NodeLifecycle;
