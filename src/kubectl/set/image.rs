//! `kubectl set image`.

use super::Setting;
use crate::kubectl::command::Usage;
use crate::kubectl::edit::Done;
use crate::kubectl::parse::error;
use crate::kubectl::server::Refusal;
use crate::manifest::Value;

/// Reads the words after `image`.
pub(super) fn parse(args: &[String]) -> Result<(Setting, Vec<String>), Usage> {
    let (images, names): (Vec<String>, Vec<String>) = args.iter().cloned().partition(|arg| arg.contains('='));
    let images: Vec<(String, String)> = images
        .iter()
        .filter_map(|pair| pair.split_once('='))
        .map(|(container, image)| (container.to_owned(), image.to_owned()))
        .collect();
    if images.is_empty() && !names.is_empty() {
        return Err(error("at least one image update is required"));
    }
    if images.len() > 1 && images.iter().any(|(container, _)| container == "*") {
        return Err(error(
            "all containers are already specified by *, but saw more than one container_name=container_image pairs",
        ));
    }
    Ok((Setting::Image(images), names))
}

/// Sets them.
pub(super) fn put(images: &[(String, String)], spec: &mut Value) -> Result<Done, Refusal> {
    for (name, image) in images {
        let found = super::containers(spec, if name == "*" { "*" } else { name });
        if found.is_empty() {
            return Err(Refusal::Local(format!("unable to find container named \"{name}\"")));
        }
        for container in found {
            container.set("image", image.as_str().into());
        }
    }
    Ok(Done::or("image updated", ""))
}
