//! Twin: pkg/kubelet/prober/prober.go (v1.36.2)
//! Twin: pkg/probe/exec/exec.go (v1.36.2)
//! Twin: pkg/probe/http/http.go (v1.36.2)
//! Twin: pkg/probe/tcp/tcp.go (v1.36.2)
//! Twin: pkg/probe/grpc/grpc.go (v1.36.2)
//! Covers: one attempt by exec, httpGet, tcpSocket or grpc: its result, its text, its time-out.
//! Left out: redirects, request headers, bodies over 10 KiB.

use std::rc::Rc;

use crate::api::Probe;
use crate::api::pod::Container;
use crate::cri::{ExecHandle, Target, Wide};
use crate::machine::{Latency, Part, Uid};
use crate::time::{Duration, Instant};
use crate::world::{GrpcAnswer, HttpAnswer};

/// How an attempt came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeOutcome {
    /// It succeeded.
    Success,
    /// It failed with this output.
    Failure(Rc<str>),
    /// It could not be made; it does not count.
    Error(Rc<str>),
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
            let Some(container) = instance else {
                return Ok(ProbeOutcome::Error("container not found".into()));
            };
            // The runtime needs most of an exec's time before the command begins.
            let before = wide.cx.draw(Latency::ProbeExec, uid.0).permille(800);
            let (at, command) = (now + before, exec.command.clone());
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
            let mut target = Target::of_http(get, container, uid);
            target.address = wide.address(node, uid);
            let path = if get.path.is_empty() { "/" } else { &get.path };
            return match wide.http(node, &target, path) {
                HttpAnswer::Answer { takes, .. } if takes >= limit => {
                    Err(known(limit + TIMEOUT_LAG, http_timeout(&target, path)))
                }
                HttpAnswer::Answer { status, takes, .. } => {
                    if (200..400).contains(&status) {
                        let wait = takes > Duration::ZERO;
                        if wait {
                            Err(known(net + takes, ProbeOutcome::Success))
                        } else {
                            Ok(ProbeOutcome::Success)
                        }
                    } else {
                        let text = format!("HTTP probe failed with statuscode: {status}");
                        Err(known(net + takes, ProbeOutcome::Failure(text.into())))
                    }
                }
                HttpAnswer::Refused => Err(known(
                    net,
                    ProbeOutcome::Failure(target.refused_text("Get", path).into()),
                )),
                HttpAnswer::Hangs => Err(known(limit + TIMEOUT_LAG, http_timeout(&target, path))),
            };
        }
        if let Some(tcp) = &handler.tcp_socket {
            let mut target = Target::of_tcp(tcp, container, uid);
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
                        let text = format!("rpc error: code = Unknown desc = {message}");
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

fn http_timeout(target: &Target, path: &str) -> ProbeOutcome {
    let to = target.host_port(&target.address);
    let reason = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    ProbeOutcome::Failure(format!("Get \"{}://{to}{path}\": {reason}", target.scheme).into())
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
