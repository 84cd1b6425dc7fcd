//! From byte offsets in the text to UTF-16 offsets, lines and columns.

use crate::manifest::Range;

/// A text with an index of its lines. Offsets beyond its end mean its end; offsets inside a character mean its start.
#[derive(Clone, Debug, Default)]
pub struct Places {
    text: String,
    /// Byte and UTF-16 offset of the start of each line.
    lines: Vec<(usize, u32)>,
}

impl Places {
    /// The index of a text.
    pub fn of(text: &str) -> Self {
        let mut lines = vec![(0, 0)];
        let mut units = 0;
        for (i, c) in text.char_indices() {
            units += c.len_utf16() as u32;
            if c == '\n' {
                lines.push((i + 1, units));
            }
        }
        Places {
            text: text.to_owned(),
            lines,
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line from 0, and UTF-16 offset of its start and of `byte`.
    fn locate(&self, byte: u32) -> (usize, u32, u32) {
        let mut byte = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self
            .lines
            .partition_point(|(start, _)| *start <= byte)
            .saturating_sub(1);
        let (start, units) = self.lines.get(line).copied().unwrap_or_default();
        let column: usize = self
            .text
            .get(start..byte)
            .map_or(0, |s| s.chars().map(char::len_utf16).sum());
        (line, units, units + column as u32)
    }

    /// The UTF-16 offset of a byte offset.
    pub fn utf16(&self, byte: u32) -> u32 {
        self.locate(byte).2
    }

    /// Line and column in UTF-16 units of a byte offset, both from 1.
    pub fn line_column(&self, byte: u32) -> (u32, u32) {
        let (line, start, at) = self.locate(byte);
        (line as u32 + 1, at - start + 1)
    }

    /// The byte offset of a UTF-16 offset.
    pub fn byte(&self, utf16: u32) -> u32 {
        let line = self
            .lines
            .partition_point(|(_, units)| *units <= utf16)
            .saturating_sub(1);
        let (start, mut units) = self.lines.get(line).copied().unwrap_or_default();
        let rest = self.text.get(start..).unwrap_or("");
        for (i, c) in rest.char_indices() {
            if units >= utf16 {
                return (start + i) as u32;
            }
            units += c.len_utf16() as u32;
        }
        self.text.len() as u32
    }

    /// The line a byte offset lies in, as bytes, without its end.
    pub fn line_range(&self, byte: u32) -> Range {
        let (line, _, _) = self.locate(byte);
        let start = self.lines.get(line).map_or(0, |l| l.0);
        let end = self
            .lines
            .get(line + 1)
            .map_or(self.text.len(), |l| l.0.saturating_sub(1));
        Range {
            start: start as u32,
            end: end as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_those_of_the_editor() {
        let p = Places::of("a: 😀b\nü: x\n");
        for (byte, utf16, line, column) in [
            (0, 0, 1, 1),
            (3, 3, 1, 4),
            (5, 3, 1, 4),
            (7, 5, 1, 6),
            (9, 7, 2, 1),
            (11, 8, 2, 2),
            (15, 12, 3, 1),
            (99, 12, 3, 1),
        ] {
            assert_eq!(p.utf16(byte), utf16, "{byte}");
            assert_eq!(p.line_column(byte), (line, column), "{byte}");
        }
        assert_eq!(
            (p.byte(0), p.byte(5), p.byte(7), p.byte(8), p.byte(99)),
            (0, 7, 9, 11, 15)
        );
        assert_eq!(p.line_range(4), Range { start: 0, end: 8 });
        assert_eq!(Places::of("").line_column(3), (1, 1));
    }
}
