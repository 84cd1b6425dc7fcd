//! The container's side of the network: who listens, and what it answers.

use std::rc::Rc;

use super::around::{Around, GrpcAnswer, HttpAnswer};
use super::files::{Kind, join};
use super::kernel::{Body, Kernel};
use super::server::{Plain, Server};
use crate::time::{Duration, Instant};

impl Kernel {
    fn listener(&self, port: u16) -> Option<&Server> {
        self.processes.values().find_map(|p| match &p.body {
            Body::Server(server) if p.dying.is_none() && server.listens(port, self.now) => Some(&**server),
            _ => None,
        })
    }

    /// Until when every request finds what it finds now, unless something is done to the container before. `None`: for
    /// ever.
    pub fn steady_until(&self, now: Instant) -> Option<Instant> {
        let servers = self.processes.values().filter_map(|p| match &p.body {
            Body::Server(server) => server.changes_at(now),
            _ => None,
        });
        servers.chain(self.poll_at()).min()
    }

    /// Whether somebody listens on a port.
    pub fn tcp(&self, port: u16) -> bool {
        self.listener(port).is_some()
    }

    /// The answer of the gRPC health service on a port.
    pub fn grpc(&self, port: u16, service: &str) -> GrpcAnswer {
        self.listener(port)
            .map_or(GrpcAnswer::Refused, |s| s.grpc(service, self.now))
    }

    /// The answer to `GET path` on a port.
    pub fn http(&mut self, port: u16, path: &str, around: &mut dyn Around) -> HttpAnswer {
        let Some(server) = self.listener(port) else {
            return HttpAnswer::Refused;
        };
        match server.rule(path, self.now) {
            Some((rule, Some(file))) => {
                let takes = rule.takes.0;
                let file = super::files::normal("/", &file);
                let text = self.disk.stat(&file, around).ok();
                answer(if text.is_some() { 200 } else { 404 }, takes, "")
            }
            Some((rule, None)) => HttpAnswer::Answer {
                status: u16::try_from(rule.status).unwrap_or(200),
                takes: rule.takes.0,
                body: "".into(),
                location: rule.location.as_str().into(),
            },
            None => match server.otherwise(path) {
                Plain::Answer(answer) => answer,
                Plain::File { path, lists, name } => self.file_answer(&path, lists, name, around),
            },
        }
    }

    fn file_answer(&mut self, path: &str, lists: bool, server: &str, around: &mut dyn Around) -> HttpAnswer {
        let page = |status: u16, words: &str| {
            answer(
                status,
                Duration::ZERO,
                &format!(
                    "<html>\n<head><title>{status} {words}</title></head>\n<body>\n<center><h1>{status} {words}</h1></center>\n<hr><center>{server}</center>\n</body>\n</html>\n"
                ),
            )
        };
        match self.disk.stat(path, around).map(|e| e.kind) {
            Ok(Kind::File(text)) => HttpAnswer::Answer {
                status: 200,
                takes: Duration::ZERO,
                body: Rc::from(text.as_str()),
                location: "".into(),
            },
            Ok(_) => match self.disk.read(&join(path, "index.html"), around) {
                Ok(text) => answer(200, Duration::ZERO, &text),
                Err(_) if lists => {
                    let names = self.disk.list(path, around).unwrap_or_default();
                    let rows: Vec<String> = names
                        .iter()
                        .map(|n| format!("<li><a href=\"{n}\">{n}</a></li>\n"))
                        .collect();
                    answer(200, Duration::ZERO, &format!("<ul>\n{}</ul>\n", rows.concat()))
                }
                Err(_) => page(403, "Forbidden"),
            },
            Err(_) => page(404, "Not Found"),
        }
    }

    /// A request from inside to a host: this container first when the host is its own, then the rest of the world.
    pub fn http_from_inside(&mut self, host: &str, port: u16, path: &str, around: &mut dyn Around) -> HttpAnswer {
        if is_loopback(host) || host == self.spec.hostname {
            match self.http(port, path, around) {
                HttpAnswer::Refused => around.http("127.0.0.1", port, path),
                answer => answer,
            }
        } else {
            around.http(host, port, path)
        }
    }

    /// A connection from inside to a host.
    pub fn tcp_from_inside(&mut self, host: &str, port: u16, around: &mut dyn Around) -> bool {
        if is_loopback(host) || host == self.spec.hostname {
            self.tcp(port) || around.tcp("127.0.0.1", port)
        } else {
            around.tcp(host, port)
        }
    }
}

fn answer(status: u16, takes: Duration, body: &str) -> HttpAnswer {
    HttpAnswer::Answer {
        status,
        takes,
        body: Rc::from(body),
        location: "".into(),
    }
}

/// Whether a host is the container itself.
pub fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "::1" | "[::1]" | "0.0.0.0") || host.starts_with("127.")
}
