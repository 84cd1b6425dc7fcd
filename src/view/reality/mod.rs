//! What a real cluster said, beside the prediction: pasted lines of `kubectl get pod -w`, a Pod or Events as YAML or
//! JSON are read as facts with times, laid beside the same facts of the run, and the first divergence is named.

mod facts;
mod read;

pub use facts::{Fact, predicted};
pub use read::{Observed, Source, read};

use std::rc::Rc;

use super::ghost::Ghost;
use crate::sim::Simulation;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, LaneId, LaneKind, Rule, TraceLog, What};

/// More facts than this, on either side, are not laid beside each other.
const MAX_FACTS: usize = 600;

/// Ages are printed in whole seconds, and a real cluster is never exactly as fast as ours.
const SLACK: Duration = Duration::from_secs(3);

/// A tenth of the time more: what is late by that much at the end of a long life is not another story.
const SLACK_PERMILLE: i64 = 100;

/// How a fact of one side stands to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// Both have it, at about the same time.
    Same,
    /// Both have it, the real cluster later.
    Later,
    /// Both have it, the real cluster earlier.
    Earlier,
    /// Only the real cluster has it.
    OnlyReal,
    /// Only the run has it.
    OnlyPredicted,
}

impl Match {
    /// As one word, for the page.
    pub fn word(self) -> &'static str {
        match self {
            Match::Same => "same",
            Match::Later => "later",
            Match::Earlier => "earlier",
            Match::OnlyReal => "only-real",
            Match::OnlyPredicted => "only-predicted",
        }
    }
}

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What was said.
    pub what: String,
    /// When, by the real cluster, since the creation of the Pod.
    pub real: Option<Duration>,
    /// When, by the run.
    pub predicted: Option<Duration>,
    /// How they stand to each other.
    pub verdict: Match,
}

/// Reality beside the prediction.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The Pod of the real cluster.
    pub real: String,
    /// The Pod of the run that it is laid beside.
    pub predicted: String,
    /// What both said, in order of time.
    pub lines: Vec<Line>,
    /// Position of the first line that is not the same.
    pub first: Option<usize>,
}

/// Lays what a real cluster said about one Pod beside the run. `None` when the run has no Pod.
pub fn beside(sim: &Simulation, observed: &Observed) -> Option<Beside> {
    let pods = &sim.record().pods;
    let same = pods.iter().find(|r| *r.pod.metadata.name == *observed.pod);
    let created = same.or(pods.first())?;
    let name = created.pod.metadata.name.to_string();
    let mut theirs = predicted(sim, created.uid, observed.source);
    let mut ours = observed.facts.clone();
    theirs.truncate(MAX_FACTS);
    ours.truncate(MAX_FACTS);
    // What comes after the last thing that was seen has not been seen yet; it is no divergence.
    let last = ours.iter().map(|f| f.at).max().unwrap_or(Duration::ZERO) + SLACK;
    let lines = align(&ours, &theirs, last, observed.source == Source::Pod);
    let first = lines.iter().position(|l| l.verdict != Match::Same);
    Some(Beside {
        real: observed.pod.clone(),
        predicted: name,
        lines,
        first,
    })
}

fn verdict(real: Duration, predicted: Duration) -> Match {
    let slack = SLACK + predicted.permille(SLACK_PERMILLE);
    if real > predicted + slack {
        Match::Later
    } else if real + slack < predicted {
        Match::Earlier
    } else {
        Match::Same
    }
}

/// The longest common row of facts, and what is left on either side.
fn align(real: &[Fact], predicted: &[Fact], last: Duration, only_last: bool) -> Vec<Line> {
    let (n, m) = (real.len(), predicted.len());
    // common[i][j]: how many facts real[i..] and predicted[j..] can have in common.
    let mut common = vec![vec![0_u16; m + 1]; n + 1];
    let at = |table: &[Vec<u16>], i: usize, j: usize| table.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0);
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            let same = real.get(i).map(|f| &f.what) == predicted.get(j).map(|f| &f.what);
            let best = if same {
                at(&common, i + 1, j + 1).saturating_add(1)
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(slot) = common.get_mut(i).and_then(|row| row.get_mut(j)) {
                *slot = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    loop {
        match (real.get(i), predicted.get(j)) {
            (Some(r), Some(p)) if r.what == p.what => {
                lines.push(Line {
                    what: r.what.clone(),
                    real: Some(r.at),
                    predicted: Some(p.at),
                    verdict: verdict(r.at, p.at),
                });
                (i, j) = (i + 1, j + 1);
            }
            (Some(r), p) if p.is_none() || at(&common, i + 1, j) >= at(&common, i, j + 1) => {
                lines.push(Line {
                    what: r.what.clone(),
                    real: Some(r.at),
                    predicted: None,
                    verdict: Match::OnlyReal,
                });
                i += 1;
            }
            (_, Some(p)) => {
                // An object tells only of its last state: what came before it has not been denied.
                if p.at <= last && !only_last {
                    lines.push(Line {
                        what: p.what.clone(),
                        real: None,
                        predicted: Some(p.at),
                        verdict: Match::OnlyPredicted,
                    });
                }
                j += 1;
            }
            (_, None) => break,
        }
    }
    lines
}

/// What the real cluster said, as something that can be drawn beside the run.
pub fn ghost(observed: &Observed, predicted: &str) -> Ghost {
    let mut log = TraceLog::new();
    let pod = log.lane(LaneKind::Pod, None, predicted);
    let mut containers: Vec<(String, LaneId)> = Vec::new();
    let mut open: Vec<(LaneId, crate::trace::EntryId)> = Vec::new();
    let mut last = Instant::ZERO;
    let cause = || Cause::of(Rule::StatusPublished);
    for fact in &observed.facts {
        let at = (Instant::ZERO + fact.at).max(last);
        last = at;
        let (lane, what) = match (&fact.row, &fact.container) {
            (Some((ready, status, restarts)), _) => {
                let what = What::Status {
                    status: Rc::from(status.as_str()),
                    ready: Rc::from(ready.as_str()),
                    restarts: *restarts,
                };
                (pod, what)
            }
            (None, Some((name, code))) => {
                let known = containers.iter().find(|(n, _)| n == name).map(|(_, lane)| *lane);
                let lane = known.unwrap_or_else(|| {
                    let lane = log.lane(LaneKind::Container, Some(pod), name);
                    containers.push((name.clone(), lane));
                    lane
                });
                let what = match code {
                    None => What::Running { restarts: 0 },
                    Some(code) => What::Ended {
                        code: *code,
                        reason: Rc::from(if *code == 0 { "Completed" } else { "Error" }),
                    },
                };
                (lane, what)
            }
            (None, None) => continue,
        };
        if let Some(at_lane) = open.iter().position(|(l, _)| *l == lane) {
            let (_, id) = open.swap_remove(at_lane);
            log.end(id, at);
        }
        let id = log.begin(lane, at, what, cause());
        open.push((lane, id));
    }
    Ghost::of_log(&log, last)
}

#[cfg(test)]
mod tests;
