//! Claims about workloads and about how many Pods there are.

use super::{ExpectResult, bounded, result, window};
use crate::api::scenario::{Expect, PodsClaim};
use crate::api::workload::{Spec, Status};
use crate::api::{Workload, WorkloadKind};
use crate::sim::Simulation;
use crate::time::Instant;
use crate::trace::{Counts, WatchKind, WorkloadRevision};
use crate::world::glob;

/// Namespace and name of `NAME` or `NAMESPACE/NAME`.
fn named(text: &str) -> (&str, &str) {
    text.split_once('/').unwrap_or(("default", text))
}

/// Checks what an entry claims of a workload, if it is about one.
pub(super) fn check(sim: &Simulation, claim: &Expect) -> Vec<ExpectResult> {
    let subjects = [
        (WorkloadKind::Deployment, &claim.deployment),
        (WorkloadKind::StatefulSet, &claim.stateful_set),
        (WorkloadKind::DaemonSet, &claim.daemon_set),
        (WorkloadKind::Job, &claim.job),
        (WorkloadKind::CronJob, &claim.cron_job),
    ];
    let mut results = Vec::new();
    for (kind, name) in subjects {
        let Some(name) = name else { continue };
        let revisions = revisions(sim, kind, name);
        let who = format!("{} {name}", kind.as_str());
        if revisions.is_empty() {
            results.push(result(format!("{who} exists"), false, "it never did".to_owned()));
            continue;
        }
        match kind {
            WorkloadKind::Job => job(sim, claim, &who, &revisions, &mut results),
            WorkloadKind::CronJob => cron_job(sim, claim, &who, name, &mut results),
            _ => rollout(claim, &who, &revisions, &mut results),
        }
    }
    if let Some(PodsClaim::Glob(name)) = &claim.pods {
        results.push(pods(sim, claim, name));
    }
    results
}

fn revisions<'s>(sim: &'s Simulation, kind: WorkloadKind, name: &str) -> Vec<&'s WorkloadRevision> {
    let (namespace, name) = named(name);
    let fits = |r: &&WorkloadRevision| {
        let meta = &r.object.metadata;
        r.object.kind == kind && *meta.namespace == *namespace && *meta.name == *name && r.at <= sim.until()
    };
    sim.record().workloads.iter().filter(fits).collect()
}

fn counts(object: &Workload) -> Option<(u32, u32, u32, u32)> {
    match crate::sim::workload_story::counts_of(object)? {
        Counts::Pods {
            desired,
            current,
            updated,
            available,
            ..
        } => Some((desired, current, updated, available)),
        _ => None,
    }
}

/// Whether a rollout is complete: all Pods are of the newest template and available, and the status answers the spec.
fn is_complete(object: &Workload) -> bool {
    let observed = match &object.status {
        Status::Deployment(s) => s.observed_generation,
        Status::StatefulSet(s) => s.observed_generation,
        Status::DaemonSet(s) => s.observed_generation,
        _ => 0,
    };
    // As `kubectl rollout status` sees it, a StatefulSet is done when all from its partition on are new.
    let rolling = object
        .stateful_set()
        .and_then(|(spec, _)| spec.update_strategy.rolling_update.as_ref());
    let kept = rolling.map_or(0, |numbers| u32::try_from(numbers.partition).unwrap_or(0));
    let even = |(desired, current, updated, available): (u32, u32, u32, u32)| {
        current == desired && updated >= desired.saturating_sub(kept) && available == desired
    };
    observed >= object.metadata.generation && counts(object).is_some_and(even)
}

fn rollout(claim: &Expect, who: &str, revisions: &[&WorkloadRevision], results: &mut Vec<ExpectResult>) {
    let alive: Vec<&&WorkloadRevision> = revisions.iter().filter(|r| r.kind != WatchKind::Deleted).collect();
    if let Some(within) = &claim.rollout {
        let changed = alive
            .windows(2)
            .rev()
            .find(|pair| matches!(pair, [a, b] if a.object.raw_template() != b.object.raw_template()))
            .map_or(Instant::ZERO, |pair| pair.last().map_or(Instant::ZERO, |r| r.at));
        let done = alive.iter().find(|r| r.at >= changed && is_complete(&r.object));
        results.push(window(
            &format!("the rollout of {who} is complete"),
            within,
            done.map(|r| r.at),
        ));
    }
    if let Some(bounds) = &claim.available {
        let first = alive.iter().position(|r| is_complete(&r.object));
        let seen = first.map(|first| {
            alive
                .iter()
                .skip(first)
                .filter_map(|r| counts(&r.object))
                .map(|c| i64::from(c.3))
        });
        let (least, most) = match seen {
            Some(seen) => (seen.clone().min(), seen.max()),
            None => (None, None),
        };
        let text = format!("available Pods of {who}, once complete");
        let ok = matches!((least, most), (Some(least), Some(most))
            if bounds.min.is_none_or(|min| least >= min) && bounds.max.is_none_or(|max| most <= max));
        let why = match (least, most) {
            (Some(least), Some(most)) => format!("{least} to {most}"),
            _ => "it was never complete".to_owned(),
        };
        results.push(result(format!("{text}: {}", super::wanted(bounds)), ok, why));
    }
}

fn job(sim: &Simulation, claim: &Expect, who: &str, revisions: &[&WorkloadRevision], results: &mut Vec<ExpectResult>) {
    let reached = |kind: &str| {
        let is = |r: &&&WorkloadRevision| match &r.object.status {
            Status::Job(s) => s.conditions.iter().any(|c| &*c.kind == kind && &*c.status == "True"),
            _ => false,
        };
        revisions.iter().find(is).map(|r| r.at)
    };
    if let Some(within) = &claim.completed {
        results.push(window(&format!("{who} is complete"), within, reached("Complete")));
    }
    if let Some(within) = &claim.failed {
        results.push(window(&format!("{who} fails"), within, reached("Failed")));
    }
    if let Some(PodsClaim::Count(bounds)) = &claim.pods {
        let uid = revisions.first().map(|r| r.object.metadata.uid.clone());
        let own = |r: &&crate::trace::PodRevision| {
            let owner = r.pod.metadata.owner_references.iter().find(|owner| owner.controller);
            let ours = owner.is_some_and(|owner| uid.as_deref() == Some(owner.uid.as_str()));
            r.kind == WatchKind::Added && ours && r.at <= sim.until()
        };
        let made = sim.record().pods.iter().filter(own).count();
        results.push(bounded(&format!("Pods made by {who}"), bounds, made));
    }
}

fn cron_job(sim: &Simulation, claim: &Expect, who: &str, name: &str, results: &mut Vec<ExpectResult>) {
    let Some(bounds) = &claim.runs else { return };
    let (namespace, name) = named(name);
    let own = |r: &&WorkloadRevision| {
        let ours = r
            .object
            .controller()
            .is_some_and(|owner| owner.kind == "CronJob" && owner.name == name);
        r.kind == WatchKind::Added
            && matches!(r.object.spec, Spec::Job(_))
            && *r.object.metadata.namespace == *namespace
            && ours
            && r.at <= sim.until()
    };
    let runs = sim.record().workloads.iter().filter(own).count();
    results.push(bounded(&format!("Jobs started by {who}"), bounds, runs));
}

/// How many Pods whose names fit are there at an instant: neither ended nor being deleted.
fn pods(sim: &Simulation, claim: &Expect, name: &str) -> ExpectResult {
    let at = claim.at.map_or(sim.until(), |at| at.instant());
    let mut there: crate::map::Map<u32, bool> = crate::map::Map::new();
    for r in sim.record().pods.iter().filter(|r| r.at <= at) {
        if glob::matches(name, &r.pod.metadata.name) {
            let counts = r.kind != WatchKind::Deleted
                && !r.pod.status.phase.is_terminal()
                && r.pod.metadata.deletion_timestamp.is_none();
            there.insert(r.uid, counts);
        }
    }
    let count = there.values().filter(|counts| **counts).count();
    let bounds = claim.count.clone().unwrap_or_default();
    bounded(&format!("Pods {name} at {at}"), &bounds, count)
}
