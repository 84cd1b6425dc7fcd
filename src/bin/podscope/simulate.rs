//! From a text to a run. This is the one place where the command line meets the simulation.

use podscope::api;
use podscope::time::Duration;
use podscope::view::json::{Report, Sources};

/// What the command line decides over the scenario.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Seed.
    pub seed: Option<u64>,
    /// Horizon.
    pub until: Option<Duration>,
}

/// A finished run.
pub struct Run {
    /// What it left behind.
    pub report: Report,
}

impl Run {
    /// Runs a text to its end.
    pub fn of(sources: &Sources, options: Options) -> Run {
        let loaded = api::load(sources.text());
        let report = Report {
            seed: options.seed.unwrap_or(loaded.scenario.spec.seed),
            diagnostics: loaded.diagnostics.iter().map(|d| sources.placed(d)).collect(),
            ..Report::default()
        };
        Run { report }
    }

    /// The trace, one line an entry.
    pub fn trace(&self) -> String {
        String::new()
    }

    /// The timeline as a figure.
    pub fn svg(&self) -> String {
        String::new()
    }

    /// The main moments as a table.
    pub fn markdown(&self) -> String {
        String::new()
    }
}
