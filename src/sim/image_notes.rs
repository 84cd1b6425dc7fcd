//! What is said of images whose names are slips: the registry has none of that name.

use crate::api::{Loaded, template_path};
use crate::manifest::{Diagnostic, Fix, Range, Severity, Value};
use crate::world::{canonical, misspelt};

/// Adds a warning for each misspelt image of the text, with its name as the fix.
pub fn add(list: &mut Vec<Diagnostic>, loaded: &Loaded) {
    let brought: Vec<String> = loaded
        .scenario
        .spec
        .images
        .iter()
        .map(|image| canonical(&image.name))
        .collect();
    for object in loaded.objects.iter().filter(|object| object.valid) {
        let kind = object.object.kind();
        let above = match template_path(kind) {
            Some(path) => path.join("."),
            None if kind == "Pod" => String::new(),
            None => continue,
        };
        let keys: Vec<&str> = above.split('.').filter(|key| !key.is_empty()).chain(["spec"]).collect();
        let Some(spec) = object.raw.at(&keys) else { continue };
        for field in ["initContainers", "containers"] {
            let containers = spec.get(field).map_or(&[][..], Value::items);
            for (index, container) in containers.iter().enumerate() {
                let image = container.get("image").and_then(Value::as_str).unwrap_or("");
                let Some(meant) = misspelt(image).filter(|_| !brought.contains(&canonical(image))) else {
                    continue;
                };
                let path = format!("{}.{field}[{index}].image", keys.join("."));
                let range = loaded.range_of(object.document, &path).unwrap_or_default();
                list.push(warning(image, meant, range, path));
            }
        }
    }
}

fn warning(image: &str, meant: &str, range: Range, path: String) -> Diagnostic {
    let at = image.find([':', '@']).unwrap_or(image.len());
    let name = [meant, image.get(at..).unwrap_or("")].concat();
    Diagnostic {
        severity: Severity::Warning,
        code: "no-image",
        message: format!("the registry has no image {image}, so the pull ends in ErrImagePull; did you mean {meant}?"),
        range,
        path,
        fixes: vec![Fix {
            title: format!("Change to {name}"),
            range,
            text: name,
        }],
    }
}
