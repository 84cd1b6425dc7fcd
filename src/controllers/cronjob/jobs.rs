//! The Jobs of a CronJob.
//! Twin: pkg/controller/cronjob/utils.go (v1.36.2)
//! Covers: getJobFromTemplate2, getJobName, byJobStartTime
//! Left out: nothing of these

use std::cmp::Ordering;
use std::rc::Rc;

use crate::api::workload::ObjectReference;
use crate::api::{Time, Workload, WorkloadKind, defaults};
use crate::apiserver::{ApiServer, CreateError, StoredWorkload};
use crate::controllers::pod_control::reference_value;
use crate::machine::{Cx, Uid};
use crate::manifest::Value;
use crate::time::zone::Zone;
use crate::time::{Calendar, Instant, load_location};
use crate::trace::EntryId;

/// The annotation with the scheduled time.
const SCHEDULED: &str = "batch.kubernetes.io/cronjob-scheduled-timestamp";

/// One Job of a CronJob.
pub struct Child {
    pub uid: Uid,
    /// The uid as text.
    pub id: Rc<str>,
    pub name: Rc<str>,
    /// Whether it has completed or failed; `None` while it has not ended.
    pub ended: Option<bool>,
    pub completed: Option<Time>,
    started: Option<Instant>,
}

impl Child {
    pub fn new(stored: &StoredWorkload, calendar: Calendar) -> Option<Child> {
        let (_, status) = stored.object.job()?;
        let has = |kind: &str| {
            status
                .conditions
                .iter()
                .any(|c| &*c.kind == kind && &*c.status == "True")
        };
        let ended = if has("Complete") {
            Some(true)
        } else {
            has("Failed").then_some(false)
        };
        Some(Child {
            uid: stored.uid,
            id: stored.object.metadata.uid.clone(),
            name: stored.object.metadata.name.clone(),
            ended,
            completed: status.completion_time,
            started: status.start_time.map(|at| calendar.trunc(at.0)),
        })
    }

    /// Those that started first come first, then by name; those that never started come last.
    pub fn by_start(&self, other: &Child) -> Ordering {
        let key = |job: &Child| (job.started.is_none(), job.started);
        key(self).cmp(&key(other)).then_with(|| self.name.cmp(&other.name))
    }
}

/// `<cronjob>-<minutes since 1970>`.
pub struct JobName(pub String);

impl JobName {
    pub fn new(cron: &Workload, time: i64) -> JobName {
        JobName(format!("{}-{}", cron.metadata.name, time.div_euclid(60)))
    }
}

/// Why a scheduled time has no Job.
pub enum Refusal {
    /// A Job of another owner has the name.
    Taken,
    /// The API server's answer.
    Other(String),
}

/// Makes the Job of a scheduled time, and says whether it was not there already: Jobs are named by the minute, and a
/// schedule may ask for several in one.
///
/// # Errors
/// Why there is none.
pub fn create(
    cx: &mut Cx,
    api: &mut ApiServer,
    cron: &StoredWorkload,
    name: &JobName,
    time: i64,
    because: EntryId,
) -> Result<(ObjectReference, bool), Refusal> {
    let mut raw = from_template(&cron.object, name, time);
    defaults::apply(&mut raw, "Job");
    match api.create_workload(cx, WorkloadKind::Job, raw, Some(because)) {
        Ok(uid) => api
            .workload(uid)
            .map(|made| (reference(made), true))
            .ok_or(Refusal::Taken),
        Err(CreateError::Other(why)) => Err(Refusal::Other(why)),
        Err(CreateError::AlreadyExists) => {
            let found = api.workload_named(WorkloadKind::Job, &cron.object.metadata.namespace, &name.0);
            let own = |job: &&StoredWorkload| {
                job.object
                    .controller()
                    .is_some_and(|o| *o.uid == *cron.object.metadata.uid)
            };
            found
                .filter(own)
                .map(|job| (reference(job), false))
                .ok_or(Refusal::Taken)
        }
    }
}

fn reference(job: &StoredWorkload) -> ObjectReference {
    let meta = &job.object.metadata;
    ObjectReference {
        api_version: WorkloadKind::Job.api_version(),
        kind: WorkloadKind::Job.as_str(),
        namespace: meta.namespace.clone(),
        name: meta.name.clone(),
        uid: meta.uid.clone(),
    }
}

fn from_template(cron: &Workload, name: &JobName, time: i64) -> Value {
    let template = cron.raw.at(&["spec", "jobTemplate"]);
    let part = |path: &[&str]| template.and_then(|template| template.at(path)).cloned();
    let mut raw = Value::Map(Vec::new());
    raw.set("apiVersion", WorkloadKind::Job.api_version().into());
    raw.set("kind", WorkloadKind::Job.as_str().into());
    let meta = raw.entry("metadata");
    meta.set("name", name.0.as_str().into());
    meta.set("namespace", (&*cron.metadata.namespace).into());
    for key in ["labels", "annotations"] {
        if let Some(value) = part(&["metadata", key]) {
            meta.set(key, value);
        }
    }
    let zone = cron
        .cron_job()
        .and_then(|(spec, _)| load_location(spec.time_zone.as_deref()?));
    let scheduled = rfc3339(time, zone.unwrap_or(Zone::UTC));
    meta.entry("annotations").set(SCHEDULED, scheduled.into());
    meta.set("ownerReferences", Value::Seq(vec![reference_value(cron)]));
    raw.set("spec", part(&["spec"]).unwrap_or_default());
    raw
}

/// A moment as the clocks of a zone show it, with their offset.
fn rfc3339(unix: i64, zone: Zone) -> String {
    let offset = zone.offset_at(unix);
    let local = Calendar::at(unix + offset).rfc3339(Instant::ZERO);
    if offset == 0 {
        return local;
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!(
        "{}{sign}{:02}:{:02}",
        local.trim_end_matches('Z'),
        minutes / 60,
        minutes % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_offset_of_their_zone() {
        for (zone, text) in [
            ("", "2026-11-28T05:14:00Z"),
            ("Asia/Tokyo", "2026-11-28T14:14:00+09:00"),
            ("America/St_Johns", "2026-11-28T01:44:00-03:30"),
        ] {
            assert_eq!(rfc3339(1_795_842_840, load_location(zone).unwrap()), text);
        }
    }
}
