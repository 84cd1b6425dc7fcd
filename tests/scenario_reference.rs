//! The reference of the Scenario's fields in `www/docs/scenario.md` is made from the code: shapes from the schema,
//! meanings from the comments of the structs.
#![cfg(not(target_arch = "wasm32"))]
// A test reads its data.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const MARKS: [&str; 2] = ["<!-- fields: made by cargo bless -->\n", "<!-- end of fields -->"];

/// Types of which other documents tell, and shapes that are not structs: their fields in words.
const ELSEWHERE: [(&str, &str); 5] = [
    ("ScenarioTaint.key", "Key of the taint."),
    ("ScenarioTaint.value", "Its value."),
    (
        "ScenarioTaint.effect",
        "`NoSchedule`, `PreferNoSchedule` or `NoExecute`.",
    ),
    ("OnTermExit.after", "From SIGTERM to the end."),
    ("OnTermExit.code", "The exit code."),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        let mut letters = part.chars();
        let head: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        out + &head + letters.as_str()
    })
}

/// The names of fields that have other ones in the text, by `Struct.field`: `fields!(Fault { lasts as "for" })`.
fn renamed(code: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (of, rest) in code.split("fields!(").skip(1).filter_map(|part| part.split_once(" {")) {
        let fields = rest.split("})").next().unwrap_or_default().split(',');
        for (field, name) in fields.filter_map(|field| field.trim().split_once(" as ")) {
            found.insert(format!("{of}.{field}"), name.trim_matches('"').to_owned());
        }
    }
    found
}

/// The comments of all public fields, by `Struct.field`.
fn comments(code: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = ELSEWHERE.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    let (mut of, mut said) = (String::new(), String::new());
    let renamed = renamed(code);
    for line in code.lines() {
        let line = line.trim();
        if let Some(text) = line.strip_prefix("/// ") {
            said = format!("{said} {text}").trim().to_owned();
        } else if let Some(rest) = line.strip_prefix("pub struct ") {
            of = rest.split([' ', '(', '<', '{']).next().unwrap_or_default().to_owned();
            said.clear();
        } else if let Some((name, _)) = line.strip_prefix("pub ").and_then(|rest| rest.split_once(": ")) {
            let name = renamed
                .get(&format!("{of}.{name}"))
                .cloned()
                .unwrap_or_else(|| camel(name));
            found.insert(format!("{of}.{name}"), std::mem::take(&mut said));
        } else if !line.starts_with("#[") {
            said.clear();
        }
    }
    found
}

/// A shape of `scenario.txt` in words; types are links to their tables.
fn shape(text: &str, phases: &str) -> String {
    let (head, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    match head {
        "!" => shape(rest, phases),
        "[" => format!("list of {}", shape(rest, phases)),
        "{" => format!("mapping of text to {}", shape(rest, phases)),
        "|" => format!("{0}, or a list of {0}", shape(rest, phases)),
        "~" => {
            let (word, rest) = rest.split_once('~').unwrap_or((rest, "s"));
            let word = if word == "*" {
                "text".to_owned()
            } else {
                format!("`{word}`")
            };
            format!("{word}, or {}", shape(rest, phases))
        }
        "%" => format!("one of {phases}"),
        _ => match text {
            "s" => "text".into(),
            "i" | "u" => "whole number".into(),
            "b" => "boolean".into(),
            "q" => "quantity".into(),
            "d" => "span".into(),
            "t" => "time (RFC 3339)".into(),
            name => format!("[{name}](#{})", name.to_lowercase()),
        },
    }
}

#[test]
fn the_reference_of_the_scenario_is_current() {
    let said = comments(&read("src/api/scenario.rs"));
    let schema = read("src/api/schema/scenario.txt");
    let phases = schema
        .lines()
        .find_map(|line| line.strip_prefix("E Phase "))
        .unwrap_or_default();
    let phases = phases
        .split(' ')
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let mut current = String::new();
    let mut unsaid = Vec::new();
    for line in schema.lines().filter_map(|line| line.strip_prefix("T ")) {
        let mut words = line.split(' ');
        let name = words.next().unwrap_or_default();
        if matches!(name, "Scenario" | "ScenarioMeta") {
            continue;
        }
        let title = if name == "ScenarioSpec" { "spec" } else { name };
        current += &format!("### {title}\n\n| field | holds | meaning |\n|---|---|---|\n");
        for field in words {
            let (required, field) = match field.strip_prefix('!') {
                Some(rest) => (" (required)", rest),
                None => ("", field),
            };
            let (field, holds) = field.split_once(':').expect("a field and its shape");
            let key = format!("{name}.{field}");
            let meaning = said.get(&key).cloned().unwrap_or_default();
            if meaning.is_empty() {
                unsaid.push(key);
            }
            let meaning = meaning.replace('|', "\\|");
            current += &format!("| `{field}`{required} | {} | {meaning} |\n", shape(holds, &phases));
        }
        current.push('\n');
    }
    assert!(
        unsaid.is_empty(),
        "fields without a comment in src/api/scenario.rs: {unsaid:?}"
    );
    let path = root().join("www/docs/scenario.md");
    let text = read("www/docs/scenario.md");
    let (before, rest) = text.split_once(MARKS[0]).expect("the first marker");
    let (table, after) = rest.split_once(MARKS[1]).expect("the second marker");
    if std::env::var("UPDATE_EXPECT").is_ok_and(|value| value == "1") {
        fs::write(&path, format!("{before}{}{current}{}{after}", MARKS[0], MARKS[1])).expect("the page can be written");
    } else {
        assert!(
            table == current,
            "www/docs/scenario.md is old: cargo bless makes it anew"
        );
    }
}
