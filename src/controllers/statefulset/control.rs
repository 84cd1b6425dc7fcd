//! Twin: pkg/controller/statefulset/stateful_set_control.go (v1.36.2)
//! Covers: `updateStatefulSet`: living Pods in order, Pods beyond the number wanted, the rolling update.
//! Left out: `maxUnavailable` above 1 (gate MaxUnavailableStatefulSet, off by default).

use std::rc::Rc;

use super::revisions::{Revisions, small};
use super::{Sync, pods};
use crate::api::Pod;
use crate::api::workload::StatefulSetStatus;
use crate::apiserver::StoredWorkload;
use crate::controllers::pod_control::{PodName, create_pod, delete_pod};
use crate::machine::Uid;
use crate::sort;
use crate::trace::{Cause, EntryId, FieldBase, Rule, StatefulSetRule, Wait, What};

/// A Pod that could not be made.
pub(super) struct Failure {
    pub message: String,
}

/// Whether a sync goes on after one of its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    GoOn,
    Stop,
}

impl Sync<'_, '_> {
    /// One sync with these Pods.
    pub(super) fn run(&mut self, all: &[(Uid, Rc<Pod>)]) -> Option<Failure> {
        let revisions = self.revisions()?;
        let mut status = self.count(&revisions, all);
        let waited = self.waits.get(&self.own.uid).copied();
        let mut waits = None;
        let failure = if self.own.object.is_deleted() {
            None
        } else {
            self.update(&revisions, all, &mut status, &mut waits).err()
        };
        self.note_wait(waited, waits);
        self.complete(&mut status);
        self.write(status);
        self.truncate_history(&revisions, all);
        failure
    }

    fn update(
        &mut self,
        revisions: &Revisions,
        all: &[(Uid, Rc<Pod>)],
        status: &mut StatefulSetStatus,
        waits: &mut Option<(u32, Wait)>,
    ) -> Result<(), Failure> {
        let ordered = self.spec.pod_management_policy != "Parallel";
        let (start, count) = (pods::start(&self.spec), self.spec.replicas.max(0));
        let name = self.own.object.metadata.name.clone();
        let of = |ordinal: i64| {
            all.iter()
                .find(|(_, pod)| pods::ordinal(&name, pod) == Some(ordinal))
                .cloned()
        };
        for ordinal in start..start + count {
            if self.living(ordinal, of(ordinal), revisions, ordered, waits)? == Next::Stop {
                return Ok(());
            }
        }
        let beyond = |(_, pod): &&(Uid, Rc<Pod>)| {
            pods::ordinal(&name, pod).is_some_and(|ordinal| ordinal < start || ordinal >= start + count)
        };
        let mut condemned: Vec<(Uid, Rc<Pod>)> = all.iter().filter(beyond).cloned().collect();
        sort::sort_by_key(&mut condemned, |(_, pod)| -pods::ordinal(&name, pod).unwrap_or(0));
        let unhealthy = |(_, pod): &&(Uid, Rc<Pod>)| !pods::is_running_and_ready(pod) || pods::is_terminating(pod);
        let first_unhealthy = condemned.iter().rfind(unhealthy).map(|(uid, _)| *uid);
        for (uid, pod) in &condemned {
            if self.condemned(*uid, pod, first_unhealthy, ordered, waits) == Next::Stop {
                return Ok(());
            }
        }
        if self.spec.update_strategy.kind != "OnDelete" {
            self.roll(revisions, all, status, waits);
        }
        Ok(())
    }

    /// One Pod among those wanted.
    fn living(
        &mut self,
        ordinal: i64,
        found: Option<(Uid, Rc<Pod>)>,
        revisions: &Revisions,
        ordered: bool,
        waits: &mut Option<(u32, Wait)>,
    ) -> Result<Next, Failure> {
        let stop_if_ordered = if ordered { Next::Stop } else { Next::GoOn };
        let Some((uid, pod)) = found else {
            self.create(ordinal, revisions, ordered)?;
            return Ok(stop_if_ordered);
        };
        if pod.status.phase.is_terminal() {
            if !pods::is_terminating(&pod) {
                let rule = StatefulSetRule::Ended {
                    ordinal: small(ordinal),
                };
                self.delete(uid, &pod, rule, "");
            }
            return Ok(Next::Stop);
        }
        let why = if pods::is_terminating(&pod) {
            Some(Wait::Terminating)
        } else if !pods::is_running_and_ready(&pod) {
            Some(Wait::NotReady)
        } else if !pods::is_running_and_available(&pod, &self.spec, self.cx.now) {
            Some(Wait::NotAvailable)
        } else {
            None
        };
        match why {
            Some(why) if ordered => {
                *waits = Some((small(ordinal), why));
                Ok(Next::Stop)
            }
            _ => Ok(Next::GoOn),
        }
    }

    fn create(&mut self, ordinal: i64, revisions: &Revisions, ordered: bool) -> Result<(), Failure> {
        let partition = self
            .spec
            .update_strategy
            .rolling_update
            .as_ref()
            .map_or(0, |r| r.partition);
        let rolling = self.spec.update_strategy.kind == "RollingUpdate";
        let keeps = rolling && ordinal < pods::start(&self.spec) + partition;
        let revision: StoredWorkload = if keeps {
            revisions.current.clone()
        } else {
            revisions.update.clone()
        };
        let rule = StatefulSetRule::Create {
            ordinal: small(ordinal),
            desired: small(self.spec.replicas),
            ordered,
        };
        let set = self.own.object.metadata.name.clone();
        let name = format!("{set}-{ordinal}");
        let decided = self.decide(rule, &name, "replicas");
        self.make_claims(&name, decided);
        let (own, spec) = (self.own.clone(), self.spec.clone());
        let made = create_pod(
            self.cx,
            self.api,
            &own,
            PodName::Given(name.clone()),
            Some(decided),
            |raw| pods::dress(raw, &own, &spec, ordinal, &revision),
        );
        match made {
            Ok(_) => {
                let message = format!("Create Pod {name} in StatefulSet {set} successful");
                self.event(Some(decided), false, "SuccessfulCreate", &message);
                Ok(())
            }
            Err(why) => {
                let message = format!("Create Pod {name} in StatefulSet {set} failed error: {why}");
                self.event(Some(decided), true, "FailedCreate", &message);
                Err(Failure { message: why })
            }
        }
    }

    fn delete(&mut self, uid: Uid, pod: &Pod, rule: StatefulSetRule, field: &'static str) {
        let lane = self.api.pod(uid).map_or(self.own.lane, |stored| stored.lanes.pod);
        let mut cause = Cause::of(Rule::StatefulSet(rule)).after(self.because);
        if !field.is_empty() {
            cause = cause.field(FieldBase::Workload, field);
        }
        let what = What::Decided("".into());
        let decided: EntryId = self.cx.log.instant(lane, self.cx.now, what, cause);
        delete_pod(self.cx, self.api, uid, Some(decided));
        let (set, name) = (self.own.object.metadata.name.clone(), &pod.metadata.name);
        let message = format!("Delete Pod {name} in StatefulSet {set} successful");
        self.event(Some(decided), false, "SuccessfulDelete", &message);
    }

    /// One Pod beyond the number wanted; the highest ordinal comes first.
    fn condemned(
        &mut self,
        uid: Uid,
        pod: &Rc<Pod>,
        first_unhealthy: Option<Uid>,
        ordered: bool,
        waits: &mut Option<(u32, Wait)>,
    ) -> Next {
        let ordinal = small(pods::ordinal(&self.own.object.metadata.name, pod).unwrap_or(0));
        let stop_if_ordered = if ordered { Next::Stop } else { Next::GoOn };
        if pods::is_terminating(pod) {
            if ordered {
                *waits = Some((ordinal, Wait::Terminating));
            }
            return stop_if_ordered;
        }
        let available = pods::is_running_and_available(pod, &self.spec, self.cx.now);
        if ordered && !available && first_unhealthy != Some(uid) {
            *waits = Some((ordinal, Wait::NotReady));
            return Next::Stop;
        }
        let rule = StatefulSetRule::ScaledDown {
            ordinal,
            desired: small(self.spec.replicas),
        };
        self.doom_scaled(&pod.metadata);
        self.delete(uid, pod, rule, "replicas");
        stop_if_ordered
    }

    /// The rolling update: the highest ordinal with an old revision goes, and nothing more before it is back.
    fn roll(
        &mut self,
        revisions: &Revisions,
        all: &[(Uid, Rc<Pod>)],
        status: &mut StatefulSetStatus,
        waits: &mut Option<(u32, Wait)>,
    ) {
        let partition = self
            .spec
            .update_strategy
            .rolling_update
            .as_ref()
            .map_or(0, |r| r.partition);
        let (start, count) = (pods::start(&self.spec), self.spec.replicas.max(0));
        let name = self.own.object.metadata.name.clone();
        for ordinal in (start + partition..start + count).rev() {
            let found = all.iter().find(|(_, pod)| pods::ordinal(&name, pod) == Some(ordinal));
            let Some((uid, pod)) = found else { return };
            let old = *pods::revision(pod) != *revisions.update.object.metadata.name;
            if old && !pods::is_terminating(pod) {
                let rule = StatefulSetRule::Updated {
                    ordinal: small(ordinal),
                    partition: small(partition),
                };
                if *pods::revision(pod) == *status.current_revision {
                    status.current_replicas -= 1;
                }
                self.delete(*uid, pod, rule, "template");
                return;
            }
            if pods::is_terminating(pod) {
                *waits = Some((small(ordinal), Wait::Terminating));
                return;
            }
            if !pods::is_running_and_available(pod, &self.spec, self.cx.now) {
                *waits = Some((small(ordinal), Wait::NotReady));
                return;
            }
        }
    }

    /// Says once what the StatefulSet waits for.
    fn note_wait(&mut self, before: Option<(u32, Wait)>, now: Option<(u32, Wait)>) {
        if before == now {
            return;
        }
        match now {
            Some((ordinal, why)) => {
                self.waits.insert(self.own.uid, (ordinal, why));
                let name = format!("{}-{ordinal}", self.own.object.metadata.name);
                self.decide(StatefulSetRule::Waits { ordinal, why }, &name, "podManagementPolicy");
            }
            None => {
                self.waits.remove(&self.own.uid);
            }
        }
    }
}
