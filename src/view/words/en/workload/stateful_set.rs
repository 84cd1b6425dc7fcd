//! Rules of the StatefulSet controller.

use crate::trace::{StatefulSetRule, Wait};
use crate::view::words::Facts;
use crate::view::words::en::count;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: StatefulSetRule) -> String {
    match rule {
        StatefulSetRule::Create {
            ordinal,
            desired,
            ordered: true,
        } => format!(
            "{} wanted. Pods are made one after the other: everything before ordinal {ordinal} is available, so it is next.",
            count(desired, "Pod is", "Pods are")
        ),
        StatefulSetRule::Create {
            ordinal,
            desired,
            ordered: false,
        } => format!(
            "{} wanted and ordinal {ordinal} is missing. podManagementPolicy Parallel makes Pods without waiting.",
            count(desired, "Pod is", "Pods are")
        ),
        StatefulSetRule::Waits { ordinal, why } => match why {
            Wait::Terminating => format!(
                "The Pod with ordinal {ordinal} is being stopped. Its name is free only when its object is gone, so the \
                 controller waits for that."
            ),
            Wait::NotReady => format!(
                "The Pod with ordinal {ordinal} is not running and ready. The controller changes no other Pod before it \
                 is; after a broken update it has to be deleted by hand, a rollback alone does not replace it."
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
        StatefulSetRule::Updated { ordinal, partition } => format!(
            "Ordinal {ordinal} still has the old revision. A rolling update replaces one Pod at a time from the highest \
             ordinal down to the partition, {partition}."
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
        StatefulSetRule::Updated { .. } => format!("{who} is updated"),
        StatefulSetRule::NewRevision { .. } => format!("{who} has a new revision"),
        StatefulSetRule::ReusedRevision { .. } => format!("{who} goes back to an old revision"),
        StatefulSetRule::HistoryLimit { .. } => format!("{who} forgets an old revision"),
        StatefulSetRule::CreateFailed { .. } => format!("{who} cannot make a Pod"),
        StatefulSetRule::Status => format!("the status of {who} is written"),
        StatefulSetRule::Adopted => format!("{who} is adopted"),
        StatefulSetRule::Released => format!("{who} is released"),
    }
}
