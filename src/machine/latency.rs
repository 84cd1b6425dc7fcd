//! How long things take that no rule decides: nominal values and their spread, all from spec/07 §1.7.
//!
//! Seed 0 uses the nominal value. Any other seed draws from the distribution, from a stream named after the latency,
//! the thing and the instant, so that draws never depend on each other.

use crate::rng::Stream;
use crate::time::{Duration, Instant};

/// A latency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latency {
    /// Pod stored → bound.
    SchedBind,
    /// Bound → seen by the kubelet.
    WatchToKubelet,
    /// Seen by the kubelet → first status in the API.
    FirstStatus,
    /// Seen by the kubelet → volumes mounted, for Pods with volumes.
    Volumes,
    /// Volumes mounted → sandbox ready.
    Sandbox,
    /// Sandbox ready, or start decided → container created.
    Create,
    /// Container created → process started.
    Start,
    /// Decision to start in a sync → `Create` begins.
    Prepare,
    /// Process started → end of the pass.
    PassEnd,
    /// End of a pass → relist on demand.
    OnDemand,
    /// Relist on demand → status in the API.
    StatusOnDemand,
    /// Periodic relist → status in the API.
    StatusRelist,
    /// Tick → status in the API.
    StatusTick,
    /// Probe result → status in the API.
    StatusProbe,
    /// Sandbox ready → PodReadyToStartContainers in the API.
    StatusSandbox,
    /// Process exit → the runtime reports it.
    ExitReported,
    /// Kill begun → signal delivered.
    SignalDelivered,
    /// SIGKILL → exit.
    Killed,
    /// Exit → the kill call returns.
    KillReturns,
    /// Last exit → sandbox stopped.
    SandboxStop,
    /// Sandbox stopped → terminal status in the API.
    StatusStopped,
    /// Sandbox stopped → volumes unmounted in the background.
    Unmount,
    /// Terminated step → object removed.
    ObjectGone,
    /// Deletion mark → the kubelet's answer in the API.
    DeletionAnswer,
    /// Start-up of `kubectl`.
    Kubectl,
    /// Probe tick → command started, without its own time.
    ProbeExec,
    /// Probe tick → result over the network.
    ProbeNet,
    /// Pod ready → EndpointSlice.
    Endpoints,
    /// New resources decided → set in the cgroups.
    Resize,
    /// Each other Pod that a node starts or stops at the same time → so much later.
    Contention,
    /// Change of a Deployment or its ReplicaSets → sync of its controller.
    DeploymentSync,
    /// Change of a StatefulSet or its Pods → sync of its controller.
    StatefulSetSync,
    /// Change of a DaemonSet, its Pods or a node → sync of its controller.
    DaemonSetSync,
    /// Change of a ReplicaSet or its Pods → sync of its controller.
    ReplicaSetSync,
    /// Change of a Job, or the end of its wait → sync of its controller.
    JobSync,
    /// First status of a sync of a Job → finalizers gone and Pods counted.
    JobCounted,
    /// Change of a CronJob or its Jobs → sync of its controller.
    CronJobSync,
    /// Owner gone → the garbage collector deletes what it owned.
    GarbageCollected,
}

impl Latency {
    /// The value of this time.
    pub fn draw(self, seed: u64, thing: u32, at: Instant) -> Duration {
        let ms = Duration::from_millis;
        if seed == 0 {
            return self.nominal();
        }
        let mut stream = Stream::keyed(seed, self.name(), u64::from(thing), at.micros() as u64);
        // (fixed part, median of the log-normal part, sigma × 1000, cap), in ms.
        let (base, median, sigma, cap) = match self {
            Latency::SchedBind => (0, 5, 800, 60),
            Latency::FirstStatus => (0, 20, 500, 120),
            Latency::Volumes => (307, 6, 800, 400),
            Latency::Sandbox => (95, 65, 900, 900),
            Latency::Create => (0, 25, 700, 400),
            Latency::Start => (38, 17, 900, 700),
            Latency::StatusOnDemand => (0, 11, 500, 120),
            Latency::StatusRelist => (4, 13, 500, 120),
            Latency::StatusTick | Latency::StatusProbe => (0, 12, 500, 120),
            Latency::ExitReported | Latency::KillReturns => (18, 14, 800, 300),
            Latency::SignalDelivered => (0, 8, 700, 100),
            Latency::Killed => (15, 5, 1200, 100),
            Latency::SandboxStop => (85, 50, 900, 450),
            Latency::ObjectGone => (0, 18, 600, 120),
            Latency::DeletionAnswer => (0, 18, 500, 120),
            Latency::Kubectl => (0, 75, 300, 300),
            Latency::ProbeExec => (28, 10, 900, 400),
            Latency::Contention => (20, 110, 600, 450),
            Latency::DeploymentSync => (0, 6, 800, 60),
            Latency::StatefulSetSync => (0, 12, 800, 90),
            Latency::DaemonSetSync => (0, 5, 800, 40),
            Latency::ReplicaSetSync => (0, 8, 800, 80),
            Latency::JobSync => (0, 10, 700, 100),
            Latency::JobCounted => (4, 8, 700, 60),
            Latency::CronJobSync => (0, 6, 700, 60),
            Latency::GarbageCollected => (0, 12, 700, 80),
            Latency::ProbeNet => return stream.uniform(ms(1), ms(3)),
            _ => return self.nominal(),
        };
        let drawn = ms(base) + stream.log_normal(ms(median), sigma);
        if drawn > ms(cap) { ms(cap) } else { drawn }
    }

    /// The nominal value.
    pub fn nominal(self) -> Duration {
        Duration::from_millis(match self {
            Latency::SchedBind => 5,
            Latency::WatchToKubelet => 1,
            Latency::FirstStatus => 20,
            Latency::Volumes => 313,
            Latency::Sandbox => 160,
            Latency::Create => 25,
            Latency::Start => 55,
            Latency::Prepare => 10,
            Latency::PassEnd => 6,
            Latency::OnDemand => 3,
            Latency::StatusOnDemand => 11,
            Latency::StatusRelist => 17,
            Latency::StatusTick => 10,
            Latency::StatusProbe => 15,
            Latency::StatusSandbox => 5,
            Latency::ExitReported => 30,
            Latency::SignalDelivered => 8,
            Latency::Killed => 20,
            Latency::KillReturns => 25,
            Latency::SandboxStop => 130,
            Latency::StatusStopped => 10,
            Latency::Unmount => 130,
            Latency::ObjectGone => 18,
            Latency::DeletionAnswer => 18,
            Latency::Kubectl => 75,
            Latency::ProbeExec => 40,
            Latency::ProbeNet => 2,
            Latency::Endpoints => 8,
            Latency::Resize => 220,
            Latency::Contention => 140,
            Latency::DeploymentSync => 6,
            Latency::ReplicaSetSync => 8,
            Latency::DaemonSetSync => 4,
            Latency::StatefulSetSync => 12,
            Latency::JobSync => 10,
            Latency::JobCounted => 12,
            Latency::CronJobSync => 6,
            Latency::GarbageCollected => 12,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Latency::SchedBind => "sched.bind",
            Latency::WatchToKubelet => "kubelet.watch",
            Latency::FirstStatus => "kubelet.first",
            Latency::Volumes => "kubelet.volumes",
            Latency::Sandbox => "cri.sandbox",
            Latency::Create => "cri.create",
            Latency::Start => "cri.start",
            Latency::Prepare => "kubelet.prepare",
            Latency::PassEnd => "kubelet.pass",
            Latency::OnDemand => "kubelet.demand",
            Latency::StatusOnDemand | Latency::StatusRelist | Latency::StatusTick | Latency::StatusProbe => {
                "kubelet.sync"
            }
            Latency::StatusSandbox => "kubelet.sandbox",
            Latency::ExitReported => "cri.exit",
            Latency::SignalDelivered => "proc.term",
            Latency::Killed => "proc.kill",
            Latency::KillReturns => "cri.return",
            Latency::SandboxStop => "cri.stop",
            Latency::StatusStopped => "kubelet.stopped",
            Latency::Unmount => "kubelet.unmount",
            Latency::ObjectGone => "kubelet.gone",
            Latency::DeletionAnswer => "kubelet.answer",
            Latency::Kubectl => "kubectl.start",
            Latency::ProbeExec => "probe.exec",
            Latency::ProbeNet => "probe.net",
            Latency::Endpoints => "controller.endpoints",
            Latency::Resize => "cri.resize",
            Latency::Contention => "cri.contention",
            Latency::DeploymentSync => "controller.deployment",
            Latency::ReplicaSetSync => "controller.replicaset",
            Latency::DaemonSetSync => "controller.daemonset",
            Latency::StatefulSetSync => "controller.statefulset",
            Latency::JobSync => "controller.job",
            Latency::JobCounted => "controller.job.counted",
            Latency::CronJobSync => "controller.cronjob",
            Latency::GarbageCollected => "controller.garbage",
        }
    }
}
