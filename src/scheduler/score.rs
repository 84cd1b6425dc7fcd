//! Twin: pkg/scheduler/framework/plugins/helper/normalize_score.go (v1.36.2)
//! Covers: the scores of preferred taints, node affinity, Pod affinity and spreading, with the weights of the default
//! profile; what they leave open goes to the node with the fewest Pods, then by name.
//! Left out: scores by resources and images, whose ties are broken at random there.

use std::rc::Rc;

use super::fit::{Scene, Verdict};
use super::{interpod, spread};
use crate::api::Pod;
use crate::api::needs::tolerated;
use crate::api::objects::Node;
use crate::api::selects::node_preference;
use crate::apiserver::ApiServer;

/// The node for a Pod among those whose verdict has no reason against it.
pub fn best<'a>(
    api: &ApiServer,
    pod: &Pod,
    nodes: &'a [Rc<Node>],
    scene: &Scene,
    verdicts: &[Verdict],
) -> Option<&'a Rc<Node>> {
    let fitting = nodes.iter().zip(verdicts).filter(|(_, v)| v.reasons.is_empty());
    let fitting: Vec<(&Rc<Node>, usize)> = fitting.map(|(n, v)| (n, v.pods)).collect();
    if fitting.len() < 2 {
        return fitting.first().map(|(node, _)| *node);
    }
    let each = |score: &dyn Fn(&Node) -> i64| fitting.iter().map(|(n, _)| score(n)).collect::<Vec<i64>>();
    let avoided = |node: &Node| {
        let preferred = node.spec.taints.iter().filter(|t| t.effect == "PreferNoSchedule");
        preferred.filter(|t| !tolerated(&pod.spec.tolerations, t)).count() as i64
    };
    let weighed = [
        (3, scaled(&each(&|n| -avoided(n)))),
        (2, scaled(&each(&|n| node_preference(&pod.spec, n)))),
        (2, scaled(&each(&|n| interpod::preference(api, pod, n, &scene.placed)))),
        (2, scaled(&each(&|n| -spread::crowd(pod, n, scene)))),
    ];
    let total = |i: usize| weighed.iter().map(|(w, s)| w * s.get(i).unwrap_or(&0)).sum::<i64>();
    let ranked = fitting.iter().enumerate();
    ranked
        .min_by_key(|(i, (node, pods))| (-total(*i), *pods, node.metadata.name.clone()))
        .map(|(_, (node, _))| *node)
}

/// Scores between 0 for the lowest and 100 for the highest; 0 when all are equal.
fn scaled(scores: &[i64]) -> Vec<i64> {
    let least = scores.iter().copied().min().unwrap_or(0);
    let span = scores.iter().copied().max().unwrap_or(0).saturating_sub(least);
    let scale = |s: &i64| {
        s.saturating_sub(least)
            .saturating_mul(100)
            .checked_div(span)
            .unwrap_or(0)
    };
    scores.iter().map(scale).collect()
}
