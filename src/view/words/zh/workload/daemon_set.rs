//! Rules of the DaemonSet controller.

use crate::trace::DaemonSetRule;
use crate::view::words::Facts;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::Status => "DaemonSet 控制器把它统计的数量写入状态。".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::Status => format!("{who} 的状态被写入"),
    }
}
