//! The kubelet; one file per Kubernetes file, under the same base name where one file is modelled by one.
//!
//! An [`Agent`] holds what a node's Pods share, a [`PodEntry`] everything about one Pod. Every step is a function of
//! both and of an [`Env`]: the instant, the API server, the runtimes.

pub mod actions;
pub mod backoff;
mod config;
mod entry;
mod envvars;
mod eviction_manager;
pub mod generate;
mod handlers;
pub mod helpers;
mod image_manager;
#[expect(clippy::module_inception, reason = "twins keep the base names of Kubernetes' files")]
mod kubelet;
mod kubelet_node_status;
pub mod kubelet_pods;
mod kuberuntime_container;
mod kuberuntime_kill;
mod kuberuntime_manager;
mod nodeshutdown_manager;
pub mod phase;
mod pleg;
mod pod_workers;
mod predicate;
mod preemption;
mod prober_manager;
pub mod prober_round;
mod prober_worker;
mod resize;
mod security_context;
mod status_manager;
mod token_manager;
mod volume_manager;
mod work_queue;

pub use entry::{Agent, Env, PodEntry, World};
pub use kubelet::{Kubelet, READY_BEFORE_PODS, node_ip};
pub use kuberuntime_kill::MINIMUM_GRACE;
