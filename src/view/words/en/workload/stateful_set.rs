//! Rules of the StatefulSet controller.

use crate::trace::StatefulSetRule;
use crate::view::words::Facts;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: StatefulSetRule) -> String {
    match rule {
        StatefulSetRule::Status => "The StatefulSet controller wrote what it counts into the status.".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &StatefulSetRule) -> String {
    match rule {
        StatefulSetRule::Status => format!("the status of {who} is written"),
    }
}
