//! Frames of the shell's stack: commands in progress.

use std::rc::Rc;

use super::super::kernel::Pid;
use super::Var;
use super::ast::{Node, Script};
use super::reading;
use super::redirect::Saved;

/// What the words being expanded are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// A command; `for`'s words; `case`; `((…))`; redirections of a compound command.
    Command,
    /// The condition of `for ((…))`, or its step when the flag is set.
    Arith(bool),
}

/// A command in progress.
#[derive(Clone, Debug)]
pub enum Frame {
    /// A list.
    List {
        /// Its commands.
        items: Script,
        /// The next one.
        next: usize,
    },
    /// `a && b || c`.
    Chain {
        /// The chain.
        node: Rc<Node>,
        /// The next command.
        next: usize,
    },
    /// `!`.
    Not,
    /// `if`, its condition being run.
    If {
        /// The command.
        node: Rc<Node>,
        /// Which arm's condition.
        arm: usize,
    },
    /// `while` and `until`.
    Loop {
        /// The command.
        node: Rc<Node>,
        /// The condition is being run, not the body.
        testing: bool,
    },
    /// `for`.
    For {
        /// The command.
        node: Rc<Node>,
        /// The values.
        values: Rc<[String]>,
        /// The next one.
        next: usize,
    },
    /// `for ((…))`, its body being run.
    ForArith(Rc<Node>),
    /// Words being expanded; `memo` holds the texts of the commands they contain.
    Work {
        /// The command.
        node: Rc<Node>,
        /// Texts so far.
        memo: Vec<String>,
        /// What for.
        what: For,
    },
    /// A command substitution.
    Subst {
        /// The subshell.
        pid: Pid,
        /// The reading end.
        open: u32,
        /// What it wrote so far.
        text: String,
    },
    /// Children in the foreground.
    Wait {
        /// Those still to end.
        pids: Vec<Pid>,
        /// The one whose exit code counts.
        last: Pid,
        /// The last failure among them, for `pipefail`.
        failed: i32,
    },
    /// Redirections to be undone.
    Restore(Saved),
    /// A function's call: what was before.
    Call {
        /// Parameters.
        positional: Rc<Vec<String>>,
        /// Variables that were made local.
        locals: Vec<(String, Option<Var>)>,
    },
    /// A sourced file.
    Source,
    /// A trap's action; the exit code from before comes back.
    Trap(i32),
    /// The builtin `wait`.
    Jobs {
        /// Those still to end; all jobs when empty at the beginning.
        pids: Vec<Pid>,
    },
    /// The builtin `read`.
    Reading(reading::Reading),
    /// Script text from standard input.
    Input {
        /// Text so far.
        text: String,
    },
    /// The script could not be read further.
    Broken {
        /// The message.
        text: Rc<str>,
    },
}
