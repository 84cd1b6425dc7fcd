//! DaemonSets.
//! Twin: pkg/apis/apps/validation/validation.go (v1.36.2)
//! Covers: ValidateDaemonSetSpec, ValidateDaemonSetUpdateStrategy, ValidateRollingUpdateDaemonSet
//! Left out: templateGeneration, which apps/v1 does not have

use super::matching::{empty_selector, is_empty, template_is_selected};
use super::pod_template;
use super::rolling::{at_most_all, count_or_share, number};
use crate::api::fields::{int, text};
use crate::api::validation::error::Errors;
use crate::api::validation::internal;
use crate::api::validation::path::Path;
use crate::api::validation::selector::label_selector;
use crate::manifest::Value;

pub(super) fn spec(spec: &Value, path: &Path, errors: &mut Errors) {
    let selector = spec.get("selector");
    let before = errors.0.len();
    let at = path.field("selector");
    if let Some(selector) = selector {
        label_selector(selector, &at, errors);
    }
    if errors.0.len() == before {
        template_is_selected(selector, spec, path, errors);
    }
    if selector.is_some_and(is_empty) {
        empty_selector("daemonset", &at, errors);
    }
    pod_template::template(spec.get("template"), &path.field("template"), errors);
    pod_template::runs_for_ever(spec, "DaemonSet", path, errors);
    errors.not_negative(&path.field("minReadySeconds"), int(spec, "minReadySeconds"));
    strategy(spec, &path.field("updateStrategy"), errors);
    errors.not_negative(&path.field("revisionHistoryLimit"), int(spec, "revisionHistoryLimit"));
}

fn strategy(spec: &Value, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let strategy = spec.get("updateStrategy").unwrap_or(&none);
    match text(strategy, "type") {
        "OnDelete" => {}
        "RollingUpdate" => rolling(strategy, &path.field("rollingUpdate"), errors),
        _ => {
            let shown = internal::shown("DaemonSetUpdateStrategy", strategy);
            errors.unsupported_shown(path, shown, "supported values: \"RollingUpdate\", \"OnDelete\"");
        }
    }
}

/// Exactly one of the two numbers is to be more than 0.
fn rolling(strategy: &Value, path: &Path, errors: &mut Errors) {
    let part = |key: &str| strategy.at(&["rollingUpdate", key]);
    let both = ["maxUnavailable", "maxSurge"];
    for key in both {
        count_or_share(part(key), &path.field(key), errors);
    }
    for key in both {
        at_most_all(part(key), &path.field(key), errors);
    }
    let set = |key: &str| number(part(key)) != 0;
    match (set("maxUnavailable"), set("maxSurge")) {
        (true, true) => {
            let shown = part("maxSurge").unwrap_or(&Value::Null);
            let detail = "may not be set when maxUnavailable is non-zero";
            errors.invalid(&path.field("maxSurge"), shown, detail);
        }
        (false, false) => errors.required(&path.field("maxUnavailable"), "cannot be 0 when maxSurge is 0"),
        _ => {}
    }
}
