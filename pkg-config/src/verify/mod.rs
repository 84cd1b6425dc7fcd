//! `cargo verify`: every check of the house, one line a step, one line of counts at the end.
//!
//! A step that fails shows the end of its output; the others run all the same.
//! Exit codes: 0 all is well, 1 a check failed, 3 all is well but the browser tests could not be run.

mod browser_tests;
mod page;
mod rust;
mod sizes;
mod wasm;

use crate::build::{self, toolchain};
use crate::counts::{self, Counts};
use crate::house::House;
use crate::options::{self, Options};
use crate::pack;
use crate::process::{self, Failure};
use crate::progress::{Done, Progress};
use std::ffi::OsString;
use std::process::ExitCode;

/// The steps, in order; `cargo verify STEP…` runs only those named (and the build, where they need it).
const STEPS: [&str; 14] = [
    "fmt",
    "lint",
    "lint-wasm",
    "test",
    "test-tools",
    "doc",
    "wasm-node",
    "build",
    "page-check",
    "page-test",
    "sizes",
    "package",
    "wasm-browser",
    "e2e",
];
/// The steps that look at the built page.
const NEED_BUILD: [&str; 6] = ["build", "page-check", "page-test", "sizes", "package", "e2e"];

/// The command.
pub fn command(args: &[OsString]) -> Result<ExitCode, Failure> {
    let options = options::parse(args, &["--without-browser", "-v", "STEP"])?;
    if let Some(unknown) = options.steps.iter().find(|step| !STEPS.contains(&step.as_str())) {
        return Err(Failure::new(format!(
            "{unknown} is not a step; the steps are: {}",
            STEPS.join(" ")
        )));
    }
    let mut verify = Verify::new(options);
    verify.all();
    Ok(verify.conclude())
}

/// One run of the checks: where, how, and what came of them.
struct Verify {
    house: House,
    progress: Progress,
    options: Options,
    counts: Counts,
    failed_steps: Vec<String>,
    notes: Vec<String>,
    browser_missing: bool,
}

impl Verify {
    fn new(options: Options) -> Verify {
        Verify {
            house: House::find(),
            progress: Progress {
                verbose: options.verbose,
            },
            options,
            counts: Counts::default(),
            failed_steps: Vec::new(),
            notes: Vec::new(),
            browser_missing: false,
        }
    }

    fn all(&mut self) {
        if self.wants_any(&["fmt", "lint", "lint-wasm"]) {
            self.prepare("rustfmt and clippy", toolchain::ensure_components);
        }
        let building = self.wants_any(&NEED_BUILD);
        if building || self.wants_any(&["lint-wasm", "wasm-node", "wasm-browser"]) {
            self.prepare("wasm target", toolchain::ensure_wasm_target);
        }
        self.rust_steps();
        self.check("wasm-node", wasm::in_node);
        let built = building && self.build();
        if built {
            self.check("page-check", |house, verbose| page::script(house, verbose, "check"));
            self.check("page-test", |house, verbose| page::script(house, verbose, "test"));
            self.check("sizes", |house, _| sizes::check(house));
            self.check("package", pack::check);
        }
        self.browser_steps(built);
    }

    fn rust_steps(&mut self) {
        self.check("fmt", rust::format);
        self.check("lint", rust::lint);
        self.check("lint-wasm", rust::lint_wasm);
        self.check("test", rust::test);
        self.check("test-tools", rust::test_tools);
        if rust::has_doc_tests(&self.house) {
            self.check("doc", rust::doc_tests);
        }
    }

    fn build(&mut self) -> bool {
        let result = build::page_with_target(&self.house, self.progress, build::Core::Release, false);
        let built = result.is_ok();
        if let Err(failure) = result {
            self.failed("build", &failure);
            self.notes
                .push("the page was not built, so nothing that looks at it was run".to_string());
        }
        built
    }

    fn wants(&self, step: &str) -> bool {
        self.options.steps.is_empty() || self.options.steps.iter().any(|wanted| wanted == step)
    }

    fn wants_any(&self, steps: &[&str]) -> bool {
        steps.iter().any(|step| self.wants(step))
    }

    /// Gets something that later steps need.
    fn prepare(&mut self, name: &str, work: impl FnOnce(&House, bool) -> Result<Done, Failure>) {
        if let Err(failure) = self.progress.step(name, || work(&self.house, self.options.verbose)) {
            self.failed(name, &failure);
        }
    }

    /// Runs a step if it is wanted, and counts the tests in the output it returns.
    fn check(&mut self, name: &str, work: impl FnOnce(&House, bool) -> Result<String, Failure>) {
        if !self.wants(name) {
            return;
        }
        let mut counted = Counts::default();
        let result = self.progress.step(name, || {
            counted = counts::count(&work(&self.house, self.options.verbose)?);
            Ok(if counted == Counts::default() {
                Done::Worked
            } else {
                Done::With(counted.to_string())
            })
        });
        self.counts += counted;
        if let Err(failure) = result {
            self.failed(name, &failure);
        }
    }

    /// Shows why a step failed and counts its failed tests, or the step itself when no test was counted.
    fn failed(&mut self, name: &str, failure: &Failure) {
        if !self.options.verbose {
            process::tail(&failure.output)
                .iter()
                .for_each(|line| println!("    {line}"));
        }
        println!("    {name}: {}", failure.line);
        let mut counted = counts::count(&failure.output);
        counted.failed = counted.failed.max(1);
        self.counts += counted;
        self.failed_steps.push(name.to_string());
    }

    /// Prints what remains to be said, the counts last.
    fn conclude(&self) -> ExitCode {
        self.notes.iter().for_each(|note| println!("{note}"));
        if !self.failed_steps.is_empty() {
            println!("failed: {}", self.failed_steps.join(", "));
        }
        println!("{}", self.counts);
        match (self.counts.failed, self.browser_missing) {
            (1.., _) => ExitCode::FAILURE,
            (0, true) => ExitCode::from(3),
            (0, false) => ExitCode::SUCCESS,
        }
    }
}
