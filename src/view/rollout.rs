//! A made-up rollout for tests: a Deployment of two Pods goes from one template to another, a Pod more at a time, behind a
//! Service.

use crate::api::WorkloadKind;
use crate::time::Instant;
use crate::trace::{Cause, Counts, DeploymentRule, EntryId, LaneId, LaneKind, ReplicaSetRule, Rule, TraceLog, What};

fn at(s: i64) -> Instant {
    Instant::from_secs(s)
}

/// A log in which slices of one lane follow each other.
struct Story {
    log: TraceLog,
    open: Vec<(LaneId, EntryId)>,
}

impl Story {
    fn then(&mut self, lane: LaneId, s: i64, what: Option<What>, rule: Rule) {
        if let Some(place) = self.open.iter().position(|(l, _)| *l == lane) {
            let (_, entry) = self.open.remove(place);
            self.log.end(entry, at(s));
        }
        if let Some(what) = what {
            let entry = self.log.begin(lane, at(s), what, Cause::of(rule));
            self.open.push((lane, entry));
        }
    }

    fn counts(&mut self, lane: LaneId, s: i64, [desired, current, updated, ready, available]: [u32; 5]) {
        let rule = match self.log.lanes()[lane.0 as usize].kind {
            LaneKind::Workload(WorkloadKind::Deployment) => Rule::Deployment(DeploymentRule::Status),
            _ => Rule::ReplicaSet(ReplicaSetRule::Status),
        };
        let counts = Counts::Pods {
            desired,
            current,
            updated,
            ready,
            available,
        };
        self.then(lane, s, Some(What::Counts(counts)), rule);
    }

    fn status(&mut self, pod: Pod, s: i64, status: &str, ready: &str) {
        let what = What::Status {
            status: status.into(),
            ready: ready.into(),
            restarts: 0,
        };
        self.then(pod.lane, s, Some(what), Rule::StatusPublished);
    }

    fn ready(&mut self, pod: Pod, s: i64) {
        self.status(pod, s, "Running", "1/1");
        let what = What::Condition {
            status: "True".into(),
            reason: "".into(),
        };
        self.then(pod.ready, s, Some(what), Rule::StatusPublished);
        let what = What::Endpoint {
            ready: true,
            serving: true,
            terminating: false,
        };
        self.then(pod.endpoint, s, Some(what), Rule::EndpointsFollow);
    }

    fn gone(&mut self, pod: Pod, s: i64) {
        for lane in [pod.lane, pod.ready] {
            self.then(lane, s, None, Rule::StatusPublished);
        }
        self.log.instant(
            pod.lane,
            at(s),
            What::Object("gone".into()),
            Cause::of(Rule::DeletionFinished),
        );
    }
}

#[derive(Clone, Copy)]
struct Pod {
    lane: LaneId,
    ready: LaneId,
    endpoint: LaneId,
}

/// The log, and the lanes of the Deployment, its ReplicaSets and the Service.
pub fn rollout() -> (TraceLog, [LaneId; 4]) {
    let mut s = Story {
        log: TraceLog::new(),
        open: Vec::new(),
    };
    let web = s.log.lane(LaneKind::Workload(WorkloadKind::Deployment), None, "web");
    let service = s.log.lane(LaneKind::Service, None, "web");
    let set = |s: &mut Story, hash: &str| {
        let kind = LaneKind::Workload(WorkloadKind::ReplicaSet);
        s.log.lane_of(kind, Some(web), &format!("web-{hash}"), hash)
    };
    let pod = |s: &mut Story, set: LaneId, hash: &str, end: &str| {
        let name = format!("web-{hash}-{end}");
        let lane = s.log.lane_of(LaneKind::Pod, Some(set), &name, hash);
        let ready = s.log.lane(LaneKind::Condition, Some(lane), "Ready");
        let endpoint = s.log.lane(LaneKind::Endpoint, Some(service), &name);
        s.log.instant(
            lane,
            at(0),
            What::Object("created".into()),
            Cause::of(Rule::ApiServerStored),
        );
        Pod { lane, ready, endpoint }
    };
    let progress = |s: &mut Story, lane: LaneId, t: i64, reason: &str| {
        let what = What::Condition {
            status: "True".into(),
            reason: reason.into(),
        };
        s.then(lane, t, Some(what), Rule::Deployment(DeploymentRule::Status));
    };
    let available = s.log.lane(LaneKind::Condition, Some(web), "Available");
    let progressing = s.log.lane(LaneKind::Condition, Some(web), "Progressing");
    let old = set(&mut s, "5d9c7b8f66");
    let [a, b] = ["ps2ds", "xgkh9"].map(|end| pod(&mut s, old, "5d9c7b8f66", end));
    s.counts(web, 0, [2, 2, 2, 0, 0]);
    s.counts(old, 0, [2, 2, 2, 0, 0]);
    progress(&mut s, progressing, 0, "ReplicaSetUpdated");
    for one in [a, b] {
        s.status(one, 0, "ContainerCreating", "0/1");
        s.ready(one, 4);
    }
    s.counts(web, 4, [2, 2, 2, 2, 2]);
    s.counts(old, 4, [2, 2, 2, 2, 2]);
    progress(&mut s, progressing, 4, "NewReplicaSetAvailable");
    progress(&mut s, available, 4, "MinimumReplicasAvailable");
    let new = set(&mut s, "7f8d6c5b44");
    let c = pod(&mut s, new, "7f8d6c5b44", "56pf4");
    s.status(c, 20, "ContainerCreating", "0/1");
    s.counts(web, 20, [2, 3, 1, 2, 2]);
    s.counts(new, 20, [1, 1, 1, 0, 0]);
    s.status(c, 22, "Running", "0/1");
    s.ready(c, 26);
    s.counts(web, 26, [2, 3, 1, 3, 2]);
    s.counts(new, 26, [1, 1, 1, 1, 0]);
    s.counts(web, 36, [2, 3, 1, 3, 3]);
    s.counts(new, 36, [1, 1, 1, 1, 1]);
    s.status(a, 36, "Terminating", "1/1");
    s.then(a.endpoint, 36, None, Rule::EndpointsFollow);
    s.counts(web, 37, [2, 2, 1, 2, 2]);
    s.counts(old, 37, [1, 1, 1, 1, 1]);
    s.gone(a, 40);
    (s.log, [web, old, new, service])
}
