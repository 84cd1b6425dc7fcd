//! `kubectl apply -f`, `kubectl create -f` and `kubectl replace -f`.

use super::command::{Apply, Usage};
use super::files::Files;
use super::flags::Line;
use super::kinds;
use super::parse::error;
use super::run::Printed;
use super::server::{Applied, ApplyMode, Refusal, Server};
use crate::api::WorkloadKind;
use crate::manifest::Value;

/// The annotation in which `kubectl apply` keeps the text it has stored.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// `--dry-run`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dry {
    /// `none`: it is done.
    #[default]
    No,
    /// `client`: only said.
    Client,
    /// `server`: checked as the API server would, and not kept.
    Server,
}

impl Dry {
    /// As the line has it.
    pub(super) fn of(line: &Line) -> Result<Dry, Usage> {
        match line.text("dry-run") {
            None | Some("none") => Ok(Dry::No),
            Some("client") => Ok(Dry::Client),
            Some("server") => Ok(Dry::Server),
            Some("unchanged") => Err(error(
                "--dry-run flag without a value was specified. A value must be set: \"none\", \"server\", or \"client\".",
            )),
            Some(other) => Err(error(format!(
                "Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
            ))),
        }
    }

    /// What is said behind the verb.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Dry::No => "",
            Dry::Client => " (dry run)",
            Dry::Server => " (server dry run)",
        }
    }
}

/// Stores what the files hold and says what became of each object.
pub(super) fn run(apply: &Apply, files: &Files, server: &mut dyn Server, out: &mut Printed) {
    let mode = match (apply.create, apply.dry) {
        (true, Dry::No) => ApplyMode::Create,
        (false, Dry::No) => ApplyMode::Apply,
        (true, _) => ApplyMode::CheckCreate,
        (false, _) => ApplyMode::CheckApply,
    };
    let doing = match (apply.create, apply.replace) {
        (_, true) => "replacing",
        (true, _) => "creating",
        (false, _) => "applying patch to",
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
        if apply.replace && !apply.create {
            let missing = missing(files, file, &apply.namespace, server);
            if !missing.is_empty() {
                let place = Some((doing, Files::shown(file)));
                errors.extend(missing.iter().map(|refusal| refusal.text(place)));
                continue;
            }
        }
        if !apply.create && !apply.replace && !apply.server_side {
            for object in files.objects(file).unwrap_or_default() {
                warn_of_missing_text(&object, &apply.namespace, server, out);
            }
        }
        for result in server.apply(text, &apply.namespace, mode) {
            seen += 1;
            match result {
                Ok(applied) => out.say(&said(apply, &applied)),
                Err(refusal) => {
                    // What is new is created, whatever the verb.
                    let doing = if matches!(
                        refusal,
                        Refusal::Status {
                            reason: "Forbidden",
                            ..
                        }
                    ) && !apply.replace
                    {
                        "creating"
                    } else {
                        doing
                    };
                    errors.push(refusal.text(Some((doing, Files::shown(file)))));
                }
            }
        }
    }
    if seen == 0 && errors.is_empty() {
        let verb = match (apply.create, apply.replace) {
            (_, true) => "replace",
            (true, _) => "create",
            (false, _) => "apply",
        };
        errors.push(format!("error: no objects passed to {verb}"));
    }
    for text in errors {
        out.fail(&text);
    }
}

/// Says so when an object that is there was not stored by `kubectl apply`, of kinds whose texts are kept.
fn warn_of_missing_text(given: &Value, namespace: &str, server: &dyn Server, out: &mut Printed) {
    let text = |path: &[&str]| given.at(path).and_then(Value::as_str).unwrap_or_default();
    let kind = kinds::of(text(&["kind"]));
    let kept = |kind: &&kinds::Kind| kind.kind == "Pod" || WorkloadKind::of(kind.kind).is_some();
    let Some(kind) = kind.filter(kept) else { return };
    let scope = Some(text(&["metadata", "namespace"])).filter(|n| !n.is_empty());
    let name = text(&["metadata", "name"]);
    let Some(stored) = server.object(kind.kind, scope.unwrap_or(namespace), name) else {
        return;
    };
    let stored = stored.shown(server.calendar());
    if stored.at(&["metadata", "annotations", LAST_APPLIED]).is_none() {
        out.warn(&format!(
            "Warning: resource {}/{name} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. \
             kubectl apply should only be used on resources created declaratively by either kubectl create --save-config \
             or kubectl apply. The missing annotation will be patched automatically.",
            kind.plural
        ));
    }
}

fn said(apply: &Apply, applied: &Applied) -> String {
    let kind = kinds::of(&applied.kind);
    let kind = kind.map_or_else(|| applied.kind.to_ascii_lowercase(), |k| k.qualified());
    let verb = match (apply.replace, apply.server_side) {
        (true, _) => "replaced",
        (_, true) => "serverside-applied",
        _ => applied.verb,
    };
    if apply.names_only {
        format!("{kind}/{}", applied.name)
    } else {
        format!("{kind}/{} {verb}{}", applied.name, apply.dry.suffix())
    }
}

/// Objects of a file that are not there to be replaced.
fn missing(files: &Files, file: &str, namespace: &str, server: &dyn Server) -> Vec<Refusal> {
    let objects = files.objects(file).unwrap_or_default();
    let text = |o: &Value, path: &[&str]| o.at(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    objects
        .iter()
        .filter_map(|o| {
            let kind = kinds::of(&text(o, &["kind"]))?;
            let (name, given) = (text(o, &["metadata", "name"]), text(o, &["metadata", "namespace"]));
            let scope = match (kind.namespaced, given.is_empty()) {
                (false, _) => "",
                (true, true) => namespace,
                (true, false) => &given,
            };
            let there = server.object(kind.kind, scope, &name).is_some();
            (!there).then(|| Refusal::not_found(&kind.resource(), &name))
        })
        .collect()
}
