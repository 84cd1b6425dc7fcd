//! PersistentVolumes, StorageClasses and drivers.
//! Twin: pkg/apis/core/validation/validation.go (v1.36.2)
//! Twin: pkg/apis/storage/validation/validation.go (v1.36.2)
//! Covers: ValidatePersistentVolumeSpec, ValidateStorageClass, ValidateCSIDriver
//! Left out: parameters and topologies of classes, token requests of drivers

use super::{subdomain, word};
use crate::api::fields::{list, members, text};
use crate::api::quantity::Quantity;
use crate::api::validation::error::{Errors, json};
use crate::api::validation::names::{dns_subdomain, qualified_name};
use crate::api::validation::path::Path;
use crate::api::validation::pod::Place;
use crate::api::validation::selector::node_selector;
use crate::api::validation::volumes::source;
use crate::api::validation::workload::ACCESS_MODES;
use crate::manifest::Value;

/// Members of the spec that are no source of the volume.
const OTHERS: [&str; 8] = [
    "capacity",
    "accessModes",
    "claimRef",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "mountOptions",
    "volumeMode",
    "nodeAffinity",
];

pub(super) fn persistent_volume(raw: &Value, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("spec");
    let modes = list(spec, "accessModes");
    let at = path.field("accessModes");
    if modes.is_empty() {
        errors.required(&at, "");
    }
    for mode in modes {
        errors.one_of(&at, mode.as_str().unwrap_or(""), &ACCESS_MODES);
    }
    let is_alone = |mode: &Value| mode.as_str() == Some("ReadWriteOncePod");
    if modes.len() > 1 && modes.iter().any(is_alone) {
        errors.forbidden(&at, "may not use ReadWriteOncePod with other access modes");
    }
    capacity(spec, &path.field("capacity"), errors);
    let policies = ["Delete", "Recycle", "Retain"];
    word(spec, "persistentVolumeReclaimPolicy", &path, &policies, errors);
    let affinity = path.field("nodeAffinity");
    let is_placed = match spec.get("nodeAffinity").map(|affinity| affinity.get("required")) {
        None => false,
        Some(None) => {
            errors.required(&affinity.field("required"), "must specify required node constraints");
            false
        }
        Some(Some(required)) => {
            node_selector(required, &affinity.field("required"), errors);
            true
        }
    };
    volume(spec, is_placed, &path, errors);
    subdomain(spec, "storageClassName", &path, errors);
    word(spec, "volumeMode", &path, &["Block", "Filesystem"], errors);
}

fn capacity(spec: &Value, path: &Path, errors: &mut Errors) {
    let amounts = members(spec, "capacity");
    if amounts.is_empty() {
        errors.required(path, "");
    }
    if amounts.len() != 1 || !amounts.iter().any(|(key, _)| key == "storage") {
        let shown = spec.get("capacity").unwrap_or(&Value::Null);
        errors.unsupported_shown(path, json(shown), "supported values: \"storage\"");
    }
    for (key, amount) in amounts {
        if let Some(amount) = amount.as_str().and_then(Quantity::parse).filter(|q| q.milli <= 0) {
            errors.invalid_text(&path.key(key), &amount.text, "must be greater than zero");
        }
    }
}

fn volume(spec: &Value, is_placed: bool, path: &Path, errors: &mut Errors) {
    let mut sources = spec.members().to_vec();
    sources.retain(|(key, _)| !OTHERS.contains(&key.as_str()) && key != "volumeAttributesClassName");
    if sources.is_empty() {
        errors.required(path, "must specify a volume type");
    }
    if let Some(local) = spec.get("local") {
        if text(local, "path").is_empty() {
            errors.required(&path.field("local").field("path"), "");
        }
        if !is_placed {
            errors.required(&path.field("nodeAffinity"), "Local volume requires node affinity");
        }
    }
    if let Some(csi) = spec.get("csi") {
        let at = path.field("csi");
        driver(text(csi, "driver"), &at.field("driver"), errors);
        if text(csi, "volumeHandle").is_empty() {
            errors.required(&at.field("volumeHandle"), "");
        }
    }
    let is_checked = |key: &str| matches!(key, "local" | "csi");
    sources.retain(|(key, _)| !is_checked(key));
    if !sources.is_empty() {
        source(&Value::Map(sources), path, Place::Pod, errors);
    }
    let recycled = text(spec, "persistentVolumeReclaimPolicy") == "Recycle";
    if recycled && spec.at(&["hostPath", "path"]).and_then(Value::as_str) == Some("/") {
        let detail = "may not be 'recycle' for a hostPath mount of '/'";
        errors.forbidden(&path.field("persistentVolumeReclaimPolicy"), detail);
    }
}

fn driver(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        errors.required(path, "");
        return;
    }
    if name.len() > 63 {
        errors.too_long(path, 63);
    }
    errors.each(path, name, dns_subdomain(&name.to_ascii_lowercase()));
}

pub(super) fn storage_class(raw: &Value, errors: &mut Errors) {
    let root = Path::Root;
    let provisioner = text(raw, "provisioner");
    let at = root.field("provisioner");
    if provisioner.is_empty() {
        errors.required(&at, "");
    } else {
        errors.each(&at, provisioner, qualified_name(&provisioner.to_ascii_lowercase()));
    }
    word(raw, "reclaimPolicy", &root, &["Delete", "Retain"], errors);
    let modes = ["Immediate", "WaitForFirstConsumer"];
    word(raw, "volumeBindingMode", &root, &modes, errors);
}

pub(super) fn csi_driver(raw: &Value, errors: &mut Errors) {
    let Some(spec) = raw.get("spec") else { return };
    let root = Path::Root;
    let path = root.field("spec");
    let at = path.field("volumeLifecycleModes");
    for mode in list(spec, "volumeLifecycleModes") {
        errors.one_of(&at, mode.as_str().unwrap_or(""), &["Persistent", "Ephemeral"]);
    }
    let policies = ["ReadWriteOnceWithFSType", "File", "None"];
    word(spec, "fsGroupPolicy", &path, &policies, errors);
}
