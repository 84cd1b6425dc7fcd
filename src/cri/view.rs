//! What the runtime reports of a Pod at one instant: plain copies, newest first.

use std::rc::Rc;

use crate::time::Instant;

/// State of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Made, not started.
    Created,
    /// Its process runs, as far as the runtime knows.
    Running,
    /// Its process is gone.
    Exited,
    /// The runtime has lost track.
    Unknown,
}

/// A container as reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerView {
    /// Number in the runtime.
    pub id: u32,
    /// Position in the Pod: init containers, then containers, then ephemeral ones.
    pub index: usize,
    /// State.
    pub state: State,
    /// Instances before this one.
    pub restart_count: i64,
    /// Hash of name and image, to see changes of the spec.
    pub hash: u64,
    /// Image.
    pub image: Rc<str>,
    /// Id as the status shows it.
    pub container_id: Rc<str>,
    /// Creation.
    pub created_at: Instant,
    /// Start.
    pub started_at: Option<Instant>,
    /// End.
    pub finished_at: Option<Instant>,
    /// Exit code.
    pub exit_code: i32,
    /// `Completed`, `Error`, `OOMKilled`, `StartError`.
    pub reason: Rc<str>,
    /// Termination message.
    pub message: Rc<str>,
}

/// A sandbox as reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxView {
    /// Number in the runtime.
    pub id: u32,
    /// Sandboxes of the Pod before this one.
    pub attempt: u32,
    /// Whether it stands.
    pub ready: bool,
    /// Address.
    pub ip: Rc<str>,
}

/// All of a Pod as reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodView {
    /// Sandboxes, newest first.
    pub sandboxes: Vec<SandboxView>,
    /// Containers, newest first.
    pub containers: Vec<ContainerView>,
}

impl PodView {
    /// The newest instance of the container at `index`.
    pub fn newest(&self, index: usize) -> Option<&ContainerView> {
        self.containers.iter().find(|c| c.index == index)
    }

    /// The two newest instances of the container at `index`.
    pub fn two_newest(&self, index: usize) -> [Option<&ContainerView>; 2] {
        let mut of = self.containers.iter().filter(|c| c.index == index);
        [of.next(), of.next()]
    }

    /// The newest instance of the container at `index` that has exited.
    pub fn newest_exited(&self, index: usize) -> Option<&ContainerView> {
        self.containers
            .iter()
            .find(|c| c.index == index && c.state == State::Exited)
    }

    /// The sandbox that stands, if one does.
    pub fn ready_sandbox(&self) -> Option<&SandboxView> {
        self.sandboxes.iter().find(|s| s.ready)
    }
}
