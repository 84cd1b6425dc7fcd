//! The inside of containers with the rest of the world around it: starting, signals, commands, network.

use std::rc::Rc;

use super::runtime::{ContainerId, ExecHandle, Runtime};
use super::view::State;
use crate::api::pod::{Container, HttpGetAction, IntOrString, TcpSocketAction};
use crate::apiserver::ApiServer;
use crate::machine::{Cx, Latency, Part, Uid};
use crate::time::{Calendar, Instant};
use crate::trace::bounds::LimitMet;
use crate::trace::{Cause, EntryId, Rule, What};
use crate::world::{Around, Files, GrpcAnswer, HttpAnswer, HttpRequest, Inside, ProcessRow, Signal, outside};

/// Access to the inside of containers.
pub struct Wide<'a, 'b> {
    /// Instant, future, trace.
    pub cx: &'a mut Cx<'b>,
    /// The API server, for names.
    pub api: &'a ApiServer,
    /// All runtimes.
    pub runtimes: &'a mut [Runtime],
}

/// Where a probe or hook connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The Pod whose address is meant, unless `host` says otherwise.
    pub uid: Uid,
    /// An explicit host.
    pub host: Option<String>,
    /// Port; `None` when its name is not among the container's ports.
    pub port: Option<u16>,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// Address, filled in when the request is made.
    pub address: Rc<str>,
}

impl Target {
    /// The target of an HTTP request.
    pub fn of_http(get: &HttpGetAction, container: Option<&Container>, uid: Uid) -> Target {
        let scheme = if get.scheme == "HTTPS" { "https" } else { "http" };
        Target {
            uid,
            host: host(&get.host),
            port: port(&get.port, container),
            scheme,
            address: "".into(),
        }
    }

    /// The target of a connection.
    pub fn of_tcp(tcp: &TcpSocketAction, container: Option<&Container>, uid: Uid) -> Target {
        Target {
            uid,
            host: host(&tcp.host),
            port: port(&tcp.port, container),
            scheme: "tcp",
            address: "".into(),
        }
    }

    /// A port of the Pod.
    pub fn of_port(number: i64, uid: Uid) -> Target {
        Target {
            uid,
            host: None,
            port: u16::try_from(number).ok(),
            scheme: "grpc",
            address: "".into(),
        }
    }

    /// `10.244.0.5:8080`
    pub fn host_port(&self, address: &str) -> String {
        format!("{}:{}", self.host.as_deref().unwrap_or(address), self.port.unwrap_or(0))
    }

    /// Go's words for a refused request.
    pub fn refused_text(&self, verb: &str, path: &str) -> String {
        let to = self.host_port(&self.address);
        format!(
            "{verb} \"{}://{to}{path}\": dial tcp {to}: connect: connection refused",
            self.scheme
        )
    }
}

fn host(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn port(port: &IntOrString, container: Option<&Container>) -> Option<u16> {
    let number = match port {
        IntOrString::Int(n) => *n,
        IntOrString::String(name) => match name.parse() {
            Ok(n) => n,
            Err(_) => container?.ports.iter().find(|p| p.name == *name)?.container_port,
        },
    };
    u16::try_from(number).ok()
}

impl Wide<'_, '_> {
    fn now(&self) -> Instant {
        self.cx.now
    }

    /// Does something with the inside of a container, then sees to its end, its commands and its next alarm.
    fn with<R>(
        &mut self,
        node: u16,
        id: ContainerId,
        f: impl FnOnce(&mut Inside, Instant, &mut Surroundings) -> R,
    ) -> Option<R> {
        let now = self.now();
        let container = self.runtimes.get_mut(usize::from(node))?.containers.get_mut(&id)?;
        let mut inside = container.inside.take()?;
        let uid = container.start.uid;
        let mut around = Surroundings {
            api: self.api,
            runtimes: self.runtimes,
            node,
            uid,
            calendar: self.cx.setup.calendar,
            now,
            touched: Vec::new(),
        };
        let result = f(&mut inside, now, &mut around);
        let touched = around.touched;
        let runtime = self.runtimes.get_mut(usize::from(node))?;
        runtime.stir(uid);
        if let Some(container) = runtime.containers.get_mut(&id) {
            container.inside = Some(inside);
        }
        for (node, id) in touched.into_iter().chain([(node, id)]) {
            self.settle(node, id);
        }
        Some(result)
    }

    /// Looks for an end and for finished commands, and sets the next alarm.
    fn settle(&mut self, node: u16, id: ContainerId) {
        let now = self.now();
        let Some(runtime) = self.runtimes.get_mut(usize::from(node)) else {
            return;
        };
        let Some(container) = runtime.containers.get_mut(&id) else {
            return;
        };
        let uid = container.start.uid;
        let Some(inside) = container.inside.as_mut() else {
            return;
        };
        let (steps, met) = inside.take_work();
        self.cx.queue.spend(steps);
        for (bound, used) in met {
            let object = self.api.pod(uid).map_or("", |p| &p.pod.metadata.name);
            self.cx.record.meet(LimitMet {
                at: now,
                bound,
                used,
                object: format!("Pod/{object}").into(),
            });
        }
        let inside = &*inside;
        container.waiting.retain(|(exec, part)| {
            let done = inside.exec_result(*exec).is_some();
            if done {
                self.cx.queue.alarm(*part, Some(now));
            }
            !done
        });
        if let Some(exit) = inside.exited().filter(|_| container.view.state == State::Running) {
            let start = container.start.clone();
            container.view.state = State::Exited;
            container.view.finished_at = Some(exit.at);
            container.view.exit_code = exit.code;
            let reason = if exit.oom {
                "OOMKilled"
            } else if exit.code == 0 {
                "Completed"
            } else {
                "Error"
            };
            container.view.reason = reason.into();
            container.view.message = super::message::of(inside, &start, exit.code).into();
            let reported = exit.at + Latency::ExitReported.draw(self.cx.setup.seed, id, exit.at);
            container.reported_at = Some(reported);
            let cause = if exit.oom {
                Cause::of(Rule::OutOfMemory).field(start.base, "resources.limits.memory")
            } else {
                Cause::of(Rule::ProcessExited)
            };
            let cause = cause.after(container.ended.or(container.running));
            let entry = self
                .cx
                .log
                .instant(start.end_lane, now, What::Exit { code: exit.code }, cause.clone());
            if let Some(running) = container.running {
                self.cx.log.end(running, exit.at);
            }
            container.ended = Some(entry);
            runtime.touch(uid, reported);
            self.cx.queue.alarm(Part::Worker(node, uid), Some(now));
        }
        let next = runtime
            .containers
            .get(&id)
            .and_then(|c| c.inside.as_ref())
            .and_then(Inside::poll_at);
        self.cx.queue.alarm(Part::Process(node, id), next.map(|at| at.max(now)));
    }

    /// Does what is due inside a container.
    pub fn poll(&mut self, node: u16, id: ContainerId) {
        self.with(node, id, |inside, now, around| inside.poll(now, around));
    }

    /// Starts a container that was made.
    ///
    /// # Errors
    /// The runtime's text. The container then counts as ended with 128 and `StartError`.
    pub fn start(&mut self, node: u16, id: ContainerId, cause: Cause) -> Result<EntryId, String> {
        let now = self.now();
        let gone = || "container not found".to_owned();
        let runtime = self.runtimes.get_mut(usize::from(node)).ok_or_else(gone)?;
        let container = runtime.containers.get_mut(&id).ok_or_else(gone)?;
        let start = container.start.clone();
        let first_pid = match runtime.last_pid(start.uid) {
            1 => 1 + PIDS_OF_FIRST_START,
            last => last.saturating_add(PIDS_OF_START),
        };
        let mut around = Surroundings {
            api: self.api,
            runtimes: self.runtimes,
            node,
            uid: start.uid,
            calendar: self.cx.setup.calendar,
            now,
            touched: Vec::new(),
        };
        let mut spec = start.spec.clone();
        if spec.pid1_shared {
            spec.first_pid = first_pid;
        }
        let result = Inside::start(spec, now, &mut around);
        let runtime = self.runtimes.get_mut(usize::from(node)).ok_or_else(gone)?;
        runtime.touch(start.uid, now);
        let container = runtime.containers.get_mut(&id).ok_or_else(gone)?;
        match result {
            Ok(inside) => {
                container.view.started_at = Some(now);
                container.view.state = State::Running;
                container.inside = Some(inside);
                let restarts = u32::try_from(start.restart_count).unwrap_or(u32::MAX);
                let entry = self.cx.log.begin(start.lane, now, What::Running { restarts }, cause);
                container.running = Some(entry);
                self.settle(node, id);
                Ok(entry)
            }
            Err(error) => {
                container.view.state = State::Exited;
                container.view.exit_code = 128;
                container.view.reason = "StartError".into();
                container.view.message = error.message.as_str().into();
                container.view.started_at = Some(EPOCH);
                container.view.finished_at = Some(now);
                container.reported_at = Some(now);
                Err(error.message)
            }
        }
    }

    /// Sends the stop signal: the container's own, else the image's, else SIGTERM. Returns its name.
    pub fn stop(&mut self, node: u16, id: ContainerId, own: Option<&str>, because: Option<EntryId>) -> Rc<str> {
        let container = self
            .runtimes
            .get_mut(usize::from(node))
            .and_then(|r| r.containers.get_mut(&id));
        let image = container.map_or(Signal::TERM, |c| {
            c.ended = because;
            c.start.spec.image.stop_signal
        });
        let signal = own.and_then(Signal::parse).unwrap_or(image);
        self.with(node, id, |inside, now, around| inside.signal(now, signal, around));
        format!("SIG{}", signal.name()).into()
    }

    /// Sends SIGKILL; the process is gone at once.
    pub fn kill(&mut self, node: u16, id: ContainerId, because: Option<EntryId>) {
        if let Some(c) = self
            .runtimes
            .get_mut(usize::from(node))
            .and_then(|r| r.containers.get_mut(&id))
            && c.view.state == State::Running
        {
            c.ended = because;
        }
        self.with(node, id, |inside, now, around| inside.signal(now, Signal::KILL, around));
    }

    /// Runs a command in a container; `waiter` is polled when it has ended.
    ///
    /// # Errors
    /// The runtime's text when the command cannot be started.
    pub fn exec_for(
        &mut self,
        node: u16,
        id: ContainerId,
        argv: &[String],
        waiter: Part,
    ) -> Result<ExecHandle, String> {
        let shared = self.runtimes.get(usize::from(node)).and_then(|r| {
            let start = &r.container(id)?.start;
            start.spec.pid1_shared.then(|| r.last_pid(start.uid))
        });
        let result = self.with(node, id, |inside, now, around| {
            if let Some(last) = shared {
                inside.pids_after(last.saturating_add(PIDS_OF_EXEC - 1));
            }
            inside.exec(now, argv, around)
        });
        match result {
            Some(Ok(exec)) => {
                if let Some(c) = self.runtimes[usize::from(node)].containers.get_mut(&id) {
                    c.waiting.push((exec, waiter));
                }
                self.settle(node, id);
                Ok(ExecHandle {
                    container: id,
                    id: exec,
                })
            }
            Some(Err(error)) => Err(error.message),
            None => Err("container not running".to_owned()),
        }
    }

    /// Runs a command for the Pod's worker.
    ///
    /// # Errors
    /// As [`Wide::exec_for`].
    pub fn exec(&mut self, node: u16, id: ContainerId, argv: &[String]) -> Result<ExecHandle, String> {
        let runtime = &self.runtimes[usize::from(node)];
        let uid = runtime.container(id).map_or(Uid::default(), |c| c.start.uid);
        self.exec_for(node, id, argv, Part::Worker(node, uid))
    }

    /// Gives up a command: its processes are killed.
    pub fn exec_cancel(&mut self, node: u16, handle: &ExecHandle) {
        let id = handle.id;
        self.with(node, handle.container, |inside, now, _| inside.exec_cancel(id, now));
    }

    /// An HTTP request from the node to a Pod, or to the host the target names.
    pub fn http(&mut self, node: u16, target: &Target, request: HttpRequest) -> HttpAnswer {
        let Some(port) = target.port else {
            return HttpAnswer::Refused;
        };
        match self.target_pod(node, target) {
            Some((node, uid)) => self.http_to(node, uid, port, request),
            None => HttpAnswer::Refused,
        }
    }

    fn http_to(&mut self, node: u16, uid: Uid, port: u16, request: HttpRequest) -> HttpAnswer {
        for (id, _) in self.runtimes[usize::from(node)].running(uid) {
            match self.with_quiet(node, id, |inside, now, around| inside.http(now, port, request, around)) {
                None | Some(HttpAnswer::Refused) => {}
                Some(answer) => return answer,
            }
        }
        HttpAnswer::Refused
    }

    /// As [`Wide::with`] for questions, after which nothing has to be seen to unless a server ends with its connection.
    fn with_quiet<R>(
        &mut self,
        node: u16,
        id: ContainerId,
        f: impl FnOnce(&mut Inside, Instant, &mut Surroundings) -> R,
    ) -> Option<R> {
        let now = self.now();
        let container = self.runtimes.get_mut(usize::from(node))?.containers.get_mut(&id)?;
        let mut inside = container.inside.take()?;
        let uid = container.start.uid;
        let calendar = self.cx.setup.calendar;
        let mut around = Surroundings {
            api: self.api,
            runtimes: self.runtimes,
            node,
            uid,
            calendar,
            now,
            touched: Vec::new(),
        };
        let before = inside.poll_at();
        let result = f(&mut inside, now, &mut around);
        let stirred = inside.poll_at() != before;
        if let Some(container) = self.runtimes.get_mut(usize::from(node))?.containers.get_mut(&id) {
            container.inside = Some(inside);
        }
        if stirred {
            self.settle(node, id);
        }
        Some(result)
    }

    /// Whether a connection can be made.
    pub fn tcp(&mut self, node: u16, target: &Target) -> bool {
        let (Some(port), Some((node, uid))) = (target.port, self.target_pod(node, target)) else {
            return false;
        };
        self.runtimes[usize::from(node)]
            .running(uid)
            .into_iter()
            .any(|(id, _)| self.with_quiet(node, id, |inside, now, around| inside.tcp(now, port, around)) == Some(true))
    }

    /// A call of the gRPC health service.
    pub fn grpc(&mut self, node: u16, target: &Target, service: &str) -> GrpcAnswer {
        let (Some(port), Some((node, uid))) = (target.port, self.target_pod(node, target)) else {
            return GrpcAnswer::Refused;
        };
        for (id, _) in self.runtimes[usize::from(node)].running(uid) {
            let answer = self.with_quiet(node, id, |inside, now, around| {
                inside.poll(now, around);
                inside.grpc(now, port, service)
            });
            if let Some(answer) = answer.filter(|a| *a != GrpcAnswer::Refused) {
                return answer;
            }
        }
        GrpcAnswer::Refused
    }

    /// The address of a Pod, as probes print it.
    pub fn address(&self, node: u16, uid: Uid) -> Rc<str> {
        self.runtimes
            .get(usize::from(node))
            .and_then(|r| r.ip(uid))
            .unwrap_or_else(|| "".into())
    }

    fn target_pod(&self, node: u16, target: &Target) -> Option<(u16, Uid)> {
        match &target.host {
            None => Some((node, target.uid)),
            Some(host) => pod_at(self.runtimes, host),
        }
    }
}

/// What the runtime says about a start that never happened: the zero of its clock.
const EPOCH: Instant = Instant::from_secs(-1_767_225_600);

/// The Pod with this address.
fn pod_at(runtimes: &[Runtime], ip: &str) -> Option<(u16, Uid)> {
    runtimes.iter().find_map(|r| {
        let found = r
            .pods
            .iter()
            .find(|(_, p)| p.sandboxes.iter().any(|s| s.view.ready && &*s.view.ip == ip));
        found.map(|(uid, _)| (r.node, *uid))
    })
}

/// The runtime's own helpers take process IDs too: so many lie between two processes of a shared namespace (recorded in
/// `22-share-pid-hostaliases`: 7, 15, 22).
const PIDS_OF_FIRST_START: u32 = 6;
const PIDS_OF_START: u32 = 8;
const PIDS_OF_EXEC: u32 = 7;

/// The world around one container.
pub struct Surroundings<'a> {
    api: &'a ApiServer,
    runtimes: &'a mut [Runtime],
    node: u16,
    uid: Uid,
    calendar: Calendar,
    now: Instant,
    /// Containers whose processes were sent signals, or were connected to and may end with the connection.
    touched: Vec<(u16, ContainerId)>,
}

impl Surroundings<'_> {
    fn namespace(&self) -> Rc<str> {
        self.api
            .pod(self.uid)
            .map_or_else(|| "default".into(), |p| p.pod.metadata.namespace.clone())
    }

    /// The Pod and port behind an address: a Pod's own, or a Service's.
    fn behind(&self, host: &str, port: u16) -> Option<(u16, Uid, u16)> {
        if host == "127.0.0.1" || host == "localhost" || host == "::1" {
            return Some((self.node, self.uid, port));
        }
        let address = self.resolve(host).unwrap_or_else(|| host.to_owned());
        if let Some((node, uid)) = pod_at(self.runtimes, &address) {
            return Some((node, uid, port));
        }
        let (pod, target) = self.api.route(&address, port)?;
        let node = self.api.node_index(&self.api.pod(pod)?.pod.spec.node_name)?;
        Some((node, pod, target))
    }
}

impl Around for Surroundings<'_> {
    fn resolve(&self, name: &str) -> Option<String> {
        if name.parse::<std::net::Ipv4Addr>().is_ok() {
            return Some(name.to_owned());
        }
        if name == "localhost" {
            return Some("127.0.0.1".to_owned());
        }
        let found = self.api.resolve(&self.namespace(), name);
        let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
        let public = || outside::is_public(name) && self.api.object("Namespace", "", last).is_none();
        found.or_else(|| public().then(|| outside::address_of(name)))
    }

    fn addresses(&self, name: &str) -> Vec<String> {
        self.api.addresses(&self.namespace(), name)
    }

    fn own_port(&self, host: &str, port: u16) -> Option<u16> {
        let (_, uid, own) = self.behind(host, port)?;
        (uid == self.uid).then_some(own)
    }

    fn http(&mut self, host: &str, port: u16, request: HttpRequest) -> HttpAnswer {
        let Some((node, uid, port)) = self.behind(host, port) else {
            return HttpAnswer::Refused;
        };
        let own = self.runtimes.get(usize::from(self.node)).and_then(|r| r.ip(self.uid));
        let from = own
            .as_deref()
            .filter(|_| request.from.is_empty())
            .unwrap_or(request.from);
        let request = HttpRequest { from, ..request };
        let now = self.now;
        for (id, _) in self.runtimes[usize::from(node)].running(uid) {
            let Some(container) = self.runtimes[usize::from(node)].containers.get_mut(&id) else {
                continue;
            };
            // The container that asks is out of its place just now; it has looked at itself before.
            let Some(mut inside) = container.inside.take() else {
                continue;
            };
            let before = inside.poll_at();
            let answer = inside.http(now, port, request, self);
            if inside.poll_at() != before {
                self.touched.push((node, id));
            }
            if let Some(container) = self.runtimes[usize::from(node)].containers.get_mut(&id) {
                container.inside = Some(inside);
            }
            if answer != HttpAnswer::Refused {
                return answer;
            }
        }
        HttpAnswer::Refused
    }

    fn tcp(&mut self, host: &str, port: u16) -> bool {
        let Some((node, uid, port)) = self.behind(host, port) else {
            return false;
        };
        let now = self.now;
        for (id, _) in self.runtimes[usize::from(node)].running(uid) {
            let Some(container) = self.runtimes[usize::from(node)].containers.get_mut(&id) else {
                continue;
            };
            let Some(mut inside) = container.inside.take() else {
                continue;
            };
            let before = inside.poll_at();
            let listens = inside.tcp(now, port, self);
            if inside.poll_at() != before {
                self.touched.push((node, id));
            }
            if let Some(container) = self.runtimes[usize::from(node)].containers.get_mut(&id) {
                container.inside = Some(inside);
            }
            if listens {
                return true;
            }
        }
        false
    }

    fn listens(&self, port: u16) -> bool {
        let Some(runtime) = self.runtimes.get(usize::from(self.node)) else {
            return false;
        };
        let running = runtime.running(self.uid).into_iter();
        let mut insides = running.filter_map(|(id, _)| runtime.containers.get(&id)?.inside.as_ref());
        insides.any(|inside| inside.listens(port))
    }

    fn volume(&mut self, name: &str) -> Option<&mut Files> {
        self.runtimes.get_mut(usize::from(self.node))?.volume(self.uid, name)
    }

    fn unix(&self, at: Instant) -> i64 {
        self.calendar.unix(at)
    }

    fn neighbours(&self) -> Vec<ProcessRow> {
        let Some(runtime) = self.runtimes.get(usize::from(self.node)) else {
            return Vec::new();
        };
        let running = runtime.running(self.uid);
        let insides = running
            .iter()
            .filter_map(|(id, _)| runtime.containers.get(id)?.inside.as_ref());
        insides.flat_map(Inside::processes).collect()
    }

    fn signal_neighbour(&mut self, pid: u32, signal: Option<Signal>) -> bool {
        let now = self.now;
        let Some(runtime) = self.runtimes.get(usize::from(self.node)) else {
            return false;
        };
        for (id, _) in runtime.running(self.uid) {
            let Some(runtime) = self.runtimes.get_mut(usize::from(self.node)) else {
                return false;
            };
            let Some(container) = runtime.containers.get_mut(&id) else {
                continue;
            };
            let Some(mut inside) = container.inside.take() else {
                continue;
            };
            let there = inside.signal_process(now, pid, signal, self);
            inside.poll(now, self);
            if let Some(container) = self
                .runtimes
                .get_mut(usize::from(self.node))
                .and_then(|r| r.containers.get_mut(&id))
            {
                container.inside = Some(inside);
            }
            if there {
                self.touched.push((self.node, id));
                return true;
            }
        }
        false
    }
}
