//! How many tests passed, failed and were skipped, read from what the test runners print at their end.

use std::fmt;
use std::ops::AddAssign;

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Ran and held.
    pub passed: usize,
    /// Ran and did not hold, or could not be run to an end.
    pub failed: usize,
    /// Were not run.
    pub skipped: usize,
}

impl Counts {
    /// Adds `number` under the runner's word for it; other words ("todo", "filtered out") are not tests that ran.
    fn add(&mut self, number: usize, word: &str) {
        match word {
            "passed" | "pass" => self.passed += number,
            "failed" | "fail" | "timed out" | "exec failed" | "cancelled" => self.failed += number,
            "skipped" | "ignored" | "todo" => self.skipped += number,
            _ => {}
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

/// Sums the closing lines of every runner used here: `cargo test` (which wasm-bindgen's runner imitates), nextest,
/// vitest, and node's own.
pub fn count(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().map(str::trim) {
        if let Some((_, list)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        {
            pairs(list, ';', &mut counts);
        } else if let Some((_, list)) = line
            .strip_prefix("Summary [")
            .and_then(|rest| rest.split_once(" run: "))
        {
            pairs(list, ',', &mut counts);
        } else if let Some(list) = line.strip_prefix("Tests  ") {
            pairs(list, '|', &mut counts);
        } else if let Some(list) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))
            && let Some((word, number)) = list.split_once(' ')
        {
            counts.add(number.parse().unwrap_or(0), word);
        }
    }
    counts
}

/// Reads `12 passed (1 slow), 2 failed`.
fn pairs(list: &str, separator: char, counts: &mut Counts) {
    for pair in list.split(separator) {
        let pair = pair.split('(').next().unwrap_or_default().trim();
        if let Some((number, word)) = pair.split_once(' ') {
            counts.add(number.parse().unwrap_or(0), word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runner_is_understood() {
        let cases = [
            (
                "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s",
                [5, 0, 1],
            ),
            (
                "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 filtered out; finished in 0.01s",
                [1, 2, 0],
            ),
            (
                "     Summary [   0.021s] 12 tests run: 12 passed, 3 skipped",
                [12, 0, 3],
            ),
            (
                "     Summary [  2.0s] 9/12 tests run: 5 passed (2 slow, 1 leaky), 3 failed, 1 timed out, 0 skipped",
                [5, 4, 0],
            ),
            ("      Tests  4 passed (4)", [4, 0, 0]),
            ("      Tests  1 failed | 4 passed | 2 skipped | 1 todo (8)", [4, 1, 3]),
            (" Test Files  1 failed | 4 passed (5)", [0, 0, 0]),
            ("ℹ tests 4\nℹ pass 3\nℹ fail 1\nℹ skipped 0", [3, 1, 0]),
            ("# pass 3\n# fail 0\n# todo 1", [3, 0, 1]),
            ("no tests to run!", [0, 0, 0]),
        ];
        for (output, [passed, failed, skipped]) in cases {
            assert_eq!(
                count(output),
                Counts {
                    passed,
                    failed,
                    skipped
                },
                "{output}"
            );
        }
    }

    #[test]
    fn runs_add_up() {
        let mut sum = count("test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured\nTests  2 passed (2)");
        sum += Counts {
            failed: 1,
            ..Counts::default()
        };
        assert_eq!(sum.to_string(), "7 passed, 1 failed, 1 skipped");
    }
}
