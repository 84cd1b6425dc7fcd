//! Times and spans in words. All arithmetic is in integers, so that the same run reads the same everywhere.

use crate::time::{Duration, Instant};

const MS: i64 = 1_000;
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Below this a time is said in seconds alone, as people count them on a clock that has just been started.
const SECONDS_ONLY: i64 = 120 * SECOND;

/// `us` as a decimal number of seconds with so many places, rounded.
fn decimal(us: i64, places: u32) -> String {
    let unit = SECOND / 10_i64.pow(places.min(6));
    let n = (i128::from(us.unsigned_abs()) + i128::from(unit / 2)) / i128::from(unit);
    let base = 10_i128.pow(places.min(6));
    let sign = if us < 0 && n > 0 { "-" } else { "" };
    match places {
        0 => format!("{sign}{n}"),
        _ => format!("{sign}{}.{:0width$}", n / base, n % base, width = places as usize),
    }
}

/// `2m`, `2m30s`, `1h05m`, `1d6h`; `seconds` are already written out.
fn compound(us: i64, seconds: &str) -> String {
    let (d, h, m) = (us / DAY, us % DAY / HOUR, us % HOUR / MINUTE);
    let seconds = if seconds.trim_matches(['0', '.']).is_empty() {
        String::new()
    } else {
        format!("{seconds}s")
    };
    match (d, h, m) {
        (0, 0, m) => format!("{m}m{seconds}"),
        (0, h, 0) if seconds.is_empty() => format!("{h}h"),
        (0, h, m) => format!("{h}h{m:02}m{seconds}"),
        (d, 0, 0) if seconds.is_empty() => format!("{d}d"),
        (d, h, 0) if seconds.is_empty() => format!("{d}d{h}h"),
        (d, h, m) => format!("{d}d{h}h{m:02}m{seconds}"),
    }
}

/// The label of a tick of the ruler whose ticks are `step` microseconds apart.
pub fn tick_label(at: Instant, step: i64) -> String {
    let us = at.micros().max(0);
    let places = match step {
        SECOND.. => 0,
        100_000.. => 1,
        10_000.. => 2,
        MS.. => 3,
        _ => 6,
    };
    match us {
        0 => "0 s".to_owned(),
        _ if us < SECONDS_ONLY && step < MINUTE => format!("{} s", decimal(us, places)),
        _ => compound(us, &decimal(us % MINUTE, places)),
    }
}

/// A moment without its unit when it is one of plain seconds: `56.0`, and whether the unit is still to be said.
fn moment(at: Instant) -> (String, bool) {
    let us = at.micros();
    match us {
        ..100_000 => (decimal(us, 3), true),
        100_000..10_000_000 => (decimal(us, 2), true),
        _ if us < SECONDS_ONLY => (decimal(us, 1), true),
        _ => {
            // Rounded first, so that 179.96 s becomes 3m and not 2m60.0s.
            let us = us.saturating_add(SECOND / 20) / (SECOND / 10) * (SECOND / 10);
            (compound(us, &decimal(us % MINUTE, 1)), false)
        }
    }
}

/// A moment in a sentence: `0.58 s`, `56.0 s`, `3m20.5s`.
pub fn clock(at: Instant) -> String {
    match moment(at) {
        (number, true) => format!("{number} s"),
        (text, false) => text,
    }
}

/// Several moments, the unit said once when all are plain seconds: `46.0, 51.0, 56.0 s`.
pub fn clocks(times: &[Instant]) -> String {
    let moments: Vec<_> = times.iter().map(|t| moment(*t)).collect();
    let plain = moments.iter().all(|(_, unit)| *unit);
    let words: Vec<_> = moments
        .into_iter()
        .map(|(text, unit)| if unit && !plain { format!("{text} s") } else { text })
        .collect();
    let end = if plain && !words.is_empty() { " s" } else { "" };
    format!("{}{end}", words.join(", "))
}

/// A span in a sentence: `300 ms`, `5 s`, `0.6 s`, `2 min 40 s`, `1 h 5 min`.
pub fn span(d: Duration) -> String {
    let us = d.micros();
    if us < 0 {
        return format!("-{}", span(Duration::from_micros(us.saturating_neg())));
    }
    let seconds = |us: i64| {
        let text = decimal(us, if us < 10 * SECOND { 2 } else { 1 });
        let text = text.trim_end_matches('0').trim_end_matches('.');
        format!("{text} s")
    };
    match us {
        0 => "0 s".to_owned(),
        1..MS => format!("{us} µs"),
        _ if us < SECOND => format!("{} ms", (us + MS / 2) / MS),
        _ if us < SECONDS_ONLY => seconds(us),
        _ => {
            let us = us.saturating_add(SECOND / 2) / SECOND * SECOND;
            let parts = [
                (us / DAY, "d"),
                (us % DAY / HOUR, "h"),
                (us % HOUR / MINUTE, "min"),
                (us % MINUTE / SECOND, "s"),
            ];
            let words: Vec<_> = parts
                .iter()
                .filter(|(n, _)| *n > 0)
                .map(|(n, unit)| format!("{n} {unit}"))
                .collect();
            words.join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_like_a_clock() {
        for (ms, want) in [
            (0, "0.000 s"),
            (5, "0.005 s"),
            (543, "0.54 s"),
            (9_996, "10.00 s"),
            (56_000, "56.0 s"),
            (119_940, "119.9 s"),
            (179_960, "3m"),
            (200_500, "3m20.5s"),
            (3_803_000, "1h03m23.0s"),
            (86_400_000, "1d"),
            (-1_500, "-1.500 s"),
        ] {
            assert_eq!(clock(Instant::from_millis(ms)), want, "{ms}");
        }
        let list = |ms: &[i64]| clocks(&ms.iter().map(|ms| Instant::from_millis(*ms)).collect::<Vec<_>>());
        assert_eq!(list(&[46_000, 51_000, 56_000]), "46.0, 51.0, 56.0 s");
        assert_eq!(list(&[110_000, 120_000]), "110.0 s, 2m");
        assert_eq!(list(&[]), "");
        let _ = (
            clock(Instant::from_micros(i64::MAX)),
            clock(Instant::from_micros(i64::MIN)),
        );
    }

    #[test]
    fn spans_are_short() {
        for (ms, want) in [
            (0, "0 s"),
            (300, "300 ms"),
            (5_000, "5 s"),
            (620, "620 ms"),
            (12_420, "12.4 s"),
            (80_000, "80 s"),
            (160_000, "2 min 40 s"),
            (300_000, "5 min"),
            (3_900_000, "1 h 5 min"),
            (-2_000, "-2 s"),
        ] {
            assert_eq!(span(Duration::from_millis(ms)), want, "{ms}");
        }
        let _ = (
            span(Duration::from_micros(i64::MAX)),
            span(Duration::from_micros(i64::MIN)),
        );
    }
}
