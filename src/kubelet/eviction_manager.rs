//! Twin: pkg/kubelet/eviction/eviction_manager.go (v1.36.2)
//! Covers: the hard threshold memory.available<100Mi: the pressure condition and its taint, which Pod goes, its words.
//! spec/04 §8.
//! Left out: disk, inodes and PIDs, soft thresholds, limits of local storage, the kernel's own killer on a full node.
//! What the system itself uses is counted as nothing.

use std::rc::Rc;

use super::config::program_of;
use super::entry::{Env, Forced, event};
use super::helpers;
use super::kubelet::Kubelet;
use super::kubelet_node_status::node_event;
use super::pod_workers::{self, Stage};
use crate::api::needs;
use crate::api::{Container, Pod, Quantity};
use crate::apiserver::{NodeCondition, is_critical, priority};
use crate::machine::{Part, Uid};
use crate::manifest::Value;
use crate::time::{Duration, Instant};
use crate::trace::{Cause, FieldBase, Rule, What};

/// The taint of a node whose memory is short.
pub const TAINT: &str = "node.kubernetes.io/memory-pressure";
/// How often the manager looks.
const INTERVAL: Duration = Duration::from_secs(10);
/// In the nominal run it looks in the middle of its interval.
const PHASE: Instant = Instant::from_secs(5);
/// With less memory than this left, a Pod is evicted (100Mi).
const THRESHOLD: i128 = 100 * 1024 * 1024;
/// The condition stays this long after the threshold was met last.
const HOLD: Duration = Duration::from_secs(300);
/// Seconds of grace of a hard threshold.
const GRACE: i64 = 1;

/// What the manager knows.
#[derive(Clone, Debug, Default)]
pub struct EvictionManager {
    armed: bool,
    /// When the threshold was met last, while the node is under pressure.
    pressure: Option<Instant>,
}

impl EvictionManager {
    /// Whether the node's memory is short.
    pub fn under_pressure(&self) -> bool {
        self.pressure.is_some()
    }
}

/// A Pod came: the manager looks from now on if the Pods could ever use up the node's memory. A look that could find
/// nothing is left out.
pub fn arm(k: &mut Kubelet, env: &mut Env) {
    if k.eviction.armed || !could_run_short(k, env) {
        return;
    }
    k.eviction.armed = true;
    look_again(k, env);
}

fn look_again(k: &Kubelet, env: &mut Env) {
    let setup = env.cx.setup;
    let phase = if setup.seed == 0 {
        PHASE
    } else {
        let node = u32::from(k.agent.node);
        Instant::ZERO
            + setup
                .stream("kubelet.eviction", node, 0)
                .uniform(Duration::ZERO, INTERVAL)
    };
    let next = (env.now() + Duration::from_micros(1)).ceil_to_grid(phase, INTERVAL);
    env.cx.queue.alarm(Part::Eviction(k.agent.node), Some(next));
}

fn capacity(k: &Kubelet, env: &Env) -> i128 {
    let node = env.api.node(&k.agent.name);
    let memory = node.and_then(|n| n.status.capacity.get("memory"));
    memory.map_or(i128::MAX, |q| q.milli.div_euclid(1000))
}

fn could_run_short(k: &Kubelet, env: &Env) -> bool {
    let pods = k.pods.values().filter(|p| p.worker.stage != Stage::Finished);
    let peak = pods.fold(0_i128, |sum, p| sum.saturating_add(p.peak));
    peak > capacity(k, env).saturating_sub(THRESHOLD)
}

/// The most that a Pod's containers will ever use, as far as the text tells.
pub fn peak(pod: &Pod, env: &Env) -> i128 {
    let of = |c: &Container| {
        let program = program_of(env, &pod.metadata.name, c);
        let said = program
            .iter()
            .flat_map(|p| &p.memory)
            .map(|m| i128::from(m.usage.units()));
        // The tool that eats memory is told how much by its arguments.
        let eats = |text: &String| text.contains("stress");
        let stress = c.image.contains("stress") || c.command.iter().chain(&c.args).any(eats);
        let most = if stress { i128::MAX } else { said.max().unwrap_or(0) };
        let limit = c.resources.limits.get("memory").map(|q| i128::from(q.units()));
        limit.map_or(most, |limit| most.min(limit))
    };
    helpers::all_containers(&pod.spec).fold(0_i128, |sum, c| sum.saturating_add(of(c)))
}

/// What each container of a Pod uses now, by position.
fn usage(k: &Kubelet, env: &Env, uid: Uid) -> Vec<(usize, i128)> {
    let Some(runtime) = env.runtimes.get(usize::from(k.agent.node)) else {
        return Vec::new();
    };
    let running = runtime.running(uid).into_iter();
    running
        .filter_map(|(id, index)| {
            let inside = runtime.container(id)?.inside.as_ref()?;
            Some((index, i128::from(inside.memory(env.now()))))
        })
        .collect()
}

/// One look at the node's memory.
pub fn synchronize(k: &mut Kubelet, env: &mut Env) {
    let now = env.now();
    let used: Vec<(Uid, Vec<(usize, i128)>)> = k.pods.keys().map(|uid| (*uid, usage(k, env, *uid))).collect();
    let total: i128 = used.iter().flat_map(|(_, list)| list).map(|(_, bytes)| bytes).sum();
    let available = capacity(k, env).saturating_sub(total).max(0);
    if available < THRESHOLD {
        if k.eviction.pressure.replace(now).is_none() {
            mark(k, env, true);
        }
        node_event(k, env, true, "EvictionThresholdMet", "Attempting to reclaim memory");
        if let Some(uid) = choose(k, &used) {
            let list = used.iter().find(|(u, _)| *u == uid).map_or(&[][..], |(_, list)| list);
            evict(k, env, uid, available, list);
        }
    } else if k.eviction.pressure.is_some_and(|since| now - since >= HOLD) {
        k.eviction.pressure = None;
        mark(k, env, false);
    }
    k.eviction.armed = k.eviction.pressure.is_some() || could_run_short(k, env);
    if k.eviction.armed {
        look_again(k, env);
    }
}

/// Who goes: first Pods that use more than they requested, of those the least important, of those the one that is
/// furthest above its request.
fn choose(k: &Kubelet, used: &[(Uid, Vec<(usize, i128)>)]) -> Option<Uid> {
    let rank = |(uid, list): &(Uid, Vec<(usize, i128)>)| {
        let p = k.pods.get(uid)?;
        let may_go = p.worker.stage == Stage::Sync && p.forced.is_none() && p.worker.terminate.is_none();
        if !may_go || is_critical(&p.pod) {
            return None;
        }
        let requests = needs::requests(&p.pod.spec);
        let request = requests.get("memory").map_or(0, |milli| milli.div_euclid(1000));
        let over = list.iter().map(|(_, bytes)| bytes).sum::<i128>() - request;
        Some((over <= 0, priority(&p.pod), -over, *uid))
    };
    used.iter().filter_map(rank).min().map(|(_, _, _, uid)| uid)
}

fn evict(k: &mut Kubelet, env: &mut Env, uid: Uid, available: i128, used: &[(usize, i128)]) {
    let now = env.now();
    let binary = |bytes: i128| Quantity::print(bytes.saturating_mul(1000), "1Mi");
    let Some(p) = k.pods.get_mut(&uid) else { return };
    let mut message = format!(
        "The node was low on resource: memory. Threshold quantity: 100Mi, available: {}. ",
        binary(available)
    );
    for (index, bytes) in used {
        let Some(c) = helpers::container_at(&p.pod.spec, *index) else {
            continue;
        };
        let request = c.resources.requests.get("memory").map_or(0, |q| i128::from(q.units()));
        if *bytes > request {
            message.push_str(&format!(
                "Container {} was using {}, request is {}, has larger consumption of memory. ",
                c.name,
                binary(*bytes),
                binary(request)
            ));
        }
    }
    let message: Rc<str> = message.into();
    let cause = Cause::of(Rule::NodePressure)
        .field(FieldBase::PodSpec, "")
        .after(p.story);
    let what = What::Decided("".into());
    p.story = Some(env.cx.log.instant(p.lanes.pod, now, what, cause));
    event(&mut k.agent, p, env, None, true, "Evicted", &message);
    p.forced = Some(Forced {
        reason: "Evicted",
        disruption: Some(message.clone()),
        message,
    });
    pod_workers::terminate(&mut k.agent, p, env, GRACE);
}

/// The node says that its memory is short, or that it is not any more.
fn mark(k: &mut Kubelet, env: &mut Env, short: bool) {
    let (status, reason, message, effects): (_, _, _, &[&str]) = if short {
        (
            "True",
            "KubeletHasInsufficientMemory",
            "kubelet has insufficient memory available",
            &["NoSchedule"],
        )
    } else {
        (
            "False",
            "KubeletHasSufficientMemory",
            "kubelet has sufficient memory available",
            &[],
        )
    };
    let condition = NodeCondition {
        kind: "MemoryPressure",
        status,
        reason,
        message,
    };
    let name = k.agent.name.clone();
    let now = env.cx.setup.calendar.rfc3339(env.now());
    let change = |shown: &mut Value| condition.write(shown, &now);
    env.api.mark_node(&mut env.cx, &name, TAINT, effects, change);
    let reason = reason.trim_start_matches("Kubelet");
    let message = format!("Node {name} status is now: Node{reason}");
    node_event(k, env, false, &format!("Node{reason}"), &message);
}
