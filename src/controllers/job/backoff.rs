//! How long a Job waits before it replaces Pods that failed.
//! Twin: pkg/controller/job/backoff_utils.go (v1.36.2)
//! Covers: newBackoffRecord, getFinishedTime, getRemainingTimeForFailuresCount, getRemainingTimePerIndex
//! Left out: the store of records, which is a map of the controller

use super::indexes::failure_counts;
use crate::api::{ContainerStatus, Pod};
use crate::time::{Calendar, Duration, Instant};

/// The wait after the first failure; it doubles with each further one.
pub const FIRST: Duration = Duration::from_secs(10);
/// The longest wait.
pub const LONGEST: Duration = Duration::from_secs(600);

/// The failures of a Job since its last success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    /// How many.
    pub failures: u32,
    /// When the last one ended, to the second.
    pub last: Option<Instant>,
}

impl Backoff {
    /// With Pods that ended since: when those that succeeded did, and those that failed.
    pub fn with(self, succeeded: &[Instant], failed: &[Instant]) -> Backoff {
        let success = succeeded.iter().max();
        let failures = failed.iter().filter(|at| success.is_none_or(|success| *at > success));
        let before = if success.is_some() { Backoff::default() } else { self };
        Backoff {
            failures: before.failures.saturating_add(count(failures.clone().count())),
            last: failures.max().copied().or(before.last),
        }
    }

    /// When the next Pod may be made; `None` when none failed.
    pub fn over_at(self) -> Option<Instant> {
        self.last
            .filter(|_| self.failures > 0)
            .map(|last| last + delay(self.failures))
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The wait after so many failures in a row.
pub fn delay(failures: u32) -> Duration {
    let doubled = failures.saturating_sub(1).min(30);
    FIRST.times(1 << doubled).min(LONGEST)
}

/// The same for one index, from its last Pod that failed.
pub fn of_index(failed: &Pod, calendar: Calendar) -> Backoff {
    let (counted, ignored) = failure_counts(failed);
    Backoff {
        failures: count(usize::try_from(counted + ignored).unwrap_or(0)).saturating_add(1),
        last: Some(finished_at(failed, calendar)),
    }
}

/// When a Pod ended, to the second: its last container did; else it was no longer ready; else its deletion was asked
/// for; else it was made.
pub fn finished_at(pod: &Pod, calendar: Calendar) -> Instant {
    let ready = pod
        .status
        .conditions
        .iter()
        .find(|condition| &*condition.kind == "Ready");
    let not_ready = ready.filter(|condition| &*condition.status == "False");
    let deleted = pod.metadata.deletion_timestamp.map(|at| {
        let grace = pod.metadata.deletion_grace_period_seconds.unwrap_or(0);
        calendar.trunc(at.0) - Duration::from_secs(grace)
    });
    let created = || pod.metadata.creation_timestamp.map_or(Instant::ZERO, |at| at.0);
    let ended = containers_finished_at(pod)
        .or_else(|| {
            not_ready
                .and_then(|condition| condition.last_transition_time)
                .map(|at| at.0)
        })
        .or(deleted)
        .unwrap_or_else(created);
    calendar.trunc(ended)
}

/// When the last of its containers and sidecars ended; `None` while one has not.
fn containers_finished_at(pod: &Pod) -> Option<Instant> {
    let is_sidecar = |status: &&ContainerStatus| {
        let mut own = pod.spec.init_containers.iter().filter(|own| own.name == status.name);
        own.any(|own| own.is_sidecar())
    };
    let sidecars = pod.status.init_container_statuses.iter().filter(is_sidecar);
    let all = pod.status.container_statuses.iter().chain(sidecars);
    let mut ends = all.map(|status| Some(status.state.terminated.as_ref()?.finished_at?.0));
    ends.try_fold(None, |latest: Option<Instant>, end| Some(latest.max(Some(end?))))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_secs(seconds)
    }

    #[test]
    fn the_wait_doubles_up_to_ten_minutes() {
        let seconds: Vec<i64> = (1..=9).map(|failures| delay(failures).secs()).collect();
        assert_eq!(seconds, [10, 20, 40, 80, 160, 320, 600, 600, 600]);
        assert_eq!(delay(u32::MAX).secs(), 600);
        assert_eq!(Backoff::default().over_at(), None);
    }

    /// A Pod that fails at once, backoffLimit 6: the first is made at 0 s, the last at 630 s.
    #[test]
    fn pods_that_fail_at_once_are_made_at_these_times() {
        let mut backoff = Backoff::default();
        let mut made = vec![0];
        for _ in 0..6 {
            let last = *made.last().unwrap();
            backoff = backoff.with(&[], &[at(last)]);
            made.push(backoff.over_at().unwrap().secs());
        }
        assert_eq!(made, [0, 10, 30, 70, 150, 310, 630]);
    }

    #[test]
    fn a_success_takes_back_the_failures_before_it() {
        let two = Backoff {
            failures: 2,
            last: Some(at(5)),
        };
        for (succeeded, failed, failures, last) in [
            (&[][..], &[][..], 2, Some(5)),
            (&[], &[9], 3, Some(9)),
            (&[], &[9, 8], 4, Some(9)),
            (&[7], &[], 0, None),
            (&[7], &[6], 0, None),
            (&[7], &[6, 8], 1, Some(8)),
            (&[7, 12], &[8, 12, 13, 14], 2, Some(14)),
        ] {
            let instants = |seconds: &[i64]| seconds.iter().map(|s| at(*s)).collect::<Vec<_>>();
            let expected = Backoff {
                failures,
                last: last.map(at),
            };
            assert_eq!(two.with(&instants(succeeded), &instants(failed)), expected);
        }
    }
}
