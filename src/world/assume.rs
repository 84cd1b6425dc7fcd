//! Programs that are not simulated one by one: those of the table of images, and those that are assumed by their place.

use std::rc::Rc;

use super::applets::info::format_date;
use super::image_table::{self, Line};
use super::images::{Known, ServerKind};
use super::kernel::{Body, Cx, Kernel, Later, Step};
use super::launch::What;
use super::server::Base;
use super::spec::{NoteKind, Stream};
use crate::api::nearest;
use crate::time::{Duration, Instant};

/// Official images whose names are often misspelt. An unknown one near to them is probably one of them.
const OFFICIAL: [&str; 12] = [
    "alpine",
    "busybox",
    "debian",
    "httpd",
    "mariadb",
    "memcached",
    "mongo",
    "mysql",
    "nginx",
    "postgres",
    "python",
    "redis",
];

/// Programs that answer a question about a server and end.
const CLIENTS: [&str; 18] = [
    "pg_isready",
    "mysqladmin",
    "mysql",
    "redis-cli",
    "mongo",
    "mongosh",
    "psql",
    "etcdctl",
    "rabbitmq-diagnostics",
    "rabbitmqctl",
    "nodetool",
    "cqlsh",
    "grpc_health_probe",
    "mc",
    "openssl",
    "jq",
    "rabbitmq-health",
    "zkServer.sh",
];

/// Interpreters that become a server unless they are given a one-line program, or none.
const INTERPRETERS: [&str; 12] = [
    "java", "node", "python", "python3", "python2", "ruby", "php", "perl", "dotnet", "irb", "jshell", "iex",
];

/// How long a program of which nothing is known takes to end, or to listen.
const WHILE: Duration = Duration::from_secs(1);

/// Whether an interpreter is handed its program as an argument: `-c`, `-e`, or Perl's and Ruby's `-ne` and `-wle`.
pub fn one_line(base: &str, argv: &[String]) -> bool {
    let letters = matches!(base, "perl" | "ruby");
    argv.iter().skip(1).any(|a| {
        let bundle = a
            .strip_prefix('-')
            .filter(|l| letters && !l.starts_with(['M', 'I', '-']));
        matches!(a.as_str(), "-c" | "-e" | "-r" | "-version" | "--version" | "-V" | "-v")
            || bundle.is_some_and(|l| l.chars().all(|c| c.is_ascii_alphabetic()) && l.ends_with(['e', 'E']))
    })
}

impl Kernel {
    /// A server that listens where it is asked.
    pub(super) fn assumed(&self, after: Duration) -> Base {
        let ports = match self.spec.ports.as_slice() {
            [] => Rc::from([8080].as_slice()),
            ports => Rc::from(ports),
        };
        Base::Assumed {
            ports,
            after,
            term: Some(0),
        }
    }

    /// A name that nothing describes: the program, an assumption, or nothing.
    pub(super) fn unknown(&mut self, name: &str, argv: &[String], main: bool) -> Option<What> {
        let base = name.rsplit('/').next().unwrap_or(name);
        if self.workstation {
            return None;
        }
        let names_it = |known: &Rc<str>| &**known == base;
        if self.spec.program.is_some() {
            return match &self.program_name {
                Some(known) if names_it(known) => Some(What::Server(Base::Described, true)),
                None if main => {
                    self.program_name = Some(Rc::from(base));
                    Some(What::Server(Base::Described, true))
                }
                _ => None,
            };
        }
        let image = self.spec.image.clone();
        if INTERPRETERS.contains(&base) && image.known == Known::Little {
            // Without a program it reads one from its standard input, where there is none.
            if argv.len() == 1 {
                return Some(What::Assumed);
            }
            if one_line(base, argv) {
                let text = format!(
                    "{base} is not interpreted: {base} {} is assumed to succeed",
                    argv.get(1).map_or("", |a| a)
                );
                self.note(NoteKind::Assumed, text, Some(0));
                return Some(What::Listed(Line::RUNS));
            }
        }
        if image.known == Known::All && !self.installed || self.bare() && super::applets::find(base).is_some() {
            return None;
        }
        self.unknown_here(name, argv, main)
    }

    /// A program that is there and of which nothing is known.
    pub(super) fn unknown_here(&mut self, name: &str, argv: &[String], main: bool) -> Option<What> {
        let base = name.rsplit('/').next().unwrap_or(name);
        let names_it = |known: &Rc<str>| &**known == base;
        if !main || CLIENTS.contains(&base) {
            self.note(
                NoteKind::Assumed,
                format!("assumed: {base} succeeds (exit code 0); describe it under exec to change that"),
                None,
            );
            return Some(What::Assumed);
        }
        if self.program_name.as_ref().is_some_and(|known| !names_it(known)) {
            let text = format!("assumed: {base} succeeds (exit code 0)");
            self.note(NoteKind::Assumed, text, None);
            return Some(What::Assumed);
        }
        self.program_name = Some(Rc::from(base));
        self.misspelt();
        let line = image_table::program(base).unwrap_or_default().with(argv);
        let (ports, runs) = (line.ports(), line.text("is") == "runs");
        if runs || self.spec.ends && ports.is_empty() {
            let text = match runs {
                true => format!("assumed: {base} succeeds (exit code 0)"),
                false => format!("assumed: {base} ends with exit code 0 one second after start"),
            };
            self.note(NoteKind::Assumed, text, Some(0));
            return Some(What::Listed(Line::RUNS));
        }
        Some(What::Listed(line))
    }

    /// Says so when the image's name is nearly that of a well-known one.
    fn misspelt(&mut self) {
        let image = self.spec.image.clone();
        let name = image.name.strip_prefix("docker.io/library/");
        let name = name.map(|name| name.split([':', '@']).next().unwrap_or(name));
        if let Some((image, near)) = name.and_then(|name| Some((nearest(name, OFFICIAL)?, name))) {
            let text = format!(
                "image {near} is not known here; did you mean {image}? A name that the registry does not have ends in \
                 ErrImagePull"
            );
            self.note(NoteKind::NotModelled, text, Some(0));
        }
    }
}

impl Cx<'_> {
    /// Becomes what a line of the table says, or, by the empty line, a server of which nothing is known.
    pub(super) fn listed(&mut self, line: Line, argv: &[String]) -> Step {
        let name = argv
            .first()
            .map_or("", |a| a.rsplit('/').next().unwrap_or(a))
            .to_owned();
        let own = self.k.spec.image.line == line && self.k.spec.image.server == ServerKind::Listed;
        let line = if own { line.with(argv) } else { line };
        let described = self.k.spec.program.is_some();
        if own && !described && line.text("is") == "runs" && line.get("log").is_none() {
            let text = format!(
                "assumed: {name} succeeds (exit code {})",
                line.get("exit").unwrap_or("0")
            );
            self.k.note(NoteKind::Assumed, text, Some(0));
        }
        if !described && let Some(step) = self.ends_at_once(line, argv) {
            return step;
        }
        let (ports, after) = (self.ports(line, argv), line.up());
        let term = match line.get("term") {
            Some(code) => code.parse().ok(),
            None => Some(0),
        };
        if !described {
            self.say_listed(&name, line, own, &ports);
            let log = self.dated(line.text("log"), self.at);
            self.out(&log);
            if let Some(path) = line.get("touch") {
                let at = self.at;
                let _ = self.k.disk.truncate(path, at, self.around);
            }
        }
        let mut server = self.server(Base::Assumed {
            ports: Rc::from(ports),
            after,
            term,
        });
        if !described {
            let at = self.at + after;
            server.line = line;
            server.ready = line.get("ready").map(|text| (at, Rc::from(self.dated(text, at))));
        }
        Step::Become(Body::Server(Box::new(server)), Duration::ZERO)
    }

    /// A program that does something and ends, waits, or lacks what it needs.
    fn ends_at_once(&mut self, line: Line, argv: &[String]) -> Option<Step> {
        let code = |default: i32| line.get("exit").and_then(|c| c.parse().ok()).unwrap_or(default);
        let scripted = self.k.spec.image.programs.iter().any(|p| p.ends_with("entrypoint.sh"));
        if !scripted && let Some(text) = self.lacking(line, argv) {
            self.err(&text);
            return Some(Step::Exit(code(1)));
        }
        match line.text("is") {
            "runs" => {
                let out = vec![(Stream::Out, self.dated(line.text("log"), self.at))];
                let (at, code) = (self.at + WHILE, code(0));
                Some(Step::Become(Body::Later(Later { at, out, code }), WHILE))
            }
            "waits" => {
                let server = self.server(Base::Waits);
                Some(Step::Become(Body::Server(Box::new(server)), Duration::ZERO))
            }
            _ => None,
        }
    }

    /// What the program says when the environment or an argument that it needs is missing; `None` when it may go on.
    pub(super) fn lacking(&self, line: Line, argv: &[String]) -> Option<String> {
        let set = |name: &str| self.env(name).is_some_and(|value| !value.is_empty());
        let names = |key| line.get(key).map(|names| names.split('|'));
        let lacks = names("need").is_some_and(|mut names| !names.any(set))
            || names("pair").is_some_and(|names| names.clone().any(set) && !names.clone().all(set))
            || line.get("must").is_some_and(|option| {
                !argv
                    .iter()
                    .any(|a| a.trim_start_matches('-').starts_with(option.trim_start_matches('-')))
            });
        lacks.then(|| self.dated(line.text("lack"), self.at))
    }

    /// Lines of the table with the date in them, each with its end.
    fn dated(&self, text: &str, at: Instant) -> String {
        if text.is_empty() {
            return String::new();
        }
        let text = text.replace("\\n", "\n").replace("\\t", "\t") + "\n";
        match text.contains('%') {
            true => format_date(&format!("+{text}"), self.around.unix(at)),
            false => text,
        }
    }

    /// Where it listens: as an option or a variable says, else on its ports, else where the manifest asks.
    fn ports(&self, line: Line, argv: &[String]) -> Vec<u16> {
        let mut ports = line.ports();
        let mut words = argv.iter().skip(1).peekable();
        while let Some(word) = words.next() {
            let (name, value) = word
                .split_once('=')
                .map_or((word.as_str(), None), |(n, v)| (n, Some(v)));
            if !line
                .get("opt")
                .is_some_and(|options| options.split(',').any(|o| o == name))
            {
                continue;
            }
            let value = value.or_else(|| words.peek().map(|w| w.as_str())).unwrap_or_default();
            if let Ok(port) = value.rsplit(':').next().unwrap_or(value).parse() {
                ports = vec![port];
            }
        }
        if let Some(port) = line.get("env").and_then(|name| self.env(name)?.parse().ok()) {
            ports = vec![port];
        }
        let asked = &self.k.spec.ports;
        if ports.is_empty() || line.get("also").is_some() {
            ports.extend(asked.iter().filter(|p| !line.ports().contains(p)));
        }
        if ports.is_empty() {
            ports.push(8080);
        }
        ports
    }

    /// The remark on what was assumed.
    fn say_listed(&mut self, name: &str, line: Line, own: bool, ports: &[u16]) {
        let ports = ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        let after = match line.up() {
            WHILE if !own => "one second".to_owned(),
            up => up.to_string(),
        };
        let end = match (line.text("term"), own) {
            ("none", true) => " and ignores SIGTERM as PID 1".to_owned(),
            ("none", false) => ", answers 200, ignores SIGTERM as PID 1".to_owned(),
            (_, true) => " and stops on SIGTERM".to_owned(),
            ("", false) => ", answers 200, stops on SIGTERM with exit code 0".to_owned(),
            (code, false) => format!(", answers 200, stops on SIGTERM with exit code {code}"),
        };
        let text = format!("assumed: {name} listens on {ports} {after} after start{end}");
        self.k.note(NoteKind::Assumed, text, Some(0));
    }
}
