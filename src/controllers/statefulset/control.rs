//! Twin: pkg/controller/statefulset/stateful_set_control.go (v1.36.2)
//! Covers: `performUpdate`, `updateStatefulSet`: the Pods wanted in order, the Pods beyond them; batches under
//! `podManagementPolicy: Parallel`.
//! Left out: the rolling update, which is in `rolling.rs`.

use std::rc::Rc;

use super::revisions::{Revisions, small};
use super::roster::{Member, Roster};
use super::{Sync, pods};
use crate::api::Pod;
use crate::controllers::pod_control::delete_pod;
use crate::machine::Uid;
use crate::trace::{Cause, EntryId, FieldBase, Rule, StatefulSetRule, Wait, What};

/// At most so many Pods are made at once.
const BURST: usize = 500;

/// Why a sync has failed; it is tried again.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// A Pod could not be made, in the API server's words.
    Create(String),
    /// The API server refused the status.
    Status,
}

/// How a sync goes on after one of its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    GoOn,
    Stop,
}

impl Sync<'_, '_> {
    /// One sync with these Pods.
    pub(super) fn run(&mut self, all: &[(Uid, Rc<Pod>)]) -> Result<(), Failure> {
        let Some(revisions) = self.revisions() else {
            return Ok(());
        };
        let mut status = self.count(&revisions, all);
        let done = if self.own.object.is_deleted() {
            Ok(())
        } else {
            let roster = Roster::of(&self.own, &self.spec, all);
            self.update(&revisions, &roster).map(|next| {
                if next == Next::GoOn && self.spec.update_strategy.kind != "OnDelete" {
                    self.roll(&revisions, &roster, &mut status);
                }
            })
        };
        self.note_wait();
        self.complete(&mut status);
        let written = self.write(status);
        self.truncate_history(&revisions, all);
        done.and(written)
    }

    /// Makes and deletes Pods until their number and order are as wanted.
    fn update(&mut self, revisions: &Revisions, roster: &Roster) -> Result<Next, Failure> {
        let wanted: &mut dyn Iterator<Item = i64> = &mut (roster.start..roster.end());
        let next = if self.ordered() {
            self.one_by_one(wanted, |sync, ordinal| {
                sync.living(*ordinal, roster.at(*ordinal), revisions)
            })?
        } else {
            let missing = |ordinal: &i64| roster.at(*ordinal).is_none();
            let mut made = 0;
            let some = wanted.take_while(|ordinal| {
                made += usize::from(missing(ordinal));
                made <= BURST
            });
            self.in_batches(some.collect(), |sync, ordinal| {
                sync.living(*ordinal, roster.at(*ordinal), revisions)
            })?
        };
        if next == Next::Stop {
            return Ok(Next::Stop);
        }
        for (_, (uid, pod)) in &roster.condemned {
            self.own_claims(*uid, &pod.metadata.name, true);
        }
        let first_unavailable = roster
            .condemned
            .iter()
            .rfind(|(_, (_, pod))| pods::is_unavailable(self.cx, pod, &self.spec))
            .map(|(_, (uid, _))| *uid);
        let step = |sync: &mut Self, (ordinal, member): &(i64, Member)| {
            Ok(sync.condemned(*ordinal, member, first_unavailable))
        };
        if self.ordered() {
            self.one_by_one(roster.condemned.iter().cloned(), step)
        } else {
            self.in_batches(roster.condemned.clone(), step)
        }
    }

    /// Whether Pods are made and deleted one after the other.
    pub(super) fn ordered(&self) -> bool {
        self.spec.pod_management_policy != "Parallel"
    }

    /// Takes a step for each, until one of them says stop.
    fn one_by_one<T>(
        &mut self,
        all: impl Iterator<Item = T>,
        mut step: impl FnMut(&mut Self, &T) -> Result<Next, Failure>,
    ) -> Result<Next, Failure> {
        for one in all {
            if step(self, &one)? == Next::Stop {
                return Ok(Next::Stop);
            }
        }
        Ok(Next::GoOn)
    }

    /// Takes a step for all, in batches of 1, 2, 4, … up to the first batch in which one fails (`slowStartBatch`).
    fn in_batches<T>(
        &mut self,
        all: Vec<T>,
        mut step: impl FnMut(&mut Self, &T) -> Result<Next, Failure>,
    ) -> Result<Next, Failure> {
        let (mut rest, mut size) = (&*all, 1);
        while !rest.is_empty() {
            let (batch, others) = rest.split_at(rest.len().min(size));
            let results: Vec<_> = batch.iter().map(|one| step(self, one)).collect();
            if let Some(failure) = results.into_iter().find_map(Result::err) {
                return Err(failure);
            }
            (rest, size) = (others, (size * 2).min(BURST));
        }
        Ok(Next::GoOn)
    }

    /// One Pod among those wanted (`processReplica`).
    fn living(&mut self, ordinal: i64, found: Option<&Member>, revisions: &Revisions) -> Result<Next, Failure> {
        let Some((uid, pod)) = found else {
            self.create(ordinal, revisions)?;
            return Ok(if self.ordered() { Next::Stop } else { Next::GoOn });
        };
        if pod.status.phase.is_terminal() {
            if !pods::is_terminating(pod) {
                let rule = StatefulSetRule::Ended {
                    ordinal: small(ordinal),
                };
                self.delete(*uid, pod, rule, "");
            }
            return Ok(Next::Stop);
        }
        self.make_missing_claims(*uid, pod)?;
        if let Some(why) = self.waits_for(pod).filter(|_| self.ordered()) {
            let old = *pods::revision(pod) != *revisions.update.object.metadata.name;
            let why = if old && why == Wait::NotReady { Wait::Stuck } else { why };
            self.wait = Some((small(ordinal), why));
            return Ok(Next::Stop);
        }
        self.keep_identity(ordinal, *uid, pod);
        Ok(Next::GoOn)
    }

    /// Why nothing else may be done before this Pod has changed.
    pub(super) fn waits_for(&self, pod: &Pod) -> Option<Wait> {
        if pods::is_terminating(pod) {
            Some(Wait::Terminating)
        } else if !pods::is_running_and_ready(pod) {
            Some(Wait::NotReady)
        } else if !pods::is_available(self.cx, pod, &self.spec) {
            Some(Wait::NotAvailable)
        } else {
            None
        }
    }

    pub(super) fn delete(&mut self, uid: Uid, pod: &Pod, rule: StatefulSetRule, field: &'static str) {
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

    /// One Pod beyond the number wanted; the highest ordinal comes first (`processCondemned`).
    fn condemned(&mut self, ordinal: i64, (uid, pod): &Member, first_unavailable: Option<Uid>) -> Next {
        let ordinal = small(ordinal);
        if pods::is_terminating(pod) {
            if !self.ordered() {
                return Next::GoOn;
            }
            self.wait = Some((ordinal, Wait::Terminating));
            return Next::Stop;
        }
        let why = self
            .waits_for(pod)
            .filter(|_| self.ordered() && first_unavailable != Some(*uid));
        if let Some(why) = why {
            self.wait = Some((ordinal, why));
            return Next::Stop;
        }
        let rule = StatefulSetRule::ScaledDown {
            ordinal,
            desired: small(self.spec.replicas),
        };
        self.delete(*uid, pod, rule, "replicas");
        Next::Stop
    }

    /// Says once what the StatefulSet waits for.
    fn note_wait(&mut self) {
        let before = self.waits.get(&self.own.uid).copied();
        if before == self.wait {
            return;
        }
        match self.wait {
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
