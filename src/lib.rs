//! Podscope: the life of a Kubernetes Pod, played in simulated time.
//!
//! Text goes in, a trace comes out, and everything shown is computed from the two. `src/README.md` is the map.
#![warn(missing_docs)]

pub mod api;
pub mod apiserver;
pub mod controllers;
pub mod cri;
pub mod kubectl;
pub mod kubelet;
pub mod machine;
pub mod manifest;
pub mod map;
pub mod probe;
pub mod rng;
pub mod scheduler;
pub mod sim;
pub mod sort;
pub mod time;
pub mod trace;
pub mod view;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod world;
