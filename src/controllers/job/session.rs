//! One look at a Job: its Pods counted, and whether it ends.
//! Twin: pkg/controller/job/job_controller.go (v1.36.2)
//! Covers: syncJobCtx, getNewFinishedPods, pastBackoffLimitOnFailure, pastActiveDeadline, the conditions in syncJob
//! Left out: nothing of these

use std::rc::Rc;

use super::backoff::{Backoff, finished_at};
use super::finish::Finish;
use super::indexes::{Intervals, completion_index, failure_counts};
use super::pods::{is_failed, is_tracked};
use super::{pod_failure_policy, small, success_policy};
use crate::api::workload::{JobSpec, JobStatus, Uncounted};
use crate::api::{Phase, Pod, RestartPolicy, Time};
use crate::apiserver::{StoredWorkload, is_ready};
use crate::controllers::pod_control::{is_active, is_terminating};
use crate::machine::Uid;
use crate::map::Map;
use crate::time::{Calendar, Duration, Instant};
use crate::trace::{EntryId, FailureAction, JobRule};

/// A Pod with its identity.
pub type PodRef = (Uid, Rc<Pod>);

/// What one sync sees and decides.
pub struct Session {
    pub job: StoredWorkload,
    pub spec: Rc<JobSpec>,
    /// The status as it is to be written.
    pub status: JobStatus,
    /// The entry that led to this sync.
    pub because: Option<EntryId>,
    /// The clock.
    pub calendar: Calendar,
    /// All Pods of the Job.
    pub pods: Vec<PodRef>,
    /// Those that neither ended nor are being deleted.
    pub active: Vec<PodRef>,
    /// Successes, those included that are not counted yet.
    pub succeeded: i64,
    /// Failures in the same way.
    pub failed: i64,
    /// Pods on their way out, those included that this sync deletes.
    pub terminating: i64,
    /// Ready ones among the active.
    pub ready: i64,
    /// Failures since the last success, with the new ones.
    pub backoff: Backoff,
    /// Indexes that had succeeded before, and those that have now.
    pub indexes: (Intervals, Intervals),
    /// Indexes that failed for good, if failures are counted by index.
    pub failed_indexes: Option<Intervals>,
    /// Per index the Pod that failed and waits, with its finalizer, for the one that replaces it.
    pub waiting: Map<i64, PodRef>,
    /// How the Job ends, if it does.
    pub finish: Option<Finish>,
    /// The rule that ends it, and the field behind it, when it was decided in this sync.
    pub ending: Option<(JobRule, &'static str)>,
}

impl Session {
    pub fn new(
        job: StoredWorkload,
        pods: Vec<PodRef>,
        backoff: Backoff,
        because: Option<EntryId>,
        now: Instant,
        calendar: Calendar,
    ) -> Session {
        let (spec, status) = match job.object.job() {
            Some((spec, status)) => (spec.clone(), (**status).clone()),
            None => Default::default(),
        };
        let active: Vec<PodRef> = pods.iter().filter(|(_, pod)| is_active(pod)).cloned().collect();
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let mut session = Session {
            terminating: count(pods.iter().filter(|(_, pod)| is_terminating(pod)).count()),
            ready: count(active.iter().filter(|(_, pod)| is_ready(pod)).count()),
            job,
            spec,
            status,
            because,
            calendar,
            pods,
            active,
            succeeded: 0,
            failed: 0,
            backoff,
            indexes: Default::default(),
            failed_indexes: None,
            waiting: Map::new(),
            finish: None,
            ending: None,
        };
        session.count(now);
        session
    }

    /// Adds up what has ended since the last sync.
    fn count(&mut self, now: Instant) {
        let uncounted = self.status.uncounted_terminated_pods.get_or_insert_default().clone();
        let new = |known: &[Rc<str>], ended: &dyn Fn(&Pod) -> bool| -> Vec<Rc<Pod>> {
            let pods = self.pods.iter().map(|(_, pod)| pod);
            let new = pods.filter(|pod| is_tracked(pod) && !known.contains(&pod.metadata.uid));
            new.filter(|pod| self.counts_for_index(pod) && ended(pod))
                .cloned()
                .collect()
        };
        let succeeded = new(&uncounted.succeeded, &|pod| pod.status.phase == Phase::Succeeded);
        let failed = new(&uncounted.failed, &|pod| is_failed(pod, &self.spec));
        let policy = self.spec.pod_failure_policy.as_ref();
        let counted = failed
            .iter()
            .filter(|pod| pod_failure_policy::counts(policy, pod))
            .count();
        let sum = |before: i64, new: usize, known: &[Rc<str>]| before + i64::try_from(new + known.len()).unwrap_or(0);
        self.succeeded = sum(self.status.succeeded, succeeded.len(), &uncounted.succeeded);
        self.failed = sum(self.status.failed, counted, &uncounted.failed);
        let ends = |pods: &[Rc<Pod>]| {
            pods.iter()
                .map(|pod| finished_at(pod, self.calendar))
                .collect::<Vec<_>>()
        };
        self.backoff = self.backoff.with(&ends(&succeeded), &ends(&failed));
        if self.status.start_time.is_none() && !self.spec.suspend {
            self.status.start_time = Some(Time(now));
        }
        if self.is_indexed() {
            self.count_indexes();
        }
    }

    fn count_indexes(&mut self) {
        let completions = self.completions();
        let before = Intervals::parse(&self.status.completed_indexes, completions);
        let of = |fits: &dyn Fn(&Pod) -> bool| {
            let pods = self.pods.iter().filter(|(_, pod)| is_tracked(pod) && fits(pod));
            let mut found: Vec<i64> = pods.filter_map(|(_, pod)| self.index_of(pod)).collect();
            crate::sort::sort(&mut found);
            found
        };
        let now = before.with(of(&|pod| pod.status.phase == Phase::Succeeded));
        let failed_now = self.spec.backoff_limit_per_index.map(|limit| {
            let before = self.status.failed_indexes.as_deref().unwrap_or_default();
            Intervals::parse(before, completions).with(of(&|pod| self.index_failed(pod, limit)))
        });
        self.succeeded = now.total();
        self.indexes = (before, now);
        if failed_now.is_some() {
            self.failed_indexes = failed_now;
            self.waiting = self.waiting_pods();
        }
    }

    /// Whether an index has failed for good with this Pod.
    fn index_failed(&self, pod: &Pod, limit: i64) -> bool {
        if !is_failed(pod, &self.spec) {
            return false;
        }
        let found = pod_failure_policy::matching(self.spec.pod_failure_policy.as_ref(), pod);
        match found.map(|found| found.action) {
            Some(FailureAction::FailIndex) => true,
            Some(FailureAction::Ignore) => false,
            _ => failure_counts(pod).0 >= limit,
        }
    }

    /// Per index the last Pod that failed, as long as the index has neither ended nor a new Pod
    /// (`getPodsWithDelayedDeletionPerIndex`). Its annotation tells the next one how many failures there were.
    fn waiting_pods(&self) -> Map<i64, PodRef> {
        let running: Vec<i64> = self
            .active
            .iter()
            .filter_map(|(_, pod)| completion_index(pod))
            .collect();
        let failures = |pod: &Pod| failure_counts(pod).0 + failure_counts(pod).1;
        let mut waiting: Map<i64, PodRef> = Map::new();
        for (uid, pod) in self
            .pods
            .iter()
            .filter(|(_, pod)| is_tracked(pod) && is_failed(pod, &self.spec))
        {
            let Some(index) = self.index_of(pod) else { continue };
            let failed = self.failed_indexes.as_ref().is_some_and(|all| all.contains(index));
            if failed || self.indexes.1.contains(index) || running.contains(&index) {
                continue;
            }
            let newer = waiting.get(&index).is_none_or(|(_, last)| {
                failures(last) <= failures(pod) && finished_at(pod, self.calendar) >= finished_at(last, self.calendar)
            });
            if newer {
                waiting.insert(index, (*uid, pod.clone()));
            }
        }
        waiting
    }

    /// Finds out whether the Job ends.
    pub fn decide(&mut self, now: Instant) {
        self.finish = Finish::told_by(&self.status);
        if self.finish.is_some() {
            return;
        }
        if let Some((finish, rule, field)) = self.failure(now) {
            self.finish = Some(finish);
            self.ending = Some((rule, field));
        } else if let Some(rule) = self.success_rule() {
            let message = format!("Matched rules at index {rule}");
            self.finish = Some(Finish::new(true, "SuccessPolicy", &message));
            self.ending = Some((JobRule::SuccessPolicy { rule }, "successPolicy"));
        }
    }

    fn success_rule(&self) -> Option<u32> {
        let policy = self.spec.success_policy.as_ref().filter(|_| self.is_indexed());
        success_policy::met(policy, self.completions(), &self.indexes.1)
    }

    fn failure(&self, now: Instant) -> Option<(Finish, JobRule, &'static str)> {
        let fails = |reason: &str, message: &str| Finish::new(false, reason, message);
        let spec = &self.spec;
        if let Some(found) = self.policy_that_fails() {
            let (rule, action) = (found.rule, found.action);
            let finish = fails("PodFailurePolicy", &found.message);
            return Some((finish, JobRule::Policy { rule, action }, "podFailurePolicy"));
        }
        let limit = small(spec.backoff_limit);
        let restarts = self.restarts();
        let restarted = restarts.filter(|restarts| *restarts >= spec.backoff_limit.max(1));
        if self.failed > spec.backoff_limit || restarted.is_some() {
            let rule = match restarted {
                Some(restarts) => JobRule::RestartLimit {
                    restarts: small(restarts),
                    limit,
                },
                None => JobRule::BackoffLimit {
                    failed: small(self.failed),
                    limit,
                },
            };
            let finish = fails("BackoffLimitExceeded", "Job has reached the specified backoff limit");
            return Some((finish, rule, "backoffLimit"));
        }
        if let Some((_, limit)) = self.deadline_at().filter(|(at, _)| *at <= now) {
            let finish = fails("DeadlineExceeded", "Job was active longer than specified deadline");
            return Some((finish, JobRule::Deadline { limit }, "activeDeadlineSeconds"));
        }
        let failed = self.failed_indexes.as_ref().map_or(0, Intervals::total);
        if let Some(max) = spec.max_failed_indexes.filter(|max| failed > *max) {
            let message = "Job has exceeded the specified maximal number of failed indexes";
            let rule = JobRule::MaxFailedIndexes {
                failed: small(failed),
                limit: small(max),
            };
            return Some((fails("MaxFailedIndexesExceeded", message), rule, "maxFailedIndexes"));
        }
        let completions = self.completions();
        if failed > 0 && failed + self.indexes.1.total() >= completions {
            let rule = JobRule::FailedIndexes {
                failed: small(failed),
                completions: small(completions),
            };
            return Some((
                fails("FailedIndexes", "Job has failed indexes"),
                rule,
                "backoffLimitPerIndex",
            ));
        }
        None
    }

    fn policy_that_fails(&self) -> Option<pod_failure_policy::Match> {
        let policy = self.spec.pod_failure_policy.as_ref()?;
        let failed = self.pods.iter().filter(|(_, pod)| is_failed(pod, &self.spec));
        let mut found = failed.filter_map(|(_, pod)| pod_failure_policy::matching(Some(policy), pod));
        found.find(|found| found.action == FailureAction::FailJob)
    }

    /// Restarts of all containers of Pods that are still on their way, if the kubelet restarts them.
    fn restarts(&self) -> Option<i64> {
        if self.spec.template.spec.restart_policy != RestartPolicy::OnFailure {
            return None;
        }
        let going = self.pods.iter().filter(|(_, pod)| !pod.status.phase.is_terminal());
        let statuses = going.flat_map(|(_, pod)| {
            let init = &pod.status.init_container_statuses;
            init.iter().chain(&pod.status.container_statuses)
        });
        Some(statuses.map(|status| status.restart_count).sum())
    }

    /// When `activeDeadlineSeconds` is over, with its length.
    fn deadline_at(&self) -> Option<(Instant, Duration)> {
        let limit = Duration::from_secs(self.spec.active_deadline_seconds?);
        let start = self.calendar.trunc(self.status.start_time?.0);
        (!self.spec.suspend).then_some((start + limit, limit))
    }

    /// When the Job has to be looked at again, should nothing happen before.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline_at().filter(|_| self.finish.is_none()).map(|(at, _)| at)
    }

    pub fn is_indexed(&self) -> bool {
        self.spec.completion_mode == "Indexed"
    }

    pub fn completions(&self) -> i64 {
        self.spec.completions.unwrap_or(0)
    }

    /// A Pod's index, if it is one of the Job's.
    pub fn index_of(&self, pod: &Pod) -> Option<i64> {
        completion_index(pod).filter(|index| *index < self.completions())
    }

    fn counts_for_index(&self, pod: &Pod) -> bool {
        !self.is_indexed() || self.index_of(pod).is_some()
    }

    /// Pods that have ended and are not counted yet.
    pub fn uncounted(&mut self) -> &mut Uncounted {
        self.status.uncounted_terminated_pods.get_or_insert_default()
    }
}
