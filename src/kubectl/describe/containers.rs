//! The blocks of containers, of a Pod and of a template.

use super::resources;
use super::writer::{Writer, time, truth};
use crate::kubectl::fields::Fields;
use crate::machine::Client;
use crate::manifest::Value;

/// The containers of a Pod: init containers, containers, ephemeral containers.
pub(super) fn of_pod(out: &mut Writer, pod: Fields, client: Client) {
    for (label, spec, status) in [
        ("Init Containers", "initContainers", "initContainerStatuses"),
        ("Containers", "containers", "containerStatuses"),
        (
            "Ephemeral Containers",
            "ephemeralContainers",
            "ephemeralContainerStatuses",
        ),
    ] {
        let containers = pod.items(&["spec", spec]);
        if containers.is_empty() && spec != "containers" {
            continue;
        }
        out.line(0, &label_line(label, containers));
        for container in containers.iter().map(Fields) {
            let name = container.text(&["name"]);
            let statuses = pod.items(&["status", status]).iter().map(Fields);
            let status = statuses.into_iter().find(|s| s.text(&["name"]) == name);
            out.line(1, &format!("{name}:"));
            one(out, Some(pod), container, status, client);
        }
    }
}

/// The containers of a template, which have no status. Names stand one blank further in than those of a Pod.
pub(super) fn of_template(out: &mut Writer, spec: Fields, client: Client) {
    for (label, field) in [("Init Containers", "initContainers"), ("Containers", "containers")] {
        let containers = spec.items(&[field]);
        if containers.is_empty() && field != "containers" {
            continue;
        }
        out.line(1, &label_line(label, containers));
        for container in containers.iter().map(Fields) {
            out.line(1, &format!(" {}:", container.text(&["name"])));
            one(out, None, container, None, client);
        }
    }
}

fn label_line(label: &str, containers: &[Value]) -> String {
    let none = if containers.is_empty() { " <none>" } else { "" };
    format!("{label}:{none}")
}

fn one(out: &mut Writer, pod: Option<Fields>, container: Fields, status: Option<Fields>, client: Client) {
    if let Some(status) = status {
        out.field(2, "Container ID", &status.text(&["containerID"]));
    }
    out.field(2, "Image", &container.text(&["image"]));
    if let Some(status) = status {
        out.field(2, "Image ID", &status.text(&["imageID"]));
    }
    ports(out, container, client);
    let profile = |key: &str| container.text(&["securityContext", "seccompProfile", key]);
    if !profile("type").is_empty() {
        out.field(2, "SeccompProfile", &profile("type"));
        if !profile("localhostProfile").is_empty() {
            out.field(3, "LocalhostProfile", &profile("localhostProfile"));
        }
    }
    for (label, field) in [("Command", "command"), ("Args", "args")] {
        let words = container.items(&[field]);
        if !words.is_empty() {
            out.line(2, &format!("{label}:"));
        }
        for word in words {
            for line in crate::kubectl::jsonpath::bare(word).split('\n') {
                out.line(3, line);
            }
        }
    }
    if let Some(status) = status {
        state(out, "State", status.0.get("state"));
        if status.0.at(&["lastState", "terminated"]).is_some() {
            state(out, "Last State", status.0.get("lastState"));
        }
        out.field(2, "Ready", truth(status.is_true(&["ready"])));
        out.field(2, "Restart Count", &status.number(&["restartCount"]));
    }
    for (label, field) in [("Limits", "limits"), ("Requests", "requests")] {
        resources::amounts(out, 2, label, container.0.at(&["resources", field]));
    }
    for (label, field) in [
        ("Liveness", "livenessProbe"),
        ("Readiness", "readinessProbe"),
        ("Startup", "startupProbe"),
    ] {
        if let Some(given) = container.0.get(field) {
            out.field(2, label, &probe(Fields(given)));
        }
    }
    environment(out, pod, container);
    mounts(out, container);
}

fn ports(out: &mut Writer, container: Fields, client: Client) {
    let list = |field: &str| {
        let ports = container.items(&["ports"]).iter().map(Fields);
        let texts = ports.map(|p| {
            let name = match p.text(&["name"]) {
                name if client.is_new() && !name.is_empty() => format!(" ({name})"),
                _ => String::new(),
            };
            format!("{}/{}{name}", p.int(&[field]), p.text_or(&["protocol"], "TCP"))
        });
        texts.collect::<Vec<_>>().join(", ")
    };
    for (one, many, field) in [
        ("Port", "Ports", "containerPort"),
        ("Host Port", "Host Ports", "hostPort"),
    ] {
        let text = list(field);
        let label = if text.contains(',') { many } else { one };
        out.field(2, label, if text.is_empty() { "<none>" } else { &text });
    }
}

fn state(out: &mut Writer, label: &str, state: Option<&Value>) {
    let of = |key: &str| state.and_then(|s| s.get(key)).map(Fields);
    if let Some(running) = of("running") {
        out.field(2, label, "Running");
        out.field(3, "Started", &time(running.0.get("startedAt")));
    } else if let Some(waiting) = of("waiting") {
        out.field(2, label, "Waiting");
        let reason = waiting.text(&["reason"]);
        if !reason.is_empty() {
            out.field(3, "Reason", &reason);
        }
    } else if let Some(ended) = of("terminated") {
        out.field(2, label, "Terminated");
        for (name, field) in [("Reason", "reason"), ("Message", "message")] {
            let text = ended.text(&[field]);
            if !text.is_empty() {
                out.field(3, name, &text);
            }
        }
        out.field(3, "Exit Code", &ended.number(&["exitCode"]));
        if ended.int(&["signal"]) > 0 {
            out.field(3, "Signal", &ended.number(&["signal"]));
        }
        out.field(3, "Started", &time(ended.0.get("startedAt")));
        out.field(3, "Finished", &time(ended.0.get("finishedAt")));
    } else {
        out.field(2, label, "Waiting");
    }
}

/// A probe in one line.
fn probe(p: Fields) -> String {
    let port = |path: &[&str]| p.0.at(path).map(crate::kubectl::jsonpath::bare).unwrap_or_default();
    let what = if p.0.get("exec").is_some() {
        let words: Vec<String> = p
            .items(&["exec", "command"])
            .iter()
            .map(crate::kubectl::jsonpath::bare)
            .collect();
        format!("exec [{}]", words.join(" "))
    } else if p.0.get("httpGet").is_some() {
        let scheme = p.text_or(&["httpGet", "scheme"], "HTTP").to_ascii_lowercase();
        let (host, path) = (p.text(&["httpGet", "host"]), p.text(&["httpGet", "path"]));
        let slash = if path.starts_with('/') || path.is_empty() {
            ""
        } else {
            "/"
        };
        format!("http-get {scheme}://{host}:{}{slash}{path}", port(&["httpGet", "port"]))
    } else if p.0.get("tcpSocket").is_some() {
        let host = p.text(&["tcpSocket", "host"]);
        format!("tcp-socket {host}:{}", port(&["tcpSocket", "port"]))
    } else if p.0.get("grpc").is_some() {
        format!(
            "grpc <pod>:{} {}",
            port(&["grpc", "port"]),
            p.text(&["grpc", "service"])
        )
    } else {
        "unknown".to_owned()
    };
    format!(
        "{what} delay={}s timeout={}s period={}s #success={} #failure={}",
        p.int(&["initialDelaySeconds"]),
        p.int(&["timeoutSeconds"]),
        p.int(&["periodSeconds"]),
        p.int(&["successThreshold"]),
        p.int(&["failureThreshold"])
    )
}

fn environment(out: &mut Writer, pod: Option<Fields>, container: Fields) {
    let whole = container.items(&["envFrom"]);
    if !whole.is_empty() {
        out.line(2, "Environment Variables from:");
    }
    for source in whole.iter().map(Fields) {
        let (kind, field) = match source.0.get("configMapRef") {
            Some(_) => ("ConfigMap", "configMapRef"),
            None => ("Secret", "secretRef"),
        };
        let prefix = match source.text(&["prefix"]).as_str() {
            "" => String::new(),
            prefix => format!(" with prefix '{prefix}'"),
        };
        let (name, optional) = (source.text(&[field, "name"]), source.is_true(&[field, "optional"]));
        out.line(3, &format!("{name}\t{kind}{prefix}\tOptional: {optional}"));
    }
    let vars = container.items(&["env"]);
    if vars.is_empty() {
        out.field(2, "Environment", "<none>");
        return;
    }
    out.line(2, "Environment:");
    for var in vars.iter().map(Fields) {
        variable(out, pod, container, var);
    }
}

fn variable(out: &mut Writer, pod: Option<Fields>, container: Fields, var: Fields) {
    let name = var.text(&["name"]);
    let at = |path: &[&str]| var.text(path);
    let Some(source) = var.0.get("valueFrom") else {
        let value = at(&["value"]);
        for (index, line) in value.split('\n').enumerate() {
            let label = if index == 0 { format!("{name}:") } else { String::new() };
            out.line(3, &format!("{label}\t{line}"));
        }
        return;
    };
    let optional = |key: &str| var.is_true(&["valueFrom", key, "optional"]);
    let text = if source.get("fieldRef").is_some() {
        let path = at(&["valueFrom", "fieldRef", "fieldPath"]);
        let version = var.text_or(&["valueFrom", "fieldRef", "apiVersion"], "v1");
        let value = pod.map(|pod| resources::metadata(pod, &path)).unwrap_or_default();
        format!("{value} ({version}:{path})")
    } else if source.get("resourceFieldRef").is_some() {
        let resource = at(&["valueFrom", "resourceFieldRef", "resource"]);
        let value = resources::of_container(container, Fields(source));
        format!("{value} ({resource})")
    } else if source.get("secretKeyRef").is_some() {
        let (key, from) = (
            at(&["valueFrom", "secretKeyRef", "key"]),
            at(&["valueFrom", "secretKeyRef", "name"]),
        );
        format!(
            "<set to the key '{key}' in secret '{from}'>\tOptional: {}",
            optional("secretKeyRef")
        )
    } else if source.get("configMapKeyRef").is_some() {
        let (key, from) = (
            at(&["valueFrom", "configMapKeyRef", "key"]),
            at(&["valueFrom", "configMapKeyRef", "name"]),
        );
        format!(
            "<set to the key '{key}' of config map '{from}'>\tOptional: {}",
            optional("configMapKeyRef")
        )
    } else {
        String::new()
    };
    out.line(3, &format!("{name}:\t{text}"));
}

fn mounts(out: &mut Writer, container: Fields) {
    let mut mounts: Vec<Fields> = container.items(&["volumeMounts"]).iter().map(Fields).collect();
    crate::sort::sort_by_key(&mut mounts, |m| m.text(&["mountPath"]));
    if mounts.is_empty() {
        out.field(2, "Mounts", "<none>");
    } else {
        out.line(2, "Mounts:");
    }
    for mount in mounts {
        let mut how = if mount.is_true(&["readOnly"]) { "ro" } else { "rw" }.to_owned();
        let sub = mount.text(&["subPath"]);
        if !sub.is_empty() {
            how.push_str(&format!(",path={sub:?}"));
        }
        let (path, name) = (mount.text(&["mountPath"]), mount.text(&["name"]));
        out.line(3, &format!("{path} from {name} ({how})"));
    }
    let devices = container.items(&["volumeDevices"]);
    if !devices.is_empty() {
        out.line(2, "Devices:");
    }
    for device in devices.iter().map(Fields) {
        let (path, name) = (device.text(&["devicePath"]), device.text(&["name"]));
        out.line(3, &format!("{path} from {name}"));
    }
}
