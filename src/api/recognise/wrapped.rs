//! Manifests inside other text: between the fences of a Markdown page, in a here-document, in what a shell printed.

use super::{line_at, whole};
use crate::manifest::Diagnostic;

/// How a manifest is wrapped.
enum Wrap {
    Fence,
    /// With the word that ends it.
    Heredoc(String),
    Session,
    Prose,
}

/// A text that holds manifests and something else around them.
pub fn wrapped(text: &str) -> Option<Diagnostic> {
    let (wrap, at, found) = fences(text)
        .or_else(|| heredocs(text))
        .or_else(|| loose(text))
        .or_else(|| commands(text))?;
    let message = match &wrap {
        Wrap::Fence => "this is a Markdown fence: paste what lies inside it".to_owned(),
        Wrap::Heredoc(word) => format!("this is a shell command: paste what lies between the two {word}"),
        Wrap::Session if found.contains("podscope/v1") => {
            return Some(whole(
                text,
                "commands",
                line_at(text, at),
                "these are shell commands: they can run as steps of a scenario".to_owned(),
                Some(("Make them steps", found)),
            ));
        }
        Wrap::Session => "this is a shell session: paste only the manifest in it".to_owned(),
        Wrap::Prose => "there is other text around the manifest: paste only the manifest".to_owned(),
    };
    let fix = (!found.is_empty()).then_some(("Take out the manifest", found));
    Some(whole(text, "wrapped", line_at(text, at), message, fix))
}

/// A way of wrapping, the byte where it shows, and the manifests.
type Found = Option<(Wrap, usize, String)>;

fn is_manifest(body: &str) -> bool {
    let has = |key: &str| {
        body.lines()
            .any(|line| line.trim_start_matches(['{', ' ', '"']).starts_with(key))
    };
    has("apiVersion") || has("kind") || has("services:")
}

/// Joins manifests as documents.
fn joined(parts: &[String]) -> String {
    let mut out = String::new();
    for part in parts {
        let part = part.trim_matches('\n');
        if !out.is_empty() && !part.starts_with("---") {
            out.push_str("---\n");
        }
        out.push_str(part);
        out.push('\n');
    }
    out
}

/// What stands between fences.
fn fences(text: &str) -> Found {
    let mut parts: Vec<String> = Vec::new();
    let mut open: Option<(String, usize, String)> = None;
    let mut first = None;
    let mut at = 0;
    let mut keep = |body: String| {
        if is_manifest(&body) {
            let inner = heredocs(&body).or_else(|| loose(&body));
            parts.push(inner.map_or(body, |(_, _, inside)| inside));
        }
    };
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        let mark: String = bare.chars().take_while(|c| matches!(c, '`' | '~')).collect();
        let fence = mark.len() >= 3;
        match &mut open {
            None if fence => {
                first.get_or_insert(at + line.len() - bare.len());
                open = Some((mark, line.len() - bare.len(), String::new()));
            }
            Some((begun, _, body)) if fence && mark.starts_with(begun.as_str()) => {
                keep(std::mem::take(body));
                open = None;
            }
            Some((_, lead, body)) => {
                let white = line.len() - bare.len();
                body.push_str(line.get(white.min(*lead)..).unwrap_or(line));
            }
            None => {}
        }
        at += line.len();
    }
    if let Some((_, _, body)) = open {
        keep(body);
    }
    (!parts.is_empty()).then(|| (Wrap::Fence, first.unwrap_or(0), joined(&parts)))
}

/// What stands in here-documents.
fn heredocs(text: &str) -> Found {
    let mut parts = Vec::new();
    let mut open: Option<(String, String)> = None;
    let mut first = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = line.strip_prefix("> ").unwrap_or(line);
        match &mut open {
            Some((word, inside)) if body.trim() == word => {
                if is_manifest(inside) {
                    parts.push(std::mem::take(inside));
                }
                open = None;
            }
            Some((_, inside)) => inside.push_str(body),
            None if !line.starts_with([' ', '#']) => {
                if let Some(word) = ending_word(line) {
                    first.get_or_insert((at, word.clone()));
                    open = Some((word, String::new()));
                }
            }
            None => {}
        }
        at += line.len();
    }
    if let Some((_, inside)) = open.filter(|(_, inside)| is_manifest(inside)) {
        parts.push(inside);
    }
    let (at, word) = first?;
    (!parts.is_empty()).then(|| (Wrap::Heredoc(word), at, joined(&parts)))
}

/// The word that ends the here-document a line begins.
fn ending_word(line: &str) -> Option<String> {
    let (before, rest) = line.split_once("<<")?;
    let rest = rest.trim_start_matches(['-', ' ', '\'', '"', '\\']);
    let word: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    (!word.is_empty() && !before.contains(": ")).then_some(word)
}

/// Keys that begin a line of a manifest at its left edge.
const ROOT_KEYS: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "spec",
    "data",
    "stringData",
    "binaryData",
    "type",
    "status",
    "rules",
    "roleRef",
    "subjects",
    "items",
    "immutable",
    "value",
    "globalDefault",
    "description",
    "preemptionPolicy",
    "provisioner",
    "parameters",
    "reclaimPolicy",
    "volumeBindingMode",
    "allowVolumeExpansion",
    "automountServiceAccountToken",
    "imagePullSecrets",
    "secrets",
    "webhooks",
    "handler",
    "template",
    "aggregationRule",
];

/// Manifests with lines before, between or behind them that are none of theirs.
fn loose(text: &str) -> Found {
    let mut parts: Vec<String> = Vec::new();
    let mut inside = false;
    let (mut foreign, mut prompt, mut at) = (None, false, 0);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let key = bare.split(':').next().unwrap_or("");
        let root = bare.contains(':') && ROOT_KEYS.contains(&key);
        let begins = root && matches!(key, "apiVersion" | "kind" | "metadata" | "spec");
        let asked = is_prompt(bare);
        let own = inside && !asked && (root || !is_prose(bare));
        prompt |= asked;
        if begins && !inside {
            inside = true;
            parts.push(String::new());
        }
        inside &= own || begins;
        match parts.last_mut().filter(|_| inside) {
            Some(part) => part.push_str(line),
            None if !bare.is_empty() && !bare.starts_with("---") && (asked || !bare.starts_with('#')) => {
                foreign.get_or_insert(at);
            }
            None => {}
        }
        at += line.len();
    }
    let at = foreign?;
    let wrap = if prompt { Wrap::Session } else { Wrap::Prose };
    let whole = |part: &String| part.contains("kind:") && part.contains("apiVersion:");
    parts.retain(whole);
    (!parts.is_empty()).then(|| (wrap, at, joined(&parts)))
}

/// Whether a line at the left edge is no part of a manifest: a sentence, a row of a table, an answer of a command. A
/// word or two may be a field without its colon.
fn is_prose(line: &str) -> bool {
    let words = line.split_whitespace().count();
    let marked = line.starts_with([' ', '#', '-', '{', '}', '[', ']', '"']) || line.starts_with(char::is_whitespace);
    let answer = words == 2 && line.split(' ').next().is_some_and(|name| name.contains('/'));
    let key = line
        .split(' ')
        .next()
        .is_some_and(|word| word.ends_with(':') || word.contains('{'));
    !marked && !key && (words > 2 || answer || line.ends_with(['.', '!', '?']))
}

/// The command behind a prompt, or a line that is a command itself.
fn command(line: &str) -> Option<&str> {
    let line = line.trim();
    let behind = ["$ ", "# ", "% ", "> "]
        .iter()
        .find_map(|prompt| match line.split_once(prompt) {
            Some(("", rest)) => Some(rest),
            Some((host, rest)) if host.contains(['@', '~', '➜']) && !host.contains(": ") => Some(rest),
            _ => None,
        });
    let line = behind.unwrap_or(line).trim();
    let word = line.split(' ').next().unwrap_or("");
    let known = [
        "kubectl", "k", "cat", "curl", "vim", "vi", "nano", "helm", "minikube", "kind", "oc", "docker", "ls", "cd",
        "echo",
    ];
    known.contains(&word).then_some(line).filter(|line| line.contains(' '))
}

fn is_prompt(line: &str) -> bool {
    command(line).is_some()
}

/// `kubectl` lines without a manifest become the steps of a scenario.
fn commands(text: &str) -> Found {
    let lines: Vec<&str> = text
        .lines()
        .filter_map(command)
        .filter(|line| line.starts_with("kubectl "))
        .collect();
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    if lines.is_empty() || command(first).is_none() {
        return None;
    }
    let mut out = "apiVersion: podscope/v1\nkind: Scenario\nspec:\n  steps:\n".to_owned();
    for (n, line) in lines.iter().enumerate() {
        out.push_str(&format!("  - at: {}s\n    run: {line:?}\n", n * 10));
    }
    Some((Wrap::Session, text.find(first).unwrap_or(0), out))
}
