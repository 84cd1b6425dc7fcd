//! Texts that Kubernetes' own reader accepts and the parser does not.
//!
//! go-yaml is an old YAML 1.1 reader: it lets lines of a flow list or mapping begin anywhere, knows `\'` in double
//! quotes, and JSON comes with surrogate pairs. Such a text is mended without moving anything: every change keeps the
//! number of characters, so the places of the mended text are those of the original.

/// Fills the place of characters that a mend leaves over; taken out of scalars again.
pub const FILLER: char = '\u{E000}';

/// The text with what the parser stumbled over mended, or `None` when this is no such case.
///
/// `info` and `at` (a byte) are the parser's error.
pub fn mend(text: &str, info: &str, at: usize) -> Option<String> {
    match info {
        "invalid indentation" | "invalid indentation in flow construct" => join_before(text, at),
        "invalid indentation in quoted scalar" => join_after(text, at),
        "while parsing a quoted scalar, found unknown escape character" => apostrophes(text),
        "while parsing a quoted scalar, found invalid Unicode character escape code" => surrogates(text),
        _ => None,
    }
}

/// Joins the line that holds `at` to the one before it.
fn join_before(text: &str, at: usize) -> Option<String> {
    let newline = text.get(..at)?.rfind('\n')?;
    let line_start = text.get(..newline)?.rfind('\n').map_or(0, |n| n + 1);
    let line = text.get(line_start..newline)?;
    let comment = comment_at(line).map_or(newline, |n| line_start + n);
    blank(text, comment, newline + 1)
}

/// Joins the line that holds `at` to the one after it.
fn join_after(text: &str, at: usize) -> Option<String> {
    let newline = at + text.get(at..)?.find('\n')?;
    // An empty line inside quotes is a line break of the text; joining would lose it.
    let next = text.get(newline + 1..)?.split('\n').next()?;
    let body = next.trim_start();
    if body.trim().is_empty() {
        return None;
    }
    // Folding makes one space of the break and of the white space around it.
    let head = text.get(..newline)?;
    let kept = head.trim_end_matches([' ', '\t', '\r']);
    let fillers = head.len() - kept.len() + next.len() - body.len();
    let tail = text.get(newline + 1 + next.len() - body.len()..)?;
    let fill = FILLER.to_string().repeat(fillers);
    Some([kept, " ", &fill, tail].concat())
}

/// Where a comment begins on a line: a `#` after white space, outside quotes.
fn comment_at(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if c == q && before != '\\' => quote = None,
            (None, '#') if before == ' ' || before == '\t' => return Some(at),
            _ => {}
        }
        before = c;
    }
    None
}

/// The text with every character of a range turned into a space.
fn blank(text: &str, from: usize, to: usize) -> Option<String> {
    let (head, middle, tail) = (text.get(..from)?, text.get(from..to)?, text.get(to..)?);
    let spaces = " ".repeat(middle.chars().count());
    Some([head, &spaces, tail].concat())
}

/// `\'` as `'`.
fn apostrophes(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    let mut changed = false;
    for c in text.chars() {
        if escaped && c == '\'' {
            out.pop();
            out.push('\'');
            out.push(FILLER);
            changed = true;
        } else {
            out.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    changed.then_some(out)
}

/// `\ud83d\ude00` as the character it stands for.
fn surrogates(text: &str) -> Option<String> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut changed = false;
    while let Some(rest) = text.get(at..) {
        let Some(next) = rest.find("\\u") else {
            out.push_str(rest);
            break;
        };
        out.push_str(rest.get(..next)?);
        at += next;
        let pair = unit(at).zip(unit(at + 6));
        let decoded = pair.and_then(|(high, low)| char::decode_utf16([high, low]).next()?.ok());
        match decoded {
            Some(c) if u32::from(c) > 0xFFFF => {
                out.push(c);
                out.extend(std::iter::repeat_n(FILLER, 11));
                at += 12;
                changed = true;
            }
            _ => {
                out.push_str("\\u");
                at += 2;
            }
        }
    }
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use crate::manifest::{Value, parse};

    #[test]
    fn what_go_yaml_reads_is_read() {
        for (text, path, want, last) in [
            (
                "a:\n  b:\n    c: [\n      \"x\", # one ] two\n      \"y\"\n    ]\nz: end\n",
                &["a", "b", "c", "1"][..],
                "y",
                "end",
            ),
            ("a:\n  b: [\nx,\nw\n]\nz: end\n", &["a", "b", "1"], "w", "end"),
            ("a: \"it\\'s \\\\\"\nz: end\n", &["a"], "it's \\", "end"),
            ("{\"a\": \"\\ud83d\\ude00!\", \"z\": \"end\"}", &["a"], "😀!", "end"),
            ("a:\n  b: \"x\n  y\n z\"\nz: end\n", &["a", "b"], "x y z", "end"),
        ] {
            let parsed = parse(text);
            assert!(parsed.diagnostics.is_empty(), "{text}: {:?}", parsed.diagnostics);
            let root = &parsed.documents[0].root;
            assert_eq!(root.to_value().at(path), Some(&Value::from(want)), "{text}");
            let z = root.get("z").unwrap().range;
            assert_eq!(text[z.start as usize..z.end as usize].trim_matches('"'), last, "{text}");
        }
    }

    #[test]
    fn what_is_broken_stays_broken() {
        for text in ["a:\n  b: [1,\nc: 2\n", "a: \"\\q\"\n", "a:\n  b: {x: 1\nc: 2\n"] {
            let parsed = parse(text);
            assert_eq!(parsed.diagnostics.len(), 1, "{text}: {:?}", parsed.diagnostics);
            assert!(parsed.documents.iter().all(|d| d.broken), "{text}");
        }
    }
}
