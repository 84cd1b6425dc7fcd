//! Helm templates: their values are filled with plausible ones, so that the objects can be seen at work.
//!
//! This is no template engine. What a line prints is guessed from the field it stands in; a condition on a value that
//! nobody gave is false, but one that holds a whole document is true.

use super::{line_at, whole};
use crate::manifest::Diagnostic;

/// The name that stands for the release and the chart.
const NAME: &str = "my-app";

/// What is said about a template, with its values filled in.
pub fn template(text: &str) -> Option<Diagnostic> {
    let at = text.find("{{")?;
    if !text.contains("}}") {
        return None;
    }
    let helm = [
        "{{ .",
        "{{.",
        "{{- ",
        "{{ include",
        "{{ template",
        "{{ toYaml",
        "{{ if",
        "{{ range",
        "{{ with",
        "{{ $",
        "{{ default",
        "{{ printf",
    ];
    if !helm.iter().any(|mark| text.contains(mark)) {
        return None;
    }
    let filled = fill(text);
    let message =
        "this is a Helm template, not a manifest: fill in its values, or run `helm template` and paste the result";
    let line = text.get(..at)?.rfind('\n').map_or(0, |n| n + 1);
    let mut place = line_at(text, line);
    place.start = u32::try_from(at).unwrap_or(u32::MAX);
    let fix = filled.contains("kind:").then_some(("Fill in the values", filled));
    Some(whole(text, "template", place, message.to_owned(), fix))
}

/// A block of a template that is open.
struct Block {
    /// Whether its lines are printed.
    on: bool,
    /// Whether one of its branches was printed.
    done: bool,
}

fn fill(text: &str) -> String {
    let mut out = String::new();
    let mut blocks: Vec<Block> = Vec::new();
    let mut comment = false;
    let mut begun = false;
    for line in text.lines() {
        if comment || line.contains("{{/*") || line.contains("{{- /*") {
            comment = !line.contains("*/");
            continue;
        }
        let on = blocks.iter().all(|block| block.on);
        let bare = line.trim();
        if let Some(action) = only_action(bare) {
            if !control(action, &mut blocks, !begun) && on {
                out.push_str(&printed(line, action));
            }
            continue;
        }
        if !on {
            continue;
        }
        begun |= bare.starts_with("apiVersion") || bare.starts_with("kind");
        begun &= bare != "---";
        out.push_str(&filled_line(line));
        out.push('\n');
    }
    out
}

/// The action of a line that holds nothing else.
fn only_action(line: &str) -> Option<&str> {
    let inner = line.strip_prefix("{{")?.strip_suffix("}}")?;
    (!inner.contains("}}")).then(|| inner.trim_matches(['-', ' ']))
}

/// Follows an action that opens, turns or closes a block; `false` for others. `outer` is before anything was printed of
/// the document.
fn control(action: &str, blocks: &mut Vec<Block>, outer: bool) -> bool {
    let word = action.split(' ').next().unwrap_or("");
    match word {
        "if" => {
            let on = outer || action.contains(" not ") || action.contains("(not ");
            blocks.push(Block { on, done: on });
        }
        "with" | "range" => blocks.push(Block { on: outer, done: outer }),
        "define" => blocks.push(Block { on: false, done: true }),
        "else" => {
            if let Some(block) = blocks.last_mut() {
                block.on = !block.done && action == "else";
                block.done |= block.on;
            }
        }
        "end" => {
            blocks.pop();
        }
        _ => return action.contains(":=") || action.starts_with("/*"),
    }
    true
}

/// The lines that an action on a line of its own prints: labels, or nothing.
fn printed(line: &str, action: &str) -> String {
    let lower = action.to_ascii_lowercase();
    let indent = lower
        .split("indent ")
        .nth(1)
        .and_then(|n| n.split([' ', ')']).next()?.parse::<usize>().ok());
    let lead = " ".repeat(indent.unwrap_or(line.len() - line.trim_start().len()));
    if lower.contains("labels") {
        return format!("{lead}app.kubernetes.io/name: {NAME}\n{lead}app.kubernetes.io/instance: {NAME}\n");
    }
    String::new()
}

/// A line with the actions in it replaced.
fn filled_line(line: &str) -> String {
    let key = line
        .trim_start_matches([' ', '-'])
        .split(':')
        .next()
        .unwrap_or("")
        .trim();
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((action, behind)) = after.split_once("}}") else {
            break;
        };
        out.push_str(before);
        out.push_str(&value(action.trim_matches(['-', ' ']), key, before, behind));
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A plausible value of an action in the field `key`.
fn value(action: &str, key: &str, before: &str, behind: &str) -> String {
    if let Some(given) = given(action) {
        return given;
    }
    let lower = action.to_ascii_lowercase();
    let has = |word: &str| lower.contains(word);
    let inside = before.ends_with('"') || before.ends_with('\'');
    let whole = before.ends_with(": ") || before.ends_with("- ") || inside;
    let text = match key {
        _ if has("toyaml") || has("tojson") => "{}",
        "image" if has("tag") || has("version") && before.ends_with(':') => "latest",
        "image" if has("registry") => "docker.io",
        "image" | "repository" => "nginx",
        "imagePullPolicy" => "IfNotPresent",
        "replicas" | "minReplicas" | "minAvailable" => "1",
        "maxReplicas" => "3",
        "containerPort" | "port" | "targetPort" if !whole || !has("name") => "80",
        "nodePort" => "30080",
        "type" if has("service") => "ClusterIP",
        "serviceAccountName" => "default",
        "namespace" => "default",
        "cpu" => "100m",
        "memory" => "128Mi",
        "storage" => "1Gi",
        "path" | "mountPath" => "/",
        "host" => "example.local",
        "schedule" => "\"*/5 * * * *\"",
        "restartPolicy" => "Always",
        "protocol" => "TCP",
        "version" | "chart" | "helm.sh/chart" | "app.kubernetes.io/version" => "\"1.0\"",
        _ if key.ends_with("Seconds") || key.ends_with("Threshold") => "10",
        _ if key.ends_with("Limit") || key.ends_with("Count") => "3",
        _ if has("enabled") || key.starts_with("host") && key.len() > 4 || key.starts_with("automount") => "false",
        _ => NAME,
    };
    let quote = has("quote") && whole && !inside && behind.trim().is_empty() && !text.starts_with('"');
    if inside {
        return text.trim_matches('"').to_owned();
    }
    if quote { format!("\"{text}\"") } else { text.to_owned() }
}

/// The value that the template itself gives for what is not set.
fn given(action: &str) -> Option<String> {
    let behind = action.split("default ").nth(1)?.trim();
    let first = behind.split([' ', '|', ')']).next()?;
    let plain = first.trim_matches('"');
    let quoted = first.starts_with('"') && first.ends_with('"') && first.len() > 2;
    let number = !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit());
    (quoted && !plain.contains('.') || number || matches!(first, "true" | "false")).then(|| plain.to_owned())
}
