//! The description of a DaemonSet.

use super::template;
use super::writer::{Writer, annotations, pairs};
use crate::kubectl::fields::{Fields, or_none, selector_text};
use crate::kubectl::server::{Server, Stored};
use crate::manifest::Value;

/// Everything but the Events.
pub(super) fn describe(out: &mut Writer, object: &Stored, value: &Value, server: &dyn Server) {
    let v = Fields(value);
    out.field(0, "Name", &v.text(&["metadata", "name"]));
    if server.client().is_new() {
        out.field(0, "Namespace", &v.text(&["metadata", "namespace"]));
    }
    out.field(0, "Selector", &selector_text(value.at(&["spec", "selector"])));
    let nodes = v.pairs(&["spec", "template", "spec", "nodeSelector"]);
    out.field(0, "Node-Selector", &or_none(nodes));
    out.several("Labels", &pairs(value.at(&["metadata", "labels"])));
    annotations(out, value.at(&["metadata", "annotations"]));
    for (label, field) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        (
            "Number of Nodes Scheduled with Up-to-date Pods",
            "updatedNumberScheduled",
        ),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ] {
        // These lines have no columns.
        out.line(0, &format!("{label}: {}", v.int(&["status", field])));
    }
    template::pods_status(out, object, server);
    template::describe(out, value.at(&["spec", "template"]), server.client());
}
