//! From a text to a run. This is the one place where the command line meets the simulation.

use std::fmt::Write;
use std::rc::Rc;

use podscope::api::{Loaded, load};
use podscope::sim::{self, Simulation};
use podscope::time::{Duration, Instant};
use podscope::trace::{EntryId, Field, LaneId};
use podscope::view::bands::Bands;
use podscope::view::boundary::FieldPlace;
use podscope::view::element::element;
use podscope::view::json::{Report, Sources};
use podscope::view::layout::Over;
use podscope::view::live::find;
use podscope::view::origin::Origin;
use podscope::view::outcome::{Outcome, outcomes};
use podscope::view::svg::{Figure, Theme, svg};
use podscope::view::table::lane_words;
use podscope::view::timeline::Timeline;
use podscope::view::words::Lang;
use podscope::view::{chrome, markdown, run, why};

/// Width of a figure in pixels: the text column of most documentation, and its letters are large enough to be read when
/// the column is 600 pixels wide.
const WIDTH: f32 = 720.0;

/// A text that is loaded once and may be run with many seeds.
pub struct Scenario<'a> {
    sources: &'a Sources,
    loaded: Rc<Loaded>,
}

impl<'a> Scenario<'a> {
    /// Loads the text.
    pub fn of(sources: &'a Sources) -> Self {
        let loaded = Rc::new(load(sources.text()));
        Scenario { sources, loaded }
    }

    /// Runs it to its end. Seed and horizon are the scenario's own when they are not given.
    pub fn run(&self, seed: Option<u64>, until: Option<Duration>) -> Run<'a> {
        let mut simulation = Simulation::of(self.loaded.clone(), &sim::Options { seed, until });
        simulation.run();
        let report = run::report(&simulation, self.sources);
        Run {
            sources: self.sources,
            simulation,
            report,
        }
    }
}

/// A finished run.
pub struct Run<'a> {
    sources: &'a Sources,
    simulation: Simulation,
    /// What it left behind.
    pub report: Report,
}

impl Run<'_> {
    fn title(&self) -> &str {
        &self.simulation.loaded().scenario.spec.title
    }

    /// The trace, one line an entry: begin, end of a slice that has ended, lane, what.
    pub fn trace(&self) -> String {
        let log = self.simulation.log();
        let lanes: Vec<String> = (0..log.mark().lanes)
            .map(|lane| lane_words(log, LaneId(lane), Lang::En))
            .collect();
        let mut out = String::new();
        for entry in log.entries().iter().filter(|e| e.at <= self.report.until) {
            let end = match (entry.slice, entry.end) {
                (false, _) => String::new(),
                (true, Some(end)) => end.to_string(),
                (true, None) => "…".to_owned(),
            };
            let lane = lanes.get(entry.lane.0 as usize).map_or("", String::as_str);
            let said = why::said(log, entry, Lang::En).replace('\n', " ");
            let _ = writeln!(out, "{:>12} {end:>12}  {lane}: {said}", entry.at.to_string());
        }
        out
    }

    /// The run as a trace that Perfetto opens.
    pub fn chrome(&self) -> String {
        let log = self.simulation.log();
        chrome::chrome(log, &Timeline::of(log), self.report.until, Lang::En)
    }

    /// How it went, Pod by Pod.
    pub fn outcomes(&self) -> Vec<Outcome> {
        outcomes(&self.simulation)
    }

    /// Why each entry of the trace is there: its sentence, the fields that set its numbers, and what led to it.
    pub fn why(&self) -> String {
        let log = self.simulation.log();
        let timeline = Timeline::of(log);
        let resolve = |origin: Option<&Origin<'_>>, field: &Field| {
            let found = find(self.simulation.loaded(), origin, field)?;
            Some(FieldPlace {
                path: found.path,
                from: found.range.start,
                to: found.range.end,
                text: found.text,
            })
        };
        let mut out = String::new();
        for (id, entry) in log.entries().iter().enumerate() {
            let id = EntryId(u32::try_from(id).unwrap_or(u32::MAX));
            let Some(why) = why::why(log, &timeline, id, Lang::En, &resolve) else {
                continue;
            };
            if entry.at > self.report.until {
                continue;
            }
            let _ = writeln!(out, "{}\n    {}", why.title, why.sentence);
            for field in why.fields {
                let (file, line, _) = self.sources.place(field.from as usize);
                let said = format!("{} {}", field.path, field.text);
                let _ = writeln!(out, "    {file}:{line}: {}", said.trim_end());
            }
            let causes: Vec<String> = why.causes.into_iter().map(|m| m.text.replace('\n', " ")).collect();
            if !causes.is_empty() {
                let _ = writeln!(out, "    because {}", causes.join(" ← "));
            }
            let _ = writeln!(out, "    {}  {}", why.rule, why.source_url.unwrap_or_default());
        }
        out
    }

    /// The timeline as a figure; with bands, it shows how much the beginnings vary from seed to seed.
    pub fn svg(&self, width: Option<f32>, with_bands: bool) -> String {
        let log = self.simulation.log();
        let mut bands = with_bands.then(|| Bands::of(&self.simulation)).flatten();
        while bands.as_mut().is_some_and(|bands| !bands.advance(u32::MAX)) {}
        let figure = Figure {
            width: width.unwrap_or(WIDTH),
            theme: Theme::default(),
            from: Instant::ZERO,
            to: self.report.until,
            now: self.report.until,
            title: self.title(),
            lang: Lang::En,
            over: Over {
                ghost: None,
                bands: bands.as_ref(),
            },
        };
        svg(log, &Timeline::of(log), &figure)
    }

    /// The element for a page, with the figure that is shown without JavaScript.
    pub fn html(&self, width: Option<f32>, with_bands: bool) -> String {
        element(self.sources.text(), &self.svg(width, with_bands))
    }

    /// The main moments as a table.
    pub fn markdown(&self) -> String {
        markdown::markdown(self.simulation.log(), self.title(), self.report.until, Lang::En)
    }
}
