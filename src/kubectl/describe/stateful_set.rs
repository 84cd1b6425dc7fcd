//! The description of a StatefulSet.

use super::resources::canonical;
use super::template;
use super::writer::{Writer, annotations, pairs, time};
use crate::kubectl::fields::{Fields, selector_text};
use crate::kubectl::jsonpath::bare;
use crate::kubectl::server::{Server, Stored};
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
    out.field(0, "Selector", &selector_text(value.at(&["spec", "selector"])));
    out.several("Labels", &pairs(value.at(&["metadata", "labels"])));
    annotations(out, value.at(&["metadata", "annotations"]));
    let (desired, total) = (v.int(&["spec", "replicas"]), v.int(&["status", "replicas"]));
    out.field(0, "Replicas", &format!("{desired} desired | {total} total"));
    out.field(0, "Update Strategy", &v.text(&["spec", "updateStrategy", "type"]));
    if let Some(rolling) = value.at(&["spec", "updateStrategy", "rollingUpdate"])
        && let Some(partition) = rolling.get("partition")
    {
        out.field(1, "Partition", &bare(partition));
        if let Some(most) = rolling.get("maxUnavailable") {
            out.field(1, "MaxUnavailable", &bare(most));
        }
    }
    template::pods_status(out, object, server);
    template::describe(out, value.at(&["spec", "template"]), server.client());
    claims(out, v.items(&["spec", "volumeClaimTemplates"]));
}

fn claims(out: &mut Writer, templates: &[Value]) {
    if templates.is_empty() {
        out.field(0, "Volume Claims", "<none>");
        return;
    }
    out.line(0, "Volume Claims:");
    for claim in templates.iter().map(Fields) {
        out.field(1, "Name", &claim.text(&["metadata", "name"]));
        out.field(1, "StorageClass", &claim.text(&["spec", "storageClassName"]));
        for (label, field) in [("  Labels", "labels"), ("  Annotations", "annotations")] {
            out.several(label, &pairs(claim.0.at(&["metadata", field])));
        }
        let storage = claim.0.at(&["spec", "resources", "requests", "storage"]);
        out.field(1, "Capacity", &storage.map_or("<default>".to_owned(), canonical));
        let modes: Vec<String> = claim.items(&["spec", "accessModes"]).iter().map(bare).collect();
        out.field(1, "Access Modes", &format!("[{}]", modes.join(" ")));
    }
}
