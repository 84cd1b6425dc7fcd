//! The description of a Node: what it is, what it has, and who uses it.

use super::resources;
use super::writer::{Writer, annotations, pairs, time};
use crate::api::Quantity;
use crate::api::needs;
use crate::api::pod::PodSpec;
use crate::kubectl::duration::age;
use crate::kubectl::fields::Fields;
use crate::kubectl::server::{Server, Stored};
use crate::manifest::Value;
use crate::map::Map;

/// Everything but the Events.
pub(super) fn describe(out: &mut Writer, node: &Value, server: &dyn Server) {
    let v = Fields(node);
    let name = v.text(&["metadata", "name"]);
    out.field(0, "Name", &name);
    out.several("Roles", &roles(v));
    out.several("Labels", &pairs(node.at(&["metadata", "labels"])));
    annotations(out, node.at(&["metadata", "annotations"]));
    out.field(
        0,
        "CreationTimestamp",
        &time(node.at(&["metadata", "creationTimestamp"])),
    );
    let taints = v.items(&["spec", "taints"]).iter().map(Fields);
    out.several("Taints", &taints.map(taint).collect::<Vec<_>>());
    out.field(0, "Unschedulable", &v.is_true(&["spec", "unschedulable"]).to_string());
    lease(out, &name, server);
    conditions(out, v);
    out.line(0, "Addresses:");
    for address in v.items(&["status", "addresses"]).iter().map(Fields) {
        out.field(1, &address.text(&["type"]), &address.text(&["address"]));
    }
    for (label, field) in [("Capacity", "capacity"), ("Allocatable", "allocatable")] {
        resources::amounts(out, 0, label, node.at(&["status", field]));
    }
    out.line(0, "System Info:");
    for (label, field) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
        ("Kube-Proxy Version", "kubeProxyVersion"),
    ] {
        out.field(1, label, &v.text(&["status", "nodeInfo", field]));
    }
    let cidr = v.text(&["spec", "podCIDR"]);
    if !cidr.is_empty() {
        out.field(0, "PodCIDR", &cidr);
        out.field(0, "PodCIDRs", &cidr);
    }
    users(out, v, &name, server);
}

fn roles(v: Fields) -> Vec<String> {
    let labels = v.0.at(&["metadata", "labels"]).map(Value::members).unwrap_or_default();
    let mut roles: Vec<String> = labels
        .iter()
        .filter_map(|(key, _)| key.strip_prefix("node-role.kubernetes.io/"))
        .map(str::to_owned)
        .collect();
    crate::sort::sort(&mut roles);
    if roles.is_empty() {
        Vec::new()
    } else {
        vec![roles.join(",")]
    }
}

fn taint(t: Fields) -> String {
    let (key, value, effect) = (t.text(&["key"]), t.text(&["value"]), t.text(&["effect"]));
    match value.as_str() {
        "" => format!("{key}:{effect}"),
        _ => format!("{key}={value}:{effect}"),
    }
}

/// The lease that the kubelet renews; kinds that hold none show that it could not be read.
fn lease(out: &mut Writer, node: &str, server: &dyn Server) {
    let Some(lease) = server.object("Lease", "kube-node-lease", node) else {
        return;
    };
    let value = lease.shown(server.calendar());
    let v = Fields(&value);
    out.line(0, "Lease:");
    out.field(1, "HolderIdentity", &v.text_or(&["spec", "holderIdentity"], "<unset>"));
    for (label, field) in [("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")] {
        let text = match value.at(&["spec", field]) {
            Some(at) => time(Some(at)),
            None => "<unset>".to_owned(),
        };
        out.field(1, label, &text);
    }
}

fn conditions(out: &mut Writer, v: Fields) {
    let all = v.items(&["status", "conditions"]);
    if all.is_empty() {
        return;
    }
    out.line(0, "Conditions:");
    out.line(
        1,
        "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage",
    );
    out.line(
        1,
        "----\t------\t-----------------\t------------------\t------\t-------",
    );
    for c in all.iter().map(Fields) {
        let (beat, turn) = (time(c.0.get("lastHeartbeatTime")), time(c.0.get("lastTransitionTime")));
        out.line(
            1,
            &format!(
                "{} \t{} \t{beat} \t{turn} \t{} \t{}",
                c.text(&["type"]),
                c.text(&["status"]),
                c.text(&["reason"]),
                c.text(&["message"])
            ),
        );
    }
}

/// Amounts in thousandths.
#[derive(Clone, Copy, Default)]
struct Use {
    request: i128,
    limit: i128,
}

/// What a Pod asks for, and what it may use at most.
fn used(spec: &PodSpec, resource: &str) -> Use {
    let of = |amounts: &Map<String, Quantity>| amounts.get(resource).map_or(0, |q| q.milli);
    Use {
        request: needs::together(spec, |c| of(&c.resources.requests)),
        limit: needs::together(spec, |c| of(&c.resources.limits)),
    }
}

fn users(out: &mut Writer, v: Fields, node: &str, server: &dyn Server) {
    let mut pods: Vec<Stored> = server.objects("Pod", None);
    pods.retain(|o| {
        let pod = o.pod.as_ref();
        pod.is_some_and(|p| &*p.spec.node_name == node && !p.status.phase.is_terminal())
    });
    crate::sort::sort_by(&mut pods, |a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    let has = |resource: &str| {
        let text =
            v.0.at(&["status", "allocatable", resource])
                .map(crate::kubectl::jsonpath::bare);
        text.and_then(|t| Quantity::parse(&t)).map_or(0, |q| q.milli)
    };
    let share = |amount: i128, resource: &str| {
        let percent = if has(resource) > 0 {
            amount * 100 / has(resource)
        } else {
            0
        };
        let like = if resource == "cpu" { "1m" } else { "1Ki" };
        format!("{} ({percent}%)", Quantity::print(amount, like))
    };
    out.field(0, "Non-terminated Pods", &format!("({} in total)", pods.len()));
    out.line(
        1,
        "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge",
    );
    out.line(
        1,
        "---------\t----\t\t------------\t----------\t---------------\t-------------\t---",
    );
    for object in &pods {
        let Some(pod) = &object.pod else { continue };
        let (cpu, memory) = (used(&pod.spec, "cpu"), used(&pod.spec, "memory"));
        out.line(
            1,
            &format!(
                "{}\t{}\t\t{}\t{}\t{}\t{}\t{}",
                object.namespace,
                object.name,
                share(cpu.request, "cpu"),
                share(cpu.limit, "cpu"),
                share(memory.request, "memory"),
                share(memory.limit, "memory"),
                age(object.created, server.now(), server.calendar())
            ),
        );
    }
    out.line(0, "Allocated resources:");
    out.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
    out.line(1, "Resource\tRequests\tLimits");
    out.line(1, "--------\t--------\t------");
    for resource in ["cpu", "memory", "ephemeral-storage"] {
        let all = pods.iter().filter_map(|o| o.pod.as_ref());
        let sum = all.fold(Use::default(), |sum, pod| {
            let one = used(&pod.spec, resource);
            Use {
                request: sum.request + one.request,
                limit: sum.limit + one.limit,
            }
        });
        out.line(
            1,
            &format!(
                "{resource}\t{}\t{}",
                share(sum.request, resource),
                share(sum.limit, resource)
            ),
        );
    }
}
