//! Simulated time: whole microseconds since t = 0, the start of the scenario.
//!
//! The core never asks a clock. Every instant is handed in, and every computation stays in integers, so that one run
//! gives the same bytes on every platform.

pub mod go_duration;
pub mod schedule;
mod schedule_parser;
pub mod zone;

pub use schedule_parser::load_location;

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A point of simulated time, in microseconds since t = 0. May be negative for objects that are older than the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A span of simulated time in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

impl Instant {
    /// t = 0.
    pub const ZERO: Instant = Instant(0);

    /// The instant `us` microseconds after t = 0.
    pub const fn from_micros(us: i64) -> Self {
        Instant(us)
    }

    /// The instant `ms` milliseconds after t = 0.
    pub const fn from_millis(ms: i64) -> Self {
        Instant(ms * 1_000)
    }

    /// The instant `s` seconds after t = 0.
    pub const fn from_secs(s: i64) -> Self {
        Instant(s * 1_000_000)
    }

    /// Microseconds since t = 0.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since t = 0, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole seconds since t = 0, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The first instant of the grid `phase + k * period` that is at or after `self` (`k` may be negative).
    ///
    /// A `period` of zero or less has no grid; `self` comes back.
    pub const fn ceil_to_grid(self, phase: Instant, period: Duration) -> Self {
        if period.0 <= 0 {
            return self;
        }
        let steps = (self.0 - phase.0 + period.0 - 1).div_euclid(period.0);
        Instant(phase.0 + steps * period.0)
    }

    /// The last instant of the grid `phase + k * period` that is at or before `self`.
    pub const fn floor_to_grid(self, phase: Instant, period: Duration) -> Self {
        if period.0 <= 0 {
            return self;
        }
        Instant(phase.0 + (self.0 - phase.0).div_euclid(period.0) * period.0)
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Duration = Duration(0);

    /// `us` microseconds.
    pub const fn from_micros(us: i64) -> Self {
        Duration(us)
    }

    /// `ms` milliseconds.
    pub const fn from_millis(ms: i64) -> Self {
        Duration(ms * 1_000)
    }

    /// `s` seconds.
    pub const fn from_secs(s: i64) -> Self {
        Duration(s.saturating_mul(1_000_000))
    }

    /// Microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole seconds, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This span `n` times.
    pub const fn times(self, n: i64) -> Self {
        Duration(self.0.saturating_mul(n))
    }

    /// This span times `permille / 1000`, rounded down.
    pub const fn permille(self, permille: i64) -> Self {
        Duration((self.0 as i128 * permille as i128 / 1_000) as i64)
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;
    fn add(self, d: Duration) -> Instant {
        Instant(self.0.saturating_add(d.0))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, d: Duration) {
        *self = *self + d;
    }
}

impl Sub<Duration> for Instant {
    type Output = Instant;
    fn sub(self, d: Duration) -> Instant {
        Instant(self.0.saturating_sub(d.0))
    }
}

impl Sub for Instant {
    type Output = Duration;
    fn sub(self, other: Instant) -> Duration {
        Duration(self.0.saturating_sub(other.0))
    }
}

impl Add for Duration {
    type Output = Duration;
    fn add(self, d: Duration) -> Duration {
        Duration(self.0.saturating_add(d.0))
    }
}

impl Sub for Duration {
    type Output = Duration;
    fn sub(self, d: Duration) -> Duration {
        Duration(self.0.saturating_sub(d.0))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, us) = if self.0 < 0 { ("-", -self.0) } else { ("", self.0) };
        write!(f, "{sign}{}.{:03}s", us / 1_000_000, us / 1_000 % 1_000)
    }
}

impl fmt::Display for Duration {
    /// As Go prints a duration: `10s`, `1m20s`, `5m0s`, `1.5s`, `200ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, us) = if self.0 < 0 { ("-", -self.0) } else { ("", self.0) };
        let fraction = |f: &mut fmt::Formatter<'_>, whole: i64, rest: i64, digits: usize, unit: &str| {
            if rest == 0 {
                write!(f, "{whole}{unit}")
            } else {
                let text = format!("{rest:0digits$}");
                write!(f, "{whole}.{}{unit}", text.trim_end_matches('0'))
            }
        };
        f.write_str(sign)?;
        match us {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{us}µs"),
            1_000..1_000_000 => fraction(f, us / 1_000, us % 1_000, 3, "ms"),
            _ => {
                let (h, m) = (us / 3_600_000_000, us / 60_000_000 % 60);
                if h > 0 {
                    write!(f, "{h}h")?;
                }
                if h > 0 || m > 0 {
                    write!(f, "{m}m")?;
                }
                fraction(f, us / 1_000_000 % 60, us % 1_000_000, 6, "s")
            }
        }
    }
}

/// The calendar of a run: which moment of the world t = 0 is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// t = 0 as seconds since 1970-01-01T00:00:00Z, rounded down.
    pub start_unix: i64,
    /// What was cut off by that.
    pub fraction: Duration,
}

impl Default for Calendar {
    /// 2026-01-01T00:00:00Z, the scenario's default `start`.
    fn default() -> Self {
        Calendar {
            start_unix: 1_767_225_600,
            fraction: Duration::ZERO,
        }
    }
}

impl Calendar {
    /// The calendar whose t = 0 is this time of another one.
    pub fn from(self, start: Instant) -> Self {
        let start_unix = self.unix(start);
        Calendar {
            start_unix,
            fraction: start - self.instant(start_unix),
        }
    }

    /// The calendar whose t = 0 is so many seconds after 1970-01-01T00:00:00Z.
    pub const fn at(start_unix: i64) -> Self {
        Calendar {
            start_unix,
            fraction: Duration::ZERO,
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn unix(self, at: Instant) -> i64 {
        self.start_unix.saturating_add((at + self.fraction).secs())
    }

    /// The instant so many seconds after 1970-01-01T00:00:00Z.
    pub fn instant(self, unix: i64) -> Instant {
        let whole = Duration::from_secs(unix.saturating_sub(self.start_unix));
        Instant::ZERO + whole - self.fraction
    }

    /// The same time with its fraction of a second cut off, as times in objects have it.
    pub fn trunc(self, at: Instant) -> Instant {
        self.instant(self.unix(at))
    }

    /// RFC 3339 in UTC with whole seconds, as the API server writes times.
    pub fn rfc3339(self, at: Instant) -> String {
        let unix = self.unix(at);
        let (days, second) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
        let (y, m, d) = civil_from_days(days);
        format!(
            "{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}Z",
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }

    /// Reads RFC 3339 (`Z` or an offset, fraction allowed). `None` when the text is not such a time.
    pub fn parse(self, text: &str) -> Option<Instant> {
        let t = text.trim();
        let (date, rest) = t.split_once(['T', 't', ' '])?;
        let mut parts = date.splitn(3, '-').map(|p| p.parse::<i64>().ok());
        let (y, m, d) = (parts.next()??, parts.next()??, parts.next()??);
        if !(0..=9999).contains(&y) || !(1..=12).contains(&m) || !(1..=31).contains(&d) {
            return None;
        }
        let zone_at = rest.find(['Z', 'z', '+', '-'])?;
        let (clock, zone) = rest.split_at(zone_at);
        let offset = match zone.as_bytes() {
            [b'Z' | b'z'] => 0,
            [sign, ..] if zone.len() == 6 => {
                let (h, min) = zone[1..].split_once(':')?;
                let s = h.parse::<i64>().ok()? * 3600 + min.parse::<i64>().ok()? * 60;
                if *sign == b'-' { -s } else { s }
            }
            _ => return None,
        };
        let mut hms = clock.splitn(3, ':');
        let (h, min) = (hms.next()?.parse::<i64>().ok()?, hms.next()?.parse::<i64>().ok()?);
        let (sec, frac) = match hms.next()?.split_once('.') {
            Some((s, f)) => (
                s.parse::<i64>().ok()?,
                format!("{f:0<6}").get(..6)?.parse::<i64>().ok()?,
            ),
            None => (clock.rsplit(':').next()?.parse::<i64>().ok()?, 0),
        };
        if !(0..24).contains(&h) || !(0..60).contains(&min) || !(0..=60).contains(&sec) {
            return None;
        }
        let unix = days_from_civil(y, m, d) * 86_400 + h * 3600 + min * 60 + sec - offset;
        Some(self.instant(unix) + Duration::from_micros(frac))
    }
}

/// Days since 1970-01-01 of a proleptic Gregorian date.
fn days_from_civil(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`]: year, month, day.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_round_up_and_down() {
        let (phase, period) = (Instant::from_millis(60), Duration::from_millis(1004));
        assert_eq!(
            Instant::from_millis(61).ceil_to_grid(phase, period),
            Instant::from_millis(1064)
        );
        assert_eq!(
            Instant::from_millis(60).ceil_to_grid(phase, period),
            Instant::from_millis(60)
        );
        assert_eq!(
            Instant::from_millis(-5).ceil_to_grid(phase, period),
            Instant::from_millis(60)
        );
        assert_eq!(
            Instant::from_millis(59).floor_to_grid(phase, period),
            Instant::from_millis(-944)
        );
        assert_eq!(
            Instant::from_millis(1063).floor_to_grid(phase, period),
            Instant::from_millis(60)
        );
    }

    #[test]
    fn a_calendar_may_start_within_a_second() {
        let start = Calendar::default().parse("2026-01-01T00:00:30.25Z").unwrap();
        let calendar = Calendar::default().from(start);
        for (ms, shown, trunc) in [
            (0, "2026-01-01T00:00:30Z", -250),
            (749, "2026-01-01T00:00:30Z", -250),
            (750, "2026-01-01T00:00:31Z", 750),
            (-251, "2026-01-01T00:00:29Z", -1_250),
        ] {
            let at = Instant::from_millis(ms);
            assert_eq!(calendar.rfc3339(at), shown, "{ms}");
            assert_eq!(calendar.trunc(at), Instant::from_millis(trunc), "{ms}");
            assert_eq!(calendar.parse(shown), Some(calendar.trunc(at)), "{ms}");
        }
        assert_eq!(calendar.parse("2026-01-01T00:00:30.25Z"), Some(Instant::ZERO));
    }

    #[test]
    fn durations_print_as_go_prints_them() {
        for (us, text) in [
            (0, "0s"),
            (10_000_000, "10s"),
            (80_000_000, "1m20s"),
            (300_000_000, "5m0s"),
            (3_600_000_000, "1h0m0s"),
            (1_500_000, "1.5s"),
            (213_000, "213ms"),
            (-2_000_000, "-2s"),
        ] {
            assert_eq!(Duration::from_micros(us).to_string(), text);
        }
    }

    #[test]
    fn calendar_reads_what_it_writes() {
        let c = Calendar::default();
        assert_eq!(c.rfc3339(Instant::ZERO), "2026-01-01T00:00:00Z");
        for t in [0, 59, 86_399, 86_400, 5_097_600, 31_536_000, 68_256_000, -1, -86_401] {
            let at = Instant::from_secs(t);
            assert_eq!(c.parse(&c.rfc3339(at)), Some(at), "{t}");
        }
        assert_eq!(c.parse("2026-01-01T01:00:00.25+01:00"), Some(Instant::from_millis(250)));
        for bad in [
            "",
            "2026-13-01T00:00:00Z",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "x-y-zT0:0:0Z",
        ] {
            assert_eq!(c.parse(bad), None, "{bad}");
        }
    }
}
