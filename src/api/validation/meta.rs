//! What every object's metadata must be. Twin of `apimachinery/pkg/api/validation/objectmeta.go` and the metadata part
//! of `validation.go → ValidatePodSpecificAnnotations`, release 1.36.

use super::error::Errors;
use super::kinds::path_segment;
use super::names::{dns_label, dns_subdomain, label_value, qualified_name};
use super::path::Path;
use crate::api::fields::{list, members, text};
use crate::api::kinds::namespaced;
use crate::manifest::Value;

/// Metadata of an object of this kind.
pub fn metadata(raw: &Value, kind: &str, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let meta = raw.get("metadata").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("metadata");
    let check = name_rule(kind);
    let prefix = text(meta, "generateName");
    if !prefix.is_empty() {
        // What is put behind the prefix makes a trailing dash harmless.
        let masked = prefix
            .strip_suffix('-')
            .map_or_else(|| prefix.to_owned(), |p| format!("{p}a"));
        errors.each(&path.field("generateName"), prefix, check(&masked));
    }
    let name = text(meta, "name");
    // Creating an object makes its name before this; kubectl apply, which texts stand for, cannot.
    if name.is_empty() {
        errors.required(&path.field("name"), "name or generateName is required");
    } else {
        errors.each(&path.field("name"), name, check(name));
    }
    if namespaced(kind) {
        let namespace = text(meta, "namespace");
        if !namespace.is_empty() {
            errors.each(&path.field("namespace"), namespace, dns_label(namespace));
        }
    }
    labels(meta.get("labels"), &path.field("labels"), errors);
    annotations(meta.get("annotations"), &path.field("annotations"), errors);
    let finalizers = path.field("finalizers");
    for finalizer in list(meta, "finalizers").iter().filter_map(Value::as_str) {
        errors.each(&finalizers, finalizer, qualified_name(finalizer));
    }
    owners(meta, &path, errors);
}

type Rule = fn(&str) -> Vec<String>;

/// What names of a kind must look like.
fn name_rule(kind: &str) -> Rule {
    match kind {
        "Service" | "Namespace" | "StatefulSet" => dns_label,
        "Role"
        | "ClusterRole"
        | "RoleBinding"
        | "ClusterRoleBinding"
        | "PodDisruptionBudget"
        | "Event"
        | "CertificateSigningRequest"
        | "APIService" => path_segment,
        _ => dns_subdomain,
    }
}

/// A mapping of label keys to label values. Errors carry the path of the mapping.
pub fn labels(value: Option<&Value>, path: &Path, errors: &mut Errors) {
    for (key, value) in value.map_or(&[][..], Value::members) {
        errors.each(path, key, qualified_name(key));
        let value = value.as_str().unwrap_or("");
        errors.each(path, value, label_value(value));
    }
}

/// Annotations: keys are checked in lower case, sizes together.
pub fn annotations(value: Option<&Value>, path: &Path, errors: &mut Errors) {
    const LIMIT: usize = 256 * 1024;
    let mut size = 0;
    for (key, value) in value.map_or(&[][..], Value::members) {
        errors.each(path, key, qualified_name(&key.to_ascii_lowercase()));
        size += key.len() + value.as_str().map_or(0, str::len);
    }
    if size > LIMIT {
        errors.too_long(path, LIMIT);
    }
}

fn owners(meta: &Value, path: &Path, errors: &mut Errors) {
    let list_path = path.field("ownerReferences");
    let mut controllers = 0;
    for (index, owner) in list(meta, "ownerReferences").iter().enumerate() {
        let at = list_path.index(index);
        let version = text(owner, "apiVersion");
        if version.is_empty() {
            errors.invalid_text(&at.field("apiVersion"), version, "version must not be empty");
        }
        for key in ["kind", "name", "uid"] {
            if text(owner, key).is_empty() {
                errors.invalid_text(&at.field(key), "", format!("{key} must not be empty"));
            }
        }
        controllers += usize::from(owner.get("controller") == Some(&Value::Bool(true)));
    }
    if controllers > 1 {
        let refs = meta.get("ownerReferences").cloned().unwrap_or(Value::Null);
        errors.invalid(&list_path, &refs, "Only one reference can have Controller set to true");
    }
}

/// Annotations that mean something to Pods.
pub fn pod_annotations(meta: &Value, spec: &Value, path: &Path, errors: &mut Errors) {
    let path = path.field("annotations");
    const COST: &str = "controller.kubernetes.io/pod-deletion-cost";
    if let Some(cost) = member(meta, COST) {
        let leading = cost.starts_with('+') || cost.len() > 1 && cost.trim_start_matches('-').starts_with('0');
        if leading || cost.parse::<i32>().is_err() {
            errors.invalid_text(&path.key(COST), cost, "must be a 32bit integer");
        }
    }
    seccomp(meta, &path, errors);
    app_armor(meta, spec, &path, errors);
}

fn member<'v>(meta: &'v Value, key: &str) -> Option<&'v str> {
    members(meta, "annotations")
        .iter()
        .find(|(k, _)| k == key)
        .and_then(|(_, v)| v.as_str())
}

fn seccomp(meta: &Value, path: &Path, errors: &mut Errors) {
    const POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
    const CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
    for (key, value) in members(meta, "annotations") {
        if key != POD && !key.starts_with(CONTAINER) {
            continue;
        }
        let value = value.as_str().unwrap_or("");
        let at = path.field(key);
        match value {
            "runtime/default" | "docker/default" | "unconfined" => {}
            _ => match value.strip_prefix("localhost/") {
                Some(file) => descending_path(file, &at, errors),
                None => errors.invalid_text(&at, value, "must be a valid seccomp profile"),
            },
        }
    }
}

/// A path that stays below where it starts.
pub fn descending_path(target: &str, path: &Path, errors: &mut Errors) {
    if target.starts_with('/') {
        errors.invalid_text(path, target, "must be a relative path");
    }
    no_dots(target, path, errors);
}

/// A path without `..`.
pub fn no_dots(target: &str, path: &Path, errors: &mut Errors) {
    if target.split('/').any(|part| part == "..") {
        errors.invalid_text(path, target, "must not contain '..'");
    }
}

const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

/// The AppArmor annotation of a container.
pub fn app_armor_of<'v>(meta: &'v Value, container: &str) -> Option<&'v str> {
    let found = members(meta, "annotations")
        .iter()
        .find(|(k, _)| k.strip_prefix(APP_ARMOR) == Some(container));
    found.and_then(|(_, v)| v.as_str())
}

fn app_armor(meta: &Value, spec: &Value, path: &Path, errors: &mut Errors) {
    let known = |name: &str| {
        let keys = ["containers", "initContainers", "ephemeralContainers"];
        keys.iter()
            .flat_map(|key| list(spec, key))
            .any(|c| text(c, "name") == name)
    };
    for (key, value) in members(meta, "annotations") {
        let Some(container) = key.strip_prefix(APP_ARMOR) else {
            continue;
        };
        let value = value.as_str().unwrap_or("");
        if !known(container) {
            errors.invalid_text(&path.key(key), container, "container not found");
        }
        let fine = matches!(value, "" | "runtime/default" | "unconfined") || value.starts_with("localhost/");
        if !fine {
            let detail = format!("invalid AppArmor profile name: {}", super::error::quoted(value));
            errors.invalid_text(&path.key(key), value, detail);
        }
    }
}
