//! Marks that are missing, doubled or of another alphabet: colons, the space behind a colon or a dash, separators.

use super::Slip;
use super::line::{Line, Lines};

const COLON: &str = "could not find expected ':'";

fn slip(message: String, title: String, place: (usize, usize), edit: (usize, usize), text: String) -> Slip {
    Slip {
        code: "yaml-syntax",
        place,
        message,
        title,
        edit,
        text,
    }
}

/// The guesses about marks.
pub fn guess(lines: &Lines<'_>, guesses: &mut Vec<Slip>) {
    super::blanks::tabs(lines, guesses);
    for line in lines.back().take(3) {
        separator(line, guesses);
        full_width(line, guesses);
        dash_space(line, guesses);
        colon_space(line, guesses);
        colon(line, guesses);
    }
}

/// `--` or ` ---` instead of `---`.
fn separator(line: &Line<'_>, guesses: &mut Vec<Slip>) {
    let body = line.body();
    let dashes = body.chars().all(|c| matches!(c, '-' | '\u{2013}' | '\u{2014}'));
    let plain = body.chars().count() > 1 || !body.is_ascii();
    if dashes && plain && line.text != "---" {
        let place = (line.body_at(), line.end());
        let message = format!("`{body}` separates no documents; a line of `---` does");
        guesses.push(slip(
            message,
            "Change to `---`".to_owned(),
            place,
            (line.start, line.end()),
            "---".to_owned(),
        ));
    }
}

/// `：` of Chinese keyboards.
fn full_width(line: &Line<'_>, guesses: &mut Vec<Slip>) {
    let (at, content) = line.content();
    let Some(colon) = content.find('\u{ff1a}') else { return };
    let key = content.get(..colon).unwrap_or("");
    if !is_key(key) {
        return;
    }
    let rest = content.get(colon + 3..).unwrap_or("");
    let text = if rest.is_empty() || rest.starts_with(' ') {
        ":"
    } else {
        ": "
    };
    let place = (at, at + colon);
    let message = format!("{COLON}: a full-width colon stands after {key}");
    let title = "Change to an ordinary colon".to_owned();
    guesses.push(slip(
        message,
        title,
        place,
        (at + colon, at + colon + 3),
        text.to_owned(),
    ));
}

/// `-name` without the space behind the dash.
fn dash_space(line: &Line<'_>, guesses: &mut Vec<Slip>) {
    let body = line.body();
    if let Some(rest) = body.strip_prefix('-')
        && rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '"')
    {
        let at = line.body_at();
        let word = rest.split([':', ' ']).next().unwrap_or(rest);
        let message = "did not find expected '-' indicator: a dash needs a space behind it".to_owned();
        let title = "Put a space behind the dash".to_owned();
        guesses.push(slip(
            message,
            title,
            (at, at + 1 + word.len()),
            (at + 1, at + 1),
            " ".to_owned(),
        ));
    }
}

/// `image:nginx` without the space behind the colon.
fn colon_space(line: &Line<'_>, guesses: &mut Vec<Slip>) {
    let (at, content) = line.content();
    let Some(colon) = content.find(':') else { return };
    let (key, rest) = (
        content.get(..colon).unwrap_or(""),
        content.get(colon + 1..).unwrap_or(""),
    );
    if !is_key(key) || rest.is_empty() || rest.starts_with([' ', '/', '\t']) {
        return;
    }
    let message = format!("{COLON}: a space is missing behind the colon of {key}");
    let title = "Put a space behind the colon".to_owned();
    let place = (at, at + colon);
    guesses.push(slip(
        message,
        title,
        place,
        (at + colon + 1, at + colon + 1),
        " ".to_owned(),
    ));
}

/// `image nginx` or `spec` without a colon.
fn colon(line: &Line<'_>, guesses: &mut Vec<Slip>) {
    let (at, content) = line.content();
    let word = content.split(' ').next().unwrap_or(content);
    if content.contains(": ") || content.ends_with(':') || !is_key(word) {
        return;
    }
    let place = (at, at + word.len());
    let message = format!("{COLON}: the colon after {word} is missing");
    let end = place.1;
    guesses.push(slip(
        message,
        format!("Change to {word}:"),
        place,
        (end, end),
        ":".to_owned(),
    ));
}

/// `selector: app: web`: two fields on one line.
fn two_fields(line: &Line<'_>, guesses: &mut Vec<Slip>) {
    let Some((key, at, value)) = line.pair() else { return };
    let inner = value.split(':').next().unwrap_or("");
    if inner.len() == value.len() || !is_key(inner) || value.starts_with(['"', '\'', '[', '{']) {
        return;
    }
    let column = line.columns().last().copied().unwrap_or(0) + 2;
    let message =
        format!("mapping values are not allowed in this context: {inner} belongs on a line of its own below {key}");
    let space = lines_space(line, at);
    guesses.push(slip(
        message,
        format!("Put {inner} on its own line"),
        (at, at + inner.len()),
        (at - space, at),
        format!("\n{}", " ".repeat(column)),
    ));
}

/// The white space before a value.
fn lines_space(line: &Line<'_>, at: usize) -> usize {
    let before = line.text.get(..at - line.start).unwrap_or("");
    before.len() - before.trim_end().len()
}

/// Guesses that move or take away text, when nothing else helps.
pub fn last_resort(lines: &Lines<'_>, guesses: &mut Vec<Slip>) {
    for line in lines.back().take(2) {
        two_fields(line, guesses);
    }
    for line in lines.back().take(2) {
        let body = line.body();
        if body.contains(": ") || body.ends_with(':') || body.starts_with("- ") {
            continue;
        }
        let next = lines
            .all
            .get(lines.number(line) + 1)
            .map_or(lines.text.len(), |next| next.start);
        let message = "could not find expected ':': this line is neither a field nor a list item".to_owned();
        let place = (line.body_at(), line.end());
        guesses.push(slip(
            message,
            "Remove this line".to_owned(),
            place,
            (line.start, next),
            String::new(),
        ));
    }
}

/// Whether a word may be the name of a field or a label.
pub fn is_key(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
}
