//! The lanes of one Pod, made when the Pod is stored.

use super::{LaneId, LaneKind, ProbeKind, TraceLog};
use crate::api::Container;
use crate::api::pod::Pod;

/// The lanes of a Pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodLanes {
    /// STATUS, and the Pod's own events.
    pub pod: LaneId,
    /// `status.phase`.
    pub phase: LaneId,
    /// The Ready condition.
    pub ready: LaneId,
    /// Volumes and sandbox.
    pub sandbox: LaneId,
    /// Init containers, then containers, in the order of the spec.
    pub containers: Vec<ContainerLanes>,
}

/// The lanes of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerLanes {
    /// Its instances.
    pub main: LaneId,
    /// Image pulls.
    pub image: LaneId,
    /// Hooks, when it has any.
    pub hook: Option<LaneId>,
    /// Grace periods and signals.
    pub termination: LaneId,
    /// Startup, liveness and readiness probe, as far as it has them.
    pub probes: [Option<LaneId>; 3],
}

impl ContainerLanes {
    /// The lane of a probe.
    pub fn probe(&self, kind: ProbeKind) -> LaneId {
        let index = match kind {
            ProbeKind::Startup => 0,
            ProbeKind::Liveness => 1,
            ProbeKind::Readiness => 2,
        };
        self.probes[index].unwrap_or(self.main)
    }

    fn new(log: &mut TraceLog, kind: LaneKind, parent: LaneId, container: &Container) -> Self {
        let main = log.lane(kind, Some(parent), &container.name);
        let mut under = |kind, name: &str| log.lane(kind, Some(main), name);
        let image = under(LaneKind::Image, "image");
        let hooks = container
            .lifecycle
            .as_ref()
            .is_some_and(|l| l.post_start.is_some() || l.pre_stop.is_some());
        let hook = hooks.then(|| under(LaneKind::Hook, "hooks"));
        let probes = [
            (ProbeKind::Startup, &container.startup_probe),
            (ProbeKind::Liveness, &container.liveness_probe),
            (ProbeKind::Readiness, &container.readiness_probe),
        ]
        .map(|(kind, probe)| {
            probe
                .as_ref()
                .map(|_| under(LaneKind::Probe(kind), &kind.as_str().to_ascii_lowercase()))
        });
        let termination = under(LaneKind::Termination, "termination");
        ContainerLanes {
            main,
            image,
            hook,
            termination,
            probes,
        }
    }
}

impl PodLanes {
    /// Makes the lanes of `pod`, under that of its controller, with the revision of the template it was made from.
    pub fn new(log: &mut TraceLog, pod: &Pod, controller: Option<LaneId>, revision: &str) -> Self {
        let lane = log.lane_of(LaneKind::Pod, controller, &pod.metadata.name, revision);
        let phase = log.lane(LaneKind::Phase, Some(lane), "phase");
        let ready = log.lane(LaneKind::Condition, Some(lane), "Ready");
        let sandbox = log.lane(LaneKind::Sandbox, Some(lane), "sandbox");
        let mut containers = Vec::new();
        for c in &pod.spec.init_containers {
            let kind = if c.is_sidecar() {
                LaneKind::Sidecar
            } else {
                LaneKind::InitContainer
            };
            containers.push(ContainerLanes::new(log, kind, lane, c));
        }
        for c in &pod.spec.containers {
            containers.push(ContainerLanes::new(log, LaneKind::Container, lane, c));
        }
        for c in &pod.spec.ephemeral_containers {
            containers.push(ContainerLanes::new(log, LaneKind::EphemeralContainer, lane, c));
        }
        PodLanes {
            pod: lane,
            phase,
            ready,
            sandbox,
            containers,
        }
    }
}
