//! Twin: pkg/controller/statefulset/stateful_pod_control.go (v1.36.2)
//! Twin: pkg/controller/statefulset/stateful_set_utils.go (v1.36.2)
//! Covers: claims made for a Pod, their owners under `persistentVolumeClaimRetentionPolicy`, claims of an earlier Pod
//! that are not gone yet.
//! Left out: claims that somebody else controls, and the event ConflictingController about them.

use super::control::Failure;
use super::revisions::small;
use super::{Sync, pods};
use crate::api::{Pod, Workload};
use crate::apiserver::{CLAIM, ObjectKey, StoredObject, Typed, is_terminating_claim, uid_text};
use crate::controllers::pod_control::reference_value;
use crate::machine::Uid;
use crate::manifest::Value;
use crate::trace::{ClaimOwner, EntryId, StatefulSetRule};

impl Sync<'_, '_> {
    fn claim_key(&self, template: &Value, pod: &str) -> ObjectKey {
        ObjectKey {
            kind: CLAIM.into(),
            namespace: self.own.object.metadata.namespace.clone(),
            name: pods::claim_name(template, pod).into(),
        }
    }

    /// Makes the claims of a Pod that are not there yet (`createPersistentVolumeClaims`).
    pub(super) fn make_claims(&mut self, pod: &str, because: Option<EntryId>) -> Result<(), Failure> {
        let spec = self.spec.clone();
        let own = self.own.object.clone();
        let mut refused = Ok(());
        for template in &spec.volume_claim_templates {
            let key = self.claim_key(template, pod);
            let name = key.name.clone();
            match self.api.claim(&key.namespace, &name) {
                Some(claim) if is_terminating_claim(claim) => {
                    refused = Err(Failure::Create(format!("pvc {name} is being deleted")));
                }
                Some(_) => {}
                None => {
                    let value = claim(template, &name, &own);
                    self.api.put_object(self.cx, key, value, Typed::Other);
                    let set = &own.metadata.name;
                    let message = format!("Create Claim {name} Pod {pod} in StatefulSet {set} success");
                    self.event(because, false, "SuccessfulCreate", &message);
                }
            }
        }
        refused
    }

    /// Makes the claims that a Pending Pod misses (`createMissingPersistentVolumeClaims`).
    pub(super) fn make_missing_claims(&mut self, uid: Uid, pod: &Pod) -> Result<(), Failure> {
        if self.spec.volume_claim_templates.is_empty() || !pods::is_pending(pod) {
            return Ok(());
        }
        let name = pod.metadata.name.clone();
        let because = self.because;
        self.make_claims(&name, because)?;
        self.own_claims(uid, &name, false);
        Ok(())
    }

    /// Whether a claim still belongs to an earlier Pod of this name, with which it is about to go (`PodClaimIsStale`).
    pub(super) fn has_stale_claim(&self, pod: &str) -> bool {
        let templates = self.spec.volume_claim_templates.iter();
        let is_stale = |template: &Value| {
            let key = self.claim_key(template, pod);
            let claim = self.api.claim(&key.namespace, &key.name);
            claim.is_some_and(|claim| references(claim).iter().any(|owner| names(owner, "Pod", pod)))
        };
        self.spec.persistent_volume_claim_retention_policy.when_scaled == "Delete"
            && templates.into_iter().any(is_stale)
    }

    /// Gives the claims of a Pod the owner that the retention policy asks for (`UpdatePodClaimForRetentionPolicy`).
    /// Returns whether one had another.
    pub(super) fn own_claims(&mut self, uid: Uid, pod: &str, scaled_down: bool) -> bool {
        let spec = self.spec.clone();
        let own = self.own.object.clone();
        let pod_uid = uid_text(self.cx.setup.seed, uid.0);
        let mut changed = false;
        let policy = &spec.persistent_volume_claim_retention_policy;
        let owner = match (policy.when_scaled.as_str(), policy.when_deleted.as_str()) {
            ("Delete", _) if scaled_down => ClaimOwner::Pod,
            (_, "Delete") => ClaimOwner::Set,
            _ => ClaimOwner::Nobody,
        };
        for template in &spec.volume_claim_templates {
            let key = self.claim_key(template, pod);
            let Some(claim) = self.api.claim(&key.namespace, &key.name) else {
                continue;
            };
            let mut list = references(claim).to_vec();
            let is = |reference: &Value, uid: &str| reference.get("uid").and_then(Value::as_str) == Some(uid);
            let (set, set_uid) = (&own.metadata.name, &own.metadata.uid);
            let stale =
                |r: &Value| names(r, "StatefulSet", set) && !is(r, set_uid) || names(r, "Pod", pod) && !is(r, &pod_uid);
            if list.iter().any(stale) {
                continue;
            }
            let before = list.clone();
            let wanted = match owner {
                ClaimOwner::Pod => Some(pod_reference(pod, &pod_uid)),
                ClaimOwner::Set => Some(reference_value(&own)),
                ClaimOwner::Nobody => None,
            };
            list.retain(|r| !is(r, set_uid) && !is(r, &pod_uid));
            list.extend(wanted);
            if list == before {
                continue;
            }
            changed = true;
            if scaled_down {
                let ordinal = pods::ordinal_of(set, pod).unwrap_or(0);
                let rule = StatefulSetRule::ClaimOwned {
                    ordinal: small(ordinal),
                    owner,
                };
                self.decide(rule, &key.name, "persistentVolumeClaimRetentionPolicy");
            }
            self.api.set_claim_owners(&key, list);
        }
        changed
    }
}

fn references(claim: &StoredObject) -> &[Value] {
    let list = claim.value.at(&["metadata", "ownerReferences"]).map(Value::items);
    list.unwrap_or_default()
}

/// Whether a reference names an object of this kind and name.
fn names(reference: &Value, kind: &str, name: &str) -> bool {
    let text = |key: &str| reference.get(key).and_then(Value::as_str);
    text("kind") == Some(kind) && text("name") == Some(name)
}

fn pod_reference(name: &str, uid: &str) -> Value {
    Value::Map(vec![
        ("apiVersion".to_owned(), "v1".into()),
        ("kind".to_owned(), "Pod".into()),
        ("name".to_owned(), name.into()),
        ("uid".to_owned(), uid.into()),
        ("controller".to_owned(), true.into()),
        ("blockOwnerDeletion".to_owned(), true.into()),
    ])
}

/// A claim from its template.
fn claim(template: &Value, name: &str, own: &Workload) -> Value {
    let mut value = Value::Map(vec![
        ("apiVersion".to_owned(), "v1".into()),
        ("kind".to_owned(), CLAIM.into()),
    ]);
    let meta = value.entry("metadata");
    meta.set("name", name.into());
    meta.set("namespace", (&*own.metadata.namespace).into());
    let mut labels = template.at(&["metadata", "labels"]).cloned().unwrap_or_default();
    if let Some(selector) = own.raw.at(&["spec", "selector", "matchLabels"]) {
        for (key, value) in selector.members() {
            labels.set(key, value.clone());
        }
    }
    meta.set("labels", labels);
    if let Some(annotations) = template.at(&["metadata", "annotations"]) {
        meta.set("annotations", annotations.clone());
    }
    value.set("spec", template.get("spec").cloned().unwrap_or_default());
    value
}
