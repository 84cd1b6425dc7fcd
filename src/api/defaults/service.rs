//! Defaults of Services.
//! Twin: pkg/apis/core/v1/defaults.go (v1.36.2)
//! Covers: SetDefaults_Service
//! Left out: addresses, node ports and families of addresses, which storage allots

use crate::api::fields::{fill, fill_text, list, list_mut, text};
use crate::manifest::Value;

pub(super) fn service(raw: &mut Value) {
    let spec = raw.entry("spec");
    fill_text(spec, "type", "ClusterIP");
    fill_text(spec, "sessionAffinity", "None");
    if text(spec, "sessionAffinity") == "ClientIP" {
        fill(
            spec.entry("sessionAffinityConfig").entry("clientIP"),
            "timeoutSeconds",
            10_800,
        );
    }
    for port in list_mut(spec, "ports") {
        fill_text(port, "protocol", "TCP");
        let unset =
            matches!(port.get("targetPort"), None | Some(Value::Int(0))) || text_is_empty(port.get("targetPort"));
        if unset && let Some(number) = port.get("port").cloned() {
            port.set("targetPort", number);
        }
    }
    let kind = text(spec, "type").to_owned();
    if kind != "ExternalName" {
        fill_text(spec, "internalTrafficPolicy", "Cluster");
    }
    if matches!(kind.as_str(), "NodePort" | "LoadBalancer") || !list(spec, "externalIPs").is_empty() {
        fill_text(spec, "externalTrafficPolicy", "Cluster");
    }
    if kind == "LoadBalancer" {
        fill(spec, "allocateLoadBalancerNodePorts", true);
    }
}

fn text_is_empty(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Str(s)) if s.is_empty())
}
