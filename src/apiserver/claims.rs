//! PersistentVolumeClaims. Each is bound as soon as it is stored, to a volume of its own.
//!
//! Twin: plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go (v1.36.2)
//! Covers: the finalizer of claims, which holds them while a Pod uses them.
//! Left out: PersistentVolumes.

use super::{ApiServer, ObjectKey, StoredObject, object_uid};
use crate::api::Pod;
use crate::machine::Cx;
use crate::manifest::Value;

/// The kind.
pub const CLAIM: &str = "PersistentVolumeClaim";

/// What the volume controller writes when it has bound a claim.
const BOUND: [&str; 2] = [
    "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller",
];

/// Adds what the API server and the volume controller add: finalizer, volume, phase, capacity.
pub(super) fn bind(value: &mut Value, seed: u64, key: &ObjectKey) {
    let meta = value.entry("metadata");
    for name in BOUND {
        meta.entry("annotations").set(name, "yes".into());
    }
    meta.set("finalizers", Value::Seq(vec!["kubernetes.io/pvc-protection".into()]));
    let spec = value.entry("spec");
    if spec.get("volumeName").is_none() {
        let uid = object_uid(seed, CLAIM, &key.namespace, &key.name);
        spec.set("volumeName", format!("pvc-{uid}").into());
    }
    let modes = spec.get("accessModes").cloned().unwrap_or_default();
    let storage = spec.at(&["resources", "requests", "storage"]).cloned();
    let status = value.entry("status");
    status.set("accessModes", modes);
    if let Some(storage) = storage {
        status.entry("capacity").set("storage", storage);
    }
    status.set("phase", "Bound".into());
}

/// The names of the claims that a Pod uses.
fn claims_of(pod: &Pod) -> impl Iterator<Item = &str> {
    let sources = pod
        .spec
        .volumes
        .iter()
        .filter_map(|v| v.persistent_volume_claim.as_ref());
    sources.filter_map(|source| source.get("claimName").and_then(Value::as_str))
}

impl ApiServer {
    /// A claim by name.
    pub fn claim(&self, namespace: &str, name: &str) -> Option<&StoredObject> {
        self.object(CLAIM, namespace, name)
    }

    /// All claims.
    pub fn claims(&self) -> impl Iterator<Item = (&ObjectKey, &StoredObject)> {
        self.objects().filter(|(key, _)| &*key.kind == CLAIM)
    }

    /// Writes the owner references of a claim.
    pub fn set_claim_owners(&mut self, key: &ObjectKey, owners: Vec<Value>) {
        self.change_object(key, |value| {
            let meta = value.entry("metadata");
            if !owners.is_empty() {
                meta.set("ownerReferences", Value::Seq(owners));
            } else if let Value::Map(members) = meta {
                members.retain(|(name, _)| name != "ownerReferences");
            }
        });
    }

    /// Takes an owner out of all claims.
    pub fn orphan_claims(&mut self, owner: &str) {
        let names = |reference: &Value| reference.get("uid").and_then(Value::as_str) == Some(owner);
        let references = |claim: &StoredObject| -> Vec<Value> {
            let list = claim.value.at(&["metadata", "ownerReferences"]).map(Value::items);
            list.unwrap_or_default().to_vec()
        };
        let owned = self.claims().map(|(key, claim)| (key.clone(), references(claim)));
        let owned: Vec<_> = owned.filter(|(_, list)| list.iter().any(names)).collect();
        for (key, mut list) in owned {
            list.retain(|reference| !names(reference));
            self.set_claim_owners(&key, list);
        }
    }

    /// Deletes a claim, or marks it when a Pod that has a node uses it. Returns whether it is gone.
    pub fn delete_claim(&mut self, cx: &mut Cx, key: &ObjectKey) -> bool {
        let uses = |pod: &Pod| {
            pod.metadata.namespace == key.namespace
                && !pod.spec.node_name.is_empty()
                && claims_of(pod).any(|name| *name == *key.name)
        };
        if !self.pods().any(|stored| uses(&stored.pod)) {
            return self.remove_object(cx, key);
        }
        if !self.claim(&key.namespace, &key.name).is_some_and(is_terminating_claim) {
            let now = cx.setup.calendar.rfc3339(cx.now);
            self.change_object(key, |value| {
                let meta = value.entry("metadata");
                meta.set("deletionTimestamp", now.into());
                meta.set("deletionGracePeriodSeconds", 0_i64.into());
            });
        }
        false
    }
}

/// Whether the deletion of a claim was asked for.
pub fn is_terminating_claim(claim: &StoredObject) -> bool {
    claim.value.at(&["metadata", "deletionTimestamp"]).is_some()
}
