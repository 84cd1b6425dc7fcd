//! Which lanes there are and in which order they are drawn: from the outside in, as people read a Pod.
//!
//! Steps; then each workload with its conditions and what it owns; then each Pod with its STATUS, its readiness (the
//! other conditions, the phase and the sandbox below it), and each container with pull, hooks, probes and termination
//! below it; then Services; then nodes. Pods that a workload owns begin folded, one strip each.

use super::family::Family;
use super::timeline::{Timeline, Track};
use super::words::Lang;
use crate::api::WorkloadKind;
use crate::sort;
use crate::trace::{Lane, LaneId, LaneKind, ProbeKind, Rule, TraceLog, What};

/// More Pods without an owner than this begin folded, so that they do not bury everything else.
const UNFOLDED_PODS: usize = 12;

/// A workload with more Pods or Jobs than this begins folded: its counts stand for them.
const UNFOLDED_STRIPS: usize = 60;

/// A Service with more endpoints than this begins folded.
const UNFOLDED_ENDPOINTS: usize = 3;

/// Lanes nested deeper than this are drawn at this depth.
const MAX_DEPTH: u8 = 6;

/// So many verdicts are looked at for the threshold in a label.
const LABEL_LOOK: usize = 16;

/// A lane in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The lane.
    pub lane: LaneId,
    /// The lane it is drawn under.
    pub parent: Option<LaneId>,
    /// Depth of indentation, from 0.
    pub depth: u8,
    /// Whether lanes are drawn under it.
    pub foldable: bool,
    /// Whether it begins folded.
    pub folded: bool,
}

/// All lanes worth drawing, in order.
#[derive(Clone, Debug, Default)]
pub struct LaneOrder {
    placed: Vec<Placed>,
}

impl LaneOrder {
    /// The lanes, first at the top.
    pub fn iter(&self) -> impl Iterator<Item = &Placed> {
        self.placed.iter()
    }

    /// The order for a log whose lanes hold `tracks`.
    pub(super) fn of(log: &TraceLog, tracks: &[Track], family: &Family) -> Self {
        let lanes = log.lanes();
        let parents = parents(log);
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); lanes.len()];
        let mut roots = Vec::new();
        for (i, parent) in parents.iter().enumerate() {
            match parent.and_then(|p| children.get_mut(p)) {
                Some(list) => list.push(i),
                None => roots.push(i),
            }
        }
        let rank_of = |i: &usize| {
            let lane = lanes.get(*i)?;
            Some((rank(lane), ordinal(log, lane), *i))
        };
        for list in children.iter_mut().chain([&mut roots]) {
            sort::sort_by_key(list, rank_of);
        }
        // Whether a lane is drawn at all: one that can be empty needs something to show. Children mostly come after
        // their parents, but not the conditions that were moved under another: the second round is for those.
        let said = |i: usize| tracks.get(i).is_some_and(|t| !t.is_empty());
        let mut shown = vec![false; lanes.len()];
        for _ in 0..2 {
            for (i, lane) in lanes.iter().enumerate().rev() {
                let below = children
                    .get(i)
                    .is_some_and(|c| c.iter().any(|c| shown.get(*c) == Some(&true)));
                if let Some(slot) = shown.get_mut(i) {
                    *slot = below || said(i) || always(lane.kind);
                }
            }
        }
        let loose = lanes.iter().filter(|l| l.kind == LaneKind::Pod && l.parent.is_none());
        let crowd = loose.count() > UNFOLDED_PODS;
        let mut placed = Vec::with_capacity(lanes.len());
        let mut stack: Vec<(usize, Option<usize>, u8)> = roots.iter().rev().map(|r| (*r, None, 0)).collect();
        while let Some((i, parent, depth)) = stack.pop() {
            let (Some(lane), Some(true)) = (lanes.get(i), shown.get(i)) else {
                continue;
            };
            let below = children.get(i).map(Vec::as_slice).unwrap_or_default();
            let foldable = below.iter().any(|c| shown.get(*c) == Some(&true));
            let id = LaneId(i as u32);
            let owned = family.member(id).is_some_and(|m| m.owner.is_some());
            let many = family.member(id).is_some_and(|m| m.children as usize > UNFOLDED_STRIPS);
            let folded = match lane.kind {
                LaneKind::Condition => true,
                LaneKind::Pod => owned || crowd,
                LaneKind::Workload(WorkloadKind::Job) => lane.parent.is_some() || many,
                LaneKind::Workload(_) => many,
                LaneKind::Service => below.len() > UNFOLDED_ENDPOINTS,
                _ => false,
            };
            placed.push(Placed {
                lane: id,
                parent: parent.map(|p| LaneId(p as u32)),
                depth,
                foldable,
                folded: foldable && folded,
            });
            let deeper = (depth + 1).min(MAX_DEPTH);
            stack.extend(below.iter().rev().map(|c| (*c, Some(i), deeper)));
        }
        LaneOrder { placed }
    }
}

/// Conditions of workloads that stand for the others, which lie below them: the first that there is.
const HEADS: [&str; 4] = ["Progressing", "Complete", "Failed", "Available"];

/// The lane that each is drawn under. That of the log, but for what says more of the same: the other conditions of a Pod,
/// its phase and its sandbox lie under Ready, the other conditions of a workload under the first.
fn parents(log: &TraceLog) -> Vec<Option<usize>> {
    let lanes = log.lanes();
    // A parent is always older than its child, which also keeps the tree free of loops.
    let above = |i: usize| lanes.get(i)?.parent.map(|p| p.0 as usize).filter(|p| *p < i);
    let is_workload = |i: usize| matches!(lanes.get(i).map(|l| l.kind), Some(LaneKind::Workload(_)));
    let mut heads: Vec<Option<(usize, usize)>> = vec![None; lanes.len()];
    for (i, lane) in lanes.iter().enumerate().filter(|(_, l)| l.kind == LaneKind::Condition) {
        let Some(parent) = above(i) else { continue };
        let rank = match is_workload(parent) {
            true => HEADS
                .iter()
                .position(|name| *name == &*lane.name)
                .unwrap_or(HEADS.len()),
            false if &*lane.name == "Ready" => 0,
            false => continue,
        };
        if let Some(head) = heads.get_mut(parent) {
            *head = Some(head.map_or((rank, i), |head| head.min((rank, i))));
        }
    }
    let under = |(i, lane): (usize, &Lane)| {
        let parent = above(i)?;
        let aside = matches!(lane.kind, LaneKind::Phase | LaneKind::Sandbox | LaneKind::Condition);
        let head = heads.get(parent).copied().flatten().filter(|(_, head)| *head != i);
        Some(head.filter(|_| aside).map_or(parent, |(_, head)| head))
    };
    lanes.iter().enumerate().map(under).collect()
}

/// The number at the end of the name of a StatefulSet's Pod, by which its Pods are ordered; 0 of all others.
fn ordinal(log: &TraceLog, lane: &Lane) -> u32 {
    let owner = lane.parent.and_then(|p| log.lanes().get(p.0 as usize)).map(|l| l.kind);
    match owner {
        Some(LaneKind::Workload(WorkloadKind::StatefulSet)) if lane.kind == LaneKind::Pod => {
            let number = lane.name.rsplit('-').next().and_then(|n| n.parse().ok());
            number.unwrap_or(0)
        }
        _ => 0,
    }
}

/// Lanes that are drawn before anything happens on them: what the manifest promises.
fn always(kind: LaneKind) -> bool {
    matches!(
        kind,
        LaneKind::Steps
            | LaneKind::Workload(_)
            | LaneKind::Pod
            | LaneKind::InitContainer
            | LaneKind::Sidecar
            | LaneKind::Container
            | LaneKind::EphemeralContainer
            | LaneKind::Probe(_)
            | LaneKind::Service
    )
}

/// Place among siblings. Sidecars keep their place among the init containers, since they start in that order.
fn rank(lane: &Lane) -> u8 {
    match lane.kind {
        LaneKind::Steps => 0,
        // Below another workload they come after its conditions.
        LaneKind::Workload(_) | LaneKind::Pod if lane.parent.is_some() => 15,
        LaneKind::Workload(_) | LaneKind::Pod => 1,
        LaneKind::Service => 2,
        LaneKind::Node => 3,
        LaneKind::Condition if &*lane.name == "Ready" => 10,
        LaneKind::Phase => 11,
        LaneKind::Condition => 12,
        LaneKind::Sandbox => 13,
        LaneKind::InitContainer | LaneKind::Sidecar => 14,
        LaneKind::Container => 15,
        LaneKind::EphemeralContainer => 16,
        LaneKind::Image => 20,
        LaneKind::Hook if &*lane.name != "preStop" => 21,
        LaneKind::Probe(ProbeKind::Startup) => 22,
        LaneKind::Probe(ProbeKind::Liveness) => 23,
        LaneKind::Probe(ProbeKind::Readiness) => 24,
        LaneKind::Hook => 25,
        LaneKind::Termination => 26,
        LaneKind::Endpoint => 27,
    }
}

/// The kind of a lane as one word, for style sheets and scripts.
pub fn kind_word(kind: LaneKind) -> &'static str {
    match kind {
        LaneKind::Steps => "steps",
        LaneKind::Node => "node",
        LaneKind::Workload(_) => "workload",
        LaneKind::Pod => "pod",
        LaneKind::Phase => "phase",
        LaneKind::Condition => "condition",
        LaneKind::Sandbox => "sandbox",
        LaneKind::InitContainer => "init-container",
        LaneKind::Sidecar => "sidecar",
        LaneKind::Container => "container",
        LaneKind::EphemeralContainer => "ephemeral-container",
        LaneKind::Image => "image",
        LaneKind::Hook => "hook",
        LaneKind::Probe(ProbeKind::Startup) => "startup",
        LaneKind::Probe(ProbeKind::Liveness) => "liveness",
        LaneKind::Probe(ProbeKind::Readiness) => "readiness",
        LaneKind::Termination => "termination",
        LaneKind::Service => "service",
        LaneKind::Endpoint => "endpoint",
    }
}

/// What stands beside a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The name; of what a workload owns only what tells it from the others.
    pub name: String,
    /// A second, quieter line: what it is. Empty where the name says it.
    pub note: String,
}

/// The label of a lane.
pub fn label(log: &TraceLog, timeline: &Timeline, lane: LaneId, lang: Lang) -> Label {
    let Some(l) = log.lanes().get(lane.0 as usize) else {
        return Label::default();
    };
    let above = l.parent.and_then(|p| log.lanes().get(p.0 as usize));
    let owner = above.filter(|a| matches!(a.kind, LaneKind::Workload(_)));
    let family = timeline.family();
    match (l.kind, owner) {
        (LaneKind::Workload(kind), _) => {
            // Of a Job each attempt counts; elsewhere Pods that replace others are no further ones.
            let pods = match kind {
                WorkloadKind::Deployment | WorkloadKind::CronJob => 0,
                WorkloadKind::Job => family.member(lane).map_or(0, |m| m.children),
                _ => family.peak(lane),
            };
            Label {
                name: owner.map_or(&*l.name, |owner| short(&l.name, owner)).to_owned(),
                // A run of a CronJob is one strip.
                note: match (kind, owner) {
                    (WorkloadKind::Job, Some(_)) => String::new(),
                    _ => lang.workload(kind, pods),
                },
            }
        }
        (LaneKind::Pod, Some(owner)) => Label {
            name: short(&l.name, owner).to_owned(),
            note: String::new(),
        },
        _ => Label {
            name: whole_label(log, timeline, lane, lang),
            note: String::new(),
        },
    }
}

/// A name without that of its owner: `x2x9z` of `web-7b659c68b4-x2x9z`. The Pods of a StatefulSet are known by all of it.
fn short<'a>(name: &'a str, owner: &Lane) -> &'a str {
    let rest = name.strip_prefix(&*owner.name).and_then(|rest| rest.strip_prefix('-'));
    let whole = owner.kind == LaneKind::Workload(WorkloadKind::StatefulSet);
    rest.filter(|rest| !whole && !rest.is_empty()).unwrap_or(name)
}

/// The label of a lane in one line, with the numbers of a probe as far as the trace has told them.
pub fn whole_label(log: &TraceLog, timeline: &Timeline, lane: LaneId, lang: Lang) -> String {
    let Some(l) = log.lanes().get(lane.0 as usize) else {
        return String::new();
    };
    let (mut threshold, mut period) = (None, None);
    if let (LaneKind::Probe(_), Some(track)) = (l.kind, timeline.track(lane)) {
        let rule = |entry: u32| log.entries().get(entry as usize).map(|e| (e.cause.rule, &e.what));
        for bar in track.bars.iter().take(1) {
            if let Some((Rule::ProbeTick { period: p, .. }, _)) = rule(bar.entry) {
                period = Some(p);
            }
        }
        for spot in track.spots.iter().take(LABEL_LOOK) {
            if let Some((
                Rule::ProbeThreshold {
                    threshold: n,
                    period: p,
                    ..
                },
                What::ProbeVerdict { success: false, .. },
            )) = rule(spot.entry)
            {
                (threshold, period) = (Some(n), Some(p));
                break;
            }
        }
    }
    lang.lane(l.kind, &l.name, threshold, period)
}

/// Walks from a lane outwards, the lane itself first.
pub fn outwards(log: &TraceLog, lane: LaneId) -> impl Iterator<Item = LaneId> + '_ {
    std::iter::successors(Some(lane), |id| {
        let parent = log.lanes().get(id.0 as usize)?.parent?;
        (parent < *id).then_some(parent)
    })
}

/// The Pod a lane belongs to: its own or the nearest above it.
pub fn pod_of(log: &TraceLog, lane: LaneId) -> Option<LaneId> {
    outwards(log, lane).find(|id| log.lanes().get(id.0 as usize).is_some_and(|l| l.kind == LaneKind::Pod))
}

/// The container a lane belongs to.
pub fn container_of(log: &TraceLog, lane: LaneId) -> Option<LaneId> {
    outwards(log, lane).find(|id| log.lanes().get(id.0 as usize).is_some_and(|l| is_container(l.kind)))
}

/// Whether the lane is that of a container of any sort.
pub fn is_container(kind: LaneKind) -> bool {
    matches!(
        kind,
        LaneKind::InitContainer | LaneKind::Sidecar | LaneKind::Container | LaneKind::EphemeralContainer
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_drawn_from_the_outside_in() {
        let mut log = TraceLog::new();
        let node = log.lane(LaneKind::Node, None, "node1");
        let service = log.lane(LaneKind::Service, None, "web");
        let pod = log.lane(LaneKind::Pod, None, "web");
        let phase = log.lane(LaneKind::Phase, Some(pod), "");
        let scheduled = log.lane(LaneKind::Condition, Some(pod), "PodScheduled");
        let ready = log.lane(LaneKind::Condition, Some(pod), "Ready");
        let web = log.lane(LaneKind::Container, Some(pod), "web");
        let stop = log.lane(LaneKind::Hook, Some(web), "preStop");
        let liveness = log.lane(LaneKind::Probe(ProbeKind::Liveness), Some(web), "");
        let image = log.lane(LaneKind::Image, Some(web), "");
        let proxy = log.lane(LaneKind::Sidecar, Some(pod), "proxy");
        let migrate = log.lane(LaneKind::InitContainer, Some(pod), "migrate");
        let steps = log.lane(LaneKind::Steps, None, "");
        for lane in [node, phase, scheduled, stop, image] {
            log.instant(
                lane,
                crate::time::Instant::ZERO,
                crate::trace::What::Object("x".into()),
                crate::trace::Cause::of(crate::trace::Rule::Step),
            );
        }
        let timeline = Timeline::of(&log);
        let got: Vec<_> = timeline.order(&log).iter().map(|p| (p.lane, p.depth)).collect();
        assert_eq!(
            got,
            [
                (steps, 0),
                (pod, 0),
                (ready, 1),
                (phase, 2),
                (scheduled, 2),
                (proxy, 1),
                (migrate, 1),
                (web, 1),
                (image, 2),
                (liveness, 2),
                (stop, 2),
                (service, 0),
                (node, 0),
            ]
        );
        let folded: Vec<_> = timeline
            .order(&log)
            .iter()
            .filter(|p| p.folded)
            .map(|p| p.lane)
            .collect();
        assert_eq!(folded, [ready]);
    }

    #[test]
    fn a_lane_under_itself_or_under_a_later_one_is_a_root() {
        let mut log = TraceLog::new();
        log.lane(LaneKind::Pod, Some(LaneId(0)), "a");
        log.lane(LaneKind::Pod, Some(LaneId(7)), "b");
        let timeline = Timeline::of(&log);
        assert!(timeline.order(&log).iter().all(|p| p.depth == 0));
        assert_eq!(outwards(&log, LaneId(1)).count(), 1);
        assert_eq!(pod_of(&log, LaneId(99)), None);
    }
}
