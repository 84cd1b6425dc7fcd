//! A small POSIX shell that can stop at any command and go on later.
//!
//! A script is read once ([`parse`]) and then run by a machine with a stack of its own ([`run`]): waiting for a child, a
//! pipe or a signal is a state of that stack, never a blocked host thread. Time passes only when the caller says so.

pub mod arith;
pub mod ast;
pub mod builtins;
mod compound;
pub mod condition;
pub mod dialect;
pub mod expand;
pub mod frame;
mod jobs;
pub mod parse;
mod prepare;
mod process;
pub mod reading;
pub mod redirect;
pub mod run;
mod simple;
mod variables;
mod word;

use std::rc::Rc;

use self::ast::{Node, Script};
use self::dialect::Dialect;
use self::frame::Frame;
use super::kernel::{Cx, Pid};
use super::signal::Signal;
use crate::map::Map;

/// Bytes all variables of one shell may hold.
const MAX_VARS: usize = 1 << 20;

/// A variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Var {
    /// Its value.
    pub value: String,
    /// Handed to commands.
    pub exported: bool,
    /// May not change.
    pub readonly: bool,
}

/// What `set` and the command line turn on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `-e`.
    pub errexit: bool,
    /// `-u`.
    pub nounset: bool,
    /// `-x`.
    pub xtrace: bool,
    /// `-f`.
    pub noglob: bool,
    /// `-o pipefail`.
    pub pipefail: bool,
}

/// A running shell.
#[derive(Clone, Debug)]
pub struct Shell {
    pub(super) dialect: Dialect,
    pub(super) arg0: Rc<str>,
    pub(super) frames: Vec<Frame>,
    pub(super) vars: Rc<Map<String, Var>>,
    vars_size: usize,
    pub(super) functions: Rc<Map<String, Rc<Node>>>,
    pub(super) positional: Rc<Vec<String>>,
    pub(super) status: i32,
    /// Exit code of the last command substitution of the command being expanded.
    pub(super) substituted: Option<i32>,
    pub(super) options: Options,
    /// `-e` does not count: the shell was forked inside a condition.
    pub(super) lenient: bool,
    /// Actions by signal; an empty one ignores it.
    pub(super) traps: Rc<Map<Signal, String>>,
    pub(super) exit_trap: Option<Rc<str>>,
    pub(super) pending: Vec<Signal>,
    pub(super) background: Option<Pid>,
    pub(super) jobs: Vec<Pid>,
    /// `$$`: the first shell's ID, in subshells too.
    pub(super) shell_pid: Pid,
    /// The code to end with once the EXIT trap has run.
    pub(super) ending: Option<i32>,
    pub(super) line: u32,
    /// Steps and commands since the shell last waited.
    pub(super) busy: run::Busy,
    random: u64,
    pub(super) getopts: (usize, usize),
    /// A script whose last command may take the shell's place.
    pub(super) tail: bool,
}

impl Shell {
    /// A shell by its command line: `sh -c …`, `sh file`, or one that reads its standard input.
    ///
    /// # Errors
    /// The exit code, once the message is printed.
    pub fn start(dialect: Dialect, argv: &[String], cx: &mut Cx) -> Result<Shell, i32> {
        let name = argv.first().map_or("sh", String::as_str);
        let mut shell = Shell::bare(dialect, name, cx);
        let (mut rest, mut command) = (argv.get(1..).unwrap_or(&[]), false);
        while let Some((first, more)) = rest.split_first() {
            if first == "--" {
                rest = more;
                break;
            }
            if first.starts_with("--") {
                rest = more;
                continue;
            }
            let Some(flags) = first.strip_prefix(['-', '+']).filter(|f| !f.is_empty()) else {
                break;
            };
            rest = more;
            let on = first.starts_with('-');
            for flag in flags.chars() {
                match flag {
                    'c' => command = true,
                    'o' => {
                        if let Some((option, more)) = rest.split_first() {
                            shell.options.by_name(option, on);
                            rest = more;
                        }
                    }
                    flag => {
                        shell.options.by_letter(flag, on);
                    }
                }
            }
        }
        if command {
            let Some((text, rest)) = rest.split_first() else {
                cx.err(&format!("{name}: -c requires an argument\n"));
                return Err(2);
            };
            if let Some((name, args)) = rest.split_first() {
                shell.arg0 = Rc::from(name.as_str());
                shell.positional = Rc::new(args.to_vec());
            }
            shell.tail = true;
            shell.read(text);
            return Ok(shell);
        }
        if let Some((file, args)) = rest.split_first() {
            shell.arg0 = Rc::from(file.as_str());
            shell.positional = Rc::new(args.to_vec());
            let path = cx.path(file);
            return match cx.k.disk.read(&path, cx.around) {
                Ok(text) => {
                    shell.read(&text);
                    Ok(shell)
                }
                Err(why) => {
                    let text = dialect.cannot_open(file, why.text());
                    cx.err(&dialect.message(name, 0, None, &text));
                    Err(if dialect == Dialect::Bash { 127 } else { 2 })
                }
            };
        }
        shell.frames.push(Frame::Input { text: String::new() });
        Ok(shell)
    }

    /// A shell that runs a script file, as `#!` asks for: `argv` names the file and its arguments.
    pub fn script(dialect: Dialect, argv: &[String], text: &str, cx: &Cx) -> Shell {
        let mut shell = Shell::bare(dialect, argv.first().map_or("sh", String::as_str), cx);
        shell.positional = Rc::new(argv.get(1..).unwrap_or(&[]).to_vec());
        shell.read(text);
        shell
    }

    fn bare(dialect: Dialect, name: &str, cx: &Cx) -> Shell {
        let mut vars = Map::new();
        let mut size = 0;
        if let Some(me) = cx.me() {
            for (name, value) in me.env.iter() {
                size += name.len() + value.len();
                let var = Var {
                    value: value.clone(),
                    exported: true,
                    readonly: false,
                };
                vars.insert(name.clone(), var);
            }
        }
        Shell {
            dialect,
            arg0: Rc::from(name),
            frames: Vec::new(),
            vars: Rc::new(vars),
            vars_size: size,
            functions: Rc::default(),
            positional: Rc::default(),
            status: 0,
            substituted: None,
            options: Options::default(),
            lenient: false,
            traps: Rc::default(),
            exit_trap: None,
            pending: Vec::new(),
            background: None,
            jobs: Vec::new(),
            shell_pid: cx.pid,
            ending: None,
            line: 1,
            busy: run::Busy::default(),
            random: 0,
            getopts: (1, 0),
            tail: false,
        }
    }

    /// Puts a script on the stack.
    pub(super) fn read(&mut self, text: &str) {
        let (script, error) = parse::parse(text, self.dialect);
        if let Some(error) = error {
            self.line = error.line;
            let text = error.text(self.dialect);
            self.frames.push(Frame::Broken {
                text: self.dialect.message(&self.arg0, error.line, None, &text).into(),
            });
        }
        self.push_list(&script);
    }

    pub(super) fn push_list(&mut self, script: &Script) {
        if !script.is_empty() {
            self.frames.push(Frame::List {
                items: script.clone(),
                next: 0,
            });
        }
    }

    /// Whether the shell has an action for a signal.
    pub fn takes(&self, signal: Signal) -> bool {
        self.traps.contains_key(&signal)
    }

    /// Takes a signal it has an action for; true when there is something to run.
    pub fn deliver(&mut self, signal: Signal) -> bool {
        let acts = self.traps.get(&signal).is_some_and(|action| !action.is_empty());
        if acts && !self.pending.contains(&signal) {
            self.pending.push(signal);
        }
        acts
    }

    /// Whether it waits for a line, and for no longer than some time.
    pub fn reads_with_limit(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Reading(_)))
    }

    /// The value of a plain variable.
    pub(super) fn var(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(|v| v.value.as_str())
    }

    /// The value of a variable or parameter; `None` when unset.
    pub(super) fn value(&mut self, name: &str, cx: &Cx) -> Option<String> {
        match name {
            "?" => Some(self.status.to_string()),
            "$" => Some(self.shell_pid.to_string()),
            "!" => self.background.map(|pid| pid.to_string()),
            "#" => Some(self.positional.len().to_string()),
            "0" => Some(self.arg0.to_string()),
            "-" => Some(self.options.letters()),
            "@" | "*" => {
                let between = self
                    .var("IFS")
                    .map_or(" ".to_owned(), |ifs| ifs.chars().take(1).collect());
                Some(self.positional.join(if name == "@" { " " } else { &between }))
            }
            _ if name.starts_with(|c: char| c.is_ascii_digit()) => {
                let index = name.parse::<usize>().ok()?;
                self.positional.get(index.checked_sub(1)?).cloned()
            }
            _ => {
                if let Some(var) = self.vars.get(name) {
                    return Some(var.value.clone());
                }
                match name {
                    "PPID" => Some(cx.me()?.ppid.to_string()),
                    "BASHPID" if self.dialect == Dialect::Bash => Some(cx.pid.to_string()),
                    "LINENO" => Some(self.line.to_string()),
                    "PWD" => Some(cx.me()?.cwd.to_string()),
                    "SECONDS" => Some((cx.at - cx.me()?.started).secs().to_string()),
                    "EPOCHSECONDS" => Some(cx.around.unix(cx.at).to_string()),
                    "UID" | "EUID" if self.dialect == Dialect::Bash => Some("0".to_owned()),
                    "HOSTNAME" if self.dialect != Dialect::Dash => Some(cx.k.spec.hostname.clone()),
                    "RANDOM" if self.dialect != Dialect::Dash => {
                        // A plain linear generator: the same numbers in every run.
                        self.random = self
                            .random
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040);
                        Some(((self.random >> 33) & 0x7fff).to_string())
                    }
                    _ => None,
                }
            }
        }
    }

    /// Gives a variable a value; false when it is read-only or too large.
    pub(super) fn set(&mut self, name: &str, value: &str) -> bool {
        let old = self.vars.get(name);
        let size = self.vars_size.saturating_sub(old.map_or(0, |v| v.value.len()))
            + value.len()
            + if old.is_none() { name.len() } else { 0 };
        if old.is_some_and(|v| v.readonly) || size > MAX_VARS {
            return false;
        }
        self.vars_size = size;
        let var = Rc::make_mut(&mut self.vars).entry(name.to_owned()).or_default();
        var.value.clear();
        var.value.push_str(value);
        true
    }

    /// Takes a variable away; false when it is read-only.
    pub(super) fn unset(&mut self, name: &str) -> bool {
        if self.vars.get(name).is_some_and(|v| v.readonly) {
            return false;
        }
        if let Some(old) = Rc::make_mut(&mut self.vars).remove(name) {
            self.vars_size = self.vars_size.saturating_sub(old.value.len() + name.len());
        }
        true
    }

    /// The environment of commands.
    pub(super) fn environment(&self) -> Map<String, String> {
        let exported = self.vars.iter().filter(|(_, v)| v.exported);
        exported.map(|(n, v)| (n.clone(), v.value.clone())).collect()
    }
}

impl arith::Names for Shell {
    fn get(&self, name: &str) -> String {
        self.var(name).unwrap_or_default().to_owned()
    }

    fn set(&mut self, name: &str, value: i64) {
        Shell::set(self, name, &value.to_string());
    }
}

impl Options {
    /// Turns an option on or off by its letter; false when there is none.
    pub fn by_letter(&mut self, letter: char, on: bool) -> bool {
        match letter {
            'e' => self.errexit = on,
            'u' => self.nounset = on,
            'x' => self.xtrace = on,
            'f' => self.noglob = on,
            'a' | 'b' | 'h' | 'i' | 'l' | 'm' | 'n' | 's' | 'v' | 'B' | 'C' | 'E' | 'T' => {}
            _ => return false,
        }
        true
    }

    /// Turns an option on or off by its name; false when there is none.
    pub fn by_name(&mut self, name: &str, on: bool) -> bool {
        match name {
            "errexit" => self.errexit = on,
            "nounset" => self.nounset = on,
            "xtrace" => self.xtrace = on,
            "noglob" => self.noglob = on,
            "pipefail" => self.pipefail = on,
            "monitor" | "verbose" | "allexport" | "errtrace" | "posix" | "noclobber" | "nolog" => {}
            _ => return false,
        }
        true
    }

    fn letters(self) -> String {
        let all = [
            (self.errexit, 'e'),
            (self.noglob, 'f'),
            (self.nounset, 'u'),
            (self.xtrace, 'x'),
        ];
        all.into_iter()
            .filter(|(on, _)| *on)
            .map(|(_, letter)| letter)
            .collect()
    }
}

/// Whether a word has nothing but blanks.
pub(super) fn word_is_blank(word: &ast::Word) -> bool {
    word.iter()
        .all(|p| matches!(p, ast::Part::Quoted(t) | ast::Part::Text(t) if t.trim().is_empty()))
}
