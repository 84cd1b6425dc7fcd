//! Roles and bindings.
//! Twin: pkg/apis/rbac/validation/validation.go (v1.36.2)
//! Covers: ValidateRole, ValidateClusterRole, ValidateRoleBinding, ValidateClusterRoleBinding
//! Left out: whether the user may grant what they grant

use super::segment;
use crate::api::fields::{list, text};
use crate::api::validation::error::Errors;
use crate::api::validation::names::dns_subdomain;
use crate::api::validation::path::Path;
use crate::api::validation::selector::label_selector;
use crate::manifest::Value;

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn role(raw: &Value, errors: &mut Errors) {
    rules(raw, true, errors);
}

pub(super) fn cluster_role(raw: &Value, errors: &mut Errors) {
    rules(raw, false, errors);
    let Some(aggregation) = raw.get("aggregationRule") else {
        return;
    };
    let root = Path::Root;
    let path = root.field("aggregationRule");
    let path = path.field("clusterRoleSelectors");
    let selectors = list(aggregation, "clusterRoleSelectors");
    if selectors.is_empty() {
        errors.required(
            &path,
            "at least one clusterRoleSelector required if aggregationRule is non-nil",
        );
    }
    for (index, selector) in selectors.iter().enumerate() {
        label_selector(selector, &path.index(index), errors);
    }
}

fn rules(raw: &Value, is_namespaced: bool, errors: &mut Errors) {
    let root = Path::Root;
    let path = root.field("rules");
    for (index, rule) in list(raw, "rules").iter().enumerate() {
        let at = path.index(index);
        let has = |key: &str| !list(rule, key).is_empty();
        if !has("verbs") {
            errors.required(&at.field("verbs"), "verbs must contain at least one value");
        }
        if let Some(urls) = rule.get("nonResourceURLs").filter(|_| has("nonResourceURLs")) {
            let at = at.field("nonResourceURLs");
            if is_namespaced {
                errors.invalid(&at, urls, "namespaced rules cannot apply to non-resource URLs");
            }
            if has("apiGroups") || has("resources") || has("resourceNames") {
                errors.invalid(
                    &at,
                    urls,
                    "rules cannot apply to both regular resources and non-resource URLs",
                );
            }
            continue;
        }
        if !has("apiGroups") {
            errors.required(
                &at.field("apiGroups"),
                "resource rules must supply at least one api group",
            );
        }
        if !has("resources") {
            errors.required(
                &at.field("resources"),
                "resource rules must supply at least one resource",
            );
        }
    }
}

pub(super) fn role_binding(raw: &Value, errors: &mut Errors) {
    binding(raw, &["Role", "ClusterRole"], errors);
}

pub(super) fn cluster_role_binding(raw: &Value, errors: &mut Errors) {
    binding(raw, &["ClusterRole"], errors);
}

fn binding(raw: &Value, kinds: &[&str], errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let reference = raw.get("roleRef").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("roleRef");
    let group = text(reference, "apiGroup");
    if !group.is_empty() {
        errors.one_of(&path.field("apiGroup"), group, &[GROUP]);
    }
    errors.one_of(&path.field("kind"), text(reference, "kind"), kinds);
    segment(reference, "name", &path, "", errors);
    let path = root.field("subjects");
    for (index, subject) in list(raw, "subjects").iter().enumerate() {
        self::subject(subject, kinds.len() > 1, &path.index(index), errors);
    }
}

fn subject(subject: &Value, is_namespaced: bool, path: &Path, errors: &mut Errors) {
    let (name, group) = (text(subject, "name"), text(subject, "apiGroup"));
    if name.is_empty() {
        errors.required(&path.field("name"), "");
    }
    match text(subject, "kind") {
        "ServiceAccount" => {
            if !name.is_empty() {
                errors.each(&path.field("name"), name, dns_subdomain(name));
            }
            if !group.is_empty() {
                errors.unsupported(&path.field("apiGroup"), group, &[""]);
            }
            if !is_namespaced && text(subject, "namespace").is_empty() {
                errors.required(&path.field("namespace"), "");
            }
        }
        // The group is the default.
        "User" | "Group" if group.is_empty() => {}
        "User" | "Group" => errors.one_of(&path.field("apiGroup"), group, &[GROUP]),
        kind => errors.unsupported(&path.field("kind"), kind, &["ServiceAccount", "User", "Group"]),
    }
}
