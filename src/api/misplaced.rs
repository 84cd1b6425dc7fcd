//! Quick fixes of unknown fields: the name that was meant, a move to the object that has such a field, and for what is
//! known nowhere, and for what is there twice, taking it away.

use super::nearest::nearest;
use super::relocate::{Home, line_end, line_start, relocate};
use super::schema::{Field, Schema, Shape, Type};
use crate::manifest::{Diagnostic, Document, Entry, Fix, Node, NodeKind, Range, Trail};

/// An object that holds another: its type, itself and its path.
pub type Outer<'a> = (&'a Type, &'a Node, &'a Trail<'a>);

/// A place to move a field to, as a button names it.
type Move<'n> = (String, Home<'n>);

/// The object that holds an unknown field.
pub struct Holder<'a, 'n> {
    /// The text of the manifest.
    pub text: &'a str,
    /// All types.
    pub schema: &'static Schema,
    /// The object.
    pub node: &'n Node,
    /// Its type.
    pub ty: &'a Type,
    /// The objects around it, outermost first.
    pub around: &'a [Outer<'n>],
}

impl<'n> Holder<'_, 'n> {
    /// The fixes of an unknown field, the likeliest first.
    pub fn fixes(&self, entry: &Entry) -> Vec<Fix> {
        let (key, range) = (&*entry.key, entry.key_range);
        let free = |name: &&'static str| self.node.entry(name).is_none();
        let near = nearest(key, self.ty.fields.iter().map(|field| field.name).filter(free));
        let mut fixes: Vec<Fix> = near.map(|near| rename(self.text, range, near)).into_iter().collect();
        let extent = Range {
            start: range.start,
            end: entry.value.range.end.max(range.end),
        };
        for (place, home) in self.homes(key) {
            let title = format!("Move \"{key}\" under {place}");
            fixes.extend(relocate(self.text, extent, &home, title));
        }
        fixes.extend(remove(self.text, self.node, entry));
        fixes
    }

    /// Where else a field of this name is at home: in an object below, then in one of those around, then in one that is
    /// yet to be made.
    fn homes(&self, key: &str) -> Vec<Move<'n>> {
        let mut homes: Vec<Move<'n>> = Vec::new();
        let mut into = |place: String, there: &'n Node| {
            if there.get(key).is_none() {
                homes.push((place, Home::Into(there)));
            }
        };
        for (name, inner) in self.below(self.ty) {
            let Some(there) = self.only(self.node, name) else {
                continue;
            };
            if inner.field(key).is_some() {
                into(format!("\"{name}\""), there);
            }
            for (deeper, ty) in self.below(inner) {
                if let Some(there) = self.only(there, deeper).filter(|_| ty.field(key).is_some()) {
                    into(format!("\"{name}.{deeper}\""), there);
                }
            }
        }
        for (_, there, trail) in self.around.iter().rev().filter(|(ty, ..)| ty.field(key).is_some()) {
            let path = trail.to_string();
            let place = if path.is_empty() {
                "the top level".to_owned()
            } else {
                format!("\"{path}\"")
            };
            into(place, there);
        }
        let selector = self.ty.name == "LabelSelector";
        match self.node.get("matchLabels") {
            Some(there) if selector => into("\"matchLabels\"".to_owned(), there),
            None if selector => homes.push(("\"matchLabels\"".to_owned(), Home::Make("matchLabels"))),
            _ => {}
        }
        let absent = |(name, inner): &(&'static str, &Type)| {
            self.node.get(name).is_none() && inner.field(key).is_some() && !self.is_list(name)
        };
        let made = self.below(self.ty).into_iter().find(absent);
        homes.extend(made.map(|(name, _)| (format!("\"{name}\""), Home::Make(name))));
        homes
    }

    fn is_list(&self, name: &str) -> bool {
        self.ty
            .field(name)
            .is_some_and(|field| matches!(field.shape, Shape::List(_)))
    }

    /// The object below `node`: the field itself, or the only item of a list.
    fn only(&self, node: &'n Node, name: &str) -> Option<&'n Node> {
        let there = node.get(name)?;
        match there.items() {
            [] => Some(there),
            [one] => Some(one),
            _ => None,
        }
    }

    fn below(&self, ty: &Type) -> Vec<(&'static str, &'static Type)> {
        let inner = ty
            .fields
            .iter()
            .filter_map(|field| Some((field.name, self.object_field(field)?)));
        inner.collect()
    }

    /// The type of a field that holds an object or a list of them. Status is left out: looking there only finds chance
    /// namesakes.
    fn object_field(&self, field: &Field) -> Option<&'static Type> {
        let shape = match &field.shape {
            Shape::List(item) => item,
            other => other,
        };
        match shape {
            Shape::Object(name) if field.name != "status" => self.schema.get(name),
            _ => None,
        }
    }
}

/// The change of a key to the name that was meant; in quotes where it was.
pub fn rename(text: &str, range: Range, to: &str) -> Fix {
    let quoted = text
        .get(range.start as usize..)
        .is_some_and(|rest| rest.starts_with('"'));
    Fix {
        title: format!("Change to \"{to}\""),
        range,
        text: if quoted { format!("\"{to}\"") } else { to.to_owned() },
    }
}

/// The change that takes a field out of its object.
pub fn remove(text: &str, node: &Node, entry: &Entry) -> Option<Fix> {
    let (start, end) = (
        entry.key_range.start as usize,
        entry.value.range.end.max(entry.key_range.end) as usize,
    );
    let line = line_start(text, start);
    let own = || node.entries().iter().filter(|other| !other.merged);
    let next = own().find(|other| other.key_range.start > entry.key_range.start);
    let before = own().rfind(|other| other.key_range.start < entry.key_range.start);
    let flow = text.get(node.range.start as usize..)?.starts_with('{');
    let (from, to) = if text.get(line..start)?.trim().is_empty() && !flow {
        (line, line_end(text, end))
    } else if let Some(next) = next {
        (start, next.key_range.start as usize)
    } else if let Some(before) = before {
        (before.value.range.end.max(before.key_range.end) as usize, end)
    } else {
        (start, end)
    };
    Some(Fix {
        title: format!("Remove \"{}\"", entry.key),
        range: Range {
            start: u32::try_from(from).ok()?,
            end: u32::try_from(to).ok()?,
        },
        text: String::new(),
    })
}

/// Adds to what is said about doubled fields of a document how to make one of two.
pub fn mend_doubles(text: &str, document: &Document, all: &mut [Diagnostic]) {
    for said in all
        .iter_mut()
        .filter(|d| d.code == "duplicate-field" && d.fixes.is_empty())
    {
        if !document.range.holds(said.range.start) {
            continue;
        }
        let Some((node, second)) = find(&document.root, said.range) else {
            continue;
        };
        let first = node
            .entries()
            .iter()
            .rfind(|other| other.key == second.key && other.key_range.start < second.key_range.start && !other.merged);
        let Some(first) = first else { continue };
        said.fixes.extend(new_item(text, node, second));
        said.fixes.extend(join(text, first, second));
        let spare = if first.value.is_null() { first } else { second };
        said.fixes.extend(remove(text, node, spare));
    }
}

/// The entry with this key, and the mapping it stands in.
fn find(node: &Node, key: Range) -> Option<(&Node, &Entry)> {
    match &node.kind {
        NodeKind::Scalar(_) => None,
        NodeKind::Seq(items) => items
            .iter()
            .filter(|item| item.range.holds(key.start))
            .find_map(|n| find(n, key)),
        NodeKind::Map(entries) => {
            let own = || entries.iter().filter(|entry| !entry.merged);
            if let Some(entry) = own().find(|entry| entry.key_range == key) {
                return Some((node, entry));
            }
            own()
                .filter(|entry| entry.value.range.holds(key.start))
                .find_map(|entry| find(&entry.value, key))
        }
    }
}

/// Puts the dash before a key that begins another item of a list.
fn new_item(text: &str, node: &Node, second: &Entry) -> Option<Fix> {
    let at = second.key_range.start as usize;
    // Items begin with the same key.
    node.entries().first().filter(|entry| entry.key == second.key)?;
    let first = node.range.start as usize;
    let dashed = text.get(line_start(text, first)..first)?.trim_start().starts_with('-');
    let alone = text.get(line_start(text, at)..at)?;
    (dashed && alone.len() >= 2 && alone.trim().is_empty()).then(|| Fix {
        title: format!("Begin a new item with \"{}\"", second.key),
        range: Range {
            start: second.key_range.start.saturating_sub(2),
            end: second.key_range.start,
        },
        text: "- ".to_owned(),
    })
}

/// Puts the lines below the second of two equal keys behind those of the first, where both hold lists or both mappings
/// in block style.
fn join(text: &str, first: &Entry, second: &Entry) -> Option<Fix> {
    let both = matches!(
        (&first.value.kind, &second.value.kind),
        (NodeKind::Seq(_), NodeKind::Seq(_)) | (NodeKind::Map(_), NodeKind::Map(_))
    );
    let (end, key) = (first.value.range.end as usize, second.key_range.start as usize);
    let body_start = line_end(text, key);
    let body = text.get(body_start..second.value.range.end as usize)?;
    let lead = |at: usize| {
        let line = line_start(text, at);
        text.get(line..)
            .map(|rest| rest.len() - rest.trim_start_matches(' ').len())
    };
    let same = lead(first.value.range.start as usize) == lead(second.value.range.start as usize);
    let between = text.get(end..line_start(text, key))?;
    (both && same && between.starts_with('\n')).then(|| Fix {
        title: format!("Join both \"{}\"", second.key),
        range: Range {
            start: first.value.range.end,
            end: second.value.range.end,
        },
        text: format!("\n{body}{}", between.trim_end_matches('\n')),
    })
}
