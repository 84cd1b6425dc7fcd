//! The nodes of a text that has no Scenario with nodes: those of its Node documents and those that Pods name, as in what
//! `kubectl get -o yaml` prints of a live cluster; else `node1`.

use super::notes::push;
use crate::api::needs::requests;
use crate::api::scenario::NodeSetup;
use crate::api::{Loaded, LoadedObject, Object, Quantity};
use crate::manifest::{Diagnostic, Severity, Value};
use crate::map::Map;

/// The nodes that the run begins with.
pub fn nodes(loaded: &Loaded) -> Vec<NodeSetup> {
    let said = &loaded.scenario.spec.nodes;
    if !said.is_empty() {
        return said.clone();
    }
    let documents = valid(loaded).filter_map(|o| match &o.object {
        Object::Node(node) => Some(NodeSetup {
            name: node.metadata.name.to_string(),
            labels: node.metadata.labels.clone(),
            taints: node.spec.taints.clone(),
            capacity: match node.status.allocatable.is_empty() {
                true => node.status.capacity.clone(),
                false => node.status.allocatable.clone(),
            },
            ..NodeSetup::default()
        }),
        _ => None,
    });
    let mut all: Vec<NodeSetup> = documents.collect();
    let given = all.len();
    for (object, name) in valid(loaded).filter_map(|o| Some((o, node_name(o)?))) {
        let at = all.iter().position(|node| node.name == name).unwrap_or_else(|| {
            all.push(named(name));
            all.len() - 1
        });
        if let Some(node) = all.get_mut(at).filter(|_| at >= given)
            && let Object::Pod(pod) = &object.object
        {
            // The Pods that were on it had the labels and the room that they ask for.
            node.labels.extend(pod.spec.node_selector.clone());
            add(&mut node.capacity, requests(&pod.spec));
        }
    }
    for node in all.iter_mut().skip(given) {
        let usual = [
            ("cpu", 4),
            ("memory", 8 << 30),
            ("ephemeral-storage", 100 << 30),
            ("pods", 110),
        ];
        node.capacity.retain(|name, asked| {
            let usual = usual.iter().find(|(usual, _)| usual == name);
            usual.is_none_or(|(_, amount)| asked.milli > i128::from(*amount) * 1000)
        });
    }
    if all.is_empty() {
        all.push(named("node1"));
    }
    all
}

fn valid(loaded: &Loaded) -> impl Iterator<Item = &LoadedObject> {
    loaded.objects.iter().filter(|o| o.valid)
}

fn named(name: &str) -> NodeSetup {
    NodeSetup {
        name: name.to_owned(),
        ..NodeSetup::default()
    }
}

/// The node that a Pod, or the template of a workload, names.
fn node_name(object: &LoadedObject) -> Option<&str> {
    let name = object.raw.at(path(object)?).and_then(Value::as_str)?;
    (!name.is_empty()).then_some(name)
}

fn path(object: &LoadedObject) -> Option<&'static [&'static str]> {
    match object.object.kind() {
        "Pod" => Some(&["spec", "nodeName"]),
        "CronJob" => Some(&["spec", "jobTemplate", "spec", "template", "spec", "nodeName"]),
        _ => match object.object {
            Object::Workload { .. } => Some(&["spec", "template", "spec", "nodeName"]),
            _ => None,
        },
    }
}

fn add(capacity: &mut Map<String, Quantity>, asked: Map<String, i128>) {
    for (name, amount) in asked {
        let before = capacity.get(&name).map_or(0, |q| q.milli);
        let like = if name == "cpu" { "" } else { "Gi" };
        if let Some(sum) = Quantity::parse(&Quantity::print(before.saturating_add(amount), like)) {
            capacity.insert(name, sum);
        }
    }
}

/// Tells of each node that is there because something names it.
pub fn add_notes(list: &mut Vec<Diagnostic>, loaded: &Loaded) {
    if !loaded.scenario.spec.nodes.is_empty() {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    let documents = valid(loaded).filter(|o| o.object.kind() == "Node");
    told.extend(documents.map(|o| o.object.name()));
    for (object, name) in valid(loaded).filter_map(|o| Some((o, node_name(o)?))) {
        if told.contains(&name) {
            continue;
        }
        told.push(name);
        let path = path(object).unwrap_or_default().join(".");
        let range = loaded.range_of(object.document, &path).unwrap_or_default();
        let message = format!("assumed: node {name} exists, with the labels and the room that its Pods ask for");
        push(list, Severity::Info, "assumed", message, range, path);
    }
}
