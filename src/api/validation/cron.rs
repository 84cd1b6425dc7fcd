//! Schedules and time zones of CronJobs.
//! Twin: pkg/apis/batch/validation/validation.go (v1.36.2)
//! Covers: validateScheduleFormat, validateTimeZone
//! Left out: the Job template and the other fields, see workload.rs

use super::Errors;
use super::path::Path;
use crate::time::load_location;
use crate::time::schedule::Schedule;
use crate::time::zone::Zone;

/// What is done about a time zone in the schedule itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ZoneInSchedule {
    /// No new schedule may have one.
    Refused,
    /// The stored schedule has one; `beside` the field `timeZone` none may stand.
    Kept { beside: bool },
}

/// `spec.schedule`.
pub(super) fn schedule(text: &str, zones: ZoneInSchedule, path: &Path, errors: &mut Errors) {
    if text.is_empty() {
        errors.required(path, "");
        return;
    }
    if let Err(error) = Schedule::parse(text, Zone::UTC) {
        errors.invalid_text(path, text, error);
    }
    let refused = match zones {
        ZoneInSchedule::Refused => "cannot use TZ or CRON_TZ in schedule, use timeZone field instead",
        ZoneInSchedule::Kept { beside: true } => "cannot use both timeZone field and TZ or CRON_TZ in schedule",
        ZoneInSchedule::Kept { beside: false } => return,
    };
    if text.contains("TZ") {
        errors.invalid_text(path, text, refused);
    }
}

/// `spec.timeZone`, where it is set.
pub(super) fn time_zone(name: &str, path: &Path, errors: &mut Errors) {
    if name.is_empty() {
        errors.invalid_text(path, name, "timeZone must be nil or non-empty string");
        return;
    }
    let named = name.split('/').all(is_name_part);
    if named && name.eq_ignore_ascii_case("Local") {
        let detail = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
        errors.invalid_text(path, name, detail);
    }
    if !named || load_location(name).is_none() {
        errors.invalid_text(path, name, format!("unknown time zone {name}"));
    }
}

fn is_name_part(part: &str) -> bool {
    let letter = |letter: u8| letter.is_ascii_alphanumeric() || b".-_+".contains(&letter);
    (1..=14).contains(&part.len()) && part.bytes().all(letter) && !part.starts_with('-') && part != "." && part != ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(check: impl Fn(&Path, &mut Errors)) -> String {
        let mut errors = Errors::default();
        let root = Path::Root;
        check(&root.field("f"), &mut errors);
        errors.0.iter().map(|error| format!("{error};")).collect()
    }

    /// The API server's answers, as recorded.
    #[test]
    fn schedules_and_zones_are_refused_in_the_words_of_the_api_server() {
        for (text, expected) in [
            ("", "f: Required value;"),
            ("@daily", ""),
            (
                "* * * * * *",
                "f: Invalid value: \"* * * * * *\": expected exactly 5 fields, found 6: [* * * * * *];",
            ),
            (
                "0 0 32 * *",
                "f: Invalid value: \"0 0 32 * *\": end of range (32) above maximum (31): 32;",
            ),
            (
                "CRON_TZ=UTC 0 0 * * *",
                "f: Invalid value: \"CRON_TZ=UTC 0 0 * * *\": cannot use TZ or CRON_TZ in schedule, use timeZone field \
                 instead;",
            ),
        ] {
            assert_eq!(
                texts(|path, errors| schedule(text, ZoneInSchedule::Refused, path, errors)),
                expected
            );
        }
        for (name, expected) in [
            ("Europe/Berlin", ""),
            ("Etc/UTC", ""),
            ("", "f: Invalid value: \"\": timeZone must be nil or non-empty string;"),
            (
                "Mars/Base",
                "f: Invalid value: \"Mars/Base\": unknown time zone Mars/Base;",
            ),
            (" UTC", "f: Invalid value: \" UTC\": unknown time zone  UTC;"),
            ("../UTC", "f: Invalid value: \"../UTC\": unknown time zone ../UTC;"),
            (
                "Local",
                "f: Invalid value: \"Local\": timeZone must be an explicit time zone as defined in \
                 https://www.iana.org/time-zones;",
            ),
        ] {
            assert_eq!(texts(|path, errors| time_zone(name, path, errors)), expected);
        }
    }
}
