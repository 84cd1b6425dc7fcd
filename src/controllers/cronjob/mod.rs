//! CronJobs: who hears of which change, and what one look at a CronJob does.
//! Twin: pkg/controller/cronjob/cronjob_controllerv2.go (v1.36.2)
//! Covers: the events of CronJobs and Jobs, sync, syncCronJob, cleanupFinishedJobs
//! Left out: the second look at objects that a cache may have missed

mod jobs;
mod times;

use jobs::{Child, JobName, Refusal};
use times::{NeverDue, Times, Unmet};

use super::claim::owner_of;
use super::work_queue::WorkQueue;
use crate::api::workload::{CronJobSpec, CronJobStatus, ObjectReference, Status};
use crate::api::{Time, Workload, WorkloadKind};
use crate::apiserver::{ApiServer, Change, Changed, EventSource, Propagation, Recorder, StoredWorkload};
use crate::machine::{ControllerId, Cx, Latency, Part, Uid};
use crate::map::Map;
use crate::time::schedule::Schedule;
use crate::time::zone::Zone;
use crate::time::{Duration, Instant, load_location};
use crate::trace::{Cause, CronJobRule, EntryId, FieldBase, Rule, WatchKind, What};

use std::rc::Rc;

/// The controller looks so long after a scheduled time (`nextScheduleDelta`), in case clocks differ.
const AFTER: Duration = Duration::from_millis(100);

/// The controller of CronJobs.
#[derive(Clone, Debug, Default)]
pub struct CronJobController {
    queue: WorkQueue,
    /// The scheduled time that was last told to be too late, by CronJob.
    told_late: Map<Uid, i64>,
    recorder: Recorder,
}

/// What one look at a CronJob sees and decides.
struct Look {
    cron: StoredWorkload,
    spec: Rc<CronJobSpec>,
    status: CronJobStatus,
    because: Option<EntryId>,
    /// Seconds since 1970.
    now: i64,
}

impl CronJobController {
    /// Hears of a change, if it concerns a CronJob or one of its Jobs.
    pub fn observe(&mut self, cx: &mut Cx, api: &ApiServer, change: &Change) {
        let Changed::Workload { uid, before, after } = &change.object else {
            return;
        };
        match after.kind {
            WorkloadKind::CronJob if change.kind == WatchKind::Deleted => {
                self.queue.forget(*uid);
                self.recorder.forget(*uid);
                self.told_late.remove(uid);
            }
            WorkloadKind::CronJob => self.hear_of_cron_job(cx, *uid, before.as_deref(), after, change.because),
            WorkloadKind::Job => {
                let owner = owner_of(api, &after.metadata, WorkloadKind::CronJob);
                let before = before.as_deref();
                let owner_before = before.and_then(|job| owner_of(api, &job.metadata, WorkloadKind::CronJob));
                for owner in [owner, owner_before.filter(|other| owner != Some(*other))]
                    .into_iter()
                    .flatten()
                {
                    self.hear(cx, owner, change.because);
                }
            }
            _ => return,
        }
        self.alarm(cx);
    }

    /// A new schedule only sets when the CronJob is looked at next; any other change has it looked at now.
    fn hear_of_cron_job(
        &mut self,
        cx: &mut Cx,
        uid: Uid,
        before: Option<&Workload>,
        after: &Workload,
        because: Option<EntryId>,
    ) {
        let read = |object: &Workload| {
            let spec = object.cron_job().map(|(spec, _)| spec.clone());
            spec.map(|spec| (spec.schedule.clone(), spec.time_zone.clone()))
        };
        if before.is_none_or(|before| read(before) == read(after)) {
            self.hear(cx, uid, because);
        } else if let Some((spec, status)) = after.cron_job()
            && let Some(schedule) = schedule_of(spec)
        {
            let now = unix(cx, cx.now);
            self.look_again(cx, uid, times(cx, &schedule, spec, status, after).next(now));
        }
    }

    fn hear(&mut self, cx: &mut Cx, uid: Uid, because: Option<EntryId>) {
        let at = cx.now + cx.draw(Latency::CronJobSync, uid.0);
        self.queue.add(uid, at, because);
    }

    fn look_again(&mut self, cx: &mut Cx, uid: Uid, time: Option<i64>) {
        if let Some(time) = time {
            let late = cx.draw(Latency::CronJobSync, uid.0);
            self.queue.add_after(uid, instant(cx, time) + AFTER + late);
        }
    }

    fn alarm(&self, cx: &mut Cx) {
        cx.queue
            .alarm(Part::Controller(ControllerId::CronJob), self.queue.next_at());
    }

    /// Does what is due.
    pub fn poll(&mut self, cx: &mut Cx, api: &mut ApiServer) {
        while let Some((uid, because)) = self.queue.take(cx.now) {
            self.sync(cx, api, uid, because);
        }
        self.alarm(cx);
    }

    fn sync(&mut self, cx: &mut Cx, api: &mut ApiServer, uid: Uid, because: Option<EntryId>) {
        let Some(cron) = api.workload(uid).cloned() else { return };
        let Some((spec, status)) = cron.object.cron_job() else {
            return;
        };
        let mut look = Look {
            spec: spec.clone(),
            status: (**status).clone(),
            // Only time has passed: the CronJob itself is the cause.
            because: because.or(Some(cron.born)),
            now: unix(cx, cx.now),
            cron: cron.clone(),
        };
        let calendar = cx.setup.calendar;
        let children = api.workloads_of(uid).filter_map(|job| Child::new(job, calendar));
        let children: Vec<Child> = children.collect();
        self.clean_history(cx, api, &mut look, &children);
        self.follow_jobs(cx, api, &mut look, &children);
        if !cron.object.is_deleted() && !look.spec.suspend {
            let time = self.start_due(cx, api, &mut look);
            self.look_again(cx, uid, time);
        }
        let status = Status::CronJob(Rc::new(look.status));
        api.update_workload_status(cx, uid, look.because, status);
    }

    /// Finished Jobs beyond the limits go, those that started first before others.
    fn clean_history(&mut self, cx: &mut Cx, api: &mut ApiServer, look: &mut Look, children: &[Child]) {
        let limits = [
            (true, look.spec.successful_jobs_history_limit),
            (false, look.spec.failed_jobs_history_limit),
        ];
        for (successful, limit) in limits {
            let Some(limit) = limit else { continue };
            let mut finished: Vec<&Child> = children.iter().filter(|job| job.ended == Some(successful)).collect();
            crate::sort::sort_by(&mut finished, |a, b| a.by_start(b));
            let kept = usize::try_from(limit).unwrap_or(0);
            let surplus = finished.len().saturating_sub(kept);
            let field = match successful {
                true => "successfulJobsHistoryLimit",
                false => "failedJobsHistoryLimit",
            };
            let limit = u32::try_from(limit).unwrap_or(0);
            for job in finished.into_iter().take(surplus) {
                let rule = CronJobRule::HistoryLimit { successful, limit };
                let entry = decided(cx, look, rule, field);
                self.delete_job(cx, api, look, (job.uid, &job.name), entry);
            }
        }
    }

    fn delete_job(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        look: &mut Look,
        (uid, name): (Uid, &str),
        entry: EntryId,
    ) {
        api.delete_workload(cx, uid, Propagation::Background, Some(entry));
        look.status.active.retain(|job| *job.name != *name);
        let message = format!("Deleted job {name}");
        self.event(cx, api, look, Some(entry), false, ("SuccessfulDelete", &message));
    }

    /// The status follows the Jobs: which of them run, and when one last completed.
    fn follow_jobs(&mut self, cx: &mut Cx, api: &mut ApiServer, look: &mut Look, children: &[Child]) {
        for job in children {
            let known = look.status.active.iter().any(|active| active.uid == job.id);
            let Some(complete) = job.ended else {
                if !known {
                    let entry = decided(cx, look, CronJobRule::Unexpected, "");
                    let message = format!("Saw a job that the controller did not create or forgot: {}", job.name);
                    self.event(cx, api, look, Some(entry), true, ("UnexpectedJob", &message));
                }
                continue;
            };
            if known {
                look.status.active.retain(|active| active.uid != job.id);
                let entry = decided(cx, look, CronJobRule::SawCompleted, "");
                let condition = if complete { "Complete" } else { "Failed" };
                let message = format!("Saw completed job: {}, condition: {condition}", job.name);
                self.event(cx, api, look, Some(entry), false, ("SawCompletedJob", &message));
            }
            let later = job
                .completed
                .filter(|at| look.status.last_successful_time.is_none_or(|last| *at > last));
            if complete && later.is_some() {
                look.status.last_successful_time = later;
            }
        }
        let gone: Vec<ObjectReference> = {
            let there = |active: &&ObjectReference| children.iter().any(|job| job.id == active.uid);
            look.status
                .active
                .iter()
                .filter(|active| !there(active))
                .cloned()
                .collect()
        };
        for job in gone {
            look.status.active.retain(|active| active.uid != job.uid);
            let entry = decided(cx, look, CronJobRule::Missing, "");
            let message = format!("Active job went missing: {}", job.name);
            self.event(cx, api, look, Some(entry), false, ("MissingJob", &message));
        }
    }

    /// Makes the Job of the latest scheduled time, if it has none. Returns the time at which to look again.
    fn start_due(&mut self, cx: &mut Cx, api: &mut ApiServer, look: &mut Look) -> Option<i64> {
        let schedule = match read_schedule(&look.spec) {
            Ok(schedule) => schedule,
            Err((reason, message)) => {
                let entry = decided(cx, look, CronJobRule::Unreadable, "schedule");
                self.event(cx, api, look, Some(entry), true, (reason, &message));
                return None;
            }
        };
        let spec = look.spec.clone();
        let times = times(cx, &schedule, &spec, &look.status, &look.cron.object);
        let unmet = match times.most_recent(look.now, true) {
            Ok(unmet) => unmet,
            Err(NeverDue) => {
                let entry = decided(cx, look, CronJobRule::Unreadable, "schedule");
                let why = "time difference between two schedules is less than 1 second";
                let message = format!("invalid schedule: {} : {why}", spec.schedule);
                self.event(cx, api, look, Some(entry), true, ("InvalidSchedule", &message));
                return None;
            }
        };
        let Some(time) = unmet.time else {
            self.tell_late(cx, look, &times);
            return times.next(look.now);
        };
        if unmet.too_many() {
            let missed = u32::try_from(unmet.missed).unwrap_or(u32::MAX);
            let entry = decided(
                cx,
                look,
                CronJobRule::TooManyMissed { missed },
                "startingDeadlineSeconds",
            );
            let message =
                "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew";
            self.event(cx, api, look, Some(entry), true, ("TooManyMissedTimes", message));
        }
        self.start(cx, api, look, time, unmet);
        // From the times as they were before this start, as upstream.
        Times {
            last: look.status.last_schedule_time.map(|at| unix(cx, at.0)),
            ..times
        }
        .next(look.now)
    }

    /// A scheduled time beyond the deadline has no Event; the trace says it once.
    fn tell_late(&mut self, cx: &mut Cx, look: &Look, times: &Times) {
        let (Some(limit), Ok(Unmet { time: Some(time), .. })) = (times.deadline, times.most_recent(look.now, false))
        else {
            return;
        };
        if self.told_late.insert(look.cron.uid, time) == Some(time) {
            return;
        }
        let scheduled = instant(cx, time);
        let rule = CronJobRule::TooLate {
            scheduled,
            late: cx.now - scheduled,
            limit: Duration::from_secs(limit),
        };
        decided(cx, look, rule, "startingDeadlineSeconds");
    }

    /// Returns whether the CronJob is to be looked at again at its next time.
    fn start(&mut self, cx: &mut Cx, api: &mut ApiServer, look: &mut Look, time: i64, unmet: Unmet) -> bool {
        let scheduled = instant(cx, time);
        let name = JobName::new(&look.cron.object, time);
        let started = look.status.active.iter().any(|job| *job.name == *name.0);
        let last = look.status.last_schedule_time.map(|at| unix(cx, at.0));
        if started || last == Some(time) {
            return true;
        }
        let active = u32::try_from(look.status.active.len()).unwrap_or(u32::MAX);
        if look.spec.concurrency_policy == "Forbid" && active > 0 {
            let rule = CronJobRule::AlreadyActive { scheduled, active };
            let entry = decided(cx, look, rule, "concurrencyPolicy");
            let message = "Not starting job because prior execution is running and concurrency policy is Forbid";
            self.event(cx, api, look, Some(entry), false, ("JobAlreadyActive", message));
            return true;
        }
        if look.spec.concurrency_policy == "Replace" {
            for job in look.status.active.clone() {
                let Some(uid) = api.number_of(&job.uid) else { continue };
                let entry = decided(cx, look, CronJobRule::Replaced { scheduled }, "concurrencyPolicy");
                self.delete_job(cx, api, look, (uid, &job.name), entry);
            }
        }
        let rule = CronJobRule::Due {
            scheduled,
            late: cx.now - scheduled,
            missed: u32::try_from(unmet.missed.saturating_sub(1)).unwrap_or(0),
        };
        let entry = decided(cx, look, rule, "schedule");
        look.because = Some(entry);
        let (reference, made) = match jobs::create(cx, api, &look.cron, &name, time, entry) {
            Ok(made) => made,
            Err(Refusal::Taken) => return false,
            Err(Refusal::Other(why)) => {
                let message = format!("Error creating job: {why}");
                self.event(cx, api, look, Some(entry), true, ("FailedCreate", &message));
                self.queue.add_rate_limited(look.cron.uid, cx.now);
                return false;
            }
        };
        if made {
            let message = format!("Created job {}", reference.name);
            self.event(cx, api, look, Some(entry), false, ("SuccessfulCreate", &message));
        }
        look.status.active.push(reference);
        look.status.last_schedule_time = Some(Time(scheduled));
        true
    }

    fn event(
        &mut self,
        cx: &mut Cx,
        api: &mut ApiServer,
        look: &Look,
        because: Option<EntryId>,
        warning: bool,
        (reason, message): (&str, &str),
    ) {
        let meta = &look.cron.object.metadata;
        let object = format!("CronJob/{}", meta.name);
        let source = EventSource {
            uid: look.cron.uid,
            object: &object,
            namespace: &meta.namespace,
            field_path: "",
            component: "cronjob-controller",
            lane: look.cron.lane,
            because,
        };
        self.recorder.event(cx, api, &source, warning, reason, message);
    }
}

fn unix(cx: &Cx, at: Instant) -> i64 {
    cx.setup.calendar.unix(at)
}

fn instant(cx: &Cx, unix: i64) -> Instant {
    cx.setup.calendar.instant(unix)
}

fn times<'s>(
    cx: &Cx,
    schedule: &'s Schedule,
    spec: &CronJobSpec,
    status: &CronJobStatus,
    object: &Workload,
) -> Times<'s> {
    Times {
        schedule,
        created: object.metadata.creation_timestamp.map_or(0, |at| unix(cx, at.0)),
        last: status.last_schedule_time.map(|at| unix(cx, at.0)),
        deadline: spec.starting_deadline_seconds,
    }
}

/// When a CronJob is due; `None` when that cannot be read.
pub fn schedule_of(spec: &CronJobSpec) -> Option<Schedule> {
    read_schedule(spec).ok()
}

/// The schedule in its time zone, or reason and message of the Event that refuses it.
fn read_schedule(spec: &CronJobSpec) -> Result<Schedule, (&'static str, String)> {
    let zone = match &spec.time_zone {
        Some(name) => load_location(name).ok_or_else(|| {
            let message = format!("invalid timeZone: {name:?}: unknown time zone {name}");
            ("UnknownTimeZone", message)
        })?,
        None => Zone::UTC,
    };
    Schedule::parse(&spec.schedule, zone).map_err(|error| {
        let message = format!("unparseable schedule: {:?} : {error}", spec.schedule);
        ("UnparseableSchedule", message)
    })
}

/// Writes down a decision about the CronJob.
fn decided(cx: &mut Cx, look: &Look, rule: CronJobRule, field: &'static str) -> EntryId {
    let mut cause = Cause::of(Rule::CronJob(rule)).after(look.because);
    if !field.is_empty() {
        cause = cause.field(FieldBase::Workload, field);
    }
    cx.log.instant(look.cron.lane, cx.now, What::Decided("".into()), cause)
}
