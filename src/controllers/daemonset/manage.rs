//! Twin: pkg/controller/daemon/daemon_controller.go (v1.36.2)
//! Covers: `manage`, `podsShouldBeOnNode`, `syncNodes`.
//! Left out: nothing of these.

use std::rc::Rc;

use super::backoff::Key;
use super::places::{Fit, OnNode, PodRef, oldest_first};
use super::template::{HASH, finish, resolve};
use super::{Failure, Sync, small};
use crate::api::Phase;
use crate::api::workload::RollingUpdatePart;
use crate::apiserver::is_ready;
use crate::controllers::pod_control::{PodName, create_pod, delete_pod, is_available};
use crate::machine::Uid;
use crate::trace::{DaemonSetRule, EntryId};

/// At most so many Pods are made and so many deleted in one sync.
const BURST: usize = 250;

/// What a sync is going to do.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Nodes that get a Pod.
    pub create: Vec<(Rc<str>, DaemonSetRule)>,
    /// Pods that go.
    pub delete: Vec<Doomed>,
}

/// A Pod that goes.
#[derive(Debug)]
pub(super) struct Doomed {
    pub pod: PodRef,
    pub rule: DaemonSetRule,
    /// The entry of the decision, where there is one already.
    pub decided: Option<EntryId>,
}

impl Doomed {
    pub fn of(pod: &PodRef, rule: DaemonSetRule) -> Self {
        Doomed {
            pod: pod.clone(),
            rule,
            decided: None,
        }
    }
}

impl Sync<'_, '_> {
    /// Makes the Pods that nodes lack and deletes those that they should not have. Returns whether there were any.
    pub(super) fn manage(&mut self, nodes: &[OnNode], hash: &str) -> Result<bool, Failure> {
        let missing = DaemonSetRule::NodesWithoutPod {
            desired: small(self.places.desired()),
            current: small(nodes.iter().filter(|on| on.runs() && !on.pods.is_empty()).count()),
        };
        let mut plan = Plan::default();
        for on in nodes {
            let here = || (on.node.clone(), missing);
            match on.fit {
                Some(Fit::Runs) if on.pods.is_empty() => plan.create.push(here()),
                Some(Fit::Runs | Fit::Stays) => {
                    let wanted = self.prune(on, hash, &mut plan);
                    if wanted && on.runs() {
                        plan.create.push(here());
                    }
                }
                Some(Fit::Leaves(rule)) => {
                    let here = on
                        .pods
                        .iter()
                        .filter(|(_, pod)| pod.metadata.deletion_timestamp.is_none());
                    plan.delete.extend(here.map(|pod| Doomed::of(pod, rule)));
                }
                None => {
                    // The collector of Pods takes care of those that were bound.
                    let waiting = on.pods.iter().filter(|(_, pod)| pod.spec.node_name.is_empty());
                    plan.delete
                        .extend(waiting.map(|pod| Doomed::of(pod, DaemonSetRule::NodeMissing)));
                }
            }
        }
        let busy = !plan.create.is_empty() || !plan.delete.is_empty();
        self.carry_out(plan, hash)?;
        Ok(busy)
    }

    /// Which Pods of a node go: those that have ended, and those beyond the one or two that it may have. Returns whether
    /// it needs one now, which only a DaemonSet with a surge can tell before the old Pod is gone.
    fn prune(&mut self, on: &OnNode, hash: &str, plan: &mut Plan) -> bool {
        let mut running = Vec::new();
        for pod in &on.pods {
            if pod.1.metadata.deletion_timestamp.is_some() {
                continue;
            }
            match pod.1.status.phase {
                Phase::Failed => plan.delete.extend(self.failed(&on.node, pod)),
                Phase::Succeeded => plan.delete.push(self.succeeded(&on.node, pod)),
                _ => running.push(pod.clone()),
            }
        }
        let surges = resolve(&self.spec, RollingUpdatePart::Surge, 1) > 0;
        if running.len() <= 1 {
            return surges && running.is_empty();
        }
        oldest_first(&mut running, self.cx.setup.calendar);
        let (mut new, mut old) = (None, None);
        for (nth, pod) in running.iter().enumerate() {
            let place = if !surges {
                if nth == 0 {
                    continue;
                }
                None
            } else if pod.1.metadata.labels.get(HASH).map(String::as_str) == Some(hash) {
                Some(&mut new)
            } else {
                Some(&mut old)
            };
            match place.filter(|place| place.is_none()) {
                Some(place) => *place = Some(pod),
                None => plan.delete.push(Doomed::of(pod, DaemonSetRule::SecondPod)),
            }
        }
        if let (Some(new), Some(old)) = (new, old) {
            if !is_ready(&old.1) {
                plan.delete.push(Doomed::of(old, DaemonSetRule::OldNotReady));
            } else if is_available(self.cx, &new.1, self.spec.min_ready_seconds) {
                plan.delete.push(Doomed::of(old, DaemonSetRule::SurgeDone));
            }
        }
        false
    }

    /// A failed Pod goes, unless one of its node was deleted a short time ago: a node that refuses Pods must not make
    /// the controller busy.
    fn failed(&mut self, node: &Rc<str>, pod: &PodRef) -> Option<Doomed> {
        let observed = self
            .stored
            .object
            .daemon_set()
            .map_or(0, |(_, s)| s.observed_generation);
        let key: Key = (self.stored.uid, observed, node.clone());
        let lane = self.api.pod(pod.0)?.lanes.pod;
        if let Some(backoff) = self.failed.current(&key, self.cx.now) {
            if self.failed.waits(&key, pod.0) {
                self.decide(lane, DaemonSetRule::PodFailedAgain { backoff }, "");
            }
            self.look_again(self.cx.now + backoff);
            return None;
        }
        let backoff = self.failed.next(key, self.cx.now);
        let rule = DaemonSetRule::PodFailed { backoff };
        let entry = self.decide(lane, rule, "");
        let meta = &pod.1.metadata;
        let message = format!(
            "Found failed daemon pod {}/{} on node {node}, will try to kill it",
            meta.namespace, meta.name
        );
        self.event(entry, true, "FailedDaemonPod", &message);
        Some(Doomed {
            decided: Some(entry),
            ..Doomed::of(pod, rule)
        })
    }

    fn succeeded(&mut self, node: &Rc<str>, pod: &PodRef) -> Doomed {
        let rule = DaemonSetRule::PodSucceeded;
        let lane = self.api.pod(pod.0).map(|stored| stored.lanes.pod);
        let entry = self.decide(lane.unwrap_or(self.stored.lane), rule, "");
        let meta = &pod.1.metadata;
        let message = format!(
            "Found succeeded daemon pod {}/{} on node {node}, will try to delete it",
            meta.namespace, meta.name
        );
        self.event(entry, false, "SucceededDaemonPod", &message);
        Doomed {
            decided: Some(entry),
            ..Doomed::of(pod, rule)
        }
    }

    /// Makes and deletes Pods (`syncNodes`). Creations come in batches of 1, 2, 4 …; what follows the batch of the first
    /// failure waits for the next try.
    pub(super) fn carry_out(&mut self, plan: Plan, hash: &str) -> Result<(), Failure> {
        let mut result = Ok(());
        let mut rest = plan.create.get(..BURST.min(plan.create.len())).unwrap_or_default();
        let mut size = 1;
        let mut said = None;
        while !rest.is_empty() && result.is_ok() {
            let (batch, later) = rest.split_at_checked(size).unwrap_or((rest, &[]));
            for (node, rule) in batch {
                let decided = match said {
                    Some((before, entry)) if before == *rule => entry,
                    _ => self.decide(self.stored.lane, *rule, ""),
                };
                said = Some((*rule, decided));
                if self.create(node, hash, decided).is_err() {
                    result = Err(Failure(Some(decided)));
                }
            }
            rest = later;
            size = size.saturating_mul(2);
        }
        for doomed in plan.delete.into_iter().take(BURST) {
            self.delete(doomed);
        }
        result
    }

    fn create(&mut self, node: &str, hash: &str, decided: EntryId) -> Result<(), ()> {
        let generation = self.generation;
        let pin = |raw: &mut crate::manifest::Value| finish(raw, node, hash, generation);
        match create_pod(self.cx, self.api, &self.stored, PodName::Generated, Some(decided), pin) {
            Ok(uid) => {
                self.made.push(uid);
                let name = self
                    .api
                    .pod(uid)
                    .map(|s| s.pod.metadata.name.clone())
                    .unwrap_or_default();
                self.event(decided, false, "SuccessfulCreate", &format!("Created pod: {name}"));
                Ok(())
            }
            Err(why) => {
                self.event(decided, true, "FailedCreate", &format!("Error creating: {why}"));
                Err(())
            }
        }
    }

    fn delete(&mut self, doomed: Doomed) {
        let uid: Uid = doomed.pod.0;
        let Some(lane) = self.api.pod(uid).map(|stored| stored.lanes.pod) else {
            return;
        };
        let decided = match doomed.decided {
            Some(entry) => entry,
            None => self.decide(lane, doomed.rule, ""),
        };
        delete_pod(self.cx, self.api, uid, Some(decided));
        let message = format!("Deleted pod: {}", doomed.pod.1.metadata.name);
        self.event(decided, false, "SuccessfulDelete", &message);
    }
}
