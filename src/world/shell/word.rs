//! Reading words: quotes, `$name`, `${…}`, `$(…)`, `$((…))`, here-document texts.

use super::ast::{Op, Part, Word};
use super::dialect::Dialect;
use super::parse::{Parser, Res, Why, is_meta, is_name, parse_nested};

/// Splits `NAME=word` off.
///
/// # Errors
/// The word again when it is no assignment.
pub(super) fn assignment(mut word: Word) -> Result<(String, Word, bool), Word> {
    let Some(Part::Text(text)) = word.first() else {
        return Err(word);
    };
    let Some((name, value)) = text.split_once('=') else {
        return Err(word);
    };
    let (name, append) = match name.strip_suffix('+') {
        Some(name) => (name, true),
        None => (name, false),
    };
    if !is_name(name) {
        return Err(word);
    }
    let (name, value) = (name.to_owned(), value.to_owned());
    if value.is_empty() {
        word.remove(0);
    } else if let Some(first) = word.first_mut() {
        *first = Part::Text(value);
    }
    if let Some(Part::Text(text)) = word.first()
        && (text == "~" || text.starts_with("~/"))
    {
        let rest = text.get(1..).unwrap_or("").to_owned();
        word.splice(0..1, [Part::Tilde, Part::Text(rest)]);
    }
    Ok((name, word, append))
}

/// The text of a word as far as it is plain.
pub(super) fn literal(word: &Word) -> String {
    word.iter()
        .map(|part| match part {
            Part::Text(text) | Part::Quoted(text) => text.as_str(),
            Part::Tilde => "~",
            _ => "",
        })
        .collect()
}

fn push(word: &mut Word, c: char, quoted: bool) {
    match (word.last_mut(), quoted) {
        (Some(Part::Text(text)), false) | (Some(Part::Quoted(text)), true) => text.push(c),
        (_, false) => word.push(Part::Text(c.to_string())),
        (_, true) => word.push(Part::Quoted(c.to_string())),
    }
}

impl Parser {
    /// The word at this place; `None` when there is none.
    pub(super) fn word(&mut self) -> Res<Option<Word>> {
        self.word_until(is_meta)
    }

    fn word_until(&mut self, ends: impl Fn(char) -> bool) -> Res<Option<Word>> {
        let mut word = Word::new();
        if self.peek() == Some('~') && self.at(1).is_none_or(|c| is_meta(c) || c == '/') {
            self.next();
            word.push(Part::Tilde);
        }
        while let Some(c) = self.peek() {
            if ends(c) {
                break;
            }
            self.next();
            self.piece(c, &mut word)?;
        }
        Ok(if word.is_empty() { None } else { Some(word) })
    }

    /// One unquoted piece that begins with `c`, which is read already.
    fn piece(&mut self, c: char, word: &mut Word) -> Res<()> {
        match c {
            '\\' => match self.next() {
                Some('\n') => {}
                Some(c) => push(word, c, true),
                None => push(word, '\\', true),
            },
            '\'' => {
                let mut text = String::new();
                loop {
                    match self.next() {
                        Some('\'') => break,
                        Some(c) => text.push(c),
                        None => return self.error(Why::Quote('\'')),
                    }
                }
                word.push(Part::Quoted(text));
            }
            '"' => self.double_quoted(word)?,
            '$' if self.peek() == Some('\'') && self.dialect != Dialect::Dash => {
                self.next();
                let mut raw = String::new();
                loop {
                    match self.next() {
                        Some('\'') => break,
                        Some('\\') => {
                            raw.push('\\');
                            raw.extend(self.next());
                        }
                        Some(c) => raw.push(c),
                        None => return self.error(Why::Quote('\'')),
                    }
                }
                word.push(Part::Quoted(super::super::applets::escapes::unescape(&raw).0));
            }
            '$' => self.dollar(word, false)?,
            '`' => self.backquote(word, false)?,
            c => push(word, c, false),
        }
        Ok(())
    }

    fn double_quoted(&mut self, word: &mut Word) -> Res<()> {
        word.push(Part::Quoted(String::new()));
        loop {
            match self.next() {
                Some('"') => return Ok(()),
                Some('\\') => match self.next() {
                    Some('\n') => {}
                    Some(c @ ('$' | '`' | '"' | '\\')) => push(word, c, true),
                    Some(c) => {
                        push(word, '\\', true);
                        push(word, c, true);
                    }
                    None => return self.error(Why::Quote('"')),
                },
                Some('$') => self.dollar(word, true)?,
                Some('`') => self.backquote(word, true)?,
                Some(c) => push(word, c, true),
                None => return self.error(Why::Quote('"')),
            }
        }
    }

    /// The text of a here-document without quotes at its end mark.
    pub(super) fn here_word(&mut self, text: &str) -> Res<Word> {
        let mut inner = Parser::nested(text, self);
        let mut word = vec![Part::Quoted(String::new())];
        while let Some(c) = inner.next() {
            match c {
                '\\' => match inner.peek() {
                    Some('\n') => {
                        inner.next();
                    }
                    Some(c @ ('$' | '`' | '\\')) => {
                        inner.next();
                        push(&mut word, c, true);
                    }
                    _ => push(&mut word, '\\', true),
                },
                '$' => inner.dollar(&mut word, true)?,
                '`' => inner.backquote(&mut word, true)?,
                c => push(&mut word, c, true),
            }
        }
        Ok(word)
    }

    fn backquote(&mut self, word: &mut Word, quoted: bool) -> Res<()> {
        let mut text = String::new();
        loop {
            match self.next() {
                Some('`') => break,
                Some('\\') => match self.next() {
                    Some(c @ ('$' | '`' | '\\')) => text.push(c),
                    Some('"') if quoted => text.push('"'),
                    Some(c) => {
                        text.push('\\');
                        text.push(c);
                    }
                    None => return self.error(Why::Quote('`')),
                },
                Some(c) => text.push(c),
                None => return self.error(Why::Quote('`')),
            }
        }
        let (dialect, depth) = (self.dialect, self.depth);
        let script = self.deeper(|_| match parse_nested(&text, dialect, depth + 1) {
            (script, None) => Ok(script),
            (_, Some(error)) => Err(error),
        })?;
        word.push(Part::Command { script, quoted });
        Ok(())
    }

    /// What follows a `$`, which is read already.
    fn dollar(&mut self, word: &mut Word, quoted: bool) -> Res<()> {
        let plain = |name: String| Part::Param {
            name,
            op: Op::Plain,
            quoted,
        };
        match self.peek() {
            Some('(') if self.at(1) == Some('(') && self.arith_ahead() => {
                self.eat("((");
                let expr = self.deeper(|p| p.arith_until("))"))?;
                word.push(Part::Arith { expr, quoted });
            }
            Some('(') => self.command_part(word, quoted)?,
            Some('{') => {
                self.next();
                let part = self.deeper(|p| p.braced(quoted))?;
                word.push(part);
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let mut name = String::new();
                while let Some(c) = self.peek().filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    name.push(c);
                    self.next();
                }
                word.push(plain(name));
            }
            Some(c @ ('0'..='9' | '@' | '*' | '#' | '?' | '-' | '$' | '!')) => {
                self.next();
                word.push(plain(c.to_string()));
            }
            _ => push(word, '$', quoted),
        }
        Ok(())
    }

    fn command_part(&mut self, word: &mut Word, quoted: bool) -> Res<()> {
        self.eat("(");
        let script = self.deeper(|p| p.list())?;
        self.blanks();
        if !self.eat(")") {
            return match self.peek() {
                None => self.error(Why::Ends(Some(")"))),
                Some(c) => self.error(Why::Unexpected(c.to_string(), Some(")"))),
            };
        }
        word.push(Part::Command { script, quoted });
        Ok(())
    }

    /// What stands in `${…}`, the bracket being read already.
    fn braced(&mut self, quoted: bool) -> Res<Part> {
        let length = self.peek() == Some('#') && self.at(1).is_some_and(|c| c != '}');
        if length {
            self.next();
        }
        let mut name = String::new();
        while let Some(c) = self.peek().filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
            name.push(c);
            self.next();
        }
        if name.is_empty() {
            match self.peek() {
                Some(c @ ('@' | '*' | '#' | '?' | '-' | '$' | '!')) => {
                    self.next();
                    name.push(c);
                }
                _ => return self.error(Why::Substitution),
            }
        } else if self.peek() == Some('[') {
            // An array's element: its index is kept as part of the name.
            while let Some(c) = self.next() {
                name.push(c);
                if c == ']' {
                    break;
                }
            }
        }
        if length {
            return if self.eat("}") {
                Ok(Part::Param {
                    name,
                    op: Op::Length,
                    quoted,
                })
            } else {
                self.error(Why::Substitution)
            };
        }
        let colon = self.peek() == Some(':') && matches!(self.at(1), Some('-' | '=' | '?' | '+'));
        if colon {
            self.next();
        }
        let op = match self.next() {
            Some('}') => {
                return Ok(Part::Param {
                    name,
                    op: Op::Plain,
                    quoted,
                });
            }
            Some('-') => Op::Default(self.operand(quoted, &['}'])?, colon),
            Some('=') => Op::Assign(self.operand(quoted, &['}'])?, colon),
            Some('?') => Op::Error(self.operand(quoted, &['}'])?, colon),
            Some('+') => Op::Alternative(self.operand(quoted, &['}'])?, colon),
            Some('#') => {
                let long = self.eat("#");
                Op::Prefix(self.operand(false, &['}'])?, long)
            }
            Some('%') => {
                let long = self.eat("%");
                Op::Suffix(self.operand(false, &['}'])?, long)
            }
            Some('/') if self.dialect != Dialect::Dash => {
                let all = self.eat("/");
                let from = self.operand(false, &['/', '}'])?;
                let to = if self.eat("/") {
                    self.operand(quoted, &['}'])?
                } else {
                    Word::new()
                };
                Op::Replace(from, to, all)
            }
            Some(':') if self.dialect != Dialect::Dash => {
                let offset = self.operand(quoted, &[':', '}'])?;
                let length = if self.eat(":") {
                    Some(self.operand(quoted, &['}'])?)
                } else {
                    None
                };
                Op::Part(offset, length)
            }
            Some('^') if self.dialect != Dialect::Dash => {
                self.eat("^");
                Op::Case(true)
            }
            Some(',') if self.dialect != Dialect::Dash => {
                self.eat(",");
                Op::Case(false)
            }
            None => return self.error(Why::Brace),
            _ => return self.error(Why::Substitution),
        };
        if self.eat("}") {
            Ok(Part::Param { name, op, quoted })
        } else {
            self.error(Why::Substitution)
        }
    }

    /// The word after an operator of `${…}`, up to one of `ends`.
    fn operand(&mut self, quoted: bool, ends: &[char]) -> Res<Word> {
        let mut word = Word::new();
        loop {
            match self.peek() {
                None => return self.error(Why::Brace),
                Some(c) if ends.contains(&c) => return Ok(word),
                Some(c) => {
                    self.next();
                    match c {
                        '\'' if quoted => push(&mut word, c, true),
                        '$' => self.dollar(&mut word, quoted)?,
                        '"' if quoted => self.double_quoted(&mut word)?,
                        '`' => self.backquote(&mut word, quoted)?,
                        '\\' if quoted => match self.peek() {
                            Some(c @ ('$' | '`' | '"' | '\\' | '}')) => {
                                self.next();
                                push(&mut word, c, true);
                            }
                            _ => push(&mut word, '\\', true),
                        },
                        c if quoted => push(&mut word, c, true),
                        c => self.piece(c, &mut word)?,
                    }
                }
            }
        }
    }

    /// An arithmetic expression up to `end` outside brackets; its `$` parts are read as inside double quotes.
    pub(super) fn arith_until(&mut self, end: &str) -> Res<Word> {
        let (mut word, mut open) = (vec![Part::Quoted(String::new())], 0_usize);
        loop {
            if open == 0 && self.eat(end) {
                return Ok(word);
            }
            match self.next() {
                None => return self.error(Why::Ends(Some("))"))),
                Some('(') => {
                    open += 1;
                    push(&mut word, '(', true);
                }
                Some(')') => {
                    if open == 0 {
                        return self.error(Why::Unexpected(")".to_owned(), Some("))")));
                    }
                    open -= 1;
                    push(&mut word, ')', true);
                }
                Some('$') => self.dollar(&mut word, true)?,
                Some('`') => self.backquote(&mut word, true)?,
                Some('"') => {}
                Some(c) => push(&mut word, c, true),
            }
        }
    }

    /// `((expression))` as a command; `None` when the brackets are two subshells.
    pub(super) fn arith_command(&mut self) -> Res<Option<Word>> {
        if !self.arith_ahead() {
            return Ok(None);
        }
        self.eat("((");
        Ok(Some(self.deeper(|p| p.arith_until("))"))?))
    }

    /// Whether the `((` at this place is closed by `))` rather than by two brackets apart. Looks a bounded way ahead.
    fn arith_ahead(&self) -> bool {
        let mut open = 0_usize;
        for offset in 2..1_024 {
            match self.at(offset) {
                None => return false,
                Some('(') => open += 1,
                Some(')') if open == 0 => return self.at(offset + 1) == Some(')'),
                Some(')') => open -= 1,
                Some(_) => {}
            }
        }
        false
    }

    /// The words of `[[ … ]]`, the first bracket being read already; operators are words of their own.
    pub(super) fn double_bracket(&mut self) -> Res<Vec<Word>> {
        let mut words = vec![vec![Part::Text("[[".to_owned())]];
        let mut regex = false;
        loop {
            self.blanks();
            while self.peek() == Some('\n') {
                self.next();
                self.blanks();
            }
            let operator = ["&&", "||", "(", ")", "<", ">"].into_iter().find(|op| self.starts(op));
            if let Some(operator) = operator
                && !regex
            {
                self.eat(operator);
                words.push(vec![Part::Quoted(operator.to_owned())]);
                continue;
            }
            let word = if regex {
                self.word_until(|c| c.is_ascii_whitespace())?
            } else {
                self.word()?
            };
            let Some(word) = word else {
                return self.error(Why::Ends(Some("]]")));
            };
            let text = literal(&word);
            regex = text == "=~";
            let ends = text == "]]";
            words.push(word);
            if ends {
                return Ok(words);
            }
        }
    }
}
