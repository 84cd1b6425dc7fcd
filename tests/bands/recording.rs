//! A recording: what a real node did with a scenario, and the scenario's text.
// A test reads its data.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

use crate::facts::{Facts, KINDS, Unseen};

/// One file of `tests/recordings/`.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// The file's name without its ending.
    pub name: String,
    /// How long was recorded, in ms.
    pub until: i64,
    /// Pods whose object nobody removed there: the recorded node of 1.32 leaves that to a program that did not run.
    pub unseen_ends: Unseen,
    /// What happened.
    pub facts: Facts,
    /// The scenario.
    pub text: String,
}

/// All recordings, in order of their names.
pub fn all() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let entries = std::fs::read_dir(&folder).expect("the recordings are part of the repository");
    let mut names: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    names.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    names.sort_by_key(|path| path.with_extension(""));
    names.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Recording {
    let file = std::fs::read_to_string(path).expect("a recording is text");
    let mut recording = Recording {
        name: path
            .file_stem()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default(),
        ..Recording::default()
    };
    let (facts, text) = file
        .split_once("\nscenario\n")
        .expect("a recording ends with its scenario");
    text.clone_into(&mut recording.text);
    for line in facts.lines() {
        let (word, rest) = line.split_once('\t').expect("a line is a word and what it says");
        let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{}: {line}", recording.name));
        match word {
            "until" => recording.until = number(rest),
            "unseen end" => {
                recording.unseen_ends.insert(rest.to_owned());
            }
            _ => {
                let kind = KINDS.iter().position(|k| *k == word).expect("a row, event or state");
                let (ms, key) = rest.split_once('\t').expect("an instant and a key");
                recording.facts.of[kind].push((number(ms), key.to_owned()));
            }
        }
    }
    recording
}
