//! The ruler: ticks at round times, as close as their labels allow.

use super::scale::Scale;
use crate::time::{Calendar, Instant};
use crate::view::words::time::tick_label;

/// Steps between ticks, in microseconds: 1, 2, 5 below a second, and the divisors of a minute, an hour and a day above.
const STEPS: [i64; 32] = [
    1,
    10,
    100,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    15_000_000,
    30_000_000,
    60_000_000,
    120_000_000,
    300_000_000,
    600_000_000,
    900_000_000,
    1_800_000_000,
    3_600_000_000,
    7_200_000_000,
    10_800_000_000,
    21_600_000_000,
    43_200_000_000,
    86_400_000_000,
    172_800_000_000,
    604_800_000_000,
];

/// The least distance between two ticks, in pixels.
const MIN_GAP: f32 = 72.0;

/// More ticks than this are never made, whatever the window.
const MAX_TICKS: usize = 400;

/// One tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where.
    pub x: f32,
    /// What is written there: time since t = 0.
    pub label: String,
    /// The same instant on the clock of the cluster: `00:01:30`, with the date where ticks are a day apart.
    pub wall: String,
}

/// The step for a window: the smallest that keeps ticks apart.
pub fn step(scale: &Scale) -> i64 {
    STEPS
        .iter()
        .copied()
        .find(|step| scale.len_px(*step) >= MIN_GAP)
        .unwrap_or_else(|| {
            // Longer than any table: whole multiples of a week.
            let week = 604_800_000_000;
            let weeks = (MIN_GAP / scale.len_px(week).max(f32::MIN_POSITIVE)).ceil();
            (weeks as i64).saturating_mul(week).max(week)
        })
}

/// An instant on the clock, as exactly as ticks `step` microseconds apart need it.
fn wall(at: i64, step: i64, calendar: Calendar) -> String {
    let clock = calendar.rfc3339(Instant::from_micros(at));
    let (date, time) = clock.split_once('T').unwrap_or(("", &clock));
    if step >= 86_400_000_000 {
        return date.to_owned();
    }
    time.trim_end_matches('Z').to_owned()
}

/// The ticks of a window. None lies before t = 0.
pub fn ticks(scale: &Scale, calendar: Calendar) -> Vec<Tick> {
    let step = step(scale);
    let first = scale.from().max(0);
    let mut at = first.div_euclid(step).saturating_mul(step);
    if at < first {
        at = at.saturating_add(step);
    }
    let mut ticks = Vec::new();
    while at <= scale.to() && ticks.len() < MAX_TICKS {
        ticks.push(Tick {
            x: scale.px(at),
            label: tick_label(Instant::from_micros(at), step),
            wall: wall(at, step, calendar),
        });
        match at.checked_add(step) {
            Some(next) => at = next,
            None => break,
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Duration;

    fn labels(from_us: i64, span: Duration) -> Vec<String> {
        let from = Instant::from_micros(from_us);
        let scale = Scale::new(from, from + span, 500.0);
        ticks(&scale, Calendar::default())
            .into_iter()
            .map(|t| t.label)
            .collect()
    }

    #[test]
    fn steps_are_round_from_milliseconds_to_days() {
        for (span, want) in [
            (Duration::from_millis(20), "0 s|0.005 s|0.010 s|0.015 s|0.020 s"),
            (Duration::from_secs(2), "0 s|0.5 s|1.0 s|1.5 s|2.0 s"),
            (Duration::from_secs(60), "0 s|10 s|20 s|30 s|40 s|50 s|60 s"),
            (Duration::from_secs(300), "0 s|1m|2m|3m|4m|5m"),
            (Duration::from_secs(3600), "0 s|10m|20m|30m|40m|50m|1h"),
            (Duration::from_secs(86_400), "0 s|6h|12h|18h|1d"),
            (Duration::from_secs(604_800), "0 s|2d|4d|6d"),
        ] {
            assert_eq!(labels(0, span).join("|"), want);
        }
        assert_eq!(
            labels(100_000_000, Duration::from_secs(60)).join("|"),
            "100 s|110 s|2m|2m10s|2m20s|2m30s|2m40s"
        );
    }

    #[test]
    fn ticks_know_the_clock() {
        let wall = |span| {
            let scale = Scale::new(Instant::ZERO, Instant::ZERO + span, 500.0);
            ticks(&scale, Calendar::default()).pop().map(|t| t.wall)
        };
        assert_eq!(wall(Duration::from_secs(60)).as_deref(), Some("00:01:00"));
        assert_eq!(wall(Duration::from_secs(604_800)).as_deref(), Some("2026-01-07"));
    }

    #[test]
    fn no_window_makes_too_many() {
        for (from, to) in [
            (0, 1),
            (-1_000_000, 5),
            (0, i64::MAX),
            (i64::MIN, i64::MAX),
            (i64::MAX - 5, i64::MAX),
        ] {
            let scale = Scale::new(Instant::from_micros(from), Instant::from_micros(to), 1200.0);
            assert!(ticks(&scale, Calendar::default()).len() <= MAX_TICKS);
        }
    }
}
