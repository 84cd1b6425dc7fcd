//! The description of a Pod.

use super::containers;
use super::volumes;
use super::writer::{Writer, annotations, pairs, time};
use crate::kubectl::duration::human_duration;
use crate::kubectl::fields::{Fields, or_none, selector_text};
use crate::kubectl::server::Server;
use crate::kubectl::workload::controlled_by;
use crate::manifest::Value;

/// Everything but the Events.
pub(super) fn describe(out: &mut Writer, pod: &Value, server: &dyn Server) {
    let v = Fields(pod);
    head(out, v, server);
    status(out, v, server);
    let client = server.client();
    containers::of_pod(out, v, client);
    conditions(out, v);
    volumes::all(out, v.items(&["spec", "volumes"]), false, client);
    out.field(0, "QoS Class", &v.text(&["status", "qosClass"]));
    out.several("Node-Selectors", &pairs(pod.at(&["spec", "nodeSelector"])));
    out.several("Tolerations", &tolerations(v.items(&["spec", "tolerations"])));
    spread(
        out,
        "Topology Spread Constraints",
        v.items(&["spec", "topologySpreadConstraints"]),
    );
}

fn head(out: &mut Writer, v: Fields, server: &dyn Server) {
    out.field(0, "Name", &v.text(&["metadata", "name"]));
    out.field(0, "Namespace", &v.text(&["metadata", "namespace"]));
    if v.0.at(&["spec", "priority"]).is_some() {
        out.field(0, "Priority", &v.number(&["spec", "priority"]));
    }
    for (name, field) in [
        ("Priority Class Name", "priorityClassName"),
        ("Runtime Class Name", "runtimeClassName"),
        ("Service Account", "serviceAccountName"),
    ] {
        out_some(out, name, &v.text(&["spec", field]));
    }
    match v.text(&["spec", "nodeName"]).as_str() {
        "" => out.field(0, "Node", "<none>"),
        node => out.field(0, "Node", &format!("{node}/{}", v.text(&["status", "hostIP"]))),
    }
    if let Some(start) = v.0.at(&["status", "startTime"]) {
        out.field(0, "Start Time", &time(Some(start)));
    }
    out.several("Labels", &pairs(v.0.at(&["metadata", "labels"])));
    annotations(out, v.0.at(&["metadata", "annotations"]));
    let phase = v.text(&["status", "phase"]);
    let deleted = v.time(&["metadata", "deletionTimestamp"], server.calendar());
    match deleted.filter(|_| !matches!(phase.as_str(), "Failed" | "Succeeded")) {
        Some(at) => {
            // The time of deletion is when the grace ends, so before that it lies ahead.
            let lasts = human_duration(server.now() - at);
            out.field(0, "Status", &format!("Terminating (lasts {lasts})"));
            let grace = v.int(&["metadata", "deletionGracePeriodSeconds"]);
            out.field(0, "Termination Grace Period", &format!("{grace}s"));
        }
        None => out.field(0, "Status", &phase),
    }
}

fn status(out: &mut Writer, v: Fields, _server: &dyn Server) {
    out_some(out, "Reason", &v.text(&["status", "reason"]));
    out_some(out, "Message", &v.text(&["status", "message"]));
    let profile = |key: &str| v.text(&["spec", "securityContext", "seccompProfile", key]);
    if !profile("type").is_empty() {
        out.field(0, "SeccompProfile", &profile("type"));
        out_some(out, "LocalhostProfile", &profile("localhostProfile"));
    }
    out.field(0, "IP", &v.text(&["status", "podIP"]));
    match v.items(&["status", "podIPs"]) {
        [] => out.field(0, "IPs", "<none>"),
        ips => {
            out.line(0, "IPs:");
            for ip in ips {
                out.field(1, "IP", &Fields(ip).text(&["ip"]));
            }
        }
    }
    if let Some(owner) = controlled_by(v) {
        out.field(0, "Controlled By", &owner);
    }
    out_some(out, "NominatedNodeName", &v.text(&["status", "nominatedNodeName"]));
}

fn conditions(out: &mut Writer, v: Fields) {
    let gates = v.items(&["spec", "readinessGates"]);
    if !gates.is_empty() {
        out.line(0, "Readiness Gates:");
        out.line(1, "Type\tStatus");
        for gate in gates {
            let kind = Fields(gate).text(&["conditionType"]);
            out.line(1, &format!("{kind} \t{} ", v.condition(&kind).unwrap_or("<none>")));
        }
    }
    let conditions = v.items(&["status", "conditions"]);
    if !conditions.is_empty() {
        out.line(0, "Conditions:");
        out.line(1, "Type\tStatus");
        for condition in conditions.iter().map(Fields) {
            out.line(
                1,
                &format!("{} \t{} ", condition.text(&["type"]), condition.text(&["status"])),
            );
        }
    }
}

/// One line for each toleration.
pub(super) fn tolerations(items: &[Value]) -> Vec<String> {
    let mut all: Vec<Fields> = items.iter().map(Fields).collect();
    crate::sort::sort_by_key(&mut all, |t| t.text(&["key"]));
    all.into_iter()
        .map(|t| {
            let (key, value, effect) = (t.text(&["key"]), t.text(&["value"]), t.text(&["effect"]));
            let mut text = key.clone();
            if !value.is_empty() {
                text.push_str(&format!("={value}"));
            }
            if !effect.is_empty() {
                text.push_str(&format!(":{effect}"));
            }
            if t.text(&["operator"]) == "Exists" && value.is_empty() {
                text.push_str(if text.is_empty() { "op=Exists" } else { " op=Exists" });
            }
            if t.0.get("tolerationSeconds").is_some() {
                text.push_str(&format!(" for {}s", t.number(&["tolerationSeconds"])));
            }
            text
        })
        .collect()
}

/// The block of topology spread constraints, when there are some.
pub(super) fn spread(out: &mut Writer, label: &str, items: &[Value]) {
    let mut all: Vec<Fields> = items.iter().map(Fields).collect();
    crate::sort::sort_by_key(&mut all, |c| c.text(&["topologyKey"]));
    let lines: Vec<String> = all
        .into_iter()
        .map(|c| {
            let (key, when) = (c.text(&["topologyKey"]), c.text(&["whenUnsatisfiable"]));
            let mut line = format!("{key}:{when} when max skew {} is exceeded", c.int(&["maxSkew"]));
            if c.0.get("labelSelector").is_some() {
                let selector = or_none(selector_text(c.0.get("labelSelector")));
                line.push_str(&format!(" for selector {selector}"));
            }
            line
        })
        .collect();
    if !lines.is_empty() {
        out.several(label, &lines);
    }
}

/// The line, when there is something to say.
fn out_some(out: &mut Writer, name: &str, value: &str) {
    if !value.is_empty() {
        out.field(0, name, value);
    }
}
