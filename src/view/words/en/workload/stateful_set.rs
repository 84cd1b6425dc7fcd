//! Rules of the StatefulSet controller.

use crate::trace::{ClaimOwner, StatefulSetRule, Wait};
use crate::view::words::Facts;
use crate::view::words::en::count;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: StatefulSetRule) -> String {
    match rule {
        StatefulSetRule::Create {
            ordinal,
            partition: Some(partition),
            ..
        } => format!(
            "Ordinal {ordinal} lies below the partition, {partition}, so its Pod is made with the old revision. Only \
             ordinals from the partition on get the new one."
        ),
        StatefulSetRule::Create {
            ordinal,
            desired,
            ordered: true,
            ..
        } => format!(
            "{} wanted. Pods are made one after the other: everything before ordinal {ordinal} is available, so it is next.",
            count(desired, "Pod is", "Pods are")
        ),
        StatefulSetRule::Create { ordinal, desired, .. } => format!(
            "{} wanted and ordinal {ordinal} is missing. podManagementPolicy Parallel makes Pods without waiting.",
            count(desired, "Pod is", "Pods are")
        ),
        StatefulSetRule::Waits { ordinal, why } => match why {
            Wait::Terminating => format!(
                "The Pod with ordinal {ordinal} is being stopped. Its name is free only when its object is gone, so the \
                 controller waits for that."
            ),
            Wait::NotReady => format!(
                "The Pod with ordinal {ordinal} is not running and ready. The controller changes no other Pod before it is."
            ),
            Wait::Stuck => format!(
                "The Pod with ordinal {ordinal} has an old revision and is not ready, and OrderedReady updates nothing \
                 before it is ready. If it never is, delete it: a rollback alone does not replace it."
            ),
            Wait::Claim => format!(
                "A claim for ordinal {ordinal} still belongs to the Pod that had the name before and goes with it. The \
                 Pod is made when the claim is gone."
            ),
            Wait::NotAvailable => {
                format!("The Pod with ordinal {ordinal} has not been ready for minReadySeconds yet.")
            }
        },
        StatefulSetRule::Ended { ordinal } => format!(
            "The Pod with ordinal {ordinal} has ended. The controller deletes it and makes one of the same name."
        ),
        StatefulSetRule::ScaledDown { ordinal, desired } => format!(
            "{} wanted, so ordinal {ordinal} goes. The highest ordinal is always the first to go.",
            count(desired, "Pod is", "Pods are")
        ),
        StatefulSetRule::Updated {
            ordinal,
            partition,
            max_unavailable: 1,
        } => format!(
            "Ordinal {ordinal} still has the old revision. A rolling update replaces one Pod at a time from the highest \
             ordinal down to the partition, {partition}."
        ),
        StatefulSetRule::Updated {
            ordinal,
            partition,
            max_unavailable,
        } => format!(
            "Ordinal {ordinal} still has the old revision, and up to {max_unavailable} Pods may be unavailable. The \
             update goes from the highest ordinal down to the partition, {partition}."
        ),
        StatefulSetRule::Identity { ordinal } => format!(
            "The Pod with ordinal {ordinal} lacks its labels, or its claims have another owner than \
             persistentVolumeClaimRetentionPolicy says. The controller sets them again."
        ),
        StatefulSetRule::ClaimOwned { ordinal, owner } => match owner {
            ClaimOwner::Pod => format!(
                "whenScaled is Delete and ordinal {ordinal} is scaled away: the claim now belongs to the Pod and goes with it."
            ),
            ClaimOwner::Set => format!(
                "whenDeleted is Delete: the claim of ordinal {ordinal} belongs to the StatefulSet and goes with it."
            ),
            ClaimOwner::Nobody => format!("The claim of ordinal {ordinal} has no owner any more, so it stays."),
        },
        StatefulSetRule::ClaimDeleted { owner } => match owner {
            ClaimOwner::Pod => "whenScaled is Delete and the Pod is gone, so its claim is deleted.".to_owned(),
            ClaimOwner::Set | ClaimOwner::Nobody => {
                "whenDeleted is Delete and the StatefulSet is gone, so the claim is deleted. It stays Terminating while \
                 a Pod uses it."
                    .to_owned()
            }
        },
        StatefulSetRule::StatusRefused { retry } => format!(
            "The deleted Pod did not have the current revision, so the count of current Pods would be below 0. The API \
             server refuses that, and the controller counts again after {}.",
            span(retry)
        ),
        StatefulSetRule::NewRevision { number } => {
            format!("No revision has this template yet, so the controller makes revision {number}.")
        }
        StatefulSetRule::ReusedRevision { from, to } => {
            format!("Revision {from} has exactly this template: it becomes revision {to}.")
        }
        StatefulSetRule::HistoryLimit { limit } => {
            format!("revisionHistoryLimit is {limit}: the oldest revision that no Pod has is deleted.")
        }
        StatefulSetRule::CreateFailed { retry } => format!(
            "The API server refused the Pod. The controller tries again after {}, a delay that doubles with every failure.",
            span(retry)
        ),
        StatefulSetRule::Status => "The controller counts its Pods and writes the numbers into the status.".to_owned(),
        StatefulSetRule::Adopted => {
            "The Pod has the labels of the selector and no controller, so the controller adopts it.".to_owned()
        }
        StatefulSetRule::Released => "The Pod lost a label of the selector, so the controller gives it up.".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &StatefulSetRule) -> String {
    match rule {
        StatefulSetRule::Create { .. } => format!("{who} needs a Pod"),
        StatefulSetRule::Waits { .. } => format!("{who} waits for a Pod"),
        StatefulSetRule::Ended { .. } => format!("{who} has ended and is replaced"),
        StatefulSetRule::ScaledDown { .. } => format!("{who} is one too many"),
        StatefulSetRule::Updated { .. } => format!("{who} is replaced by the update"),
        StatefulSetRule::NewRevision { .. } => format!("{who} has a new revision"),
        StatefulSetRule::ReusedRevision { .. } => format!("{who} goes back to an old revision"),
        StatefulSetRule::HistoryLimit { .. } => format!("{who} forgets an old revision"),
        StatefulSetRule::CreateFailed { .. } => format!("{who} cannot make a Pod"),
        StatefulSetRule::Identity { .. } => format!("{who} gets its labels or claims back"),
        StatefulSetRule::ClaimOwned { .. } => format!("the claim {who} has another owner"),
        StatefulSetRule::ClaimDeleted { .. } => format!("the claim {who} is deleted"),
        StatefulSetRule::StatusRefused { .. } => format!("the status of {who} is refused"),
        StatefulSetRule::Status => format!("the status of {who} is written"),
        StatefulSetRule::Adopted => format!("{who} is adopted"),
        StatefulSetRule::Released => format!("{who} is released"),
    }
}
