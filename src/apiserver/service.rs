//! Addresses of Services.
//! Twin: pkg/registry/core/service/storage/alloc.go (v1.36.2)
//! Covers: allocateCreate for ClusterIP, initIPFamilyFields, on a cluster with IPv4 addresses
//! Left out: two families of addresses, node ports, addresses asked for that are taken

use std::rc::Rc;

use crate::api::objects::Service;
use crate::manifest::Value;

/// Gives a Service its address, or leaves it the one it had, and says the families of its addresses.
pub(super) fn allot(service: &mut Rc<Service>, value: &mut Value, had: Option<&str>, next: impl FnOnce() -> String) {
    if service.spec.kind == "ExternalName" {
        return;
    }
    if service.spec.cluster_ip.is_empty() {
        let address = had.map_or_else(next, str::to_owned);
        Rc::make_mut(service).spec.cluster_ip = address;
    }
    let address = service.spec.cluster_ip.as_str();
    let spec = value.entry("spec");
    spec.set("clusterIP", address.into());
    // Of a headless Service without selector nobody knows what its endpoints have.
    let any = address == "None" && service.spec.selector.is_empty();
    let policy = if any { "RequireDualStack" } else { "SingleStack" };
    let families: &[&str] = if any { &["IPv4", "IPv6"] } else { &["IPv4"] };
    let list = |texts: &[&str]| Value::Seq(texts.iter().map(|&text| text.into()).collect());
    for (field, default) in [
        ("clusterIPs", list(&[address])),
        ("ipFamilies", list(families)),
        ("ipFamilyPolicy", policy.into()),
    ] {
        if spec.get(field).is_none() {
            spec.set(field, default);
        }
    }
}
