//! Rules of the Job controller.

use crate::trace::JobRule;
use crate::view::words::Facts;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: JobRule) -> String {
    match rule {
        JobRule::Status => "The Job controller wrote what it counts into the status.".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &JobRule) -> String {
    match rule {
        JobRule::Status => format!("the status of {who} is written"),
    }
}
