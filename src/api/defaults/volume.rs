//! Defaults of volumes and claims.
//! Twin: pkg/apis/core/v1/defaults.go (v1.36.2)
//! Twin: pkg/apis/core/v1/zz_generated.defaults.go (v1.36.2)
//! Covers: SetDefaults_Volume, the defaults of its sources, SetDefaults_PersistentVolumeClaimSpec
//! Left out: nothing of these

use super::image::always_pulled;
use super::{canonical_resources, divisor};
use crate::api::fields::{at_mut, empty, fill, fill_text, get_mut, list_mut, text};
use crate::api::quantity::canonical;
use crate::manifest::Value;

pub(super) fn volume(volume: &mut Value) {
    let sources = volume.members().iter().filter(|(key, _)| key != "name").count();
    if sources == 0 {
        volume.set("emptyDir", empty());
    }
    for key in ["secret", "configMap", "downwardAPI", "projected"] {
        if let Some(source) = get_mut(volume, key) {
            fill(source, "defaultMode", 0o644);
        }
    }
    if let Some(Value::Str(limit)) = at_mut(volume, &["emptyDir", "sizeLimit"]) {
        *limit = canonical(limit);
    }
    if let Some(items) = get_mut(volume, "downwardAPI") {
        downward(items);
    }
    if let Some(host) = get_mut(volume, "hostPath") {
        fill(host, "type", "");
    }
    if let Some(projected) = get_mut(volume, "projected") {
        for source in list_mut(projected, "sources") {
            if let Some(token) = get_mut(source, "serviceAccountToken") {
                fill(token, "expirationSeconds", 3600);
            }
            if let Some(items) = get_mut(source, "downwardAPI") {
                downward(items);
            }
        }
    }
    if let Some(image) = get_mut(volume, "image") {
        let policy = if always_pulled(text(image, "reference")) {
            "Always"
        } else {
            "IfNotPresent"
        };
        fill_text(image, "pullPolicy", policy);
    }
    if let Some(iscsi) = get_mut(volume, "iscsi") {
        fill_text(iscsi, "iscsiInterface", "default");
    }
    if let Some(rbd) = get_mut(volume, "rbd") {
        fill_text(rbd, "pool", "rbd");
        fill_text(rbd, "user", "admin");
        fill_text(rbd, "keyring", "/etc/ceph/keyring");
    }
    if let Some(disk) = get_mut(volume, "azureDisk") {
        fill_text(disk, "cachingMode", "ReadWrite");
        fill_text(disk, "kind", "Shared");
        fill_text(disk, "fsType", "ext4");
        fill(disk, "readOnly", false);
    }
    if let Some(scale) = get_mut(volume, "scaleIO") {
        fill_text(scale, "storageMode", "ThinProvisioned");
        fill_text(scale, "fsType", "xfs");
    }
    if let Some(spec) = at_mut(volume, &["ephemeral", "volumeClaimTemplate", "spec"]) {
        claim_spec(spec);
    }
}

fn downward(source: &mut Value) {
    for item in list_mut(source, "items") {
        if let Some(field) = get_mut(item, "fieldRef") {
            fill_text(field, "apiVersion", "v1");
        }
        if let Some(resource) = get_mut(item, "resourceFieldRef") {
            divisor(resource);
        }
    }
}

pub(super) fn claim_spec(spec: &mut Value) {
    fill_text(spec, "volumeMode", "Filesystem");
    if let Some(resources) = get_mut(spec, "resources") {
        canonical_resources(resources);
    }
}
