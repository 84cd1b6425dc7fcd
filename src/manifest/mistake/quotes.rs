//! Quotes and brackets that are open, and values that need quotes.

use super::Slip;
use super::line::{Line, Lines};

fn slip(message: String, title: &str, place: (usize, usize), edit: (usize, usize), text: String) -> Slip {
    Slip {
        code: "yaml-syntax",
        place,
        message,
        title: title.to_owned(),
        edit,
        text,
    }
}

/// The guesses about quotes and brackets.
pub fn guess(lines: &Lines<'_>, info: &str, guesses: &mut Vec<Slip>) {
    escape(lines, info, guesses);
    let quoted = info.contains("quoted") || info.contains("stream");
    let flow = info.contains("flow") || info.contains("',' or");
    for line in lines.back().take(if quoted || flow { 40 } else { 3 }) {
        open_quote(line, guesses);
        brackets(line, guesses);
        value(line, guesses);
    }
    comma(lines, guesses);
}

/// A value in quotes that would be the same without the mark that upsets the reader.
fn in_quotes(value: &str) -> String {
    if value.contains(['"', '\\']) {
        format!("'{}'", value.replace('\'', "''"))
    } else {
        format!("\"{value}\"")
    }
}

/// `"web` without its end.
fn open_quote(line: &Line<'_>, guesses: &mut Vec<Slip>) {
    let Some((at, value)) = line.value() else { return };
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return;
    };
    let rest = value.get(1..).unwrap_or("");
    if !rest.contains(quote) {
        let end = at + value.len();
        let message = "found unexpected end of stream: the quote that opens here is never closed".to_owned();
        guesses.push(slip(
            message,
            "Close the quote",
            (at, end),
            (end, end),
            quote.to_string(),
        ));
    } else if let Some(closed) = rest.find(quote).filter(|n| n + 2 < value.len()) {
        let message = "did not find expected key: the quote that opens here is closed too early".to_owned();
        let inner = rest.strip_suffix(quote).unwrap_or(value);
        let text = if quote == '"' && !inner.contains('\\') || inner.len() == value.len() {
            format!("'{}'", inner.replace('\'', "''"))
        } else {
            format!("\"{}\"", inner.replace('"', "\\\""))
        };
        let place = (at, at + closed + 2);
        guesses.push(slip(
            message,
            "Put the whole value in quotes",
            place,
            (at, at + value.len()),
            text,
        ));
    }
}

/// `[a, b` and `{a: b` without their end, and one bracket too many.
fn brackets(line: &Line<'_>, guesses: &mut Vec<Slip>) {
    let Some((at, value)) = line.value() else { return };
    if !value.starts_with(['[', '{']) {
        return;
    }
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut quote = None;
    for (n, c) in value.char_indices() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => open.push((n, ']')),
            (None, '{') => open.push((n, '}')),
            (None, ']' | '}') => match open.pop() {
                Some((_, want)) if want == c => {}
                Some((n, want)) => {
                    let message =
                        format!("did not find expected ',' or '{want}': this bracket is closed by another kind");
                    let text = value.replace(c, &want.to_string());
                    let place = (at + n, at + n + 1);
                    return guesses.push(slip(message, "Close the bracket", place, (at, at + value.len()), text));
                }
                None => {
                    let message = "did not find expected key: this bracket closes nothing".to_owned();
                    let place = (at + n, at + n + 1);
                    return guesses.push(slip(message, "Remove the bracket", place, place, String::new()));
                }
            },
            _ => {}
        }
    }
    let Some((first, want)) = open.last().copied() else {
        return;
    };
    let closers: String = open.iter().rev().map(|(_, c)| *c).collect();
    let end = at + value.len();
    let message = format!("did not find expected ',' or '{want}': the bracket that opens here is never closed");
    let place = (at + first, at + first + 1);
    guesses.push(slip(message, "Close the bracket", place, (end, end), closers));
}

/// A value that begins with a mark of YAML, or holds a colon and a space.
fn value(line: &Line<'_>, guesses: &mut Vec<Slip>) {
    let Some((at, value)) = line.value() else { return };
    let Some(first) = value.chars().next() else { return };
    let after = value.chars().nth(1).unwrap_or(' ');
    let words = match first {
        '@' | '`' | '%' => "found character that cannot start any token",
        '*' | '&' if !after.is_ascii_alphanumeric() => "did not find expected alphabetic or numeric character",
        '*' => "unknown anchor referenced",
        '|' | '>' if value.len() > 1 => "did not find expected comment or line break",
        '!' | '&' | ',' | ']' | '}' | '?' | '-' | '[' | '{' => "did not find expected node content",
        _ if value.contains(": ") || value.ends_with(':') => {
            let message =
                "mapping values are not allowed in this context: a value with a colon and a space needs quotes";
            let edit = (at, at + value.len());
            guesses.push(slip(
                message.to_owned(),
                "Put it in quotes",
                edit,
                edit,
                in_quotes(value),
            ));
            return;
        }
        _ => return,
    };
    let edit = (at, at + value.len());
    let message = match first {
        '*' => format!("{words}: `*` begins an alias; put the value in quotes"),
        _ => format!("{words}: a value that begins with `{first}` needs quotes"),
    };
    guesses.push(slip(message, "Put it in quotes", edit, edit, in_quotes(value)));
}

/// A comma that is missing at the end of the line before, as JSON wants it.
fn comma(lines: &Lines<'_>, guesses: &mut Vec<Slip>) {
    let mut back = lines.back();
    let (Some(here), Some(before)) = (back.next(), back.next()) else {
        return;
    };
    for line in [before, here] {
        if line.body().ends_with([',', '{', '[', ':']) {
            continue;
        }
        let end = line.end();
        let place = (line.body_at(), end);
        let message = "did not find expected ',' or '}': a comma is missing at the end of this line".to_owned();
        guesses.push(slip(message, "Add the comma", place, (end, end), ",".to_owned()));
    }
}

/// `\d` in double quotes.
fn escape(lines: &Lines<'_>, info: &str, guesses: &mut Vec<Slip>) {
    if !info.contains("escape") {
        return;
    }
    let line = lines.back().next();
    let value = line.and_then(Line::value).filter(|(_, value)| value.starts_with('"'));
    let Some((at, value)) = value else { return };
    let inner = value.trim_matches('"');
    let message = "found unknown escape character: a backslash in double quotes begins an escape".to_owned();
    let edit = (at, at + value.len());
    guesses.push(slip(
        message,
        "Use single quotes",
        edit,
        edit,
        format!("'{}'", inner.replace('\'', "''")),
    ));
}
