//! Rules of the DaemonSet controller.

use crate::trace::DaemonSetRule;
use crate::view::words::Facts;
use crate::view::words::en::count;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::NodesWithoutPod { desired, missing } => format!(
            "{} should run a Pod, by selector, affinity and taints; {missing} without one: a Pod is made for each, pinned \
             to its node.",
            count(desired, "node", "nodes")
        ),
        DaemonSetRule::NodeUnfit => {
            "The node does not fit the template any more, or has a NoExecute taint that the Pod does not tolerate."
                .to_owned()
        }
        DaemonSetRule::PodFailed { backoff } => format!(
            "The Pod failed, so it is deleted and another one made. If that fails within {}, it stays so long; the delay \
             doubles up to 15 min.",
            span(backoff)
        ),
        DaemonSetRule::PodFailedAgain { backoff } => {
            format!(
                "The Pod failed within the back-off of its node, {}, so it stays for now.",
                span(backoff)
            )
        }
        DaemonSetRule::PodSucceeded => {
            "The Pod ended with success. A DaemonSet's Pods run for ever, so it is deleted and another one made."
                .to_owned()
        }
        DaemonSetRule::SecondPod => "An older Pod of the DaemonSet runs on the node, so this one goes.".to_owned(),
        DaemonSetRule::CreateFailed { retry } => format!(
            "The API server refused the Pod. The controller tries again after {}, a delay that doubles with every failure.",
            span(retry)
        ),
        DaemonSetRule::NewRevision { number } => {
            format!("No revision has this template yet, so the controller makes revision {number}.")
        }
        DaemonSetRule::ReusedRevision { from, to } => {
            format!("Revision {from} has exactly this template: it becomes revision {to}.")
        }
        DaemonSetRule::HistoryLimit { limit } => {
            format!("revisionHistoryLimit is {limit}: the oldest revision that no Pod has is deleted.")
        }
        DaemonSetRule::Replaced {
            max_unavailable,
            unavailable,
        } => format!(
            "The Pod has an old template. At most {} may be unavailable and {unavailable} are, so it is replaced.",
            count(max_unavailable, "Pod", "Pods")
        ),
        DaemonSetRule::ReplacedUnavailable => {
            "The Pod has an old template and is not available anyway, so it is replaced whatever maxUnavailable says."
                .to_owned()
        }
        DaemonSetRule::Surged { max_surge, surging } => format!(
            "At most {} may run two Pods at a time and {surging} do: new Pods start beside old ones.",
            count(max_surge, "node", "nodes")
        ),
        DaemonSetRule::SurgeDone => "The new Pod on the node is available, so the old one goes.".to_owned(),
        DaemonSetRule::Status => {
            "The controller counts nodes and Pods and writes the numbers into the status.".to_owned()
        }
        DaemonSetRule::Adopted => {
            "The Pod has the labels of the selector and no controller, so the controller adopts it.".to_owned()
        }
        DaemonSetRule::Released => "The Pod lost a label of the selector, so the controller gives it up.".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::NodesWithoutPod { .. } | DaemonSetRule::Surged { .. } => format!("{who} needs Pods"),
        DaemonSetRule::NodeUnfit => format!("{who} does not belong on its node"),
        DaemonSetRule::PodFailed { .. } => format!("{who} failed and is replaced"),
        DaemonSetRule::PodFailedAgain { .. } => format!("{who} failed and waits"),
        DaemonSetRule::PodSucceeded => format!("{who} has ended and is replaced"),
        DaemonSetRule::SecondPod => format!("{who} is one too many"),
        DaemonSetRule::CreateFailed { .. } => format!("{who} cannot make a Pod"),
        DaemonSetRule::NewRevision { .. } => format!("{who} has a new revision"),
        DaemonSetRule::ReusedRevision { .. } => format!("{who} goes back to an old revision"),
        DaemonSetRule::HistoryLimit { .. } => format!("{who} forgets an old revision"),
        DaemonSetRule::Replaced { .. } | DaemonSetRule::ReplacedUnavailable => format!("{who} is updated"),
        DaemonSetRule::SurgeDone => format!("{who} is not needed any more"),
        DaemonSetRule::Status => format!("the status of {who} is written"),
        DaemonSetRule::Adopted => format!("{who} is adopted"),
        DaemonSetRule::Released => format!("{who} is released"),
    }
}
