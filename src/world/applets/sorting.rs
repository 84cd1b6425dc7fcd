//! `sort` and `uniq`.

use super::super::kernel::{Cx, Step};
use super::{Args, with_input};
use crate::sort;

/// The number at the beginning of a text; 0 without one.
fn leading_number(text: &str) -> i64 {
    let text = text.trim_start();
    let digits: String = text
        .chars()
        .enumerate()
        .take_while(|(i, c)| c.is_ascii_digit() || *i == 0 && *c == '-')
        .map(|(_, c)| c)
        .collect();
    digits.parse().unwrap_or(0)
}

/// `sort`, with `-n`, `-r`, `-u`, `-k`, `-t`.
pub fn sort(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "ktoS");
    with_input(cx, argv, &args.rest, |cx, argv, text| {
        let args = Args::read(argv, "ktoS");
        let mut lines: Vec<&str> = text.lines().collect();
        let field = args.value("k").and_then(|k| {
            let digits: String = k.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<usize>().ok()?.checked_sub(1)
        });
        let numeric = args.has("nhV") || args.value("k").is_some_and(|k| k.contains('n'));
        let between = args.value("t").map(str::to_owned);
        let key = |line: &str| -> String {
            match (field, &between) {
                (None, _) => line.to_owned(),
                (Some(n), Some(t)) if !t.is_empty() => line.split(t.as_str()).skip(n).collect::<Vec<_>>().join(t),
                (Some(n), _) => line.split_whitespace().skip(n).collect::<Vec<_>>().join(" "),
            }
        };
        sort::sort_by(&mut lines, |a, b| {
            let (ka, kb) = (key(a), key(b));
            let order = if numeric {
                leading_number(&ka).cmp(&leading_number(&kb))
            } else {
                ka.cmp(&kb)
            };
            order.then_with(|| a.cmp(b))
        });
        if args.has("r") {
            lines.reverse();
        }
        if args.has("u") {
            lines.dedup();
        }
        let out: String = lines.iter().map(|l| format!("{l}\n")).collect();
        cx.out(&out);
        0
    })
}

/// `uniq`, with `-c`, `-d`, `-u`.
pub fn uniq(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "fsw");
    with_input(cx, argv, &args.rest, |cx, argv, text| {
        let args = Args::read(argv, "fsw");
        let mut groups: Vec<(usize, &str)> = Vec::new();
        for line in text.lines() {
            match groups.last_mut() {
                Some((n, last)) if *last == line => *n += 1,
                _ => groups.push((1, line)),
            }
        }
        for (n, line) in groups {
            if args.has("d") && n == 1 || args.has("u") && n > 1 {
                continue;
            }
            let text = if args.has("c") {
                format!("{n:7} {line}\n")
            } else {
                format!("{line}\n")
            };
            cx.out(&text);
        }
        0
    })
}
