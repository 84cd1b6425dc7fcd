//! The steps that need a browser: finding one, and what is said when there is none.

use super::{Verify, wasm};
use crate::browser;
use crate::build::npm;
use crate::house::{House, on_path};
use crate::process::{self, Failure};
use crate::progress::Done;
use crate::serve::{Mount, Server};
use crate::stamp::{self, Fingerprint};
use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the smoke test looks for; a browser that is installed later has not been tested yet.
const OTHER_BROWSERS: [&str; 4] = ["firefox-esr", "firefox", "WebKitWebDriver", "Xvfb"];
/// A sub-folder the page is also served from, as on many static hosts.
const SUB_FOLDER: &str = "/some/sub/folder/";

impl Verify {
    /// Runs the wasm tests in a browser, and the end-to-end tests if the page was built.
    pub(super) fn browser_steps(&mut self, built: bool) {
        let (wasm_wanted, e2e_wanted) = (self.wants("wasm-browser"), self.wants("e2e"));
        if !wasm_wanted && !e2e_wanted {
            return;
        }
        let Some(browser) = self.browser() else {
            let wasm_tests = if wasm_wanted {
                wasm::number_of_tests(&self.house)
            } else {
                0
            };
            let e2e_tests = if e2e_wanted {
                number_of_e2e_tests(&self.house)
            } else {
                0
            };
            return self.without_browser(wasm_tests + e2e_tests);
        };
        if wasm_wanted {
            self.wasm_in_browser(&browser);
        }
        if built && e2e_wanted {
            self.end_to_end_unless_unchanged(&browser);
        }
    }

    /// Runs the end-to-end tests, which take longer than all else, unless they passed on exactly what is here now.
    /// Asked for by name, they always run.
    fn end_to_end_unless_unchanged(&mut self, browser: &Path) {
        let stamp_file = self.house.notes().join("e2e.stamp");
        let inputs = inputs(&self.house, browser);
        let before = fs::read_to_string(&stamp_file).unwrap_or_default();
        let passed = before.split_once(' ').filter(|(of, _)| *of == inputs).map(|(_, n)| n);
        if let Some(passed) = passed.and_then(|n| n.parse::<usize>().ok())
            && self.options.steps.is_empty()
        {
            // A step that does nothing cannot fail.
            let _ = self.progress.step("e2e", || Ok(Done::UpToDate));
            self.notes.push(format!(
                "the {passed} end-to-end tests passed on just this and were not run again (`cargo verify e2e` runs them)"
            ));
            self.counts.passed += passed;
            return;
        }
        let _ = fs::remove_file(&stamp_file);
        let known = self.counts;
        self.check("e2e", |house, verbose| end_to_end(house, verbose, browser));
        if self.counts.failed == known.failed {
            let passed = self.counts.passed - known.passed;
            // Without its stamp the next run only takes longer.
            let _ = stamp::write(&stamp_file, &format!("{inputs} {passed}"));
        }
    }

    fn browser(&mut self) -> Option<PathBuf> {
        if self.options.without_browser {
            return None;
        }
        let found = browser::find();
        let chosen = env::var_os("CHROME").is_some_and(|chosen| !chosen.is_empty());
        if found.is_some() || chosen || !browser::can_install() {
            return found;
        }
        let install = || match browser::install(self.options.verbose) {
            true => Ok(Done::Worked),
            false => Ok(Done::With("apt-get could not install it".to_string())),
        };
        self.progress.step("install chromium", install).ok()?;
        browser::find()
    }

    fn without_browser(&mut self, tests: usize) {
        self.counts.skipped += tests;
        let why = if self.options.without_browser {
            "as asked".to_string()
        } else {
            self.browser_missing = true;
            match env::var("CHROME") {
                Ok(chosen) if !chosen.is_empty() => format!("$CHROME ({chosen}) does not start"),
                _ => format!("there is no browser; to get one: {}", browser::advice()),
            }
        };
        self.notes.push(format!("{tests} browser tests were not run: {why}"));
    }

    fn wasm_in_browser(&mut self, browser: &Path) {
        let tests = wasm::number_of_tests(&self.house);
        let driver = env::var_os("CHROMEDRIVER")
            .map(PathBuf::from)
            .or_else(|| on_path("chromedriver"));
        match driver {
            Some(driver) => {
                self.check("wasm-browser", |house, verbose| {
                    wasm::in_browser(house, verbose, browser, &driver)
                });
            }
            None => {
                self.counts.skipped += tests;
                self.notes.push(format!(
                    "{tests} wasm tests ran in Node alone: there is no chromedriver"
                ));
            }
        }
    }
}

/// Everything that can change what the end-to-end tests say: the whole house, what was built of it, and the browser.
fn inputs(house: &House, browser: &Path) -> String {
    let version = process::run(version_of(browser), false).map(|said| said.output);
    let mut all = Fingerprint::default()
        .word(&browser.to_string_lossy())
        .word(&version.unwrap_or_default())
        .word(&format!("{:?}", OTHER_BROWSERS.map(on_path)))
        .folder(&house.www, &["node_modules", "test-results"])
        .file(&house.www.join("node_modules/.podscope-stamp"));
    for folder in ["src", "tests", "pkg-config"] {
        all = all.word(folder).folder(&house.root.join(folder), &[]);
    }
    for file in ["Cargo.toml", "Cargo.lock"] {
        all = all.file(&house.root.join(file));
    }
    all.finish()
}

fn version_of(browser: &Path) -> Command {
    let mut command = Command::new(browser);
    command.arg("--version");
    command
}

/// Runs the page's end-to-end tests against the built page, served by our own server.
fn end_to_end(house: &House, verbose: bool, browser: &Path) -> Result<String, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| Failure::new(format!("cannot serve the page: {e}")))?;
    let mounts = vec![Mount::new(SUB_FOLDER, house.dist()), Mount::new("/", house.dist())];
    let server = Server::start(listener, mounts)?;
    let mut tests = npm::script(house, "e2e");
    tests
        .env("PODSCOPE_URL", server.url("/"))
        .env("PODSCOPE_SUB_URL", server.url(SUB_FOLDER))
        .env("CHROME", browser);
    // The sandbox does not start for root; for everybody else it stays.
    tests.env("PODSCOPE_NO_SANDBOX", if browser::is_root() { "1" } else { "" });
    process::must(tests, verbose, "end-to-end tests failed (npm run e2e in www/)")
}

/// How many end-to-end tests there are, without a browser to run them in: as their runner lists them, else by their
/// first lines.
fn number_of_e2e_tests(house: &House) -> usize {
    let listed = process::run(npm::script(house, "e2e:list"), false)
        .ok()
        .filter(|list| list.ok);
    if let Some(list) = listed {
        return list.output.lines().filter(|line| line.contains(".test.ts")).count();
    }
    let Ok(entries) = fs::read_dir(house.www.join("tests/e2e")) else {
        return 0;
    };
    let specs = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".test.ts"));
    specs
        .filter_map(|path| fs::read_to_string(path).ok())
        .map(|text| tests_in(&text))
        .sum()
}

fn tests_in(spec: &str) -> usize {
    let starts = ["test(", "it(", "test.each", "it.each", "test.for", "it.for"];
    spec.lines()
        .filter(|line| starts.iter().any(|start| line.trim_start().starts_with(start)))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_by_their_first_lines() {
        let spec =
            "import { test } from 'x';\ntest('a', () => {\n  expect(1);\n});\n  it('b', f);\ntest.each([1])('c', f);\n";
        assert_eq!(tests_in(spec), 3);
    }
}
