//! The cluster, the engine that plays it, scenarios and checkpoints.

mod apply;
mod assumed_nodes;
mod builtin;
mod cluster;
mod console;
mod expect;
mod faults;
mod gate_notes;
mod horizon;
mod image_notes;
mod livelock;
mod look;
mod nodes;
mod notes;
mod reading;
mod server;
mod setup;
mod simulation;
mod story;
mod update;
mod usage;
mod workload_story;
mod workload_update;

pub use cluster::Cluster;
pub use expect::{ExpectResult, evaluate};
pub use look::{Looked, describe, look};
pub use reading::{Reading, stored_workload};
pub use server::{logs_at, objects_of, shown};
pub use setup::Options;
pub use simulation::{Progress, Simulation};
