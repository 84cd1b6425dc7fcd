//! The command line: `podscope run|check|test|compare|sweep|get|link|mdbook`.
//!
//! Exit codes: 0 done, 1 a check failed, 2 bad usage or unreadable input. Results go to standard output, everything that
//! is said about the input to standard error.

mod args;
mod beside;
mod book;
mod commands;
mod input;
mod simulate;

use std::io::Write;
use std::process::ExitCode;

/// What a command leaves to be printed.
#[derive(Debug, Default)]
pub struct Outcome {
    /// For standard output.
    pub out: String,
    /// Lines for standard error.
    pub err: Vec<String>,
    /// Exit code.
    pub code: u8,
}

impl Outcome {
    /// Bad usage or unreadable input.
    pub fn unusable(message: impl std::fmt::Display) -> Outcome {
        Outcome {
            err: vec![format!("podscope: {message}")],
            code: 2,
            ..Outcome::default()
        }
    }
}

fn main() -> ExitCode {
    let outcome = match args::read(lexopt::Parser::from_env()) {
        Ok(command) => commands::carry_out(command),
        Err(why) => Outcome::unusable(format!("{why}\nTry 'podscope --help'.")),
    };
    // A reader that has gone away (`| head`) is no reason to complain.
    let mut err = std::io::stderr().lock();
    for line in &outcome.err {
        let _ = writeln!(err, "{line}");
    }
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(outcome.out.as_bytes()).and_then(|()| out.flush());
    ExitCode::from(outcome.code)
}
