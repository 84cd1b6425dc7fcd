//! What a status that was written to the API server means: the STATUS column, conditions and phases.

use crate::trace::What;
use crate::view::words::Facts;
use crate::view::words::decide::Published;
use crate::view::words::time::span;

/// `，比起因晚 17 ms`, when that is known and not the same moment.
pub fn after(facts: &Facts<'_>) -> String {
    match facts.delay() {
        Some(delay) => format!("，比起因晚 {}", span(delay)),
        None => String::new(),
    }
}

/// How a status came to the API server.
pub fn published(facts: &Facts<'_>) -> String {
    let how = match facts.published() {
        Published::Taken => "节点上的 kubelet 接手了这个 Pod，并写入状态",
        Published::LastPhase => "kubelet 先确认 Pod 的东西都不再运行，然后写入最后的 phase",
        Published::Anew(delay) => {
            return format!(
                "kubelet 重新查看了 Pod，并写入它所看到的，比故障晚 {}。重新启动的 kubelet 不知道探针先前的结论。",
                span(delay)
            );
        }
        Published::Late(delay) => {
            return format!(
                "kubelet 先公布它所知道的，然后才行动，所以上一次查看的结果要到这一次才显示出来，晚了 {}。",
                span(delay)
            );
        }
        Published::Probe => "探针得出结论，kubelet 将其写入状态",
        Published::Started => "kubelet 从运行时得知容器已启动，并写入 API server",
        Published::Relist => "kubelet 根据这次对运行时的查看得出这个结果，并写入 API server",
        Published::Stopped => "最后一个需要结束的容器已结束，kubelet 将其写入 API server",
        Published::Known => "kubelet 根据运行时最后告诉它的情况得出这个结果，并写入 API server",
    };
    format!("{how}{}。", after(facts))
}

/// What a status, a phase or a condition means. `None` for everything else.
pub fn meaning(what: &What, lane: &str) -> Option<String> {
    let text = match what {
        What::Status { status, ready, .. } => column(status, ready),
        What::Condition { status, .. } if &**status == "True" && lane == "Ready" => {
            "所有容器都就绪，所有 readiness gate 都为真。".to_owned()
        }
        What::Condition { reason, .. } => condition_meaning(reason).to_owned(),
        What::Phase(phase) => phase_meaning(phase).to_owned(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn condition_meaning(reason: &str) -> &'static str {
    match reason {
        "ContainersNotReady" => "至少有一个容器未就绪：它没有运行、还没有启动，或者它的 readiness 探针还没有成功。",
        "PodCompleted" => "Pod 已完成工作，因此不接收连接。",
        "PodFailed" => "Pod 已失败，因此不接收连接。",
        "ReadinessGatesNotReady" => "所有容器都就绪，但有一个 readiness gate 不为真。",
        _ => "",
    }
}

fn phase_meaning(phase: &str) -> &'static str {
    match phase {
        "Pending" => "还不是每个容器都启动过。",
        "Running" => "所有 init 容器都已完成，并且至少有一个容器在运行或将再次运行。",
        "Succeeded" => "所有容器都以退出码 0 结束，并且都不会再次启动。",
        "Failed" => "所有容器都已结束，其中至少有一个不正常，并且都不会再次启动。",
        _ => "",
    }
}

/// The STATUS column. kubectl makes it from the phase, the reasons of the containers, and the mark of deletion.
fn column(status: &str, ready: &str) -> String {
    let fixed = match status {
        "Running" | "NotReady" => match ready.split_once('/') {
            Some((a, b)) if a == b => return format!("READY {ready}：每个容器都就绪。"),
            Some((a, b)) => return format!("READY {ready}：{b} 个容器中有 {a} 个就绪。"),
            None => "",
        },
        "Pending" => "还没有选定节点，或者 kubelet 还没有回应。",
        "ContainerCreating" => "Pod 已有节点；正在准备卷、沙箱、镜像和容器。",
        "PodInitializing" => "Pod 已算作初始化完成，但还不是所有容器都已启动。",
        "Terminating" => "Pod 已被标记为删除，但还没有结束。这不是 phase：只要标记还在，kubectl 就这样显示。",
        "CrashLoopBackOff" => "有一个容器反复结束，kubelet 在再次启动它之前等待。",
        "ImagePullBackOff" => "有一个镜像无法拉取，kubelet 在再次尝试之前等待。",
        "ErrImagePull" => "有一个镜像无法拉取。",
        "ErrImageNeverPull" => "有一个镜像不在节点上，而它的 imagePullPolicy 是 Never。",
        "InvalidImageName" => "有一个镜像的名称无法识别。",
        "CreateContainerConfigError" => "有一个容器无法组装：它需要的某样东西不存在。",
        "CreateContainerError" | "RunContainerError" | "StartError" => "有一个容器的进程无法启动。",
        "PostStartHookError" => "有一个 postStart 钩子失败，它的容器也随之失败。",
        "OOMKilled" => "有一个容器因使用的内存超过限制而被杀死。",
        "RestartingAllContainers" => "所有容器都已移除；它们从第一个 init 容器开始再次启动。",
        "SchedulingGated" => "一个调度门控拦住了 Pod。",
        "Completed" => "有一个容器以退出码 0 结束。",
        "Error" => "有一个容器以非 0 的退出码结束。",
        _ => match status.strip_prefix("Init:").map(|rest| rest.split_once('/')) {
            Some(Some((done, all))) => return format!("{all} 个 init 容器中已完成 {done} 个。"),
            Some(None) => "有一个 init 容器出了问题；它之后的都不会启动。",
            None => "",
        },
    };
    fixed.to_owned()
}
