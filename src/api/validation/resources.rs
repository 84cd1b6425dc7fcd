//! Requests and limits. Twin of `validation.go → validateResourceRequirements, validateContainerResourceName,
//! validatePodResources`, release 1.36.

use super::error::{Errors, NOT_NEGATIVE};
use super::names::qualified_name;
use super::path::Path;
use crate::api::fields::{list, members, text};
use crate::api::quantity::Quantity;
use crate::manifest::Value;
use crate::map::Map;

/// `resources` of a container.
pub fn container(resources: &Value, path: &Path, errors: &mut Errors) {
    requirements(resources, path, container_resource, errors);
}

type NameRule = fn(&str, &Path, &mut Errors);

fn requirements(resources: &Value, path: &Path, name_rule: NameRule, errors: &mut Errors) {
    let (limits, requests) = (members(resources, "limits"), members(resources, "requests"));
    let by_name: Map<&str, &Value> = limits.iter().map(|(name, value)| (name.as_str(), value)).collect();
    let (limit_path, request_path) = (path.field("limits"), path.field("requests"));
    for (name, value) in limits {
        name_rule(name, &limit_path.key(name), errors);
        amount(name, value, &limit_path.key(name), errors);
    }
    for (name, value) in requests {
        name_rule(name, &request_path.key(name), errors);
        amount(name, value, &request_path.key(name), errors);
        match (
            parsed(value),
            by_name.get(name.as_str()).and_then(|limit| parsed(limit)),
        ) {
            (Some(request), Some(limit)) => {
                if request.milli != limit.milli && !overcommit(name) {
                    let detail = format!("must be equal to {name} limit of {}", limit.text);
                    errors.invalid_text(&request_path, &request.text, detail);
                } else if request.milli > limit.milli {
                    let detail = format!("must be less than or equal to {name} limit of {}", limit.text);
                    errors.invalid_text(&request_path, &request.text, detail);
                }
            }
            (Some(_), None) if !overcommit(name) => {
                errors.required(&limit_path, "Limit must be set for non overcommitable resources");
            }
            _ => {}
        }
    }
    let has = |wanted: fn(&str) -> bool| limits.iter().chain(requests).any(|(name, _)| wanted(name));
    if has(huge) && !has(|name| matches!(name, "cpu" | "memory")) {
        errors.forbidden(path, "HugePages require cpu or memory");
    }
}

fn parsed(value: &Value) -> Option<Quantity> {
    Quantity::parse(value.as_str()?)
}

fn huge(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Names without a domain, or of Kubernetes itself.
fn native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

fn extended(name: &str) -> bool {
    !native(name) && !name.starts_with("requests.") && qualified_name(&format!("requests.{name}")).is_empty()
}

fn overcommit(name: &str) -> bool {
    native(name) && !huge(name)
}

const STANDARD: &[&str] = &[
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "storage",
    "requests.storage",
    "services.nodeports",
    "services.loadbalancers",
];

/// Whether a name has a right shape: qualified, and known when it has no domain.
pub(super) fn resource_name(name: &str, path: &Path, errors: &mut Errors) -> bool {
    let wrong = qualified_name(name);
    let shaped = wrong.is_empty();
    errors.each(path, name, wrong);
    if shaped
        && !name.contains('/')
        && !STANDARD.contains(&name)
        && !huge(name)
        && !name.starts_with("requests.hugepages-")
    {
        errors.invalid_text(path, name, "must be a standard resource type or fully qualified");
    }
    shaped
}

pub(super) fn container_resource(name: &str, path: &Path, errors: &mut Errors) {
    resource_name(name, path, errors);
    if !name.contains('/') {
        if !matches!(name, "cpu" | "memory" | "ephemeral-storage") && !huge(name) {
            errors.invalid_text(path, name, "must be a standard resource for containers");
        }
    } else if !native(name) && !extended(name) {
        errors.invalid_text(path, name, "doesn't follow extended resource name standard");
    }
}

fn pod_resource(name: &str, path: &Path, errors: &mut Errors) {
    if resource_name(name, path, errors) && !matches!(name, "cpu" | "memory") && !huge(name) {
        let sorted = ["cpu", "hugepages-", "memory"];
        errors.unsupported(path, name, &sorted);
    }
}

fn amount(name: &str, value: &Value, path: &Path, errors: &mut Errors) {
    let Some(quantity) = parsed(value) else { return };
    if quantity.milli < 0 {
        errors.invalid_text(path, &quantity.text, NOT_NEGATIVE);
    }
    if extended(name) && quantity.milli % 1000 != 0 {
        errors.invalid_text(path, &quantity.text, "must be an integer");
    }
}

/// `spec.resources`: requests and limits of the Pod as a whole.
pub fn pod(spec: &Value, path: &Path, errors: &mut Errors) {
    let Some(resources) = spec.get("resources") else { return };
    let at = path.field("resources");
    if spec.get("os").is_some_and(|os| text(os, "name") == "windows") {
        errors.forbidden(&at, "may not be set for a windows pod");
        return;
    }
    if !list(resources, "claims").is_empty() {
        errors.forbidden(&at.field("claims"), "claims may not be set for Resources at pod-level");
    }
    requirements(resources, &at, pod_resource, errors);
    let mut sums: Map<&str, i128> = Map::new();
    for container in list(spec, "containers") {
        let requests = container.get("resources").map_or(&[][..], |r| members(r, "requests"));
        for (name, value) in requests {
            let sum = sums.entry(name).or_default();
            *sum = sum.saturating_add(parsed(value).map_or(0, |q| q.milli));
        }
    }
    for (name, value) in members(resources, "requests") {
        let sum = sums.get(name.as_str()).copied().unwrap_or(0);
        if let Some(request) = parsed(value)
            && request.milli < sum
        {
            let sum = Quantity::print(sum, &request.text);
            let detail = format!("must be greater than or equal to aggregate container requests of {sum}");
            errors.invalid_text(&at.field("requests").key(name), &request.text, detail);
        }
    }
    let whole: Map<&str, Quantity> = members(resources, "limits")
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), parsed(value)?)))
        .collect();
    let containers = path.field("containers");
    for (index, container) in list(spec, "containers").iter().enumerate() {
        let item = containers.index(index);
        let own = item.field("resources");
        let limits = container.get("resources").map_or(&[][..], |r| members(r, "limits"));
        for (name, value) in limits {
            if let (Some(limit), Some(whole)) = (parsed(value), whole.get(name.as_str()))
                && limit.milli > whole.milli
            {
                let detail = format!("must be less than or equal to pod limits of {}", whole.text);
                errors.invalid_text(&own.field("limits").key(name), &limit.text, detail);
            }
        }
    }
}

/// `resizePolicy` of a container.
pub fn resize_policy(container: &Value, path: &Path, pod_policy: &str, errors: &mut Errors) {
    let at = path.field("resizePolicy");
    let mut seen: Vec<&str> = Vec::new();
    for policy in list(container, "resizePolicy") {
        let (name, restart) = (text(policy, "resourceName"), text(policy, "restartPolicy"));
        if seen.contains(&name) {
            errors.duplicate(&at, name);
        }
        seen.push(name);
        match name {
            "cpu" | "memory" => {}
            "" => errors.required(&at, ""),
            _ => errors.unsupported(&at, name, &["cpu", "memory"]),
        }
        match restart {
            "NotRequired" | "RestartContainer" => {}
            "" => errors.required(&at, ""),
            _ => errors.unsupported(&at, restart, &["NotRequired", "RestartContainer"]),
        }
        if pod_policy == "Never" && restart == "RestartContainer" {
            errors.invalid_text(
                &at,
                restart,
                "must be 'NotRequired' when pod `restartPolicy` is 'Never'",
            );
        }
    }
}
