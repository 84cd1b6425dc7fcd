//! What a status that was written to the API server means: the STATUS column, conditions and phases.

use crate::trace::What;
use crate::view::words::Facts;
use crate::view::words::decide::Published;
use crate::view::words::time::span;

/// ` 17 ms after what it follows from`, when that is known and not the same moment.
pub fn after(facts: &Facts<'_>) -> String {
    match facts.delay() {
        Some(delay) => format!(" {} after its cause", span(delay)),
        None => String::new(),
    }
}

/// How a status came to the API server.
pub fn published(facts: &Facts<'_>) -> String {
    let how = match facts.published() {
        Published::Taken => "The kubelet of the node has taken the Pod and says so",
        Published::LastPhase => {
            "The kubelet first makes sure that nothing of the Pod runs any more; then it writes the last phase"
        }
        Published::Anew(delay) => {
            return format!(
                "The kubelet looked at the Pod anew and wrote what it found, {} after the fault. A kubelet that has \
                 started again knows nothing of what its probes had decided.",
                span(delay)
            );
        }
        Published::Late(delay) => {
            return format!(
                "The kubelet publishes what it knows before it acts, so what its last look led to shows only at this \
                 one, {} later.",
                span(delay)
            );
        }
        Published::Probe => "A probe has decided, and the kubelet wrote it into the status",
        Published::Started => {
            "The kubelet learned from the runtime that the container has started, and wrote it to the API server"
        }
        Published::Relist => "The kubelet worked this out from its look at the runtime and wrote it to the API server",
        Published::Stopped => {
            "The last container that had to end has ended, and the kubelet wrote it to the API server"
        }
        Published::Known => {
            "The kubelet worked this out from what the runtime last told it and wrote it to the API server"
        }
    };
    format!("{how}{}.", after(facts))
}

/// What a status, a phase or a condition means. `None` for everything else.
pub fn meaning(what: &What, lane: &str) -> Option<String> {
    let text = match what {
        What::Status { status, ready, .. } => column(status, ready),
        What::Condition { status, .. } if &**status == "True" && lane == "Ready" => {
            "All containers are ready, and all readiness gates are true.".to_owned()
        }
        What::Condition { reason, .. } => condition_meaning(reason).to_owned(),
        What::Phase(phase) => phase_meaning(phase).to_owned(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn condition_meaning(reason: &str) -> &'static str {
    match reason {
        "ContainersNotReady" => {
            "At least one container is not ready: it does not run, has not started, or its readiness probe has not \
             succeeded."
        }
        "PodCompleted" => "The Pod has done its work, so it takes no connections.",
        "PodFailed" => "The Pod has failed, so it takes no connections.",
        "ReadinessGatesNotReady" => "All containers are ready, but a readiness gate is not true.",
        _ => "",
    }
}

fn phase_meaning(phase: &str) -> &'static str {
    match phase {
        "Pending" => "Not every container has been started yet.",
        "Running" => "All init containers are done, and at least one container runs or will run again.",
        "Succeeded" => "All containers have ended with exit code 0 and none is started again.",
        "Failed" => "All containers have ended, at least one of them badly, and none is started again.",
        _ => "",
    }
}

/// The STATUS column. kubectl makes it from the phase, the reasons of the containers, and the mark of deletion.
fn column(status: &str, ready: &str) -> String {
    let fixed = match status {
        "Running" | "NotReady" => match ready.split_once('/') {
            Some((a, b)) if a == b => return format!("READY {ready}: every container is ready."),
            Some(("0", _)) => return format!("READY {ready}: no container is ready."),
            Some((a, b)) => return format!("READY {ready}: {a} of {b} containers are ready."),
            None => "",
        },
        "Pending" => "No node was chosen yet, or the kubelet has not answered yet.",
        "ContainerCreating" => "The Pod has its node; volumes, sandbox, images and containers are being prepared.",
        "PodInitializing" => "The Pod counts as initialized, and its containers have not all started yet.",
        "Terminating" => {
            "The Pod is marked for deletion and not yet done. That is no phase: kubectl shows it as long as the mark \
             is there."
        }
        "CrashLoopBackOff" => "A container keeps ending, and the kubelet waits before it starts it again.",
        "ImagePullBackOff" => "An image could not be pulled, and the kubelet waits before it tries again.",
        "ErrImagePull" => "An image could not be pulled.",
        "ErrImageNeverPull" => "An image is not on the node, and its imagePullPolicy is Never.",
        "InvalidImageName" => "The name of an image cannot be read.",
        "CreateContainerConfigError" => "A container cannot be put together: something it needs does not exist.",
        "CreateContainerError" | "RunContainerError" | "StartError" => {
            "The process of a container could not be started."
        }
        "PostStartHookError" => "A postStart hook failed, and its container with it.",
        "OOMKilled" => "A container was killed for using more memory than its limit.",
        "RestartingAllContainers" => "All containers were taken away; they start again from the first init container.",
        "SchedulingGated" => "A scheduling gate holds the Pod back.",
        "Completed" => "A container has ended with exit code 0.",
        "ContainerStatusUnknown" => "The runtime does not know the container: it was never started, or is gone.",
        "Error" => "A container has ended, and not with exit code 0.",
        _ => match status.strip_prefix("Init:").map(|rest| rest.split_once('/')) {
            Some(Some((done, all))) => return format!("{done} of {all} init containers are done."),
            Some(None) => "An init container is in trouble; nothing after it starts.",
            None => "",
        },
    };
    fixed.to_owned()
}
