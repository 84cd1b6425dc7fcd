//! `kubectl delete`: asks, says so, and waits until the objects are gone.

use std::rc::Rc;

use super::apply::Dry;
use super::command::{Delete, Target};
use super::files::Files;
use super::kinds::{self, Kind};
use super::run::Printed;
use super::server::{DeleteOptions, Refusal, Server};
use crate::manifest::Value;
use crate::sort;

/// Printed with `--force`.
const FORCE_WARNING: &str = "Warning: Immediate deletion does not wait for confirmation that the running resource has \
                             been terminated. The resource may continue to run on the cluster indefinitely.";

/// An object that is awaited to be gone.
#[derive(Clone, Debug)]
pub(super) struct Awaited {
    pub kind: &'static Kind,
    pub namespace: String,
    pub name: String,
    pub uid: Rc<str>,
}

/// An object to delete, and the file that named it.
struct Victim {
    kind: &'static Kind,
    namespace: String,
    name: String,
    file: Option<String>,
}

/// Deletes; what is left to wait for comes back.
pub(super) fn start(delete: &Delete, files: &Files, server: &mut dyn Server, out: &mut Printed) -> Vec<Awaited> {
    if let Some(warning) = &delete.warning {
        out.warn(warning);
    }
    if delete.force {
        out.warn(FORCE_WARNING);
    }
    let mut errors = Vec::new();
    let victims = victims(delete, files, server, &mut errors);
    let (mut awaited, mut deleted) = (Vec::new(), 0);
    for victim in victims {
        let dry = delete.dry != Dry::No;
        let outcome = if dry {
            let there = server.object(victim.kind.kind, &victim.namespace, &victim.name);
            there
                .map(|o| o.uid)
                .ok_or_else(|| Refusal::not_found(&victim.kind.resource(), &victim.name))
        } else {
            let how = DeleteOptions {
                grace: delete.grace,
                propagation: delete.propagation,
            };
            server.delete(victim.kind.kind, &victim.namespace, &victim.name, how)
        };
        match outcome {
            Ok(uid) => {
                deleted += 1;
                if delete.names_only {
                    out.say(&format!("{}/{}", victim.kind.qualified(), victim.name));
                } else {
                    let how = if delete.force { "force deleted" } else { "deleted" };
                    let from = match victim.namespace.as_str() {
                        namespace if server.client().is_new() && !namespace.is_empty() => {
                            format!(" from {namespace} namespace")
                        }
                        _ => String::new(),
                    };
                    let dry = delete.dry.suffix();
                    out.say(&format!(
                        "{} \"{}\" {how}{from}{dry}",
                        victim.kind.qualified(),
                        victim.name
                    ));
                }
                awaited.push(Awaited {
                    kind: victim.kind,
                    namespace: victim.namespace,
                    name: victim.name,
                    uid,
                });
            }
            Err(Refusal::Status { reason: "NotFound", .. }) if delete.ignore_not_found => {}
            Err(refusal) => errors.push(refusal.text(victim.file.as_deref().map(|file| ("deleting", file)))),
        }
    }
    // A replace does not mind that there was nothing.
    let silent = delete.ignore_not_found && !delete.files.is_empty();
    if deleted == 0 && errors.is_empty() && !silent {
        out.say("No resources found");
    }
    for text in errors {
        out.fail(&text);
    }
    if !delete.wait || delete.dry != Dry::No {
        awaited.clear();
    }
    awaited
}

fn victims(delete: &Delete, files: &Files, server: &dyn Server, errors: &mut Vec<String>) -> Vec<Victim> {
    let mut victims = Vec::new();
    for Target { kind, name } in &delete.targets {
        let namespace = if kind.namespaced { delete.scope.name() } else { None };
        match name {
            Some(name) => victims.push(Victim {
                kind,
                namespace: namespace.unwrap_or_default().to_owned(),
                name: name.clone(),
                file: None,
            }),
            None => {
                let calendar = server.calendar();
                let mut found = server.objects(kind.kind, namespace);
                found.retain(|o| {
                    let by_label = delete.selector.as_ref().is_none_or(|s| s.matches(&o.labels));
                    by_label && (delete.fields.is_empty() || delete.fields.matches(&o.shown(calendar)))
                });
                sort::sort_by(&mut found, |a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
                victims.extend(found.into_iter().map(|o| Victim {
                    kind,
                    namespace: o.namespace.to_string(),
                    name: o.name.to_string(),
                    file: None,
                }));
            }
        }
    }
    for file in &delete.files {
        match files.objects(file) {
            Ok(objects) => victims.extend(objects.iter().filter_map(|object| {
                let text = |path: &[&str]| object.at(path).and_then(Value::as_str).unwrap_or_default().to_owned();
                let kind = kinds::of(&text(&["kind"]))?;
                let given = text(&["metadata", "namespace"]);
                let here = delete.scope.name().unwrap_or("default").to_owned();
                Some(Victim {
                    kind,
                    namespace: match (kind.namespaced, given.is_empty()) {
                        (false, _) => String::new(),
                        (true, true) => here,
                        (true, false) => given,
                    },
                    name: text(&["metadata", "name"]),
                    file: Some(Files::shown(file).to_owned()),
                })
            })),
            Err(text) => errors.push(format!("error: {text}")),
        }
    }
    victims
}

/// Whether all of them are gone; those that are, are forgotten.
pub(super) fn gone(awaited: &mut Vec<Awaited>, server: &dyn Server) -> bool {
    awaited.retain(|a| server.exists(a.kind.kind, &a.namespace, &a.name, &a.uid));
    awaited.is_empty()
}
