//! Twin: pkg/controller/daemon/update.go (v1.36.2)
//! Covers: `rollingUpdate`, `updatedDesiredNodeCounts`, `findUpdatedPodsOnNode`.
//! Left out: revisions, which are in `revisions.rs`.

use super::manage::{Doomed, Plan};
use super::places::{OnNode, PodRef};
use super::template::{is_updated, resolve};
use super::{Failure, Sync, small};
use crate::api::workload::RollingUpdatePart;
use crate::controllers::pod_control::is_available;
use crate::trace::DaemonSetRule;

/// The Pods of a node that are not being deleted: at most one of the newest template and one of an older.
#[derive(Clone, Copy, Debug, Default)]
struct Pair<'n> {
    new: Option<&'n PodRef>,
    old: Option<&'n PodRef>,
}

/// The pair of a node; none when there are more Pods, which are for the next sync.
fn pair<'n>(on: &'n OnNode, hash: &str, generation: Option<i64>) -> Option<Pair<'n>> {
    let mut found = Pair::default();
    for pod in &on.pods {
        if pod.1.metadata.deletion_timestamp.is_some() {
            continue;
        }
        let place = if is_updated(&pod.1, hash, generation) {
            &mut found.new
        } else {
            &mut found.old
        };
        if place.replace(pod).is_some() {
            return None;
        }
    }
    Some(found)
}

/// How many nodes may have two Pods, and how many may have no available one, of so many.
pub(super) fn limits(spec: &crate::api::workload::DaemonSetSpec, desired: usize) -> (usize, usize) {
    let surge = resolve(spec, RollingUpdatePart::Surge, desired);
    let unavailable = resolve(spec, RollingUpdatePart::Unavailable, desired);
    if desired > 0 && surge == 0 && unavailable == 0 {
        return (0, 1);
    }
    (surge, unavailable)
}

impl Sync<'_, '_> {
    /// Deletes old Pods, or makes new ones beside them, as far as the strategy lets.
    pub(super) fn roll(&mut self, nodes: &[OnNode], hash: &str) -> Result<(), Failure> {
        let (surge, unavailable) = limits(&self.spec, self.places.desired());
        // Nodes without Pods count only if they should run one.
        let nodes = nodes.iter().filter(|on| on.runs() || !on.pods.is_empty());
        let pairs: Vec<(&OnNode, Option<Pair>)> = nodes.map(|on| (on, pair(on, hash, self.generation))).collect();
        let plan = if surge == 0 {
            self.replace(&pairs, unavailable)
        } else {
            self.surge(&pairs, surge)
        };
        self.carry_out(plan, hash)
    }

    fn is_available(&self, pod: &PodRef) -> bool {
        is_available(self.cx, &pod.1, self.spec.min_ready_seconds)
    }

    /// Without a surge: old Pods are deleted, and the next sync makes new ones.
    fn replace(&self, pairs: &[(&OnNode, Option<Pair>)], limit: usize) -> Plan {
        let mut plan = Plan::default();
        let mut unavailable = 0;
        let mut candidates = Vec::new();
        for (_, pair) in pairs {
            match pair {
                Some(Pair {
                    new: Some(new),
                    old: None,
                }) => unavailable += usize::from(!self.is_available(new)),
                Some(Pair {
                    new: None,
                    old: Some(old),
                }) => {
                    if !self.is_available(old) {
                        unavailable += 1;
                        plan.delete.push(Doomed::of(old, DaemonSetRule::ReplacedUnavailable));
                    } else if unavailable < limit {
                        candidates.push(*old);
                    }
                }
                // None, or too many: the next sync makes or deletes Pods here.
                _ => unavailable += 1,
            }
        }
        let rule = DaemonSetRule::Replaced {
            desired: small(self.places.desired()),
            max_unavailable: small(limit),
            unavailable: small(unavailable),
        };
        let chosen = candidates.into_iter().take(limit.saturating_sub(unavailable));
        plan.delete.extend(chosen.map(|pod| Doomed::of(pod, rule)));
        plan
    }

    /// With a surge: new Pods are made beside old ones, which go once the new ones are available.
    fn surge(&self, pairs: &[(&OnNode, Option<Pair>)], limit: usize) -> Plan {
        let mut plan = Plan::default();
        let (mut surging, mut available) = (0, 0);
        let (mut candidates, mut moved) = (Vec::new(), Vec::new());
        for (on, pair) in pairs {
            let Some(pair) = pair else {
                surging += 1;
                continue;
            };
            available += usize::from(pair.old.or(pair.new).is_some_and(|pod| self.is_available(pod)));
            match (pair.old, pair.new) {
                (None, _) => {}
                (Some(old), Some(new)) if self.is_available(new) => {
                    plan.delete.push(Doomed::of(old, DaemonSetRule::SurgeDone));
                }
                (Some(_), Some(_)) => surging += 1,
                (Some(old), None) => match (self.is_available(old), on.runs()) {
                    (false, false) => plan.delete.push(Doomed::of(old, DaemonSetRule::ReplacedUnavailable)),
                    (false, true) => plan.create.push((on.node.clone(), DaemonSetRule::SurgedUnavailable)),
                    (true, false) => moved.push(old),
                    (true, true) if surging < limit => candidates.push(on.node.clone()),
                    (true, true) => {}
                },
            }
        }
        let desired = self.places.desired();
        let rule = DaemonSetRule::Moved {
            desired: small(desired),
            available: small(available),
        };
        let may_move = moved.into_iter().take(available.saturating_sub(desired));
        plan.delete.extend(may_move.map(|pod| Doomed::of(pod, rule)));
        let rule = DaemonSetRule::Surged {
            max_surge: small(limit),
            surging: small(surging),
        };
        let chosen = candidates.into_iter().take(limit.saturating_sub(surging));
        plan.create.extend(chosen.map(|node| (node, rule)));
        plan
    }
}
