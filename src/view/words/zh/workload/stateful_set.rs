//! Rules of the StatefulSet controller.

use crate::trace::StatefulSetRule;
use crate::view::words::Facts;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: StatefulSetRule) -> String {
    match rule {
        StatefulSetRule::Status => "StatefulSet 控制器把它统计的数量写入状态。".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &StatefulSetRule) -> String {
    match rule {
        StatefulSetRule::Status => format!("{who} 的状态被写入"),
    }
}
