//! Twin: pkg/kubelet/prober/prober.go (v1.36.2)
//! Twin: pkg/probe/exec/exec.go (v1.36.2)
//! Twin: pkg/probe/util.go (v1.36.2)
//! Twin: pkg/probe/tcp/tcp.go (v1.36.2)
//! Twin: pkg/probe/grpc/grpc.go (v1.36.2)
//! Covers: one attempt by exec, httpGet, tcpSocket or grpc: its result, its text, its time-out.
//! Left out: nothing of these; what an HTTP answer means is in `http.rs`.

pub mod http;

use std::rc::Rc;

use crate::api::Probe;
use crate::api::expand::expand;
use crate::api::pod::{Container, HttpGetAction, IntOrString};
use crate::cri::{ExecHandle, Target, Wide};
use crate::machine::{Latency, Part, Uid};
use crate::map::Map;
use crate::time::{Duration, Instant};
use crate::world::{GrpcAnswer, HttpRequest};

/// Who makes a request by HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A probe, which waits so long.
    Probe {
        /// Its time-out.
        limit: Duration,
    },
    /// A hook, which waits for ever and goes wherever it is sent.
    Hook,
}

/// Makes a request by HTTP: how long it took beside the way to and fro, and its answer or Go's words for why there is none.
///
/// # Errors
/// The text about a port that the container does not have.
#[allow(clippy::type_complexity)]
pub fn request(
    wide: &mut Wide,
    node: u16,
    get: &HttpGetAction,
    container: Option<&Container>,
    uid: Uid,
    asker: Asker,
) -> Result<(Duration, Result<http::Reply, String>), String> {
    let target = Target::of_http(get, container, uid);
    let port = resolve_port(&get.port, container)?;
    let address = wide.address(node, uid);
    let own = target.host.as_deref().unwrap_or(&address).to_owned();
    let url = http::Url {
        scheme: target.scheme,
        host: own.clone(),
        port,
        path: if get.path.is_empty() { "/" } else { &get.path }.to_owned(),
    };
    let (agent, limit, follow) = match asker {
        Asker::Probe { limit } => ("kube-probe", limit, http::Follow::SameHost),
        Asker::Hook => ("kube-lifecycle", Duration::from_secs(FOR_EVER), http::Follow::Anywhere),
    };
    let agent = format!("{agent}/{}", wide.cx.setup.profile.version);
    let headers = http::headers(&get.http_headers, &url, &agent);
    // The node's end of the Pod network is its first address.
    let from = address
        .rsplit_once('.')
        .map_or(String::new(), |(net, _)| format!("{net}.1"));
    let mut ask = |url: &http::Url| {
        let mut target = target.clone();
        target.port = Some(url.number());
        if url.host != own {
            target.host = Some(url.host.clone());
        }
        let (path, headers, from) = (&*url.path, &*headers, &*from);
        wide.http(node, &target, HttpRequest { path, headers, from })
    };
    Ok(http::exchange(&url, limit, follow, &mut ask))
}

/// How an attempt came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeOutcome {
    /// It succeeded.
    Success,
    /// It succeeded, and this is said of it.
    Warning(Rc<str>),
    /// It failed with this output.
    Failure(Rc<str>),
    /// It could not be made; it does not count.
    Error(Rc<str>),
}

impl ProbeOutcome {
    /// As what it counts; an attempt that could not be made does not count.
    pub fn counts(&self) -> Option<bool> {
        match self {
            ProbeOutcome::Success | ProbeOutcome::Warning(_) => Some(true),
            ProbeOutcome::Failure(_) => Some(false),
            ProbeOutcome::Error(_) => None,
        }
    }
}

/// An attempt that takes time.
#[derive(Clone, Debug)]
pub struct Attempt {
    run: Run,
}

#[derive(Clone, Debug)]
enum Run {
    /// The outcome is known from this instant on.
    Known { at: Instant, outcome: ProbeOutcome },
    /// A command that is about to run.
    ExecSoon {
        at: Instant,
        container: u32,
        command: Vec<String>,
        timeout: i64,
        part: Part,
    },
    /// A command that runs.
    Exec {
        handle: ExecHandle,
        until: Instant,
        shown: String,
        timeout: i64,
    },
}

/// A result comes this long after its time-out.
const TIMEOUT_LAG: Duration = Duration::from_millis(35);
/// Seconds that no run lasts: a year.
const FOR_EVER: i64 = 366 * 86_400;
/// A prober error is tried so many times in all, one right after the other.
const TRIES: i64 = 3;

impl Attempt {
    /// Makes an attempt. `Ok` when it is over at once, else the attempt that goes on.
    ///
    /// # Errors
    /// Not an error: the attempt itself, as long as it has no outcome.
    #[allow(clippy::result_large_err)]
    pub fn begin(
        wide: &mut Wide,
        node: u16,
        uid: Uid,
        instance: Option<u32>,
        probe: &Probe,
        container: Option<&Container>,
        part: Part,
    ) -> Result<ProbeOutcome, Attempt> {
        let now = wide.cx.now;
        let timeout = probe.timeout_seconds.max(1);
        let limit = Duration::from_secs(timeout);
        let handler = &probe.handler;
        let known = |after: Duration, outcome: ProbeOutcome| Attempt {
            run: Run::Known {
                at: now + after,
                outcome,
            },
        };
        let net = wide.cx.draw(Latency::ProbeNet, uid.0);
        if let Some(exec) = &handler.exec {
            let command = expand_command(&exec.command, container);
            let Some(container) = instance else {
                return Ok(ProbeOutcome::Error("container not found".into()));
            };
            // The runtime needs most of an exec's time before the command begins.
            let before = wide.cx.draw(Latency::ProbeExec, uid.0).permille(800);
            let at = now + before;
            return Err(Attempt {
                run: Run::ExecSoon {
                    at,
                    container,
                    command,
                    timeout,
                    part,
                },
            });
        }
        if let Some(get) = &handler.http_get {
            let asked = request(wide, node, get, container, uid, Asker::Probe { limit });
            let (spent, outcome) = match asked {
                Ok((spent, reply)) => (spent, http::outcome(reply)),
                Err(text) => return Ok(ProbeOutcome::Error(text.into())),
            };
            return match (spent, outcome) {
                (Duration::ZERO, outcome) if outcome.counts() == Some(true) => Ok(outcome),
                (spent, outcome) if spent >= limit => Err(known(limit + TIMEOUT_LAG, outcome)),
                (spent, outcome) => Err(known(net + spent, outcome)),
            };
        }
        if let Some(tcp) = &handler.tcp_socket {
            let mut target = Target::of_tcp(tcp, container, uid);
            if let Err(text) = resolve_port(&tcp.port, container) {
                return Ok(ProbeOutcome::Error(text.into()));
            }
            target.address = wide.address(node, uid);
            if wide.tcp(node, &target) {
                return Ok(ProbeOutcome::Success);
            }
            let to = target.host_port(&target.address);
            let text = format!("dial tcp {to}: connect: connection refused");
            return Err(known(net, ProbeOutcome::Failure(text.into())));
        }
        if let Some(grpc) = &handler.grpc {
            let mut target = Target::of_port(grpc.port, uid);
            target.address = wide.address(node, uid);
            let address = target.host_port(&target.address);
            return match wide.grpc(node, &target, &grpc.service) {
                GrpcAnswer::Serving => Ok(ProbeOutcome::Success),
                answer => {
                    let (after, text) = grpc_failure(answer, &address, timeout, net);
                    Err(known(after, ProbeOutcome::Failure(text.into())))
                }
            };
        }
        Ok(ProbeOutcome::Error("missing probe handler".into()))
    }

    /// When the attempt goes on by itself. A command's end wakes the worker.
    pub fn poll_at(&self) -> Option<Instant> {
        Some(match &self.run {
            Run::Known { at, .. } | Run::ExecSoon { at, .. } => *at,
            Run::Exec { until, .. } => *until,
        })
    }

    /// The outcome, once there is one.
    pub fn poll(&mut self, wide: &mut Wide, node: u16) -> Option<ProbeOutcome> {
        let now = wide.cx.now;
        match &self.run {
            Run::Known { at, outcome } => (*at <= now).then(|| outcome.clone()),
            Run::ExecSoon {
                at,
                container,
                command,
                timeout,
                part,
            } => {
                if *at > now {
                    return None;
                }
                let (container, timeout) = (*container, *timeout);
                let shown = command.join(" ");
                match wide.exec_for(node, container, command, *part) {
                    Ok(handle) => {
                        // Before 1.20 nothing ended a command that hangs; its gate brings that back.
                        let ends = wide.cx.setup.profile.exec_probe_timeout;
                        let limit = if ends { timeout } else { FOR_EVER };
                        let until = now + Duration::from_secs(limit);
                        self.run = Run::Exec {
                            handle,
                            until,
                            shown,
                            timeout,
                        };
                        self.poll(wide, node)
                    }
                    Err(message) => {
                        // Each of the tries costs a call.
                        let wait = Latency::ProbeExec.nominal().times(TRIES - 1);
                        // A container that has ended has no task any more; every other error has no code of its own.
                        let gone = message.contains(": task ") && message.ends_with(" not found");
                        let code = if gone { "NotFound" } else { "Unknown" };
                        let text = format!("rpc error: code = {code} desc = {message}");
                        self.run = Run::Known {
                            at: now + wait,
                            outcome: ProbeOutcome::Error(text.into()),
                        };
                        None
                    }
                }
            }
            Run::Exec {
                handle,
                until,
                shown,
                timeout,
            } => {
                let result = wide.runtimes.get(usize::from(node)).and_then(|r| r.exec_result(handle));
                match result {
                    Some(done) if done.code == 0 => Some(ProbeOutcome::Success),
                    Some(done) => Some(ProbeOutcome::Failure(format!("{}{}", done.stdout, done.stderr).into())),
                    None if *until <= now => {
                        let text = format!("command timed out: \"{shown}\" timed out after {timeout}s");
                        let handle = *handle;
                        wide.exec_cancel(node, &handle);
                        self.run = Run::Known {
                            at: now + TIMEOUT_LAG,
                            outcome: ProbeOutcome::Failure(text.into()),
                        };
                        None
                    }
                    None => None,
                }
            }
        }
    }
}

/// The number of a port of a probe: by its name among the container's ports, else as a number.
///
/// # Errors
/// The text of the event: a name that no port has is read as a number.
pub fn resolve_port(port: &IntOrString, container: Option<&Container>) -> Result<u16, String> {
    let number = match port {
        IntOrString::Int(number) => *number,
        IntOrString::String(name) => {
            let named = container.and_then(|c| c.ports.iter().find(|p| !name.is_empty() && p.name == *name));
            match named {
                Some(port) => port.container_port,
                None => name
                    .parse()
                    .map_err(|_| format!("strconv.Atoi: parsing \"{name}\": invalid syntax"))?,
            }
        }
    };
    u16::try_from(number)
        .ok()
        .filter(|n| *n > 0)
        .ok_or_else(|| format!("invalid port number: {number}"))
}

/// A probe's command with `$(NAME)` filled in from what `env` says plainly (spec/03 §5).
pub fn expand_command(command: &[String], container: Option<&Container>) -> Vec<String> {
    let env = container.iter().flat_map(|c| &c.env);
    let known: Map<String, String> = env
        .map(|e| (e.name.clone(), e.value.clone().unwrap_or_default()))
        .collect();
    command.iter().map(|word| expand(word, &known)).collect()
}

fn grpc_failure(answer: GrpcAnswer, address: &str, timeout: i64, net: Duration) -> (Duration, String) {
    let limit = Duration::from_secs(timeout) + TIMEOUT_LAG;
    match answer {
        GrpcAnswer::Refused => (
            limit,
            format!("timeout: failed to connect service \"{address}\" within {timeout}s: context deadline exceeded"),
        ),
        GrpcAnswer::NotServing => (net, "service unhealthy (responded with \"NOT_SERVING\")".to_owned()),
        GrpcAnswer::UnknownService => (
            net,
            "error: health rpc probe failed: rpc error: code = NotFound desc = unknown service".to_owned(),
        ),
        GrpcAnswer::Unimplemented => (
            net,
            "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): \
             unknown service grpc.health.v1.Health"
                .to_owned(),
        ),
        GrpcAnswer::Hangs | GrpcAnswer::Serving => {
            (limit, format!("timeout: health rpc did not complete within {timeout}s"))
        }
    }
}
