//! What a command's name stands for, and how a process becomes it.

use std::rc::Rc;

use super::applets::{self, Applet};
use super::around::Around;
use super::files::{Kind, normal};
use super::image_table::Line;
use super::images::{Known, ServerKind, Tools};
use super::kernel::{Body, Cx, Kernel, Later, Process, Step};
use super::server::{Base, Server};
use super::shell::Shell;
use super::shell::dialect::Dialect;
use super::spec::{NoteKind, Stream};
use crate::api::scenario::ExecRule;
use crate::time::Duration;

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum What {
    /// A shell.
    Shell(Dialect),
    /// A tool.
    Applet(Applet),
    /// A script: the shell that reads it, and its text.
    Script(Dialect, Rc<String>),
    /// A server.
    Server(Base, bool),
    /// A rule of the program's `exec`.
    Rule(Box<ExecRule>),
    /// Somebody's command of which only its success is assumed.
    Assumed,
    /// A program that the table of images knows.
    Listed(Line),
    /// nginx, or a command to the one that runs.
    Nginx,
    /// `kubectl` on the workstation.
    Kubectl,
}

/// Why a name stands for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Not in `$PATH`.
    NotFound,
    /// A path that does not exist.
    NoEntry,
    /// A path that may not be executed.
    Denied,
}

impl Missing {
    /// As the runtime words it after `exec: "…": `.
    pub fn runtime_text(self, name: &str) -> String {
        match self {
            Missing::NotFound => "executable file not found in $PATH".to_owned(),
            Missing::NoEntry => format!("stat {name}: no such file or directory"),
            Missing::Denied => "permission denied".to_owned(),
        }
    }
}

/// Directories that hold the tools.
const BIN: [&str; 6] = [
    "/bin",
    "/sbin",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/local/sbin",
];

impl Kernel {
    /// What a command stands for. `main`: it belongs to the container's own processes, not to a command of the runtime.
    ///
    /// # Errors
    /// See [`Missing`].
    pub fn look_up(
        &mut self,
        argv: &[String],
        cwd: &str,
        main: bool,
        around: &mut dyn Around,
    ) -> Result<What, Missing> {
        let Some(name) = argv.first().map(String::as_str) else {
            return Err(Missing::NotFound);
        };
        let age = self.now - self.born;
        if let Some(rule) = self.spec.program.as_ref().and_then(|p| {
            p.exec.iter().find(|r| {
                r.command.as_slice() == argv && r.from.is_none_or(|f| f.0 <= age) && r.to.is_none_or(|t| age < t.0)
            })
        }) {
            return Ok(What::Rule(Box::new(rule.clone())));
        }
        if self.workstation && name == "kubectl" {
            return Ok(What::Kubectl);
        }
        let has_path = name.contains('/');
        let path = normal(cwd, name);
        let base = name.rsplit('/').next().unwrap_or(name);
        if has_path && let Some(found) = self.script(&path, around) {
            return found;
        }
        if let Some(server) = self.image_server(base) {
            return Ok(server);
        }
        if let Some(manager) = self.package_manager(base, argv) {
            return Ok(manager);
        }
        if let Some(client) = self.database_client(base) {
            return Ok(What::Applet(client));
        }
        let in_bin = !has_path || BIN.iter().any(|dir| path == format!("{dir}/{base}"));
        if Dialect::of(base, self.spec.image.tools).is_some()
            && let Some(own) = argv.get(1).filter(|a| !a.starts_with('-') && a.contains('/'))
            && self.is_own_script(&normal(cwd, own), around)
        {
            let what = self.unknown(own, argv.get(1..).unwrap_or_default(), main);
            return what.ok_or(Missing::NoEntry);
        }
        if has_path && self.is_planted(&path, around) {
            let what = self.unknown_here(name, argv, main);
            return what.ok_or(Missing::NoEntry);
        }
        if in_bin && let Some(known) = self.known(base) {
            return Ok(known);
        }
        if !has_path {
            for dir in BIN {
                if let Some(found) = self.script(&format!("{dir}/{base}"), around) {
                    return found;
                }
            }
        }
        self.unknown(name, argv, main)
            .ok_or(if has_path { Missing::NoEntry } else { Missing::NotFound })
    }

    /// Where a command would be found, without any assumption about what is unknown.
    ///
    /// # Errors
    /// See [`Missing`].
    pub fn exists_command(&mut self, name: &str, cwd: &str, around: &mut dyn Around) -> Result<String, Missing> {
        let path = normal(cwd, name);
        let base = name.rsplit('/').next().unwrap_or(name).to_owned();
        let has_path = name.contains('/');
        if has_path && let Some(found) = self.script(&path, around) {
            return found.map(|_| path);
        }
        let in_bin = !has_path || BIN.iter().any(|dir| path == format!("{dir}/{base}"));
        let dir = if self.spec.image.programs.contains(&base) {
            "/usr/sbin"
        } else {
            "/bin"
        };
        let here = if has_path { path } else { format!("{dir}/{base}") };
        let described = self.program_name.as_deref() == Some(base.as_str());
        let tool = in_bin && self.known(&base).is_some() || self.installed && !has_path;
        if tool || described || self.spec.image.programs.contains(&base) || self.workstation && base == "kubectl" {
            return Ok(here);
        }
        if !has_path {
            for dir in BIN {
                let path = format!("{dir}/{base}");
                if let Some(found) = self.script(&path, around) {
                    return found.map(|_| path);
                }
            }
        }
        Err(if has_path { Missing::NoEntry } else { Missing::NotFound })
    }

    /// A file at a path, to be run as a script. `None` when there is no such file or it is a tool's.
    fn script(&mut self, path: &str, around: &mut dyn Around) -> Option<Result<What, Missing>> {
        let entry = self.disk.stat(path, around).ok()?;
        let Kind::File(text) = &entry.kind else {
            return Some(Err(Missing::Denied));
        };
        if entry.mode & 0o111 == 0 {
            return Some(Err(Missing::Denied));
        }
        if text.is_empty() {
            return None;
        }
        let first = text.lines().next().unwrap_or("");
        let interpreter = first.strip_prefix("#!").unwrap_or("/bin/sh").trim();
        let word = interpreter.split_whitespace().last().unwrap_or("sh");
        let shell = word.rsplit('/').next().unwrap_or("sh");
        match Dialect::of(shell, self.spec.image.tools) {
            Some(dialect) => Some(Ok(What::Script(dialect, text.clone()))),
            None => {
                self.note(
                    NoteKind::NotModelled,
                    format!("{path} is a script of {shell}, which is not interpreted: it is assumed to succeed"),
                    None,
                );
                Some(Ok(What::Assumed))
            }
        }
    }

    /// Shells and tools.
    fn known(&mut self, base: &str) -> Option<What> {
        if let Some(dialect) = Dialect::of(base, self.spec.image.tools) {
            return (!self.bare()).then_some(What::Shell(dialect));
        }
        if base == "nginx" {
            // Known images without it do not have it; in an image of which little is known it may be there.
            let there = (self.spec.image.known == Known::Little || self.installed) && !self.workstation;
            return there.then_some(What::Nginx);
        }
        if self.lacks(base) {
            return None;
        }
        let applet = applets::find(base)?;
        (!self.bare()).then_some(What::Applet(applet))
    }

    /// Tools that images of which all is known do not have.
    fn lacks(&self, base: &str) -> bool {
        let image = &self.spec.image;
        let extra = matches!(
            base,
            "python" | "python2" | "python3" | "stress" | "stress-ng" | "docker-entrypoint.sh"
        );
        if image.known == Known::Little
            || self.installed
            || self.workstation
            || image.programs.iter().any(|p| p == base)
        {
            return base == "docker-entrypoint.sh" && self.workstation;
        }
        match image.tools {
            Tools::Busybox => extra || matches!(base, "curl" | "dig" | "host" | "getent" | "gosu" | "tini"),
            Tools::Gnu if image.server == ServerKind::Nginx => {
                extra
                    || matches!(
                        base,
                        "wget" | "nc" | "ncat" | "netcat" | "nslookup" | "dig" | "host" | "ping" | "httpd"
                    )
            }
            Tools::Gnu => extra || matches!(base, "nslookup" | "dig" | "host" | "httpd" | "nc" | "ncat" | "netcat"),
        }
    }

    /// Whether the image holds nothing but its program.
    pub(super) fn bare(&self) -> bool {
        self.spec.image.line.text("os") == "none"
    }

    /// The server an image is known for.
    fn image_server(&mut self, base: &str) -> Option<What> {
        let image = self.spec.image.clone();
        if !image.programs.iter().any(|p| p == base) {
            return None;
        }
        if base.ends_with("entrypoint.sh") {
            return Some(What::Applet(applets::find("docker-entrypoint.sh")?));
        }
        match image.server {
            ServerKind::Nginx => Some(What::Nginx),
            ServerKind::Httpd => Some(What::Server(
                Base::Files {
                    port: 80,
                    root: Rc::from("/usr/local/apache2/htdocs"),
                    lists: false,
                },
                true,
            )),
            // Behind an entry point, somebody's own tool may come first.
            ServerKind::Listed => applets::find(base).is_none().then_some(What::Listed(image.line)),
            ServerKind::Pause => Some(What::Server(Base::Waits, true)),
            ServerKind::None => None,
        }
    }
}

impl Cx<'_> {
    /// Becomes what a name stands for.
    pub fn begin(&mut self, what: What) -> Step {
        let Some(argv) = self.me().map(|p| p.argv.clone()) else {
            return Step::Exit(127);
        };
        let become_at_once = |body| Step::Become(body, Duration::ZERO);
        match what {
            What::Shell(dialect) => match Shell::start(dialect, &argv, self) {
                Ok(shell) => become_at_once(Body::Shell(Box::new(shell))),
                Err(code) => Step::Exit(code),
            },
            What::Script(dialect, text) => {
                become_at_once(Body::Shell(Box::new(Shell::script(dialect, &argv, &text, self))))
            }
            What::Applet(applet) => applets::start(applet, self, &argv),
            What::Server(base, _) => applets::serve::serve(self, base),
            What::Rule(rule) => become_at_once(Body::Later(Later {
                at: self.at + rule.takes.0,
                out: vec![(Stream::Out, terminated(&rule.output))],
                code: (rule.exit & 0xff) as i32,
            })),
            What::Assumed => Step::Exit(0),
            What::Listed(line) => self.listed(line, &argv),
            What::Nginx => applets::nginx::start(self, &argv),
            What::Kubectl => self.request(&argv),
        }
    }

    /// A server described by the program, or the given one.
    pub fn server(&mut self, base: Base) -> Server {
        let spec = self.k.spec.clone();
        let says = spec
            .program
            .as_ref()
            .is_some_and(|p| p.listens.is_empty() && !(p.http.is_empty() && p.grpc.is_empty()));
        let base = if base == Base::Described && says {
            // It says what it answers but not where.
            self.k.note(
                NoteKind::Assumed,
                "assumed: the program listens at once on the container's ports (8080 when there are none)",
                Some(0),
            );
            self.k.assumed(Duration::ZERO)
        } else {
            base
        };
        Server::new(
            base,
            spec.program.clone(),
            self.at,
            spec.start_number,
            spec.memory_limit,
            spec.latencies.oom,
        )
    }
}

/// Output with a newline at its end, as a program that prints lines leaves it.
fn terminated(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}\n")
    }
}

/// The process record of a command about to begin.
pub fn process_like(
    parent: &Process,
    ppid: u32,
    argv: Rc<Vec<String>>,
    body: Body,
    at: crate::time::Instant,
) -> Process {
    Process {
        ppid,
        argv,
        env: parent.env.clone(),
        cwd: parent.cwd.clone(),
        fds: Default::default(),
        body,
        wake: None,
        reads: None,
        reaped: Vec::new(),
        queued: Vec::new(),
        ignored: parent.ignored.clone(),
        dying: None,
        next_script: None,
        broken: false,
        exec: parent.exec,
        started: at,
    }
}
