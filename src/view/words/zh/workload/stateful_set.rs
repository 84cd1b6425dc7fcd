//! Rules of the StatefulSet controller.

use crate::trace::{ClaimOwner, StatefulSetRule, Wait};
use crate::view::words::Facts;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: StatefulSetRule) -> String {
    match rule {
        StatefulSetRule::Create {
            ordinal,
            partition: Some(partition),
            ..
        } => format!(
            "序号 {ordinal} 小于分区 {partition}，因此按旧修订版本创建它的 Pod。只有不小于分区的序号使用新修订版本。"
        ),
        StatefulSetRule::Create {
            ordinal,
            desired,
            ordered: true,
            ..
        } => format!("需要 {desired} 个 Pod。Pod 按顺序逐个创建：序号 {ordinal} 之前的都已可用，因此轮到它。"),
        StatefulSetRule::Create { ordinal, desired, .. } => {
            format!("需要 {desired} 个 Pod，缺少序号 {ordinal}。podManagementPolicy 为 Parallel 时不等待就创建。")
        }
        StatefulSetRule::Waits { ordinal, why } => match why {
            Wait::Terminating => {
                format!("序号 {ordinal} 的 Pod 正在停止。它的对象消失后名字才可再用，因此控制器等待。")
            }
            Wait::NotReady => format!("序号 {ordinal} 的 Pod 没有运行并就绪。在此之前控制器不改变其他 Pod。"),
            Wait::Stuck => format!(
                "序号 {ordinal} 的 Pod 是旧修订版本且未就绪，而 OrderedReady 在它就绪之前不更新任何 Pod。如果它一直不就绪，请删除它：仅回滚不会替换它。"
            ),
            Wait::Claim => {
                format!("序号 {ordinal} 的一个申领仍属于先前同名的 Pod，并将随它删除。申领消失后才创建 Pod。")
            }
            Wait::NotAvailable => format!("序号 {ordinal} 的 Pod 就绪的时间还没有达到 minReadySeconds。"),
        },
        StatefulSetRule::Ended { ordinal } => {
            format!("序号 {ordinal} 的 Pod 已结束。控制器删除它，并创建同名的 Pod。")
        }
        StatefulSetRule::ScaledDown { ordinal, desired } => {
            format!("需要 {desired} 个 Pod，因此删除序号 {ordinal}。总是最大的序号最先删除。")
        }
        StatefulSetRule::Updated {
            ordinal,
            partition,
            max_unavailable: 1,
        } => format!("序号 {ordinal} 仍是旧修订版本。滚动更新从最大的序号开始逐个替换，直到分区 {partition}。"),
        StatefulSetRule::Updated {
            ordinal,
            partition,
            max_unavailable,
        } => format!(
            "序号 {ordinal} 仍是旧修订版本，而最多可有 {max_unavailable} 个 Pod 不可用。更新从最大的序号开始，直到分区 {partition}。"
        ),
        StatefulSetRule::Identity { ordinal } => format!(
            "序号 {ordinal} 的 Pod 缺少标签，或者其申领的属主与 persistentVolumeClaimRetentionPolicy 不符。控制器重新设置它们。"
        ),
        StatefulSetRule::ClaimOwned { ordinal, owner } => match owner {
            ClaimOwner::Pod => {
                format!("whenScaled 为 Delete 且序号 {ordinal} 被缩容：申领现在属于这个 Pod，随它一起删除。")
            }
            ClaimOwner::Set => format!("whenDeleted 为 Delete：序号 {ordinal} 的申领属于 StatefulSet，随它一起删除。"),
            ClaimOwner::Nobody => format!("序号 {ordinal} 的申领不再有属主，因此保留。"),
        },
        StatefulSetRule::ClaimDeleted { owner } => match owner {
            ClaimOwner::Pod => "whenScaled 为 Delete 且 Pod 已消失，因此删除它的申领。".to_owned(),
            ClaimOwner::Set | ClaimOwner::Nobody => {
                "whenDeleted 为 Delete 且 StatefulSet 已消失，因此删除申领。只要还有 Pod 使用它，它就保持 Terminating。"
                    .to_owned()
            }
        },
        StatefulSetRule::StatusRefused { retry } => format!(
            "被删除的 Pod 不是当前修订版本，当前 Pod 的数量会小于 0。API 服务器拒绝这样的状态，控制器在 {} 后重新统计。",
            span(retry)
        ),
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
        StatefulSetRule::Updated { .. } => format!("{who} 因更新被替换"),
        StatefulSetRule::NewRevision { .. } => format!("{who} 有新的修订版本"),
        StatefulSetRule::ReusedRevision { .. } => format!("{who} 回到旧的修订版本"),
        StatefulSetRule::HistoryLimit { .. } => format!("{who} 丢弃一个旧的修订版本"),
        StatefulSetRule::CreateFailed { .. } => format!("{who} 无法创建 Pod"),
        StatefulSetRule::Identity { .. } => format!("{who} 恢复标签或申领"),
        StatefulSetRule::ClaimOwned { .. } => format!("申领 {who} 换了属主"),
        StatefulSetRule::ClaimDeleted { .. } => format!("申领 {who} 被删除"),
        StatefulSetRule::StatusRefused { .. } => format!("{who} 的状态被拒绝"),
        StatefulSetRule::Status => format!("{who} 的状态被写入"),
        StatefulSetRule::Adopted => format!("{who} 被收养"),
        StatefulSetRule::Released => format!("{who} 被释放"),
    }
}
