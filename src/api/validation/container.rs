//! Containers of all three sorts. Twin of `validation.go → validateContainerCommon, validateContainers,
//! validateInitContainers, validateContainerPorts, ValidateVolumeMounts`, release 1.36 with
//! ContainerRestartRules and RestartAllContainersOnContainerExits on, as they are by default.

use super::error::Errors;
use super::meta::descending_path;
use super::names::{dns_label, port_name};
use super::path::Path;
use super::pod::Place;
use super::probe::{port_number, probes};
use super::{env, resources, security};
use crate::api::fields::{flag, int, list, text};
use crate::manifest::Value;
use crate::map::Set;

/// What containers need to know of their Pod.
#[derive(Debug)]
pub struct Pod<'v> {
    /// The Pod's spec.
    pub spec: &'v Value,
    /// Volumes without errors.
    pub volumes: Set<&'v str>,
    /// Seconds of grace.
    pub grace: i64,
}

const NO_PROBES: &str = "may not be set for init containers without restartPolicy=Always";

/// `containers`, then `initContainers`.
pub fn containers(pod: &Pod, path: &Path, errors: &mut Errors) {
    let at = path.field("containers");
    let all = list(pod.spec, "containers");
    if all.is_empty() {
        errors.required(&at, "");
    }
    let mut names: Set<&str> = Set::new();
    for (index, container) in all.iter().enumerate() {
        let at = at.index(index);
        common(container, pod, &at, errors);
        let name = text(container, "name");
        if !name.is_empty() && !names.insert(name) {
            errors.duplicate(&at.field("name"), name);
        }
        probes(container, &at, pod.grace, errors);
        restart_policy(container, &at, errors);
    }
    host_ports(all, &at, errors);
    init_containers(pod, &names, path, errors);
}

fn init_containers<'v>(pod: &Pod<'v>, apps: &Set<&'v str>, path: &Path, errors: &mut Errors) {
    let list_path = path.field("initContainers");
    let mut names = apps.clone();
    for (index, container) in list(pod.spec, "initContainers").iter().enumerate() {
        let at = list_path.index(index);
        common(container, pod, &at, errors);
        restart_policy(container, &at, errors);
        let name = text(container, "name");
        if !name.is_empty() && !names.insert(name) {
            errors.duplicate(&at.field("name"), name);
        }
        // They run one by one, so only their own ports can clash.
        host_ports(std::slice::from_ref(container), &list_path, errors);
        if text(container, "restartPolicy") == "Always" {
            probes(container, &at, pod.grace, errors);
        } else {
            for key in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
                if container.get(key).is_some() {
                    errors.forbidden(&at.field(key), NO_PROBES);
                }
            }
        }
    }
}

/// What is checked of every container.
fn common(container: &Value, pod: &Pod, path: &Path, errors: &mut Errors) {
    let name = text(container, "name");
    if name.is_empty() {
        errors.required(&path.field("name"), "");
    } else {
        errors.each(&path.field("name"), name, dns_label(name));
    }
    if text(container, "image").is_empty() {
        errors.required(&path.field("image"), "");
    }
    let policy = path.field("terminationMessagePolicy");
    errors.one_of(
        &policy,
        text(container, "terminationMessagePolicy"),
        &["File", "FallbackToLogsOnError"],
    );
    ports(container, path, errors);
    env::env(container, path, errors);
    env::env_from(container, path, errors);
    mounts(container, pod, path, errors);
    devices(container, pod, path, errors);
    let policy = path.field("imagePullPolicy");
    errors.one_of(
        &policy,
        text(container, "imagePullPolicy"),
        &["Always", "IfNotPresent", "Never"],
    );
    if let Some(found) = container.get("resources") {
        resources::container(found, &path.field("resources"), errors);
    }
    resources::resize_policy(container, path, text(pod.spec, "restartPolicy"), errors);
    security::container(container, &path.field("securityContext"), errors);
}

fn ports(container: &Value, path: &Path, errors: &mut Errors) {
    let path = path.field("ports");
    let mut names: Set<&str> = Set::new();
    for (index, port) in list(container, "ports").iter().enumerate() {
        let at = path.index(index);
        let name = text(port, "name");
        if !name.is_empty() {
            let wrong = port_name(name);
            if !wrong.is_empty() {
                errors.each(&at.field("name"), name, wrong);
            } else if !names.insert(name) {
                errors.duplicate(&at.field("name"), name);
            }
        }
        match int(port, "containerPort").unwrap_or(0) {
            0 => errors.required(&at.field("containerPort"), ""),
            number => port_number(number, &at.field("containerPort"), errors),
        }
        if let Some(number) = int(port, "hostPort").filter(|n| *n != 0) {
            port_number(number, &at.field("hostPort"), errors);
        }
        errors.one_of(&at.field("protocol"), text(port, "protocol"), &["SCTP", "TCP", "UDP"]);
    }
}

/// Ports of the node can be taken only once: by protocol, address and number.
fn host_ports(containers: &[Value], path: &Path, errors: &mut Errors) {
    let mut taken: Set<String> = Set::new();
    for (c, container) in containers.iter().enumerate() {
        let at = path.index(c);
        let ports = at.field("ports");
        for (p, port) in list(container, "ports").iter().enumerate() {
            let Some(number) = int(port, "hostPort").filter(|n| *n != 0) else {
                continue;
            };
            let key = format!("{}/{}/{number}", text(port, "protocol"), text(port, "hostIP"));
            if !taken.insert(key.clone()) {
                errors.duplicate(&ports.index(p).field("hostPort"), &key);
            }
        }
    }
}

/// With the node's network, a port of the container is one of the node.
/// In a template no port of the node may be given: its Pods get it as a default.
pub fn host_network_ports(spec: &Value, path: &Path, place: Place, errors: &mut Errors) {
    if !flag(spec, "hostNetwork") {
        return;
    }
    let all = path.field("containers");
    for (c, container) in list(spec, "containers").iter().enumerate() {
        let at = all.index(c);
        let ports = at.field("ports");
        for (p, port) in list(container, "ports").iter().enumerate() {
            let number = |key: &str| int(port, key).unwrap_or(0);
            let host = number("hostPort");
            let is_given = host != 0 || place == Place::Pod;
            if is_given && host != number("containerPort") {
                let detail = "must match `containerPort` when `hostNetwork` is true";
                errors.invalid_int(&ports.index(p).field("hostPort"), host, detail);
            }
        }
    }
}

fn mounts(container: &Value, pod: &Pod, path: &Path, errors: &mut Errors) {
    let path = path.field("volumeMounts");
    let device = |key: &str| -> Set<&str> { list(container, "volumeDevices").iter().map(|d| text(d, key)).collect() };
    let (device_names, device_paths) = (device("name"), device("devicePath"));
    let mut places: Set<&str> = Set::new();
    for (index, mount) in list(container, "volumeMounts").iter().enumerate() {
        let at = path.index(index);
        let (name, place) = (text(mount, "name"), text(mount, "mountPath"));
        if name.is_empty() {
            errors.required(&at.field("name"), "");
        }
        if !pod.volumes.contains(name) {
            errors.not_found(&at.field("name"), name);
        }
        if place.is_empty() {
            errors.required(&at.field("mountPath"), "");
        }
        if !places.insert(place) {
            errors.invalid_text(&at.field("mountPath"), place, "must be unique");
        }
        if device_names.contains(name) {
            errors.invalid_text(&at.field("name"), name, "must not already exist in volumeDevices");
        }
        if device_paths.contains(place) {
            errors.invalid_text(
                &at.field("mountPath"),
                place,
                "must not already exist as a path in volumeDevices",
            );
        }
        // The API server names the list here, not the item.
        let (sub, expression) = (text(mount, "subPath"), text(mount, "subPathExpr"));
        if !sub.is_empty() {
            descending_path(sub, &path.field("subPath"), errors);
        }
        if !expression.is_empty() {
            let at = path.field("subPathExpr");
            if !sub.is_empty() {
                errors.invalid_text(&at, expression, "subPathExpr and subPath are mutually exclusive");
            }
            descending_path(expression, &at, errors);
        }
        propagation(mount, container, &path, errors);
    }
}

fn propagation(mount: &Value, container: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("mountPropagation");
    let wanted = mount.get("mountPropagation").map(|_| text(mount, "mountPropagation"));
    if let Some(wanted) = wanted {
        errors.one_of(&at, wanted, &["Bidirectional", "HostToContainer", "None"]);
        let privileged = container.get("securityContext").is_some_and(|s| flag(s, "privileged"));
        if wanted == "Bidirectional" && !privileged {
            errors.forbidden(
                &at,
                "Bidirectional mount propagation is available only to privileged containers",
            );
        }
    }
    if mount.get("recursiveReadOnly").is_some() {
        let at = path.field("recursiveReadOnly");
        match text(mount, "recursiveReadOnly") {
            "Disabled" => {}
            "Enabled" | "IfPossible" => {
                if !flag(mount, "readOnly") {
                    errors.forbidden(&at, "may only be specified when readOnly is true");
                }
                if wanted.is_some_and(|w| w != "None") {
                    let detail = "may only be specified when mountPropagation is None or not specified";
                    errors.forbidden(&at, detail);
                }
            }
            other => errors.unsupported(&at, other, &["Disabled", "Enabled", "IfPossible"]),
        }
    }
}

fn devices(container: &Value, pod: &Pod, path: &Path, errors: &mut Errors) {
    let path = path.field("volumeDevices");
    if list(container, "volumeDevices").is_empty() {
        return;
    }
    let claims = |v: &&Value| v.get("persistentVolumeClaim").is_some() || v.get("ephemeral").is_some();
    let volumes = list(pod.spec, "volumes").iter().filter(claims);
    let block: Set<&str> = volumes.map(|v| text(v, "name")).collect();
    let mut places: Set<&str> = Set::new();
    let mut names: Set<&str> = Set::new();
    for (index, device) in list(container, "volumeDevices").iter().enumerate() {
        let at = path.index(index);
        let (name, place) = (text(device, "name"), text(device, "devicePath"));
        if name.is_empty() {
            errors.required(&at.field("name"), "");
        }
        if !names.insert(name) {
            errors.invalid_text(&at.field("name"), name, "must be unique");
        }
        if pod.volumes.contains(name) && !block.contains(name) {
            let detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
            errors.invalid_text(&at.field("name"), name, detail);
        }
        if !pod.volumes.contains(name) {
            errors.not_found(&at.field("name"), name);
        }
        if place.is_empty() {
            errors.required(&at.field("devicePath"), "");
        }
        if places.contains(place) {
            errors.invalid_text(&at.field("devicePath"), place, "must be unique");
        }
        if place.contains("..") {
            errors.invalid_text(&at.field("devicePath"), place, "can not contain backsteps ('..')");
        } else {
            places.insert(place);
        }
    }
}

/// `restartPolicy` and `restartPolicyRules` of a container.
fn restart_policy(container: &Value, path: &Path, errors: &mut Errors) {
    let policy = container.get("restartPolicy").map(|_| text(container, "restartPolicy"));
    if let Some(policy) = policy {
        errors.one_of(&path.field("restartPolicy"), policy, &["Always", "Never", "OnFailure"]);
    }
    let rules = list(container, "restartPolicyRules");
    if rules.is_empty() {
        return;
    }
    if policy.is_none() {
        let detail = "must specify restartPolicy when restart rules are used";
        errors.required(&path.field("restartPolicy"), detail);
    }
    let at = path.field("restartPolicyRules");
    if rules.len() > 20 {
        errors.too_many(&at, rules.len(), 20);
    }
    for (index, rule) in rules.iter().enumerate() {
        let at = at.index(index);
        errors.one_of(
            &at.field("action"),
            text(rule, "action"),
            &["Restart", "RestartAllContainers"],
        );
        let codes = at.field("exitCodes");
        let Some(found) = rule.get("exitCodes") else {
            errors.required(&codes, "must be specified");
            continue;
        };
        errors.one_of(&codes.field("operator"), text(found, "operator"), &["In", "NotIn"]);
        let count = list(found, "values").len();
        if count > 255 {
            errors.too_many(&codes.field("values"), count, 255);
        }
    }
}
