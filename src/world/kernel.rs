//! The processes of one container, and the loop that runs what is due.

use std::rc::Rc;

use super::applets::Running;
use super::applets::regex::Regex;
use super::around::Around;
use super::disk::Disk;
use super::io::{Log, Open, Pipe, WriteError};
use super::launch::What;
use super::meter::Meter;
use super::server::Server;
use super::shell::Shell;
use super::signal::Signal;
use super::spec::{ExecId, Exit, Note, NoteKind, Request, StartSpec, Stream};
use crate::map::{Map, Set};
use crate::time::{Duration, Instant};
use crate::trace::bounds::PATTERN;

/// A process ID.
pub type Pid = u32;

/// Processes one container may have at a time.
const MAX_PROCESSES: usize = 64;
/// Processes a container may start at once before that counts as spinning.
const BURST: i64 = 1_000;
/// Processes a second it may go on starting.
const SUSTAINED: i64 = 30;
/// Steps of having a process run at all.
const RUN: u64 = 10;
/// What is said of programs that work without end.
pub(super) const SPINS: &str = "a loop that never waits: it spins, and is run ever more coarsely";
/// Notes kept per container.
const MAX_NOTES: usize = 64;

/// What a process is doing.
#[derive(Clone, Debug)]
pub enum Body {
    /// Forked; becomes what its command names when first run.
    Begin(What),
    /// A shell.
    Shell(Box<Shell>),
    /// A tool that goes on over time.
    Applet(Box<Running>),
    /// Prints at an instant and ends.
    Later(Later),
    /// A server.
    Server(Box<Server>),
    /// `kubectl` on the workstation: waits for its answer.
    Request,
    /// Being run at this moment.
    Out,
}

/// Ends at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// When.
    pub at: Instant,
    /// What it prints then.
    pub out: Vec<(Stream, String)>,
    /// Exit code.
    pub code: i32,
}

/// What a run of a process leads to.
#[derive(Clone, Debug)]
pub enum Step {
    /// It ends.
    Exit(i32),
    /// It is to be run again at an instant.
    At(Instant),
    /// Somebody else wakes it.
    Block,
    /// It becomes something else and is run again after a span.
    Become(Body, Duration),
}

/// A process.
#[derive(Clone, Debug)]
pub struct Process {
    /// Parent's ID; 0 for what the runtime started.
    pub ppid: Pid,
    /// Program and arguments.
    pub argv: Rc<Vec<String>>,
    /// Environment.
    pub env: Rc<Map<String, String>>,
    /// Working directory.
    pub cwd: Rc<str>,
    /// Descriptors.
    pub fds: Map<u32, u32>,
    /// What it does.
    pub body: Body,
    /// When it is run next, and its place among equals.
    pub wake: Option<(Instant, u64)>,
    /// The pipe it reads without having it among its descriptors (a command substitution).
    pub reads: Option<u32>,
    /// Ended children: ID, exit code, the signal they died of.
    pub reaped: Vec<(Pid, i32, Option<Signal>)>,
    /// Signals that came while it was being run.
    pub queued: Vec<Signal>,
    /// Signals it ignores, inherited over exec.
    pub ignored: Set<Signal>,
    /// It is about to die: when, exit code, whether for its memory.
    pub dying: Option<(Instant, i32, bool)>,
    /// A script it goes on with instead of ending.
    pub next_script: Option<Rc<str>>,
    /// It wrote to a pipe that nobody reads.
    pub broken: bool,
    /// The command of the runtime it belongs to; `None` for the container's own processes.
    pub exec: Option<ExecId>,
    /// When it began.
    pub started: Instant,
}

/// A command that the runtime runs in the container.
#[derive(Clone, Debug, Default)]
pub struct Exec {
    /// Its process.
    pub pid: Pid,
    /// Output in order of writing.
    pub output: String,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// When it ended, and with which code.
    pub end: Option<(Instant, i32)>,
}

/// Everything inside one container.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub(super) spec: Rc<StartSpec>,
    pub(super) processes: Map<Pid, Process>,
    pub(super) opens: Map<u32, (u32, Open)>,
    pub(super) pipes: Map<u32, Pipe>,
    pub(super) disk: Disk,
    pub(super) log: Log,
    pub(super) execs: Map<ExecId, Exec>,
    pub(super) notes: Vec<Note>,
    pub(super) requests: Vec<Request>,
    /// The first process.
    pub(super) init: Pid,
    pub(super) exit: Option<Exit>,
    /// The environment the container got, and the order of its names.
    pub(super) environment: Rc<Map<String, String>>,
    pub(super) env_order: Rc<[String]>,
    /// The name that `program` describes, once it was met.
    pub(super) program_name: Option<Rc<str>>,
    /// A package manager was run, so that programs are there that the image lacks.
    pub(super) installed: bool,
    pub(super) workstation: bool,
    /// The instant being run.
    pub(super) now: Instant,
    /// When the container began.
    pub(super) born: Instant,
    pub(super) next_pid: Pid,
    pub(super) next_open: u32,
    pub(super) next_pipe: u32,
    next_seq: u64,
    /// What its programs have worked.
    pub(super) meter: Meter,
    /// Processes that may still be started without delay, in millionths; since when; how many were delayed.
    budget: (i64, Instant, u32),
}

impl Kernel {
    /// A container without processes.
    pub fn new(spec: Rc<StartSpec>, disk: Disk, at: Instant, workstation: bool) -> Kernel {
        let first = if spec.pid1_shared { spec.first_pid.max(2) } else { 1 };
        Kernel {
            spec,
            processes: Map::new(),
            opens: Map::new(),
            pipes: Map::new(),
            disk,
            log: Log::default(),
            execs: Map::new(),
            notes: Vec::new(),
            requests: Vec::new(),
            init: first,
            exit: None,
            environment: Rc::default(),
            env_order: Rc::default(),
            program_name: None,
            installed: false,
            workstation,
            now: at,
            born: at,
            next_pid: first,
            next_open: 0,
            next_pipe: 0,
            next_seq: 0,
            meter: Meter::new(at),
            budget: (BURST * 1_000_000, at, 0),
        }
    }

    /// When something is to be run next.
    pub fn poll_at(&self) -> Option<Instant> {
        self.processes.values().filter_map(|p| p.wake.map(|(at, _)| at)).min()
    }

    /// Runs what is due until `now`, each at its own instant. What is due at one instant and is more than the share
    /// of an event is left for the next one.
    pub fn poll(&mut self, now: Instant, around: &mut dyn Around) {
        self.meter.begin();
        loop {
            let due = self
                .processes
                .iter()
                .filter_map(|(pid, p)| p.wake.map(|wake| (wake, *pid)))
                .min()
                .filter(|((at, _), _)| *at <= now);
            let Some(((at, _), pid)) = due else {
                break;
            };
            if at > self.now {
                self.meter.begin();
            } else if self.meter.is_full() {
                return;
            }
            self.now = self.now.max(at);
            self.run(pid, around);
        }
        self.now = self.now.max(now);
    }

    /// Has a process run at an instant.
    pub fn wake(&mut self, pid: Pid, at: Instant) {
        self.next_seq += 1;
        if let Some(process) = self.processes.get_mut(&pid) {
            let at = process.dying.map_or(at, |(end, _, _)| end);
            process.wake = Some((at, self.next_seq));
        }
    }

    fn run(&mut self, pid: Pid, around: &mut dyn Around) {
        let now = self.now;
        let Some(process) = self.processes.get_mut(&pid) else {
            return;
        };
        process.wake = None;
        if let Some((at, code, oom)) = process.dying {
            if at <= now {
                self.end(pid, code, oom);
            } else {
                self.wake(pid, at);
            }
            return;
        }
        if matches!(process.body, Body::Begin(_) | Body::Shell(_) | Body::Applet(_))
            && let Some(wait) = self.meter.wait(now)
        {
            self.note(NoteKind::Spins, SPINS, None);
            self.wake(pid, now + wait);
            return;
        }
        self.meter.charge(RUN);
        let Some(process) = self.processes.get_mut(&pid) else {
            return;
        };
        let mut body = std::mem::replace(&mut process.body, Body::Out);
        let mut cx = Cx {
            k: self,
            around,
            pid,
            at: now,
        };
        let step = match &mut body {
            Body::Begin(what) => cx.begin(what.clone()),
            Body::Shell(shell) => shell.run(&mut cx),
            Body::Applet(running) => running.run(&mut cx),
            Body::Server(server) => server.run(&mut cx),
            Body::Later(later) if later.at <= now => {
                for (stream, text) in std::mem::take(&mut later.out) {
                    cx.write(if stream == Stream::Out { 1 } else { 2 }, &text);
                }
                Step::Exit(later.code)
            }
            Body::Later(later) => Step::At(later.at),
            Body::Request | Body::Out => Step::Block,
        };
        self.meter.charge(self.disk.take_steps());
        let Some(process) = self.processes.get_mut(&pid) else {
            return;
        };
        process.body = body;
        let queued = std::mem::take(&mut process.queued);
        let broken = process.broken;
        if let Some((at, code, oom)) = process.dying {
            // It was killed while it ran: what it was about to do next does not happen.
            if at <= now {
                self.end(pid, code, oom);
            } else {
                self.wake(pid, at);
            }
            return;
        }
        match step {
            _ if broken => self.end(pid, Signal::PIPE.exit_code(), false),
            Step::Exit(_) if process.next_script.is_some() => {
                let script = process.next_script.take().map_or(String::new(), |s| s.to_string());
                process.argv = Rc::new(vec!["sh".to_owned(), "-c".to_owned(), script]);
                process.body = Body::Begin(What::Shell(super::shell::dialect::Dialect::Ash));
                self.wake(pid, now);
            }
            Step::Exit(code) => self.end(pid, code, false),
            Step::At(at) => self.wake(pid, at),
            Step::Block => {}
            Step::Become(next, after) => {
                process.body = next;
                self.wake(pid, now + after);
            }
        }
        for signal in queued {
            self.signal(pid, signal, true);
        }
    }

    /// Makes a process that begins after `after`. `None` when there are too many.
    pub fn spawn(&mut self, process: Process, after: Duration) -> Option<Pid> {
        if self.processes.len() >= MAX_PROCESSES {
            self.note(
                NoteKind::NotModelled,
                "more than 64 processes at a time: the fork fails",
                None,
            );
            for open in process.fds.values() {
                self.release(*open);
            }
            return None;
        }
        let pid = self.next_pid;
        self.next_pid = self.next_pid.saturating_add(1);
        self.processes.insert(pid, process);
        self.wake(pid, self.now + after);
        Some(pid)
    }

    /// What starting one more process costs beyond the usual: nothing, unless a loop starts them without waiting.
    pub fn pace(&mut self) -> Duration {
        let (left, since, delayed) = self.budget;
        let gained = (self.now - since).micros().saturating_mul(SUSTAINED);
        let left = left.saturating_add(gained).min(BURST * 1_000_000);
        if left >= 1_000_000 {
            self.budget = (left - 1_000_000, self.now, delayed.saturating_sub(1));
            return Duration::ZERO;
        }
        self.budget = (left, self.now, (delayed + 1).min(1_000));
        self.note(NoteKind::Spins, SPINS, None);
        Duration::from_micros((1_000_i64 << (delayed / 20).min(10)).min(1_000_000))
    }

    /// Ends a process; the first one takes all others with it.
    pub fn end(&mut self, pid: Pid, code: i32, oom: bool) {
        let Some(process) = self.processes.remove(&pid) else {
            return;
        };
        for open in process.fds.values() {
            self.release(*open);
        }
        if let Some(id) = process.exec
            && let Some(exec) = self.execs.get_mut(&id)
            && exec.pid == pid
            && exec.end.is_none()
        {
            exec.end = Some((self.now, code));
        }
        if pid == self.init {
            let at = self.now;
            self.exit = Some(Exit { at, code, oom });
            self.processes.clear();
            self.opens.clear();
            self.pipes.clear();
            for exec in self.execs.values_mut().filter(|e| e.end.is_none()) {
                exec.end = Some((at, Signal::KILL.exit_code()));
            }
            self.log.finish(at);
            return;
        }
        let init = self.init;
        for child in self.processes.values_mut().filter(|p| p.ppid == pid) {
            child.ppid = init;
        }
        let parent = process.ppid;
        // A parent that never asks must not gather children without end.
        let died_of = process
            .dying
            .and_then(|(_, code, _)| u8::try_from(code - 128).ok())
            .map(Signal);
        if let Some(parent) = self.processes.get_mut(&parent) {
            parent.reaped.push((pid, code, died_of));
            if parent.reaped.len() > 256 {
                parent.reaped.remove(0);
            }
            if matches!(parent.body, Body::Shell(_) | Body::Applet(_)) {
                self.wake(process.ppid, self.now);
            }
        }
    }

    /// Sends a signal. `inside`: from a process of the same namespace, where not even SIGKILL reaches PID 1.
    pub fn signal(&mut self, pid: Pid, signal: Signal, inside: bool) {
        let (now, latencies) = (self.now, self.spec.latencies);
        let first = pid == self.init && !self.spec.pid1_shared;
        let stop = self.spec.image.stop_signal;
        let Some(process) = self.processes.get_mut(&pid) else {
            return;
        };
        if process.dying.is_some() {
            return;
        }
        if signal == Signal::KILL {
            if !(first && inside) {
                let after = if inside { Duration::ZERO } else { latencies.kill };
                process.dying = Some((now + after, signal.exit_code(), false));
                self.wake(pid, now + after);
            }
            return;
        }
        match &mut process.body {
            Body::Out => process.queued.push(signal),
            Body::Shell(shell) if shell.takes(signal) => {
                if shell.deliver(signal) {
                    self.wake(pid, now);
                }
            }
            Body::Server(server) => {
                if server.signal(signal, stop, now, latencies.term, first) {
                    self.wake(pid, now);
                }
            }
            _ if first || signal.harmless() || process.ignored.contains(&signal) => {}
            _ => {
                let after = if inside { Duration::ZERO } else { latencies.term };
                process.dying = Some((now + after, signal.exit_code(), false));
                self.wake(pid, now + after);
            }
        }
    }

    /// Has a running process go on as a shell with this script, once its present run is over.
    pub fn script_of(&mut self, pid: Pid, script: &str) {
        if let Some(process) = self.processes.get_mut(&pid) {
            process.next_script = Some(Rc::from(script));
        }
    }

    /// Counts the searches of a regular expression since the last call.
    pub fn searched(&mut self, regex: &Regex) {
        self.meter.charge(1 + regex.take_steps());
        if regex.is_spent() {
            self.note(
                NoteKind::Dropped,
                "a regular expression takes too many steps: it fits nothing from here on",
                None,
            );
            self.meter.meet(&PATTERN, PATTERN.most);
        }
    }

    /// Adds a remark, each text once.
    pub fn note(&mut self, kind: NoteKind, text: impl Into<String>, argv: Option<usize>) {
        let text = text.into();
        if self.notes.len() < MAX_NOTES && !self.notes.iter().any(|n| n.text == text) {
            self.notes.push(Note { kind, text, argv });
        }
    }
}

/// One process being run: the container, the world, and who it is.
pub struct Cx<'a> {
    /// The container.
    pub k: &'a mut Kernel,
    /// The rest of the world.
    pub around: &'a mut dyn Around,
    /// The process.
    pub pid: Pid,
    /// The instant.
    pub at: Instant,
}

impl Cx<'_> {
    /// Writes to a descriptor; failures are remembered as a broken pipe or told in the result.
    pub fn write(&mut self, fd: u32, text: &str) -> bool {
        if text.is_empty() {
            return true;
        }
        let Some(open) = self.k.processes.get(&self.pid).and_then(|p| p.fds.get(&fd)).copied() else {
            return false;
        };
        match self.k.write_open(open, text, self.around) {
            Ok(()) => true,
            Err(WriteError::Broken) => {
                if let Some(process) = self.k.processes.get_mut(&self.pid) {
                    process.broken = true;
                }
                false
            }
            Err(_) => false,
        }
    }

    /// Writes to standard output.
    pub fn out(&mut self, text: &str) -> bool {
        self.write(1, text)
    }

    /// Writes to standard error.
    pub fn err(&mut self, text: &str) {
        self.write(2, text);
    }

    /// The process.
    pub fn me(&self) -> Option<&Process> {
        self.k.processes.get(&self.pid)
    }

    /// A path as seen from the working directory.
    pub fn path(&self, path: &str) -> String {
        let cwd = self.me().map_or("/", |p| &*p.cwd);
        super::files::normal(cwd, path)
    }

    /// A variable of the environment.
    pub fn env(&self, name: &str) -> Option<&str> {
        self.me()?.env.get(name).map(String::as_str)
    }

    /// The open file behind a descriptor.
    pub fn fd(&self, fd: u32) -> Option<u32> {
        self.me()?.fds.get(&fd).copied()
    }
}
