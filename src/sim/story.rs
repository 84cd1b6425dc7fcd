//! What is drawn of each Pod as the API shows it: the row of `kubectl get pod`, the phase, the Ready condition.

use std::rc::Rc;

use crate::api::Pod;
use crate::apiserver::is_static;
use crate::kubectl::printpod::{pod_restarts, pod_status};
use crate::map::Map;
use crate::time::Instant;
use crate::trace::{Cause, EntryId, LaneId, PodRevision, Rule, TraceLog, WatchKind, What};

/// The open slices of all Pods.
#[derive(Clone, Debug, Default)]
pub struct Stories {
    pods: Map<u32, Story>,
}

#[derive(Clone, Debug, Default)]
struct Story {
    status: Option<(EntryId, What)>,
    phase: Option<(EntryId, What)>,
    ready: Option<(EntryId, What)>,
}

impl Stories {
    /// Draws what a revision changed.
    pub fn tell(&mut self, log: &mut TraceLog, revision: &PodRevision) {
        let (at, lanes) = (revision.at, &revision.lanes);
        let story = self.pods.entry(revision.uid).or_default();
        if revision.kind == WatchKind::Deleted {
            for (entry, _) in [&story.status, &story.phase, &story.ready].into_iter().flatten() {
                log.end(*entry, at);
            }
            self.pods.remove(&revision.uid);
            // Of a static Pod only the mirror goes.
            if !is_static(&revision.pod) {
                let cause = Cause::of(Rule::DeletionFinished).after(revision.cause);
                log.instant(lanes.pod, at, What::Object("gone".into()), cause);
            }
            return;
        }
        let pod = &revision.pod;
        let status = What::Status {
            status: pod_status(pod).into(),
            ready: ready_text(pod),
            restarts: u32::try_from(pod_restarts(pod)).unwrap_or(u32::MAX),
        };
        show(log, &mut story.status, lanes.pod, at, status, revision.cause);
        let phase = What::Phase(pod.status.phase.as_str().into());
        show(log, &mut story.phase, lanes.phase, at, phase, revision.cause);
        if let Some(c) = pod.status.conditions.iter().find(|c| &*c.kind == "Ready") {
            let ready = What::Condition {
                status: c.status.clone(),
                reason: c.reason.clone(),
            };
            show(log, &mut story.ready, lanes.ready, at, ready, revision.cause);
        }
    }
}

fn ready_text(pod: &Pod) -> Rc<str> {
    let sidecar = |name: &str| {
        pod.spec
            .init_containers
            .iter()
            .any(|c| c.is_sidecar() && &*c.name == name)
    };
    let sidecars = pod.spec.init_containers.iter().filter(|c| c.is_sidecar()).count();
    let ready = pod.status.container_statuses.iter().filter(|c| c.ready).count()
        + pod
            .status
            .init_container_statuses
            .iter()
            .filter(|c| c.ready && c.started == Some(true) && sidecar(&c.name))
            .count();
    format!("{ready}/{}", pod.spec.containers.len() + sidecars).into()
}

fn show(
    log: &mut TraceLog,
    open: &mut Option<(EntryId, What)>,
    lane: LaneId,
    at: Instant,
    what: What,
    cause: Option<EntryId>,
) {
    if open.as_ref().is_some_and(|(_, before)| *before == what) {
        return;
    }
    if let Some((entry, _)) = open {
        log.end(*entry, at);
    }
    let rule = rule_behind(log, cause, open.is_none(), &what);
    let entry = log.begin(lane, at, what.clone(), Cause::of(rule).after(cause));
    *open = Some((entry, what));
}

/// The rule behind a change of a status: what the API server and the controllers do themselves, else the kubelet's own.
/// A log that keeps nothing does not need to know.
fn rule_behind(log: &TraceLog, cause: Option<EntryId>, first: bool, what: &What) -> Rule {
    match cause.and_then(|id| log.get(id)).map(|entry| entry.cause.rule) {
        Some(Rule::ApiServerStored) if first => Rule::ApiServerStored,
        // The mark itself changes nothing but what kubectl shows; phase and conditions are the kubelet's to write.
        Some(rule @ Rule::DeletionMarked { .. }) if matches!(what, What::Status { .. }) => rule,
        Some(rule @ (Rule::SchedulerNoFit | Rule::NodeSilent { .. } | Rule::TaintEvicted { .. })) => rule,
        _ => Rule::StatusPublished,
    }
}
