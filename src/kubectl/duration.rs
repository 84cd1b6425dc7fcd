//! How kubectl writes a span of time: the AGE column, "(5m ago)" and their like.
//!
//! Twin: staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go (v1.36.2)
//! Covers: HumanDuration, ShortHumanDuration.
//! Left out: nothing.

use crate::time::{Calendar, Duration, Instant};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

/// Seconds cut off towards zero, which is why -1.9 s still counts as now and -2 s does not.
fn seconds(d: Duration) -> i64 {
    d.micros() / 1_000_000
}

/// The span as AGE shows it: one unit, or two while the bigger one is small (`119s`, `3m18s`, `5h12m`, `2d3h`, `2y5d`).
///
/// Negative spans are `0s` down to -2 s (clock skew), then `<invalid>`.
pub fn human_duration(d: Duration) -> String {
    let s = seconds(d);
    let two = |big: i64, big_unit: &str, small: i64, small_unit: &str| match small {
        0 => format!("{big}{big_unit}"),
        _ => format!("{big}{big_unit}{small}{small_unit}"),
    };
    match s {
        ..-1 => "<invalid>".to_owned(),
        -1..0 => "0s".to_owned(),
        _ if s < 2 * MINUTE => format!("{s}s"),
        _ if s < 10 * MINUTE => two(s / MINUTE, "m", s % MINUTE, "s"),
        _ if s < 3 * HOUR => format!("{}m", s / MINUTE),
        _ if s < 8 * HOUR => two(s / HOUR, "h", s / MINUTE % 60, "m"),
        _ if s < 48 * HOUR => format!("{}h", s / HOUR),
        _ if s < 8 * DAY => two(s / DAY, "d", s / HOUR % 24, "h"),
        _ if s < 2 * YEAR => format!("{}d", s / DAY),
        _ if s < 8 * YEAR => two(s / YEAR, "y", s / DAY % 365, "d"),
        _ => format!("{}y", s / YEAR),
    }
}

/// The span in its biggest unit alone: `59s`, `2m`, `23h`, `364d`, `1y`.
pub fn short_human_duration(d: Duration) -> String {
    let s = seconds(d);
    match s {
        ..-1 => "<invalid>".to_owned(),
        -1..0 => "0s".to_owned(),
        _ if s < MINUTE => format!("{s}s"),
        _ if s < HOUR => format!("{}m", s / MINUTE),
        _ if s < DAY => format!("{}h", s / HOUR),
        _ if s < YEAR => format!("{}d", s / DAY),
        _ => format!("{}y", s / YEAR),
    }
}

/// The age at `now` of a time in an object, which has whole seconds only; `<unknown>` when it is missing.
pub fn age(since: Option<Instant>, now: Instant, calendar: Calendar) -> String {
    match since {
        Some(since) => human_duration(now - calendar.trunc(since)),
        None => "<unknown>".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_as_kubernetes_writes_them() {
        let data: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/data/kubectl/humanduration.json")).unwrap();
        let cases = data["cases"].as_array().unwrap();
        let computed = data["computed"].as_array().unwrap();
        assert!(cases.len() > 60 && computed.len() > 800);
        for case in cases {
            let d = Duration::from_micros(case["nanoseconds"].as_i64().unwrap() / 1_000);
            let text = match case["fn"].as_str().unwrap() {
                "HumanDuration" => human_duration(d),
                "ShortHumanDuration" => short_human_duration(d),
                other => panic!("{other}"),
            };
            assert_eq!(text, case["text"].as_str().unwrap(), "{case}");
        }
        for case in computed {
            let d = Duration::from_micros((case["s"].as_f64().unwrap() * 1e6).round() as i64);
            assert_eq!(human_duration(d), case["human"].as_str().unwrap(), "{case}");
            assert_eq!(short_human_duration(d), case["short"].as_str().unwrap(), "{case}");
        }
    }

    #[test]
    fn ages_count_from_whole_seconds() {
        assert_eq!(
            age(
                Some(Instant::from_millis(900)),
                Instant::from_millis(1_000),
                Calendar::default()
            ),
            "1s"
        );
        assert_eq!(age(None, Instant::ZERO, Calendar::default()), "<unknown>");
    }
}
