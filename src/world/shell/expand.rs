//! Expanding words.
//!
//! A command substitution takes time, so an expansion that meets one it has no text for stops with
//! [`Trouble::Need`]; the shell runs the command and begins the expansion anew with one text more. What the first try
//! did to the variables is undone before, so nothing happens twice.

use super::super::files::join;
use super::super::glob;
use super::super::kernel::Cx;
use super::Shell;
use super::arith;
use super::ast::{Op, Part, Script, Word};
use super::dialect::Dialect;

/// Bytes one expansion may grow to.
const MAX_TEXT: usize = 1 << 18;
/// Fields one word may become.
const MAX_FIELDS: usize = 4_096;

/// Why an expansion did not come to its end.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// The text of this command is needed first.
    Need(Script),
    /// The shell prints this and ends with the code.
    Fail(String, i32),
}

type Res<T> = Result<T, Trouble>;

/// One expansion: texts of the commands run so far are used in order.
pub struct Expander<'a, 'b> {
    pub(super) sh: &'a mut Shell,
    pub(super) cx: &'a mut Cx<'b>,
    pub(super) memo: &'a [String],
    pub(super) used: usize,
}

/// A field in the making: its text, and the same as a pattern in which quoted characters are escaped.
#[derive(Default)]
struct Field {
    text: String,
    pattern: String,
    wild: bool,
}

impl Field {
    fn plain(&mut self, text: &str) {
        self.text.push_str(text);
        self.pattern.push_str(text);
        self.wild |= glob::is_pattern(text);
    }

    fn quoted(&mut self, text: &str) {
        self.text.push_str(text);
        escape_into(&mut self.pattern, text);
    }
}

fn escape_into(pattern: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '\\' | '-' | '!') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
}

impl Expander<'_, '_> {
    /// All words, with fields split and patterns matched against files.
    pub fn words(&mut self, words: &[Word]) -> Res<Vec<String>> {
        let mut all = Vec::new();
        for word in words {
            for word in self.braces(word) {
                for field in self.fields(&word)? {
                    if field.wild && !self.sh.options.noglob {
                        let found = self.files(&field.pattern);
                        if found.is_empty() {
                            all.push(field.text);
                        } else {
                            all.extend(found);
                        }
                    } else {
                        all.push(field.text);
                    }
                    if all.len() > MAX_FIELDS {
                        return Err(Trouble::Fail("argument list too long".to_owned(), 126));
                    }
                }
            }
        }
        Ok(all)
    }

    /// `{a,b}` and `{1..3}`, which only bash has; only words of plain text are looked at.
    fn braces(&self, word: &Word) -> Vec<Word> {
        let plain = |text: String| vec![Part::Text(text)];
        if self.sh.dialect == Dialect::Bash
            && let [Part::Text(text)] = word.as_slice()
            && let Some((head, rest)) = text.split_once('{')
            && let Some((body, tail)) = rest.split_once('}')
        {
            if let Some((from, to)) = body.split_once("..")
                && let (Ok(from), Ok(to)) = (from.parse::<i64>(), to.parse::<i64>())
                && (from - to).abs() < MAX_FIELDS as i64
            {
                let numbers: Vec<i64> = if from <= to {
                    (from..=to).collect()
                } else {
                    (to..=from).rev().collect()
                };
                return numbers.into_iter().map(|n| plain(format!("{head}{n}{tail}"))).collect();
            }
            if body.contains(',') {
                return body
                    .split(',')
                    .map(|part| plain(format!("{head}{part}{tail}")))
                    .collect();
            }
        }
        vec![word.clone()]
    }

    /// A word as one text: assignments, redirections, `case`.
    pub fn text(&mut self, word: &Word) -> Res<String> {
        let mut text = String::new();
        for part in word {
            match part {
                Part::Text(t) | Part::Quoted(t) => text.push_str(t),
                Part::Tilde => text.push_str(&self.sh.value("HOME", self.cx).unwrap_or_default()),
                Part::Command { script, .. } => text.push_str(&self.command(script)?),
                Part::Arith { expr, .. } => text.push_str(&self.arith(expr)?.to_string()),
                Part::Param { name, op, .. } => text.push_str(&self.param(name, op)?),
            }
            self.check(&text)?;
        }
        Ok(text)
    }

    /// A word as a pattern: quoted characters stand for themselves.
    pub fn pattern(&mut self, word: &Word) -> Res<String> {
        let mut pattern = String::new();
        for part in word {
            let one = std::slice::from_ref(part).to_vec();
            let quoted = match part {
                Part::Quoted(_) => true,
                Part::Param { quoted, .. } | Part::Command { quoted, .. } | Part::Arith { quoted, .. } => *quoted,
                Part::Text(_) | Part::Tilde => false,
            };
            let text = self.text(&one)?;
            if quoted {
                escape_into(&mut pattern, &text);
            } else {
                pattern.push_str(&text);
            }
        }
        Ok(pattern)
    }

    fn check(&self, text: &str) -> Res<()> {
        if text.len() > MAX_TEXT {
            return Err(Trouble::Fail("out of memory".to_owned(), 2));
        }
        Ok(())
    }

    fn fields(&mut self, word: &Word) -> Res<Vec<Field>> {
        let mut done: Vec<Field> = Vec::new();
        let mut open: Option<Field> = None;
        for part in word {
            match part {
                Part::Text(text) => open.get_or_insert_default().plain(text),
                Part::Quoted(text) => open.get_or_insert_default().quoted(text),
                Part::Tilde => {
                    let home = self.sh.value("HOME", self.cx).unwrap_or_default();
                    open.get_or_insert_default().quoted(&home);
                }
                Part::Param {
                    name,
                    op: Op::Plain,
                    quoted,
                } if name == "@" || (name == "*" && !quoted) => {
                    for (i, value) in self.sh.positional.clone().iter().enumerate() {
                        if i > 0 {
                            done.extend(open.take());
                        }
                        if *quoted {
                            open.get_or_insert_default().quoted(value);
                        } else {
                            self.split(value, &mut open, &mut done);
                        }
                    }
                }
                Part::Param {
                    op: Op::Default(other, colon),
                    name,
                    quoted: false,
                } => {
                    // Only the default's unquoted parts are split: `${X:-"a b"}` is one field.
                    match self.value(name)?.filter(|v| !(*colon && v.is_empty())) {
                        Some(value) => self.split(&value, &mut open, &mut done),
                        None => {
                            for field in self.fields(other)? {
                                if open.is_some() && field.text.is_empty() {
                                    continue;
                                }
                                match &mut open {
                                    Some(o) => {
                                        o.text.push_str(&field.text);
                                        o.pattern.push_str(&field.pattern);
                                        o.wild |= field.wild;
                                        done.extend(open.take());
                                    }
                                    None => done.push(field),
                                }
                            }
                            open = done.pop().or(open);
                        }
                    }
                }
                Part::Param { quoted, .. } | Part::Command { quoted, .. } | Part::Arith { quoted, .. } => {
                    let one = std::slice::from_ref(part).to_vec();
                    let value = self.text(&one)?;
                    if *quoted {
                        open.get_or_insert_default().quoted(&value);
                    } else {
                        self.split(&value, &mut open, &mut done);
                    }
                }
            }
            if let Some(field) = &open {
                self.check(&field.text)?;
            }
            if done.len() > MAX_FIELDS {
                return Err(Trouble::Fail("argument list too long".to_owned(), 126));
            }
        }
        done.extend(open);
        Ok(done)
    }

    /// Splits a value at `IFS` into the fields.
    fn split(&self, value: &str, open: &mut Option<Field>, done: &mut Vec<Field>) {
        let ifs = self.sh.var("IFS").unwrap_or(" \t\n").to_owned();
        let mut hard = false;
        for c in value.chars() {
            if !ifs.contains(c) {
                open.get_or_insert_default().plain(&c.to_string());
                hard = false;
            } else if c.is_ascii_whitespace() {
                if let Some(field) = open.take() {
                    done.push(field);
                }
            } else {
                // A character such as `:` ends a field even when nothing stands before it.
                match open.take() {
                    Some(field) => done.push(field),
                    None if hard || done.is_empty() => done.push(Field::default()),
                    None => {}
                }
                hard = true;
            }
        }
    }

    fn command(&mut self, script: &Script) -> Res<String> {
        match self.memo.get(self.used) {
            Some(text) => {
                self.used += 1;
                Ok(text.clone())
            }
            None => Err(Trouble::Need(script.clone())),
        }
    }

    /// The value of an arithmetic expression.
    pub fn arith(&mut self, expr: &Word) -> Res<i64> {
        let text = self.text(expr)?;
        arith::evaluate(&text, self.sh).map_err(|trouble| {
            let why = match trouble {
                arith::Trouble::DivideByZero => "divide by zero",
                arith::Trouble::Syntax => "arithmetic syntax error",
            };
            Trouble::Fail(why.to_owned(), if self.sh.dialect == Dialect::Bash { 1 } else { 2 })
        })
    }

    fn value(&mut self, name: &str) -> Res<Option<String>> {
        Ok(self.sh.value(name, self.cx))
    }

    fn param(&mut self, name: &str, op: &Op) -> Res<String> {
        let value = self.value(name)?;
        let strict = self.sh.options.nounset && value.is_none() && !matches!(name, "@" | "*" | "#" | "?" | "$");
        let empty = |v: &Option<String>, colon: bool| v.as_ref().is_none_or(|v| colon && v.is_empty());
        match op {
            Op::Default(word, colon) => match value {
                Some(v) if !(*colon && v.is_empty()) => Ok(v),
                _ => self.text(word),
            },
            Op::Assign(word, colon) => match value {
                Some(v) if !(*colon && v.is_empty()) => Ok(v),
                _ => {
                    let text = self.text(word)?;
                    self.sh.set(name, &text);
                    Ok(text)
                }
            },
            Op::Alternative(word, colon) => {
                if empty(&value, *colon) {
                    Ok(String::new())
                } else {
                    self.text(word)
                }
            }
            Op::Error(word, colon) => {
                if !empty(&value, *colon) {
                    return Ok(value.unwrap_or_default());
                }
                let text = self.text(word)?;
                let dialect = self.sh.dialect;
                let why = if text.is_empty() {
                    dialect.not_set(name, *colon)
                } else {
                    format!("{name}: {text}")
                };
                Err(Trouble::Fail(why, dialect.expansion_code()))
            }
            _ if strict => {
                let dialect = self.sh.dialect;
                Err(Trouble::Fail(dialect.unset(name), dialect.expansion_code()))
            }
            Op::Plain => Ok(value.unwrap_or_default()),
            Op::Length => Ok(match name {
                "@" | "*" => self.sh.positional.len().to_string(),
                _ => value.unwrap_or_default().chars().count().to_string(),
            }),
            Op::Prefix(word, long) => {
                let (value, pattern) = (value.unwrap_or_default(), self.pattern(word)?);
                self.cx.k.meter.charge(trim_steps(&value, &pattern));
                Ok(trim(&value, &pattern, true, *long))
            }
            Op::Suffix(word, long) => {
                let (value, pattern) = (value.unwrap_or_default(), self.pattern(word)?);
                self.cx.k.meter.charge(trim_steps(&value, &pattern));
                Ok(trim(&value, &pattern, false, *long))
            }
            Op::Replace(from, to, all) => {
                let (value, from, to) = (value.unwrap_or_default(), self.pattern(from)?, self.text(to)?);
                let (text, steps) = replace(&value, &from, &to, *all);
                self.cx.k.meter.charge(steps / 32);
                Ok(text)
            }
            Op::Part(offset, length) => {
                let value: Vec<char> = value.unwrap_or_default().chars().collect();
                let count = value.len() as i64;
                let offset = self.arith(offset)?;
                let start = if offset < 0 {
                    count.saturating_add(offset)
                } else {
                    offset
                }
                .clamp(0, count);
                let end = match length {
                    None => count,
                    Some(length) => {
                        let n = self.arith(length)?;
                        if n < 0 {
                            count.saturating_add(n)
                        } else {
                            start.saturating_add(n)
                        }
                    }
                };
                let end = end.clamp(start, count);
                Ok(value.iter().skip(start as usize).take((end - start) as usize).collect())
            }
            Op::Case(upper) => {
                let value = value.unwrap_or_default();
                Ok(if *upper {
                    value.to_ascii_uppercase()
                } else {
                    value.to_ascii_lowercase()
                })
            }
        }
    }

    /// Files that match a pattern, in order.
    fn files(&mut self, pattern: &str) -> Vec<String> {
        let absolute = pattern.starts_with('/');
        let parts: Vec<&str> = pattern.split('/').filter(|p| !p.is_empty()).collect();
        // Pairs of what is shown and where it is.
        let mut found = if absolute {
            vec![("/".to_owned(), "/".to_owned())]
        } else {
            vec![(String::new(), self.cx.path("."))]
        };
        for part in parts {
            let mut next = Vec::new();
            for (shown, dir) in found {
                let Ok(names) = self.cx.k.disk.list(&dir, self.cx.around) else {
                    continue;
                };
                for name in names {
                    let hidden = name.starts_with('.') && !part.starts_with('.') && !part.starts_with("\\.");
                    if !hidden && glob::matches(part, &name) && next.len() < MAX_FIELDS {
                        let shown = match shown.as_str() {
                            "" => name.clone(),
                            "/" => format!("/{name}"),
                            shown => format!("{shown}/{name}"),
                        };
                        next.push((shown, join(&dir, &name)));
                    }
                }
            }
            found = next;
        }
        found.into_iter().map(|(shown, _)| shown).collect()
    }
}

/// The most steps that cutting a value may take.
fn trim_steps(value: &str, pattern: &str) -> u64 {
    let (value, stars) = (value.len() as u64, 1 + pattern.matches('*').count() as u64);
    if value > 8_192 { 0 } else { value * value * stars / 512 }
}

/// The value without the part at its beginning (or end) that matches.
fn trim(value: &str, pattern: &str, front: bool, long: bool) -> String {
    if value.len() > 8_192 {
        // The search below is quadratic.
        return value.to_owned();
    }
    let mut cuts: Vec<usize> = value.char_indices().map(|(i, _)| i).chain([value.len()]).collect();
    if front == long {
        cuts.reverse();
    }
    for cut in cuts {
        let (head, tail) = value.split_at(cut);
        let (gone, rest) = if front { (head, tail) } else { (tail, head) };
        if glob::matches(pattern, gone) {
            return rest.to_owned();
        }
    }
    value.to_owned()
}

/// Steps of comparing characters that one replacement may take.
const MAX_COMPARED: u64 = 2_000_000;

/// The value with what matches replaced: the longest match at the first place, or at all places. Also the steps it
/// took; a replacement that takes too many leaves the rest as it is.
fn replace(value: &str, pattern: &str, to: &str, all: bool) -> (String, u64) {
    if pattern.is_empty() {
        return (value.to_owned(), 0);
    }
    let (text, pattern): (Vec<char>, Vec<char>) = (value.chars().collect(), pattern.chars().collect());
    let (mut out, mut at, mut steps) = (String::new(), 0, 0);
    while at < text.len() && steps < MAX_COMPARED {
        let (hit, took) = glob::longest(&pattern, text.get(at..).unwrap_or(&[]));
        steps += took;
        match hit.filter(|length| *length > 0) {
            Some(length) => {
                out.push_str(to);
                at += length;
                if !all {
                    break;
                }
            }
            // What a star at the beginning cannot reach from here, it cannot reach from further on.
            None if pattern.first() == Some(&'*') => break,
            None => {
                out.extend(text.get(at));
                at += 1;
            }
        }
    }
    out.extend(text.get(at..).unwrap_or(&[]));
    (out, steps)
}
