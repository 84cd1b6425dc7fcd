//! `kubectl rollout history`.

use super::{Action, Rollout};
use crate::kubectl::describe::template::unaligned;
use crate::kubectl::describe::writer::Writer;
use crate::kubectl::files::Files;
use crate::kubectl::kinds::Kind;
use crate::kubectl::run::Printed;
use crate::kubectl::server::{Refusal, Server, Stored};
use crate::kubectl::workload::{self, Revision};

/// Prints the revisions, or one of them with its template.
pub(in crate::kubectl) fn run(rollout: &Rollout, files: &Files, server: &dyn Server, out: &mut Printed) {
    let found = match rollout.selection.find(files, server) {
        Ok(found) => found,
        Err(refusal) => return out.fail(&refusal.text(None)),
    };
    for (kind, object) in &found.objects {
        match view(rollout, kind, object, server) {
            Ok(text) => out.say(&format!("{}/{} {text}", kind.qualified(), object.name)),
            Err(refusal) => out.fail(&refusal.text(None)),
        }
    }
    found.report(out);
}

fn view(rollout: &Rollout, kind: &Kind, object: &Stored, server: &dyn Server) -> Result<String, Refusal> {
    if !matches!(kind.kind, "Deployment" | "DaemonSet" | "StatefulSet") {
        return Err(super::undo::unsupported("history viewer", kind));
    }
    let revisions = workload::revisions(object, server);
    let wanted = match rollout.action {
        Action::History(revision) => revision,
        _ => 0,
    };
    if revisions.is_empty() {
        return Ok("\nNo rollout history found.".to_owned());
    }
    if wanted > 0 {
        let found = revisions.into_iter().find(|r| r.number == wanted);
        let found = found.ok_or_else(|| Refusal::Local("unable to find the specified revision".to_owned()))?;
        let template = with_cause(found, kind);
        return Ok(format!(
            "with revision #{wanted}\n{}",
            unaligned(&template, server.client())
        ));
    }
    let mut table = Writer::default();
    table.line(0, "REVISION\tCHANGE-CAUSE");
    for revision in &revisions {
        let cause = revision.cause.as_deref().unwrap_or("<none>");
        table.line(0, &format!("{}\t{cause}", revision.number));
    }
    Ok(format!("\n{}", table.finish()))
}

/// The template; of a Deployment with the cause among its annotations.
fn with_cause(revision: Revision, kind: &Kind) -> crate::manifest::Value {
    let mut template = revision.template;
    if let (Some(cause), "Deployment") = (revision.cause, kind.kind) {
        let annotations = workload::entry(&mut template, &["metadata", "annotations"]);
        annotations.set("kubernetes.io/change-cause", cause.as_str().into());
    }
    template
}
