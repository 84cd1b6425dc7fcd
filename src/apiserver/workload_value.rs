//! Statuses of workloads as `GET` answers them. Order of fields and what is left out when empty follow the types of
//! `k8s.io/api/apps/v1` and `k8s.io/api/batch/v1`, Kubernetes 1.36.

use crate::api::Time;
use crate::api::workload::{
    Condition, CronJobStatus, DaemonSetStatus, DeploymentStatus, JobStatus, ObjectReference, ReplicaSetStatus,
    StatefulSetStatus, Status, Uncounted,
};
use crate::manifest::Value;
use crate::time::Calendar;

/// Members of an object in the order of writing.
struct Members {
    all: Vec<(String, Value)>,
    calendar: Calendar,
}

impl Members {
    fn new(calendar: Calendar) -> Self {
        Members {
            all: Vec::new(),
            calendar,
        }
    }

    fn put(mut self, key: &str, value: Value) -> Self {
        self.all.push((key.to_owned(), value));
        self
    }

    /// A number that is left out when 0.
    fn count(self, key: &str, n: i64) -> Self {
        if n == 0 { self } else { self.put(key, n.into()) }
    }

    /// A number that is left out when missing.
    fn maybe(self, key: &str, n: Option<i64>) -> Self {
        match n {
            Some(n) => self.put(key, n.into()),
            None => self,
        }
    }

    fn text(self, key: &str, text: &str) -> Self {
        if text.is_empty() {
            self
        } else {
            self.put(key, text.into())
        }
    }

    fn time(self, key: &str, at: Option<Time>) -> Self {
        match at {
            Some(Time(at)) => {
                let text = self.calendar.rfc3339(at);
                self.put(key, text.into())
            }
            None => self,
        }
    }

    fn list(self, key: &str, items: Vec<Value>) -> Self {
        if items.is_empty() {
            self
        } else {
            self.put(key, Value::Seq(items))
        }
    }

    fn conditions(self, all: &[Condition]) -> Self {
        let calendar = self.calendar;
        let items = all.iter().map(|c| {
            Members::new(calendar)
                .text("type", &c.kind)
                .text("status", &c.status)
                .time("lastProbeTime", c.last_probe_time)
                .time("lastUpdateTime", c.last_update_time)
                .time("lastTransitionTime", c.last_transition_time)
                .text("reason", &c.reason)
                .text("message", &c.message)
                .done()
        });
        self.list("conditions", items.collect())
    }

    fn done(self) -> Value {
        Value::Map(self.all)
    }
}

/// The status as plain data; empty before its first write.
pub fn status_value(status: &Status, calendar: Calendar) -> Value {
    let members = Members::new(calendar);
    match status {
        Status::Deployment(s) => deployment(s, members),
        Status::ReplicaSet(s) => replica_set(s, members),
        Status::StatefulSet(s) => stateful_set(s, members),
        Status::DaemonSet(s) => daemon_set(s, members),
        Status::Job(s) => job(s, members),
        Status::CronJob(s) => cron_job(s, members),
        Status::None => members,
    }
    .done()
}

fn deployment(s: &DeploymentStatus, members: Members) -> Members {
    members
        .count("observedGeneration", s.observed_generation)
        .count("replicas", s.replicas)
        .count("updatedReplicas", s.updated_replicas)
        .count("readyReplicas", s.ready_replicas)
        .count("availableReplicas", s.available_replicas)
        .count("unavailableReplicas", s.unavailable_replicas)
        .maybe("terminatingReplicas", s.terminating_replicas)
        .conditions(&s.conditions)
        .maybe("collisionCount", s.collision_count)
}

fn replica_set(s: &ReplicaSetStatus, members: Members) -> Members {
    members
        .put("replicas", s.replicas.into())
        .count("fullyLabeledReplicas", s.fully_labeled_replicas)
        .count("readyReplicas", s.ready_replicas)
        .count("availableReplicas", s.available_replicas)
        .maybe("terminatingReplicas", s.terminating_replicas)
        .count("observedGeneration", s.observed_generation)
        .conditions(&s.conditions)
}

fn stateful_set(s: &StatefulSetStatus, members: Members) -> Members {
    members
        .count("observedGeneration", s.observed_generation)
        .put("replicas", s.replicas.into())
        .count("readyReplicas", s.ready_replicas)
        .count("currentReplicas", s.current_replicas)
        .count("updatedReplicas", s.updated_replicas)
        .text("currentRevision", &s.current_revision)
        .text("updateRevision", &s.update_revision)
        .maybe("collisionCount", s.collision_count)
        .conditions(&s.conditions)
        .put("availableReplicas", s.available_replicas.into())
}

fn daemon_set(s: &DaemonSetStatus, members: Members) -> Members {
    members
        .put("currentNumberScheduled", s.current_number_scheduled.into())
        .put("numberMisscheduled", s.number_misscheduled.into())
        .put("desiredNumberScheduled", s.desired_number_scheduled.into())
        .put("numberReady", s.number_ready.into())
        .count("observedGeneration", s.observed_generation)
        .count("updatedNumberScheduled", s.updated_number_scheduled)
        .count("numberAvailable", s.number_available)
        .count("numberUnavailable", s.number_unavailable)
        .maybe("collisionCount", s.collision_count)
}

fn job(s: &JobStatus, members: Members) -> Members {
    let calendar = members.calendar;
    let members = members
        .conditions(&s.conditions)
        .time("startTime", s.start_time)
        .time("completionTime", s.completion_time)
        .count("active", s.active)
        .count("succeeded", s.succeeded)
        .count("failed", s.failed)
        .maybe("terminating", s.terminating)
        .text("completedIndexes", &s.completed_indexes);
    let members = match &s.failed_indexes {
        Some(indexes) => members.put("failedIndexes", (&**indexes).into()),
        None => members,
    };
    let members = match &s.uncounted_terminated_pods {
        Some(pods) => members.put("uncountedTerminatedPods", uncounted(pods, calendar)),
        None => members,
    };
    members.maybe("ready", s.ready)
}

fn uncounted(pods: &Uncounted, calendar: Calendar) -> Value {
    let uids = |list: &[std::rc::Rc<str>]| list.iter().map(|uid| (&**uid).into()).collect();
    Members::new(calendar)
        .list("succeeded", uids(&pods.succeeded))
        .list("failed", uids(&pods.failed))
        .done()
}

fn cron_job(s: &CronJobStatus, members: Members) -> Members {
    let calendar = members.calendar;
    let reference = |r: &ObjectReference| {
        Members::new(calendar)
            .text("kind", r.kind)
            .text("namespace", &r.namespace)
            .text("name", &r.name)
            .text("uid", &r.uid)
            .text("apiVersion", r.api_version)
            .done()
    };
    members
        .list("active", s.active.iter().map(reference).collect())
        .time("lastScheduleTime", s.last_schedule_time)
        .time("lastSuccessfulTime", s.last_successful_time)
}
