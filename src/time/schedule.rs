//! When a cron schedule is due.
//! Twin: vendor/github.com/robfig/cron/v3/spec.go (v1.36.2)
//! Twin: vendor/github.com/robfig/cron/v3/constantdelay.go (v1.36.2)
//! Covers: SpecSchedule.Next, dayMatches, ConstantDelaySchedule.Next
//! Left out: seconds other than 0, which five fields cannot ask for

use super::zone::Zone;
use super::{civil_from_days, days_from_civil};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Set in a field that says `*` or `?`; days of the month and of the week then both have to match.
pub(super) const STAR: u64 = 1 << 63;

/// The moments at which something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Five fields in a time zone.
    Fields(Fields),
    /// `@every`: so many seconds after the last time.
    Every(i64),
}

/// Per field the set of numbers that match, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    pub(super) minute: u64,
    pub(super) hour: u64,
    pub(super) day: u64,
    pub(super) month: u64,
    pub(super) weekday: u64,
    pub(super) zone: Zone,
}

impl Schedule {
    /// The first due moment after `unix` (seconds since 1970; a fraction is cut off before). `None` when nothing
    /// matches in five years, such as on February 30.
    pub fn next(&self, unix: i64) -> Option<i64> {
        match self {
            Schedule::Every(seconds) => Some(unix + seconds),
            Schedule::Fields(fields) => fields.next(unix),
        }
    }
}

/// A moment with what the clocks of its zone show.
#[derive(Clone, Copy)]
struct Clock {
    unix: i64,
    /// What the clocks show, in seconds since 1970 as if they ran on UTC.
    local: i64,
    year: i64,
    month: i64,
    day: i64,
}

impl Clock {
    fn at(unix: i64, zone: &Zone) -> Clock {
        let local = unix + zone.offset_at(unix);
        let (year, month, day) = civil_from_days(local.div_euclid(DAY));
        Clock {
            unix,
            local,
            year,
            month,
            day,
        }
    }

    fn hour(&self) -> i64 {
        self.local.rem_euclid(DAY) / HOUR
    }

    fn minute(&self) -> i64 {
        self.local.rem_euclid(HOUR) / 60
    }
}

impl Fields {
    /// Field by field from the largest one: as long as it does not match, the next month, day, hour or minute begins;
    /// where that carries into the field before, all begins again. Times are moved as Go moves them, so that hours
    /// that the clocks skip or show twice give what Kubernetes does with them.
    fn next(&self, unix: i64) -> Option<i64> {
        let mut now = Clock::at(unix + 1, &self.zone);
        let last_year = now.year + 5;
        // Once a field was moved, the smaller ones are at their beginning.
        let mut moved = false;
        'wrap: loop {
            if now.year > last_year {
                return None;
            }
            while !has(self.month, now.month) {
                if !moved {
                    now = self.show(days_from_civil(now.year, now.month, 1) * DAY);
                    moved = true;
                }
                // The same day may be one too many for the next month; Go goes on into the month after.
                let first = days_from_civil(now.year + now.month / 12, now.month % 12 + 1, 1);
                now = self.show((first + now.day - 1) * DAY + now.local.rem_euclid(DAY));
                if now.month == 1 {
                    continue 'wrap;
                }
            }
            while !self.day_matches(&now) {
                now = self.next_day(&now, moved);
                moved = true;
                if now.day == 1 {
                    continue 'wrap;
                }
            }
            while !has(self.hour, now.hour()) {
                if !moved {
                    now = self.show(now.local - now.local.rem_euclid(HOUR));
                    moved = true;
                }
                now = Clock::at(now.unix + HOUR, &self.zone);
                if now.hour() == 0 {
                    continue 'wrap;
                }
            }
            while !has(self.minute, now.minute()) {
                moved = true;
                now = self.next_minute(&now);
                if now.minute() == 0 {
                    continue 'wrap;
                }
            }
            // Second 0 is the only one asked for.
            if now.unix.rem_euclid(60) != 0 {
                moved = true;
                now = self.next_minute(&now);
                continue 'wrap;
            }
            return Some(now.unix);
        }
    }

    fn show(&self, local: i64) -> Clock {
        Clock::at(self.zone.moment(local), &self.zone)
    }

    fn next_minute(&self, now: &Clock) -> Clock {
        Clock::at((now.unix.div_euclid(60) + 1) * 60, &self.zone)
    }

    /// Midnight of the next day. Where the clocks skip it, the hour that was lost or won is taken back.
    fn next_day(&self, now: &Clock, moved: bool) -> Clock {
        let start = if moved {
            *now
        } else {
            self.show(now.local - now.local.rem_euclid(DAY))
        };
        let next = self.show(start.local + DAY);
        match next.hour() {
            0 => next,
            hour if hour > 12 => Clock::at(next.unix + (24 - hour) * HOUR, &self.zone),
            hour => Clock::at(next.unix - hour * HOUR, &self.zone),
        }
    }

    fn day_matches(&self, now: &Clock) -> bool {
        // 1970-01-01 was a Thursday.
        let weekday = (now.local.div_euclid(DAY) + 4).rem_euclid(7);
        let (day, weekday) = (has(self.day, now.day), has(self.weekday, weekday));
        if (self.day | self.weekday) & STAR != 0 {
            day && weekday
        } else {
            day || weekday
        }
    }
}

fn has(bits: u64, number: i64) -> bool {
    bits >> number & 1 == 1
}
