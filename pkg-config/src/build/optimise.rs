//! `wasm-opt`, from the npm package `binaryen`.

use crate::house::House;
use crate::process::{self, Failure};
use std::fs;
use std::path::{Path, PathBuf};

/// What rustc's output uses, named one by one: `--all-features` writes types that no engine accepts, and without names
/// the module does not validate once its `target_features` section is stripped.
const FLAGS: [&str; 9] = [
    "-O1",
    "--strip-debug",
    "--strip-producers",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// All that decides the result beside the module: version and flags.
pub fn recipe(house: &House) -> String {
    let version = fs::read_to_string(package(house).join("package.json")).unwrap_or_default();
    format!("{version}{FLAGS:?}")
}

/// Optimises a module for size, in place.
pub fn shrink(house: &House, module: &Path, verbose: bool) -> Result<(), Failure> {
    let program = package(house).join("bin/wasm-opt");
    if !program.is_file() {
        let line = "wasm-opt is missing: www/package.json has to name binaryen among its devDependencies";
        return Err(Failure::new(line));
    }
    let small = module.with_extension("wasm.small");
    let mut command = house.in_www("node", &[]);
    command.arg(program).args(FLAGS).arg(module).arg("-o").arg(&small);
    process::must(command, verbose, "wasm-opt failed")?;
    fs::rename(&small, module).map_err(|e| Failure::new(format!("wasm-opt's output: {e}")))
}

fn package(house: &House) -> PathBuf {
    house.www.join("node_modules/binaryen")
}
