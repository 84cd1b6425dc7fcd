//! A process that serves: a described program, a built-in server, or an assumed one.

use std::rc::Rc;

use super::around::{GrpcAnswer, HttpAnswer};
use super::glob;
use super::image_table::Line;
use super::kernel::{Cx, Step};
use super::signal::Signal;
use crate::api::scenario::{HttpRule, OnTerm, Program, Span};
use crate::sort;
use crate::time::{Duration, Instant, go_duration};

/// What the server is when no program describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// Nothing: the program says all.
    Described,
    /// nginx.
    Nginx {
        /// Ports.
        ports: Rc<[u16]>,
    },
    /// A server of files: port and directory.
    Files {
        /// Port.
        port: u16,
        /// Directory.
        root: Rc<str>,
        /// What it answers when the directory has no index.
        lists: bool,
    },
    /// Listens on ports after a while and answers 200.
    Assumed {
        /// Ports.
        ports: Rc<[u16]>,
        /// How long after its start.
        after: Duration,
        /// Exit code on SIGTERM; `None` when it has no handler, so that as PID 1 it ignores it.
        term: Option<i32>,
    },
    /// `nc -l`: hands a connection to its standard streams.
    Netcat {
        /// Port.
        port: u16,
        /// Whether it waits for the next connection when one ends (`-k`).
        keeps: bool,
    },
    /// Listens nowhere and waits.
    Waits,
}

/// A running server.
#[derive(Clone, Debug)]
pub struct Server {
    base: Base,
    program: Option<Rc<Program>>,
    since: Instant,
    logged: usize,
    /// Its line of the table of images, when one was used.
    pub(super) line: Line,
    /// What it writes once it listens.
    pub(super) ready: Option<(Instant, Rc<str>)>,
    /// Requests so far.
    asked: u32,
    /// When it ends, with which code, and whether the kernel kills it for its memory.
    end: Option<(Instant, i32, bool)>,
}

/// Whether an age lies in `from..to`.
fn within(age: Duration, from: Option<Span>, to: Option<Span>) -> bool {
    from.is_none_or(|f| f.0 <= age) && to.is_none_or(|t| age < t.0)
}

fn exit_code(code: i64) -> i32 {
    // The kernel keeps eight bits of what a program hands to exit.
    (code & 0xff) as i32
}

impl Server {
    /// A server that begins now. `start_number` chooses among the program's `exits`.
    pub fn new(
        base: Base,
        program: Option<Rc<Program>>,
        since: Instant,
        start_number: u32,
        limit: Option<i64>,
        oom: Duration,
    ) -> Server {
        let mut end = None;
        if let Some(program) = &program {
            let exits = program.exits.nth(start_number as usize);
            if let Some(exits) = exits
                && let Some(after) = exits.after
            {
                end = Some((since + after.0, exit_code(exits.code), false));
            }
            let over = limit.and_then(|limit| {
                program
                    .memory
                    .iter()
                    .filter(|p| p.usage.units() > limit)
                    .map(|p| p.at.0)
                    .min()
            });
            if let Some(over) = over {
                let at = since + over + oom;
                if end.is_none_or(|(e, _, _)| at < e) {
                    end = Some((at, Signal::KILL.exit_code(), true));
                }
            }
        }
        Server {
            base,
            program,
            since,
            logged: 0,
            line: Line::default(),
            ready: None,
            asked: 0,
            end,
        }
    }

    /// Writes the lines that are due; ends when it is time.
    pub fn run(&mut self, cx: &mut Cx) -> Step {
        let program = self.program.clone();
        let logs = program.as_ref().map_or(&[][..], |p| &p.logs[..]);
        while let Some(line) = logs.get(self.logged).filter(|l| self.since + l.at.0 <= cx.at) {
            self.logged += 1;
            cx.out(&format!("{}\n", line.line));
        }
        if let Some((_, text)) = self.ready.take_if(|(at, _)| *at <= cx.at) {
            cx.out(&text);
        }
        if let Some((at, code, oom)) = self.end
            && at <= cx.at
        {
            if oom {
                // The kernel kills the whole container (memory.oom.group, from 1.28).
                let first = cx.k.init;
                cx.k.end(first, code, true);
                return Step::Block;
            }
            return Step::Exit(code);
        }
        let line = logs.get(self.logged).map(|l| self.since + l.at.0);
        let ready = self.ready.as_ref().map(|(at, _)| *at);
        let end = self.end.map(|(at, _, _)| at);
        match line.into_iter().chain(end).chain(ready).min() {
            Some(at) => Step::At(at),
            None => Step::Block,
        }
    }

    /// Takes a signal; true when the end moved. `first`: it is PID 1, where a signal without a handler does nothing.
    pub fn signal(&mut self, signal: Signal, stop: Signal, now: Instant, obeys: Duration, first: bool) -> bool {
        let wants_end = signal == stop || matches!(signal, Signal::TERM | Signal::INT | Signal::QUIT);
        if !wants_end {
            return false;
        }
        let (after, code) = match (self.program.as_ref().and_then(|p| p.on_term), &self.base) {
            (Some(OnTerm::Ignore), _) => return false,
            (Some(OnTerm::Exit { after, code }), _) => (after.0, exit_code(code)),
            (None, Base::Assumed { term: None, .. }) if first => return false,
            (None, Base::Assumed { term, .. }) => (Duration::ZERO, term.unwrap_or(signal.exit_code())),
            (None, Base::Netcat { .. }) if first => return false,
            (None, Base::Netcat { .. }) => (Duration::ZERO, signal.exit_code()),
            // python -m http.server: Python has a handler for SIGINT only.
            (None, Base::Files { lists: true, .. }) if signal != Signal::INT && first => return false,
            (None, Base::Files { lists: true, .. }) if signal != Signal::INT => (Duration::ZERO, signal.exit_code()),
            (None, _) => (Duration::ZERO, 0),
        };
        let at = now + after + obeys;
        if self.end.is_some_and(|(end, _, _)| end <= at) {
            return false;
        }
        self.end = Some((at, code, false));
        true
    }

    /// Whether it is nginx.
    pub fn is_nginx(&self) -> bool {
        matches!(self.base, Base::Nginx { .. })
    }

    /// Whether no program describes it.
    pub fn is_bare(&self) -> bool {
        self.program.is_none()
    }

    /// Counts a request: its number, and whether it fails, as the table of images has it: from an age on, or after so
    /// many requests.
    pub fn count(&mut self, now: Instant) -> (u32, bool) {
        self.asked = self.asked.saturating_add(1);
        let fails = match self.line.get("fails").map(|text| (text.strip_suffix('x'), text)) {
            Some((Some(count), _)) => count.parse().is_ok_and(|count: u32| self.asked > count),
            Some((None, age)) => go_duration::parse(age).is_ok_and(|age| self.since + age <= now),
            None => false,
        };
        (self.asked, fails)
    }

    /// Whether it hands its connections to its standard streams, whatever a program says.
    pub fn is_netcat(&self) -> bool {
        matches!(self.base, Base::Netcat { .. }) && self.program.is_none()
    }

    /// A connection was closed; whether the server ends with it.
    pub fn hangs_up(&mut self, now: Instant) -> bool {
        let ends = matches!(self.base, Base::Netcat { keeps: false, .. });
        if ends {
            self.end = Some((now, 0, false));
        }
        ends
    }

    /// Whether it listens on a port.
    pub fn listens(&self, port: u16, now: Instant) -> bool {
        let said = self.program.as_ref().map_or(&[][..], |p| &p.listens[..]);
        if !said.is_empty() || self.base == Base::Described {
            return said
                .iter()
                .any(|l| l.port == i64::from(port) && self.since + l.after.0 <= now);
        }
        match &self.base {
            Base::Nginx { ports } => ports.contains(&port),
            Base::Files { port: p, .. } | Base::Netcat { port: p, .. } => *p == port,
            Base::Assumed { ports, after, .. } => ports.contains(&port) && self.since + *after <= now,
            Base::Described | Base::Waits => false,
        }
    }

    /// When it next begins or ceases to listen or to answer as it does now, as far as its age alone decides.
    pub fn changes_at(&self, now: Instant) -> Option<Instant> {
        let assumed = match &self.base {
            Base::Assumed { after, .. } => Some(*after),
            // No two connections find the same.
            Base::Netcat { .. } => return Some(now + Duration::from_micros(1)),
            // Each request is a line in its log.
            Base::Nginx { .. } if self.program.is_none() => return Some(now + Duration::from_micros(1)),
            _ => None,
        };
        let said = self.program.iter().flat_map(|program| {
            let listens = program.listens.iter().map(|l| l.after.0);
            let http = program.http.iter().flat_map(|r| [r.from, r.to]);
            let grpc = program.grpc.iter().flat_map(|r| [r.from, r.to]);
            listens.chain(http.chain(grpc).flatten().map(|span| span.0))
        });
        let fails = match self.line.get("fails").map(go_duration::parse) {
            Some(Err(_)) => return Some(now + Duration::from_micros(1)),
            Some(Ok(age)) => Some(age),
            None => None,
        };
        let instants = said.chain(assumed).chain(fails).map(|age| self.since + age);
        instants.filter(|at| *at > now).min()
    }

    /// Bytes it uses.
    pub fn memory(&self, now: Instant) -> i64 {
        let said = self.program.iter().flat_map(|program| &program.memory);
        let begun = said.filter(|point| self.since + point.at.0 <= now);
        begun
            .max_by_key(|point| point.at)
            .map_or(0, |point| point.usage.units())
    }

    /// The ports it listens on.
    pub fn ports(&self, now: Instant) -> Vec<u16> {
        let said = self.program.as_ref().map_or(&[][..], |p| &p.listens[..]);
        let mut ports: Vec<u16> = said.iter().filter_map(|l| u16::try_from(l.port).ok()).collect();
        match &self.base {
            Base::Nginx { ports: open } => ports.extend(open.iter()),
            Base::Files { port, .. } | Base::Netcat { port, .. } => ports.push(*port),
            Base::Assumed { ports: assumed, .. } => ports.extend(assumed.iter()),
            Base::Described | Base::Waits => {}
        }
        ports.retain(|p| self.listens(*p, now));
        sort::sort(&mut ports);
        ports.dedup();
        ports
    }

    /// The first rule of the program for a path, with the file it may name.
    pub fn rule(&self, path: &str, now: Instant) -> Option<(&HttpRule, Option<String>)> {
        let age = now - self.since;
        let bare = path.split(['?', '#']).next().unwrap_or(path);
        let program = self.program.as_ref()?;
        let rule = program
            .http
            .iter()
            .find(|r| within(age, r.from, r.to) && (glob::matches(&r.path, path) || glob::matches(&r.path, bare)))?;
        let file = rule.file.as_ref().map(|f| match glob::first_star(&rule.path, bare) {
            Some(part) => f.replace('*', &part),
            None => f.clone(),
        });
        Some((rule, file))
    }

    /// What it answers to a path that no rule names: a file to look for, or a plain answer.
    pub fn otherwise(&self, path: &str) -> Plain {
        let bare = path.split(['?', '#']).next().unwrap_or(path);
        match &self.base {
            Base::Nginx { .. } => Plain::File {
                path: below("/usr/share/nginx/html", bare),
                lists: false,
                name: "nginx",
            },
            Base::Files { root, lists, .. } => Plain::File {
                path: below(root, bare),
                lists: *lists,
                name: "httpd",
            },
            Base::Described | Base::Assumed { .. } | Base::Netcat { .. } | Base::Waits => {
                Plain::Answer(HttpAnswer::Answer {
                    status: 200,
                    takes: Duration::ZERO,
                    body: Rc::from("ok\n"),
                    location: "".into(),
                })
            }
        }
    }

    /// What its gRPC health service answers.
    pub fn grpc(&self, service: &str, now: Instant) -> GrpcAnswer {
        let age = now - self.since;
        let Some(program) = self.program.as_ref().filter(|p| !p.grpc.is_empty()) else {
            return match self.base {
                Base::Assumed { .. } => GrpcAnswer::Serving,
                Base::Netcat { .. } => GrpcAnswer::Hangs,
                _ => GrpcAnswer::Unimplemented,
            };
        };
        match program
            .grpc
            .iter()
            .find(|r| r.service == service && within(age, r.from, r.to))
        {
            Some(rule) if rule.serving => GrpcAnswer::Serving,
            Some(_) => GrpcAnswer::NotServing,
            None => GrpcAnswer::UnknownService,
        }
    }
}

/// The answer to a path that no rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plain {
    /// The text of a file, or 404.
    File {
        /// Where.
        path: String,
        /// A directory without an index is listed instead of refused.
        lists: bool,
        /// The server's name on its error pages.
        name: &'static str,
    },
    /// This.
    Answer(HttpAnswer),
}

fn below(root: &str, path: &str) -> String {
    // `..` must not lead out of the root, so the path is made normal on its own first.
    let inner = super::files::normal("/", path);
    super::files::normal("/", &format!("{root}{inner}"))
}
