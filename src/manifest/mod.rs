//! Text to documents, nodes with ranges, and diagnostics. Knows nothing of Kubernetes.

mod diagnostic;
mod value;

pub use diagnostic::{Diagnostic, Fix, Range, Severity};
pub use value::Value;
