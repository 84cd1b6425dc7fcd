//! Processes of a shell: programs in its place or beside it, subshells, pipelines, jobs.

use std::rc::Rc;

use super::super::kernel::{Body, Cx, Pid, Process, Step};
use super::super::launch::{Missing, process_like};
use super::super::spec::NoteKind;
use super::Shell;
use super::ast::{Node, Script};
use super::redirect::{self, Saved};
use super::run::Flow;

impl Shell {
    /// Says why a command cannot be run; the exit code.
    pub(super) fn missing(&mut self, name: &str, why: Missing, builtin: Option<&str>, cx: &mut Cx) -> i32 {
        let (text, code) = match why {
            Missing::Denied => (format!("{name}: Permission denied"), 126),
            Missing::NotFound | Missing::NoEntry => (self.dialect.not_found(name, why == Missing::NoEntry), 127),
        };
        if why == Missing::NotFound && !cx.k.workstation {
            cx.k.note(
                NoteKind::NotModelled,
                format!("{name}: this command is not supported in this image"),
                None,
            );
        }
        cx.err(&self.dialect.message(&self.arg0, self.line, builtin, &text));
        code
    }

    /// Becomes another program.
    ///
    /// # Errors
    /// The exit code when there is none of this name; the message is printed.
    pub(super) fn replace(&mut self, argv: &[String], builtin: Option<&str>, cx: &mut Cx) -> Result<Step, i32> {
        let cwd = cx.me().map(|p| p.cwd.clone()).unwrap_or_else(|| Rc::from("/"));
        let main = cx.me().is_some_and(|p| p.exec.is_none());
        let what = match cx.k.look_up(argv, &cwd, main, cx.around) {
            Ok(what) => what,
            Err(why) => {
                let name = argv.first().cloned().unwrap_or_default();
                return Err(self.missing(&name, why, builtin, cx));
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
    pub(super) fn external(
        &mut self,
        argv: Vec<String>,
        assigns: &[(String, String)],
        saved: Saved,
        cx: &mut Cx,
    ) -> Flow {
        let last = self.frames.is_empty() && self.tail && self.traps.is_empty() && self.exit_trap.is_none();
        if last && self.ending.is_none() {
            redirect::keep(saved, cx);
            for (name, value) in assigns {
                self.set(name, value);
                if let Some(var) = Rc::make_mut(&mut self.vars).get_mut(name) {
                    var.exported = true;
                }
            }
            return match self.replace(&argv, None, cx) {
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
                let code = self.missing(&name, why, None, cx);
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
    pub(super) fn child(
        &self,
        argv: Rc<Vec<String>>,
        body: Body,
        fds: &[(u32, Option<u32>)],
        cx: &mut Cx,
    ) -> Option<Process> {
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
    pub(super) fn fork(
        &mut self,
        begin: impl FnOnce(&mut Shell),
        fds: &[(u32, Option<u32>)],
        cx: &mut Cx,
    ) -> Option<Pid> {
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

    pub(super) fn start_background(&mut self, node: &Rc<Node>, cx: &mut Cx) {
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

    pub(super) fn pipeline(&mut self, commands: &[Rc<Node>], cx: &mut Cx) -> Flow {
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
