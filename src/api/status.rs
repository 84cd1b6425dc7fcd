//! The Pod's status as the API has it: what is seen.

use std::rc::Rc;

use super::meta::Time;
use crate::fields;
use crate::manifest::{DecodeError, Fill, Value};

/// What is seen of a Pod.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodStatus {
    /// Generation of the spec that this status answers.
    pub observed_generation: i64,
    /// Summary of where the Pod is in its life. Free text in given objects; see [`Phase`].
    pub phase: Phase,
    /// Conditions in the order they are shown.
    pub conditions: Vec<PodCondition>,
    /// Machine-readable reason for the phase.
    pub reason: String,
    /// The same for people.
    pub message: String,
    /// Node's address.
    pub host_ip: String,
    /// Pod's address.
    pub pod_ip: String,
    /// All addresses of the Pod, the first one again included. Given objects have them; empty means `pod_ip` alone.
    pub pod_ips: Vec<PodIp>,
    /// First sight by the kubelet.
    pub start_time: Option<Time>,
    /// Init containers, in the order of the spec.
    pub init_container_statuses: Vec<ContainerStatus>,
    /// Containers, sorted by name.
    pub container_statuses: Vec<ContainerStatus>,
    /// Ephemeral containers.
    pub ephemeral_container_statuses: Vec<ContainerStatus>,
    /// `BestEffort`, `Burstable`, `Guaranteed`.
    pub qos_class: String,
    /// Node the scheduler made room on.
    pub nominated_node_name: String,
}

fields!(PodStatus {
    observed_generation, phase, conditions, reason, message, host_ip as "hostIP", pod_ip as "podIP",
    pod_ips as "podIPs", start_time, init_container_statuses, container_statuses, ephemeral_container_statuses,
    qos_class, nominated_node_name,
});

/// One address of a Pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodIp {
    /// The address.
    pub ip: String,
}

fields!(PodIp { ip });

/// The phase. Given objects may carry any text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing said yet.
    #[default]
    None,
    /// Not all containers have started yet.
    Pending,
    /// At least one runs, or is on its way up again.
    Running,
    /// All ended with 0 and stay so.
    Succeeded,
    /// All ended, at least one badly.
    Failed,
    /// The node does not answer.
    Unknown,
    /// Any other text of a given object.
    Other(String),
}

impl Fill for Phase {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        let known = [
            Phase::None,
            Phase::Pending,
            Phase::Running,
            Phase::Succeeded,
            Phase::Failed,
            Phase::Unknown,
        ];
        let text = value.text()?;
        let phase = known.into_iter().find(|phase| phase.as_str() == text);
        *self = phase.unwrap_or_else(|| Phase::Other(text.to_owned()));
        Ok(())
    }
}

fields!(@serde Phase);

impl Phase {
    /// As the API writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Phase::None => "",
            Phase::Pending => "Pending",
            Phase::Running => "Running",
            Phase::Succeeded => "Succeeded",
            Phase::Failed => "Failed",
            Phase::Unknown => "Unknown",
            Phase::Other(text) => text,
        }
    }

    /// Whether nothing can follow.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Phase::Succeeded | Phase::Failed)
    }
}

/// One condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodCondition {
    /// `Ready`, `Initialized`, …
    pub kind: Rc<str>,
    /// `True`, `False`, `Unknown`.
    pub status: Rc<str>,
    /// Machine-readable reason.
    pub reason: Rc<str>,
    /// The same for people.
    pub message: Rc<str>,
    /// Generation the condition answers; 0 when not given.
    pub observed_generation: i64,
    /// When `status` last changed.
    pub last_transition_time: Option<Time>,
}

fields!(PodCondition { kind as "type", status, reason, message, observed_generation, last_transition_time });

/// What is seen of a container.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContainerStatus {
    /// Container.
    pub name: Rc<str>,
    /// Its newest instance.
    pub state: ContainerState,
    /// The instance before.
    pub last_state: ContainerState,
    /// Whether it counts for Ready.
    pub ready: bool,
    /// Whether its startup probe succeeded.
    pub started: Option<bool>,
    /// Instances before this one.
    pub restart_count: i64,
    /// Image as the runtime names it.
    pub image: Rc<str>,
    /// Image id.
    pub image_id: Rc<str>,
    /// `containerd://…`; empty before the first.
    pub container_id: Rc<str>,
}

fields!(ContainerStatus {
    name, state, last_state, ready, started, restart_count, image, image_id as "imageID",
    container_id as "containerID",
});

/// One of three, or none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContainerState {
    /// Not running, and not ended for good.
    pub waiting: Option<Waiting>,
    /// Running.
    pub running: Option<Running>,
    /// Ended.
    pub terminated: Option<Terminated>,
}

fields!(ContainerState {
    waiting,
    running,
    terminated
});

impl ContainerState {
    /// Waiting for `reason`.
    pub fn waiting(reason: &str, message: &str) -> Self {
        let waiting = Waiting {
            reason: reason.into(),
            message: message.into(),
        };
        ContainerState {
            waiting: Some(waiting),
            ..Default::default()
        }
    }

    /// Running since `started_at`.
    pub fn running(started_at: Time) -> Self {
        ContainerState {
            running: Some(Running {
                started_at: Some(started_at),
            }),
            ..Default::default()
        }
    }

    /// Ended as said.
    pub fn terminated(terminated: Terminated) -> Self {
        ContainerState {
            terminated: Some(terminated),
            ..Default::default()
        }
    }

    /// Whether nothing is said.
    pub fn is_none(&self) -> bool {
        self.waiting.is_none() && self.running.is_none() && self.terminated.is_none()
    }
}

/// Not running.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waiting {
    /// `ContainerCreating`, `CrashLoopBackOff`, …
    pub reason: Rc<str>,
    /// The same for people.
    pub message: Rc<str>,
}

fields!(Waiting { reason, message });

/// Running.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Running {
    /// Since when.
    pub started_at: Option<Time>,
}

fields!(Running { started_at });

/// Ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terminated {
    /// Exit code.
    pub exit_code: i64,
    /// Signal; runtimes leave it 0.
    pub signal: i64,
    /// `Completed`, `Error`, `OOMKilled`, `StartError`, …
    pub reason: Rc<str>,
    /// Termination message.
    pub message: Rc<str>,
    /// Start.
    pub started_at: Option<Time>,
    /// End.
    pub finished_at: Option<Time>,
    /// `containerd://…`.
    pub container_id: Rc<str>,
}

fields!(Terminated { exit_code, signal, reason, message, started_at, finished_at, container_id as "containerID" });
