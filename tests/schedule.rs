//! Cron schedules and time zones: against tables computed elsewhere, and against looking at every minute.
// Reading the tables is this test's work.
#![allow(clippy::disallowed_methods)]

use podscope::time::schedule::Schedule;
use podscope::time::zone::Zone;
use podscope::time::{Calendar, Instant, load_location};
use proptest::prelude::*;

fn table(name: &str) -> String {
    let path = format!("{}/tests/data/time/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("the table is checked in")
}

/// RFC 3339 in seconds since 1970.
fn moment(text: &str) -> i64 {
    let at = Calendar::at(0).parse(text).expect("a time of the table");
    at.secs()
}

fn schedule(text: &str, zone: &str) -> Schedule {
    let zone = load_location(zone).expect("a zone of the table");
    Schedule::parse(text, zone).expect("a schedule of the table")
}

#[test]
fn clocks_change_as_the_database_says() {
    let text = table("changes.txt");
    let mut wrong = Vec::new();
    let mut zones = 0;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (numbers, names): (Vec<&str>, Vec<&str>) = line.split(' ').partition(|word| {
            word.trim_start_matches('-')
                .starts_with(|letter: char| letter.is_ascii_digit())
        });
        let (first, changes) = numbers.split_first().expect("the first offset");
        for name in names {
            zones += 1;
            let Some(zone) = Zone::named(name) else {
                wrong.push(format!("{name} is not there"));
                continue;
            };
            let mut offset: i64 = first.parse().expect("an offset");
            let mut expect = |at: i64, offset: i64| {
                if zone.offset_at(at) != offset {
                    wrong.push(format!("{name} at {at}: {} instead of {offset}", zone.offset_at(at)));
                }
            };
            expect(moment("2026-01-01T00:00:00Z"), offset);
            for change in changes {
                let (at, next) = change.split_once(':').expect("a change");
                let at: i64 = at.parse().expect("a moment");
                expect(at - 1, offset);
                offset = next.parse().expect("an offset");
                expect(at, offset);
            }
            expect(moment("2031-12-31T23:59:59Z"), offset);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(zones, 597);
}

#[test]
fn unknown_zones_are_not_found() {
    for name in [
        "Mars/Base",
        "Europe",
        "Berlin",
        "europe/berlin",
        "Europe/",
        "/Berlin",
        " UTC",
        "Europe/Berlin ",
    ] {
        assert_eq!(load_location(name), None, "{name}");
    }
    for name in ["", "UTC", "Local", "Etc/UTC", "GMT"] {
        assert_eq!(load_location(name), Some(Zone::UTC), "{name}");
    }
}

#[test]
fn schedules_are_due_as_in_the_tests_of_their_library() {
    for line in table("robfig.txt").lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [after, text, next] = cells[..] else {
            panic!("a line has three cells: {line}");
        };
        let expected = (next != "-").then(|| moment(next));
        assert_eq!(schedule(text, "").next(moment(after)), expected, "{line}");
    }
}

#[test]
fn schedules_are_due_around_changes_of_the_clocks() {
    let cases: Vec<serde_json::Value> = serde_json::from_str(&table("schedules.json")).expect("JSON");
    let mut wrong = Vec::new();
    for case in &cases {
        let schedule = schedule(case["schedule"].as_str().unwrap(), case["zone"].as_str().unwrap());
        let mut at = case["after"].as_i64().unwrap();
        for expected in case["next"].as_array().unwrap() {
            let next = schedule.next(at).unwrap_or_default();
            if Some(next) != expected.as_i64() {
                wrong.push(format!(
                    "{} in {} after {at}: {next} instead of {expected}",
                    case["schedule"], case["zone"]
                ));
                break;
            }
            at = next;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_counts_from_the_last_time() {
    for (text, seconds) in [
        ("@every 90s", 90),
        ("@every 1h30m", 5_400),
        ("@every 1.5s", 1),
        ("@every 10ms", 1),
        ("@every -1h", 1),
        ("@every 0", 1),
    ] {
        assert_eq!(
            schedule(text, "Europe/Berlin").next(1_000),
            Some(1_000 + seconds),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_schedule_says_why() {
    for (text, error) in [
        ("", "empty spec string"),
        ("* * *", "expected exactly 5 fields, found 3: [* * *]"),
        ("* * * * * *", "expected exactly 5 fields, found 6: [* * * * * *]"),
        (" ", "expected exactly 5 fields, found 0: []"),
        ("0 0 32 * *", "end of range (32) above maximum (31): 32"),
        ("0 0 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("60 0 * * *", "end of range (60) above maximum (59): 60"),
        ("0 0 * * 7", "end of range (7) above maximum (6): 7"),
        ("0 0 * * 5-3", "beginning of range (5) beyond end of range (3): 5-3"),
        (
            "0 0 * * SUN-x",
            "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax",
        ),
        (
            "0 0 * XYZ *",
            "failed to parse int from XYZ: strconv.Atoi: parsing \"XYZ\": invalid syntax",
        ),
        ("5--5 * * * *", "too many hyphens: 5--5"),
        (
            "-5 * * * *",
            "failed to parse int from : strconv.Atoi: parsing \"\": invalid syntax",
        ),
        ("*/-12 * * * *", "negative number (-12) not allowed: -12"),
        ("*//2 * * * *", "too many slashes: *//2"),
        ("15/0 * * * *", "step of range should be a positive number: 15/0"),
        (
            "99999999999999999999 * * * *",
            "failed to parse int from 99999999999999999999: strconv.Atoi: parsing \"99999999999999999999\": value out of range",
        ),
        ("@unrecognized", "unrecognized descriptor: @unrecognized"),
        ("@every", "unrecognized descriptor: @every"),
        (
            "@every Xm",
            "failed to parse duration @every Xm: time: invalid duration \"Xm\"",
        ),
        (
            "@every 5",
            "failed to parse duration @every 5: time: missing unit in duration \"5\"",
        ),
        (
            "@every 5d",
            "failed to parse duration @every 5d: time: unknown unit \"d\" in duration \"5d\"",
        ),
        (
            "TZ=Mars/Base * * * * *",
            "provided bad location Mars/Base: unknown time zone Mars/Base",
        ),
    ] {
        assert_eq!(Schedule::parse(text, Zone::UTC), Err(error.to_string()), "{text}");
    }
}

/// A field as text, and the numbers that it means.
type FieldOf = (String, Vec<u32>);

/// A field of ranges, steps and lists of them, none of which is a star alone.
fn field(min: u32, max: u32) -> impl Strategy<Value = FieldOf> {
    let one = (min..=max, 0..8u32, 2..9u32, 0..4).prop_map(move |(low, width, step, kind)| {
        let (text, high, step) = match kind {
            0 => {
                return (
                    format!("*/{step}"),
                    (min..=max).step_by(step as usize).collect::<Vec<u32>>(),
                );
            }
            1 => (format!("{low}"), low, 1),
            2 => (format!("{low}-{}", (low + width).min(max)), (low + width).min(max), 1),
            _ => (format!("{low}/{step}"), max, step),
        };
        (text, (low..=high).step_by(step as usize).collect())
    });
    proptest::collection::vec(one, 1..3).prop_map(|parts| {
        let (texts, numbers): (Vec<String>, Vec<Vec<u32>>) = parts.into_iter().unzip();
        (texts.join(","), numbers.concat())
    })
}

/// The first minute after `after` whose clock the fields match, found by looking at each minute of each day that fits.
fn first_match(fields: &[FieldOf; 5], zone: Zone, after: i64) -> Option<i64> {
    let [minutes, hours, days, months, weekdays] = fields;
    let mut at = (after.div_euclid(60) + 1) * 60;
    while at < after + 2 * 366 * 86_400 {
        let local = at + zone.offset_at(at);
        let clock = Calendar::at(0).rfc3339(Instant::from_secs(local));
        let part = |from: usize, to: usize| clock[from..to].parse::<u32>().expect("a number of a date");
        let weekday = (local.div_euclid(86_400) + 4).rem_euclid(7) as u32;
        let fits = months.1.contains(&part(5, 7)) && (days.1.contains(&part(8, 10)) || weekdays.1.contains(&weekday));
        if !fits {
            at += 86_400 - local.rem_euclid(86_400);
        } else if hours.1.contains(&part(11, 13)) && minutes.1.contains(&part(14, 16)) {
            return Some(at);
        } else {
            at += 60;
        }
    }
    None
}

proptest! {
    /// Where the clocks of a zone do not change, the next moment is the first minute whose clock matches.
    #[test]
    fn the_next_time_is_the_first_minute_that_matches(
        fields in (field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6)),
        after in 1_780_000_000..1_790_000_000i64,
        name in prop::sample::select(vec!["UTC", "Asia/Kolkata", "Asia/Tokyo", "America/Phoenix"]),
    ) {
        let fields: [FieldOf; 5] = fields.into();
        let text = fields.each_ref().map(|(text, _)| text.as_str()).join(" ");
        let zone = load_location(name).expect("a zone");
        let expected = first_match(&fields, zone, after);
        prop_assert!(expected.is_some());
        prop_assert_eq!(schedule(&text, name).next(after), expected, "{} in {}", text, name);
    }

    /// No text makes it panic or go on for ever.
    #[test]
    fn any_text_is_read_or_refused(text in "[-@*?/, 0-9A-Za-z=]{0,24}", after in -4_000_000_000..8_000_000_000i64) {
        for zone in ["UTC", "Australia/Lord_Howe", "Africa/Casablanca", "America/Havana"] {
            let zone = load_location(zone).expect("a zone");
            if let Ok(schedule) = Schedule::parse(&text, zone) {
                prop_assert!(schedule.next(after).is_none_or(|next| next > after));
            }
        }
    }

    /// What a zone's clocks show is found again, but for hours that they skip.
    #[test]
    fn clocks_are_read_back(at in 1_767_225_600..2_000_000_000i64, name in prop::sample::select(vec![
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham", "Africa/Casablanca", "Europe/Dublin",
    ])) {
        let zone = Zone::named(name).expect("a zone");
        let local = at + zone.offset_at(at);
        let again = zone.moment(local);
        prop_assert_eq!(again + zone.offset_at(again), local);
    }
}
