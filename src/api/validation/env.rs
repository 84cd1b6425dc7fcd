//! Environment variables. Twin of `validation.go → ValidateEnv, ValidateEnvFrom`, release 1.36.

use super::error::Errors;
use super::meta::no_dots;
use super::names::{config_key, dns_subdomain, env_name, qualified_name};
use super::path::Path;
use crate::api::fields::{list, text};
use crate::manifest::Value;

/// `env` of a container.
pub fn env(container: &Value, path: &Path, errors: &mut Errors) {
    let path = path.field("env");
    for (index, variable) in list(container, "env").iter().enumerate() {
        let at = path.index(index);
        let name = text(variable, "name");
        if name.is_empty() {
            errors.required(&at.field("name"), "");
        } else {
            errors.each(&at.field("name"), name, env_name(name));
        }
        if let Some(source) = variable.get("valueFrom") {
            value_from(variable, source, &at.field("valueFrom"), errors);
        }
    }
}

fn value_from(variable: &Value, source: &Value, path: &Path, errors: &mut Errors) {
    let mut sources = 0;
    if let Some(field) = source.get("fieldRef") {
        sources += 1;
        field_ref(field, &path.field("fieldRef"), ENV_FIELDS, errors);
    }
    if let Some(resource) = source.get("resourceFieldRef") {
        sources += 1;
        resource_ref(resource, &path.field("resourceFieldRef"), false, errors);
    }
    for key in ["configMapKeyRef", "secretKeyRef"] {
        if let Some(reference) = source.get(key) {
            sources += 1;
            key_ref(reference, &path.field(key), errors);
        }
    }
    if let Some(file) = source.get("fileKeyRef") {
        sources += 1;
        file_ref(file, &path.field("fileKeyRef"), errors);
    }
    let value = text(variable, "value");
    if sources == 0 {
        let detail =
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
        errors.invalid_text(path, "", detail);
    } else if !value.is_empty() {
        errors.invalid_text(path, "", "may not be specified when `value` is not empty");
    } else if sources > 1 {
        errors.invalid_text(path, "", "may not have more than one field specified at a time");
    }
}

const ENV_FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Fields of the Pod that volumes may show.
pub const VOLUME_FIELDS: &[&str] = &[
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
];

/// Fields that exist for selection, whether or not they may be used at a certain place.
const KNOWN_FIELDS: &[&str] = &[
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.serviceAccountName",
    "spec.schedulerName",
    "spec.hostNetwork",
    "status.phase",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
    "status.nominatedNodeName",
    "spec.host",
];

/// A reference to a field of the Pod.
pub fn field_ref(field: &Value, path: &Path, allowed: &[&str], errors: &mut Errors) {
    let version = text(field, "apiVersion");
    if version.is_empty() {
        errors.required(&path.field("apiVersion"), "");
        return;
    }
    let target = text(field, "fieldPath");
    if target.is_empty() {
        errors.required(&path.field("fieldPath"), "");
        return;
    }
    let at = path.field("fieldPath");
    if let Some((base, key)) = subscript(target) {
        match base {
            "metadata.annotations" => errors.each(path, key, qualified_name(&key.to_ascii_lowercase())),
            "metadata.labels" => errors.each(path, key, qualified_name(key)),
            _ => errors.invalid_text(path, target, "does not support subscript"),
        }
    } else if !KNOWN_FIELDS.contains(&target) {
        errors.invalid_text(
            &at,
            target,
            format!("error converting fieldPath: field label not supported: {target}"),
        );
    } else {
        errors.one_of(&at, target, allowed);
    }
}

/// `metadata.labels['a/b']` as base and key.
fn subscript(target: &str) -> Option<(&str, &str)> {
    let (base, rest) = target.split_once("['")?;
    Some((base, rest.strip_suffix("']")?))
}

/// A reference to a resource of a container.
pub fn resource_ref(reference: &Value, path: &Path, volume: bool, errors: &mut Errors) {
    const NAMES: &[&str] = &[
        "limits.cpu",
        "limits.ephemeral-storage",
        "limits.memory",
        "requests.cpu",
        "requests.ephemeral-storage",
        "requests.memory",
    ];
    let resource = text(reference, "resource");
    if volume && text(reference, "containerName").is_empty() {
        errors.required(&path.field("containerName"), "");
    } else if resource.is_empty() {
        errors.required(&path.field("resource"), "");
    } else if !NAMES.contains(&resource)
        && !resource.starts_with("limits.hugepages-")
        && !resource.starts_with("requests.hugepages-")
    {
        errors.unsupported(&path.field("resource"), resource, NAMES);
    }
    let divisor = text(reference, "divisor");
    let (allowed, words): (&[&str], &str) = if resource.ends_with(".cpu") {
        (
            &["1m", "1"],
            "only divisor's values 1m and 1 are supported with the cpu resource",
        )
    } else {
        let sizes: &[&str] = &[
            "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
        ];
        (
            sizes,
            "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource",
        )
    };
    if !matches!(divisor, "" | "0") && !allowed.contains(&divisor) && NAMES.contains(&resource) {
        errors.invalid_text(&path.field("divisor"), divisor, words);
    }
}

fn key_ref(reference: &Value, path: &Path, errors: &mut Errors) {
    let name = text(reference, "name");
    if !name.is_empty() {
        errors.each(&path.field("name"), name, dns_subdomain(name));
    }
    let key = text(reference, "key");
    if key.is_empty() {
        errors.required(&path.field("key"), "");
    } else {
        errors.each(&path.field("key"), key, config_key(key));
    }
}

fn file_ref(file: &Value, path: &Path, errors: &mut Errors) {
    let key = text(file, "key");
    if key.is_empty() {
        errors.required(&path.field("key"), "");
    } else {
        errors.each(&path.field("key"), key, env_name(key));
    }
    if text(file, "volumeName").is_empty() {
        errors.required(&path.field("volumeName"), "");
    }
    let target = text(file, "path");
    if target.is_empty() {
        errors.required(&path.field("path"), "");
    } else {
        if target.starts_with('/') {
            errors.invalid_text(&path.field("path"), target, "must be a relative path");
        }
        no_dots(target, &path.field("path"), errors);
    }
}

/// `envFrom` of a container.
pub fn env_from(container: &Value, path: &Path, errors: &mut Errors) {
    let path = path.field("envFrom");
    for (index, source) in list(container, "envFrom").iter().enumerate() {
        let at = path.index(index);
        let prefix = text(source, "prefix");
        if !prefix.is_empty() {
            errors.each(&at.field("prefix"), prefix, env_name(prefix));
        }
        let mut sources = 0;
        for key in ["configMapRef", "secretRef"] {
            if let Some(reference) = source.get(key) {
                sources += 1;
                let name = text(reference, "name");
                if !name.is_empty() {
                    errors.each(&at.field(key).field("name"), name, dns_subdomain(name));
                }
            }
        }
        if sources == 0 {
            // The API server names the list.
            errors.invalid_text(&path, "", "must specify one of: `configMapRef` or `secretRef`");
        } else if sources > 1 {
            errors.invalid_text(&at, "", "may not have more than one field specified at a time");
        }
    }
}
