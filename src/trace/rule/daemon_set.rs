//! Rules of the DaemonSet controller.

/// A rule of the DaemonSet controller (`pkg/controller/daemon`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaemonSetRule {
    /// The status follows the Pods.
    Status,
}
