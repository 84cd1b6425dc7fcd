//! What each command does.

use std::rc::Rc;

use podscope::api;
use podscope::kubectl::given;
use podscope::manifest::{MAX_TEXT, Severity};
use podscope::sim::{Options, Simulation};
use podscope::time::{Calendar, Duration, Instant};
use podscope::view::json::{ExpectResult, Placed, check_json, checks, report_json, text};
use podscope::view::link;

use super::Outcome;
use super::args::{self, CheckFormat, Command, Format, Get, HELP};
use super::simulate::{Run, Scenario};
use super::{beside, book, input};

/// Does what was asked for.
pub fn carry_out(command: Command) -> Outcome {
    let done = match command {
        Command::Run(what) => run(&what),
        Command::Test(what, junit) => test(&what, junit),
        Command::Compare(what) => beside::compare_files(&what),
        Command::Sweep(what) => beside::sweep(&what),
        Command::Check(files, format) => check(&files, format),
        Command::Get(what) => get(&what),
        Command::Link(files) => encode(&files),
        Command::Decode(fragment) => decode(&fragment),
        Command::Book => book::preprocess(),
        Command::BookFor(renderer) => Ok(book::supports(&renderer)),
        Command::Help => Ok(printed(HELP.to_owned())),
        Command::Version => Ok(printed(format!("podscope {}\n", env!("CARGO_PKG_VERSION")))),
    };
    done.unwrap_or_else(|line| Outcome {
        err: vec![line],
        code: 2,
        ..Outcome::default()
    })
}

fn printed(out: String) -> Outcome {
    Outcome {
        out,
        ..Outcome::default()
    }
}

/// Diagnostics as lines, and the exit code they ask for.
pub(super) fn judged(diagnostics: &[Placed]) -> Outcome {
    Outcome {
        out: String::new(),
        err: diagnostics.iter().map(Placed::to_string).collect(),
        code: u8::from(diagnostics.iter().any(|d| d.severity == Severity::Error)),
    }
}

/// Runs the files once for each seed and hands each run over. What is left is what was said, and the exit code.
fn each_seed(what: &args::Run, mut each: impl FnMut(Run, bool)) -> Result<Outcome, String> {
    let sources = input::sources(&what.files)?;
    let scenario = Scenario::of(&sources);
    let seeds: Vec<Option<u64>> = match what.seeds {
        Some((first, last)) => (first..=last).map(Some).collect(),
        None => vec![None],
    };
    let mut all = Outcome::default();
    for seed in &seeds {
        let run = scenario.run(*seed, what.until);
        let judged = judged(&run.report.diagnostics);
        all.code = all.code.max(judged.code);
        // The seeds share a text; what one of them adds is said once.
        let new: Vec<String> = judged.err.into_iter().filter(|line| !all.err.contains(line)).collect();
        all.err.extend(new);
        each(run, seeds.len() > 1);
    }
    Ok(all)
}

fn run(what: &args::Run) -> Result<Outcome, String> {
    let mut out = String::new();
    let mut outcome = each_seed(what, |run, several| {
        let report = &run.report;
        if several && what.format != Format::Json {
            out.push_str(&format!("# seed {}\n", report.seed));
        }
        out.push_str(&match what.format {
            Format::Console => text::console(report),
            Format::Watch => text::watch(report),
            Format::Events => text::events(report),
            Format::Json => report_json(report) + "\n",
            Format::Trace => run.trace(),
            Format::Why => run.why(),
            Format::Svg => run.svg(what.width, what.bands),
            Format::Markdown => run.markdown(),
            Format::Html => run.html(what.width, what.bands),
            Format::Chrome => run.chrome(),
        });
    })?;
    outcome.out = out;
    Ok(outcome)
}

fn test(what: &args::Run, junit: bool) -> Result<Outcome, String> {
    let mut results = Vec::new();
    let mut outcome = each_seed(what, |run, several| {
        let seed = run.report.seed;
        results.extend(run.report.expect.into_iter().map(|mut result| {
            if several {
                result.text = format!("seed {seed}: {}", result.text);
            }
            result
        }));
    })?;
    let failed = results.iter().filter(|r| !r.ok).count();
    if junit {
        outcome.out = checks::junit(&what.files.join(" "), &results);
    } else {
        let line = |r: &ExpectResult| match r.ok {
            true => format!("ok      {}\n", r.text),
            false => format!("FAILED  {}: {}\n", r.text, r.why),
        };
        outcome.out = results.iter().map(line).collect();
        outcome.out.push_str(&format!(
            "{} of {} claims hold\n",
            results.len() - failed,
            results.len()
        ));
    }
    outcome.code = outcome.code.max(u8::from(failed > 0));
    Ok(outcome)
}

/// So long a run shows what `check` has to say about images.
const ASSUMED_WITHIN: Duration = Duration::from_secs(30);

fn check(files: &[String], format: CheckFormat) -> Result<Outcome, String> {
    let sources = input::sources(files)?;
    let loaded = api::load(sources.text());
    let is_empty = loaded.documents.is_empty() && loaded.diagnostics.is_empty();
    // What admission and the gates have to say is known before anything has run.
    let options = Options {
        until: Some(ASSUMED_WITHIN),
        ..Options::default()
    };
    let mut simulation = Simulation::of(Rc::new(loaded), &options);
    let mut diagnostics = simulation.diagnostics();
    if diagnostics.iter().all(|d| d.severity != Severity::Error) {
        // What is assumed of images shows when their containers start.
        simulation.run();
        let assumed = simulation.diagnostics().into_iter().filter(|d| d.code == "assumed");
        let new = assumed.filter(|d| !diagnostics.contains(d)).collect::<Vec<_>>();
        diagnostics.extend(new);
    }
    diagnostics.sort_by_key(|d| (d.range.start, d.range.end, d.severity));
    if is_empty {
        diagnostics.push(api::nothing());
    }
    let placed: Vec<Placed> = diagnostics.iter().map(|d| sources.placed(d)).collect();
    let mut outcome = judged(&placed);
    match format {
        CheckFormat::Human => {}
        CheckFormat::Json => outcome.out = check_json(&placed) + "\n",
        CheckFormat::Sarif => outcome.out = checks::sarif(&placed) + "\n",
    }
    Ok(outcome)
}

fn get(what: &Get) -> Result<Outcome, String> {
    let sources = input::sources(&what.files)?;
    let now = match &what.now {
        Some(text) => Calendar::default()
            .parse(text)
            .ok_or_else(|| format!("podscope: \"{text}\" is not a time as RFC 3339 has it"))?,
        None => clock(),
    };
    let given = given::print(sources.text(), now, what.wide);
    let placed: Vec<Placed> = given.diagnostics.iter().map(|d| sources.placed(d)).collect();
    let mut outcome = judged(&placed);
    if given.text.is_empty() && outcome.code == 0 {
        outcome.err.push("No resources found".to_owned());
    }
    outcome.out = given.text;
    Ok(outcome)
}

/// The real clock, which only this command asks: given objects lie in the past of the person who looks at them.
#[allow(clippy::disallowed_methods)]
fn clock() -> Instant {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = since_epoch.map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(0));
    Instant::from_secs(seconds.saturating_sub(Calendar::default().start_unix))
}

fn encode(files: &[String]) -> Result<Outcome, String> {
    // One file goes in byte for byte; only several are joined.
    let text = match files {
        [file] => input::read(file)?.1,
        _ => input::sources(files)?.text().to_owned(),
    };
    if text.len() > MAX_TEXT {
        return Err(format!(
            "podscope: a link holds at most {MAX_TEXT} bytes of text; these are {}",
            text.len()
        ));
    }
    let link = link::encode(&text);
    let mut outcome = printed(format!("{link}\n"));
    if link.len() > link::LONG_LINK {
        let length = link.len();
        outcome.err.push(format!(
            "podscope: warning: the link has {length} characters; a file travels better"
        ));
    }
    Ok(outcome)
}

fn decode(fragment: &str) -> Result<Outcome, String> {
    let fragment = match fragment {
        "-" => input::read("-")?.1,
        given => given.to_owned(),
    };
    match link::decode(&fragment) {
        Ok(decoded) => Ok(printed(decoded.text)),
        Err(why) => Err(format!("podscope: {why}")),
    }
}
