//! `kubectl create deployment`.

use super::{name_and_command, required};
use crate::kubectl::command::Usage;
use crate::kubectl::flags::Line;
use crate::kubectl::make::{Make, What, object, texts};
use crate::kubectl::parse::error;
use crate::manifest::Value;

/// Reads the words after `deployment`.
pub(super) fn parse(line: &Line, args: &[String]) -> Result<Make, Usage> {
    required(line, &["image"])?;
    let (name, command) = name_and_command(args)?;
    let images: Vec<&str> = line.all("image").iter().flat_map(|i| i.split(',')).collect();
    if images.len() > 1 && !command.is_empty() {
        return Err(error("cannot specify multiple --image options and command"));
    }
    let mut containers: Vec<Value> = images.iter().map(|image| container(image, command)).collect();
    if let (Some(port), Some(first)) = (line.int("port"), containers.first_mut()) {
        first.set("ports", Value::Seq(vec![object(&[("containerPort", port.into())])]));
    }
    let labels = object(&[("app", name.as_str().into())]);
    let template = object(&[
        ("metadata", object(&[("labels", labels.clone())])),
        ("spec", object(&[("containers", Value::Seq(containers))])),
    ]);
    let spec = object(&[
        ("replicas", line.int("replicas").unwrap_or(1).into()),
        ("selector", object(&[("matchLabels", labels.clone())])),
        ("strategy", object(&[])),
        ("template", template),
    ]);
    let deployment = object(&[
        ("apiVersion", "apps/v1".into()),
        ("kind", "Deployment".into()),
        (
            "metadata",
            object(&[("labels", labels), ("name", name.as_str().into())]),
        ),
        ("spec", spec),
        ("status", object(&[])),
    ]);
    Make::of(line, What::Object(deployment), Some("failed to create deployment"))
}

/// A container, called as its image is. kubectl puts a random suffix behind a name in which it replaces `_` or `.`;
/// here there is none.
fn container(image: &str, command: &[String]) -> Value {
    let name = image.rsplit('/').next().unwrap_or(image);
    let name = name.split([':', '@']).next().unwrap_or(name).replace(['_', '.'], "-");
    let mut container = object(&[("image", image.into()), ("name", name.as_str().into())]);
    if !command.is_empty() {
        container.set("command", texts(command));
    }
    container.set("resources", object(&[]));
    container
}
