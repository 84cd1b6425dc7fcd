//! What a container sees of the rest of the world.

use std::rc::Rc;

use super::files::Files;
use super::signal::Signal;
use crate::time::{Duration, Instant};

/// `GET` for a path, as it is sent.
#[derive(Clone, Copy, Debug)]
pub struct HttpRequest<'a> {
    /// Path with its query.
    pub path: &'a str,
    /// Headers in the order of sending, `Host` among them.
    pub headers: &'a [(String, String)],
    /// The address that it comes from; empty when nobody said it.
    pub from: &'a str,
}

impl HttpRequest<'_> {
    /// What goes over the wire. Only a server that prints it needs it.
    pub fn head(&self) -> String {
        let mut text = format!("GET {} HTTP/1.1\r\n", self.path);
        for (name, value) in self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text + "\r\n"
    }
}

/// How an HTTP request ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpAnswer {
    /// Nobody listens on the port.
    Refused,
    /// The connection is closed before anything came.
    Closed,
    /// What came is no HTTP: its first line, or nothing when that is well-formed and the headers do not end.
    Malformed(Rc<str>),
    /// The server answers.
    Answer {
        /// Status code.
        status: u16,
        /// How long the answer takes from the request on.
        takes: Duration,
        /// The body.
        body: Rc<str>,
        /// The header `Location`, empty without one.
        location: Rc<str>,
    },
    /// The connection is made and nothing ever comes back.
    Hangs,
}

/// How a call of the gRPC health service ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrpcAnswer {
    /// Nobody listens on the port.
    Refused,
    /// SERVING.
    Serving,
    /// NOT_SERVING.
    NotServing,
    /// The health service does not know the named service (gRPC error NotFound).
    UnknownService,
    /// The port is served, but not by a gRPC health service.
    Unimplemented,
    /// The connection is made and nothing ever comes back.
    Hangs,
}

/// A process as `ps` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessRow {
    /// Process ID.
    pub pid: u32,
    /// Parent's ID; 0 when it lies outside.
    pub ppid: u32,
    /// The command with its arguments.
    pub args: String,
}

/// The rest of the world as a container sees it; the simulator implements it. Every answer holds for the instant being
/// run, so the simulator polls whatever else was due before.
pub trait Around {
    /// The address of a name: Services, `*.svc.cluster.local`, hosts. `None` when it does not exist.
    fn resolve(&self, name: &str) -> Option<String>;

    /// All addresses of a name: a headless Service has one for each Pod.
    fn addresses(&self, name: &str) -> Vec<String> {
        self.resolve(name).into_iter().collect()
    }

    /// The port of the Pod itself behind an address and port: its own address, or that of a Service that leads back to
    /// it. `None` when they lead elsewhere.
    fn own_port(&self, _host: &str, _port: u16) -> Option<u16> {
        None
    }

    /// A request to another container of the Pod (`host` is `127.0.0.1` or the Pod's address) or to another host.
    fn http(&mut self, host: &str, port: u16, request: HttpRequest) -> HttpAnswer;

    /// Whether a TCP connection can be made.
    fn tcp(&mut self, host: &str, port: u16) -> bool;

    /// Whether another container of the Pod listens on a port.
    fn listens(&self, _port: u16) -> bool {
        false
    }

    /// A volume of the Pod by its name.
    fn volume(&mut self, name: &str) -> Option<&mut Files>;

    /// The wall clock at an instant as seconds since 1970-01-01T00:00:00Z.
    fn unix(&self, at: Instant) -> i64;

    /// Processes of the other containers when the Pod shares its process namespace.
    fn neighbours(&self) -> Vec<ProcessRow> {
        Vec::new()
    }

    /// Sends a signal to a process of another container; false when there is none with this ID. Signal `None` only asks.
    fn signal_neighbour(&mut self, _pid: u32, _signal: Option<Signal>) -> bool {
        false
    }
}

/// A world without anything: no names, no neighbours, no volumes. For tests and for scripts on their own.
#[derive(Clone, Debug, Default)]
pub struct Nothing;

impl Around for Nothing {
    fn resolve(&self, name: &str) -> Option<String> {
        (name == "localhost").then(|| "127.0.0.1".to_owned())
    }

    fn http(&mut self, _host: &str, _port: u16, _request: HttpRequest) -> HttpAnswer {
        HttpAnswer::Refused
    }

    fn tcp(&mut self, _host: &str, _port: u16) -> bool {
        false
    }

    fn volume(&mut self, _name: &str) -> Option<&mut Files> {
        None
    }

    fn unix(&self, at: Instant) -> i64 {
        crate::time::Calendar::default().unix(at)
    }
}
