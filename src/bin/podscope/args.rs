//! What the words on the command line ask for.

use lexopt::prelude::*;
use lexopt::{Error, Parser};
use podscope::api::scenario::Span;
use podscope::time::Duration;

/// The longest horizon, 168 h.
const MAX_UNTIL: Duration = Duration::from_secs(168 * 3600);
/// The most seeds of one call.
const MAX_SEEDS: u64 = 100_000;

/// Widths of a figure, in pixels.
const WIDTHS: std::ops::RangeInclusive<f32> = 320.0..=4000.0;

/// Printed by `--help`.
pub const HELP: &str = "\
Plays the life of Kubernetes Pods in simulated time.

Usage:
  podscope run FILE… [--until D] [--seed N | --seeds A..B] [-o FORMAT] [--width PIXELS] [--bands]
      Runs the manifests. Formats: console (default), watch, events, trace, why, json, svg, markdown, html
      (the element with its figure, for a page), chrome (a trace that Perfetto opens). `--width` is that of the figure;
      `--bands` draws into it how much the instants of the nominal run vary from seed to seed.
  podscope check FILE… [-o human|json|sarif]
      Says what is wrong with the manifests; exit code 1 if there is an error.
  podscope test FILE… [--until D] [--seed N] [-o human|junit]
      Runs, and checks the claims under `expect`; exit code 1 if one fails.
  podscope compare FILE FILE [--until D] [--seed N]
      Runs both, and prints what differs in numbers.
  podscope sweep FILE… [--number NAME --values A..B[/STEP]] [--seed N]
      Runs once for each value of a number, and says which are safe; exit code 1 if none is. Without --number it lists
      the numbers of the text. NAME is the end of a name in that list, such as livenessProbe.failureThreshold.
  podscope get -f FILE [-o wide] [--now TIME]
      Prints given objects with their status as `kubectl get` would.
  podscope link FILE
      Prints the fragment of a share link; `podscope link --decode FRAGMENT` prints the text of one.
  podscope mdbook [supports RENDERER]
      A preprocessor of mdBook: draws the fenced blocks of language `podscope`.

`-` is standard input. Several files are documents of one text.
Exit codes: 0 done, 1 a check failed, 2 bad usage or unreadable input.
";

/// A call.
#[derive(Debug, PartialEq)]
pub enum Command {
    /// `run`.
    Run(Run),
    /// `compare`.
    Compare(Run),
    /// `sweep`.
    Sweep(Sweep),
    /// `check`.
    Check(Vec<String>, CheckFormat),
    /// `test`; the flag is JUnit.
    Test(Run, bool),
    /// `get`.
    Get(Get),
    /// `link FILE…`.
    Link(Vec<String>),
    /// `link --decode`.
    Decode(String),
    /// `mdbook`: a book on standard input.
    Book,
    /// `mdbook supports RENDERER`.
    BookFor(String),
    /// `--help`.
    Help,
    /// `--version`.
    Version,
}

/// `podscope run` and `podscope test`.
#[derive(Debug, Default, PartialEq)]
pub struct Run {
    /// Files.
    pub files: Vec<String>,
    /// Horizon, when given.
    pub until: Option<Duration>,
    /// Seeds, first and last; the scenario's own when missing.
    pub seeds: Option<(u64, u64)>,
    /// How it is printed.
    pub format: Format,
    /// Width of the figure in pixels, when given.
    pub width: Option<f32>,
    /// Whether the figure shows how much its instants vary.
    pub bands: bool,
}

/// `podscope sweep`.
#[derive(Debug, Default, PartialEq)]
pub struct Sweep {
    /// Files.
    pub files: Vec<String>,
    /// End of the name of the number.
    pub number: Option<String>,
    /// First and last value, and the step; the range worth a look when missing.
    pub values: Option<(i64, i64, i64)>,
    /// Seed; the scenario's own when missing.
    pub seed: Option<u64>,
}

/// `podscope get`.
#[derive(Debug, Default, PartialEq)]
pub struct Get {
    /// Files.
    pub files: Vec<String>,
    /// `-o wide`.
    pub wide: bool,
    /// The clock; the real one when missing.
    pub now: Option<String>,
}

/// `-o` of `run`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Steps with their output, then the watch.
    #[default]
    Console,
    /// `kubectl get pod -w`.
    Watch,
    /// Every Event.
    Events,
    /// One line an entry of the trace.
    Trace,
    /// Why each entry of the trace is there.
    Why,
    /// One object.
    Json,
    /// The timeline as a figure.
    Svg,
    /// The main moments as a table.
    Markdown,
    /// The element with its figure.
    Html,
    /// A trace in Chrome's format.
    Chrome,
}

/// `-o` of `check`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CheckFormat {
    /// Lines on standard error.
    #[default]
    Human,
    /// One object.
    Json,
    /// SARIF 2.1.0.
    Sarif,
}

/// Reads the command line.
///
/// # Errors
/// What is wrong with it, in one line.
pub fn read(mut parser: Parser) -> Result<Command, Error> {
    let Some(first) = parser.next()? else {
        return Err("nothing to do".into());
    };
    let verb = match first {
        Long("help") | Short('h') => return Ok(Command::Help),
        Long("version") | Short('V') => return Ok(Command::Version),
        Value(verb) => verb.string()?,
        other => return Err(other.unexpected()),
    };
    match verb.as_str() {
        "run" => run(&mut parser, run_format, Command::Run),
        "test" => {
            let mut junit = false;
            let format = |word: &str| match word {
                "human" => Some(false),
                "junit" => Some(true),
                _ => None,
            };
            let note = |word: &str| format(word).map(|j| junit = j).map(|()| Format::Console);
            let command = run(&mut parser, note, |run| Command::Test(run, false))?;
            Ok(match command {
                Command::Test(run, _) => Command::Test(run, junit),
                other => other,
            })
        }
        "compare" => {
            let command = run(&mut parser, |_| None, Command::Compare)?;
            match &command {
                Command::Compare(run) if run.files.len() != 2 => Err("compare wants two files".into()),
                _ => Ok(command),
            }
        }
        "sweep" => sweep(&mut parser),
        "check" => check(&mut parser),
        "get" => get(&mut parser),
        "link" => link(&mut parser),
        "mdbook" => book(&mut parser),
        "help" => Ok(Command::Help),
        other => Err(format!("\"{other}\" is no command").into()),
    }
}

fn run_format(word: &str) -> Option<Format> {
    Some(match word {
        "console" => Format::Console,
        "watch" => Format::Watch,
        "events" => Format::Events,
        "trace" => Format::Trace,
        "why" => Format::Why,
        "json" => Format::Json,
        "svg" => Format::Svg,
        "markdown" => Format::Markdown,
        "html" => Format::Html,
        "chrome" => Format::Chrome,
        _ => return None,
    })
}

fn run(
    parser: &mut Parser,
    mut format: impl FnMut(&str) -> Option<Format>,
    done: impl FnOnce(Run) -> Command,
) -> Result<Command, Error> {
    let mut run = Run::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("until") => run.until = Some(until(&parser.value()?.string()?)?),
            Long("seed") => {
                let seed = parser.value()?.parse()?;
                run.seeds = Some((seed, seed));
            }
            Long("seeds") => run.seeds = Some(seeds(&parser.value()?.string()?)?),
            Long("bands") => run.bands = true,
            Long("width") => run.width = Some(width(&parser.value()?.string()?)?),
            Long("output") | Short('o') => {
                let word = parser.value()?.string()?;
                run.format = format(&word).ok_or_else(|| unknown_format(&word))?;
            }
            Value(file) => run.files.push(file.string()?),
            other => return Err(other.unexpected()),
        }
    }
    some_file(&run.files)?;
    Ok(done(run))
}

fn sweep(parser: &mut Parser) -> Result<Command, Error> {
    let mut sweep = Sweep::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("number") => sweep.number = Some(parser.value()?.string()?),
            Long("values") => sweep.values = Some(range(&parser.value()?.string()?)?),
            Long("seed") => sweep.seed = Some(parser.value()?.parse()?),
            Value(file) => sweep.files.push(file.string()?),
            other => return Err(other.unexpected()),
        }
    }
    some_file(&sweep.files)?;
    Ok(Command::Sweep(sweep))
}

/// `1..10` or `0..60/5`.
fn range(text: &str) -> Result<(i64, i64, i64), Error> {
    let bad = || Error::from(format!("\"{text}\" is no range of values such as 1..10 or 0..60/5"));
    let (ends, step) = text.split_once('/').unwrap_or((text, "1"));
    let (from, to) = ends.split_once("..").ok_or_else(bad)?;
    let number = |text: &str| text.trim().parse::<i64>().ok().filter(|n| (0..=1_000_000).contains(n));
    match (number(from), number(to.trim_start_matches('=')), number(step)) {
        (Some(from), Some(to), Some(step)) if from <= to && step > 0 => Ok((from, to, step)),
        _ => Err(bad()),
    }
}

fn check(parser: &mut Parser) -> Result<Command, Error> {
    let (mut files, mut format) = (Vec::new(), CheckFormat::Human);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("output") | Short('o') => {
                let word = parser.value()?.string()?;
                format = match word.as_str() {
                    "human" => CheckFormat::Human,
                    "json" => CheckFormat::Json,
                    "sarif" => CheckFormat::Sarif,
                    _ => return Err(unknown_format(&word)),
                };
            }
            Value(file) => files.push(file.string()?),
            other => return Err(other.unexpected()),
        }
    }
    some_file(&files)?;
    Ok(Command::Check(files, format))
}

fn get(parser: &mut Parser) -> Result<Command, Error> {
    let mut get = Get::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("filename") | Short('f') => get.files.push(parser.value()?.string()?),
            Long("now") => get.now = Some(parser.value()?.string()?),
            Long("output") | Short('o') => {
                let word = parser.value()?.string()?;
                get.wide = word == "wide";
                if !get.wide {
                    return Err(unknown_format(&word));
                }
            }
            other => return Err(other.unexpected()),
        }
    }
    some_file(&get.files)?;
    Ok(Command::Get(get))
}

fn link(parser: &mut Parser) -> Result<Command, Error> {
    let (mut words, mut decode) = (Vec::new(), false);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("decode") => decode = true,
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match (decode, words.len()) {
        (true, 1) => Ok(Command::Decode(words.remove(0))),
        (true, _) => Err("one link is wanted after --decode".into()),
        (false, _) => {
            some_file(&words)?;
            Ok(Command::Link(words))
        }
    }
}

fn book(parser: &mut Parser) -> Result<Command, Error> {
    let mut words = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Command::Help),
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match words.as_slice() {
        [] => Ok(Command::Book),
        [supports, renderer] if supports == "supports" => Ok(Command::BookFor(renderer.clone())),
        _ => Err("mdbook takes nothing, or \"supports RENDERER\"".into()),
    }
}

fn some_file(files: &[String]) -> Result<(), Error> {
    if files.is_empty() {
        return Err("a file is wanted (`-` is standard input)".into());
    }
    Ok(())
}

fn unknown_format(word: &str) -> Error {
    format!("\"{word}\" is no format of this command").into()
}

fn width(text: &str) -> Result<f32, Error> {
    match text.trim_end_matches("px").parse() {
        Ok(pixels) if WIDTHS.contains(&pixels) => Ok(pixels),
        _ => Err(format!("--width is {} to {} pixels", WIDTHS.start(), WIDTHS.end()).into()),
    }
}

fn until(text: &str) -> Result<Duration, Error> {
    match Span::parse(text) {
        Some(Span(until)) if until <= MAX_UNTIL => Ok(until),
        Some(_) => Err("--until is at most 168h".into()),
        None => Err(format!("\"{text}\" is no span such as 90s, 2m or 1m30s").into()),
    }
}

/// `1..64` is 1 to 64, both included; so is `1..=64`.
fn seeds(text: &str) -> Result<(u64, u64), Error> {
    let bad = || Error::from(format!("\"{text}\" is no range of seeds such as 1..64"));
    let (first, last) = text.split_once("..").ok_or_else(bad)?;
    let first: u64 = first.trim().parse().map_err(|_| bad())?;
    let last: u64 = last.trim_start_matches('=').trim().parse().map_err(|_| bad())?;
    if first > last {
        return Err(bad());
    }
    if last - first >= MAX_SEEDS {
        return Err(format!("at most {MAX_SEEDS} seeds are run at once").into());
    }
    Ok((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str) -> Result<Command, String> {
        read(Parser::from_args(line.split_whitespace())).map_err(|why| why.to_string())
    }

    #[test]
    fn lines_are_read() {
        assert_eq!(
            command("run a.yaml - --until 2m --seeds 1..64 -o json"),
            Ok(Command::Run(Run {
                files: vec!["a.yaml".to_owned(), "-".to_owned()],
                until: Some(Duration::from_secs(120)),
                seeds: Some((1, 64)),
                format: Format::Json,
                width: None,
                bands: false,
            }))
        );
        assert!(matches!(
            command("run x -o svg --bands"),
            Ok(Command::Run(Run { bands: true, .. }))
        ));
        assert_eq!(
            command("check -ojson x"),
            Ok(Command::Check(vec!["x".to_owned()], CheckFormat::Json))
        );
        assert!(matches!(command("test x -o junit"), Ok(Command::Test(_, true))));
        assert!(matches!(
            command("get -f - -owide --now=2026-01-01T00:00:00Z"),
            Ok(Command::Get(Get { wide: true, .. }))
        ));
        assert_eq!(
            command("link --decode #s=1.x"),
            Ok(Command::Decode("#s=1.x".to_owned()))
        );
        assert_eq!(command("mdbook supports html"), Ok(Command::BookFor("html".to_owned())));
        assert_eq!(
            command("sweep x --number failureThreshold --values 0..60/5"),
            Ok(Command::Sweep(Sweep {
                files: vec!["x".to_owned()],
                number: Some("failureThreshold".to_owned()),
                values: Some((0, 60, 5)),
                seed: None,
            }))
        );
        assert!(matches!(command("compare a b --until 1m"), Ok(Command::Compare(_))));
        assert_eq!(command("--help"), Ok(Command::Help));
    }

    #[test]
    fn mistakes_are_told() {
        for line in [
            "",
            "frob",
            "run",
            "run x -o nope",
            "run x --until soon",
            "run x --until 169h",
            "run x --seeds 5..1",
            "run x --seeds 3",
            "run x --seed -1",
            "check x --frob",
            "get x",
            "get",
            "link",
            "link --decode",
            "test x -o svg",
            "run x --width 10",
            "mdbook x",
            "compare x",
            "compare x y z",
            "compare x y -o json",
            "sweep",
            "sweep x --values 5",
            "sweep x --values 5..1",
            "sweep x --values 1..5/0",
            "run x --seeds 0..18446744073709551615",
        ] {
            assert!(command(line).is_err(), "{line}");
        }
    }
}
