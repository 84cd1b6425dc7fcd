//! How many Pods a Job has.
//! Twin: pkg/controller/job/job_controller.go (v1.36.2)
//! Covers: manageJob, deleteActivePods, deleteJobPods, activePodsForRemoval, getPodCreationInfoForIndependentIndexes
//! Left out: the batches of slow start: a creation that fails stops the sync as the first failing batch would

use std::cmp::Ordering;

use super::finish::{Finish, set_suspended};
use super::indexes::{Intervals, completion_index};
use super::pods::{NewPod, TRACKING, replaces_ended_only};
use super::session::{PodRef, Session};
use super::{JobController, Said, backoff, decided, small};
use crate::api::{Phase, Pod, Time};
use crate::apiserver::{ApiServer, is_ready};
use crate::controllers::pod_control::{create_pod, delete_pod, is_terminating, ready_since};
use crate::machine::{Cx, Uid};
use crate::sort;
use crate::time::{Calendar, Instant};
use crate::trace::{Cause, DeletionRank, EntryId, FieldBase, JobRule, Rule, What};

/// At most so many Pods are made or deleted in one sync.
const MOST: usize = 500;

impl JobController {
    /// The Job is ending: its active Pods are deleted, and keep their finalizers until they are counted.
    pub(super) fn stop_active(&mut self, cx: &mut Cx, api: &mut ApiServer, session: &mut Session) {
        if let Some((rule, field)) = session.ending {
            let because = match rule {
                JobRule::Deadline { .. } => Some(session.job.born),
                _ => session.because,
            };
            session.because = Some(decided(cx, &session.job, rule, field, because));
        }
        let active = std::mem::take(&mut session.active);
        for (uid, pod) in &active {
            let entry = on_pod(cx, api, *uid, JobRule::Ending, session.because);
            self.delete(cx, api, session, (*uid, pod), entry);
        }
        session.status.active = 0;
    }

    /// The Job goes on: Pods are made or deleted, and its success and its suspension are told. Returns whether a
    /// request failed.
    pub(super) fn go_on(&mut self, cx: &mut Cx, api: &mut ApiServer, session: &mut Session) -> bool {
        let deleted = session.job.object.is_deleted();
        let (active, failed) = match deleted {
            true => (count(session.active.len()), false),
            false => self.manage(cx, api, session),
        };
        session.status.active = active;
        let spec = session.spec.clone();
        let complete = active == 0
            && match spec.completions {
                Some(wanted) => session.succeeded >= wanted,
                None => session.succeeded > 0,
            };
        if complete {
            let rule = JobRule::Succeeded {
                succeeded: small(session.succeeded),
                completions: spec.completions.map(small),
            };
            session.because = Some(decided(cx, &session.job, rule, "completions", session.because));
            let message = "Reached expected number of succeeded pods";
            session.finish = Some(Finish::new(true, "CompletionsReached", message));
        } else if !deleted && set_suspended(&mut session.status, spec.suspend, cx.now) {
            if !spec.suspend {
                session.status.start_time = Some(Time(cx.now));
            } else if cx.setup.profile.suspended_job_loses_start {
                session.status.start_time = None;
            }
            let (reason, message) = match spec.suspend {
                true => ("Suspended", "Job suspended"),
                false => ("Resumed", "Job resumed"),
            };
            let rule = JobRule::Suspended {
                suspended: spec.suspend,
            };
            session.because = Some(decided(cx, &session.job, rule, "suspend", session.because));
            self.say(cx, api, session, false, (reason, message), session.because);
        }
        failed
    }

    /// Makes or deletes Pods (`manageJob`). Returns how many are active now, and whether a request failed.
    fn manage(&mut self, cx: &mut Cx, api: &mut ApiServer, session: &mut Session) -> (i64, bool) {
        let active = count(session.active.len());
        let wanted = if session.spec.suspend { 0 } else { wanted(session) };
        let surplus = usize::try_from(active - wanted).unwrap_or(0);
        let doomed = for_removal(session, surplus);
        if session.spec.suspend || !doomed.is_empty() {
            let number = self.remove(cx, api, session, (wanted, active), doomed);
            return (active - number, false);
        }
        let leaving = match replaces_ended_only(&session.spec) {
            true => session.terminating,
            false => 0,
        };
        let missing = usize::try_from(wanted - leaving - active).unwrap_or(0).min(MOST);
        if missing == 0 {
            return (active, false);
        }
        match self.indexes_to_add(cx, session, missing) {
            Some(indexes) => self.create(cx, api, session, active, indexes),
            // As upstream has it: while new Pods wait, the status shows no active ones.
            None => (0, false),
        }
    }

    fn remove(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        session: &mut Session,
        (wanted, active): (i64, i64),
        doomed: Vec<(PodRef, Option<DeletionRank>)>,
    ) -> i64 {
        let mut number = 0;
        for ((uid, pod), rank) in doomed {
            let rule = match rank {
                _ if session.spec.suspend => JobRule::Suspended { suspended: true },
                Some(rank) => JobRule::TooMany {
                    wanted: small(wanted),
                    active: small(active),
                    rank,
                },
                None => JobRule::WrongIndex,
            };
            let entry = on_pod(cx, api, uid, rule, session.because);
            // It is not to be counted, so nothing holds it.
            api.remove_finalizer(cx, uid, TRACKING, entry);
            self.delete(cx, api, session, (uid, &pod), entry);
            number += 1;
        }
        number
    }

    fn delete(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        session: &mut Session,
        (uid, pod): (Uid, &Pod),
        entry: Option<EntryId>,
    ) {
        delete_pod(cx, api, uid, entry);
        session.terminating += 1;
        session.ready -= i64::from(is_ready(pod));
        let message = format!("Deleted pod: {}", pod.metadata.name);
        self.say(cx, api, session, false, ("SuccessfulDelete", &message), entry);
    }

    /// The indexes of the Pods that are missing, each `None` for a Job without indexes; nothing at all while the
    /// back-off is not over.
    fn indexes_to_add(&mut self, cx: &mut Cx, session: &mut Session, missing: usize) -> Option<Vec<Option<i64>>> {
        let by_index = session.spec.backoff_limit_per_index.is_some();
        if let Some(at) = session.backoff.over_at().filter(|at| !by_index && *at > cx.now) {
            let failures = session.backoff.failures;
            let (delay, left) = (backoff::delay(failures), at - cx.now);
            self.wait(cx, session, at, JobRule::Backoff { failures, delay, left });
            return None;
        }
        if !session.is_indexed() {
            return Some(vec![None; missing]);
        }
        let indexes = pending(session, missing);
        let over_at = |index: &i64| {
            let last = session
                .waiting
                .get(index)
                .map(|(_, pod)| backoff::of_index(pod, session.calendar));
            last.and_then(|last| Some((last.over_at()?, *index, last.failures)))
                .filter(|last| last.0 > cx.now)
        };
        let now: Vec<Option<i64>> = indexes
            .iter()
            .filter(|index| over_at(index).is_none())
            .map(|i| Some(*i))
            .collect();
        if let (true, Some((at, index, failures))) = (now.is_empty(), indexes.iter().filter_map(over_at).min()) {
            let rule = JobRule::IndexBackoff {
                index: small(index),
                failures,
                delay: backoff::delay(failures),
                left: at - cx.now,
            };
            self.wait(cx, session, at, rule);
            return None;
        }
        Some(now)
    }

    fn wait(&mut self, cx: &mut Cx, session: &mut Session, at: Instant, rule: JobRule) {
        // The status that is about to be written brings a sync of its own, which would say the same once more.
        let before = self.waits.get(&session.job.uid);
        if before.is_none_or(|(until, _)| *until != at) {
            let field = match rule {
                JobRule::IndexBackoff { .. } => "backoffLimitPerIndex",
                _ => "backoffLimit",
            };
            let entry = decided(cx, &session.job, rule, field, session.because);
            self.waits.insert(session.job.uid, (at, entry));
        }
        self.queue.add_after(session.job.uid, at.max(cx.now + super::BATCH));
    }

    fn create(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        session: &mut Session,
        active: i64,
        indexes: Vec<Option<i64>>,
    ) -> (i64, bool) {
        let rule = JobRule::TooFew {
            parallelism: small(session.spec.parallelism),
            missing: session.spec.completions.map(|wanted| small(wanted - session.succeeded)),
            active: small(active),
            made: small(count(indexes.len())),
        };
        let waited = self.waits.remove(&session.job.uid).map(|(_, entry)| entry);
        let because = decided(cx, &session.job, rule, "parallelism", waited.or(session.because));
        let mut made = 0;
        for index in indexes {
            let replaces = index
                .and_then(|index| session.waiting.get(&index))
                .map(|(_, pod)| pod.clone());
            let new = NewPod {
                job: &session.job.object.metadata.name,
                spec: &session.spec,
                index,
                replaces: replaces.as_deref(),
            };
            match create_pod(cx, api, &session.job, new.name(), Some(because), |raw| new.fill(raw)) {
                Ok(uid) => {
                    let name = api.pod(uid).map(|s| s.pod.metadata.name.clone()).unwrap_or_default();
                    let message = format!("Created pod: {name}");
                    self.say(cx, api, session, false, ("SuccessfulCreate", &message), Some(because));
                    made += 1;
                }
                Err(why) => {
                    let message = format!("Error creating: {why}");
                    self.say(cx, api, session, true, ("FailedCreate", &message), Some(because));
                    return (active + made, true);
                }
            }
        }
        (active + made, false)
    }

    fn say(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        session: &Session,
        warning: bool,
        (reason, message): (&str, &str),
        because: Option<EntryId>,
    ) {
        let said = Said {
            job: &session.job,
            because,
            warning,
            reason,
            message,
        };
        self.event(cx, api, &said);
    }
}

/// Active Pods wanted: no more than successes are missing; without `completions` none are added after the first one.
fn wanted(session: &Session) -> i64 {
    let spec = &session.spec;
    match spec.completions {
        Some(completions) => (completions - session.succeeded).min(spec.parallelism).max(0),
        None if session.succeeded > 0 => count(session.active.len()),
        None => spec.parallelism,
    }
}

/// The lowest indexes that neither ended nor have a Pod.
fn pending(session: &Session, number: usize) -> Vec<i64> {
    let leaving = |pod: &Pod| is_terminating(pod) && replaces_ended_only(&session.spec);
    let own = session.pods.iter().filter(|(_, pod)| leaving(pod));
    let mut taken: Vec<i64> = session
        .active
        .iter()
        .chain(own)
        .filter_map(|(_, pod)| completion_index(pod))
        .collect();
    sort::sort(&mut taken);
    let failed = session.failed_indexes.clone().unwrap_or_default();
    let not_pending: Intervals = session.indexes.1.with(taken).merge(&failed);
    not_pending.first_missing(number, session.completions())
}

/// The Pods that go: those without a place among the indexes, then the lowest in the order of removal.
fn for_removal(session: &Session, surplus: usize) -> Vec<(PodRef, Option<DeletionRank>)> {
    let mut left = session.active.clone();
    let mut gone: Vec<(PodRef, Option<DeletionRank>)> = Vec::new();
    sort::sort_by(&mut left, |a, b| removal_order(&a.1, &b.1, session.calendar).0);
    if session.is_indexed() {
        let mut seen: Vec<i64> = Vec::new();
        // Of several Pods of one index the last in the order of removal stays.
        let mut stay: Vec<PodRef> = Vec::new();
        while let Some(pod) = left.pop() {
            match session.index_of(&pod.1).filter(|index| !seen.contains(index)) {
                Some(index) => {
                    seen.push(index);
                    stay.push(pod);
                }
                None => gone.push((pod, None)),
            }
        }
        stay.reverse();
        left = stay;
    }
    let more = surplus.saturating_sub(gone.len()).min(left.len());
    let first_kept = left.get(more).cloned();
    for pod in left.into_iter().take(more) {
        let rank = first_kept.as_ref().map_or(DeletionRank::All, |kept| {
            removal_order(&pod.1, &kept.1, session.calendar).1
        });
        gone.push((pod, Some(rank)));
    }
    gone.truncate(MOST);
    gone
}

/// Which of two Pods is removed first, and what decides it (`ActivePods.Less`).
fn removal_order(a: &Pod, b: &Pod, calendar: Calendar) -> (Ordering, DeletionRank) {
    let phase = |pod: &Pod| match pod.status.phase {
        Phase::Pending => 0,
        Phase::Running => 2,
        _ => 1,
    };
    let restarts = |pod: &Pod| {
        let all = pod.status.container_statuses.iter();
        all.map(|status| status.restart_count).max().unwrap_or(0)
    };
    let created = |pod: &Pod| pod.metadata.creation_timestamp.map(|at| calendar.trunc(at.0));
    let most = u32::try_from(restarts(a).max(restarts(b))).unwrap_or(0);
    let steps = [
        (
            a.spec.node_name.is_empty().cmp(&b.spec.node_name.is_empty()).reverse(),
            DeletionRank::NoNode,
        ),
        (phase(a).cmp(&phase(b)), DeletionRank::Phase),
        (is_ready(a).cmp(&is_ready(b)), DeletionRank::NotReady),
        (
            ready_since(b, calendar).cmp(&ready_since(a, calendar)),
            DeletionRank::ReadyLater,
        ),
        (restarts(b).cmp(&restarts(a)), DeletionRank::Restarts { restarts: most }),
        (created(b).cmp(&created(a)), DeletionRank::Newer),
    ];
    let decided = steps.into_iter().find(|(order, _)| *order != Ordering::Equal);
    decided.unwrap_or((Ordering::Equal, DeletionRank::Uid))
}

/// Writes down a decision about one Pod.
pub(super) fn on_pod(
    cx: &mut Cx,
    api: &ApiServer,
    uid: Uid,
    rule: JobRule,
    because: Option<EntryId>,
) -> Option<EntryId> {
    let lane = api.pod(uid)?.lanes.pod;
    let mut cause = Cause::of(Rule::Job(rule)).after(because);
    if let Some(field) = field_of(rule) {
        cause = cause.field(FieldBase::Workload, field);
    }
    Some(cx.log.instant(lane, cx.now, What::Decided("".into()), cause))
}

fn field_of(rule: JobRule) -> Option<&'static str> {
    match rule {
        JobRule::Suspended { .. } => Some("suspend"),
        JobRule::WrongIndex => Some("completions"),
        JobRule::Policy { .. } => Some("podFailurePolicy"),
        JobRule::TooMany { .. } => Some("parallelism"),
        // The entry of the decision that ends the Job names its field.
        _ => None,
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
