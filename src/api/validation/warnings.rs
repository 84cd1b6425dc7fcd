//! Warnings the API server sends with a created Pod. Twin of `pkg/api/pod/warnings.go`, release 1.36, in part.

use super::names::dns_label;
use super::path::Path;
use crate::api::fields::{int, list, members, text};
use crate::api::quantity::Quantity;
use crate::manifest::Value;
use crate::map::{Map, Set};

/// Path and text of each warning about a Pod.
pub fn pod(raw: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let name = raw.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or("");
    if name.contains('.') {
        let why = dns_label(name).join(", ");
        let said =
            "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
        all.push(("metadata.name".to_owned(), format!("metadata.name: {said}: [{why}]")));
    }
    if let Some(spec) = raw.get("spec") {
        let root = Path::Root;
        pod_spec(spec, &root.field("spec"), &mut all);
    }
    all
}

/// Path and text of each warning about a spec.
pub fn pod_spec(spec: &Value, path: &Path, all: &mut Vec<(String, String)>) {
    let mut say = |path: &Path, message: &str| all.push((path.to_string(), format!("{path}: {message}")));
    let grace = path.field("terminationGracePeriodSeconds");
    if int(spec, "terminationGracePeriodSeconds").is_some_and(|s| s < 0) {
        say(
            &grace,
            "must be >= 0; negative values are invalid and will be treated as 1",
        );
    }
    for (key, with) in [
        ("beta.kubernetes.io/os", "kubernetes.io/os"),
        ("beta.kubernetes.io/arch", "kubernetes.io/arch"),
        (
            "failure-domain.beta.kubernetes.io/region",
            "topology.kubernetes.io/region",
        ),
        ("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"),
    ] {
        if members(spec, "nodeSelector").iter().any(|(k, _)| k == key) {
            let since = if key.starts_with("beta") { "v1.14" } else { "v1.17" };
            let at = path.field("nodeSelector");
            say(
                &at.key(key),
                &format!("deprecated since {since}; use \"{with}\" instead"),
            );
        }
    }
    let spread = path.field("topologySpreadConstraints");
    for (index, constraint) in list(spec, "topologySpreadConstraints").iter().enumerate() {
        if constraint.get("labelSelector").is_none() {
            let at = spread.index(index);
            say(
                &at.field("labelSelector"),
                "a null labelSelector results in matching no pod",
            );
        }
    }
    for key in ["containers", "initContainers"] {
        let containers = path.field(key);
        for (index, container) in list(spec, key).iter().enumerate() {
            let at = containers.index(index);
            let env_path = at.field("env");
            let env = list(container, "env");
            let mut names = Set::new();
            for (e, variable) in env.iter().enumerate() {
                let name = text(variable, "name");
                if !name.is_empty() && !names.insert(name) {
                    let said = format!("hides previous definition of {name:?}, which may be dropped when using apply");
                    say(&env_path.index(e), &said);
                }
            }
            ports(container, &at, &mut say);
            let resources = at.field("resources");
            for part in ["limits", "requests"] {
                let amounts = container.get("resources").map_or(&[][..], |r| members(r, part));
                let part_path = resources.field(part);
                for (resource, value) in amounts {
                    let quantity = value.as_str().and_then(Quantity::parse);
                    let bytes = matches!(resource.as_str(), "memory" | "ephemeral-storage");
                    if let Some(q) = quantity.filter(|q| bytes && q.milli % 1000 != 0) {
                        let said = format!("fractional byte value {:?} is invalid, must be an integer", q.text);
                        say(&part_path.key(resource), &said);
                    }
                }
            }
        }
    }
}

fn ports(container: &Value, path: &Path, say: &mut impl FnMut(&Path, &str)) {
    let at = path.field("ports");
    let ports = list(container, "ports");
    let mut first = Map::new();
    for (index, port) in ports.iter().enumerate() {
        let numbers = (int(port, "containerPort"), int(port, "hostPort"));
        let key = (text(port, "protocol"), numbers, text(port, "hostIP"));
        match first.get(&key) {
            Some(first) => {
                let said = format!("duplicate port definition with {}", at.index(*first));
                say(&at.index(index), &said);
            }
            None => {
                first.insert(key, index);
            }
        }
    }
}
