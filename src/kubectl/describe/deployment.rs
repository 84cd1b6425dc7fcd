//! The description of a Deployment.

use super::template;
use super::writer::{Writer, annotations, pairs, time};
use crate::kubectl::fields::{Fields, or_none, selector_text};
use crate::kubectl::jsonpath::bare;
use crate::kubectl::server::{Server, Stored};
use crate::kubectl::workload;
use crate::manifest::Value;

/// Everything but the Events.
pub(super) fn describe(out: &mut Writer, object: &Stored, value: &Value, server: &dyn Server) {
    let v = Fields(value);
    out.field(0, "Name", &v.text(&["metadata", "name"]));
    out.field(0, "Namespace", &v.text(&["metadata", "namespace"]));
    out.field(
        0,
        "CreationTimestamp",
        &time(value.at(&["metadata", "creationTimestamp"])),
    );
    out.several("Labels", &pairs(value.at(&["metadata", "labels"])));
    annotations(out, value.at(&["metadata", "annotations"]));
    out.field(0, "Selector", &selector_text(value.at(&["spec", "selector"])));
    let count = |field: &str| v.number(&["status", field]);
    out.field(
        0,
        "Replicas",
        &format!(
            "{} desired | {} updated | {} total | {} available | {} unavailable",
            v.number(&["spec", "replicas"]),
            count("updatedReplicas"),
            count("replicas"),
            count("availableReplicas"),
            count("unavailableReplicas")
        ),
    );
    out.field(0, "StrategyType", &v.text(&["spec", "strategy", "type"]));
    out.field(0, "MinReadySeconds", &v.number(&["spec", "minReadySeconds"]));
    if let Some(rolling) = value.at(&["spec", "strategy", "rollingUpdate"]) {
        let bound = |key: &str| rolling.get(key).map(bare).unwrap_or_default();
        let text = format!(
            "{} max unavailable, {} max surge",
            bound("maxUnavailable"),
            bound("maxSurge")
        );
        out.field(0, "RollingUpdateStrategy", &text);
    }
    template::describe(out, value.at(&["spec", "template"]), server.client());
    template::conditions(out, v);
    let mut old = workload::replica_sets(object, server);
    let new = workload::newest(value, &old).map(|at| old.remove(at));
    if !old.is_empty() || new.is_some() {
        out.field(0, "OldReplicaSets", &named(&old));
        out.field(0, "NewReplicaSet", &named(new.as_slice()));
    }
}

fn named(sets: &[Stored]) -> String {
    let one = |set: &Stored| {
        let v = Fields(&set.value);
        let (made, wanted) = (v.int(&["status", "replicas"]), v.int(&["spec", "replicas"]));
        format!("{} ({made}/{wanted} replicas created)", set.name)
    };
    or_none(sets.iter().map(one).collect::<Vec<_>>().join(", "))
}
