//! The machine that runs a script: a stack of frames, each a command in progress.

use std::rc::Rc;

use super::super::io::{Open, Read};
use super::super::kernel::{Cx, Pid, SPINS, Step};
use super::super::signal::Signal;
use super::super::spec::NoteKind;
use super::ast::{Link, Node, Script};
use super::expand::{Expander, Trouble};
use super::frame::{For, Frame};
use super::prepare::Prepared;
use super::{Shell, jobs, parse, reading, redirect};
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
    pub(super) slices: u32,
    pub(super) since: Instant,
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
            cx.k.meter.charge(1);
            if cx.k.meter.is_full() {
                return Step::At(cx.at);
            }
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
                cx.k.note(NoteKind::Spins, SPINS, None);
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
                        return {
                            let text = self.dialect.readonly(name);
                            self.fail(&text, 2, cx)
                        };
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
            Frame::Jobs { .. } => jobs::jobs(self, cx),
            Frame::Reading(_) => reading::reading(self, cx),
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
    pub(super) fn tested(&self) -> bool {
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
    pub(super) fn enter(&mut self, node: &Rc<Node>, cx: &mut Cx) -> Flow {
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
    pub(super) fn wait_for(&mut self, pids: Vec<Pid>, cx: &mut Cx) -> Flow {
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
    pub(super) fn work(&mut self, cx: &mut Cx) -> Flow {
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
            Some((_, Open::Pipe { id, .. })) => Some(*id),
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

    pub(super) fn perform(&mut self, node: &Rc<Node>, what: For, prepared: Prepared, cx: &mut Cx) -> Flow {
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
                    self.done(self.dialect.redirection_code(), cx)
                }
            },
            (Prepared::Redirs(_), _) => Flow::Go,
        }
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
