//! Why an entry is there: one to three sentences for every rule, with its numbers.

use super::ordinal;
use super::status::{self, after};
use super::what::{probe, who};
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
        .map_or_else(|| "the Pod".to_owned(), |pod| format!("Pod {pod}"));
    match facts.rule {
        Rule::Step => match facts.what {
            What::Step(_) => format!("A step of the scenario, carried out at {}.", clock(facts.at)),
            _ => "A step of the scenario did this.".to_owned(),
        },
        Rule::ApiServerStored => match facts.what {
            What::Object(_) => "The API server checked the object, filled in the defaults and stored it. Whoever \
                watches such objects knows it from here on."
                .to_owned(),
            _ => "The API server gives every new Pod the phase Pending.".to_owned(),
        },
        Rule::SchedulerBound => format!(
            "The scheduler found a node with room for {pod} and bound it there. A Pod is bound once and never moves."
        ),
        Rule::SchedulerNoFit => format!(
            "{}The scheduler looks again when something in the cluster changes, and every few minutes.",
            quoted(
                facts,
                "No node passes every filter",
                "No node passes every filter (requests, taints, selectors, ports)."
            )
        ),
        Rule::StatusPublished => status::published(facts),
        Rule::VolumesWaited => {
            "Nothing starts before every volume is mounted. The kubelet looks every 300 ms, so even \
            a Pod that mounts only its token pays for one look."
                .to_owned()
        }
        Rule::SandboxCreated => "The sandbox comes before every container: the network namespace with the Pod's \
            address, which all containers share and which outlives their restarts."
            .to_owned(),
        Rule::SandboxChanged => "The Pod's sandbox is gone, or another one is needed. What is left is stopped; then \
            the Pod begins anew with its first init container."
            .to_owned(),
        Rule::ImagePulled { policy } => pulled(facts, policy),
        Rule::ImagePullFailed { backoff } => format!(
            "{}The next pull is not tried before {}: a back-off of {}, which doubles with every failure from 10 s up \
             to 5 min.",
            quoted(facts, "The pull failed", "The pull failed."),
            clock(facts.at + backoff),
            span(backoff)
        ),
        Rule::ImagePullRefused { backoff, until } => format!(
            "The last pull failed, and the back-off is {}: no other one before {}.",
            span(backoff),
            clock(until)
        ),
        Rule::ContainerStarted => started(facts),
        Rule::ProcessExited => match facts.what {
            What::Ended { code, .. } | What::Exit { code } => exit(facts, *code),
            _ => format!("The first process of {who} ended, and with it the container."),
        },
        Rule::RelistSaw { on_demand } => {
            let how = if on_demand {
                "Right after acting on a Pod the kubelet asks the runtime for its containers."
            } else {
                "The kubelet asks the runtime for all containers about once a second."
            };
            match facts.because_at.filter(|at| *at < facts.at) {
                Some(at) => format!(
                    "{how} {who} ended at {}; this look, {} later, is the first that could see it.",
                    clock(at),
                    span(facts.at - at)
                ),
                None => format!("{how} This look saw that {who} has ended."),
            }
        }
        Rule::RestartFree => match facts.probe_kill {
            Some(kind) => format!(
                "{who} is started again at once. After a kill by the {} probe the back-off counts from the exit before \
                 the one just caused, and none is due.",
                probe(kind)
            ),
            None => format!(
                "No back-off is recorded for {who}, so it is started again at once. That is so after its first exit, \
                 and when its last restart lies more than 10 min back."
            ),
        },
        Rule::RestartAfterBackoff { waited, next, since } => restart(facts, waited, next, since),
        Rule::BackoffRefused { backoff, left } => format!(
            "The last exit was at {}, and the back-off is {}: no start before {}, {} from now. It doubles with every \
             restart, from 10 s up to 5 min unless the node is set otherwise, whatever the exit code.",
            clock(facts.at + left - backoff),
            span(backoff),
            clock(facts.at + left),
            span(left)
        ),
        Rule::RestartPolicyStays { policy } => match policy {
            RestartPolicy::Never => format!("restartPolicy is Never, so {who} is not started again."),
            RestartPolicy::OnFailure => {
                format!("restartPolicy is OnFailure and {who} ended with exit code 0, so it is not started again.")
            }
            RestartPolicy::Always => format!("{who} is not started again."),
        },
        Rule::AllContainersRestart => format!(
            "The exit code has a rule in restartPolicyRules with the action RestartAllContainers. All containers of \
             {pod} are stopped and removed; then it begins anew with its first init container, in the same sandbox and \
             without a back-off."
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
                results => format!(" ({})", clocks(results)),
            };
            format!(
                "The {} probe has failed for good{results}, so the kubelet stops {who}: preStop, stop signal, grace \
                 period. Unless the policy is Never or a back-off is due, the same pass starts it again.",
                probe(kind)
            )
        }
        Rule::HookRan => match facts.what {
            What::Hook { stage } if &**stage == "preStop" => format!(
                "preStop runs before the stop signal and inside the grace period: every whole second it takes is taken \
                 off what {who} has left to stop.{}",
                took(facts)
            ),
            _ => format!(
                "postStart runs beside the process of {who}, in no order to it. Until it ends the kubelet starts no \
                 other container of the Pod, and {who} does not show as running.{}",
                took(facts)
            ),
        },
        Rule::PostStartFailed => format!(
            "The postStart hook failed, so {who} is stopped as if it had crashed. Restart policy and back-off decide \
             what comes next."
        ),
        Rule::GraceStarted { grace, used, by } => grace_started(facts, grace, used, by),
        Rule::GraceOver { grace, used } => {
            let it = grace_left(grace, used);
            let sum = match (it.used, it.least) {
                (_, true) => format!("{} granted, never less than 2 s", span(grace)),
                (true, false) => format!("{} granted − {} used", span(grace), span(used)),
                (false, false) => "all that was granted".to_owned(),
            };
            format!(
                "{who} was still there after {} ({sum}), so it got SIGKILL, which no process can handle: exit code 137.",
                span(it.left)
            )
        }
        Rule::SidecarOrder => format!(
            "Sidecars stop last: after the containers, and after the sidecars behind them in the manifest. Until then \
             the stop signal of {who} waits, inside the one grace period of the Pod.{}",
            took(facts)
        ),
        Rule::DeletionMarked { grace, .. } if grace.micros() <= 0 => {
            "Nothing has to be waited for, so the object is removed at once.".to_owned()
        }
        Rule::DeletionMarked { mirror: true, .. } => {
            "The object is only the mirror of a static Pod: it is marked and soon removed, and its endpoints are no longer \
             ready. The kubelet stops nothing.".to_owned()
        }
        Rule::DeletionMarked { grace, .. } => format!(
            "A Pod on a node is not removed but marked: deletionTimestamp lies {} ahead. Its endpoints are no longer \
             ready, and the kubelet of that node is to stop the containers.",
            span(grace)
        ),
        Rule::DeletionFinished if matches!(facts.subject.kind, LaneKind::Workload(_)) => {
            "Nothing holds the object any more, so the API server removes it.".to_owned()
        }
        Rule::DeletionFinished => {
            "All containers have ended and the node is cleaned up, so the object is removed from \
            the API server. Only now is the Pod gone."
                .to_owned()
        }
        Rule::PodFinished => "All containers have ended and restartPolicy starts none of them again. The kubelet \
            clears up after the Pod, and the Pod gets its last phase."
            .to_owned(),
        Rule::DeadlineExceeded { limit } => format!(
            "activeDeadlineSeconds is {}: so long after its startTime the Pod becomes Failed and its containers are \
             stopped.",
            limit.secs()
        ),
        Rule::NodeSilent { grace } => format!(
            "The node's kubelet has not been heard of for {} (node-monitor-grace-period), so the node counts as \
             unreachable and its Pods as not ready. Their containers may well run on.",
            span(grace)
        ),
        Rule::TaintEvicted { tolerated } => match tolerated {
            Some(time) => format!(
                "The node has a taint with the effect NoExecute. {pod} tolerates it for {} (tolerationSeconds); they \
                 are over, so it is deleted.",
                span(time)
            ),
            None => format!(
                "The node has a taint with the effect NoExecute, and {pod} does not tolerate it, so it is deleted."
            ),
        },
        Rule::OutOfMemory => format!(
            "{who} used more memory than resources.limits.memory allows, so the kernel killed it: SIGKILL without \
             grace, exit code 137, reason OOMKilled."
        ),
        Rule::StartFailed => format!(
            "The runtime could not start the process of {who}. That counts as an exit with code 128: restart policy and \
             back-off decide what comes next."
        ),
        Rule::ConfigMissing => format!(
            "{}The kubelet looks again every 10 to 15 s and goes on by itself when it is there.",
            quoted(
                facts,
                &format!("{who} needs what does not exist"),
                &format!("{who} needs what does not exist.")
            )
        ),
        Rule::EventRecorded => match facts.what {
            What::Event { message, .. } if !message.is_empty() => {
                format!("An Event tells of it{}: “{}”", after(facts), message.trim_end())
            }
            _ => format!("An Event tells of it{}.", after(facts)),
        },
        Rule::EndpointsFollow => endpoint(facts),
        Rule::KubeletRejected => {
            "The kubelet checks a Pod again before it takes it: pressure, resources, labels, host \
            ports, NoExecute taints. This one does not pass, so it fails; nothing is started and nothing tried again."
                .to_owned()
        }
        Rule::NodePressure => "Less than 100Mi of the node's memory are left. The kubelet looks every 10 s and evicts \
            one Pod: first those that use more than they requested, of these the least important, then the one \
            furthest above its request. It has 1 s to stop and stays Failed."
            .to_owned(),
        Rule::MirrorStored => {
            "A static Pod lives in a file of its node; what was deleted is only its mirror in the API. The kubelet \
             noticed and stored a new one. The containers were not touched."
                .to_owned()
        }
        Rule::CriticalPodRoom => {
            "A critical Pod (priority 2000000000 or more) came to the node, and too little was left for it. The kubelet \
             ends less important Pods, BestEffort ones first and as few as will do; the critical one starts when they \
             have stopped. They have their own grace period and stay Failed."
                .to_owned()
        }
        Rule::NodeShutdown => {
            "The node is being shut down. Ordinary Pods are stopped first, critical ones after them, \
            each within their part of shutdownGracePeriod, whatever longer grace the Pod has."
                .to_owned()
        }
        Rule::PodGc => "The Pod is bound to a node that does not exist. The garbage collector looks every 20 s, waits \
            40 s for the node to appear, then fails the Pod and removes it by force."
            .to_owned(),
        Rule::Fault => "A fault of the scenario did this; no rule of Kubernetes is behind it.".to_owned(),
        Rule::Deployment(_)
        | Rule::ReplicaSet(_)
        | Rule::StatefulSet(_)
        | Rule::DaemonSet(_)
        | Rule::Job(_)
        | Rule::CronJob(_)
        | Rule::Garbage(_) => workload::how(facts),
    }
}

/// `begin: “the text of the error”. `, or `alone ` when there is no text.
fn quoted(facts: &Facts<'_>, begin: &str, alone: &str) -> String {
    match facts.what {
        What::Decided(text) if !text.is_empty() => format!("{begin}: “{}”. ", text.trim_end().trim_end_matches('.')),
        _ => format!("{alone} "),
    }
}

/// ` It took 4 s.`, of a slice that has ended.
fn took(facts: &Facts<'_>) -> String {
    match facts.end.filter(|end| *end > facts.at) {
        Some(end) => format!(" It took {}.", span(end - facts.at)),
        None => String::new(),
    }
}

fn pulled(facts: &Facts<'_>, policy: PullPolicy) -> String {
    let why = match policy {
        PullPolicy::Always => {
            "imagePullPolicy is Always (the default for the tag latest), so the registry is asked before every start, \
             even for an image that is here."
        }
        PullPolicy::IfNotPresent => "imagePullPolicy is IfNotPresent, and the image is not on the node.",
        PullPolicy::Never => "imagePullPolicy is Never.",
    };
    match facts.end.filter(|end| *end > facts.at) {
        Some(end) => format!("{why} The container has to wait for it: {}.", span(end - facts.at)),
        None => format!("{why} The container has to wait for it."),
    }
}

fn restart(facts: &Facts<'_>, waited: Duration, next: Duration, since: Instant) -> String {
    if waited.micros() <= 0 {
        return format!(
            "No time was left to wait, so the container is started again at once. The next exit will meet a back-off \
             of {}.",
            span(next)
        );
    }
    let grows = if next > waited {
        "It doubles"
    } else {
        "It has reached its top"
    };
    let over = match facts.probe_kill {
        Some(kind) => format!(
            "After a kill by the {} probe the back-off counts from the exit before the one just caused. That was at {}, \
             and its {} are over.",
            probe(kind),
            clock(since),
            span(waited)
        ),
        None => format!(
            "The back-off of {} since the exit at {} was over at {}; this is the kubelet's next look.",
            span(waited),
            clock(since),
            clock(since + waited)
        ),
    };
    format!("{over} {grows}: the next exit will meet {}.", span(next))
}

fn started(facts: &Facts<'_>) -> String {
    let turn = match (facts.subject.kind, facts.what) {
        (_, What::Running { restarts }) if *restarts > 0 => {
            "The container was made anew from its image: what the last \
            instance wrote to its own file system is gone, its volumes are not."
        }
        (LaneKind::InitContainer, _) => {
            "Init containers run one after another: the next begins when this one has ended with exit code 0."
        }
        (LaneKind::Sidecar, _) => {
            "A sidecar starts in its place among the init containers and stays. The next one begins when it has \
             started: at once, or after its startup probe."
        }
        (LaneKind::EphemeralContainer, _) => "An ephemeral container was added to the running Pod.",
        _ => {
            "After all init containers, the containers start one by one in the order of the manifest, without waiting \
             for each other to be ready."
        }
    };
    match facts.what {
        What::Creating => format!("{turn}{}", took(facts)),
        _ => turn.to_owned(),
    }
}

fn tick(facts: &Facts<'_>, kind: ProbeKind, period: Duration, delay: Duration) -> String {
    let period = span(period);
    let every = match delay.micros() {
        ..=0 => format!("The {} probe runs every {period} (periodSeconds).", probe(kind)),
        _ => format!(
            "The {} probe runs every {period} (periodSeconds), not before the container has run for {} \
             (initialDelaySeconds).",
            probe(kind),
            span(delay)
        ),
    };
    let grid = match kind {
        ProbeKind::Readiness => {
            "While the container is not ready, each new status brings an attempt at once, and the ticks count from there."
        }
        ProbeKind::Startup | ProbeKind::Liveness => {
            "Its ticks belong to the Pod: they began when the volumes were mounted, and no restart moves them."
        }
    };
    match facts.what {
        What::ProbeRun { count, success, .. } if *count > 1 => {
            let result = if *success { "succeeded" } else { "failed" };
            format!("{every} {grid} Here it {result} {count} times in a row.")
        }
        What::ProbeRun { success: false, .. } => format!("{every} {grid} Here it failed once."),
        _ => format!("{every} {grid}"),
    }
}

/// An exit code, and what it tells: 128 and a signal's number for a process that the signal ended.
fn exit(facts: &Facts<'_>, code: i32) -> String {
    let who = who(&facts.subject);
    let by = if facts.signalled {
        "after it was told to stop"
    } else {
        "by itself"
    };
    let meaning = match code {
        143 if facts.signalled => " (128 + 15: it died of SIGTERM, or says so)",
        137 => " (128 + 9: SIGKILL)",
        _ => "",
    };
    format!("The first process of {who} ended {by}, with exit code {code}{meaning}, and with it the container.")
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
            "The container is no longer ready, and Services send the Pod no new connections. It is not restarted.",
        ),
        (false, _) => (
            "failure",
            "failureThreshold",
            "That is the verdict: the kubelet kills the container.",
        ),
    };
    let row = if count > 1 { " in a row" } else { "" };
    let sum = match (threshold, kind) {
        (1, _) => format!("{field} 1 is enough."),
        (n, ProbeKind::Readiness) => format!("{field} {n} is reached, at periodSeconds {period_seconds}."),
        (n, _) => format!(
            "{field} {n} is reached: the first of them + {} × periodSeconds {period_seconds}.",
            n - 1
        ),
    };
    format!(
        "{} {} {outcome}{row}{times}. {sum} {meaning}",
        ordinal(count),
        probe(kind)
    )
}

fn grace_started(facts: &Facts<'_>, grace: Duration, used: Duration, by: GraceBy) -> String {
    let it = grace_left(grace, used);
    let source = match by {
        GraceBy::Pod => "terminationGracePeriodSeconds".to_owned(),
        GraceBy::Delete => "the grace period of the delete".to_owned(),
        GraceBy::Probe(kind) => format!("terminationGracePeriodSeconds of the {} probe", probe(kind)),
        GraceBy::Kubelet => "the kubelet grants no more here".to_owned(),
    };
    let sum = match (it.used, it.least) {
        (true, false) => format!(
            "{} granted − {} used by preStop and waiting; {source}",
            span(grace),
            span(used)
        ),
        (true, true) => format!(
            "{} granted, {} of them used by preStop and waiting, but never less than 2 s; {source}",
            span(grace),
            span(used)
        ),
        (false, true) => format!("{} granted, but never less than 2 s; {source}", span(grace)),
        (false, false) => source,
    };
    format!(
        "The stop signal goes to the first process of {}, which now has {} ({sum}). If it is still there at {}, it \
         gets SIGKILL.",
        who(&facts.subject),
        span(it.left),
        clock(facts.at + it.left)
    )
}

fn endpoint(facts: &Facts<'_>) -> String {
    match facts.what {
        What::Endpoint {
            ready: true, serving, terminating, ..
        } if !serving || *terminating => {
            "publishNotReadyAddresses is set, so the endpoint counts as ready although the Pod is not Ready or is being \
             deleted."
        }
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
