//! Finished Jobs with `ttlSecondsAfterFinished` are deleted.
//! Twin: pkg/controller/ttlafterfinished/ttlafterfinished_controller.go (v1.36.2)
//! Covers: addJob, updateJob, processJob, timeLeft
//! Left out: the second look before the deletion

use super::work_queue::WorkQueue;
use crate::api::Workload;
use crate::apiserver::{ApiServer, Change, Changed, Propagation};
use crate::machine::{ControllerId, Cx, Latency, Part, Uid};
use crate::time::{Calendar, Duration, Instant};
use crate::trace::{Cause, EntryId, FieldBase, JobRule, Rule, WatchKind, What};

/// The controller.
#[derive(Clone, Debug, Default)]
pub struct TtlAfterFinished {
    queue: WorkQueue,
}

impl TtlAfterFinished {
    /// Hears of a change, if it concerns a Job that has ended and has a time to live.
    pub fn observe(&mut self, cx: &mut Cx, change: &Change) {
        let Changed::Workload { uid, after, .. } = &change.object else {
            return;
        };
        if change.kind == WatchKind::Deleted {
            self.queue.forget(*uid);
        } else if !after.is_deleted() && expires(after, cx.setup.calendar).is_some() {
            let at = cx.now + cx.draw(Latency::JobSync, uid.0);
            self.queue.add(*uid, at, change.because);
            self.alarm(cx);
        }
    }

    fn alarm(&self, cx: &mut Cx) {
        let part = Part::Controller(ControllerId::TtlAfterFinished);
        cx.queue.alarm(part, self.queue.next_at());
    }

    /// Deletes what is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        while let Some((uid, because)) = self.queue.take(cx.now) {
            self.look(cx, api, uid, because);
        }
        self.alarm(cx);
    }

    fn look(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
        let Some(stored) = api.workload(uid).filter(|stored| !stored.object.is_deleted()) else {
            return;
        };
        let Some((at, limit)) = expires(&stored.object, cx.setup.calendar) else {
            return;
        };
        if at > cx.now {
            self.queue.add_after(uid, at);
            return;
        }
        let cause = Cause::of(Rule::Job(JobRule::TimeToLive { limit }))
            .field(FieldBase::Workload, "ttlSecondsAfterFinished")
            .after(because.or(Some(stored.because)));
        let entry = cx.log.instant(stored.lane, cx.now, What::Decided("".into()), cause);
        api.delete_workload(cx, uid, Propagation::Foreground, Some(entry));
    }
}

/// When the time to live of a finished Job is over, with its length. The end counts to the second.
fn expires(object: &Workload, calendar: Calendar) -> Option<(Instant, Duration)> {
    let (spec, status) = object.job()?;
    let limit = Duration::from_secs(spec.ttl_seconds_after_finished?);
    let mut conditions = status.conditions.iter();
    let end = conditions.find(|c| matches!(&*c.kind, "Complete" | "Failed") && &*c.status == "True")?;
    Some((calendar.trunc(end.last_transition_time?.0) + limit, limit))
}
