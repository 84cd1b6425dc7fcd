//! From the text of a script to its commands. Words are read in [`super::word`].

use std::cell::OnceCell;
use std::rc::Rc;

use super::ast::{Item, Link, Node, Redir, RedirKind, Script, Word};
use super::dialect::Dialect;

/// How deep commands and words may be nested.
const MAX_DEPTH: usize = 40;

/// Why a script cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Line of the script, from 1.
    pub line: u32,
    /// What is wrong.
    pub why: Why,
}

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// This word or operator has no place here; what was wanted instead.
    Unexpected(String, Option<&'static str>),
    /// The script ends too early; what was wanted.
    Ends(Option<&'static str>),
    /// A quote is not closed.
    Quote(char),
    /// `${…}` cannot be read.
    Substitution,
    /// `${` is not closed.
    Brace,
    /// `for` without a name.
    ForName(String),
    /// Nested deeper than this shell goes.
    Deep,
}

impl Error {
    /// As the shell words it.
    pub fn text(&self, dialect: Dialect) -> String {
        let expecting = |w: &Option<&str>| w.map(|w| format!(" (expecting \"{w}\")")).unwrap_or_default();
        match (dialect, &self.why) {
            (Dialect::Ash, Why::Unexpected(t, w)) => {
                format!("syntax error: unexpected {}{}", ash_token(t), expecting(w))
            }
            (Dialect::Ash, Why::Ends(w)) => format!("syntax error: unexpected end of file{}", expecting(w)),
            (Dialect::Ash, Why::Quote(_)) => "syntax error: unterminated quoted string".to_owned(),
            (Dialect::Ash, Why::Substitution) => "syntax error: bad substitution".to_owned(),
            (Dialect::Ash, Why::Brace) => "syntax error: missing '}'".to_owned(),
            (Dialect::Ash, Why::ForName(_)) => "syntax error: bad for loop variable".to_owned(),
            (Dialect::Dash, Why::Brace) => "Syntax error: Missing '}'".to_owned(),
            (Dialect::Dash, Why::ForName(_)) => "Syntax error: Bad for loop variable".to_owned(),
            (Dialect::Bash, Why::Brace) => "unexpected EOF while looking for matching `}'".to_owned(),
            (Dialect::Bash, Why::ForName(t)) => format!("syntax error near unexpected token `{t}'"),
            (Dialect::Dash, Why::Unexpected(t, w)) => {
                format!("Syntax error: {} unexpected{}", ash_token(t), expecting(w))
            }
            (Dialect::Dash, Why::Ends(w)) => format!("Syntax error: end of file unexpected{}", expecting(w)),
            (Dialect::Dash, Why::Quote(_)) => "Syntax error: Unterminated quoted string".to_owned(),
            (Dialect::Dash, Why::Substitution) => "Bad substitution".to_owned(),
            (Dialect::Bash, Why::Unexpected(t, _)) => format!("syntax error near unexpected token `{t}'"),
            (Dialect::Bash, Why::Ends(_)) => "syntax error: unexpected end of file".to_owned(),
            (Dialect::Bash, Why::Quote(c)) => format!("unexpected EOF while looking for matching `{c}'"),
            (Dialect::Bash, Why::Substitution) => "bad substitution".to_owned(),
            (_, Why::Deep) => "syntax error: nested too deep".to_owned(),
        }
    }
}

fn ash_token(token: &str) -> String {
    if token == "newline" {
        token.to_owned()
    } else {
        format!("\"{token}\"")
    }
}

/// Reads a script. The commands before the first error are kept: a shell has run them by then.
pub fn parse(text: &str, dialect: Dialect) -> (Script, Option<Error>) {
    parse_nested(text, dialect, 0)
}

/// Reads the text of a backquoted command.
pub(super) fn parse_nested(text: &str, dialect: Dialect, depth: usize) -> (Script, Option<Error>) {
    let mut parser = Parser {
        src: text.chars().collect(),
        pos: 0,
        line: 1,
        depth,
        dialect,
        heres: Vec::new(),
    };
    let (mut items, mut whole_lines) = (Vec::new(), 0);
    let error = loop {
        let line = parser.line;
        match parser.complete_command(&mut items) {
            Ok(true) => {}
            Ok(false) => break None,
            Err(error) => {
                items.truncate(whole_lines);
                break Some(error);
            }
        }
        if parser.line > line && parser.at_line_start() {
            whole_lines = items.len();
        }
    };
    (items.into(), error)
}

/// A here-document whose text is still to come.
pub(super) struct Here {
    end: String,
    quoted: bool,
    tabs: bool,
    cell: Rc<OnceCell<Word>>,
}

/// The reader's place in the text.
pub(super) struct Parser {
    pub(super) src: Vec<char>,
    pub(super) pos: usize,
    pub(super) line: u32,
    pub(super) depth: usize,
    pub(super) dialect: Dialect,
    heres: Vec<Here>,
}

/// A result of reading.
pub(super) type Res<T> = Result<T, Error>;

const RESERVED: [&str; 13] = [
    "then", "else", "elif", "fi", "do", "done", "esac", "}", "in", ";;", ")", "]]", "))",
];

impl Parser {
    /// A reader of a piece of the same script.
    pub(super) fn nested(text: &str, of: &Parser) -> Parser {
        Parser {
            src: text.chars().collect(),
            pos: 0,
            line: of.line,
            depth: of.depth,
            dialect: of.dialect,
            heres: Vec::new(),
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.src.get(self.pos).copied()
    }

    /// Whether everything since the last end of line is blank.
    fn at_line_start(&self) -> bool {
        let before = self.src.get(..self.pos).unwrap_or(&[]);
        before.iter().rev().find(|c| !matches!(c, ' ' | '\t')) == Some(&'\n')
    }

    pub(super) fn at(&self, offset: usize) -> Option<char> {
        self.src.get(self.pos + offset).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += 1;
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    pub(super) fn starts(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.at(i) == Some(c))
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.starts(text);
        if found {
            for _ in text.chars() {
                self.next();
            }
        }
        found
    }

    pub(super) fn error<T>(&self, why: Why) -> Res<T> {
        Err(Error { line: self.line, why })
    }

    pub(super) fn deeper<T>(&mut self, f: impl FnOnce(&mut Self) -> Res<T>) -> Res<T> {
        if self.depth >= MAX_DEPTH {
            return self.error(Why::Deep);
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }

    pub(super) fn unexpected<T>(&mut self, expecting: Option<&'static str>) -> Res<T> {
        self.blanks();
        let why = match self.peek() {
            None => Why::Ends(expecting),
            Some('\n') => Why::Unexpected("newline".to_owned(), expecting),
            Some(_) => {
                let operator = [";;", "&&", "||", "<<", ">>", ";", "&", "|", "(", ")", "<", ">"]
                    .into_iter()
                    .find(|op| self.starts(op));
                let token = operator.map_or_else(|| self.bare(), str::to_owned);
                Why::Unexpected(if token.is_empty() { "word".to_owned() } else { token }, expecting)
            }
        };
        self.error(why)
    }

    /// Skips blanks, joined lines and a comment.
    pub(super) fn blanks(&mut self) {
        loop {
            if self.starts("\\\n") {
                self.next();
                self.next();
            } else if matches!(self.peek(), Some(' ' | '\t' | '\r')) {
                self.next();
            } else if self.peek() == Some('#') {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.next();
                }
            } else {
                return;
            }
        }
    }

    /// Skips blanks and ends of lines.
    pub(super) fn newlines(&mut self) -> Res<()> {
        loop {
            self.blanks();
            if self.peek() != Some('\n') {
                return Ok(());
            }
            self.next();
            self.here_texts()?;
        }
    }

    /// The word at this place when it has no quotes and expansions; else nothing.
    pub(super) fn bare(&self) -> String {
        let word: String = self
            .src
            .iter()
            .skip(self.pos)
            .take_while(|c| !is_meta(**c))
            .take(64)
            .collect();
        if word.contains(['\'', '"', '\\', '$', '`']) {
            String::new()
        } else {
            word
        }
    }

    /// Eats a reserved word.
    pub(super) fn keyword(&mut self, word: &str) -> bool {
        self.blanks();
        self.bare() == word && self.eat(word)
    }

    pub(super) fn expect_keyword(&mut self, word: &'static str) -> Res<()> {
        if self.keyword(word) {
            Ok(())
        } else {
            self.unexpected(Some(word))
        }
    }

    /// Reads up to the end of a line or a `;` at top level; false at the end.
    fn complete_command(&mut self, items: &mut Vec<Item>) -> Res<bool> {
        self.newlines()?;
        if self.peek().is_none() {
            return Ok(false);
        }
        let node = self.chain()?;
        self.blanks();
        let background = !self.starts("&&") && self.eat("&");
        if !background && !self.starts(";;") {
            self.eat(";");
        }
        self.blanks();
        items.push(Item {
            node: Rc::new(node),
            background,
        });
        if self.peek() == Some('\n') {
            self.newlines()?;
        } else if self.peek().is_none() {
            self.here_texts()?;
        }
        Ok(true)
    }

    /// Commands up to a reserved word or bracket that ends them.
    pub(super) fn list(&mut self) -> Res<Script> {
        let mut items = Vec::new();
        loop {
            self.newlines()?;
            let bare = self.bare();
            if self.peek().is_none() || self.starts(")") || self.starts(";;") || RESERVED.contains(&bare.as_str()) {
                break;
            }
            let node = self.deeper(|p| p.chain())?;
            self.blanks();
            let background = !self.starts("&&") && self.eat("&");
            items.push(Item {
                node: Rc::new(node),
                background,
            });
            if !background && !self.starts(";;") && !self.eat(";") && self.peek() != Some('\n') {
                break;
            }
        }
        Ok(items.into())
    }

    pub(super) fn some_list(&mut self, expecting: Option<&'static str>) -> Res<Script> {
        let list = self.list()?;
        if list.is_empty() {
            self.unexpected(expecting)
        } else {
            Ok(list)
        }
    }

    fn chain(&mut self) -> Res<Node> {
        let first = self.pipeline()?;
        let mut all = vec![(Link::And, Rc::new(first))];
        loop {
            self.blanks();
            let link = if self.eat("&&") {
                Link::And
            } else if self.eat("||") {
                Link::Or
            } else {
                break;
            };
            self.newlines()?;
            let node = self.pipeline()?;
            all.push((link, Rc::new(node)));
        }
        Ok(match all.len() {
            1 => single(all),
            _ => Node::Chain(all),
        })
    }

    fn pipeline(&mut self) -> Res<Node> {
        let mut negated = false;
        while self.keyword("!") {
            negated = !negated;
        }
        let mut commands = vec![self.command()?];
        loop {
            self.blanks();
            if self.starts("||") || !self.eat("|") {
                break;
            }
            let both = self.eat("&");
            if both && let Some(last) = commands.pop() {
                commands.push(Node::Redirected(Rc::new(last), vec![dup(2, "1")]));
            }
            self.newlines()?;
            commands.push(self.command()?);
        }
        let node = if commands.len() == 1 {
            match commands.pop() {
                Some(only) => only,
                None => return self.unexpected(None),
            }
        } else {
            Node::Pipeline(commands.into_iter().map(Rc::new).collect())
        };
        Ok(if negated { Node::Not(Rc::new(node)) } else { node })
    }

    fn command(&mut self) -> Res<Node> {
        self.blanks();
        if self.dialect == Dialect::Bash
            && self.starts("((")
            && let Some(expr) = self.arith_command()?
        {
            return self.redirected(Node::Arith(expr));
        }
        if self.eat("(") {
            let body = self.deeper(|p| p.some_list(None))?;
            self.blanks();
            if !self.eat(")") {
                return self.unexpected(Some(")"));
            }
            return self.redirected(Node::Subshell(body));
        }
        let bare = self.bare();
        let node = match bare.as_str() {
            "{" => {
                self.keyword("{");
                let body = self.deeper(|p| p.some_list(Some("}")))?;
                self.expect_keyword("}")?;
                Node::Group(body)
            }
            "if" => self.deeper(|p| p.if_command())?,
            "while" | "until" => {
                self.keyword(&bare);
                let test = self.deeper(|p| p.some_list(Some("do")))?;
                let body = self.do_group()?;
                Node::Loop(bare == "until", test, body)
            }
            "for" => self.deeper(|p| p.for_command())?,
            "case" => self.deeper(|p| p.case_command())?,
            "[[" if self.dialect != Dialect::Dash => {
                let line = self.line;
                self.keyword("[[");
                let words = self.double_bracket()?;
                Node::Simple {
                    assigns: Vec::new(),
                    words,
                    redirs: Vec::new(),
                    line,
                }
            }
            "function" if self.dialect != Dialect::Dash => {
                self.keyword("function");
                self.blanks();
                let name = self.bare();
                self.eat(&name);
                self.blanks();
                if self.eat("(") {
                    self.blanks();
                    self.eat(")");
                }
                return self.function(name);
            }
            word if RESERVED.contains(&word) && word != "in" => return self.unexpected(None),
            _ => return self.simple(),
        };
        self.redirected(node)
    }

    fn redirected(&mut self, node: Node) -> Res<Node> {
        let mut redirs = Vec::new();
        while let Some(redir) = self.redirection()? {
            redirs.push(redir);
        }
        Ok(if redirs.is_empty() {
            node
        } else {
            Node::Redirected(Rc::new(node), redirs)
        })
    }

    fn function(&mut self, name: String) -> Res<Node> {
        self.newlines()?;
        let body = self.deeper(|p| p.command())?;
        Ok(Node::Function(name, Rc::new(body)))
    }

    fn simple(&mut self) -> Res<Node> {
        let line = self.line;
        let (mut assigns, mut words, mut redirs) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            if let Some(redir) = self.redirection()? {
                redirs.push(redir);
                continue;
            }
            self.blanks();
            let Some(word) = self.word()? else {
                break;
            };
            if words.is_empty() {
                match super::word::assignment(word) {
                    Ok(assign) => {
                        assigns.push(assign);
                        continue;
                    }
                    Err(word) => words.push(word),
                }
                self.blanks();
                if words.len() == 1 && self.peek() == Some('(') && assigns.is_empty() {
                    let after = self.src.iter().skip(self.pos + 1).find(|c| !matches!(c, ' ' | '\t'));
                    if after == Some(&')') {
                        let name = super::word::literal(words.first().unwrap_or(&Vec::new()));
                        self.eat("(");
                        self.blanks();
                        self.eat(")");
                        return self.function(name);
                    }
                }
            } else {
                words.push(word);
            }
        }
        if assigns.is_empty() && words.is_empty() && redirs.is_empty() {
            return self.unexpected(None);
        }
        if self.peek() == Some('(') {
            return self.unexpected(None);
        }
        Ok(Node::Simple {
            assigns,
            words,
            redirs,
            line,
        })
    }

    fn redirection(&mut self) -> Res<Option<Redir>> {
        self.blanks();
        let digits: String = self
            .src
            .iter()
            .skip(self.pos)
            .take_while(|c| c.is_ascii_digit())
            .take(4)
            .collect();
        let after = self.at(digits.len());
        let numbered = !digits.is_empty() && matches!(after, Some('<' | '>'));
        let both = self.starts("&>");
        if !numbered && !both && !matches!(self.peek(), Some('<' | '>')) {
            return Ok(None);
        }
        let fd = if numbered {
            self.eat(&digits);
            digits.parse().ok()
        } else {
            None
        };
        let operators = ["&>>", "&>", "<<<", "<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">"];
        let Some(operator) = operators.into_iter().find(|op| self.starts(op)) else {
            return Ok(None);
        };
        self.eat(operator);
        self.blanks();
        let quoted_from = self.pos;
        let Some(target) = self.word()? else {
            return self.unexpected(None);
        };
        let kind = match operator {
            "<" => RedirKind::Read,
            ">>" => RedirKind::Append,
            "<>" => RedirKind::ReadWrite,
            "<&" => RedirKind::Dup,
            ">&" => {
                let digits = super::word::literal(&target);
                if digits == "-" || digits.chars().all(|c| c.is_ascii_digit()) && !digits.is_empty() || fd.is_some() {
                    RedirKind::Dup
                } else {
                    RedirKind::Both(false)
                }
            }
            "&>" => RedirKind::Both(false),
            "&>>" => RedirKind::Both(true),
            "<<<" => RedirKind::HereText,
            "<<" | "<<-" => {
                let cell = Rc::new(OnceCell::new());
                let raw: String = self.src.get(quoted_from..self.pos).unwrap_or(&[]).iter().collect();
                self.heres.push(Here {
                    end: super::word::literal(&target),
                    quoted: raw.contains(['\'', '"', '\\']),
                    tabs: operator == "<<-",
                    cell: cell.clone(),
                });
                RedirKind::Here(cell)
            }
            _ => RedirKind::Write,
        };
        Ok(Some(Redir { fd, kind, target }))
    }

    /// Reads the texts of here-documents that the line just ended asked for.
    fn here_texts(&mut self) -> Res<()> {
        for here in std::mem::take(&mut self.heres) {
            let mut text = String::new();
            while self.peek().is_some() {
                let mut line = String::new();
                while let Some(c) = self.next() {
                    if c == '\n' {
                        break;
                    }
                    line.push(c);
                }
                let line = if here.tabs {
                    line.trim_start_matches('\t').to_owned()
                } else {
                    line
                };
                if line == here.end {
                    break;
                }
                text.push_str(&line);
                text.push('\n');
            }
            let word = if here.quoted {
                vec![super::ast::Part::Quoted(text)]
            } else {
                self.here_word(&text)?
            };
            let _ = here.cell.set(word);
        }
        Ok(())
    }
}

fn single(mut all: Vec<(Link, Rc<Node>)>) -> Node {
    match all.pop() {
        Some((_, node)) => Rc::try_unwrap(node).unwrap_or_else(|shared| Node::Chain(vec![(Link::And, shared)])),
        None => Node::Chain(Vec::new()),
    }
}

fn dup(fd: u32, to: &str) -> Redir {
    Redir {
        fd: Some(fd),
        kind: RedirKind::Dup,
        target: vec![super::ast::Part::Text(to.to_owned())],
    }
}

/// Characters that end a word outside quotes.
pub(super) fn is_meta(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | ';' | '&' | '|' | '<' | '>' | '(' | ')')
}

/// Whether a text may name a variable.
pub fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
