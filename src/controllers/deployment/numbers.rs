//! Twin: pkg/controller/deployment/util/deployment_util.go (v1.36.2)
//! Covers: the numbers of a rolling update: `ResolveFenceposts`, `MaxSurge`, `MaxUnavailable`, `NewRSNewReplicas`,
//! `GetReplicaSetProportion`; the annotations of ReplicaSets.
//! Left out: what `replica_sets.rs`, `conditions.rs` and `progress.rs` cover.

use crate::api::workload::{DeploymentSpec, RollingUpdatePart};

/// The revision of a Deployment or ReplicaSet.
pub const REVISION: &str = "deployment.kubernetes.io/revision";
/// Earlier revisions of a ReplicaSet that was used again.
pub const REVISION_HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// `spec.replicas` of the Deployment when the ReplicaSet was last scaled.
pub const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
/// The same and the surge, together.
pub const MAX: &str = "deployment.kubernetes.io/max-replicas";

fn is_rolling(spec: &DeploymentSpec) -> bool {
    spec.strategy.kind != "Recreate"
}

/// Surge and unavailable of a rolling update, as numbers of Pods. If both would be 0, one may be unavailable.
fn fenceposts(spec: &DeploymentSpec) -> (i64, i64) {
    let Some(rolling) = spec.strategy.rolling_update.as_ref().filter(|_| is_rolling(spec)) else {
        return (0, 0);
    };
    let surge = rolling.resolve(RollingUpdatePart::Surge, spec.replicas, true);
    let unavailable = rolling.resolve(RollingUpdatePart::Unavailable, spec.replicas, false);
    match (surge, unavailable) {
        (0, 0) => (0, 1),
        both => both,
    }
}

/// How many Pods there may be beyond those wanted.
pub fn max_surge(spec: &DeploymentSpec) -> i64 {
    fenceposts(spec).0
}

/// How many of the Pods wanted may be unavailable.
pub fn max_unavailable(spec: &DeploymentSpec) -> i64 {
    fenceposts(spec).1.min(spec.replicas)
}

/// The next count of the new ReplicaSet, which has `new` now while all ReplicaSets together have `total`.
pub fn new_replicas(spec: &DeploymentSpec, new: i64, total: i64) -> i64 {
    if !is_rolling(spec) {
        return spec.replicas;
    }
    let limit = spec.replicas.saturating_add(max_surge(spec));
    if total >= limit {
        return new;
    }
    new + (limit - total).min(spec.replicas - new)
}

/// By how much a ReplicaSet of `size` Pods changes when `to_add` are to be shared out and `added` are already.
pub fn proportion(size: i64, limit: i64, limit_before: i64, to_add: i64, added: i64, desired: i64) -> i64 {
    if size == 0 || to_add == 0 || to_add == added {
        return 0;
    }
    let share = if desired == 0 {
        -size
    } else {
        rounded(size.saturating_mul(limit), limit_before) - size
    };
    let rest = to_add - added;
    if to_add > 0 { share.min(rest) } else { share.max(rest) }
}

/// `a / b`, halves away from zero.
pub fn rounded(a: i64, b: i64) -> i64 {
    match b {
        0 => 0,
        b => (a.saturating_mul(2).saturating_add(b)).div_euclid(b.saturating_mul(2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::pod::IntOrString;
    use crate::api::workload::{RollingUpdate, Strategy};

    fn spec(replicas: i64, surge: &str, unavailable: &str) -> DeploymentSpec {
        let number = |text: &str| {
            Some(match text.parse() {
                Ok(n) => IntOrString::Int(n),
                Err(_) => IntOrString::String(text.to_owned()),
            })
        };
        DeploymentSpec {
            replicas,
            strategy: Strategy {
                kind: "RollingUpdate".to_owned(),
                rolling_update: Some(RollingUpdate {
                    max_surge: number(surge),
                    max_unavailable: number(unavailable),
                    partition: 0,
                }),
            },
            ..DeploymentSpec::default()
        }
    }

    #[test]
    fn surge_rounds_up_and_unavailable_down() {
        for (replicas, surge, unavailable, numbers) in [
            (3, "25%", "25%", (1, 0)),
            (4, "25%", "25%", (1, 1)),
            (10, "25%", "25%", (3, 2)),
            (1, "25%", "25%", (1, 0)),
            (2, "0", "1", (0, 1)),
            (4, "50%", "0", (2, 0)),
            (3, "0%", "0%", (0, 1)),
            (3, "100%", "0", (3, 0)),
            (2, "1", "5", (1, 2)),
            (0, "25%", "25%", (0, 0)),
        ] {
            let spec = spec(replicas, surge, unavailable);
            assert_eq!(
                (max_surge(&spec), max_unavailable(&spec)),
                numbers,
                "{replicas} {surge} {unavailable}"
            );
        }
    }

    #[test]
    fn the_new_replica_set_grows_to_the_limit() {
        let ten = spec(10, "25%", "25%");
        for (new, total, next) in [(0, 10, 3), (3, 11, 5), (5, 13, 5), (5, 12, 6), (9, 10, 10)] {
            assert_eq!(new_replicas(&ten, new, total), next, "{new} of {total}");
        }
    }

    #[test]
    fn shares_are_rounded_and_never_more_than_what_is_left() {
        // Six to twelve at five old and three new: a limit of 15, eight before.
        assert_eq!(proportion(5, 15, 8, 7, 0, 12), 4);
        assert_eq!(proportion(3, 15, 8, 7, 4, 12), 3);
        assert_eq!(proportion(4, 0, 5, -4, 0, 0), -4);
        assert_eq!(rounded(7, 2), 4);
        assert_eq!(rounded(-7, 2), -3);
    }
}
