//! `kubectl rollout restart`, `pause` and `resume`.

use super::{Action, Rollout};
use crate::kubectl::files::Files;
use crate::kubectl::kinds::Kind;
use crate::kubectl::run::Printed;
use crate::kubectl::server::{Server, UpdateOptions};
use crate::kubectl::workload::entry;
use crate::manifest::Value;

/// Set by a restart, so that the template is another one.
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

/// Changes the objects and says so.
pub(in crate::kubectl) fn run(rollout: &Rollout, files: &Files, server: &mut dyn Server, out: &mut Printed) {
    let found = match rollout.selection.find(files, server) {
        Ok(found) => found,
        Err(refusal) => return out.fail(&refusal.text(None)),
    };
    if found.objects.is_empty() && found.missing.is_empty() {
        return out.warn(&format!(
            "No resources found in {} namespace.",
            rollout.selection.namespace
        ));
    }
    found.report(out);
    let mut errors = Vec::new();
    for (kind, object) in &found.objects {
        let shown = object.shown(server.calendar());
        let mut new = shown.clone();
        let now = server.calendar().rfc3339(server.now());
        let words = match put(rollout.action, kind, &mut new, &now) {
            Ok(words) => words,
            Err(why) => {
                errors.push(format!("error: {} \"{}\" {why}", kind.resource(), object.name));
                continue;
            }
        };
        if new == shown {
            errors.push(format!(
                "error: failed to create patch for {}: if restart has already been triggered within the past second, \
                 please wait before attempting to trigger another",
                object.name
            ));
            continue;
        }
        match server.update(kind.kind, &new, UpdateOptions::default()) {
            Ok(_) => rollout.report.print(kind, &new, words, out),
            Err(refusal) => errors.push(format!("error: failed to patch: {}", refusal.text(None))),
        }
    }
    for text in errors {
        out.fail(&text);
    }
}

/// Changes the copy of an object; gives back what is said of it, or why it cannot be.
fn put(action: Action, kind: &Kind, new: &mut Value, now: &str) -> Result<&'static str, &'static str> {
    let paused = new.at(&["spec", "paused"]) == Some(&Value::Bool(true));
    let deployment = kind.kind == "Deployment";
    match action {
        Action::Pause if !deployment => Err("pausing is not supported"),
        Action::Resume if !deployment => Err("resuming is not supported"),
        Action::Pause if paused => Err("is already paused"),
        Action::Resume if !paused => Err("is not paused"),
        Action::Pause => {
            new.entry("spec").set("paused", true.into());
            Ok("paused")
        }
        Action::Resume => {
            if let Value::Map(spec) = new.entry("spec") {
                spec.retain(|(key, _)| key != "paused");
            }
            Ok("resumed")
        }
        _ if !matches!(kind.kind, "Deployment" | "DaemonSet" | "StatefulSet") => Err("restarting is not supported"),
        _ if paused => Err("can't restart paused deployment (run rollout resume first)"),
        _ => {
            let annotations = entry(new, &["spec", "template", "metadata", "annotations"]);
            annotations.set(RESTARTED_AT, now.into());
            Ok("restarted")
        }
    }
}
