//! The text as the YAML parser takes it in.
//!
//! The parser brings its own input for text. It asks for room for 128 characters more in each plain scalar, so that each
//! is moved once and holds ten times its length; with this one, what it begins with is enough for nearly all.

use saphyr_parser::Input;

/// What is left of a text.
pub struct Text<'t> {
    rest: &'t str,
    /// The parser looks whether so many characters are at hand; all always are.
    asked: usize,
}

impl<'t> Text<'t> {
    /// The whole of a text.
    pub fn new(text: &'t str) -> Self {
        Text { rest: text, asked: 0 }
    }
}

impl Input for Text<'_> {
    fn lookahead(&mut self, count: usize) {
        self.asked = self.asked.max(count);
    }

    fn buflen(&self) -> usize {
        self.asked
    }

    /// A scalar begins with room for 32 bytes; this and one character fit.
    fn bufmaxlen(&self) -> usize {
        28
    }

    fn raw_read_ch(&mut self) -> char {
        let c = self.peek();
        self.skip();
        c
    }

    fn raw_read_non_breakz_ch(&mut self) -> Option<char> {
        let c = self
            .peek_opt()
            .filter(|c| !matches!(c, '\n' | '\r' | '\0' | '\u{feff}'))?;
        self.skip();
        Some(c)
    }

    #[inline]
    fn skip(&mut self) {
        let mut chars = self.rest.chars();
        chars.next();
        self.rest = chars.as_str();
    }

    fn skip_n(&mut self, count: usize) {
        (0..count).for_each(|_| self.skip());
    }

    #[inline]
    fn peek(&self) -> char {
        match self.rest.as_bytes().first() {
            Some(byte) if byte.is_ascii() => char::from(*byte),
            _ => self.peek_opt().unwrap_or('\0'),
        }
    }

    #[inline]
    fn peek_nth(&self, n: usize) -> char {
        self.rest.chars().nth(n).unwrap_or('\0')
    }

    fn peek_opt(&self) -> Option<char> {
        self.rest.chars().next()
    }
}
