//! The machine that runs a script: a stack of frames, each a command in progress.

use std::rc::Rc;

use super::super::io::Read;
use super::super::kernel::{Body, Cx, Pid, Process, Step};
use super::super::launch::{Missing, process_like};
use super::super::signal::Signal;
use super::super::spec::NoteKind;
use super::ast::{Link, Node, Script};
use super::builtins::{self, After};
use super::expand::{Expander, Trouble};
use super::redirect::{self, Saved};
use super::{Shell, Var, parse};
use crate::time::{Duration, Instant};

/// Steps run at one instant.
const SLICE: u32 = 1_000;
/// Slices without waiting that are still plain work: a real shell does about a thousand steps in a millisecond.
const PLAIN_SLICES: u32 = 20;
/// Steps run at one instant once the shell spins.
const SPINNING_SLICE: u32 = 100;
/// Frames before the stack counts as endless recursion.
const MAX_FRAMES: usize = 1_000;
/// Bytes kept of a command substitution.
const MAX_TEXT: usize = 1 << 18;

/// How long the shell has been busy without waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Busy {
    slices: u32,
    since: Instant,
}

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
    Reading(builtins::Reading),
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

/// What a step leads to.
pub enum Flow {
    /// The next step.
    Go,
    /// Something else than the shell must happen.
    Stop(Step),
}

impl Shell {
    /// Runs until the shell waits, ends, or has been busy for one slice.
    pub fn run(&mut self, cx: &mut Cx) -> Step {
        if cx.at - self.busy.since > Duration::from_millis(50) {
            self.busy = Busy::default();
        }
        let slice = if self.busy.slices > PLAIN_SLICES {
            SPINNING_SLICE
        } else {
            SLICE
        };
        for _ in 0..slice {
            let signals =
                cx.k.processes
                    .get_mut(&cx.pid)
                    .map(|p| std::mem::take(&mut p.queued))
                    .unwrap_or_default();
            for signal in signals {
                if self.takes(signal) {
                    self.deliver(signal);
                } else if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
                    process.queued.push(signal);
                    return Step::At(cx.at);
                }
            }
            if cx.me().is_none_or(|p| p.broken || p.dying.is_some()) {
                return Step::Block;
            }
            if !self.pending.is_empty() && self.trap_now() {
                continue;
            }
            if self.frames.len() > MAX_FRAMES {
                cx.k.note(
                    NoteKind::NotModelled,
                    "commands nested deeper than 1000: the shell crashes",
                    None,
                );
                return Step::Exit(Signal(11).exit_code());
            }
            match self.step(cx) {
                Flow::Go => {}
                Flow::Stop(step) => {
                    if matches!(step, Step::Block | Step::At(_)) {
                        self.busy.since = cx.at;
                    }
                    return step;
                }
            }
        }
        self.busy.slices += 1;
        let after = match self.busy.slices.checked_sub(PLAIN_SLICES) {
            None => Duration::from_millis(1),
            Some(over) => {
                cx.k.note(
                    NoteKind::Spins,
                    "a loop that never waits: it spins, and is run ever more coarsely",
                    None,
                );
                Duration::from_millis((10_i64 << over.min(7)).min(1_000) << (over / 256).min(6))
            }
        };
        self.busy.since = cx.at + after;
        Step::At(cx.at + after)
    }

    /// Begins the action of a pending trap unless a foreground command has to end first.
    fn trap_now(&mut self) -> bool {
        match self.frames.last() {
            Some(Frame::Wait { .. } | Frame::Subst { .. }) => return false,
            Some(Frame::Jobs { .. } | Frame::Reading(_)) => {
                self.frames.pop();
                self.status = self.pending.first().map_or(0, |s| s.exit_code());
            }
            _ => {}
        }
        let signal = self.pending.remove(0);
        let action = self.traps.get(&signal).cloned().unwrap_or_default();
        self.frames.push(Frame::Trap(self.status));
        self.read(&action);
        true
    }

    fn step(&mut self, cx: &mut Cx) -> Flow {
        let Some(frame) = self.frames.last_mut() else {
            return self.finish();
        };
        match frame {
            Frame::List { items, next } => {
                let Some(item) = items.get(*next).cloned() else {
                    self.frames.pop();
                    return Flow::Go;
                };
                *next += 1;
                // The last command stands on its own, so that it may take the shell's place.
                if *next == items.len() {
                    self.frames.pop();
                }
                if item.background {
                    self.start_background(&item.node, cx);
                    Flow::Go
                } else {
                    self.enter(&item.node, cx)
                }
            }
            Frame::Chain { node, next } => {
                let node = node.clone();
                let Node::Chain(all) = &*node else {
                    self.frames.pop();
                    return Flow::Go;
                };
                let Some((link, command)) = all.get(*next) else {
                    self.frames.pop();
                    return Flow::Go;
                };
                let wanted = *next == 0 || (*link == Link::And) == (self.status == 0);
                *next += 1;
                if *next == all.len() {
                    self.frames.pop();
                }
                if wanted { self.enter(command, cx) } else { Flow::Go }
            }
            Frame::Not => {
                self.frames.pop();
                self.status = i32::from(self.status == 0);
                Flow::Go
            }
            Frame::If { node, arm } => {
                let (node, arm) = (node.clone(), *arm);
                self.frames.pop();
                let Node::If(arms, otherwise) = &*node else {
                    return Flow::Go;
                };
                if self.status == 0 {
                    if let Some((_, body)) = arms.get(arm) {
                        self.push_list(body);
                    }
                } else if let Some((test, _)) = arms.get(arm + 1) {
                    self.frames.push(Frame::If {
                        node: node.clone(),
                        arm: arm + 1,
                    });
                    self.push_list(test);
                } else {
                    self.status = 0;
                    if let Some(body) = otherwise {
                        self.push_list(body);
                    }
                }
                Flow::Go
            }
            Frame::Loop { node, testing } => {
                let node = node.clone();
                let Node::Loop(until, test, body) = &*node else {
                    self.frames.pop();
                    return Flow::Go;
                };
                if *testing {
                    if (self.status == 0) == *until {
                        self.frames.pop();
                        self.status = 0;
                        return Flow::Go;
                    }
                    *testing = false;
                    self.push_list(body);
                } else {
                    *testing = true;
                    self.push_list(test);
                }
                Flow::Go
            }
            Frame::For { node, values, next } => {
                let Some(value) = values.get(*next).cloned() else {
                    self.frames.pop();
                    return Flow::Go;
                };
                *next += 1;
                let node = node.clone();
                if let Node::For(name, _, body) = &*node {
                    if !self.set(name, &value) {
                        return self.fail(&format!("{name}: is read only"), 2, cx);
                    }
                    self.push_list(body);
                }
                Flow::Go
            }
            Frame::ForArith(node) => {
                let node = node.clone();
                self.frames.push(Frame::Work {
                    node,
                    memo: Vec::new(),
                    what: For::Arith(true),
                });
                Flow::Go
            }
            Frame::Work { .. } => self.work(cx),
            Frame::Subst { .. } => self.substitution(cx),
            Frame::Wait { .. } => self.foreground(cx),
            Frame::Jobs { .. } => builtins::jobs(self, cx),
            Frame::Reading(_) => builtins::reading(self, cx),
            Frame::Restore(_) => {
                if let Some(Frame::Restore(saved)) = self.frames.pop() {
                    redirect::restore(saved, cx);
                }
                Flow::Go
            }
            Frame::Call { .. } => {
                self.leave_call();
                Flow::Go
            }
            Frame::Source => {
                self.frames.pop();
                Flow::Go
            }
            Frame::Trap(status) => {
                self.status = *status;
                self.frames.pop();
                Flow::Go
            }
            Frame::Input { text } => {
                let Some(open) = cx.fd(0) else {
                    self.frames.pop();
                    return Flow::Go;
                };
                match cx.k.read_open(open) {
                    Read::Data(more) if text.len() < MAX_TEXT => {
                        text.push_str(&more);
                        Flow::Go
                    }
                    Read::Wait => Flow::Stop(Step::Block),
                    _ => {
                        let text = std::mem::take(text);
                        self.frames.pop();
                        self.read(&text);
                        Flow::Go
                    }
                }
            }
            Frame::Broken { text } => {
                let text = text.clone();
                cx.err(&text);
                self.frames.clear();
                self.leave(2, cx)
            }
        }
    }

    /// The stack is empty: the EXIT trap, then the end.
    fn finish(&mut self) -> Flow {
        if let Some(action) = self.exit_trap.take() {
            self.ending.get_or_insert(self.status);
            self.read(&action);
            return Flow::Go;
        }
        Flow::Stop(Step::Exit(self.ending.unwrap_or(self.status)))
    }

    /// `exit`: leaves everything, then runs the EXIT trap.
    pub(super) fn leave(&mut self, code: i32, cx: &mut Cx) -> Flow {
        while let Some(frame) = self.frames.pop() {
            if let Frame::Restore(saved) = frame {
                redirect::restore(saved, cx);
            }
        }
        self.status = code & 0xff;
        self.ending = Some(code & 0xff);
        Flow::Go
    }

    /// Prints a message and ends the shell, as an error of an expansion or a special builtin does.
    pub(super) fn fail(&mut self, text: &str, code: i32, cx: &mut Cx) -> Flow {
        cx.err(&self.dialect.message(&self.arg0, self.line, None, text));
        self.leave(code, cx)
    }

    pub(super) fn leave_call(&mut self) {
        if let Some(Frame::Call { positional, locals }) = self.frames.pop() {
            self.positional = positional;
            for (name, old) in locals.into_iter().rev() {
                match old {
                    Some(old) => {
                        Rc::make_mut(&mut self.vars).insert(name, old);
                    }
                    None => {
                        self.unset(&name);
                    }
                }
            }
        }
    }

    /// Whether a failure at this place is looked at by `if`, `while`, `&&`, `||` or `!`, so that `-e` does not count.
    fn tested(&self) -> bool {
        self.lenient
            || self.frames.iter().any(|f| {
                matches!(
                    f,
                    Frame::Chain { .. } | Frame::If { .. } | Frame::Loop { testing: true, .. } | Frame::Not
                )
            })
    }

    /// Sets the exit code of a command; with `-e` a failure may end the shell.
    pub(super) fn done(&mut self, code: i32, cx: &mut Cx) -> Flow {
        self.status = code;
        if code != 0 && self.options.errexit && !self.tested() {
            return self.leave(code, cx);
        }
        Flow::Go
    }

    /// Begins a command.
    fn enter(&mut self, node: &Rc<Node>, cx: &mut Cx) -> Flow {
        let work = |shell: &mut Shell, what| {
            shell.frames.push(Frame::Work {
                node: node.clone(),
                memo: Vec::new(),
                what,
            });
        };
        match &**node {
            Node::Simple { .. } | Node::Case(..) | Node::Arith(_) | Node::Redirected(..) => work(self, For::Command),
            Node::For(_, Some(_), _) => work(self, For::Command),
            Node::For(_, None, _) => {
                let values: Rc<[String]> = self.positional.iter().cloned().collect();
                self.status = 0;
                self.frames.push(Frame::For {
                    node: node.clone(),
                    values,
                    next: 0,
                });
            }
            Node::ForArith(..) => work(self, For::Arith(false)),
            Node::Pipeline(commands) => return self.pipeline(commands, cx),
            Node::Not(inner) => {
                self.frames.push(Frame::Not);
                let inner = inner.clone();
                return self.enter(&inner, cx);
            }
            Node::Chain(_) => self.frames.push(Frame::Chain {
                node: node.clone(),
                next: 0,
            }),
            Node::Group(body) => self.push_list(body),
            Node::Subshell(body) => {
                let pid = self.fork(|shell| shell.push_list(body), &[], cx);
                return self.wait_for(pid.into_iter().collect(), cx);
            }
            Node::If(arms, _) => {
                self.frames.push(Frame::If {
                    node: node.clone(),
                    arm: 0,
                });
                if let Some((test, _)) = arms.first() {
                    self.push_list(test);
                }
            }
            Node::Loop(_, test, _) => {
                self.status = 0;
                self.frames.push(Frame::Loop {
                    node: node.clone(),
                    testing: true,
                });
                self.push_list(test);
            }
            Node::Function(name, body) => {
                Rc::make_mut(&mut self.functions).insert(name.clone(), body.clone());
                self.status = 0;
            }
        }
        Flow::Go
    }

    /// Waits for children in the foreground; the last one's exit code counts.
    fn wait_for(&mut self, pids: Vec<Pid>, cx: &mut Cx) -> Flow {
        match pids.last() {
            Some(&last) => {
                self.frames.push(Frame::Wait { pids, last, failed: 0 });
                Flow::Go
            }
            None => {
                cx.err(&self.dialect.message(
                    &self.arg0,
                    self.line,
                    None,
                    "can't fork: Resource temporarily unavailable",
                ));
                self.leave(2, cx)
            }
        }
    }

    fn foreground(&mut self, cx: &mut Cx) -> Flow {
        let Some(Frame::Wait { pids, last, failed }) = self.frames.last_mut() else {
            return Flow::Go;
        };
        let mut code = None;
        let mut notice = None;
        if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
            process.reaped.retain(|(pid, status, signal)| {
                if !pids.contains(pid) {
                    return true;
                }
                pids.retain(|p| p != pid);
                if *status != 0 {
                    *failed = *status;
                }
                if pid == last {
                    code = Some(*status);
                    notice = signal.and_then(Signal::death_notice);
                }
                false
            });
        }
        if let Some(code) = code {
            self.status = code;
        }
        let (over, failed) = (pids.is_empty(), *failed);
        if let Some(notice) = notice {
            cx.err(&format!("{notice}\n"));
        }
        if !over {
            return Flow::Stop(Step::Block);
        }
        self.frames.pop();
        let code = if self.options.pipefail && failed != 0 {
            failed
        } else {
            self.status
        };
        self.done(code, cx)
    }

    fn substitution(&mut self, cx: &mut Cx) -> Flow {
        let Some(Frame::Subst { pid, open, text }) = self.frames.last_mut() else {
            return Flow::Go;
        };
        let (pid, open) = (*pid, *open);
        match cx.k.read_open(open) {
            Read::Data(more) => {
                if text.len() < MAX_TEXT {
                    text.push_str(&more);
                }
                return Flow::Go;
            }
            Read::Wait => return Flow::Stop(Step::Block),
            Read::End | Read::Bad | Read::Endless => {}
        }
        let mut code = None;
        if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
            process.reaped.retain(|(p, status, _)| {
                if *p == pid {
                    code = Some(*status);
                }
                *p != pid
            });
        }
        let Some(code) = code else {
            return Flow::Stop(Step::Block);
        };
        let text = std::mem::take(text);
        self.frames.pop();
        cx.k.release(open);
        if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
            process.reads = None;
        }
        self.substituted = Some(code);
        if let Some(Frame::Work { memo, .. }) = self.frames.last_mut() {
            memo.push(text.trim_end_matches('\n').to_owned());
        }
        Flow::Go
    }

    /// Expands the words of the command on top of the stack, then does what they are for.
    fn work(&mut self, cx: &mut Cx) -> Flow {
        let Some(Frame::Work { node, memo, what }) = self.frames.last() else {
            return Flow::Go;
        };
        let (node, memo, what) = (node.clone(), memo.clone(), *what);
        if let Node::Simple { line, .. } = &*node {
            self.line = *line;
        }
        if memo.is_empty() {
            self.substituted = None;
        }
        let before = self.vars.clone();
        let mut expander = Expander {
            sh: self,
            cx,
            memo: &memo,
            used: 0,
        };
        let result = match (&*node, what) {
            (Node::Simple { words, .. }, _) if words.is_empty() => expander.assign(&node),
            (Node::Simple { .. }, _) => expander.command_line(&node),
            (Node::For(_, Some(words), _), _) => expander.words(words).map(Prepared::Values),
            (Node::Case(word, arms), _) => expander.case(word, arms),
            (Node::Arith(expr), _) => expander.arith(expr).map(|n| Prepared::Number(n != 0)),
            (Node::ForArith(init, test, step, _), For::Arith(again)) => {
                let first = if again { step } else { init };
                match expander.arith(first) {
                    Ok(_) if super::word_is_blank(test) => Ok(Prepared::Number(true)),
                    Ok(_) => expander.arith(test).map(|n| Prepared::Number(n != 0)),
                    Err(trouble) => Err(trouble),
                }
            }
            (Node::Redirected(_, redirs), _) => expander.redirs(redirs).map(Prepared::Redirs),
            _ => Ok(Prepared::Number(true)),
        };
        match result {
            Ok(prepared) => {
                self.frames.pop();
                self.perform(&node, what, prepared, cx)
            }
            Err(Trouble::Need(script)) => {
                self.vars = before;
                self.substitute(&script, cx)
            }
            Err(Trouble::Fail(text, code)) => self.fail(&text, code, cx),
        }
    }

    /// Runs a command whose output is wanted as text.
    fn substitute(&mut self, script: &Script, cx: &mut Cx) -> Flow {
        let (read, write) = cx.k.pipe();
        let pid = self.fork(|shell| shell.push_list(script), &[(1, Some(write))], cx);
        cx.k.release(write);
        let Some(pid) = pid else {
            cx.k.release(read);
            return self.wait_for(Vec::new(), cx);
        };
        let pipe = match cx.k.opens.get(&read) {
            Some((_, super::super::io::Open::Pipe { id, .. })) => Some(*id),
            _ => None,
        };
        if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
            process.reads = pipe;
        }
        self.frames.push(Frame::Subst {
            pid,
            open: read,
            text: String::new(),
        });
        Flow::Go
    }

    fn perform(&mut self, node: &Rc<Node>, what: For, prepared: Prepared, cx: &mut Cx) -> Flow {
        match (prepared, &**node) {
            (Prepared::Command { argv, assigns, redirs }, _) => self.simple(argv, assigns, &redirs, cx),
            (Prepared::Values(values), _) => {
                self.status = 0;
                self.frames.push(Frame::For {
                    node: node.clone(),
                    values: values.into(),
                    next: 0,
                });
                Flow::Go
            }
            (Prepared::Body(body), _) => {
                self.status = 0;
                if let Some(body) = body {
                    self.push_list(&body);
                }
                Flow::Go
            }
            (Prepared::Number(yes), Node::ForArith(_, _, _, body)) => {
                let again = what == For::Arith(true);
                if again {
                    self.frames.pop();
                }
                self.status = 0;
                if yes {
                    self.frames.push(Frame::ForArith(node.clone()));
                    self.push_list(body);
                }
                Flow::Go
            }
            (Prepared::Number(yes), _) => self.done(i32::from(!yes), cx),
            (Prepared::Redirs(redirs), Node::Redirected(inner, _)) => match self.redirect(&redirs, cx) {
                Ok(saved) => {
                    self.frames.push(Frame::Restore(saved));
                    let inner = inner.clone();
                    self.enter(&inner, cx)
                }
                Err(text) => {
                    cx.err(&self.dialect.message(&self.arg0, self.line, None, &text));
                    self.done(1, cx)
                }
            },
            (Prepared::Redirs(_), _) => Flow::Go,
        }
    }

    /// Runs a simple command.
    fn simple(
        &mut self,
        argv: Vec<String>,
        assigns: Vec<(String, String)>,
        redirs: &[(Option<u32>, redirect::Wanted)],
        cx: &mut Cx,
    ) -> Flow {
        if self.options.xtrace && !(argv.is_empty() && assigns.is_empty()) {
            let shown = assigns.iter().map(|(n, v)| format!("{n}={}", builtins::quote(v)));
            let words: Vec<String> = shown.chain(argv.iter().map(|a| builtins::quote(a))).collect();
            cx.err(&format!("+ {}\n", words.join(" ")));
        }
        let saved = match self.redirect(redirs, cx) {
            Ok(saved) => saved,
            Err(text) => {
                cx.err(&self.dialect.message(&self.arg0, self.line, None, &text));
                return self.done(1, cx);
            }
        };
        let Some(name) = argv.first() else {
            redirect::restore(saved, cx);
            let code = self.substituted.unwrap_or(0);
            return self.done(code, cx);
        };
        if let Some(body) = self.functions.get(name).cloned() {
            self.frames.push(Frame::Restore(saved));
            let mut locals = Vec::new();
            for (name, value) in &assigns {
                locals.push((name.clone(), self.vars.get(name).cloned()));
                self.set(name, value);
            }
            let args = argv.get(1..).unwrap_or(&[]).to_vec();
            let positional = std::mem::replace(&mut self.positional, Rc::new(args));
            self.frames.push(Frame::Call { positional, locals });
            return self.enter(&body, cx);
        }
        if let Some(builtin) = builtins::find(name, self.dialect) {
            // Assignments before a builtin hold while it runs; `read`'s IFS and `export` alike.
            let mut old = Vec::new();
            for (name, value) in &assigns {
                old.push((name.clone(), self.vars.get(name).cloned()));
                self.set(name, value);
            }
            let after = builtin(self, &argv, cx);
            if !matches!(after, After::Reading(_)) {
                for (name, value) in old {
                    match value {
                        Some(value) => {
                            Rc::make_mut(&mut self.vars).insert(name, value);
                        }
                        None => {
                            self.unset(&name);
                        }
                    }
                }
            }
            return self.after_builtin(after, saved, cx);
        }
        self.external(argv, &assigns, saved, cx)
    }

    fn after_builtin(&mut self, after: After, saved: Saved, cx: &mut Cx) -> Flow {
        match after {
            After::Code(code) => {
                redirect::restore(saved, cx);
                self.done(code, cx)
            }
            After::Frames(frames) => {
                self.frames.push(Frame::Restore(saved));
                self.frames.extend(frames);
                Flow::Go
            }
            After::Reading(reading) => {
                self.frames.push(Frame::Restore(saved));
                self.frames.push(Frame::Reading(reading));
                Flow::Go
            }
            After::Exit(code) => {
                redirect::restore(saved, cx);
                self.leave(code, cx)
            }
            After::Fatal(text, code) => {
                redirect::restore(saved, cx);
                self.fail(&text, code, cx)
            }
            After::Return(code) => {
                redirect::restore(saved, cx);
                self.status = code;
                while let Some(frame) = self.frames.last() {
                    match frame {
                        Frame::Call { .. } => {
                            self.leave_call();
                            return self.done(code, cx);
                        }
                        Frame::Source => {
                            self.frames.pop();
                            return self.done(code, cx);
                        }
                        _ => self.drop_frame(cx),
                    }
                }
                self.leave(code, cx)
            }
            After::Break(levels, again) => {
                redirect::restore(saved, cx);
                self.status = 0;
                let inside = |f: &Frame| matches!(f, Frame::Loop { .. } | Frame::For { .. } | Frame::ForArith(_));
                let from = self
                    .frames
                    .iter()
                    .rposition(|f| matches!(f, Frame::Call { .. }))
                    .map_or(0, |i| i + 1);
                let loops = self.frames.iter().skip(from).filter(|f| inside(f)).count();
                for level in (0..levels.min(loops)).rev() {
                    while self.frames.last().is_some_and(|f| !inside(f)) {
                        self.drop_frame(cx);
                    }
                    if level == 0 && again {
                        if let Some(Frame::Loop { testing, .. }) = self.frames.last_mut() {
                            *testing = false;
                        }
                    } else {
                        self.frames.pop();
                    }
                }
                Flow::Go
            }
            After::Exec(argv) => {
                redirect::keep(saved, cx);
                if argv.is_empty() {
                    return self.done(0, cx);
                }
                match self.replace(&argv, cx) {
                    Ok(step) => Flow::Stop(step),
                    Err(code) => self.leave(code, cx),
                }
            }
            After::Command(argv) => self.external(argv, &[], saved, cx),
            After::Again(argv) => {
                self.frames.push(Frame::Restore(saved));
                self.simple(argv, Vec::new(), &[], cx)
            }
        }
    }

    fn drop_frame(&mut self, cx: &mut Cx) {
        if let Some(Frame::Restore(saved)) = self.frames.pop() {
            redirect::restore(saved, cx);
        }
    }

    /// Says why a command cannot be run; the exit code.
    fn missing(&mut self, name: &str, why: Missing, cx: &mut Cx) -> i32 {
        let (text, code) = match why {
            Missing::Denied => (format!("{name}: Permission denied"), 126),
            Missing::NotFound | Missing::NoEntry => (self.dialect.not_found(name, why == Missing::NoEntry), 127),
        };
        if why == Missing::NotFound && !cx.k.workstation {
            cx.k.note(
                NoteKind::NotModelled,
                format!("{name}: no such command is modelled in this image"),
                None,
            );
        }
        cx.err(&self.dialect.message(&self.arg0, self.line, None, &text));
        code
    }

    /// Becomes another program.
    ///
    /// # Errors
    /// The exit code when there is none of this name; the message is printed.
    fn replace(&mut self, argv: &[String], cx: &mut Cx) -> Result<Step, i32> {
        let cwd = cx.me().map(|p| p.cwd.clone()).unwrap_or_else(|| Rc::from("/"));
        let main = cx.me().is_some_and(|p| p.exec.is_none());
        let what = match cx.k.look_up(argv, &cwd, main, cx.around) {
            Ok(what) => what,
            Err(why) => {
                let name = argv.first().cloned().unwrap_or_default();
                return Err(self.missing(&name, why, cx));
            }
        };
        let environment = Rc::new(self.environment());
        let spawn = cx.k.spec.latencies.spawn;
        if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
            process.argv = Rc::new(argv.to_vec());
            process.env = environment;
            process.ignored = self
                .traps
                .iter()
                .filter(|(_, a)| a.is_empty())
                .map(|(s, _)| *s)
                .collect();
        }
        Ok(Step::Become(Body::Begin(what), spawn.permille(500)))
    }

    /// Runs a program: in the shell's place when it is the last command, else as a child.
    fn external(&mut self, argv: Vec<String>, assigns: &[(String, String)], saved: Saved, cx: &mut Cx) -> Flow {
        let last = self.frames.is_empty() && self.tail && self.traps.is_empty() && self.exit_trap.is_none();
        if last && self.ending.is_none() {
            redirect::keep(saved, cx);
            for (name, value) in assigns {
                self.set(name, value);
                if let Some(var) = Rc::make_mut(&mut self.vars).get_mut(name) {
                    var.exported = true;
                }
            }
            return match self.replace(&argv, cx) {
                Ok(step) => Flow::Stop(step),
                Err(code) => self.done(code, cx),
            };
        }
        let cwd = cx.me().map(|p| p.cwd.clone()).unwrap_or_else(|| Rc::from("/"));
        let main = cx.me().is_some_and(|p| p.exec.is_none());
        let what = match cx.k.look_up(&argv, &cwd, main, cx.around) {
            Ok(what) => what,
            Err(why) => {
                let name = argv.first().cloned().unwrap_or_default();
                let code = self.missing(&name, why, cx);
                redirect::restore(saved, cx);
                return self.done(code, cx);
            }
        };
        let mut environment = self.environment();
        for (name, value) in assigns {
            environment.insert(name.clone(), value.clone());
        }
        let after = cx.k.spec.latencies.spawn + cx.k.pace();
        self.busy.since = cx.at + after;
        let child = self.child(Rc::new(argv), Body::Begin(what), &[], cx).map(|mut child| {
            child.env = Rc::new(environment);
            child
        });
        let pid = child.and_then(|child| cx.k.spawn(child, after));
        redirect::restore(saved, cx);
        self.wait_for(pid.into_iter().collect(), cx)
    }

    /// A child's record with the shell's descriptors, some of them exchanged.
    fn child(&self, argv: Rc<Vec<String>>, body: Body, fds: &[(u32, Option<u32>)], cx: &mut Cx) -> Option<Process> {
        let me = cx.me()?;
        let mut child = process_like(me, cx.pid, argv, body, cx.at);
        child.fds = me.fds.clone();
        child.ignored = self
            .traps
            .iter()
            .filter(|(_, a)| a.is_empty())
            .map(|(s, _)| *s)
            .collect();
        for (fd, open) in fds {
            match open {
                Some(open) => child.fds.insert(*fd, *open),
                None => child.fds.remove(fd),
            };
        }
        let opens: Vec<u32> = child.fds.values().copied().collect();
        for open in opens {
            cx.k.retain(open);
        }
        Some(child)
    }

    /// Forks the shell; the child runs what `begin` puts on its empty stack.
    fn fork(&mut self, begin: impl FnOnce(&mut Shell), fds: &[(u32, Option<u32>)], cx: &mut Cx) -> Option<Pid> {
        let mut shell = self.clone();
        shell.lenient = self.tested();
        shell.frames = Vec::new();
        shell.traps = Rc::new(
            self.traps
                .iter()
                .filter(|(_, a)| a.is_empty())
                .map(|(s, a)| (*s, a.clone()))
                .collect(),
        );
        shell.exit_trap = None;
        shell.pending = Vec::new();
        shell.jobs = Vec::new();
        shell.ending = None;
        shell.tail = true;
        let after = cx.k.spec.latencies.spawn.permille(500) + cx.k.pace();
        shell.busy.since = cx.at + after;
        begin(&mut shell);
        let argv = cx.me().map(|p| p.argv.clone()).unwrap_or_default();
        let child = self.child(argv, Body::Shell(Box::new(shell)), fds, cx)?;
        cx.k.spawn(child, after)
    }

    fn start_background(&mut self, node: &Rc<Node>, cx: &mut Cx) {
        let node = node.clone();
        let items: Script = Rc::from([super::ast::Item {
            node,
            background: false,
        }]);
        let null = cx.k.open(super::super::io::Open::Null);
        let pid = self.fork(|shell| shell.push_list(&items), &[(0, Some(null))], cx);
        cx.k.release(null);
        self.status = 0;
        if let Some(pid) = pid {
            self.background = Some(pid);
            self.jobs.push(pid);
            if self.jobs.len() > 256 {
                self.jobs.remove(0);
            }
        } else {
            self.status = 2;
        }
    }

    fn pipeline(&mut self, commands: &[Rc<Node>], cx: &mut Cx) -> Flow {
        let mut pids = Vec::new();
        let mut input: Option<u32> = None;
        for (i, node) in commands.iter().enumerate() {
            let mut fds = Vec::new();
            if let Some(input) = input {
                fds.push((0, Some(input)));
            }
            let next = (i + 1 < commands.len()).then(|| cx.k.pipe());
            if let Some((_, write)) = next {
                fds.push((1, Some(write)));
            }
            let items: Script = Rc::from([super::ast::Item {
                node: node.clone(),
                background: false,
            }]);
            let pid = self.fork(|shell| shell.push_list(&items), &fds, cx);
            if let Some(input) = input.take() {
                cx.k.release(input);
            }
            if let Some((read, write)) = next {
                cx.k.release(write);
                input = Some(read);
            }
            match pid {
                Some(pid) => pids.push(pid),
                None => {
                    if let Some(input) = input {
                        cx.k.release(input);
                    }
                    return self.wait_for(Vec::new(), cx);
                }
            }
        }
        self.wait_for(pids, cx)
    }
}

/// What the expanded words of a command come to.
pub enum Prepared {
    /// A simple command.
    Command {
        /// Its words.
        argv: Vec<String>,
        /// Assignments before it.
        assigns: Vec<(String, String)>,
        /// Redirections.
        redirs: Vec<(Option<u32>, redirect::Wanted)>,
    },
    /// The words of `for`.
    Values(Vec<String>),
    /// The arm of `case`.
    Body(Option<Script>),
    /// Whether an arithmetic expression is not 0.
    Number(bool),
    /// Redirections of a compound command.
    Redirs(Vec<(Option<u32>, redirect::Wanted)>),
}

impl Expander<'_, '_> {
    /// Assignments without a command: they last.
    fn assign(&mut self, node: &Node) -> Result<Prepared, Trouble> {
        let Node::Simple { assigns, redirs, .. } = node else {
            return Ok(Prepared::Number(true));
        };
        let mut done = Vec::new();
        for (name, word, append) in assigns {
            let mut text = self.text(word)?;
            if *append {
                text.insert_str(0, self.sh.var(name).unwrap_or_default());
            }
            if !self.sh.set(name, &text) {
                return Err(Trouble::Fail(format!("{name}: is read only"), 2));
            }
            done.push((name.clone(), text));
        }
        let redirs = self.redirs(redirs)?;
        Ok(Prepared::Command {
            argv: Vec::new(),
            assigns: done,
            redirs,
        })
    }

    fn command_line(&mut self, node: &Node) -> Result<Prepared, Trouble> {
        let Node::Simple {
            assigns, words, redirs, ..
        } = node
        else {
            return Ok(Prepared::Number(true));
        };
        let first = words.first().map(super::word::literal).unwrap_or_default();
        let argv = match first.as_str() {
            // Its words are not split, and patterns are for matching, not for files.
            "[[" => {
                let mut argv = Vec::new();
                let mut before = String::new();
                for word in words {
                    let text = match before.as_str() {
                        "=" | "==" | "!=" => self.pattern(word)?,
                        _ => self.text(word)?,
                    };
                    before.clone_from(&text);
                    argv.push(text);
                }
                argv
            }
            "export" | "readonly" | "local" | "declare" | "typeset" => {
                let mut argv = Vec::new();
                for word in words {
                    match super::word::assignment(word.clone()) {
                        Ok((name, value, _)) => argv.push(format!("{name}={}", self.text(&value)?)),
                        Err(word) => argv.extend(self.words(&[word])?),
                    }
                }
                argv
            }
            _ => self.words(words)?,
        };
        let mut done = Vec::new();
        for (name, word, append) in assigns {
            let mut text = self.text(word)?;
            if *append {
                text.insert_str(0, self.sh.var(name).unwrap_or_default());
            }
            done.push((name.clone(), text));
        }
        let redirs = self.redirs(redirs)?;
        if argv.is_empty() {
            // The words came to nothing: the assignments last.
            for (name, text) in &done {
                self.sh.set(name, text);
            }
        }
        Ok(Prepared::Command {
            argv,
            assigns: done,
            redirs,
        })
    }

    fn case(&mut self, word: &super::ast::Word, arms: &[(Vec<super::ast::Word>, Script)]) -> Result<Prepared, Trouble> {
        let text = self.text(word)?;
        for (patterns, body) in arms {
            for pattern in patterns {
                let pattern = self.pattern(pattern)?;
                if super::super::glob::matches(&pattern, &text) {
                    return Ok(Prepared::Body(Some(body.clone())));
                }
            }
        }
        Ok(Prepared::Body(None))
    }
}

/// Reads a script again, for `eval`, `.` and traps.
pub(super) fn frames_of(shell: &Shell, text: &str) -> Result<Vec<Frame>, String> {
    let (script, error) = parse::parse(text, shell.dialect);
    match error {
        Some(error) => Err(error.text(shell.dialect)),
        None if script.is_empty() => Ok(Vec::new()),
        None => Ok(vec![Frame::List { items: script, next: 0 }]),
    }
}
