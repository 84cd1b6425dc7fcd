//! What an entry says: lane labels, words inside bars, and a few words for tables and tooltips.

use crate::time::Duration;
use crate::trace::{LaneKind, ProbeKind, Rule, What};
use crate::view::words::Subject;
pub use crate::view::words::en::what::probe;
use crate::view::words::en::what::short_image;
use crate::view::words::time::span;

/// The label of a lane.
pub fn lane(kind: LaneKind, name: &str, threshold: Option<u32>, period: Option<Duration>) -> String {
    match kind {
        LaneKind::Workload(kind) => super::workload::lane(kind, name),
        LaneKind::Steps => "步骤".to_owned(),
        LaneKind::Node => format!("节点 {name}"),
        LaneKind::Pod => format!("Pod {name}"),
        LaneKind::Phase => "phase".to_owned(),
        LaneKind::Condition | LaneKind::Container | LaneKind::Endpoint => name.to_owned(),
        LaneKind::Sandbox => "沙箱".to_owned(),
        LaneKind::InitContainer => format!("{name} · init"),
        LaneKind::Sidecar => format!("{name} · sidecar"),
        LaneKind::EphemeralContainer => format!("{name} · 临时"),
        LaneKind::Image => "镜像".to_owned(),
        LaneKind::Hook if name.is_empty() => "钩子".to_owned(),
        LaneKind::Hook => name.to_owned(),
        LaneKind::Probe(kind) => match (threshold, period) {
            (Some(n), Some(period)) => format!("{} {n} × {}", probe(kind), span(period)),
            (None, Some(period)) => format!("{} 每 {}", probe(kind), span(period)),
            _ => probe(kind).to_owned(),
        },
        LaneKind::Termination => "终止".to_owned(),
        LaneKind::Service => format!("Service {name}"),
    }
}

/// Words inside a bar, fullest first.
pub fn labels(kind: LaneKind, what: &What) -> Vec<String> {
    let all = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    match what {
        What::Status {
            status,
            ready,
            restarts,
        } => {
            let mut list = Vec::with_capacity(4);
            if *restarts > 0 {
                list.push(format!("{status} · {ready} · 重启 {restarts} 次"));
                list.push(format!("{status} · 重启 {restarts} 次"));
            }
            list.push(format!("{status} · {ready}"));
            list.push(status.to_string());
            list
        }
        What::Phase(phase) => all(&[phase]),
        What::Condition { status, reason } if reason.is_empty() => all(&[status]),
        What::Condition { status, reason } => vec![format!("{status} · {reason}"), status.to_string()],
        What::Volumes => all(&["等待卷", "卷"]),
        What::Sandbox { ready: false } => all(&["正在创建沙箱", "沙箱"]),
        What::Sandbox { ready: true } => all(&["沙箱"]),
        What::Creating => all(&["创建中"]),
        What::Running { restarts: 0 } if kind == LaneKind::Sidecar => all(&["sidecar 运行中", "运行中"]),
        What::Running { restarts: 0 } => all(&["运行中"]),
        What::Running { restarts } => vec![format!("运行中 · 第 {restarts} 次重启"), "运行中".to_owned()],
        What::Ended { code, reason } => vec![
            format!("{reason} · 退出码 {code}"),
            format!("{reason} {code}"),
            reason.to_string(),
            code.to_string(),
        ],
        What::Waiting { reason } => vec![reason.to_string()],
        What::Backoff { seconds } => vec![format!("回退 {}", span(Duration::from_secs(i64::from(*seconds))))],
        What::Pulling { image } => {
            let short = short_image(image);
            vec![
                format!("拉取 {image}"),
                format!("拉取 {short}"),
                short.to_owned(),
                "拉取".to_owned(),
            ]
        }
        What::Hook { stage } => all(&[stage]),
        What::Turn => all(&["等待轮到它停止", "等待"]),
        What::Grace { seconds } => {
            let span = span(Duration::from_secs(i64::from(*seconds)));
            vec![format!("宽限期 {span}"), span]
        }
        What::Endpoint { ready: true, .. } => all(&["接收新连接", "就绪"]),
        What::Endpoint { serving: true, .. } => all(&["排空中：仍应答，不接新连接", "排空中"]),
        What::Endpoint { .. } => all(&["未就绪"]),
        What::Step(text) => all(&[text]),
        What::ProbeRun { .. }
        | What::ProbeVerdict { .. }
        | What::Signal(_)
        | What::Exit { .. }
        | What::Event { .. }
        | What::Object(_)
        | What::Bound(_)
        | What::Scaled { .. }
        | What::Decided(_) => Vec::new(),
        What::Counts(counts) => super::workload::labels(counts),
    }
}

/// An entry in a few words that stand alone.
pub fn said(subject: &Subject<'_>, what: &What, rule: &Rule) -> String {
    let who = who(subject);
    let seconds = |seconds: u32| span(Duration::from_secs(i64::from(seconds)));
    match what {
        What::Status {
            status,
            ready,
            restarts,
        } => format!("{who}：{status} {ready}，重启 {restarts} 次"),
        What::Phase(phase) => format!("{who}：phase {phase}"),
        What::Condition { status, reason } if reason.is_empty() => format!("{}：{status}", subject.name),
        What::Condition { status, reason } => format!("{}：{status}（{reason}）", subject.name),
        What::Volumes => format!("{who} 等待它的卷"),
        What::Sandbox { ready: false } => format!("正在创建 {who} 的沙箱"),
        What::Sandbox { ready: true } => format!("{who} 的沙箱存在"),
        What::Creating => format!("正在创建 {who}"),
        What::Running { restarts: 0 } => format!("{who} 运行"),
        What::Running { restarts } => format!("{who} 再次运行，第 {restarts} 次重启"),
        What::Ended { code, reason } => format!("{who} 已结束：{reason}，退出码 {code}"),
        What::Waiting { reason } => format!("{who} 等待：{reason}"),
        What::Backoff { seconds: n } => format!("{who}：回退 {}", seconds(*n)),
        What::Pulling { image } => format!("拉取 {image}"),
        What::Hook { stage } => format!("{who} 的 {stage} 运行"),
        What::Turn => format!("{who} 等待轮到它停止"),
        What::Grace { seconds: n } => format!("{who} 还有 {}", seconds(*n)),
        What::ProbeRun { success, count, output } => {
            let verb = if *success { "成功" } else { "失败" };
            let times = if *count > 1 {
                format!(" × {count}")
            } else {
                String::new()
            };
            let output = output.lines().next().unwrap_or("").trim();
            match (success, output) {
                (true, _) | (false, "") => format!("{} {verb}{times}", probe_of(subject)),
                (false, output) => format!("{} {verb}{times}：{output}", probe_of(subject)),
            }
        }
        What::ProbeVerdict { success, count: n } => {
            let verb = if *success { "成功" } else { "失败" };
            let row = if *n > 1 { "连续" } else { "" };
            format!("{}：{row}{verb} {n} 次", probe_of(subject))
        }
        What::Signal(name) => format!("向 {who} 发送 {name}"),
        What::Exit { code } => format!("{who} 退出，退出码 {code}"),
        What::Event { reason, message, .. } => format!("事件 {reason}：{message}"),
        What::Step(text) => text.to_string(),
        What::Object(_) if matches!(rule, Rule::DeletionMarked { .. }) => format!("{who} 被标记为删除"),
        What::Object(_) if *rule == Rule::DeletionFinished => format!("{who} 已消失"),
        What::Object(verb) => format!("{who} {}", verb_of(verb)),
        What::Bound(node) => format!("{who} 绑定到 {node}"),
        What::Decided(text) if text.is_empty() => decided(subject, rule),
        What::Decided(text) => format!("{}：{}", decided(subject, rule), text.lines().next().unwrap_or("")),
        What::Counts(counts) => {
            let words = super::workload::labels(counts).into_iter().next().unwrap_or_default();
            format!("{who}：{words}")
        }
        What::Scaled { from, to } => format!("{who} 从 {from} 调整到 {to}"),
        What::Endpoint { ready: true, .. } => format!("{} 接收新连接", subject.name),
        What::Endpoint { serving: true, .. } => format!("{} 正在排空", subject.name),
        What::Endpoint { .. } => format!("{} 不接收连接", subject.name),
    }
}

/// What was done to an object. What is not known here stays as it is.
pub fn verb_of(verb: &str) -> &str {
    match verb {
        "created" => "已创建",
        "deleted" => "已删除",
        "marked for deletion" => "被标记为删除",
        "gone" => "已消失",
        _ => verb,
    }
}

/// What was noticed or decided, by the rule that did it.
pub fn decided(subject: &Subject<'_>, rule: &Rule) -> String {
    let who = who(subject);
    match rule {
        Rule::RelistSaw { .. } => format!("kubelet 看到 {who} 已结束"),
        Rule::RestartFree | Rule::RestartAfterBackoff { .. } => format!("{who} 将再次启动"),
        Rule::RestartPolicyStays { .. } => format!("{who} 保持结束状态"),
        Rule::AllContainersRestart => format!("{who} 的所有容器将再次启动"),
        Rule::ProbeKill { kind } => format!("{} 探针失败，{who} 将被停止", probe(*kind)),
        Rule::PostStartFailed => format!("{who} 的 postStart 失败"),
        Rule::ConfigMissing => format!("无法配置 {who}"),
        Rule::ImagePullFailed { .. } => format!("无法拉取 {who} 的镜像"),
        Rule::ImagePullRefused { .. } => format!("暂不拉取 {who} 的镜像"),
        Rule::PodFinished => format!("{who} 将结束"),
        Rule::DeadlineExceeded { .. } => format!("{who} 的时间已到"),
        Rule::SandboxChanged => format!("{who} 需要新的沙箱"),
        Rule::SchedulerNoFit => format!("没有适合 {who} 的节点"),
        Rule::NodeSilent { .. } => format!("{who} 的节点没有消息"),
        Rule::TaintEvicted { .. } => format!("{who} 被驱逐"),
        Rule::KubeletRejected => format!("kubelet 拒绝 {who}"),
        Rule::NodePressure => format!("{who} 被驱逐：节点内存不足"),
        Rule::MirrorStored => format!("{who} 的新镜像对象已保存"),
        Rule::CriticalPodRoom => format!("{who} 为关键 Pod 让位"),
        Rule::NodeShutdown => format!("{who} 被停止：它的节点正在关机"),
        Rule::PodGc => format!("{who} 被回收：它的节点已不存在"),
        Rule::Deployment(_)
        | Rule::ReplicaSet(_)
        | Rule::StatefulSet(_)
        | Rule::DaemonSet(_)
        | Rule::Job(_)
        | Rule::CronJob(_)
        | Rule::Garbage(_) => super::workload::decided(&who, rule),
        _ => format!("{who} 继续"),
    }
}

/// The probe a lane shows.
pub fn probe_of(subject: &Subject<'_>) -> &'static str {
    match subject.kind {
        LaneKind::Probe(kind) => probe(kind),
        _ => "这个",
    }
}

/// The probe with its noun, in the middle of a sentence.
pub fn the_probe(kind: ProbeKind) -> String {
    format!("{} 探针", probe(kind))
}

/// Whom an entry is about, in the middle of a sentence.
pub fn who(subject: &Subject<'_>) -> String {
    match (subject.container, subject.kind) {
        (Some(container), _) => container.to_owned(),
        (None, LaneKind::Service | LaneKind::Endpoint) => format!("Service {}", subject.name),
        (None, LaneKind::Workload(kind)) => super::workload::lane(kind, subject.name),
        (None, LaneKind::Node) => format!("节点 {}", subject.name),
        (None, LaneKind::Steps) => "场景".to_owned(),
        _ => match subject.pod {
            Some(pod) => format!("Pod {pod}"),
            None => subject.name.to_owned(),
        },
    }
}
