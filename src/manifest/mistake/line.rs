//! The lines around the place where reading failed.

/// One line of a text.
#[derive(Clone, Copy, Debug)]
pub struct Line<'t> {
    /// The byte it begins at.
    pub start: usize,
    /// It without its break and the white space before that.
    pub text: &'t str,
    /// Bytes of white space at its begin.
    pub indent: usize,
}

impl<'t> Line<'t> {
    /// Without indentation.
    pub fn body(&self) -> &'t str {
        self.text.get(self.indent..).unwrap_or("")
    }

    /// Where the body begins in the text.
    pub fn body_at(&self) -> usize {
        self.start + self.indent
    }

    /// Where the line ends in the text.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The body behind the dashes of list items, and the byte it begins at.
    pub fn content(&self) -> (usize, &'t str) {
        let mut rest = self.body();
        while let Some(inner) = rest.strip_prefix("- ") {
            rest = inner.trim_start();
        }
        (self.end() - rest.len(), rest)
    }

    /// The columns (from 0) at which a field of this line may have siblings: of its dashes and of its key.
    pub fn columns(&self) -> Vec<usize> {
        let mut columns = vec![self.indent];
        let mut rest = self.body();
        while let Some(inner) = rest.strip_prefix("- ") {
            rest = inner.trim_start();
            columns.push(self.text.len() - rest.len());
        }
        columns
    }

    /// The key and the value of a line that has both, with the byte the value begins at. A comment behind the value is
    /// no part of it.
    pub fn pair(&self) -> Option<(&'t str, usize, &'t str)> {
        let (at, content) = self.content();
        let colon = content.find(": ")?;
        let (key, value) = (content.get(..colon)?, content.get(colon + 1..)?);
        let bare = value.trim_start();
        let start = at + content.len() - bare.len();
        let end = bare.find(" #").unwrap_or(bare.len());
        let bare = bare.get(..end)?.trim_end();
        (!key.is_empty() && !bare.is_empty()).then_some((key, start, bare))
    }

    /// The value of a line, be it behind a key or behind a dash.
    pub fn value(&self) -> Option<(usize, &'t str)> {
        match self.pair() {
            Some((_, at, value)) => Some((at, value)),
            None => {
                let (at, content) = self.content();
                (at > self.body_at() && !content.is_empty()).then_some((at, content))
            }
        }
    }

    /// Whether nothing is said here.
    pub fn is_blank(&self) -> bool {
        self.body().is_empty() || self.body().starts_with('#')
    }
}

/// The lines of a text, and the one that reading failed on.
#[derive(Debug)]
pub struct Lines<'t> {
    /// The whole text.
    pub text: &'t str,
    /// Its lines.
    pub all: Vec<Line<'t>>,
    /// The number of the line that reading failed on.
    pub failed: usize,
}

impl<'t> Lines<'t> {
    /// The lines of `text`, which could not be read beyond byte `at`.
    pub fn of(text: &'t str, at: usize) -> Self {
        let mut start = 0;
        let mut all = Vec::new();
        for line in text.split_inclusive('\n') {
            let bare = line.trim_end();
            let indent = bare.len() - bare.trim_start().len();
            all.push(Line {
                start,
                text: bare,
                indent,
            });
            start += line.len();
        }
        let failed = all.partition_point(|line| line.start <= at).saturating_sub(1);
        Lines { text, all, failed }
    }

    /// The end of the line of byte `at`.
    pub fn end_of(&self, at: usize) -> usize {
        let line = self.all.partition_point(|line| line.start <= at).saturating_sub(1);
        self.all.get(line).map_or(at, Line::end)
    }

    /// The line that reading failed on, and those before it that say something, nearest first.
    pub fn back(&self) -> impl Iterator<Item = &Line<'t>> {
        let upto = self.all.get(..=self.failed).unwrap_or(&self.all);
        upto.iter().rev().filter(|line| !line.is_blank())
    }

    /// The number of a line.
    pub fn number(&self, line: &Line<'_>) -> usize {
        self.all.partition_point(|other| other.start < line.start)
    }

    /// The lines from `line` on that stand no farther left: the byte after the last of them.
    pub fn run_end(&self, line: &Line<'_>) -> usize {
        let after = self.all.get(self.number(line) + 1..).unwrap_or(&[]);
        let beside = after
            .iter()
            .take_while(|next| next.is_blank() || next.indent >= line.indent);
        beside.last().map_or(line.end(), Line::end)
    }

    /// The lines of `line` and of what lies deeper below it: the byte after the last of them.
    pub fn block_end(&self, line: &Line<'_>) -> usize {
        let after = self.all.get(self.number(line) + 1..).unwrap_or(&[]);
        let below = after
            .iter()
            .take_while(|next| next.is_blank() || next.indent > line.indent);
        below.last().map_or(line.end(), Line::end)
    }
}
