//! A line of the console that only looks: it is run against the cluster as it stands, and changes nothing.

use crate::map::Map;
use std::rc::Rc;

use super::Cluster;
use super::reading::Reading;
use crate::kubectl::run::{Printed, Running};
use crate::kubectl::server::{
    Applied, ApplyMode, DeleteOptions, EventObject, ExecCall, Refusal, Server, Stored, UpdateOptions,
};
use crate::machine::Client;
use crate::manifest::Value;
use crate::time::{Calendar, Duration, Instant};
use crate::world::{Inside, Nothing, Stream};

/// What such a line came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// What it printed.
    pub output: String,
    /// Its exit code; missing when it waits for something, which never comes in a moment that stands still.
    pub exit: Option<i32>,
    /// Whether it would change the cluster. Then nothing was done.
    pub changes: bool,
}

/// Steps of the shell that one line may take.
const MOST_STEPS: usize = 10_000;

/// A line may take this long by its own clock.
const LONGEST: Duration = Duration::from_secs(60);

/// Runs a line of shell at the instant that `cluster` has reached.
pub fn look(cluster: &Cluster, line: &str) -> Looked {
    let files = &cluster.world.scenario.spec.files;
    let mut shell = Inside::workstation(line, files, cluster.now);
    let mut server = Looking {
        reading: Reading::of(cluster),
        changes: false,
    };
    let mut waits = false;
    // The shell has its own little time in which processes begin; the cluster stands still meanwhile.
    let mut now = cluster.now;
    for _ in 0..MOST_STEPS {
        shell.poll(now, &mut Nothing);
        let requests = shell.take_requests();
        if requests.is_empty() {
            match shell.poll_at().filter(|at| *at > now && *at <= cluster.now + LONGEST) {
                Some(next) if shell.exited().is_none() => now = next,
                _ => break,
            }
        }
        for request in requests {
            let argv = request.argv.get(1..).unwrap_or_default();
            let files = files_named(&mut shell, argv, files);
            let mut running = Running::start(argv, &request.stdin, files);
            running.poll(&mut server);
            waits |= running.code().is_none();
            let code = running.code().unwrap_or(0);
            shell.answer(now, request.pid, pieces(running.printed()), code);
        }
    }
    let exit = shell.exited().map(|e| e.code).filter(|_| !waits);
    Looked {
        output: if server.changes {
            String::new()
        } else {
            shell.console().to_owned()
        },
        exit: exit.filter(|_| !server.changes),
        changes: server.changes,
    }
}

/// What a call has printed, for the shell that asked.
pub(super) fn pieces(printed: &Printed) -> Vec<(Stream, String)> {
    let stream = |stream| match stream {
        crate::kubectl::Stream::Out => Stream::Out,
        crate::kubectl::Stream::Err => Stream::Err,
    };
    let pieces = printed.pieces.iter();
    pieces.map(|(to, text)| (stream(*to), text.clone())).collect()
}

/// The scenario's files, and those that the line itself has written and now names.
pub(super) fn files_named(shell: &mut Inside, argv: &[String], files: &Map<String, String>) -> Rc<Map<String, String>> {
    let mut all = files.clone();
    for word in argv {
        let name = word
            .strip_prefix("--filename=")
            .or(word.strip_prefix("-f"))
            .unwrap_or(word);
        for name in name.split(',').filter(|n| !n.is_empty() && !n.starts_with('-')) {
            if let Some(text) = shell.workstation_file(name, &mut Nothing) {
                all.insert(name.to_owned(), text.to_string());
            }
        }
    }
    Rc::new(all)
}

/// The cluster to be read, and whether somebody tried more.
struct Looking<'a> {
    reading: Reading<'a>,
    changes: bool,
}

impl Looking<'_> {
    fn refuse(&mut self) -> Refusal {
        self.changes = true;
        Refusal::Local("this would change the cluster".to_owned())
    }
}

impl Server for Looking<'_> {
    fn now(&self) -> Instant {
        self.reading.now
    }

    fn calendar(&self) -> Calendar {
        self.reading.setup.calendar
    }

    fn client(&self) -> Client {
        self.reading.setup.client
    }

    fn objects(&self, kind: &str, namespace: Option<&str>) -> Vec<Stored> {
        self.reading.objects(kind, namespace)
    }

    fn object(&self, kind: &str, namespace: &str, name: &str) -> Option<Stored> {
        self.reading.object(kind, namespace, name)
    }

    fn events(&self, namespace: Option<&str>) -> Vec<EventObject> {
        self.reading.events(namespace)
    }

    fn apply(&mut self, _: &str, _: &str, _: ApplyMode) -> Vec<Result<Applied, Refusal>> {
        vec![Err(self.refuse())]
    }

    fn update(&mut self, _: &str, _: &Value, _: UpdateOptions) -> Result<bool, Refusal> {
        Err(self.refuse())
    }

    fn delete(&mut self, _: &str, _: &str, _: &str, _: DeleteOptions) -> Result<Rc<str>, Refusal> {
        Err(self.refuse())
    }

    fn exec(&mut self, _: &ExecCall) -> Result<u64, Refusal> {
        Err(self.refuse())
    }

    fn exec_result(&mut self, _: u64) -> Option<Result<(String, i32), Refusal>> {
        None
    }

    fn reach_kubelet(&self, node: &str, path: Option<&str>) -> Result<(), Refusal> {
        self.reading.reach_kubelet(node, path)
    }

    fn logs(&self, _: &str, _: &str, _: &str, id: &str) -> Vec<(Instant, String)> {
        self.reading.logs(id)
    }
}

/// The description of an object as kubectl prints it; empty when there is none.
pub fn describe(cluster: &Cluster, kind: &str, namespace: &str, name: &str) -> String {
    let server = Looking {
        reading: Reading::of(cluster),
        changes: false,
    };
    let object = server.object(kind, namespace, name);
    object.map_or(String::new(), |o| crate::kubectl::describe::describe(&o, &server, true))
}
