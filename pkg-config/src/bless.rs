//! `cargo bless`: rewrites what the native tests expect. Read the difference before you keep it.

use crate::counts;
use crate::house::House;
use crate::options;
use crate::process::{self, Failure};
use crate::progress::{Done, Progress};
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the tests of the core with leave to rewrite their snapshots and expected texts.
pub fn command(args: &[OsString]) -> Result<ExitCode, Failure> {
    let options = options::parse(args, &["-v"])?;
    let progress = Progress {
        verbose: options.verbose,
    };
    let house = House::find();
    progress.step("bless", || {
        let mut test = house.cargo(&["test", "-p", "podscope", "--no-fail-fast", "--lib", "--bins", "--tests"]);
        test.env("INSTA_UPDATE", "always")
            .env("INSTA_FORCE_PASS", "1")
            .env("UPDATE_EXPECT", "1");
        let line = "some tests fail for another reason than their expectations";
        let output = process::must(test, progress.verbose, line)?;
        Ok(Done::With(counts::count(&output).to_string()))
    })?;
    println!("Read the difference (git diff) before you keep it");
    Ok(ExitCode::SUCCESS)
}
