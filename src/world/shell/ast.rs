//! What a script is once it is read. Immutable and shared.

use std::cell::OnceCell;
use std::rc::Rc;

/// Commands in order.
pub type Script = Rc<[Item]>;

/// A command of a list.
#[derive(Clone, Debug)]
pub struct Item {
    /// The command.
    pub node: Rc<Node>,
    /// Followed by `&`.
    pub background: bool,
}

/// How a command of a chain hangs on the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// `&&`, and the first command.
    And,
    /// `||`.
    Or,
}

/// A command.
#[derive(Debug)]
pub enum Node {
    /// Assignments, words, redirections.
    Simple {
        /// `NAME=word`; the flag says `+=`.
        assigns: Vec<(String, Word, bool)>,
        /// The command and its arguments.
        words: Vec<Word>,
        /// Redirections.
        redirs: Vec<Redir>,
        /// Line of the script, from 1.
        line: u32,
    },
    /// `a | b`.
    Pipeline(Vec<Rc<Node>>),
    /// `! a`.
    Not(Rc<Node>),
    /// `a && b || c`.
    Chain(Vec<(Link, Rc<Node>)>),
    /// `{ a; }`.
    Group(Script),
    /// `( a )`.
    Subshell(Script),
    /// `if`; each arm is a condition and a body.
    If(Vec<(Script, Script)>, Option<Script>),
    /// `while`, or `until` when the flag is set.
    Loop(bool, Script, Script),
    /// `for name in words`; without words it goes over `"$@"`.
    For(String, Option<Vec<Word>>, Script),
    /// `for ((a; b; c))`.
    ForArith(Word, Word, Word, Script),
    /// `case word in`.
    Case(Word, Vec<(Vec<Word>, Script)>),
    /// `name() body`.
    Function(String, Rc<Node>),
    /// `((expression))`.
    Arith(Word),
    /// A compound command with redirections.
    Redirected(Rc<Node>, Vec<Redir>),
}

/// A word: its parts stand side by side.
pub type Word = Vec<Part>;

/// A part of a word.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text outside quotes; pattern characters count.
    Text(String),
    /// Text inside quotes.
    Quoted(String),
    /// `$name`, `${name…}`.
    Param {
        /// Name, number or special character.
        name: String,
        /// What is done with it.
        op: Op,
        /// Inside double quotes.
        quoted: bool,
    },
    /// `$(…)`.
    Command {
        /// The script.
        script: Script,
        /// Inside double quotes.
        quoted: bool,
    },
    /// `$((…))`.
    Arith {
        /// The expression, before its own expansions.
        expr: Word,
        /// Inside double quotes.
        quoted: bool,
    },
    /// `~` or `~/` at the beginning.
    Tilde,
}

/// What is done with a parameter.
#[derive(Clone, Debug)]
pub enum Op {
    /// Its value.
    Plain,
    /// `${#x}`.
    Length,
    /// `${x-w}`, `${x:-w}`: the flag says colon.
    Default(Word, bool),
    /// `${x=w}`.
    Assign(Word, bool),
    /// `${x?w}`.
    Error(Word, bool),
    /// `${x+w}`.
    Alternative(Word, bool),
    /// `${x#w}`; `##` when the flag is set.
    Prefix(Word, bool),
    /// `${x%w}`; `%%` when the flag is set.
    Suffix(Word, bool),
    /// `${x/a/b}`; all when the flag is set.
    Replace(Word, Word, bool),
    /// `${x:offset:length}`.
    Part(Word, Option<Word>),
    /// `${x^^}`, `${x,,}`.
    Case(bool),
}

/// A redirection.
#[derive(Clone, Debug)]
pub struct Redir {
    /// The descriptor; by kind when missing.
    pub fd: Option<u32>,
    /// Which one.
    pub kind: RedirKind,
    /// File name, descriptor, or text.
    pub target: Word,
}

/// Kinds of redirections.
#[derive(Clone, Debug)]
pub enum RedirKind {
    /// `<`.
    Read,
    /// `>`, `>|`.
    Write,
    /// `>>`.
    Append,
    /// `<>`.
    ReadWrite,
    /// `<&`, `>&`.
    Dup,
    /// `&>`, or `&>>` when the flag is set.
    Both(bool),
    /// `<<`; the text is read after the line.
    Here(Rc<OnceCell<Word>>),
    /// `<<<`.
    HereText,
}
