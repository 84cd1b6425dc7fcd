//! English.

pub mod status;
pub mod title;
pub mod what;
pub mod why;
pub mod workload;

use super::Fixed;

/// Words that are always the same.
pub const FIXED: Fixed = Fixed {
    figure: "The life of a Pod",
    columns: ["From", "To", "Where", "What"],
    open: "goes on",
    left_out: "{n} more",
};

/// `1 restart`, `2 restarts`.
fn count(n: u32, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `first`, `second`, … as the first word of a sentence.
fn ordinal(n: u32) -> String {
    const NAMES: [&str; 10] = [
        "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
    ];
    match n.checked_sub(1).and_then(|i| NAMES.get(i as usize)) {
        Some(name) => (*name).to_owned(),
        None => {
            let end = match (n % 10, n % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            format!("{n}{end}")
        }
    }
}
