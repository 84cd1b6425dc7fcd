//! The tests of the boundary, as wasm: in Node, and in a browser through its driver.
//!
//! They are the files in `tests/` that are compiled for wasm alone. A file that does not choose runs in both places.

use crate::house::{House, WASM};
use crate::process::{self, Failure};
use crate::stamp;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Names of the wasm test files, without their extension.
pub fn test_files(house: &House) -> Vec<String> {
    let Ok(entries) = fs::read_dir(house.root.join("tests")) else {
        return Vec::new();
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut names: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| fs::read_to_string(path).is_ok_and(|text| is_wasm_test(&text)))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_string()))
        .collect();
    names.sort();
    names
}

/// How many tests these files hold.
pub fn number_of_tests(house: &House) -> usize {
    let texts = test_files(house)
        .into_iter()
        .map(|name| fs::read_to_string(house.root.join(format!("tests/{name}.rs"))));
    texts
        .flatten()
        .map(|text| {
            text.lines()
                .filter(|line| line.trim().starts_with("#[wasm_bindgen_test"))
                .count()
        })
        .sum()
}

fn is_wasm_test(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("#![cfg(target_arch = \"wasm32\")]"))
}

/// Runs them in Node.
pub fn in_node(house: &House, verbose: bool) -> Result<String, Failure> {
    run(house, verbose, "in Node", |command| {
        command.env("WASM_BINDGEN_TEST_ONLY_NODE", "1");
    })
}

/// Runs them in a headless browser.
pub fn in_browser(house: &House, verbose: bool, browser: &Path, driver: &Path) -> Result<String, Failure> {
    let settings = house.notes().join("webdriver.json");
    let binary = browser.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\"");
    let quiet = r#""--disable-gpu","--disable-background-networking","--disable-component-update","--no-first-run""#;
    let text = format!(r#"{{"goog:chromeOptions":{{"binary":"{binary}","args":[{quiet}]}}}}"#);
    stamp::write(&settings, &text).map_err(|e| Failure::new(format!("{}: {e}", settings.display())))?;
    run(house, verbose, "in the browser", |command| {
        command
            .env("WASM_BINDGEN_USE_BROWSER", "1")
            .env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
        command
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings)
            .env("CHROMEDRIVER", driver);
    })
}

fn run(house: &House, verbose: bool, place: &str, setup: impl FnOnce(&mut Command)) -> Result<String, Failure> {
    let tests = test_files(house);
    if tests.is_empty() {
        return Ok(String::new());
    }
    let runner = env::current_exe().map_err(|e| Failure::new(format!("where is this program? {e}")))?;
    // As a list, so that a path with a space in it stays one word.
    let config = format!("target.{WASM}.runner=[{:?}, \"wasm-test\"]", runner.to_string_lossy());
    // The runner reads and rewrites the whole module each time, and debug information is nine tenths of it.
    let lean = "profile.test.debug=false";
    let mut command = house.cargo_wasm("test", &["--no-fail-fast", "--config", &config, "--config", lean]);
    for test in &tests {
        command.args(["--test", test]);
    }
    setup(&mut command);
    process::must(command, verbose, &format!("wasm tests failed {place}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_tests_are_told_by_their_condition() {
        assert!(is_wasm_test("//! Tests.\n#![cfg(target_arch = \"wasm32\")]\n"));
        assert!(!is_wasm_test("//! Tests.\n#[cfg(target_arch = \"wasm32\")]\nmod x;\n"));
    }
}
