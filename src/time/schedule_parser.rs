//! Reading a cron schedule.
//! Twin: vendor/github.com/robfig/cron/v3/parser.go (v1.36.2)
//! Covers: ParseStandard, normalizeFields, getField, getRange, parseIntOrName, mustParseInt, parseDescriptor, Every
//! Left out: optional fields and seconds, which ParseStandard does not accept

use super::go_duration;
use super::schedule::{Fields, STAR, Schedule};
use super::zone::Zone;

/// A field: its least and greatest number, and the names that may stand for numbers from `first_name` on.
struct Bounds {
    min: u64,
    max: u64,
    names: &'static str,
    first_name: u64,
}

const fn bounds(min: u64, max: u64, names: &'static str, first_name: u64) -> Bounds {
    Bounds {
        min,
        max,
        names,
        first_name,
    }
}

const MINUTE: Bounds = bounds(0, 59, "", 0);
const HOUR: Bounds = bounds(0, 23, "", 0);
const DAY: Bounds = bounds(1, 31, "", 0);
const MONTH: Bounds = bounds(1, 12, "janfebmaraprmayjunjulaugsepoctnovdec", 1);
const WEEKDAY: Bounds = bounds(0, 6, "sunmontuewedthufrisat", 0);

impl Schedule {
    /// Reads five fields or a descriptor such as `@daily`; `zone` holds where the text does not begin with `TZ=`.
    ///
    /// # Errors
    ///
    /// The words of the API server for a `spec.schedule` that is not one.
    pub fn parse(text: &str, zone: Zone) -> Result<Schedule, String> {
        if text.is_empty() {
            return Err("empty spec string".to_string());
        }
        let (text, zone) = match text.strip_prefix("CRON_TZ=").or_else(|| text.strip_prefix("TZ=")) {
            Some(rest) => {
                let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                match load_location(name) {
                    Some(zone) => (rest.trim(), zone),
                    None => return Err(format!("provided bad location {name}: unknown time zone {name}")),
                }
            }
            None => (text, zone),
        };
        if text.starts_with('@') {
            return descriptor(text, zone);
        }
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields[..] else {
            let (found, fields) = (fields.len(), fields.join(" "));
            return Err(format!("expected exactly 5 fields, found {found}: [{fields}]"));
        };
        Ok(Schedule::Fields(Fields {
            minute: field(minute, &MINUTE)?,
            hour: field(hour, &HOUR)?,
            day: field(day, &DAY)?,
            month: field(month, &MONTH)?,
            weekday: field(weekday, &WEEKDAY)?,
            zone,
        }))
    }
}

/// The zone a CronJob names, as Go's `time.LoadLocation` finds it: the controller's own clocks run on UTC.
pub fn load_location(name: &str) -> Option<Zone> {
    match name {
        "" | "UTC" | "Local" => Some(Zone::UTC),
        _ => Zone::named(name),
    }
}

fn descriptor(text: &str, zone: Zone) -> Result<Schedule, String> {
    let fields = match text {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => {
            let Some(span) = text.strip_prefix("@every ") else {
                return Err(format!("unrecognized descriptor: {text}"));
            };
            let span = go_duration::parse(span);
            // Fractions of a second are cut off, and less than one second is one.
            return span
                .map(|span| Schedule::Every(span.secs().max(1)))
                .map_err(|error| format!("failed to parse duration {text}: {error}"));
        }
    };
    Schedule::parse(fields, zone)
}

/// The numbers of a comma-separated list of ranges, as bits.
fn field(text: &str, bounds: &Bounds) -> Result<u64, String> {
    let ranges = text.split(',').filter(|range| !range.is_empty());
    ranges
        .map(|text| range(text, bounds))
        .try_fold(0, |all, bits| Ok(all | bits?))
}

/// `NUMBER`, `NUMBER-NUMBER`, `*` or `?`, each with `/STEP` or without.
fn range(text: &str, bounds: &Bounds) -> Result<u64, String> {
    let (numbers, steps) = text
        .split_once('/')
        .map_or((text, None), |(numbers, steps)| (numbers, Some(steps)));
    let (low, high) = numbers
        .split_once('-')
        .map_or((numbers, None), |(low, high)| (low, Some(high)));
    let mut star = 0;
    let (start, mut end) = if low == "*" || low == "?" {
        star = STAR;
        (bounds.min, bounds.max)
    } else {
        let start = number_or_name(low, bounds)?;
        match high {
            None => (start, start),
            Some(high) if high.contains('-') => return Err(format!("too many hyphens: {text}")),
            Some(high) => (start, number_or_name(high, bounds)?),
        }
    };
    let mut step = 1;
    if let Some(steps) = steps {
        if steps.contains('/') {
            return Err(format!("too many slashes: {text}"));
        }
        step = number(steps)?;
        // `5/15` means `5-MAX/15`.
        if high.is_none() {
            end = bounds.max;
        }
        if step > 1 {
            star = 0;
        }
    }
    let (min, max) = (bounds.min, bounds.max);
    if start < min {
        Err(format!("beginning of range ({start}) below minimum ({min}): {text}"))
    } else if end > max {
        Err(format!("end of range ({end}) above maximum ({max}): {text}"))
    } else if start > end {
        Err(format!(
            "beginning of range ({start}) beyond end of range ({end}): {text}"
        ))
    } else if step == 0 {
        Err(format!("step of range should be a positive number: {text}"))
    } else {
        let numbers = (start..=end).filter(|number| (number - start) % step == 0);
        Ok(numbers.fold(star, |bits, number| bits | 1 << number))
    }
}

fn number_or_name(text: &str, bounds: &Bounds) -> Result<u64, String> {
    let names = bounds.names.as_bytes().chunks(3).zip(bounds.first_name..);
    let mut named = names.filter(|(name, _)| name.eq_ignore_ascii_case(text.as_bytes()));
    named.next().map_or_else(|| number(text), |(_, number)| Ok(number))
}

fn number(text: &str) -> Result<u64, String> {
    use std::num::IntErrorKind::{NegOverflow, PosOverflow};
    match text.parse::<i64>() {
        Ok(number) => u64::try_from(number).map_err(|_| format!("negative number ({number}) not allowed: {text}")),
        Err(error) => {
            let why = match error.kind() {
                PosOverflow | NegOverflow => "value out of range",
                _ => "invalid syntax",
            };
            Err(format!(
                "failed to parse int from {text}: strconv.Atoi: parsing {text:?}: {why}"
            ))
        }
    }
}
