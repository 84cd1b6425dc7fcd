//! Rules of the ReplicaSet controller.

use crate::trace::{DeletionRank, ReplicaSetRule};
use crate::view::words::Facts;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: ReplicaSetRule) -> String {
    match rule {
        ReplicaSetRule::TooFew { desired, active } => format!(
            "需要 {desired} 个 Pod，活跃的有 {active} 个（已结束或正在删除的不算）：按模板再创建 {} 个。",
            desired.saturating_sub(active)
        ),
        ReplicaSetRule::TooMany { desired, active, rank } => format!(
            "需要 {desired} 个 Pod，活跃的有 {active} 个：可以减少 {} 个。{}",
            active.saturating_sub(desired),
            ranked(rank)
        ),
        ReplicaSetRule::CreateFailed { retry } => format!(
            "API 服务器拒绝了这个 Pod。控制器在 {} 后重试，每次失败后延迟加倍，从 5 ms 到 1,000 s。",
            span(retry)
        ),
        ReplicaSetRule::Status => "控制器统计它的 Pod，并把数量写入状态。".to_owned(),
        ReplicaSetRule::Adopted => "这个 Pod 带有选择算符的标签而没有控制器，因此控制器收养它。".to_owned(),
        ReplicaSetRule::Released => "这个 Pod 失去了选择算符的一个标签，因此控制器放弃它，另建一个。".to_owned(),
    }
}

pub(super) fn ranked(rank: DeletionRank) -> String {
    match rank {
        DeletionRank::All => "全部删除。".to_owned(),
        DeletionRank::NoNode => "它还没有节点，因此最先删除。".to_owned(),
        DeletionRank::Phase => "它还没有处于 Running，因此最先删除。".to_owned(),
        DeletionRank::NotReady => "它未就绪，因此最先删除。".to_owned(),
        DeletionRank::Cost { cost } => format!("它的 pod-deletion-cost 为 {cost}，最低，因此最先删除。"),
        DeletionRank::Crowded { pods } => format!("它的节点上有 {pods} 个同属主的 Pod，比其他节点多，因此最先删除。"),
        DeletionRank::ReadyLater => "它比其他 Pod 更晚就绪，因此最先删除。".to_owned(),
        DeletionRank::Restarts { restarts } => format!("它的容器重启了 {restarts} 次，比其他的多，因此最先删除。"),
        DeletionRank::Newer => "它比其他 Pod 更新，因此最先删除。".to_owned(),
        DeletionRank::Uid => "这些 Pod 没有差别，年龄在同一个二的幂之内视为相等：由 uid 的顺序决定。".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &ReplicaSetRule) -> String {
    match rule {
        ReplicaSetRule::TooFew { .. } => format!("{who} 的 Pod 太少"),
        ReplicaSetRule::TooMany { .. } => format!("{who} 是多余的一个"),
        ReplicaSetRule::CreateFailed { .. } => format!("{who} 无法创建 Pod"),
        ReplicaSetRule::Status => format!("{who} 的状态被写入"),
        ReplicaSetRule::Adopted => format!("{who} 被收养"),
        ReplicaSetRule::Released => format!("{who} 被释放"),
    }
}
