//! The spec of a Pod or of a template. Twin of `validation.go → ValidatePodSpec, ValidatePodCreate`, release 1.36.
//! Left out: resource claims, Windows restrictions but one, overhead.

use super::container::{self, host_network_ports};
use super::error::Errors;
use super::meta::{labels, pod_annotations};
use super::names::{dns_label, dns_subdomain, ip, label_value, qualified_name};
use super::path::Path;
use super::security::app_armor_agrees;
use super::{resources, security, selector, volumes};
use crate::api::fields::{int, list, members, text};
use crate::manifest::Value;
use crate::map::Set;

/// A Pod, without the metadata that all objects have.
pub fn pod(raw: &Value, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let (meta, spec) = (raw.get("metadata").unwrap_or(&none), raw.get("spec").unwrap_or(&none));
    let root = Path::Root;
    let path = root.field("spec");
    pod_annotations(meta, spec, &root.field("metadata"), errors);
    pod_spec(meta, spec, &path, Place::Pod, errors);
    token_needs_account(spec, &path, errors);
    for key in ["containers", "initContainers"] {
        let all = path.field(key);
        for (index, container) in list(spec, key).iter().enumerate() {
            let image = text(container, "image");
            if image.trim() != image {
                let detail = "must not have leading or trailing whitespace";
                errors.invalid_text(&all.index(index).field("image"), image, detail);
            }
        }
    }
    app_armor_agrees(meta, spec, &path, errors);
}

/// Where a spec stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a Pod.
    Pod,
    /// In a template: some rules wait for its Pods.
    Template,
}

/// A volume with a token, in a Pod that admission has not given an account.
fn token_needs_account(spec: &Value, path: &Path, errors: &mut Errors) {
    if !text(spec, "serviceAccountName").is_empty() {
        return;
    }
    let volumes = path.field("volumes");
    for (index, volume) in list(spec, "volumes").iter().enumerate() {
        let at = volumes.index(index);
        let at = at.field("projected");
        let all = at.field("sources");
        let sources = volume
            .get("projected")
            .map_or(&[][..], |projected| list(projected, "sources"));
        for (index, source) in sources.iter().enumerate() {
            if source.get("serviceAccountToken").is_some() {
                let at = all.index(index);
                errors.forbidden(&at.field("serviceAccountToken"), super::NO_SERVICE_ACCOUNT);
            }
        }
    }
}

/// The spec of a Pod or of a template.
pub fn pod_spec(meta: &Value, spec: &Value, path: &Path, place: Place, errors: &mut Errors) {
    if spec.get("terminationGracePeriodSeconds").is_none() {
        errors.required(&path.field("terminationGracePeriodSeconds"), "");
    }
    let context = container::Pod {
        spec,
        volumes: volumes::volumes(meta, spec, path, place, errors),
        grace: int(spec, "terminationGracePeriodSeconds").unwrap_or(30),
    };
    container::containers(&context, path, errors);
    if place == Place::Pod && !list(spec, "ephemeralContainers").is_empty() {
        errors.forbidden(&path.field("ephemeralContainers"), "cannot be set on create");
    }
    resources::pod(spec, path, errors);
    host_network_ports(spec, path, place, errors);
    let policy = path.field("restartPolicy");
    errors.one_of(&policy, text(spec, "restartPolicy"), &["Always", "OnFailure", "Never"]);
    dns(spec, path, errors);
    labels(spec.get("nodeSelector"), &path.field("nodeSelector"), errors);
    security::pod(spec, &path.field("securityContext"), errors);
    let pod_labels = members(meta, "labels");
    selector::affinity(spec, pod_labels, path, errors);
    gates(spec, path, errors);
    selector::spread(spec, path, errors);
    for key in [
        "serviceAccountName",
        "nodeName",
        "priorityClassName",
        "runtimeClassName",
    ] {
        let name = text(spec, key);
        let said = key == "runtimeClassName" && spec.get(key).is_some();
        if !name.is_empty() || said {
            errors.each(&path.field(key), name, dns_subdomain(name));
        }
    }
    let deadline = path.field("activeDeadlineSeconds");
    errors.within(&deadline, int(spec, "activeDeadlineSeconds"), 1, i64::from(i32::MAX));
    for key in ["hostname", "subdomain"] {
        let name = text(spec, key);
        if !name.is_empty() {
            errors.each(&path.field(key), name, dns_label(name));
        }
    }
    tolerations(spec, path, errors);
    host_aliases(spec, path, errors);
    if spec.get("preemptionPolicy").is_some() {
        let at = path.field("preemptionPolicy");
        errors.one_of(&at, text(spec, "preemptionPolicy"), &["PreemptLowerPriority", "Never"]);
    }
    if let Some(found) = spec.get("os") {
        let os = path.field("os");
        match text(found, "name") {
            "" => errors.required(&os.field("name"), "cannot be empty"),
            name => errors.one_of(&os.field("name"), name, &["linux", "windows"]),
        }
    }
}

fn gates(spec: &Value, path: &Path, errors: &mut Errors) {
    let readiness = path.field("readinessGates");
    for (index, gate) in list(spec, "readinessGates").iter().enumerate() {
        let kind = text(gate, "conditionType");
        errors.each(
            &readiness.index(index).field("conditionType"),
            kind,
            qualified_name(kind),
        );
    }
    let scheduling = path.field("schedulingGates");
    let gates = list(spec, "schedulingGates");
    let mut names = Set::new();
    for (index, gate) in gates.iter().enumerate() {
        let name = text(gate, "name");
        let at = scheduling.index(index);
        errors.each(&at, name, qualified_name(name));
        if !names.insert(name) {
            errors.duplicate(&at, name);
        }
    }
    if !gates.is_empty() && !text(spec, "nodeName").is_empty() {
        let detail = "cannot be set until all schedulingGates have been cleared";
        errors.forbidden(&path.field("nodeName"), detail);
    }
}

fn dns(spec: &Value, path: &Path, errors: &mut Errors) {
    let policy = text(spec, "dnsPolicy");
    let at = path.field("dnsPolicy");
    errors.one_of(
        &at,
        policy,
        &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
    );
    let at = path.field("dnsConfig");
    let config = spec.get("dnsConfig");
    let servers = config.map_or(&[][..], |c| list(c, "nameservers"));
    if policy == "None" {
        if config.is_none() {
            errors.required(&at, "must provide `dnsConfig` when `dnsPolicy` is None");
        } else if servers.is_empty() {
            let detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
            errors.required(&at.field("nameservers"), detail);
        }
    }
    let Some(config) = config else { return };
    let servers_path = at.field("nameservers");
    if servers.len() > 3 {
        let all = Value::Seq(servers.to_vec());
        errors.invalid(&servers_path, &all, "must not have more than 3 nameservers");
    }
    for (index, server) in servers.iter().enumerate() {
        let server = server.as_str().unwrap_or("");
        errors.each(&servers_path.index(index), server, ip(server));
    }
    let searches = list(config, "searches");
    let searches_path = at.field("searches");
    if searches.len() > 32 {
        let all = Value::Seq(searches.to_vec());
        errors.invalid(&searches_path, &all, "must not have more than 32 search paths");
    }
    for (index, search) in searches.iter().enumerate() {
        let search = search.as_str().unwrap_or("");
        // A dot alone, a dot at the end and underscores are fine for search paths.
        let bare = search.strip_suffix('.').unwrap_or(search).replace('_', "-");
        if search != "." && !dns_subdomain(bare.trim_matches('-')).is_empty() {
            errors.each(&searches_path.index(index), search, dns_subdomain(search));
        }
    }
    let options = at.field("options");
    for (index, option) in list(config, "options").iter().enumerate() {
        if text(option, "name").is_empty() {
            errors.required(&options.index(index), "must not be empty");
        }
    }
}

fn tolerations(spec: &Value, path: &Path, errors: &mut Errors) {
    let path = path.field("tolerations");
    for (index, toleration) in list(spec, "tolerations").iter().enumerate() {
        let at = path.index(index);
        let (key, operator) = (text(toleration, "key"), text(toleration, "operator"));
        let (value, effect) = (text(toleration, "value"), text(toleration, "effect"));
        if !key.is_empty() {
            errors.each(&at.field("key"), key, qualified_name(key));
        } else if operator != "Exists" {
            let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            errors.invalid_text(&at.field("operator"), operator, detail);
        }
        if toleration.get("tolerationSeconds").is_some() && effect != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            errors.invalid_text(&at.field("effect"), effect, detail);
        }
        match operator {
            "" | "Equal" => {
                let wrong = label_value(value);
                if !wrong.is_empty() {
                    errors.invalid_text(&at.field("operator"), value, wrong.join(";"));
                }
            }
            "Exists" => {
                if !value.is_empty() {
                    let detail = "value must be empty when `operator` is 'Exists'";
                    errors.invalid_text(&at.field("operator"), value, detail);
                }
            }
            // These need the gate TaintTolerationComparisonOperators, which is off by default.
            "Lt" | "Gt" => errors.unsupported(&at.field("operator"), operator, &["Equal", "Exists", "Lt", "Gt"]),
            other => errors.unsupported(&at.field("operator"), other, &["Equal", "Exists"]),
        }
        if !effect.is_empty() {
            errors.one_of(
                &at.field("effect"),
                effect,
                &["NoSchedule", "PreferNoSchedule", "NoExecute"],
            );
        }
    }
}

fn host_aliases(spec: &Value, path: &Path, errors: &mut Errors) {
    let path = path.field("hostAliases");
    for (index, alias) in list(spec, "hostAliases").iter().enumerate() {
        let at = path.index(index);
        let address = text(alias, "ip");
        errors.each(&at.field("ip"), address, ip(address));
        let names = at.field("hostnames");
        for (index, name) in list(alias, "hostnames").iter().enumerate() {
            let name = name.as_str().unwrap_or("");
            errors.each(&names.index(index), name, dns_subdomain(name));
        }
    }
}
