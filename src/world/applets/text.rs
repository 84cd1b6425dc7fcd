//! Tools that read text and write text: cat, head, tail, wc, tr, cut, tee, printf.

use super::super::kernel::{Cx, Step};
use super::super::shell::redirect::open_write;
use super::{Args, Count, Running, complain, escapes, go_on, read_file, with_input};

/// `printf` with its `%` directions; the format is used again while there are arguments.
///
/// `who` stands before its complaints: the shell's name when it is a builtin.
pub fn printf(cx: &mut Cx, argv: &[String], who: &str) -> i32 {
    let mut words = argv.get(1..).unwrap_or(&[]);
    if words.first().is_some_and(|w| w == "--") {
        words = words.get(1..).unwrap_or(&[]);
    }
    let Some((format, mut args)) = words.split_first() else {
        cx.err("printf: usage: printf format [arguments]\n");
        return 2;
    };
    let (mut out, mut code) = (String::new(), 0);
    loop {
        let before = args.len();
        let stop = one_pass(cx, format, &mut args, &mut out, &mut code, who);
        if stop || args.is_empty() || args.len() == before || out.len() > 1 << 16 {
            break;
        }
    }
    cx.out(&out);
    code
}

fn one_pass(cx: &mut Cx, format: &str, args: &mut &[String], out: &mut String, code: &mut i32, who: &str) -> bool {
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (text, stop) = escapes::unescape(rest.get(..at).unwrap_or(""));
        out.push_str(&text);
        if stop {
            return true;
        }
        rest = rest.get(at + 1..).unwrap_or("");
        let end = rest
            .find(|c: char| !"-+ #0123456789.*".contains(c))
            .unwrap_or(rest.len());
        let (flags, tail) = rest.split_at(end);
        let mut chars = tail.chars();
        let Some(kind) = chars.next() else {
            out.push('%');
            return true;
        };
        rest = chars.as_str();
        if kind == '%' {
            out.push('%');
            continue;
        }
        let mut flags = flags.to_owned();
        while flags.contains('*') {
            let value = take(args);
            flags = flags.replacen('*', value.trim(), 1);
        }
        let arg = take(args);
        let mut wrong = false;
        let mut number = |text: &str| -> i64 {
            let t = text.trim();
            if t.is_empty() {
                return 0;
            }
            if let Some(c) = t.strip_prefix(['\'', '"']).and_then(|t| t.chars().next()) {
                return i64::from(u32::from(c));
            }
            let parsed = match t.strip_prefix("0x") {
                Some(hex) => i64::from_str_radix(hex, 16),
                None => t.parse(),
            };
            parsed.unwrap_or_else(|_| {
                wrong = true;
                0
            })
        };
        let body = match kind {
            's' => arg.clone(),
            'b' => escapes::unescape(&arg).0,
            'c' => arg.chars().take(1).collect(),
            'd' | 'i' | 'u' => number(&arg).to_string(),
            'x' => format!("{:x}", number(&arg)),
            'X' => format!("{:X}", number(&arg)),
            'o' => format!("{:o}", number(&arg)),
            'f' | 'e' | 'g' => decimal(&arg, precision(&flags).unwrap_or(6)),
            'q' => crate::world::shell::builtins::quote(&arg),
            other => format!("%{other}"),
        };
        let strict = cx.k.spec.image.tools == super::Tools::Busybox && arg.is_empty();
        if (wrong || strict) && "diuxXo".contains(kind) {
            *code = 1;
            cx.err(&format!("{who}: invalid number '{arg}'\n"));
        }
        out.push_str(&pad(&body, &flags, kind));
    }
    let (text, stop) = escapes::unescape(rest);
    out.push_str(&text);
    stop
}

fn take(args: &mut &[String]) -> String {
    match args.split_first() {
        Some((first, rest)) => {
            *args = rest;
            first.clone()
        }
        None => String::new(),
    }
}

fn precision(flags: &str) -> Option<usize> {
    flags
        .split_once('.')
        .map(|(_, p)| p.parse::<usize>().unwrap_or(0).min(100))
}

/// A decimal number with so many digits after the point, without floating point.
fn decimal(text: &str, digits: usize) -> String {
    let (whole, frac) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let whole = if whole.is_empty() { "0" } else { whole };
    if digits == 0 {
        return whole.to_owned();
    }
    let frac: String = frac.chars().chain(std::iter::repeat('0')).take(digits).collect();
    format!("{whole}.{frac}")
}

fn pad(body: &str, flags: &str, kind: char) -> String {
    let left = flags.contains('-');
    let (head, _) = flags.split_once('.').unwrap_or((flags, ""));
    let digits = head.trim_start_matches(['-', '+', ' ', '#', '0']);
    let zero = head.trim_start_matches(['-', '+', ' ', '#']).starts_with('0');
    let width = digits.parse::<usize>().unwrap_or(0).min(4_096);
    let mut body = match precision(flags) {
        Some(p) if matches!(kind, 's' | 'b') => body.chars().take(p).collect(),
        Some(p) if matches!(kind, 'd' | 'i' | 'u' | 'x' | 'X' | 'o') => format!("{body:0>p$}"),
        _ => body.to_owned(),
    };
    if flags.contains('+') && matches!(kind, 'd' | 'i') && !body.starts_with('-') {
        body.insert(0, '+');
    }
    let missing = width.saturating_sub(body.chars().count());
    if left {
        body.push_str(&" ".repeat(missing));
        body
    } else if zero && !matches!(kind, 's' | 'b' | 'c') {
        let at = usize::from(body.starts_with(['-', '+']));
        body.insert_str(at, &"0".repeat(missing));
        body
    } else {
        format!("{}{body}", " ".repeat(missing))
    }
}

/// `cat`.
pub fn cat(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    if args.rest.is_empty() || args.rest.iter().all(|f| f == "-" || f == "/dev/stdin") {
        return go_on(Running::Lines {
            each: |cx, argv, line, count| {
                let numbered = argv.iter().any(|a| a == "-n");
                let text = if numbered {
                    format!("{:6}\t{line}", count.lines)
                } else {
                    line.to_owned()
                };
                cx.out(&text);
                None
            },
            end: |_| 0,
            count: Count::default(),
        });
    }
    let (mut code, mut number) = (0, 0);
    for file in &args.rest {
        match read_file(cx, file) {
            Ok(text) if args.has("n") => {
                for line in text.lines() {
                    number += 1;
                    cx.out(&format!("{number:6}\t{line}\n"));
                }
            }
            Ok(text) => {
                cx.out(&text);
            }
            Err(why) => {
                let gnu = format!("{file}: {why}");
                let bb = if why == "Is a directory" {
                    "read error: Is a directory".to_owned()
                } else {
                    format!("can't open '{file}': {why}")
                };
                complain(cx, "cat", &bb, &gnu);
                code = 1;
            }
        }
    }
    Step::Exit(code)
}

/// The number after `-n`, `-c`, or `-` itself, with its sign.
fn how_many(argv: &[String], flag: &str) -> Option<(char, usize)> {
    let args = Args::read(argv, "ncs");
    let old = argv
        .iter()
        .skip(1)
        .find_map(|a| a.strip_prefix('-').filter(|t| t.parse::<usize>().is_ok()));
    let text = args.value(flag).or(if flag == "n" {
        args.value("lines").or(old)
    } else {
        args.value("bytes")
    })?;
    let sign = text.chars().next().filter(|c| "+-".contains(*c)).unwrap_or(' ');
    text.trim_start_matches(['+', '-']).parse().ok().map(|n| (sign, n))
}

/// `head`.
pub fn head(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "nc");
    let bytes = how_many(argv, "c");
    if bytes.is_none() && args.rest.is_empty() && how_many(argv, "n").is_none_or(|(s, _)| s != '-') {
        return go_on(Running::Lines {
            each: |cx, argv, line, count| {
                let n = how_many(argv, "n").map_or(10, |(_, n)| n);
                if n == 0 {
                    return Some(0);
                }
                cx.out(line);
                (count.lines >= n).then_some(0)
            },
            end: |_| 0,
            count: Count::default(),
        });
    }
    with_input(cx, argv, &args.rest, |cx, argv, text| {
        let part: String = match (how_many(argv, "c"), how_many(argv, "n")) {
            (Some((_, n)), _) => text.chars().take(n).collect(),
            (None, Some(('-', n))) => {
                let lines: Vec<&str> = text.split_inclusive('\n').collect();
                lines.get(..lines.len().saturating_sub(n)).unwrap_or(&[]).concat()
            }
            (None, n) => text.split_inclusive('\n').take(n.map_or(10, |(_, n)| n)).collect(),
        };
        cx.out(&part);
        0
    })
}

fn tail_of(argv: &[String], text: &str) -> String {
    match (how_many(argv, "c"), how_many(argv, "n")) {
        (Some((sign, n)), _) => {
            let chars: Vec<char> = text.chars().collect();
            let from = if sign == '+' {
                n.saturating_sub(1)
            } else {
                chars.len().saturating_sub(n)
            };
            chars.iter().skip(from).collect()
        }
        (None, n) => {
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let (sign, n) = n.unwrap_or((' ', 10));
            let from = if sign == '+' {
                n.saturating_sub(1)
            } else {
                lines.len().saturating_sub(n)
            };
            lines.get(from..).unwrap_or(&[]).concat()
        }
    }
}

/// `tail`, with `-f` and `-F`.
pub fn tail(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "ncs");
    let follow = args.has("fF") || args.long("follow");
    let path = args.rest.first().map(|file| cx.path(file)).unwrap_or_default();
    match path.as_str() {
        // It waits for the end of a line, and keeps what it has read.
        "/dev/zero" if !args.has("c") => return super::serve::hoard(cx),
        "/dev/zero" | "/dev/urandom" | "/dev/random" => return go_on(Running::Pause),
        _ => {}
    }
    if follow && let Some(file) = args.rest.first() {
        let path = cx.path(file);
        if path == "/dev/null" {
            return go_on(Running::Pause);
        }
        cx.presume(&path, false);
        let text = cx.k.disk.read(&path, cx.around);
        if let Err(why) = &text {
            let why = why.text();
            complain(
                cx,
                "tail",
                &format!("can't open '{file}': {why}"),
                &format!("cannot open '{file}' for reading: {why}"),
            );
            if !args.has("F") {
                complain(cx, "tail", "no files", "no files remaining");
                return Step::Exit(1);
            }
        }
        let text = text.unwrap_or_default();
        cx.out(&tail_of(argv, &text));
        return go_on(Running::Follow {
            path,
            shown: text.len(),
        });
    }
    if follow {
        return go_on(Running::Pause);
    }
    with_input(cx, argv, &args.rest, |cx, argv, text| {
        cx.out(&tail_of(argv, text));
        0
    })
}

/// `tac` and `rev`.
pub fn backwards(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    with_input(cx, argv, &args.rest, |cx, argv, text| {
        let out: String = if argv.first().is_some_and(|n| n.ends_with("tac")) {
            text.lines().rev().map(|l| format!("{l}\n")).collect()
        } else {
            text.lines()
                .map(|l| format!("{}\n", l.chars().rev().collect::<String>()))
                .collect()
        };
        cx.out(&out);
        0
    })
}

/// `wc`.
pub fn wc(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    with_input(cx, argv, &args.rest, |cx, argv, text| {
        let args = Args::read(argv, "");
        let counts = [
            ("l", text.matches('\n').count()),
            ("w", text.split_whitespace().count()),
            ("c", text.len()),
        ];
        let gnu = cx.k.spec.image.tools == super::Tools::Gnu;
        let all = !args.has("lwcm");
        let chosen: Vec<usize> = counts
            .iter()
            .filter(|(f, _)| all || args.has(f) || *f == "c" && args.has("m"))
            .map(|(_, n)| *n)
            .collect();
        let name = args.rest.first().map(|f| format!(" {f}")).unwrap_or_default();
        let line = match chosen.as_slice() {
            [one] => one.to_string(),
            many if gnu => many.iter().map(|n| format!("{n:>7}")).collect::<Vec<_>>().join(" "),
            many => many.iter().map(|n| format!("{n:>9}")).collect::<Vec<_>>().join(" "),
        };
        cx.out(&format!("{line}{name}\n"));
        0
    })
}

/// The characters a set of `tr` stands for.
fn set_of(text: &str) -> Vec<char> {
    for (name, low, high) in [
        ("[:upper:]", 'A', 'Z'),
        ("[:lower:]", 'a', 'z'),
        ("[:digit:]", '0', '9'),
    ] {
        if text == name {
            return (low..=high).collect();
        }
    }
    match text {
        "[:space:]" => return " \t\n\r\u{b}\u{c}".chars().collect(),
        "[:alnum:]" => return ('0'..='9').chain('A'..='Z').chain('a'..='z').collect(),
        "[:alpha:]" => return ('A'..='Z').chain('a'..='z').collect(),
        "[:punct:]" => return ('!'..='~').filter(char::is_ascii_punctuation).collect(),
        _ => {}
    }
    let chars: Vec<char> = escapes::unescape(text).0.chars().collect();
    let (mut set, mut i) = (Vec::new(), 0);
    while let Some(&c) = chars.get(i) {
        match (chars.get(i + 1), chars.get(i + 2)) {
            (Some('-'), Some(&high)) if c <= high => {
                set.extend((c..=high).take(256));
                i += 3;
            }
            _ => {
                set.push(c);
                i += 1;
            }
        }
    }
    set
}

/// `tr`.
pub fn tr(cx: &mut Cx, argv: &[String]) -> Step {
    with_input(cx, argv, &[], |cx, argv, text| {
        let args = Args::read(argv, "");
        let (from, to) = match args.rest.as_slice() {
            [from, to] => (set_of(from), set_of(to)),
            [from] => (set_of(from), Vec::new()),
            _ => {
                complain(cx, "tr", "missing operand", "missing operand");
                return 1;
            }
        };
        let inside = |c: char| from.contains(&c) != args.has("cC");
        let (mut out, mut last) = (String::new(), None);
        for c in text.chars() {
            let new = if !inside(c) {
                Some(c)
            } else if args.has("d") {
                None
            } else if to.is_empty() {
                Some(c)
            } else {
                let place = from.iter().position(|f| *f == c).unwrap_or(usize::MAX);
                to.get(place).or(to.last()).copied()
            };
            let Some(new) = new else {
                continue;
            };
            let squeeze = args.has("s") && inside(c) && last == Some(new);
            if !squeeze {
                out.push(new);
            }
            last = Some(new);
        }
        cx.out(&out);
        0
    })
}

/// Whether a list such as `1,3-5,7-` has a number.
fn in_list(list: &str, n: usize) -> bool {
    list.split(',').any(|part| match part.split_once('-') {
        Some((low, high)) => {
            let low = low.parse().unwrap_or(1);
            let high = if high.is_empty() {
                usize::MAX
            } else {
                high.parse().unwrap_or(0)
            };
            low <= n && n <= high
        }
        None => part.parse() == Ok(n),
    })
}

/// `cut`.
pub fn cut(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "dfcb");
    with_input(cx, argv, &args.rest, |cx, argv, text| {
        let args = Args::read(argv, "dfcb");
        let between = args.value("d").unwrap_or("\t");
        let mut out = String::new();
        for line in text.lines() {
            if let Some(list) = args.value("c").or(args.value("b")) {
                out.extend(
                    line.chars()
                        .enumerate()
                        .filter(|(i, _)| in_list(list, i + 1))
                        .map(|(_, c)| c),
                );
            } else if let Some(list) = args.value("f") {
                if !between.is_empty() && line.contains(between) {
                    let fields: Vec<&str> = line
                        .split(between)
                        .enumerate()
                        .filter(|(i, _)| in_list(list, i + 1))
                        .map(|(_, f)| f)
                        .collect();
                    out.push_str(&fields.join(between));
                } else if args.has("s") {
                    continue;
                } else {
                    out.push_str(line);
                }
            }
            out.push('\n');
        }
        cx.out(&out);
        0
    })
}

/// `tee`.
pub fn tee(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    for (file, n) in args.rest.iter().zip(10_u32..) {
        match open_write(file, args.has("a"), cx) {
            Ok(open) => {
                if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
                    process.fds.insert(n, open);
                }
            }
            Err(why) => complain(
                cx,
                "tee",
                &format!("{file}: {}", why.text()),
                &format!("{file}: {}", why.text()),
            ),
        }
    }
    go_on(Running::Lines {
        each: |cx, _, line, _| {
            let extra: Vec<u32> = cx
                .me()
                .map(|p| p.fds.keys().copied().filter(|fd| *fd >= 10).collect())
                .unwrap_or_default();
            cx.out(line);
            for fd in extra {
                cx.write(fd, line);
            }
            None
        },
        end: |_| 0,
        count: Count::default(),
    })
}
