//! What has to be there of the Rust toolchain: the wasm target, and for the checks rustfmt and clippy.

use crate::house::{House, WASM, on_path};
use crate::process::{self, Failure};
use crate::progress::Done;
use std::path::Path;
use std::process::Command;

/// Adds the wasm target with rustup when it is not there.
pub fn ensure_wasm_target(house: &House, verbose: bool) -> Result<Done, Failure> {
    let mut rustc = Command::new("rustc");
    rustc
        .args(["--print", "target-libdir", "--target", WASM])
        .current_dir(&house.root);
    let folder = process::must(rustc, false, "rustc does not know its wasm target")?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(Done::UpToDate);
    }
    rustup(
        house,
        verbose,
        &["target", "add", WASM],
        &format!("Rust's {WASM} target"),
    )
}

/// Adds rustfmt and clippy with rustup when they are not there.
pub fn ensure_components(house: &House, verbose: bool) -> Result<Done, Failure> {
    let mut missing = vec!["component", "add"];
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !process::succeeds(house.cargo(&[command, "--version"])) {
            missing.push(component);
        }
    }
    if missing.len() == 2 {
        return Ok(Done::UpToDate);
    }
    rustup(house, verbose, &missing, &missing[2..].join(" and "))
}

fn rustup(house: &House, verbose: bool, args: &[&str], what: &str) -> Result<Done, Failure> {
    if on_path("rustup").is_none() {
        return Err(Failure::new(format!(
            "{what} is missing and there is no rustup to add it (https://rustup.rs)"
        )));
    }
    let mut command = Command::new("rustup");
    command.args(args).current_dir(&house.root);
    process::must(command, verbose, &format!("rustup could not add {what}"))?;
    Ok(Done::With(format!("added {what}")))
}
