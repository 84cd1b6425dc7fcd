//! Simple commands: functions, builtins, programs, and what a builtin leads to.

use std::rc::Rc;

use super::super::kernel::Cx;
use super::Shell;
use super::builtins::{self, After};
use super::frame::Frame;
use super::redirect::{self, Saved};
use super::run::Flow;

impl Shell {
    /// Runs a simple command.
    pub(super) fn simple(
        &mut self,
        argv: Vec<String>,
        assigns: Vec<(String, String)>,
        redirs: &[(Option<u32>, redirect::Wanted)],
        cx: &mut Cx,
    ) -> Flow {
        if self.options.xtrace && !(argv.is_empty() && assigns.is_empty()) {
            let shown = assigns
                .iter()
                .map(|(n, v)| format!("{n}={}", builtins::traced(v, self.dialect)));
            let words: Vec<String> = shown
                .chain(argv.iter().map(|a| builtins::traced(a, self.dialect)))
                .collect();
            cx.err(&format!("+ {}\n", words.join(" ")));
        }
        let saved = match self.redirect(redirs, cx) {
            Ok(saved) => saved,
            Err(text) => {
                cx.err(&self.dialect.message(&self.arg0, self.line, None, &text));
                return self.done(self.dialect.redirection_code(), cx);
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
                match self.replace(&argv, Some("exec"), cx) {
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
