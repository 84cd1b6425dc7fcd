//! Runs beside each other: two texts compared, and one number of a text swept through a range.

use std::fmt::Write;

use podscope::api;
use podscope::manifest::Severity;
use podscope::view::compare::{Measure, Turn, compare};
use podscope::view::json::Placed;
use podscope::view::numbers::numbers;
use podscope::view::outcome;
use podscope::view::sweep::{Answer, Point, Sweep, answer, values};

use super::Outcome;
use super::args;
use super::commands::judged;
use super::input;
use super::simulate::Scenario;

/// Events of one slice of a sweep; there is nobody to wait for it.
const SLICE: u32 = 1_000_000;

/// What is compared, in words.
fn words(measure: Measure) -> &'static str {
    match measure {
        Measure::Ready => "time to ready",
        Measure::Restarts => "restarts",
        Measure::Unready => "not ready again for",
        Measure::Stop => "time to stop",
        Measure::Killed => "killed after grace",
        Measure::Status => "STATUS at the end",
    }
}

/// Two files, each run, and what differs in numbers.
pub fn compare_files(what: &args::Run) -> Result<Outcome, String> {
    let mut done = Outcome::default();
    let mut sides: Vec<Vec<outcome::Outcome>> = Vec::new();
    for file in &what.files {
        let sources = input::sources(std::slice::from_ref(file))?;
        let run = Scenario::of(&sources).run(what.seeds.map(|(first, _)| first), what.until);
        let judged = judged(&run.report.diagnostics);
        done.code = done.code.max(judged.code);
        done.err.extend(judged.err);
        sides.push(run.outcomes());
    }
    let [before, after] = sides.as_slice() else {
        return Err("compare wants two files".to_owned());
    };
    let row = |cells: [&str; 5]| {
        let [pod, what, before, after, by] = cells;
        format!("{pod:<24} {what:<20} {before:>16} {after:>16} {by:>12}")
            .trim_end()
            .to_owned()
            + "\n"
    };
    done.out = row(["POD", "WHAT", "BEFORE", "AFTER", "DIFFERENCE"]);
    for d in compare(before, after) {
        let by = match (d.turn, d.by.as_str()) {
            (Turn::Same, _) => "",
            (turn, "") => turn.word(),
            (_, by) => by,
        };
        done.out
            .push_str(&row([&d.pod, words(d.measure), &d.before, &d.after, by]));
    }
    Ok(done)
}

/// The worst of the Pods in a cell.
fn cell(point: &Point, measure: Measure) -> String {
    let texts: Vec<String> = point.pods.iter().map(|pod| measure.text(pod)).collect();
    if texts.is_empty() {
        "–".to_owned()
    } else {
        texts.join("/")
    }
}

/// One number swept through a range; without a number, the list of those there are.
pub fn sweep(what: &args::Sweep) -> Result<Outcome, String> {
    let sources = input::sources(&what.files)?;
    let text = sources.text();
    let loaded = api::load(text);
    let placed: Vec<Placed> = loaded.diagnostics.iter().map(|d| sources.placed(d)).collect();
    let mut done = judged(&placed);
    if loaded.diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Ok(done);
    }
    let list = numbers(&loaded, text);
    let Some(name) = &what.number else {
        for n in list {
            let default = if n.written { "" } else { "  (default)" };
            let _ = writeln!(done.out, "{}: {}{}{default}", n.label, n.value, n.unit);
        }
        return Ok(done);
    };
    let number = list
        .into_iter()
        .find(|n| n.label.ends_with(name.as_str()))
        .ok_or_else(|| {
            format!("podscope: no number of this text is called \"{name}\"; without --number they are listed")
        })?;
    let (unit, now) = (number.unit.clone(), number.value);
    let (from, to, step) = what.values.unwrap_or((number.range.0, number.range.1, 1));
    let _ = writeln!(done.out, "{} is {now}{unit}", number.label);
    let mut sweep = Sweep::new(text, number, values(from, to, step), what.seed.unwrap_or(0));
    while !sweep.advance(SLICE) {}
    let head = ["VALUE", "READY", "RESTARTS", "NOT READY AGAIN", "STOPS IN", "KILLED"];
    let row = |cells: [&str; 6], safe: &str| {
        let [a, b, c, d, e, f] = cells;
        format!("{a:>8} {b:>12} {c:>10} {d:>16} {e:>12} {f:>8}  {safe}")
            .trim_end()
            .to_owned()
            + "\n"
    };
    done.out.push_str(&row(head, ""));
    for p in sweep.points() {
        let safe = match (p.refused, p.is_safe()) {
            (true, _) => "not allowed",
            (_, true) => "safe",
            _ => "",
        };
        let cells = [
            Measure::Ready,
            Measure::Restarts,
            Measure::Unready,
            Measure::Stop,
            Measure::Killed,
        ]
        .map(|m| cell(p, m));
        let [b, c, d, e, f] = &cells;
        done.out
            .push_str(&row([&format!("{}{unit}", p.value), b, c, d, e, f], safe));
    }
    let answer = answer(sweep.points());
    let says = match answer {
        Answer::None => "no value of this range is safe".to_owned(),
        Answer::All => "every value of this range is safe".to_owned(),
        Answer::From(low) => format!("the smallest safe value is {low}{unit}"),
        Answer::To(high) => format!("the greatest safe value is {high}{unit}"),
        Answer::Between(low, high) => format!("safe from {low}{unit} to {high}{unit}"),
        Answer::Scattered(low) => format!("safe and unsafe values alternate; the smallest safe one is {low}{unit}"),
    };
    let _ = writeln!(done.out, "{says}");
    done.code = done.code.max(u8::from(answer == Answer::None));
    Ok(done)
}
