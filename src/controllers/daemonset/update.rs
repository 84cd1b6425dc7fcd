//! Twin: pkg/controller/daemon/update.go (v1.36.2)
//! Covers: `rollingUpdate` with `maxUnavailable` and with `maxSurge`, `findUpdatedPodsOnNode`.
//! Left out: what `revisions.rs` covers.

use std::rc::Rc;

use super::nodes::{self, Placement};
use super::{Doomed, Sync, small, template};
use crate::api::Pod;
use crate::api::workload::RollingUpdatePart;
use crate::controllers::pod_control::is_available;
use crate::machine::Uid;
use crate::trace::DaemonSetRule;

type Found = Option<(Uid, Rc<Pod>)>;

impl Sync<'_, '_> {
    /// How many nodes may have two Pods at a time, of so many nodes.
    pub(super) fn max_surge(&self, desired: usize) -> usize {
        template::resolve(&self.spec, RollingUpdatePart::Surge, desired)
    }

    /// One step of a rolling update.
    pub(super) fn roll(&mut self, placement: &Placement) -> Result<(), String> {
        let fits = |node: &Rc<crate::api::objects::Node>| nodes::fit(&self.spec, node).runs;
        let desired = nodes::all(self.api).iter().filter(|node| fits(node)).count();
        let surge = self.max_surge(desired);
        if surge == 0 {
            let most = template::resolve(&self.spec, RollingUpdatePart::Unavailable, desired).max(1);
            self.replace(placement, most);
            return Ok(());
        }
        self.surge(placement, surge)
    }

    /// The new and the old Pod of a node; none when there are two of one sort, which are left to `manage`.
    fn pair(&self, pods: &[(Uid, Rc<Pod>)]) -> Option<(Found, Found)> {
        let (mut new, mut old): (Found, Found) = (None, None);
        for (uid, pod) in pods.iter().filter(|(_, pod)| pod.metadata.deletion_timestamp.is_none()) {
            let updated = template::is_updated(pod, &self.hash, self.generation);
            let place = if updated { &mut new } else { &mut old };
            if place.replace((*uid, pod.clone())).is_some() {
                return None;
            }
        }
        Some((new, old))
    }

    fn is_available(&self, pod: &Pod) -> bool {
        is_available(pod, self.spec.min_ready_seconds, self.cx.now)
    }

    /// Old Pods go, those that are not available first, as long as not too many are unavailable.
    fn replace(&mut self, placement: &Placement, most: usize) {
        let mut unavailable = 0;
        let mut doomed: Vec<Doomed> = Vec::new();
        let mut candidates = Vec::new();
        for (_, pods) in placement.nodes() {
            match self.pair(pods) {
                Some((Some((_, new)), _)) => unavailable += usize::from(!self.is_available(&new)),
                Some((None, Some((uid, old)))) if !self.is_available(&old) => {
                    unavailable += 1;
                    doomed.push((uid, old, DaemonSetRule::ReplacedUnavailable));
                }
                Some((None, Some(old))) => candidates.push(old),
                Some((None, None)) | None => unavailable += 1,
            }
        }
        let rule = DaemonSetRule::Replaced {
            max_unavailable: small(most),
            unavailable: small(unavailable),
        };
        let left = most.saturating_sub(unavailable);
        doomed.extend(candidates.into_iter().take(left).map(|(uid, pod)| (uid, pod, rule)));
        self.delete(doomed);
    }

    /// New Pods start beside old ones, which go when the new ones are available.
    fn surge(&mut self, placement: &Placement, most: usize) -> Result<(), String> {
        let mut surging = 0;
        let mut doomed: Vec<Doomed> = Vec::new();
        let (mut at_once, mut candidates) = (Vec::new(), Vec::new());
        for (node, pods) in placement.nodes() {
            match self.pair(pods) {
                Some((_, None)) => {}
                Some((None, Some((_, old)))) if !self.is_available(&old) => at_once.push(node.clone()),
                Some((None, Some(_))) => candidates.push(node.clone()),
                Some((Some((_, new)), Some((uid, old)))) => {
                    if self.is_available(&new) {
                        doomed.push((uid, old, DaemonSetRule::SurgeDone));
                    } else {
                        surging += 1;
                    }
                }
                None => surging += 1,
            }
        }
        at_once.extend(candidates.into_iter().take(most.saturating_sub(surging)));
        let made = self.create_on(&at_once, |_| DaemonSetRule::Surged {
            max_surge: small(most),
            surging: small(surging),
        });
        self.delete(doomed);
        made
    }
}
