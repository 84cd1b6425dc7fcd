//! The objects that a line names: by type and name, by label, all of a type, or those in files.

use super::command::{Target, Usage};
use super::files::Files;
use super::flags::Line;
use super::kinds::{self, Kind};
use super::parse::{error, namespace, selector, targets};
use super::selector::Selector;
use super::server::{Refusal, Server, Stored};
use crate::manifest::Value;

/// What a verb says that was given nothing.
pub(super) const NOTHING_GIVEN: &str = "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   \
     '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'";

/// Which objects.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    pub targets: Vec<Target>,
    files: Vec<String>,
    pub namespace: String,
    selector: Option<Selector>,
}

/// What was found.
pub(super) struct Found {
    /// In the order of the line; those of one type by name.
    pub objects: Vec<(&'static Kind, Stored)>,
    /// What was named and is not there.
    pub missing: Vec<Refusal>,
}

impl Found {
    /// Says what is missing.
    pub(super) fn report(&self, out: &mut super::run::Printed) {
        for refusal in &self.missing {
            out.fail(&refusal.text(None));
        }
    }
}

impl Selection {
    /// Reads `args`. A type without a name needs a selector, unless `all` of a type may be meant.
    pub(super) fn of(line: &Line, args: &[String], all: bool) -> Result<Selection, Usage> {
        let (targets, _) = targets(args)?;
        let files = super::parse::files(line);
        let selector = selector(line)?;
        if targets.is_empty() && files.is_empty() {
            return Err(error(NOTHING_GIVEN));
        }
        if targets.iter().any(|t| t.name.is_none()) && selector.is_none() && !all {
            return Err(error("resource(s) were provided, but no name was specified"));
        }
        if targets.iter().any(|t| t.name.is_some()) && (selector.is_some() || line.on("all")) {
            return Err(error("name cannot be provided when a selector is specified"));
        }
        Ok(Selection {
            targets,
            files,
            namespace: namespace(line),
            selector,
        })
    }

    /// Looks for them.
    ///
    /// # Errors
    /// Why a file cannot be read.
    pub(super) fn find(&self, files: &Files, server: &dyn Server) -> Result<Found, Refusal> {
        let mut found = Found {
            objects: Vec::new(),
            missing: Vec::new(),
        };
        for target in &self.targets {
            let scope = if target.kind.namespaced { &self.namespace } else { "" };
            match &target.name {
                Some(name) => found.take(target.kind, scope, name, server),
                None => {
                    let fits = |o: &Stored| self.selector.as_ref().is_none_or(|s| s.matches(&o.labels));
                    let mut objects = server.objects(target.kind.kind, target.kind.namespaced.then_some(scope));
                    objects.retain(fits);
                    crate::sort::sort_by(&mut objects, |a, b| a.name.cmp(&b.name));
                    found.objects.extend(objects.into_iter().map(|o| (target.kind, o)));
                }
            }
        }
        for file in &self.files {
            for object in files.objects(file).map_err(Refusal::Local)? {
                let text = |path: &[&str]| object.at(path).and_then(Value::as_str).unwrap_or_default();
                let Some(kind) = kinds::of(text(&["kind"])) else {
                    continue;
                };
                let scope = match (kind.namespaced, text(&["metadata", "namespace"])) {
                    (false, _) => "",
                    (true, "") => &self.namespace,
                    (true, given) => given,
                };
                found.take(kind, scope, text(&["metadata", "name"]), server);
            }
        }
        Ok(found)
    }
}

impl Found {
    fn take(&mut self, kind: &'static Kind, namespace: &str, name: &str, server: &dyn Server) {
        match server.object(kind.kind, namespace, name) {
            Some(object) => self.objects.push((kind, object)),
            None => self.missing.push(Refusal::not_found(&kind.resource(), name)),
        }
    }
}
