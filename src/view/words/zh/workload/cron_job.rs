//! Rules of the CronJob controller.

use crate::trace::CronJobRule;
use crate::view::words::Facts;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: CronJobRule) -> String {
    match rule {
        CronJobRule::Status => "CronJob 控制器把它统计的数量写入状态。".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &CronJobRule) -> String {
    match rule {
        CronJobRule::Status => format!("{who} 的状态被写入"),
    }
}
