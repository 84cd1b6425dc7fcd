//! How a run went, in numbers: time to ready, restarts, time not ready, time to stop. A Pod that stands alone is counted
//! by itself; Pods of a workload are counted together, since their names and number change with every rollout.

use crate::apiserver::is_ready;
use crate::kubectl::printpod::{pod_restarts, pod_status};
use crate::map::Map;
use crate::sim::Simulation;
use crate::time::{Duration, Instant};
use crate::trace::{Counts, LaneId, LaneKind, PodRevision, Rule, TraceLog, WatchKind, What};
use crate::view::{lanes, origin};

/// How it went for one Pod, or for one workload and all its Pods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Name of the Pod, or `deployment/web`.
    pub name: String,
    /// From its creation to its first being Ready; of a workload, to the first time that as many Pods as it wants were
    /// available. `None` when it never was.
    pub ready: Option<Duration>,
    /// Restarts of all containers.
    pub restarts: i64,
    /// How long it was not Ready after it had been: until its deletion, its end, or the horizon. A workload is not ready
    /// when none of its Pods is available.
    pub unready: Duration,
    /// From its deletion to its being gone; `None` when it was not deleted, or is not gone. The longest of all Pods.
    pub stop: Option<Duration>,
    /// Containers that were killed because their grace period was over.
    pub killed: u32,
    /// What STATUS says at the end, or how many Pods of a workload are available; `None` when it is gone.
    pub status: Option<String>,
    /// Whether it ran to its end and ended well.
    pub succeeded: bool,
    /// Whether a workload still lacks available or updated Pods at the end, or a Job has failed.
    pub unfinished: bool,
}

impl Outcome {
    /// Whether nobody would complain: it became ready (or ended well) and stayed so, nothing restarted, and whatever was
    /// stopped stopped by itself.
    pub fn is_safe(&self) -> bool {
        (self.ready.is_some() || self.succeeded)
            && self.restarts == 0
            && self.unready == Duration::ZERO
            && self.killed == 0
            && !self.unfinished
    }
}

/// How it went for each workload that nobody owns, then for each Pod that stands alone, in the order of their creation.
pub fn outcomes(sim: &Simulation) -> Vec<Outcome> {
    let (until, log) = (sim.until(), sim.log());
    let killed = kills(log, until);
    // Places in `list` by the lane of the Pod or workload.
    let mut places: Map<u32, usize> = Map::new();
    let mut list: Vec<Outcome> = Vec::new();
    for (id, lane) in log.lanes().iter().enumerate() {
        let id = LaneId(u32::try_from(id).unwrap_or(u32::MAX));
        if let (LaneKind::Workload(kind), Some(top)) = (lane.kind, origin::lane_of(log, id))
            && top == id
        {
            places.insert(id.0, list.len());
            list.push(Outcome {
                name: format!("{}/{}", kind.as_str().to_ascii_lowercase(), lane.name),
                ..Outcome::default()
            });
        }
    }
    for pod in lives(sim.record().pods.iter().filter(|r| r.at <= until)) {
        let owner = origin::lane_of(log, pod.lane).filter(|top| *top != pod.lane);
        let killed = killed.get(&pod.lane.0).copied().unwrap_or(0);
        let outcome = pod.outcome(until, killed);
        let place = owner.and_then(|top| places.get(&top.0));
        match place.and_then(|place| list.get_mut(*place)) {
            Some(whole) => whole.add(&outcome),
            None => list.push(outcome),
        }
    }
    for (lane, place) in &places {
        if let Some(whole) = list.get_mut(*place) {
            whole.count(log, LaneId(*lane), until);
        }
    }
    list
}

/// How many containers of each Pod were killed at the end of their grace period, by the Pod's lane.
fn kills(log: &TraceLog, until: Instant) -> Map<u32, u32> {
    let mut killed: Map<u32, u32> = Map::new();
    let signals = log.entries().iter().filter(|e| {
        e.at <= until && matches!(e.what, What::Signal(_)) && matches!(e.cause.rule, Rule::GraceOver { .. })
    });
    for pod in signals.filter_map(|e| lanes::pod_of(log, e.lane)) {
        let count = killed.entry(pod.0).or_insert(0);
        *count = count.saturating_add(1);
    }
    killed
}

impl Outcome {
    /// Takes one of its Pods into the numbers of a workload.
    fn add(&mut self, pod: &Outcome) {
        self.restarts = self.restarts.saturating_add(pod.restarts);
        self.killed = self.killed.saturating_add(pod.killed);
        self.stop = self.stop.max(pod.stop);
    }

    /// What the counts of a workload say: they are on its own lane.
    fn count(&mut self, log: &TraceLog, lane: LaneId, until: Instant) {
        let mut all = log.entries().iter().filter(|e| e.lane == lane && e.at <= until);
        let Some(began) = all.clone().next().map(|e| e.at) else {
            return;
        };
        let mut counts = all.clone().filter(|e| matches!(e.what, What::Counts(_)));
        for entry in counts.clone() {
            let What::Counts(Counts::Pods { desired, available, .. }) = entry.what else {
                continue;
            };
            if available >= desired && desired > 0 && self.ready.is_none() {
                self.ready = Some(entry.at - began);
            }
            let end = entry.end.unwrap_or(until).min(until);
            if self.ready.is_some() && available == 0 && desired > 0 && end > entry.at {
                self.unready = self.unready + (end - entry.at);
            }
        }
        let gone = all.any(|e| matches!(&e.what, What::Object(verb) if &**verb == "gone"));
        match counts.next_back().map(|e| &e.what) {
            _ if gone => {}
            Some(What::Counts(Counts::Pods {
                desired,
                updated,
                available,
                ..
            })) => {
                self.status = Some(format!("{available}/{desired}"));
                self.unfinished = available < desired || updated < desired;
                // Nothing is wanted, and nothing is missing.
                self.succeeded = *desired == 0;
            }
            Some(What::Counts(Counts::Job { status, .. })) => {
                self.status = Some(status.to_string());
                self.succeeded = &**status == "Complete";
                self.unfinished = &**status == "Failed";
            }
            Some(What::Counts(Counts::CronJob { .. })) => {
                let jobs = |wanted: &str| {
                    log.entries().iter().any(|e| {
                        let below = log.lanes().get(e.lane.0 as usize).and_then(|l| l.parent) == Some(lane);
                        below && matches!(&e.what, What::Counts(Counts::Job { status, .. }) if &**status == wanted)
                    })
                };
                self.unfinished = jobs("Failed");
                self.succeeded = jobs("Complete");
            }
            _ => {}
        }
    }
}

/// One Pod, from the watch events of its life.
struct Life<'a> {
    lane: LaneId,
    first: Instant,
    last: &'a PodRevision,
    ready_at: Option<Instant>,
    /// Whether it was deleted or has ended.
    over: bool,
    unready: Duration,
    deleted_at: Option<Instant>,
    restarts: i64,
}

/// The Pods in the order of their creation.
fn lives<'a>(revisions: impl Iterator<Item = &'a PodRevision>) -> Vec<Life<'a>> {
    let mut places: Map<u32, usize> = Map::new();
    let mut lives: Vec<Life<'a>> = Vec::new();
    for r in revisions {
        let place = *places.entry(r.uid).or_insert(lives.len());
        if place == lives.len() {
            lives.push(Life {
                lane: r.lanes.pod,
                first: r.at,
                last: r,
                ready_at: None,
                over: false,
                unready: Duration::ZERO,
                deleted_at: None,
                restarts: 0,
            });
        }
        if let Some(life) = lives.get_mut(place) {
            life.see(r);
        }
    }
    lives
}

impl<'a> Life<'a> {
    fn see(&mut self, r: &'a PodRevision) {
        self.pass(r.at);
        self.last = r;
        let deleted = r.kind == WatchKind::Deleted;
        if !deleted {
            self.restarts = self.restarts.max(pod_restarts(&r.pod));
            if is_ready(&r.pod) {
                self.ready_at.get_or_insert(r.at);
            }
        }
        if deleted || r.pod.metadata.deletion_timestamp.is_some() {
            self.deleted_at.get_or_insert(r.at);
            self.over = true;
        }
        self.over |= r.pod.status.phase.is_terminal();
    }

    /// The last revision held until `at`.
    fn pass(&mut self, at: Instant) {
        let since = self.last.at;
        if self.ready_at.is_some() && !self.over && at > since && !is_ready(&self.last.pod) {
            self.unready = self.unready + (at - since);
        }
    }

    fn outcome(mut self, until: Instant, killed: u32) -> Outcome {
        self.pass(until);
        let gone_at = (self.last.kind == WatchKind::Deleted).then_some(self.last.at);
        Outcome {
            name: self.last.pod.metadata.name.to_string(),
            ready: self.ready_at.map(|at| at - self.first),
            restarts: self.restarts,
            unready: self.unready,
            stop: self.deleted_at.zip(gone_at).map(|(from, to)| to - from),
            killed,
            status: gone_at.is_none().then(|| pod_status(&self.last.pod)),
            succeeded: self.last.pod.status.phase.as_str() == "Succeeded",
            unfinished: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Options;

    fn run(text: &str) -> Vec<Outcome> {
        let mut sim = Simulation::new(text, &Options::default());
        sim.run();
        outcomes(&sim)
    }

    const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: app
        image: registry.example/app:1
        readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
---
apiVersion: podscope/v1
kind: Scenario
spec:
  until: 3m
  steps:
";

    fn patched(image: &str) -> String {
        let patch = format!(
            "[{{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\",\"value\":\"{image}\"}}]"
        );
        format!("{WEB}  - at: 60s\n    run: |\n      kubectl patch deployment web --type=json -p '{patch}'\n")
    }

    #[test]
    fn a_deployment_is_counted_as_one() {
        let rolled = run(&patched("registry.example/app:2"));
        assert_eq!(rolled.len(), 1, "{rolled:?}");
        let web = &rolled[0];
        assert_eq!(
            (web.name.as_str(), web.status.as_deref()),
            ("deployment/web", Some("3/3"))
        );
        assert!(web.is_safe() && web.stop.is_some(), "{web:?}");
        let stuck = patched("registry.example/no:pe")
            + "  images: [{name: \"registry.example/no:pe\", pull: {error: not found}}]\n";
        let stuck = run(&stuck);
        assert!(stuck[0].unfinished && !stuck[0].is_safe(), "{stuck:?}");
        let gone = run(&format!("{WEB}  - {{at: 60s, run: kubectl delete deployment web}}\n"));
        assert_eq!(gone[0].status, None, "{gone:?}");
    }
}
