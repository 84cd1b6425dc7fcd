//! Twin: pkg/controller/replicaset/replica_set_utils.go (v1.36.2)
//! Covers: `calculateStatus` and the condition ReplicaFailure.
//! Left out: nothing of these.

use std::rc::Rc;

use super::Failure;
use crate::api::workload::{Condition, ReplicaSetStatus};
use crate::api::{Pod, Time, Workload, WorkloadKind};
use crate::apiserver::is_ready;
use crate::controllers::pod_control::is_available;
use crate::machine::{Cx, Uid};

/// The status that these Pods make.
pub(super) fn calculate(
    cx: &Cx,
    object: &Workload,
    active: &[(Uid, Rc<Pod>)],
    terminating: usize,
    failure: Option<&Failure>,
) -> ReplicaSetStatus {
    let Some((spec, before)) = object.replica_set() else {
        return ReplicaSetStatus::default();
    };
    let labels = &spec.template.metadata.labels;
    let count = |fits: &dyn Fn(&Pod) -> bool| int(active.iter().filter(|(_, pod)| fits(pod)).count());
    let mut status = ReplicaSetStatus {
        replicas: int(active.len()),
        fully_labeled_replicas: count(&|pod| labels.iter().all(|(k, v)| pod.metadata.labels.get(k) == Some(v))),
        ready_replicas: count(&is_ready),
        available_replicas: count(&|pod| is_available(cx, pod, spec.min_ready_seconds)),
        terminating_replicas: before.terminating_replicas,
        observed_generation: object.metadata.generation,
        conditions: before.conditions.clone(),
    };
    if cx.setup.profile.terminating_replicas && object.kind == WorkloadKind::ReplicaSet {
        status.terminating_replicas = Some(int(terminating));
    }
    let failed = status.conditions.iter().any(|c| &*c.kind == "ReplicaFailure");
    match failure {
        Some(failure) if !failed => status.conditions.push(Condition {
            kind: "ReplicaFailure".into(),
            status: "True".into(),
            reason: failure.reason.into(),
            message: failure.message.as_str().into(),
            last_transition_time: Some(Time(cx.now)),
            ..Condition::default()
        }),
        None => status.conditions.retain(|c| &*c.kind != "ReplicaFailure"),
        Some(_) => {}
    }
    status
}

fn int(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
