//! Volumes. Twin of `validation.go → ValidateVolumes, validateVolumeSource`, release 1.36. Left out: the rules of
//! sources that only a cloud can serve, but for their required fields.

use super::env::{VOLUME_FIELDS, field_ref, resource_ref};
use super::error::Errors;
use super::meta::{descending_path, no_dots};
use super::names::{dns_label, dns_subdomain};
use super::path::Path;
use super::pod::Place;
use super::workload::claim_spec;
use crate::api::fields::{int, list, text};
use crate::api::quantity::Quantity;
use crate::manifest::Value;
use crate::map::Set;

/// Names of the volumes that are free of errors: a mount of any other is "not found".
pub fn volumes<'v>(meta: &Value, spec: &'v Value, path: &Path, place: Place, errors: &mut Errors) -> Set<&'v str> {
    let path = path.field("volumes");
    let mut names: Set<&str> = Set::new();
    for (index, volume) in list(spec, "volumes").iter().enumerate() {
        let at = path.index(index);
        let before = errors.0.len();
        source(volume, &at, place, errors);
        let name = text(volume, "name");
        let name_path = at.field("name");
        if name.is_empty() {
            errors.required(&name_path, "");
        } else {
            errors.each(&name_path, name, dns_label(name));
        }
        if !name.is_empty() && names.contains(name) {
            errors.duplicate(&name_path, name);
        }
        // A template does not know the names of its Pods.
        if volume.get("ephemeral").is_some() && place == Place::Pod {
            let claim = format!("{}-{name}", text(meta, "name"));
            for message in dns_subdomain(&claim) {
                let detail = format!("PVC name {}: {message}", super::error::quoted(&claim));
                errors.invalid_text(&name_path, name, detail);
            }
        }
        if errors.0.len() == before {
            names.insert(name);
        }
    }
    names
}

/// All sources in the order in which they are looked at; of several, all but the first are refused.
const SOURCES: &[&str] = &[
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "flexVolume",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
];

pub(super) fn source(volume: &Value, path: &Path, place: Place, errors: &mut Errors) {
    let mut count = 0;
    for key in SOURCES {
        let Some(found) = volume.get(key) else { continue };
        let at = path.field(key);
        count += 1;
        if count > 1 {
            errors.forbidden(&at, "may not specify more than 1 volume type");
            continue;
        }
        match *key {
            "emptyDir" if Quantity::parse(text(found, "sizeLimit")).is_some_and(|q| q.milli < 0) => {
                let detail = "SizeLimit field must be a valid resource quantity";
                errors.forbidden(&at.field("sizeLimit"), detail);
            }
            "hostPath" => host_path(found, &at, errors),
            "gitRepo" => {
                required(found, &at, &["repository"], errors);
                descending_path(text(found, "directory"), &at.field("directory"), errors);
            }
            "secret" => {
                required(found, &at, &["secretName"], errors);
                files(found, &at, errors);
            }
            "configMap" => {
                required(found, &at, &["name"], errors);
                files(found, &at, errors);
            }
            "downwardAPI" => {
                mode(int(found, "defaultMode"), &at.field("defaultMode"), errors);
                downward(found, &at, errors);
            }
            "projected" => projected(found, &at, errors),
            "persistentVolumeClaim" => required(found, &at, &["claimName"], errors),
            "nfs" => nfs(found, &at, errors),
            "ephemeral" => ephemeral(found, &at, errors),
            "image" => {
                if place == Place::Pod {
                    required(found, &at, &["reference"], errors);
                }
                let policy = at.field("pullPolicy");
                errors.one_of(&policy, text(found, "pullPolicy"), &["Always", "IfNotPresent", "Never"]);
            }
            "csi" | "flexVolume" => required(found, &at, &["driver"], errors),
            "gcePersistentDisk" => required(found, &at, &["pdName"], errors),
            "awsElasticBlockStore" | "cinder" => required(found, &at, &["volumeID"], errors),
            "iscsi" => required(found, &at, &["targetPortal", "iqn"], errors),
            "glusterfs" => required(found, &at, &["endpoints", "path"], errors),
            "rbd" => required(found, &at, &["image"], errors),
            "azureFile" => required(found, &at, &["secretName", "shareName"], errors),
            "azureDisk" => required(found, &at, &["diskName", "diskURI"], errors),
            "vsphereVolume" => required(found, &at, &["volumePath"], errors),
            "portworxVolume" => required(found, &at, &["volumeID"], errors),
            _ => {}
        }
    }
    if count == 0 {
        errors.required(path, "must specify a volume type");
    }
}

fn required(source: &Value, path: &Path, keys: &[&str], errors: &mut Errors) {
    for key in keys {
        if text(source, key).is_empty() {
            errors.required(&path.field(key), "");
        }
    }
}

fn host_path(source: &Value, path: &Path, errors: &mut Errors) {
    let target = text(source, "path");
    if target.is_empty() {
        errors.required(&path.field("path"), "");
    } else {
        no_dots(target, &path.field("path"), errors);
    }
    const TYPES: &[&str] = &[
        "",
        "BlockDevice",
        "CharDevice",
        "Directory",
        "DirectoryOrCreate",
        "File",
        "FileOrCreate",
        "Socket",
    ];
    errors.one_of(&path.field("type"), text(source, "type"), TYPES);
}

fn nfs(source: &Value, path: &Path, errors: &mut Errors) {
    required(source, path, &["server", "path"], errors);
    let target = text(source, "path");
    if !target.starts_with('/') {
        errors.invalid_text(&path.field("path"), target, "must be an absolute path");
    }
}

fn ephemeral(source: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("volumeClaimTemplate");
    let Some(spec) = source
        .get("volumeClaimTemplate")
        .map(|t| t.get("spec").cloned().unwrap_or(Value::Null))
    else {
        errors.required(&at, "");
        return;
    };
    claim_spec(&spec, &at.field("spec"), errors);
}

const MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";

fn mode(mode: Option<i64>, path: &Path, errors: &mut Errors) {
    if let Some(mode) = mode.filter(|m| !(0..=0o777).contains(m)) {
        errors.invalid_int(path, mode, MODE);
    }
}

/// `defaultMode` and `items` of a Secret or ConfigMap as files.
fn files(source: &Value, path: &Path, errors: &mut Errors) {
    mode(int(source, "defaultMode"), &path.field("defaultMode"), errors);
    items(source, path, errors);
}

fn items(source: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("items");
    for (index, item) in list(source, "items").iter().enumerate() {
        let at = at.index(index);
        required(item, &at, &["key", "path"], errors);
        if !text(item, "path").is_empty() {
            non_reserved(text(item, "path"), &at.field("path"), errors);
        }
        mode(int(item, "mode"), &at.field("mode"), errors);
    }
}

/// A path below the volume that does not begin with `..`, which the kubelet keeps for itself.
fn non_reserved(target: &str, path: &Path, errors: &mut Errors) {
    descending_path(target, path, errors);
    if target.starts_with("..") && !target.starts_with("../") && target != ".." {
        errors.invalid_text(path, target, "must not start with '..'");
    }
}

fn downward(source: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("items");
    for (index, item) in list(source, "items").iter().enumerate() {
        let at = at.index(index);
        let target = text(item, "path");
        if target.is_empty() {
            errors.required(&at.field("path"), "");
        } else {
            non_reserved(target, &at.field("path"), errors);
        }
        match (item.get("fieldRef"), item.get("resourceFieldRef")) {
            (Some(field), resource) => {
                field_ref(field, &at.field("fieldRef"), VOLUME_FIELDS, errors);
                if resource.is_some() {
                    let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
                    errors.invalid_text(&at, "resource", detail);
                }
            }
            (None, Some(resource)) => resource_ref(resource, &at.field("resourceFieldRef"), true, errors),
            (None, None) => errors.required(&at, "one of fieldRef and resourceFieldRef is required"),
        }
        mode(int(item, "mode"), &at.field("mode"), errors);
    }
}

fn projected(source: &Value, path: &Path, errors: &mut Errors) {
    mode(int(source, "defaultMode"), &path.field("defaultMode"), errors);
    let sources = path.field("sources");
    let mut paths: Set<&str> = Set::new();
    for (index, one) in list(source, "sources").iter().enumerate() {
        let at = sources.index(index);
        let mut count = 0;
        for key in [
            "secret",
            "configMap",
            "downwardAPI",
            "serviceAccountToken",
            "clusterTrustBundle",
            "podCertificate",
        ] {
            let Some(found) = one.get(key) else { continue };
            let inner = at.field(key);
            count += 1;
            if count > 1 {
                errors.forbidden(&inner, "may not specify more than 1 volume type per source");
                continue;
            }
            match key {
                "secret" | "configMap" => {
                    required(found, &inner, &["name"], errors);
                    items(found, &inner, errors);
                }
                "downwardAPI" => downward(found, &inner, errors),
                "serviceAccountToken" => token(found, &inner, errors),
                _ => {}
            }
            let own = std::iter::once(text(found, "path")).chain(list(found, "items").iter().map(|i| text(i, "path")));
            for target in own.filter(|t| !t.is_empty()) {
                if !paths.insert(target) {
                    let name = if key == "serviceAccountToken" {
                        target
                    } else {
                        text(found, "name")
                    };
                    errors.invalid_text(path, name, "conflicting duplicate paths");
                }
            }
        }
        if count == 0 {
            errors.required(&at, "must specify a volume type");
        }
    }
}

fn token(source: &Value, path: &Path, errors: &mut Errors) {
    let seconds = int(source, "expirationSeconds").unwrap_or(3600);
    if seconds < 600 {
        errors.invalid_int(
            &path.field("expirationSeconds"),
            seconds,
            "may not be less than 10 minutes",
        );
    } else if seconds > 1 << 32 {
        errors.invalid_int(
            &path.field("expirationSeconds"),
            seconds,
            "may not be larger than 2^32 seconds",
        );
    }
    let target = text(source, "path");
    if target.is_empty() {
        errors.required(&path.field("path"), "");
    } else {
        non_reserved(target, &path.field("path"), errors);
    }
}
