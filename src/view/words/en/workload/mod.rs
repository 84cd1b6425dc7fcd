//! Workloads: lanes, counts, titles, and the rules of their controllers.

mod cron_job;
mod daemon_set;
mod deployment;
mod garbage;
mod job;
mod replica_set;
mod stateful_set;

use crate::api::WorkloadKind;
use crate::trace::{Counts, Rule};
use crate::view::words::Facts;

/// The label of a workload's lane.
pub fn lane(kind: WorkloadKind, name: &str) -> String {
    format!("{} {name}", kind.as_str())
}

/// Words inside a bar of counts, fullest first.
pub fn labels(counts: &Counts) -> Vec<String> {
    match counts {
        Counts::Pods {
            desired,
            current,
            updated,
            ready,
            available,
        } => {
            let mut full = format!("{ready}/{desired} ready");
            if available != ready {
                full += &format!(" · {available} available");
            }
            if updated != current {
                full += &format!(" · {updated} updated");
            }
            vec![full, format!("{ready}/{desired} ready"), format!("{ready}/{desired}")]
        }
        Counts::Job {
            status,
            completions,
            active,
            succeeded,
            failed,
        } => {
            let done = match completions {
                Some(all) => format!("{succeeded}/{all}"),
                None => succeeded.to_string(),
            };
            let short = format!("{status} · {done} done");
            let mut full = short.clone();
            if *active > 0 {
                full += &format!(" · {active} active");
            }
            if *failed > 0 {
                full += &format!(" · {failed} failed");
            }
            // Between two attempts the status says "Running", and no Pod runs.
            let first = match *active == 0 && &**status == "Running" {
                true if *failed > 0 => format!("{failed} failed"),
                _ => status.to_string(),
            };
            vec![full, short, first, done]
        }
        Counts::CronJob { suspended: true, .. } => vec!["suspended".to_owned()],
        Counts::CronJob { active, .. } => vec![format!("{active} active"), active.to_string()],
    }
}

/// The rule of a controller in plain words.
pub fn how(facts: &Facts<'_>) -> String {
    match facts.rule {
        Rule::Deployment(rule) => deployment::how(facts, rule),
        Rule::ReplicaSet(rule) => replica_set::how(facts, rule),
        Rule::StatefulSet(rule) => stateful_set::how(facts, rule),
        Rule::DaemonSet(rule) => daemon_set::how(facts, rule),
        Rule::Job(rule) => job::how(facts, rule),
        Rule::CronJob(rule) => cron_job::how(facts, rule),
        Rule::Garbage(rule) => garbage::how(facts, rule),
        _ => String::new(),
    }
}

/// A decision of a controller in a few words; `who` is whom it is about.
pub fn decided(who: &str, rule: &Rule) -> String {
    match rule {
        Rule::Deployment(rule) => deployment::decided(who, rule),
        Rule::ReplicaSet(rule) => replica_set::decided(who, rule),
        Rule::StatefulSet(rule) => stateful_set::decided(who, rule),
        Rule::DaemonSet(rule) => daemon_set::decided(who, rule),
        Rule::Job(rule) => job::decided(who, rule),
        Rule::CronJob(rule) => cron_job::decided(who, rule),
        Rule::Garbage(rule) => garbage::decided(who, rule),
        _ => String::new(),
    }
}
