//! Deployments.
//! Twin: pkg/apis/apps/validation/validation.go (v1.36.2)
//! Covers: ValidateDeploymentSpec, ValidateDeploymentStrategy, ValidateRollingUpdateDeployment
//! Left out: rollbackTo, which apps/v1 does not have

use super::replica_set::template;
use super::rolling::{at_most_all, count_or_share, number};
use crate::api::fields::{int, text};
use crate::api::validation::error::Errors;
use crate::api::validation::internal;
use crate::api::validation::path::Path;
use crate::manifest::Value;

pub(super) fn spec(spec: &Value, path: &Path, errors: &mut Errors) {
    errors.not_negative(&path.field("replicas"), int(spec, "replicas"));
    template(spec, path, errors);
    strategy(spec, &path.field("strategy"), errors);
    for key in ["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"] {
        errors.not_negative(&path.field(key), int(spec, key));
    }
    let least = int(spec, "minReadySeconds").unwrap_or(0);
    if let Some(deadline) = int(spec, "progressDeadlineSeconds").filter(|deadline| *deadline <= least) {
        let at = path.field("progressDeadlineSeconds");
        errors.invalid_int(&at, deadline, "must be greater than minReadySeconds");
    }
}

fn strategy(spec: &Value, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let strategy = spec.get("strategy").unwrap_or(&none);
    let rolling = strategy.get("rollingUpdate");
    let at = path.field("rollingUpdate");
    match text(strategy, "type") {
        "Recreate" => {
            if rolling.is_some() {
                let detail = "may not be specified when strategy `type` is 'Recreate'";
                errors.forbidden(&at, detail);
            }
        }
        "RollingUpdate" => {
            let part = |key: &str| rolling.and_then(|rolling| rolling.get(key));
            let (unavailable, surge) = (part("maxUnavailable"), part("maxSurge"));
            let place = at.field("maxUnavailable");
            count_or_share(unavailable, &place, errors);
            count_or_share(surge, &at.field("maxSurge"), errors);
            if number(unavailable) == 0 && number(surge) == 0 {
                let shown = unavailable.unwrap_or(&Value::Int(0));
                errors.invalid(&place, shown, "may not be 0 when `maxSurge` is 0");
            }
            at_most_all(unavailable, &place, errors);
        }
        _ => {
            let shown = internal::shown("DeploymentStrategy", strategy);
            errors.unsupported_shown(path, shown, "supported values: \"Recreate\", \"RollingUpdate\"");
        }
    }
}
