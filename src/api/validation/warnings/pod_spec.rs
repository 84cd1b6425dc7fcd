//! Warnings about the spec of a Pod or of a template.
//! Twin: pkg/api/pod/warnings.go (v1.36.2)
//! Twin: pkg/api/node/util.go (v1.36.2)
//! Covers: warningsForPodSpecAndMeta, GetWarningsForNodeSelectorTerm
//! Left out: containers, ports and volumes, see the files beside this one

use super::{Warnings, container, ports, volumes};
use crate::api::fields::{int, list, members, text};
use crate::api::validation::error::quoted;
use crate::api::validation::names::label_value;
use crate::api::validation::path::Path;
use crate::manifest::Value;
use crate::map::Set;

/// What the spec belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Itself,
    Template,
}

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";
const NO_SELECTOR: &str = "a null labelSelector results in matching no pod";

/// Warnings about the Pod or template at `path`.
pub(super) fn warn(metadata: Option<&Value>, spec: Option<&Value>, path: &Path, owner: Owner, all: &mut Warnings) {
    let none = Value::Map(Vec::new());
    let (metadata, spec) = (metadata.unwrap_or(&none), spec.unwrap_or(&none));
    let at = path.field("spec");
    node_labels(spec, &at, all);
    spread(spec, &at, all);
    let meta = path.field("metadata");
    annotations(metadata, &meta.field("annotations"), all);
    volumes::deprecated(spec, &at, all);
    volumes::overlaps(spec, &at, all);
    twice(spec, "hostAliases", "ip", &at, all);
    twice(spec, "imagePullSecrets", "name", &at, all);
    let secrets = at.field("imagePullSecrets");
    for (index, secret) in list(spec, "imagePullSecrets").iter().enumerate() {
        if text(secret, "name").is_empty() {
            let secret = secrets.index(index);
            all.say(&secret.field("name"), "invalid empty name \"\"");
        }
    }
    if let Some(overhead) = spec.get("overhead") {
        for name in ["memory", "ephemeral-storage"] {
            all.fraction(overhead, name, &at.field("overhead"));
        }
    }
    let seccomp = "seccomp.security.alpha.kubernetes.io/pod";
    if spec.at(&["securityContext", "seccompProfile"]).is_none() && metadata.at(&["annotations", seccomp]).is_some() {
        let annotations = meta.field("annotations");
        all.say(&annotations.key(seccomp), container::NO_SECCOMP);
    }
    let context = container::Context {
        metadata,
        spec,
        path,
        owner,
    };
    context.warn(all);
    ports::warn(spec, &at, all);
    // In Pods themselves it has become 1 before this is looked at.
    if context.owner == Owner::Template && int(spec, "terminationGracePeriodSeconds").is_some_and(|seconds| seconds < 0)
    {
        let message = "must be >= 0; negative values are invalid and will be treated as 1";
        all.say(&at.field("terminationGracePeriodSeconds"), message);
    }
    pod_affinity(spec, &at, all);
}

/// What a deprecated label of nodes is to be replaced by.
fn deprecated_label(key: &str) -> Option<&'static str> {
    Some(match key {
        "beta.kubernetes.io/arch" => "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        "beta.kubernetes.io/os" => "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        "failure-domain.beta.kubernetes.io/region" => {
            "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead"
        }
        "failure-domain.beta.kubernetes.io/zone" => {
            "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"
        }
        "beta.kubernetes.io/instance-type" => {
            "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"
        }
        "app.kubernetes.io/created-by" => "deprecated since v1.9",
        "scheduler.alpha.kubernetes.io/preferAvoidPods" => "deprecated since v1.22; use Taints and Tolerations instead",
        "node-role.kubernetes.io/master" => "use \"node-role.kubernetes.io/control-plane\" instead",
        _ => return None,
    })
}

fn node_labels(spec: &Value, path: &Path, all: &mut Warnings) {
    let selector = path.field("nodeSelector");
    for (key, _) in members(spec, "nodeSelector") {
        if let Some(message) = deprecated_label(key) {
            all.say(&selector.key(key), message);
        }
    }
    let Some(affinity) = spec.at(&["affinity", "nodeAffinity"]) else {
        return;
    };
    let at = path.field("affinity");
    let at = at.field("nodeAffinity");
    let required = at.field(REQUIRED);
    let required = required.field("nodeSelectorTerms");
    let terms = affinity
        .get(REQUIRED)
        .map_or(&[][..], |required| list(required, "nodeSelectorTerms"));
    for (index, term) in terms.iter().enumerate() {
        node_term(term, false, &required.index(index), all);
    }
    let preferred = at.field(PREFERRED);
    for (index, term) in list(affinity, PREFERRED).iter().enumerate() {
        let at = preferred.index(index);
        let none = Value::Null;
        node_term(
            term.get("preference").unwrap_or(&none),
            true,
            &at.field("preference"),
            all,
        );
    }
}

/// A term; validation lets wrong values of a preferred one pass.
fn node_term(term: &Value, values: bool, path: &Path, all: &mut Warnings) {
    let expressions = path.field("matchExpressions");
    for (index, expression) in list(term, "matchExpressions").iter().enumerate() {
        let at = expressions.index(index);
        let key = text(expression, "key");
        if let Some(message) = deprecated_label(key) {
            all.say(&at.field("key"), &format!("{key} is {message}"));
        }
        let at = at.field("values");
        for (index, value) in list(expression, "values").iter().enumerate().filter(|_| values) {
            let value = value.as_str().unwrap_or("");
            for message in label_value(value) {
                all.say(&at.index(index), &format!("{value} is invalid, {message}"));
            }
        }
    }
}

fn spread(spec: &Value, path: &Path, all: &mut Warnings) {
    let at = path.field("topologySpreadConstraints");
    for (index, constraint) in list(spec, "topologySpreadConstraints").iter().enumerate() {
        let at = at.index(index);
        let key = text(constraint, "topologyKey");
        if let Some(message) = deprecated_label(key) {
            all.say(&at.field("topologyKey"), &format!("{key} is {message}"));
        }
        if constraint.get("labelSelector").is_none() {
            all.say(&at.field("labelSelector"), NO_SELECTOR);
        }
    }
}

fn annotations(metadata: &Value, path: &Path, all: &mut Warnings) {
    let sysctls = "non-functional in v1.11+; use the \"sysctls\" field instead";
    for (key, message) in [
        (
            "scheduler.alpha.kubernetes.io/critical-pod",
            "non-functional in v1.16+; use the \"priorityClassName\" field instead",
        ),
        ("security.alpha.kubernetes.io/sysctls", sysctls),
        ("security.alpha.kubernetes.io/unsafe-sysctls", sysctls),
    ] {
        if metadata.at(&["annotations", key]).is_some() {
            all.say(&path.key(key), message);
        }
    }
}

/// Items of a list that repeat the `key` of an earlier one.
fn twice(spec: &Value, name: &'static str, key: &'static str, path: &Path, all: &mut Warnings) {
    let at = path.field(name);
    let mut seen = Set::new();
    for (index, item) in list(spec, name).iter().enumerate() {
        let value = text(item, key);
        if !seen.insert(value) {
            let at = at.index(index);
            all.say(&at.field(key), &format!("duplicate {key} {}", quoted(value)));
        }
    }
}

fn pod_affinity(spec: &Value, path: &Path, all: &mut Warnings) {
    let path = path.field("affinity");
    for kind in ["podAffinity", "podAntiAffinity"] {
        let Some(affinity) = spec.at(&["affinity", kind]) else {
            continue;
        };
        let at = path.field(kind);
        let required = at.field(REQUIRED);
        for (index, term) in list(affinity, REQUIRED).iter().enumerate() {
            if term.get("labelSelector").is_none() {
                let at = required.index(index);
                all.say(&at.field("labelSelector"), NO_SELECTOR);
            }
        }
        let preferred = at.field(PREFERRED);
        for (index, term) in list(affinity, PREFERRED).iter().enumerate() {
            if term.at(&["podAffinityTerm", "labelSelector"]).is_none() {
                let at = preferred.index(index);
                let at = at.field("podAffinityTerm");
                all.say(&at.field("labelSelector"), NO_SELECTOR);
            }
        }
    }
}
