//! Rules of the Job controller.

/// A rule of the Job controller (`pkg/controller/job`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobRule {
    /// The status follows the Pods.
    Status,
}
