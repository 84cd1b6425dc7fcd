//! The rules that make entries, each with the numbers its sentence needs. The sentences are in `view/`.

mod cron_job;
mod daemon_set;
mod deployment;
mod garbage;
mod job;
mod replica_set;
mod stateful_set;

pub use cron_job::CronJobRule;
pub use daemon_set::DaemonSetRule;
pub use deployment::DeploymentRule;
pub use garbage::{Dependents, GarbageRule};
pub use job::{FailureAction, JobRule};
pub use replica_set::{DeletionRank, ReplicaSetRule};
pub use stateful_set::{ClaimOwner, StatefulSetRule, Wait};

use crate::api::pod::{PullPolicy, RestartPolicy};
use crate::time::{Duration, Instant};

/// Which of a container's probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeKind {
    /// `startupProbe`
    Startup,
    /// `livenessProbe`
    Liveness,
    /// `readinessProbe`
    Readiness,
}

impl ProbeKind {
    /// As events and tables say it: `Liveness`.
    pub fn as_str(self) -> &'static str {
        match self {
            ProbeKind::Startup => "Startup",
            ProbeKind::Liveness => "Liveness",
            ProbeKind::Readiness => "Readiness",
        }
    }
}

/// What set a grace period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraceBy {
    /// `terminationGracePeriodSeconds` of the Pod, or its default.
    Pod,
    /// The one who deleted the Pod.
    Delete,
    /// `terminationGracePeriodSeconds` of the probe that failed.
    Probe(ProbeKind),
    /// The kubelet itself: no time to lose.
    Kubelet,
}

/// A rule of Kubernetes or of the scenario. `spec` files name the sources; the twin table is in `src/README.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The scenario's step did it.
    Step,
    /// The API server stored the object.
    ApiServerStored,
    /// The scheduler bound the Pod to a node.
    SchedulerBound,
    /// No node fits.
    SchedulerNoFit,
    /// The kubelet published what it sees.
    StatusPublished,
    /// The kubelet waits for volumes, polling every 300 ms.
    VolumesWaited,
    /// A sandbox is needed before any container.
    SandboxCreated,
    /// The sandbox is gone or another one is needed: what is left is stopped first.
    SandboxChanged,
    /// An image is pulled, since the policy asks for it.
    ImagePulled {
        /// The policy.
        policy: PullPolicy,
    },
    /// The pull failed.
    ImagePullFailed {
        /// The back-off that begins.
        backoff: Duration,
    },
    /// No pull before the back-off of the image is over.
    ImagePullRefused {
        /// The current back-off.
        backoff: Duration,
        /// When it is over.
        until: Instant,
    },
    /// The next container in order is started.
    ContainerStarted,
    /// The process ended by itself.
    ProcessExited,
    /// A relist of the runtime saw that a container has ended.
    RelistSaw {
        /// A relist of this Pod alone, right after the kubelet acted on it.
        on_demand: bool,
    },
    /// An exited container is started again at once: the first restart is free.
    RestartFree,
    /// An exited container is started again, since its back-off is over.
    RestartAfterBackoff {
        /// The back-off that was waited for.
        waited: Duration,
        /// The back-off the next exit will meet.
        next: Duration,
        /// The exit from which it counts; after a kill by a probe the one before.
        since: Instant,
    },
    /// A start is refused: less than the back-off has gone by since the exit.
    BackoffRefused {
        /// The current back-off.
        backoff: Duration,
        /// What is left of it.
        left: Duration,
    },
    /// The policy says that the container stays as it ended.
    RestartPolicyStays {
        /// The policy.
        policy: RestartPolicy,
    },
    /// An exit code has a rule that starts the whole Pod again in place.
    AllContainersRestart,
    /// A probe ran on its tick.
    ProbeTick {
        /// Which.
        kind: ProbeKind,
        /// Its period.
        period: Duration,
        /// How long after the start of the container it begins.
        delay: Duration,
    },
    /// So many equal results in a row make a verdict.
    ProbeThreshold {
        /// Which.
        kind: ProbeKind,
        /// Results in a row.
        count: u32,
        /// The threshold.
        threshold: u32,
        /// Its period.
        period: Duration,
    },
    /// A failed liveness or startup probe kills the container.
    ProbeKill {
        /// Which.
        kind: ProbeKind,
    },
    /// A hook runs.
    HookRan,
    /// A failed postStart hook kills the container.
    PostStartFailed,
    /// The stop signal is sent, and the grace period runs.
    GraceStarted {
        /// Seconds granted.
        grace: Duration,
        /// Seconds that preStop and waiting took off.
        used: Duration,
        /// What granted them.
        by: GraceBy,
    },
    /// The process did not go within the grace period.
    GraceOver {
        /// Seconds granted.
        grace: Duration,
        /// Seconds that preStop and waiting had taken off.
        used: Duration,
    },
    /// A sidecar is stopped after the containers and the later sidecars.
    SidecarOrder,
    /// The object was marked for deletion.
    DeletionMarked {
        /// Seconds granted.
        grace: Duration,
        /// The object is only the mirror of a static Pod.
        mirror: bool,
    },
    /// The last trace on the node is gone, so the object goes.
    DeletionFinished,
    /// All containers are done, so the Pod is stopped.
    PodFinished,
    /// `activeDeadlineSeconds` is over.
    DeadlineExceeded {
        /// Its value.
        limit: Duration,
    },
    /// A node has said nothing for so long that its Pods count as not ready.
    NodeSilent {
        /// How long the control plane waits.
        grace: Duration,
    },
    /// A taint of the node drives the Pod away.
    TaintEvicted {
        /// How long the Pod tolerated it; `None` for not at all.
        tolerated: Option<Duration>,
    },
    /// Memory use went over the limit.
    OutOfMemory,
    /// The runtime could not start the process.
    StartFailed,
    /// Something the container needs is missing.
    ConfigMissing,
    /// An Event was written.
    EventRecorded,
    /// A Service's endpoints follow its Pods' readiness.
    EndpointsFollow,
    /// The kubelet does not take the Pod.
    KubeletRejected,
    /// The node's memory is short, and this Pod has to go.
    NodePressure,
    /// The mirror of a static Pod was deleted, and its kubelet stored a new one.
    MirrorStored,
    /// The Pod has to go so that a critical one has room.
    CriticalPodRoom,
    /// The node is being shut down.
    NodeShutdown,
    /// The Pod's node does not exist.
    PodGc,
    /// The scenario's fault did it.
    Fault,
    /// The Deployment controller did it.
    Deployment(DeploymentRule),
    /// The ReplicaSet controller did it, or the ReplicationController's.
    ReplicaSet(ReplicaSetRule),
    /// The StatefulSet controller did it.
    StatefulSet(StatefulSetRule),
    /// The DaemonSet controller did it.
    DaemonSet(DaemonSetRule),
    /// The Job controller did it.
    Job(JobRule),
    /// The CronJob controller did it.
    CronJob(CronJobRule),
    /// The garbage collector did it.
    Garbage(GarbageRule),
}
