//! Tools about processes: ps, kill, killall, env, timeout, xargs.

use std::rc::Rc;

use super::super::images::{ServerKind, Tools};
use super::super::kernel::{Body, Cx, Pid, Step};
use super::super::launch::process_like;
use super::super::signal::Signal;
use super::{Args, Running, complain, go_on, info, misc};
use crate::map::Map;
use crate::sort;
use crate::time::Duration;

/// `kill`, as a program and as a builtin of the shell named `who`.
pub fn kill(cx: &mut Cx, argv: &[String], who: &str, jobs: &[Pid]) -> i32 {
    let mut words = argv.get(1..).unwrap_or(&[]);
    let mut signal = Some(Signal::TERM);
    match words.first().map(String::as_str) {
        Some("-l" | "-L") => {
            let names: Vec<String> = match words.get(1).and_then(|n| n.parse::<u8>().ok()) {
                Some(n) => vec![Signal(if n > 128 { n - 128 } else { n }).name()],
                None => (1..=15).map(|n| Signal(n).name()).collect(),
            };
            cx.out(&format!("{}\n", names.join(" ")));
            return 0;
        }
        Some("-s" | "-n") => {
            let name = words.get(1).cloned().unwrap_or_default();
            signal = Signal::parse(&name);
            if signal.is_none() && name != "0" {
                cx.err(&format!("{who}: bad signal name '{name}'\n"));
                return 1;
            }
            words = words.get(2..).unwrap_or(&[]);
        }
        Some("--") => words = words.get(1..).unwrap_or(&[]),
        Some(flag) if flag.starts_with('-') && flag.len() > 1 => {
            let name = flag.trim_start_matches('-');
            signal = Signal::parse(name);
            if signal.is_none() && name != "0" {
                cx.err(&format!("{who}: bad signal name '{name}'\n"));
                return 1;
            }
            words = words.get(1..).unwrap_or(&[]);
            if words.first().is_some_and(|w| w == "--") {
                words = words.get(1..).unwrap_or(&[]);
            }
        }
        _ => {}
    }
    if words.is_empty() {
        cx.err(&format!("{who}: you need to specify whom to kill\n"));
        return 1;
    }
    let mut code = 0;
    for word in words {
        let target = match word.strip_prefix('%') {
            Some(job) => job
                .parse::<usize>()
                .ok()
                .and_then(|n| jobs.get(n.checked_sub(1)?))
                .map(|p| i64::from(*p)),
            None => word.parse::<i64>().ok(),
        };
        let Some(target) = target else {
            cx.err(&format!("{who}: invalid number '{word}'\n"));
            code = 1;
            continue;
        };
        if !send(cx, target, signal) {
            let text = match (cx.k.spec.image.tools, argv.first().map(String::as_str)) {
                (Tools::Busybox, _) => format!("{who}: can't kill pid {target}: No such process\n"),
                (Tools::Gnu, _) => format!("{who}: 1: kill: No such process\n\n"),
            };
            cx.err(&text);
            code = 1;
        }
    }
    code
}

/// Sends a signal, or only asks when there is none; false when nobody is there.
fn send(cx: &mut Cx, target: i64, signal: Option<Signal>) -> bool {
    if target <= 0 {
        // A group, or everybody: all but PID 1, the sender last.
        let everybody = target == -1;
        let others: Vec<Pid> = match u32::try_from(-target) {
            Ok(group) if group > 1 => cx.k.processes.keys().copied().filter(|p| *p == group).collect(),
            _ => {
                cx.k.processes
                    .keys()
                    .copied()
                    .filter(|p| *p != cx.pid && (*p != cx.k.init || !everybody))
                    .collect()
            }
        };
        let found = !others.is_empty();
        if let Some(signal) = signal {
            for pid in others {
                cx.k.signal(pid, signal, true);
            }
            if !everybody {
                cx.k.signal(cx.pid, signal, true);
            }
        }
        return found || !everybody;
    }
    let Ok(pid) = u32::try_from(target) else {
        return false;
    };
    if cx
        .k
        .processes
        .get(&pid)
        .is_some_and(|p| p.dying.is_none_or(|(at, _, _)| at > cx.at))
    {
        if let Some(signal) = signal {
            cx.k.signal(pid, signal, true);
        }
        return true;
    }
    cx.around.signal_neighbour(pid, signal)
}

/// The name a process goes by.
fn name_of(argv: &[String]) -> &str {
    let first = argv.first().map_or("", String::as_str);
    first.rsplit('/').next().unwrap_or(first)
}

/// Processes with one of these names (`-f`: with it anywhere in the command).
fn named(cx: &Cx, names: &[String], anywhere: bool) -> Vec<Pid> {
    cx.k.processes
        .iter()
        .filter(|(pid, p)| {
            **pid != cx.pid
                && p.dying.is_none_or(|(at, _, _)| at > cx.at)
                && names.iter().any(|n| {
                    if anywhere {
                        p.argv.join(" ").contains(n.as_str())
                    } else {
                        name_of(&p.argv) == n || shown(&p.body, n)
                    }
                })
        })
        .map(|(pid, _)| *pid)
        .collect()
}

/// A server goes by its program's name also when its entrypoint's script started it.
fn shown(body: &Body, name: &str) -> bool {
    matches!(body, Body::Server(server) if name == "nginx" && server.is_nginx())
}

/// `killall` and `pkill`.
pub fn killall(cx: &mut Cx, argv: &[String]) -> Step {
    let tool = name_of(argv).to_owned();
    let (mut signal, mut quiet, mut anywhere, mut names) = (Some(Signal::TERM), false, false, Vec::new());
    let mut words = argv.iter().skip(1);
    while let Some(word) = words.next() {
        match word.strip_prefix('-') {
            Some("q") => quiet = true,
            Some("f") if tool == "pkill" => anywhere = true,
            Some("x" | "e" | "o" | "n" | "w" | "v") => {}
            Some("s") => signal = words.next().and_then(|s| Signal::parse(s)),
            Some("0") => signal = None,
            Some(name) => match Signal::parse(name) {
                Some(parsed) => signal = Some(parsed),
                None => {
                    cx.err(&format!("{tool}: bad signal name '{name}'\n"));
                    return Step::Exit(1);
                }
            },
            None => names.push(word.clone()),
        }
    }
    let mut code = 0;
    for name in &names {
        let found = named(cx, std::slice::from_ref(name), anywhere);
        if found.is_empty() {
            if !quiet && tool == "killall" {
                complain(
                    cx,
                    &tool,
                    &format!("{name}: no process killed"),
                    &format!("{name}: no process found"),
                );
            }
            code = 1;
        }
        if let Some(signal) = signal {
            for pid in found {
                cx.k.signal(pid, signal, true);
            }
        }
    }
    Step::Exit(code)
}

/// `pgrep` and `pidof`.
pub fn pidof(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "o");
    let one_line = name_of(argv) == "pidof";
    let mut found = named(cx, &args.rest, args.has("f"));
    if one_line {
        found.reverse();
    }
    if found.is_empty() {
        return Step::Exit(1);
    }
    let texts: Vec<String> = found.iter().map(u32::to_string).collect();
    cx.out(&format!("{}\n", texts.join(if one_line { " " } else { "\n" })));
    Step::Exit(0)
}

/// `ps`.
pub fn ps(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "opuC");
    let mut rows: Vec<(u32, u32, String)> =
        cx.k.processes
            .iter()
            .filter(|(_, p)| p.dying.is_none_or(|(at, _, _)| at > cx.at))
            .map(|(pid, p)| (*pid, p.ppid, p.argv.join(" ")))
            .collect();
    if cx.k.spec.pid1_shared {
        rows.push((1, 0, "/pause".to_owned()));
        rows.extend(cx.around.neighbours().into_iter().map(|r| (r.pid, r.ppid, r.args)));
        sort::sort(&mut rows);
        rows.dedup_by_key(|r| r.0);
    }
    let columns: Vec<String> = match args.value("o") {
        Some(list) => list.split(',').map(|c| c.trim_end_matches('=').to_owned()).collect(),
        None if cx.k.spec.image.tools == Tools::Gnu => ["pid", "tty", "time", "args"].map(str::to_owned).to_vec(),
        None => ["pid", "user", "time", "args"].map(str::to_owned).to_vec(),
    };
    let mut out = String::new();
    let (last, bare) = (
        columns.len().saturating_sub(1),
        args.value("o").is_some_and(|o| o.ends_with('=')),
    );
    let cell = |column: &str, row: Option<&(u32, u32, String)>| -> (String, usize) {
        let number = |n: Option<u32>, title: &str| (n.map_or(title.to_owned(), |n| format!("{n:>5}")), 5);
        let text = |t: Option<&str>, title: &str, wide| (t.unwrap_or(title).to_owned(), wide);
        match column {
            "pid" => number(row.map(|r| r.0), "PID"),
            "ppid" => number(row.map(|r| r.1), "PPID"),
            "user" => text(row.map(|_| "root"), "USER", 8),
            "tty" => text(row.map(|_| "?"), "TTY", 8),
            "time" => text(row.map(|_| "0:00"), "TIME", 5),
            "comm" => text(row.map(|r| r.2.split(' ').next().unwrap_or("")), "COMMAND", 16),
            _ => text(row.map(|r| r.2.as_str()), "COMMAND", 16),
        }
    };
    for row in (if bare { None } else { Some(None) })
        .into_iter()
        .chain(rows.iter().map(Some))
    {
        let cells: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(i, column)| {
                let (text, wide) = cell(column, row);
                if i == last { text } else { format!("{text:<wide$}") }
            })
            .collect();
        out.push_str(cells.join(" ").trim_end());
        out.push('\n');
    }
    cx.out(&out);
    Step::Exit(0)
}

/// Becomes another program, as `exec` does.
fn become_program(cx: &mut Cx, tool: &str, argv: Vec<String>, env: Option<Map<String, String>>) -> Step {
    if argv.is_empty() {
        return Step::Exit(0);
    }
    let cwd = cx.path(".");
    let main = cx.me().is_some_and(|p| p.exec.is_none());
    match cx.k.look_up(&argv, &cwd, main, cx.around) {
        Ok(what) => {
            if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
                process.argv = Rc::new(argv);
                if let Some(env) = env {
                    process.env = Rc::new(env);
                }
            }
            Step::Become(Body::Begin(what), Duration::ZERO)
        }
        Err(_) => {
            let name = argv.first().cloned().unwrap_or_default();
            let gnu = format!("'{name}': No such file or directory");
            complain(
                cx,
                tool,
                &format!("can't execute '{name}': No such file or directory"),
                &gnu,
            );
            Step::Exit(127)
        }
    }
}

/// The script of an image's entrypoint: prepares, then becomes what follows it; flags alone are the server's.
pub fn entrypoint(cx: &mut Cx, argv: &[String]) -> Step {
    let mut words = argv.get(1..).unwrap_or(&[]).to_vec();
    let image = cx.k.spec.image.clone();
    if words.is_empty() {
        words.clone_from(&image.cmd);
    } else if words.first().is_some_and(|w| w.starts_with('-')) {
        words.splice(0..0, image.cmd.first().cloned());
    }
    let program = words.first().map_or("", String::as_str);
    let base = program.rsplit('/').next().unwrap_or(program);
    if image.programs.iter().any(|p| p == base) {
        if image.server == ServerKind::Nginx {
            super::nginx::prepare(cx);
        }
        if let Some(text) = cx.lacking(image.line, &words) {
            cx.err(&text);
            return Step::Exit(1);
        }
    }
    become_program(cx, "docker-entrypoint.sh", words, None)
}

/// `env`, alone or before a command.
pub fn env(cx: &mut Cx, argv: &[String]) -> Step {
    let mut env = cx.me().map(|p| (*p.env).clone()).unwrap_or_default();
    let mut words = argv.get(1..).unwrap_or(&[]);
    while let Some((first, rest)) = words.split_first() {
        match first.as_str() {
            "-i" | "-" => env.clear(),
            "-u" => {
                if let Some(name) = rest.first() {
                    env.remove(name);
                }
                words = rest.get(1..).unwrap_or(&[]);
                continue;
            }
            "--" => {
                words = rest;
                break;
            }
            text => match text.split_once('=') {
                Some((name, value)) => {
                    env.insert(name.to_owned(), value.to_owned());
                }
                None => break,
            },
        }
        words = rest;
    }
    if words.is_empty() {
        if let Some(process) = cx.k.processes.get_mut(&cx.pid) {
            process.env = Rc::new(env);
        }
        return info::environment(cx);
    }
    become_program(cx, "env", words.to_vec(), Some(env))
}

/// Programs that run the rest of their command line in their own place: nohup, nice, tini.
pub fn wrapper(cx: &mut Cx, argv: &[String]) -> Step {
    let tool = name_of(argv).to_owned();
    let mut words = argv.iter().skip(1).peekable();
    let skip = match tool.as_str() {
        "su-exec" | "gosu" | "chroot" => 1,
        _ => 0,
    };
    while words.peek().is_some_and(|w| w.starts_with('-')) {
        let flag = words.next().map_or("", String::as_str);
        if flag == "--" {
            break;
        }
        if matches!(flag, "-n" | "-c") {
            words.next();
        }
    }
    become_program(cx, &tool, words.skip(skip).cloned().collect(), None)
}

/// Starts a child that shares this process's descriptors.
fn child(cx: &mut Cx, tool: &str, argv: Vec<String>) -> Result<Pid, i32> {
    let cwd = cx.path(".");
    let main = cx.me().is_some_and(|p| p.exec.is_none());
    let what = match cx.k.look_up(&argv, &cwd, main, cx.around) {
        Ok(what) => what,
        Err(_) => {
            let name = argv.first().cloned().unwrap_or_default();
            complain(
                cx,
                tool,
                &format!("{name}: No such file or directory"),
                &format!("{name}: No such file or directory"),
            );
            return Err(127);
        }
    };
    let Some(me) = cx.me() else {
        return Err(1);
    };
    let mut process = process_like(me, cx.pid, Rc::new(argv), Body::Begin(what), cx.at);
    process.fds = me.fds.clone();
    for open in process.fds.values().copied().collect::<Vec<_>>() {
        cx.k.retain(open);
    }
    let spawn = cx.k.spec.latencies.spawn;
    cx.k.spawn(process, spawn).ok_or(1)
}

/// `timeout`.
pub fn timeout(cx: &mut Cx, argv: &[String]) -> Step {
    let mut words = argv.iter().skip(1).peekable();
    let (mut signal, mut span) = (Signal::TERM, None);
    while let Some(word) = words.peek() {
        let Some(flag) = word.strip_prefix('-') else {
            break;
        };
        let flag = flag.to_owned();
        words.next();
        match flag.as_str() {
            "s" => signal = words.next().and_then(|s| Signal::parse(s)).unwrap_or(signal),
            "k" => {
                words.next();
            }
            // Old busybox: `timeout -t SECS PROG`.
            "t" => span = words.next().and_then(|s| misc::seconds(s)),
            flag => {
                if let Some(name) = flag.strip_prefix("-signal=").or(flag.strip_prefix('s')) {
                    signal = Signal::parse(name).unwrap_or(signal);
                }
            }
        }
    }
    let span = span.or_else(|| words.next().and_then(|s| misc::seconds(s)));
    let Some(span) = span else {
        complain(cx, "timeout", "invalid number", "invalid time interval");
        return Step::Exit(125);
    };
    match child(cx, "timeout", words.cloned().collect()) {
        Ok(pid) => go_on(Running::Timeout {
            pid,
            until: cx.at + span,
            signal,
            sent: false,
        }),
        Err(code) => Step::Exit(code),
    }
}

/// `xargs`: one call with all words, or one for each with `-n 1` and `-I`, run as a script.
pub fn xargs(cx: &mut Cx, argv: &[String]) -> Step {
    let _ = argv;
    super::with_input(cx, argv, &[], |_, _, _| 0).map_whole(|cx, argv, text| {
        let quote = crate::world::shell::builtins::quote;
        let (mut rest, mut each, mut place, mut empty) = (argv.iter().skip(1).peekable(), None, None, false);
        while let Some(flag) = rest.peek().and_then(|w| w.strip_prefix('-')) {
            let flag = flag.to_owned();
            rest.next();
            match flag.as_str() {
                "r" => empty = true,
                "0" | "t" => {}
                "n" | "L" | "P" => {
                    let n = rest.next().and_then(|n| n.parse::<usize>().ok());
                    if flag != "P" {
                        each = n;
                    }
                }
                "I" => place = rest.next().cloned(),
                "i" => place = Some("{}".to_owned()),
                other => {
                    if let Some(n) = other.strip_prefix('n') {
                        each = n.parse().ok();
                    } else if let Some(mark) = other.strip_prefix('I') {
                        place = Some(mark.to_owned());
                    }
                }
            }
        }
        let mut command: Vec<String> = rest.cloned().collect();
        if command.is_empty() {
            command.push("echo".to_owned());
        }
        let lines: Vec<String> = match &place {
            Some(mark) => text
                .lines()
                .filter(|l| !l.trim().is_empty())
                .map(|l| {
                    command
                        .iter()
                        .map(|w| quote(&w.replace(mark.as_str(), l.trim())))
                        .collect::<Vec<_>>()
                        .join(" ")
                })
                .collect(),
            None => {
                let words: Vec<String> = text
                    .split(['\n', ' ', '\t', '\0'])
                    .filter(|w| !w.is_empty())
                    .map(quote)
                    .collect();
                if words.is_empty() && empty {
                    Vec::new()
                } else {
                    let head: Vec<String> = command.iter().map(|w| quote(w)).collect();
                    let head = head.join(" ");
                    let size = each.unwrap_or(words.len()).max(1);
                    if words.is_empty() {
                        vec![head]
                    } else {
                        words.chunks(size).map(|c| format!("{head} {}", c.join(" "))).collect()
                    }
                }
            }
        };
        let mut script = lines.join(" || r=123; ");
        if !script.is_empty() {
            script.push_str(" || r=123; exit ${r:-0}");
        }
        cx.k.script_of(cx.pid, &script);
        0
    })
}

trait MapWhole {
    fn map_whole(self, then: super::Whole) -> Self;
}

impl MapWhole for Step {
    fn map_whole(self, then: super::Whole) -> Step {
        match self {
            Step::Become(Body::Applet(running), after) => match *running {
                Running::Whole { text, .. } => {
                    Step::Become(Body::Applet(Box::new(Running::Whole { then, text })), after)
                }
                other => Step::Become(Body::Applet(Box::new(other)), after),
            },
            other => other,
        }
    }
}

/// `which`.
pub fn which(cx: &mut Cx, argv: &[String]) -> Step {
    let mut code = 0;
    for name in argv.iter().skip(1).filter(|a| !a.starts_with('-')) {
        match cx.k.exists_command(name, "/", cx.around) {
            Ok(path) => {
                cx.out(&format!("{path}\n"));
            }
            Err(_) => code = 1,
        }
    }
    Step::Exit(code)
}
