//! Typed objects of the Kubernetes API, and how text becomes them: decoding, defaults, validation.

mod aside;
mod assist;
mod decode;
pub mod defaults;
pub mod expand;
pub(crate) mod fields;
mod kinds;
mod load;
pub mod meta;
mod nearest;
pub mod needs;
mod object;
pub mod objects;
pub mod pod;
pub mod quantity;
mod relocate;
pub mod scenario;
mod scenario_check;
pub mod schema;
pub mod selects;
pub mod status;
pub mod template_hash;
mod unsupported;
pub mod validation;
pub mod workload;

pub use assist::{Completion, Hover, TEMPLATES, Template, complete, hover};
pub use kinds::{MODELLED, namespaced, template_path};
pub use load::{Loaded, LoadedObject, MAX_OBJECTS, load, load_in};
pub use meta::{ObjectMeta, OwnerReference, Time};
pub use nearest::nearest;
pub use object::{Object, decode_given};
pub use pod::{Container, Pod, PodSpec, Probe, RestartPolicy};
pub use quantity::Quantity;
pub use status::{ContainerState, ContainerStatus, Phase, PodCondition, PodStatus};
pub use unsupported::JOB_CONTROLLER;
pub use workload::{Workload, WorkloadKind};
