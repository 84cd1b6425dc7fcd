//! EndpointSlices, as watchers see them.

use std::rc::Rc;

use super::WatchKind;
use crate::time::Instant;

/// One EndpointSlice at one revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointSlice {
    /// Its name.
    pub name: Rc<str>,
    /// Namespace of the Service and of its Pods.
    pub namespace: Rc<str>,
    /// The Service.
    pub service: Rc<str>,
    /// Ports at the Pods; none while it has no endpoints.
    pub ports: Vec<SlicePort>,
    /// Its endpoints, at most a hundred.
    pub endpoints: Vec<SliceEndpoint>,
}

/// A port of an EndpointSlice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlicePort {
    /// Name of the Service's port.
    pub name: Rc<str>,
    /// `TCP`, `UDP`, `SCTP`.
    pub protocol: Rc<str>,
    /// Number at the Pod.
    pub port: i64,
}

/// One endpoint of an EndpointSlice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceEndpoint {
    /// Number of the Pod's creation.
    pub uid: u32,
    /// Name of the Pod.
    pub pod: Rc<str>,
    /// Its address.
    pub ip: Rc<str>,
    /// Its node.
    pub node: Rc<str>,
    /// The name by which a headless Service knows it; empty for most.
    pub hostname: Rc<str>,
    /// Takes new connections.
    pub ready: bool,
    /// Answers.
    pub serving: bool,
    /// Is on its way out.
    pub terminating: bool,
}

/// One watch event of an EndpointSlice.
#[derive(Clone, Debug)]
pub struct SliceRevision {
    /// When.
    pub at: Instant,
    /// What happened.
    pub kind: WatchKind,
    /// The slice as it stood then.
    pub slice: Rc<EndpointSlice>,
}
