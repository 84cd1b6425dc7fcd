//! What is wrong with a document in the words of go-yaml, the reader of kubectl: the problems of libyaml, and its lines.

use super::parse::{Reading, byte_in, control, read_mended};
use super::{ALIAS_BUDGET, Severity, Value, parse};

/// One document as go-yaml reads it: of keys that are there twice the last counts.
///
/// # Errors
/// What go-yaml says.
pub fn read_document(document: &str) -> Result<Value, String> {
    if let Some(why) = reader_error(document) {
        return Err(why);
    }
    let (reading, _) = read_mended(document, 0, ALIAS_BUDGET);
    let sound = reading.found.into_iter().find(|(_, broken)| !broken);
    Ok(sound.map_or(Value::Null, |(root, _)| root.to_value()))
}

/// The error of go-yaml about one document, from the line after its `---`; `None` when it can be read.
fn reader_error(document: &str) -> Option<String> {
    if document.chars().any(control) {
        return Some("control characters are not allowed".to_owned());
    }
    let version = document
        .strip_prefix("%YAML ")
        .map(|rest| rest.lines().next().unwrap_or(""));
    if version.is_some_and(|version| version.trim() != "1.1") {
        return Some("found incompatible YAML document".to_owned());
    }
    let (reading, first) = read_mended(document, 0, ALIAS_BUDGET);
    let Some((index, info)) = first else {
        return odd_value(document, &reading);
    };
    if info.ends_with("<document start>") && reading.found.iter().any(|(_, broken)| !broken) {
        // Only the first document of a piece is read.
        return None;
    }
    let at = byte_in(document, index);
    let (problem, line) = problem(document, at, &info);
    Some(match line {
        0 => problem,
        line => format!("line {line}: {problem}"),
    })
}

/// libyaml's name for what is wrong at a byte, and the line that go-yaml gives: that of the place for problems of the
/// scanner, the one before for those of the parser; 0 for none.
fn problem(document: &str, at: usize, info: &str) -> (String, usize) {
    let before = document.get(..at).unwrap_or(document);
    let after = document.get(at..).unwrap_or_default();
    let line = before.matches('\n').count();
    let scanner = |text: &str, line: usize| (text.to_owned(), if line == 0 { 0 } else { line + 1 });
    let parser = |text: &str| (text.to_owned(), line);
    match info {
        "simple key expect ':'" => scanner("could not find expected ':'", line),
        "while parsing node, found unknown anchor" => {
            let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            let name: String = after.trim_start_matches('*').chars().take_while(|c| word(*c)).collect();
            if name.is_empty() {
                scanner("did not find expected alphabetic or numeric character", line)
            } else {
                (format!("unknown anchor '{name}' referenced"), 0)
            }
        }
        "invalid indentation in quoted scalar" => {
            scanner("found unexpected end of stream", document.matches('\n').count())
        }
        "while scanning a plain scalar, found a tab" => {
            let tab = after
                .lines()
                .skip(1)
                .position(|line| line.starts_with([' ', '\t']) && line.trim_start_matches(' ').starts_with('\t'));
            scanner(
                "found a tab character that violates indentation",
                line + tab.map_or(0, |n| n + 1),
            )
        }
        "invalid indentation" | "invalid indentation in flow construct" | "illegal placement of ':' indicator" => {
            let Some((open, bracket)) = open_bracket(before) else {
                return parser("did not find expected ',' or '}'");
            };
            // The scanner goes on to the colon of the next key.
            let ends = |line: &str| line.trim_end().ends_with(':') || line.contains(": ");
            let from = document.get(..open).unwrap_or_default().matches('\n').count();
            let next = document
                .get(open..)
                .and_then(|rest| rest.lines().skip(1).position(ends));
            let close = if bracket == '[' { ']' } else { '}' };
            let problem = format!("did not find expected ',' or '{close}'");
            (problem, next.map_or(line, |next| from + next + 1))
        }
        _ if info.starts_with("unexpected character") || info.starts_with("tabs disallowed") => {
            scanner("found character that cannot start any token", line)
        }
        "\"-\" is only valid inside a block" => parser("did not find expected node content"),
        _ => {
            let (context, text) = info.split_once(", ").unwrap_or(("", info));
            let text = match text.strip_prefix("expected ',' or") {
                Some(rest) => format!("did not find expected ',' or{rest}"),
                None => text.to_owned(),
            };
            match context {
                "while parsing a quoted scalar" => scanner(&text, line),
                _ if context.starts_with("while parsing") => parser(&text),
                _ => scanner(&text, line),
            }
        }
    }
}

/// The bracket of the innermost flow collection that is open at the end of a text, and its place.
fn open_bracket(text: &str) -> Option<(usize, char)> {
    let mut open = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '[' | '{' => open.push((at, c)),
            ']' | '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}

/// What go-yaml cannot make of a text that is YAML: JSON of keys that are lists or mappings, merges of other things.
fn odd_value(document: &str, reading: &Reading) -> Option<String> {
    let all = &reading.builder.diagnostics;
    if let Some(merge) = all.iter().find(|d| d.code == "yaml-merge") {
        return Some(merge.message.clone());
    }
    let odd = all
        .iter()
        .find(|d| d.code == "yaml-key" && d.severity == Severity::Error)?;
    let text = document.get(odd.range.start as usize..odd.range.end as usize)?;
    let key = parse(text).documents.first()?.root.to_value();
    Some(format!("invalid map key: {}", go_syntax(&key)))
}

/// A value as Go prints it with its types.
fn go_syntax(value: &Value) -> String {
    match value {
        Value::Map(members) => {
            let all: Vec<String> = members.iter().map(|(k, v)| format!("{k:?}:{}", go_syntax(v))).collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", all.join(", "))
        }
        Value::Seq(items) => {
            let all: Vec<String> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", all.join(", "))
        }
        Value::Null => "interface {}(nil)".to_owned(),
        Value::Str(text) => format!("{text:?}"),
        other => serde_json::Value::from(other).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::reader_error;

    /// Recorded from kubectl 1.36.3.
    #[test]
    fn errors_are_those_of_go_yaml() {
        for (text, error) in [
            ("a: 1\nb\nc: 2\n", Some("line 3: could not find expected ':'")),
            ("a:\n  b: *web\n", Some("unknown anchor 'web' referenced")),
            (
                "a: 1\nb: %x\n",
                Some("line 2: found character that cannot start any token"),
            ),
            (
                "a: 1\nb: c: d\n",
                Some("line 2: mapping values are not allowed in this context"),
            ),
            ("```yaml\na: 1\n", Some("found character that cannot start any token")),
            ("a: [b, c\nd: 1\n", Some("line 1: did not find expected ',' or ']'")),
            ("? [a]\n: b\n", Some("invalid map key: []interface {}{\"a\"}")),
            ("[server]\nport=80\n", None),
            ("a: 1\na: 2\n", None),
        ] {
            assert_eq!(reader_error(text).as_deref(), error, "{text:?}");
        }
    }
}
