//! Rules of the CronJob controller.

use crate::trace::{Counts, CronJobRule, What};
use crate::view::words::Facts;
use crate::view::words::time::{clock, span};

/// The rule in plain words.
pub fn how(facts: &Facts<'_>, rule: CronJobRule) -> String {
    match rule {
        CronJobRule::Status if matches!(facts.what, What::Counts(Counts::CronJob { suspended: true, .. })) => {
            "spec.suspend 为 true，因此不启动 Job。这期间到期的时间都会错过。".to_owned()
        }
        CronJobRule::Status => "状态列出正在运行的 Job，以及上次启动和上次成功的时间。".to_owned(),
        CronJobRule::Due {
            scheduled,
            late,
            missed,
        } => {
            let left_out = match missed {
                0 => String::new(),
                _ => format!("此前错过了 {missed} 次启动，只补上最近的一次。"),
            };
            format!(
                "调度表要求在 {} 启动一个 Job（{} 前），而它还没有，因此创建。{left_out}",
                clock(scheduled),
                span(late)
            )
        }
        CronJobRule::AlreadyActive { scheduled, active } => format!(
            "调度表要求在 {} 启动一个 Job，但仍有 {active} 个 Job 在运行，而 concurrencyPolicy 为 Forbid，因此不创建。运行中的 Job \
             结束后会补上这次启动，除非更晚的时间或截止期限先到。",
            clock(scheduled)
        ),
        CronJobRule::Replaced { scheduled } => format!(
            "concurrencyPolicy 为 Replace：删除仍在运行的 Job，由 {} 的 Job 代替。",
            clock(scheduled)
        ),
        CronJobRule::TooLate { scheduled, late, limit } => format!(
            "{} 的启动已晚 {}，startingDeadlineSeconds 为 {}，因此不再为它创建 Job。Kubernetes 对此不产生事件。",
            clock(scheduled),
            span(late),
            span(limit)
        ),
        CronJobRule::TooManyMissed { missed } => format!(
            "错过了 {missed} 次启动，超过 100 次，Kubernetes 认为可能是时钟有误：它发出警告，但仍启动最近的一次。"
        ),
        CronJobRule::Unexpected => {
            "有一个以这个 CronJob 为属主的 Job 在运行，但不是控制器创建的：kubectl create job --from 会创建这样的 Job。\
             它运行期间每次查看都会有这个警告。"
                .to_owned()
        }
        CronJobRule::Missing => "活跃列表中的一个 Job 已不存在，因此从列表中去掉。".to_owned(),
        CronJobRule::SawCompleted => "活跃列表中的一个 Job 已结束，因此从列表中去掉。".to_owned(),
        CronJobRule::HistoryLimit { successful, limit } => format!(
            "{} 为 {limit}，因此最早启动的 Job 连同它的 Pod 一起删除。",
            if successful {
                "successfulJobsHistoryLimit"
            } else {
                "failedJobsHistoryLimit"
            }
        ),
        CronJobRule::Unreadable => "调度表或时区得不出任何时间，因此在修改之前不会启动 Job。".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &CronJobRule) -> String {
    match rule {
        CronJobRule::Status => format!("{who} 的状态被写入"),
        CronJobRule::Due { scheduled, .. } => format!("{who} 启动 {} 的 Job", clock(*scheduled)),
        CronJobRule::AlreadyActive { scheduled, .. } => {
            format!("{who} 不启动 {} 的 Job：仍有 Job 在运行", clock(*scheduled))
        }
        CronJobRule::Replaced { .. } => format!("{who} 替换运行中的 Job"),
        CronJobRule::TooLate { scheduled, .. } => format!("{who} 不启动 {} 的 Job：太晚", clock(*scheduled)),
        CronJobRule::TooManyMissed { missed } => format!("{who} 错过了 {missed} 次启动"),
        CronJobRule::Unexpected => format!("{who} 看到不是自己创建的 Job"),
        CronJobRule::Missing => format!("{who} 找不到一个 Job"),
        CronJobRule::SawCompleted => format!("{who} 看到一个 Job 已结束"),
        CronJobRule::HistoryLimit { .. } => format!("{who} 删除一个已结束的 Job"),
        CronJobRule::Unreadable => format!("{who} 的调度表无法读取"),
    }
}
