//! Fields of Pods and Pod templates that are read and not simulated: each is named at its place, so that nobody trusts a
//! run in which a field of theirs did nothing.

use super::fields::{list, text};
use super::kinds::template_path;
use crate::manifest::Value;

/// `managedBy` of a Job that the Job controller runs.
pub const JOB_CONTROLLER: &str = "kubernetes.io/job-controller";

/// Fields of a Pod's spec, and what the simulation does instead.
const POD: [(&str, &str); 11] = [
    ("runtimeClassName", "no RuntimeClass is looked up"),
    ("imagePullSecrets", "the registry asks nobody for a name"),
    ("overhead", "it counts for nothing"),
    ("resources", "limits and requests of the whole Pod count for nothing"),
    ("resourceClaims", "no device is claimed or waited for"),
    ("dnsConfig", "names are found as without it"),
    ("hostPID", "the node's processes are not seen"),
    ("hostIPC", "it changes nothing"),
    ("setHostnameAsFQDN", "the host name stays short"),
    ("schedulingGroup", "the Pod is scheduled by itself"),
    ("hostUsers", "it changes nothing"),
];

/// Fields of the security context of a Pod or container. `runAsNonRoot` is looked at when a container is started, and
/// `runAsUser` only for that.
const SECURITY: [(&str, &str); 8] = [
    ("sysctls", "no sysctl is set, though one that is not safe is refused"),
    ("runAsUser", "files have no owners, and nothing is denied"),
    ("fsGroup", "files have no owners, and nothing is denied"),
    ("capabilities", "none is missing"),
    (
        "readOnlyRootFilesystem",
        "only scripts are denied to write, servers run on",
    ),
    ("appArmorProfile", "no profile is loaded or missing"),
    ("seccompProfile", "no profile is loaded or missing"),
    ("seLinuxOptions", "no label is set"),
];

/// Volumes that are simulated.
const VOLUMES: [&str; 8] = [
    "name",
    "configMap",
    "secret",
    "emptyDir",
    "hostPath",
    "projected",
    "downwardAPI",
    "persistentVolumeClaim",
];

/// Path and text of each remark about a Pod, or about the template of a kind that owns Pods.
pub fn unsupported(raw: &Value, kind: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    if kind == "Pod" {
        pod_spec(&mut all, raw.get("spec"), "spec");
    } else if let Some(path) = template_path(kind) {
        let spec = raw.at(path).and_then(|template| template.get("spec"));
        pod_spec(&mut all, spec, &format!("{}.spec", path.join(".")));
    }
    all
}

/// Code, path and text of what is taken for granted about an object where a cluster would have more to do.
pub fn assumed(raw: &Value, kind: &str) -> Option<(&'static str, &'static str, &'static str)> {
    const BOUND: &str = "assumed: a claim is bound as soon as it is made, to an empty volume";
    const LEFT_ALONE: &str = "managedBy names another controller, which is not simulated: the Job makes no Pods";
    let names_other = |path: &str| {
        let keys: Vec<&str> = path.split('.').collect();
        let by = raw.at(&keys).and_then(Value::as_str);
        by.is_some_and(|by| by != JOB_CONTROLLER)
    };
    let job = |path| names_other(path).then_some(("not-modelled", path, LEFT_ALONE));
    match kind {
        "PersistentVolumeClaim" => Some(("assumed", "kind", BOUND)),
        "StatefulSet" if !list(raw.get("spec")?, "volumeClaimTemplates").is_empty() => {
            Some(("assumed", "spec.volumeClaimTemplates", BOUND))
        }
        "Job" => job("spec.managedBy"),
        "CronJob" => job("spec.jobTemplate.spec.managedBy"),
        _ => None,
    }
}

fn pod_spec(all: &mut Vec<(String, String)>, spec: Option<&Value>, path: &str) {
    let Some(spec) = spec else { return };
    each(all, Some(spec), path, &POD);
    let security = spec.get("securityContext");
    each(all, security, &format!("{path}.securityContext"), &SECURITY);
    for key in ["initContainers", "containers"] {
        for (index, c) in list(spec, key).iter().enumerate() {
            container(all, c, &format!("{path}.{key}[{index}]"));
        }
    }
    for (index, volume) in list(spec, "volumes").iter().enumerate() {
        let at = format!("{path}.volumes[{index}]");
        let other = |(key, _): &&(String, Value)| !VOLUMES.contains(&key.as_str());
        if let Some((kind, _)) = volume.members().iter().find(other) {
            each(
                all,
                Some(volume),
                &at,
                &[(kind, "the volume is there at once and empty")],
            );
        }
        let limit = [("sizeLimit", "nobody is evicted for what is written")];
        each(all, volume.get("emptyDir"), &format!("{at}.emptyDir"), &limit);
        let kind = [("type", "the node's directories are not known, and none is missing")];
        let host = volume.get("hostPath");
        let file = host.is_some_and(|host| matches!(text(host, "type"), "File" | "FileOrCreate"));
        each(all, host.filter(|_| !file), &format!("{at}.hostPath"), &kind);
    }
}

fn container(all: &mut Vec<(String, String)>, c: &Value, at: &str) {
    each(all, Some(c), at, &[("volumeDevices", "the container has no device")]);
    each(
        all,
        c.get("securityContext"),
        &format!("{at}.securityContext"),
        &SECURITY[1..],
    );
    let claims = [("claims", "no device is claimed")];
    each(all, c.get("resources"), &format!("{at}.resources"), &claims);
    for stage in ["postStart", "preStop"] {
        let hook = c.at(&["lifecycle", stage]);
        let fields = [("tcpSocket", "a hook has no such handler, and fails")];
        let at = format!("{at}.lifecycle.{stage}");
        each(all, hook, &at, &fields);
        let get = hook.and_then(|hook| hook.get("httpGet"));
        let get = get.filter(|get| text(get, "scheme") == "HTTPS");
        each(
            all,
            get,
            &format!("{at}.httpGet"),
            &[("scheme", "servers speak plain HTTP, and the hook falls back to it")],
        );
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let get = c.at(&[probe, "httpGet"]).filter(|get| text(get, "scheme") == "HTTPS");
        let fields = [("scheme", "TLS is answered as if it were plain HTTP")];
        each(all, get, &format!("{at}.{probe}.httpGet"), &fields);
    }
}

/// Remarks on those of the fields that are set.
fn each(all: &mut Vec<(String, String)>, of: Option<&Value>, at: &str, fields: &[(&str, &str)]) {
    for (name, instead) in fields {
        if of.and_then(|of| of.get(name)).is_some_and(|value| !empty(value)) {
            all.push((
                format!("{at}.{name}"),
                format!("the field {name} is not supported: {instead}"),
            ));
        }
    }
}

/// Whether a value asks for nothing.
fn empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Map(members) => members.is_empty(),
        Value::Seq(items) => items.is_empty(),
        Value::Str(text) => text.is_empty(),
        _ => false,
    }
}
