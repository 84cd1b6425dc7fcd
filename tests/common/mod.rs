//! What several tests share: data beside the repository that is too large, or not ours, to be part of it.
// A test reads its data; and not every test uses everything.
#![allow(clippy::disallowed_methods, dead_code)]

use std::path::{Path, PathBuf};

/// A folder of the conformance data: beside the repository, or where `PODSCOPE_CONFORMANCE` says when the tests run.
pub fn conformance(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let asked = std::env::var_os("PODSCOPE_CONFORMANCE").map(PathBuf::from);
    let folder = asked.unwrap_or(beside).join(name);
    folder.is_dir().then_some(folder)
}

/// All YAML files below a folder, in order of their paths.
pub fn manifests(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, &mut found);
    found
}

fn collect(at: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(at) else { return };
    let mut all: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    all.sort();
    for path in all {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
            found.push(path);
        }
    }
}

/// A file's text.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
