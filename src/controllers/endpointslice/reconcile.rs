//! Twin: staging/src/k8s.io/endpointslice/utils.go (v1.36.2)
//! Covers: which Pods are behind a Service, whether they are ready, serving, terminating, and the ports they have.
//! Left out: zones, addresses of other families than the Pod's first.

use std::rc::Rc;

use super::Endpoint;
use crate::api::Pod;
use crate::api::objects::Service;
use crate::api::pod::IntOrString;
use crate::apiserver::{is_ready, selects};
use crate::trace::SlicePort;

/// What a Pod is behind a Service; none when it is not behind it.
pub fn endpoint(service: &Service, pod: &Pod) -> Option<Endpoint> {
    if !selects(service, pod) || pod.status.pod_ip.is_empty() || pod.status.phase.is_terminal() {
        return None;
    }
    let serving = is_ready(pod);
    let terminating = pod.metadata.deletion_timestamp.is_some();
    Some(Endpoint {
        ready: service.spec.publish_not_ready_addresses || serving && !terminating,
        serving,
        terminating,
    })
}

/// The ports of a Service at a Pod. A port whose name the Pod does not have is left out.
pub fn ports(service: &Service, pod: &Pod) -> Vec<SlicePort> {
    let own = |name: &str, protocol: &str| {
        let sidecars = pod.spec.init_containers.iter().filter(|c| c.is_sidecar());
        let all = pod.spec.containers.iter().chain(sidecars).flat_map(|c| &c.ports);
        let fits = |p: &&crate::api::pod::ContainerPort| p.name == *name && protocol_of(&p.protocol) == protocol;
        all.clone().find(fits).map(|p| p.container_port)
    };
    let port = |p: &crate::api::objects::ServicePort| {
        let protocol = protocol_of(&p.protocol);
        let port = match &p.target_port {
            None => Some(p.port),
            Some(IntOrString::Int(n)) => Some(*n),
            Some(IntOrString::String(name)) => own(name, protocol),
        };
        Some(SlicePort {
            name: p.name.as_str().into(),
            protocol: protocol.into(),
            port: port?,
        })
    };
    service.spec.ports.iter().filter_map(port).collect()
}

/// The name by which a headless Service knows a Pod; empty for most.
pub fn hostname(service: &Service, pod: &Pod) -> Rc<str> {
    let named = !pod.spec.hostname.is_empty() && pod.spec.subdomain == *service.metadata.name;
    if named {
        pod.spec.hostname.as_str().into()
    } else {
        "".into()
    }
}

fn protocol_of(given: &str) -> &str {
    if given.is_empty() { "TCP" } else { given }
}
