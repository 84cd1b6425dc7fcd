//! Rules of the Deployment controller.

use crate::trace::DeploymentRule;
use crate::view::words::Facts;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: DeploymentRule) -> String {
    match rule {
        DeploymentRule::NewReplicaSet {
            desired,
            surge,
            others,
            replicas,
        } => match others {
            0 => format!("还没有 ReplicaSet 使用这个模板，因此控制器新建一个，直接包含全部 {replicas} 个 Pod。"),
            _ => format!(
                "还没有 ReplicaSet 使用这个模板。最多允许 {desired} + {surge} = {} 个 Pod，现有 {others} 个，因此新的从 {replicas} 个开始。",
                desired.saturating_add(surge)
            ),
        },
        DeploymentRule::ReusedReplicaSet { from, to } => {
            format!("已有一个模板完全相同的 ReplicaSet，控制器重新使用它：修订版本 {from} 变为 {to}。")
        }
        DeploymentRule::ScaledUp {
            desired,
            surge,
            total,
            from,
            to,
        } => format!(
            "最多允许 {desired} + {surge} = {} 个 Pod，现有 {total} 个，因此新的 ReplicaSet 从 {from} 扩到 {to}。",
            desired.saturating_add(surge)
        ),
        DeploymentRule::ScaledDownUnhealthy {
            desired,
            max_unavailable,
            budget,
            from,
            to,
        } => format!(
            "至少 {desired} − {max_unavailable} = {} 个 Pod 必须可用，可以减少 {budget} 个。不可用的旧 Pod 最先减少：从 {from} 到 {to}。",
            desired.saturating_sub(max_unavailable)
        ),
        DeploymentRule::ScaledDown {
            desired,
            max_unavailable,
            available,
            from,
            to,
        } => {
            let least = desired.saturating_sub(max_unavailable);
            format!(
                "至少 {desired} − {max_unavailable} = {least} 个 Pod 必须可用，现有 {available} 个可用，可以减少 {} 个：旧的 ReplicaSet 从 {from} 缩到 {to}。",
                available.saturating_sub(least)
            )
        }
        DeploymentRule::RecreateDown => "Recreate 策略：所有旧 Pod 停止之后才创建第一个新 Pod。".to_owned(),
        DeploymentRule::RecreateUp => "Recreate 策略：已没有旧 Pod 在运行，因此创建新 Pod。".to_owned(),
        DeploymentRule::ScaledTo { desired } => format!("spec.replicas 现在是 {desired}，由这个 ReplicaSet 承担。"),
        DeploymentRule::Saturated => "最新的 ReplicaSet 已有全部 Pod，因此其他的都缩到 0。".to_owned(),
        DeploymentRule::ScaledInProportion {
            desired,
            limit,
            limit_before,
            from,
            to,
        } => format!(
            "上线过程中 spec.replicas 变为 {desired}，每个 ReplicaSet 按比例承担：{from} × {limit} ÷ {limit_before}，四舍五入为 {to}。"
        ),
        DeploymentRule::Status => "Deployment 控制器把各 ReplicaSet 的状态相加。".to_owned(),
        DeploymentRule::Available { available, least } => {
            format!("至少 {least} 个 Pod 可用时 Available 为 True；现有 {available} 个可用。")
        }
        DeploymentRule::Progress => {
            "已更新、就绪或可用的 Pod 比之前多，或者旧 Pod 比之前少，就算上线有进展。".to_owned()
        }
        DeploymentRule::DeadlineExceeded { limit } => format!(
            "在 progressDeadlineSeconds（{}）内没有进展。上线会继续尝试，不会自动回滚。",
            span(limit)
        ),
        DeploymentRule::Paused { paused: true } => "设置了 spec.paused：新模板不会上线，扩缩容仍然有效。".to_owned(),
        DeploymentRule::Paused { paused: false } => "spec.paused 已取消：上线继续。".to_owned(),
        DeploymentRule::HistoryLimit { limit } => {
            format!("上线已完成，revisionHistoryLimit 为 {limit}：删除最旧的、没有 Pod 的 ReplicaSet。")
        }
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &DeploymentRule) -> String {
    match rule {
        DeploymentRule::NewReplicaSet { .. } => format!("{who} 需要新的 ReplicaSet"),
        DeploymentRule::ReusedReplicaSet { .. } => format!("{who} 被重新使用"),
        DeploymentRule::ScaledUp { from, to, .. }
        | DeploymentRule::ScaledDownUnhealthy { from, to, .. }
        | DeploymentRule::ScaledDown { from, to, .. }
        | DeploymentRule::ScaledInProportion { from, to, .. } => format!("{who} 从 {from} 调整到 {to}"),
        DeploymentRule::RecreateDown | DeploymentRule::Saturated => format!("{who} 缩到 0"),
        DeploymentRule::RecreateUp => format!("{who} 扩容"),
        DeploymentRule::ScaledTo { desired } => format!("{who} 调整到 {desired}"),
        DeploymentRule::Status => format!("{who} 的状态被写入"),
        DeploymentRule::Available { .. } => format!("{who} 的 Available 改变"),
        DeploymentRule::Progress => format!("{who} 有进展"),
        DeploymentRule::DeadlineExceeded { .. } => format!("{who} 未能按时取得进展"),
        DeploymentRule::Paused { paused: true } => format!("{who} 已暂停"),
        DeploymentRule::Paused { paused: false } => format!("{who} 已恢复"),
        DeploymentRule::HistoryLimit { .. } => format!("{who} 超出历史限制"),
    }
}
