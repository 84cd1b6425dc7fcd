//! The scheduler: which Pod goes where, and when it tries again. Whether a Pod fits is in `fit.rs`.
//!
//! Twin: pkg/scheduler/schedule_one.go (v1.36.2)
//! Covers: the attempt, binding, the event and condition of a failure, retries with back-off.
//! Left out: scores by resources and by images; what the other scores leave open is "fewest Pods first".

mod events;
mod fit;
mod interpod;
mod preemption;
mod score;
mod spread;

use std::rc::Rc;

use self::events::Filters;
use crate::api::objects::Node;
use crate::api::{Pod, PodCondition, Time};
use crate::apiserver::{ApiServer, EventSource, Typed, write_event};
use crate::machine::{Cx, Part, Uid};
use crate::map::Map;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, FieldBase, LaneId, Rule, What};

/// The scheduler: what it remembers of Pods that fit nowhere.
#[derive(Clone, Debug, Default)]
pub struct Scheduler {
    failed: Map<Uid, Failed>,
    /// The nodes as they were when it last heard of them.
    nodes: Map<Rc<str>, Rc<Node>>,
}

#[derive(Clone, Copy, Debug)]
struct Failed {
    last: Instant,
    attempts: u32,
    /// Those that refused it.
    filters: Filters,
    /// Something has happened that may help.
    stirred: bool,
}

/// Pods that fit nowhere are looked at again after this long at the latest, by a sweep.
const UNSCHEDULABLE_FLUSH: Duration = Duration::from_secs(300);
/// After a Pod got its node, those that wait are looked at again this soon.
const AFTER_BIND: Duration = Duration::from_millis(10);
const SWEEP: Duration = Duration::from_secs(30);

impl Scheduler {
    /// Looks at every Pod that waits.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        let waiting: Vec<(Uid, Rc<Pod>, LaneId, EntryId)> = api
            .pods()
            .filter(|s| {
                let spec = &s.pod.spec;
                spec.node_name.is_empty()
                    && spec.scheduling_gates.is_empty()
                    && s.pod.metadata.deletion_timestamp.is_none()
                    && !s.pod.status.phase.is_terminal()
                    && matches!(spec.scheduler_name.as_str(), "" | "default-scheduler")
            })
            .map(|s| (s.uid, s.pod.clone(), s.lanes.pod, s.born))
            .collect();
        self.failed.retain(|uid, _| waiting.iter().any(|w| w.0 == *uid));
        let mut next = None;
        for (uid, pod, lane, born) in waiting {
            let at = self.attempt(cx, api, uid, &pod, lane, born);
            // One that waits may want to be near to the one that has just got its node.
            let again = (at.is_none() && next.is_some()).then(|| cx.now + AFTER_BIND);
            next = [next, at, again].into_iter().flatten().min();
        }
        cx.queue.alarm(Part::Scheduler, next);
    }

    /// One Pod. Returns when it is to be looked at again by itself.
    fn attempt(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        uid: Uid,
        pod: &Rc<Pod>,
        lane: LaneId,
        born: EntryId,
    ) -> Option<Instant> {
        let nodes: Vec<Rc<Node>> = api
            .objects()
            .filter_map(|(_, o)| {
                if let Typed::Node(n) = &o.typed {
                    Some(n.clone())
                } else {
                    None
                }
            })
            .collect();
        let mut scene = fit::Scene::of(api, pod, &nodes, &[]);
        scene.names_taints = cx.setup.profile.scheduler_names_taints;
        let verdicts: Vec<fit::Verdict> = nodes.iter().map(|n| fit::check(api, pod, n, &scene)).collect();
        let best = score::best(api, pod, &nodes, &scene, &verdicts);
        let source = EventSource {
            uid,
            object: &format!("Pod/{}", pod.metadata.name),
            namespace: &pod.metadata.namespace,
            field_path: "",
            component: "default-scheduler",
            lane,
            because: Some(born),
        };
        if let Some(node) = best {
            let before = self.failed.get(&uid).copied();
            if let Some(ready) = before.map(|f| f.last + backoff(f.attempts)).filter(|at| *at > cx.now) {
                return Some(ready);
            }
            self.failed.remove(&uid);
            bind(cx, api, uid, pod, node, lane, &source);
            return None;
        }
        let due = self.failed.get(&uid).map(|f| match f.stirred {
            true => f.last + backoff(f.attempts),
            false => (f.last + UNSCHEDULABLE_FLUSH).ceil_to_grid(Instant::ZERO, SWEEP),
        });
        if let Some(due) = due.filter(|d| *d > cx.now) {
            return Some(due);
        }
        let failed = self.failed.entry(uid).or_insert(Failed {
            last: cx.now,
            attempts: 0,
            filters: Filters::default(),
            stirred: false,
        });
        failed.last = cx.now;
        failed.attempts += 1;
        failed.filters = Filters::of(verdicts.iter().map(|verdict| verdict.filter));
        failed.stirred = false;
        let waits = preemption::waits_for_victims(api, pod);
        let not_eligible = match pod.spec.preemption_policy.as_str() {
            "Never" => Some("preemptionPolicy=Never"),
            _ => waits.then_some("a terminating pod on the nominated node"),
        };
        let candidate = match not_eligible {
            Some(_) => None,
            None => preemption::candidate(api, pod, &nodes, &verdicts),
        };
        let names_claims = cx.setup.profile.scheduler_names_claims;
        let message: Rc<str> = fit::message(&verdicts, names_claims, candidate.is_some(), not_eligible).into();
        let cause = Cause::of(Rule::SchedulerNoFit)
            .field(FieldBase::PodSpec, "")
            .after(Some(born));
        let entry = cx.log.instant(lane, cx.now, What::Decided(message.clone()), cause);
        let source = EventSource {
            because: Some(entry),
            ..source
        };
        write_event(
            cx,
            api,
            &source,
            true,
            "FailedScheduling".into(),
            message.clone(),
            0,
            cx.now,
        );
        let now = cx.now;
        let nominated = candidate.as_ref().map(|c| c.node.to_string()).unwrap_or_default();
        api.update_pod(cx, uid, Some(entry), |pod| {
            set_scheduled(pod, false, &message, now);
            if !waits {
                pod.status.nominated_node_name = nominated;
            }
        });
        if let Some(candidate) = candidate {
            preemption::evict(cx, api, pod, &candidate, entry);
        }
        Some((cx.now + UNSCHEDULABLE_FLUSH).ceil_to_grid(Instant::ZERO, SWEEP))
    }
}

/// 1 s, doubling to 10 s.
fn backoff(attempts: u32) -> Duration {
    Duration::from_secs((1_i64 << attempts.saturating_sub(1).min(4)).min(10))
}

fn bind(cx: &mut Cx, api: &mut ApiServer, uid: Uid, pod: &Pod, node: &Node, lane: LaneId, source: &EventSource) {
    let name = node.metadata.name.clone();
    let cause = Cause::of(Rule::SchedulerBound).after(source.because);
    let entry = cx.log.instant(lane, cx.now, What::Bound(name.as_ref().into()), cause);
    let source = &EventSource {
        because: Some(entry),
        ..source.clone()
    };
    let now = cx.now;
    api.update_pod(cx, uid, Some(entry), |pod| {
        Rc::make_mut(&mut pod.spec).node_name = name.clone();
        set_scheduled(pod, true, "", now);
        pod.status.nominated_node_name = Default::default();
    });
    let meta = &pod.metadata;
    // The Pod may be on a tainted node now.
    cx.queue
        .alarm(Part::NodeLifecycle, Some(cx.now + Duration::from_millis(5)));
    let message = format!("Successfully assigned {}/{} to {name}", meta.namespace, meta.name);
    write_event(cx, api, source, false, "Scheduled".into(), message.into(), 0, cx.now);
}

fn set_scheduled(pod: &mut Pod, scheduled: bool, message: &str, now: Instant) {
    let conditions = &mut pod.status.conditions;
    let status = if scheduled { "True" } else { "False" };
    let mut before = conditions.iter().filter(|c| &*c.kind == "PodScheduled");
    let since = before
        .find(|c| &*c.status == status)
        .and_then(|c| c.last_transition_time);
    conditions.retain(|c| &*c.kind != "PodScheduled");
    conditions.push(PodCondition {
        kind: "PodScheduled".into(),
        status: status.into(),
        reason: if scheduled { "" } else { "Unschedulable" }.into(),
        message: message.into(),
        observed_generation: pod.metadata.generation,
        last_transition_time: Some(since.unwrap_or(Time(now))),
    });
}
