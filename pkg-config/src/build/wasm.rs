//! The core as wasm with its JavaScript and TypeScript, in `www/src/core/pkg/`.

use super::{optimise, split};
use crate::house::{House, WASM};
use crate::process::{self, Failure};
use crate::progress::Done;
use crate::stamp::{self, Fingerprint};
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

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
    let (profile, _) = core.profile();
    let build = match core {
        // The linker tells who refers to which constants: the split needs it.
        Core::Release => {
            let told = ["--lib", "--profile", profile, "--", "-C", "link-arg=--emit-relocs"];
            house.cargo_wasm("rustc", &told)
        }
        Core::Quick => house.cargo_wasm("build", &["--lib", "--profile", profile]),
    };
    process::must(build, verbose, "the core does not compile to wasm")?;
    if before.is_some() && before == modified(&compiled(house, core)) {
        Ok(Done::UpToDate)
    } else {
        Ok(Done::Worked)
    }
}

/// Makes the bindings and, for a release, splits the module in two and shrinks both.
pub fn bind(house: &House, core: Core, verbose: bool) -> Result<Done, Failure> {
    let (input, folder) = (compiled(house, core), house.core_pkg());
    let stamp_file = house.notes().join("core.stamp");
    let made = |folder: &PathBuf| Fingerprint::default().folder(folder, &[]).finish();
    let inputs = Fingerprint::default()
        .file(&input)
        .word(core.profile().0)
        .word(&optimise::recipe(house))
        .word(&split::recipe(house))
        .word(GLUE)
        .finish();
    if stamp::holds(&stamp_file, &format!("{inputs} {}", made(&folder))) {
        return Ok(Done::UpToDate);
    }
    let fail = |e: &dyn std::fmt::Display| Failure::new(format!("wasm-bindgen: {e}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|e| fail(&e))?;
    let mut args: Vec<OsString> = [
        "wasm-bindgen",
        "--target",
        "web",
        "--typescript",
        // After a panic the page goes on in a new instance of the same module.
        "--experimental-reset-state-function",
        "--out-name",
        "podscope",
    ]
    .map(Into::into)
    .into();
    if core == Core::Release {
        // The split knows functions by the linker's names; in a core that is not split people read them.
        args.push("--no-demangle".into());
    }
    args.extend(["--out-dir".into(), folder.clone().into(), input.clone().into()]);
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args).map_err(|e| fail(&e))?;

    let (first, rest) = (folder.join(FIRST), folder.join(REST));
    let before = size(&first);
    let told = match core {
        Core::Release => {
            let module = fs::read(&first).map_err(|e| fail(&e))?;
            let ran = split::run(house, &folder, &module, verbose)?;
            let linked = fs::read(&input).map_err(|e| fail(&e))?;
            let halves = split::split(&module, &ran, Some(&linked))?;
            fs::write(&first, &halves.first).map_err(|e| fail(&e))?;
            fs::write(&rest, &halves.rest).map_err(|e| fail(&e))?;
            let shrink = |module: &PathBuf| optimise::shrink(house, module, verbose);
            std::thread::scope(|both| {
                let other = both.spawn(|| shrink(&rest));
                shrink(&first).and(
                    other
                        .join()
                        .unwrap_or_else(|_| Err(Failure::new("wasm-opt: a thread panicked"))),
                )
            })?;
            let (stayed, went) = (halves.stayed, halves.went);
            format!(
                "{before} → {} bytes for {stayed} functions, {} for {went} and {} bytes of constants",
                size(&first),
                size(&rest),
                halves.constants
            )
        }
        Core::Quick => {
            // All is in the first module; an empty second one is linked like any other.
            fs::write(&rest, EMPTY_MODULE).map_err(|e| fail(&e))?;
            format!("{before} bytes")
        }
    };
    append(&folder.join("podscope.js"), GLUE).map_err(|e| fail(&e))?;
    append(&folder.join("podscope.d.ts"), GLUE_TYPES).map_err(|e| fail(&e))?;
    stamp::write(&stamp_file, &format!("{inputs} {}", made(&folder))).map_err(|e| fail(&e))?;
    Ok(Done::With(told))
}

/// The two modules of the core: what a first picture needs, and the rest.
const FIRST: &str = "podscope_bg.wasm";
const REST: &str = "podscope_rest_bg.wasm";
const EMPTY_MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// What is added to the bindings, behind all that wasm-bindgen wrote: `wasm` is their name for the present instance's
/// exports. The address is written as they write the first module's, so that every bundler takes both up alike.
const GLUE: &str = "
/** Where the second module lies. */
export function restUrl() {
    return new URL('podscope_rest_bg.wasm', import.meta.url);
}

/** Links the second module with the present instance. */
export function linkRest(module) {
    new WebAssembly.Instance(module, { first: wasm });
}
";
const GLUE_TYPES: &str = "
/** Where the second module lies. */
export function restUrl(): URL;

/** Links the second module with the present instance. */
export function linkRest(module: WebAssembly.Module): void;
";

fn append(file: &Path, text: &str) -> std::io::Result<()> {
    fs::OpenOptions::new()
        .append(true)
        .open(file)?
        .write_all(text.as_bytes())
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
