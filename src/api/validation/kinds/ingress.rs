//! Ingresses and their classes.
//! Twin: pkg/apis/networking/validation/validation.go (v1.36.2)
//! Covers: ValidateIngressCreate, ValidateIngressClass
//! Left out: changes of stored ones

use super::{segment, subdomain};
use crate::api::fields::{int, list, text};
use crate::api::validation::error::Errors;
use crate::api::validation::names::{dns_label, dns_subdomain, is_address, port_name, wildcard_subdomain};
use crate::api::validation::path::Path;
use crate::api::validation::probe::port_number;
use crate::manifest::Value;

const CLASS: &str = "kubernetes.io/ingress.class";

pub(super) fn ingress(raw: &Value, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("spec");
    let rules = list(spec, "rules");
    if rules.is_empty() && spec.get("defaultBackend").is_none() {
        let shown = spec.get("rules").unwrap_or(&Value::Null);
        errors.invalid(&path, shown, "either `defaultBackend` or `rules` must be specified");
    }
    if let Some(default) = spec.get("defaultBackend") {
        backend(default, &path.field("defaultBackend"), errors);
    }
    let at = path.field("rules");
    for (index, rule) in rules.iter().enumerate() {
        let at = at.index(index);
        host(text(rule, "host"), &at.field("host"), errors);
        if let Some(http) = rule.get("http") {
            paths(http, &at.field("http"), errors);
        }
    }
    let at = path.field("tls");
    for (index, tls) in list(spec, "tls").iter().enumerate() {
        let at = at.index(index);
        let hosts = at.field("hosts");
        for (index, name) in list(tls, "hosts").iter().filter_map(Value::as_str).enumerate() {
            let check = if name.contains('*') {
                wildcard_subdomain
            } else {
                dns_subdomain
            };
            errors.each(&hosts.index(index), name, check(name));
        }
        subdomain(tls, "secretName", &at, errors);
    }
    if spec.get("ingressClassName").is_some() {
        let name = text(spec, "ingressClassName");
        errors.each(&path.field("ingressClassName"), name, dns_subdomain(name));
        let old = raw.at(&["metadata", "annotations", CLASS]).and_then(Value::as_str);
        if let Some(old) = old.filter(|old| *old != name) {
            let detail = "must match `ingressClassName` when both are specified";
            errors.invalid_text(&root.field("annotations").field(CLASS), old, detail);
        }
    }
}

fn host(host: &str, path: &Path, errors: &mut Errors) {
    if host.is_empty() {
        return;
    }
    if is_address(host) {
        errors.invalid_text(path, host, "must be a DNS name, not an IP address");
    }
    let check = if host.contains('*') {
        wildcard_subdomain
    } else {
        dns_subdomain
    };
    errors.each(path, host, check(host));
}

fn paths(http: &Value, path: &Path, errors: &mut Errors) {
    let path = path.field("paths");
    let all = list(http, "paths");
    if all.is_empty() {
        errors.required(&path, "");
    }
    for (index, one) in all.iter().enumerate() {
        http_path(one, &path.index(index), errors);
    }
}

fn http_path(one: &Value, path: &Path, errors: &mut Errors) {
    let kind_path = path.field("pathType");
    if one.get("pathType").is_none() {
        errors.required(&kind_path, "pathType must be specified");
        return;
    }
    let (kind, target) = (text(one, "pathType"), text(one, "path"));
    let at = path.field("path");
    let is_absolute = target.starts_with('/');
    match kind {
        "Exact" | "Prefix" => {
            if !is_absolute {
                errors.invalid_text(&at, target, "must be an absolute path");
            }
            for part in ["//", "/./", "/../", "%2f", "%2F"] {
                if target.contains(part) {
                    errors.invalid_text(&at, target, format!("must not contain '{part}'"));
                }
            }
            for end in ["/..", "/."] {
                if target.ends_with(end) {
                    errors.invalid_text(&at, target, format!("cannot end with '{end}'"));
                }
            }
        }
        "ImplementationSpecific" if target.is_empty() || is_absolute => {}
        "ImplementationSpecific" => errors.invalid_text(&at, target, "must be an absolute path"),
        _ => errors.unsupported(&kind_path, kind, &["Exact", "ImplementationSpecific", "Prefix"]),
    }
    let none = Value::Map(Vec::new());
    backend(one.get("backend").unwrap_or(&none), &path.field("backend"), errors);
}

fn backend(backend: &Value, path: &Path, errors: &mut Errors) {
    match (backend.get("resource"), backend.get("service")) {
        (Some(_), Some(_)) => errors.invalid_text(path, "", "cannot set both resource and service backends"),
        (Some(resource), None) => reference(resource, &path.field("resource"), errors),
        (None, Some(service)) => {
            let at = path.field("service");
            let name = text(service, "name");
            if name.is_empty() {
                errors.required(&at.field("name"), "");
            } else {
                errors.each(&at.field("name"), name, dns_label(name));
            }
            service_port(service, &at.field("port"), path, errors);
        }
        (None, None) => errors.invalid_text(path, "", "resource or service backend is required"),
    }
}

fn service_port(service: &Value, at: &Path, path: &Path, errors: &mut Errors) {
    let port = service.get("port");
    let name = port.map_or("", |port| text(port, "name"));
    let number = port.and_then(|port| int(port, "number")).unwrap_or(0);
    match (name, number) {
        ("", 0) => errors.required(path, "port name or number is required"),
        ("", number) => port_number(number, &at.field("number"), errors),
        (name, 0) => errors.each(&at.field("name"), name, port_name(name)),
        _ => errors.invalid_text(path, "", "cannot set both port name & port number"),
    }
}

fn reference(reference: &Value, path: &Path, errors: &mut Errors) {
    subdomain(reference, "apiGroup", path, errors);
    segment(reference, "kind", path, "kind is required", errors);
    segment(reference, "name", path, "name is required", errors);
}

pub(super) fn ingress_class(raw: &Value, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("spec");
    let at = path.field("controller");
    let controller = text(spec, "controller");
    match controller.split_once('/') {
        _ if controller.is_empty() => errors.required(&at, ""),
        Some((host, rest)) if !host.is_empty() && !rest.is_empty() => {
            errors.each(&at, host, dns_subdomain(host));
        }
        _ => errors.invalid_text(
            &at,
            controller,
            "must be a domain-prefixed path (such as \"acme.io/foo\")",
        ),
    }
    let Some(parameters) = spec.get("parameters") else {
        return;
    };
    let at = path.field("parameters");
    reference(parameters, &at, errors);
    let (scope, namespace) = (text(parameters, "scope"), text(parameters, "namespace"));
    let namespace_path = at.field("namespace");
    match (scope, namespace.is_empty()) {
        ("Namespace", true) => errors.required(&namespace_path, "`parameters.scope` is set to 'Namespace'"),
        ("Namespace", false) => errors.each(&namespace_path, namespace, dns_label(namespace)),
        ("" | "Cluster", false) => errors.forbidden(&namespace_path, "`parameters.scope` is set to 'Cluster'"),
        ("" | "Cluster", true) => {}
        (scope, _) => errors.unsupported(&at.field("scope"), scope, &["Cluster", "Namespace"]),
    }
}
