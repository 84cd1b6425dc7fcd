//! HorizontalPodAutoscalers.
//! Twin: pkg/apis/autoscaling/validation/validation.go (v1.36.2)
//! Covers: ValidateHorizontalPodAutoscaler
//! Left out: tolerance

use super::{segment, word};
use crate::api::fields::{int, list, text};
use crate::api::quantity::Quantity;
use crate::api::validation::error::Errors;
use crate::api::validation::path::Path;
use crate::api::validation::selector::label_selector;
use crate::manifest::Value;

pub(super) fn autoscaler(raw: &Value, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("spec");
    let least = int(spec, "minReplicas").unwrap_or(1);
    let most = int(spec, "maxReplicas").unwrap_or(0);
    if least < 1 {
        errors.invalid_int(&path.field("minReplicas"), least, "must be greater than or equal to 1");
    }
    let at = path.field("maxReplicas");
    if most == 0 {
        errors.required(&at, "must be set and greater than 0");
    } else if most < 0 {
        errors.invalid_int(&at, most, "must be greater than 0");
    }
    if most < least {
        errors.invalid_int(&at, most, "must be greater than or equal to `minReplicas`");
    }
    let target = spec.get("scaleTargetRef").unwrap_or(&none);
    reference(target, &path.field("scaleTargetRef"), errors);
    let metrics = list(spec, "metrics");
    let at = path.field("metrics");
    for (index, metric) in metrics.iter().enumerate() {
        self::metric(metric, &at.index(index), errors);
    }
    let is_outside = |metric: &Value| matches!(text(metric, "type"), "Object" | "External");
    if least == 0 && !metrics.iter().any(is_outside) {
        let detail = "must specify at least one Object or External metric to support scaling to zero replicas";
        errors.forbidden(&at, detail);
    }
    let at = path.field("behavior");
    for key in ["scaleUp", "scaleDown"] {
        if let Some(rules) = spec.at(&["behavior", key]) {
            scaling(rules, &at.field(key), errors);
        }
    }
}

fn reference(target: &Value, path: &Path, errors: &mut Errors) {
    segment(target, "kind", path, "", errors);
    segment(target, "name", path, "", errors);
    let version = text(target, "apiVersion");
    if !version.contains('/') && text(target, "kind") != "ReplicationController" {
        let detail = "apiVersion must specify API group";
        errors.invalid_text(&path.field("apiVersion"), version, detail);
    }
}

/// The member of a metric that each type has.
const SOURCES: [(&str, &str); 5] = [
    ("Object", "object"),
    ("External", "external"),
    ("Pods", "pods"),
    ("Resource", "resource"),
    ("ContainerResource", "containerResource"),
];

fn metric(metric: &Value, path: &Path, errors: &mut Errors) {
    let kind = text(metric, "type");
    if kind.is_empty() {
        errors.required(&path.field("type"), "must specify a metric source type");
    }
    let present = || SOURCES.iter().filter(|(_, key)| metric.get(key).is_some());
    if let Some((of, key)) = present().next()
        && let Some(found) = metric.get(key)
    {
        source(of, found, &path.field(key), errors);
    }
    let Some((_, expected)) = SOURCES.iter().find(|(of, _)| *of == kind) else {
        let all = ["ContainerResource", "External", "Object", "Pods", "Resource"];
        errors.unsupported(&path.field("type"), kind, &all);
        return;
    };
    if metric.get(expected).is_none() {
        let detail = "must populate information for the given metric source";
        errors.required(&path.field(expected), detail);
    }
    if present().count() != 1 {
        for (_, key) in present().filter(|(_, key)| key != expected) {
            errors.forbidden(&path.field(key), "must populate the given metric source only");
        }
    }
}

fn source(kind: &str, source: &Value, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let target = source.get("target").unwrap_or(&none);
    let at = path.field("target");
    let has = |key: &str| target.get(key).is_some();
    if kind == "Object" {
        reference(
            source.get("describedObject").unwrap_or(&none),
            &path.field("describedObject"),
            errors,
        );
    }
    if matches!(kind, "Resource" | "ContainerResource") {
        for (key, detail) in [
            ("name", "must specify a resource name"),
            ("container", "must specify a container"),
        ] {
            if text(source, key).is_empty() && (key == "name" || kind == "ContainerResource") {
                errors.required(&path.field(key), detail);
            }
        }
    } else {
        let metric = source.get("metric").unwrap_or(&none);
        let at = path.field("metric");
        segment(metric, "name", &at, "must specify a metric name", errors);
        if let Some(selector) = metric.get("selector") {
            label_selector(selector, &at.field("selector"), errors);
        }
    }
    self::target(target, &at, errors);
    match kind {
        "Object" if !has("value") && !has("averageValue") => {
            let detail = "must set either a target value or averageValue";
            errors.required(&at.field("averageValue"), detail);
        }
        "External" if has("value") && has("averageValue") => {
            let detail = "may not set both a target value for metric and a per-pod target";
            errors.forbidden(&at.field("value"), detail);
        }
        "External" if !has("value") && !has("averageValue") => {
            let detail = "must set either a target value for metric or a per-pod target";
            errors.required(&at.field("averageValue"), detail);
        }
        "Pods" if !has("averageValue") => {
            errors.required(&at.field("averageValue"), "must specify a positive target averageValue");
        }
        "Resource" | "ContainerResource" if !has("averageUtilization") && !has("averageValue") => {
            let detail = "must set either a target raw value or a target utilization";
            errors.required(&at.field("averageUtilization"), detail);
        }
        "Resource" | "ContainerResource" if has("averageUtilization") && has("averageValue") => {
            let detail = "may not set both a target raw value and a target utilization";
            errors.forbidden(&at.field("averageValue"), detail);
        }
        _ => {}
    }
}

fn target(target: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("type");
    match text(target, "type") {
        "" => errors.required(&at, "must specify a metric target type"),
        "Utilization" | "Value" | "AverageValue" => {}
        kind => errors.invalid_text(&at, kind, "must be either Utilization, Value, or AverageValue"),
    }
    for key in ["value", "averageValue"] {
        if let Some(amount) = Quantity::parse(text(target, key)).filter(|q| q.milli <= 0) {
            errors.invalid_text(&path.field(key), &amount.text, "must be positive");
        }
    }
    if let Some(share) = int(target, "averageUtilization").filter(|n| *n < 1) {
        errors.invalid_int(&path.field("averageUtilization"), share, "must be greater than 0");
    }
}

fn scaling(rules: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("stabilizationWindowSeconds");
    match int(rules, "stabilizationWindowSeconds") {
        Some(window) if window < 0 => errors.invalid_int(&at, window, "must be greater than or equal to zero"),
        Some(window) if window > 3600 => errors.invalid_int(&at, window, "must be less than or equal to 3600"),
        _ => {}
    }
    word(rules, "selectPolicy", path, &["Disabled", "Max", "Min"], errors);
    let Some(policies) = rules.get("policies") else { return };
    let path = path.field("policies");
    if policies.items().is_empty() {
        errors.required(&path, "must specify at least one Policy");
    }
    for (index, policy) in policies.items().iter().enumerate() {
        let at = path.index(index);
        errors.one_of(&at.field("type"), text(policy, "type"), &["Percent", "Pods"]);
        for (key, limit) in [("value", i64::MAX), ("periodSeconds", 1800)] {
            let number = int(policy, key).unwrap_or(0);
            if number <= 0 {
                errors.invalid_int(&at.field(key), number, "must be greater than zero");
            } else if number > limit {
                errors.invalid_int(&at.field(key), number, format!("must be less than or equal to {limit}"));
            }
        }
    }
}
