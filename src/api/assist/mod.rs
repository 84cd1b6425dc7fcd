//! Help while typing: what may stand at a place, what a field means, and manifests to start from.

mod complete;
mod default;
mod hover;
mod place;
mod templates;
#[cfg(test)]
mod tests;

pub use complete::{Completion, complete};
pub use hover::{Hover, hover};
pub use templates::{TEMPLATES, Template};

use super::schema::{Shape, schema};

/// The words that a field may hold.
fn words(shape: &Shape) -> Vec<&'static str> {
    match shape {
        Shape::Word(name) => schema().words(name).to_vec(),
        Shape::List(item) => words(item),
        Shape::Bool => vec!["true", "false"],
        Shape::WordOr(word, _) if *word != "*" => vec![word],
        _ => Vec::new(),
    }
}
