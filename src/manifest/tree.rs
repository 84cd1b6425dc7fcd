//! The tree of a document: every key and value with its place.

use super::diagnostic::Range;
use super::path::{FieldPath, Step};
use super::scalar::Resolved;
use super::value::Value;

/// A value of a document.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands. For block lists and mappings from the first key or item to the end of the last.
    pub range: Range,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// A scalar.
    Scalar(Scalar),
    /// A list.
    Seq(Vec<Node>),
    /// A mapping, in the order of the text.
    Map(Vec<Entry>),
}

/// A scalar: its text and what it means.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The text, unquoted and unfolded.
    pub text: Box<str>,
    /// Whether it was written without quotes, so that its looks decide its type.
    pub plain: bool,
    /// What it means.
    pub resolved: Resolved,
}

/// One member of a mapping.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key as JSON has it.
    pub key: Box<str>,
    /// Where the key stands.
    pub key_range: Range,
    /// The value.
    pub value: Node,
    /// Whether it came here through a merge key (`<<`).
    pub merged: bool,
    /// Whether a later entry with the same key replaces it.
    pub shadowed: bool,
}

impl Node {
    /// The member `key` of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a mapping with this key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()
            .iter()
            .find(|entry| &*entry.key == key && !entry.shadowed)
    }

    /// The entries of a mapping; none for everything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            NodeKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for everything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::Seq(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar that means text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar(s) if s.resolved == Resolved::Str => Some(&s.text),
            _ => None,
        }
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar(s) if s.resolved == Resolved::Null)
    }

    /// The same as plain data. Later entries of the same key win; their place is that of the first.
    pub fn to_value(&self) -> Value {
        match &self.kind {
            NodeKind::Scalar(s) => match s.resolved {
                Resolved::Null => Value::Null,
                Resolved::Bool(b) => Value::Bool(b),
                Resolved::Int(n) => Value::Int(n),
                Resolved::Float(x) => Value::Float(x),
                Resolved::Str => Value::Str(s.text.to_string()),
            },
            NodeKind::Seq(items) => Value::Seq(items.iter().map(Node::to_value).collect()),
            NodeKind::Map(entries) => {
                let live = entries.iter().filter(|entry| !entry.shadowed);
                Value::Map(
                    live.map(|entry| (entry.key.to_string(), entry.value.to_value()))
                        .collect(),
                )
            }
        }
    }

    /// The place to underline for a path: the scalar itself, the key of a list or mapping, and for what is missing the
    /// nearest thing above that is there.
    pub fn locate(&self, path: &str) -> Range {
        let mut at = self;
        let mut best = head(self);
        let steps = FieldPath::parse(path).0;
        let mut rest = steps.as_slice();
        while let Some((step, tail)) = rest.split_first() {
            match (step, &at.kind) {
                (Step::Index(index), NodeKind::Seq(items)) => match items.get(*index) {
                    Some(item) => (best, at, rest) = (head(item), item, tail),
                    None => break,
                },
                (_, NodeKind::Map(_)) => match find_entry(at, rest) {
                    Some((entry, tail)) => {
                        best = match &entry.value.kind {
                            NodeKind::Scalar(_) if entry.value.range.start < entry.value.range.end => entry.value.range,
                            _ => entry.key_range,
                        };
                        (at, rest) = (&entry.value, tail);
                    }
                    None => break,
                },
                _ => break,
            }
        }
        best
    }

    /// The node at a path, when it is there.
    pub fn at(&self, path: &str) -> Option<&Node> {
        self.whole(path).map(|(node, _)| node)
    }

    /// The whole of what stands at a path: key and value, or the item of a list. `None` when it is not there.
    pub fn extent(&self, path: &str) -> Option<Range> {
        self.whole(path).map(|(_, range)| range)
    }

    fn whole(&self, path: &str) -> Option<(&Node, Range)> {
        let steps = FieldPath::parse(path).0;
        let mut rest = steps.as_slice();
        let mut found = (self, self.range);
        while let Some((step, tail)) = rest.split_first() {
            found = match (step, &found.0.kind) {
                (Step::Index(index), NodeKind::Seq(items)) => {
                    let item = items.get(*index)?;
                    rest = tail;
                    (item, item.range)
                }
                _ => {
                    let (entry, tail) = find_entry(found.0, rest)?;
                    rest = tail;
                    let range = Range {
                        start: entry.key_range.start,
                        end: entry.value.range.end.max(entry.key_range.end),
                    };
                    (&entry.value, range)
                }
            };
        }
        Some(found)
    }

    /// The path of the innermost key or value that holds the byte `offset`. Keys count for their value.
    pub fn path_at(&self, offset: u32) -> FieldPath {
        let mut steps = Vec::new();
        let mut at = self;
        'down: loop {
            match &at.kind {
                NodeKind::Scalar(_) => break,
                NodeKind::Seq(items) => {
                    for (index, item) in items.iter().enumerate() {
                        if item.range.holds(offset) {
                            steps.push(Step::Index(index));
                            at = item;
                            continue 'down;
                        }
                    }
                    break;
                }
                NodeKind::Map(entries) => {
                    for entry in entries.iter().filter(|e| !e.merged && !e.shadowed) {
                        if entry.key_range.start <= offset && offset <= entry.value.range.end.max(entry.key_range.end) {
                            steps.push(Step::Key(entry.key.to_string()));
                            at = &entry.value;
                            if offset <= entry.key_range.end {
                                break 'down;
                            }
                            continue 'down;
                        }
                    }
                    break;
                }
            }
        }
        FieldPath(steps)
    }
}

impl Range {
    /// Whether the offset lies in the range or at its end.
    pub fn holds(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }
}

/// The entry that the first step (or, for keys that hold dots, the first few steps joined by dots) names.
fn find_entry<'n, 's>(node: &'n Node, steps: &'s [Step]) -> Option<(&'n Entry, &'s [Step])> {
    let mut joined = String::new();
    for (n, step) in steps.iter().enumerate().take(8) {
        if n > 0 {
            joined.push('.');
        }
        match step {
            Step::Key(key) => joined.push_str(key),
            Step::Index(index) => joined.push_str(&index.to_string()),
        }
        if let Some(entry) = node.entry(&joined) {
            return Some((entry, steps.get(n + 1..).unwrap_or(&[])));
        }
    }
    None
}

/// What of a node is underlined when the node as a whole is meant: a scalar whole, else its first key or item.
fn head(node: &Node) -> Range {
    match &node.kind {
        NodeKind::Scalar(_) => node.range,
        NodeKind::Seq(items) => items.first().map_or(node.range, head),
        NodeKind::Map(entries) => entries.iter().find(|e| !e.merged).map_or(node.range, |e| e.key_range),
    }
}
