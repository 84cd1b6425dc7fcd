//! The release page: core to wasm, bindings, optimiser, npm packages, bundle. Each step is quick when nothing changed.

pub mod npm;
mod optimise;
mod page;
pub mod toolchain;
mod wasm;

use crate::house::House;
use crate::process::Failure;
use crate::progress::Progress;
pub use wasm::Core;

/// Builds `www/dist`; with `offline` it has its service worker.
pub fn page(house: &House, progress: Progress, core: Core, offline: bool) -> Result<(), Failure> {
    progress.step("wasm target", || toolchain::ensure_wasm_target(house, progress.verbose))?;
    page_with_target(house, progress, core, offline)
}

/// The same where the wasm target is known to be there.
pub fn page_with_target(house: &House, progress: Progress, core: Core, offline: bool) -> Result<(), Failure> {
    progress.step("build wasm", || wasm::compile(house, core, progress.verbose))?;
    progress.step("npm packages", || npm::install(house, progress.verbose))?;
    progress.step("bind and optimise", || wasm::bind(house, core, progress.verbose))?;
    progress.step("build page", || page::bundle(house, progress.verbose, offline))
}
