//! Rules of the CronJob controller.

use crate::trace::CronJobRule;
use crate::view::words::Facts;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: CronJobRule) -> String {
    match rule {
        CronJobRule::Status => "The CronJob controller wrote what it counts into the status.".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &CronJobRule) -> String {
    match rule {
        CronJobRule::Status => format!("the status of {who} is written"),
    }
}
