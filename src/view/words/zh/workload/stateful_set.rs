//! Rules of the StatefulSet controller.

use crate::trace::{StatefulSetRule, Wait};
use crate::view::words::Facts;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: StatefulSetRule) -> String {
    match rule {
        StatefulSetRule::Create {
            ordinal,
            desired,
            ordered: true,
        } => format!("需要 {desired} 个 Pod。Pod 按顺序逐个创建：序号 {ordinal} 之前的都已可用，因此轮到它。"),
        StatefulSetRule::Create {
            ordinal,
            desired,
            ordered: false,
        } => format!("需要 {desired} 个 Pod，缺少序号 {ordinal}。podManagementPolicy 为 Parallel 时不等待就创建。"),
        StatefulSetRule::Waits { ordinal, why } => match why {
            Wait::Terminating => {
                format!("序号 {ordinal} 的 Pod 正在停止。它的对象消失后名字才可再用，因此控制器等待。")
            }
            Wait::NotReady => format!(
                "序号 {ordinal} 的 Pod 没有运行并就绪。在此之前控制器不改变其他 Pod；更新出错后必须手动删除它，仅回滚不会替换它。"
            ),
            Wait::NotAvailable => format!("序号 {ordinal} 的 Pod 就绪的时间还没有达到 minReadySeconds。"),
        },
        StatefulSetRule::Ended { ordinal } => {
            format!("序号 {ordinal} 的 Pod 已结束。控制器删除它，并创建同名的 Pod。")
        }
        StatefulSetRule::ScaledDown { ordinal, desired } => {
            format!("需要 {desired} 个 Pod，因此删除序号 {ordinal}。总是最大的序号最先删除。")
        }
        StatefulSetRule::Updated { ordinal, partition } => {
            format!("序号 {ordinal} 仍是旧修订版本。滚动更新从最大的序号开始逐个替换，直到分区 {partition}。")
        }
        StatefulSetRule::NewRevision { number } => {
            format!("还没有修订版本使用这个模板，因此控制器创建修订版本 {number}。")
        }
        StatefulSetRule::ReusedRevision { from, to } => {
            format!("修订版本 {from} 的模板完全相同：它变为修订版本 {to}。")
        }
        StatefulSetRule::HistoryLimit { limit } => {
            format!("revisionHistoryLimit 为 {limit}：删除最旧的、没有 Pod 使用的修订版本。")
        }
        StatefulSetRule::CreateFailed { retry } => {
            format!(
                "API 服务器拒绝了这个 Pod。控制器在 {} 后重试，每次失败后延迟加倍。",
                span(retry)
            )
        }
        StatefulSetRule::Status => "控制器统计它的 Pod，并把数量写入状态。".to_owned(),
        StatefulSetRule::Adopted => "这个 Pod 带有选择算符的标签而没有控制器，因此控制器收养它。".to_owned(),
        StatefulSetRule::Released => "这个 Pod 失去了选择算符的一个标签，因此控制器放弃它。".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &StatefulSetRule) -> String {
    match rule {
        StatefulSetRule::Create { .. } => format!("{who} 需要一个 Pod"),
        StatefulSetRule::Waits { .. } => format!("{who} 等待一个 Pod"),
        StatefulSetRule::Ended { .. } => format!("{who} 已结束，将被替换"),
        StatefulSetRule::ScaledDown { .. } => format!("{who} 是多余的一个"),
        StatefulSetRule::Updated { .. } => format!("{who} 被更新"),
        StatefulSetRule::NewRevision { .. } => format!("{who} 有新的修订版本"),
        StatefulSetRule::ReusedRevision { .. } => format!("{who} 回到旧的修订版本"),
        StatefulSetRule::HistoryLimit { .. } => format!("{who} 丢弃一个旧的修订版本"),
        StatefulSetRule::CreateFailed { .. } => format!("{who} 无法创建 Pod"),
        StatefulSetRule::Status => format!("{who} 的状态被写入"),
        StatefulSetRule::Adopted => format!("{who} 被收养"),
        StatefulSetRule::Released => format!("{who} 被释放"),
    }
}
