//! Texts that are no manifests but lead to one: a Markdown page, a shell command, a Helm template, a compose file, a
//! kustomization. Each gets one sentence, and a fix that leads on.

mod compose;
mod helm;
mod kustomize;
mod wrapped;

use crate::manifest::{Diagnostic, Fix, Node, Parsed, Range, Severity};

/// The sentence about a text that is no manifest, or `None` for all others.
pub fn recognise(text: &str, parsed: &Parsed) -> Option<Diagnostic> {
    let wrong = parsed.diagnostics.iter().any(|d| d.severity == Severity::Error);
    let first = parsed.documents.first();
    let manifest = first.is_some_and(|document| document.root.get("kind").is_some());
    if wrong || !manifest {
        let found = helm::template(text).or_else(|| wrapped::wrapped(text));
        if found.is_some() {
            return found;
        }
    }
    let sound = |document: &&crate::manifest::Document| !document.broken;
    if let Some(found) = parsed
        .documents
        .iter()
        .filter(sound)
        .find_map(|d| kustomize::kustomization(text, &d.root, parsed))
    {
        return Some(found);
    }
    first
        .filter(sound)
        .and_then(|document| compose::compose(text, &document.root))
}

/// The diagnostic of a whole text, with the text that is to take its place.
fn whole(text: &str, code: &'static str, place: Range, message: String, fix: Option<(&str, String)>) -> Diagnostic {
    let all = Range {
        start: 0,
        end: u32::try_from(text.len()).unwrap_or(u32::MAX),
    };
    let fixes = fix.into_iter().map(|(title, text)| Fix {
        title: title.to_owned(),
        range: all,
        text,
    });
    Diagnostic {
        severity: Severity::Error,
        code,
        message,
        range: place,
        path: String::new(),
        fixes: fixes.collect(),
    }
}

/// The range of the line at a byte, without the white space around it.
fn line_at(text: &str, at: usize) -> Range {
    let line = text.get(at..).unwrap_or("").split('\n').next().unwrap_or("").trim_end();
    let end = u32::try_from(at + line.len()).unwrap_or(u32::MAX);
    Range {
        start: u32::try_from(at).unwrap_or(u32::MAX).min(end),
        end,
    }
}

/// The text of a scalar, whatever its type.
fn scalar(node: &Node) -> Option<&str> {
    match &node.kind {
        crate::manifest::NodeKind::Scalar(scalar) if !scalar.text.is_empty() => Some(&scalar.text),
        _ => None,
    }
}

/// A value as YAML takes it for text.
fn quoted(value: &str) -> String {
    let plain = value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
        && !matches!(
            value,
            "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if plain { value.to_owned() } else { format!("{value:?}") }
}

/// A name as Kubernetes takes it.
fn name_of(text: &str) -> String {
    let lower: String = text
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let name: String = lower.trim_matches('-').chars().take(50).collect();
    if name.is_empty() { "app".to_owned() } else { name }
}

#[cfg(test)]
mod tests;
