//! Lines that stand in the wrong column.

use super::Slip;
use super::line::{Line, Lines};
use super::words;

/// Guesses that move a line, and what lies below it, to a column where something of its kind stands.
pub fn guess(lines: &Lines<'_>, info: &str, guesses: &mut Vec<Slip>) {
    let Some(failed) = lines.back().next() else { return };
    columns(lines, failed, info, guesses);
    if let Some(before) = lines.back().nth(1) {
        columns(lines, before, info, guesses);
    }
}

fn columns(lines: &Lines<'_>, line: &Line<'_>, info: &str, guesses: &mut Vec<Slip>) {
    let here = line.indent;
    let before = || lines.all.get(..lines.number(line)).unwrap_or(&[]).iter().rev();
    let mut wanted: Vec<(usize, &str)> = Vec::new();
    let mut left = usize::MAX;
    for other in before().filter(|other| !other.is_blank()).take(60) {
        if other.indent >= left {
            continue;
        }
        left = other.indent;
        let (_, name) = other.content();
        let name = name.split([':', ' ']).next().unwrap_or(name);
        let deeper = other
            .body()
            .ends_with([':', '|', '>'])
            .then(|| other.columns().last().map_or(2, |c| c + 2));
        for column in other.columns().into_iter().rev().chain(deeper) {
            if column != here && !wanted.iter().any(|(known, _)| *known == column) {
                wanted.push((column, name));
            }
        }
    }
    crate::sort::sort_by_key(&mut wanted, |(column, _)| column.abs_diff(here));
    // A field with a value has nothing below it; but those that follow may stand wrong with it.
    let below = lines.block_end(line);
    let alone = line.pair().is_some();
    for (column, name) in wanted.into_iter().take(4) {
        if alone {
            guesses.push(moved(lines, line, (line.end(), column), name, info));
            let run = lines.run_end(line);
            if run > line.end() {
                guesses.push(moved(lines, line, (run, column), name, info));
            }
        } else {
            guesses.push(moved(lines, line, (below, column), name, info));
        }
    }
}

/// The line and those after it up to `end` in another column.
fn moved(lines: &Lines<'_>, line: &Line<'_>, (end, column): (usize, usize), sibling: &str, info: &str) -> Slip {
    let block = lines.text.get(line.start..end).unwrap_or("");
    let rows: Vec<String> = block
        .split('\n')
        .map(|row| {
            let body = row.trim_start_matches(' ');
            let lead = row.len() - body.len();
            if body.is_empty() {
                return String::new();
            }
            " ".repeat((lead + column).saturating_sub(line.indent)) + body
        })
        .collect();
    let (at, content) = line.content();
    let word = content.split([':', ' ']).next().unwrap_or(content);
    let at = if line.body().starts_with('-') {
        line.body_at()
    } else {
        at
    };
    let side = if line.indent < column { "left" } else { "right" };
    let what = if line.body().starts_with('-') {
        "the list item".to_owned()
    } else {
        format!("the key `{word}`")
    };
    let message = format!("{}: {what} stands {side} of `{sibling}`", words(info));
    Slip {
        code: "yaml-syntax",
        place: (at, (at + word.len()).max(at + 1).min(line.end())),
        message,
        title: format!("Align with {sibling}"),
        edit: (line.start, end),
        text: rows.join("\n"),
    }
}
