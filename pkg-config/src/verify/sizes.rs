//! Size budgets: what a visitor downloads, after brotli, against `pkg-config/budgets.toml`.

use crate::house::House;
use crate::process::{self, Failure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Where the page begins, and where the figures in other people's pages do.
const PAGE: [&str; 1] = ["index.html"];
const ELEMENT: [&str; 3] = ["pod-scope.js", "fences.js", "embed.html"];

/// Compares the built page with the budgets. Each budget counts as one test.
pub fn check(house: &House) -> Result<String, Failure> {
    let text = fs::read_to_string(house.root.join("pkg-config/budgets.toml"));
    let budgets = Budgets::read(&text.map_err(|e| Failure::new(format!("pkg-config/budgets.toml: {e}")))?)?;
    let files = files_below(&house.dist());
    let sizes = brotli_sizes(house, &files)?;
    let dist = house.dist();
    let start = loaded_by(&dist, &files, &PAGE, &budgets.later);
    let page = loaded_by(&dist, &files, &PAGE, &[]);
    let element = loaded_by(&dist, &files, &ELEMENT, &budgets.later);
    let sum = |wanted: &dyn Fn(&Path) -> bool| {
        sizes
            .iter()
            .filter(|(file, _)| wanted(file))
            .map(|(_, size)| size)
            .sum()
    };
    let measured: [(&str, u64); 4] = [
        ("wasm", sum(&|file| has_extension(file, &["wasm"]))),
        ("page", sum(&|file| start.contains(file))),
        ("later", sum(&|file| page.contains(file) && !start.contains(file))),
        ("element", sum(&|file| element.contains(file))),
    ];
    let mut report = String::new();
    let (mut passed, mut failed) = (0, 0);
    for (name, size) in measured {
        let Some(limit) = budgets.limits.get(name) else {
            continue;
        };
        // Nothing at all means that the files were looked for in the wrong place.
        let fits = (1..=*limit).contains(&size) || (size == 0 && name == "later");
        *(if fits { &mut passed } else { &mut failed }) += 1;
        let verdict = if fits { "within" } else { "NOT within" };
        report += &format!("{name}: {size} bytes of brotli, {verdict} the budget of {limit}\n");
    }
    report += &format!("test result: sizes. {passed} passed; {failed} failed\n");
    let line = "not within the budgets of pkg-config/budgets.toml";
    if failed == 0 {
        Ok(report)
    } else {
        Err(Failure {
            line: line.to_string(),
            output: report,
        })
    }
}

/// What `budgets.toml` holds: numbers of bytes, and the names that come after the first picture.
#[derive(Debug, Default, PartialEq)]
struct Budgets {
    limits: BTreeMap<String, u64>,
    later: Vec<String>,
}

impl Budgets {
    /// Reads `name = 350_000` and `later_chunks = ["editor"]`; this is all of TOML that the file uses.
    fn read(text: &str) -> Result<Budgets, Failure> {
        let mut budgets = Budgets::default();
        for line in text
            .lines()
            .map(|line| line.split('#').next().unwrap_or_default().trim())
            .filter(|l| !l.is_empty())
        {
            let bad = || Failure::new(format!("pkg-config/budgets.toml: cannot read {line:?}"));
            let (name, value) = line
                .split_once('=')
                .map(|(n, v)| (n.trim(), v.trim()))
                .ok_or_else(bad)?;
            if name == "later_chunks" {
                let list = value
                    .strip_prefix('[')
                    .and_then(|rest| rest.strip_suffix(']'))
                    .ok_or_else(bad)?;
                let words = list.split(',').map(|word| word.trim().trim_matches('"').to_string());
                budgets.later = words.filter(|word| !word.is_empty()).collect();
            } else {
                let bytes = value.replace('_', "").parse().map_err(|_| bad())?;
                budgets.limits.insert(name.to_string(), bytes);
            }
        }
        Ok(budgets)
    }
}

/// The JS and CSS that a beginning loads by itself: whatever it names, and whatever those files name in turn, except
/// chunks whose names begin with one of `later`. Lazily loaded chunks count unless they are excepted.
fn loaded_by(dist: &Path, files: &[PathBuf], begin: &[&str], later: &[String]) -> BTreeSet<PathBuf> {
    let code: Vec<&PathBuf> = files
        .iter()
        .filter(|file| has_extension(file, &["js", "css"]))
        .collect();
    let mut unread: Vec<PathBuf> = begin.iter().map(|name| dist.join(name)).collect();
    let mut found: BTreeSet<PathBuf> = unread.iter().filter(|file| code.contains(file)).cloned().collect();
    while let Some(file) = unread.pop() {
        let text = fs::read_to_string(&file).unwrap_or_default();
        for other in &code {
            let name = other.file_name().unwrap_or_default().to_string_lossy();
            let excepted = later.iter().any(|prefix| name.starts_with(prefix.as_str()));
            if !excepted && names(&text, &name) && found.insert(other.to_path_buf()) {
                unread.push(other.to_path_buf());
            }
        }
    }
    found
}

/// Whether a text names a file in quotes, perhaps with a folder before it.
fn names(text: &str, file: &str) -> bool {
    let closed = |at: usize| text[at + file.len()..].starts_with(['"', '\'', '`']);
    let opened = |at: usize| text[..at].ends_with(['"', '\'', '`', '/']);
    text.match_indices(file).any(|(at, _)| opened(at) && closed(at))
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    file.extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| extensions.contains(&e))
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.flatten().map(|entry| entry.path());
    paths
        .flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] })
        .collect()
}

/// Asks Node, which has brotli built in.
fn brotli_sizes(house: &House, files: &[PathBuf]) -> Result<Vec<(PathBuf, u64)>, Failure> {
    let measured = |file: &&PathBuf| has_extension(file, &["js", "css", "wasm"]);
    let files: Vec<&PathBuf> = files.iter().filter(measured).collect();
    let mut node = house.in_www("node", &[]);
    node.arg(house.root.join("pkg-config/brotli-size.mjs")).args(&files);
    let output = process::must(node, false, "the sizes could not be measured")?;
    let sizes: Vec<u64> = output.lines().filter_map(|line| line.parse().ok()).collect();
    if sizes.len() != files.len() {
        return Err(Failure {
            line: "the sizes could not be measured".to_string(),
            output,
        });
    }
    Ok(files.into_iter().cloned().zip(sizes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_are_read() {
        let budgets = Budgets::read("# sizes\nwasm = 350_000 # bytes\nlater_chunks = [\"editor\", \"zh\"]\n").unwrap();
        assert_eq!(budgets.limits["wasm"], 350_000);
        assert_eq!(budgets.later, ["editor", "zh"]);
        assert!(Budgets::read("wasm = large").is_err() && Budgets::read("wasm").is_err());
    }

    #[test]
    fn what_the_page_loads_is_followed() {
        let dist = std::env::temp_dir().join(format!("podscope-sizes-{}", std::process::id()));
        fs::create_dir_all(dist.join("assets")).unwrap();
        let write = |name: &str, text: &str| fs::write(dist.join(name), text).unwrap();
        write(
            "index.html",
            r#"<script type="module" src="./assets/index-1.js"></script>"#,
        );
        write(
            "assets/index-1.js",
            r#"import"./core-1.js";import("./lazy-1.js");import("./editor-1.js");"myindex-1.js.map""#,
        );
        write("assets/core-1.js", "");
        write("assets/lazy-1.js", "['assets/lazy-1.css']");
        write("assets/lazy-1.css", "");
        write("assets/editor-1.js", r#"import"./yaml-1.js""#);
        write("assets/yaml-1.js", "");
        let files = files_below(&dist);
        let found = loaded_by(&dist, &files, &PAGE, &["editor".to_string()]);
        let found: Vec<_> = found
            .iter()
            .map(|file| file.file_name().unwrap().to_str().unwrap())
            .collect();
        assert_eq!(found, ["core-1.js", "index-1.js", "lazy-1.css", "lazy-1.js"]);
        fs::remove_dir_all(&dist).unwrap();
    }
}
