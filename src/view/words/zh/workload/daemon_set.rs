//! Rules of the DaemonSet controller.

use crate::trace::DaemonSetRule;
use crate::view::words::Facts;
use crate::view::words::time::span;

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::NodesWithoutPod { desired, current } => format!(
            "{desired} 个节点应当运行 Pod，其中 {current} 个已有，因此控制器再创建 {} 个，每个都用亲和性固定到它的节点。哪些节点应当运行由标签和污点决定。",
            desired.saturating_sub(current)
        ),
        DaemonSetRule::NodeUnfit => "节点的标签不符合模板的 nodeSelector 和亲和性，因此删除它上面的 Pod。".to_owned(),
        DaemonSetRule::NodeTainted => {
            "节点带有效果为 NoExecute 的污点，而模板没有相应的容忍度，因此删除它上面的 Pod。".to_owned()
        }
        DaemonSetRule::NodeMissing => "这个 Pod 等待的节点已不存在，因此删除它。".to_owned(),
        DaemonSetRule::PodFailed { backoff } => format!(
            "Pod 失败了，因此删除它，并在它的节点上另建一个。{} 之内在这个节点上再次失败的 Pod 会保留这么久：回退从 1 s 开始加倍，最长 15 min。",
            span(backoff)
        ),
        DaemonSetRule::PodFailedAgain { backoff } => format!(
            "Pod 在它的节点的回退（{}）之内失败，因此在回退结束之前保持 Failed。",
            span(backoff)
        ),
        DaemonSetRule::PodSucceeded => "Pod 成功结束，但节点应当一直运行一个 Pod：删除它，另建一个。".to_owned(),
        DaemonSetRule::SecondPod => "节点上有这个 DaemonSet 的另一个更早的 Pod，因此删除这一个。".to_owned(),
        DaemonSetRule::CreateFailed { retry } => format!(
            "API 服务器拒绝了这个 Pod。控制器在 {} 后重试，每次失败后延迟加倍，从 5 ms 到 1,000 s。",
            span(retry)
        ),
        DaemonSetRule::NewRevision { number } => {
            format!("还没有 ControllerRevision 保存这个模板，因此创建修订版本 {number}。")
        }
        DaemonSetRule::ReusedRevision { from, to } => {
            format!("修订版本 {from} 保存的正是这个模板，因此它成为最新的，编号为 {to}。")
        }
        DaemonSetRule::HistoryLimit { limit } => {
            format!("revisionHistoryLimit 为 {limit}，旧的修订版本超过这个数目，因此删除没有 Pod 使用的最早一个。")
        }
        DaemonSetRule::Replaced {
            desired,
            max_unavailable,
            unavailable,
        } => format!(
            "{desired} 个节点中最多 {max_unavailable} 个可以没有可用的 Pod（maxUnavailable，小数向上取整），现有 {unavailable} 个，因此现在还可以有 {max_unavailable} − {unavailable} = {} 个失去旧 Pod。",
            max_unavailable.saturating_sub(unavailable)
        ),
        DaemonSetRule::ReplacedUnavailable => "这个旧 Pod 本来就不可用，因此立即删除，不会因此失去什么。".to_owned(),
        DaemonSetRule::Surged { max_surge, surging } => format!(
            "最多 {max_surge} 个节点可以在旧 Pod 旁边运行尚不可用的新 Pod（maxSurge，小数向上取整），现有 {surging} 个，因此现在还可以增加 {max_surge} − {surging} = {} 个。",
            max_surge.saturating_sub(surging)
        ),
        DaemonSetRule::SurgedUnavailable => {
            "节点上的旧 Pod 不可用，因此无论 maxSurge 是多少，都在它旁边创建一个新 Pod。".to_owned()
        }
        DaemonSetRule::SurgeDone => "这个节点上的新 Pod 已可用，因此删除旁边的旧 Pod。".to_owned(),
        DaemonSetRule::OldNotReady => "节点上运行着两个 Pod，旧的那个已不再就绪，因此不等新的可用就删除它。".to_owned(),
        DaemonSetRule::Moved { desired, available } => format!(
            "这个节点不应当再运行 Pod。应当运行的节点有 {desired} 个，可用的 Pod 有 {available} 个，因此不需要这个旧 Pod。"
        ),
        DaemonSetRule::Status => "控制器统计应当运行 Pod 的节点，以及其中 Pod 已存在、就绪和可用的节点。".to_owned(),
        DaemonSetRule::Adopted => "这个 Pod 带有选择算符的标签而没有控制器，因此 DaemonSet 收养它。".to_owned(),
        DaemonSetRule::Released => {
            "这个 Pod 失去了选择算符的一个标签，因此 DaemonSet 放弃它，并在它的节点上另建一个。".to_owned()
        }
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &DaemonSetRule) -> String {
    match rule {
        DaemonSetRule::NodesWithoutPod { .. } => format!("{who} 有节点没有 Pod"),
        DaemonSetRule::NodeUnfit => format!("{who} 所在的节点不符合要求"),
        DaemonSetRule::NodeTainted => format!("{who} 不容忍节点的污点"),
        DaemonSetRule::NodeMissing => format!("{who} 等待的节点已不存在"),
        DaemonSetRule::PodFailed { .. } => format!("{who} 失败，将被替换"),
        DaemonSetRule::PodFailedAgain { .. } => format!("{who} 再次失败，暂时保留"),
        DaemonSetRule::PodSucceeded => format!("{who} 成功结束，将被替换"),
        DaemonSetRule::SecondPod => format!("{who} 是节点上多余的一个"),
        DaemonSetRule::CreateFailed { .. } => format!("{who} 无法创建 Pod"),
        DaemonSetRule::NewRevision { number } => format!("{who} 得到修订版本 {number}"),
        DaemonSetRule::ReusedRevision { from, to } => format!("{who} 重新使用修订版本 {from}，编号改为 {to}"),
        DaemonSetRule::HistoryLimit { .. } => format!("{who} 删除一个旧的修订版本"),
        DaemonSetRule::Replaced { .. } => format!("{who} 被替换"),
        DaemonSetRule::ReplacedUnavailable => format!("{who} 不可用，被删除"),
        DaemonSetRule::Surged { .. } | DaemonSetRule::SurgedUnavailable => format!("{who} 在旧 Pod 旁边创建新 Pod"),
        DaemonSetRule::SurgeDone => format!("{who} 让位给新的 Pod"),
        DaemonSetRule::OldNotReady => format!("{who} 未就绪，先被删除"),
        DaemonSetRule::Moved { .. } => format!("{who} 在它的节点上已不需要"),
        DaemonSetRule::Status => format!("{who} 的状态被写入"),
        DaemonSetRule::Adopted => format!("{who} 被收养"),
        DaemonSetRule::Released => format!("{who} 被释放"),
    }
}
