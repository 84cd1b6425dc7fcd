//! Tools that look at files: ls, find, stat, readlink, du, df.

use super::super::files::{Entry, Kind, join};
use super::super::glob;
use super::super::kernel::{Cx, Step};
use super::super::spec::NoteKind;
use super::{Args, complain, info};
use crate::sort;

/// All paths below a directory, parents first, as far as the bound.
pub(super) fn walk(cx: &mut Cx, dir: &str, most: usize) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(dir) = open.pop() {
        for name in cx.k.disk.list(&dir, cx.around).unwrap_or_default() {
            if found.len() >= most {
                return found;
            }
            let path = join(&dir, &name);
            if cx.k.disk.lstat(&path, cx.around).is_ok_and(|e| e.is_dir()) {
                open.push(path.clone());
            }
            found.push(path);
        }
    }
    sort::sort(&mut found);
    found
}

fn mode_text(entry: &Entry) -> String {
    let kind = match entry.kind {
        Kind::Dir => 'd',
        Kind::File(_) => '-',
        Kind::Link(_) => 'l',
    };
    let mut text = kind.to_string();
    for shift in [6, 3, 0] {
        let bits = entry.mode >> shift;
        for (bit, c) in [(4, 'r'), (2, 'w'), (1, 'x')] {
            text.push(if bits & bit != 0 { c } else { '-' });
        }
    }
    if entry.mode & 0o1000 != 0 {
        text.pop();
        text.push('t');
    }
    text
}

fn long_line(cx: &mut Cx, entry: &Entry, name: &str) -> String {
    let date = info::stamp(cx.around.unix(entry.at));
    let arrow = match &entry.kind {
        Kind::Link(to) => format!(" -> {to}"),
        _ => String::new(),
    };
    let links = if entry.is_dir() { 2 } else { 1 };
    format!(
        "{} {links:>4} root     root     {:>9} {date} {name}{arrow}\n",
        mode_text(entry),
        entry.size()
    )
}

/// `ls`.
pub fn ls(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    let targets = if args.rest.is_empty() {
        vec![".".to_owned()]
    } else {
        args.rest.clone()
    };
    let (mut code, mut out, mut dirs) = (0, String::new(), Vec::new());
    for target in &targets {
        let path = cx.path(target);
        let direct = args.has("ld") && !target.ends_with('/');
        cx.presume(&path, false);
        let entry = if direct {
            cx.k.disk.lstat(&path, cx.around)
        } else {
            cx.k.disk.stat(&path, cx.around)
        };
        match entry {
            Ok(entry) if entry.is_dir() && !args.has("d") => dirs.push((target.clone(), path)),
            Ok(entry) if args.has("l") => {
                let line = long_line(cx, &entry, target);
                out.push_str(&line);
            }
            Ok(_) => out.push_str(&format!("{target}\n")),
            Err(why) => {
                let why = why.text();
                complain(
                    cx,
                    "ls",
                    &format!("{target}: {why}"),
                    &format!("cannot access '{target}': {why}"),
                );
                code = if cx.k.spec.image.tools == super::Tools::Gnu {
                    2
                } else {
                    1
                };
            }
        }
    }
    let several = targets.len() > 1;
    for (shown, path) in dirs {
        if several {
            out.push_str(&format!("{}{shown}:\n", if out.is_empty() { "" } else { "\n" }));
        }
        let mut names = cx.k.disk.list(&path, cx.around).unwrap_or_default();
        if args.has("a") {
            names.splice(0..0, [".".to_owned(), "..".to_owned()]);
        } else if !args.has("A") {
            names.retain(|n| !n.starts_with('.'));
        }
        if args.has("r") {
            names.reverse();
        }
        if args.has("l") {
            out.push_str(&format!("total {}\n", names.len() * 4));
        }
        for name in names {
            if !args.has("l") {
                out.push_str(&format!("{name}\n"));
                continue;
            }
            let inner = super::super::files::normal(&path, &name);
            if let Ok(entry) = cx.k.disk.lstat(&inner, cx.around) {
                let line = long_line(cx, &entry, &name);
                out.push_str(&line);
            }
        }
    }
    cx.out(&out);
    Step::Exit(code)
}

/// `find`, with `-name`, `-type`, `-maxdepth`, `-delete`, `-print`.
pub fn find(cx: &mut Cx, argv: &[String]) -> Step {
    let words = argv.get(1..).unwrap_or(&[]);
    let split = words
        .iter()
        .position(|w| w.starts_with('-') || w == "!")
        .unwrap_or(words.len());
    let (roots, tests) = words.split_at(split);
    let value = |name: &str| {
        tests
            .iter()
            .position(|t| t == name)
            .and_then(|i| tests.get(i + 1))
            .cloned()
    };
    let known = [
        "-name",
        "-type",
        "-maxdepth",
        "-mindepth",
        "-delete",
        "-print",
        "-iname",
        "-path",
    ];
    if let Some(test) = tests
        .iter()
        .find(|t| t.starts_with('-') && !known.contains(&t.as_str()) && t.parse::<i64>().is_err())
    {
        cx.k.note(NoteKind::NotModelled, format!("find {test} is not supported"), None);
    }
    let name = value("-name").or(value("-iname"));
    let kind = value("-type");
    let most = value("-maxdepth")
        .and_then(|d| d.parse::<usize>().ok())
        .unwrap_or(usize::MAX);
    let mut code = 0;
    let roots = if roots.is_empty() {
        vec![".".to_owned()]
    } else {
        roots.to_vec()
    };
    for root in &roots {
        let path = cx.path(root);
        if let Err(why) = cx.k.disk.stat(&path, cx.around) {
            let why = why.text();
            complain(cx, "find", &format!("{root}: {why}"), &format!("'{root}': {why}"));
            code = 1;
            continue;
        }
        let mut all = walk(cx, &path, 5_000);
        all.insert(0, path.clone());
        for found in all {
            let below = found
                .strip_prefix(&path)
                .unwrap_or("")
                .trim_start_matches('/')
                .to_owned();
            let depth = if below.is_empty() { 0 } else { below.split('/').count() };
            let Ok(entry) = cx.k.disk.lstat(&found, cx.around) else {
                continue;
            };
            let fits_kind = match kind.as_deref() {
                Some("d") => entry.is_dir(),
                Some("f") => matches!(entry.kind, Kind::File(_)),
                Some("l") => matches!(entry.kind, Kind::Link(_)),
                _ => true,
            };
            let base = found.rsplit('/').next().unwrap_or("");
            let fits_name = name.as_ref().is_none_or(|n| glob::matches(n, base));
            if depth <= most && fits_kind && fits_name {
                if tests.iter().any(|t| t == "-delete") {
                    let _ = cx.k.disk.remove(&found, cx.around);
                } else {
                    let shown = if below.is_empty() {
                        root.clone()
                    } else {
                        format!("{}/{below}", root.trim_end_matches('/'))
                    };
                    cx.out(&format!("{shown}\n"));
                }
            }
        }
    }
    Step::Exit(code)
}

/// `stat`, with `-c %s` and its like.
pub fn stat(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "c");
    let mut code = 0;
    for file in &args.rest {
        let path = cx.path(file);
        match cx.k.disk.lstat(&path, cx.around) {
            Ok(entry) => {
                let unix = cx.around.unix(entry.at);
                let text = match args.value("c").or(args.value("format")) {
                    Some(format) => format
                        .replace("%s", &entry.size().to_string())
                        .replace("%n", file)
                        .replace("%Y", &unix.to_string())
                        .replace("%X", &unix.to_string())
                        .replace("%a", &format!("{:o}", entry.mode))
                        .replace("%A", &mode_text(&entry))
                        .replace("%U", "root")
                        .replace("%G", "root")
                        .replace("%u", "0")
                        .replace("%g", "0"),
                    None => format!(
                        "  File: {file}\n  Size: {}\nAccess: ({:04o}/{})\nModify: {}",
                        entry.size(),
                        entry.mode,
                        mode_text(&entry),
                        info::format_date("+%Y-%m-%d %H:%M:%S.000000000 +0000", unix)
                    ),
                };
                cx.out(&format!("{text}\n"));
            }
            Err(why) => {
                let why = why.text();
                complain(
                    cx,
                    "stat",
                    &format!("can't stat '{file}': {why}"),
                    &format!("cannot statx '{file}': {why}"),
                );
                code = 1;
            }
        }
    }
    Step::Exit(code)
}

/// `readlink` and `realpath`.
pub fn readlink(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    let resolve = args.has("fem") || argv.first().is_some_and(|n| n.ends_with("realpath"));
    let mut code = 0;
    for file in &args.rest {
        let path = cx.path(file);
        let shown = if resolve {
            cx.k.disk.real(&path, true, cx.around).ok()
        } else {
            match cx.k.disk.lstat(&path, cx.around).map(|e| e.kind) {
                Ok(Kind::Link(to)) => Some(to.to_string()),
                _ => None,
            }
        };
        match shown {
            Some(shown) => {
                cx.out(&format!("{shown}\n"));
            }
            None => code = 1,
        }
    }
    Step::Exit(code)
}

/// `du` and `df`: sizes of the virtual files.
pub fn usage(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "d");
    if argv.first().is_some_and(|n| n.ends_with("df")) {
        cx.k.note(NoteKind::NotModelled, "df prints a made-up disk", None);
        cx.out("Filesystem           1K-blocks      Used Available Use% Mounted on\noverlay              104857600  20971520  83886080  20% /\n");
        return Step::Exit(0);
    }
    let roots = if args.rest.is_empty() {
        vec![".".to_owned()]
    } else {
        args.rest.clone()
    };
    for root in roots {
        let path = cx.path(&root);
        let mut size = 4_096_usize;
        for found in walk(cx, &path, 5_000) {
            size += cx.k.disk.lstat(&found, cx.around).map_or(0, |e| e.size());
        }
        let kib = size.div_ceil(1_024);
        let text = if args.has("h") {
            format!("{kib}.0K")
        } else {
            kib.to_string()
        };
        cx.out(&format!("{text}\t{root}\n"));
    }
    Step::Exit(0)
}
