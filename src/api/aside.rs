//! What only a cluster sets, in objects pasted from `kubectl get -o yaml`.

use crate::manifest::{Diagnostic, Node, Range, Severity, Value};

/// Fields of the metadata that the cluster sets.
const CLUSTER_METADATA: &[&str] = &[
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "selfLink",
];

/// Where a cluster has printed the object, its owners are those of that cluster.
const OWNERS: &str = "ownerReferences";

/// Takes out what only a cluster sets (status, uid, …), and says so once.
pub fn set_aside(raw: &mut Value, root: &Node, kind: &str, said: &mut Vec<Diagnostic>) {
    let mut gone: Vec<String> = Vec::new();
    if let Value::Map(members) = raw {
        if let Some((_, Value::Map(metadata))) = members.iter_mut().find(|(key, _)| key == "metadata") {
            let printed = metadata.iter().any(|(key, _)| key == "uid");
            metadata.retain(|(key, _)| {
                let owners = printed && key == OWNERS;
                let keep = !owners && !CLUSTER_METADATA.contains(&key.as_str());
                if !keep {
                    gone.push(format!("metadata.{key}"));
                }
                keep
            });
        }
        // The capacity of a Node is what a Node document is for.
        members.retain(|(key, value)| {
            let keep = key != "status" || kind == "Node";
            if !keep && !value.members().is_empty() {
                gone.push("status".to_owned());
            }
            keep
        });
    }
    if let Some(first) = gone.first() {
        let names: Vec<&str> = gone
            .iter()
            .map(|path| path.rsplit('.').next().unwrap_or(path))
            .collect();
        said.push(Diagnostic {
            severity: Severity::Info,
            code: "set-aside",
            message: format!("set by a cluster and ignored here: {}", names.join(", ")),
            range: key_of(root, first),
            path: first.clone(),
            fixes: Vec::new(),
        });
    }
}

/// The place of a field's key.
fn key_of(root: &Node, path: &str) -> Range {
    let whole = root.extent(path);
    let value = root.at(path).map(|node| node.range);
    match (whole, value) {
        (Some(whole), Some(value)) if value.start > whole.start => Range {
            start: whole.start,
            end: whole
                .start
                .saturating_add(path.rsplit('.').next().map_or(0, str::len) as u32)
                .min(value.start),
        },
        _ => root.locate(path),
    }
}
