//! Rules of the ReplicaSet controller.

use crate::trace::{DeletionRank, ReplicaSetRule};
use crate::view::words::Facts;
use crate::view::words::en::count;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: ReplicaSetRule) -> String {
    match rule {
        ReplicaSetRule::TooFew { desired, active } => format!(
            "{} wanted, {active} active (Pods that ended or are being deleted do not count): {} made from the template.",
            count(desired, "Pod is", "Pods are"),
            count(desired.saturating_sub(active), "more is", "more are"),
        ),
        ReplicaSetRule::TooMany { desired, active, rank } => format!(
            "{} wanted, {active} active: {} may go. {}",
            count(desired, "Pod is", "Pods are"),
            active.saturating_sub(desired),
            ranked(rank)
        ),
        ReplicaSetRule::CreateFailed { retry } => format!(
            "The API server refused the Pod. The controller tries again after {}, a delay that doubles with every failure \
             from 5 ms up to 1,000 s.",
            span(retry)
        ),
        ReplicaSetRule::Status => "The controller counts its Pods and writes the numbers into the status.".to_owned(),
        ReplicaSetRule::Adopted => {
            "The Pod has the labels of the selector and no controller, so the controller adopts it.".to_owned()
        }
        ReplicaSetRule::Released => {
            "The Pod lost a label of the selector, so the controller gives it up and another one is made.".to_owned()
        }
    }
}

pub(super) fn ranked(rank: DeletionRank) -> String {
    match rank {
        DeletionRank::All => "All of them go.".to_owned(),
        DeletionRank::NoNode => "This one has no node yet, so it goes first.".to_owned(),
        DeletionRank::Phase => "This one is not Running yet, so it goes first.".to_owned(),
        DeletionRank::NotReady => "This one is not ready, so it goes first.".to_owned(),
        DeletionRank::Cost { cost } => format!("Its pod-deletion-cost of {cost} is the lowest, so it goes first."),
        DeletionRank::Crowded { pods } => {
            format!("Its node runs {pods} Pods of this owner, more than the others', so it goes first.")
        }
        DeletionRank::ReadyLater => "It became ready later than the others, so it goes first.".to_owned(),
        DeletionRank::Restarts { restarts } => {
            format!(
                "Its containers were restarted {}, more than the others', so it goes first.",
                count(restarts, "time", "times")
            )
        }
        DeletionRank::Newer => "It is newer than the others, so it goes first.".to_owned(),
        DeletionRank::Uid => {
            "The Pods are alike, and ages in the same power of two count as equal: the order of their uids decides."
                .to_owned()
        }
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &ReplicaSetRule) -> String {
    match rule {
        ReplicaSetRule::TooFew { .. } => format!("{who} has too few Pods"),
        ReplicaSetRule::TooMany { .. } => format!("{who} is one too many"),
        ReplicaSetRule::CreateFailed { .. } => format!("{who} cannot make a Pod"),
        ReplicaSetRule::Status => format!("the status of {who} is written"),
        ReplicaSetRule::Adopted => format!("{who} is adopted"),
        ReplicaSetRule::Released => format!("{who} is released"),
    }
}
