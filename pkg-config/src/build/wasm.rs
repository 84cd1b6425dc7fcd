//! The core as wasm with its JavaScript and TypeScript, in `www/src/core/pkg/`.

use super::optimise;
use crate::house::{House, WASM};
use crate::process::{self, Failure};
use crate::progress::Done;
use crate::stamp::{self, Fingerprint};
use std::fs;
use std::path::PathBuf;

/// How the core is built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Core {
    /// As it is published: small and fast.
    Release,
    /// In seconds, for work on the page: large, slow, and never published.
    Quick,
}

impl Core {
    /// The cargo profile, and the folder below `target/` where its result lies.
    fn profile(self) -> (&'static str, &'static str) {
        match self {
            Core::Release => ("wasm", "wasm"),
            Core::Quick => ("dev", "debug"),
        }
    }
}

/// Compiles the library. Cargo itself knows when there is nothing to do.
pub fn compile(house: &House, core: Core, verbose: bool) -> Result<Done, Failure> {
    let before = modified(&compiled(house, core));
    let build = house.cargo_wasm("build", &["--lib", "--profile", core.profile().0]);
    process::must(build, verbose, "the core does not compile to wasm")?;
    if before.is_some() && before == modified(&compiled(house, core)) {
        Ok(Done::UpToDate)
    } else {
        Ok(Done::Worked)
    }
}

/// Makes the bindings and, for a release, shrinks the module.
pub fn bind(house: &House, core: Core, verbose: bool) -> Result<Done, Failure> {
    let (input, folder) = (compiled(house, core), house.core_pkg());
    let stamp_file = house.notes().join("core.stamp");
    let made = |folder: &PathBuf| Fingerprint::default().folder(folder, &[]).finish();
    let inputs = Fingerprint::default()
        .file(&input)
        .word(core.profile().0)
        .word(&optimise::recipe(house))
        .word("reset-state")
        .finish();
    if stamp::holds(&stamp_file, &format!("{inputs} {}", made(&folder))) {
        return Ok(Done::UpToDate);
    }
    let fail = |e: &dyn std::fmt::Display| Failure::new(format!("wasm-bindgen: {e}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|e| fail(&e))?;
    let fixed = [
        "wasm-bindgen",
        "--target",
        "web",
        "--typescript",
        // After a panic the page goes on in a new instance of the same module.
        "--experimental-reset-state-function",
        "--out-name",
        "podscope",
        "--out-dir",
    ];
    let args = fixed
        .map(Into::into)
        .into_iter()
        .chain([folder.clone().into_os_string(), input.into_os_string()]);
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args).map_err(|e| fail(&e))?;

    let module = folder.join("podscope_bg.wasm");
    let before = size(&module);
    if core == Core::Release {
        optimise::shrink(house, &module, verbose)?;
    }
    stamp::write(&stamp_file, &format!("{inputs} {}", made(&folder))).map_err(|e| fail(&e))?;
    Ok(Done::With(format!("{before} → {} bytes", size(&module))))
}

fn compiled(house: &House, core: Core) -> PathBuf {
    house.target.join(WASM).join(core.profile().1).join("podscope.wasm")
}

fn modified(file: &PathBuf) -> Option<std::time::SystemTime> {
    fs::metadata(file).and_then(|about| about.modified()).ok()
}

fn size(file: &PathBuf) -> u64 {
    fs::metadata(file).map_or(0, |about| about.len())
}
