//! The slip behind text that is no YAML: a missing colon, a tab, an open quote. Each guess is a change of the text, and
//! one is kept only when the text can be read farther with it.

mod blanks;
mod indent;
mod line;
mod marks;
mod quotes;

pub use blanks::blanks;
use line::Lines;

/// A guess at what is wrong, and the change that repairs it. Places are bytes of the piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The kind of diagnostic.
    pub code: &'static str,
    /// The underlined place.
    pub place: (usize, usize),
    /// go-yaml's words first where it has some.
    pub message: String,
    /// The words of the button.
    pub title: String,
    /// The place that is replaced.
    pub edit: (usize, usize),
    /// The text that comes there.
    pub text: String,
}

impl Slip {
    /// The text with the change.
    pub fn apply(&self, text: &str) -> String {
        let (from, to) = self.edit;
        let (head, tail) = (text.get(..from).unwrap_or(text), text.get(to..).unwrap_or(""));
        [head, &self.text, tail].concat()
    }

    /// The byte of the changed text that stands for `at` of the old one.
    fn moved(&self, at: usize) -> usize {
        if at >= self.edit.1 {
            (at + self.text.len()).saturating_sub(self.edit.1 - self.edit.0)
        } else {
            at
        }
    }
}

/// So many guesses are looked at.
const MAX_GUESSES: usize = 24;
/// So many guesses are kept, so that the fields can decide between them.
const MAX_KEPT: usize = 6;
/// So many bytes are read again at most.
const BUDGET: usize = 1 << 20;

/// The guesses that hold for a text whose reading failed at byte `at` with the parser's words `info`. `fails` reads a
/// text and gives the byte it fails at. The guesses after which all can be read come first.
pub fn slips(text: &str, at: usize, info: &str, fails: impl Fn(&str) -> Option<usize>) -> Vec<Slip> {
    let lines = Lines::of(text, at);
    let mut guesses = Vec::new();
    marks::guess(&lines, &mut guesses);
    quotes::guess(&lines, info, &mut guesses);
    indent::guess(&lines, info, &mut guesses);
    marks::last_resort(&lines, &mut guesses);
    let (mut whole, mut farther) = (Vec::new(), Vec::new());
    let mut left = BUDGET.max(text.len().saturating_mul(2));
    let line_end = lines.end_of(at);
    for slip in guesses.into_iter().take(MAX_GUESSES) {
        let changed = slip.apply(text);
        if changed.len() > left || whole.len() >= MAX_KEPT {
            break;
        }
        left -= changed.len();
        match fails(&changed) {
            None => whole.push(slip),
            Some(next) if next > slip.moved(line_end) => farther.push(slip),
            Some(_) => {}
        }
    }
    if whole.is_empty() {
        farther.truncate(1);
        return farther;
    }
    whole
}

/// go-yaml's words for what this parser calls `info`.
pub fn words(info: &str) -> &str {
    match info {
        "simple key expect ':'" | "simple key expected" => "could not find expected ':'",
        "invalid indentation in quoted scalar" => "found unexpected end of stream",
        "while parsing node, found unknown anchor" => "unknown anchor referenced",
        _ if info.starts_with("unexpected character") => "found character that cannot start any token",
        _ => match info.split_once(", ") {
            Some((head, tail)) if head.starts_with("while ") => tail,
            _ => info,
        },
    }
}

#[cfg(test)]
mod tests;
