//! `podscope-tools wasm-test FILE.wasm …`: the runner Cargo calls for each wasm test program.

use crate::process::Failure;
use std::ffi::OsString;
use std::process::ExitCode;

/// Hands the arguments to wasm-bindgen's own runner, which has the same version as the bindings.
pub fn command(args: Vec<OsString>) -> Result<ExitCode, Failure> {
    let args = std::iter::once(OsString::from("wasm-bindgen-test-runner")).chain(args);
    match wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(args) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(e) => Err(Failure::new(format!("{e:?}"))),
    }
}
