//! NetworkPolicies.
//! Twin: pkg/apis/networking/validation/validation.go (v1.36.2)
//! Covers: ValidateNetworkPolicy
//! Left out: changes of stored ones

use crate::api::fields::{int, list, text};
use crate::api::validation::error::Errors;
use crate::api::validation::names::{Cidr, cidr, port_name};
use crate::api::validation::path::Path;
use crate::api::validation::probe::port_number;
use crate::api::validation::selector::label_selector;
use crate::manifest::Value;

pub(super) fn network_policy(raw: &Value, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("spec");
    if let Some(selector) = spec.get("podSelector") {
        label_selector(selector, &path.field("podSelector"), errors);
    }
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        let at = path.field(direction);
        for (index, rule) in list(spec, direction).iter().enumerate() {
            let at = at.index(index);
            let ports = at.field("ports");
            for (index, one) in list(rule, "ports").iter().enumerate() {
                port(one, &ports.index(index), errors);
            }
            let peer_path = at.field(peers);
            for (index, one) in list(rule, peers).iter().enumerate() {
                peer(one, &peer_path.index(index), errors);
            }
        }
    }
    let types = list(spec, "policyTypes");
    let at = path.field("policyTypes");
    if types.len() > 2 {
        let shown = Value::Seq(types.to_vec());
        errors.invalid(&at, &shown, "may not specify more than two policyTypes");
        return;
    }
    for (index, one) in types.iter().enumerate() {
        errors.one_of(&at.index(index), one.as_str().unwrap_or(""), &["Ingress", "Egress"]);
    }
}

fn port(one: &Value, path: &Path, errors: &mut Errors) {
    if one.get("protocol").is_some() {
        errors.one_of(&path.field("protocol"), text(one, "protocol"), &["TCP", "UDP", "SCTP"]);
    }
    let at = path.field("port");
    let end_path = path.field("endPort");
    let end = int(one, "endPort");
    match one.get("port") {
        Some(Value::Int(number)) => {
            port_number(*number, &at, errors);
            if let Some(end) = end {
                if end < *number {
                    errors.invalid_int(&end_path, end, "must be greater than or equal to `port`");
                }
                port_number(end, &end_path, errors);
            }
        }
        Some(name) => {
            if let Some(end) = end {
                errors.invalid_int(&end_path, end, "may not be specified when `port` is non-numeric");
            }
            let name = name.as_str().unwrap_or("");
            errors.each(&at, name, port_name(name));
        }
        None => {
            if let Some(end) = end {
                errors.invalid_int(&end_path, end, "may not be specified when `port` is not specified");
            }
        }
    }
}

fn peer(peer: &Value, path: &Path, errors: &mut Errors) {
    let mut count = 0;
    for key in ["podSelector", "namespaceSelector"] {
        if let Some(selector) = peer.get(key) {
            count += 1;
            label_selector(selector, &path.field(key), errors);
        }
    }
    if let Some(block) = peer.get("ipBlock") {
        count += 1;
        ip_block(block, &path.field("ipBlock"), errors);
        if count > 1 {
            errors.forbidden(path, "may not specify both ipBlock and another peer");
        }
    }
    if count == 0 {
        errors.required(path, "must specify a peer");
    }
}

fn ip_block(block: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("cidr");
    let given = text(block, "cidr");
    if given.is_empty() {
        errors.required(&at, "");
        return;
    }
    errors.each(&at, given, cidr(given));
    let Some(outer) = Cidr::parse(given) else { return };
    let at = path.field("except");
    for (index, except) in list(block, "except").iter().filter_map(Value::as_str).enumerate() {
        let at = at.index(index);
        errors.each(&at, except, cidr(except));
        if Cidr::parse(except).is_some_and(|inner| !outer.holds(inner)) {
            errors.invalid_text(&at, except, "must be a strict subset of `cidr`");
        }
    }
}
