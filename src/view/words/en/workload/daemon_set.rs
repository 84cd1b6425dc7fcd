//! Rules of the DaemonSet controller.

use crate::trace::DaemonSetRule;
use crate::view::words::Facts;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::Status => "The DaemonSet controller wrote what it counts into the status.".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::Status => format!("the status of {who} is written"),
    }
}
