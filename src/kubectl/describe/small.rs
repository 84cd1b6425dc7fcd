//! Descriptions of the kinds that take few lines: Service, Namespace, ConfigMap, Secret, endpoints, and any other.

use super::writer::{Writer, annotations, pairs};
use crate::kubectl::fields::{Fields, or_none};
use crate::kubectl::jsonpath::bare;
use crate::kubectl::server::Server;
use crate::manifest::Value;

fn head(out: &mut Writer, v: Fields, namespaced: bool) {
    out.field(0, "Name", &v.text(&["metadata", "name"]));
    if namespaced {
        out.field(0, "Namespace", &v.text(&["metadata", "namespace"]));
    }
    out.several("Labels", &pairs(v.0.at(&["metadata", "labels"])));
    annotations(out, v.0.at(&["metadata", "annotations"]));
}

/// A field of the spec where it is given.
fn given(out: &mut Writer, v: Fields, label: &str, field: &str) {
    let text = v.text(&["spec", field]);
    if !text.is_empty() {
        out.field(0, label, &text);
    }
}

/// A Service with the addresses behind each of its ports.
pub(super) fn service(out: &mut Writer, value: &Value, server: &dyn Server) {
    let v = Fields(value);
    head(out, v, true);
    out.field(0, "Selector", &or_none(v.pairs(&["spec", "selector"])));
    out.field(0, "Type", &v.text_or(&["spec", "type"], "ClusterIP"));
    let texts = |field: &str| {
        let items = v.items(&["spec", field]).iter().map(bare);
        items.collect::<Vec<_>>().join(",")
    };
    if v.0.at(&["spec", "ipFamilyPolicy"]).is_some() {
        out.field(0, "IP Family Policy", &v.text(&["spec", "ipFamilyPolicy"]));
    }
    out.field(0, "IP Families", &or_none(texts("ipFamilies")));
    out.field(0, "IP", &v.text(&["spec", "clusterIP"]));
    out.field(0, "IPs", &or_none(texts("clusterIPs")));
    let external = texts("externalIPs");
    if !external.is_empty() {
        out.field(0, "External IPs", &external);
    }
    given(out, v, "Desired LoadBalancer IP", "loadBalancerIP");
    given(out, v, "External Name", "externalName");
    let slices = slices_of(v, server);
    for port in v.items(&["spec", "ports"]).iter().map(Fields) {
        let (name, protocol) = (port.text(&["name"]), port.text_or(&["protocol"], "TCP"));
        let shown = if name.is_empty() { "<unset>" } else { &name };
        out.line(0, &format!("Port:\t{shown}\t{}/{protocol}", port.int(&["port"])));
        let target = port.0.get("targetPort").or(port.0.get("port"));
        out.line(
            0,
            &format!("TargetPort:\t{}/{protocol}", target.map(bare).unwrap_or_default()),
        );
        if port.int(&["nodePort"]) != 0 {
            out.line(
                0,
                &format!("NodePort:\t{shown}\t{}/{protocol}", port.int(&["nodePort"])),
            );
        }
        out.field(0, "Endpoints", &ready_addresses(&slices, &name));
    }
    out.field(0, "Session Affinity", &v.text_or(&["spec", "sessionAffinity"], "None"));
    given(out, v, "External Traffic Policy", "externalTrafficPolicy");
    given(out, v, "Internal Traffic Policy", "internalTrafficPolicy");
}

fn slices_of(v: Fields, server: &dyn Server) -> Vec<Value> {
    let name = v.text(&["metadata", "name"]);
    let namespace = v.text(&["metadata", "namespace"]);
    server
        .objects("EndpointSlice", Some(&namespace))
        .into_iter()
        .filter(|s| s.labels.get("kubernetes.io/service-name") == Some(&name))
        .map(|s| s.shown(server.calendar()))
        .collect()
}

/// At most three addresses that take connections, and how many more; empty when there are none.
fn ready_addresses(slices: &[Value], port_name: &str) -> String {
    if slices.is_empty() {
        return "<none>".to_owned();
    }
    let mut all = Vec::new();
    for slice in slices.iter().map(Fields) {
        let ports: Vec<Fields> = slice
            .items(&["ports"])
            .iter()
            .map(Fields)
            .filter(|p| p.text(&["name"]) == port_name)
            .collect();
        for endpoint in slice.items(&["endpoints"]).iter().map(Fields) {
            if endpoint.0.at(&["conditions", "ready"]) == Some(&Value::Bool(false)) {
                continue;
            }
            for address in endpoint.items(&["addresses"]).iter().map(bare) {
                all.extend(ports.iter().map(|p| format!("{address}:{}", p.int(&["port"]))));
            }
        }
    }
    match all.len() {
        0..=3 => all.join(","),
        n => format!("{} + {} more...", all.get(..3).unwrap_or_default().join(","), n - 3),
    }
}

/// A Namespace.
pub(super) fn namespace(out: &mut Writer, value: &Value) {
    let v = Fields(value);
    head(out, v, false);
    out.field(0, "Status", &v.text_or(&["status", "phase"], "Active"));
    out.line(0, "");
    out.line(0, "No resource quota.");
    out.line(0, "");
    out.line(0, "No LimitRange resource.");
}

/// A ConfigMap with its texts.
pub(super) fn config_map(out: &mut Writer, value: &Value) {
    let v = Fields(value);
    head(out, v, true);
    out.line(0, "");
    out.line(0, "Data");
    out.line(0, "====");
    for (key, text) in sorted(value.get("data")) {
        out.line(0, &format!("{key}:"));
        out.line(0, "----");
        out.line(0, &bare(text));
        out.line(0, "");
    }
    out.line(0, "");
    out.line(0, "BinaryData");
    out.line(0, "====");
    for (key, text) in sorted(value.get("binaryData")) {
        out.line(0, &format!("{key}: {} bytes", decoded(&bare(text))));
    }
    out.line(0, "");
}

/// A Secret with the sizes of its texts.
pub(super) fn secret(out: &mut Writer, value: &Value) {
    let v = Fields(value);
    head(out, v, true);
    out.line(0, "");
    out.field(0, "Type", &format!(" {}", v.text_or(&["type"], "Opaque")));
    out.line(0, "");
    out.line(0, "Data");
    out.line(0, "====");
    for (key, text) in sorted(value.get("data")) {
        out.field(0, key, &format!("{} bytes", decoded(&bare(text))));
    }
}

/// The length of what base64 stands for.
fn decoded(text: &str) -> usize {
    text.trim().trim_end_matches('=').len() * 3 / 4
}

fn sorted(map: Option<&Value>) -> Vec<(&str, &Value)> {
    let members = map.map(Value::members).unwrap_or_default();
    let mut all: Vec<_> = members.iter().map(|(k, v)| (k.as_str(), v)).collect();
    crate::sort::sort_by_key(&mut all, |(k, _)| *k);
    all
}

/// Endpoints of a Service, in the old form.
pub(super) fn endpoints(out: &mut Writer, value: &Value) {
    let v = Fields(value);
    head(out, v, true);
    out.line(0, "Subsets:");
    for subset in v.items(&["subsets"]).iter().map(Fields) {
        for (label, field) in [("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")] {
            let ips: Vec<String> = subset.items(&[field]).iter().map(|a| Fields(a).text(&["ip"])).collect();
            out.field(1, label, &or_none(ips.join(",")));
        }
        out.line(1, "Ports:");
        out.line(2, "Name\tPort\tProtocol");
        out.line(2, "----\t----\t--------");
        for port in subset.items(&["ports"]).iter().map(Fields) {
            let name = port.text_or(&["name"], "<unset>");
            out.line(
                2,
                &format!(
                    "{name}\t{}\t{}",
                    port.int(&["port"]),
                    port.text_or(&["protocol"], "TCP")
                ),
            );
        }
        out.line(0, "");
    }
}

/// An EndpointSlice.
pub(super) fn endpoint_slice(out: &mut Writer, value: &Value) {
    let v = Fields(value);
    head(out, v, true);
    out.field(0, "AddressType", &v.text(&["addressType"]));
    let ports = v.items(&["ports"]);
    if ports.is_empty() {
        out.field(0, "Ports", "<unset>");
    } else {
        out.line(0, "Ports:");
        out.line(1, "Name\tPort\tProtocol");
        out.line(1, "----\t----\t--------");
    }
    for port in ports.iter().map(Fields) {
        let name = port.text_or(&["name"], "<unset>");
        out.line(
            1,
            &format!(
                "{name}\t{}\t{}",
                port.int(&["port"]),
                port.text_or(&["protocol"], "TCP")
            ),
        );
    }
    let endpoints = v.items(&["endpoints"]);
    if endpoints.is_empty() {
        out.field(0, "Endpoints", "<none>");
    } else {
        out.line(0, "Endpoints:");
    }
    for endpoint in endpoints.iter().map(Fields) {
        let addresses: Vec<String> = endpoint.items(&["addresses"]).iter().map(bare).collect();
        out.line(1, &format!("- Addresses:\t{}", addresses.join(", ")));
        out.line(2, "Conditions:");
        let ready = endpoint
            .0
            .at(&["conditions", "ready"])
            .map_or("<unset>".to_owned(), bare);
        out.field(3, "Ready", &ready);
        out.field(2, "Hostname", &endpoint.text_or(&["hostname"], "<unset>"));
        if endpoint.0.get("targetRef").is_some() {
            let (kind, name) = (
                endpoint.text(&["targetRef", "kind"]),
                endpoint.text(&["targetRef", "name"]),
            );
            out.field(2, "TargetRef", &format!("{kind}/{name}"));
        }
        out.field(2, "NodeName", &endpoint.text_or(&["nodeName"], "<unset>"));
        out.field(2, "Zone", &endpoint.text_or(&["zone"], "<unset>"));
    }
}

/// Any other kind: its fields as they are, in the words of the describer for kinds kubectl does not know.
pub(super) fn any(out: &mut Writer, value: &Value) {
    let v = Fields(value);
    head(out, v, value.at(&["metadata", "namespace"]).is_some());
    out.field(0, "API Version", &v.text(&["apiVersion"]));
    out.field(0, "Kind", &v.text(&["kind"]));
    let hidden = ["apiVersion", "kind", "metadata"];
    let rest = value.members().iter().filter(|(k, _)| !hidden.contains(&k.as_str()));
    let rest: Vec<_> = rest.cloned().collect();
    tree(out, 0, &Value::Map(rest));
}

/// Deeper than this, nothing is shown.
const DEEPEST: usize = 24;

fn tree(out: &mut Writer, level: usize, value: &Value) {
    if level > DEEPEST {
        return;
    }
    for (key, member) in sorted(Some(value)) {
        let label = words(key);
        match member {
            Value::Map(_) => {
                out.line(level, &format!("{label}:"));
                tree(out, level + 1, member);
            }
            Value::Seq(items) => {
                out.line(level, &format!("{label}:"));
                for item in items {
                    match item {
                        Value::Map(_) => tree(out, level + 1, item),
                        other => out.line(level + 1, &bare(other)),
                    }
                }
            }
            other => out.field(level, &label, &bare(other)),
        }
    }
}

/// `minReadySeconds` as `Min Ready Seconds`.
fn words(key: &str) -> String {
    let mut out = String::new();
    let mut before_lower = false;
    for (index, c) in key.chars().enumerate() {
        if index == 0 {
            out.push(c.to_ascii_uppercase());
        } else {
            if c.is_ascii_uppercase() && before_lower {
                out.push(' ');
            }
            out.push(c);
        }
        before_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    out
}
