//! The checks of the Rust code that run on this machine itself.

use super::wasm;
use crate::house::House;
use crate::process::{self, Failure};
use std::fs;
use std::path::Path;

/// `cargo fmt --check`.
pub fn format(house: &House, verbose: bool) -> Result<String, Failure> {
    process::must(
        house.cargo(&["fmt", "--all", "--check"]),
        verbose,
        "not formatted: run cargo fmt --all",
    )
}

/// Clippy over everything that is compiled for this machine.
pub fn lint(house: &House, verbose: bool) -> Result<String, Failure> {
    let clippy = house.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    process::must(clippy, verbose, "clippy has something to say")
}

/// Clippy over what is compiled to wasm alone: the boundary and its tests.
pub fn lint_wasm(house: &House, verbose: bool) -> Result<String, Failure> {
    let mut clippy = house.cargo_wasm("clippy", &["--lib"]);
    for test in wasm::test_files(house) {
        clippy.args(["--test", &test]);
    }
    clippy.args(["--", "-D", "warnings"]);
    process::must(clippy, verbose, "clippy has something to say about the wasm build")
}

/// The tests of the product: nextest where it is present, else Cargo's own runner.
pub fn test(house: &House, verbose: bool) -> Result<String, Failure> {
    let command = if process::succeeds(house.cargo(&["nextest", "--version"])) {
        house.cargo(&["nextest", "run", "--no-fail-fast", "-p", "podscope"])
    } else {
        house.cargo(&["test", "--no-fail-fast", "-p", "podscope", "--lib", "--bins", "--tests"])
    };
    process::must(command, verbose, "native tests failed")
}

/// The tests of this tool, in the profile it is built in already: the product's would compile its dependencies anew.
pub fn test_tools(house: &House, verbose: bool) -> Result<String, Failure> {
    let test = house.cargo(&["test", "--profile", "dev", "-p", "podscope-tools"]);
    process::must(test, verbose, "the tools' own tests failed")
}

/// The examples in the documentation.
pub fn doc_tests(house: &House, verbose: bool) -> Result<String, Failure> {
    process::must(
        house.cargo(&["test", "--doc", "-p", "podscope"]),
        verbose,
        "examples in the documentation fail",
    )
}

/// Whether any documentation comment holds an example that rustdoc would run; building for none takes its time too.
pub fn has_doc_tests(house: &House) -> bool {
    any_file(&house.root.join("src"), &|text| has_example(text))
}

fn any_file(folder: &Path, holds: &dyn Fn(&str) -> bool) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            any_file(&path, holds)
        } else {
            path.extension().is_some_and(|e| e == "rs") && fs::read_to_string(&path).is_ok_and(|text| holds(&text))
        }
    })
}

fn has_example(text: &str) -> bool {
    let mut open = false;
    for line in text.lines().map(str::trim_start) {
        let Some(doc) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            open = false;
            continue;
        };
        if let Some(language) = doc.trim_start().strip_prefix("```") {
            if !open && ["", "rust", "no_run", "should_panic", "compile_fail"].contains(&language.trim()) {
                return true;
            }
            open = !open;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_told_from_other_blocks() {
        assert!(has_example("/// Text\n/// ```\n/// f();\n/// ```\n"));
        assert!(has_example("//! ```rust\n//! f();\n//! ```\n"));
        assert!(!has_example("/// ```text\n/// f();\n/// ```\nfn f() {}\n"));
        assert!(!has_example("// ```\nlet fence = \"```\";\n"));
    }
}
