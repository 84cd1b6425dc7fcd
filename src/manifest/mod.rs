//! Text to documents, nodes with ranges, and diagnostics. Knows nothing of Kubernetes.

mod build;
mod de;
mod diagnostic;
mod go_yaml;
mod input;
mod lenient;
mod lines;
mod mistake;
mod parse;
mod path;
mod scalar;
mod tree;
mod value;

pub use build::{ALIAS_BUDGET, MAX_DEPTH};
pub use de::{DecodeError, Fields, Fill, fill_fields, one_of, wrong};
pub use diagnostic::{Diagnostic, Fix, Range, Severity};
pub use go_yaml::read_document;
pub use lines::{LineColumn, LineIndex};
pub use parse::{Document, MAX_TEXT, Parsed, parse, piece_at};
pub use path::{FieldPath, Step, Trail};
pub use scalar::Resolved;
pub use tree::{Entry, Node, NodeKind, Scalar};
pub use value::Value;
