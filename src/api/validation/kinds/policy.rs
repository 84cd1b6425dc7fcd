//! PodDisruptionBudgets.
//! Twin: pkg/apis/policy/validation/validation.go (v1.36.2)
//! Covers: ValidatePodDisruptionBudget
//! Left out: status

use super::word;
use crate::api::validation::error::{Errors, json};
use crate::api::validation::internal;
use crate::api::validation::path::Path;
use crate::api::validation::selector::label_selector;
use crate::api::validation::workload::{at_most_all, count_or_share};
use crate::manifest::Value;

pub(super) fn disruption_budget(raw: &Value, errors: &mut Errors) {
    let Some(spec) = raw.get("spec") else { return };
    let root = Path::Root;
    let path = root.field("spec");
    let (least, most) = (spec.get("minAvailable"), spec.get("maxUnavailable"));
    if let (Some(least), Some(most)) = (least, most) {
        let selector = spec.get("selector").map_or(Value::Null, internal::selector);
        let policy = spec.get("unhealthyPodEvictionPolicy").unwrap_or(&Value::Null);
        let shown = format!(
            "{{\"MinAvailable\":{},\"Selector\":{},\"MaxUnavailable\":{},\"UnhealthyPodEvictionPolicy\":{}}}",
            json(least),
            json(&selector),
            json(most),
            json(policy)
        );
        errors.invalid_shown(&path, shown, "minAvailable and maxUnavailable cannot be both set");
    }
    for key in ["minAvailable", "maxUnavailable"] {
        count_or_share(spec.get(key), &path.field(key), errors);
        at_most_all(spec.get(key), &path.field(key), errors);
    }
    if let Some(selector) = spec.get("selector") {
        label_selector(selector, &path.field("selector"), errors);
    }
    let policies = ["AlwaysAllow", "IfHealthyBudget"];
    word(spec, "unhealthyPodEvictionPolicy", &path, &policies, errors);
}
