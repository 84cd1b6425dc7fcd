//! Services, ConfigMaps and Secrets. Twin of `validation.go → ValidateService, ValidateConfigMap, ValidateSecret`,
//! release 1.36. Left out: addresses and address families.

use super::error::Errors;
use super::meta::labels;
use super::names::{config_key, ip, port_name};
use super::path::Path;
use super::probe::port_number;
use crate::api::fields::{int, list, members, text};
use crate::manifest::Value;
use crate::map::Set;

/// A Service's spec.
pub fn service(raw: &Value, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("spec");
    let kind = text(spec, "type");
    let headless = text(spec, "clusterIP") == "None";
    let ports = list(spec, "ports");
    if ports.is_empty() && !headless && kind != "ExternalName" {
        errors.required(&path.field("ports"), "");
    }
    match kind {
        "NodePort" | "LoadBalancer" if headless => {
            let detail = format!("may not be set to 'None' for {kind} services");
            errors.invalid_text(&path.field("clusterIPs").index(0), "None", detail);
        }
        "ExternalName" => {
            let name = text(spec, "externalName");
            let at = path.field("externalName");
            if name.is_empty() {
                errors.required(&at, "");
            } else {
                let wrong = super::names::dns_subdomain(name.strip_suffix('.').unwrap_or(name));
                errors.each(&at, name, wrong);
            }
        }
        _ => {}
    }
    let list_path = path.field("ports");
    let mut names = Set::new();
    for (index, port) in ports.iter().enumerate() {
        service_port(port, ports.len() > 1, kind, &list_path.index(index), errors);
        let name = text(port, "name");
        if !name.is_empty() && !names.insert(name) {
            errors.duplicate(&list_path.index(index).field("name"), name);
        }
    }
    labels(spec.get("selector"), &path.field("selector"), errors);
    let affinity = path.field("sessionAffinity");
    match text(spec, "sessionAffinity") {
        "" => errors.required(&affinity, ""),
        value => errors.one_of(&affinity, value, &["ClientIP", "None"]),
    }
    policies(spec, kind, &path, errors);
    let known = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    errors.one_of(&path.field("type"), kind, &known);
    let externals = path.field("externalIPs");
    for (index, address) in list(spec, "externalIPs").iter().enumerate() {
        let address = address.as_str().unwrap_or("");
        errors.each(&externals.index(index), address, ip(address));
    }
    duplicates(ports, &list_path, errors);
    if kind == "ClusterIP" {
        for (index, port) in ports.iter().enumerate() {
            if int(port, "nodePort").unwrap_or(0) != 0 {
                let detail = "may not be used when `type` is 'ClusterIP'";
                errors.forbidden(&list_path.index(index).field("nodePort"), detail);
            }
        }
    }
    let used = ["NodePort", "LoadBalancer"].contains(&kind);
    for (index, port) in ports.iter().enumerate() {
        if let Some(number) = int(port, "nodePort").filter(|n| used && *n != 0 && !(30_000..=32_767).contains(n)) {
            let detail = "provided port is not in the valid range. The range of valid ports is 30000-32767";
            errors.invalid_int(&list_path.index(index).field("nodePort"), number, detail);
        }
    }
}

/// Traffic policies, families and the address.
fn policies(spec: &Value, kind: &str, path: &Path, errors: &mut Errors) {
    let is_outside = matches!(kind, "NodePort" | "LoadBalancer") || !list(spec, "externalIPs").is_empty();
    let policies = ["Cluster", "Local"];
    let at = path.field("externalTrafficPolicy");
    match text(spec, "externalTrafficPolicy") {
        "" => {}
        policy if is_outside => errors.one_of(&at, policy, &policies),
        policy => errors.invalid_text(&at, policy, "may only be set for externally-accessible services"),
    }
    if spec.get("internalTrafficPolicy").is_some() {
        let policy = text(spec, "internalTrafficPolicy");
        errors.one_of(&path.field("internalTrafficPolicy"), policy, &policies);
    }
    let at = path.field("ipFamilyPolicy");
    match text(spec, "ipFamilyPolicy") {
        "" | "SingleStack" | "PreferDualStack" => {}
        "RequireDualStack" => {
            let detail = "this cluster is not configured for dual-stack services";
            errors.invalid_text(&at, "RequireDualStack", detail);
        }
        policy => errors.unsupported(&at, policy, &["SingleStack", "PreferDualStack", "RequireDualStack"]),
    }
    let address = text(spec, "clusterIP");
    if matches!(address, "" | "None") || kind == "ExternalName" {
        return;
    }
    let at = path.field("clusterIPs");
    let wrong = ip(address);
    if !wrong.is_empty() {
        errors.each(&at.index(0), address, wrong);
    } else if errors.0.is_empty() && !address.starts_with("10.96.") {
        let detail = format!(
            "failed to allocate IP {address}: the provided IP ({address}) is not in the valid range. The range of valid IPs \
             is 10.96.0.0/16"
        );
        errors.invalid_shown(&at, format!("[\"{address}\"]"), &detail);
    }
}

fn service_port(port: &Value, several: bool, kind: &str, path: &Path, errors: &mut Errors) {
    let name = text(port, "name");
    if name.is_empty() {
        if several {
            errors.required(&path.field("name"), "");
        }
    } else {
        errors.each(&path.field("name"), name, super::names::dns_label(name));
    }
    port_number(int(port, "port").unwrap_or(0), &path.field("port"), errors);
    match text(port, "protocol") {
        "" => errors.required(&path.field("protocol"), ""),
        protocol => errors.one_of(&path.field("protocol"), protocol, &["SCTP", "TCP", "UDP"]),
    }
    let target = path.field("targetPort");
    match port.get("targetPort") {
        Some(Value::Int(number)) => port_number(*number, &target, errors),
        Some(Value::Str(name)) if kind != "ExternalName" => errors.each(&target, name, port_name(name)),
        _ => {}
    }
}

/// The same number and protocol twice.
fn duplicates(ports: &[Value], path: &Path, errors: &mut Errors) {
    let mut seen = Set::new();
    for (index, port) in ports.iter().enumerate() {
        let (protocol, number) = (text(port, "protocol"), int(port, "port").unwrap_or(0));
        if !seen.insert((protocol, number)) {
            // The shown value is the API server's own struct with the other fields at zero.
            let shown = format!(
                "{{\"Name\":\"\",\"Protocol\":{},\"AppProtocol\":null,\"Port\":{number},\"TargetPort\":0,\"NodePort\":0}}",
                super::error::quoted(protocol)
            );
            errors.duplicate_shown(&path.index(index), shown);
        }
    }
}

const MAX_BYTES: usize = 1024 * 1024;

/// The data of a ConfigMap.
pub fn config_map(raw: &Value, errors: &mut Errors) {
    let root = Path::Root;
    let data_path = root.field("data");
    let binary = members(raw, "binaryData");
    let binary_keys: Set<&str> = binary.iter().map(|(key, _)| key.as_str()).collect();
    let mut size = 0;
    for (key, value) in members(raw, "data") {
        let at = data_path.key(key);
        errors.each(&at, key, config_key(key));
        if binary_keys.contains(key.as_str()) {
            errors.invalid_text(&at, key, "duplicate of key present in binaryData");
        }
        size += value.as_str().map_or(0, str::len);
    }
    let binary_path = root.field("binaryData");
    for (key, value) in binary {
        errors.each(&binary_path.key(key), key, config_key(key));
        size += value.as_str().map_or(0, |v| v.len() / 4 * 3);
    }
    if size > MAX_BYTES {
        errors.too_long(&Path::Root, MAX_BYTES);
    }
}

/// The data of a Secret.
pub fn secret(raw: &Value, errors: &mut Errors) {
    let root = Path::Root;
    let path = root.field("data");
    let data = members(raw, "data");
    let given = members(raw, "stringData");
    let mut size = 0;
    for (key, value) in data.iter().chain(given) {
        errors.each(&path.key(key), key, config_key(key));
        size += value.as_str().map_or(0, |v| v.len() / 4 * 3);
    }
    if size > MAX_BYTES {
        errors.too_long(&path, MAX_BYTES);
    }
    let has = |key: &str| data.iter().chain(given).any(|(k, _)| k == key);
    let needed: &[&str] = match text(raw, "type") {
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => {
            errors.required(&path.key("username"), "");
            &["password"]
        }
        _ => &[],
    };
    if text(raw, "type") == "kubernetes.io/service-account-token" {
        const NAME: &str = "kubernetes.io/service-account.name";
        let name = raw.at(&["metadata", "annotations", NAME]).and_then(Value::as_str);
        if name.unwrap_or("").is_empty() {
            let path = root.field("metadata");
            errors.required(&path.field("annotations").key(NAME), "");
        }
    }
    for key in needed.iter().filter(|key| key.starts_with(".docker") && has(key)) {
        let encoded = data.iter().find(|(k, _)| k == key).and_then(|(_, v)| v.as_str());
        let plain = given.iter().find(|(k, _)| k == key).and_then(|(_, v)| v.as_str());
        let text = plain.map(str::to_owned).or_else(|| encoded.map(decoded));
        if let Some(detail) = text.and_then(|text| not_json(&text)) {
            errors.invalid_text(&path.key(key), "<secret contents redacted>", detail);
        }
    }
    for key in needed.iter().filter(|key| !has(key)) {
        errors.required(&path.key(key), "");
    }
}

/// Why Go's decoder does not take a text for JSON, as far as its beginning tells.
fn not_json(text: &str) -> Option<String> {
    if serde_json::from_str::<serde_json::Value>(text).is_ok() {
        return None;
    }
    Some(match text.trim_start().chars().next() {
        None => "unexpected end of JSON input".to_owned(),
        Some('{') => "unexpected end of JSON input".to_owned(),
        Some(c) => format!("invalid character '{c}' looking for beginning of value"),
    })
}

/// What base64 stands for; text that is not ASCII is left out.
fn decoded(text: &str) -> String {
    let mut out = String::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = (bits << 6 | u32::from(six)) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            let byte = u8::try_from(bits >> count & 0xff).unwrap_or(0);
            out.push(char::from(byte));
        }
    }
    out
}
