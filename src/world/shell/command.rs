//! From a command's words to what it does: expansion, substitution, functions, builtins.

use std::rc::Rc;

use super::super::io::Read;
use super::super::kernel::{Cx, Step};
use super::Shell;
use super::ast::{Node, Script};
use super::builtins::{self, After};
use super::expand::{Expander, Trouble};
use super::redirect::{self, Saved};
use super::run::{Flow, For, Frame, MAX_TEXT};

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

impl Shell {
    pub(super) fn substitution(&mut self, cx: &mut Cx) -> Flow {
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
    pub(super) fn substitute(&mut self, script: &Script, cx: &mut Cx) -> Flow {
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
                    self.done(1, cx)
                }
            },
            (Prepared::Redirs(_), _) => Flow::Go,
        }
    }

    /// Runs a simple command.
    pub(super) fn simple(
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

    pub(super) fn after_builtin(&mut self, after: After, saved: Saved, cx: &mut Cx) -> Flow {
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

    pub(super) fn drop_frame(&mut self, cx: &mut Cx) {
        if let Some(Frame::Restore(saved)) = self.frames.pop() {
            redirect::restore(saved, cx);
        }
    }
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
