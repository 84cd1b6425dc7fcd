//! `grep`.

use super::super::kernel::{Cx, Step};
use super::regex::Regex;
use super::{Args, Count, Running, complain, go_on, read_file};

const VALUES: &str = "efmABC";

struct Query {
    patterns: Vec<Regex>,
    args: Args,
}

fn query(argv: &[String]) -> Option<(Query, Vec<String>)> {
    let args = Args::read(argv, VALUES);
    let mut files = args.rest.clone();
    let texts: Vec<String> = match args.values("e") {
        given if !given.is_empty() => given.into_iter().map(str::to_owned).collect(),
        _ if files.is_empty() => return None,
        _ => vec![files.remove(0)],
    };
    let name = argv.first().map_or("", String::as_str);
    let (fold, extended) = (args.has("iy"), args.has("EP") || name.ends_with("egrep"));
    let plain = args.has("F") || name.ends_with("fgrep");
    let mut patterns = Vec::new();
    for line in texts.iter().flat_map(|t| t.split('\n')) {
        let regex = if plain {
            Regex::literal(line, fold)
        } else if args.has("w") {
            Regex::new(&format!("\\b{line}\\b"), extended, fold)?
        } else if args.has("x") {
            Regex::new(&format!("^{line}$"), extended, fold)?
        } else {
            Regex::new(line, extended, fold)?
        };
        patterns.push(regex);
    }
    Some((Query { patterns, args }, files))
}

impl Query {
    /// Counts what its patterns have worked.
    fn count(&self, cx: &mut Cx) {
        self.patterns.iter().for_each(|regex| cx.k.searched(regex));
    }

    /// What is printed for a line; `None` when it does not match.
    fn line(&self, line: &str, number: usize, file: Option<&str>) -> Option<String> {
        let line = line.trim_end_matches('\n');
        let found = self.patterns.iter().any(|p| p.is_match(line));
        if found == self.args.has("v") {
            return None;
        }
        let mut head = file.map(|f| format!("{f}:")).unwrap_or_default();
        if self.args.has("n") {
            head.push_str(&format!("{number}:"));
        }
        if self.args.has("o") {
            let chars: Vec<char> = line.chars().collect();
            let (mut out, mut from) = (String::new(), 0);
            while let Some((a, b)) = self
                .patterns
                .iter()
                .find_map(|p| p.find(&chars, from)?.first().copied().flatten())
            {
                if a == b {
                    break;
                }
                out.push_str(&format!(
                    "{head}{}\n",
                    chars.get(a..b).unwrap_or(&[]).iter().collect::<String>()
                ));
                from = b;
            }
            return Some(out);
        }
        Some(format!("{head}{line}\n"))
    }
}

/// `grep`.
pub fn grep(cx: &mut Cx, argv: &[String]) -> Step {
    let Some((query, files)) = query(argv) else {
        complain(
            cx,
            "grep",
            "bad regex or missing pattern",
            "Invalid regular expression or missing pattern",
        );
        return Step::Exit(2);
    };
    if files.is_empty() && !query.args.has("rR") {
        return go_on(Running::Lines {
            each: |cx, argv, line, count| {
                let (query, _) = self::query(argv)?;
                let found = query.line(line, count.lines, None);
                query.count(cx);
                if let Some(text) = found {
                    count.hits += 1;
                    if query.args.has("q") {
                        return Some(0);
                    }
                    if !query.args.has("c") {
                        cx.out(&text);
                    }
                    if query
                        .args
                        .value("m")
                        .and_then(|m| m.parse::<usize>().ok())
                        .is_some_and(|m| count.hits >= m)
                    {
                        return Some(0);
                    }
                }
                None
            },
            end: |count| i32::from(count.hits == 0),
            count: Count::default(),
        })
        .with_count(&query);
    }
    let mut targets = Vec::new();
    let roots = if files.is_empty() { vec![".".to_owned()] } else { files };
    for file in roots {
        let path = cx.path(&file);
        if query.args.has("rR") && cx.k.disk.stat(&path, cx.around).is_ok_and(|e| e.is_dir()) {
            let mut below = super::list::walk(cx, &path, 1_000);
            below.retain(|p| cx.k.disk.stat(p, cx.around).is_ok_and(|e| !e.is_dir()));
            targets.extend(below);
        } else {
            targets.push(file);
        }
    }
    let named = (targets.len() > 1 || query.args.has("rRH")) && !query.args.has("h");
    let (mut hits, mut failed) = (0, false);
    for file in &targets {
        let text = match read_file(cx, file) {
            Ok(text) => text,
            Err(why) => {
                failed = true;
                if !query.args.has("s") {
                    complain(cx, "grep", &format!("{file}: {why}"), &format!("{file}: {why}"));
                }
                continue;
            }
        };
        let (mut here, mut out) = (0, String::new());
        for (i, line) in text.lines().enumerate() {
            if let Some(text) = query.line(line, i + 1, named.then_some(file.as_str())) {
                here += 1;
                out.push_str(&text);
            }
        }
        query.count(cx);
        hits += here;
        let head = if named { format!("{file}:") } else { String::new() };
        if query.args.has("q") {
            continue;
        } else if query.args.has("l") {
            if here > 0 {
                cx.out(&format!("{file}\n"));
            }
        } else if query.args.has("c") {
            cx.out(&format!("{head}{here}\n"));
        } else {
            cx.out(&out);
        }
    }
    Step::Exit(if hits > 0 && (!failed || query.args.has("q")) {
        0
    } else if failed {
        2
    } else {
        1
    })
}

trait WithCount {
    fn with_count(self, query: &Query) -> Self;
}

impl WithCount for Step {
    /// `-c` needs the whole input before it prints.
    fn with_count(self, query: &Query) -> Step {
        if !query.args.has("c") {
            return self;
        }
        go_on(Running::Whole {
            then: |cx, argv, text| {
                let Some((query, _)) = self::query(argv) else {
                    return 2;
                };
                let hits = text.lines().filter(|l| query.line(l, 0, None).is_some()).count();
                cx.out(&format!("{hits}\n"));
                i32::from(hits == 0)
            },
            text: String::new(),
        })
    }
}
