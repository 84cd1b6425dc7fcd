//! Twin: pkg/controller/controller_ref_manager.go (v1.36.2)
//! Covers: adoption of objects that have the labels and no controller, release of those that lost the labels.
//! Left out: the uncached second look at the owner before it adopts.

use std::rc::Rc;

use crate::api::selects::selector_fits;
use crate::api::{ObjectMeta, OwnerReference, Pod, Workload, WorkloadKind};
use crate::apiserver::{ApiServer, StoredWorkload};
use crate::machine::{Cx, Uid};
use crate::manifest::Value;
use crate::trace::{Cause, EntryId, Rule, What};

/// The reference to an owner that controls what carries it.
pub fn controller_reference(owner: &Workload) -> OwnerReference {
    OwnerReference {
        api_version: owner.kind.api_version().to_owned(),
        kind: owner.kind.as_str().to_owned(),
        name: owner.metadata.name.to_string(),
        uid: owner.metadata.uid.to_string(),
        controller: true,
        block_owner_deletion: true,
    }
}

/// The workload of this kind that controls an object.
pub fn owner_of(api: &ApiServer, meta: &ObjectMeta, kind: WorkloadKind) -> Option<Uid> {
    let owner = meta.owner_references.iter().find(|owner| owner.controller)?;
    (owner.kind == kind.as_str())
        .then(|| api.number_of(&owner.uid))
        .flatten()
}

/// The rules that adoptions and releases are explained by.
#[derive(Clone, Copy, Debug)]
pub struct ClaimRules {
    /// An object was adopted.
    pub adopted: Rule,
    /// An object was released.
    pub released: Rule,
}

/// The Pods of an owner after adoptions and releases, in order of creation. A Pod that has ended is not adopted.
pub fn claim_pods(
    cx: &mut Cx,
    api: &mut ApiServer,
    owner: &StoredWorkload,
    selector: Option<&Value>,
    rules: ClaimRules,
) -> Vec<(Uid, Rc<Pod>)> {
    let fits = |pod: &Pod| selector_fits(selector, &pod.metadata.labels);
    claim_fitting(cx, api, owner, &fits, rules)
}

/// The same where more than a selector decides which Pods fit.
pub fn claim_fitting(
    cx: &mut Cx,
    api: &mut ApiServer,
    owner: &StoredWorkload,
    fits: &dyn Fn(&Pod) -> bool,
    rules: ClaimRules,
) -> Vec<(Uid, Rc<Pod>)> {
    let meta = owner.object.metadata.clone();
    let released: Vec<Uid> = api
        .pods_of(owner.uid)
        .filter(|s| !fits(&s.pod))
        .map(|s| s.uid)
        .collect();
    let deleted = meta.deletion_timestamp.is_some();
    let adopted: Vec<Uid> = api
        .loose_pods()
        .filter(|s| {
            let pod = &s.pod.metadata;
            !deleted && pod.namespace == meta.namespace && pod.deletion_timestamp.is_none() && fits(&s.pod)
        })
        .map(|s| s.uid)
        .collect();
    for uid in released {
        let because = said(cx, api, uid, rules.released);
        api.update_pod(cx, uid, because, |pod| {
            pod.metadata.owner_references.retain(|o| *o.uid != *meta.uid);
        });
    }
    for uid in adopted {
        let because = said(cx, api, uid, rules.adopted);
        let reference = controller_reference(&owner.object);
        api.update_pod(cx, uid, because, |pod| pod.metadata.owner_references.push(reference));
    }
    api.pods_of(owner.uid).map(|s| (s.uid, s.pod.clone())).collect()
}

fn said(cx: &mut Cx, api: &ApiServer, uid: Uid, rule: Rule) -> Option<EntryId> {
    let stored = api.pod(uid)?;
    let cause = Cause::of(rule).after(Some(stored.because));
    Some(
        cx.log
            .instant(stored.lanes.pod, cx.now, What::Decided("".into()), cause),
    )
}

/// Whether a Pod has a controller, or is one that this selector would adopt.
pub fn may_adopt(pod: &Pod, namespace: &str, selector: Option<&Value>) -> bool {
    let meta = &pod.metadata;
    *meta.namespace == *namespace
        && !meta.owner_references.iter().any(|owner| owner.controller)
        && selector_fits(selector, &meta.labels)
}
