//! Commands that are part of the shell.

use std::rc::Rc;

use super::super::applets::{self, escapes};
use super::super::files::normal;
use super::super::io::Read;
use super::super::kernel::{Cx, Pid, Step};
use super::super::launch::Missing;
use super::super::signal::Signal;
use super::super::spec::NoteKind;
use super::dialect::Dialect;
use super::frame::Frame;
use super::parse::is_name;
use super::run::{Flow, frames_of};
use super::{Shell, Var, arith, condition};
use crate::time::{Duration, Instant};

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

/// The builtin `read` at work.
#[derive(Clone, Debug)]
pub struct Reading {
    names: Vec<String>,
    raw: bool,
    fd: u32,
    line: String,
    until: Option<Instant>,
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
        "export" | "readonly" => export,
        "declare" | "typeset" if bash => |shell, argv, cx| {
            if argv.iter().any(|a| a.starts_with('-') && a.contains(['a', 'A'])) {
                cx.k.note(NoteKind::NotModelled, "arrays are not modelled", None);
            }
            local(shell, argv, cx)
        },
        "local" => local,
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
        "set" => set,
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
        "read" => read,
        "trap" => trap,
        "wait" => wait,
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
            let jobs = shell.jobs.clone();
            After::Code(applets::process::kill(cx, argv, &arg0, &jobs))
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
        "getopts" => getopts,
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

fn export(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let export = argv.first().is_some_and(|n| n == "export");
    let names: Vec<&String> = argv.iter().skip(1).filter(|a| *a != "-p" && *a != "--").collect();
    if names.is_empty() {
        let word = if export { "export" } else { "readonly" };
        let lines: String = shell
            .vars
            .iter()
            .filter(|(_, v)| if export { v.exported } else { v.readonly })
            .map(|(n, v)| format!("{word} {n}='{}'\n", v.value.replace('\'', "'\\''")))
            .collect();
        cx.out(&lines);
        return After::Code(0);
    }
    let off = names.iter().any(|n| *n == "-n");
    for text in names {
        let (name, value) = text
            .split_once('=')
            .map_or((text.as_str(), None), |(n, v)| (n, Some(v)));
        if name == "-n" || name == "-f" {
            continue;
        }
        if !is_name(name) {
            let word = if export { "export" } else { "readonly" };
            return After::Fatal(format!("{word}: {name}: bad variable name"), 2);
        }
        if let Some(value) = value
            && !shell.set(name, value)
        {
            return After::Fatal(shell.dialect.readonly(name), 2);
        }
        let known = shell.vars.contains_key(name);
        if known || !export {
            let var = Rc::make_mut(&mut shell.vars).entry(name.to_owned()).or_default();
            if export {
                var.exported = !off;
            } else {
                var.readonly = true;
            }
        } else {
            // `export X` before `X=…`: remembered with an empty value.
            let var = Var {
                exported: !off,
                ..Var::default()
            };
            Rc::make_mut(&mut shell.vars).insert(name.to_owned(), var);
        }
    }
    After::Code(0)
}

fn local(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let declares = argv.first().is_some_and(|n| n != "local");
    let call = shell.frames.iter().rposition(|f| matches!(f, Frame::Call { .. }));
    if call.is_none() && !declares {
        complain(shell, "local", "not in a function", cx);
        return if shell.dialect == Dialect::Bash {
            After::Code(1)
        } else {
            After::Exit(2)
        };
    }
    for text in argv.get(1..).unwrap_or(&[]).iter().filter(|a| !a.starts_with('-')) {
        let (name, value) = text
            .split_once('=')
            .map_or((text.as_str(), None), |(n, v)| (n, Some(v)));
        if !is_name(name) {
            continue;
        }
        let old = shell.vars.get(name).cloned();
        if let Some(Frame::Call { locals, .. }) = call.and_then(|i| shell.frames.get_mut(i)) {
            locals.push((name.to_owned(), old));
        }
        match value {
            Some(value) => {
                shell.set(name, value);
            }
            None if shell.dialect == Dialect::Bash && !declares => {
                shell.unset(name);
            }
            None => {}
        }
    }
    After::Code(0)
}

fn set(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let mut rest = argv.get(1..).unwrap_or(&[]);
    if rest.is_empty() {
        let lines: String = shell
            .vars
            .iter()
            .map(|(n, v)| format!("{n}='{}'\n", v.value.replace('\'', "'\\''")))
            .collect();
        cx.out(&lines);
        return After::Code(0);
    }
    while let Some((first, more)) = rest.split_first() {
        let on = first.starts_with('-');
        if first == "--" || first == "-" {
            shell.positional = Rc::new(more.to_vec());
            return After::Code(0);
        }
        let Some(flags) = first.strip_prefix(['-', '+']) else {
            shell.positional = Rc::new(rest.to_vec());
            return After::Code(0);
        };
        rest = more;
        for flag in flags.chars() {
            if flag == 'o' {
                if let Some((name, more)) = rest.split_first() {
                    rest = more;
                    if !shell.options.by_name(name, on) || name == "pipefail" && shell.dialect == Dialect::Dash {
                        return After::Fatal(format!("set: Illegal option -o {name}"), 2);
                    }
                }
            } else if !shell.options.by_letter(flag, on) {
                return After::Fatal(format!("set: Illegal option -{flag}"), 2);
            }
        }
    }
    After::Code(0)
}

fn read(_: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let mut reading = Reading {
        names: Vec::new(),
        raw: false,
        fd: 0,
        line: String::new(),
        until: None,
    };
    let mut rest = argv.get(1..).unwrap_or(&[]).iter();
    while let Some(word) = rest.next() {
        let Some(flags) = word.strip_prefix('-').filter(|_| reading.names.is_empty()) else {
            reading.names.push(word.clone());
            continue;
        };
        for (i, flag) in flags.char_indices() {
            match flag {
                'r' => reading.raw = true,
                'p' | 't' | 'n' | 'd' | 'u' | 'a' | 'N' => {
                    let tail = flags.get(i + 1..).unwrap_or("");
                    let value = if tail.is_empty() {
                        rest.next().cloned().unwrap_or_default()
                    } else {
                        tail.to_owned()
                    };
                    match flag {
                        't' => {
                            let span = applets::misc::seconds(&value).unwrap_or(Duration::ZERO);
                            // Ten milliseconds at least, so that a loop around it is no spin.
                            reading.until = Some(cx.at + span.max(Duration::from_millis(10)));
                        }
                        'u' => reading.fd = value.parse().unwrap_or(0),
                        _ => {}
                    }
                    break;
                }
                _ => {}
            }
        }
    }
    if reading.names.is_empty() {
        reading.names.push("REPLY".to_owned());
    }
    After::Reading(reading)
}

/// Goes on with `read`.
pub(super) fn reading(shell: &mut Shell, cx: &mut Cx) -> Flow {
    let Some(Frame::Reading(reading)) = shell.frames.last_mut() else {
        return Flow::Go;
    };
    let Some(open) = cx.fd(reading.fd) else {
        shell.frames.pop();
        return shell.done(1, cx);
    };
    let code = match cx.k.read_line(open) {
        Read::Data(text) => {
            let ended = text.ends_with('\n');
            reading.line.push_str(text.trim_end_matches('\n'));
            if ended && !reading.raw && reading.line.ends_with('\\') {
                reading.line.pop();
                return Flow::Go;
            }
            i32::from(!ended)
        }
        Read::Wait => match reading.until {
            Some(until) if until <= cx.at => 142,
            Some(until) => return Flow::Stop(Step::At(until)),
            None => return Flow::Stop(Step::Block),
        },
        _ => 1,
    };
    let Some(Frame::Reading(reading)) = shell.frames.pop() else {
        return Flow::Go;
    };
    let ifs = shell.var("IFS").unwrap_or(" \t\n").to_owned();
    let blank = |c: char| ifs.contains(c) && c.is_ascii_whitespace();
    let mut rest = reading.line.trim_matches(blank).to_owned();
    let last = reading.names.len().saturating_sub(1);
    for (i, name) in reading.names.iter().enumerate() {
        let value = if i == last {
            std::mem::take(&mut rest)
        } else {
            let end = rest.find(|c: char| ifs.contains(c)).unwrap_or(rest.len());
            let tail = rest.split_off(end);
            let mut chars = tail.chars();
            chars.next();
            std::mem::replace(&mut rest, chars.as_str().trim_start_matches(blank).to_owned())
        };
        let value = if reading.raw {
            value
        } else {
            value.replace("\\\\", "\u{0}").replace('\\', "").replace('\u{0}', "\\")
        };
        shell.set(name, &value);
    }
    shell.done(code, cx)
}

fn trap(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let rest: Vec<&String> = argv.iter().skip(1).filter(|a| *a != "--").collect();
    let Some((action, names)) = rest.split_first() else {
        let mut lines = String::new();
        if let Some(action) = &shell.exit_trap {
            lines.push_str(&format!("trap -- '{action}' EXIT\n"));
        }
        for (signal, action) in shell.traps.iter() {
            lines.push_str(&format!("trap -- '{action}' {}\n", signal.name()));
        }
        cx.out(&lines);
        return After::Code(0);
    };
    if *action == "-l" || *action == "-p" {
        return After::Code(0);
    }
    // `trap TERM` alone resets the signal.
    let (action, names): (Option<&String>, Vec<&String>) = if names.is_empty() {
        (None, vec![*action])
    } else if *action == "-" {
        (None, names.to_vec())
    } else {
        (Some(*action), names.to_vec())
    };
    for name in names {
        if name == "EXIT" || name == "0" {
            shell.exit_trap = action.map(|a| Rc::from(a.as_str()));
        } else if let Some(signal) = Signal::parse(name) {
            let traps = Rc::make_mut(&mut shell.traps);
            match action {
                Some(action) => {
                    traps.insert(signal, action.clone());
                }
                None => {
                    traps.remove(&signal);
                }
            }
        } else if matches!(name.as_str(), "ERR" | "DEBUG" | "RETURN") && shell.dialect == Dialect::Bash {
            cx.k.note(NoteKind::NotModelled, format!("trap {name} is not modelled"), None);
        } else {
            let text = match shell.dialect {
                Dialect::Ash => format!("{name}: invalid signal specification"),
                Dialect::Dash => format!("{name}: bad trap"),
                Dialect::Bash => format!("{name}: invalid signal specification"),
            };
            complain(shell, "trap", &text, cx);
            return After::Code(1);
        }
    }
    After::Code(0)
}

fn wait(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let mut pids: Vec<Pid> = Vec::new();
    for text in argv.get(1..).unwrap_or(&[]) {
        if text == "-n" {
            continue;
        }
        let pid = match text.strip_prefix('%') {
            Some(job) => job
                .parse::<usize>()
                .ok()
                .and_then(|n| shell.jobs.get(n.checked_sub(1)?).copied()),
            None => text.parse::<Pid>().ok(),
        };
        let known = pid.filter(|p| {
            shell.jobs.contains(p) || cx.me().is_some_and(|me| me.reaped.iter().any(|(pid, _, _)| pid == p))
        });
        match known {
            Some(pid) => pids.push(pid),
            None => {
                shell.status = 127;
                if shell.dialect == Dialect::Bash {
                    complain(shell, "wait", &format!("pid {text} is not a child of this shell"), cx);
                }
                return After::Code(127);
            }
        }
    }
    if pids.is_empty() {
        pids = shell
            .jobs
            .iter()
            .copied()
            .filter(|p| cx.k.processes.contains_key(p))
            .collect();
        shell.jobs.retain(|p| pids.contains(p));
        if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
            process.reaped.clear();
        }
        shell.status = 0;
        if pids.is_empty() {
            return After::Code(0);
        }
    }
    After::Frames(vec![Frame::Jobs { pids }])
}

/// Goes on with `wait`.
pub(super) fn jobs(shell: &mut Shell, cx: &mut Cx) -> Flow {
    let Some(Frame::Jobs { pids }) = shell.frames.last_mut() else {
        return Flow::Go;
    };
    let (mut code, mut notice, all) = (None, None, pids.clone());
    if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
        process.reaped.retain(|(pid, status, signal)| {
            let mine = pids.contains(pid);
            if mine {
                pids.retain(|p| p != pid);
                code = Some(*status);
                notice = signal.and_then(Signal::death_notice);
            }
            !mine
        });
    }
    let over = pids.is_empty();
    if let Some(code) = code {
        shell.status = code;
    }
    if let Some(notice) = notice.filter(|_| shell.dialect != Dialect::Bash) {
        cx.err(&format!("{notice}\n"));
    }
    if !over {
        return Flow::Stop(Step::Block);
    }
    shell.frames.pop();
    shell.jobs.retain(|p| !all.contains(p));
    let code = shell.status;
    shell.done(code, cx)
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
            match cx.k.exists_command(name, &cwd, cx.around) {
                Ok(path) => Some(path),
                Err(Missing::NotFound | Missing::NoEntry | Missing::Denied) => None,
            }
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

fn getopts(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let (Some(options), Some(name)) = (argv.get(1), argv.get(2)) else {
        return After::Code(2);
    };
    let args = argv
        .get(3..)
        .filter(|a| !a.is_empty())
        .map_or_else(|| shell.positional.to_vec(), <[String]>::to_vec);
    if shell.var("OPTIND").and_then(|t| t.parse::<usize>().ok()) == Some(1) && shell.getopts.1 == 0 {
        shell.getopts = (1, 0);
    }
    let (mut index, mut offset) = shell.getopts;
    let flag = args
        .get(index - 1)
        .and_then(|a| a.strip_prefix('-'))
        .filter(|a| !a.is_empty())
        .map(str::to_owned);
    let Some(flags) = flag.filter(|f| f != "-") else {
        shell.set("OPTIND", &index.to_string());
        shell.set(name, "?");
        return After::Code(1);
    };
    let letter = flags.chars().nth(offset).unwrap_or('?');
    let place = options.find(letter).filter(|_| letter != ':');
    let takes = place.is_some_and(|i| options.get(i + letter.len_utf8()..).is_some_and(|r| r.starts_with(':')));
    offset += 1;
    let over = offset >= flags.chars().count();
    if takes {
        let tail: String = flags.chars().skip(offset).collect();
        let value = if tail.is_empty() {
            index += 1;
            args.get(index - 1).cloned()
        } else {
            Some(tail)
        };
        shell.set("OPTARG", &value.unwrap_or_default());
        index += 1;
        offset = 0;
    } else if over {
        index += 1;
        offset = 0;
    }
    shell.getopts = (index, offset);
    shell.set("OPTIND", &index.to_string());
    if place.is_none() {
        shell.set(name, "?");
        if !options.starts_with(':') {
            cx.err(
                &shell
                    .dialect
                    .message(&shell.arg0, shell.line, None, &format!("illegal option -{letter}")),
            );
        }
    } else {
        shell.set(name, &letter.to_string());
    }
    After::Code(0)
}
