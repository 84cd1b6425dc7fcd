//! A call of kubectl as a state machine: it starts, is polled when something it waits for may have happened, and ends.

use std::rc::Rc;

use super::command::{Apply, Command, Delete, Get, Logs, Usage};
use super::files::Files;
use super::server::Server;
use super::{apply, debug, delete, drain, edit, events_verb, exec, get, logs, make, parse, rollout, wait};
use crate::map::Map;
use crate::time::Instant;
use crate::trace::bounds::Bound;

/// The two output streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// What was printed so far, in the order of writing, and the exit code so far.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    /// Pieces in the order of writing.
    pub pieces: Vec<(Stream, String)>,
    /// Exit code, once it has ended.
    pub code: i32,
    /// A bound that it met.
    pub met: Option<&'static Bound>,
}

impl Printed {
    /// Text as it is, to standard output.
    pub(super) fn print(&mut self, text: &str) {
        self.push(Stream::Out, text);
    }

    /// A line to standard output.
    pub(super) fn say(&mut self, line: &str) {
        self.push(Stream::Out, line);
        self.push(Stream::Out, "\n");
    }

    /// A line to standard error.
    pub(super) fn warn(&mut self, line: &str) {
        self.push(Stream::Err, line);
        self.push(Stream::Err, "\n");
    }

    /// A line to standard error, and exit code 1.
    pub(super) fn fail(&mut self, line: &str) {
        self.warn(line);
        self.code = 1;
    }

    fn push(&mut self, stream: Stream, text: &str) {
        match self.pieces.last_mut() {
            Some((last, piece)) if *last == stream => piece.push_str(text),
            _ if text.is_empty() => {}
            _ => self.pieces.push((stream, text.to_owned())),
        }
    }

    /// All of one stream.
    pub fn stream(&self, stream: Stream) -> String {
        self.pieces
            .iter()
            .filter(|(s, _)| *s == stream)
            .map(|(_, text)| text.as_str())
            .collect()
    }

    /// Both streams as a terminal shows them.
    pub fn both(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect()
    }
}

/// What a call waits for. It is polled when that may have come about; polling too often does no harm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wants {
    /// To be polled at once.
    Start,
    /// Any write or removal of an object of this kind.
    Objects(&'static str),
    /// The end of this program (the number [`Server::exec`] gave).
    Exec(u64),
    /// A new line in a container's log, or a write of a Pod.
    Logs,
    /// Nothing: it has ended.
    Nothing,
}

#[derive(Clone, Debug)]
enum State {
    Ready(Command),
    Watching(Box<Get>, get::Watch),
    Deleting(Delete, Vec<delete::Awaited>, Instant),
    Executing(u64),
    Following(Box<Logs>, Vec<logs::Source>),
    Waiting(Box<wait::Wait>, Vec<wait::Awaited>, Instant),
    Draining(Box<drain::Drain>, Vec<drain::Leaving>, Instant),
    RollingOut(Box<rollout::Rollout>, rollout::Following),
    /// Deletes what it then makes anew.
    Replacing(Delete, Vec<delete::Awaited>, Instant, Apply),
    Done,
}

/// A call of kubectl.
#[derive(Clone, Debug)]
pub struct Running {
    state: State,
    files: Files,
    printed: Printed,
}

impl Running {
    /// Begins the call. `argv` are the words after `kubectl`; `files` those that `-f` may name.
    pub fn start(argv: &[String], stdin: &str, files: Rc<Map<String, String>>) -> Running {
        let mut printed = Printed::default();
        let state = match parse::parse(argv) {
            Ok(command) => State::Ready(command),
            Err(Usage(text)) => {
                printed.push(Stream::Err, &text);
                printed.code = 1;
                State::Done
            }
        };
        let files = Files {
            by_name: files,
            stdin: stdin.to_owned(),
        };
        Running { state, files, printed }
    }

    /// Goes on as far as possible. An early poll does nothing.
    pub fn poll(&mut self, server: &mut dyn Server) {
        let out = &mut self.printed;
        self.state = match std::mem::replace(&mut self.state, State::Done) {
            State::Ready(command) => begin(command, &self.files, server, out),
            State::Watching(what, mut watch) => {
                get::watch(&what, &mut watch, server, out);
                State::Watching(what, watch)
            }
            State::Deleting(what, mut awaited, since) => {
                if delete::gone(&mut awaited, server) {
                    State::Done
                } else if what.timeout.is_some_and(|timeout| server.now() >= since + timeout) {
                    for a in &awaited {
                        let name = format!("{}/{}", a.kind.plural, a.name);
                        out.fail(&format!("error: timed out waiting for the condition on {name}"));
                    }
                    State::Done
                } else {
                    State::Deleting(what, awaited, since)
                }
            }
            State::Executing(id) if exec::finish(id, server, out) => State::Done,
            State::Following(what, mut sources) => {
                if logs::follow(&what, &mut sources, server, out) {
                    State::Done
                } else {
                    State::Following(what, sources)
                }
            }
            State::Waiting(what, mut awaited, since) => {
                if wait::go_on(&what, &mut awaited, since, server, out) {
                    State::Done
                } else {
                    State::Waiting(what, awaited, since)
                }
            }
            State::Draining(what, mut leaving, since) => {
                if drain::go_on(&what, &mut leaving, since, server, out) {
                    State::Done
                } else {
                    State::Draining(what, leaving, since)
                }
            }
            State::RollingOut(what, mut following) => {
                if rollout::go_on(&what, &mut following, server, out) {
                    State::Done
                } else {
                    State::RollingOut(what, following)
                }
            }
            State::Replacing(delete, awaited, since, apply) => {
                replace(delete, awaited, since, apply, &self.files, server, out)
            }
            state => state,
        };
    }

    /// What it waits for.
    pub fn wants(&self) -> Wants {
        match &self.state {
            State::Ready(_) => Wants::Start,
            State::Watching(what, _) => Wants::Objects(get::kind_of(what)),
            State::Deleting(_, awaited, _) => Wants::Objects(awaited.first().map_or("Pod", |a| a.kind.kind)),
            State::Executing(id) => Wants::Exec(*id),
            State::Following(..) => Wants::Logs,
            State::Waiting(_, awaited, _) => Wants::Objects(wait::kind_of(awaited)),
            State::Draining(..) => Wants::Objects("Pod"),
            State::RollingOut(_, following) => Wants::Objects(rollout::kind_of(following)),
            State::Replacing(_, awaited, ..) => Wants::Objects(awaited.first().map_or("Pod", |a| a.kind.kind)),
            State::Done => Wants::Nothing,
        }
    }

    /// When it is to be polled whatever happens: the end of a timeout.
    pub fn poll_at(&self) -> Option<Instant> {
        match &self.state {
            State::Deleting(what, _, since) => what.timeout.map(|timeout| *since + timeout),
            State::Replacing(what, _, since, _) => what.timeout.map(|timeout| *since + timeout),
            State::Waiting(what, _, since) => Some(wait::ends(what, *since)),
            State::Draining(what, leaving, since) => drain::ends(what, leaving, *since),
            State::RollingOut(what, following) => rollout::ends(what, following),
            _ => None,
        }
    }

    /// What was printed so far.
    pub fn printed(&self) -> &Printed {
        &self.printed
    }

    /// The exit code, once it has ended.
    pub fn code(&self) -> Option<i32> {
        matches!(self.state, State::Done).then_some(self.printed.code)
    }

    /// Standard output, standard error and exit code, once it has ended.
    pub fn done(&self) -> Option<(String, String, i32)> {
        matches!(self.state, State::Done).then(|| {
            let printed = &self.printed;
            (printed.stream(Stream::Out), printed.stream(Stream::Err), printed.code)
        })
    }
}

/// Waits until the old objects are gone, then makes the new ones.
fn replace(
    delete: Delete,
    mut awaited: Vec<delete::Awaited>,
    since: Instant,
    apply: Apply,
    files: &Files,
    server: &mut dyn Server,
    out: &mut Printed,
) -> State {
    if !delete::gone(&mut awaited, server) {
        if delete.timeout.is_none_or(|timeout| server.now() < since + timeout) {
            return State::Replacing(delete, awaited, since, apply);
        }
        out.fail("error: timed out waiting for the condition");
        return State::Done;
    }
    apply::run(&apply, files, server, out);
    State::Done
}

fn begin(command: Command, files: &Files, server: &mut dyn Server, out: &mut Printed) -> State {
    match command {
        Command::Wait(what) => {
            let mut awaited = wait::start(&what, server, out);
            let since = server.now();
            if wait::go_on(&what, &mut awaited, since, server, out) {
                return State::Done;
            }
            State::Waiting(Box::new(what), awaited, since)
        }
        Command::Drain(what) => {
            let Some(mut leaving) = drain::start(&what, server, out) else {
                return State::Done;
            };
            let since = server.now();
            if drain::go_on(&what, &mut leaving, since, server, out) {
                return State::Done;
            }
            State::Draining(Box::new(what), leaving, since)
        }
        Command::Rollout(what) => begin_rollout(what, files, server, out),
        Command::Debug(what) => {
            debug::run(&what, server, out);
            State::Done
        }
        Command::Events(what) => {
            events_verb::run(&what, server, out);
            State::Done
        }
        Command::Explain(text) => {
            out.print(&text);
            State::Done
        }
        Command::Make(what) => {
            make::carry_out(&what, files, server, out);
            State::Done
        }
        Command::Replace(delete, apply) => {
            let awaited = delete::start(&delete, files, server, out);
            let since = server.now();
            replace(delete, awaited, since, apply, files, server, out)
        }
        Command::Get(mut what) if !what.files.is_empty() => match get::named_in(&mut what, files) {
            Ok(()) => begin(Command::Get(what), files, server, out),
            Err(why) => {
                out.fail(&format!("error: {why}"));
                State::Done
            }
        },
        Command::Get(what) => match get::start(&what, server, out) {
            Some(watch) => State::Watching(what, watch),
            None => State::Done,
        },
        Command::Describe(what) => {
            super::describe::run(&what, server, out);
            State::Done
        }
        Command::Apply(what) => {
            apply::run(&what, files, server, out);
            State::Done
        }
        Command::Delete(what) => {
            let mut awaited = delete::start(&what, files, server, out);
            if delete::gone(&mut awaited, server) {
                return State::Done;
            }
            State::Deleting(what, awaited, server.now())
        }
        Command::Exec(what) => match exec::start(&what, &files.stdin, server, out) {
            Some(id) if exec::finish(id, server, out) => State::Done,
            Some(id) => State::Executing(id),
            None => State::Done,
        },
        Command::Logs(what) => {
            let mut sources = logs::start(&what, server, out);
            if logs::follow(&what, &mut sources, server, out) {
                return State::Done;
            }
            State::Following(Box::new(what), sources)
        }
        Command::Edit(what) => {
            edit::run(&what, files, server, out);
            State::Done
        }
    }
}

fn begin_rollout(what: rollout::Rollout, files: &Files, server: &mut dyn Server, out: &mut Printed) -> State {
    use rollout::Action;
    match what.action {
        Action::Status { .. } => {
            let Some(mut following) = rollout::start(&what, files, server, out) else {
                return State::Done;
            };
            if !rollout::go_on(&what, &mut following, server, out) {
                return State::RollingOut(Box::new(what), following);
            }
        }
        Action::History(_) => rollout::history(&what, files, server, out),
        Action::Undo(_) => rollout::undo(&what, files, server, out),
        Action::Restart | Action::Pause | Action::Resume => rollout::change(&what, files, server, out),
    }
    State::Done
}
