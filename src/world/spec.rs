//! What a container is started with, and what it gives back.

use std::rc::Rc;

use super::images::ImageProfile;
use crate::api::scenario::Program;
use crate::time::{Duration, Instant};

/// Latencies of processes. Nominal values of spec 07; the runtime may draw others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latencies {
    /// From the fork of a command to its first instruction.
    pub spawn: Duration,
    /// From SIGTERM to the exit of a program that obeys, or dies of it.
    pub term: Duration,
    /// From SIGKILL to the exit.
    pub kill: Duration,
    /// From memory over its limit to the exit: how long the kernel looks for pages first.
    pub oom: Duration,
    /// A look-up in the DNS that finds no name.
    pub lookup_fails: Duration,
    /// A look-up that finds one.
    pub lookup: Duration,
    /// A network round trip inside the cluster.
    pub round_trip: Duration,
}

impl Default for Latencies {
    fn default() -> Self {
        Latencies {
            spawn: Duration::from_millis(1),
            term: Duration::from_millis(8),
            kill: Duration::from_millis(5),
            oom: Duration::from_millis(200),
            lookup_fails: Duration::from_millis(20),
            lookup: Duration::from_millis(5),
            round_trip: Duration::from_millis(1),
        }
    }
}

/// A volume in the container's tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mount {
    /// Where it appears.
    pub path: String,
    /// The volume's name, as [`super::Around::volume`] knows it.
    pub volume: String,
    /// The part of the volume that is shown; empty for all of it.
    pub sub_path: String,
    /// Writes fail.
    pub read_only: bool,
    /// Another container of the Pod, of whose program nothing is known, may write files into it.
    pub filled: bool,
}

/// Everything that decides what one run of a container does.
#[derive(Clone, Debug)]
pub struct StartSpec {
    /// Program and arguments: `command` and `args` over the image's entrypoint and command, `$(VAR)` expanded.
    pub argv: Vec<String>,
    /// Environment, later entries win. `PATH`, `HOSTNAME` and `HOME` are added when missing.
    pub env: Vec<(String, String)>,
    /// Working directory; the image's (or `/`) when empty.
    pub workdir: String,
    /// Host name.
    pub hostname: String,
    /// The image.
    pub image: Rc<ImageProfile>,
    /// Behaviour of the first executable that is not known; from `workloads` or `images`.
    pub program: Option<Rc<Program>>,
    /// How often the container was started before: 0 for the first time. Chooses among `exits`.
    pub start_number: u32,
    /// Volumes.
    pub mounts: Vec<Mount>,
    /// Files the kubelet manages (`/etc/hosts`, `/etc/resolv.conf`, the token): absolute path and text.
    pub files: Vec<(String, String)>,
    /// Bytes.
    pub memory_limit: Option<i64>,
    /// The root file system is read-only.
    pub read_only_root: bool,
    /// The Pod shares its process namespace: the container's first process is not PID 1.
    pub pid1_shared: bool,
    /// ID of the first process when the namespace is shared; 1 otherwise.
    pub first_pid: u32,
    /// Where an assumed server listens: the ports that probes ask, then the `containerPort`s.
    pub ports: Vec<u16>,
    /// The container is there to do something and end: an init container, or one that is not restarted, has no ports and
    /// is not probed. An assumed program ends well there.
    pub ends: bool,
    /// User ID of its processes.
    pub uid: i64,
    /// What was assumed to start it at all.
    pub assumed: Vec<String>,
    /// Where the termination message is written; the runtime makes this file. `/dev/termination-log` when empty.
    pub termination_path: String,
    /// The runtime's ID of the container; the IDs of failed exec calls are made from it.
    pub id: String,
    /// Standard input stays open, though nobody writes to it.
    pub stdin: bool,
    /// Latencies.
    pub latencies: Latencies,
}

impl Default for StartSpec {
    fn default() -> Self {
        StartSpec::of(Rc::new(ImageProfile::busybox("docker.io/library/busybox:latest")))
    }
}

impl StartSpec {
    /// A container of this image that is asked for nothing special.
    pub fn of(image: Rc<ImageProfile>) -> Self {
        StartSpec {
            argv: Vec::new(),
            env: Vec::new(),
            workdir: String::new(),
            hostname: "localhost".to_owned(),
            image,
            program: None,
            start_number: 0,
            mounts: Vec::new(),
            files: Vec::new(),
            memory_limit: None,
            read_only_root: false,
            pid1_shared: false,
            first_pid: 1,
            ports: Vec::new(),
            ends: false,
            uid: 0,
            assumed: Vec::new(),
            termination_path: String::new(),
            id: String::new(),
            stdin: false,
            latencies: Latencies::default(),
        }
    }
}

/// The runtime could not start the first process: exit code 128, reason `StartError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError {
    /// As the runtime words it (`17-bad-command`), without an RPC prefix.
    pub message: String,
}

/// The runtime could not start a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecError {
    /// As the runtime words it (`12-probe-exec-badcommand`), without the prefix `rpc error: code = Unknown desc = `.
    pub message: String,
}

/// How the container ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// When.
    pub at: Instant,
    /// Exit code; 128 + n after signal n.
    pub code: i32,
    /// The kernel killed it for its memory.
    pub oom: bool,
}

/// A stream of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A line of the container's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When its end was written.
    pub at: Instant,
    /// By which stream.
    pub stream: Stream,
    /// The line without its newline.
    pub text: Rc<str>,
    /// The process ended before it wrote the newline.
    pub partial: bool,
}

/// Names one command run by the runtime in the container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExecId(pub u32);

/// How such a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecResult {
    /// When.
    pub at: Instant,
    /// Exit code; 137 when the container ended first.
    pub code: i32,
    /// Both streams in the order of writing, as `kubectl exec` shows them.
    pub output: String,
    /// Standard output.
    pub stdout: String,
    /// Standard error. A failed probe reports standard output, then this.
    pub stderr: String,
}

/// What kind of remark a [`Note`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// A behaviour that the text does not tell and that was assumed.
    Assumed,
    /// Something a real container can do and this one cannot.
    NotModelled,
    /// A loop that never waits.
    Spins,
    /// Output, log or files beyond the bounds were dropped.
    Dropped,
}

/// A remark for the diagnostics: each text once per container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Kind.
    pub kind: NoteKind,
    /// The sentence.
    pub text: String,
    /// Element of the container's `argv` it is about; `None` for a command the runtime ran, or when unknown.
    pub argv: Option<usize>,
}

/// A `kubectl` that a line of the workstation's shell runs and that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Process ID; goes back with the answer.
    pub pid: u32,
    /// The command line, `kubectl` first.
    pub argv: Vec<String>,
    /// What is piped into it.
    pub stdin: String,
}
