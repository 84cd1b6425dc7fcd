//! What an entry says: lane labels, words inside bars, and a few words for tables and tooltips.

use super::count;
use crate::time::Duration;
use crate::trace::{LaneKind, ProbeKind, Rule, What};
use crate::view::words::Subject;
use crate::view::words::time::span;

/// The label of a lane.
pub fn lane(kind: LaneKind, name: &str, threshold: Option<u32>, period: Option<Duration>) -> String {
    let or = |fallback: &str| {
        if name.is_empty() {
            fallback.to_owned()
        } else {
            name.to_owned()
        }
    };
    match kind {
        LaneKind::Workload(kind) => super::workload::lane(kind, name),
        LaneKind::Steps => "Steps".to_owned(),
        LaneKind::Node => format!("Node {name}"),
        LaneKind::Pod => format!("Pod {name}"),
        LaneKind::Phase => "phase".to_owned(),
        LaneKind::Condition | LaneKind::Container => name.to_owned(),
        LaneKind::Sandbox => "sandbox".to_owned(),
        LaneKind::InitContainer => format!("{name} · init"),
        LaneKind::Sidecar => format!("{name} · sidecar"),
        LaneKind::EphemeralContainer => format!("{name} · ephemeral"),
        LaneKind::Image => "image".to_owned(),
        LaneKind::Hook => or("hook"),
        LaneKind::Probe(kind) => match (threshold, period) {
            (Some(n), Some(period)) => format!("{} {n} × {}", probe(kind), span(period)),
            (None, Some(period)) => format!("{} every {}", probe(kind), span(period)),
            _ => probe(kind).to_owned(),
        },
        LaneKind::Termination => "termination".to_owned(),
        LaneKind::Service => format!("Service {name}"),
        LaneKind::Endpoint => name.to_owned(),
    }
}

/// A probe in the middle of a sentence.
pub fn probe(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Startup => "startup",
        ProbeKind::Liveness => "liveness",
        ProbeKind::Readiness => "readiness",
    }
}

/// The last part of an image's name: `web:1` of `registry.example/team/web:1`.
pub fn short_image(image: &str) -> &str {
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split('@').next().unwrap_or(name)
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
            let mut list = Vec::with_capacity(3);
            if *restarts > 0 {
                list.push(format!(
                    "{status} · {ready} · {}",
                    count(*restarts, "restart", "restarts")
                ));
                list.push(format!("{status} · {}", count(*restarts, "restart", "restarts")));
            }
            list.push(format!("{status} · {ready}"));
            list.push(status.to_string());
            list
        }
        What::Phase(phase) => all(&[phase]),
        What::Condition { status, reason } if reason.is_empty() => all(&[status]),
        What::Condition { status, reason } => vec![format!("{status} · {reason}"), status.to_string()],
        What::Volumes => all(&["waits for volumes", "volumes"]),
        What::Sandbox { ready: false } => all(&["sandbox is made", "sandbox"]),
        What::Sandbox { ready: true } => all(&["sandbox"]),
        What::Creating => all(&["creating"]),
        What::Running { restarts: 0 } if kind == LaneKind::Sidecar => all(&["sidecar running", "running"]),
        What::Running { restarts: 0 } => all(&["running"]),
        What::Running { restarts } => vec![format!("running · restart {restarts}"), "running".to_owned()],
        What::Ended { code, reason } => vec![
            format!("{reason} · exit code {code}"),
            format!("{reason} {code}"),
            reason.to_string(),
            code.to_string(),
        ],
        What::Waiting { reason } => vec![reason.to_string()],
        What::Backoff { seconds } => vec![format!("back-off {}", span(Duration::from_secs(i64::from(*seconds))))],
        What::Pulling { image } => {
            let short = short_image(image);
            vec![
                format!("pulling {image}"),
                format!("pulling {short}"),
                short.to_owned(),
                "pull".to_owned(),
            ]
        }
        What::Hook { stage } => all(&[stage]),
        What::Turn => all(&["waits for its turn", "waits"]),
        What::Grace { seconds } => {
            let span = span(Duration::from_secs(i64::from(*seconds)));
            vec![format!("grace period {span}"), format!("grace {span}"), span]
        }
        What::Endpoint { ready: true, .. } => all(&["takes new connections", "ready", "in"]),
        What::Endpoint { serving: true, .. } => all(&["draining: answers, takes no new connections", "draining"]),
        What::Endpoint { .. } => all(&["not ready", "out"]),
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
    match what {
        What::Status {
            status,
            ready,
            restarts,
        } => format!("{who}: {status} {ready}, {}", count(*restarts, "restart", "restarts")),
        What::Phase(phase) => format!("{who}: phase {phase}"),
        What::Condition { status, reason } if reason.is_empty() => format!("{}: {status}", subject.name),
        What::Condition { status, reason } => format!("{}: {status} ({reason})", subject.name),
        What::Volumes => format!("{who} waits for its volumes"),
        What::Sandbox { ready: false } => format!("the sandbox of {who} is made"),
        What::Sandbox { ready: true } => format!("the sandbox of {who} stands"),
        What::Creating => format!("{who} is created"),
        What::Running { restarts: 0 } => format!("{who} runs"),
        What::Running { restarts } => format!("{who} runs again, restart {restarts}"),
        What::Ended { code, reason } => format!("{who} has ended: {reason}, exit code {code}"),
        What::Waiting { reason } => format!("{who} waits: {reason}"),
        What::Backoff { seconds } => format!("{who}: back-off of {}", span(Duration::from_secs(i64::from(*seconds)))),
        What::Pulling { image } => format!("{image} is pulled"),
        What::Hook { stage } => format!("{stage} of {who} runs"),
        What::Turn => format!("{who} waits for its turn to stop"),
        What::Grace { seconds } => {
            format!("{who} has {} to go", span(Duration::from_secs(i64::from(*seconds))))
        }
        What::ProbeRun { success, count, output } => {
            let verb = if *success { "succeeds" } else { "fails" };
            let times = if *count > 1 {
                format!(" × {count}")
            } else {
                String::new()
            };
            let output = output.lines().next().unwrap_or("").trim();
            match (success, output) {
                (true, _) | (false, "") => format!("{} {verb}{times}", probe_of(subject)),
                (false, output) => format!("{} {verb}{times}: {output}", probe_of(subject)),
            }
        }
        What::ProbeVerdict { success, count: n } => {
            let results = if *success {
                count(*n, "success", "successes")
            } else {
                count(*n, "failure", "failures")
            };
            let row = if *n > 1 { " in a row" } else { "" };
            format!("{}: {results}{row}", probe_of(subject))
        }
        What::Signal(name) => format!("{name} to {who}"),
        What::Exit { code } => format!("{who} exits with code {code}"),
        What::Event { reason, message, .. } => format!("event {reason}: {message}"),
        What::Step(text) => text.to_string(),
        What::Object(_) if matches!(rule, Rule::DeletionMarked { .. }) => format!("{who} is marked for deletion"),
        What::Object(_) if *rule == Rule::DeletionFinished => format!("{who} is gone"),
        What::Object(verb) => format!("{who} is {verb}"),
        What::Bound(node) => format!("{who} is bound to {node}"),
        What::Decided(text) if text.is_empty() => decided(subject, rule),
        What::Decided(text) => format!("{}: {}", decided(subject, rule), text.lines().next().unwrap_or("")),
        What::Counts(counts) => {
            let words = super::workload::labels(counts).into_iter().next().unwrap_or_default();
            format!("{who}: {words}")
        }
        What::Scaled { from, to } => format!("{who} is scaled from {from} to {to}"),
        What::Endpoint { ready: true, .. } => format!("{} takes new connections", subject.name),
        What::Endpoint { serving: true, .. } => format!("{} is draining", subject.name),
        What::Endpoint { .. } => format!("{} is out", subject.name),
    }
}

/// What was noticed or decided, by the rule that did it.
pub fn decided(subject: &Subject<'_>, rule: &Rule) -> String {
    let who = who(subject);
    match rule {
        Rule::RelistSaw { .. } => format!("the kubelet sees that {who} has ended"),
        Rule::RestartFree | Rule::RestartAfterBackoff { .. } => format!("{who} is to be started again"),
        Rule::RestartPolicyStays { .. } => format!("{who} stays as it ended"),
        Rule::AllContainersRestart => format!("all containers of {who} are to be started again"),
        Rule::ProbeKill { kind } => format!("the failed {} probe stops {who}", probe(*kind)),
        Rule::PostStartFailed => format!("postStart of {who} failed"),
        Rule::ConfigMissing => format!("{who} cannot be configured"),
        Rule::ImagePullFailed { .. } => format!("the image of {who} cannot be pulled"),
        Rule::ImagePullRefused { .. } => format!("the image of {who} is not pulled yet"),
        Rule::PodFinished => format!("{who} is to be ended"),
        Rule::DeadlineExceeded { .. } => format!("the time of {who} is over"),
        Rule::SandboxChanged => format!("{who} needs a new sandbox"),
        Rule::SchedulerNoFit => format!("no node fits {who}"),
        Rule::NodeSilent { .. } => format!("the node of {who} is silent"),
        Rule::TaintEvicted { .. } => format!("{who} is evicted"),
        Rule::KubeletRejected => format!("the kubelet rejects {who}"),
        Rule::NodePressure => format!("{who} is evicted: the node's memory is short"),
        Rule::MirrorStored => format!("a new mirror of {who} is stored"),
        Rule::CriticalPodRoom => format!("{who} makes room for a critical Pod"),
        Rule::NodeShutdown => format!("{who} is stopped: its node shuts down"),
        Rule::PodGc => format!("{who} is collected: its node is gone"),
        Rule::Deployment(_)
        | Rule::ReplicaSet(_)
        | Rule::StatefulSet(_)
        | Rule::DaemonSet(_)
        | Rule::Job(_)
        | Rule::CronJob(_)
        | Rule::Garbage(_) => super::workload::decided(&who, rule),
        _ => format!("{who} goes on"),
    }
}

/// The probe a lane shows.
pub fn probe_of(subject: &Subject<'_>) -> &'static str {
    match subject.kind {
        LaneKind::Probe(kind) => probe(kind),
        _ => "the",
    }
}

/// Whom an entry is about, in the middle of a sentence.
pub fn who(subject: &Subject<'_>) -> String {
    match (subject.container, subject.kind) {
        (Some(container), _) => container.to_owned(),
        (None, LaneKind::Service | LaneKind::Endpoint) => format!("Service {}", subject.name),
        (None, LaneKind::Workload(kind)) => super::workload::lane(kind, subject.name),
        (None, LaneKind::Node) => format!("node {}", subject.name),
        (None, LaneKind::Steps) => "the scenario".to_owned(),
        _ => match subject.pod {
            Some(pod) => format!("Pod {pod}"),
            None => subject.name.to_owned(),
        },
    }
}
