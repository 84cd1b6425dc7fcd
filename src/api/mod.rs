//! Typed objects of the Kubernetes API, and how text becomes them: decoding, defaults, validation.

pub mod meta;
pub mod objects;
pub mod pod;
pub mod quantity;
pub mod scenario;
pub mod status;

pub use meta::{ObjectMeta, OwnerReference, Time};
pub use pod::{Container, Pod, PodSpec, Probe, RestartPolicy};
pub use quantity::Quantity;
pub use status::{ContainerState, ContainerStatus, Phase, PodCondition, PodStatus};
