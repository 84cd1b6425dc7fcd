//! The container's side of the network: who listens, and what it answers.

use std::rc::Rc;

use super::around::{Around, GrpcAnswer, HttpAnswer, HttpRequest};
use super::files::{Kind, join};
use super::io::Read;
use super::kernel::{Body, Kernel, Pid};
use super::server::{Plain, Server};
use crate::time::{Duration, Instant};

impl Kernel {
    fn listener(&self, port: u16) -> Option<(Pid, &Server)> {
        self.processes.iter().find_map(|(pid, p)| match &p.body {
            Body::Server(server) if p.dying.is_none() && server.listens(port, self.now) => Some((*pid, &**server)),
            _ => None,
        })
    }

    /// Whether a process listens on a port.
    pub fn listens(&self, port: u16) -> bool {
        self.listener(port).is_some()
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

    /// Whether a connection to a port can be made. It says nothing and is closed at once.
    pub fn tcp(&mut self, port: u16, around: &mut dyn Around) -> bool {
        let Some((pid, server)) = self.listener(port) else {
            return false;
        };
        if server.is_netcat() {
            self.netcat(pid, "", around);
        }
        true
    }

    /// What whoever connects to a port is told, as the table of images has it.
    pub fn says(&self, port: u16) -> &'static str {
        self.listener(port).map_or("", |(_, server)| server.line.text("says"))
    }

    /// The answer of the gRPC health service on a port.
    pub fn grpc(&self, port: u16, service: &str) -> GrpcAnswer {
        self.listener(port)
            .map_or(GrpcAnswer::Refused, |(_, s)| s.grpc(service, self.now))
    }

    /// The answer to a request to a port.
    pub fn http(&mut self, port: u16, request: HttpRequest, around: &mut dyn Around) -> HttpAnswer {
        let Some((pid, server)) = self.listener(port) else {
            return HttpAnswer::Refused;
        };
        if server.is_netcat() {
            return match self.netcat(pid, &request.head(), around) {
                Some(reply) => read_answer(&reply),
                None => HttpAnswer::Hangs,
            };
        }
        let nginx = server.is_nginx() && server.is_bare();
        let path = request.path;
        let found = match server.rule(path, self.now) {
            Some((rule, Some(file))) => {
                let takes = rule.takes.0;
                let file = super::files::normal("/", &file);
                let text = self.disk.stat(&file, around).ok();
                Ok(answer(if text.is_some() { 200 } else { 404 }, takes, ""))
            }
            Some((rule, None)) => Ok(HttpAnswer::Answer {
                status: u16::try_from(rule.status).unwrap_or(200),
                takes: rule.takes.0,
                body: "".into(),
                location: rule.location.as_str().into(),
            }),
            None => match server.otherwise(path) {
                Plain::Answer(answer) => Ok(answer),
                Plain::File { path, lists, name } => Err((path, lists, name)),
            },
        };
        let now = self.now;
        let (number, fails) = match self.processes.get_mut(&pid).map(|p| &mut p.body) {
            Some(Body::Server(server)) => server.count(now),
            _ => (0, false),
        };
        if fails {
            return answer(500, Duration::ZERO, "");
        }
        let (file, answer) = match found {
            Ok(answer) => (String::new(), answer),
            Err((path, lists, name)) => {
                let answer = self.file_answer(&path, lists, name, around);
                (path, answer)
            }
        };
        if nginx {
            let missing = matches!(answer, HttpAnswer::Answer { status: 403 | 404, .. }).then_some(&*file);
            self.log_request(pid, number, &request, missing, &answer, around);
        }
        answer
    }

    /// A connection to `nc -l`, which prints what comes, sends what its standard input brings, and ends with the
    /// connection. `None` when its input goes on, so that nobody closes.
    fn netcat(&mut self, pid: Pid, says: &str, around: &mut dyn Around) -> Option<String> {
        let process = self.processes.get(&pid)?;
        let (input, output) = (process.fds.get(&0).copied(), process.fds.get(&1).copied());
        if let Some(output) = output {
            // nc does not mind where its output goes.
            let _ = self.write_open(output, says, around);
        }
        let mut reply = String::new();
        while let Some(input) = input {
            match self.read_open(input) {
                Read::Data(text) => reply.push_str(&text),
                Read::End | Read::Bad => break,
                // A connection that says nothing is closed by who made it.
                Read::Wait | Read::Endless if says.is_empty() => break,
                Read::Wait | Read::Endless => return None,
            }
        }
        let now = self.now;
        if let Some(Body::Server(server)) = self.processes.get_mut(&pid).map(|p| &mut p.body)
            && server.hangs_up(now)
        {
            self.wake(pid, now);
        }
        Some(reply)
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
    pub fn http_from_inside(
        &mut self,
        host: &str,
        port: u16,
        request: HttpRequest,
        around: &mut dyn Around,
    ) -> HttpAnswer {
        let Some(own) = self.own_port(host, port, around) else {
            return around.http(host, port, request);
        };
        match self.http(own, request, around) {
            HttpAnswer::Refused => around.http("127.0.0.1", own, request),
            answer => answer,
        }
    }

    /// The port of this Pod that a host and port lead to; `None` when they lead elsewhere.
    fn own_port(&self, host: &str, port: u16, around: &dyn Around) -> Option<u16> {
        match is_loopback(host) || host == self.spec.hostname {
            true => Some(port),
            false => around.own_port(host, port),
        }
    }

    /// A connection from inside to a host.
    pub fn tcp_from_inside(&mut self, host: &str, port: u16, around: &mut dyn Around) -> bool {
        match self.own_port(host, port, around) {
            Some(own) => self.tcp(own, around) || around.tcp("127.0.0.1", own),
            None => around.tcp(host, port),
        }
    }
}

/// What a text on the wire says to a client: its status and body, if it is an answer by HTTP at all.
fn read_answer(text: &str) -> HttpAnswer {
    if text.is_empty() {
        return HttpAnswer::Closed;
    }
    let first = text.lines().next().unwrap_or("");
    let mut words = first.split(' ');
    let http = words.next().is_some_and(|word| word.starts_with("HTTP/"));
    let code = words.next().filter(|code| http && code.len() == 3);
    let Some(status) = code.and_then(|code| code.parse().ok()) else {
        return HttpAnswer::Malformed(first.into());
    };
    let lines = text.replace("\r\n", "\n");
    let Some((head, body)) = lines.split_once("\n\n") else {
        return HttpAnswer::Malformed("".into());
    };
    let location = head.lines().filter_map(|line| line.split_once(':'));
    let location = location.filter(|(name, _)| name.eq_ignore_ascii_case("location"));
    HttpAnswer::Answer {
        status,
        takes: Duration::ZERO,
        body: body.into(),
        location: location.map(|(_, value)| value.trim()).next().unwrap_or("").into(),
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
