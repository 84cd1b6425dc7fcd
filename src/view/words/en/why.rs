//! Why an entry is there: one or two sentences for every rule, with its numbers.

use super::ordinal;
use super::status::{self, after};
use super::what::{probe, who};
use crate::time::Duration;
use crate::trace::{LaneKind, ProbeKind, Rule, What};
use crate::view::words::Facts;
use crate::view::words::time::{clock, clocks, span};

/// The least time between the stop signal and SIGKILL, whatever was granted.
const MIN_GRACE: Duration = Duration::from_secs(2);

/// The rule in plain words.
pub fn sentence(facts: &Facts<'_>) -> String {
    let who = who(&facts.subject);
    match facts.rule {
        Rule::Step => match facts.what {
            What::Step(_) => format!("A step of the scenario, carried out at {}.", clock(facts.at)),
            _ => "A step of the scenario did this.".to_owned(),
        },
        Rule::ApiServerStored => {
            "The API server checked the object, filled in the defaults and stored it. From here on \
            every component that watches such objects knows it."
                .to_owned()
        }
        Rule::SchedulerBound => match facts.subject.pod {
            Some(pod) => format!(
                "The scheduler found a node with room and bound Pod {pod} to it. A Pod is bound once and never moves."
            ),
            None => "The scheduler found a node with room and bound the Pod to it, once and for all.".to_owned(),
        },
        Rule::SchedulerNoFit => "No node passes every filter (requests, taints, selectors, ports), so the Pod stays \
            Pending. The scheduler tries again when something in the cluster changes, and every few minutes."
            .to_owned(),
        Rule::StatusPublished => status::published(facts),
        Rule::VolumesWaited => {
            "Nothing is started before every volume is mounted. The kubelet looks every 300 ms, so even a Pod that \
             mounts only its token pays for one look."
                .to_owned()
        }
        Rule::SandboxCreated => {
            "Before any container the runtime makes the sandbox: the network namespace with the Pod's address, which \
             all containers share and which outlives their restarts."
                .to_owned()
        }
        Rule::ImagePulled => match (facts.what, facts.end) {
            (What::Pulling { .. }, Some(end)) if end > facts.at => format!(
                "imagePullPolicy and what is already on the node decide whether to pull. This pull took {}; the \
                 container is created when it is done.",
                span(end - facts.at)
            ),
            _ => "imagePullPolicy is satisfied: the image is on the node, so the container can be created.".to_owned(),
        },
        Rule::ImagePullFailed { backoff } => format!(
            "The pull failed. The next one is not tried before a back-off of {} is over; the back-off doubles with \
             every failure, up to 5 min.",
            span(backoff)
        ),
        Rule::ContainerStarted => started(facts),
        Rule::ProcessExited => match facts.what {
            What::Ended { code, .. } | What::Exit { code } => exit(facts, *code),
            _ => format!("The first process of {who} ended, and with it the container."),
        },
        Rule::RelistSaw => match facts.because_at.filter(|at| *at < facts.at) {
            Some(at) => format!(
                "The kubelet asks the runtime for all its containers about once a second. It happened at {}; this \
                 relist, {} later, is the first that could see it.",
                clock(at),
                span(facts.at - at)
            ),
            None => "The kubelet asks the runtime for all its containers about once a second. This relist saw the \
                change."
                .to_owned(),
        },
        Rule::RestartFree => match facts.probe_kill {
            Some(kind) => format!(
                "The restart is immediate: after a kill by the {} probe the kubelet measures the back-off from the \
                 end of the instance before the killed one, and none is due.",
                probe(kind)
            ),
            None => "An exited container is started again at once when no back-off is recorded for it: after its \
                first exit, and after it has run for more than 10 min."
                .to_owned(),
        },
        Rule::RestartAfterBackoff { waited, next } if waited.micros() <= 0 => format!(
            "No time was left to wait, so the container is started again at once. The back-off is now {}: the next \
             start has to keep that distance from the last exit.",
            span(next)
        ),
        Rule::RestartAfterBackoff { waited, next } => format!(
            "The back-off of {} since the last exit is over, so the container is started again. {} {}.",
            span(waited),
            if next > waited {
                "It has doubled: after the next exit it is"
            } else {
                "After the next exit it is again"
            },
            span(next)
        ),
        Rule::BackoffRefused { backoff, left } => format!(
            "Less than {} have gone by since the last exit, so the start is refused; {} are left. The back-off doubles \
             with every restart from 10 s up to 5 min, whatever the exit code, and is forgotten after a run of 10 min.",
            span(backoff),
            span(left)
        ),
        Rule::RestartPolicyStays => {
            format!("restartPolicy says that {who} is not started again after this exit, so it stays as it ended.")
        }
        Rule::ProbeTick { kind, period } => tick(facts, kind, period),
        Rule::ProbeThreshold {
            kind,
            count,
            threshold,
            period,
        } => verdict(facts, kind, count, threshold, period),
        Rule::ProbeKill { kind } => {
            let results = match facts.results {
                [] => String::new(),
                results => format!(" ({})", clocks(results)),
            };
            format!(
                "The {} probe has failed for good{results}, so the kubelet stops {who}. The stop is graceful: preStop, \
                 stop signal, grace period. Unless the policy is Never or a back-off is due, it is started again in \
                 the same pass.",
                probe(kind)
            )
        }
        Rule::HookRan => match facts.what {
            What::Hook { stage } if &**stage == "preStop" => format!(
                "preStop runs before the stop signal and inside the grace period: every whole second it takes is \
                 taken off what {who} has left to stop."
            ),
            _ => format!(
                "postStart runs beside the process of {who}, in no order to it. Until it ends the kubelet starts no \
                 other container of the Pod, and {who} does not show as running."
            ),
        },
        Rule::PostStartFailed => format!(
            "The postStart hook failed, so {who} is killed as if it had crashed; restart policy and back-off decide \
             what comes next."
        ),
        Rule::GraceStarted { grace, used } => grace_started(facts, grace, used),
        Rule::GraceOver { grace } => format!(
            "The process was still there when its time ({} granted) was over, so it got SIGKILL, which cannot be \
             handled: exit code 137.",
            span(grace)
        ),
        Rule::SidecarOrder => "Sidecars stop last: only when all app containers have ended, and the last one of the \
            manifest first. All of it has to fit into the one grace period."
            .to_owned(),
        Rule::DeletionMarked { grace } => format!(
            "A running Pod is not removed but marked: deletionTimestamp is set {} ahead. kubectl shows Terminating, \
             its endpoints are no longer ready, and the kubelet begins to stop the containers.",
            span(grace)
        ),
        Rule::DeletionFinished => "All containers have ended and the node is cleaned up, so the kubelet removes the \
            object from the API server. Only now is the Pod gone."
            .to_owned(),
        Rule::PodFinished => "All containers have ended and the policy starts none of them again, so the Pod is \
            stopped and gets its last phase."
            .to_owned(),
        Rule::DeadlineExceeded => "activeDeadlineSeconds, counted from the Pod's startTime, is over: the Pod becomes \
            Failed and its containers are stopped."
            .to_owned(),
        Rule::OutOfMemory => format!(
            "{who} used more memory than limits.memory allows, so the kernel killed it: SIGKILL without grace, exit \
             code 137, reason OOMKilled."
        ),
        Rule::StartFailed => format!(
            "The runtime could not start the process of {who}. That counts as an exit: the next attempt waits for the \
             back-off."
        ),
        Rule::ConfigMissing => format!(
            "Something that {who} needs does not exist: a ConfigMap, a Secret, a key of one, or an image that may not \
             be pulled. The kubelet looks again every 10 to 15 s and goes on by itself when it is there."
        ),
        Rule::EventRecorded => match facts.what {
            What::Event { message, .. } if !message.is_empty() => {
                format!("An Event was written{}: “{}”", after(facts), message.trim_end())
            }
            _ => format!("An Event was written{}.", after(facts)),
        },
        Rule::EndpointsFollow => endpoint(facts),
        Rule::Fault => "A fault of the scenario did this; no rule of Kubernetes is behind it.".to_owned(),
    }
}

fn started(facts: &Facts<'_>) -> String {
    let turn = match facts.subject.kind {
        LaneKind::InitContainer => {
            "Init containers run one after another: the next begins when this one has ended with exit code 0."
        }
        LaneKind::Sidecar => {
            "A sidecar starts in its place among the init containers and stays. The next one begins when it has \
             started: at once, or after its startup probe."
        }
        LaneKind::EphemeralContainer => "An ephemeral container was added to the running Pod.",
        _ => {
            "When all init containers are done, the containers are started one by one in the order of the manifest, \
             without waiting for each other to be ready."
        }
    };
    match (facts.what, facts.end) {
        (What::Creating, Some(end)) if end > facts.at => {
            format!("{turn} Creating and starting it took {}.", span(end - facts.at))
        }
        _ => turn.to_owned(),
    }
}

fn tick(facts: &Facts<'_>, kind: ProbeKind, period: Duration) -> String {
    let grid = match kind {
        ProbeKind::Readiness => format!(
            "The readiness probe runs every {}. While the container is not ready, every status the kubelet works out \
             brings one more attempt at once, and the grid starts anew there.",
            span(period)
        ),
        ProbeKind::Startup | ProbeKind::Liveness => format!(
            "The {} probe runs every {} on a grid that belongs to the Pod: it began before the first container and \
             does not move when a container restarts.",
            probe(kind),
            span(period)
        ),
    };
    match facts.what {
        What::ProbeRun { count, success, .. } if *count > 1 => {
            let result = if *success { "succeeded" } else { "failed" };
            format!("{grid} It {result} {count} times in a row.")
        }
        What::ProbeRun { success: false, .. } => format!("{grid} It failed once."),
        _ => grid,
    }
}

/// An exit code, and what it tells: 128 and a signal's number for a process that the signal ended.
fn exit(facts: &Facts<'_>, code: i32) -> String {
    let who = who(&facts.subject);
    let by = if facts.signalled {
        "after the stop signal"
    } else {
        "by itself"
    };
    let meaning = match code {
        143 if facts.signalled => " (128 + 15: it died of SIGTERM, or says so)",
        137 => " (128 + 9: SIGKILL)",
        _ => "",
    };
    format!("The first process of {who} ended {by} with exit code {code}{meaning}, and with it the container.")
}

fn verdict(facts: &Facts<'_>, kind: ProbeKind, count: u32, threshold: u32, period: Duration) -> String {
    let success = matches!(
        facts.what,
        What::ProbeVerdict { success: true, .. } | What::ProbeRun { success: true, .. }
    );
    let times = match facts.results {
        [] => String::new(),
        results => format!(": {}", clocks(results)),
    };
    // Threshold and period are said as the manifest says them, in seconds.
    let period_seconds = span(period);
    let period_seconds = period_seconds.strip_suffix(" s").unwrap_or(&period_seconds);
    let (outcome, field, meaning) = match (success, kind) {
        (true, ProbeKind::Startup) => (
            "success",
            "successThreshold",
            "The container counts as started, and its other probes begin.",
        ),
        (true, ProbeKind::Liveness) => ("success", "successThreshold", "The container counts as alive."),
        (true, ProbeKind::Readiness) => (
            "success",
            "successThreshold",
            "The container is ready; when all are, Services send the Pod connections.",
        ),
        (false, ProbeKind::Readiness) => (
            "failure",
            "failureThreshold",
            "The container is no longer ready and Services send the Pod no new connections. It is not restarted.",
        ),
        (false, _) => (
            "failure",
            "failureThreshold",
            "That is the verdict: the kubelet kills the container.",
        ),
    };
    let row = if count > 1 { " in a row" } else { "" };
    let period = match threshold {
        1 => String::new(),
        _ => format!(" × periodSeconds {period_seconds}"),
    };
    format!(
        "{} {} {outcome}{row}{times}. {field} {threshold}{period}. {meaning}",
        ordinal(count),
        probe(kind)
    )
}

fn grace_started(facts: &Facts<'_>, grace: Duration, used: Duration) -> String {
    let left = (grace - used).max(MIN_GRACE);
    let sum = match (used.micros() > 0, grace - used < MIN_GRACE) {
        (true, false) => format!("{} granted − {} used by preStop and waiting", span(grace), span(used)),
        (true, true) => format!(
            "{} granted, {} already used by preStop and waiting, but never less than 2 s",
            span(grace),
            span(used)
        ),
        (false, true) => format!("{} granted, but never less than 2 s", span(grace)),
        (false, false) => "terminationGracePeriodSeconds, or what the delete or the probe set instead".to_owned(),
    };
    format!(
        "The stop signal goes to the first process of {}, which now has {} ({sum}). If it is still there at {}, it \
         gets SIGKILL.",
        who(&facts.subject),
        span(left),
        clock(facts.at + left)
    )
}

fn endpoint(facts: &Facts<'_>) -> String {
    match facts.what {
        What::Endpoint { ready: true, .. } => {
            "The Pod is Ready and not being deleted, so its address is in the EndpointSlice as ready and new \
             connections go to it."
        }
        What::Endpoint {
            serving: true,
            terminating: true,
            ..
        } => {
            "The Pod is being deleted, so its endpoint is no longer ready. It is still Ready itself, so it counts as \
             serving: it may finish what it has, and gets new connections only when no endpoint is ready."
        }
        What::Endpoint { terminating: true, .. } => {
            "The Pod is being deleted and no longer Ready: nothing is sent to it."
        }
        _ => "The Pod is not Ready, so its endpoint is not ready and no new connections go to it.",
    }
    .to_owned()
}
