//! Warnings the API server sends with a created object.
//! Twin: pkg/api/pod/warnings.go (v1.36.2)
//! Twin: pkg/api/job/warnings.go (v1.36.2)
//! Twin: pkg/registry/apps/statefulset/strategy.go (v1.36.2)
//! Covers: WarningsOnCreate of Pods, of the kinds that own Pods and of PodTemplates
//! Left out: addresses in an odd notation, AppArmor annotations of Pods themselves

mod container;
mod pod_spec;
mod ports;
mod volumes;

use super::names::dns_label;
use super::path::Path;
use crate::api::fields::{int, list, text};
use crate::api::kinds::template_path;
use crate::api::quantity::Quantity;
use crate::manifest::Value;

/// Warnings as they are found: path and text of each.
#[derive(Default)]
struct Warnings(Vec<(String, String)>);

impl Warnings {
    fn say(&mut self, path: &Path, message: &str) {
        self.0.push((path.to_string(), format!("{path}: {message}")));
    }

    /// Resources whose amount is not a whole number of bytes.
    fn fraction(&mut self, amounts: &Value, name: &str, path: &Path) {
        let amount = text(amounts, name);
        if let Some(amount) = Quantity::parse(amount).filter(|amount| amount.milli % 1000 != 0) {
            let shown = super::error::quoted(&amount.text);
            let message = format!("fractional byte value {shown} is invalid, must be an integer");
            self.say(&path.key(name), &message);
        }
    }
}

/// Path and text of each warning about an object. It has its defaults.
pub fn warnings(raw: &Value, kind: &str) -> Vec<(String, String)> {
    let mut all = Warnings::default();
    name(raw, kind, &mut all);
    let root = Path::Root;
    let spec = root.field("spec");
    if kind == "Pod" {
        pod_spec::warn(
            raw.get("metadata"),
            raw.get("spec"),
            &root,
            pod_spec::Owner::Itself,
            &mut all,
        );
        return all.0;
    }
    let template = template_path(kind).and_then(|path| raw.at(path));
    let job = spec.field("jobTemplate");
    let job = job.field("spec");
    match kind {
        "Job" => indexes(raw.get("spec"), &spec, &mut all),
        "CronJob" => indexes(raw.at(&["spec", "jobTemplate", "spec"]), &job, &mut all),
        _ => {}
    }
    let above = match kind {
        "CronJob" => &job,
        "PodTemplate" => &root,
        _ => &spec,
    };
    others(raw, kind, &mut all);
    if let Some(template) = template {
        let (metadata, pod) = (template.get("metadata"), template.get("spec"));
        let path = above.field("template");
        pod_spec::warn(metadata, pod, &path, pod_spec::Owner::Template, &mut all);
    }
    if kind == "StatefulSet" {
        stateful_set(raw.get("spec"), &spec, &mut all);
    }
    all.0
}

/// What kinds without Pods warn of.
fn others(raw: &Value, kind: &str, all: &mut Warnings) {
    let root = Path::Root;
    let annotation = |key: &str| raw.at(&["metadata", "annotations", key]).is_some();
    const INGRESS_CLASS: &str = "kubernetes.io/ingress.class";
    const STORAGE_CLASS: &str = "volume.beta.kubernetes.io/storage-class";
    let path = root.field("metadata");
    let path = path.field("annotations");
    match kind {
        "Ingress" if annotation(INGRESS_CLASS) && raw.at(&["spec", "ingressClassName"]).is_none() => all.0.push((
            path.key(INGRESS_CLASS).to_string(),
            format!("annotation \"{INGRESS_CLASS}\" is deprecated, please use 'spec.ingressClassName' instead"),
        )),
        "PersistentVolumeClaim" => {
            if annotation(STORAGE_CLASS) {
                let message = "deprecated since v1.8; use \"storageClassName\" attribute instead";
                all.say(&path.key(STORAGE_CLASS), message);
            }
            claim_spec(raw.get("spec"), &root.field("spec"), all);
        }
        "Service"
            if raw
                .at(&["spec", "externalIPs"])
                .is_some_and(|list| !list.items().is_empty()) =>
        {
            let at = root.field("spec");
            let message = "is deprecated and may no longer be implemented in some clusters";
            let at = at.field("externalIPs").to_string();
            all.0.push((at.clone(), format!("{at} {message}")));
        }
        _ => {}
    }
}

/// A name that is a part of others should be a DNS label.
fn name(raw: &Value, kind: &str, all: &mut Warnings) {
    let place = match kind {
        "Pod" => "the Pod's hostname",
        "Deployment" | "ReplicaSet" | "ReplicationController" | "Job" | "CronJob" => "Pod names and hostnames",
        _ => return,
    };
    let name = raw.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or("");
    let wrong = dns_label(name);
    if !wrong.is_empty() {
        let message = format!(
            "this is used in {place}, which can result in surprising behavior; a DNS label is recommended: [{}]",
            wrong.join(" ")
        );
        let root = Path::Root;
        all.say(&root.field("metadata").field("name"), &message);
    }
}

fn indexes(spec: Option<&Value>, path: &Path, all: &mut Warnings) {
    let Some(spec) = spec else { return };
    let more = |key: &str, limit: i64| int(spec, key).is_some_and(|n| n > limit);
    if text(spec, "completionMode") == "Indexed" && more("completions", 100_000) && more("parallelism", 10_000) {
        all.say(
            path,
            "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, \
             Kubernetes might not be able to track completedIndexes when a big number of indexes fail",
        );
    }
}

fn stateful_set(spec: Option<&Value>, path: &Path, all: &mut Warnings) {
    let Some(spec) = spec else { return };
    let claims = path.field("volumeClaimTemplates");
    for (index, claim) in list(spec, "volumeClaimTemplates").iter().enumerate() {
        claim_spec(claim.get("spec"), &claims.index(index), all);
    }
    if int(spec, "revisionHistoryLimit").is_some_and(|limit| limit < 0) {
        let message = "a negative value retains all historical revisions; a value >= 0 is recommended";
        all.say(&path.field("revisionHistoryLimit"), message);
    }
}

fn claim_spec(spec: Option<&Value>, path: &Path, all: &mut Warnings) {
    let resources = path.field("resources");
    for key in ["requests", "limits"] {
        if let Some(amounts) = spec.and_then(|spec| spec.at(&["resources", key])) {
            all.fraction(amounts, "storage", &resources.field(key));
        }
    }
}
