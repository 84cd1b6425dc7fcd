//! Titles of entries: who does what, and when.

use super::what::{decided, probe_of, verb_of, who};
use crate::time::Duration;
use crate::trace::{Rule, What};
use crate::view::words::Facts;
use crate::view::words::time::{clock, span};

/// An entry with its time, as a heading.
pub fn title(facts: &Facts<'_>) -> String {
    let who = who(&facts.subject);
    let at = clock(facts.at);
    let during = match facts.end {
        Some(end) if end > facts.at => format!("（{at} 至 {}）", clock(end)),
        _ => format!("（自 {at} 起）"),
    };
    match facts.what {
        What::Status { status, ready, .. } => format!("{who} 显示 {status}，就绪 {ready}{during}"),
        What::Phase(phase) => format!("{who} 处于 phase {phase}{during}"),
        What::Condition { status, .. } => format!("{} 为 {status}{during}", facts.subject.name),
        What::Volumes => format!("{who} 等待它的卷{during}"),
        What::Sandbox { ready: false } => format!("正在创建 {who} 的沙箱{during}"),
        What::Sandbox { ready: true } => format!("{who} 的沙箱存在{during}"),
        What::Creating => format!("正在创建并启动 {who}{during}"),
        What::Running { restarts: 0 } => format!("{who} 运行{during}"),
        What::Running { restarts } => format!("{who} 再次运行，第 {restarts} 次重启{during}"),
        What::Ended { code, reason } => match facts.rule {
            Rule::ProbeKill { .. } | Rule::PostStartFailed | Rule::GraceOver { .. } => {
                format!("{who} 在 {at} 被杀死，退出码 {code}")
            }
            Rule::OutOfMemory => format!("{who} 在 {at} 被杀死：内存不足，退出码 {code}"),
            _ => format!("{who} 在 {at} 结束：{reason}，退出码 {code}"),
        },
        What::Waiting { reason } => format!("{who} 等待：{reason}{during}"),
        What::Backoff { seconds } => format!("{who} 回退 {}{during}", span(Duration::from_secs(i64::from(*seconds)))),
        What::Pulling { image } => format!("拉取 {image}{during}"),
        What::Hook { stage } => format!("{who} 的 {stage} 运行{during}"),
        What::Turn => format!("{who} 等待轮到它停止{during}"),
        What::Grace { .. } => format!("{who} 得到停止的时间{during}"),
        What::ProbeRun { success, count: n, .. } => {
            let verb = if *success { "成功" } else { "失败" };
            format!("{who} 的 {} 探针：{verb} {n} 次{during}", probe_of(&facts.subject))
        }
        What::ProbeVerdict { success, .. } => {
            let verb = if *success { "判定成功" } else { "判定失败" };
            format!("{who} 的 {} 探针在 {at} {verb}", probe_of(&facts.subject))
        }
        What::Signal(name) => match facts.rule {
            Rule::ProbeKill { .. } => format!("{who} 在 {at} 被杀死：{name}"),
            _ => format!("{who} 在 {at} 收到 {name}"),
        },
        What::Exit { code } => format!("{who} 在 {at} 退出，退出码 {code}"),
        What::Event { reason, .. } => format!("{at} 的事件 {reason}"),
        What::Step(text) => format!("{at} 执行：{text}"),
        What::Object(verb) => match facts.rule {
            Rule::DeletionMarked { .. } => format!("{who} 在 {at} 被标记为删除"),
            Rule::DeletionFinished => format!("{who} 在 {at} 消失"),
            _ => format!("{who} 在 {at} {}", verb_of(verb)),
        },
        What::Bound(node) => format!("{who} 在 {at} 绑定到 {node}"),
        What::Decided(_) => format!("{at}：{}", decided(&facts.subject, &facts.rule)),
        What::Counts(counts) => {
            let words = super::workload::labels(counts).into_iter().next().unwrap_or_default();
            format!("{who}：{words}{during}")
        }
        What::Scaled { from, to } => format!("{who} 在 {at} 从 {from} 调整到 {to}"),
        What::Endpoint { ready: true, .. } => format!("{} 接收新连接{during}", facts.subject.name),
        What::Endpoint { serving: true, .. } => format!("{} 正在排空{during}", facts.subject.name),
        What::Endpoint { .. } => format!("{} 不接收连接{during}", facts.subject.name),
    }
}
