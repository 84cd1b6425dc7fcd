//! `kubectl create job`, also from a CronJob.

use super::name_and_command;
use crate::kubectl::command::Usage;
use crate::kubectl::flags::Line;
use crate::kubectl::kinds::{self, Kind};
use crate::kubectl::make::{Make, What, object, texts};
use crate::kubectl::parse::error;
use crate::kubectl::server::{Refusal, Server};
use crate::manifest::Value;

/// A Job from the template of a CronJob.
#[derive(Clone, Debug)]
pub(in crate::kubectl) struct FromCronJob {
    name: String,
    kind: &'static Kind,
    from: String,
}

/// Reads the words after `job`.
pub(super) fn parse(line: &Line, args: &[String]) -> Result<Make, Usage> {
    const FAILED: Option<&str> = Some("failed to create job");
    let (name, command) = name_and_command(args)?;
    let given = |flag: &str| line.text(flag).filter(|text| !text.is_empty());
    match (given("image"), given("from")) {
        (Some(image), None) => {
            let job = object(&[
                ("apiVersion", "batch/v1".into()),
                ("kind", "Job".into()),
                ("metadata", object(&[("name", name.as_str().into())])),
                ("spec", object(&[("template", template(name, image, command, "Never"))])),
                ("status", object(&[])),
            ]);
            Make::of(line, What::Object(job), FAILED)
        }
        (None, Some(_)) if !command.is_empty() => Err(error("cannot specify --from and command")),
        (None, Some(from)) => {
            let (word, from) = from.split_once('/').unwrap_or((from, ""));
            let kind = kinds::find(word)
                .ok_or_else(|| error(format!("the server doesn't have a resource type \"{word}\"")))?;
            let what = FromCronJob {
                name: name.clone(),
                kind,
                from: from.to_owned(),
            };
            Make::of(line, What::FromCronJob(what), FAILED)
        }
        _ => Err(error("either --image or --from must be specified")),
    }
}

/// The template of one container.
pub(super) fn template(name: &str, image: &str, command: &[String], restart: &str) -> Value {
    let mut container = object(&[("image", image.into()), ("name", name.into())]);
    if !command.is_empty() {
        container.set("command", texts(command));
    }
    container.set("resources", object(&[]));
    let spec = object(&[
        ("containers", Value::Seq(vec![container])),
        ("restartPolicy", restart.into()),
    ]);
    object(&[("metadata", object(&[])), ("spec", spec)])
}

impl FromCronJob {
    /// The Job.
    ///
    /// # Errors
    /// There is no such CronJob.
    pub(in crate::kubectl) fn job(&self, namespace: &str, server: &dyn Server) -> Result<Value, Refusal> {
        let found = server.object(self.kind.kind, namespace, &self.from);
        let found = found.ok_or_else(|| Refusal::not_found(&self.kind.resource(), &self.from))?;
        if self.kind.kind != "CronJob" {
            return Err(Refusal::Local(format!("unknown object type *v1.{}", self.kind.kind)));
        }
        let cron = found.shown(server.calendar());
        let mut meta = object(&[(
            "annotations",
            object(&[("cronjob.kubernetes.io/instantiate", "manual".into())]),
        )]);
        for field in ["annotations", "labels"] {
            let given = cron.at(&["spec", "jobTemplate", "metadata", field]);
            for (key, value) in given.map(Value::members).unwrap_or_default() {
                meta.entry(field).set(key, value.clone());
            }
        }
        meta.set("name", self.name.as_str().into());
        let owner = object(&[
            ("apiVersion", "batch/v1".into()),
            ("controller", true.into()),
            ("kind", "CronJob".into()),
            ("name", self.from.as_str().into()),
            ("uid", (&*found.uid).into()),
        ]);
        meta.set("ownerReferences", Value::Seq(vec![owner]));
        let mut spec = cron.at(&["spec", "jobTemplate", "spec"]).cloned().unwrap_or_default();
        let template = spec.entry("template");
        if template.get("metadata").is_none() {
            template.set("metadata", object(&[]));
        }
        Ok(object(&[
            ("apiVersion", "batch/v1".into()),
            ("kind", "Job".into()),
            ("metadata", meta),
            ("spec", spec),
            ("status", object(&[])),
        ]))
    }
}
