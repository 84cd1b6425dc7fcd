//! Kinds with a Pod template. Twin of `pkg/apis/apps/validation/validation.go` and
//! `pkg/apis/batch/validation/validation.go`, release 1.36. Left out: failure policies, claim templates.

use super::cron;
use super::error::Errors;
use super::meta::{annotations, labels};
use super::path::Path;
use super::pod::pod_spec;
use super::selector::label_selector;
use crate::api::fields::{int, list, members, text};
use crate::manifest::Value;
use crate::sort;

/// A workload of this kind.
pub fn workload(raw: &Value, kind: &str, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("spec");
    match kind {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => {
            errors.not_negative(&path.field("replicas"), int(spec, "replicas"));
            errors.not_negative(&path.field("minReadySeconds"), int(spec, "minReadySeconds"));
            errors.not_negative(&path.field("revisionHistoryLimit"), int(spec, "revisionHistoryLimit"));
            selector(spec, kind, &path, errors);
            template(spec, &path, Some(kind), errors);
            if kind == "Deployment" {
                strategy(spec, &path, errors);
            }
        }
        "ReplicationController" => {
            errors.not_negative(&path.field("replicas"), int(spec, "replicas"));
            template(spec, &path, Some(kind), errors);
        }
        "Job" => job(spec, &path, errors),
        "CronJob" => cron_job(spec, &path, errors),
        "PodTemplate" => template(raw, &root, None, errors),
        _ => {}
    }
}

fn selector(spec: &Value, kind: &str, path: &Path, errors: &mut Errors) {
    let at = path.field("selector");
    let none = Value::Map(Vec::new());
    let found = spec.get("selector");
    match found {
        None => errors.required(&at, ""),
        Some(selector) => {
            label_selector(selector, &at, errors);
            if members(selector, "matchLabels").is_empty() && list(selector, "matchExpressions").is_empty() {
                let detail = format!("empty selector is invalid for {}", kind.to_ascii_lowercase());
                errors.invalid(&at, selector, detail);
                return;
            }
        }
    }
    let own = spec.at(&["template", "metadata", "labels"]).unwrap_or(&none);
    if !found.is_some_and(|selector| matches(selector, own.members())) {
        let labels = path.field("template");
        let labels = labels.field("metadata");
        // Go prints the keys of a mapping in order.
        let mut sorted = own.members().to_vec();
        sort::sort_by(&mut sorted, |a, b| a.0.cmp(&b.0));
        let shown = if sorted.is_empty() {
            Value::Null
        } else {
            Value::Map(sorted)
        };
        errors.invalid(
            &labels.field("labels"),
            &shown,
            "`selector` does not match template `labels`",
        );
    }
}

/// Whether a selector selects an object with these labels.
fn matches(selector: &Value, labels: &[(String, Value)]) -> bool {
    let of = |key: &str| labels.iter().find(|(k, _)| k == key).and_then(|(_, v)| v.as_str());
    let plain = members(selector, "matchLabels")
        .iter()
        .all(|(key, value)| of(key).is_some() && of(key) == value.as_str());
    plain
        && list(selector, "matchExpressions").iter().all(|e| {
            let value = of(text(e, "key"));
            let within = list(e, "values").iter().any(|v| value.is_some() && v.as_str() == value);
            match text(e, "operator") {
                "In" => within,
                "NotIn" => !within,
                "Exists" => value.is_some(),
                "DoesNotExist" => value.is_none(),
                _ => false,
            }
        })
}

fn template(spec: &Value, path: &Path, kind: Option<&str>, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let template = spec.get("template").unwrap_or(&none);
    let (meta, pod) = (
        template.get("metadata").unwrap_or(&none),
        template.get("spec").unwrap_or(&none),
    );
    let at = path.field("template");
    let meta_path = at.field("metadata");
    labels(meta.get("labels"), &meta_path.field("labels"), errors);
    annotations(meta.get("annotations"), &meta_path.field("annotations"), errors);
    let at = at.field("spec");
    // Without any spec there is nothing the defaults could fill in; what is missing is the list of containers.
    if template.get("spec").is_none() {
        errors.required(&at.field("containers"), "");
        return;
    }
    pod_spec(meta, pod, &at, Some(list(spec, "volumeClaimTemplates")), errors);
    let Some(kind) = kind else { return };
    let policy = text(pod, "restartPolicy");
    if policy != "Always" && matches!(policy, "Never" | "OnFailure") {
        errors.unsupported(&at.field("restartPolicy"), policy, &["Always"]);
    }
    if pod.get("activeDeadlineSeconds").is_some() && kind != "ReplicationController" {
        let owner = if kind == "Deployment" { "ReplicaSet" } else { kind };
        let detail = format!("activeDeadlineSeconds in {owner} is not Supported");
        errors.forbidden(&at.field("activeDeadlineSeconds"), detail);
    }
}

fn strategy(spec: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("strategy");
    let none = Value::Map(Vec::new());
    let strategy = spec.get("strategy").unwrap_or(&none);
    let rolling = strategy.get("rollingUpdate");
    match text(strategy, "type") {
        "Recreate" => {
            if rolling.is_some() {
                let detail = "may not be specified when strategy `type` is 'Recreate'";
                errors.forbidden(&at.field("rollingUpdate"), detail);
            }
        }
        "RollingUpdate" => {
            let at = at.field("rollingUpdate");
            let rolling = rolling.unwrap_or(&none);
            for key in ["maxUnavailable", "maxSurge"] {
                if let Some(value) = rolling.get(key) {
                    count_or_percent(value, &at.field(key), key == "maxUnavailable", errors);
                }
            }
            let zero = |key: &str| match rolling.get(key) {
                Some(Value::Int(0)) => true,
                Some(Value::Str(s)) => s == "0%",
                _ => false,
            };
            if zero("maxUnavailable") && zero("maxSurge") {
                let shown = rolling.get("maxUnavailable").cloned().unwrap_or(Value::Int(0));
                errors.invalid(&at.field("maxUnavailable"), &shown, "may not be 0 when `maxSurge` is 0");
            }
        }
        _ => {
            let shown = serde_json::Value::from(strategy).to_string();
            let detail = "supported values: \"Recreate\", \"RollingUpdate\"";
            errors.unsupported_shown(&at, shown, detail);
        }
    }
    if let Some(deadline) = int(spec, "progressDeadlineSeconds") {
        let at = path.field("progressDeadlineSeconds");
        errors.not_negative(&at, Some(deadline));
        if deadline <= int(spec, "minReadySeconds").unwrap_or(0) {
            errors.invalid_int(&at, deadline, "must be greater than minReadySeconds");
        }
    }
}

fn count_or_percent(value: &Value, path: &Path, at_most_all: bool, errors: &mut Errors) {
    match value {
        Value::Int(n) => errors.not_negative(path, Some(*n)),
        Value::Str(s) => {
            let percent = s
                .strip_suffix('%')
                .filter(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
            match percent.map(|d| d.parse::<i64>().unwrap_or(i64::MAX)) {
                None => {
                    let detail = "a valid percent string must be a numeric string followed by an ending '%' (e.g. \
                         '1%',  or '93%', regex used for validation is '[0-9]+%')";
                    errors.invalid_text(path, s, detail);
                }
                Some(n) if n > 100 && at_most_all => {
                    errors.invalid_text(path, s, "must not be greater than 100%");
                }
                Some(_) => {}
            }
        }
        _ => {}
    }
}

fn job(spec: &Value, path: &Path, errors: &mut Errors) {
    for key in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
    ] {
        errors.not_negative(&path.field(key), int(spec, key));
    }
    let indexed = text(spec, "completionMode") == "Indexed";
    errors.one_of(
        &path.field("completionMode"),
        text(spec, "completionMode"),
        &["Indexed", "NonIndexed"],
    );
    if indexed && spec.get("completions").is_none() {
        errors.required(&path.field("completions"), "when completion mode is Indexed");
    }
    if let Some(limit) = int(spec, "backoffLimitPerIndex").filter(|_| !indexed) {
        errors.invalid_int(
            &path.field("backoffLimitPerIndex"),
            limit,
            "requires indexed completion mode",
        );
    }
    template(spec, path, None, errors);
    let policy = spec
        .at(&["template", "spec", "restartPolicy"])
        .and_then(Value::as_str)
        .unwrap_or("");
    let at = path.field("template");
    let at = at.field("spec");
    let at = at.field("restartPolicy");
    if matches!(policy, "" | "Always") {
        errors.required(&at, "valid values: \"OnFailure\", \"Never\"");
    } else if spec.get("podFailurePolicy").is_some() && policy != "Never" {
        errors.invalid_text(
            &at,
            policy,
            "only \"Never\" is supported when podFailurePolicy is specified",
        );
    }
}

fn cron_job(spec: &Value, path: &Path, errors: &mut Errors) {
    cron::schedule(text(spec, "schedule"), &path.field("schedule"), errors);
    errors.not_negative(
        &path.field("startingDeadlineSeconds"),
        int(spec, "startingDeadlineSeconds"),
    );
    if let Some(zone) = spec.get("timeZone").and_then(Value::as_str) {
        cron::time_zone(zone, &path.field("timeZone"), errors);
    }
    let policy = path.field("concurrencyPolicy");
    errors.one_of(
        &policy,
        text(spec, "concurrencyPolicy"),
        &["Allow", "Forbid", "Replace"],
    );
    let none = Value::Map(Vec::new());
    let inner = spec.at(&["jobTemplate", "spec"]).unwrap_or(&none);
    let at = path.field("jobTemplate");
    job(inner, &at.field("spec"), errors);
    errors.not_negative(
        &path.field("successfulJobsHistoryLimit"),
        int(spec, "successfulJobsHistoryLimit"),
    );
    errors.not_negative(
        &path.field("failedJobsHistoryLimit"),
        int(spec, "failedJobsHistoryLimit"),
    );
}
