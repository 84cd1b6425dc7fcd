//! The kinds that own Pods, as their controllers see them: Deployment, ReplicaSet, ReplicationController, StatefulSet,
//! DaemonSet, ControllerRevision, Job, CronJob.
//!
//! Metadata, spec and status are shared separately, since a status changes far more often than a spec. Only fields that
//! the simulation reads are typed; the stored object keeps its whole text in [`Workload::raw`].

mod batch;
mod set;
mod status;

use std::rc::Rc;

pub use batch::{CronJobSpec, JobSpec, JobTemplate};
pub use set::{
    ClaimRetention, DaemonSetSpec, DeploymentSpec, Ordinals, ReplicaSetSpec, RollingUpdate, RollingUpdatePart,
    StatefulSetSpec, Strategy,
};
pub use status::{
    Condition, CronJobStatus, DaemonSetStatus, DeploymentStatus, JobStatus, ObjectReference, ReplicaSetStatus,
    StatefulSetStatus, Uncounted,
};

use super::kinds::template_path;
use super::meta::ObjectMeta;
use super::pod::PodSpec;
use crate::fields;
use crate::manifest::Value;

/// A kind that owns Pods, or owns what owns them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkloadKind {
    /// `apps/v1`.
    Deployment,
    /// `apps/v1`.
    ReplicaSet,
    /// `v1`.
    ReplicationController,
    /// `apps/v1`.
    StatefulSet,
    /// `apps/v1`.
    DaemonSet,
    /// `apps/v1`: one revision of a StatefulSet or DaemonSet.
    ControllerRevision,
    /// `batch/v1`.
    Job,
    /// `batch/v1`.
    CronJob,
}

impl WorkloadKind {
    /// All of them.
    pub const ALL: [WorkloadKind; 8] = [
        WorkloadKind::Deployment,
        WorkloadKind::ReplicaSet,
        WorkloadKind::ReplicationController,
        WorkloadKind::StatefulSet,
        WorkloadKind::DaemonSet,
        WorkloadKind::ControllerRevision,
        WorkloadKind::Job,
        WorkloadKind::CronJob,
    ];

    /// `Deployment`.
    pub fn as_str(self) -> &'static str {
        match self {
            WorkloadKind::Deployment => "Deployment",
            WorkloadKind::ReplicaSet => "ReplicaSet",
            WorkloadKind::ReplicationController => "ReplicationController",
            WorkloadKind::StatefulSet => "StatefulSet",
            WorkloadKind::DaemonSet => "DaemonSet",
            WorkloadKind::ControllerRevision => "ControllerRevision",
            WorkloadKind::Job => "Job",
            WorkloadKind::CronJob => "CronJob",
        }
    }

    /// `apps/v1`.
    pub fn api_version(self) -> &'static str {
        match self {
            WorkloadKind::ReplicationController => "v1",
            WorkloadKind::Job | WorkloadKind::CronJob => "batch/v1",
            _ => "apps/v1",
        }
    }

    /// The kind of this name.
    pub fn of(kind: &str) -> Option<WorkloadKind> {
        WorkloadKind::ALL.into_iter().find(|k| k.as_str() == kind)
    }
}

/// One workload object at one revision.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Its kind.
    pub kind: WorkloadKind,
    /// Identity.
    pub metadata: Rc<ObjectMeta>,
    /// What is wanted.
    pub spec: Spec,
    /// What is seen.
    pub status: Status,
    /// The object after defaulting, without status.
    pub raw: Rc<Value>,
}

impl Workload {
    /// The template of its Pods as plain data.
    pub fn raw_template(&self) -> Option<&Value> {
        self.raw.at(template_path(self.kind.as_str())?)
    }

    /// The typed template of its Pods; none for a ControllerRevision.
    pub fn template(&self) -> Option<&PodTemplate> {
        Some(match &self.spec {
            Spec::Deployment(s) => &s.template,
            Spec::ReplicaSet(s) => &s.template,
            Spec::StatefulSet(s) => &s.template,
            Spec::DaemonSet(s) => &s.template,
            Spec::Job(s) => &s.template,
            Spec::CronJob(s) => &s.job_template.spec.template,
            Spec::ControllerRevision(_) => return None,
        })
    }

    /// The owner that manages it.
    pub fn controller(&self) -> Option<&super::OwnerReference> {
        self.metadata.owner_references.iter().find(|owner| owner.controller)
    }

    /// Whether its deletion was asked for.
    pub fn is_deleted(&self) -> bool {
        self.metadata.deletion_timestamp.is_some()
    }
}

/// `spec` of a workload.
#[derive(Clone, Debug)]
pub enum Spec {
    /// Of a Deployment.
    Deployment(Rc<DeploymentSpec>),
    /// Of a ReplicaSet or ReplicationController.
    ReplicaSet(Rc<ReplicaSetSpec>),
    /// Of a StatefulSet.
    StatefulSet(Rc<StatefulSetSpec>),
    /// Of a DaemonSet.
    DaemonSet(Rc<DaemonSetSpec>),
    /// A ControllerRevision has a number and data instead.
    ControllerRevision(i64),
    /// Of a Job.
    Job(Rc<JobSpec>),
    /// Of a CronJob.
    CronJob(Rc<CronJobSpec>),
}

/// `status` of a workload.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// Of a Deployment.
    Deployment(Rc<DeploymentStatus>),
    /// Of a ReplicaSet or ReplicationController.
    ReplicaSet(Rc<ReplicaSetStatus>),
    /// Of a StatefulSet.
    StatefulSet(Rc<StatefulSetStatus>),
    /// Of a DaemonSet.
    DaemonSet(Rc<DaemonSetStatus>),
    /// A ControllerRevision has none.
    None,
    /// Of a Job.
    Job(Rc<JobStatus>),
    /// Of a CronJob.
    CronJob(Rc<CronJobStatus>),
}

/// Reads spec and an empty status of an object of this kind. A text that passed validation fits.
///
/// # Errors
/// What does not fit its type.
pub fn read_spec(kind: WorkloadKind, raw: &Value) -> Result<(Spec, Status), crate::manifest::DecodeError> {
    let empty = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&empty);
    Ok(match kind {
        WorkloadKind::Deployment => (
            Spec::Deployment(Rc::new(spec.decode()?)),
            Status::Deployment(Rc::default()),
        ),
        WorkloadKind::ReplicaSet | WorkloadKind::ReplicationController => {
            let mut typed: ReplicaSetSpec = spec.decode()?;
            if kind == WorkloadKind::ReplicationController {
                typed.selector = Some(plain_selector(spec));
            }
            (Spec::ReplicaSet(Rc::new(typed)), Status::ReplicaSet(Rc::default()))
        }
        WorkloadKind::StatefulSet => (
            Spec::StatefulSet(Rc::new(spec.decode()?)),
            Status::StatefulSet(Rc::default()),
        ),
        WorkloadKind::DaemonSet => (
            Spec::DaemonSet(Rc::new(spec.decode()?)),
            Status::DaemonSet(Rc::default()),
        ),
        WorkloadKind::ControllerRevision => {
            let revision = match raw.get("revision") {
                Some(Value::Int(n)) => *n,
                _ => 0,
            };
            (Spec::ControllerRevision(revision), Status::None)
        }
        WorkloadKind::Job => (Spec::Job(Rc::new(spec.decode()?)), Status::Job(Rc::default())),
        WorkloadKind::CronJob => (Spec::CronJob(Rc::new(spec.decode()?)), Status::CronJob(Rc::default())),
    })
}

/// A ReplicationController's selector is a mapping of labels; the others' have `matchLabels`.
fn plain_selector(spec: &Value) -> Value {
    let labels = spec.get("selector").cloned().unwrap_or(Value::Map(Vec::new()));
    Value::Map(vec![("matchLabels".to_owned(), labels)])
}

/// The template from which Pods are made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodTemplate {
    /// Labels, annotations and finalizers of each Pod.
    pub metadata: ObjectMeta,
    /// Their spec.
    pub spec: Rc<PodSpec>,
}

fields!(PodTemplate { metadata, spec });

macro_rules! accessors {
    ($($name:ident, $variant:ident, $spec:ty, $status:ty;)*) => {
        impl Workload {
            $(
                /// Spec and status, when it is of this kind.
                pub fn $name(&self) -> Option<(&Rc<$spec>, &Rc<$status>)> {
                    match (&self.spec, &self.status) {
                        (Spec::$variant(spec), Status::$variant(status)) => Some((spec, status)),
                        _ => None,
                    }
                }
            )*
        }
    };
}

accessors! {
    deployment, Deployment, DeploymentSpec, DeploymentStatus;
    replica_set, ReplicaSet, ReplicaSetSpec, ReplicaSetStatus;
    stateful_set, StatefulSet, StatefulSetSpec, StatefulSetStatus;
    daemon_set, DaemonSet, DaemonSetSpec, DaemonSetStatus;
    job, Job, JobSpec, JobStatus;
    cron_job, CronJob, CronJobSpec, CronJobStatus;
}
