//! Twin: pkg/scheduler/framework/preemption/preemption.go (v1.36.2)
//! Twin: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go (v1.36.2)
//! Covers: which node's Pods of lower priority have to go, and how they are told. spec/12, spec/07 §1.6.
//! Left out: disruption budgets, extenders.

use std::rc::Rc;

use super::fit;
use crate::api::objects::Node;
use crate::api::{Pod, PodCondition, Time};
use crate::apiserver::{ApiServer, DeleteRequest, EventSource, priority, write_event};
use crate::machine::{Cx, Uid};
use crate::sort;
use crate::trace::EntryId;

/// A node and the Pods that have to leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The node's name.
    pub node: Rc<str>,
    /// Its victims, the most important first.
    pub victims: Vec<Uid>,
}

/// The best node to make room on: its highest victim is least important, then the fewest victims, then by name.
pub fn candidate(api: &ApiServer, pod: &Pod, nodes: &[Rc<Node>], verdicts: &[fit::Verdict]) -> Option<Candidate> {
    let mine = priority(pod);
    let helped = nodes.iter().zip(verdicts).filter(|(_, v)| v.preemption_helps);
    let found = helped.filter_map(|(node, _)| {
        let check = |without: &[Uid]| fit::check(api, pod, node, &fit::Scene::of(api, pod, nodes, without));
        let mut lower: Vec<(i64, Uid)> = api
            .pods()
            .filter(|s| s.pod.spec.node_name == node.metadata.name && !s.pod.status.phase.is_terminal())
            .map(|s| (priority(&s.pod), s.uid))
            .filter(|(theirs, _)| *theirs < mine)
            .collect();
        // Important Pods first, older ones before younger ones: in this order they may stay if there is room.
        sort::sort_by_key(&mut lower, |(priority, uid)| (std::cmp::Reverse(*priority), *uid));
        let mut gone: Vec<Uid> = lower.iter().map(|(_, uid)| *uid).collect();
        if gone.is_empty() || !check(&gone).reasons.is_empty() {
            return None;
        }
        for (_, uid) in &lower {
            let fewer: Vec<Uid> = gone.iter().copied().filter(|g| g != uid).collect();
            if check(&fewer).reasons.is_empty() {
                gone = fewer;
            }
        }
        let highest = lower
            .iter()
            .find(|(_, uid)| gone.contains(uid))
            .map_or(i64::MIN, |(p, _)| *p);
        let node = node.metadata.name.clone();
        Some((highest, gone.len(), node.clone(), Candidate { node, victims: gone }))
    });
    found
        .min_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)))
        .map(|(_, _, _, candidate)| candidate)
}

/// Whether a Pod that has a node nominated waits for the victims of an earlier attempt there
/// (`PodEligibleToPreemptOthers`).
pub fn waits_for_victims(api: &ApiServer, pod: &Pod) -> bool {
    let node = &*pod.status.nominated_node_name;
    let mine = priority(pod);
    let leaves = |other: &Pod| {
        let mut conditions = other.status.conditions.iter();
        other.metadata.deletion_timestamp.is_some()
            && conditions.any(|c| &*c.kind == "DisruptionTarget" && &*c.reason == "PreemptionByScheduler")
    };
    let usage = api.usage(node).filter(|_| !node.is_empty());
    let mut there = usage.into_iter().flat_map(|usage| usage.pods().iter());
    there.any(|uid| {
        let stored = api.pod(*uid);
        stored.is_some_and(|s| priority(&s.pod) < mine && leaves(&s.pod))
    })
}

/// Tells the victims: a condition, the deletion with their own grace, an event.
pub fn evict(cx: &mut Cx, api: &mut ApiServer, pod: &Pod, candidate: &Candidate, because: EntryId) {
    for &victim in &candidate.victims {
        let now = cx.now;
        api.update_pod(cx, victim, Some(because), |pod| {
            pod.status.conditions.retain(|c| &*c.kind != "DisruptionTarget");
            let condition = PodCondition {
                kind: "DisruptionTarget".into(),
                status: "True".into(),
                reason: "PreemptionByScheduler".into(),
                message: "default-scheduler: preempting to accommodate a higher priority pod".into(),
                observed_generation: pod.metadata.generation,
                last_transition_time: Some(Time(now)),
            };
            pod.status.conditions.insert(0, condition);
        });
        api.delete_pod(
            cx,
            victim,
            DeleteRequest {
                grace: None,
                because: Some(because),
            },
        );
        let Some(stored) = api.pod(victim) else { continue };
        let (object, lane) = (format!("Pod/{}", stored.pod.metadata.name), stored.lanes.pod);
        let namespace = stored.pod.metadata.namespace.clone();
        let source = EventSource {
            uid: victim,
            object: &object,
            namespace: &namespace,
            field_path: "",
            component: "default-scheduler",
            lane,
            because: Some(because),
        };
        let message = format!("Preempted by pod {} on node {}", pod.metadata.uid, candidate.node);
        write_event(cx, api, &source, false, "Preempted".into(), message.into(), 0, cx.now);
    }
}
