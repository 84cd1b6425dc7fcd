//! `kubectl rollout undo`.

use super::{Action, Rollout};
use crate::kubectl::apply::{Dry, LAST_APPLIED};
use crate::kubectl::describe::template::unaligned;
use crate::kubectl::files::Files;
use crate::kubectl::kinds::Kind;
use crate::kubectl::run::Printed;
use crate::kubectl::server::{Refusal, Server, Stored, UpdateOptions};
use crate::kubectl::workload::{self, REVISION, Revision};
use crate::manifest::Value;

/// Annotations that stay as the Deployment has them.
const KEPT: [&str; 6] = [
    LAST_APPLIED,
    REVISION,
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
];

/// Puts the template of an older revision back.
pub(in crate::kubectl) fn run(rollout: &Rollout, files: &Files, server: &mut dyn Server, out: &mut Printed) {
    let found = match rollout.selection.find(files, server) {
        Ok(found) => found,
        Err(refusal) => return out.fail(&refusal.text(None)),
    };
    for (kind, object) in &found.objects {
        let shown = object.shown(server.calendar());
        let managed = shown.at(&["metadata", "annotations", LAST_APPLIED]).is_some();
        if managed && server.client().is_new() {
            out.warn(&format!(
                "Warning: resource {}/{} was previously managed with 'kubectl apply'. Rolling back will not update \
                 the {LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' \
                 operations. Consider using 'kubectl apply' with your previous configuration file instead.",
                kind.plural, object.name
            ));
        }
        match undo(rollout, kind, object, &shown, server) {
            Ok(words) => rollout.report.print(kind, &shown, &words, out),
            Err(refusal) => out.fail(&refusal.text(None)),
        }
    }
    found.report(out);
}

/// `no rollbacker has been implemented for "Job.batch"`.
pub(super) fn unsupported(what: &str, kind: &Kind) -> Refusal {
    let name = match kind.group {
        "" => kind.kind.to_owned(),
        group => format!("{}.{group}", kind.kind),
    };
    Refusal::Local(format!("no {what} has been implemented for \"{name}\""))
}

/// Rolls one object back; gives back what is said of it.
fn undo(
    rollout: &Rollout,
    kind: &Kind,
    object: &Stored,
    shown: &Value,
    server: &mut dyn Server,
) -> Result<String, Refusal> {
    if !matches!(kind.kind, "Deployment" | "DaemonSet" | "StatefulSet") {
        return Err(unsupported("rollbacker", kind));
    }
    let wanted = match rollout.action {
        Action::Undo(revision) => revision,
        _ => 0,
    };
    let revisions = workload::revisions(object, &*server);
    let revision = chosen(&revisions, wanted, kind, object)?;
    let is_deployment = kind.kind == "Deployment";
    if rollout.report.dry == Dry::Client {
        let text = unaligned(&revision.template, server.client());
        return Ok(if is_deployment {
            text
        } else {
            format!("will roll back to {text}")
        });
    }
    if is_deployment && shown.at(&["spec", "paused"]) == Some(&Value::Bool(true)) {
        return Err(Refusal::Local(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again"
                .to_owned(),
        ));
    }
    let same = shown.at(&["spec", "template"]).map(workload::without_hash);
    if same == Some(workload::without_hash(&revision.template)) {
        return Ok(format!(
            "skipped rollback (current template already matches revision {wanted})"
        ));
    }
    let mut new = shown.clone();
    new.entry("spec")
        .set("template", workload::bare_template(&revision.template));
    if is_deployment {
        new.entry("metadata")
            .set("annotations", Value::Map(annotations(shown, revision)));
    }
    let how = UpdateOptions {
        subresource: "",
        dry_run: rollout.report.dry == Dry::Server,
    };
    server.update(kind.kind, &new, how)?;
    Ok("rolled back".to_owned())
}

fn chosen<'r>(revisions: &'r [Revision], wanted: i64, kind: &Kind, object: &Stored) -> Result<&'r Revision, Refusal> {
    let found = match wanted {
        0 => revisions.iter().rev().nth(1),
        _ => revisions.iter().find(|r| r.number == wanted),
    };
    found.ok_or_else(|| {
        Refusal::Local(match (wanted, kind.kind) {
            (0, "Deployment") => format!("no rollout history found for deployment \"{}\"", object.name),
            (0, _) => "no last revision to roll back to".to_owned(),
            _ => format!("unable to find specified revision {wanted} in history"),
        })
    })
}

/// The annotations of the revision, but for those that stay.
fn annotations(deployment: &Value, revision: &Revision) -> Vec<(String, Value)> {
    let own = deployment.at(&["metadata", "annotations"]).map(Value::members);
    let kept = own
        .unwrap_or_default()
        .iter()
        .filter(|(k, _)| KEPT.contains(&k.as_str()));
    let restored = revision.annotations.iter();
    kept.chain(restored.filter(|(k, _)| !KEPT.contains(&k.as_str())))
        .cloned()
        .collect()
}
