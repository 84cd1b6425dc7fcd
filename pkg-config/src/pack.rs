//! `cargo pack`: what is given away: the static site with its service worker, and the npm package in `pkg/`.
//!
//! The package is put together from the page's own scripts, the core as it is bound for the page, and the files of
//! `pkg-config/npm/`; then it is tried as its users would (`tests/embed/package.test.mjs`).

use crate::build::{self, Core, npm};
use crate::house::House;
use crate::options;
use crate::process::{self, Failure};
use crate::progress::{Done, Progress};
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// The core's files, as they lie beside the page's scripts.
const CORE: [&str; 2] = ["podscope.js", "podscope_bg.wasm"];

/// The command. `--quick` takes the core that is built in seconds, to try the package; it is not for publishing.
pub fn command(args: &[OsString]) -> Result<ExitCode, Failure> {
    let options = options::parse(args, &["-v", "--quick"])?;
    let house = House::find();
    let verbose = options.verbose;
    let progress = Progress { verbose };
    let core = if options.quick { Core::Quick } else { Core::Release };
    build::page(&house, progress, core, true)?;
    progress.step("package", || package(&house, verbose))?;
    progress.step("try the package", || try_it(&house, verbose).map(|_| Done::Worked))?;
    println!("The page is in {}", house.short(&house.dist()));
    println!("The npm package is in {}", house.short(&house.package()));
    Ok(ExitCode::SUCCESS)
}

/// Puts the package together and tries it, without a browser; for `cargo verify`, when the page is built.
pub fn check(house: &House, verbose: bool) -> Result<String, Failure> {
    package(house, verbose)?;
    try_it(house, verbose)
}

/// Puts the package together.
fn package(house: &House, verbose: bool) -> Result<Done, Failure> {
    let folder = house.package();
    let mut bundle = npm::script(house, "build:package");
    bundle.env("PODSCOPE_PACKAGE", &folder);
    process::must(
        bundle,
        verbose,
        "the package does not build (npm run build:package in www/)",
    )?;
    for name in CORE {
        copy(&house.core_pkg().join(name), &folder.join(name))?;
    }
    copy(&house.www.join("src/element/api.ts"), &folder.join("api.d.ts"))?;
    copy(&house.root.join("LICENSE"), &folder.join("LICENSE"))?;
    readme(&house.root.join("www/docs/embedding.md"), &folder.join("README.md"))?;
    let given = house.root.join("pkg-config/npm");
    let entries = fs::read_dir(&given).map_err(|e| Failure::new(format!("{}: {e}", given.display())))?;
    for entry in entries.flatten() {
        copy(&entry.path(), &folder.join(entry.file_name()))?;
    }
    let manifest = folder.join("package.json");
    let text = fs::read_to_string(&manifest).map_err(|e| Failure::new(format!("package.json: {e}")))?;
    let text = text.replace(
        "\"version\": \"0.0.0\"",
        concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\""),
    );
    fs::write(&manifest, text).map_err(|e| Failure::new(format!("package.json: {e}")))?;
    Ok(Done::Worked)
}

/// Imports it in Node, looks at what `npm pack` would send, and builds pages with it.
fn try_it(house: &House, verbose: bool) -> Result<String, Failure> {
    let mut node = house.in_www("node", &["--test"]);
    node.arg(house.root.join("tests/embed/package.test.mjs"))
        .env("PODSCOPE_PACKAGE", house.package());
    process::must(
        node,
        verbose,
        "the package is not as it should be (tests/embed/package.test.mjs)",
    )
}

/// Copies a page of documentation without its links to other files, which lead nowhere in the package: their words stay.
fn readme(from: &Path, to: &Path) -> Result<(), Failure> {
    let text = fs::read_to_string(from).map_err(|e| Failure::new(format!("{}: {e}", from.display())))?;
    fs::write(to, without_file_links(&text)).map_err(|e| Failure::new(format!("{}: {e}", to.display())))
}

/// `[words](file)` becomes `words`; links to other sites and to headings stay.
fn without_file_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, words, target, after)) = next_link(rest) {
        out.push_str(before);
        if target.starts_with('#') || target.contains("://") {
            out.push_str(&rest[before.len()..rest.len() - after.len()]);
        } else {
            out.push_str(words);
        }
        rest = after;
    }
    out + rest
}

/// What stands before the first link of a text, its words, its target, and what stands after it.
fn next_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let middle = text.find("](")?;
    let start = text[..middle].rfind('[')?;
    let (target, after) = text[middle + 2..].split_once(')')?;
    Some((&text[..start], &text[start + 1..middle], target, after))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::copy(from, to).map_err(|e| Failure::new(format!("{}: {e}", from.display())))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_become_their_words() {
        let text = "See [this](../a.md), [here](#here) and [there](https://there.example/); `a[0]` (x).";
        let said = "See this, [here](#here) and [there](https://there.example/); `a[0]` (x).";
        assert_eq!(without_file_links(text), said);
    }
}
