//! The descriptions of a ReplicaSet and of a ReplicationController.

use super::template;
use super::writer::{Writer, annotations, pairs};
use crate::kubectl::fields::{Fields, or_none, selector_text};
use crate::kubectl::server::{Server, Stored};
use crate::kubectl::workload;
use crate::manifest::Value;

/// Everything but the Events.
pub(super) fn describe(out: &mut Writer, object: &Stored, value: &Value, server: &dyn Server) {
    let v = Fields(value);
    out.field(0, "Name", &v.text(&["metadata", "name"]));
    out.field(0, "Namespace", &v.text(&["metadata", "namespace"]));
    let selector = match &*object.kind {
        "ReplicationController" => v.pairs(&["spec", "selector"]),
        _ => selector_text(value.at(&["spec", "selector"])),
    };
    out.field(0, "Selector", &or_none(selector));
    out.several("Labels", &pairs(value.at(&["metadata", "labels"])));
    annotations(out, value.at(&["metadata", "annotations"]));
    if let Some(owner) = workload::controlled_by(v).filter(|_| &*object.kind == "ReplicaSet") {
        out.field(0, "Controlled By", &owner);
    }
    let (current, desired) = (v.int(&["status", "replicas"]), v.int(&["spec", "replicas"]));
    out.field(0, "Replicas", &format!("{current} current / {desired} desired"));
    template::pods_status(out, object, server);
    template::describe(out, value.at(&["spec", "template"]), server.client());
    template::conditions(out, v);
}
