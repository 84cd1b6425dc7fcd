//! The machine somebody types `kubectl` on: one line of shell, with the scenario's files in the working directory.

use std::rc::Rc;

use super::around::Around;
use super::files::Errno;
use super::inside::Inside;
use super::io::{Open, Read};
use super::kernel::{Body, Cx, Exec, Step};
use super::launch::What;
use super::shell::dialect::Dialect;
use super::spec::{ExecId, Request, StartSpec, Stream};
use crate::map::Map;
use crate::time::{Duration, Instant};

/// Where the scenario's files are.
const HOME: &str = "/home/user";

impl Inside {
    /// Runs one line of shell in which `kubectl` is a command that waits for [`Inside::answer`].
    pub fn workstation(line: &str, files: &Map<String, String>, at: Instant) -> Inside {
        let spec = StartSpec {
            hostname: "workstation".to_owned(),
            env: vec![("HOME".to_owned(), HOME.to_owned())],
            ..StartSpec::default()
        };
        let mut inside = Inside::bare(spec, at, true);
        let root = inside.kernel.disk.root_mut();
        let _: Result<(), Errno> = root.make_dirs(HOME, at);
        for (name, text) in files {
            let _ = root.write(&super::files::normal(HOME, name), text, at);
        }
        let kernel = &mut inside.kernel;
        let id = ExecId(0);
        kernel.execs.insert(
            id,
            Exec {
                pid: kernel.init,
                ..Exec::default()
            },
        );
        let out = kernel.open(Open::Collect(id, Stream::Out));
        let err = kernel.open(Open::Collect(id, Stream::Err));
        let null = kernel.open(Open::Null);
        let argv = Rc::new(vec!["sh".to_owned(), "-c".to_owned(), line.to_owned()]);
        let body = Body::Begin(What::Shell(Dialect::Bash));
        let process = kernel.outer(argv, body, Rc::from(HOME), [null, out, err], Some(id));
        kernel.spawn(process, Duration::ZERO);
        inside
    }

    /// Everything the line has printed so far, both streams in order of writing.
    pub fn console(&self) -> &str {
        self.exec_output(ExecId(0))
    }

    /// A file of the workstation as seen from the working directory: what `kubectl apply -f` reads.
    pub fn workstation_file(&mut self, path: &str, around: &mut dyn Around) -> Option<Rc<String>> {
        let path = super::files::normal(HOME, path);
        self.kernel.disk.read(&path, around).ok()
    }
}

impl Cx<'_> {
    /// Asks for a `kubectl` command to be run: first its input is read to the end.
    pub(super) fn request(&mut self, argv: &[String]) -> Step {
        let mut stdin = String::new();
        let wants_input = argv
            .iter()
            .any(|a| a == "-" || a == "-f-" || a == "/dev/stdin" || a == "--filename=-");
        if wants_input && let Some(open) = self.fd(0) {
            if self.k.input_waits(open) {
                return Step::Block;
            }
            while let Read::Data(more) = self.k.read_open(open) {
                stdin.push_str(&more);
            }
        }
        self.k.requests.push(Request {
            pid: self.pid,
            argv: argv.to_vec(),
            stdin,
        });
        Step::Become(Body::Request, Duration::ZERO)
    }
}

impl super::kernel::Kernel {
    /// Whether somebody may still write what is read here.
    fn input_waits(&self, open: u32) -> bool {
        match self.opens.get(&open) {
            Some((_, Open::Pipe { id, write: false })) => self.pipes.get(id).is_some_and(|p| p.writers > 0),
            _ => false,
        }
    }
}
