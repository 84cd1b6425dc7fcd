//! Places for people: which file, line and column a byte of the joined text lies in.

use crate::manifest::{Diagnostic, Fix, Range, Severity};

/// The texts given on a command line, and the one text they make together.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    text: String,
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    name: String,
    /// First byte in the joined text.
    start: usize,
    /// Offsets, in the joined text, of the first byte of each line.
    lines: Vec<usize>,
}

impl Sources {
    /// Joins the files as documents of one text. A byte order mark at the beginning of a file is left out.
    pub fn new(files: Vec<(String, String)>) -> Sources {
        let mut sources = Sources::default();
        for (name, text) in files {
            if !sources.files.is_empty() {
                if !sources.text.ends_with('\n') {
                    sources.text.push('\n');
                }
                sources.text.push_str("---\n");
            }
            let start = sources.text.len();
            sources.text.push_str(text.strip_prefix('\u{feff}').unwrap_or(&text));
            let added = sources.text.get(start..).unwrap_or_default();
            let breaks = added.match_indices('\n').map(|(at, _)| start + at + 1);
            let lines = std::iter::once(start).chain(breaks).collect();
            sources.files.push(File { name, start, lines });
        }
        sources
    }

    /// The joined text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The file, line and column of a byte; line and column count from 1, columns in UTF-16 units.
    pub fn place(&self, offset: usize) -> (&str, usize, usize) {
        let at = self
            .files
            .partition_point(|file| file.start <= offset)
            .saturating_sub(1);
        let Some(file) = self.files.get(at) else {
            return ("", 1, 1);
        };
        let line = file.lines.partition_point(|start| *start <= offset).max(1);
        let start = file.lines.get(line - 1).copied().unwrap_or(file.start);
        let before = self.text.get(start..).unwrap_or_default();
        let end = offset.saturating_sub(start);
        let units = before
            .char_indices()
            .take_while(|(at, _)| *at < end)
            .map(|(_, c)| c.len_utf16());
        (&file.name, line, 1 + units.sum::<usize>())
    }

    /// A diagnostic with its place.
    pub fn placed(&self, diagnostic: &Diagnostic) -> Placed {
        let Range { start, end } = diagnostic.range;
        let (file, line, column) = self.place(start as usize);
        let (_, end_line, end_column) = self.place(end.max(start) as usize);
        Placed {
            severity: diagnostic.severity,
            code: diagnostic.code,
            message: diagnostic.message.clone(),
            file: file.to_owned(),
            line,
            column,
            end_line,
            end_column,
            path: diagnostic.path.clone(),
            fixes: diagnostic.fixes.iter().map(|fix| self.fix(fix)).collect(),
        }
    }

    fn fix(&self, fix: &Fix) -> PlacedFix {
        let (_, line, column) = self.place(fix.range.start as usize);
        let (_, end_line, end_column) = self.place(fix.range.end as usize);
        PlacedFix {
            title: fix.title.clone(),
            from: (line, column),
            to: (end_line, end_column),
            text: fix.text.clone(),
        }
    }
}

/// A change of the text that repairs what a diagnostic says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedFix {
    /// What it does.
    pub title: String,
    /// Line and column of the first character that is replaced.
    pub from: (usize, usize),
    /// Line and column after the last one.
    pub to: (usize, usize),
    /// What comes there.
    pub text: String,
}

/// A diagnostic with its place. Lines and columns count from 1, columns in UTF-16 units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// How grave.
    pub severity: Severity,
    /// The kind of it.
    pub code: &'static str,
    /// What is said.
    pub message: String,
    /// The file.
    pub file: String,
    /// Line where it begins.
    pub line: usize,
    /// Column where it begins.
    pub column: usize,
    /// Line where it ends.
    pub end_line: usize,
    /// Column after its last character.
    pub end_column: usize,
    /// Path of the field.
    pub path: String,
    /// Changes that repair it, best first.
    pub fixes: Vec<PlacedFix>,
}

impl std::fmt::Display for Placed {
    /// `file:line:column: severity: message`, on one line whatever the message holds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let message = self.message.replace('\n', " ");
        let severity = super::severity(self.severity);
        write!(f, "{}:{}:{}: {severity}: {message}", self.file, self.line, self.column)
    }
}
