//! Rules of the DaemonSet controller.

use crate::trace::DaemonSetRule;
use crate::view::words::Facts;
use crate::view::words::en::count;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::NodesWithoutPod { desired, current } => {
            let missing = desired.saturating_sub(current);
            format!(
                "{} should run a Pod and {current} of them {}, so the controller makes {missing}, each with an affinity to \
                 its node. Which nodes should is decided by labels and taints.",
                count(desired, "node", "nodes"),
                if current == 1 { "has one" } else { "have one" },
            )
        }
        DaemonSetRule::NodeUnfit => {
            "The labels of the node do not fit nodeSelector and affinity of the template, so its Pod is deleted."
                .to_owned()
        }
        DaemonSetRule::NodeTainted => {
            "The node has a taint with effect NoExecute that the template does not tolerate, so its Pod is deleted."
                .to_owned()
        }
        DaemonSetRule::NodeMissing => {
            "The Pod waits for a node that does not exist any more, so it is deleted.".to_owned()
        }
        DaemonSetRule::PodFailed { backoff } => format!(
            "The Pod failed, so it is deleted and its node gets another one. A Pod that fails on this node within {} stays \
             so long: the back-off doubles from 1 s up to 15 min.",
            span(backoff)
        ),
        DaemonSetRule::PodFailedAgain { backoff } => format!(
            "The Pod failed within the back-off of its node ({}), so it stays Failed until that is over.",
            span(backoff)
        ),
        DaemonSetRule::PodSucceeded => {
            "The Pod succeeded, but a node should always run one: it is deleted and another one made.".to_owned()
        }
        DaemonSetRule::SecondPod => {
            "The node has another Pod of the DaemonSet that is older, so this one goes.".to_owned()
        }
        DaemonSetRule::CreateFailed { retry } => format!(
            "The API server refused the Pod. The controller tries again after {}, a delay that doubles with every failure \
             from 5 ms up to 1,000 s.",
            span(retry)
        ),
        DaemonSetRule::NewRevision { number } => {
            format!("No ControllerRevision keeps this template yet, so revision {number} is made of it.")
        }
        DaemonSetRule::ReusedRevision { from, to } => {
            format!("Revision {from} keeps exactly this template, so it becomes the newest one, with number {to}.")
        }
        DaemonSetRule::HistoryLimit { limit } => format!(
            "revisionHistoryLimit is {limit} and there are more old revisions, so the oldest one that no Pod was made of \
             is deleted."
        ),
        DaemonSetRule::Replaced {
            desired,
            max_unavailable,
            unavailable,
        } => format!(
            "Of {} at most {max_unavailable} may be without an available Pod (maxUnavailable, fractions round up) and \
             {unavailable} {}, so {max_unavailable} − {unavailable} = {} may lose an old Pod now.",
            count(desired, "node", "nodes"),
            if unavailable == 1 { "is" } else { "are" },
            max_unavailable.saturating_sub(unavailable),
        ),
        DaemonSetRule::ReplacedUnavailable => {
            "The old Pod is not available anyway, so it goes at once: nothing is lost by that.".to_owned()
        }
        DaemonSetRule::Surged { max_surge, surging } => format!(
            "At most {} may run a new Pod that is not available yet beside an old one (maxSurge, fractions round up) and \
             {surging} {}, so {max_surge} − {surging} = {} may get one now.",
            count(max_surge, "node", "nodes"),
            if surging == 1 { "does" } else { "do" },
            max_surge.saturating_sub(surging),
        ),
        DaemonSetRule::SurgedUnavailable => {
            "The old Pod on the node is not available, so a new one is made beside it, whatever maxSurge says."
                .to_owned()
        }
        DaemonSetRule::SurgeDone => {
            "The new Pod on this node is available, so the old one beside it is deleted.".to_owned()
        }
        DaemonSetRule::OldNotReady => {
            "Two Pods run on the node and the old one is not ready any more, so it does not wait for the new one."
                .to_owned()
        }
        DaemonSetRule::Moved { desired, available } => format!(
            "The node should not run a Pod any more. {} should and {available} are available, so this old one is not needed.",
            count(desired, "node", "nodes"),
        ),
        DaemonSetRule::Status => {
            "The controller counts the nodes that should run a Pod, and those whose Pod is there, ready and available."
                .to_owned()
        }
        DaemonSetRule::Adopted => {
            "The Pod has the labels of the selector and no controller, so the DaemonSet adopts it.".to_owned()
        }
        DaemonSetRule::Released => {
            "The Pod lost a label of the selector, so the DaemonSet gives it up and its node gets another one."
                .to_owned()
        }
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::NodesWithoutPod { .. } => format!("{who} has nodes without a Pod"),
        DaemonSetRule::NodeUnfit => format!("{who} is on a node that does not fit"),
        DaemonSetRule::NodeTainted => format!("{who} does not tolerate a taint"),
        DaemonSetRule::NodeMissing => format!("{who} waits for a node that is gone"),
        DaemonSetRule::PodFailed { .. } => format!("{who} failed and is replaced"),
        DaemonSetRule::PodFailedAgain { .. } => format!("{who} failed again and stays for now"),
        DaemonSetRule::PodSucceeded => format!("{who} succeeded and is replaced"),
        DaemonSetRule::SecondPod => format!("{who} is one too many on its node"),
        DaemonSetRule::CreateFailed { .. } => format!("{who} cannot make a Pod"),
        DaemonSetRule::NewRevision { number } => format!("{who} gets revision {number}"),
        DaemonSetRule::ReusedRevision { from, to } => format!("{who} uses revision {from} again, now {to}"),
        DaemonSetRule::HistoryLimit { .. } => format!("{who} deletes an old revision"),
        DaemonSetRule::Replaced { .. } => format!("{who} is replaced"),
        DaemonSetRule::ReplacedUnavailable => format!("{who} is not available and goes"),
        DaemonSetRule::Surged { .. } | DaemonSetRule::SurgedUnavailable => format!("{who} makes Pods beside old ones"),
        DaemonSetRule::SurgeDone => format!("{who} gives way to the new Pod"),
        DaemonSetRule::OldNotReady => format!("{who} is not ready and goes first"),
        DaemonSetRule::Moved { .. } => format!("{who} is not needed on its node"),
        DaemonSetRule::Status => format!("the status of {who} is written"),
        DaemonSetRule::Adopted => format!("{who} is adopted"),
        DaemonSetRule::Released => format!("{who} is released"),
    }
}
