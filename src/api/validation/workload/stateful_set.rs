//! StatefulSets.
//! Twin: pkg/apis/apps/validation/validation.go (v1.36.2)
//! Covers: ValidateStatefulSetSpec, ValidatePodTemplateSpecForStatefulSet, validateRollingUpdateStatefulSet
//! Left out: maxUnavailable, which the API server drops while the gate MaxUnavailableStatefulSet is off

use super::claim::claim_spec;
use super::matching::{required_selector, template_is_selected, unreadable_selector};
use super::pod_template;
use crate::api::fields::{get_mut, int, list, text};
use crate::api::validation::error::Errors;
use crate::api::validation::internal;
use crate::api::validation::names::dns_label;
use crate::api::validation::path::Path;
use crate::manifest::Value;

/// A spec. `update`: what an update may not change is not looked at again.
pub fn spec(spec: &Value, path: &Path, update: bool, errors: &mut Errors) {
    if !matches!(text(spec, "podManagementPolicy"), "OrderedReady" | "Parallel") {
        let policy = text(spec, "podManagementPolicy");
        errors.invalid_text(
            &path.field("podManagementPolicy"),
            policy,
            "must be 'OrderedReady' or 'Parallel'",
        );
    }
    strategy(spec, &path.field("updateStrategy"), errors);
    retention(spec, &path.field("persistentVolumeClaimRetentionPolicy"), errors);
    let claims = path.field("volumeClaimTemplates");
    for (index, claim) in list(spec, "volumeClaimTemplates")
        .iter()
        .enumerate()
        .filter(|_| !update)
    {
        let none = Value::Map(Vec::new());
        let at = claims.index(index);
        claim_spec(claim.get("spec").unwrap_or(&none), &at.field("spec"), errors);
    }
    errors.not_negative(&path.field("replicas"), int(spec, "replicas"));
    errors.not_negative(&path.field("minReadySeconds"), int(spec, "minReadySeconds"));
    let start = spec.get("ordinals").and_then(|ordinals| int(ordinals, "start"));
    errors.not_negative(&path.field("ordinals.start"), start);
    let service = text(spec, "serviceName");
    if !update && !service.is_empty() {
        errors.each(&path.field("serviceName"), service, dns_label(service));
    }
    if required_selector(spec, "statefulset", path, errors) {
        template_is_selected(spec.get("selector"), spec, path, errors);
        let template = template_with_claims(spec);
        pod_template::template(template.as_ref(), &path.field("template"), errors);
    } else {
        unreadable_selector(spec, "", path, errors);
    }
    pod_template::runs_for_ever(spec, "StatefulSet", path, errors);
}

fn strategy(spec: &Value, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let strategy = spec.get("updateStrategy").unwrap_or(&none);
    let rolling = strategy.get("rollingUpdate");
    let at = path.field("rollingUpdate");
    match (text(strategy, "type"), rolling) {
        ("OnDelete", Some(rolling)) => {
            let shown = internal::shown("RollingUpdateStatefulSetStrategy", rolling);
            errors.invalid_shown(&at, shown, "only allowed for updateStrategy 'RollingUpdate'");
        }
        ("RollingUpdate", Some(rolling)) => errors.not_negative(&at.field("partition"), int(rolling, "partition")),
        ("OnDelete" | "RollingUpdate", None) => {}
        _ => {
            let shown = internal::shown("StatefulSetUpdateStrategy", strategy);
            errors.invalid_shown(path, shown, "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
}

fn retention(spec: &Value, path: &Path, errors: &mut Errors) {
    let Some(policy) = spec.get("persistentVolumeClaimRetentionPolicy") else {
        return;
    };
    for key in ["whenDeleted", "whenScaled"] {
        errors.one_of(&path.field(key), text(policy, key), &["Retain", "Delete"]);
    }
}

/// The template as its Pods will be: each claim is a volume, which wins over one of the same name; the controller sets
/// host name and subdomain.
fn template_with_claims(spec: &Value) -> Option<Value> {
    let mut template = spec.get("template")?.clone();
    let mut volumes: Vec<Value> = Vec::new();
    for claim in list(spec, "volumeClaimTemplates") {
        let name = claim.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or("");
        let source = Value::Map(vec![("claimName".to_owned(), name.into())]);
        volumes.push(Value::Map(vec![
            ("name".to_owned(), name.into()),
            ("persistentVolumeClaim".to_owned(), source),
        ]));
    }
    let pod = get_mut(&mut template, "spec")?;
    let claims = volumes.len();
    for volume in list(pod, "volumes") {
        let taken = volumes
            .iter()
            .take(claims)
            .any(|claim| text(claim, "name") == text(volume, "name"));
        if !taken {
            volumes.push(volume.clone());
        }
    }
    if let Value::Map(members) = &mut *pod {
        members.retain(|(key, _)| !matches!(key.as_str(), "volumes" | "hostname" | "subdomain"));
    }
    if !volumes.is_empty() {
        pod.set("volumes", Value::Seq(volumes));
    }
    Some(template)
}
