//! The block `Pod Template:` that workloads have in common, and their small tables.

use super::writer::{Writer, annotations_named, pairs};
use super::{containers, pod, volumes};
use crate::kubectl::fields::Fields;
use crate::kubectl::server::{Server, Stored};
use crate::kubectl::workload;
use crate::machine::Client;
use crate::manifest::Value;

/// The block.
pub(super) fn describe(out: &mut Writer, template: Option<&Value>, client: Client) {
    out.line(0, "Pod Template:");
    let Some(v) = template.map(Fields) else {
        out.line(1, "<unset>");
        return;
    };
    out.several("  Labels", &pairs(v.0.at(&["metadata", "labels"])));
    if let Some(annotations) = v.0.at(&["metadata", "annotations"]).filter(|a| !a.members().is_empty()) {
        annotations_named(out, "  Annotations", Some(annotations));
    }
    let empty = Value::Null;
    let spec = Fields(v.0.get("spec").unwrap_or(&empty));
    given(out, "Service Account", &spec.text(&["serviceAccountName"]));
    containers::of_template(out, spec, client);
    volumes::all(out, spec.items(&["volumes"]), true, client);
    let spread = spec.items(&["topologySpreadConstraints"]);
    pod::spread(out, "  Topology Spread Constraints", spread);
    given(out, "Priority Class Name", &spec.text(&["priorityClassName"]));
    out.several("  Node-Selectors", &pairs(spec.0.get("nodeSelector")));
    out.several("  Tolerations", &pod::tolerations(spec.items(&["tolerations"])));
}

fn given(out: &mut Writer, label: &str, text: &str) {
    if !text.is_empty() {
        out.field(1, label, text);
    }
}

/// The block as `rollout history --revision` prints it: its columns are not lined up.
pub(in crate::kubectl) fn unaligned(template: &Value, client: Client) -> String {
    let mut out = Writer::default();
    describe(&mut out, Some(template), client);
    out.raw()
}

/// The table of conditions, when there are some.
pub(super) fn conditions(out: &mut Writer, v: Fields) {
    let conditions = v.items(&["status", "conditions"]);
    if conditions.is_empty() {
        return;
    }
    out.line(0, "Conditions:");
    out.line(1, "Type\tStatus\tReason");
    out.line(1, "----\t------\t------");
    for c in conditions.iter().map(Fields) {
        let (kind, status, reason) = (c.text(&["type"]), c.text(&["status"]), c.text(&["reason"]));
        out.line(1, &format!("{kind} \t{status}\t{reason}"));
    }
}

/// `Pods Status:`.
pub(super) fn pods_status(out: &mut Writer, object: &Stored, server: &dyn Server) {
    let [running, waiting, succeeded, failed] = workload::phases(object, server);
    let text = format!("{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed");
    out.field(0, "Pods Status", &text);
}
