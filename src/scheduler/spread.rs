//! Twin: pkg/scheduler/framework/plugins/podtopologyspread/filtering.go (v1.36.2)
//! Twin: pkg/scheduler/framework/plugins/podtopologyspread/scoring.go (v1.36.2)
//! Covers: topologySpreadConstraints, those that must hold and those that are only wished.
//! Left out: the weights by size of the domains, and the cluster's own default constraints.

use super::fit::Scene;
use crate::api::Pod;
use crate::api::needs::tolerated;
use crate::api::objects::Node;
use crate::api::selects::{items, node_fits, selector_fits, text, whole};
use crate::manifest::Value;
use crate::map::Map;

/// A constraint with the number of matching Pods in each domain.
struct Counted<'a> {
    constraint: &'a Value,
    key: &'a str,
    counts: Map<&'a str, i64>,
    itself: i64,
}

fn counted<'a>(pod: &'a Pod, must: bool, scene: &Scene<'a>) -> Vec<Counted<'a>> {
    let all = pod.spec.topology_spread_constraints.iter();
    let chosen: Vec<&Value> = all
        .filter(|c| (text(c, "whenUnsatisfiable") != "ScheduleAnyway") == must)
        .collect();
    let keyed = |node: &Node| {
        let has = |c: &&Value| node.metadata.labels.get(text(c, "topologyKey")).is_some();
        chosen.iter().all(has)
    };
    let count = |constraint: &&'a Value| {
        let key = text(constraint, "topologyKey");
        let eligible = |node: &Node| {
            let bad =
                |t: &crate::api::objects::Taint| t.effect != "PreferNoSchedule" && !tolerated(&pod.spec.tolerations, t);
            keyed(node)
                && (text(constraint, "nodeAffinityPolicy") == "Ignore" || node_fits(&pod.spec, node))
                && (text(constraint, "nodeTaintsPolicy") != "Honor" || !node.spec.taints.iter().any(bad))
        };
        let fits = |other: &Pod| {
            let (ours, theirs) = (&pod.metadata.labels, &other.metadata.labels);
            let alike = |key: &Value| {
                let key = key.as_str().unwrap_or_default();
                ours.get(key).is_none_or(|value| theirs.get(key) == Some(value))
            };
            selector_fits(constraint.get("labelSelector"), theirs)
                && items(constraint, &["matchLabelKeys"]).iter().all(alike)
        };
        let mut counts: Map<&str, i64> = Map::new();
        for node in scene.nodes.iter().filter(|n| eligible(n)) {
            if let Some(value) = node.metadata.labels.get(key) {
                counts.entry(value).or_default();
            }
        }
        for (other, at) in &scene.placed {
            let same =
                other.metadata.namespace == pod.metadata.namespace && other.metadata.deletion_timestamp.is_none();
            if same
                && eligible(at)
                && fits(other)
                && let Some(value) = at.metadata.labels.get(key)
            {
                *counts.entry(value).or_default() += 1;
            }
        }
        Counted {
            constraint,
            key,
            counts,
            itself: i64::from(fits(pod)),
        }
    };
    chosen.iter().map(count).collect()
}

/// Whether another Pod counts in one of the constraints that must hold.
pub fn counts(pod: &Pod, other: &Pod) -> bool {
    let mut all = pod.spec.topology_spread_constraints.iter();
    other.metadata.namespace == pod.metadata.namespace
        && all.any(|constraint| selector_fits(constraint.get("labelSelector"), &other.metadata.labels))
}

/// Why a node does not do, and whether removing other Pods could help.
pub fn refusal(pod: &Pod, node: &Node, scene: &Scene) -> Option<(&'static str, bool)> {
    for counted in counted(pod, true, scene) {
        let Some(value) = node.metadata.labels.get(counted.key) else {
            return Some((
                "node(s) didn't match pod topology spread constraints (missing required label)",
                false,
            ));
        };
        let here = counted.counts.get(value.as_str()).copied().unwrap_or(0);
        let few = (counted.counts.len() as i64) < whole(counted.constraint, "minDomains", 1);
        let least = if few {
            0
        } else {
            counted.counts.values().copied().min().unwrap_or(0)
        };
        if here + counted.itself - least > whole(counted.constraint, "maxSkew", 1) {
            return Some(("node(s) didn't match pod topology spread constraints", true));
        }
    }
    None
}

/// How many matching Pods the domains of a node hold already, of the constraints that are only wished.
pub fn crowd(pod: &Pod, node: &Node, scene: &Scene) -> i64 {
    let wished = counted(pod, false, scene);
    let here = |c: &Counted| {
        let value = node.metadata.labels.get(c.key)?;
        c.counts.get(value.as_str()).copied()
    };
    wished.iter().filter_map(here).sum()
}
