//! Compose files: each service becomes a Deployment, and a Service where it has ports.

use super::{line_at, name_of, quoted, scalar, whole};
use crate::manifest::{Diagnostic, Node, NodeKind};

/// What is said about a compose file, with the objects that are closest to its services.
pub fn compose(text: &str, root: &Node) -> Option<Diagnostic> {
    let services = root.get("services").filter(|_| root.get("kind").is_none())?;
    let known = |entry: &&crate::manifest::Entry| {
        ["image", "build", "ports", "command", "environment"]
            .iter()
            .any(|key| entry.value.get(key).is_some())
    };
    services.entries().iter().find(known)?;
    let mut out = String::new();
    for entry in services.entries() {
        deployment(&name_of(&entry.key), &entry.value, &mut out);
    }
    let at = root.range.start as usize;
    let message = "this is a compose file, not a manifest: turn its services into Deployments and Services".to_owned();
    Some(whole(
        text,
        "compose",
        line_at(text, at),
        message,
        Some(("Turn into a manifest", out)),
    ))
}

/// A port of a container, and the one it is published at.
fn ports(service: &Node) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for port in service.get("ports").map_or(&[][..], Node::items) {
        let text = scalar(port).unwrap_or("").split('/').next().unwrap_or("").to_owned();
        let (target, published) = match (port.get("target").and_then(scalar), text.as_str()) {
            (Some(target), _) => (
                target.to_owned(),
                port.get("published").and_then(scalar).unwrap_or(target).to_owned(),
            ),
            (None, text) => {
                let mut parts = text.rsplit(':');
                let target = parts.next().unwrap_or("").to_owned();
                (target.clone(), parts.next().unwrap_or(&target).to_owned())
            }
        };
        if target.parse::<u16>().is_ok() && published.parse::<u16>().is_ok() && !all.iter().any(|(t, _)| *t == target) {
            all.push((target, published));
        }
    }
    all
}

/// Names and values of the environment: a mapping, or a list of `A=b`.
fn environment(service: &Node) -> Vec<(String, String)> {
    let Some(node) = service.get("environment") else {
        return Vec::new();
    };
    let pairs = node
        .entries()
        .iter()
        .map(|entry| (entry.key.to_string(), scalar(&entry.value).unwrap_or("").to_owned()));
    let listed = node.items().iter().filter_map(scalar).map(|item| {
        let (key, value) = item.split_once('=').unwrap_or((item, ""));
        (key.to_owned(), value.to_owned())
    });
    pairs.chain(listed).collect()
}

/// A command line as a list.
fn words(node: &Node) -> String {
    let words: Vec<String> = match &node.kind {
        NodeKind::Seq(items) => items
            .iter()
            .filter_map(scalar)
            .map(|word| format!("{word:?}"))
            .collect(),
        _ => scalar(node)
            .unwrap_or("")
            .split_whitespace()
            .map(|word| format!("{word:?}"))
            .collect(),
    };
    words.join(", ")
}

fn deployment(name: &str, service: &Node, out: &mut String) {
    let first = out.is_empty();
    let mut line = |depth: usize, text: String| {
        out.push_str(&" ".repeat(depth));
        out.push_str(&text);
        out.push('\n');
    };
    if !first {
        line(0, "---".to_owned());
    }
    let replicas = service.at("deploy.replicas").and_then(scalar).unwrap_or("1");
    for text in ["apiVersion: apps/v1", "kind: Deployment", "metadata:"] {
        line(0, text.to_owned());
    }
    line(2, format!("name: {name}"));
    line(0, "spec:".to_owned());
    line(2, format!("replicas: {replicas}"));
    line(2, "selector:".to_owned());
    line(4, "matchLabels:".to_owned());
    line(6, format!("app: {name}"));
    line(2, "template:".to_owned());
    line(4, "metadata:".to_owned());
    line(6, "labels:".to_owned());
    line(8, format!("app: {name}"));
    line(4, "spec:".to_owned());
    line(6, "containers:".to_owned());
    line(6, format!("- name: {name}"));
    line(
        8,
        format!(
            "image: {}",
            service
                .get("image")
                .and_then(scalar)
                .map_or(format!("{name}:latest"), quoted)
        ),
    );
    for (from, to) in [("entrypoint", "command"), ("command", "args")] {
        let all = service.get(from).map(words).filter(|all| !all.is_empty());
        all.into_iter().for_each(|all| line(8, format!("{to}: [{all}]")));
    }
    let ports = ports(service);
    if !ports.is_empty() {
        line(8, "ports:".to_owned());
    }
    for (target, _) in &ports {
        line(8, format!("- containerPort: {target}"));
    }
    let environment = environment(service);
    if !environment.is_empty() {
        line(8, "env:".to_owned());
    }
    for (key, value) in &environment {
        line(8, format!("- name: {}", quoted(key)));
        line(10, format!("value: {value:?}"));
    }
    let volumes = volumes(service);
    if !volumes.is_empty() {
        line(8, "volumeMounts:".to_owned());
    }
    for (volume, path) in &volumes {
        line(8, format!("- name: {volume}"));
        line(10, format!("mountPath: {}", quoted(path)));
    }
    if !volumes.is_empty() {
        line(6, "volumes:".to_owned());
    }
    let mut seen: Vec<&str> = Vec::new();
    for (volume, _) in &volumes {
        if !seen.contains(&volume.as_str()) {
            line(6, format!("- name: {volume}"));
            line(8, "emptyDir: {}".to_owned());
            seen.push(volume);
        }
    }
    if ports.is_empty() {
        return;
    }
    for text in ["---", "apiVersion: v1", "kind: Service", "metadata:"] {
        line(0, text.to_owned());
    }
    line(2, format!("name: {name}"));
    line(0, "spec:".to_owned());
    line(2, "selector:".to_owned());
    line(4, format!("app: {name}"));
    line(2, "ports:".to_owned());
    for (n, (target, published)) in ports.iter().enumerate() {
        line(2, format!("- name: port-{n}"));
        line(4, format!("port: {published}"));
        line(4, format!("targetPort: {target}"));
    }
}

/// Named volumes and where they are mounted. What is mounted from the machine is left out.
fn volumes(service: &Node) -> Vec<(String, String)> {
    let items = service.get("volumes").map_or(&[][..], Node::items);
    let pairs = items.iter().filter_map(|item| {
        let long = item
            .get("source")
            .and_then(scalar)
            .zip(item.get("target").and_then(scalar));
        let (name, path) = long.or_else(|| scalar(item)?.split_once(':'))?;
        let path = path.split(':').next().unwrap_or(path);
        (!name.starts_with(['.', '/', '~', '$'])).then(|| (name_of(name), path.to_owned()))
    });
    pairs.collect()
}
