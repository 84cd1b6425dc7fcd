//! One running container, as the runtime sees it.

use std::rc::Rc;

use super::around::{Around, GrpcAnswer, HttpAnswer, HttpRequest, ProcessRow};
use super::disk::Disk;
use super::files::{Entry, Files};
use super::io::{Log, Open};
use super::kernel::{Body, Exec, Kernel, Process};
use super::signal::Signal;
use super::spec::{
    ExecError, ExecId, ExecResult, Exit, LogLine, Note, NoteKind, Request, StartError, StartSpec, Stream,
};
use crate::map::{Map, Set};
use crate::rng::Stream as Draws;
use crate::time::{Duration, Instant};
use crate::trace::bounds::Bound;

/// How far process IDs go on when the runtime runs a command: it takes a few for itself (`22-share-pid-hostaliases`).
const RUNTIME_PIDS: u32 = 6;

/// One running container: processes, files, listeners, log. Plain data; a copy goes its own way.
#[derive(Clone, Debug)]
pub struct Inside {
    pub(super) kernel: Kernel,
}

impl Inside {
    /// Starts a container's first process.
    ///
    /// # Errors
    /// The runtime's text when there is no such program (exit code 128, reason `StartError`).
    pub fn start(spec: StartSpec, at: Instant, around: &mut dyn Around) -> Result<Inside, StartError> {
        let argv = spec.argv.clone();
        let mut inside = Inside::bare(spec, at, false);
        let cwd = inside.cwd(around);
        if argv.is_empty() {
            return Err(StartError {
                message: "no command specified".to_owned(),
            });
        }
        let kernel = &mut inside.kernel;
        let what = kernel.look_up(&argv, &cwd, true, around).map_err(|missing| {
            let name = argv.first().map_or("", String::as_str);
            StartError {
                message: format!(
                    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: {name:?}: {}",
                    missing.runtime_text(name)
                ),
            }
        })?;
        let out = kernel.open(Open::Log(Stream::Out));
        let err = kernel.open(Open::Log(Stream::Err));
        let input = if kernel.spec.stdin {
            kernel.pipe().0
        } else {
            kernel.open(Open::Null)
        };
        let process = kernel.outer(Rc::new(argv), Body::Begin(what), cwd, [input, out, err], None);
        kernel.spawn(process, Duration::ZERO);
        Ok(inside)
    }

    pub(super) fn bare(spec: StartSpec, at: Instant, workstation: bool) -> Inside {
        let mut root = Files::over(spec.image.files.clone());
        for dir in ["/dev", "/tmp", "/etc", "/proc"] {
            let _ = root.make_dirs(dir, at);
        }
        let termination = if spec.termination_path.is_empty() {
            "/dev/termination-log"
        } else {
            &spec.termination_path
        };
        let _ = root.write(termination, "", at);
        let _ = root.write("/etc/hostname", &format!("{}\n", spec.hostname), at);
        let _ = root.write("/etc/hosts", "127.0.0.1\tlocalhost\n", at);
        for (path, text) in &spec.files {
            let _ = root.write(path, text, at);
        }
        let disk = Disk::new(root, &spec.mounts, spec.read_only_root, at);
        let mut order: Vec<String> = vec!["PATH".to_owned(), "HOSTNAME".to_owned()];
        let mut environment = Map::from([
            (
                "PATH".to_owned(),
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
            ),
            ("HOSTNAME".to_owned(), spec.hostname.clone()),
        ]);
        for (name, value) in spec.image.env.iter().chain(&spec.env) {
            order.push(name.clone());
            environment.insert(name.clone(), value.clone());
        }
        environment
            .entry("HOME".to_owned())
            .or_insert_with(|| "/root".to_owned());
        order.push("HOME".to_owned());
        let assumed = spec.assumed.clone();
        let mut kernel = Kernel::new(Rc::new(spec), disk, at, workstation);
        for text in assumed {
            kernel.note(NoteKind::Assumed, text, None);
        }
        kernel.environment = Rc::new(environment);
        kernel.env_order = order.into();
        Inside { kernel }
    }

    fn cwd(&mut self, around: &mut dyn Around) -> Rc<str> {
        let spec = self.kernel.spec.clone();
        let dir = [&spec.workdir, &spec.image.workdir].into_iter().find(|d| !d.is_empty());
        let dir = super::files::normal("/", dir.map_or("/", String::as_str));
        // The runtime makes a working directory that the image lacks.
        if self.kernel.disk.stat(&dir, around).is_err() {
            let at = self.kernel.now;
            let _ = self.kernel.disk.root_mut().make_dirs(&dir, at);
        }
        Rc::from(dir)
    }

    /// When something happens inside next. Only reads.
    pub fn poll_at(&self) -> Option<Instant> {
        self.kernel.poll_at()
    }

    /// Runs everything due until `now`, each at its own instant. An early call does nothing.
    pub fn poll(&mut self, now: Instant, around: &mut dyn Around) {
        self.kernel.poll(now, around);
    }

    /// How the container ended, once its first process is gone.
    pub fn exited(&self) -> Option<Exit> {
        self.kernel.exit
    }

    /// A signal of the runtime to the first process.
    pub fn signal(&mut self, now: Instant, signal: Signal, around: &mut dyn Around) {
        self.poll(now, around);
        let init = self.kernel.init;
        self.kernel.signal(init, signal, false);
        self.poll(now, around);
    }

    /// A signal from another container that shares the process namespace; false when there is no such process.
    pub fn signal_process(&mut self, now: Instant, pid: u32, signal: Option<Signal>, around: &mut dyn Around) -> bool {
        self.poll(now, around);
        let there = self.kernel.processes.contains_key(&pid);
        if let Some(signal) = signal.filter(|_| there) {
            self.kernel.signal(pid, signal, true);
        }
        there
    }

    /// The container's processes, for another one that shares the namespace.
    pub fn processes(&self) -> Vec<ProcessRow> {
        let rows = self.kernel.processes.iter();
        rows.map(|(pid, p)| ProcessRow {
            pid: *pid,
            ppid: p.ppid,
            args: p.argv.join(" "),
        })
        .collect()
    }

    /// The highest process ID given so far, for containers that share a namespace.
    pub fn last_pid(&self) -> u32 {
        self.kernel.next_pid.saturating_sub(1)
    }

    /// Lets process IDs go on after `pid`, which another container of the namespace was given.
    pub fn pids_after(&mut self, pid: u32) {
        self.kernel.next_pid = self.kernel.next_pid.max(pid.saturating_add(1));
    }

    /// Runs a command without a shell, as exec probes, hooks and `kubectl exec` do.
    ///
    /// # Errors
    /// The runtime's text when there is no such program, or the container is gone.
    pub fn exec(&mut self, now: Instant, argv: &[String], around: &mut dyn Around) -> Result<ExecId, ExecError> {
        self.poll(now, around);
        let id = ExecId(
            self.kernel
                .execs
                .keys()
                .next_back()
                .map_or(0, |e| e.0.saturating_add(1)),
        );
        if self.kernel.exit.is_some() {
            // The task of a container that has ended is gone.
            return Err(ExecError {
                message: format!(
                    "failed to exec in container: failed to create exec \"{}\": task {} not found",
                    exec_id(&self.kernel.spec.id, id, now),
                    exec_id(&self.kernel.spec.id, ExecId(0), Instant::ZERO)
                ),
            });
        }
        let cwd = self.cwd(around);
        let kernel = &mut self.kernel;
        let what = match kernel.look_up(argv, &cwd, false, around) {
            Ok(what) => what,
            Err(missing) => {
                let name = argv.first().map_or("", String::as_str);
                let hex = exec_id(&kernel.spec.id, id, now);
                return Err(ExecError {
                    message: format!(
                        "failed to exec in container: failed to start exec \"{hex}\": OCI runtime exec failed: exec failed: unable to start container process: exec: {name:?}: {}",
                        missing.runtime_text(name)
                    ),
                });
            }
        };
        kernel.next_pid = kernel.next_pid.saturating_add(RUNTIME_PIDS);
        let pid = kernel.next_pid;
        kernel.execs.insert(id, Exec { pid, ..Exec::default() });
        let out = kernel.open(Open::Collect(id, Stream::Out));
        let err = kernel.open(Open::Collect(id, Stream::Err));
        let null = kernel.open(Open::Null);
        let process = kernel.outer(
            Rc::new(argv.to_vec()),
            Body::Begin(what),
            cwd,
            [null, out, err],
            Some(id),
        );
        if kernel.spawn(process, Duration::ZERO).is_none() {
            kernel.execs.remove(&id);
            return Err(ExecError {
                message: "failed to exec in container: failed to start exec: resource temporarily unavailable"
                    .to_owned(),
            });
        }
        Ok(id)
    }

    /// The steps that programs have taken since the last call, and the bounds that were met.
    pub fn take_work(&mut self) -> (u64, Vec<(&'static Bound, u64)>) {
        (self.kernel.meter.take_steps(), self.kernel.meter.take_met())
    }

    /// Lets go of what an ended workstation has printed: somebody else keeps it.
    pub fn forget_output(&mut self) {
        self.kernel.log = Log::default();
        self.kernel.execs.clear();
    }

    /// How a command ended; `None` while it runs.
    pub fn exec_result(&self, id: ExecId) -> Option<ExecResult> {
        let exec = self.kernel.execs.get(&id)?;
        let (at, code) = exec.end?;
        Some(ExecResult {
            at,
            code,
            output: exec.output.clone(),
            stdout: exec.stdout.clone(),
            stderr: exec.stderr.clone(),
        })
    }

    /// What a command has printed so far, both streams in order of writing.
    pub fn exec_output(&self, id: ExecId) -> &str {
        self.kernel.execs.get(&id).map_or("", |e| &e.output)
    }

    /// Kills a command and what it started: its time is over.
    pub fn exec_cancel(&mut self, id: ExecId, now: Instant) {
        self.kernel.now = self.kernel.now.max(now);
        let pids: Vec<u32> = self
            .kernel
            .processes
            .iter()
            .filter(|(_, p)| p.exec == Some(id))
            .map(|(pid, _)| *pid)
            .collect();
        for pid in pids {
            self.kernel.end(pid, Signal::KILL.exit_code(), false);
        }
    }

    /// Forgets a command whose result was taken.
    pub fn exec_forget(&mut self, id: ExecId) {
        if self.kernel.execs.get(&id).is_some_and(|e| e.end.is_some()) && self.kernel.execs.len() > 1 {
            self.kernel.execs.remove(&id);
        }
    }

    /// Until when every request from outside finds what it finds now, unless something is done to the container before.
    /// `None`: for ever.
    pub fn steady_until(&self, now: Instant) -> Option<Instant> {
        self.kernel.steady_until(now)
    }

    /// What a request to a port brings. It may end the server.
    pub fn http(&mut self, now: Instant, port: u16, request: HttpRequest, around: &mut dyn Around) -> HttpAnswer {
        self.poll(now, around);
        self.kernel.http(port, request, around)
    }

    /// Whether one of its processes listens on a port.
    pub fn listens(&self, port: u16) -> bool {
        self.kernel.listens(port)
    }

    /// Whether a connection to a port can be made. It may end the server.
    pub fn tcp(&mut self, now: Instant, port: u16, around: &mut dyn Around) -> bool {
        self.poll(now, around);
        self.kernel.tcp(port, around)
    }

    /// What the gRPC health service on a port answers. The caller has polled until `now`.
    pub fn grpc(&self, _now: Instant, port: u16, service: &str) -> GrpcAnswer {
        self.kernel.grpc(port, service)
    }

    /// Bytes that its processes use, as far as their programs tell.
    pub fn memory(&self, now: Instant) -> i64 {
        let of = |p: &Process| match &p.body {
            Body::Server(server) => server.memory(now),
            _ => 0,
        };
        self.kernel.processes.values().map(of).fold(0, i64::saturating_add)
    }

    /// The log.
    pub fn logs(&self) -> &[LogLine] {
        self.kernel.log.lines()
    }

    /// The text of the termination message file; `None` when it is missing or empty.
    pub fn termination_message(&self, path: &str) -> Option<String> {
        let text = self.kernel.disk.root().text(path)?;
        (!text.is_empty()).then(|| text.to_string())
    }

    /// Assumptions and what is not simulated.
    pub fn notes(&self) -> &[Note] {
        &self.kernel.notes
    }

    /// The container's own files.
    pub fn files(&self) -> &Files {
        self.kernel.disk.root()
    }

    /// The container's own files, to be changed from outside (`kubectl cp`).
    pub fn files_mut(&mut self) -> &mut Files {
        self.kernel.disk.root_mut()
    }

    /// `kubectl` commands that wait for their answer; each is handed out once.
    pub fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.kernel.requests)
    }

    /// Answers a `kubectl` command: what it printed, and its exit code.
    pub fn answer(&mut self, now: Instant, pid: u32, pieces: Vec<(Stream, String)>, code: i32) {
        self.kernel.now = self.kernel.now.max(now);
        if let Some(process) = self.kernel.processes.get_mut(&pid)
            && matches!(process.body, Body::Request)
        {
            process.body = Body::Later(super::kernel::Later {
                at: self.kernel.now,
                out: pieces,
                code,
            });
            self.kernel.wake(pid, self.kernel.now);
        }
    }

    /// What a `kubectl` command that still waits prints already, as `get -w` and `logs -f` do.
    pub fn answer_part(&mut self, now: Instant, pid: u32, stdout: &str, around: &mut dyn Around) {
        self.kernel.now = self.kernel.now.max(now);
        let open = self.kernel.processes.get(&pid).and_then(|p| p.fds.get(&1)).copied();
        if let Some(open) = open {
            // A reader that has gone ends the command when it is answered for good.
            let _ = self.kernel.write_open(open, stdout, around);
        }
    }
}

impl Kernel {
    /// The record of a process that the runtime starts.
    pub(super) fn outer(
        &self,
        argv: Rc<Vec<String>>,
        body: Body,
        cwd: Rc<str>,
        fds: [u32; 3],
        exec: Option<ExecId>,
    ) -> Process {
        Process {
            ppid: 0,
            argv,
            env: self.environment.clone(),
            cwd,
            fds: (0..3).zip(fds).collect(),
            body,
            wake: None,
            reads: None,
            reaped: Vec::new(),
            queued: Vec::new(),
            ignored: Set::new(),
            dying: None,
            next_script: None,
            broken: false,
            exec,
            started: self.now,
        }
    }

    /// Puts a file into the container's own tree, readable and executable by all.
    pub fn put_executable(&mut self, path: &str, text: &str) {
        let mut entry = Entry::file(Rc::new(text.to_owned()), self.now);
        entry.mode = 0o755;
        let _ = self.disk.root_mut().put(path, entry);
    }
}

/// The runtime's ID of a command in a container.
fn exec_id(container: &str, id: ExecId, now: Instant) -> String {
    let mut draws = Draws::new(0, &format!("{container}/{}/{}", id.0, now.micros()));
    (0..4).map(|_| format!("{:016x}", draws.bits())).collect()
}
