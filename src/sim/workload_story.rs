//! What is drawn of each workload as the API shows it: its counts and its conditions.

use std::rc::Rc;

use crate::api::workload::{Condition, Spec, Status};
use crate::api::{Workload, WorkloadKind};
use crate::map::Map;
use crate::trace::{
    Cause, Counts, CronJobRule, DaemonSetRule, DeploymentRule, EntryId, JobRule, LaneId, LaneKind, ReplicaSetRule,
    Rule, StatefulSetRule, TraceLog, WatchKind, What, WorkloadRevision,
};

/// The open slices of all workloads.
#[derive(Clone, Debug, Default)]
pub struct WorkloadStories {
    open: Map<u32, Story>,
}

#[derive(Clone, Debug, Default)]
struct Story {
    counts: Option<(EntryId, What)>,
    conditions: Map<Rc<str>, (LaneId, EntryId, What)>,
}

impl WorkloadStories {
    /// Draws what a revision changed.
    pub fn tell(&mut self, log: &mut TraceLog, revision: &WorkloadRevision) {
        let (at, lane) = (revision.at, revision.lane);
        let Some(counts) = counts_of(&revision.object) else {
            return;
        };
        let story = self.open.entry(revision.uid).or_default();
        if revision.kind == WatchKind::Deleted {
            let slices = story.conditions.values().map(|(_, entry, _)| *entry);
            for entry in slices.chain(story.counts.iter().map(|(entry, _)| *entry)) {
                log.end(entry, at);
            }
            self.open.remove(&revision.uid);
            let cause = Cause::of(Rule::DeletionFinished).after(revision.cause);
            log.instant(lane, at, What::Object("gone".into()), cause);
            return;
        }
        let rule = status_rule(revision.object.kind);
        let what = What::Counts(counts);
        if story.counts.as_ref().is_none_or(|(_, before)| *before != what) {
            if let Some((entry, _)) = &story.counts {
                log.end(*entry, at);
            }
            let entry = log.begin(lane, at, what.clone(), Cause::of(rule).after(revision.cause));
            story.counts = Some((entry, what));
        }
        for condition in conditions_of(&revision.object) {
            let what = What::Condition {
                status: condition.status.clone(),
                reason: condition.reason.clone(),
            };
            let before = story.conditions.get(&condition.kind);
            if before.is_some_and(|(_, _, before)| *before == what) {
                continue;
            }
            let lane = match before {
                Some((lane, entry, _)) => {
                    log.end(*entry, at);
                    *lane
                }
                None => log.lane(LaneKind::Condition, Some(lane), &condition.kind),
            };
            let progress = revision.object.kind == WorkloadKind::Deployment && &*condition.kind == "Progressing";
            let rule = if progress {
                Rule::Deployment(DeploymentRule::Progress)
            } else {
                rule
            };
            let entry = log.begin(lane, at, what.clone(), Cause::of(rule).after(revision.cause));
            story.conditions.insert(condition.kind.clone(), (lane, entry, what));
        }
        let gone: Vec<Rc<str>> = story
            .conditions
            .keys()
            .filter(|kind| !conditions_of(&revision.object).iter().any(|c| c.kind == **kind))
            .cloned()
            .collect();
        for kind in gone {
            if let Some((_, entry, _)) = story.conditions.remove(&kind) {
                log.end(entry, at);
            }
        }
    }
}

fn status_rule(kind: WorkloadKind) -> Rule {
    match kind {
        WorkloadKind::Deployment => Rule::Deployment(DeploymentRule::Status),
        WorkloadKind::ReplicaSet | WorkloadKind::ReplicationController => Rule::ReplicaSet(ReplicaSetRule::Status),
        WorkloadKind::StatefulSet | WorkloadKind::ControllerRevision => Rule::StatefulSet(StatefulSetRule::Status),
        WorkloadKind::DaemonSet => Rule::DaemonSet(DaemonSetRule::Status),
        WorkloadKind::Job => Rule::Job(JobRule::Status),
        WorkloadKind::CronJob => Rule::CronJob(CronJobRule::Status),
    }
}

fn conditions_of(object: &Workload) -> &[Condition] {
    match &object.status {
        Status::Deployment(s) => &s.conditions,
        Status::ReplicaSet(s) => &s.conditions,
        Status::StatefulSet(s) => &s.conditions,
        Status::Job(s) => &s.conditions,
        Status::DaemonSet(_) | Status::CronJob(_) | Status::None => &[],
    }
}

/// The counts of a workload; none of a ControllerRevision.
pub fn counts_of(object: &Workload) -> Option<Counts> {
    let n = |n: i64| u32::try_from(n.max(0)).unwrap_or(u32::MAX);
    Some(match (&object.spec, &object.status) {
        (Spec::Deployment(spec), Status::Deployment(s)) => Counts::Pods {
            desired: n(spec.replicas),
            current: n(s.replicas),
            updated: n(s.updated_replicas),
            ready: n(s.ready_replicas),
            available: n(s.available_replicas),
        },
        (Spec::ReplicaSet(spec), Status::ReplicaSet(s)) => Counts::Pods {
            desired: n(spec.replicas),
            current: n(s.replicas),
            updated: n(s.replicas),
            ready: n(s.ready_replicas),
            available: n(s.available_replicas),
        },
        (Spec::StatefulSet(spec), Status::StatefulSet(s)) => Counts::Pods {
            desired: n(spec.replicas),
            current: n(s.replicas),
            updated: n(s.updated_replicas),
            ready: n(s.ready_replicas),
            available: n(s.available_replicas),
        },
        (Spec::DaemonSet(_), Status::DaemonSet(s)) => Counts::Pods {
            desired: n(s.desired_number_scheduled),
            current: n(s.current_number_scheduled),
            updated: n(s.updated_number_scheduled),
            ready: n(s.number_ready),
            available: n(s.number_available),
        },
        (Spec::Job(spec), Status::Job(s)) => Counts::Job {
            status: job_status(object),
            completions: spec.completions.map(n),
            active: n(s.active),
            succeeded: n(s.succeeded),
            failed: n(s.failed),
        },
        (Spec::CronJob(spec), Status::CronJob(s)) => Counts::CronJob {
            suspended: spec.suspend,
            active: u32::try_from(s.active.len()).unwrap_or(u32::MAX),
        },
        _ => return None,
    })
}

/// The column STATUS of `kubectl get job`.
fn job_status(object: &Workload) -> Rc<str> {
    let is = |kind: &&str| {
        let conditions = conditions_of(object).iter();
        conditions.clone().any(|c| &*c.kind == *kind && &*c.status == "True")
    };
    let ended = ["Complete", "Failed"].into_iter().find(is);
    let deleted = object.is_deleted().then_some("Terminating");
    let later = ["Suspended", "FailureTarget", "SuccessCriteriaMet"]
        .into_iter()
        .find(is);
    ended.or(deleted).or(later).unwrap_or("Running").into()
}
