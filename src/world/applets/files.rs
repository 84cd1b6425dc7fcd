//! Tools that change files.

use std::rc::Rc;

use super::super::files::{Entry, Errno, Kind, join, split};
use super::super::kernel::{Cx, Step};
use super::super::spec::NoteKind;
use super::{Args, complain, read_file};

fn name_of(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// `touch`.
pub fn touch(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "tdr");
    let mut code = 0;
    for file in &args.rest {
        let (path, at) = (cx.path(file), cx.at);
        let result = if cx.k.disk.stat(&path, cx.around).is_ok() {
            cx.k.disk.update(&path, cx.around, |e| e.at = at)
        } else if args.has("c") {
            Ok(())
        } else {
            cx.k.disk.truncate(&path, at, cx.around)
        };
        if let Err(why) = result {
            complain(
                cx,
                "touch",
                &format!("{file}: {}", why.text()),
                &format!("cannot touch '{file}': {}", why.text()),
            );
            code = 1;
        }
    }
    if args.rest.is_empty() {
        complain(cx, "touch", "missing file operand", "missing file operand");
        code = 1;
    }
    Step::Exit(code)
}

/// `rm`.
pub fn rm(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    let (force, recursive) = (
        args.has("f") || args.long("force"),
        args.has("rR") || args.long("recursive"),
    );
    let mut code = 0;
    for file in &args.rest {
        let path = cx.path(file);
        let result = if recursive {
            cx.k.disk.remove(&path, cx.around)
        } else {
            cx.k.disk.remove_file(&path, cx.around)
        };
        match result {
            Err(Errno::NoEntry | Errno::NotDir) if force => {}
            Err(Errno::IsDir) => {
                complain(
                    cx,
                    "rm",
                    &format!("'{file}' is a directory"),
                    &format!("cannot remove '{file}': Is a directory"),
                );
                code = 1;
            }
            Err(why) => {
                let why = why.text();
                complain(
                    cx,
                    "rm",
                    &format!("can't remove '{file}': {why}"),
                    &format!("cannot remove '{file}': {why}"),
                );
                code = 1;
            }
            Ok(()) => {}
        }
    }
    if args.rest.is_empty() && !force {
        complain(cx, "rm", "missing operand", "missing operand");
        code = 1;
    }
    Step::Exit(code)
}

/// `rmdir`.
pub fn rmdir(cx: &mut Cx, argv: &[String]) -> Step {
    let mut code = 0;
    for file in &Args::read(argv, "").rest {
        let path = cx.path(file);
        let result = match cx.k.disk.list(&path, cx.around) {
            Ok(names) if names.is_empty() => cx.k.disk.remove(&path, cx.around),
            Ok(_) => Err(Errno::NotEmpty),
            Err(why) => Err(why),
        };
        if let Err(why) = result {
            let why = why.text();
            complain(
                cx,
                "rmdir",
                &format!("'{file}': {why}"),
                &format!("failed to remove '{file}': {why}"),
            );
            code = 1;
        }
    }
    Step::Exit(code)
}

/// `mkdir`.
pub fn mkdir(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "m");
    let parents = args.has("p") || args.long("parents");
    let mut code = 0;
    for file in &args.rest {
        let (path, at) = (cx.path(file), cx.at);
        let result = if parents {
            cx.k.disk.make_dirs(&path, at, cx.around)
        } else {
            cx.k.disk.make_dir(&path, at, cx.around)
        };
        if let Err(why) = result {
            let why = why.text();
            complain(
                cx,
                "mkdir",
                &format!("can't create directory '{file}': {why}"),
                &format!("cannot create directory '{file}': {why}"),
            );
            code = 1;
        }
    }
    Step::Exit(code)
}

/// `mktemp`.
pub fn mktemp(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "p");
    let pattern = args
        .rest
        .first()
        .cloned()
        .unwrap_or_else(|| "/tmp/tmp.XXXXXX".to_owned());
    let stem = pattern.trim_end_matches('X').to_owned();
    let (path, at) = (cx.path(&format!("{stem}{:06}", cx.pid)), cx.at);
    let result = if args.has("d") {
        cx.k.disk.make_dir(&path, at, cx.around)
    } else {
        cx.k.disk.truncate(&path, at, cx.around)
    };
    match result {
        Ok(()) => {
            cx.out(&format!("{path}\n"));
            Step::Exit(0)
        }
        Err(why) => {
            complain(cx, "mktemp", why.text(), why.text());
            Step::Exit(1)
        }
    }
}

/// Where a source goes: into the target when that is a directory.
fn target_for(cx: &mut Cx, source: &str, target: &str) -> String {
    let path = cx.path(target);
    let is_dir = cx.k.disk.stat(&path, cx.around).is_ok_and(|e| e.is_dir());
    if is_dir && name_of(source) != "." && !name_of(source).is_empty() {
        join(&path, name_of(source))
    } else {
        path
    }
}

fn copy(cx: &mut Cx, from: &str, to: &str, recursive: bool) -> Result<(), Errno> {
    let mut open = vec![(from.to_owned(), to.to_owned())];
    let mut steps = 0;
    while let Some((from, to)) = open.pop() {
        steps += 1;
        if steps > 10_000 {
            return Err(Errno::Loop);
        }
        let entry = if recursive {
            cx.k.disk.lstat(&from, cx.around)?
        } else {
            cx.k.disk.stat(&from, cx.around)?
        };
        let at = cx.at;
        match entry.kind {
            Kind::Dir if !recursive => return Err(Errno::IsDir),
            Kind::Dir => {
                if to.starts_with(&format!("{from}/")) {
                    return Err(Errno::Invalid);
                }
                match cx.k.disk.make_dir(&to, at, cx.around) {
                    Ok(()) | Err(Errno::Exists) => {}
                    Err(why) => return Err(why),
                }
                for name in cx.k.disk.list(&from, cx.around)? {
                    open.push((join(&from, &name), join(&to, &name)));
                }
            }
            Kind::File(_) | Kind::Link(_) => {
                let entry = Entry { at, ..entry };
                cx.k.disk.put(&to, entry, cx.around)?;
            }
        }
    }
    Ok(())
}

/// `cp`.
pub fn cp(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "t");
    let recursive = args.has("rRa") || args.long("recursive") || args.long("archive");
    let mut rest = args.rest.clone();
    let Some(target) = args
        .value("t")
        .map(str::to_owned)
        .or_else(|| rest.pop())
        .filter(|_| !rest.is_empty())
    else {
        complain(cx, "cp", "missing file operand", "missing file operand");
        return Step::Exit(1);
    };
    let mut code = 0;
    for source in &rest {
        let (from, to) = (cx.path(source), target_for(cx, source, &target));
        cx.presume(&from, recursive);
        let result = match source.as_str() {
            "/dev/null" => {
                let at = cx.at;
                cx.k.disk.truncate(&to, at, cx.around)
            }
            _ => copy(cx, &from, &to, recursive),
        };
        match result {
            Ok(()) => {}
            Err(Errno::IsDir) => {
                complain(
                    cx,
                    "cp",
                    &format!("omitting directory '{source}'"),
                    &format!("-r not specified; omitting directory '{source}'"),
                );
                code = 1;
            }
            Err(why) if cx.k.disk.lstat(&from, cx.around).is_err() => {
                let why = why.text();
                complain(
                    cx,
                    "cp",
                    &format!("can't stat '{source}': {why}"),
                    &format!("cannot stat '{source}': {why}"),
                );
                code = 1;
            }
            Err(why) => {
                let why = why.text();
                let (bb, gnu) = (
                    format!("can't create '{target}': {why}"),
                    format!("cannot create regular file '{target}': {why}"),
                );
                complain(cx, "cp", &bb, &gnu);
                code = 1;
            }
        }
    }
    Step::Exit(code)
}

/// `mv`.
pub fn mv(cx: &mut Cx, argv: &[String]) -> Step {
    let mut rest = Args::read(argv, "").rest;
    let Some(target) = rest.pop().filter(|_| !rest.is_empty()) else {
        complain(cx, "mv", "missing file operand", "missing file operand");
        return Step::Exit(1);
    };
    let mut code = 0;
    for source in &rest {
        let (from, to) = (cx.path(source), target_for(cx, source, &target));
        if from == to {
            continue;
        }
        let result = copy(cx, &from, &to, true).and_then(|()| cx.k.disk.remove(&from, cx.around));
        if let Err(why) = result {
            let why = why.text();
            let missing = cx.k.disk.lstat(&from, cx.around).is_err();
            let gnu = if missing {
                format!("cannot stat '{source}': {why}")
            } else {
                format!("cannot move '{source}' to '{target}': {why}")
            };
            complain(cx, "mv", &format!("can't rename '{source}': {why}"), &gnu);
            code = 1;
        }
    }
    Step::Exit(code)
}

/// `ln`. A hard link is made as a copy.
pub fn ln(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    let mut rest = args.rest.clone();
    let target = if rest.len() > 1 {
        rest.pop()
    } else {
        rest.first().map(|s| name_of(s).to_owned())
    };
    let Some(target) = target else {
        complain(cx, "ln", "missing file operand", "missing file operand");
        return Step::Exit(1);
    };
    for source in &rest {
        let to = if args.has("nT") {
            cx.path(&target)
        } else {
            target_for(cx, source, &target)
        };
        let from = cx.path(source);
        if args.has("f") {
            let _ = cx.k.disk.remove_file(&to, cx.around);
        }
        let result = if cx.k.disk.lstat(&to, cx.around).is_ok() {
            Err(Errno::Exists)
        } else if args.has("s") {
            let entry = Entry {
                kind: Kind::Link(Rc::from(source.as_str())),
                mode: 0o777,
                at: cx.at,
            };
            cx.k.disk.put(&to, entry, cx.around)
        } else {
            copy(cx, &from, &to, false)
        };
        if let Err(why) = result {
            let why = why.text();
            complain(
                cx,
                "ln",
                &format!("{to}: {why}"),
                &format!("failed to create symbolic link '{to}': {why}"),
            );
            return Step::Exit(1);
        }
    }
    Step::Exit(0)
}

/// The mode that a text makes of another: `755`, `+x`, `u+rw,go-w`.
fn mode_of(text: &str, mut mode: u16) -> Option<u16> {
    if let Ok(octal) = u16::from_str_radix(text, 8) {
        return (octal <= 0o7777).then_some(octal);
    }
    for clause in text.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let (who, rest) = clause.split_at(at);
        let mut bits = 0;
        for c in rest.chars().skip(1) {
            bits |= match c {
                'r' => 0o444,
                'w' => 0o222,
                'x' | 'X' => 0o111,
                's' | 't' => 0,
                _ => return None,
            };
        }
        let mut mask = 0;
        for c in who.chars() {
            mask |= match c {
                'u' => 0o700,
                'g' => 0o070,
                'o' => 0o007,
                'a' => 0o777,
                _ => return None,
            };
        }
        let mask = if who.is_empty() {
            if bits & 0o222 != 0 { 0o755 } else { 0o777 }
        } else {
            mask
        };
        match rest.chars().next()? {
            '+' => mode |= bits & mask,
            '-' => mode &= !(bits & mask),
            _ => mode = (mode & !mask) | (bits & mask),
        }
    }
    Some(mode)
}

/// `chmod`.
pub fn chmod(cx: &mut Cx, argv: &[String]) -> Step {
    // A mode such as `-x` is no flag.
    let words: Vec<&String> = argv
        .iter()
        .skip(1)
        .filter(|a| !matches!(a.as_str(), "-R" | "-v" | "-f" | "-c" | "--"))
        .collect();
    let Some((text, files)) = words.split_first() else {
        complain(cx, "chmod", "missing operand", "missing operand");
        return Step::Exit(1);
    };
    let mut code = 0;
    for file in files {
        let path = cx.path(file);
        let Ok(entry) = cx.k.disk.stat(&path, cx.around) else {
            complain(
                cx,
                "chmod",
                &format!("{file}: No such file or directory"),
                &format!("cannot access '{file}': No such file or directory"),
            );
            code = 1;
            continue;
        };
        let Some(mode) = mode_of(text, entry.mode) else {
            complain(
                cx,
                "chmod",
                &format!("invalid mode '{text}'"),
                &format!("invalid mode: '{text}'"),
            );
            return Step::Exit(1);
        };
        if let Err(why) = cx.k.disk.update(&path, cx.around, |e| e.mode = mode) {
            complain(
                cx,
                "chmod",
                &format!("{file}: {}", why.text()),
                &format!("changing permissions of '{file}': {}", why.text()),
            );
            code = 1;
        }
    }
    Step::Exit(code)
}

/// `1M`, `512`, `1GiB` in bytes.
fn bytes(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = match unit.chars().next().map(|c| c.to_ascii_uppercase()) {
        None | Some('B' | 'C') => 1,
        Some('K') => 1 << 10,
        Some('M') => 1 << 20,
        Some('G') => 1 << 30,
        Some(_) => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

/// Makes a file of a size, as far as the tree holds that much.
fn fill(cx: &mut Cx, path: &str, size: u64) -> Result<(), Errno> {
    let kept = size.min(4_096) as usize;
    if size > kept as u64 {
        cx.k.note(
            NoteKind::NotModelled,
            "large files are kept short: their sizes and full disks are not simulated",
            None,
        );
    }
    let entry = Entry::file(Rc::new("\0".repeat(kept)), cx.at);
    cx.k.disk.put(path, entry, cx.around)
}

/// `dd`.
pub fn dd(cx: &mut Cx, argv: &[String]) -> Step {
    let value = |name: &str| {
        argv.iter()
            .find_map(|a| a.strip_prefix(name)?.strip_prefix('='))
            .map(str::to_owned)
    };
    let block = value("bs").and_then(|t| bytes(&t)).unwrap_or(512);
    let count = value("count").and_then(|t| bytes(&t));
    let input = value("if").unwrap_or_default();
    let endless = matches!(input.as_str(), "/dev/zero" | "/dev/urandom" | "/dev/random");
    let text = if endless || input.is_empty() {
        Ok(Rc::default())
    } else {
        read_file(cx, &input)
    };
    let text = match text {
        Ok(text) => text,
        Err(why) => {
            complain(
                cx,
                "dd",
                &format!("can't open '{input}': {why}"),
                &format!("failed to open '{input}': {why}"),
            );
            return Step::Exit(1);
        }
    };
    let size = if endless {
        block.saturating_mul(count.unwrap_or(1 << 20))
    } else {
        text.len() as u64
    };
    if let Some(output) = value("of").filter(|o| o != "/dev/null") {
        let path = cx.path(&output);
        let result = if endless {
            fill(cx, &path, size)
        } else {
            let entry = Entry::file(text, cx.at);
            cx.k.disk.put(&path, entry, cx.around)
        };
        if let Err(why) = result {
            complain(
                cx,
                "dd",
                &format!("can't open '{output}': {}", why.text()),
                &format!("failed to open '{output}': {}", why.text()),
            );
            return Step::Exit(1);
        }
    }
    let blocks = size.checked_div(block).unwrap_or(0);
    cx.err(&format!("{blocks}+0 records in\n{blocks}+0 records out\n"));
    // About 500 MB a second.
    let takes = crate::time::Duration::from_micros((size / 500).min(60_000_000) as i64);
    Step::Become(
        super::super::kernel::Body::Later(super::super::kernel::Later {
            at: cx.at + takes,
            out: Vec::new(),
            code: 0,
        }),
        takes,
    )
}

/// `truncate -s` and `fallocate -l`.
pub fn truncate(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "sl");
    let size = args
        .value("s")
        .or(args.value("l"))
        .or(args.value("size"))
        .and_then(bytes)
        .unwrap_or(0);
    for file in &args.rest {
        let path = cx.path(file);
        if let Err(why) = fill(cx, &path, size) {
            complain(
                cx,
                "truncate",
                &format!("{file}: {}", why.text()),
                &format!("cannot open '{file}' for writing: {}", why.text()),
            );
            return Step::Exit(1);
        }
    }
    Step::Exit(0)
}

/// The directory of a path, for those who make a file in it.
pub fn parent(path: &str) -> &str {
    split(path).map_or("/", |(p, _)| p)
}

#[cfg(test)]
mod tests {
    use super::{bytes, mode_of};

    #[test]
    fn modes_and_sizes() {
        for (text, from, want) in [
            ("755", 0o644, Some(0o755)),
            ("+x", 0o644, Some(0o755)),
            ("u+x,go-r", 0o644, Some(0o700)),
            ("a=r", 0o755, Some(0o444)),
            ("zz", 0o644, None),
        ] {
            assert_eq!(mode_of(text, from), want, "{text}");
        }
        assert_eq!(bytes("2M"), Some(2 << 20));
        assert_eq!(bytes("x"), None);
    }
}
