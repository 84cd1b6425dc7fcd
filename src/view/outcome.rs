//! How a run went, in numbers: time to ready, restarts, time not ready, time to stop.

use crate::apiserver::is_ready;
use crate::kubectl::printpod::{pod_restarts, pod_status};
use crate::sim::Simulation;
use crate::time::{Duration, Instant};
use crate::trace::{PodRevision, Rule, TraceLog, WatchKind, What};
use crate::view::lanes;

/// How it went for one Pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodOutcome {
    /// Name.
    pub name: String,
    /// From its creation to its first being Ready; `None` when it never was.
    pub ready: Option<Duration>,
    /// Restarts of all its containers.
    pub restarts: i64,
    /// How long it was not Ready after it had been: until its deletion, its end, or the horizon.
    pub unready: Duration,
    /// From its deletion to its being gone; `None` when it was not deleted, or is not gone.
    pub stop: Option<Duration>,
    /// Containers that were killed because their grace period was over.
    pub killed: u32,
    /// What STATUS says at the end; `None` when it is gone.
    pub status: Option<String>,
    /// Whether it ran to its end and ended well.
    pub succeeded: bool,
}

impl PodOutcome {
    /// Whether nobody would complain: it became ready (or ended well) and stayed so, nothing restarted, and whatever was
    /// stopped stopped by itself.
    pub fn is_safe(&self) -> bool {
        (self.ready.is_some() || self.succeeded)
            && self.restarts == 0
            && self.unready == Duration::ZERO
            && self.killed == 0
    }
}

/// How it went for each Pod, in the order of their creation. Pods of one name follow each other as one.
pub fn outcomes(sim: &Simulation) -> Vec<PodOutcome> {
    let until = sim.until();
    let mut order: Vec<u32> = Vec::new();
    let revisions = &sim.record().pods;
    for r in revisions.iter().filter(|r| r.at <= until) {
        if !order.contains(&r.uid) {
            order.push(r.uid);
        }
    }
    order
        .into_iter()
        .filter_map(|uid| {
            let own: Vec<&PodRevision> = revisions.iter().filter(|r| r.uid == uid && r.at <= until).collect();
            outcome(&own, sim.log(), until)
        })
        .collect()
}

fn outcome(revisions: &[&PodRevision], log: &TraceLog, until: Instant) -> Option<PodOutcome> {
    let (first, last) = (revisions.first()?, revisions.last()?);
    let live = revisions.iter().filter(|r| r.kind != WatchKind::Deleted);
    let ready_at = live.clone().find(|r| is_ready(&r.pod)).map(|r| r.at);
    let is_over = |r: &&&PodRevision| {
        r.pod.metadata.deletion_timestamp.is_some() || matches!(r.pod.status.phase.as_str(), "Succeeded" | "Failed")
    };
    let over_at = revisions.iter().find(is_over).map_or(until, |r| r.at);
    let mut unready = Duration::ZERO;
    if let Some(ready_at) = ready_at {
        for (i, r) in revisions.iter().enumerate() {
            let next = revisions.get(i + 1).map_or(until, |n| n.at).min(over_at);
            if r.at >= ready_at && next > r.at && !is_ready(&r.pod) {
                unready = unready + (next - r.at);
            }
        }
    }
    let deleted_at = revisions
        .iter()
        .find(|r| r.pod.metadata.deletion_timestamp.is_some() || r.kind == WatchKind::Deleted)
        .map(|r| r.at);
    let gone_at = (last.kind == WatchKind::Deleted).then_some(last.at);
    let pod_lane = first.lanes.pod;
    let killed = log.entries().iter().filter(|e| {
        e.at <= until
            && matches!(e.what, What::Signal(_))
            && matches!(e.cause.rule, Rule::GraceOver { .. })
            && lanes::pod_of(log, e.lane) == Some(pod_lane)
    });
    let most = live.map(|r| pod_restarts(&r.pod)).max().unwrap_or(0);
    Some(PodOutcome {
        name: first.pod.metadata.name.to_string(),
        ready: ready_at.map(|at| at - first.at),
        restarts: most,
        unready,
        stop: deleted_at.zip(gone_at).map(|(from, to)| to - from),
        killed: u32::try_from(killed.count()).unwrap_or(u32::MAX),
        status: gone_at.is_none().then(|| pod_status(&last.pod)),
        succeeded: last.pod.status.phase.as_str() == "Succeeded",
    })
}
