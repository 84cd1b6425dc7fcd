//! The lines a person sees while the steps run: `build wasm … 12.3 s`.

use crate::process::Failure;
use std::io::{self, Write};
use std::time::Instant;

/// What a step that succeeded has to say beside its time.
pub enum Done {
    /// It did its work.
    Worked,
    /// There was nothing to do.
    UpToDate,
    /// It did its work, and this came of it.
    With(String),
}

/// Prints one line a step.
#[derive(Clone, Copy)]
pub struct Progress {
    /// Whether the output of the programs is shown while they run.
    pub verbose: bool,
}

impl Progress {
    /// Runs one step and prints its line.
    pub fn step(self, name: &str, work: impl FnOnce() -> Result<Done, Failure>) -> Result<(), Failure> {
        if self.verbose {
            println!("{name} …");
        } else {
            print!("{name} … ");
        }
        let _ = io::stdout().flush();
        let start = Instant::now();
        let result = work();
        let seconds = start.elapsed().as_secs_f64();
        let end = match &result {
            Ok(Done::Worked) => format!("{seconds:.1} s"),
            Ok(Done::UpToDate) => "up to date".to_string(),
            Ok(Done::With(note)) => format!("{seconds:.1} s: {note}"),
            Err(_) => format!("FAILED after {seconds:.1} s"),
        };
        if self.verbose {
            println!("{name}: {end}");
        } else {
            println!("{end}");
        }
        result.map(|_| ())
    }
}
