//! Regular expressions, basic and extended, by bounded backtracking.

use std::cell::Cell;

use super::super::glob::named_class;
use crate::trace::bounds::PATTERN;

/// Steps one search may take.
const FUEL: u32 = 200_000;
/// Length of a pattern.
const MAX_PATTERN: usize = 4_096;
/// How deep groups may be nested.
const MAX_DEPTH: usize = 40;

/// A pattern ready to be searched for.
#[derive(Clone, Debug)]
pub struct Regex {
    alternatives: Vec<Vec<Piece>>,
    groups: usize,
    fold: bool,
    /// Steps of its searches that were not taken yet, and of all of them.
    spent: Cell<(u64, u64)>,
}

/// Steps of a search in one of the steps that programs are counted in.
const FINE: u64 = 32;

#[derive(Clone, Debug)]
struct Piece {
    atom: Atom,
    least: u32,
    most: u32,
}

#[derive(Clone, Debug)]
enum Atom {
    Char(char),
    Any,
    Set(bool, Vec<Member>),
    Group(usize, Vec<Vec<Piece>>),
    Back(usize),
    Start,
    End,
    Edge,
}

#[derive(Clone, Debug)]
enum Member {
    Range(char, char),
    Named(String),
}

impl Regex {
    /// Reads a pattern. `None` when it cannot be read.
    pub fn new(pattern: &str, extended: bool, fold: bool) -> Option<Regex> {
        if pattern.len() > MAX_PATTERN {
            return None;
        }
        let mut reader = Reader {
            src: pattern.chars().collect(),
            pos: 0,
            extended,
            groups: 0,
            depth: 0,
        };
        let alternatives = reader.alternatives()?;
        (reader.pos == reader.src.len()).then_some(Regex {
            alternatives,
            groups: reader.groups,
            fold,
            spent: Cell::default(),
        })
    }

    /// A pattern that stands for a text.
    pub fn literal(text: &str, fold: bool) -> Regex {
        let pieces = text.chars().map(|c| once(Atom::Char(c))).collect();
        Regex {
            alternatives: vec![pieces],
            groups: 0,
            fold,
            spent: Cell::default(),
        }
    }

    /// The work of its searches since the last call.
    pub fn take_steps(&self) -> u64 {
        let (fresh, all) = self.spent.get();
        self.spent.set((fresh % FINE, all));
        fresh / FINE
    }

    /// Whether its searches have taken all that one expression may.
    pub fn is_spent(&self) -> bool {
        self.spent.get().1 >= PATTERN.most
    }

    /// The first match at or after character `from`: begin and end of the whole and of each group, in characters.
    pub fn find(&self, text: &[char], from: usize) -> Option<Vec<Option<(usize, usize)>>> {
        if self.is_spent() {
            return None;
        }
        let mut search = Search {
            text,
            fold: self.fold,
            fuel: FUEL,
            depth: 0,
        };
        let found = self.search(&mut search, from);
        let steps = u64::from(FUEL - search.fuel) + 1;
        let (fresh, all) = self.spent.get();
        self.spent.set((fresh + steps, all + steps));
        found
    }

    fn search(&self, search: &mut Search, from: usize) -> Option<Vec<Option<(usize, usize)>>> {
        let text = search.text;
        for start in from..=text.len() {
            let mut best: Option<(usize, Caps)> = None;
            for alternative in &self.alternatives {
                let caps = vec![None; self.groups + 1];
                let found = search.pieces(alternative, start, caps, &mut |_, end, caps| Some((end, caps)));
                if let Some((end, caps)) = found
                    && best.as_ref().is_none_or(|(e, _)| end > *e)
                {
                    best = Some((end, caps));
                }
            }
            if let Some((end, mut caps)) = best {
                if let Some(whole) = caps.first_mut() {
                    *whole = Some((start, end));
                }
                return Some(caps);
            }
            if search.fuel == 0 {
                return None;
            }
        }
        None
    }

    /// Whether the text has a match.
    pub fn is_match(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        self.find(&chars, 0).is_some()
    }

    /// The texts of the first match and of its groups.
    pub fn groups(&self, text: &str) -> Option<Vec<String>> {
        let chars: Vec<char> = text.chars().collect();
        let caps = self.find(&chars, 0)?;
        let part = |span: &Option<(usize, usize)>| {
            span.and_then(|(a, b)| chars.get(a..b))
                .map(|c| c.iter().collect())
                .unwrap_or_default()
        };
        Some(caps.iter().map(part).collect())
    }
}

fn once(atom: Atom) -> Piece {
    Piece {
        atom,
        least: 1,
        most: 1,
    }
}

struct Reader {
    src: Vec<char>,
    pos: usize,
    extended: bool,
    groups: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.src.get(self.pos).copied()
    }

    /// Whether an operator stands here: `x` in extended, `\x` in basic patterns.
    fn operator(&mut self, c: char) -> bool {
        let found = if self.extended {
            self.peek() == Some(c)
        } else {
            self.peek() == Some('\\') && self.src.get(self.pos + 1) == Some(&c)
        };
        if found {
            self.pos += if self.extended { 1 } else { 2 };
        }
        found
    }

    fn at_operator(&mut self, c: char) -> bool {
        let pos = self.pos;
        let found = self.operator(c);
        self.pos = pos;
        found
    }

    fn alternatives(&mut self) -> Option<Vec<Vec<Piece>>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut all = vec![self.branch()?];
        while self.operator('|') {
            all.push(self.branch()?);
        }
        self.depth -= 1;
        Some(all)
    }

    fn branch(&mut self) -> Option<Vec<Piece>> {
        let mut pieces: Vec<Piece> = Vec::new();
        loop {
            if self.peek().is_none() || self.at_operator('|') || self.depth > 1 && self.at_operator(')') {
                return Some(pieces);
            }
            let first = pieces.is_empty();
            let atom = self.atom(first)?;
            let mut piece = once(atom);
            loop {
                let (least, most) =
                    if self.peek() == Some('*') && !(first && !self.extended && matches!(piece.atom, Atom::Start)) {
                        self.pos += 1;
                        (0, u32::MAX)
                    } else if self.operator('+') {
                        (1, u32::MAX)
                    } else if self.operator('?') {
                        (0, 1)
                    } else if self.at_operator('{') {
                        self.operator('{');
                        self.bounds()?
                    } else {
                        break;
                    };
                (piece.least, piece.most) = (least, most);
            }
            pieces.push(piece);
        }
    }

    fn bounds(&mut self) -> Option<(u32, u32)> {
        let mut text = String::new();
        while !self.at_operator('}') {
            text.push(self.peek()?);
            self.pos += 1;
        }
        self.operator('}');
        let (low, high) = text.split_once(',').unwrap_or((&text, &text));
        let low: u32 = if low.is_empty() { 0 } else { low.parse().ok()? };
        let high = if high.is_empty() { u32::MAX } else { high.parse().ok()? };
        (low <= 1_000).then_some((low, high))
    }

    fn atom(&mut self, first: bool) -> Option<Atom> {
        if self.operator('(') {
            self.groups += 1;
            let number = self.groups;
            let inner = self.alternatives()?;
            return self.operator(')').then_some(Atom::Group(number, inner));
        }
        let c = self.peek()?;
        self.pos += 1;
        Some(match c {
            '.' => Atom::Any,
            '[' => return self.set(),
            '^' if first || self.extended => Atom::Start,
            '$' if self.extended || self.peek().is_none() || self.at_operator(')') || self.at_operator('|') => {
                Atom::End
            }
            '\\' => {
                let c = self.peek()?;
                self.pos += 1;
                match c {
                    '1'..='9' => Atom::Back(c.to_digit(10)? as usize),
                    'n' => Atom::Char('\n'),
                    't' => Atom::Char('\t'),
                    'w' | 'W' => Atom::Set(
                        c == 'W',
                        vec![Member::Named("alnum".to_owned()), Member::Range('_', '_')],
                    ),
                    's' | 'S' => Atom::Set(c == 'S', vec![Member::Named("space".to_owned())]),
                    'd' | 'D' => Atom::Set(c == 'D', vec![Member::Named("digit".to_owned())]),
                    'b' | '<' | '>' => Atom::Edge,
                    c => Atom::Char(c),
                }
            }
            '*' | '+' | '?' if self.extended && first => Atom::Char(c),
            c => Atom::Char(c),
        })
    }

    fn set(&mut self) -> Option<Atom> {
        let negated = self.peek() == Some('^');
        if negated {
            self.pos += 1;
        }
        let (mut members, first) = (Vec::new(), self.pos);
        loop {
            let c = self.peek()?;
            self.pos += 1;
            if c == ']' && self.pos - 1 > first {
                return Some(Atom::Set(negated, members));
            }
            if c == '[' && self.peek() == Some(':') {
                let rest: String = self.src.iter().skip(self.pos + 1).take(16).collect();
                let end = rest.find(":]")?;
                members.push(Member::Named(rest.get(..end)?.to_owned()));
                self.pos += 1 + end + 2;
                continue;
            }
            match (self.peek(), self.src.get(self.pos + 1)) {
                (Some('-'), Some(&high)) if high != ']' => {
                    members.push(Member::Range(c, high));
                    self.pos += 2;
                }
                _ => members.push(Member::Range(c, c)),
            }
        }
    }
}

type Caps = Vec<Option<(usize, usize)>>;
/// Whether one character fits.
type Fits<'p> = Box<dyn Fn(&Search, char) -> bool + 'p>;
type Then<'t> = &'t mut dyn FnMut(&mut Search, usize, Caps) -> Option<(usize, Caps)>;

struct Search<'a> {
    text: &'a [char],
    fold: bool,
    fuel: u32,
    depth: u32,
}

impl Search<'_> {
    fn same(&self, a: char, b: char) -> bool {
        a == b || self.fold && a.eq_ignore_ascii_case(&b)
    }

    /// Matches pieces one after another and hands the place behind them on.
    fn pieces(&mut self, pieces: &[Piece], at: usize, caps: Caps, then: Then<'_>) -> Option<(usize, Caps)> {
        let Some((piece, rest)) = pieces.split_first() else {
            return then(self, at, caps);
        };
        if self.fuel == 0 || self.depth > 400 {
            self.fuel = 0;
            return None;
        }
        self.fuel -= 1;
        if let Some(single) = self.single(&piece.atom) {
            // As many as there are, then one less each time: no recursion for a plain repetition.
            let mut count = 0_usize;
            while count < piece.most as usize && self.text.get(at + count).is_some_and(|c| single(self, *c)) {
                count += 1;
                self.fuel = self.fuel.saturating_sub(1);
            }
            loop {
                if count < piece.least as usize {
                    return None;
                }
                self.depth += 1;
                let found = self.pieces(rest, at + count, caps.clone(), then);
                self.depth -= 1;
                if found.is_some() || self.fuel == 0 {
                    return found;
                }
                count = count.checked_sub(1)?;
            }
        }
        self.repeat(piece, 0, rest, at, caps, then)
    }

    fn repeat(
        &mut self,
        piece: &Piece,
        count: u32,
        rest: &[Piece],
        at: usize,
        caps: Caps,
        then: Then<'_>,
    ) -> Option<(usize, Caps)> {
        if self.fuel == 0 || self.depth > 400 {
            self.fuel = 0;
            return None;
        }
        self.fuel -= 1;
        self.depth += 1;
        let mut found = None;
        if count < piece.most {
            found = self.once(&piece.atom, at, caps.clone(), &mut |search, end, caps| {
                // An empty turn would go on for ever.
                if end == at && count >= piece.least {
                    return None;
                }
                search.repeat(piece, count + 1, rest, end, caps, then)
            });
        }
        if found.is_none() && count >= piece.least {
            found = self.pieces(rest, at, caps, then);
        }
        self.depth -= 1;
        found
    }

    fn single<'p>(&self, atom: &'p Atom) -> Option<Fits<'p>> {
        match atom {
            Atom::Char(c) => Some(Box::new(move |s, x| s.same(*c, x))),
            Atom::Any => Some(Box::new(|_, _| true)),
            Atom::Set(negated, members) => Some(Box::new(move |s, x| {
                let has = |x: char| {
                    members.iter().any(|m| match m {
                        Member::Range(a, b) => *a <= x && x <= *b,
                        Member::Named(name) => named_class(name, x),
                    })
                };
                let found = has(x) || s.fold && (has(x.to_ascii_lowercase()) || has(x.to_ascii_uppercase()));
                found != *negated
            })),
            _ => None,
        }
    }

    fn once(&mut self, atom: &Atom, at: usize, caps: Caps, then: Then<'_>) -> Option<(usize, Caps)> {
        match atom {
            Atom::Group(number, alternatives) => {
                for alternative in alternatives {
                    let found = self.pieces(alternative, at, caps.clone(), &mut |search, end, mut caps| {
                        if let Some(slot) = caps.get_mut(*number) {
                            *slot = Some((at, end));
                        }
                        then(search, end, caps)
                    });
                    if found.is_some() {
                        return found;
                    }
                }
                None
            }
            Atom::Back(number) => {
                let (a, b) = caps.get(*number).copied().flatten().unwrap_or((0, 0));
                let part: Vec<char> = self.text.get(a..b).unwrap_or(&[]).to_vec();
                let same = self.text.get(at..at + part.len()) == Some(part.as_slice());
                if same { then(self, at + part.len(), caps) } else { None }
            }
            Atom::Start => {
                if at == 0 {
                    then(self, at, caps)
                } else {
                    None
                }
            }
            Atom::End => {
                if at == self.text.len() {
                    then(self, at, caps)
                } else {
                    None
                }
            }
            Atom::Edge => {
                let word = |i: Option<usize>| {
                    i.and_then(|i| self.text.get(i))
                        .is_some_and(|c| c.is_alphanumeric() || *c == '_')
                };
                if word(at.checked_sub(1)) != word(Some(at)) {
                    then(self, at, caps)
                } else {
                    None
                }
            }
            Atom::Char(_) | Atom::Any | Atom::Set(..) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Regex;

    #[test]
    fn patterns() {
        for (pattern, extended, text, want) in [
            ("a*b", false, "xaab", Some("aab")),
            ("^a", false, "ba", None),
            ("a$", false, "ba", Some("a")),
            ("\\(a\\)\\1", false, "xaa", Some("aa")),
            ("(foo|ba+r)", true, "xbaaar", Some("baaar")),
            ("-([0-9]+)$", true, "web-12", Some("-12")),
            ("[^:]*", false, "ab:c", Some("ab")),
            ("a{2,3}", true, "aaaa", Some("aaa")),
            ("a+", false, "a+", Some("a+")),
            ("a\\+", false, "aaa", Some("aaa")),
            ("[[:digit:]]+", true, "x42", Some("42")),
            ("(a*)*b", true, "aaab", Some("aaab")),
            ("\\.", true, "a.b", Some(".")),
            ("Ready", false, "not ready", None),
        ] {
            let regex = Regex::new(pattern, extended, false).unwrap();
            let found = regex.groups(text).and_then(|g| g.first().cloned());
            assert_eq!(found.as_deref(), want, "{pattern} {text}");
        }
        assert_eq!(
            Regex::new("-([0-9]+)$", true, false).unwrap().groups("web-12").unwrap(),
            ["-12", "12"]
        );
        assert!(Regex::new("(", true, false).is_none());
        assert!(Regex::new("[a", true, false).is_none());
        assert!(Regex::new("READY", false, true).unwrap().is_match("ready"));
        // Ends for lack of fuel instead of running for ever.
        let hard = Regex::new("(a*)*(b*)*c", true, false).unwrap();
        assert!(!hard.is_match(&"ab".repeat(2_000)));
    }
}
