//! Steps of the scenario: lines of shell on a workstation, in which `kubectl` talks to the cluster.

use std::rc::Rc;

use super::server::{ClusterServer, Execs};
use crate::api::scenario::{Scenario, Step};
use crate::kubectl::run::{Running, Wants};
use crate::machine::{Latency, Part};
use crate::map::Map;
use crate::sort;
use crate::time::Instant;
use crate::trace::bounds::{LimitMet, OUTPUT};
use crate::trace::{Cause, ConsoleEntry, EntryId, FieldBase, LaneId, LaneKind, Rule, What};
use crate::world::{Inside, Nothing};

/// A step with its place among the scenario's steps.
#[derive(Clone, Debug)]
pub struct Due {
    /// When.
    pub at: Instant,
    /// Index in `steps`.
    pub index: u32,
    /// The step.
    pub step: Step,
}

/// Steps and the commands they have begun.
#[derive(Clone, Debug, Default)]
pub struct Console {
    /// Steps in order of time, then of the text.
    pub steps: Rc<Vec<Due>>,
    /// The next step to begin.
    pub next: usize,
    /// Commands by their number, which is that of their entry in the record.
    pub calls: Map<u32, Call>,
    /// Commands of `kubectl exec` that run in containers.
    pub execs: Execs,
    files: Rc<Map<String, String>>,
}

/// A line that was begun.
#[derive(Clone, Debug)]
pub struct Call {
    shell: Inside,
    kubectls: Map<u32, Kubectl>,
    entry: EntryId,
    /// Whether the line has a pipe.
    piped: bool,
    done: bool,
    /// Bytes of its output that were counted.
    printed: usize,
}

/// Bytes that are copied in one step.
const COPIED: usize = 8_192;
/// Bytes of tables and YAML that are made in one step.
const MADE: usize = 16;
/// Steps of a kubectl beside its output.
const KUBECTL: u64 = 40;

#[derive(Clone, Debug)]
struct Kubectl {
    ready_at: Instant,
    running: Running,
}

impl Call {
    /// What is on the terminal: what the shell has printed, and what a kubectl that goes on has printed so far. Behind
    /// a pipe that is not for the terminal.
    fn output(&self) -> String {
        let mut text = self.shell.console().to_owned();
        if !self.piped {
            text.extend(self.kubectls.values().map(|k| k.running.printed().both()));
        }
        text
    }
}

impl Console {
    /// The steps of a scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let mut steps: Vec<Due> = scenario
            .spec
            .steps
            .iter()
            .enumerate()
            .map(|(index, step)| Due {
                at: step.at.instant(),
                index: u32::try_from(index).unwrap_or(u32::MAX),
                step: step.clone(),
            })
            .collect();
        sort::sort_by_key(&mut steps, |s| (s.at, s.index));
        let files = Rc::new(scenario.spec.files.clone());
        Console {
            steps: Rc::new(steps),
            files,
            ..Console::default()
        }
    }

    /// What a command has printed so far.
    pub fn output(&self, number: u32) -> Option<String> {
        self.calls.get(&number).map(Call::output)
    }

    /// Commands that may go on after a change of an object.
    pub fn waiting_for_objects(&self) -> Vec<u32> {
        let waits = |k: &Kubectl| matches!(k.running.wants(), Wants::Objects(_) | Wants::Logs);
        self.calls
            .iter()
            .filter(|(_, c)| !c.done && c.kubectls.values().any(waits))
            .map(|(n, _)| *n)
            .collect()
    }
}

/// Begins the steps that are due, or lets a command go on.
pub fn poll(console: &mut Console, server: &mut ClusterServer, part: Part) {
    match part {
        Part::Steps => begin_due(console, server),
        Part::Console(number) => go_on(console, server, number),
        _ => {}
    }
}

fn lane(console: &mut Console, server: &mut ClusterServer) -> LaneId {
    let log = &mut server.cx.log;
    *console
        .execs
        .lane
        .get_or_insert_with(|| log.lane(LaneKind::Steps, None, "steps"))
}

fn begin_due(console: &mut Console, server: &mut ClusterServer) {
    let now = server.cx.now;
    let steps = console.steps.clone();
    while let Some(due) = steps.get(console.next).filter(|s| s.at <= now) {
        console.next += 1;
        let lane = lane(console, server);
        let base = FieldBase::Step(u16::try_from(due.index).unwrap_or(u16::MAX));
        if let Some(line) = &due.step.run {
            let text: Rc<str> = line.trim().into();
            let cause = Cause::of(Rule::Step).field(base, "at").field(base, "run");
            let entry = server.cx.log.instant(lane, now, What::Step(text.clone()), cause);
            let number = u32::try_from(console.calls.len()).unwrap_or(u32::MAX);
            if !server.cx.record.muted {
                server.cx.record.console.push(ConsoleEntry {
                    step: due.index,
                    at: now,
                    end: None,
                    command: text,
                    output: String::new(),
                    exit: None,
                });
            }
            let shell = Inside::workstation(line, &console.files, now);
            console.calls.insert(
                number,
                Call {
                    shell,
                    piped: line.contains('|'),
                    kubectls: Map::new(),
                    entry,
                    done: false,
                    printed: 0,
                },
            );
            go_on(console, server, number);
        } else if let Some(fault) = &due.step.fault {
            let text: Rc<str> = format!("fault: {}", fault.kind).into();
            let cause = Cause::of(Rule::Fault).field(base, "at").field(base, "fault");
            let entry = server.cx.log.instant(lane, now, What::Step(text), cause);
            super::faults::strike(server, fault, entry);
        }
    }
    server
        .cx
        .queue
        .alarm(Part::Steps, steps.get(console.next).map(|s| s.at));
}

/// Polls the shell, hands its kubectl calls to the cluster, and back, until nothing moves.
fn go_on(console: &mut Console, server: &mut ClusterServer, number: u32) {
    let now = server.cx.now;
    let files = console.files.clone();
    let Console { calls, execs, .. } = console;
    let Some(call) = calls.get_mut(&number).filter(|c| !c.done) else {
        return;
    };
    server.call = number;
    server.because = Some(call.entry);
    let mut met = Vec::new();
    loop {
        call.shell.poll(now, &mut Nothing);
        let mut moved = false;
        for request in call.shell.take_requests() {
            moved = true;
            let ready_at = now + server.cx.draw(Latency::Kubectl, number);
            let argv = request.argv.get(1..).unwrap_or_default();
            let files = super::look::files_named(&mut call.shell, argv, &files);
            server.cx.queue.spend(KUBECTL);
            let running = Running::start(argv, &request.stdin, files);
            call.kubectls.insert(request.pid, Kubectl { ready_at, running });
        }
        let pids: Vec<u32> = call.kubectls.keys().copied().collect();
        for pid in pids {
            let Some(kubectl) = call.kubectls.get_mut(&pid) else {
                continue;
            };
            if kubectl.ready_at > now {
                continue;
            }
            server.execs = std::mem::take(execs);
            kubectl.running.poll(server);
            *execs = std::mem::take(&mut server.execs);
            if let Some(code) = kubectl.running.code() {
                let printed = kubectl.running.printed();
                met.extend(printed.met.map(|bound| (bound, bound.most)));
                let pieces = super::look::pieces(printed);
                call.kubectls.remove(&pid);
                call.shell.answer(now, pid, pieces, code);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    let (steps, of_shell) = call.shell.take_work();
    met.extend(of_shell);
    server.cx.queue.spend(steps);
    let step: Rc<str> = format!("step {number}").into();
    let meet = |server: &mut ClusterServer, bound, used| {
        let (at, object) = (now, step.clone());
        server.cx.record.meet(LimitMet {
            at,
            bound,
            used,
            object,
        });
    };
    for (bound, used) in met {
        meet(server, bound, used);
    }
    let mut output = call.output();
    // Whoever prints a little at a time has all of it copied each time; what is new was also made.
    let new = output.len().saturating_sub(call.printed);
    server.cx.queue.spend((output.len() / COPIED + new / MADE) as u64);
    let room = OUTPUT.most.saturating_sub(server.cx.queue.used().output);
    let most = call.printed.saturating_add(usize::try_from(room).unwrap_or(usize::MAX));
    if output.len() > most {
        meet(server, &OUTPUT, OUTPUT.most);
        let end = (0..=most).rev().find(|end| output.is_char_boundary(*end)).unwrap_or(0);
        output.truncate(end);
    }
    server.cx.queue.print(output.len().saturating_sub(call.printed));
    call.printed = call.printed.max(output.len());
    let exit = call.shell.exited();
    call.done = exit.is_some();
    if call.done {
        call.shell.forget_output();
    }
    if let Some(entry) = server.cx.record.console.get_mut(number as usize) {
        entry.output = output;
        entry.exit = exit.map(|e| e.code);
        entry.end = exit.map(|e| e.at);
    }
    let next = [call.shell.poll_at()]
        .into_iter()
        .chain(call.kubectls.values().map(|k| {
            if k.ready_at > now {
                Some(k.ready_at)
            } else {
                k.running.poll_at()
            }
        }))
        .flatten()
        .filter(|at| *at > now)
        // What the shell could not do in this event it does in the next one.
        .chain(call.shell.poll_at().map(|at| at.max(now)))
        .min();
    server.cx.queue.alarm(Part::Console(number), next);
}
