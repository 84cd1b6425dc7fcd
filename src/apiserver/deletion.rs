//! Graceful deletion of Pods. spec/04 §5.

use super::ApiServer;
use crate::api::Time;
use crate::machine::{Cx, Uid};
use crate::time::Duration;
use crate::trace::{Cause, EntryId, FieldBase, Rule, What};

/// What a client asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeleteRequest {
    /// Seconds; the Pod's own when missing.
    pub grace: Option<i64>,
    /// The entry of the trace that asks.
    pub because: Option<EntryId>,
}

/// What became of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteOutcome {
    /// The object is gone.
    Gone,
    /// The object is marked and stays until the kubelet is done.
    Marked,
    /// Nothing changed.
    Unchanged,
}

impl ApiServer {
    /// Deletes a Pod as the API does.
    ///
    /// The grace is the request's, else the Pod's; 0 when it is not bound or already terminal. 0 removes at once, a
    /// first grace above 0 marks, a second one can only shorten.
    pub fn delete_pod(&mut self, cx: &mut Cx, uid: Uid, request: DeleteRequest) -> DeleteOutcome {
        let Some(stored) = self.pod(uid) else {
            return DeleteOutcome::Unchanged;
        };
        let (pod, lane) = (stored.pod.clone(), stored.lanes.pod);
        let mut grace = request
            .grace
            .unwrap_or(pod.spec.termination_grace_period_seconds.unwrap_or(30));
        if grace < 0 {
            grace = 1;
        }
        if pod.spec.node_name.is_empty() || pod.status.phase.is_terminal() {
            grace = 0;
        }
        let seconds = Duration::from_secs(grace);
        let mirror = super::is_static(&pod);
        let rule = Rule::DeletionMarked { grace: seconds, mirror };
        let mut cause = Cause::of(rule).after(request.because);
        if request.grace.is_none() {
            cause = cause.field(FieldBase::PodSpec, "terminationGracePeriodSeconds");
        }
        if grace == 0 {
            let marked = cx.log.instant(lane, cx.now, What::Object("deleted".into()), cause);
            self.set_marked(uid, marked);
            self.finish_delete(cx, uid, Some(marked));
            return match self.pod(uid) {
                Some(_) => DeleteOutcome::Marked,
                None => DeleteOutcome::Gone,
            };
        }
        match pod.metadata.deletion_grace_period_seconds {
            Some(before) if grace >= before => return DeleteOutcome::Unchanged,
            _ => {}
        }
        let marked = cx
            .log
            .instant(lane, cx.now, What::Object("marked for deletion".into()), cause);
        self.set_marked(uid, marked);
        let now = cx.now;
        self.update_pod(cx, uid, Some(marked), |pod| {
            let meta = &mut pod.metadata;
            if meta.deletion_timestamp.is_none() {
                meta.generation += 1;
            }
            meta.deletion_timestamp = Some(Time(now + seconds));
            meta.deletion_grace_period_seconds = Some(grace);
        });
        DeleteOutcome::Marked
    }

    /// Removes a Pod: watchers see it once more with a grace of 0, then they see it go, unless a finalizer holds it.
    pub fn finish_delete(&mut self, cx: &mut Cx, uid: Uid, cause: Option<EntryId>) {
        let now = cx.now;
        self.update_pod(cx, uid, cause, |pod| {
            let meta = &mut pod.metadata;
            if meta.deletion_timestamp.is_none() {
                meta.deletion_timestamp = Some(Time(now));
            }
            meta.deletion_grace_period_seconds = Some(0);
        });
        // Finalizers hold the object, whatever became of its containers.
        if self
            .pod(uid)
            .is_some_and(|stored| stored.pod.metadata.finalizers.is_empty())
        {
            self.remove_pod(cx, uid, cause);
        }
    }
}
