//! Twin: pkg/controller/history/controller_history.go (v1.36.2)
//! Covers: `NewControllerRevision`, which revisions an owner has, adoption and release of revisions, deletion of one.
//! Left out: the search for another name when one is taken, which StatefulSets and DaemonSets do differently.

use super::claim::controller_reference;
use super::pod_control::reference_value;
use crate::api::selects::selector_fits;
use crate::api::workload::Spec;
use crate::api::{Workload, WorkloadKind};
use crate::apiserver::{ApiServer, Propagation, StoredWorkload};
use crate::machine::{Cx, Uid};
use crate::manifest::Value;
use crate::trace::EntryId;

/// The number of a revision.
pub fn number(revision: &StoredWorkload) -> i64 {
    match revision.object.spec {
        Spec::ControllerRevision(number) => number,
        _ => 0,
    }
}

/// Marks a template that replaces all of the owner's when it is applied as a patch.
const PATCH: &str = "$patch";

/// What is left of an owner's name in those of its revisions.
const LONGEST_PREFIX: usize = 223;

/// Whether a revision keeps this template.
pub fn keeps(revision: &StoredWorkload, template: &Value) -> bool {
    let kept = revision.object.raw.at(&["data", "spec", "template"]);
    let kept = kept.map(Value::members).unwrap_or_default();
    let bare = || kept.iter().filter(|(key, _)| key != PATCH);
    bare().count() == template.members().len()
        && bare().all(|(key, value)| template.get(key).is_some_and(|own| own.same(value)))
}

/// The name of the revision of `owner` with this hash (`ControllerRevisionName`).
pub fn revision_name(owner: &Workload, hash: &str) -> String {
    let name = &*owner.metadata.name;
    format!("{}-{hash}", name.get(..LONGEST_PREFIX).unwrap_or(name))
}

/// A new revision of `owner`: its name ends in `hash`, which it also carries under the label `hash_label`.
pub fn revision_object(owner: &Workload, number: i64, hash: &str, hash_label: &str) -> Value {
    let mut template = owner.raw_template().cloned().unwrap_or_default();
    let mut raw = Value::Map(vec![
        ("apiVersion".to_owned(), "apps/v1".into()),
        ("kind".to_owned(), "ControllerRevision".into()),
    ]);
    let meta = raw.entry("metadata");
    meta.set("name", revision_name(owner, hash).into());
    meta.set("namespace", (&*owner.metadata.namespace).into());
    let mut labels = template.at(&["metadata", "labels"]).cloned().unwrap_or_default();
    labels.set(hash_label, hash.into());
    meta.set("labels", labels);
    for (key, value) in &owner.metadata.annotations {
        meta.entry("annotations").set(key, value.as_str().into());
    }
    meta.set("ownerReferences", Value::Seq(vec![reference_value(owner)]));
    template.set(PATCH, "replace".into());
    raw.entry("data").entry("spec").set("template", template);
    raw.set("revision", number.into());
    raw
}

/// The revisions of an owner after adoptions and releases, in order of creation.
pub fn claim_revisions(
    cx: &mut Cx,
    api: &mut ApiServer,
    owner: &StoredWorkload,
    selector: Option<&Value>,
    because: Option<EntryId>,
) -> Vec<StoredWorkload> {
    let meta = owner.object.metadata.clone();
    let is_revision = |w: &StoredWorkload| w.object.kind == WorkloadKind::ControllerRevision;
    let fits = |w: &StoredWorkload| is_revision(w) && selector_fits(selector, &w.object.metadata.labels);
    let lost = |w: &&StoredWorkload| is_revision(w) && !fits(w);
    let released: Vec<Uid> = api.workloads_of(owner.uid).filter(lost).map(|w| w.uid).collect();
    for uid in released {
        api.update_workload_meta(cx, uid, because, None, |m| {
            m.owner_references.retain(|o| *o.uid != *meta.uid);
        });
    }
    if meta.deletion_timestamp.is_none() {
        let free = |w: &&StoredWorkload| {
            let own = &w.object.metadata;
            own.namespace == meta.namespace
                && own.deletion_timestamp.is_none()
                && w.object.controller().is_none()
                && fits(w)
        };
        let adopted: Vec<Uid> = api.workloads().filter(free).map(|w| w.uid).collect();
        for uid in adopted {
            let reference = controller_reference(&owner.object);
            api.update_workload_meta(cx, uid, because, None, |m| m.owner_references.push(reference));
        }
    }
    api.workloads_of(owner.uid)
        .filter(|w| is_revision(w))
        .cloned()
        .collect()
}

/// Deletes a revision that is not needed any more.
pub fn delete_revision(cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
    api.delete_workload(cx, uid, Propagation::Background, because);
}
