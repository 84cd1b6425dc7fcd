//! Text to documents. Each document is read by itself, so that a broken one does not take the others with it.

use saphyr_parser::Parser;

use super::build::{ALIAS_BUDGET, Builder, diagnostic, to_u32};
use super::diagnostic::{Diagnostic, Fix, Range, Severity};
use super::input::Text;
use super::lenient::mend;
use super::mistake::{self, Slip};
use super::tree::Node;
use crate::sort;

/// Texts longer than this are refused.
pub const MAX_TEXT: usize = 1 << 20;

/// So many bytes are read again at most to mend a document that only Kubernetes' own reader accepts.
const MEND_BYTES: usize = 1 << 20;

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it says. Of a broken document, the part before the break.
    pub root: Node,
    /// Where it stands, from its first key to the line before the next `---`.
    pub range: Range,
    /// Whether it could not be read to its end.
    pub broken: bool,
}

/// The documents of a text, and what is wrong with its YAML.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// Documents in order; empty ones are left out.
    pub documents: Vec<Document>,
    /// In order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Other explanations of a diagnostic: each list begins with the one that stands in `diagnostics`, and each has the
    /// change that makes the text readable. The fields decide between them.
    pub guesses: Vec<Vec<Diagnostic>>,
}

/// Reads a text. Never fails: what cannot be read is said in the diagnostics.
pub fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    if text.len() > MAX_TEXT {
        let range = Range { start: 0, end: 0 };
        let message = format!("the text has {} bytes; at most {MAX_TEXT} are read", text.len());
        parsed
            .diagnostics
            .push(diagnostic("text-too-long", range, Severity::Error, message));
        return parsed;
    }
    let mut budget = ALIAS_BUDGET;
    for piece in pieces(text) {
        let from = piece.start as usize;
        let body = text.get(from..piece.end as usize).unwrap_or("");
        read_piece(body, piece.start, &mut budget, &mut parsed);
    }
    sort::sort_by_key(&mut parsed.diagnostics, |d| (d.range.start, d.range.end));
    parsed
}

/// The piece of a text that holds a byte, as [`parse`] reads it.
pub fn piece_at(text: &str, at: u32) -> Range {
    let mut all = pieces(text).into_iter();
    all.find(|piece| at < piece.end).unwrap_or(Range {
        start: 0,
        end: to_u32(text.len()),
    })
}

/// The objects of a text of JSON, which may stand behind each other; `None` for a text that is none or has but one.
fn json_objects(text: &str) -> Option<Vec<Range>> {
    let body = text.trim_start().strip_prefix('{')?.trim_start();
    if !body.starts_with('"') {
        return None;
    }
    let mut objects = Vec::new();
    let (mut start, mut depth, mut quoted, mut escaped) = (0, 0_u32, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !escaped => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    objects.push(Range {
                        start: to_u32(start),
                        end: to_u32(at + 1),
                    });
                    start = at + 1;
                }
            }
            b'-' if depth == 0 && !quoted => return None,
            _ => {}
        }
        escaped = byte == b'\\' && quoted && !escaped;
    }
    (objects.len() > 1 && text.get(start..).is_some_and(|rest| rest.trim().is_empty())).then_some(objects)
}

/// The pieces between lines that begin a document. The `---` belongs to the piece it begins, and directives belong to
/// the piece after them.
fn pieces(text: &str) -> Vec<Range> {
    if let Some(objects) = json_objects(text) {
        return objects;
    }
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0_usize, 0_usize);
    let mut only_directives = false;
    let mut empty = true;
    for line in text.split_inclusive('\n') {
        let separator = line
            .strip_prefix("---")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']));
        if separator && !only_directives {
            pieces.push((start, at));
            (start, empty) = (at, true);
        }
        let bare = line.trim();
        if separator {
            only_directives = false;
            empty = false;
        } else if !bare.is_empty() && !bare.starts_with('#') {
            only_directives = line.starts_with('%') && (empty || only_directives);
            empty = false;
        }
        at += line.len();
    }
    pieces.push((start, text.len()));
    let range = |(start, end): (usize, usize)| Range {
        start: to_u32(start),
        end: to_u32(end),
    };
    pieces.into_iter().filter(|(s, e)| s < e).map(range).collect()
}

fn read_piece(text: &str, base: u32, budget: &mut usize, parsed: &mut Parsed) {
    // All of them are one byte long.
    if text.bytes().any(|byte| control(char::from(byte)))
        && let Some((at, c)) = text.char_indices().find(|(_, c)| control(*c))
    {
        let start = base.saturating_add(to_u32(at));
        let range = Range {
            start,
            end: start + to_u32(c.len_utf8()),
        };
        let message = format!("control characters are not allowed (U+{:04X})", u32::from(c));
        let mut said = diagnostic("yaml-syntax", range, Severity::Error, message);
        let rest = text.get(at..).unwrap_or("");
        let last = rest
            .char_indices()
            .rfind(|(_, c)| control(*c))
            .map_or(1, |(at, _)| at + 1);
        said.fixes.push(Fix {
            title: "Remove it".to_owned(),
            range: Range {
                start,
                end: start.saturating_add(to_u32(last)),
            },
            text: rest.get(..last).unwrap_or("").replace(control, ""),
        });
        parsed.diagnostics.push(said);
        return;
    }
    let (reading, _) = read_mended(text, base, *budget);
    let Reading {
        mut builder,
        mut found,
        failure,
    } = reading;
    let failure = failure.map(|(index, info)| (builder.byte(index), info));
    *budget = builder.alias_budget;
    let mut said = std::mem::take(&mut builder.diagnostics);
    let blank = (failure.is_some() || builder.blank_key)
        .then(|| mistake::blanks(text))
        .flatten();
    let alone = blank.map(|slip| slipped(base, slip)).or_else(|| {
        let missing = failure.is_none().then(|| separator_missing(text, base, &said));
        missing.flatten()
    });
    if let Some(alone) = alone {
        // Everything else that is said about such a document follows from this.
        parsed.diagnostics.push(alone);
        said.clear();
        for (_, broken) in &mut found {
            *broken = true;
        }
        keep(text, base, found, parsed);
        return;
    }
    let odd_key = said
        .iter()
        .any(|d| d.code == "yaml-key" && d.severity == Severity::Error);
    let template = (failure.is_some() || odd_key).then(|| text.find("{{")).flatten();
    if let Some(at) = template {
        // The braces of a template are read as flow mappings; everything said about those only confuses.
        said.retain(|d| d.code != "yaml-key");
        said.push(helm(text, base, at));
        for (_, broken) in &mut found {
            *broken = true;
        }
    } else if let Some((at, info)) = failure {
        let slips = mistake::slips(text, at as usize, &info, failure_of);
        let guesses: Vec<Diagnostic> = slips.into_iter().map(|slip| slipped(base, slip)).collect();
        match guesses.first() {
            Some(first) => said.push(first.clone()),
            None => said.push(syntax_error(text, base, at, &info)),
        }
        if guesses.len() > 1 {
            parsed.guesses.push(guesses);
        }
    }
    keep(text, base, found, parsed);
    parsed.diagnostics.append(&mut said);
}

/// Keeps the documents of a piece.
fn keep(text: &str, base: u32, found: Vec<(Node, bool)>, parsed: &mut Parsed) {
    let end = base.saturating_add(to_u32(text.trim_end().len()));
    for (root, broken) in found {
        if broken || !root.is_null() {
            let start = root.range.start;
            let range = Range {
                start,
                end: end.max(start),
            };
            parsed.documents.push(Document { root, range, broken });
        }
    }
}

/// The diagnostic of a slip in the piece that begins at `base`.
fn slipped(base: u32, slip: Slip) -> Diagnostic {
    let place = |(start, end): (usize, usize)| Range {
        start: base.saturating_add(to_u32(start)),
        end: base.saturating_add(to_u32(end)),
    };
    let mut said = diagnostic(slip.code, place(slip.place), Severity::Error, slip.message);
    said.fixes.push(Fix {
        title: slip.title,
        range: place(slip.edit),
        text: slip.text,
    });
    said
}

/// The byte that reading a text fails at.
fn failure_of(text: &str) -> Option<usize> {
    let mut text = std::borrow::Cow::Borrowed(text);
    loop {
        let mut parser = Parser::new(Text::new(&text));
        let failed = std::iter::from_fn(|| parser.next_event()).find_map(Result::err)?;
        let at = byte_in(&text, failed.marker().index());
        match mend(&text, failed.info(), at) {
            Some(mended) => text = mended.into(),
            None => return Some(at),
        }
    }
}

/// A second object that begins without `---`: its `apiVersion` or `kind` is there twice.
fn separator_missing(text: &str, base: u32, said: &[Diagnostic]) -> Option<Diagnostic> {
    let doubles = || said.iter().filter(|d| d.code == "duplicate-field");
    let first = doubles().find(|d| matches!(&*d.path, "apiVersion" | "kind"))?;
    let starts: Vec<usize> = doubles()
        .filter(|d| d.path == first.path)
        .map(|d| d.range.start.saturating_sub(base) as usize)
        .collect();
    let (from, to) = (*starts.first()?, *starts.last()?);
    let mut fixed = String::from("---\n");
    for pair in starts.windows(2) {
        if let [a, b] = pair {
            fixed.push_str(text.get(*a..*b)?);
            fixed.push_str("---\n");
        }
    }
    // In one line, as in JSON, no separator can be put there.
    let column = text.get(..from)?.rfind('\n').map_or(0, |at| at + 1);
    (column == from).then(|| {
        let slip = Slip {
            code: "yaml-separator",
            place: (from, from + first.path.len()),
            message: "a second object begins here: put `---` before it".to_owned(),
            title: "Put `---` before it".to_owned(),
            edit: (from, to),
            text: fixed,
        };
        slipped(base, slip)
    })
}

/// One reading of a piece.
pub(super) struct Reading<'t> {
    pub builder: Builder<'t>,
    /// Roots of documents, and whether they are broken.
    pub found: Vec<(Node, bool)>,
    /// The character the parser gave up at, and why.
    pub failure: Option<(usize, String)>,
}

/// Reads a piece, and again for each place where only Kubernetes' own reader would go on. With the failure of the first
/// reading when there is one to the last.
pub(super) fn read_mended(text: &str, base: u32, budget: usize) -> (Reading<'_>, Option<(usize, String)>) {
    let mut reading = read(text, text, base, budget);
    let first = reading.failure.clone();
    // Each mend reads the piece again; the bound keeps a long broken text from being read over and over.
    let mut left = MEND_BYTES.max(text.len());
    let mut failure = first.clone();
    let mut mended = std::borrow::Cow::Borrowed(text);
    while let Some((at, info)) = &failure
        && let Some(next) = mend(&mended, info, byte_in(&mended, *at))
        && left >= next.len()
    {
        left -= next.len();
        mended = next.into();
        let again = read(text, &mended, base, budget);
        failure.clone_from(&again.failure);
        if failure.is_none() {
            reading = again;
        }
    }
    let first = first.filter(|_| failure.is_some());
    reading.failure = failure;
    (reading, first)
}

/// Reads `mended`, which has the same characters at the same places as `text` but for what was mended.
fn read<'t>(text: &'t str, mended: &str, base: u32, budget: usize) -> Reading<'t> {
    let mut builder = Builder::new(text, base, budget);
    let mut parser = Parser::new(Text::new(mended));
    let mut found = Vec::new();
    let mut failure = None;
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                let ends = matches!(event, saphyr_parser::Event::DocumentEnd);
                builder.event(event, span);
                if ends && let Some(root) = builder.take() {
                    found.push((root, false));
                }
            }
            Err(error) => {
                let index = error.marker().index();
                builder.abandon(index);
                if let Some(root) = builder.take() {
                    found.push((root, true));
                }
                failure = Some((index, error.info().to_owned()));
                break;
            }
        }
    }
    Reading {
        builder,
        found,
        failure,
    }
}

/// The byte offset of the `index`th character.
pub(super) fn byte_in(text: &str, index: usize) -> usize {
    if text.is_ascii() {
        index.min(text.len())
    } else {
        text.char_indices().nth(index).map_or(text.len(), |(at, _)| at)
    }
}

/// Characters that YAML does not allow and that the parser would take for the end.
pub(super) fn control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}')
}

fn helm(text: &str, base: u32, at: usize) -> Diagnostic {
    let line = text.get(at..).unwrap_or("").split('\n').next().unwrap_or("");
    let len = line.find("}}").map_or(line.trim_end().len(), |end| end + 2);
    let start = base.saturating_add(to_u32(at));
    let range = Range {
        start,
        end: start.saturating_add(to_u32(len)),
    };
    let message = "this is a template, not a manifest: render it first (helm template) and paste the result".to_owned();
    diagnostic("template", range, Severity::Error, message)
}

fn syntax_error(text: &str, base: u32, at: u32, info: &str) -> Diagnostic {
    let at = (at as usize).min(text.len());
    let line_start = text.get(..at).unwrap_or("").rfind('\n').map_or(0, |n| n + 1);
    let line = text.get(line_start..).unwrap_or("").split('\n').next().unwrap_or("");
    let place = |start: usize, end: usize| Range {
        start: base.saturating_add(to_u32(start)),
        end: base.saturating_add(to_u32(end)),
    };
    // The place is where the parser noticed; the rest of that word is underlined with it, so that there is something
    // to see.
    let rest = line.get(at - line_start..).unwrap_or("").trim_end();
    let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (start, end) = if word > 0 {
        (at, at + word)
    } else {
        let line_end = line_start + line.trim_end().len();
        (line_end.min(at), line_end.min(at))
    };
    let message = mistake::words(info).to_owned();
    diagnostic("yaml-syntax", place(start, end), Severity::Error, message)
}

#[cfg(test)]
mod tests {
    use super::{Parsed, parse};
    use crate::manifest::NodeKind;

    fn said(parsed: &Parsed, text: &str) -> Vec<(String, String)> {
        let of = |d: &crate::manifest::Diagnostic| {
            let at = text.get(d.range.start as usize..d.range.end as usize).unwrap_or("?");
            (d.message.clone(), at.to_owned())
        };
        parsed.diagnostics.iter().map(of).collect()
    }

    #[test]
    fn a_broken_document_leaves_the_others() {
        let text = "a: 1\n---\nb: [1\n---\nc: \"x\n--- # three\nd: e: f\n---\ng: 2\n";
        let parsed = parse(text);
        let whole: Vec<_> = parsed.documents.iter().filter(|d| !d.broken).collect();
        assert_eq!(whole.len(), 2, "{:?}", said(&parsed, text));
        assert_eq!(parsed.diagnostics.len(), 3, "{:?}", said(&parsed, text));
    }

    #[test]
    fn ranges_are_bytes() {
        let text = "# é\nkey: ü\r\nlist:\n- a: 1\n  b: {c: d}\ntext: |\n  x\n\nempty:\nq: \"q\"\n";
        let parsed = parse(text);
        let root = &parsed.documents[0].root;
        let cut = |path: &str| {
            let r = root.extent(path).unwrap();
            &text[r.start as usize..r.end as usize]
        };
        for (path, want) in [
            ("key", "key: ü"),
            ("list[0]", "a: 1\n  b: {c: d}"),
            ("list[0].b", "b: {c: d}"),
            ("list[0].b.c", "c: d"),
            ("text", "text: |\n  x"),
            ("empty", "empty:"),
            ("q", "q: \"q\""),
        ] {
            assert_eq!(cut(path), want, "{path}");
        }
        let located = |path: &str| {
            let r = root.locate(path);
            &text[r.start as usize..r.end as usize]
        };
        for (path, want) in [
            ("key", "ü"),
            ("list", "list"),
            ("list[0].b.zzz", "b"),
            ("list[0].zzz", "a"),
            ("nothing", "key"),
            ("empty", "empty"),
        ] {
            assert_eq!(located(path), want, "{path}");
        }
        assert_eq!(root.path_at(text.find("c:").unwrap() as u32).to_string(), "list[0].b.c");
        assert_eq!(root.path_at(text.find("q\"").unwrap() as u32).to_string(), "q");
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place() {
        for (text, message, place) in [
            ("a: 1\nb:\n\tc: 2\n", "a tab is used", "\t"),
            ("a: b: c\n", "mapping values are not allowed", "b: c"),
            ("x:\n  a: 1\n  b: 2\n  a: 3\n", "duplicate field \"x.a\"", "a"),
            ("l:\n- {a: 1, a: 2}\n", "duplicate field \"l[0].a\"", "a"),
            ("? [a]\n: b\n", "a key must be text", "[a]"),
            ("a: .inf\n", ".inf has no place in JSON", ".inf"),
            ("a: &x [*x]\n", "cannot hold itself", "*x"),
            (
                "image: {{ .Values.image }}\n",
                "this is a template",
                "{{ .Values.image }}",
            ),
            (
                "{{- if .Values.x }}\na: b\n{{- end }}\n",
                "this is a template",
                "{{- if .Values.x }}",
            ),
            ("on: 1\n", "the key on is read as the boolean true", "on"),
            ("a: \u{1}\n", "control characters", "\u{1}"),
            ("a: !!int x\n", "cannot decode !!str `x` as a !!int", "!!int x"),
            ("<<: 5\n", "map merge requires", "5"),
        ] {
            let parsed = parse(text);
            let all = said(&parsed, text);
            assert!(
                all.iter()
                    .any(|(m, at)| m.starts_with(message) || m.contains(message) && at == place),
                "{text:?} {all:?}"
            );
            assert_eq!(all.len(), 1, "{text:?} {all:?}");
            assert_eq!(all[0].1, place, "{text:?}");
        }
    }

    #[test]
    fn aliases_and_merge_keys_are_followed_within_bounds() {
        let text = "base: &b {x: 1, l: [2]}\none:\n  <<: *b\n  x: 3\ntwo: *b\n";
        let parsed = parse(text);
        let root = &parsed.documents[0].root;
        let value = root.to_value();
        assert_eq!(value.at(&["one", "x"]), Some(&crate::manifest::Value::Int(3)));
        assert_eq!(value.at(&["one", "l", "0"]), Some(&crate::manifest::Value::Int(2)));
        assert_eq!(value.at(&["two", "x"]), Some(&crate::manifest::Value::Int(1)));
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for n in 1..9 {
            let inner = vec![format!("*a{}", n - 1); 9].join(",");
            bomb.push_str(&format!("a{n}: &a{n} [{inner}]\n"));
        }
        assert!(
            said(&parse(&bomb), &bomb)
                .iter()
                .any(|(m, _)| m.starts_with("aliases add more"))
        );
        let deep = "[".repeat(20_000);
        assert!(!parse(&deep).diagnostics.is_empty());
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert!(
            said(&parse(&deep), &deep)
                .iter()
                .any(|(m, _)| m.starts_with("nested deeper"))
        );
    }

    #[test]
    fn json_is_yaml() {
        let text = "{\n\t\"a\": [1, true, null, \"x\\n\"],\n\t\"b\": {\"c\": \"017\"}\n}\n";
        let parsed = parse(text);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let NodeKind::Map(entries) = &parsed.documents[0].root.kind else {
            panic!()
        };
        assert_eq!(entries.len(), 2);
    }

    #[test]
    fn documents_are_split_and_empty_ones_left_out() {
        for (text, count) in [
            ("", 0),
            ("---\n", 0),
            ("# only a comment\n---\n\n---\n", 0),
            ("a: 1", 1),
            ("---\na: 1\n---\nb: 1\n...\n---\nc: 1\n", 3),
            ("%YAML 1.2\n---\na: 1\n", 1),
            ("a: |\n  ---\n  x\n---\nb: 1", 2),
            ("--- {a: 1}\n--- # c\nb: 1\n", 2),
            ("a: 1\r\n---\r\nb: 2\r\n", 2),
            ("---a: 1\n", 1),
        ] {
            let parsed = parse(text);
            assert_eq!(parsed.documents.len(), count, "{text:?} {:?}", parsed.diagnostics);
            assert!(parsed.diagnostics.is_empty(), "{text:?} {:?}", parsed.diagnostics);
        }
    }
}
