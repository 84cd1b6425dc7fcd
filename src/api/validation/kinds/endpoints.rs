//! Endpoints and EndpointSlices.
//! Twin: pkg/apis/discovery/validation/validation.go (v1.36.2)
//! Twin: pkg/apis/core/validation/validation.go (v1.36.2)
//! Covers: ValidateEndpointSlice, ValidateEndpoints, ValidateEndpointIP
//! Left out: hints, the limits of how many there are

use crate::api::fields::{int, list, text};
use crate::api::validation::error::Errors;
use crate::api::validation::names::{dns_label, dns_subdomain, ip, special_ip};
use crate::api::validation::path::Path;
use crate::api::validation::probe::port_number;
use crate::manifest::Value;
use crate::map::Set;

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];

pub(super) fn endpoint_slice(raw: &Value, errors: &mut Errors) {
    let root = Path::Root;
    let kind = text(raw, "addressType");
    match kind {
        "" => errors.required(&root.field("addressType"), ""),
        kind => errors.one_of(&root.field("addressType"), kind, &["FQDN", "IPv4", "IPv6"]),
    }
    let path = root.field("endpoints");
    for (index, endpoint) in list(raw, "endpoints").iter().enumerate() {
        let at = path.index(index);
        let addresses = list(endpoint, "addresses");
        let path = at.field("addresses");
        if addresses.is_empty() {
            errors.required(&path, "must contain at least 1 address");
        }
        if addresses.len() > 100 {
            errors.too_many(&path, addresses.len(), 100);
        }
        for (index, address) in addresses.iter().filter_map(Value::as_str).enumerate() {
            slice_address(kind, address, &path, index, errors);
        }
        hostname(endpoint, &at, errors);
    }
    ports(list(raw, "ports"), &root.field("ports"), errors);
}

fn slice_address(kind: &str, address: &str, path: &Path, index: usize, errors: &mut Errors) {
    let at = path.index(index);
    let wrong = ip(address);
    match kind {
        "IPv4" | "IPv6" if !wrong.is_empty() => errors.each(&at, address, wrong),
        "IPv4" | "IPv6" => {
            if address.contains(':') == (kind == "IPv4") {
                errors.invalid_text(path, address, format!("must be an {kind} address"));
            }
            errors.each(&at, address, special_ip(address));
        }
        "FQDN" => {
            let name = address.strip_suffix('.').unwrap_or(address);
            errors.each(&at, address, dns_subdomain(name));
        }
        _ => {}
    }
}

fn hostname(endpoint: &Value, path: &Path, errors: &mut Errors) {
    let name = text(endpoint, "hostname");
    if !name.is_empty() {
        errors.each(&path.field("hostname"), name, dns_label(name));
    }
    let node = text(endpoint, "nodeName");
    if !node.is_empty() {
        errors.each(&path.field("nodeName"), node, dns_subdomain(node));
    }
}

fn ports(ports: &[Value], path: &Path, errors: &mut Errors) {
    let mut names = Set::new();
    for (index, port) in ports.iter().enumerate() {
        let at = path.index(index);
        let name = text(port, "name");
        if !name.is_empty() {
            errors.each(&at.field("name"), name, dns_label(name));
        }
        if !names.insert(name) {
            errors.duplicate(&at.field("name"), name);
        }
        protocol(port, &at, errors);
    }
}

/// Where none is given, TCP is the default.
fn protocol(port: &Value, path: &Path, errors: &mut Errors) {
    let protocol = text(port, "protocol");
    if !protocol.is_empty() {
        errors.one_of(&path.field("protocol"), protocol, &PROTOCOLS);
    }
}

pub(super) fn endpoints(raw: &Value, errors: &mut Errors) {
    let root = Path::Root;
    let path = root.field("subsets");
    for (index, subset) in list(raw, "subsets").iter().enumerate() {
        let at = path.index(index);
        let lists = ["addresses", "notReadyAddresses"];
        if lists.iter().all(|key| list(subset, key).is_empty()) {
            errors.required(&at, "must specify `addresses` or `notReadyAddresses`");
        }
        for key in lists {
            let path = at.field(key);
            for (index, address) in list(subset, key).iter().enumerate() {
                let at = path.index(index);
                let value = text(address, "ip");
                errors.each(&at.field("ip"), value, ip(value));
                hostname(address, &at, errors);
                errors.each(&at.field("ip"), value, special_ip(value));
            }
        }
        let all = list(subset, "ports");
        let path = at.field("ports");
        for (index, port) in all.iter().enumerate() {
            let at = path.index(index);
            let name = text(port, "name");
            if !name.is_empty() {
                errors.each(&at.field("name"), name, dns_label(name));
            } else if all.len() > 1 {
                errors.required(&at.field("name"), "");
            }
            port_number(int(port, "port").unwrap_or(0), &at.field("port"), errors);
            protocol(port, &at, errors);
        }
    }
}
