//! The scenario's claims, checked after the run.

mod workload;

use super::simulation::Simulation;
use crate::api::Pod;
use crate::api::scenario::{Bounds, Expect, Within};
use crate::kubectl::printpod::{pod_restarts, pod_status};
use crate::time::Instant;
use crate::trace::{PodRevision, WatchKind};
use crate::world::glob;

/// How a claim came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectResult {
    /// Whether it holds.
    pub ok: bool,
    /// The claim in words.
    pub text: String,
    /// What was seen instead; empty when it holds.
    pub why: String,
}

/// Checks all claims.
pub fn evaluate(sim: &Simulation) -> Vec<ExpectResult> {
    sim.loaded()
        .scenario
        .spec
        .expect
        .iter()
        .flat_map(|claim| check(sim, claim))
        .collect()
}

fn result(text: String, ok: bool, why: String) -> ExpectResult {
    ExpectResult {
        ok,
        text,
        why: if ok { String::new() } else { why },
    }
}

fn check(sim: &Simulation, claim: &Expect) -> Vec<ExpectResult> {
    let mut results = Vec::new();
    if let (Some(step), Some(output)) = (claim.step, &claim.output) {
        let found = sim.record().console.iter().find(|c| i64::from(c.step) == step);
        let seen = found.map_or("the step printed nothing".to_owned(), |c| {
            format!("printed {:?}", c.output)
        });
        let ok = found.is_some_and(|c| {
            c.output.lines().any(|line| glob::matches(output, line.trim_end()))
                || glob::matches(output, c.output.trim_end())
        });
        results.push(result(format!("step {step} prints {output}"), ok, seen));
    }
    results.extend(workload::check(sim, claim));
    let Some(name) = &claim.pod else { return results };
    let all: Vec<&PodRevision> = sim
        .record()
        .pods
        .iter()
        .filter(|r| glob::matches(name, &r.pod.metadata.name))
        .collect();
    let seen: Vec<&&PodRevision> = all.iter().filter(|r| r.kind != WatchKind::Deleted).collect();
    let last = seen.last().map(|r| &r.pod);
    if let Some(within) = &claim.ready {
        let at = seen.iter().find(|r| crate::apiserver::is_ready(&r.pod)).map(|r| r.at);
        results.push(window(&format!("{name} becomes ready"), within, at));
    }
    if let Some(within) = &claim.gone {
        let at = all.iter().find(|r| r.kind == WatchKind::Deleted).map(|r| r.at);
        results.push(window(&format!("{name} is gone"), within, at));
    }
    if let Some(bounds) = &claim.restarts {
        let count = last.map_or(0, |pod| pod_restarts(pod));
        let ok = bounds.min.is_none_or(|m| count >= m) && bounds.max.is_none_or(|m| count <= m);
        let text = match (bounds.min, bounds.max) {
            (Some(a), Some(b)) if a == b => format!("{name} restarts {a} times"),
            (Some(a), Some(b)) => format!("{name} restarts {a} to {b} times"),
            (Some(a), None) => format!("{name} restarts at least {a} times"),
            (None, Some(b)) => format!("{name} restarts at most {b} times"),
            (None, None) => format!("{name} restarts"),
        };
        results.push(result(text, ok, format!("{count} restarts")));
    }
    if let Some(phase) = &claim.phase {
        let now = last.map_or("no Pod", |pod| pod.status.phase.as_str());
        results.push(result(
            format!("{name} ends in phase {phase}"),
            now == phase,
            format!("phase is {now}"),
        ));
    }
    if let Some(status) = &claim.status {
        let fits = |at: Instant| {
            status.by.is_none_or(|by| at <= by.instant()) && status.after.is_none_or(|after| at >= after.instant())
        };
        let of = |pod: &Pod| glob::matches(&status.is, &pod_status(pod));
        // A word that was shown before the window and still stands inside it counts, too.
        let ok = seen.iter().enumerate().any(|(i, r)| {
            let next = seen.get(i + 1).map(|n| n.at);
            let stands = status
                .after
                .is_some_and(|after| r.at <= after.instant() && next.is_none_or(|n| n > after.instant()));
            of(&r.pod) && (fits(r.at) || stands)
        });
        let words: Vec<String> = seen
            .iter()
            .map(|r| format!("{} at {}", pod_status(&r.pod), r.at))
            .collect();
        results.push(result(
            format!("{name} shows {}", status.is),
            ok,
            format!("STATUS was {}", words.join(", ")),
        ));
    }
    if let Some(reason) = &claim.event {
        let ok =
            sim.record().events.iter().any(|e| {
                *e.reason == **reason && e.object.strip_prefix("Pod/").is_some_and(|p| glob::matches(name, p))
            });
        results.push(result(
            format!("{name} has an event {reason}"),
            ok,
            "no such event".to_owned(),
        ));
    }
    if let Some(exit) = &claim.exit {
        let codes: Vec<i64> = seen
            .iter()
            .flat_map(|r| exits(&r.pod, exit.container.as_deref()))
            .collect();
        let ok = codes.last() == Some(&exit.code);
        results.push(result(
            format!("{name} exits with {}", exit.code),
            ok,
            format!("exit codes {codes:?}"),
        ));
    }
    results
}

fn exits(pod: &Pod, container: Option<&str>) -> Vec<i64> {
    let all = pod
        .status
        .init_container_statuses
        .iter()
        .chain(&pod.status.container_statuses);
    all.filter(|c| container.is_none_or(|n| *n == *c.name))
        .filter_map(|c| c.state.terminated.as_ref().or(c.last_state.terminated.as_ref()))
        .map(|t| t.exit_code)
        .collect()
}

fn window(what: &str, within: &Within, at: Option<Instant>) -> ExpectResult {
    let text = match (within.never, within.after, within.by) {
        (true, _, _) => format!("{what}: never"),
        (_, Some(a), Some(b)) => format!("{what} after {} and by {}", a.0, b.0),
        (_, None, Some(b)) => format!("{what} by {}", b.0),
        (_, Some(a), None) => format!("{what} after {}", a.0),
        _ => what.to_owned(),
    };
    let fits =
        |at: Instant| within.by.is_none_or(|b| at <= b.instant()) && within.after.is_none_or(|a| at >= a.instant());
    let ok = if within.never {
        at.is_none()
    } else {
        at.is_some_and(fits)
    };
    result(text, ok, at.map_or("never".to_owned(), |at| format!("at {at}")))
}

fn bounded(what: &str, bounds: &Bounds, count: usize) -> ExpectResult {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let ok = bounds.min.is_none_or(|m| count >= m) && bounds.max.is_none_or(|m| count <= m);
    result(format!("{what}: {}", wanted(bounds)), ok, count.to_string())
}

fn wanted(bounds: &Bounds) -> String {
    match (bounds.min, bounds.max) {
        (Some(a), Some(b)) if a == b => a.to_string(),
        (Some(a), Some(b)) => format!("{a} to {b}"),
        (Some(a), None) => format!("at least {a}"),
        (None, Some(b)) => format!("at most {b}"),
        (None, None) => "any number".to_owned(),
    }
}
