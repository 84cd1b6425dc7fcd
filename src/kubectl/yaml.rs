//! YAML as kubectl's library writes it: block style, lists not indented below their key, no line folded.
//!
//! Which quotes a text gets follows libyaml's emitter, on which Go's is modelled; `tests/yaml.rs` compares the two.

use super::write::ambiguous;
use crate::manifest::Value;
use crate::sort;

/// Keys longer than this, in bytes, are written with a question mark, as nothing longer is read as a simple key.
const MAX_SIMPLE_KEY: usize = 128;

/// The value as a document, keys sorted.
pub fn written(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Map(members) if !members.is_empty() => mapping(&mut out, members, 0, false),
        Value::Seq(items) if !items.is_empty() => sequence(&mut out, items, 0, false),
        other => {
            scalar(&mut out, other, 2);
            out.push('\n');
        }
    }
    out
}

/// The members, one below the other. The first one stands where the text is at if it is `begun`.
fn mapping(out: &mut String, members: &[(String, Value)], indent: usize, begun: bool) {
    let mut members: Vec<_> = members.iter().collect();
    sort::sort_by(&mut members, |(a, _), (b, _)| a.cmp(b));
    for (number, (key, value)) in members.into_iter().enumerate() {
        if number > 0 || !begun {
            spaces(out, indent);
        }
        let long = key.len() > MAX_SIMPLE_KEY;
        if long {
            out.push_str("? ");
        }
        text(out, key, None);
        if long {
            out.push('\n');
            spaces(out, indent);
        }
        out.push(':');
        match value {
            Value::Map(members) if !members.is_empty() => {
                out.push(if long { ' ' } else { '\n' });
                mapping(out, members, indent + 2, long);
            }
            Value::Seq(items) if !items.is_empty() => {
                out.push(if long { ' ' } else { '\n' });
                sequence(out, items, if long { indent + 2 } else { indent }, long);
            }
            other => {
                out.push(' ');
                scalar(out, other, indent + 2);
                out.push('\n');
            }
        }
    }
}

/// The items, one below the other.
fn sequence(out: &mut String, items: &[Value], indent: usize, begun: bool) {
    for (number, item) in items.iter().enumerate() {
        if number > 0 || !begun {
            spaces(out, indent);
        }
        out.push_str("- ");
        match item {
            Value::Map(members) if !members.is_empty() => mapping(out, members, indent + 2, true),
            Value::Seq(items) if !items.is_empty() => sequence(out, items, indent + 2, true),
            other => {
                scalar(out, other, indent + 2);
                out.push('\n');
            }
        }
    }
}

fn spaces(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

/// What stands on one line, or is a block of text that is indented so far. No line break at its end.
fn scalar(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Int(n) => out.push_str(&n.to_string()),
        Value::Float(x) if x.is_nan() => out.push_str(".nan"),
        Value::Float(x) if x.is_infinite() => out.push_str(if *x > 0.0 { ".inf" } else { "-.inf" }),
        Value::Float(x) => out.push_str(&serde_json::Value::from(*x).to_string()),
        Value::Str(s) => text(out, s, Some(indent)),
        Value::Seq(_) => out.push_str("[]"),
        Value::Map(_) => out.push_str("{}"),
    }
}

/// A text. With an indent it may be a block; a key has none.
fn text(out: &mut String, s: &str, indent: Option<usize>) {
    if ambiguous(s) {
        out.push_str(&serde_json::Value::from(s).to_string());
        return;
    }
    let breaks = s.contains('\n');
    let strange = s.chars().any(|c| c != '\n' && !printable(c)) || s.contains(" \n");
    match indent {
        Some(indent) if breaks && !strange && !s.ends_with(' ') => block(out, s, indent),
        _ if breaks || strange => double_quoted(out, s),
        _ if plain(s) => out.push_str(s),
        _ => {
            out.push('\'');
            out.push_str(&s.replace('\'', "''"));
            out.push('\'');
        }
    }
}

/// Whether it is written as it is, even inside quotes.
fn printable(c: char) -> bool {
    !(c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}'))
}

/// Whether a text of one line needs no quotes.
fn plain(s: &str) -> bool {
    let blank = |c: Option<char>| c.is_none_or(|c| c == ' ');
    let mut letters = s.chars();
    let (first, second) = (letters.next(), letters.next());
    let indicator = match first {
        Some('?' | ':' | '-') => blank(second),
        Some(c) => "#,[]{}&*!|>'\"%@`".contains(c),
        None => true,
    };
    let outer = s.starts_with(' ') || s.ends_with(' ') || s.starts_with("---") || s.starts_with("...");
    !(indicator || outer || s.ends_with(':') || s.contains(": ") || s.contains(" #"))
}

/// A text of several lines as it is, below a `|`.
fn block(out: &mut String, s: &str, indent: usize) {
    out.push('|');
    if s.starts_with([' ', '\n']) {
        out.push('2');
    }
    let body = match s.strip_suffix('\n') {
        None => {
            out.push('-');
            s
        }
        Some(body) => {
            if body.is_empty() || body.ends_with('\n') {
                out.push('+');
            }
            body
        }
    };
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            spaces(out, indent);
            out.push_str(line);
        }
    }
}

fn double_quoted(out: &mut String, s: &str) {
    out.push('"');
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0' => out.push_str("\\0"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\u{1b}' => out.push_str("\\e"),
            '\u{85}' => out.push_str("\\N"),
            '\u{2028}' => out.push_str("\\L"),
            '\u{2029}' => out.push_str("\\P"),
            c if printable(c) => out.push(c),
            c if u32::from(c) <= 0xff => out.push_str(&format!("\\x{:02X}", u32::from(c))),
            c => out.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
    }
    out.push('"');
}
