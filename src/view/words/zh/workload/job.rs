//! Rules of the Job controller.

use crate::trace::JobRule;
use crate::view::words::Facts;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: JobRule) -> String {
    match rule {
        JobRule::Status => "Job 控制器把它统计的数量写入状态。".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &JobRule) -> String {
    match rule {
        JobRule::Status => format!("{who} 的状态被写入"),
    }
}
