//! Completion: fields of the object at the cursor, words of a field, kinds, and whole documents where nothing stands yet.

use super::place::{field_at, node_at, place, type_at};
use super::templates::TEMPLATES;
use super::words;
use crate::api::load::Loaded;
use crate::api::schema::{Field, Shape, schema};
use crate::manifest::{Node, Range, Step};
use crate::sort;

/// One thing that may be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The field, the word, or the title of a template.
    pub label: String,
    /// What the field holds: `a list`, `a whole number`.
    pub detail: String,
    /// Whether the field must be there.
    pub required: bool,
    /// What is replaced.
    pub range: Range,
    /// By what.
    pub text: String,
}

/// The line up to the cursor.
struct Cursor<'t> {
    /// The text before the cursor.
    head: &'t str,
    /// Where its line begins.
    line_start: usize,
    /// Letters and digits just before the cursor.
    word: &'t str,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str, offset: u32) -> Option<Cursor<'t>> {
        let head = text.get(..(offset as usize).min(text.len()))?;
        let line_start = head.rfind('\n').map_or(0, |n| n + 1);
        let letters = head.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
        let word = head.get(head.len() - letters..)?;
        Some(Cursor { head, line_start, word })
    }

    fn line(&self) -> &'t str {
        self.head.get(self.line_start..).unwrap_or("")
    }

    /// The end of the text before the cursor that is `typed` long.
    fn range(&self, typed: &str) -> Range {
        Range {
            start: (self.head.len() - typed.len()) as u32,
            end: self.head.len() as u32,
        }
    }

    /// Key and begun value, on a line that has a key before the cursor.
    fn value(&self) -> Option<(&'t str, &'t str)> {
        let line = self.line().trim_start_matches(['-', ' ']);
        let (key, value) = line.split_once(':')?;
        let begun = value.trim_start();
        let whole = begun.len() < value.len() || value.is_empty();
        (whole && !key.contains(['"', '\'', '{', ' '])).then_some((key, begun))
    }
}

/// What may be written at a byte offset: the fields of the object there that are not set yet, or the words of the field
/// whose value stands there. `text` is the text that was loaded.
pub fn complete(loaded: &Loaded, text: &str, offset: u32) -> Vec<Completion> {
    let Some(cursor) = Cursor::new(text, offset) else {
        return Vec::new();
    };
    if is_alone(text, &cursor) {
        return templates(&cursor);
    }
    match cursor.value() {
        Some((key, begun)) => values(loaded, &cursor, key, begun),
        None => fields(loaded, &cursor, offset),
    }
}

/// Whether the document of the cursor holds nothing but the word before it.
fn is_alone(text: &str, cursor: &Cursor) -> bool {
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let parts = |line: &str| line.starts_with("---");
    let before = cursor.head.get(..cursor.line_start).unwrap_or("");
    let after = text.get(cursor.head.len()..).unwrap_or("");
    cursor.line() == cursor.word
        && before.lines().rev().take_while(|line| !parts(line)).all(blank)
        && after.lines().take_while(|line| !parts(line)).all(blank)
}

fn templates(cursor: &Cursor) -> Vec<Completion> {
    let wanted = cursor.word.to_ascii_lowercase();
    let all = TEMPLATES.iter();
    all.filter(|template| template.title.to_ascii_lowercase().starts_with(&wanted))
        .map(|template| Completion {
            label: template.title.to_owned(),
            detail: "a manifest".to_owned(),
            required: false,
            range: cursor.range(cursor.word),
            text: template.text.to_owned(),
        })
        .collect()
}

/// The words of the field `key`, of which `begun` stands there already.
fn values(loaded: &Loaded, cursor: &Cursor, key: &str, begun: &str) -> Vec<Completion> {
    let start = cursor.head.len() - begun.len();
    let Some((document, mut steps)) = place(loaded, cursor.head, cursor.line_start, start) else {
        return Vec::new();
    };
    let Some(root) = loaded.documents.get(document).map(|d| &d.root) else {
        return Vec::new();
    };
    steps.push(Step::Key(key.trim().to_owned()));
    let all = match steps.as_slice() {
        [Step::Key(key)] if key == "kind" || key == "apiVersion" => kinds(root, key),
        steps => match field_at(root, steps) {
            Some(field) if !matches!(field.shape, Shape::List(_)) => words(&field.shape),
            _ => Vec::new(),
        },
    };
    offered(cursor, all, begun)
}

fn offered(cursor: &Cursor, words: Vec<&'static str>, begun: &str) -> Vec<Completion> {
    // A value right after its colon would not be one.
    let space = if cursor.line().ends_with(':') { " " } else { "" };
    words
        .into_iter()
        .filter(|label| label.starts_with(begun))
        .map(|label| Completion {
            label: label.to_owned(),
            detail: "value".to_owned(),
            required: false,
            range: cursor.range(begun),
            text: format!("{space}{label}"),
        })
        .collect()
}

/// Kinds of the version that is given, or versions of the kind that is.
fn kinds(root: &Node, key: &str) -> Vec<&'static str> {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or("");
    let (version, kind) = (text("apiVersion"), text("kind"));
    let known = schema()
        .kinds()
        .filter(|(v, k)| schema().kind(v, k).flatten().is_some());
    let mut all: Vec<&'static str> = match key {
        "kind" => known
            .filter(|(v, _)| version.is_empty() || *v == version)
            .map(|(_, k)| k)
            .collect(),
        _ => known
            .filter(|(_, k)| schema().kinds().all(|(_, other)| other != kind) || *k == kind)
            .map(|(v, _)| v)
            .collect(),
    };
    sort::sort_by(&mut all, |a, b| a.cmp(b));
    all.dedup();
    all
}

/// The fields of the object at the cursor, or the words that an item of a list may be.
fn fields(loaded: &Loaded, cursor: &Cursor, offset: u32) -> Vec<Completion> {
    let start = cursor.head.len() - cursor.word.len();
    let Some((document, steps)) = place(loaded, cursor.head, cursor.line_start, start) else {
        return Vec::new();
    };
    let Some(root) = loaded.documents.get(document).map(|d| &d.root) else {
        return Vec::new();
    };
    if let [outer @ .., Step::Index(_)] = steps.as_slice()
        && let Some(list) = field_at(root, outer)
        && !words(&list.shape).is_empty()
    {
        return offered(cursor, words(&list.shape), cursor.word);
    }
    let Some(ty) = type_at(root, &steps) else {
        return if steps.is_empty() {
            heads(root, cursor)
        } else {
            Vec::new()
        };
    };
    let there = node_at(root, &steps);
    let wanted = cursor.word.to_ascii_lowercase();
    let free = |field: &&Field| {
        let set = there
            .and_then(|node| node.entry(field.name))
            .is_some_and(|e| !e.key_range.holds(offset));
        !set && field.name.to_ascii_lowercase().starts_with(&wanted)
    };
    let mut all: Vec<&Field> = ty.fields.iter().filter(free).collect();
    sort::sort_by_key(&mut all, |field| (!field.required, field.name == "status", field.name));
    all.into_iter()
        .map(|field| Completion {
            label: field.name.to_owned(),
            detail: field.shape.plain(),
            required: field.required,
            range: cursor.range(cursor.word),
            text: match &field.shape {
                Shape::Object(_) | Shape::Map(_) | Shape::List(_) => format!("{}:", field.name),
                _ => format!("{}: ", field.name),
            },
        })
        .collect()
}

/// What every document begins with.
fn heads(root: &Node, cursor: &Cursor) -> Vec<Completion> {
    let all = [
        ("apiVersion", "text"),
        ("kind", "text"),
        ("metadata", "an object"),
        ("spec", "an object"),
    ];
    all.into_iter()
        .filter(|(name, _)| root.get(name).is_none() && name.starts_with(cursor.word))
        .map(|(name, holds)| Completion {
            label: name.to_owned(),
            detail: holds.to_owned(),
            required: matches!(name, "apiVersion" | "kind"),
            range: cursor.range(cursor.word),
            text: if holds == "text" {
                format!("{name}: ")
            } else {
                format!("{name}:")
            },
        })
        .collect()
}
