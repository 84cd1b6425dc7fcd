//! Defaults, as the API server fills them in before it validates. Twin of `pkg/apis/core/v1/defaults.go` and of the
//! `defaults.go` of apps and batch, release 1.36. Left out: what admission and storage add (service account, token
//! volume, tolerations, priority, addresses, node ports).

use super::fields::{at_mut, empty, fill, fill_text, fill_zero, flag, get_mut, int, list, list_mut, members, text};
use super::kinds::template_path;
use super::quantity::{Quantity, canonical};
use crate::manifest::Value;
use crate::map::{Map, Set};

/// Fills in what the API server fills in for an object of this kind. Doing it twice changes nothing more.
pub fn apply(raw: &mut Value, kind: &str) {
    match kind {
        "Pod" => pod(raw),
        "Service" => service(raw),
        "Secret" => fill_text(raw, "type", "Opaque"),
        _ => {}
    }
    if let Some(path) = template_path(kind)
        && let Some(spec) = at_mut(raw, path).and_then(|template| get_mut(template, "spec"))
    {
        pod_spec(spec);
    }
    if raw.get("spec").is_some() {
        workload(raw, kind);
    }
}

/// A Pod: what its spec has in templates too, and what only Pods get.
fn pod(raw: &mut Value) {
    let Some(spec) = get_mut(raw, "spec") else { return };
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
    list_mut(spec, "volumes").iter_mut().for_each(volume);
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

/// Whether an image's pull policy is `Always` by default: the tag is `latest`, or neither tag nor digest is given. A
/// reference that cannot be read has no tag at all, and is pulled if not present (which then fails in the kubelet).
pub fn always_pulled(image: &str) -> bool {
    let Some((tag, digest)) = tag_of(image) else {
        return false;
    };
    match tag {
        Some(tag) => tag == "latest",
        None => digest.is_none(),
    }
}

/// Tag and digest of a readable image reference, `[domain/]path[:tag][@digest]`. `None` when it is not readable.
pub fn tag_of(image: &str) -> Option<(Option<&str>, Option<&str>)> {
    let (name, digest) = image
        .split_once('@')
        .map_or((image, None), |(name, digest)| (name, Some(digest)));
    let (name, tag) = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (name, None),
    };
    let tag_ok = tag.is_none_or(|tag| {
        let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        (1..=128).contains(&tag.len()) && tag.chars().all(rest) && !tag.starts_with(['.', '-'])
    });
    let digest_ok = digest.is_none_or(|digest| {
        let (algorithm, hex) = digest.split_once(':').unwrap_or(("", ""));
        algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
            && hex.len() >= 32
            && hex.bytes().all(|b| b.is_ascii_hexdigit())
    });
    let (domain, path) = match name.split_once('/') {
        Some((domain, path))
            if domain.contains(['.', ':'])
                || domain == "localhost"
                || domain.bytes().any(|b| b.is_ascii_uppercase()) =>
        {
            (Some(domain), path)
        }
        _ => (None, name),
    };
    let domain_ok = domain.is_none_or(|domain| {
        let (host, port) = domain.rsplit_once(':').unwrap_or((domain, "0"));
        let label = |l: &str| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-');
        let host_ok = host.split('.').all(label)
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        host_ok && !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())
    });
    let component = |c: &str| {
        let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let (Some(first), Some(last)) = (c.bytes().next(), c.bytes().last()) else {
            return false;
        };
        let dots = c.contains("..") || c.contains("___") || c.contains("._") || c.contains("_.");
        word(first) && word(last) && !dots && c.bytes().all(|b| word(b) || matches!(b, b'.' | b'_' | b'-'))
    };
    let path_ok = path.split('/').all(component) && name.len() <= 255;
    (tag_ok && digest_ok && domain_ok && path_ok).then_some((tag, digest))
}

fn volume(volume: &mut Value) {
    let sources = volume.members().iter().filter(|(key, _)| key != "name").count();
    if sources == 0 {
        volume.set("emptyDir", empty());
    }
    for key in ["secret", "configMap", "downwardAPI", "projected"] {
        if let Some(source) = get_mut(volume, key) {
            fill(source, "defaultMode", 0o644);
        }
    }
    if let Some(Value::Str(limit)) = at_mut(volume, &["emptyDir", "sizeLimit"]) {
        *limit = canonical(limit);
    }
    if let Some(items) = get_mut(volume, "downwardAPI") {
        downward(items);
    }
    if let Some(host) = get_mut(volume, "hostPath") {
        fill(host, "type", "");
    }
    if let Some(projected) = get_mut(volume, "projected") {
        for source in list_mut(projected, "sources") {
            if let Some(token) = get_mut(source, "serviceAccountToken") {
                fill(token, "expirationSeconds", 3600);
            }
            if let Some(items) = get_mut(source, "downwardAPI") {
                downward(items);
            }
        }
    }
    if let Some(image) = get_mut(volume, "image") {
        let policy = if always_pulled(text(image, "reference")) {
            "Always"
        } else {
            "IfNotPresent"
        };
        fill_text(image, "pullPolicy", policy);
    }
    if let Some(iscsi) = get_mut(volume, "iscsi") {
        fill_text(iscsi, "iscsiInterface", "default");
    }
    if let Some(rbd) = get_mut(volume, "rbd") {
        fill_text(rbd, "pool", "rbd");
        fill_text(rbd, "user", "admin");
        fill_text(rbd, "keyring", "/etc/ceph/keyring");
    }
    if let Some(disk) = get_mut(volume, "azureDisk") {
        fill_text(disk, "cachingMode", "ReadWrite");
        fill_text(disk, "kind", "Shared");
        fill_text(disk, "fsType", "ext4");
        fill(disk, "readOnly", false);
    }
    if let Some(scale) = get_mut(volume, "scaleIO") {
        fill_text(scale, "storageMode", "ThinProvisioned");
        fill_text(scale, "fsType", "xfs");
    }
    if let Some(spec) = at_mut(volume, &["ephemeral", "volumeClaimTemplate", "spec"]) {
        claim_spec(spec);
    }
}

fn downward(source: &mut Value) {
    for item in list_mut(source, "items") {
        if let Some(field) = get_mut(item, "fieldRef") {
            fill_text(field, "apiVersion", "v1");
        }
        if let Some(resource) = get_mut(item, "resourceFieldRef") {
            divisor(resource);
        }
    }
}

fn divisor(resource: &mut Value) {
    fill(resource, "divisor", "0");
    if let Some(Value::Str(divisor)) = get_mut(resource, "divisor") {
        *divisor = canonical(divisor);
    }
}

fn claim_spec(spec: &mut Value) {
    fill_text(spec, "volumeMode", "Filesystem");
    if let Some(resources) = get_mut(spec, "resources") {
        canonical_resources(resources);
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

fn service(raw: &mut Value) {
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

fn workload(raw: &mut Value, kind: &str) {
    let labels = template_path(kind)
        .and_then(|path| raw.at(path))
        .and_then(|t| t.at(&["metadata", "labels"]))
        .cloned();
    if let ("Job" | "ReplicationController", Some(labels)) = (kind, labels)
        && raw
            .at(&["metadata", "labels"])
            .is_none_or(|own| own.members().is_empty())
    {
        raw.entry("metadata").set("labels", labels);
    }
    let Some(spec) = get_mut(raw, "spec") else { return };
    match kind {
        "Deployment" => {
            fill(spec, "replicas", 1);
            fill(spec, "revisionHistoryLimit", 10);
            fill(spec, "progressDeadlineSeconds", 600);
            let strategy = spec.entry("strategy");
            fill_text(strategy, "type", "RollingUpdate");
            if text(strategy, "type") == "RollingUpdate" {
                let rolling = strategy.entry("rollingUpdate");
                fill(rolling, "maxUnavailable", "25%");
                fill(rolling, "maxSurge", "25%");
            }
        }
        "ReplicaSet" | "ReplicationController" => fill(spec, "replicas", 1),
        "StatefulSet" => {
            fill(spec, "replicas", 1);
            fill(spec, "revisionHistoryLimit", 10);
            fill_text(spec, "podManagementPolicy", "OrderedReady");
            let strategy = spec.entry("updateStrategy");
            fill_text(strategy, "type", "RollingUpdate");
            if text(strategy, "type") == "RollingUpdate" {
                fill(strategy.entry("rollingUpdate"), "partition", 0);
            }
            let retention = spec.entry("persistentVolumeClaimRetentionPolicy");
            fill_text(retention, "whenDeleted", "Retain");
            fill_text(retention, "whenScaled", "Retain");
            for claim in list_mut(spec, "volumeClaimTemplates") {
                if let Some(spec) = get_mut(claim, "spec") {
                    claim_spec(spec);
                }
            }
        }
        "DaemonSet" => {
            fill(spec, "revisionHistoryLimit", 10);
            let strategy = spec.entry("updateStrategy");
            fill_text(strategy, "type", "RollingUpdate");
            if text(strategy, "type") == "RollingUpdate" {
                let rolling = strategy.entry("rollingUpdate");
                fill(rolling, "maxUnavailable", 1);
                fill(rolling, "maxSurge", 0);
            }
        }
        "Job" => job_spec(spec),
        "CronJob" => {
            fill_text(spec, "concurrencyPolicy", "Allow");
            fill(spec, "suspend", false);
            fill(spec, "successfulJobsHistoryLimit", 3);
            fill(spec, "failedJobsHistoryLimit", 1);
            if let Some(job) = at_mut(spec, &["jobTemplate", "spec"]) {
                job_spec(job);
            }
        }
        "PersistentVolumeClaim" => claim_spec(spec),
        _ => {}
    }
}

fn job_spec(spec: &mut Value) {
    if spec.get("completions").is_none() && spec.get("parallelism").is_none() {
        spec.set("completions", 1.into());
    }
    fill(spec, "parallelism", 1);
    let limit = if spec.get("backoffLimitPerIndex").is_some() {
        i64::from(i32::MAX)
    } else {
        6
    };
    fill(spec, "backoffLimit", limit);
    fill_text(spec, "completionMode", "NonIndexed");
    fill(spec, "suspend", false);
    let replacement = if spec.get("podFailurePolicy").is_some() {
        "Failed"
    } else {
        "TerminatingOrFailed"
    };
    fill_text(spec, "podReplacementPolicy", replacement);
}

#[cfg(test)]
mod tests {
    use super::always_pulled;

    #[test]
    fn the_pull_policy_depends_on_the_tag() {
        for (image, always) in [
            ("nginx", true),
            ("nginx:latest", true),
            ("nginx:1.25", false),
            ("host:5000/nginx", true),
            ("host:5000/nginx:1", false),
            ("nginx@sha256:0123456789abcdef0123456789abcdef", false),
            ("nginx:latest@sha256:0123456789abcdef0123456789abcdef", true),
            ("<your-image>", false),
            ("Nginx", false),
            ("registry.k8s.io/e2e-test-images/agnhost:2.39", false),
            ("localhost/a__b", true),
        ] {
            assert_eq!(always_pulled(image), always, "{image}");
        }
    }
}
