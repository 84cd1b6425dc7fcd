//! Moving a field that stands in the wrong object to the one it belongs to, as a change of the text.

use crate::manifest::{Fix, Node, NodeKind, Range};

/// Where a field is to go.
pub enum Home<'n> {
    /// Into an object that is there.
    Into(&'n Node),
    /// Into an object that is to be made in its place, with this name.
    Make(&'n str),
}

/// The change that moves the field at `extent` (its key and value). `None` where the text is not in block style, or the
/// field is the first of a list's item.
pub fn relocate(text: &str, extent: Range, home: &Home, title: String) -> Option<Fix> {
    let (start, end) = (extent.start as usize, extent.end as usize);
    let line = line_start(text, start);
    let column = start - line;
    if !text.get(line..start)?.bytes().all(|b| b == b' ') {
        return None;
    }
    let after = line_end(text, end);
    let body = text.get(line..after)?;
    let (insert, indent, head) = match home {
        Home::Make(name) => (line, column + 2, format!("{}{name}:\n", " ".repeat(column))),
        Home::Into(node) => {
            let first = first_key(node)? as usize;
            let first_line = line_start(text, first);
            // Behind a dash there is no line to put a field before; then it goes behind the object.
            let own_line = text.get(first_line..first)?.bytes().all(|b| b == b' ');
            let inside = (node.range.start..=node.range.end).contains(&extent.start);
            let place = if inside && own_line {
                first_line
            } else {
                line_end(text, node.range.end as usize)
            };
            if inside && !own_line || place > line && place < after {
                return None;
            }
            (place, first - first_line, String::new())
        }
    };
    let mut moved = head;
    for row in body.lines() {
        if row.trim().is_empty() {
            moved.push('\n');
        } else {
            let bare = row
                .get(column..)
                .filter(|_| row.get(..column).is_some_and(|lead| lead.trim().is_empty()))?;
            moved.push_str(&" ".repeat(indent));
            moved.push_str(bare);
            moved.push('\n');
        }
    }
    let (range, text) = if insert <= line {
        (insert..after, [&moved, text.get(insert..line)?].concat())
    } else {
        let between = text.get(after..insert)?;
        let gap = if between.is_empty() || between.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        (line..insert, [between, gap, &moved].concat())
    };
    Some(Fix {
        title,
        range: Range {
            start: u32::try_from(range.start).ok()?,
            end: u32::try_from(range.end).ok()?,
        },
        text,
    })
}

/// The first key of a mapping in block style.
fn first_key(node: &Node) -> Option<u32> {
    let NodeKind::Map(entries) = &node.kind else {
        return None;
    };
    let first = entries.iter().find(|entry| !entry.merged)?;
    // In flow style the mapping begins with a brace before its first key.
    (first.key_range.start == node.range.start).then_some(first.key_range.start)
}

/// The byte that the line of `at` begins at.
pub fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |n| n + 1)
}

/// The byte after the line break that ends the line of `at`.
pub fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    rest.find('\n').map_or(text.len(), |n| at + n + 1)
}
