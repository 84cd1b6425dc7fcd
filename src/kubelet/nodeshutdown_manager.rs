//! Twin: pkg/kubelet/nodeshutdown/nodeshutdown_manager.go (v1.36.2)
//! Covers: a shutdown that the node announces: ordinary Pods first, then critical ones, each group within its part of
//! the time; then the power is off. spec/04 §8.
//! Left out: grace periods by Pod priority, a shutdown that is called off.

use std::collections::VecDeque;

use super::entry::{Env, Forced};
use super::kubelet::Kubelet;
use super::pod_workers::{self, Stage};
use crate::apiserver::{CRITICAL, NodeCondition, priority};
use crate::cri::Reach;
use crate::machine::{Part, Uid};
use crate::manifest::Value;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, FieldBase, Rule, What};

const MESSAGE: &str = "Pod was terminated in response to imminent node shutdown.";

/// A shutdown under way.
#[derive(Clone, Debug)]
pub struct Shutdown {
    /// Groups that have not been told yet: so long each may take, and its Pods.
    groups: VecDeque<(Duration, Vec<Uid>)>,
    /// The group that is stopping now.
    stopping: Vec<Uid>,
    /// Until when it may.
    until: Instant,
}

/// The node is about to be switched off.
pub fn begin(k: &mut Kubelet, env: &mut Env) {
    if k.shutdown.is_some() {
        return;
    }
    let (all, critical) = k.shutdown_grace;
    let graceful = k.agent.profile.graceful_node_shutdown && all > Duration::ZERO;
    let mut groups = VecDeque::new();
    if graceful {
        for important in [false, true] {
            let group = k
                .pods
                .values()
                .filter(|p| p.worker.stage != Stage::Finished && (priority(&p.pod) >= CRITICAL) == important);
            let uids: Vec<Uid> = group.map(|p| p.uid).collect();
            let period = if important { critical } else { all - critical };
            groups.push_back((period.max(Duration::ZERO), uids));
        }
        let condition = NodeCondition {
            kind: "Ready",
            status: "False",
            reason: "KubeletNotReady",
            message: "node is shutting down",
        };
        let name = k.agent.name.clone();
        let taint = "node.kubernetes.io/not-ready";
        let now = env.cx.setup.calendar.rfc3339(env.now());
        let change = |shown: &mut Value| condition.write(shown, &now);
        env.api.mark_node(&mut env.cx, &name, taint, &["NoSchedule"], change);
    }
    k.shutdown = Some(Shutdown {
        groups,
        stopping: Vec::new(),
        until: env.now(),
    });
    go_on(k, env);
}

/// Tells the next group when the last one is gone or out of time; switches off after the last.
pub fn go_on(k: &mut Kubelet, env: &mut Env) {
    let now = env.now();
    loop {
        let Some(shutdown) = &mut k.shutdown else { return };
        let pods = &k.pods;
        let gone = |uid: &Uid| pods.get(uid).is_none_or(|p| p.worker.stage == Stage::Finished);
        if now < shutdown.until && !shutdown.stopping.iter().all(gone) {
            env.cx
                .queue
                .alarm(Part::NodeShutdown(k.agent.node), Some(shutdown.until));
            return;
        }
        let Some((period, uids)) = shutdown.groups.pop_front() else {
            break;
        };
        shutdown.until = now + period;
        shutdown.stopping.clone_from(&uids);
        for uid in uids {
            stop(k, env, uid, period);
        }
    }
    power_off(k, env);
}

fn stop(k: &mut Kubelet, env: &mut Env, uid: Uid, period: Duration) {
    let now = env.now();
    let Some(p) = k.pods.get_mut(&uid) else { return };
    let own = p.pod.spec.termination_grace_period_seconds.unwrap_or(30);
    let cause = Cause::of(Rule::NodeShutdown)
        .field(FieldBase::PodSpec, "terminationGracePeriodSeconds")
        .after(p.story);
    let what = What::Decided("".into());
    p.story = Some(env.cx.log.instant(p.lanes.pod, now, what, cause));
    p.forced.get_or_insert_with(|| Forced {
        reason: "Terminated",
        message: MESSAGE.into(),
        disruption: Some(MESSAGE.into()),
    });
    pod_workers::terminate(&mut k.agent, p, env, own.min(period.secs()));
}

/// The power is off: no process is left, and the kubelet is silent.
fn power_off(k: &mut Kubelet, env: &mut Env) {
    let node = k.agent.node;
    let uids: Vec<Uid> = k.pods.keys().copied().collect();
    for uid in uids {
        for (id, _) in env.runtimes[usize::from(node)].running(uid) {
            env.wide().kill(node, id, None);
        }
        let now = env.now();
        env.runtimes[usize::from(node)].stop_sandboxes(uid, now, env.cx.log);
    }
    env.runtimes[usize::from(node)].reach = Reach::Silent;
    let now = env.now();
    env.cx.queue.alarm(Part::KubeletStop(node), Some(now));
}
