//! Podscope's own commands: `cargo serve`, `cargo verify`, `cargo pack` and `cargo bless`.
//!
//! Each command is one file; what several of them need is a file of its own beside them.
#![warn(missing_docs)]
// The ban on clocks, files, threads and the environment guards the simulator. A build tool is made of them.
#![allow(clippy::disallowed_methods)]

mod bless;
mod browser;
mod build;
mod counts;
mod house;
mod options;
mod pack;
mod process;
mod progress;
mod serve;
mod stamp;
mod verify;
mod wasm_test;

use std::ffi::OsString;
use std::process::ExitCode;

/// What `podscope-tools` prints when it is asked for nothing it knows.
const USAGE: &str = "\
usage: cargo serve  [--port N] [--open] [--offline] [--quick] [-v]
       cargo verify [--without-browser] [-v] [STEP…]
       cargo pack   [--quick] [-v]
       cargo bless  [-v]";

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<OsString> = args.collect();
    let result = match command.to_str() {
        Some("serve") => serve::command(&rest),
        Some("verify") => verify::command(&rest),
        Some("pack") => pack::command(&rest),
        Some("bless") => bless::command(&rest),
        Some("wasm-test") => wasm_test::command(rest),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(code) => code,
        Err(failure) => {
            failure.print();
            ExitCode::FAILURE
        }
    }
}
