//! Rules of the StatefulSet controller.

/// A rule of the StatefulSet controller (`pkg/controller/statefulset`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatefulSetRule {
    /// The status follows the Pods.
    Status,
}
