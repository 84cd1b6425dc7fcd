//! Rules of the Job controller.

use super::replica_set::ranked;
use crate::time::Duration;
use crate::trace::{DeletionRank, FailureAction, JobRule, What};
use crate::view::words::Facts;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(facts: &Facts<'_>, rule: JobRule) -> String {
    match rule {
        JobRule::Status => status(facts).to_owned(),
        JobRule::TooFew {
            parallelism,
            missing,
            active,
            made,
        } => match missing {
            Some(missing) => format!(
                "还缺 {missing} 次成功，parallelism 为 {parallelism}，因此可以同时运行 {} 个 Pod。活跃的有 {active} 个：按模板再创建 {made} 个。",
                missing.min(parallelism)
            ),
            None => format!("parallelism 为 {parallelism}，活跃的有 {active} 个：按模板再创建 {made} 个。"),
        },
        JobRule::TooMany { wanted, active, rank } => format!(
            "需要 {wanted} 个 Pod，活跃的有 {active} 个，可以减少 {} 个，它们不算失败。{}",
            active.saturating_sub(wanted),
            removed_first(rank)
        ),
        JobRule::WrongIndex => "它的索引已不小于 completions，或另一个 Pod 有相同的索引，因此删除这个 Pod。".to_owned(),
        JobRule::Suspended { suspended: true } => "spec.suspend 为 true：删除所有活跃的 Pod，它们不算失败。".to_owned(),
        JobRule::Suspended { suspended: false } => "spec.suspend 恢复为 false：Job 继续。".to_owned(),
        JobRule::Backoff { failures, delay, left } => waiting("自上次成功以来", failures, delay, left),
        JobRule::IndexBackoff {
            index,
            failures,
            delay,
            left,
        } => waiting(&format!("索引 {index} "), failures, delay, left),
        JobRule::CreateFailed { retry } => format!(
            "API 服务器拒绝了这个 Pod。控制器在 {} 后重试，每次失败后延迟加倍，从 1 s 到 1 min。",
            span(retry)
        ),
        JobRule::Counted {
            succeeded: 0,
            failed: 0,
        } => "没有 Pod 计数：已结束的被忽略，或之前已经计数。它们只是去掉 Finalizer batch.kubernetes.io/job-tracking。"
            .to_owned(),
        JobRule::Counted { succeeded, failed } => format!(
            "上次查看以来有 {succeeded} 个成功、{failed} 个失败。它们的 uid 先写入状态，然后去掉 Finalizer \
             batch.kubernetes.io/job-tracking，之后才计数，因此没有 Pod 被重复计数。"
        ),
        JobRule::Policy { rule, action } => format!("这次失败符合 podFailurePolicy 的规则 {rule}：{}。", asked(action)),
        JobRule::Succeeded { succeeded, completions } => match completions {
            Some(completions) => format!("{completions} 个 Pod 中已成功 {succeeded} 个，达到所需数量。"),
            None => format!("已有 {succeeded} 个 Pod 成功，且没有 Pod 在运行；没有 completions 时一次成功就足够。"),
        },
        JobRule::SuccessPolicy { rule } => {
            format!("满足 successPolicy 的规则 {rule}，因此 Job 成功；仍在运行的 Pod 被删除。")
        }
        JobRule::BackoffLimit { failed, limit } => {
            format!("失败了 {failed} 个 Pod，backoffLimit 为 {limit}：{failed} > {limit}，因此 Job 失败。")
        }
        JobRule::RestartLimit { restarts, limit: 0 } => {
            format!("容器重启了 {restarts} 次，backoffLimit 为 0，因此 Job 失败。仍在运行的 Pod 连同日志一起被删除。")
        }
        JobRule::RestartLimit { restarts, limit } => format!(
            "容器重启了 {restarts} 次，backoffLimit 为 {limit}：{restarts} ≥ {limit}，因此 Job 失败。仍在运行的 Pod 连同日志一起被删除。"
        ),
        JobRule::Deadline { limit } => format!(
            "自 startTime 起已过 activeDeadlineSeconds（{}），因此无论 Pod 如何，Job 都失败。",
            span(limit)
        ),
        JobRule::FailedIndexes { failed, completions } => {
            format!("全部 {completions} 个索引都已结束，其中 {failed} 个失败，因此 Job 失败。")
        }
        JobRule::MaxFailedIndexes { failed, limit } => {
            format!("失败了 {failed} 个索引，maxFailedIndexes 为 {limit}：{failed} > {limit}，因此 Job 失败。")
        }
        JobRule::Ending => "Job 即将结束，因此删除它活跃的 Pod。".to_owned(),
        JobRule::Ended { complete } => format!(
            "所有 Pod 都已停止并计数，因此 Job 得到最后的状况 {}。",
            if complete { "Complete" } else { "Failed" }
        ),
        JobRule::Adopted => "这个 Pod 带有选择算符的标签而没有控制器，因此 Job 收养它并计数。".to_owned(),
        JobRule::Released => "这个 Pod 失去了选择算符的一个标签，因此 Job 放弃它。".to_owned(),
        JobRule::Orphan => "没有未结束的 Job 拥有这个 Pod，不会再有人对它计数，因此去掉保留它的 Finalizer。".to_owned(),
        JobRule::TimeToLive { limit } => format!(
            "Job 已结束 ttlSecondsAfterFinished（{}），因此连同它的 Pod 一起删除。",
            span(limit)
        ),
    }
}

fn status(facts: &Facts<'_>) -> &'static str {
    match (facts.what, facts.subject.name) {
        (What::Condition { .. }, "SuccessCriteriaMet") => {
            "Job 已成功。等所有 Pod 都停止并计数之后，它得到最后的状况 Complete。"
        }
        (What::Condition { .. }, "FailureTarget") => "Job 失败。等所有 Pod 都停止并计数之后，它得到最后的状况 Failed。",
        (What::Condition { .. }, "Complete" | "Failed") => {
            "Job 已结束，不再创建 Pod。已结束的 Pod 一直保留到 Job 被删除。"
        }
        (What::Condition { status, .. }, "Suspended") if &**status == "True" => {
            "spec.suspend 为 true，因此 Job 没有活跃的 Pod。"
        }
        (What::Condition { .. }, "Suspended") => "spec.suspend 恢复为 false，因此 Job 创建 Pod。",
        _ => "Job 控制器把 Pod 的变化汇集 1 s，然后统计并写入状态。",
    }
}

fn removed_first(rank: DeletionRank) -> String {
    match rank {
        DeletionRank::Uid => "它与留下的 Pod 没有差别。".to_owned(),
        rank => ranked(rank),
    }
}

fn waiting(of: &str, failures: u32, delay: Duration, left: Duration) -> String {
    let doubled = failures.saturating_sub(1);
    let cut = if delay.secs() == 600 { "，上限 10 min" } else { "" };
    format!(
        "{of}失败 {failures} 次：从最近失败的 Pod 结束或被删除起等待 10 s · 2^{doubled} = {}{cut}。还要等 {} 才创建下一个 Pod。",
        span(delay),
        span(left)
    )
}

fn asked(action: FailureAction) -> &'static str {
    match action {
        FailureAction::FailJob => "FailJob，因此 Job 立即失败",
        FailureAction::FailIndex => "FailIndex，因此这个索引立即失败",
        FailureAction::Ignore => "Ignore，因此不计数，但回退照样增长",
        FailureAction::Count => "Count，因此像其他失败一样计数",
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &JobRule) -> String {
    match rule {
        JobRule::Status => format!("{who} 的状态被写入"),
        JobRule::TooFew { made, .. } => format!("{who} 创建 {made} 个 Pod"),
        JobRule::TooMany { .. } => format!("{who} 是多余的一个"),
        JobRule::WrongIndex => format!("{who} 没有自己的索引"),
        JobRule::Suspended { suspended: true } => format!("{who} 被删除：它的 Job 已挂起"),
        JobRule::Suspended { suspended: false } => format!("{who} 恢复运行"),
        JobRule::Backoff { left, .. } => format!("{who} 等待 {} 后创建下一个 Pod", span(*left)),
        JobRule::IndexBackoff { index, left, .. } => {
            format!("{who} 等待 {} 后创建索引 {index} 的下一个 Pod", span(*left))
        }
        JobRule::CreateFailed { .. } => format!("{who} 无法创建 Pod"),
        JobRule::Counted { succeeded, failed } => format!("{who} 计数：成功 {succeeded} 个，失败 {failed} 个"),
        JobRule::Policy {
            rule,
            action: FailureAction::FailJob,
        } => format!("Pod 失效策略的规则 {rule} 使 Job 失败"),
        JobRule::Policy { rule, .. } => format!("Pod 失效策略的规则 {rule} 适用于 {who}"),
        JobRule::Succeeded { .. } => format!("{who} 的成功次数已足够"),
        JobRule::SuccessPolicy { .. } => format!("{who} 满足成功策略"),
        JobRule::BackoffLimit { .. } | JobRule::RestartLimit { .. } => format!("{who} 失败次数过多"),
        JobRule::Deadline { .. } => format!("{who} 运行时间过长"),
        JobRule::FailedIndexes { .. } => format!("{who} 有失败的索引"),
        JobRule::MaxFailedIndexes { .. } => format!("{who} 失败的索引过多"),
        JobRule::Ending => format!("{who} 被删除：它的 Job 即将结束"),
        JobRule::Ended { complete: true } => format!("{who} 完成"),
        JobRule::Ended { complete: false } => format!("{who} 失败"),
        JobRule::Adopted => format!("{who} 被收养"),
        JobRule::Released => format!("{who} 被释放"),
        JobRule::Orphan => format!("不再有人对 {who} 计数"),
        JobRule::TimeToLive { .. } => format!("{who} 的存活时间已到"),
    }
}
