//! Commands that are part of the shell.

use std::rc::Rc;

use super::super::applets::{self, escapes};
use super::super::files::normal;
use super::super::kernel::Cx;
use super::super::spec::NoteKind;
use super::dialect::Dialect;
use super::frame::Frame;
use super::reading::{self, Reading};
use super::run::frames_of;
use super::{Shell, arith, condition, jobs, variables};

/// What a builtin leads to.
pub enum After {
    /// An exit code.
    Code(i32),
    /// Frames to be run.
    Frames(Vec<Frame>),
    /// The builtin `read` waits for a line.
    Reading(Reading),
    /// The shell ends.
    Exit(i32),
    /// The shell prints this and ends.
    Fatal(String, i32),
    /// Out of the function.
    Return(i32),
    /// Out of so many loops, or on with the outermost of them when the flag is set.
    Break(usize, bool),
    /// The shell becomes this; without words only redirections last.
    Exec(Vec<String>),
    /// This program, functions and builtins left aside.
    Command(Vec<String>),
    /// This command again.
    Again(Vec<String>),
}

type Builtin = fn(&mut Shell, &[String], &mut Cx) -> After;

/// The builtin of a name.
pub fn find(name: &str, dialect: Dialect) -> Option<Builtin> {
    let bash = dialect == Dialect::Bash;
    let no_dash = dialect != Dialect::Dash;
    Some(match name {
        ":" | "true" => |_, _, _| After::Code(0),
        "false" => |_, _, _| After::Code(1),
        "alias" | "unalias" | "hash" | "times" | "fg" | "bg" | "jobs" => |_, _, _| After::Code(0),
        "disown" | "shopt" | "enable" | "bind" | "history" if bash => |_, _, _| After::Code(0),
        "echo" => echo,
        "printf" => |shell, argv, cx| {
            let who = shell.arg0.to_string();
            After::Code(applets::text::printf(cx, argv, &who))
        },
        "test" | "[" => condition::test,
        "[[" if no_dash => condition::test,
        "cd" | "chdir" => cd,
        "pwd" => |_, _, cx| {
            let cwd = cx.me().map(|p| p.cwd.to_string()).unwrap_or_default();
            cx.out(&format!("{cwd}\n"));
            After::Code(0)
        },
        "exit" | "logout" => |shell, argv, _| match argv.get(1) {
            None => After::Exit(shell.ending.unwrap_or(shell.status)),
            Some(text) => match text.parse::<i64>() {
                Ok(code) if code < 0 && shell.dialect != Dialect::Bash => number_error(shell, "exit", text),
                Ok(code) => After::Exit((code & 0xff) as i32),
                Err(_) => number_error(shell, "exit", text),
            },
        },
        "return" => |shell, argv, _| match argv.get(1).map(|t| (t, t.parse::<i64>())) {
            None => After::Return(shell.status),
            Some((_, Ok(code))) => After::Return((code & 0xff) as i32),
            Some((text, Err(_))) => number_error(shell, "return", text),
        },
        "break" => |_, argv, _| After::Break(levels(argv), false),
        "continue" => |_, argv, _| After::Break(levels(argv), true),
        "export" | "readonly" => variables::export,
        "declare" | "typeset" if bash => |shell, argv, cx| {
            if argv.iter().any(|a| a.starts_with('-') && a.contains(['a', 'A'])) {
                cx.k.note(NoteKind::NotModelled, "arrays are not supported", None);
            }
            variables::local(shell, argv, cx)
        },
        "local" => variables::local,
        "unset" => |shell, argv, _| {
            for name in argv.get(1..).unwrap_or(&[]) {
                if name.starts_with('-') {
                    continue;
                }
                if !shell.unset(name) {
                    return After::Fatal(shell.dialect.readonly(name), 2);
                }
                Rc::make_mut(&mut shell.functions).remove(name);
            }
            After::Code(0)
        },
        "set" => variables::set,
        "shift" => |shell, argv, _| {
            let n = argv.get(1).map_or(1, |t| t.parse::<usize>().unwrap_or(usize::MAX));
            if n > shell.positional.len() {
                if shell.dialect == Dialect::Dash {
                    return After::Fatal("shift: can't shift that many".to_owned(), 2);
                }
                return After::Code(1);
            }
            Rc::make_mut(&mut shell.positional).drain(..n);
            After::Code(0)
        },
        "read" => reading::read,
        "trap" => jobs::trap,
        "wait" => jobs::wait,
        "exec" => |_, argv, _| {
            let mut rest = argv.get(1..).unwrap_or(&[]);
            while rest.first().is_some_and(|a| matches!(a.as_str(), "--" | "-c" | "-l")) {
                rest = rest.get(1..).unwrap_or(&[]);
            }
            After::Exec(rest.to_vec())
        },
        "eval" => |shell, argv, _| match frames_of(shell, &argv.get(1..).unwrap_or(&[]).join(" ")) {
            Ok(frames) if frames.is_empty() => After::Code(0),
            Ok(frames) => After::Frames(frames),
            Err(text) => After::Fatal(text, 2),
        },
        "." => source,
        "source" if no_dash => source,
        "command" | "type" => command,
        "builtin" if bash => |_, argv, _| After::Again(argv.get(1..).unwrap_or(&[]).to_vec()),
        "kill" => |shell, argv, cx| {
            let arg0 = shell.arg0.to_string();
            let known = shell.jobs.clone();
            After::Code(applets::process::kill(cx, argv, &arg0, &known))
        },
        "let" if no_dash => |shell, argv, _| {
            let mut value = 0;
            for text in argv.get(1..).unwrap_or(&[]) {
                match arith::evaluate(text, shell) {
                    Ok(n) => value = n,
                    Err(_) => return After::Fatal("arithmetic syntax error".to_owned(), 2),
                }
            }
            After::Code(i32::from(value == 0))
        },
        "umask" => |_, argv, cx| {
            if argv.len() == 1 {
                cx.out("0022\n");
            }
            After::Code(0)
        },
        "ulimit" => |_, argv, cx| {
            if argv.len() <= 2 {
                cx.out(if argv.get(1).is_some_and(|a| a == "-n") {
                    "1048576\n"
                } else {
                    "unlimited\n"
                });
            }
            After::Code(0)
        },
        "getopts" => variables::getopts,
        _ => return None,
    })
}

fn levels(argv: &[String]) -> usize {
    argv.get(1).and_then(|t| t.parse().ok()).unwrap_or(1).max(1)
}

/// A message of a builtin.
pub(super) fn complain(shell: &Shell, name: &str, text: &str, cx: &mut Cx) {
    cx.err(&shell.dialect.message(&shell.arg0, shell.line, Some(name), text));
}

fn number_error(shell: &Shell, name: &str, text: &str) -> After {
    match shell.dialect {
        Dialect::Ash => After::Fatal(format!("{name}: line 0: Illegal number: {text}"), 2),
        Dialect::Dash => After::Fatal(format!("{name}: Illegal number: {text}"), 2),
        Dialect::Bash => After::Fatal(format!("{name}: {text}: numeric argument required"), 2),
    }
}

/// A word as `set -x` shows it.
pub fn traced(text: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Dash => text.to_owned(),
        Dialect::Ash if text == "]" => text.to_owned(),
        Dialect::Ash if text.contains('=') => format!("'{}'", text.replace('\'', "'\\''")),
        Dialect::Bash if matches!(text, "[" | "]") => text.to_owned(),
        _ => quote(text),
    }
}

/// A word in quotes unless it needs none.
pub fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,+@%^".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

fn echo(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let mut words = argv.get(1..).unwrap_or(&[]);
    let (mut newline, mut escaped) = (true, shell.dialect == Dialect::Dash);
    while let Some((first, rest)) = words.split_first() {
        let flags = first.strip_prefix('-').unwrap_or("");
        let allowed = if shell.dialect == Dialect::Dash { "n" } else { "neE" };
        if flags.is_empty() || !flags.chars().all(|c| allowed.contains(c)) {
            break;
        }
        newline &= !flags.contains('n');
        for flag in flags.chars().filter(|c| *c != 'n') {
            escaped = flag == 'e';
        }
        words = rest;
    }
    let mut text = words.join(" ");
    if escaped {
        let (plain, stop) = escapes::unescape(&text);
        text = plain;
        newline &= !stop;
    }
    if newline {
        text.push('\n');
    }
    After::Code(if cx.out(&text) || text.is_empty() { 0 } else { 1 })
}

fn cd(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let target = match argv.iter().skip(1).find(|a| !matches!(a.as_str(), "-P" | "-L" | "--")) {
        Some(t) if t == "-" => shell.var("OLDPWD").unwrap_or("/").to_owned(),
        Some(t) => t.clone(),
        None => shell.var("HOME").unwrap_or("/").to_owned(),
    };
    let path = cx.path(&target);
    let why = match cx.k.disk.stat(&path, cx.around) {
        Ok(entry) if entry.is_dir() => None,
        Ok(_) => Some("Not a directory"),
        Err(e) => Some(e.text()),
    };
    if let Some(why) = why {
        let (text, code) = match shell.dialect {
            Dialect::Ash => (format!("can't cd to {target}: {why}"), 2),
            Dialect::Dash => (format!("can't cd to {target}"), 2),
            Dialect::Bash => (format!("{target}: {why}"), 1),
        };
        complain(shell, "cd", &text, cx);
        return After::Code(code);
    }
    let old = cx.me().map(|p| p.cwd.to_string()).unwrap_or_default();
    shell.set("OLDPWD", &old);
    shell.set("PWD", &path);
    if argv.get(1).is_some_and(|a| a == "-") {
        cx.out(&format!("{path}\n"));
    }
    if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
        process.cwd = Rc::from(normal("/", &path));
    }
    After::Code(0)
}

fn source(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let Some(file) = argv.get(1) else {
        return After::Fatal("filename argument required".to_owned(), 2);
    };
    let path = cx.path(file);
    match cx.k.disk.read(&path, cx.around) {
        Ok(text) => match frames_of(shell, &text) {
            Ok(mut frames) => {
                frames.insert(0, Frame::Source);
                shell.status = 0;
                After::Frames(frames)
            }
            Err(text) => After::Fatal(format!("{file}: {text}"), 2),
        },
        Err(why) => {
            let text = shell.dialect.cannot_open(file, why.text());
            match shell.dialect {
                Dialect::Ash => After::Fatal(format!(".: line 0: can't open '{file}': {}", why.text()), 2),
                Dialect::Dash => After::Fatal(format!(".: {text}"), 2),
                Dialect::Bash => {
                    cx.err(&shell.dialect.message(&shell.arg0, shell.line, None, &text));
                    After::Code(1)
                }
            }
        }
    }
}

fn command(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let kind = argv.first().is_some_and(|n| n == "type");
    let show = kind || argv.get(1).is_some_and(|a| a == "-v" || a == "-V");
    let rest: Vec<String> = argv
        .iter()
        .skip(1)
        .filter(|a| !a.starts_with('-') || !show)
        .cloned()
        .collect();
    if !show {
        let rest: Vec<String> = rest.into_iter().skip_while(|a| a == "-p" || a == "--").collect();
        return match rest.first() {
            Some(name) if find(name, shell.dialect).is_some() => After::Again(rest),
            Some(_) => After::Command(rest),
            None => After::Code(0),
        };
    }
    let mut code = 0;
    for name in &rest {
        let cwd = cx.me().map(|p| p.cwd.to_string()).unwrap_or_default();
        let there = if shell.functions.contains_key(name) || find(name, shell.dialect).is_some() {
            Some(name.clone())
        } else {
            cx.k.exists_command(name, &cwd, cx.around).ok()
        };
        match there {
            Some(path) if kind && path == *name => cx.out(&format!("{name} is a shell builtin\n")),
            Some(path) if kind => cx.out(&format!("{name} is {path}\n")),
            Some(path) => cx.out(&format!("{path}\n")),
            None => {
                code = if shell.dialect == Dialect::Bash { 1 } else { 127 };
                if kind {
                    cx.err(
                        &shell
                            .dialect
                            .message(&shell.arg0, shell.line, None, &format!("{name}: not found")),
                    );
                }
                true
            }
        };
    }
    After::Code(code)
}
