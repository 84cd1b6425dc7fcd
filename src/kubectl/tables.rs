//! The columns of `kubectl get` for each kind.
//!
//! Kinds that have no printer there show NAME and AGE, as here.
//!
//! Twin: pkg/printers/internalversion/printers.go (v1.36.2)
//! Covers: printService, printEndpoints, printEndpointSlice, printNode, printEvent, printNamespace, printConfigMap,
//! printSecret, printControllerRevision, printDeployment, printReplicaSet, printStatefulSet, printDaemonSet, printJob, printCronJob,
//! printPersistentVolumeClaim, printPodDisruptionBudget.
//! Left out: kinds that the simulation does not hold.

use super::duration::age;
use super::fields::{Fields, or_none, selector_text};
use super::printpod::{POD_COLUMNS, POD_WIDE_COLUMNS, pod_row};
use super::server::{EventObject, Stored};
use crate::manifest::Value;
use crate::time::{Calendar, Duration, Instant};

/// Headers of a kind; those of `wide` only with `-o wide`.
pub fn columns(kind: &str, wide: bool) -> Vec<&'static str> {
    let (normal, more): (&[&str], &[&str]) = match kind {
        "Pod" => (&POD_COLUMNS, &POD_WIDE_COLUMNS),
        "Service" => (
            &["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"],
            &["SELECTOR"],
        ),
        "Endpoints" => (&["NAME", "ENDPOINTS", "AGE"], &[]),
        "EndpointSlice" => (&["NAME", "ADDRESSTYPE", "PORTS", "ENDPOINTS", "AGE"], &[]),
        "Node" => (
            &["NAME", "STATUS", "ROLES", "AGE", "VERSION"],
            &[
                "INTERNAL-IP",
                "EXTERNAL-IP",
                "OS-IMAGE",
                "KERNEL-VERSION",
                "CONTAINER-RUNTIME",
            ],
        ),
        "ConfigMap" => (&["NAME", "DATA", "AGE"], &[]),
        "Secret" => (&["NAME", "TYPE", "DATA", "AGE"], &[]),
        "Namespace" => (&["NAME", "STATUS", "AGE"], &[]),
        "Deployment" => (
            &["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"],
            &["CONTAINERS", "IMAGES", "SELECTOR"],
        ),
        "ReplicaSet" | "ReplicationController" => (
            &["NAME", "DESIRED", "CURRENT", "READY", "AGE"],
            &["CONTAINERS", "IMAGES", "SELECTOR"],
        ),
        "StatefulSet" => (&["NAME", "READY", "AGE"], &["CONTAINERS", "IMAGES"]),
        "DaemonSet" => (
            &[
                "NAME",
                "DESIRED",
                "CURRENT",
                "READY",
                "UP-TO-DATE",
                "AVAILABLE",
                "NODE SELECTOR",
                "AGE",
            ],
            &["CONTAINERS", "IMAGES", "SELECTOR"],
        ),
        "Job" => (
            &["NAME", "STATUS", "COMPLETIONS", "DURATION", "AGE"],
            &["CONTAINERS", "IMAGES", "SELECTOR"],
        ),
        "CronJob" => (
            &[
                "NAME",
                "SCHEDULE",
                "TIMEZONE",
                "SUSPEND",
                "ACTIVE",
                "LAST SCHEDULE",
                "AGE",
            ],
            &["CONTAINERS", "IMAGES", "SELECTOR"],
        ),
        "ControllerRevision" => (&["NAME", "CONTROLLER", "REVISION", "AGE"], &[]),
        "PersistentVolumeClaim" => (
            &[
                "NAME",
                "STATUS",
                "VOLUME",
                "CAPACITY",
                "ACCESS MODES",
                "STORAGECLASS",
                "VOLUMEATTRIBUTESCLASS",
                "AGE",
            ],
            &["VOLUMEMODE"],
        ),
        "PodDisruptionBudget" => (
            &["NAME", "MIN AVAILABLE", "MAX UNAVAILABLE", "ALLOWED DISRUPTIONS", "AGE"],
            &[],
        ),
        "Event" => (&["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"], &[]),
        _ => (&["NAME", "AGE"], &[]),
    };
    let mut columns = normal.to_vec();
    match (kind, wide) {
        (_, false) => {}
        ("Event", true) => {
            return vec![
                "LAST SEEN",
                "TYPE",
                "REASON",
                "OBJECT",
                "SUBOBJECT",
                "SOURCE",
                "MESSAGE",
                "FIRST SEEN",
                "COUNT",
                "NAME",
            ];
        }
        (_, true) => columns.extend(more),
    }
    columns
}

/// The cells of an object, as many as [`columns`] gives.
pub fn cells(object: &Stored, now: Instant, calendar: Calendar, wide: bool) -> Vec<String> {
    if let Some(pod) = &object.pod {
        return pod_row(pod, now, calendar, wide).cells();
    }
    let v = Fields(&object.value);
    let name = object.name.to_string();
    let age = age(object.created, now, calendar);
    let since = |path: &[&str]| {
        v.time(path, calendar)
            .map(|at| super::duration::age(Some(at), now, calendar))
    };
    let mut cells = match &*object.kind {
        "Service" => {
            let (external, ports) = (external_ip(v, wide), service_ports(v));
            vec![
                name,
                v.text_or(&["spec", "type"], "ClusterIP"),
                cluster_ip(v),
                external,
                ports,
                age,
            ]
        }
        "Endpoints" => vec![name, endpoints(v), age],
        "EndpointSlice" => {
            let (ports, addresses) = (slice_ports(v), slice_endpoints(v));
            vec![name, v.text(&["addressType"]), ports, addresses, age]
        }
        "Node" => vec![
            name,
            node_status(v),
            node_roles(object),
            age,
            v.text(&["status", "nodeInfo", "kubeletVersion"]),
        ],
        "ConfigMap" => vec![name, (v.len(&["data"]) + v.len(&["binaryData"])).to_string(), age],
        "Secret" => vec![name, v.text_or(&["type"], "Opaque"), v.len(&["data"]).to_string(), age],
        "Namespace" => vec![name, v.text_or(&["status", "phase"], "Active"), age],
        "Deployment" => vec![
            name,
            format!(
                "{}/{}",
                v.int(&["status", "readyReplicas"]),
                v.int(&["spec", "replicas"])
            ),
            v.number(&["status", "updatedReplicas"]),
            v.number(&["status", "availableReplicas"]),
            age,
        ],
        "ReplicaSet" | "ReplicationController" => vec![
            name,
            v.number(&["spec", "replicas"]),
            v.number(&["status", "replicas"]),
            v.number(&["status", "readyReplicas"]),
            age,
        ],
        "StatefulSet" => {
            vec![
                name,
                format!(
                    "{}/{}",
                    v.int(&["status", "readyReplicas"]),
                    v.int(&["spec", "replicas"])
                ),
                age,
            ]
        }
        "DaemonSet" => vec![
            name,
            v.number(&["status", "desiredNumberScheduled"]),
            v.number(&["status", "currentNumberScheduled"]),
            v.number(&["status", "numberReady"]),
            v.number(&["status", "updatedNumberScheduled"]),
            v.number(&["status", "numberAvailable"]),
            or_none(v.pairs(&["spec", "template", "spec", "nodeSelector"])),
            age,
        ],
        "Job" => vec![
            name,
            job_status(v),
            job_completions(v),
            job_duration(v, now, calendar),
            age,
        ],
        "CronJob" => vec![
            name,
            v.text(&["spec", "schedule"]),
            v.text_or(&["spec", "timeZone"], "<none>"),
            if v.is_true(&["spec", "suspend"]) {
                "True"
            } else {
                "False"
            }
            .to_owned(),
            v.len(&["status", "active"]).to_string(),
            since(&["status", "lastScheduleTime"]).unwrap_or_else(|| "<none>".to_owned()),
            age,
        ],
        "ControllerRevision" => {
            let owner = v.items(&["metadata", "ownerReferences"]).iter().map(Fields);
            let owner = owner.into_iter().find(|o| o.is_true(&["controller"]));
            let owner = owner.map(|o| {
                let kind = o.text(&["kind"]);
                let qualified = super::kinds::of(&kind).map_or(kind.to_ascii_lowercase(), |k| k.qualified());
                format!("{qualified}/{}", o.text(&["name"]))
            });
            vec![name, or_none(owner.unwrap_or_default()), v.number(&["revision"]), age]
        }
        "PersistentVolumeClaim" => vec![
            name,
            claim_phase(v),
            v.text(&["spec", "volumeName"]),
            v.text(&["status", "capacity", "storage"]),
            access_modes(v),
            v.text(&["spec", "storageClassName"]),
            v.text_or(&["spec", "volumeAttributesClassName"], "<unset>"),
            age,
        ],
        "PodDisruptionBudget" => {
            let bound = |key: &str| match v.0.at(&["spec", key]) {
                Some(value) => super::jsonpath::bare(value),
                None => "N/A".to_owned(),
            };
            let allowed = v.number(&["status", "disruptionsAllowed"]);
            vec![name, bound("minAvailable"), bound("maxUnavailable"), allowed, age]
        }
        _ => vec![name, age],
    };
    if wide {
        cells.extend(wide_cells(object, v));
    }
    cells
}

fn wide_cells(object: &Stored, v: Fields) -> Vec<String> {
    let template: &[&str] = match &*object.kind {
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec", "containers"],
        _ => &["spec", "template", "spec", "containers"],
    };
    let joined = |field: &str| {
        let containers = v.0.at(template).map(Value::items).unwrap_or_default();
        let texts: Vec<&str> = containers
            .iter()
            .filter_map(|c| c.get(field))
            .filter_map(Value::as_str)
            .collect();
        texts.join(",")
    };
    let mut cells = vec![joined("name"), joined("image")];
    match &*object.kind {
        "Service" => vec![or_none(v.pairs(&["spec", "selector"]))],
        "Node" => node_wide(v),
        "StatefulSet" => cells,
        "PersistentVolumeClaim" => vec![v.text_or(&["spec", "volumeMode"], "<unset>")],
        "ReplicationController" => {
            cells.push(v.pairs(&["spec", "selector"]));
            cells
        }
        "CronJob" => {
            cells.push(or_none(selector_text(v.0.at(&[
                "spec",
                "jobTemplate",
                "spec",
                "selector",
            ]))));
            cells
        }
        "Deployment" | "ReplicaSet" | "DaemonSet" | "Job" => {
            cells.push(or_none(selector_text(v.0.at(&["spec", "selector"]))));
            cells
        }
        _ => Vec::new(),
    }
}

/// STATUS of a claim.
pub(super) fn claim_phase(v: Fields) -> String {
    match v.0.at(&["metadata", "deletionTimestamp"]) {
        Some(_) => "Terminating".to_owned(),
        None => v.text(&["status", "phase"]),
    }
}

/// The access modes of a bound claim in their short form.
pub(super) fn access_modes(v: Fields) -> String {
    let given = v.items(&["status", "accessModes"]);
    let modes = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let has = |mode: &&(&str, &str)| given.iter().any(|value| value.as_str() == Some(mode.0));
    let short: Vec<&str> = modes.iter().filter(has).map(|(_, short)| *short).collect();
    short.join(",")
}

/// The cells of an Event.
pub fn event_cells(event: &EventObject, now: Instant, calendar: Calendar, wide: bool) -> Vec<String> {
    let seen = |at: Option<Instant>| age(at, now, calendar);
    let kind = event.object_kind.to_ascii_lowercase();
    let mut cells = vec![
        seen(event.last.or(event.first)),
        if event.warning { "Warning" } else { "Normal" }.to_owned(),
        event.reason.to_string(),
        format!("{kind}/{}", event.object_name),
    ];
    if wide {
        cells.push(event.field_path.to_string());
        cells.push(match &*event.host {
            "" => event.component.to_string(),
            host => format!("{}, {host}", event.component),
        });
    }
    cells.push(event.message.trim().to_owned());
    if wide {
        cells.extend([
            seen(event.first),
            event.count.max(1).to_string(),
            event.name.to_string(),
        ]);
    }
    cells
}

fn cluster_ip(v: Fields) -> String {
    let first = v.items(&["spec", "clusterIPs"]).first().and_then(Value::as_str);
    first.map_or_else(|| v.text_or(&["spec", "clusterIP"], "<none>"), str::to_owned)
}

fn external_ip(v: Fields, wide: bool) -> String {
    let texts = |items: &'_ [Value]| {
        items
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut external = texts(v.items(&["spec", "externalIPs"]));
    match v.text(&["spec", "type"]).as_str() {
        "ExternalName" => v.text(&["spec", "externalName"]),
        "LoadBalancer" => {
            let ingress = v.items(&["status", "loadBalancer", "ingress"]);
            let given = ingress
                .iter()
                .filter_map(|i| i.get("ip").or(i.get("hostname")))
                .filter_map(Value::as_str);
            let mut shown = given.collect::<Vec<_>>().join(",");
            if !wide && shown.chars().count() > 16 {
                shown = shown.chars().take(13).chain("...".chars()).collect();
            }
            if !shown.is_empty() {
                external.insert(0, shown);
            }
            if external.is_empty() {
                "<pending>".to_owned()
            } else {
                external.join(",")
            }
        }
        _ => or_none(external.join(",")),
    }
}

fn service_ports(v: Fields) -> String {
    let port = |port: &Value| {
        let p = Fields(port);
        let protocol = p.text_or(&["protocol"], "TCP");
        match p.int(&["nodePort"]) {
            0 => format!("{}/{protocol}", p.int(&["port"])),
            node => format!("{}:{node}/{protocol}", p.int(&["port"])),
        }
    };
    or_none(
        v.items(&["spec", "ports"])
            .iter()
            .map(port)
            .collect::<Vec<_>>()
            .join(","),
    )
}

/// At most three, then how many more.
fn first_three(all: Vec<String>, when_empty: &str) -> String {
    match all.len() {
        0 => when_empty.to_owned(),
        1..=3 => all.join(","),
        n => format!("{} + {} more...", all.get(..3).unwrap_or_default().join(","), n - 3),
    }
}

fn endpoints(v: Fields) -> String {
    let subsets = v.items(&["subsets"]);
    let mut all = Vec::new();
    for subset in subsets.iter().map(Fields) {
        let ports = subset.items(&["ports"]);
        for address in subset.items(&["addresses"]) {
            let ip = Fields(address).text(&["ip"]);
            all.extend(ports.iter().map(|port| format!("{ip}:{}", Fields(port).int(&["port"]))));
            if ports.is_empty() {
                all.push(ip);
            }
        }
    }
    first_three(all, if subsets.is_empty() { "<none>" } else { "" })
}

fn slice_ports(v: Fields) -> String {
    let port = |port: &Value| match (port.get("port"), port.get("name").and_then(Value::as_str)) {
        (Some(Value::Int(n)), _) => n.to_string(),
        (_, Some(name)) if !name.is_empty() => name.to_owned(),
        _ => "*".to_owned(),
    };
    first_three(v.items(&["ports"]).iter().map(port).collect(), "<unset>")
}

fn slice_endpoints(v: Fields) -> String {
    let addresses = v
        .items(&["endpoints"])
        .iter()
        .filter_map(|e| e.get("addresses"))
        .flat_map(Value::items);
    first_three(
        addresses.filter_map(Value::as_str).map(str::to_owned).collect(),
        "<unset>",
    )
}

fn node_status(v: Fields) -> String {
    let ready = match v.condition("Ready") {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    };
    let cordoned = if v.is_true(&["spec", "unschedulable"]) {
        ",SchedulingDisabled"
    } else {
        ""
    };
    format!("{ready}{cordoned}")
}

fn node_roles(object: &Stored) -> String {
    let mut roles: Vec<&str> = Vec::new();
    for (key, value) in &object.labels {
        match key.strip_prefix("node-role.kubernetes.io/") {
            Some(role) if !role.is_empty() => roles.push(role),
            _ if key == "kubernetes.io/role" && !value.is_empty() => roles.push(value),
            _ => {}
        }
    }
    crate::sort::sort(&mut roles);
    roles.dedup();
    or_none(roles.join(","))
}

fn node_wide(v: Fields) -> Vec<String> {
    let address = |kind: &str| {
        let found = v
            .items(&["status", "addresses"])
            .iter()
            .find(|a| a.get("type").and_then(Value::as_str) == Some(kind));
        found.map_or("<none>".to_owned(), |a| Fields(a).text(&["address"]))
    };
    let info = |key: &str| v.text_or(&["status", "nodeInfo", key], "<unknown>");
    let kernel = match v.text(&["status", "nodeInfo", "architecture"]).as_str() {
        "" => info("kernelVersion"),
        arch => format!("{} ({arch})", info("kernelVersion")),
    };
    vec![
        address("InternalIP"),
        address("ExternalIP"),
        info("osImage"),
        kernel,
        info("containerRuntimeVersion"),
    ]
}

fn job_status(v: Fields) -> String {
    let is = |kind: &str| v.condition(kind) == Some("True");
    let known = ["Complete", "Failed"].into_iter().find(|kind| is(kind));
    let deleted =
        v.0.at(&["metadata", "deletionTimestamp"])
            .is_some()
            .then_some("Terminating");
    let later = ["Suspended", "FailureTarget", "SuccessCriteriaMet"]
        .into_iter()
        .find(|kind| is(kind));
    known.or(deleted).or(later).unwrap_or("Running").to_owned()
}

fn job_completions(v: Fields) -> String {
    let done = v.int(&["status", "succeeded"]);
    match (v.0.at(&["spec", "completions"]), v.int(&["spec", "parallelism"])) {
        (Some(Value::Int(n)), _) => format!("{done}/{n}"),
        (_, parallel) if parallel > 1 => format!("{done}/1 of {parallel}"),
        _ => format!("{done}/1"),
    }
}

fn job_duration(v: Fields, now: Instant, calendar: Calendar) -> String {
    let end = v.time(&["status", "completionTime"], calendar).unwrap_or(now);
    match v.time(&["status", "startTime"], calendar) {
        Some(start) => super::duration::human_duration((end - start).max(Duration::from_secs(-1))),
        None => String::new(),
    }
}
