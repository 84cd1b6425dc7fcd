//! Termination messages (spec/02 §5).

use super::runtime::Start;
use crate::world::Inside;

/// Bytes that are read of a termination message file.
const MAX_FILE: usize = 4096;
/// Bytes and lines that are taken from the log instead.
const MAX_LOG: usize = 2048;
const MAX_LOG_LINES: usize = 80;

/// The termination message of a container that ended with `code`.
pub fn of(inside: &Inside, start: &Start, code: i32) -> String {
    let path = &start.spec.termination_path;
    let path = if path.is_empty() { "/dev/termination-log" } else { path };
    let mut text = inside.termination_message(path).unwrap_or_default();
    keep_tail(&mut text, MAX_FILE);
    if text.is_empty() && code != 0 && start.message_from_logs {
        let lines = inside.logs();
        let from = lines.len().saturating_sub(MAX_LOG_LINES);
        for line in lines.iter().skip(from) {
            text.push_str(&line.text);
            text.push('\n');
        }
        keep_tail(&mut text, MAX_LOG);
    }
    keep_tail(&mut text, start.message_budget);
    text
}

/// Cuts from the front, at a character.
fn keep_tail(text: &mut String, max: usize) {
    if text.len() > max {
        let mut from = text.len() - max;
        while !text.is_char_boundary(from) {
            from += 1;
        }
        text.drain(..from);
    }
}
