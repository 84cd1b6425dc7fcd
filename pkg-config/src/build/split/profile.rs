//! Which functions run before and around a first picture: the core itself tells, played in Node on scenarios.

use super::instrument::instrument;
use crate::house::House;
use crate::process::{self, Failure};
use crate::stamp::Fingerprint;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Plays a bound core on the scenarios, and returns the numbers of the functions that ran.
pub fn run(house: &House, pkg: &Path, module: &[u8], verbose: bool) -> Result<BTreeSet<usize>, Failure> {
    let instrumented = house.notes().join("instrumented.wasm");
    let fail = |e: std::io::Error| Failure::new(format!("{}: {e}", instrumented.display()));
    fs::create_dir_all(house.notes()).map_err(fail)?;
    fs::write(&instrumented, instrument(module)?).map_err(fail)?;
    let mut node = house.in_www("node", &[]);
    node.arg(driver(house))
        .arg(pkg)
        .arg(&instrumented)
        .args(scenarios(house));
    let output = process::must(node, verbose, "the core could not be played (pkg-config/profile.mjs)")?;
    let numbers: Result<BTreeSet<usize>, _> = output.split_whitespace().map(str::parse).collect();
    numbers.map_err(|_| Failure {
        line: "the core could not be played (pkg-config/profile.mjs)".to_string(),
        output,
    })
}

/// The splitter's own text: another one may split the same module otherwise.
const OURSELVES: [&str; 6] = [
    include_str!("constants.rs"),
    include_str!("first.rs"),
    include_str!("instrument.rs"),
    include_str!("linked.rs"),
    include_str!("plan.rs"),
    include_str!("rest.rs"),
];

/// All that decides the result beside the module: how it is split, how it is played, and on what.
pub fn recipe(house: &House) -> String {
    let seen = Fingerprint::default().file(&driver(house));
    let seen = scenarios(house).iter().fold(seen, |seen, file| seen.file(file));
    OURSELVES.iter().fold(seen, |seen, text| seen.word(text)).finish()
}

fn driver(house: &House) -> PathBuf {
    house.root.join("pkg-config/profile.mjs")
}

/// What a page begins with, and what people paste: the first text of the gallery, all of its texts in which nobody types
/// a command (commands, and with them kubectl, are the rest's), and manifests as they come from anywhere, with their
/// slips.
fn scenarios(house: &House) -> Vec<PathBuf> {
    let mut files = texts(&house.www.join("gallery"));
    let without_commands = |file: &PathBuf| fs::read_to_string(file).is_ok_and(|text| !text.contains("kubectl"));
    let first = files.first().cloned();
    files.retain(|file| Some(file) == first.as_ref() || without_commands(file));
    files.extend(texts(&house.root.join("pkg-config/profile")));
    files
}

/// The texts of a folder in the order of their names.
fn texts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files
}
