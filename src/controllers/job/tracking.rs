//! Counting the Pods that ended: their uids go to the status, then they lose the finalizer, then they are counted.
//! Twin: pkg/controller/job/job_controller.go (v1.36.2)
//! Covers: trackJobStatusAndRemoveFinalizers, canRemoveFinalizer, flushUncountedAndRemoveFinalizers, enactJobFinished
//! Left out: the failure of single requests

use std::rc::Rc;

use super::finish::Finish;
use super::manage::on_pod;
use super::pods::{TRACKING, is_failed, is_tracked};
use super::session::{PodRef, Session};
use super::{JobController, Said, decided, pod_failure_policy, small};
use crate::api::workload::{JobStatus, Status};
use crate::api::{Phase, Pod};
use crate::apiserver::ApiServer;
use crate::machine::{Cx, Latency, Uid};
use crate::sort;
use crate::time::Instant;
use crate::trace::{EntryId, JobRule};

/// At most so many Pods wait in the status for being counted.
const MOST_UNCOUNTED: usize = 500;

/// The second half of a sync, which follows the first write of the status.
#[derive(Clone, Debug)]
pub struct Flush {
    /// When it is due.
    pub at: Instant,
    /// Pods that lose the finalizer.
    pods: Vec<Uid>,
    /// How the Job ends, once nothing is left to be counted.
    finish: Option<Finish>,
    because: Option<EntryId>,
}

impl JobController {
    /// Writes the status, and begins the second half if there is anything to do in it.
    pub(super) fn track(&mut self, cx: &mut Cx, api: &mut ApiServer, mut session: Session) {
        let (pods, all) = gather(&mut session);
        session.status.terminating = Some(session.terminating);
        session.status.ready = Some(session.ready);
        if let Some(finish) = &session.finish {
            finish.tell(&mut session.status, cx.now);
        }
        let uid = session.job.uid;
        let mut because = session.because;
        tell_policy(cx, api, &session, &pods);
        if !pods.is_empty() {
            let (succeeded, failed) = new_counts(&session);
            let rule = JobRule::Counted { succeeded, failed };
            because = Some(decided(cx, &session.job, rule, "", because));
        }
        let status = Rc::new(session.status);
        if api.update_workload_status(cx, uid, because, Status::Job(status)) {
            self.backoffs.insert(uid, session.backoff);
        }
        let finish = session.finish.filter(|_| all && session.terminating == 0);
        if !pods.is_empty() || finish.is_some() {
            let at = cx.now + cx.draw(Latency::JobCounted, uid.0);
            let flush = Flush {
                at,
                pods,
                finish,
                because,
            };
            self.flushes.insert(uid, flush);
        }
    }

    /// The second half: finalizers go, what they held is counted, and the Job ends if it is to.
    pub(super) fn flush(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, flush: Flush) {
        for pod in &flush.pods {
            api.remove_finalizer(cx, *pod, TRACKING, flush.because);
        }
        let Some(job) = api.workload(uid).cloned() else { return };
        let Some((_, before)) = job.object.job() else { return };
        let mut status = (**before).clone();
        let tracked: Vec<Rc<str>> = {
            let pods = api.pods_of(uid).filter(|stored| is_tracked(&stored.pod));
            pods.map(|stored| stored.pod.metadata.uid.clone()).collect()
        };
        let left = count_uncounted(&mut status, &tracked);
        let mut because = flush.because;
        let finish = flush.finish.filter(|_| left == 0);
        if let Some(finish) = &finish {
            let rule = JobRule::Ended {
                complete: finish.complete,
            };
            because = Some(decided(cx, &job, rule, "", because));
            finish.end(&mut status, cx.now);
        }
        api.update_workload_status(cx, uid, because, Status::Job(Rc::new(status)));
        if let Some(finish) = finish {
            let (reason, message) = match finish.complete {
                true => ("Completed", "Job completed"),
                false => (&*finish.reason, &*finish.message),
            };
            let said = Said {
                job: &job,
                because,
                warning: !finish.complete,
                reason,
                message,
            };
            self.event(cx, api, &said);
        }
    }
}

/// Writes down which rule of the Pod failure policy each Pod that failed meets.
fn tell_policy(cx: &mut Cx, api: &ApiServer, session: &Session, pods: &[Uid]) {
    let policy = session.spec.pod_failure_policy.as_ref();
    let failed = session
        .pods
        .iter()
        .filter(|(uid, pod)| pods.contains(uid) && is_failed(pod, &session.spec));
    for (uid, pod) in failed.filter(|_| policy.is_some()) {
        if let Some(found) = pod_failure_policy::matching(policy, pod) {
            let (rule, action) = (found.rule, found.action);
            on_pod(cx, api, *uid, JobRule::Policy { rule, action }, session.because);
        }
    }
}

/// Puts the Pods that ended into the status. Returns those that may lose the finalizer, and whether these are all.
fn gather(session: &mut Session) -> (Vec<Uid>, bool) {
    let mut ready: Vec<PodRef> = session
        .pods
        .iter()
        .filter(|(uid, pod)| is_tracked(pod) && may_go(session, *uid, pod))
        .cloned()
        .collect();
    if session.is_indexed() {
        sort::sort_by_key(&mut ready, |(_, pod)| super::indexes::completion_index(pod));
    }
    let fails = session.finish.as_ref().is_some_and(|finish| !finish.complete);
    let indexed = session.is_indexed();
    let mut pods = Vec::new();
    let mut new_indexes: Vec<i64> = Vec::new();
    let mut all = true;
    for (uid, pod) in ready {
        pods.push(uid);
        let own = session.index_of(&pod);
        let id = pod.metadata.uid.clone();
        let failed_before = session.uncounted().failed.contains(&id);
        if pod.status.phase == Phase::Succeeded && !failed_before {
            match own {
                Some(index) if indexed && !session.indexes.0.contains(index) => new_indexes.push(index),
                None if !indexed && !session.uncounted().succeeded.contains(&id) => {
                    session.uncounted().succeeded.push(id)
                }
                _ => {}
            }
        } else if (is_failed(&pod, &session.spec) || fails)
            && !failed_before
            && (!indexed || own.is_some())
            && pod_failure_policy::counts(session.spec.pod_failure_policy.as_ref(), &pod)
        {
            session.uncounted().failed.push(id);
        }
        let uncounted = session.uncounted();
        if new_indexes.len() + uncounted.succeeded.len() + uncounted.failed.len() >= MOST_UNCOUNTED {
            all = false;
            break;
        }
    }
    if indexed {
        // Only what this sync could take in is told; the rest follows in the next one.
        let told = session.indexes.0.with(new_indexes);
        session.status.succeeded = told.total();
        session.status.completed_indexes = told.to_string().into();
        session.status.failed_indexes = session.failed_indexes.as_ref().map(|failed| failed.to_string().into());
    }
    (pods, all)
}

/// Whether the finalizer of a Pod may go (`canRemoveFinalizer`).
fn may_go(session: &Session, uid: Uid, pod: &Pod) -> bool {
    if session.job.object.is_deleted() || session.finish.is_some() || pod.status.phase == Phase::Succeeded {
        return true;
    }
    let waits = |index: i64| session.waiting.get(&index).is_some_and(|(waiting, _)| *waiting == uid);
    is_failed(pod, &session.spec) && !super::indexes::completion_index(pod).is_some_and(waits)
}

/// What this sync adds to the counts.
fn new_counts(session: &Session) -> (u32, u32) {
    let uncounted = session.status.uncounted_terminated_pods.clone().unwrap_or_default();
    let indexes = session.indexes.1.total() - session.indexes.0.total();
    let number = |list: &[Rc<str>]| i64::try_from(list.len()).unwrap_or(0);
    (
        small(number(&uncounted.succeeded) + indexes),
        small(number(&uncounted.failed)),
    )
}

/// Counts what has no finalizer any more. Returns how many are left.
fn count_uncounted(status: &mut JobStatus, tracked: &[Rc<str>]) -> usize {
    let uncounted = status.uncounted_terminated_pods.get_or_insert_default();
    let mut done = [0, 0];
    for (list, done) in [&mut uncounted.succeeded, &mut uncounted.failed]
        .into_iter()
        .zip(&mut done)
    {
        let before = list.len();
        list.retain(|uid| tracked.contains(uid));
        *done = i64::try_from(before - list.len()).unwrap_or(0);
    }
    let left = uncounted.succeeded.len() + uncounted.failed.len();
    let [succeeded, failed] = done;
    status.succeeded += succeeded;
    status.failed += failed;
    left
}
