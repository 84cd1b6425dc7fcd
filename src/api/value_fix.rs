//! Quick fixes of values that the API server refuses: the supported word, a valid name, the volume that is there, labels
//! that match.

use super::misplaced::remove;
use super::nearest::nearest;
use super::relocate::line_start;
use super::validation::{ErrorKind, FieldError};
use crate::manifest::{Fix, Node, NodeKind, Range, Resolved};

/// The place of an error in the text: of a whole object that has an unsupported type, its `type`.
pub fn place(root: &Node, failure: &FieldError, place: String) -> String {
    let inner = format!("{place}.type");
    match failure.kind {
        ErrorKind::NotSupported(_) if root.at(&inner).is_some() => inner,
        _ => place,
    }
}

/// Ways to repair what an error of validation is about. Those that do not help are sorted out later.
pub fn fixes(text: &str, root: &Node, failure: &FieldError, place: &str) -> Vec<Fix> {
    let node = root.at(place);
    let scalar = node.and_then(|node| match &node.kind {
        NodeKind::Scalar(scalar) => Some((node.range, &*scalar.text, scalar.resolved)),
        _ => None,
    });
    let to = |range: Range, value: &str| Fix {
        title: format!("Change to {value}"),
        range,
        text: value.to_owned(),
    };
    match (&failure.kind, scalar) {
        (ErrorKind::Required, Some((range, value, _))) if !value.is_empty() && failure.detail.contains('"') => failure
            .detail
            .split('"')
            .skip(1)
            .step_by(2)
            .map(|v| to(range, v))
            .collect(),
        (ErrorKind::NotSupported(_), Some((range, value, _))) => {
            let all: Vec<&str> = failure.detail.split('"').skip(1).step_by(2).collect();
            let near = nearest(value, all.iter().copied());
            let few = || all.iter().copied().take(if all.len() <= 3 { 2 } else { 0 });
            near.into_iter()
                .chain(few().filter(|v| near.is_none_or(|n| n != *v)))
                .map(|v| to(range, v))
                .collect()
        }
        (ErrorKind::NotFound(_), Some((range, value, _))) => {
            let all = volumes(root, place);
            let near = nearest(value, all.iter().copied()).or(match all.as_slice() {
                [one] => Some(*one),
                _ => None,
            });
            near.map(|near| to(range, near)).into_iter().collect()
        }
        (ErrorKind::Duplicate(_), Some((range, value, Resolved::Str))) => vec![to(range, &format!("{value}-2"))],
        (ErrorKind::Invalid(_), _) if failure.detail.starts_with("`selector` does not match") => {
            matching(text, root, place)
        }
        (ErrorKind::Invalid(_), Some((range, value, resolved))) => better(value, resolved, &failure.detail)
            .iter()
            .map(|v| to(range, v))
            .collect(),
        (ErrorKind::Forbidden, _) => holder(root, place)
            .and_then(|(node, key)| remove(text, node, node.entry(&key)?))
            .into_iter()
            .collect(),
        (ErrorKind::Required, _) if place == "spec.selector" => selector(text, root).into_iter().collect(),
        (ErrorKind::Required, None) if place.ends_with("restartPolicy") => {
            restart_policy(text, root, place, &failure.detail).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The object that holds the field at a path, and the field's name.
fn holder<'n>(root: &'n Node, place: &str) -> Option<(&'n Node, String)> {
    let (above, key) = place.rsplit_once('.').unwrap_or(("", place));
    let node = if above.is_empty() { root } else { root.at(above)? };
    Some((node, key.to_owned()))
}

/// Other values of the same meaning.
fn better(value: &str, resolved: Resolved, detail: &str) -> Vec<String> {
    let mut all = Vec::new();
    if let Resolved::Int(n) = resolved {
        all.extend((n < 0).then(|| n.unsigned_abs().to_string()));
        return all;
    }
    if let Some((_, limit)) = detail.split_once(" limit of ") {
        all.push(limit.trim().to_owned());
    }
    let bare = value
        .trim()
        .trim_matches(['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '"']);
    if bare != value {
        all.push(bare.to_owned());
    }
    if detail.contains("absolute path") {
        all.push(format!("/{value}"));
    }
    let lower: String = bare
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' })
        .collect();
    let name = lower.trim_matches(['-', '.']).to_owned();
    let label = name.replace('.', "-");
    for name in [name, label] {
        if !name.is_empty() && name != value && !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// The names of the volumes of the Pod that a path leads through.
fn volumes<'n>(root: &'n Node, place: &str) -> Vec<&'n str> {
    let at = [".containers[", ".initContainers[", ".ephemeralContainers["]
        .iter()
        .find_map(|mark| place.find(mark));
    let spec = at.and_then(|at| root.at(place.get(..at)?));
    let all = spec.and_then(|spec| spec.get("volumes")).map_or(&[][..], Node::items);
    all.iter().filter_map(|volume| volume.get("name")?.as_str()).collect()
}

/// The labels of a template as the selector wants them.
fn matching(text: &str, root: &Node, place: &str) -> Vec<Fix> {
    let spec = root.get("spec");
    let selector = spec.and_then(|spec| spec.get("selector"));
    let wanted = selector
        .map(|s| s.get("matchLabels").unwrap_or(s))
        .map_or(&[][..], Node::entries);
    let labels = root.at(place);
    let mut fixes = Vec::new();
    for want in wanted {
        let value = want.value.as_str().unwrap_or("");
        let cut = |range: Range| {
            text.get(range.start as usize..range.end as usize)
                .unwrap_or("")
                .to_owned()
        };
        match labels.and_then(|labels| labels.get(&want.key)) {
            Some(here) if here.as_str() == Some(value) => {}
            Some(here) => fixes.push(Fix {
                title: format!("Change to {value}"),
                range: here.range,
                text: cut(want.value.range),
            }),
            None => {
                let Some(first) = labels.and_then(|l| l.entries().first()) else {
                    continue;
                };
                let at = first.key_range.start;
                let lead = (at as usize).saturating_sub(line_start(text, at as usize));
                let pair = format!("{}: {}", cut(want.key_range), cut(want.value.range));
                fixes.push(Fix {
                    title: format!("Add {pair}"),
                    range: Range { start: at, end: at },
                    text: format!("{pair}\n{}", " ".repeat(lead)),
                });
            }
        }
    }
    fixes
}

/// A selector made of the labels of the template.
fn selector(text: &str, root: &Node) -> Option<Fix> {
    let spec = root.get("spec")?;
    let labels = root.at("spec.template.metadata.labels")?;
    let template = spec.entry("template")?.key_range.start;
    let lead = " ".repeat((template as usize).checked_sub(line_start(text, template as usize))?);
    let mut body = format!("selector:\n{lead}  matchLabels:\n");
    for entry in labels.entries() {
        let value = text.get(entry.value.range.start as usize..entry.value.range.end as usize)?;
        body.push_str(&format!("{lead}    {}: {value}\n", entry.key));
    }
    Some(Fix {
        title: "Add the selector".to_owned(),
        range: Range {
            start: template,
            end: template,
        },
        text: format!("{body}{lead}"),
    })
}

/// The restart policy that the template of a Job has to have.
fn restart_policy(text: &str, root: &Node, place: &str, detail: &str) -> Option<Fix> {
    let (spec, _) = holder(root, place)?;
    let policy = if detail.contains("Never") { "Never" } else { "Always" };
    let first = spec.entries().first()?.key_range.start;
    let lead = (first as usize).checked_sub(line_start(text, first as usize))?;
    Some(Fix {
        title: format!("Add restartPolicy: {policy}"),
        range: Range {
            start: first,
            end: first,
        },
        text: format!("restartPolicy: {policy}\n{}", " ".repeat(lead)),
    })
}
