//! What kubectl prints about workloads, against recordings.
//!
//! A run draws its latencies, and a recording is one draw too: an output is met when one of the seeds prints it.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use podscope::sim::{Options, Simulation};

/// Seeds that are tried.
const SEEDS: u64 = 16;

/// A command with the lines it printed and its exit code.
#[derive(Debug, PartialEq)]
struct Printed {
    command: String,
    lines: Vec<String>,
    exit: i32,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/consoles")
}

fn recorded(text: &str) -> Vec<Printed> {
    let mut all: Vec<Printed> = Vec::new();
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            let (command, exit) = command.rsplit_once("  # exit ").unwrap_or((command, "0"));
            all.push(Printed {
                command: command.to_owned(),
                lines: Vec::new(),
                exit: exit.parse().expect("an exit code"),
            });
        } else {
            let lines = &mut all.last_mut().expect("a command comes first").lines;
            lines.push(line.strip_prefix("  ").unwrap_or(line).to_owned());
        }
    }
    all
}

fn simulated(text: &str, seed: u64) -> Vec<Printed> {
    let options = Options {
        seed: Some(seed),
        ..Options::default()
    };
    let mut sim = Simulation::new(text, &options);
    sim.run();
    let calls = sim.record().console.iter();
    calls
        .map(|call| Printed {
            command: call.command.replace('\n', "\\n"),
            lines: with_placeholders(&call.command, &without_builtin(&call.command, &call.output)),
            exit: call.exit.unwrap_or(-1),
        })
        .collect()
}

/// Without the Service `kubernetes` of namespace default, its slice and the Events of nodes, which no namespace of a
/// recording had.
fn without_builtin(command: &str, output: &str) -> String {
    if !command.contains(" get ") {
        return output.to_owned();
    }
    let builtin = |line: &&str| {
        let of_node = command.contains("events") && line.contains(" node/");
        let name = line.split_whitespace().next().unwrap_or_default();
        let own = [
            "kubernetes",
            "service/kubernetes",
            "endpointslice.discovery.k8s.io/kubernetes",
        ];
        of_node || own.contains(&name)
    };
    let tables = output.split("\n\n").filter_map(|table| {
        let rows: Vec<&str> = table.split('\n').filter(|line| !builtin(line)).collect();
        let only_header = rows.iter().filter(|row| !row.is_empty()).count() < 2;
        let had_more = rows.len() < table.split('\n').count();
        (!(only_header && had_more)).then(|| rows.join("\n"))
    });
    let rest = tables.collect::<Vec<_>>().join("\n\n");
    if rest.is_empty() && !output.is_empty() {
        return "No resources found in default namespace.\n".to_owned();
    }
    rest
}

fn with_placeholders(command: &str, output: &str) -> Vec<String> {
    let mut lines: Vec<String> = output.split('\n').map(|line| one_blank(&places(line))).collect();
    sort_generated(&mut lines);
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let mut runs: Vec<(String, usize)> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some((last, times)) if *last == line => *times += 1,
            _ => runs.push((line, 1)),
        }
    }
    // A rollout says the same again whenever something else of it has changed.
    let fold = command.contains("rollout status");
    let shown = |(line, times)| match times {
        2.. if !fold => format!("{line} ×{times}"),
        _ => line,
    };
    runs.into_iter().map(shown).collect()
}

/// One blank for a run of them, but for the indent.
fn one_blank(line: &str) -> String {
    let line = line.trim_end();
    let indent = &line[..line.len() - line.trim_start().len()];
    let words: Vec<&str> = line.split_whitespace().collect();
    indent.to_owned() + &words.join(" ")
}

/// Sorts neighbours whose order is one of random names, or of instants less than a second apart.
fn sort_generated(lines: &mut [String]) {
    let (mut events, mut start) = (false, 0);
    for index in 0..=lines.len() {
        let line = lines.get(index).map_or("", String::as_str);
        let head = line.starts_with("LAST SEEN") || line.trim_start().starts_with("Type Reason Age From");
        if line.is_empty() || head {
            events = head;
        }
        if head || line.is_empty() || !(events || line.contains("RAND")) {
            lines[start..index].sort();
            start = index + 1;
        }
    }
}

/// Shapes of texts: `A` and `a` are letters, `0` is a digit, `x` a hexadecimal one; the rest stands for itself.
const SHAPES: [(&str, &str); 4] = [
    ("Aaa, 00 Aaa 0000 00:00:00 +0000", "DATE"),
    ("0000-00-00T00:00:00Z", "DATE"),
    ("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "UID"),
    ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "ID"),
];

fn fits(shape: &str, text: &str) -> bool {
    let same = |(shape, c): (u8, u8)| match shape {
        b'A' => c.is_ascii_uppercase(),
        b'a' => c.is_ascii_lowercase(),
        b'0' => c.is_ascii_digit(),
        b'x' => c.is_ascii_digit() || (b'a'..=b'f').contains(&c),
        _ => c == shape,
    };
    text.len() >= shape.len() && shape.bytes().zip(text.bytes()).all(same)
}

fn places(line: &str) -> String {
    let (mut out, mut rest, mut before) = (String::new(), line, ' ');
    while let Some(first) = rest.chars().next() {
        let (shown, length) = if before.is_alphanumeric() {
            (first.to_string(), first.len_utf8())
        } else {
            placeholder(rest, before, first)
        };
        out += &shown;
        before = rest[..length].chars().next_back().unwrap_or(' ');
        rest = &rest[length..];
    }
    out
}

/// What the next piece of a line is shown as, and its length.
fn placeholder(rest: &str, before: char, first: char) -> (String, usize) {
    if let Some((shape, name)) = SHAPES.iter().find(|(shape, _)| fits(shape, rest)) {
        return ((*name).to_owned(), shape.len());
    }
    if let Some(length) = address(rest) {
        return ("IP".to_owned(), length);
    }
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if length == 0 {
        return (first.to_string(), first.len_utf8());
    }
    let (piece, after) = (&rest[..length], rest[length..].chars().next().unwrap_or(' '));
    let generated = piece.bytes().all(|c| b"bcdfghjklmnpqrstvwxz2456789".contains(&c));
    let digits = piece.bytes().all(|c| c.is_ascii_digit());
    let shown = match (before, length) {
        _ if is_age(piece) && !".=-_".contains(before) && " )".contains(after) => "AGE",
        ('-', 8) if digits => "MINUTE",
        ('-' | '=', 7..=10) if generated && " ,\"'(-".contains(after) => "HASH",
        ('-', 5) if generated => "RAND",
        _ => piece,
    };
    (shown.to_owned(), length)
}

/// `2m5s`: numbers, each with a unit.
fn is_age(piece: &str) -> bool {
    let mut after_digit = false;
    piece.bytes().all(|c| {
        let unit = b"dhms".contains(&c) && after_digit;
        after_digit = c.is_ascii_digit();
        unit || after_digit
    }) && !after_digit
}

/// Length of an address of the Pods or Services at the start of a text, with a port that was given at random.
fn address(rest: &str) -> Option<usize> {
    let length = rest.bytes().take_while(|c| c.is_ascii_digit() || *c == b'.').count();
    let address = rest[..length].trim_end_matches('.');
    if !address.starts_with("10.") || address.split('.').count() != 4 {
        return None;
    }
    let port = rest[address.len()..].strip_prefix(':').unwrap_or_default();
    let digits = port.bytes().take_while(u8::is_ascii_digit).count();
    Some(address.len() + if digits == 5 { 6 } else { 0 })
}

/// Outputs that `tests/README.md` lists as different: rows of its table, `| recording | command | rule |`.
fn listed() -> BTreeSet<(String, String)> {
    let readme = common::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/README.md"));
    let (_, section) = readme
        .split_once("## Outputs of kubectl")
        .expect("the section is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        Some((cells.next()?.to_owned(), cells.next()?.trim_matches('`').to_owned()))
    });
    rows.filter(|(recording, _)| recording != "recording").collect()
}

#[test]
fn kubectl_prints_what_was_recorded() {
    let (mut all, mut unmet, mut different) = (0, 0, BTreeSet::new());
    for path in common::manifests(&folder()) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = common::read(&path);
        let want = recorded(&common::read(&path.with_extension("txt")));
        let mut open: Vec<usize> = (0..want.len()).collect();
        let mut first = None;
        for seed in 0..SEEDS {
            let got = simulated(&text, seed);
            let commands = |all: &[Printed]| all.iter().map(|p| p.command.clone()).collect::<Vec<_>>();
            assert_eq!(commands(&got), commands(&want), "{name}");
            open.retain(|&index| got[index] != want[index]);
            first.get_or_insert(got);
            if open.is_empty() {
                break;
            }
        }
        all += want.len();
        unmet += open.len();
        for index in open {
            let got = first.iter().flatten().nth(index);
            different.insert((name.clone(), want[index].command.clone()));
            if std::env::var_os("SHOW").is_some() {
                println!("{name}: recorded {:#?}\nsimulated {got:#?}", want[index]);
            }
        }
    }
    let listed = listed();
    let unlisted: Vec<_> = different.difference(&listed).collect();
    assert!(
        unlisted.is_empty(),
        "different, and not listed in tests/README.md: {unlisted:#?}"
    );
    let met: Vec<_> = listed.difference(&different).collect();
    assert!(met.is_empty(), "listed in tests/README.md, and met: {met:#?}");
    assert!(all > 700 && unmet * 20 <= all, "{unmet} of {all} differ");
}

#[test]
fn placeholders_stand_for_generated_texts_alone() {
    for (line, want) in [
        ("web-6d4b75cb6d-hwz7x   1/1   2m5s", "web-HASH-RAND 1/1 AGE"),
        ("    pod-template-hash=6d4b75cb6d", "    pod-template-hash=HASH"),
        ("tick-29345612-x4k2b  0s  10.244.0.17:43120", "tick-MINUTE-RAND AGE IP"),
        (
            "http://10.244.1.2:8080/ready delay=0s timeout=1s",
            "http://IP:8080/ready delay=0s timeout=1s",
        ),
        ("Sat, 28 Nov 2026 05:30:58 +0000", "DATE"),
        ("uid=0a1b2c3d-0000-4000-8000-0123456789ab x", "uid=UID x"),
        ("web-first busybox:1.28 3/10", "web-first busybox:1.28 3/10"),
    ] {
        assert_eq!(with_placeholders("", line), [want]);
    }
}
