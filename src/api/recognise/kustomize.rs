//! Kustomizations: one whose resources stand in the same text is applied to them.

use super::{line_at, quoted, scalar, whole};
use crate::manifest::{Diagnostic, Document, Node, Parsed, piece_at};
use crate::sort;

/// Keys of the list that make a mapping without a kind a kustomization.
const MARKS: &[&str] = &[
    "namePrefix",
    "nameSuffix",
    "commonLabels",
    "bases",
    "configMapGenerator",
    "secretGenerator",
    "patchesStrategicMerge",
    "patches",
    "images",
];

fn is_kustomization(root: &Node) -> bool {
    match root.get("kind").and_then(Node::as_str) {
        Some(kind) => {
            let version = root.get("apiVersion").and_then(Node::as_str).unwrap_or("");
            matches!(kind, "Kustomization" | "Component") && version.starts_with("kustomize.config.k8s.io/")
        }
        None => {
            root.get("apiVersion").is_none()
                && root
                    .get("resources")
                    .is_some_and(|r| !r.items().is_empty() || MARKS.iter().any(|key| root.get(key).is_some()))
        }
    }
}

/// What is said about a kustomization, with the other documents as it makes them.
pub fn kustomization(text: &str, root: &Node, parsed: &Parsed) -> Option<Diagnostic> {
    if !is_kustomization(root) {
        return None;
    }
    let at = root.range.start as usize;
    let others: Vec<&Document> = parsed
        .documents
        .iter()
        .filter(|d| d.root.get("kind").is_some() && !is_kustomization(&d.root))
        .collect();
    if others.is_empty() || others.iter().any(|d| d.broken) {
        let message = "this is a kustomization, not a manifest: run `kubectl kustomize` first and paste the result";
        return Some(whole(
            text,
            "kustomization",
            line_at(text, at),
            message.to_owned(),
            None,
        ));
    }
    let message = "this is a kustomization: apply it to the other documents of this text".to_owned();
    let made: Vec<String> = others.iter().map(|d| made(text, root, d)).collect();
    Some(whole(
        text,
        "kustomization",
        line_at(text, at),
        message,
        Some(("Apply the kustomization", made.join("---\n"))),
    ))
}

/// Changes of a text: a place, and what comes there.
type Edits = Vec<(u32, u32, String)>;

/// One document as the kustomization makes it.
fn made(text: &str, root: &Node, document: &Document) -> String {
    let piece = piece_at(text, document.range.start);
    let mut edits: Edits = Vec::new();
    names(text, root, document, &mut edits);
    labels(text, root, document, &mut edits);
    images(root, &document.root, &mut edits);
    replicas(root, &document.root, &mut edits);
    sort::sort_by_key(&mut edits, |(start, ..)| *start);
    let mut out = String::new();
    let mut at = piece.start;
    for (start, end, new) in edits {
        if start < at {
            continue;
        }
        out.push_str(text.get(at as usize..start as usize).unwrap_or(""));
        out.push_str(&new);
        at = end;
    }
    out.push_str(text.get(at as usize..piece.end as usize).unwrap_or(""));
    let out = out.trim_start_matches("---").trim_matches('\n');
    format!("{out}\n")
}

/// The new name of an object, and names that others call it by.
fn names(text: &str, root: &Node, document: &Document, edits: &mut Edits) {
    let part = |key: &str| root.get(key).and_then(scalar).unwrap_or("");
    let (prefix, suffix) = (part("namePrefix"), part("nameSuffix"));
    let Some(metadata) = document.root.get("metadata") else {
        return;
    };
    if let Some(name) = metadata.get("name") {
        let old = scalar(name).unwrap_or("");
        if !prefix.is_empty() || !suffix.is_empty() {
            edits.push((
                name.range.start,
                name.range.end,
                quoted(&format!("{prefix}{old}{suffix}")),
            ));
        }
    }
    let Some(namespace) = root.get("namespace").and_then(scalar) else {
        return;
    };
    match (metadata.get("namespace"), metadata.entries().first()) {
        (Some(old), _) => edits.push((old.range.start, old.range.end, namespace.to_owned())),
        (None, Some(first)) => insert(text, first.key_range.start, &format!("namespace: {namespace}"), edits),
        _ => {}
    }
}

/// Puts a pair before the key at a byte, in its column or, in flow style, before it.
fn insert(text: &str, at: u32, pair: &str, edits: &mut Edits) {
    let line = text
        .get(..at as usize)
        .and_then(|head| head.rfind('\n'))
        .map_or(0, |n| n + 1);
    let lead = text.get(line..at as usize).unwrap_or("");
    let new = if lead.trim().is_empty() {
        format!("{pair}\n{lead}")
    } else {
        format!("{pair}, ")
    };
    edits.push((at, at, new));
}

/// Labels for everything that has labels or selects by them.
fn labels(text: &str, root: &Node, document: &Document, edits: &mut Edits) {
    let common = root.get("commonLabels").map_or(&[][..], Node::entries);
    for entry in common {
        let Some(value) = scalar(&entry.value) else { continue };
        let pair = format!("{}: {}", entry.key, quoted(value));
        for path in [
            "metadata.labels",
            "spec.selector.matchLabels",
            "spec.template.metadata.labels",
            "spec.selector",
        ] {
            let there = document
                .root
                .at(path)
                .filter(|node| node.get(&entry.key).is_none() && node.get("matchLabels").is_none());
            let first = there.and_then(|node| node.entries().first());
            if let Some(first) = first {
                insert(text, first.key_range.start, &pair, edits);
            }
        }
        if let Some(metadata) = document.root.get("metadata").filter(|m| m.get("labels").is_none())
            && let Some(first) = metadata.entries().first()
        {
            insert(text, first.key_range.start, &format!("labels: {{{pair}}}"), edits);
        }
    }
}

/// Other names and tags for images.
fn images(root: &Node, node: &Node, edits: &mut Edits) {
    for entry in node.entries() {
        if &*entry.key == "image"
            && let Some(image) = scalar(&entry.value)
        {
            let slash = image.rfind('/').map_or(0, |at| at + 1);
            let tail = image.get(slash..).unwrap_or("");
            let cut = slash + tail.find([':', '@']).unwrap_or(tail.len());
            let (name, tag) = image.split_at(cut);
            let all = root.get("images").map_or(&[][..], Node::items);
            for change in all
                .iter()
                .filter(|change| change.get("name").and_then(scalar) == Some(name))
            {
                let part = |key: &str| change.get(key).and_then(scalar);
                let name = part("newName").unwrap_or(name);
                let tag = match (part("digest"), part("newTag")) {
                    (Some(digest), _) => format!("@{digest}"),
                    (None, Some(tag)) => format!(":{tag}"),
                    (None, None) => tag.to_owned(),
                };
                edits.push((entry.value.range.start, entry.value.range.end, format!("{name}{tag}")));
            }
        }
        images(root, &entry.value, edits);
    }
    for item in node.items() {
        images(root, item, edits);
    }
}

/// Other numbers of replicas.
fn replicas(root: &Node, document: &Node, edits: &mut Edits) {
    let name = document.at("metadata.name").and_then(scalar);
    let all = root.get("replicas").map_or(&[][..], Node::items);
    for change in all.iter().filter(|change| change.get("name").and_then(scalar) == name) {
        if let (Some(count), Some(there)) = (change.get("count").and_then(scalar), document.at("spec.replicas")) {
            edits.push((there.range.start, there.range.end, count.to_owned()));
        }
    }
}
