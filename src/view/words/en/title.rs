//! Titles of entries: who does what, and when.

use super::count;
use super::what::{decided, probe_of, who};
use crate::time::Duration;
use crate::trace::{Rule, What};
use crate::view::words::Facts;
use crate::view::words::time::{clock, span};

/// An entry with its time, as a heading.
pub fn title(facts: &Facts<'_>) -> String {
    let who = who(&facts.subject);
    let at = clock(facts.at);
    let until = match facts.end {
        Some(end) if end > facts.at => format!("from {at} to {}", clock(end)),
        _ => format!("from {at}"),
    };
    let text = match facts.what {
        What::Status { status, ready, .. } => format!("{who} shows {status}, {ready} ready, {until}"),
        What::Phase(phase) => format!("{who} is in phase {phase} {until}"),
        What::Condition { status, .. } => format!("{} is {status} {until}", facts.subject.name),
        What::Volumes => format!("{who} waits for its volumes {until}"),
        What::Sandbox { ready: false } => format!("the sandbox of {who} is made {until}"),
        What::Sandbox { ready: true } => format!("the sandbox of {who} stands {until}"),
        What::Creating => format!("{who} is created and started {until}"),
        What::Running { restarts: 0 } => format!("{who} runs {until}"),
        What::Running { restarts } => format!("{who} runs again {until} (restart {restarts})"),
        What::Ended { code, reason } => match facts.rule {
            Rule::ProbeKill { .. } | Rule::PostStartFailed | Rule::GraceOver { .. } => {
                format!("{who} is killed at {at}, exit code {code}")
            }
            Rule::OutOfMemory => format!("{who} is killed at {at}: out of memory, exit code {code}"),
            _ => format!("{who} has ended at {at}: {reason}, exit code {code}"),
        },
        What::Waiting { reason } => format!("{who} waits {until}: {reason}"),
        What::Backoff { seconds } => format!(
            "{who} is in back-off for {} {until}",
            span(Duration::from_secs(i64::from(*seconds)))
        ),
        What::Pulling { image } => format!("{image} is pulled {until}"),
        What::Hook { stage } => format!("{stage} of {who} runs {until}"),
        What::Turn => format!("{who} waits for its turn to stop {until}"),
        What::Grace { .. } => format!("{who} is given time to stop {until}"),
        What::ProbeRun { success, count: n, .. } => {
            let results = if *success {
                count(*n, "success", "successes")
            } else {
                count(*n, "failure", "failures")
            };
            format!("{} probe of {who}: {results} {until}", probe_of(&facts.subject))
        }
        What::ProbeVerdict { success, .. } => {
            let verb = if *success { "has succeeded" } else { "has failed" };
            format!("{} probe of {who} {verb} at {at}", probe_of(&facts.subject))
        }
        What::Signal(name) => match facts.rule {
            Rule::ProbeKill { .. } => format!("{who} is killed at {at}: {name}"),
            _ => format!("{who} is sent {name} at {at}"),
        },
        What::Exit { code } => format!("{who} exits with code {code} at {at}"),
        What::Event { reason, .. } => format!("event {reason} at {at}"),
        What::Step(text) => format!("{text} at {at}"),
        What::Object(verb) => match facts.rule {
            Rule::DeletionMarked { .. } => format!("{who} is marked for deletion at {at}"),
            Rule::DeletionFinished => format!("{who} is gone at {at}"),
            _ => format!("{who} is {verb} at {at}"),
        },
        What::Bound(node) => format!("{who} is bound to {node} at {at}"),
        What::Decided(_) => format!("{} at {at}", decided(&facts.subject, &facts.rule)),
        What::Counts(counts) => {
            let words = super::workload::labels(counts).into_iter().next().unwrap_or_default();
            format!("{who}: {words}, {until}")
        }
        What::Scaled { from, to } => format!("{who} is scaled from {from} to {to} at {at}"),
        What::Endpoint { ready: true, .. } => format!("{} takes new connections {until}", facts.subject.name),
        What::Endpoint { serving: true, .. } => format!("{} is draining {until}", facts.subject.name),
        What::Endpoint { .. } => format!("{} takes no connections {until}", facts.subject.name),
    };
    match facts.what {
        // Names and commands keep their spelling; phrases begin with a capital letter.
        What::ProbeRun { .. } | What::ProbeVerdict { .. } | What::Sandbox { .. } | What::Event { .. } => capital(&text),
        What::Decided(_) if !text.starts_with(&*who) => capital(&text),
        _ => text,
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => std::iter::once(first.to_ascii_uppercase()).chain(chars).collect(),
        None => String::new(),
    }
}
