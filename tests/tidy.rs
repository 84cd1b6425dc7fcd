//! The rules of the house, as tests: what a reviewer would otherwise have to look for in every file.
//!
//! Each test collects every offence before it fails, so that one run shows them all.
// Looking through the repository's files is this test's work.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// No source file is longer than this, tests in it included.
const MAX_LINES: usize = 800;

/// The Kubernetes release that twins are taken from, as it stands in their headers.
const RELEASE: &str = "(v1.36.2)";

/// What each module of `src/` may name after `crate::`, itself aside. Lower ones come first and never know higher ones.
/// A new module gets its line here and in `src/README.md`.
const LAYERS: [(&str, &str); 19] = [
    ("sort", ""),
    ("map", "sort"),
    ("time", ""),
    ("rng", "time"),
    ("manifest", "sort map"),
    ("api", "sort map time manifest"),
    ("trace", "sort map time manifest api"),
    ("machine", "sort map time rng manifest api trace"),
    ("world", "sort map time rng manifest api trace machine"),
    ("apiserver", "sort map time rng manifest api trace machine"),
    ("cri", "sort map time rng manifest api trace machine world apiserver"),
    (
        "probe",
        "sort map time rng manifest api trace machine world apiserver cri",
    ),
    ("scheduler", "sort map time rng manifest api trace machine apiserver"),
    ("controllers", "sort map time rng manifest api trace machine apiserver"),
    (
        "kubelet",
        "sort map time rng manifest api trace machine world apiserver cri probe",
    ),
    ("kubectl", "sort map time rng manifest api trace machine apiserver"),
    (
        "sim",
        "sort map time rng manifest api trace machine world apiserver cri probe scheduler controllers kubelet kubectl",
    ),
    (
        "view",
        "sort map time rng manifest api trace machine world apiserver cri probe scheduler controllers kubelet kubectl sim",
    ),
    (
        "wasm",
        "sort map time rng manifest api trace machine apiserver kubectl sim view",
    ),
];

/// One source file of ours.
struct Source {
    /// Its path from the root, with forward slashes.
    name: String,
    text: String,
}

impl Source {
    /// Lines with their numbers, up to the file's own test module, comments taken off.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines: Vec<&str> = self.text.lines().collect();
        let is_tests = |at: usize| {
            lines[at].trim() == "#[cfg(test)]"
                && lines
                    .get(at + 1)
                    .is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'))
        };
        let end = (0..lines.len()).find(|at| is_tests(*at)).unwrap_or(lines.len());
        lines
            .into_iter()
            .take(end)
            .enumerate()
            .map(|(at, line)| (at + 1, line.split("//").next().unwrap_or(line)))
    }

    /// Whether all of the file is test code.
    fn is_test(&self) -> bool {
        self.name.ends_with("tests.rs") || self.name.contains("/tests/")
    }

    /// The rest of the module comment's line that begins with `word`.
    fn header(&self, word: &str) -> Option<&str> {
        self.headers(word).next()
    }

    /// The rests of all lines of the module comment that begin with `word`.
    fn headers(&self, word: &str) -> impl Iterator<Item = &str> {
        let head = self.text.lines().take_while(|line| line.starts_with("//!"));
        head.filter_map(move |line| line.trim_start_matches("//!").trim().strip_prefix(word))
            .map(str::trim)
    }

    /// The Kubernetes files it models: the paths of its lines `//! Twin: PATH (RELEASE)`.
    fn twins(&self) -> impl Iterator<Item = &str> {
        self.headers("Twin:").filter_map(|twin| twin.split(' ').next())
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below the named folders with one of the extensions; nothing built or installed.
fn sources(folders: &[&str], extensions: &[&str]) -> Vec<Source> {
    let mut paths = Vec::new();
    folders
        .iter()
        .for_each(|folder| collect(&root().join(folder), &mut paths));
    paths.sort();
    let wanted = |path: &&PathBuf| {
        path.extension()
            .is_some_and(|e| extensions.iter().any(|wanted| e == *wanted))
    };
    let read = |path: &PathBuf| {
        let name = path
            .strip_prefix(root())
            .expect("it was found below")
            .to_string_lossy()
            .replace('\\', "/");
        Source {
            name,
            text: fs::read_to_string(path).expect("source files are UTF-8"),
        }
    };
    paths.iter().filter(wanted).map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    const NOT_OURS: [&str; 4] = ["node_modules", "dist", "pkg", "target"];
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !NOT_OURS.iter().any(|name| path.ends_with(name)) {
            collect(&path, paths);
        } else if path.is_file() {
            paths.push(path);
        }
    }
}

#[track_caller]
fn none(offences: Vec<String>, rule: &str) {
    assert!(offences.is_empty(), "{rule}\n  {}\n", offences.join("\n  "));
}

/// Where a `BTreeMap` is right: lists that can be long and change in the middle.
const TREES: [&str; 4] = [
    "src/map.rs",
    "src/machine/queue.rs",
    "src/manifest/build.rs",
    "src/view/timeline.rs",
];

#[test]
fn maps_and_sorting_are_the_small_ones() {
    let mut offences = Vec::new();
    for file in sources(&["src"], &["rs"]) {
        if file.name.starts_with("src/bin/") || file.is_test() {
            continue;
        }
        for (number, line) in file.code() {
            let tree = line.contains("BTree") && !TREES.contains(&file.name.as_str());
            if tree
                || [".sort(", ".sort_by(", ".sort_by_key(", ".sort_unstable"]
                    .iter()
                    .any(|call| line.contains(call))
            {
                offences.push(format!("{}:{number}", file.name));
            }
        }
    }
    none(
        offences,
        "use crate::map and crate::sort; the standard library's are some kilobytes of wasm for each type:",
    );
}

#[test]
fn every_file_says_what_it_is() {
    let files = sources(&["src", "tests", "benches", "pkg-config", "fuzz"], &["rs"]);
    let silent = files
        .into_iter()
        .filter(|file| !file.text.starts_with("//!"))
        .map(|file| file.name);
    none(silent.collect(), "every Rust file starts with a //! comment:");
}

#[test]
fn no_file_is_too_long() {
    let files = sources(&["src", "tests", "benches", "pkg-config", "www"], &["rs", "ts", "css"]);
    let lengths = files.into_iter().map(|file| (file.text.lines().count(), file.name));
    let long = lengths
        .filter(|(lines, _)| *lines > MAX_LINES)
        .map(|(lines, name)| format!("{name}: {lines} lines"));
    none(long.collect(), "no file is longer than 800 lines; one job a file:");
}

#[test]
fn lower_layers_do_not_know_higher_ones() {
    let layers: BTreeMap<&str, &str> = LAYERS.into_iter().collect();
    let mut offences = Vec::new();
    for file in sources(&["src"], &["rs"]) {
        let inside = file.name.trim_start_matches("src/");
        let module = inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs");
        if ["lib", "bin"].contains(&module) || file.is_test() {
            continue;
        }
        let Some(allowed) = layers.get(module) else {
            offences.push(format!("{}: {module} has no line in the table of layers", file.name));
            continue;
        };
        let code: String = file.code().map(|(_, line)| format!("{line}\n")).collect();
        for used in crate_paths(&code) {
            if used != module && layers.contains_key(used) && !allowed.split(' ').any(|name| name == used) {
                offences.push(format!("{}: {module} may not know {used}", file.name));
            }
        }
    }
    none(
        offences,
        "lower layers never name higher ones (the table is in tests/tidy.rs):",
    );
}

/// The first names after each `crate::`, those of a group `crate::{a::b, c}` included.
fn crate_paths(code: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, word) in code.match_indices("crate::") {
        let rest = &code[at + word.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.push(identifier(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = 0;
        for (at, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    names.push(identifier(group[start..at].trim_start()));
                    start = at + 1;
                    if letter == '}' {
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    names
}

fn identifier(text: &str) -> &str {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .next()
        .unwrap_or_default()
}

#[test]
fn paths_are_found_in_groups() {
    assert_eq!(
        crate_paths("use crate::api::Pod; use crate::{time::{A, B}, rng};"),
        ["api", "time", "rng"]
    );
}

#[test]
fn the_core_does_not_panic() {
    const PANICS: [&str; 6] = [
        ".unwrap()",
        ".expect(\"",
        "panic!(",
        "unreachable!(",
        "todo!(",
        "unimplemented!(",
    ];
    let mut offences = Vec::new();
    for file in sources(&["src"], &["rs"]).iter().filter(|file| !file.is_test()) {
        let lines: Vec<&str> = file.text.lines().collect();
        // A panic that cannot happen says why, on its line or above it: `// tidy: …`.
        let excused = |number: usize| {
            [number - 1, number.saturating_sub(2)]
                .iter()
                .any(|at| lines[*at].contains("// tidy: "))
        };
        for (number, line) in file.code() {
            if PANICS.iter().any(|word| line.contains(word)) && !excused(number) {
                offences.push(format!("{}:{number}: {}", file.name, line.trim()));
            }
        }
    }
    none(
        offences,
        "no input may panic the core (a panic that cannot happen has a comment `// tidy: why`):",
    );
}

#[test]
fn order_is_always_the_same() {
    let mut offences = Vec::new();
    for file in sources(&["src"], &["rs"]) {
        for (number, line) in file
            .code()
            .filter(|(_, line)| line.contains("HashMap") || line.contains("HashSet"))
        {
            offences.push(format!("{}:{number}: {}", file.name, line.trim()));
        }
    }
    none(
        offences,
        "no hash maps in the core, their order changes from run to run:",
    );
}

#[test]
fn twins_say_what_they_model() {
    let files = sources(&["src"], &["rs"]);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let mut offences = Vec::new();
    for file in &files {
        let kubelets = file.name.starts_with("src/kubelet/") || file.name.starts_with("src/probe/");
        let must = kubelets && !file.name.ends_with("/mod.rs") && !file.is_test();
        if file.header("Twin:").is_none() {
            if must && file.header("No twin:").is_none() {
                offences.push(format!(
                    "{}: neither `//! Twin: PATH {RELEASE}` nor `//! No twin: why`",
                    file.name
                ));
            }
            continue;
        }
        for twin in file.headers("Twin:") {
            let path = twin.split(' ').next().unwrap_or_default();
            if twin != format!("{path} {RELEASE}") || !path.ends_with(".go") {
                offences.push(format!(
                    "{}: the twin is written `PATH.go {RELEASE}`, one a line, not `{twin}`",
                    file.name
                ));
            }
        }
        if must && !file.twins().any(|path| keeps_the_name(&file.name, path, &names)) {
            offences.push(format!("{}: a twin keeps the base name", file.name));
        }
        for word in ["Covers:", "Left out:"] {
            if file.header(word).is_none_or(str::is_empty) {
                offences.push(format!("{}: no line `//! {word} …`", file.name));
            }
        }
    }
    none(
        offences,
        "a file that models a Kubernetes file has its base name and a header:",
    );
}

/// Whether a file of ours can be found from the Kubernetes file it models.
///
/// It has the base name, or the name of the folder where the base name says nothing by itself (`pleg/generic.go`), or
/// both (`prober_worker` for `prober/worker.go`). Of a large file of theirs that is cut into several of ours one keeps
/// the base name, and the others stand beside it under the names of their parts.
fn keeps_the_name(ours: &str, theirs: &str, all: &[&str]) -> bool {
    let (name, base) = (stem(ours), stem(theirs));
    let folder = theirs.rsplit('/').nth(1).unwrap_or_default();
    let both = format!("{folder}_{base}");
    let beside = |other: &str| all.contains(&ours.replace(&format!("/{name}.rs"), &format!("/{other}.rs")).as_str());
    name == base || name == folder || name == both || beside(base) || beside(&both)
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

/// The table between the markers in `src/README.md` is made from the headers; `cargo bless` rewrites it.
#[test]
fn the_table_of_twins_is_current() {
    const MARKS: [&str; 2] = ["<!-- twins: made by cargo bless -->\n", "<!-- end of twins -->"];
    let path = root().join("src/README.md");
    let readme = fs::read_to_string(&path).expect("the map of the house");
    let (before, rest) = readme.split_once(MARKS[0]).expect("the table's first marker");
    let (table, after) = rest.split_once(MARKS[1]).expect("the table's second marker");
    let mut current = String::from("| ours | Kubernetes |\n|---|---|\n");
    for file in sources(&["src"], &["rs"]) {
        for path in file.twins() {
            current += &format!("| `{}` | `{path}` |\n", file.name.trim_start_matches("src/"));
        }
    }
    if std::env::var("UPDATE_EXPECT").is_ok_and(|value| value == "1") {
        fs::write(&path, format!("{before}{}{current}{}{after}", MARKS[0], MARKS[1])).expect("the map can be written");
    } else {
        assert!(
            table == current,
            "the table of twins in src/README.md is old: run cargo bless. It should be\n{current}"
        );
    }
}

#[test]
fn lock_files_name_no_private_registry() {
    let cargo = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock is checked in");
    let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let others = cargo
        .lines()
        .filter(|line| line.starts_with("source = ") && *line != public)
        .map(str::to_string);
    none(others.collect(), "Cargo.lock takes everything from crates.io:");
    // Without addresses the lock works with every registry; omit-lockfile-registry-resolved in www/.npmrc sees to it.
    let npm = fs::read_to_string(root().join("www/package-lock.json")).unwrap_or_default();
    let addresses = npm
        .lines()
        .filter(|line| line.trim_start().starts_with("\"resolved\": \"http"))
        .map(str::to_string);
    none(addresses.collect(), "www/package-lock.json names no registry:");
}

#[test]
fn bindings_and_their_tool_have_one_version() {
    let version = |file: &str, name: &str| {
        let text = fs::read_to_string(root().join(file)).expect("the manifests are there");
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("{name} = ")))
            .expect("it is a dependency");
        line.split('"').nth(1).expect("a version").to_string()
    };
    let bindings = version("Cargo.toml", "wasm-bindgen");
    assert!(bindings.starts_with('='), "wasm-bindgen is pinned");
    assert_eq!(
        bindings,
        version("pkg-config/Cargo.toml", "wasm-bindgen-cli").replace("version = ", "")
    );
}
