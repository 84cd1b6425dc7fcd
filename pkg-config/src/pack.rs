//! `cargo pack`: what is given away.

use crate::build::{self, Core};
use crate::house::House;
use crate::options;
use crate::process::Failure;
use crate::progress::Progress;
use std::ffi::OsString;
use std::process::ExitCode;

/// Builds the page with its service worker. The npm package is not made yet, and this says so.
pub fn command(args: &[OsString]) -> Result<ExitCode, Failure> {
    let options = options::parse(args, &["-v"])?;
    let house = House::find();
    build::page(
        &house,
        Progress {
            verbose: options.verbose,
        },
        Core::Release,
        true,
    )?;
    println!("The page is in {}", house.short(&house.dist()));
    println!("The npm package is not made yet");
    Ok(ExitCode::SUCCESS)
}
