//! Nodes, Namespaces, Events, PriorityClasses, RuntimeClasses and Leases.
//! Twin: pkg/apis/core/validation/validation.go (v1.36.2)
//! Twin: pkg/apis/core/validation/events.go (v1.36.2)
//! Twin: pkg/apis/scheduling/validation/validation.go (v1.36.2)
//! Twin: pkg/apis/node/validation/validation.go (v1.36.2)
//! Twin: pkg/apis/coordination/validation/validation.go (v1.36.2)
//! Covers: ValidateNode, ValidateNamespace, legacyValidateEvent, ValidatePriorityClass, ValidateRuntimeClass, ValidateLease
//! Left out: annotations and status of Nodes, scheduling and overhead of RuntimeClasses

use super::word;
use crate::api::fields::{int, list, text};
use crate::api::validation::error::Errors;
use crate::api::validation::names::{cidr, dns_label, label_value, qualified_name};
use crate::api::validation::path::Path;
use crate::manifest::Value;

pub(super) fn node(raw: &Value, errors: &mut Errors) {
    let Some(spec) = raw.get("spec") else { return };
    let root = Path::Root;
    // The API server names the taints so.
    let path = root.field("metadata");
    let path = path.field("taints");
    for (index, taint) in list(spec, "taints").iter().enumerate() {
        let at = path.index(index);
        let (key, value) = (text(taint, "key"), text(taint, "value"));
        errors.each(&at.field("key"), key, qualified_name(key));
        errors.each(&at.field("value"), value, label_value(value));
        let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
        match text(taint, "effect") {
            "" => errors.required(&at.field("effect"), ""),
            effect => errors.one_of(&at.field("effect"), effect, &effects),
        }
    }
    let path = root.field("spec");
    let path = path.field("podCIDRs");
    let several = list(spec, "podCIDRs").iter().filter_map(Value::as_str);
    let one = Some(text(spec, "podCIDR")).filter(|one| !one.is_empty() && list(spec, "podCIDRs").is_empty());
    for (index, given) in several.chain(one).enumerate() {
        errors.each(&path.index(index), given, cidr(given));
    }
}

pub(super) fn namespace(raw: &Value, errors: &mut Errors) {
    let root = Path::Root;
    let path = root.field("metadata");
    let at = path.field("labels");
    // A label holds the name.
    let name = raw.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or("");
    let long = label_value(name).into_iter().filter(|why| why.ends_with("bytes"));
    errors.each(&at, name, long.collect());
    if !errors.0.is_empty() {
        return;
    }
    for mode in ["enforce", "audit", "warn"] {
        let label = |key: &str| raw.at(&["metadata", "labels", key]).and_then(Value::as_str);
        let key = format!("pod-security.kubernetes.io/{mode}");
        if let Some(level) = label(&key).filter(|level| !matches!(*level, "privileged" | "baseline" | "restricted")) {
            errors.invalid_text(&at.key(&key), level, "must be one of privileged, baseline, restricted");
        }
        let key = key + "-version";
        let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_version = |text: &str| text == "latest" || text.strip_prefix("v1.").is_some_and(number);
        if let Some(version) = label(&key).filter(|version| !is_version(version)) {
            errors.invalid_text(&at.key(&key), version, "must be \"latest\" or \"v1.x\"");
        }
    }
}

pub(super) fn event(raw: &Value, errors: &mut Errors) {
    let namespace = raw.at(&["metadata", "namespace"]).and_then(Value::as_str);
    let namespace = namespace.unwrap_or("default");
    let of = raw.get("involvedObject").map_or("", |of| text(of, "namespace"));
    let root = Path::Root;
    let fits = if of.is_empty() {
        namespace == "default"
    } else {
        of == namespace
    };
    if !fits {
        let path = root.field("involvedObject");
        errors.invalid_text(&path.field("namespace"), of, "does not match event.namespace");
    }
}

pub(super) fn priority_class(raw: &Value, errors: &mut Errors) {
    const LIMIT: i64 = 1_000_000_000;
    let root = Path::Root;
    let name = raw.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or("");
    if name.starts_with("system-") && !matches!(name, "system-node-critical" | "system-cluster-critical") {
        let detail = format!(
            "priority class names with 'system-' prefix are reserved for system use only. error: {name} is not a known \
             system priority class"
        );
        errors.forbidden(&root.field("metadata").field("name"), detail);
    } else if int(raw, "value").is_some_and(|value| value > LIMIT) && !name.starts_with("system-") {
        let detail = format!("maximum allowed value of a user defined priority is {LIMIT}");
        errors.forbidden(&root.field("value"), detail);
    }
    word(
        raw,
        "preemptionPolicy",
        &root,
        &["PreemptLowerPriority", "Never"],
        errors,
    );
}

pub(super) fn runtime_class(raw: &Value, errors: &mut Errors) {
    let root = Path::Root;
    let handler = text(raw, "handler");
    errors.each(&root.field("handler"), handler, dns_label(handler));
}

pub(super) fn lease(raw: &Value, errors: &mut Errors) {
    let Some(spec) = raw.get("spec") else { return };
    let root = Path::Root;
    let path = root.field("spec");
    if let Some(seconds) = int(spec, "leaseDurationSeconds").filter(|n| *n <= 0) {
        errors.invalid_int(&path.field("leaseDurationSeconds"), seconds, "must be greater than 0");
    }
    errors.not_negative(&path.field("leaseTransitions"), int(spec, "leaseTransitions"));
}
