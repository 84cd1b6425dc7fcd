//! Twin: pkg/controller/podgc/gc_controller.go (v1.36.2)
//! Covers: Pods of nodes that do not exist (any more). spec/04 §10, spec/12 §9.
//! Left out: the bound of 12,500 finished Pods, which is above what a text may hold; nodes out of service; Pods that
//! are deleted before they are bound, which go at once here, since nothing waits for finalizers there.

use std::rc::Rc;

use crate::api::{Phase, PodCondition, Time};
use crate::apiserver::{ApiServer, DeleteRequest};
use crate::machine::{Cx, Part, Uid};
use crate::map::Map;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, FieldBase, Rule, What};

/// How often the collector looks.
const PERIOD: Duration = Duration::from_secs(20);
/// A node has to be missing this long.
const QUARANTINE: Duration = Duration::from_secs(40);
/// In the nominal run it looks in the middle of its period.
const PHASE: Instant = Instant::from_secs(10);

const MESSAGE: &str = "PodGC: node no longer exists";

/// What the collector remembers.
#[derive(Clone, Debug, Default)]
pub struct PodGc {
    /// Since when a node is known to be missing.
    missing: Map<Rc<str>, Instant>,
}

impl PodGc {
    /// Looks for Pods that are bound to a node which does not exist.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        let phase = if cx.setup.seed == 0 {
            PHASE
        } else {
            Instant::ZERO + cx.setup.stream("podgc", 0, 0).uniform(Duration::ZERO, PERIOD)
        };
        let now = cx.now;
        let orphans: Vec<(Uid, Rc<str>)> = api
            .pods()
            .filter(|s| !s.pod.spec.node_name.is_empty() && api.node(&s.pod.spec.node_name).is_none())
            .map(|s| (s.uid, s.pod.spec.node_name.clone()))
            .collect();
        self.missing.retain(|node, _| orphans.iter().any(|(_, n)| n == node));
        if orphans.is_empty() {
            return;
        }
        let on_grid = now.ceil_to_grid(phase, PERIOD) == now;
        if on_grid {
            for (uid, node) in orphans {
                let since = *self.missing.entry(node).or_insert(now);
                if now - since >= QUARANTINE {
                    collect(cx, api, uid);
                }
            }
        }
        let next = (now + Duration::from_micros(1)).ceil_to_grid(phase, PERIOD);
        cx.queue.alarm(Part::PodGc, Some(next));
    }
}

fn collect(cx: &mut Cx, api: &mut ApiServer, uid: Uid) {
    let now = cx.now;
    let Some(stored) = api.pod(uid) else { return };
    let cause = Cause::of(Rule::PodGc)
        .field(FieldBase::PodSpec, "nodeName")
        .after(Some(stored.because));
    let what = What::Decided("".into());
    let entry = cx.log.instant(stored.lanes.pod, now, what, cause);
    api.update_pod(cx, uid, Some(entry), |pod| {
        if !pod.status.phase.is_terminal() {
            pod.status.phase = Phase::Failed;
        }
        pod.status.conditions.retain(|c| &*c.kind != "DisruptionTarget");
        pod.status.conditions.push(PodCondition {
            kind: "DisruptionTarget".into(),
            status: "True".into(),
            reason: "DeletionByPodGC".into(),
            message: MESSAGE.into(),
            observed_generation: pod.metadata.generation,
            last_transition_time: Some(Time(now)),
        });
    });
    let request = DeleteRequest {
        grace: Some(0),
        because: Some(entry),
    };
    api.delete_pod(cx, uid, request);
}
