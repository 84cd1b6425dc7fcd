//! The Pod's status as the API has it: what is seen.

use std::rc::Rc;

use serde::Deserialize;

use super::meta::Time;

/// What is seen of a Pod.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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
    #[serde(rename = "hostIP")]
    pub host_ip: String,
    /// Pod's address.
    #[serde(rename = "podIP")]
    pub pod_ip: String,
    /// All addresses of the Pod, the first one again included. Given objects have them; empty means `pod_ip` alone.
    #[serde(rename = "podIPs")]
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

/// One address of a Pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PodIp {
    /// The address.
    pub ip: String,
}

/// The phase. Given objects may carry any text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Phase {
    /// Nothing said yet.
    #[default]
    #[serde(rename = "")]
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
    #[serde(untagged)]
    Other(String),
}

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
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodCondition {
    /// `Ready`, `Initialized`, …
    #[serde(rename = "type")]
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

/// What is seen of a container.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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
    #[serde(rename = "imageID")]
    pub image_id: Rc<str>,
    /// `containerd://…`; empty before the first.
    #[serde(rename = "containerID")]
    pub container_id: Rc<str>,
}

/// One of three, or none.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerState {
    /// Not running, and not ended for good.
    pub waiting: Option<Waiting>,
    /// Running.
    pub running: Option<Running>,
    /// Ended.
    pub terminated: Option<Terminated>,
}

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
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Waiting {
    /// `ContainerCreating`, `CrashLoopBackOff`, …
    pub reason: Rc<str>,
    /// The same for people.
    pub message: Rc<str>,
}

/// Running.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Running {
    /// Since when.
    pub started_at: Option<Time>,
}

/// Ended.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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
    #[serde(rename = "containerID")]
    pub container_id: Rc<str>,
}
