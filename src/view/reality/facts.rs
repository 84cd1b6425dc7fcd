//! The facts of a run, said as a real cluster would say them.

use super::read::Source;
use crate::kubectl::printpod::pod_row;
use crate::sim::Simulation;
use crate::time::{Calendar, Duration, Instant};
use crate::trace::{WatchKind, What};
use crate::view::lanes;

/// Something that was said at a time after the creation of the Pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// When.
    pub at: Duration,
    /// What, so that the same is said alike on both sides.
    pub what: String,
    /// READY, STATUS, RESTARTS, if it is a row of the watch.
    pub row: Option<(String, String, u32)>,
    /// A container that started, or ended with a code.
    pub container: Option<(String, Option<i32>)>,
}

impl Fact {
    /// A row of `kubectl get pod -w`.
    pub fn row(at: Duration, ready: &str, status: &str, restarts: u32) -> Self {
        Fact {
            at,
            what: format!("{ready} {status}, restarts {restarts}"),
            row: Some((ready.to_owned(), status.to_owned(), restarts)),
            container: None,
        }
    }

    /// An Event, by its reason and the container it is about.
    pub fn event(at: Duration, reason: &str, container: &str) -> Self {
        let who = if container.is_empty() {
            String::new()
        } else {
            format!(" ({container})")
        };
        Fact {
            at,
            what: format!("Event {reason}{who}"),
            row: None,
            container: None,
        }
    }

    /// A container's process started: which start, from 0.
    pub fn started(at: Duration, container: &str, number: u32) -> Self {
        Fact {
            at,
            what: format!("{container} starts, restart {number}"),
            row: None,
            container: Some((container.to_owned(), None)),
        }
    }

    /// A container's process ended.
    pub fn ended(at: Duration, container: &str, number: u32, code: i32) -> Self {
        Fact {
            at,
            what: format!("{container} ends with exit code {code}, restart {number}"),
            row: None,
            container: Some((container.to_owned(), Some(code))),
        }
    }

    /// A condition took a status.
    pub fn condition(at: Duration, kind: &str, status: &str) -> Self {
        Fact {
            at,
            what: format!("condition {kind} is {status}"),
            row: None,
            container: None,
        }
    }
}

/// The container of an Event's field path: `spec.containers{app}`.
pub fn container_of(field_path: &str) -> &str {
    field_path
        .split_once('{')
        .and_then(|(_, rest)| rest.strip_suffix('}'))
        .unwrap_or("")
}

/// The facts of one Pod of the run, of the sort that `source` tells.
pub fn predicted(sim: &Simulation, uid: u32, source: Source) -> Vec<Fact> {
    let record = sim.record();
    let until = sim.until();
    let Some(first) = record.pods.iter().find(|r| r.uid == uid) else {
        return Vec::new();
    };
    let since = |at: Instant| at - first.at;
    let mut facts: Vec<Fact> = Vec::new();
    match source {
        Source::Watch => {
            let own = record
                .pods
                .iter()
                .filter(|r| r.uid == uid && r.at <= until && r.kind != WatchKind::Deleted);
            for r in own {
                let row = pod_row(&r.pod, r.at, Calendar::default(), false);
                let restarts = row.restarts.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
                let fact = Fact::row(since(r.at), &row.ready, &row.status, restarts);
                if facts.last().is_none_or(|last| last.what != fact.what) {
                    facts.push(fact);
                }
            }
        }
        Source::Events => {
            let own = record
                .events
                .iter()
                .filter(|e| e.uid == uid && e.at <= until && e.count <= 1);
            facts.extend(own.map(|e| Fact::event(since(e.at), &e.reason, container_of(&e.field_path))));
        }
        Source::Pod => {
            let log = sim.log();
            let mut starts: Vec<(u32, u32)> = Vec::new();
            for entry in log.entries().iter().filter(|e| e.at <= until) {
                let lane = log.lanes().get(entry.lane.0 as usize);
                let (Some(lane), Some(pod)) = (lane, lanes::pod_of(log, entry.lane)) else {
                    continue;
                };
                if pod != first.lanes.pod {
                    continue;
                }
                let number = starts.iter().position(|(l, _)| *l == entry.lane.0);
                match &entry.what {
                    What::Running { .. } if lanes::is_container(lane.kind) => {
                        let count = match number.and_then(|i| starts.get_mut(i)) {
                            Some((_, count)) => {
                                *count += 1;
                                *count
                            }
                            None => {
                                starts.push((entry.lane.0, 0));
                                0
                            }
                        };
                        facts.push(Fact::started(since(entry.at), &lane.name, count));
                    }
                    What::Ended { code, .. } if lanes::is_container(lane.kind) => {
                        let count = number.and_then(|i| starts.get(i)).map_or(0, |(_, count)| *count);
                        facts.push(Fact::ended(since(entry.at), &lane.name, count, *code));
                    }
                    What::Condition { status, .. } => {
                        facts.push(Fact::condition(since(entry.at), &lane.name, status));
                    }
                    _ => {}
                }
            }
        }
    }
    facts
}
