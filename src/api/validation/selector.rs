//! Label selectors, node selectors, affinity and spreading. Twin of `validation.go → validateAffinity,
//! ValidateNodeSelector, validateTopologySpreadConstraints` and of `metav1 → ValidateLabelSelector`, release 1.36.

use super::error::Errors;
use super::meta::labels;
use super::names::{dns_label, dns_subdomain, label_value, qualified_name};
use super::path::Path;
use crate::api::fields::{int, list, members, text};
use crate::manifest::Value;

/// A label selector.
pub fn label_selector(selector: &Value, path: &Path, errors: &mut Errors) {
    labels(selector.get("matchLabels"), &path.field("matchLabels"), errors);
    let at = path.field("matchExpressions");
    for (index, expression) in list(selector, "matchExpressions").iter().enumerate() {
        let at = at.index(index);
        let values = list(expression, "values");
        let operator = text(expression, "operator");
        match operator {
            "In" | "NotIn" if values.is_empty() => {
                errors.required(
                    &at.field("values"),
                    "must be specified when `operator` is 'In' or 'NotIn'",
                );
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                errors.forbidden(&at.field("values"), detail);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => errors.invalid_text(&at.field("operator"), other, "not a valid selector operator"),
        }
        let key = text(expression, "key");
        errors.each(&at.field("key"), key, qualified_name(key));
        each_label_value(values, &at, errors);
    }
}

fn each_label_value(values: &[Value], path: &Path, errors: &mut Errors) {
    let at = path.field("values");
    for (index, value) in values.iter().enumerate() {
        let value = value.as_str().unwrap_or("");
        errors.each(&at.index(index), value, label_value(value));
    }
}

/// `spec.affinity`.
pub fn affinity(spec: &Value, pod_labels: &[(String, Value)], path: &Path, errors: &mut Errors) {
    let Some(affinity) = spec.get("affinity") else { return };
    let path = path.field("affinity");
    if let Some(node) = affinity.get("nodeAffinity") {
        let at = path.field("nodeAffinity");
        if let Some(required) = node.get(REQUIRED) {
            node_selector(required, &at.field(REQUIRED), errors);
        }
        let at = at.field(PREFERRED);
        for (index, term) in list(node, PREFERRED).iter().enumerate() {
            let at = at.index(index);
            weight(term, &at, errors);
            if let Some(preference) = term.get("preference") {
                node_term(preference, &at.field("preference"), errors);
            }
        }
    }
    for key in ["podAffinity", "podAntiAffinity"] {
        let Some(found) = affinity.get(key) else { continue };
        let at = path.field(key);
        let required = at.field(REQUIRED);
        for (index, term) in list(found, REQUIRED).iter().enumerate() {
            pod_term(term, pod_labels, &required.index(index), errors);
        }
        let preferred = at.field(PREFERRED);
        for (index, weighted) in list(found, PREFERRED).iter().enumerate() {
            let at = preferred.index(index);
            weight(weighted, &at, errors);
            if let Some(term) = weighted.get("podAffinityTerm") {
                pod_term(term, pod_labels, &at.field("podAffinityTerm"), errors);
            }
        }
    }
}

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

fn weight(term: &Value, path: &Path, errors: &mut Errors) {
    let weight = int(term, "weight").unwrap_or(0);
    if !(1..=100).contains(&weight) {
        errors.invalid_int(&path.field("weight"), weight, "must be in the range 1-100");
    }
}

pub(super) fn node_selector(selector: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("nodeSelectorTerms");
    let terms = list(selector, "nodeSelectorTerms");
    if terms.is_empty() {
        errors.required(&at, "must have at least one node selector term");
    }
    for (index, term) in terms.iter().enumerate() {
        node_term(term, &at.index(index), errors);
    }
}

fn node_term(term: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("matchExpressions");
    for (index, expression) in list(term, "matchExpressions").iter().enumerate() {
        let at = at.index(index);
        let values = list(expression, "values");
        match text(expression, "operator") {
            "In" | "NotIn" if values.is_empty() => {
                errors.required(
                    &at.field("values"),
                    "must be specified when `operator` is 'In' or 'NotIn'",
                );
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                errors.forbidden(&at.field("values"), detail);
            }
            "Gt" | "Lt" if values.len() != 1 => {
                let detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
                errors.required(&at.field("values"), detail);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
            other => errors.invalid_text(&at.field("operator"), other, "not a valid selector operator"),
        }
        let key = text(expression, "key");
        errors.each(&at.field("key"), key, qualified_name(key));
        each_label_value(values, &at, errors);
    }
    let at = path.field("matchFields");
    for (index, expression) in list(term, "matchFields").iter().enumerate() {
        let at = at.index(index);
        let values = list(expression, "values");
        match text(expression, "operator") {
            "In" | "NotIn" if values.len() == 1 => {}
            "In" | "NotIn" => {
                let detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
                errors.required(&at.field("values"), detail);
            }
            other => errors.invalid_text(&at.field("operator"), other, "not a valid selector operator"),
        }
        match text(expression, "key") {
            "metadata.name" => {
                let names = at.field("values");
                for (index, name) in values.iter().enumerate() {
                    let name = name.as_str().unwrap_or("");
                    errors.each(&names.index(index), name, dns_subdomain(name));
                }
            }
            other => errors.invalid_text(&at.field("key"), other, "not a valid field selector key"),
        }
    }
}

fn pod_term(term: &Value, pod_labels: &[(String, Value)], path: &Path, errors: &mut Errors) {
    for key in ["labelSelector", "namespaceSelector"] {
        if let Some(selector) = term.get(key) {
            label_selector(selector, &path.field(key), errors);
        }
    }
    for name in list(term, "namespaces").iter().filter_map(Value::as_str) {
        errors.each(&path.field("namespace"), name, dns_label(name));
    }
    let mismatch = list(term, "mismatchLabelKeys");
    for key in ["matchLabelKeys", "mismatchLabelKeys"] {
        label_keys(term, key, &path.field(key), errors);
    }
    let own = path.field("matchLabelKeys");
    for (index, key) in list(term, "matchLabelKeys").iter().enumerate() {
        if mismatch.contains(key) {
            let key = key.as_str().unwrap_or("");
            errors.invalid_text(
                &own.index(index),
                key,
                "exists in both matchLabelKeys and mismatchLabelKeys",
            );
        }
    }
    // Creating the Pod adds each key that the Pod has a label for to the selector; a second mention clashes with it.
    if let Some(selector) = term.get("labelSelector") {
        let all = list(term, "matchLabelKeys").iter().filter_map(Value::as_str);
        for (index, key) in all.enumerate() {
            let written = list(selector, "matchExpressions")
                .iter()
                .filter(|e| text(e, "key") == key)
                .count();
            let added = usize::from(pod_labels.iter().any(|(k, _)| k == key));
            if written + added > 1 {
                let detail = "exists in both matchLabelKeys and labelSelector";
                errors.invalid_text(&path.index(index), key, detail);
            }
        }
    }
    topology_key(term, path, errors);
}

fn label_keys(term: &Value, field: &str, path: &Path, errors: &mut Errors) {
    let keys = list(term, field);
    if keys.is_empty() {
        return;
    }
    if term.get("labelSelector").is_none() {
        errors.forbidden(path, "must not be specified when labelSelector is not set");
    }
    for (index, key) in keys.iter().enumerate() {
        let key = key.as_str().unwrap_or("");
        errors.each(&path.index(index), key, qualified_name(key));
    }
}

fn topology_key(term: &Value, path: &Path, errors: &mut Errors) {
    let key = text(term, "topologyKey");
    let at = path.field("topologyKey");
    if key.is_empty() {
        errors.required(&at, "can not be empty");
    }
    errors.each(&at, key, qualified_name(key));
}

/// `spec.topologySpreadConstraints`.
pub fn spread(spec: &Value, path: &Path, errors: &mut Errors) {
    let path = path.field("topologySpreadConstraints");
    let all = list(spec, "topologySpreadConstraints");
    for (index, constraint) in all.iter().enumerate() {
        let at = path.index(index);
        let skew = int(constraint, "maxSkew").unwrap_or(0);
        if skew <= 0 {
            errors.invalid_int(&at.field("maxSkew"), skew, "must be greater than zero");
        }
        let key = text(constraint, "topologyKey");
        if key.is_empty() {
            errors.required(&at.field("topologyKey"), "can not be empty");
        } else {
            errors.each(&at.field("topologyKey"), key, qualified_name(key));
        }
        let when = text(constraint, "whenUnsatisfiable");
        errors.one_of(
            &at.field("whenUnsatisfiable"),
            when,
            &["DoNotSchedule", "ScheduleAnyway"],
        );
        let same = |other: &Value| text(other, "topologyKey") == key && text(other, "whenUnsatisfiable") == when;
        if all.iter().take(index).any(same) {
            let place = at.field("{topologyKey, whenUnsatisfiable}");
            errors.duplicate(&place, &format!("{{{key}, {when}}}"));
        }
        if let Some(least) = int(constraint, "minDomains") {
            if least <= 0 {
                errors.invalid_int(&at.field("minDomains"), least, "must be greater than zero");
            } else if when != "DoNotSchedule" {
                let detail = format!(
                    "can only use minDomains if whenUnsatisfiable={}, not {}",
                    "DoNotSchedule", when
                );
                errors.invalid_int(&at.field("minDomains"), least, detail);
            }
        }
        for key in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            if constraint.get(key).is_some() {
                errors.one_of(&at.field(key), text(constraint, key), &["Honor", "Ignore"]);
            }
        }
        label_keys(constraint, "matchLabelKeys", &at.field("matchLabelKeys"), errors);
        let selector = constraint.get("labelSelector");
        let keys = at.field("matchLabelKeys");
        for (index, key) in list(constraint, "matchLabelKeys").iter().enumerate() {
            let key = key.as_str().unwrap_or("");
            let clash = selector.is_some_and(|s| {
                members(s, "matchLabels").iter().any(|(k, _)| k == key)
                    || list(s, "matchExpressions").iter().any(|e| text(e, "key") == key)
            });
            if clash {
                errors.invalid_text(
                    &keys.index(index),
                    key,
                    "exists in both matchLabelKeys and labelSelector",
                );
            }
        }
        if let Some(selector) = selector {
            label_selector(selector, &at.field("labelSelector"), errors);
        }
    }
}
