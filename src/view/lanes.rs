//! Which lanes there are and in which order they are drawn: from the outside in, as people read a Pod.
//!
//! Steps; then each Pod with its STATUS, its readiness (the other conditions, the phase and the sandbox below it), and
//! each container with pull, hooks, probes and termination below it; then Services; then nodes.

use super::timeline::{Timeline, Track};
use super::words::Lang;
use crate::sort;
use crate::trace::{LaneId, LaneKind, ProbeKind, Rule, TraceLog, What};

/// More Pods than this begin folded, so that a Deployment of a hundred does not bury everything else.
const UNFOLDED_PODS: usize = 12;

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
    pub(super) fn of(log: &TraceLog, tracks: &[Track]) -> Self {
        let lanes = log.lanes();
        let said = |i: usize| tracks.get(i).is_some_and(|t| !t.is_empty());
        let mut parents: Vec<Option<usize>> = Vec::with_capacity(lanes.len());
        let mut ready_of: Vec<Option<usize>> = vec![None; lanes.len()];
        for (i, lane) in lanes.iter().enumerate() {
            // A parent is always older than its child, which also keeps the tree free of loops.
            let parent = lane.parent.map(|p| p.0 as usize).filter(|p| *p < i);
            if lane.kind == LaneKind::Condition
                && &*lane.name == "Ready"
                && let Some(slot) = parent.and_then(|p| ready_of.get_mut(p))
            {
                *slot = Some(i);
            }
            parents.push(parent);
        }
        for (i, lane) in lanes.iter().enumerate() {
            let aside = match lane.kind {
                LaneKind::Phase | LaneKind::Sandbox => true,
                LaneKind::Condition => &*lane.name != "Ready",
                _ => false,
            };
            let Some(parent) = parents.get(i).copied().flatten().filter(|_| aside) else {
                continue;
            };
            if let (Some(Some(ready)), Some(slot)) = (ready_of.get(parent), parents.get_mut(i)) {
                *slot = Some(*ready);
            }
        }
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); lanes.len()];
        let mut roots = Vec::new();
        for (i, parent) in parents.iter().enumerate() {
            match parent.and_then(|p| children.get_mut(p)) {
                Some(list) => list.push(i),
                None => roots.push(i),
            }
        }
        let rank_of = |i: &usize| lanes.get(*i).map(|l| (rank(l.kind, &l.name), *i));
        for list in children.iter_mut().chain([&mut roots]) {
            sort::sort_by_key(list, rank_of);
        }
        // Whether a lane is drawn at all: one that can be empty needs something to show. Children mostly come after
        // their parents, but not the conditions that were moved under Ready: the second round is for those.
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
        let crowd = lanes.iter().filter(|l| l.kind == LaneKind::Pod).count() > UNFOLDED_PODS;
        let mut placed = Vec::with_capacity(lanes.len());
        let mut stack: Vec<(usize, Option<usize>, u8)> = roots.iter().rev().map(|r| (*r, None, 0)).collect();
        while let Some((i, parent, depth)) = stack.pop() {
            let (Some(lane), Some(true)) = (lanes.get(i), shown.get(i)) else {
                continue;
            };
            let below = children.get(i).map(Vec::as_slice).unwrap_or_default();
            let foldable = below.iter().any(|c| shown.get(*c) == Some(&true));
            placed.push(Placed {
                lane: LaneId(i as u32),
                parent: parent.map(|p| LaneId(p as u32)),
                depth,
                foldable,
                folded: foldable && (lane.kind == LaneKind::Condition || lane.kind == LaneKind::Pod && crowd),
            });
            let deeper = (depth + 1).min(MAX_DEPTH);
            stack.extend(below.iter().rev().map(|c| (*c, Some(i), deeper)));
        }
        LaneOrder { placed }
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
fn rank(kind: LaneKind, name: &str) -> u8 {
    match kind {
        LaneKind::Steps => 0,
        LaneKind::Workload(_) | LaneKind::Pod => 1,
        LaneKind::Service => 2,
        LaneKind::Node => 3,
        LaneKind::Condition if name == "Ready" => 10,
        LaneKind::Phase => 11,
        LaneKind::Condition => 12,
        LaneKind::Sandbox => 13,
        LaneKind::InitContainer | LaneKind::Sidecar => 14,
        LaneKind::Container => 15,
        LaneKind::EphemeralContainer => 16,
        LaneKind::Image => 20,
        LaneKind::Hook if name != "preStop" => 21,
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

/// The label of a lane, with the numbers of a probe as far as the trace has told them.
pub fn label(log: &TraceLog, timeline: &Timeline, lane: LaneId, lang: Lang) -> String {
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
        let got: Vec<_> = timeline.order().iter().map(|p| (p.lane, p.depth)).collect();
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
        let folded: Vec<_> = timeline.order().iter().filter(|p| p.folded).map(|p| p.lane).collect();
        assert_eq!(folded, [ready]);
    }

    #[test]
    fn a_lane_under_itself_or_under_a_later_one_is_a_root() {
        let mut log = TraceLog::new();
        log.lane(LaneKind::Pod, Some(LaneId(0)), "a");
        log.lane(LaneKind::Pod, Some(LaneId(7)), "b");
        let timeline = Timeline::of(&log);
        assert!(timeline.order().iter().all(|p| p.depth == 0));
        assert_eq!(outwards(&log, LaneId(1)).count(), 1);
        assert_eq!(pod_of(&log, LaneId(99)), None);
    }
}
