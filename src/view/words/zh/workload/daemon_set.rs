//! Rules of the DaemonSet controller.

use crate::trace::DaemonSetRule;
use crate::view::words::Facts;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::NodesWithoutPod { desired, missing } => format!(
            "按选择算符、亲和性和污点，{desired} 个节点应运行 Pod，其中 {missing} 个没有：为每个节点创建一个固定在该节点的 Pod。"
        ),
        DaemonSetRule::NodeUnfit => "节点不再符合模板，或者带有这个 Pod 不容忍的 NoExecute 污点。".to_owned(),
        DaemonSetRule::PodFailed { backoff } => format!(
            "Pod 失败，因此删除它并另建一个。如果新的在 {} 内失败，就保留这么久；延迟加倍，最长 15 min。",
            span(backoff)
        ),
        DaemonSetRule::PodFailedAgain { backoff } => {
            format!("Pod 在节点的回退时间 {} 之内失败，因此暂时保留。", span(backoff))
        }
        DaemonSetRule::PodSucceeded => "Pod 成功结束。DaemonSet 的 Pod 应一直运行，因此删除它并另建一个。".to_owned(),
        DaemonSetRule::SecondPod => "节点上已有这个 DaemonSet 更早的 Pod，因此删除它。".to_owned(),
        DaemonSetRule::CreateFailed { retry } => {
            format!(
                "API 服务器拒绝了这个 Pod。控制器在 {} 后重试，每次失败后延迟加倍。",
                span(retry)
            )
        }
        DaemonSetRule::NewRevision { number } => {
            format!("还没有修订版本使用这个模板，因此控制器创建修订版本 {number}。")
        }
        DaemonSetRule::ReusedRevision { from, to } => {
            format!("修订版本 {from} 的模板完全相同：它变为修订版本 {to}。")
        }
        DaemonSetRule::HistoryLimit { limit } => {
            format!("revisionHistoryLimit 为 {limit}：删除最旧的、没有 Pod 使用的修订版本。")
        }
        DaemonSetRule::Replaced {
            max_unavailable,
            unavailable,
        } => format!("这个 Pod 使用旧模板。最多 {max_unavailable} 个可以不可用，现有 {unavailable} 个，因此替换它。"),
        DaemonSetRule::ReplacedUnavailable => {
            "这个 Pod 使用旧模板，本来就不可用，因此不论 maxUnavailable 都替换它。".to_owned()
        }
        DaemonSetRule::Surged { max_surge, surging } => {
            format!("最多 {max_surge} 个节点可以同时运行两个 Pod，现有 {surging} 个：新 Pod 在旧 Pod 旁启动。")
        }
        DaemonSetRule::SurgeDone => "节点上的新 Pod 已可用，因此删除旧的。".to_owned(),
        DaemonSetRule::Status => "控制器统计节点和 Pod，并把数量写入状态。".to_owned(),
        DaemonSetRule::Adopted => "这个 Pod 带有选择算符的标签而没有控制器，因此控制器收养它。".to_owned(),
        DaemonSetRule::Released => "这个 Pod 失去了选择算符的一个标签，因此控制器放弃它。".to_owned(),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::NodesWithoutPod { .. } | DaemonSetRule::Surged { .. } => format!("{who} 需要 Pod"),
        DaemonSetRule::NodeUnfit => format!("{who} 不再属于它的节点"),
        DaemonSetRule::PodFailed { .. } => format!("{who} 失败，将被替换"),
        DaemonSetRule::PodFailedAgain { .. } => format!("{who} 失败，等待中"),
        DaemonSetRule::PodSucceeded => format!("{who} 已结束，将被替换"),
        DaemonSetRule::SecondPod => format!("{who} 是多余的一个"),
        DaemonSetRule::CreateFailed { .. } => format!("{who} 无法创建 Pod"),
        DaemonSetRule::NewRevision { .. } => format!("{who} 有新的修订版本"),
        DaemonSetRule::ReusedRevision { .. } => format!("{who} 回到旧的修订版本"),
        DaemonSetRule::HistoryLimit { .. } => format!("{who} 丢弃一个旧的修订版本"),
        DaemonSetRule::Replaced { .. } | DaemonSetRule::ReplacedUnavailable => format!("{who} 被更新"),
        DaemonSetRule::SurgeDone => format!("{who} 不再需要"),
        DaemonSetRule::Status => format!("{who} 的状态被写入"),
        DaemonSetRule::Adopted => format!("{who} 被收养"),
        DaemonSetRule::Released => format!("{who} 被释放"),
    }
}
