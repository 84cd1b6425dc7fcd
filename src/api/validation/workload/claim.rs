//! Specs of PersistentVolumeClaims: of the kind itself, of claim templates and of ephemeral volumes.
//! Twin: pkg/apis/core/validation/validation.go (v1.36.2)
//! Covers: ValidatePersistentVolumeClaimSpec
//! Left out: dataSource and dataSourceRef

use crate::api::fields::{list, text};
use crate::api::quantity::Quantity;
use crate::api::validation::error::Errors;
use crate::api::validation::names::dns_subdomain;
use crate::api::validation::path::Path;
use crate::api::validation::selector::label_selector;
use crate::manifest::Value;

pub const ACCESS_MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/// A spec with its defaults.
pub fn claim_spec(spec: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("accessModes");
    let modes = list(spec, "accessModes");
    if modes.is_empty() {
        errors.required(&at, "at least 1 access mode is required");
    }
    if let Some(selector) = spec.get("selector") {
        label_selector(selector, &path.field("selector"), errors);
    }
    let is_alone = |mode: &&Value| mode.as_str() == Some("ReadWriteOncePod");
    let is_known = |mode: &&Value| mode.as_str().is_some_and(|mode| ACCESS_MODES.contains(&mode));
    for mode in modes {
        errors.one_of(&at, mode.as_str().unwrap_or(""), &ACCESS_MODES);
    }
    if modes.iter().any(|mode| is_alone(&mode)) && modes.iter().any(|mode| is_known(&mode) && !is_alone(&mode)) {
        errors.forbidden(&at, "may not use ReadWriteOncePod with other access modes");
    }
    let resources = path.field("resources");
    let at = resources.key("storage");
    let storage = spec.at(&["resources", "requests", "storage"]).and_then(Value::as_str);
    match storage.and_then(Quantity::parse) {
        None => errors.required(&at, ""),
        Some(storage) if storage.milli <= 0 => errors.invalid_text(&at, &storage.text, "must be greater than zero"),
        Some(_) => {}
    }
    for key in ["storageClassName", "volumeAttributesClassName"] {
        let name = text(spec, key);
        if !name.is_empty() {
            errors.each(&path.field(key), name, dns_subdomain(name));
        }
    }
    if spec.get("volumeMode").is_some() {
        let at = path.field("volumeMode");
        errors.one_of(&at, text(spec, "volumeMode"), &["Block", "Filesystem"]);
    }
}
