//! What a field means: what it holds, its default, its documentation.

use super::default::default_of;
use super::place::type_at;
use super::words;
use crate::api::load::Loaded;
use crate::manifest::{FieldPath, Range, Step};

/// What is known of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Its path in its document.
    pub path: String,
    /// What it holds.
    pub holds: String,
    /// What it is when it is left out; empty when that depends or is nothing.
    pub default: &'static str,
    /// The words it may be.
    pub words: Vec<&'static str>,
    /// The first sentence of its documentation.
    pub description: String,
    /// The key and value.
    pub range: Range,
}

/// What is known of the field at a byte offset. `descriptions` is the text of `schema/descriptions.txt`; it may be
/// empty.
pub fn hover(loaded: &Loaded, offset: u32, descriptions: &str) -> Option<Hover> {
    let (document, path) = loaded.path_at(offset)?;
    let root = &loaded.documents.get(document)?.root;
    let steps = FieldPath::parse(&path).0;
    let steps = match steps.last() {
        Some(Step::Index(_)) => steps.get(..steps.len() - 1)?,
        _ => &steps,
    };
    let (Step::Key(name), outer) = steps.split_last()? else {
        return None;
    };
    let ty = type_at(root, outer)?;
    let field = ty.field(name)?;
    let key = format!("{}.{name}\t", ty.name);
    let description = descriptions
        .lines()
        .find_map(|line| line.strip_prefix(&key))
        .unwrap_or("");
    Some(Hover {
        range: root.extent(&path)?,
        path,
        holds: field.shape.plain(),
        default: default_of(ty.name, field.name),
        words: words(&field.shape),
        description: description.to_owned(),
    })
}
