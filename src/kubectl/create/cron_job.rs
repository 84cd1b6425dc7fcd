//! `kubectl create cronjob`.

use super::job::template;
use super::{name_and_command, required};
use crate::kubectl::command::Usage;
use crate::kubectl::flags::Line;
use crate::kubectl::make::{Make, What, object};

/// Reads the words after `cronjob`.
pub(super) fn parse(line: &Line, args: &[String]) -> Result<Make, Usage> {
    required(line, &["image", "schedule"])?;
    let (name, command) = name_and_command(args)?;
    let given = |flag: &str| line.text(flag).unwrap_or_default();
    let restart = line.text("restart").filter(|r| !r.is_empty()).unwrap_or("OnFailure");
    let template = template(name, given("image"), command, restart);
    let job = object(&[
        ("metadata", object(&[("name", name.as_str().into())])),
        ("spec", object(&[("template", template)])),
    ]);
    let cron_job = object(&[
        ("apiVersion", "batch/v1".into()),
        ("kind", "CronJob".into()),
        ("metadata", object(&[("name", name.as_str().into())])),
        (
            "spec",
            object(&[("jobTemplate", job), ("schedule", given("schedule").into())]),
        ),
        ("status", object(&[])),
    ]);
    Make::of(line, What::Object(cron_job), Some("failed to create cronjob"))
}
