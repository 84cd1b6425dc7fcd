//! White space that looks like spaces and is none: no-break spaces of web pages, and tabs.

use super::Slip;
use super::line::Lines;

/// Characters that look like a space.
fn lookalike(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{2000}'..='\u{200b}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

/// Blanks that YAML does not take for spaces, at the begin of lines and behind colons and dashes. All are replaced.
pub fn blanks(text: &str) -> Option<Slip> {
    if text.is_ascii() {
        return None;
    }
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let mut at = start;
        let mut open = true;
        let mut from = None;
        for c in line.chars() {
            let odd = lookalike(c) && open && at > 0;
            match (odd, from) {
                (true, None) => from = Some(at),
                (false, Some(first)) => {
                    runs.push((first, at));
                    from = None;
                }
                _ => {}
            }
            open = open && (c == ' ' || lookalike(c)) || matches!(c, ':' | '-');
            at += c.len_utf8();
        }
        start += line.len();
    }
    let (first, last) = (runs.first().copied()?, runs.last().copied()?);
    let odd = text.get(first.0..)?.chars().next()?;
    let name = if odd == '\u{a0}' {
        "a no-break space"
    } else {
        "a special space"
    };
    let part = text.get(first.0..last.1)?;
    let mut fixed = String::with_capacity(part.len());
    let mut at = first.0;
    for c in part.chars() {
        let inside = runs.iter().any(|(from, to)| (*from..*to).contains(&at));
        match c {
            '\u{200b}' | '\u{feff}' if inside => {}
            '\u{3000}' if inside => fixed.push_str("  "),
            _ if inside => fixed.push(' '),
            _ => fixed.push(c),
        }
        at += c.len_utf8();
    }
    let lead = text.get(..first.0)?.ends_with('\n') || text.get(..first.0)?.lines().last()?.trim().is_empty();
    let place = if lead {
        "the indentation holds"
    } else {
        "the line holds"
    };
    Some(Slip {
        code: "yaml-blank",
        place: first,
        message: format!("{place} {name} (U+{:04X}); use ordinary spaces", u32::from(odd)),
        title: "Replace by spaces".to_owned(),
        edit: (first.0, last.1),
        text: fixed,
    })
}

/// Tabs in indentations, each as so many spaces as make the text readable.
pub fn tabs(lines: &Lines<'_>, guesses: &mut Vec<Slip>) {
    let tabbed = |line: &&super::line::Line<'_>| line.text.get(..line.indent).is_some_and(|lead| lead.contains('\t'));
    let Some(near) = lines.back().take(2).find(tabbed) else {
        return;
    };
    let lead = near.text.get(..near.indent).unwrap_or("");
    let place = (
        near.start + lead.find('\t').unwrap_or(0),
        near.start + lead.rfind('\t').map_or(near.indent, |at| at + 1),
    );
    let (Some(first), Some(last)) = (lines.all.iter().find(tabbed), lines.all.iter().rfind(tabbed)) else {
        return;
    };
    let edit = (first.start, last.body_at());
    let part = lines.text.get(edit.0..edit.1).unwrap_or("");
    for width in [2, 4, 8, 1] {
        let mut fixed = String::with_capacity(part.len() + 16);
        for line in part.split_inclusive('\n') {
            let body = line.trim_start_matches([' ', '\t']);
            let lead = line.get(..line.len() - body.len()).unwrap_or("");
            let mut column: usize = 0;
            for c in lead.chars() {
                // A tab goes on to the next multiple of its width.
                column = if c == '\t' {
                    (column / width + 1) * width
                } else {
                    column + 1
                };
            }
            fixed.push_str(&" ".repeat(column));
            fixed.push_str(body);
        }
        guesses.push(Slip {
            code: "yaml-tab",
            place,
            message: "a tab is used for indentation; YAML allows only spaces there".to_owned(),
            title: "Replace by spaces".to_owned(),
            edit,
            text: fixed,
        });
    }
}
