//! `kubectl apply -f` and `kubectl create -f`.

use super::command::Apply;
use super::files::Files;
use super::kinds;
use super::run::Printed;
use super::server::{ApplyMode, Server};

/// Stores what the files hold and says what became of each object.
pub(super) fn run(apply: &Apply, files: &Files, server: &mut dyn Server, out: &mut Printed) {
    let mode = if apply.create {
        ApplyMode::Create
    } else {
        ApplyMode::Apply
    };
    let mut errors = Vec::new();
    let mut seen = 0;
    for file in &apply.files {
        let text = match files.text(file) {
            Ok(text) => text,
            Err(why) => {
                errors.push(format!("error: {why}"));
                continue;
            }
        };
        for result in server.apply(text, &apply.namespace, mode) {
            seen += 1;
            match result {
                Ok(applied) => {
                    let kind = kinds::of(&applied.kind);
                    let kind = kind.map_or_else(|| applied.kind.to_ascii_lowercase(), |k| k.qualified());
                    let verb = if apply.names_only { "" } else { applied.verb };
                    out.say(format!("{kind}/{} {verb}", applied.name).trim_end());
                }
                Err(refusal) => errors.push(refusal.text(Some(("creating", Files::shown(file))))),
            }
        }
    }
    if seen == 0 && errors.is_empty() {
        errors.push(format!(
            "error: no objects passed to {}",
            if apply.create { "create" } else { "apply" }
        ));
    }
    for text in errors {
        out.fail(&text);
    }
}
