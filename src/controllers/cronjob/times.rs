//! Which scheduled time of a CronJob counts, and when it is looked at again.
//! Twin: pkg/controller/cronjob/utils.go (v1.36.2)
//! Covers: mostRecentScheduleTime, nextScheduleTime, nextScheduleTimeDuration, getTimeHashInMinutes
//! Left out: nothing of these

use crate::time::schedule::Schedule;

/// From so many missed times on a warning is given.
const MANY: i64 = 100;

/// What is known of a CronJob's times, all in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Times<'s> {
    /// The schedule.
    pub schedule: &'s Schedule,
    /// Creation of the CronJob.
    pub created: i64,
    /// The scheduled time of the last Job.
    pub last: Option<i64>,
    /// `startingDeadlineSeconds`.
    pub deadline: Option<i64>,
}

/// The latest scheduled time that has no Job yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The time; `None` when there is none.
    pub time: Option<i64>,
    /// Scheduled times since the last start, roughly.
    pub missed: i64,
}

/// A schedule whose times do not move on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeverDue;

impl Times<'_> {
    fn earliest(&self, now: i64, with_deadline: bool) -> i64 {
        let earliest = self.last.unwrap_or(self.created);
        match self.deadline.filter(|_| with_deadline) {
            Some(deadline) => earliest.max(now - deadline),
            None => earliest,
        }
    }

    /// The latest scheduled time up to now.
    pub fn most_recent(&self, now: i64, with_deadline: bool) -> Result<Unmet, NeverDue> {
        let none = Unmet { time: None, missed: 0 };
        // Go's zero time stands for a time that never comes, and lies before all others.
        let Some(first) = self.schedule.next(self.earliest(now, with_deadline)) else {
            return Err(NeverDue);
        };
        if now < first {
            return Ok(none);
        }
        let Some(second) = self.schedule.next(first) else {
            return Err(NeverDue);
        };
        if now < second {
            return Ok(Unmet {
                time: Some(first),
                missed: 0,
            });
        }
        let between = second - first;
        let missed = (now - first) / between + 1;
        // One step back from the roughly last one, and on from there: the steps need not be equal.
        let mut time = None;
        let mut next = self.schedule.next(first + (missed - 2) * between);
        while let Some(at) = next.filter(|at| *at <= now) {
            time = Some(at);
            next = self.schedule.next(at);
        }
        Ok(Unmet { time, missed })
    }

    /// The next scheduled time after the latest one up to now.
    pub fn next(&self, now: i64) -> Option<i64> {
        let from = match self.most_recent(now, false) {
            Ok(Unmet { time: Some(time), .. }) => time,
            Ok(Unmet { missed: 0, .. }) => self.earliest(now, false),
            _ => now,
        };
        self.schedule.next(from)
    }
}

impl Unmet {
    /// Whether so many were missed that a warning is given.
    pub fn too_many(&self) -> bool {
        self.missed > MANY
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::zone::Zone;

    const HOUR: i64 = 3600;
    /// 2026-01-05T00:00:00Z, a Monday.
    const MONDAY: i64 = 1_767_571_200;

    fn times<'s>(schedule: &'s Schedule, last: Option<i64>, deadline: Option<i64>) -> Times<'s> {
        Times {
            schedule,
            created: MONDAY + 10 * 60,
            last: last.map(|at| MONDAY + at),
            deadline,
        }
    }

    #[test]
    fn the_latest_time_that_was_missed_counts() {
        for (text, last, deadline, now, time, missed) in [
            // Created at 00:10: nothing before the full hour.
            ("0 * * * *", None, None, 30 * 60, None, 0),
            ("0 * * * *", None, None, HOUR, Some(HOUR), 0),
            ("0 * * * *", None, None, HOUR + 59, Some(HOUR), 0),
            ("0 * * * *", Some(HOUR), None, HOUR + 59, None, 0),
            ("0 * * * *", Some(HOUR), None, 2 * HOUR, Some(2 * HOUR), 0),
            ("0 * * * *", Some(HOUR), None, 5 * HOUR + 1, Some(5 * HOUR), 4),
            // More than a hundred are missed in five days, and the latest one counts all the same.
            ("0 * * * *", Some(0), None, 120 * HOUR, Some(120 * HOUR), 120),
            // Uneven steps: 06:30, 10:30, 14:30 on working days; Monday's and Tuesday's were missed.
            (
                "30 6-16/4 * * 1-5",
                Some(0),
                None,
                35 * HOUR,
                Some(34 * HOUR + HOUR / 2),
                8,
            ),
            // With a deadline only times within it are looked for.
            ("0 * * * *", Some(HOUR), Some(600), 5 * HOUR + 300, Some(5 * HOUR), 0),
            ("0 * * * *", Some(HOUR), Some(600), 5 * HOUR + 601, None, 0),
            ("@every 90s", Some(0), None, 400, Some(360), 4),
        ] {
            let schedule = Schedule::parse(text, Zone::UTC).unwrap();
            let unmet = times(&schedule, last, deadline)
                .most_recent(MONDAY + now, true)
                .unwrap();
            let got = (unmet.time.map(|at| at - MONDAY), unmet.missed);
            assert_eq!(got, (time, missed), "{text} at {now}");
        }
    }

    #[test]
    fn it_is_looked_at_again_at_the_next_time() {
        for (text, last, deadline, now, next) in [
            ("0 * * * *", None, None, 20 * 60, HOUR),
            ("0 * * * *", None, None, HOUR, 2 * HOUR),
            ("0 * * * *", Some(HOUR), None, HOUR, 2 * HOUR),
            ("0 * * * *", Some(HOUR), None, 5 * HOUR + 1, 6 * HOUR),
            ("0 * * * *", Some(HOUR), Some(10), 5 * HOUR + 601, 6 * HOUR),
        ] {
            let schedule = Schedule::parse(text, Zone::UTC).unwrap();
            let got = times(&schedule, last, deadline).next(MONDAY + now);
            assert_eq!(got, Some(MONDAY + next), "{text} at {now}");
        }
        let never = Schedule::parse("0 0 30 2 *", Zone::UTC).unwrap();
        assert_eq!(times(&never, None, None).next(MONDAY), None);
        assert_eq!(times(&never, None, None).most_recent(MONDAY, true), Err(NeverDue));
    }
}
