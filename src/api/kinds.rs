//! Which kind a document is of, and what is said about kinds that are not supported.

use super::nearest::nearest;
use super::schema::schema;
use crate::manifest::{Diagnostic, Fix, Node, Range, Severity};
use crate::sort;

/// What is to be done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// Its fields are checked against this type.
    Check(&'static str),
    /// Nothing is known about its fields.
    Pass,
    /// It is refused; that has been said.
    Refuse,
}

/// Kinds that have no namespace.
const CLUSTER_SCOPED: &[&str] = &[
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "ClusterTrustBundle",
    "ComponentStatus",
    "CustomResourceDefinition",
    "DeviceClass",
    "DeviceTaintRule",
    "FlowSchema",
    "IPAddress",
    "IngressClass",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "ResourceSlice",
    "RuntimeClass",
    "ServiceCIDR",
    "StorageClass",
    "StorageVersionMigration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
];

/// Whether objects of this kind live in a namespace.
pub fn namespaced(kind: &str) -> bool {
    !CLUSTER_SCOPED.contains(&kind)
}

/// Kinds that are simulated. All others are checked as far as their fields are known, and then ignored.
pub const MODELLED: &[&str] = &[
    "Pod",
    "Service",
    "ConfigMap",
    "Secret",
    "Namespace",
    "Node",
    "PriorityClass",
    "Deployment",
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
    "DaemonSet",
    "ControllerRevision",
    "Job",
    "CronJob",
    "PersistentVolumeClaim",
];

/// Where a kind keeps its Pod template, as a path of keys to the template's `spec`.
pub fn template_path(kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job" | "ReplicationController" => {
            Some(&["spec", "template"])
        }
        "CronJob" => Some(&["spec", "jobTemplate", "spec", "template"]),
        "PodTemplate" => Some(&["template"]),
        _ => None,
    }
}

/// What kubectl says of a document that has neither.
const NEITHER: &str = "[apiVersion not set, kind not set]";

/// Finds out what a document is, and says what is wrong with its `apiVersion` and `kind`.
pub fn identify(root: &Node, diagnostics: &mut Vec<Diagnostic>) -> (String, String, Treatment) {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or("").to_owned();
    let (version, kind) = (text("apiVersion"), text("kind"));
    for key in ["apiVersion", "kind"] {
        if let Some(node) = root.get(key)
            && node.as_str().is_none()
            && !node.is_null()
        {
            diagnostics.push(Diagnostic {
                severity: Severity::Error,
                code: "wrong-type",
                message: format!("unable to get {key}: it must be text"),
                range: root.locate(key),
                path: key.to_owned(),
                fixes: Vec::new(),
            });
            return (version, kind, Treatment::Refuse);
        }
    }
    for (key, missing) in [("apiVersion", version.is_empty()), ("kind", kind.is_empty())] {
        let keys = root.entries().iter().filter(|entry| !entry.merged);
        let meant = keys
            .filter(|_| missing)
            .find(|entry| nearest(&entry.key, [key]).is_some());
        if let Some(entry) = meant {
            let message = match version.is_empty() && kind.is_empty() {
                true => NEITHER.to_owned(),
                false => format!("{key} not set"),
            };
            diagnostics.push(Diagnostic {
                severity: Severity::Error,
                code: "no-kind",
                message,
                range: entry.key_range,
                path: entry.key.to_string(),
                fixes: vec![Fix {
                    title: format!("Change to {key}"),
                    range: entry.key_range,
                    text: key.to_owned(),
                }],
            });
            return (version, kind, Treatment::Refuse);
        }
    }
    let mut say = |code, severity, path: &str, message: String, fixes| {
        diagnostics.push(Diagnostic {
            severity,
            code,
            message,
            range: root.locate(path),
            path: path.to_owned(),
            fixes,
        });
    };
    match (version.is_empty(), kind.is_empty()) {
        (true, true) => say("no-kind", Severity::Error, "", NEITHER.to_owned(), Vec::new()),
        (true, false) => {
            let fixes = versions_of(&kind).take(1).map(|version| Fix {
                title: format!("Add apiVersion: {version}"),
                range: Range {
                    start: root.range.start,
                    end: root.range.start,
                },
                text: format!("apiVersion: {version}\n"),
            });
            let message = "apiVersion not set".to_owned();
            say("no-kind", Severity::Error, "", message, fixes.collect());
        }
        (false, true) => say("no-kind", Severity::Error, "", "kind not set".to_owned(), Vec::new()),
        (false, false) => return known(root, version, kind, say),
    }
    (version, kind, Treatment::Refuse)
}

fn known(
    root: &Node,
    version: String,
    kind: String,
    mut say: impl FnMut(&'static str, Severity, &str, String, Vec<Fix>),
) -> (String, String, Treatment) {
    let schema = schema();
    if let Some(ty) = schema.kind(&version, &kind) {
        if version != "podscope/v1" && !MODELLED.contains(&&*kind) {
            let rest = match (template_path(&kind), ty) {
                _ if kind == "PodDisruptionBudget" => "it holds back kubectl drain and does nothing else",
                (Some(_), _) => "its fields are checked, but it makes no Pods",
                (None, Some(_)) => "its fields are checked, but it does nothing",
                (None, None) => "its fields are not checked, and it does nothing",
            };
            let message = format!("{kind} is not supported yet: {rest}");
            say("not-supported", Severity::Warning, "kind", message, Vec::new());
        }
        return (version, kind, ty.map_or(Treatment::Pass, Treatment::Check));
    }
    let change = |path: &str, to: &str| Fix {
        title: format!("Change to {to}"),
        range: root.locate(path),
        text: to.to_owned(),
    };
    let mut message = format!("no matches for kind \"{kind}\" in version \"{version}\"");
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let is_own = |v: &str| v.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'));
    if group.contains('.') && !schema.kinds().any(|(v, _)| is_own(v)) {
        message += ": a custom resource, whose CustomResourceDefinition is not there";
        say("custom-resource", Severity::Error, "kind", message, Vec::new());
        return (version, kind, Treatment::Refuse);
    }
    let elsewhere: Vec<_> = versions_of(&kind).collect();
    if elsewhere.is_empty() {
        let here = schema.kinds().filter(|(v, _)| *v == version).map(|(_, k)| k);
        let near = nearest(&kind, here).map(|near| change("kind", near));
        let near = near.or_else(|| nearest(&kind, schema.kinds().map(|(_, k)| k)).map(|near| change("kind", near)));
        say("no-kind", Severity::Error, "kind", message, near.into_iter().collect());
    } else {
        let fixes = elsewhere
            .into_iter()
            .map(|version| change("apiVersion", version))
            .collect();
        say("no-kind", Severity::Error, "apiVersion", message, fixes);
    }
    (version, kind, Treatment::Refuse)
}

/// How the API server knows a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is one of its own.
    BuiltIn,
    /// It is one of its own, which is written so.
    LowerCase(&'static str),
    /// Not at all, or only in another version.
    No,
}

/// Whether the API server has a kind of its own of this name.
pub fn known_kind(version: &str, kind: &str) -> Known {
    let schema = schema();
    if version == "podscope/v1" {
        return Known::No;
    }
    if schema.kind(version, kind).is_some() {
        return Known::BuiltIn;
    }
    let lower = |(v, k): &(&str, &str)| *v == version && k.to_ascii_lowercase() == kind;
    schema
        .kinds()
        .find(lower)
        .map_or(Known::No, |(_, k)| Known::LowerCase(k))
}

/// The API versions that know a kind, stable ones first.
fn versions_of(kind: &str) -> impl Iterator<Item = &'static str> {
    let mut all: Vec<_> = schema().kinds().filter(|(_, k)| *k == kind).map(|(v, _)| v).collect();
    sort::sort_by_key(&mut all, |v| {
        (v.contains("alpha"), v.contains("beta"), *v == "events.k8s.io/v1")
    });
    all.into_iter()
}
