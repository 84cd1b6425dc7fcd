//! What verbs ask about workloads: templates, selectors, revisions, and the objects that they own.

use std::rc::Rc;

use super::fields::Fields;
use super::server::{Server, Stored};
use crate::api::Pod;
use crate::manifest::Value;
use crate::map::Map;

/// The label that tells the ReplicaSets of one Deployment apart.
const TEMPLATE_HASH: &str = "pod-template-hash";
/// Which revision of its Deployment a ReplicaSet is.
pub(super) const REVISION: &str = "deployment.kubernetes.io/revision";

/// Where an object of this kind keeps the Pods' spec.
pub(super) fn pod_spec_path(kind: &str) -> &'static [&'static str] {
    match kind {
        "Pod" => &["spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => &["spec", "template", "spec"],
    }
}

/// The member at `path`, to be changed; mappings on the way are made where they are missing.
pub(super) fn entry<'v>(value: &'v mut Value, path: &[&str]) -> &'v mut Value {
    path.iter().fold(value, |value, key| value.entry(key))
}

/// The uid of the object that controls this one.
fn controller(value: &Value) -> Option<&str> {
    let owners = value.at(&["metadata", "ownerReferences"]).map(Value::items)?;
    let owner = owners.iter().find(|o| Fields(o).is_true(&["controller"]))?;
    owner.get("uid")?.as_str()
}

/// `Deployment/web`, when the object has a controller.
pub(super) fn controlled_by(v: Fields) -> Option<String> {
    let owners = v.items(&["metadata", "ownerReferences"]).iter().map(Fields);
    let owner = owners.into_iter().find(|o| o.is_true(&["controller"]))?;
    Some(format!("{}/{}", owner.text(&["kind"]), owner.text(&["name"])))
}

/// Objects of a kind that this one controls.
pub(super) fn owned(owner: &Stored, kind: &str, server: &dyn Server) -> Vec<Stored> {
    let mut all = server.objects(kind, Some(&owner.namespace));
    all.retain(|o| controller(&o.value) == Some(&*owner.uid));
    all
}

/// The Pods it controls.
pub(super) fn pods(owner: &Stored, server: &dyn Server) -> Vec<Rc<Pod>> {
    let all = server.objects("Pod", Some(&owner.namespace)).into_iter();
    all.filter_map(|o| o.pod)
        .filter(|pod| {
            let mut owners = pod.metadata.owner_references.iter();
            owners.any(|o| o.controller && *o.uid == *owner.uid)
        })
        .collect()
}

/// How many of its Pods are Running, Pending, Succeeded and Failed.
pub(super) fn phases(owner: &Stored, server: &dyn Server) -> [usize; 4] {
    let pods = pods(owner, server);
    ["Running", "Pending", "Succeeded", "Failed"]
        .map(|phase| pods.iter().filter(|pod| pod.status.phase.as_str() == phase).count())
}

/// The ReplicaSets of a Deployment, the oldest first.
pub(super) fn replica_sets(deployment: &Stored, server: &dyn Server) -> Vec<Stored> {
    let mut sets = owned(deployment, "ReplicaSet", server);
    // Creation times are whole seconds in the API.
    let calendar = server.calendar();
    let age = |set: &Stored| set.created.map(|at| calendar.unix(at));
    crate::sort::sort_by(&mut sets, |a, b| (age(a), &a.name).cmp(&(age(b), &b.name)));
    sets
}

/// The place of the ReplicaSet that has the Deployment's template.
pub(super) fn newest(deployment: &Value, sets: &[Stored]) -> Option<usize> {
    let wanted = without_hash(deployment.at(&["spec", "template"])?);
    sets.iter()
        .position(|set| set.value.at(&["spec", "template"]).map(without_hash) == Some(wanted.clone()))
}

/// A template as text, without the label that is the hash of it. Equal templates have equal texts.
pub(super) fn without_hash(template: &Value) -> String {
    super::write::compact_json(&bare_template(template))
}

/// The template that goes back into a Deployment: without the label that is the hash of it.
pub(super) fn bare_template(template: &Value) -> Value {
    let mut template = template.clone();
    if let Value::Map(labels) = entry(&mut template, &["metadata", "labels"]) {
        labels.retain(|(key, _)| key != TEMPLATE_HASH);
    }
    template
}

/// One revision of a workload: its number, its template and why it came about.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    /// From 1.
    pub number: i64,
    /// The template of that time.
    pub template: Value,
    /// `kubernetes.io/change-cause`.
    pub cause: Option<String>,
    /// The annotations of the object that keeps it.
    pub annotations: Vec<(String, Value)>,
}

/// The revisions of a Deployment, StatefulSet or DaemonSet, in order.
pub(super) fn revisions(owner: &Stored, server: &dyn Server) -> Vec<Revision> {
    let deployment = &*owner.kind == "Deployment";
    let kept = if deployment {
        replica_sets(owner, server)
    } else {
        owned(owner, "ControllerRevision", server)
    };
    let mut all: Map<i64, Revision> = Map::new();
    for object in kept {
        let v = Fields(&object.value);
        let (number, path): (i64, &[&str]) = if deployment {
            let number = v.text(&["metadata", "annotations", REVISION]).parse().unwrap_or(0);
            (number, &["spec", "template"])
        } else {
            (v.int(&["revision"]), &["data", "spec", "template"])
        };
        let mut template = v.0.at(path).cloned().unwrap_or_default();
        if let Value::Map(members) = &mut template {
            members.retain(|(key, _)| key != "$patch");
        }
        let annotations =
            v.0.at(&["metadata", "annotations"])
                .map(Value::members)
                .unwrap_or_default();
        let cause = v.text(&["metadata", "annotations", "kubernetes.io/change-cause"]);
        let revision = Revision {
            number,
            template,
            cause: Some(cause).filter(|c| !c.is_empty()),
            annotations: annotations.to_vec(),
        };
        all.insert(number, revision);
    }
    all.into_values().collect()
}
