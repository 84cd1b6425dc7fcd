//! Rules of the Deployment controller.

use crate::trace::DeploymentRule;
use crate::view::words::Facts;
use crate::view::words::en::count;
use crate::view::words::time::span;

fn pods(n: u32) -> String {
    count(n, "Pod", "Pods")
}

/// The rule in plain words.
pub fn how(_facts: &Facts<'_>, rule: DeploymentRule) -> String {
    match rule {
        DeploymentRule::NewReplicaSet {
            desired,
            surge,
            others,
            replicas,
        } => {
            let most = desired.saturating_add(surge);
            match others {
                0 => format!("No ReplicaSet has this template yet, so the controller makes one for {}.", pods(replicas)),
                _ => format!(
                    "No ReplicaSet has this template yet. At most {desired} + {surge} = {} are allowed and {} now, \
                     so the new one begins with {replicas}.",
                    pods(most),
                    count(others, "exists", "exist")
                ),
            }
        }
        DeploymentRule::ReusedReplicaSet { from, to } => format!(
            "A ReplicaSet with exactly this template exists already. The controller uses it again: its revision {from} \
             becomes {to}."
        ),
        DeploymentRule::ScaledUp {
            desired,
            surge,
            total,
            from,
            to,
        } => format!(
            "At most {desired} + {surge} = {} are allowed and {} now, so the new ReplicaSet grows from {from} to {to}.",
            pods(desired.saturating_add(surge)),
            count(total, "exists", "exist")
        ),
        DeploymentRule::ScaledDownUnhealthy {
            desired,
            max_unavailable,
            budget,
            from,
            to,
        } => format!(
            "At least {desired} − {max_unavailable} = {} must be available; {budget} may go. Old Pods that are not \
             available go first: {from} to {to}.",
            pods(desired.saturating_sub(max_unavailable))
        ),
        DeploymentRule::ScaledDown {
            desired,
            max_unavailable,
            available,
            from,
            to,
        } => {
            let least = desired.saturating_sub(max_unavailable);
            format!(
                "At least {desired} − {max_unavailable} = {} must be available and {available} are, so {} may go: \
                 the old ReplicaSet shrinks from {from} to {to}.",
                pods(least),
                pods(available.saturating_sub(least))
            )
        }
        DeploymentRule::RecreateDown => {
            "Strategy Recreate: all old Pods stop before the first new one is made.".to_owned()
        }
        DeploymentRule::RecreateUp => "Strategy Recreate: no old Pod runs any more, so the new Pods are made.".to_owned(),
        DeploymentRule::ScaledTo { desired } => {
            format!("spec.replicas is {desired} now, and the ReplicaSet takes it over.")
        }
        DeploymentRule::Saturated => {
            "The newest ReplicaSet has all its Pods, so every other one goes to 0.".to_owned()
        }
        DeploymentRule::ScaledInProportion {
            desired,
            limit,
            limit_before,
            from,
            to,
        } => format!(
            "spec.replicas became {desired} during a rollout, so each ReplicaSet takes its share: {from} × {limit} ÷ \
             {limit_before}, rounded, is {to}."
        ),
        DeploymentRule::Status => "The Deployment controller adds up the status of its ReplicaSets.".to_owned(),
        DeploymentRule::Available { available, least } => {
            format!(
                "Available is True while at least {} available; {} now.",
                count(least, "Pod is", "Pods are"),
                count(available, "is", "are")
            )
        }
        DeploymentRule::Progress => {
            "A rollout progresses when more Pods are updated, ready or available than before, or fewer old ones are left."
                .to_owned()
        }
        DeploymentRule::DeadlineExceeded { limit } => format!(
            "No progress for progressDeadlineSeconds ({}). The rollout goes on trying; nothing is rolled back by itself.",
            span(limit)
        ),
        DeploymentRule::Paused { paused: true } => {
            "spec.paused is set: a new template is not rolled out, scaling still works.".to_owned()
        }
        DeploymentRule::Paused { paused: false } => "spec.paused was taken back: the rollout goes on.".to_owned(),
        DeploymentRule::HistoryLimit { limit } => format!(
            "The rollout is complete and revisionHistoryLimit is {limit}: the oldest ReplicaSet without Pods is deleted."
        ),
    }
}

/// A decision in a few words.
pub fn decided(who: &str, rule: &DeploymentRule) -> String {
    match rule {
        DeploymentRule::NewReplicaSet { .. } => format!("{who} needs a new ReplicaSet"),
        DeploymentRule::ReusedReplicaSet { .. } => format!("{who} is used again"),
        DeploymentRule::ScaledUp { from, to, .. }
        | DeploymentRule::ScaledDownUnhealthy { from, to, .. }
        | DeploymentRule::ScaledDown { from, to, .. }
        | DeploymentRule::ScaledInProportion { from, to, .. } => format!("{who} is scaled from {from} to {to}"),
        DeploymentRule::RecreateDown | DeploymentRule::Saturated => format!("{who} is scaled to 0"),
        DeploymentRule::RecreateUp => format!("{who} is scaled up"),
        DeploymentRule::ScaledTo { desired } => format!("{who} is scaled to {desired}"),
        DeploymentRule::Status => format!("the status of {who} is written"),
        DeploymentRule::Available { .. } => format!("{who} changes Available"),
        DeploymentRule::Progress => format!("{who} progresses"),
        DeploymentRule::DeadlineExceeded { .. } => format!("{who} does not progress in time"),
        DeploymentRule::Paused { paused: true } => format!("{who} is paused"),
        DeploymentRule::Paused { paused: false } => format!("{who} is resumed"),
        DeploymentRule::HistoryLimit { .. } => format!("{who} is beyond the history limit"),
    }
}
