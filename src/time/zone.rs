//! Time zones: the rules of `zones.txt`, as CronJobs with a `timeZone` need them.
//!
//! Each zone has the rule that holds today. What its clocks did before the data was made is not known here.

use super::{civil_from_days, days_from_civil};

const DAY: i64 = 86_400;

/// How far a zone's clocks are from UTC, and when they change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Seconds east of Greenwich in ordinary time.
    standard: i64,
    change: Change,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Never,
    /// The same two days of every year; `offset` holds from `begin` (in ordinary time) to `end` (in the other one).
    Yearly {
        offset: i64,
        begin: YearDay,
        end: YearDay,
    },
    /// Days `YYMMDD` since 2000, in order: to `offset` and back by turns, at 02:00 UTC.
    Listed {
        offset: i64,
        days: &'static str,
    },
}

/// A moment of every year as POSIX writes it: week 5 is the last one, weekday 0 is Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct YearDay {
    month: i64,
    week: i64,
    weekday: i64,
    /// Seconds from midnight; may lie before the day or after it.
    time: i64,
}

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Zone = Zone {
        standard: 0,
        change: Change::Never,
    };

    /// The zone of this name in the IANA database; letter case matters, as in Kubernetes.
    pub fn named(name: &str) -> Option<Zone> {
        let (area, place) = name.rsplit_once('/').unwrap_or(("", name));
        let in_area = |group: &str| {
            let places = group.rsplit_once('/').filter(|(other, _)| *other == area);
            places.is_some_and(|(_, places)| places.split(',').any(|other| other == place))
        };
        let lines = include_str!("zones.txt").lines().filter(|line| !line.starts_with('#'));
        let mut rules = lines.filter_map(|line| {
            let (rule, groups) = line.split_once(' ')?;
            groups.split(' ').any(in_area).then_some(rule)
        });
        Zone::read(rules.next()?)
    }

    fn read(rule: &'static str) -> Option<Zone> {
        let (offsets, dates) = rule.split_once(',').unwrap_or((rule, ""));
        let standard = iso_offset(offsets.get(..5)?)?;
        let change = match iso_offset(offsets.get(5..)?) {
            None => Change::Never,
            Some(offset) if dates.contains('.') => {
                let (begin, end) = dates.split_once(',')?;
                Change::Yearly {
                    offset,
                    begin: YearDay::read(begin)?,
                    end: YearDay::read(end)?,
                }
            }
            Some(offset) => Change::Listed { offset, days: dates },
        };
        Some(Zone { standard, change })
    }

    /// Seconds east of Greenwich at a moment, given in seconds since 1970.
    pub fn offset_at(&self, unix: i64) -> i64 {
        let (offset, changed) = match self.change {
            Change::Never => return self.standard,
            Change::Yearly { offset, begin, end } => {
                let year = civil_from_days((unix + self.standard).div_euclid(DAY)).0;
                let (begin, end) = (begin.in_year(year) - self.standard, end.in_year(year) - offset);
                let between = |from: i64, to: i64| from <= unix && unix < to;
                (
                    offset,
                    if begin < end {
                        between(begin, end)
                    } else {
                        !between(end, begin)
                    },
                )
            }
            Change::Listed { offset, days } => {
                let passed = days.split(',').filter_map(listed_day).take_while(|at| *at <= unix);
                (offset, passed.count() % 2 == 1)
            }
        };
        if changed { offset } else { self.standard }
    }

    /// The moment at which the zone's clocks show `local`, both in seconds since 1970. A time that the clocks skip or
    /// show twice gives one of the two moments that offsets around it give: the one that Go's `time.Date` gives.
    pub fn moment(&self, local: i64) -> i64 {
        local - self.offset_at(local - self.offset_at(local))
    }
}

impl YearDay {
    /// `3.5.0/1:30`.
    fn read(text: &str) -> Option<YearDay> {
        let (day, time) = text.split_once('/').unwrap_or((text, "2"));
        let mut parts = day.split('.').map(str::parse::<i64>);
        let (hours, minutes) = time.split_once(':').unwrap_or((time, "0"));
        Some(YearDay {
            month: parts.next()?.ok()?,
            week: parts.next()?.ok()?,
            weekday: parts.next()?.ok()?,
            time: hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60,
        })
    }

    /// In seconds since 1970, of the zone's own clocks.
    fn in_year(self, year: i64) -> i64 {
        let first = days_from_civil(year, self.month, 1);
        // 1970-01-01 was a Thursday.
        let mut day = first + (self.weekday - 4 - first).rem_euclid(7) + (self.week - 1) * 7;
        if self.week == 5 && civil_from_days(day).1 != self.month {
            day -= 7;
        }
        day * DAY + self.time
    }
}

/// `+0930` in seconds.
fn iso_offset(text: &str) -> Option<i64> {
    let hours_minutes: i64 = text.parse().ok()?;
    Some((hours_minutes / 100 * 60 + hours_minutes % 100) * 60)
}

fn listed_day(text: &str) -> Option<i64> {
    let day: i64 = text.parse().ok()?;
    Some(days_from_civil(2000 + day / 10_000, day / 100 % 100, day % 100) * DAY + 2 * 3600)
}
