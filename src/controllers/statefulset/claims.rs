//! Twin: pkg/controller/statefulset/stateful_pod_control.go (v1.36.2)
//! Covers: claims made for a Pod, and claims that go with their Pods or their StatefulSet
//! (`persistentVolumeClaimRetentionPolicy`).
//! Left out: binding: a claim is bound as soon as it is made.

use std::rc::Rc;

use super::{Sync, pods};
use crate::api::{ObjectMeta, Workload};
use crate::apiserver::{ApiServer, ObjectKey, Typed};
use crate::controllers::pod_control::reference_value;
use crate::machine::{Cx, Uid};
use crate::manifest::Value;
use crate::map::Map;
use crate::trace::EntryId;

const CLAIM: &str = "PersistentVolumeClaim";

/// Claims that go when their Pods are gone.
#[derive(Clone, Debug, Default)]
pub(super) struct Doomed {
    /// By namespace and name of the Pod.
    waiting: Map<(Rc<str>, Rc<str>), Vec<String>>,
    /// Namespace and name of claims whose Pods are gone.
    due: Vec<(Rc<str>, String)>,
}

impl Doomed {
    /// A StatefulSet is gone: with `whenDeleted: Delete` its claims go with its Pods.
    pub fn set_gone(&mut self, api: &ApiServer, uid: Uid, set: &Workload) {
        let Some((spec, _)) = set.stateful_set() else { return };
        if spec.persistent_volume_claim_retention_policy.when_deleted != "Delete" {
            return;
        }
        for stored in api.pods_of(uid) {
            let meta = &stored.pod.metadata;
            let claims = spec
                .volume_claim_templates
                .iter()
                .map(|t| pods::claim_name(t, &meta.name));
            self.waiting
                .insert((meta.namespace.clone(), meta.name.clone()), claims.collect());
        }
    }

    /// A Pod is gone. Returns whether claims go with it.
    pub fn pod_gone(&mut self, meta: &ObjectMeta) -> bool {
        let claims = self.waiting.remove(&(meta.namespace.clone(), meta.name.clone()));
        let claims = claims.into_iter().flatten();
        self.due.extend(claims.map(|name| (meta.namespace.clone(), name)));
        !self.due.is_empty()
    }

    /// Removes the claims whose Pods are gone.
    pub fn remove_claims(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        for (namespace, name) in std::mem::take(&mut self.due) {
            let key = ObjectKey {
                kind: CLAIM.into(),
                namespace,
                name: name.as_str().into(),
            };
            api.remove_object(cx, &key);
        }
    }
}

impl Sync<'_, '_> {
    /// Makes the claims of a Pod that are not there yet.
    pub(super) fn make_claims(&mut self, pod: &str, because: EntryId) {
        let spec = self.spec.clone();
        let own = self.own.object.clone();
        for template in &spec.volume_claim_templates {
            let name = pods::claim_name(template, pod);
            let namespace = &own.metadata.namespace;
            if self.api.object(CLAIM, namespace, &name).is_some() {
                continue;
            }
            let owned = spec.persistent_volume_claim_retention_policy.when_deleted == "Delete";
            let value = claim(template, &name, &own, owned);
            let key = ObjectKey {
                kind: CLAIM.into(),
                namespace: namespace.clone(),
                name: name.as_str().into(),
            };
            self.api.put_object(self.cx, key, value, Typed::Other);
            let set = &own.metadata.name;
            let message = format!("Create Claim {name} Pod {pod} in StatefulSet {set} success");
            self.event(Some(because), false, "SuccessfulCreate", &message);
        }
    }

    /// A Pod is scaled away: with `whenScaled: Delete` its claims go with it.
    pub(super) fn doom_scaled(&mut self, meta: &ObjectMeta) {
        if self.spec.persistent_volume_claim_retention_policy.when_scaled == "Delete" {
            let templates = self.spec.volume_claim_templates.iter();
            let claims = templates.map(|t| pods::claim_name(t, &meta.name)).collect();
            self.doomed
                .waiting
                .insert((meta.namespace.clone(), meta.name.clone()), claims);
        }
    }
}

/// A claim from its template, bound to a volume of its own.
fn claim(template: &Value, name: &str, own: &Workload, owned: bool) -> Value {
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
    meta.set("finalizers", Value::Seq(vec!["kubernetes.io/pvc-protection".into()]));
    if owned {
        meta.set("ownerReferences", Value::Seq(vec![reference_value(own)]));
    }
    let mut spec = template.get("spec").cloned().unwrap_or_default();
    spec.set("volumeName", format!("pvc-{name}").into());
    let modes = spec.get("accessModes").cloned();
    let storage = spec.at(&["resources", "requests", "storage"]).cloned();
    value.set("spec", spec);
    let status = value.entry("status");
    status.set("phase", "Bound".into());
    if let Some(modes) = modes {
        status.set("accessModes", modes);
    }
    if let Some(storage) = storage {
        status.entry("capacity").set("storage", storage);
    }
    value
}
