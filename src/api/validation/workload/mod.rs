//! Kinds that own Pods, and templates of Pods. Each kind has a file; what they share stands in `matching.rs` (selector
//! and labels), `pod_template.rs` and `rolling.rs` (numbers of a rollout).

mod claim;
mod controller_revision;
pub(super) mod cron_job;
mod daemon_set;
mod deployment;
mod indexes;
pub(super) mod job;
mod job_policy;
mod matching;
mod pod_template;
mod replica_set;
mod replication_controller;
mod rolling;
pub(super) mod stateful_set;

use super::error::Errors;
use super::path::Path;
use crate::manifest::Value;

pub(super) use claim::{ACCESS_MODES, claim_spec};
pub use job::generate_selector;
pub(super) use rolling::{at_most_all, count_or_share};

/// Whether this file knows the rules of a kind.
pub fn knows(kind: &str) -> bool {
    rules(kind).is_some()
}

/// An object of one of these kinds, without the metadata that all objects have. It has its defaults.
pub fn workload(raw: &Value, kind: &str, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let root = Path::Root;
    match rules(kind) {
        Some(Rules::Spec(check)) => check(raw.get("spec").unwrap_or(&none), &root.field("spec"), errors),
        Some(Rules::Object(check)) => check(raw, &root, errors),
        None => {}
    }
}

type Check = fn(&Value, &Path, &mut Errors);

/// What the rules of a kind look at.
enum Rules {
    Spec(Check),
    Object(Check),
}

fn rules(kind: &str) -> Option<Rules> {
    Some(match kind {
        "Deployment" => Rules::Spec(deployment::spec),
        "ReplicaSet" => Rules::Spec(replica_set::spec),
        "ReplicationController" => Rules::Spec(replication_controller::spec),
        "StatefulSet" => Rules::Spec(|spec, path, errors| stateful_set::spec(spec, path, false, errors)),
        "DaemonSet" => Rules::Spec(daemon_set::spec),
        "PersistentVolumeClaim" => Rules::Spec(claim_spec),
        "Job" => Rules::Object(job::job),
        "CronJob" => Rules::Object(cron_job::cron_job),
        "ControllerRevision" => Rules::Object(controller_revision::revision),
        "PodTemplate" => Rules::Object(|raw, path, errors| {
            pod_template::template(raw.get("template"), &path.field("template"), errors);
        }),
        _ => return None,
    })
}
