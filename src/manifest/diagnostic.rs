//! What is said about a text, with its place. Wording is chosen where it is shown, ranges are kept as offsets.

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The object is refused.
    Error,
    /// Something is not supported, or is probably not meant.
    Warning,
    /// An assumption the simulation makes.
    Info,
}

/// A place in the text: byte offsets, end excluded. The edge turns them into lines and UTF-16 columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// First byte.
    pub start: u32,
    /// First byte after.
    pub end: u32,
}

/// A mend that can be applied to the text as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a button says it: `Change to "periodSeconds"`.
    pub title: String,
    /// The place that is replaced.
    pub range: Range,
    /// What comes there.
    pub text: String,
}

/// One thing that is said about the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave.
    pub severity: Severity,
    /// The kind of it, stable, in kebab case: `unknown-field`.
    pub code: &'static str,
    /// One short phrase that can stand alone.
    pub message: String,
    /// The place.
    pub range: Range,
    /// The field's path in its document (`spec.containers[0].image`); empty for the document or the text as a whole.
    pub path: String,
    /// Mends, best first.
    pub fixes: Vec<Fix>,
}
