//! Twin: pkg/controller/nodelifecycle/node_lifecycle_controller.go (v1.36.2)
//! Twin: pkg/controller/tainteviction/taint_eviction.go (v1.36.2)
//! Covers: nodes whose kubelet is silent, their taints, Ready=False of their Pods; the taint of cordoned nodes; eviction by
//! NoExecute taints.
//! spec/04 §9, spec/07 §1.6.
//! Left out: rate limits, zones.

use std::rc::Rc;

use crate::api::objects::Taint;
use crate::api::pod::Toleration;
use crate::api::{Pod, PodCondition, Time};
use crate::apiserver::{ApiServer, DeleteRequest, EventSource, Typed, write_event};
use crate::machine::{Cx, Part, Setup, Uid};
use crate::manifest::Value;
use crate::map::Map;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, EntryId, FieldBase, Rule, What};

/// The kubelet's lease is renewed this often, the monitor looks this often, and waits so long for a silent node.
const HEARTBEAT: Duration = Duration::from_secs(10);
const MONITOR: Duration = Duration::from_secs(5);
const GRACE: Duration = Duration::from_secs(50);
/// In the nominal run, a node is given up so long after its kubelet's stop (measured).
const NOMINAL: Duration = Duration::from_millis(47_900);
/// A kubelet that is back is believed at once for scheduling, a little later for running Pods (measured).
const NO_EXECUTE_STAYS: Duration = Duration::from_millis(560);

const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
/// A cordoned node has this taint.
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// What the controllers know of nodes and of Pods that are to leave them.
#[derive(Clone, Debug, Default)]
pub struct NodeLifecycle {
    /// When a silent node is given up, and from when on a node that is back is no longer tainted, by name.
    due: Map<Rc<str>, (Instant, Next)>,
    /// Pods that tolerate a taint for a while only.
    evictions: Map<Uid, Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    GiveUp,
    Schedulable,
    Untainted,
}

impl NodeLifecycle {
    /// The node's kubelet is silent from now on.
    pub fn silent(&mut self, cx: &mut Cx, node: &str) {
        let at = cx.now + silence(cx.setup, cx.now);
        self.due.insert(node.into(), (at, Next::GiveUp));
        cx.queue.alarm(Part::NodeLifecycle, Some(at));
    }

    /// The node's kubelet is heard from `at` on.
    pub fn heard(&mut self, cx: &mut Cx, node: &str, at: Instant) {
        // A kubelet that was back in time has lost nothing.
        if self.due.remove(node).is_some_and(|(_, next)| next == Next::GiveUp) {
            return;
        }
        self.due.insert(node.into(), (at, Next::Schedulable));
        cx.queue.alarm(Part::NodeLifecycle, Some(at));
    }

    /// Does what is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        let now = cx.now;
        let ready: Vec<(Rc<str>, Next)> = self
            .due
            .iter()
            .filter(|(_, (at, _))| *at <= now)
            .map(|(n, (_, next))| (n.clone(), *next))
            .collect();
        for (name, next) in ready {
            self.due.remove(&name);
            match next {
                Next::GiveUp => {
                    set_taints(cx, api, &name, &["NoSchedule", "NoExecute"]);
                    mark_not_ready(cx, api, &name);
                }
                Next::Schedulable => {
                    set_taints(cx, api, &name, &["NoExecute"]);
                    self.due.insert(name, (now + NO_EXECUTE_STAYS, Next::Untainted));
                }
                Next::Untainted => set_taints(cx, api, &name, &[]),
            }
        }
        taint_cordoned(cx, api);
        self.taints(cx, api);
        let next = self
            .due
            .values()
            .map(|(at, _)| *at)
            .chain(self.evictions.values().copied())
            .min();
        cx.queue.alarm(Part::NodeLifecycle, next);
    }

    /// Looks at every Pod on a node with NoExecute taints, and at every Pod that was to leave.
    fn taints(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        let now = cx.now;
        let taints: Map<Rc<str>, Vec<Taint>> = api
            .objects()
            .filter_map(|(key, o)| match &o.typed {
                Typed::Node(n) => Some((key.name.clone(), n.spec.taints.clone())),
                _ => None,
            })
            .collect();
        let nobody_leaves = taints.values().flatten().all(|taint| taint.effect != "NoExecute");
        if nobody_leaves && self.evictions.is_empty() {
            return;
        }
        let no_execute = |pod: &Pod| -> Vec<Taint> {
            let all = taints.get(&pod.spec.node_name).map(Vec::as_slice).unwrap_or_default();
            all.iter().filter(|t| t.effect == "NoExecute").cloned().collect()
        };
        let pods: Vec<(Uid, Rc<Pod>)> = api.pods().map(|s| (s.uid, s.pod.clone())).collect();
        self.evictions.retain(|uid, _| pods.iter().any(|(u, _)| u == uid));
        for (uid, pod) in pods {
            let stays = pod.metadata.deletion_timestamp.is_some() || pod.status.phase.is_terminal();
            let left = if stays {
                None
            } else {
                tolerated_for(&pod.spec.tolerations, &no_execute(&pod))
            };
            match left {
                None => {
                    if self.evictions.remove(&uid).is_some() && !stays {
                        let because = api.node_story(&pod.spec.node_name);
                        say(cx, api, uid, &pod, because, "Cancelling deletion of Pod");
                    }
                }
                Some(left) => {
                    let at = *self.evictions.entry(uid).or_insert(now + left);
                    if at <= now {
                        self.evictions.remove(&uid);
                        evict(cx, api, uid, &pod, left);
                    }
                }
            }
        }
    }
}

/// Sees to it that cordoned nodes, and only those, have the taint (`doNoScheduleTaintingPass`).
fn taint_cordoned(cx: &mut Cx, api: &mut ApiServer) {
    let differs = |typed: &Typed| match typed {
        Typed::Node(node) => {
            let tainted = node.spec.taints.iter().any(|t| t.key == UNSCHEDULABLE);
            (tainted != node.spec.unschedulable).then_some(node.spec.unschedulable)
        }
        _ => None,
    };
    let all = api.objects();
    let found: Vec<(Rc<str>, bool)> = all
        .filter_map(|(key, object)| Some((key.name.clone(), differs(&object.typed)?)))
        .collect();
    for (name, cordoned) in found {
        let effects: &[&str] = if cordoned { &["NoSchedule"] } else { &[] };
        api.mark_node(cx, &name, UNSCHEDULABLE, effects, |_| {});
    }
}

/// How long until a node is given up whose kubelet stops now.
fn silence(setup: &Setup, now: Instant) -> Duration {
    if setup.seed == 0 {
        return NOMINAL;
    }
    let mut stream = setup.stream("node.monitor", 0, now.micros().unsigned_abs());
    let since_heartbeat = stream.uniform(Duration::ZERO, HEARTBEAT);
    GRACE - since_heartbeat + stream.uniform(Duration::ZERO, MONITOR)
}

/// How long a Pod may stay with these taints: `None` for ever, zero when one is not tolerated at all.
fn tolerated_for(tolerations: &[Toleration], taints: &[Taint]) -> Option<Duration> {
    let mut least: Option<i64> = None;
    for taint in taints {
        let mut fits = tolerations.iter().filter(|t| {
            let exists = t.operator == "Exists";
            (t.effect.is_empty() || t.effect == taint.effect)
                && (t.key == taint.key || t.key.is_empty() && exists)
                && (exists || t.value == taint.value)
        });
        let Some(first) = fits.next() else {
            return Some(Duration::ZERO);
        };
        let seconds = std::iter::once(first)
            .chain(fits)
            .filter_map(|t| t.toleration_seconds)
            .min();
        least = [least, seconds].into_iter().flatten().min();
    }
    least.map(|s| Duration::from_secs(s.max(0)))
}

/// Gives a node the unreachable taints with these effects, and takes the others away.
fn set_taints(cx: &mut Cx, api: &mut ApiServer, name: &Rc<str>, effects: &[&str]) {
    let lost = effects.contains(&"NoSchedule");
    let now = cx.setup.calendar.rfc3339(cx.now);
    api.mark_node(cx, name, UNREACHABLE, effects, |condition| tell(condition, lost, &now));
}

/// What a condition says while the node is lost, and again when it is heard of.
fn tell(condition: &mut Value, lost: bool, now: &str) {
    let kind = condition
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let (status, reason, message) = match (lost, kind.as_str()) {
        (true, _) => ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."),
        (false, "Ready") => ("True", "KubeletReady", "kubelet is posting ready status"),
        (false, "MemoryPressure") => (
            "False",
            "KubeletHasSufficientMemory",
            "kubelet has sufficient memory available",
        ),
        (false, "DiskPressure") => ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        (false, "PIDPressure") => (
            "False",
            "KubeletHasSufficientPID",
            "kubelet has sufficient PID available",
        ),
        (false, _) => return,
    };
    if condition.get("status").and_then(Value::as_str) != Some(status) {
        condition.set("lastTransitionTime", now.into());
    }
    for (key, text) in [("status", status), ("reason", reason), ("message", message)] {
        condition.set(key, text.into());
    }
}

/// All Pods of a lost node are no longer ready; their containers are left as they were last seen.
fn mark_not_ready(cx: &mut Cx, api: &mut ApiServer, node: &str) {
    let pods: Vec<Uid> = api
        .pods()
        .filter(|s| *s.pod.spec.node_name == *node)
        .map(|s| s.uid)
        .collect();
    for uid in pods {
        let now = cx.now;
        let Some(stored) = api.pod(uid) else { continue };
        let (pod, lane) = (stored.pod.clone(), stored.lanes.pod);
        let cause = Cause::of(Rule::NodeSilent { grace: GRACE }).after(api.node_story(node).or(Some(stored.because)));
        let entry = cx.log.instant(lane, now, What::Decided("".into()), cause);
        let changed = api.update_pod(cx, uid, Some(entry), |pod| {
            let ready = pod
                .status
                .conditions
                .iter_mut()
                .find(|c| &*c.kind == "Ready" && &*c.status != "False");
            if let Some(ready) = ready {
                ready.status = "False".into();
                ready.last_transition_time = Some(Time(now));
            }
        });
        if changed {
            event(
                cx,
                api,
                uid,
                &pod,
                Some(entry),
                true,
                "NodeNotReady",
                "Node is not ready",
                "node-controller",
            );
        }
    }
}

fn evict(cx: &mut Cx, api: &mut ApiServer, uid: Uid, pod: &Pod, tolerated: Duration) {
    let now = cx.now;
    let Some(stored) = api.pod(uid) else { return };
    let cause = Cause::of(Rule::TaintEvicted {
        tolerated: Some(tolerated).filter(|t| *t > Duration::ZERO),
    })
    .field(FieldBase::PodSpec, "tolerations")
    .after(api.node_story(&pod.spec.node_name).max(Some(stored.because)));
    let entry = cx.log.instant(stored.lanes.pod, now, What::Decided("".into()), cause);
    say(cx, api, uid, pod, Some(entry), "Marking for deletion Pod");
    api.update_pod(cx, uid, Some(entry), |pod| {
        pod.status.conditions.retain(|c| &*c.kind != "DisruptionTarget");
        pod.status.conditions.push(PodCondition {
            kind: "DisruptionTarget".into(),
            status: "True".into(),
            reason: "DeletionByTaintManager".into(),
            message: "Taint manager: deleting due to NoExecute taint".into(),
            observed_generation: pod.metadata.generation,
            last_transition_time: Some(Time(now)),
        });
    });
    api.delete_pod(
        cx,
        uid,
        DeleteRequest {
            grace: None,
            because: Some(entry),
        },
    );
}

fn say(cx: &mut Cx, api: &mut ApiServer, uid: Uid, pod: &Pod, because: Option<EntryId>, what: &str) {
    let meta = &pod.metadata;
    let message = format!("{what} {}/{}", meta.namespace, meta.name);
    event(
        cx,
        api,
        uid,
        pod,
        because,
        false,
        "TaintManagerEviction",
        &message,
        "taint-eviction-controller",
    );
}

#[allow(clippy::too_many_arguments)]
fn event(
    cx: &mut Cx,
    api: &mut ApiServer,
    uid: Uid,
    pod: &Pod,
    because: Option<EntryId>,
    warning: bool,
    reason: &str,
    message: &str,
    component: &'static str,
) {
    let Some(stored) = api.pod(uid) else { return };
    let object = format!("Pod/{}", pod.metadata.name);
    let lane = stored.lanes.pod;
    let because = because.or(Some(stored.born));
    let namespace = pod.metadata.namespace.clone();
    let source = EventSource {
        uid,
        object: &object,
        namespace: &namespace,
        field_path: "",
        component,
        lane,
        because,
    };
    write_event(cx, api, &source, warning, reason.into(), message.into(), 1, cx.now);
}
