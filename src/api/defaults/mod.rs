//! Defaults, as the API server fills them in before it validates.
//! Twin: pkg/apis/core/v1/defaults.go (v1.36.2)
//! Twin: pkg/apis/core/v1/zz_generated.defaults.go (v1.36.2)
//! Covers: SetDefaults_Pod, SetDefaults_PodSpec, SetDefaults_Container, SetDefaults_Probe and what containers hold
//! Left out: what admission and storage add: service account, token volume, tolerations, priority, addresses, node
//! ports

mod image;
mod service;
mod volume;
mod workload;

use super::fields::{at_mut, empty, fill, fill_text, fill_zero, flag, get_mut, int, list, list_mut, members, text};
use super::quantity::{Quantity, canonical};
use crate::manifest::Value;
use crate::map::{Map, Set};

pub use image::{always_pulled, tag_of};

/// Fills in what the API server fills in for an object of this kind. Doing it twice changes nothing more.
pub fn apply(raw: &mut Value, kind: &str) {
    match kind {
        "Pod" => pod(raw),
        "Service" => service::service(raw),
        "Secret" => fill_text(raw, "type", "Opaque"),
        "PersistentVolumeClaim" => volume::claim_spec(raw.entry("spec")),
        "Deployment"
        | "ReplicaSet"
        | "ReplicationController"
        | "StatefulSet"
        | "DaemonSet"
        | "Job"
        | "CronJob"
        | "PodTemplate" => workload::workload(raw, kind),
        _ => {}
    }
}

/// A Pod: what its spec has in templates too, and what only Pods get.
fn pod(raw: &mut Value) {
    let spec = raw.entry("spec");
    pod_spec(spec);
    fill(spec, "enableServiceLinks", true);
    for key in ["containers", "initContainers"] {
        for container in list_mut(spec, key) {
            requests_from_limits(container);
        }
    }
    if flag(spec, "hostNetwork") {
        for key in ["containers", "initContainers"] {
            for container in list_mut(spec, key) {
                for port in list_mut(container, "ports") {
                    let number = int(port, "containerPort").unwrap_or(0);
                    fill_zero(port, "hostPort", number);
                }
            }
        }
    }
    pod_level_requests(spec);
}

/// The spec of a Pod or of a template.
pub fn pod_spec(spec: &mut Value) {
    fill_text(spec, "restartPolicy", "Always");
    fill(spec, "terminationGracePeriodSeconds", 30);
    fill_text(spec, "dnsPolicy", "ClusterFirst");
    fill_text(spec, "schedulerName", "default-scheduler");
    fill(spec, "securityContext", empty());
    // The old name of the field and the new one hold the same; the new one wins.
    let account = match text(spec, "serviceAccountName") {
        "" => text(spec, "serviceAccount"),
        name => name,
    };
    let account = account.to_owned();
    if !account.is_empty() {
        spec.set("serviceAccountName", account.as_str().into());
        spec.set("serviceAccount", account.into());
    }
    for key in ["containers", "initContainers", "ephemeralContainers"] {
        list_mut(spec, key).iter_mut().for_each(container);
    }
    list_mut(spec, "volumes").iter_mut().for_each(volume::volume);
    if let Some(resources) = get_mut(spec, "resources") {
        canonical_resources(resources);
    }
    if let Some(overhead) = get_mut(spec, "overhead") {
        canonical_list(overhead);
    }
}

fn container(container: &mut Value) {
    fill_text(container, "terminationMessagePath", "/dev/termination-log");
    fill_text(container, "terminationMessagePolicy", "File");
    let policy = if always_pulled(text(container, "image")) {
        "Always"
    } else {
        "IfNotPresent"
    };
    fill_text(container, "imagePullPolicy", policy);
    fill(container, "resources", empty());
    if let Some(resources) = get_mut(container, "resources") {
        canonical_resources(resources);
    }
    for port in list_mut(container, "ports") {
        fill_text(port, "protocol", "TCP");
    }
    for env in list_mut(container, "env") {
        if let Some(field) = at_mut(env, &["valueFrom", "fieldRef"]) {
            fill_text(field, "apiVersion", "v1");
        }
        if let Some(resource) = at_mut(env, &["valueFrom", "resourceFieldRef"]) {
            divisor(resource);
        }
        if let Some(key) = at_mut(env, &["valueFrom", "fileKeyRef"]) {
            fill(key, "optional", false);
        }
    }
    for key in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = get_mut(container, key) {
            fill_zero(probe, "timeoutSeconds", 1);
            fill_zero(probe, "periodSeconds", 10);
            fill_zero(probe, "successThreshold", 1);
            fill_zero(probe, "failureThreshold", 3);
            handler(probe);
            if let Some(grpc) = get_mut(probe, "grpc") {
                fill(grpc, "service", "");
            }
        }
    }
    for key in ["postStart", "preStop"] {
        if let Some(hook) = at_mut(container, &["lifecycle", key]) {
            handler(hook);
        }
    }
}

fn handler(handler: &mut Value) {
    if let Some(http) = get_mut(handler, "httpGet") {
        fill_text(http, "path", "/");
        fill_text(http, "scheme", "HTTP");
    }
}

fn divisor(resource: &mut Value) {
    fill(resource, "divisor", "0");
    if let Some(Value::Str(divisor)) = get_mut(resource, "divisor") {
        *divisor = canonical(divisor);
    }
}

fn canonical_resources(resources: &mut Value) {
    for key in ["limits", "requests"] {
        if let Some(list) = get_mut(resources, key) {
            canonical_list(list);
        }
    }
}

/// Quantities are stored in their shortest form: `0.5` becomes `500m`, `1024Mi` becomes `1Gi`.
fn canonical_list(list: &mut Value) {
    if let Value::Map(members) = list {
        for (_, value) in members {
            if let Value::Str(text) = value {
                *text = canonical(text);
            }
        }
    }
}

fn requests_from_limits(container: &mut Value) {
    let Some(resources) = get_mut(container, "resources") else {
        return;
    };
    let there: Set<&str> = members(resources, "requests")
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let limits = members(resources, "limits").iter();
    let missing: Vec<(String, Value)> = limits
        .filter(|(name, _)| !there.contains(name.as_str()))
        .cloned()
        .collect();
    if !missing.is_empty()
        && let Value::Map(requests) = resources.entry("requests")
    {
        requests.extend(missing);
    }
}

/// Resources that may be set for the Pod as a whole.
fn pod_level(name: &str) -> bool {
    matches!(name, "cpu" | "memory") || name.starts_with("hugepages-")
}

/// Requests of the Pod as a whole, when it has limits: the sum over its containers, else the limit.
fn pod_level_requests(spec: &mut Value) {
    let limits = spec
        .at(&["resources", "limits"])
        .map_or(&[][..], Value::members)
        .to_vec();
    if limits.is_empty() {
        return;
    }
    let mut wanted: Vec<(String, Value)> = Vec::new();
    for (name, milli, like) in aggregate(spec) {
        wanted.push((name, Value::Str(Quantity::print(milli, &like))));
    }
    wanted.extend(limits);
    let requests = spec.entry("resources").entry("requests");
    for (name, value) in wanted {
        if pod_level(&name) {
            fill(requests, &name, value);
        }
    }
}

/// What the containers request together: the running ones summed, or what an init container needs beside the sidecars
/// started before it, whichever is more. With a text that shows the notation.
fn aggregate(spec: &Value) -> Vec<(String, i128, String)> {
    #[derive(Default)]
    struct Sums {
        apps: i128,
        sidecars: i128,
        /// The most that was needed at once before the app containers started.
        most: i128,
        like: String,
    }
    let mut all: Map<String, Sums> = Map::new();
    let inits = list(spec, "initContainers").iter().map(|c| (c, true));
    for (container, init) in inits.chain(list(spec, "containers").iter().map(|c| (c, false))) {
        let sidecar = init && text(container, "restartPolicy") == "Always";
        let requests = container.at(&["resources", "requests"]).map_or(&[][..], Value::members);
        for (name, value) in requests {
            let Some(quantity) = value.as_str().and_then(Quantity::parse) else {
                continue;
            };
            let sums = all.entry(name.clone()).or_default();
            sums.like = quantity.text;
            if sidecar {
                sums.sidecars = sums.sidecars.saturating_add(quantity.milli);
                sums.most = sums.most.max(sums.sidecars);
            } else if init {
                sums.most = sums.most.max(sums.sidecars.saturating_add(quantity.milli));
            } else {
                sums.apps = sums.apps.saturating_add(quantity.milli);
            }
        }
    }
    let total = |sums: &Sums| sums.most.max(sums.apps.saturating_add(sums.sidecars));
    all.into_iter()
        .map(|(name, sums)| (name, total(&sums), sums.like))
        .collect()
}
