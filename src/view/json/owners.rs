//! Workloads in the JSON of a run: every watch event of each, and every line that `kubectl get -w` prints of them.

use serde_json::{Map, Value, json};

use super::report::{Report, WorkloadRevision};
use crate::api::workload::Spec;
use crate::api::{Workload, WorkloadKind};
use crate::apiserver::status_value;
use crate::kubectl::{kinds, tables};
use crate::manifest;
use crate::sim::stored_workload;
use crate::trace::NodeRevision;

/// The fields of `spec` that matter, by kind.
fn spec_fields(kind: WorkloadKind) -> &'static [&'static str] {
    match kind {
        WorkloadKind::Deployment => &[
            "replicas",
            "revisionHistoryLimit",
            "progressDeadlineSeconds",
            "strategy",
            "minReadySeconds",
            "paused",
        ],
        WorkloadKind::ReplicaSet | WorkloadKind::ReplicationController => &["replicas", "minReadySeconds"],
        WorkloadKind::StatefulSet => &[
            "replicas",
            "updateStrategy",
            "podManagementPolicy",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds",
        ],
        WorkloadKind::DaemonSet => &["updateStrategy", "minReadySeconds"],
        WorkloadKind::ControllerRevision => &[],
        WorkloadKind::Job => &[
            "completions",
            "parallelism",
            "backoffLimit",
            "suspend",
            "completionMode",
            "podReplacementPolicy",
            "backoffLimitPerIndex",
            "maxFailedIndexes",
            "activeDeadlineSeconds",
            "ttlSecondsAfterFinished",
        ],
        WorkloadKind::CronJob => &[
            "schedule",
            "timeZone",
            "suspend",
            "concurrencyPolicy",
            "startingDeadlineSeconds",
        ],
    }
}

/// `owners`: one entry a watch event, in the order of the writes.
pub fn owners(report: &Report) -> Vec<Value> {
    let mut nodes = report.nodes.iter().peekable();
    let mut all = Vec::new();
    for (before, revision) in report.workloads.iter().enumerate() {
        while let Some(revision) = nodes.next_if(|node| node.workloads <= before) {
            all.push(node(revision));
        }
        all.push(owner(report, revision));
    }
    all.extend(nodes.map(node));
    all
}

/// A Node with what Pods and their controllers look at. Labels that every node has are left out.
fn node(revision: &NodeRevision) -> Value {
    let value = &revision.value;
    let labels = value.at(&["metadata", "labels"]).map(manifest::Value::members);
    let own = |key: &str| {
        !key.split('/')
            .next()
            .is_some_and(|domain| domain.ends_with("kubernetes.io"))
    };
    let labels = labels.unwrap_or_default().iter().filter(|(key, _)| own(key));
    let list = |path: &[&str]| value.at(path).map_or_else(|| json!([]), Value::from);
    let conditions = value.at(&["status", "conditions"]).map(manifest::Value::items);
    let condition = |c: &manifest::Value| {
        let text = |key: &str| {
            c.get(key)
                .and_then(manifest::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        json!({"type": text("type"), "status": text("status"), "reason": text("reason")})
    };
    json!({
        "ms": revision.at.millis(),
        "kind": "Node",
        "name": &*revision.name,
        "namespace": null,
        "watch": revision.kind.as_str(),
        "generation": null,
        "labels": labels.map(|(key, value)| (key.clone(), Value::from(value))).collect::<Map<_, _>>(),
        "taints": list(&["spec", "taints"]),
        "unschedulable": value.at(&["spec", "unschedulable"]) == Some(&manifest::Value::Bool(true)),
        "conditions": conditions.unwrap_or_default().iter().map(condition).collect::<Vec<_>>(),
        "ownerReferences": [],
        "finalizers": [],
        "annotations": {},
        "deletionTimestamp": null,
    })
}

fn owner(report: &Report, revision: &WorkloadRevision) -> Value {
    let object = &revision.object;
    let meta = &object.metadata;
    let mut entry = json!({
        "ms": revision.at.millis(),
        "kind": object.kind.as_str(),
        "name": &*meta.name,
        "namespace": &*meta.namespace,
        "watch": revision.watch.as_str(),
        "generation": (meta.generation != 0).then_some(meta.generation),
        "ownerReferences": meta.owner_references.iter().map(|owner| json!({
            "kind": owner.kind,
            "name": owner.name,
            "controller": owner.controller,
            "blockOwnerDeletion": owner.block_owner_deletion,
        })).collect::<Vec<_>>(),
        "finalizers": meta.finalizers,
        "annotations": annotations(object),
        "deletionTimestamp": meta.deletion_timestamp.map(|t| report.calendar.rfc3339(t.0)),
    });
    let Value::Object(members) = &mut entry else {
        return entry;
    };
    if let Spec::ControllerRevision(number) = object.spec {
        members.insert("revision".to_owned(), number.into());
    }
    if let Some(template) = object.template() {
        let images: Vec<&str> = template.spec.containers.iter().map(|c| c.image.as_ref()).collect();
        members.insert("image".to_owned(), json!(images));
    }
    members.insert("spec".to_owned(), spec(object));
    let status = status_value(&object.status, report.calendar);
    members.insert("status".to_owned(), Value::from(&status));
    entry
}

fn annotations(object: &Workload) -> Map<String, Value> {
    let all = object.metadata.annotations.iter();
    all.filter(|(key, _)| key.contains("kubernetes.io/") || key.starts_with("deprecated."))
        .filter(|(key, _)| !key.ends_with("last-applied-configuration"))
        .map(|(key, value)| (key.clone(), value.as_str().into()))
        .collect()
}

fn spec(object: &Workload) -> Value {
    let empty = manifest::Value::Map(Vec::new());
    let all = object.raw.get("spec").unwrap_or(&empty);
    let member = |key: &&str| all.get(key).map(|value| ((*key).to_owned(), Value::from(value)));
    Value::Object(spec_fields(object.kind).iter().filter_map(member).collect())
}

/// `owner_rows`: one entry a line of `kubectl get RESOURCE -A -w`, without the namespace.
pub fn owner_rows(report: &Report) -> Vec<Value> {
    let shown = |revision: &&WorkloadRevision| revision.object.kind != WorkloadKind::ControllerRevision;
    report
        .workloads
        .iter()
        .filter(shown)
        .map(|revision| row(report, revision))
        .collect()
}

fn row(report: &Report, revision: &WorkloadRevision) -> Value {
    let kind = revision.object.kind.as_str();
    let stored = stored_workload(&revision.object, report.calendar);
    let cells = tables::cells(&stored, revision.at, report.calendar, false);
    let row: Map<String, Value> = tables::columns(kind, false)
        .into_iter()
        .map(str::to_owned)
        .zip(cells.into_iter().map(Value::from))
        .collect();
    json!({
        "ms": revision.at.millis(),
        "resource": kinds::of(kind).map_or("", |kind| kind.plural),
        "namespace": &*stored.namespace,
        "watch": revision.watch.as_str(),
        "row": row,
    })
}
