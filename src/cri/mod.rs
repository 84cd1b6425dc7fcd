//! The container runtime of one node: sandboxes and containers, as the kubelet sees them through the CRI.

mod around;
mod message;
mod runtime;
mod view;

pub use around::{Target, Wide};
pub use runtime::{Container, ContainerId, ExecHandle, Reach, Runtime, Sandbox, Start, Steady};
pub use view::{ContainerView, PodView, SandboxView, State};
