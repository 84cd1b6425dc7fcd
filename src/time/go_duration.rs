//! Reading a span of time as Go's `time.ParseDuration` does: `1h30m`, `1.5s`, `300ms`.

use super::Duration;

/// Reads `text`; anything below a microsecond is cut off.
///
/// # Errors
///
/// Go's words.
pub fn parse(text: &str) -> Result<Duration, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or_default()),
        Some(b'+') => (false, text.get(1..).unwrap_or_default()),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    let mut total: i64 = 0;
    let mut any = false;
    while !rest.is_empty() {
        any = true;
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let unit_ends = after.find(|letter: char| letter == '.' || letter.is_ascii_digit());
        let (unit, after) = after.split_at(unit_ends.unwrap_or(after.len()));
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {text:?}"));
        }
        let Some(nanos) = unit_nanos(unit) else {
            return Err(format!("time: unknown unit {unit:?} in duration {text:?}"));
        };
        total = scaled(whole, fraction, nanos)
            .and_then(|nanos| total.checked_add(nanos))
            .ok_or_else(invalid)?;
        rest = after;
    }
    if !any {
        return Err(invalid());
    }
    Ok(Duration::from_micros(if negative { -total } else { total } / 1_000))
}

/// The digits at the beginning, and what follows them.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

fn unit_nanos(unit: &str) -> Option<i64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// `whole.fraction` times a unit, in nanoseconds; `None` where that is more than 64 bits hold.
fn scaled(whole: &str, fraction: &str, nanos: i64) -> Option<i64> {
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // More digits than these are below a nanosecond of an hour.
    let fraction = fraction.get(..13.min(fraction.len()))?;
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let part = i64::try_from(part * i128::from(nanos) / scale).ok()?;
    whole.checked_mul(nanos)?.checked_add(part)
}
