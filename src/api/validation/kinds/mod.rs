//! Kinds that own no Pods: what the API server checks in them. One file for each area.

mod autoscaling;
mod cluster;
mod definition;
mod endpoints;
mod ingress;
mod network_policy;
mod policy;
mod quotas;
mod rbac;
mod requests;
mod storage;
mod webhook;

use super::error::Errors;
use super::names::dns_subdomain;
use super::path::Path;
use crate::api::fields::text;
use crate::manifest::Value;

type Check = fn(&Value, &mut Errors);

/// The rules of a kind, beside those of the metadata that all objects have.
pub(super) fn rules(version: &str, kind: &str) -> Option<Check> {
    let group = version.split_once('/').map_or("", |(group, _)| group);
    Some(match (group, kind) {
        ("networking.k8s.io", "Ingress") => ingress::ingress,
        ("networking.k8s.io", "IngressClass") => ingress::ingress_class,
        ("networking.k8s.io", "NetworkPolicy") => network_policy::network_policy,
        ("discovery.k8s.io", "EndpointSlice") => endpoints::endpoint_slice,
        ("", "Endpoints") => endpoints::endpoints,
        ("rbac.authorization.k8s.io", "Role") => rbac::role,
        ("rbac.authorization.k8s.io", "ClusterRole") => rbac::cluster_role,
        ("rbac.authorization.k8s.io", "RoleBinding") => rbac::role_binding,
        ("rbac.authorization.k8s.io", "ClusterRoleBinding") => rbac::cluster_role_binding,
        ("", "PersistentVolume") => storage::persistent_volume,
        ("storage.k8s.io", "StorageClass") => storage::storage_class,
        ("storage.k8s.io", "CSIDriver") => storage::csi_driver,
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaling::autoscaler,
        ("policy", "PodDisruptionBudget") => policy::disruption_budget,
        ("", "LimitRange") => quotas::limit_range,
        ("", "ResourceQuota") => quotas::resource_quota,
        ("", "Node") => cluster::node,
        ("", "Namespace") => cluster::namespace,
        ("", "Event") => cluster::event,
        ("scheduling.k8s.io", "PriorityClass") => cluster::priority_class,
        ("node.k8s.io", "RuntimeClass") => cluster::runtime_class,
        ("coordination.k8s.io", "Lease") => cluster::lease,
        ("certificates.k8s.io", "CertificateSigningRequest") => requests::signing_request,
        ("apiregistration.k8s.io", "APIService") => requests::api_service,
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration") => webhook::webhooks,
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration") => webhook::webhooks,
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition::definition,
        _ => return None,
    })
}

/// Text that must be there, and be a part of a path.
fn segment(object: &Value, key: &str, path: &Path, detail: &str, errors: &mut Errors) {
    let value = text(object, key);
    if value.is_empty() {
        errors.required(&path.field(key), detail);
    } else {
        errors.each(&path.field(key), value, path_segment(value));
    }
}

/// A name that is a part of a path of the API.
pub(super) fn path_segment(name: &str) -> Vec<String> {
    if matches!(name, "." | "..") {
        return vec![format!("may not be '{name}'")];
    }
    let inside = ["/", "%"].into_iter().filter(|part| name.contains(part));
    inside.map(|part| format!("may not contain '{part}'")).collect()
}

/// A DNS subdomain where there is one.
fn subdomain(object: &Value, key: &str, path: &Path, errors: &mut Errors) {
    let value = text(object, key);
    if !value.is_empty() {
        errors.each(&path.field(key), value, dns_subdomain(value));
    }
}

/// One of the words, where there is one.
fn word(object: &Value, key: &str, path: &Path, words: &[&str], errors: &mut Errors) {
    if object.get(key).is_some() {
        errors.one_of(&path.field(key), text(object, key), words);
    }
}
