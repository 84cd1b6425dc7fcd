//! Byte offsets to lines and columns, in characters and in UTF-16 units, and back.

/// Where each line of a text begins.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// Byte offset of each line's first character; the first is 0.
    starts: Vec<u32>,
    /// The same in UTF-16 units; empty when the text is ASCII and both agree.
    starts_utf16: Vec<u32>,
    /// Length of the text in bytes.
    len: u32,
}

/// A place as people read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

impl LineIndex {
    /// Reads a text once. Lines end with `\n` (a `\r` before it belongs to the line).
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| clamp(at + 1)));
        let starts_utf16 = if text.is_ascii() {
            Vec::new()
        } else {
            let mut units = 0;
            let mut all = vec![0];
            for line in text.split_inclusive('\n') {
                units += clamp(line.encode_utf16().count());
                if line.ends_with('\n') {
                    all.push(units);
                }
            }
            all
        };
        LineIndex {
            starts,
            starts_utf16,
            len: clamp(text.len()),
        }
    }

    /// Number of lines; at least one.
    pub fn lines(&self) -> u32 {
        clamp(self.starts.len())
    }

    /// The line of a byte offset, from 0.
    fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// Line and column (in characters, both from 1) of a byte offset. `text` is the text the index was made from.
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let offset = floor_boundary(text, offset.min(self.len));
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = text.get(start as usize..offset as usize).unwrap_or("");
        LineColumn {
            line: clamp(line + 1),
            column: clamp(before.chars().count() + 1),
        }
    }

    /// Byte offset of a line and column (both from 1, columns in characters). Places beyond a line's end are its end.
    pub fn offset(&self, text: &str, at: LineColumn) -> u32 {
        let line = at.line.saturating_sub(1) as usize;
        let Some(&start) = self.starts.get(line) else {
            return self.len;
        };
        let rest = text.get(start as usize..).unwrap_or("");
        let rest = rest.split('\n').next().unwrap_or("");
        let skip = at.column.saturating_sub(1) as usize;
        let within = rest.char_indices().nth(skip).map_or(rest.len(), |(i, _)| i);
        start.saturating_add(clamp(within))
    }

    /// UTF-16 offset of a byte offset, as editors in browsers count.
    pub fn to_utf16(&self, text: &str, offset: u32) -> u32 {
        let offset = floor_boundary(text, offset.min(self.len));
        if self.starts_utf16.is_empty() {
            return offset;
        }
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = text.get(start as usize..offset as usize).unwrap_or("");
        let base = self.starts_utf16.get(line).copied().unwrap_or(0);
        base.saturating_add(clamp(before.encode_utf16().count()))
    }

    /// Byte offset of a UTF-16 offset. Offsets inside a surrogate pair are the character's start.
    pub fn from_utf16(&self, text: &str, utf16: u32) -> u32 {
        if self.starts_utf16.is_empty() {
            return utf16.min(self.len);
        }
        let line = self
            .starts_utf16
            .partition_point(|&start| start <= utf16)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let mut left = utf16.saturating_sub(self.starts_utf16.get(line).copied().unwrap_or(0)) as usize;
        let rest = text.get(start as usize..).unwrap_or("");
        for (at, c) in rest.char_indices() {
            if left < c.len_utf16() {
                return start.saturating_add(clamp(at));
            }
            left -= c.len_utf16();
        }
        self.len
    }
}

/// The start of the character that `offset` lies in.
fn floor_boundary(text: &str, offset: u32) -> u32 {
    let mut at = (offset as usize).min(text.len());
    while at > 0 && !text.is_char_boundary(at) {
        at -= 1;
    }
    clamp(at)
}

/// Texts are at most 1 MiB, so offsets fit; anything longer is cut to the largest number.
fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{LineColumn, LineIndex};

    #[test]
    fn places_are_found_both_ways() {
        let text = "aä😀b\r\nc\n\nd";
        let index = LineIndex::new(text);
        assert_eq!(index.lines(), 4);
        for (at, c) in text.char_indices().filter(|(_, c)| *c != '\n') {
            let at = at as u32;
            let place = index.line_column(text, at);
            assert_eq!(index.offset(text, place), at, "{c:?}");
            assert_eq!(index.from_utf16(text, index.to_utf16(text, at)), at, "{c:?}");
        }
        let b = text.find('b').unwrap_or(0) as u32;
        assert_eq!(index.line_column(text, b), LineColumn { line: 1, column: 4 });
        assert_eq!(index.to_utf16(text, b), 4);
        assert_eq!(index.line_column(text, 999), LineColumn { line: 4, column: 2 });
        assert_eq!(index.offset(text, LineColumn { line: 9, column: 9 }), text.len() as u32);
    }
}
