//! From parser events to trees: anchors, merge keys, duplicate keys, and the bounds that keep all this finite.

use std::collections::BTreeMap;

use saphyr_parser::{Event, ScalarStyle, Span, Tag};

use super::diagnostic::{Diagnostic, Range, Severity};
use super::lenient::FILLER;
use super::path::{FieldPath, Step};
use super::scalar::{Resolved, key_text, resolve_plain};
use super::tree::{Entry, Node, NodeKind, Scalar};
use crate::map::Map;

/// Lists and mappings may lie this deep in each other.
pub const MAX_DEPTH: usize = 128;
/// Nodes that aliases and merge keys may add to a text.
pub const ALIAS_BUDGET: usize = 200_000;

/// Findings about one piece of text are kept up to this number.
const MAX_SAID: usize = 2_000;

/// Builds the trees of one piece of text.
pub struct Builder<'t> {
    text: &'t str,
    /// Byte offset of each character, when they differ from the character's number.
    bytes: Option<Vec<u32>>,
    /// Where the piece begins in the whole text.
    base: u32,
    /// Open lists and mappings.
    frames: Vec<Frame>,
    /// The items of all open lists, one list behind the other: a finished one is taken off the end in one piece, so
    /// that none grows step by step.
    items: Vec<Node>,
    /// The entries of all open mappings, likewise.
    entries: Vec<Entry>,
    /// Finished anchored nodes with the number of nodes in them and their height.
    anchors: Map<usize, (Node, usize, usize)>,
    /// Nodes that aliases may still add.
    pub alias_budget: usize,
    /// The finished root.
    pub root: Option<Node>,
    /// What was found wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether a key begins with a blank that looks like a space.
    pub blank_key: bool,
    /// Open collections that are skipped because they lie too deep.
    skipping: usize,
}

struct Frame {
    anchor: usize,
    start: Range,
    content: Content,
}

enum Content {
    /// A list, whose items begin here.
    Seq(usize),
    Map {
        /// Where its entries begin.
        from: usize,
        key: Option<Key>,
        merges: Vec<Node>,
        /// Where each key stands among the entries, once there are too many to search one by one.
        seen: BTreeMap<Box<str>, usize>,
    },
}

/// A key that waits for its value.
struct Key {
    /// `None` for a key that is no text.
    text: Option<Box<str>>,
    range: Range,
    /// Whether it is the merge key.
    merges: bool,
}

impl<'t> Builder<'t> {
    /// A builder for `text`, which begins at byte `base` of the whole.
    pub fn new(text: &'t str, base: u32, alias_budget: usize) -> Self {
        let bytes = (!text.is_ascii()).then(|| {
            let ends = std::iter::once(text.len());
            text.char_indices().map(|(at, _)| at).chain(ends).map(to_u32).collect()
        });
        Builder {
            text,
            bytes,
            base,
            frames: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            anchors: Map::new(),
            alias_budget,
            root: None,
            diagnostics: Vec::new(),
            blank_key: false,
            skipping: 0,
        }
    }

    /// The byte offset in the piece of the `index`th character.
    pub fn byte(&self, index: usize) -> u32 {
        let end = to_u32(self.text.len());
        match &self.bytes {
            Some(bytes) => bytes.get(index).copied().unwrap_or(end),
            None => to_u32(index).min(end),
        }
    }

    /// The range in the whole text of a span of the parser, without the white space at its end.
    fn range(&self, span: Span) -> Range {
        let start = self.byte(span.start.index());
        let end = self.byte(span.end.index()).max(start);
        let body = self.text.get(start as usize..end as usize).unwrap_or("");
        let end = start + to_u32(body.trim_end().len());
        self.place(start, end)
    }

    /// A range of the whole text from offsets in the piece.
    pub fn place(&self, start: u32, end: u32) -> Range {
        Range {
            start: self.base.saturating_add(start),
            end: self.base.saturating_add(end),
        }
    }

    /// Takes one event.
    pub fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if self.skipping == 0 {
                    self.scalar(&text, style, anchor, tag.as_deref(), span);
                }
            }
            Event::SequenceStart(anchor, _) => self.open(anchor, span, Content::Seq(self.items.len())),
            Event::MappingStart(anchor, _) => {
                let content = Content::Map {
                    from: self.entries.len(),
                    key: None,
                    merges: Vec::new(),
                    seen: BTreeMap::new(),
                };
                self.open(anchor, span, content);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => {
                if self.skipping == 0 {
                    self.alias(anchor, span);
                }
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
    }

    /// Closes what is open after the parser gave up, so that the part that was read can be looked at.
    pub fn abandon(&mut self, index: usize) {
        self.skipping = 0;
        let mark = self.base.saturating_add(self.byte(index));
        while !self.frames.is_empty() {
            self.finish(Range { start: mark, end: mark });
        }
    }

    /// Gives the finished document away and forgets its anchors.
    pub fn take(&mut self) -> Option<Node> {
        self.anchors.clear();
        self.root.take()
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, span: Span) {
        let unfilled: String;
        let text = if text.contains(FILLER) && !self.text.contains(FILLER) {
            unfilled = text.replace(FILLER, "");
            &unfilled
        } else {
            text
        };
        let range = self.range(span);
        let plain = style == ScalarStyle::Plain;
        let resolved = match tag {
            None if plain => resolve_plain(text),
            None => Resolved::Str,
            Some(tag) if tag.is_yaml_core_schema() => match (tag.suffix.as_str(), resolve_plain(text)) {
                ("null", Resolved::Null) => Resolved::Null,
                ("bool", Resolved::Bool(b)) => Resolved::Bool(b),
                ("int", Resolved::Int(n)) => Resolved::Int(n),
                ("float", Resolved::Float(x)) => Resolved::Float(x),
                ("float", Resolved::Int(n)) => Resolved::Int(n),
                ("null" | "bool" | "int" | "float", _) => {
                    self.say(
                        "yaml-tag",
                        range,
                        format!("cannot decode !!str `{text}` as a !!{}", tag.suffix),
                    );
                    Resolved::Str
                }
                _ => Resolved::Str,
            },
            Some(_) => Resolved::Str,
        };
        if let Resolved::Float(x) = resolved
            && !x.is_finite()
        {
            self.say(
                "yaml-number",
                range,
                format!("{text} has no place in JSON, and so none in a Kubernetes object"),
            );
        }
        let scalar = Scalar {
            text: text.into(),
            plain,
            resolved,
        };
        let node = Node {
            range,
            kind: NodeKind::Scalar(scalar),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), 1, 0));
        }
        self.add(node);
    }

    fn open(&mut self, anchor: usize, span: Span, content: Content) {
        if self.skipping > 0 {
            self.skipping += 1;
        } else if self.frames.len() >= MAX_DEPTH {
            let message = format!("nested deeper than {MAX_DEPTH} levels");
            let range = self.range(span);
            self.say("yaml-depth", range, message);
            self.skipping = 1;
        } else {
            let start = self.range(span);
            self.frames.push(Frame { anchor, start, content });
        }
    }

    fn close(&mut self, span: Span) {
        if self.skipping > 0 {
            self.skipping -= 1;
            if self.skipping == 0 {
                let range = self.range(span);
                self.add(null_at(range.start));
            }
        } else {
            let range = self.range(span);
            self.finish(range);
        }
    }

    fn finish(&mut self, end: Range) {
        let Some(frame) = self.frames.pop() else { return };
        let flow = end.end > end.start;
        let (kind, first, last) = match frame.content {
            Content::Seq(from) => {
                let items: Vec<Node> = self.items.drain(from..).collect();
                let first = items.first().map(|item| item.range.start);
                let last = items.last().map(|item| item.range.end);
                (NodeKind::Seq(items), first, last)
            }
            Content::Map { from, key, merges, .. } => {
                let mut entries: Vec<Entry> = self.entries.drain(from..).collect();
                if let Some(Key {
                    text: Some(key), range, ..
                }) = key
                {
                    entries.push(entry(key, range, null_at(range.end)));
                }
                self.merge(&mut entries, merges);
                let own = || entries.iter().filter(|entry| !entry.merged);
                let first = own().next().map(|entry| entry.key_range.start);
                let last = own()
                    .next_back()
                    .map(|entry| entry.value.range.end.max(entry.key_range.end));
                (NodeKind::Map(entries), first, last)
            }
        };
        let range = if flow {
            Range {
                start: frame.start.start,
                end: end.end,
            }
        } else {
            let start = first.unwrap_or(frame.start.start);
            Range {
                start,
                end: last.unwrap_or(start).max(start),
            }
        };
        let node = Node { range, kind };
        if frame.anchor > 0 {
            let (size, height) = measure(&node);
            self.anchors.insert(frame.anchor, (node.clone(), size, height));
        }
        self.add(node);
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        let range = self.range(span);
        let node = match self.anchors.get(&anchor) {
            None => {
                self.say("yaml-alias", range, "an anchor's value cannot hold itself".to_owned());
                null_at(range.start)
            }
            Some((node, size, height)) => {
                if self.frames.len() + height > MAX_DEPTH {
                    let message = format!("nested deeper than {MAX_DEPTH} levels");
                    self.say("yaml-depth", range, message);
                    null_at(range.start)
                } else if *size > self.alias_budget {
                    let message = format!("aliases add more than {ALIAS_BUDGET} values; this is read no further");
                    self.alias_budget = 0;
                    self.say("yaml-alias", range, message);
                    null_at(range.start)
                } else {
                    self.alias_budget -= size;
                    Node { range, ..node.clone() }
                }
            }
        };
        self.add(node);
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node) {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return;
        };
        let (from, key, merges, seen) = match &mut frame.content {
            Content::Seq(_) => {
                self.items.push(node);
                return;
            }
            Content::Map {
                from,
                key,
                merges,
                seen,
            } => (*from, key, merges, seen),
        };
        let Some(waiting) = key.take() else {
            let (waiting, odd) = read_key(node);
            if let Some((severity, message)) = odd {
                self.diagnostics
                    .push(diagnostic("yaml-key", waiting.range, severity, message));
            }
            *key = Some(waiting);
            return;
        };
        if waiting.merges {
            merges.push(node);
            return;
        }
        let Some(name) = waiting.text else { return };
        self.blank_key |= !name.is_ascii() && name.starts_with(char::is_whitespace);
        let mut value = node;
        if value.range.start == value.range.end {
            value.range = after_colon(self.text, self.base, waiting.range.end);
        }
        const SEARCH: usize = 12;
        let entries = self.entries.get_mut(from..).unwrap_or_default();
        let here = entries.len();
        if here == SEARCH {
            seen.extend(entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)));
        }
        let before = if here < SEARCH {
            entries.iter().rposition(|entry| entry.key == name)
        } else {
            seen.insert(name.clone(), here)
        };
        let double = before.is_some();
        if let Some(old) = before.and_then(|at| entries.get_mut(at)) {
            old.shadowed = true;
        }
        let said = (double && self.diagnostics.len() < MAX_SAID).then(|| name.clone());
        self.entries.push(entry(name, waiting.range, value));
        if let Some(name) = said {
            self.duplicate(&name, waiting.range);
        }
    }

    /// Says that a key is there twice, at the second one.
    fn duplicate(&mut self, key: &str, range: Range) {
        let mut steps = Vec::new();
        let mut ends = self.frames.iter().filter_map(|frame| match frame.content {
            Content::Seq(from) => Some(from),
            Content::Map { .. } => None,
        });
        ends.next();
        for frame in &self.frames {
            match &frame.content {
                Content::Seq(from) => steps.push(Step::Index(ends.next().unwrap_or(self.items.len()) - from)),
                Content::Map { key: Some(key), .. } => {
                    steps.push(Step::Key(key.text.as_deref().unwrap_or("").to_owned()));
                }
                Content::Map { .. } => {}
            }
        }
        steps.push(Step::Key(key.to_owned()));
        let path = FieldPath(steps);
        let mut said = diagnostic("duplicate-field", range, Severity::Warning, String::new());
        said.message = format!("duplicate field \"{}\"", path.dotted());
        said.path = path.to_string();
        self.diagnostics.push(said);
    }

    /// Adds what merge keys bring: entries whose keys are not there, earlier sources first.
    fn merge(&mut self, entries: &mut Vec<Entry>, merges: Vec<Node>) {
        for source in merges {
            let sources: Vec<Node> = match source.kind {
                NodeKind::Seq(items) => items,
                _ => vec![source],
            };
            for source in sources {
                let NodeKind::Map(brought) = source.kind else {
                    let message = "map merge requires map or sequence of maps as the value".to_owned();
                    self.say("yaml-merge", source.range, message);
                    continue;
                };
                let mut there: BTreeMap<Box<str>, usize> = entries
                    .iter()
                    .enumerate()
                    .map(|(at, entry)| (entry.key.clone(), at))
                    .collect();
                for mut entry in brought.into_iter().filter(|entry| !entry.shadowed) {
                    if there.insert(entry.key.clone(), entries.len()).is_none() {
                        entry.merged = true;
                        entries.push(entry);
                    }
                }
            }
        }
    }

    fn say(&mut self, code: &'static str, range: Range, message: String) {
        if self.diagnostics.len() < MAX_SAID {
            self.diagnostics.push(diagnostic(code, range, Severity::Error, message));
        }
    }
}

/// A diagnostic about the text rather than a field.
pub fn diagnostic(code: &'static str, range: Range, severity: Severity, message: String) -> Diagnostic {
    Diagnostic {
        severity,
        code,
        message,
        range,
        path: String::new(),
        fixes: Vec::new(),
    }
}

fn entry(key: Box<str>, key_range: Range, value: Node) -> Entry {
    Entry {
        key,
        key_range,
        value,
        merged: false,
        shadowed: false,
    }
}

/// The key a node is, and what is odd about it.
fn read_key(node: Node) -> (Key, Option<(Severity, String)>) {
    let error = |message: &str| Some((Severity::Error, message.to_owned()));
    let (text, merges, odd) = match node.kind {
        NodeKind::Scalar(s) => {
            let odd = match s.resolved {
                Resolved::Null => error("a key must not be null"),
                Resolved::Bool(_) if s.text.len() < 4 => Some((Severity::Warning, bool_key(&s.text, s.resolved))),
                _ => None,
            };
            let merges = s.plain && &*s.text == "<<";
            (key_text(s.resolved, s.text), merges, odd)
        }
        _ => (None, false, error("a key must be text, not a list or a mapping")),
    };
    let range = node.range;
    (Key { text, range, merges }, odd)
}

fn bool_key(text: &str, resolved: Resolved) -> String {
    let value = resolved == Resolved::Bool(true);
    format!("the key {text} is read as the boolean {value}; put it in quotes if the text is meant")
}

fn null_at(at: u32) -> Node {
    Node {
        range: Range { start: at, end: at },
        kind: NodeKind::Scalar(Scalar {
            text: "".into(),
            plain: true,
            resolved: Resolved::Null,
        }),
    }
}

/// The empty place of a missing value: after the colon of its key, on the same line.
fn after_colon(text: &str, base: u32, key_end: u32) -> Range {
    let from = key_end.saturating_sub(base) as usize;
    let rest = text.get(from..).unwrap_or("");
    let line = rest.split('\n').next().unwrap_or("");
    let at = key_end.saturating_add(line.find(':').map_or(0, |colon| to_u32(colon + 1)));
    Range { start: at, end: at }
}

/// Nodes in a tree, and how deep it is. Recursion is bounded by [`MAX_DEPTH`].
fn measure(node: &Node) -> (usize, usize) {
    let children: Vec<(usize, usize)> = match &node.kind {
        NodeKind::Scalar(_) => return (1, 0),
        NodeKind::Seq(items) => items.iter().map(measure).collect(),
        NodeKind::Map(entries) => entries.iter().map(|entry| measure(&entry.value)).collect(),
    };
    let size = children.iter().map(|(size, _)| size).sum::<usize>() + 1;
    let height = children.iter().map(|(_, height)| height).max().copied().unwrap_or(0) + 1;
    (size, height)
}

pub(super) fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
