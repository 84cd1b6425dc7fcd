//! Why an entry is there: one to three sentences for every rule, with its numbers.

use super::status::{self, after};
use super::what::{probe, the_probe, who};
use super::workload;
use crate::api::pod::{PullPolicy, RestartPolicy};
use crate::time::{Duration, Instant};
use crate::trace::{GraceBy, LaneKind, ProbeKind, Rule, What};
use crate::view::words::Facts;
use crate::view::words::decide::grace_left;
use crate::view::words::time::{clock, clocks, span};

/// The rule in plain words.
pub fn how(facts: &Facts<'_>) -> String {
    let who = who(&facts.subject);
    let pod = facts
        .subject
        .pod
        .map_or_else(|| "Pod".to_owned(), |pod| format!("Pod {pod}"));
    match facts.rule {
        Rule::Step => match facts.what {
            What::Step(_) => format!("场景的一个步骤，在 {} 执行。", clock(facts.at)),
            _ => "由场景的一个步骤造成。".to_owned(),
        },
        Rule::ApiServerStored => match facts.what {
            What::Object(_) => "API server 检查了对象，补上默认值并保存。监视这类对象的组件从此知道它。".to_owned(),
            _ => "API server 给每个新 Pod 的 phase 都是 Pending。".to_owned(),
        },
        Rule::SchedulerBound => {
            format!("调度器找到一个放得下 {pod} 的节点，并把它绑定到那里。Pod 只绑定一次，从不移动。")
        }
        Rule::SchedulerNoFit => format!(
            "{}集群中有变化时，以及每隔几分钟，调度器会再看一次。",
            quoted(
                facts,
                "没有节点通过所有过滤条件",
                "没有节点通过所有过滤条件（资源请求、污点、选择器、端口）。"
            )
        ),
        Rule::StatusPublished => status::published(facts),
        Rule::VolumesWaited => {
            "在每个卷都挂载好之前什么都不会启动。kubelet 每 300 ms 看一次，所以只挂载令牌的 Pod 也要等一次。".to_owned()
        }
        Rule::SandboxCreated => {
            "沙箱先于所有容器：它是带有 Pod 地址的网络命名空间，所有容器共用，容器重启后它仍在。".to_owned()
        }
        Rule::SandboxChanged => {
            "Pod 的沙箱没有了，或者需要另一个。剩下的先被停止，然后 Pod 从第一个 init 容器重新开始。".to_owned()
        }
        Rule::ImagePulled { policy } => pulled(facts, policy),
        Rule::ImagePullFailed { backoff } => format!(
            "{}{} 之前不会再次拉取：回退 {}，每次失败加倍，从 10 s 直到 5 min。",
            quoted(facts, "拉取失败", "拉取失败。"),
            clock(facts.at + backoff),
            span(backoff)
        ),
        Rule::ImagePullRefused { backoff, until } => format!(
            "上次拉取失败，回退是 {}：{} 之前不会再次拉取。",
            span(backoff),
            clock(until)
        ),
        Rule::ContainerStarted => started(facts),
        Rule::ProcessExited => match facts.what {
            What::Ended { code, .. } | What::Exit { code } => exit(facts, *code),
            _ => format!("{who} 的第一个进程结束了，容器也随之结束。"),
        },
        Rule::RelistSaw { on_demand } => {
            let how = if on_demand {
                "kubelet 对 Pod 采取行动之后，立即向运行时询问它的容器。"
            } else {
                "kubelet 大约每秒向运行时询问一次所有容器。"
            };
            match facts.because_at.filter(|at| *at < facts.at) {
                Some(at) => format!(
                    "{how}{who} 在 {} 结束；这次查看晚了 {}，是第一次能看到它的机会。",
                    clock(at),
                    span(facts.at - at)
                ),
                None => format!("{how}这次查看发现 {who} 已经结束。"),
            }
        }
        Rule::RestartFree => match facts.probe_kill {
            Some(kind) => format!(
                "{who} 立即再次启动。被 {}杀死之后，回退从刚造成的这次退出之前的那次退出算起，而那里没有待等的回退。",
                the_probe(kind)
            ),
            None => format!(
                "{who} 没有记录在案的回退，所以立即再次启动。第一次退出之后，以及上次重启已过去 10 min 以上时，都是如此。"
            ),
        },
        Rule::RestartAfterBackoff { waited, next, since } => restart(facts, waited, next, since),
        Rule::BackoffRefused { backoff, left } => format!(
            "上次退出在 {}，回退为 {}：{} 之前（还有 {}）不会启动。无论退出码是什么，每次重启都会使回退加倍，从 10 s 直到 5 min（节点另有设置时除外）。",
            clock(facts.at + left - backoff),
            span(backoff),
            clock(facts.at + left),
            span(left)
        ),
        Rule::RestartPolicyStays { policy } => match policy {
            RestartPolicy::Never => format!("restartPolicy 是 Never，所以 {who} 不会再次启动。"),
            RestartPolicy::OnFailure => {
                format!("restartPolicy 是 OnFailure，而 {who} 以退出码 0 结束，所以不会再次启动。")
            }
            RestartPolicy::Always => format!("{who} 不会再次启动。"),
        },
        Rule::AllContainersRestart => format!(
            "restartPolicyRules 中有一条规则对这个退出码规定了 RestartAllContainers。{pod} 的所有容器都被停止并移除；\
             然后它在同一个沙箱里从第一个 init 容器重新开始，没有回退。"
        ),
        Rule::ProbeTick { kind, period, delay } => tick(facts, kind, period, delay),
        Rule::ProbeThreshold {
            kind,
            count,
            threshold,
            period,
        } => verdict(facts, kind, count, threshold, period),
        Rule::ProbeKill { kind } => {
            let results = match facts.results {
                [] => String::new(),
                results => format!("（{}）", clocks(results)),
            };
            format!(
                "{}已判定失败{results}，所以 kubelet 停止 {who}：preStop、停止信号、宽限期。除非策略是 Never 或有回退未到，\
                 同一轮处理会再次启动它。",
                the_probe(kind)
            )
        }
        Rule::HookRan => match facts.what {
            What::Hook { stage } if &**stage == "preStop" => format!(
                "preStop 在停止信号之前运行，并且在宽限期之内：它用掉的每一整秒，都从 {who} 停止的时间里扣除。{}",
                took(facts)
            ),
            _ => format!(
                "postStart 与 {who} 的进程同时运行，没有先后顺序。在它结束之前，kubelet 不启动 Pod 的其他容器，{who} 也不显示为运行。{}",
                took(facts)
            ),
        },
        Rule::PostStartFailed => {
            format!("postStart 钩子失败了，所以 {who} 像崩溃一样被停止。接下来如何由重启策略和回退决定。")
        }
        Rule::GraceStarted { grace, used, by } => grace_started(facts, grace, used, by),
        Rule::GraceOver { grace, used } => {
            let it = grace_left(grace, used);
            let sum = match (it.used, it.least) {
                (_, true) => format!("准予 {}，但不少于 2 s", span(grace)),
                (true, false) => format!("准予 {} − 已用 {}", span(grace), span(used)),
                (false, false) => "准予的全部时间".to_owned(),
            };
            format!(
                "{who} 在 {}（{sum}）之后仍在，所以收到 SIGKILL，没有进程能处理它：退出码 137。",
                span(it.left)
            )
        }
        Rule::SidecarOrder => format!(
            "Sidecar 最后停止：在容器之后，也在清单中排在它后面的 sidecar 之后。在那之前，{who} 的停止信号一直等待，\
             而这段时间也在 Pod 唯一的宽限期之内。{}",
            took(facts)
        ),
        Rule::DeletionMarked { grace, .. } if grace.micros() <= 0 => "没有什么需要等待，所以对象立即被移除。".to_owned(),
        Rule::DeletionMarked { mirror: true, .. } => {
            "该对象只是静态 Pod 的镜像：它被标记并很快移除，它的端点不再就绪。kubelet 不会停止任何东西。".to_owned()
        }
        Rule::DeletionMarked { grace, .. } => format!(
            "节点上的 Pod 不是被移除，而是被标记：deletionTimestamp 在 {} 之后。它的端点不再就绪，由该节点的 kubelet 停止容器。",
            span(grace)
        ),
        Rule::DeletionFinished if matches!(facts.subject.kind, LaneKind::Workload(_)) => {
            "不再有什么保留这个对象，所以 API server 将它移除。".to_owned()
        }
        Rule::DeletionFinished => {
            "所有容器都已结束，节点也已清理，所以对象从 API server 中移除。到现在 Pod 才真正消失。".to_owned()
        }
        Rule::PodFinished => {
            "所有容器都已结束，并且 restartPolicy 不再启动任何一个。kubelet 做清理，Pod 得到它最后的 phase。".to_owned()
        }
        Rule::DeadlineExceeded { limit } => format!(
            "activeDeadlineSeconds 是 {}：从 startTime 起经过这么久，Pod 变为 Failed，容器被停止。",
            limit.secs()
        ),
        Rule::NodeSilent { grace } => format!(
            "节点的 kubelet 已经 {} 没有消息（node-monitor-grace-period），所以节点视为不可达，它的 Pod 视为未就绪。它们的容器很可能仍在运行。",
            span(grace)
        ),
        Rule::TaintEvicted { tolerated } => match tolerated {
            Some(time) => format!(
                "节点有一个效果为 NoExecute 的污点。{pod} 容忍它 {}（tolerationSeconds）；时间已到，所以被删除。",
                span(time)
            ),
            None => format!("节点有一个效果为 NoExecute 的污点，而 {pod} 不容忍它，所以被删除。"),
        },
        Rule::OutOfMemory => format!(
            "{who} 使用的内存超过了 resources.limits.memory，所以内核杀死了它：没有宽限的 SIGKILL，退出码 137，reason 为 OOMKilled。"
        ),
        Rule::StartFailed => format!("运行时无法启动 {who} 的进程。这算作一次退出码为 128 的退出：接下来如何由重启策略和回退决定。"),
        Rule::ConfigMissing => format!(
            "{}kubelet 每 10 到 15 s 再看一次，东西出现后会自己继续。",
            quoted(
                facts,
                &format!("{who} 需要的东西不存在"),
                &format!("{who} 需要的东西不存在。")
            )
        ),
        Rule::EventRecorded => match facts.what {
            What::Event { message, .. } if !message.is_empty() => {
                format!("一个 Event 记录了它{}：“{}”", after(facts), message.trim_end())
            }
            _ => format!("一个 Event 记录了它{}。", after(facts)),
        },
        Rule::EndpointsFollow => endpoint(facts),
        Rule::KubeletRejected => {
            "kubelet 在接收 Pod 之前再检查一次：压力、资源、标签、主机端口、NoExecute 污点。这个 Pod 没有通过，所以失败；\
             什么都不启动，也不会重试。"
                .to_owned()
        }
        Rule::NodePressure => "节点的内存剩余不足 100Mi。kubelet 每 10 s 查看一次并驱逐一个 Pod：先是用量超过请求的，其中优先级\
            最低的，再是超出请求最多的。它有 1 s 的时间停止，并保持 Failed。"
            .to_owned(),
        Rule::MirrorStored => {
            "静态 Pod 在其节点的一个文件里；被删除的只是它在 API 中的镜像对象。kubelet 发现后保存了一个新的，容器没有被触动。"
                .to_owned()
        }
        Rule::CriticalPodRoom => {
            "一个关键 Pod（优先级不低于 2000000000）来到节点，而剩余的资源不够。kubelet 结束不那么重要的 Pod，先是 BestEffort，\
             而且尽量少；它们停止之后关键 Pod 才启动。它们有自己的宽限期，并保持 Failed。"
                .to_owned()
        }
        Rule::NodeShutdown => {
            "节点正在关机。先停止普通 Pod，然后停止关键 Pod，各自在 shutdownGracePeriod 的相应部分之内，无论 Pod 自己的宽限期有多长。"
                .to_owned()
        }
        Rule::PodGc => {
            "Pod 绑定到一个不存在的节点。垃圾收集器每 20 s 查看一次，等待节点出现 40 s，然后把 Pod 记为失败并强制移除。".to_owned()
        }
        Rule::Fault => "由场景的一个故障造成；背后没有 Kubernetes 的规则。".to_owned(),
        Rule::Deployment(_)
        | Rule::ReplicaSet(_)
        | Rule::StatefulSet(_)
        | Rule::DaemonSet(_)
        | Rule::Job(_)
        | Rule::CronJob(_)
        | Rule::Garbage(_) => workload::how(facts),
    }
}

/// `begin：“the text of the error”`, or `alone` when there is no text.
fn quoted(facts: &Facts<'_>, begin: &str, alone: &str) -> String {
    match facts.what {
        What::Decided(text) if !text.is_empty() => format!("{begin}：“{}”。", text.trim_end()),
        _ => alone.to_owned(),
    }
}

/// `用时 4 s。`, of a slice that has ended.
fn took(facts: &Facts<'_>) -> String {
    match facts.end.filter(|end| *end > facts.at) {
        Some(end) => format!("用时 {}。", span(end - facts.at)),
        None => String::new(),
    }
}

fn pulled(facts: &Facts<'_>, policy: PullPolicy) -> String {
    let why = match policy {
        PullPolicy::Always => {
            "imagePullPolicy 是 Always（标签为 latest 时的默认值），所以每次启动前都要询问镜像仓库，即使镜像已在节点上。"
        }
        PullPolicy::IfNotPresent => "imagePullPolicy 是 IfNotPresent，而镜像不在节点上。",
        PullPolicy::Never => "imagePullPolicy 是 Never。",
    };
    match facts.end.filter(|end| *end > facts.at) {
        Some(end) => format!("{why}容器必须等待它：{}。", span(end - facts.at)),
        None => format!("{why}容器必须等待它。"),
    }
}

fn restart(facts: &Facts<'_>, waited: Duration, next: Duration, since: Instant) -> String {
    if waited.micros() <= 0 {
        return format!(
            "没有剩余的等待时间，所以容器立即再次启动。下一次退出会遇到 {} 的回退。",
            span(next)
        );
    }
    let grows = if next > waited {
        "它会加倍"
    } else {
        "它已到上限"
    };
    let over = match facts.probe_kill {
        Some(kind) => format!(
            "被 {}杀死之后，回退从刚造成的这次退出之前的那次退出算起。那次退出在 {}，{} 的回退已经结束。",
            the_probe(kind),
            clock(since),
            span(waited)
        ),
        None => format!(
            "从 {} 的退出算起的 {} 回退在 {} 结束；这是 kubelet 的下一次查看。",
            clock(since),
            span(waited),
            clock(since + waited)
        ),
    };
    format!("{over}{grows}：下一次退出会遇到 {}。", span(next))
}

fn started(facts: &Facts<'_>) -> String {
    let turn = match (facts.subject.kind, facts.what) {
        (_, What::Running { restarts }) if *restarts > 0 => {
            "容器由镜像重新创建：上一个实例写入自身文件系统的内容已经没有了，卷里的还在。"
        }
        (LaneKind::InitContainer, _) => "Init 容器一个接一个运行：这一个以退出码 0 结束后，下一个才开始。",
        (LaneKind::Sidecar, _) => {
            "Sidecar 按它在 init 容器中的位置启动并一直运行。它启动之后下一个就开始：立即，或在它的 startup 探针成功之后。"
        }
        (LaneKind::EphemeralContainer, _) => "运行中的 Pod 加入了一个临时容器。",
        _ => "所有 init 容器之后，容器按清单中的顺序逐个启动，彼此不等待就绪。",
    };
    match facts.what {
        What::Creating => format!("{turn}{}", took(facts)),
        _ => turn.to_owned(),
    }
}

fn tick(facts: &Facts<'_>, kind: ProbeKind, period: Duration, delay: Duration) -> String {
    let period = span(period);
    let every = match delay.micros() {
        ..=0 => format!("{}每 {period} 运行一次（periodSeconds）。", the_probe(kind)),
        _ => format!(
            "{}每 {period} 运行一次（periodSeconds），但在容器运行满 {} 之前不运行（initialDelaySeconds）。",
            the_probe(kind),
            span(delay)
        ),
    };
    let grid = match kind {
        ProbeKind::Readiness => "容器未就绪时，每个新的状态都会立即引发一次尝试，节拍从那里重新计算。",
        ProbeKind::Startup | ProbeKind::Liveness => "它的节拍属于 Pod：从卷挂载好时开始，重启不会移动它。",
    };
    match facts.what {
        What::ProbeRun { count, success, .. } if *count > 1 => {
            let result = if *success { "成功" } else { "失败" };
            format!("{every}{grid}这里它连续{result} {count} 次。")
        }
        What::ProbeRun { success: false, .. } => format!("{every}{grid}这里它失败了一次。"),
        _ => format!("{every}{grid}"),
    }
}

/// An exit code, and what it tells: 128 and a signal's number for a process that the signal ended.
fn exit(facts: &Facts<'_>, code: i32) -> String {
    let by = if facts.signalled {
        "在被要求停止之后"
    } else {
        "自行"
    };
    let meaning = match code {
        143 if facts.signalled => "（128 + 15：死于 SIGTERM，或者自称如此）",
        137 => "（128 + 9：SIGKILL）",
        _ => "",
    };
    format!(
        "{} 的第一个进程{by}结束，退出码 {code}{meaning}，容器也随之结束。",
        who(&facts.subject)
    )
}

fn verdict(facts: &Facts<'_>, kind: ProbeKind, count: u32, threshold: u32, period: Duration) -> String {
    let success = matches!(
        facts.what,
        What::ProbeVerdict { success: true, .. } | What::ProbeRun { success: true, .. }
    );
    let times = match facts.results {
        [] => String::new(),
        results => format!("：{}", clocks(results)),
    };
    // Threshold and period are said as the manifest says them, in seconds.
    let period_seconds = span(period);
    let period_seconds = period_seconds.strip_suffix(" s").unwrap_or(&period_seconds);
    let (outcome, field, meaning) = match (success, kind) {
        (true, ProbeKind::Startup) => ("成功", "successThreshold", "容器算作已启动，它的其他探针开始运行。"),
        (true, ProbeKind::Liveness) => ("成功", "successThreshold", "容器算作存活。"),
        (true, ProbeKind::Readiness) => (
            "成功",
            "successThreshold",
            "容器就绪；所有容器都就绪后，Service 会把连接发给这个 Pod。",
        ),
        (false, ProbeKind::Readiness) => (
            "失败",
            "failureThreshold",
            "容器不再就绪，Service 不再向这个 Pod 发送新连接。它不会被重启。",
        ),
        (false, _) => ("失败", "failureThreshold", "这就是判定：kubelet 杀死容器。"),
    };
    let row = if count > 1 { "连续" } else { "" };
    let sum = match (threshold, kind) {
        (1, _) => format!("{field} 为 1，一次就够。"),
        (n, ProbeKind::Readiness) => format!("达到 {field} {n}，periodSeconds 为 {period_seconds}。"),
        (n, _) => format!(
            "达到 {field} {n}：其中第一次 + {} × periodSeconds {period_seconds}。",
            n - 1
        ),
    };
    format!("{} {row}第 {count} 次{outcome}{times}。{sum}{meaning}", probe(kind))
}

fn grace_started(facts: &Facts<'_>, grace: Duration, used: Duration, by: GraceBy) -> String {
    let it = grace_left(grace, used);
    let source = match by {
        GraceBy::Pod => "terminationGracePeriodSeconds".to_owned(),
        GraceBy::Delete => "删除请求的宽限期".to_owned(),
        GraceBy::Probe(kind) => format!("{}的 terminationGracePeriodSeconds", the_probe(kind)),
        GraceBy::Kubelet => "kubelet 在这里不给更多".to_owned(),
    };
    let sum = match (it.used, it.least) {
        (true, false) => format!("准予 {} − preStop 和等待已用 {}；{source}", span(grace), span(used)),
        (true, true) => format!(
            "准予 {}，其中 {} 已被 preStop 和等待用掉，但不少于 2 s；{source}",
            span(grace),
            span(used)
        ),
        (false, true) => format!("准予 {}，但不少于 2 s；{source}", span(grace)),
        (false, false) => source,
    };
    format!(
        "停止信号发给 {} 的第一个进程，它现在有 {}（{sum}）。如果到 {} 它仍在，就会收到 SIGKILL。",
        who(&facts.subject),
        span(it.left),
        clock(facts.at + it.left)
    )
}

fn endpoint(facts: &Facts<'_>) -> String {
    match facts.what {
        What::Endpoint {
            ready: true,
            serving,
            terminating,
            ..
        } if !serving || *terminating => {
            "设置了 publishNotReadyAddresses，所以 Pod 未就绪或正在被删除时，端点也算作就绪。"
        }
        What::Endpoint { ready: true, .. } => {
            "Pod 处于 Ready 且没有被删除，所以它的地址在 EndpointSlice 中为就绪，新连接会发给它。"
        }
        What::Endpoint {
            serving: true,
            terminating: true,
            ..
        } => {
            "Pod 正在被删除，所以它的端点不再就绪。它本身仍是 Ready，因此算作 serving：可以处理完已有的连接，\
             只有在没有就绪端点时才会得到新连接。"
        }
        What::Endpoint { terminating: true, .. } => "Pod 正在被删除，也不再是 Ready：不会有任何东西发给它。",
        _ => "Pod 不是 Ready，所以它的端点未就绪，新连接不会发给它。",
    }
    .to_owned()
}
