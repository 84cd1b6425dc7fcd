//! The small tools that manifests use.
//!
//! A tool is a function that does its work at once and says how it ends, or becomes a [`Running`] that goes on over time.

pub mod database;
pub mod escapes;
pub mod files;
pub mod info;
pub mod misc;
pub mod network;
pub mod nginx;
pub mod process;
pub mod regex;
pub mod sed;
pub mod serve;
pub mod text;

mod awk;
mod list;
mod search;
mod sorting;

use std::rc::Rc;

use super::images::Tools;
use super::io::Read;
use super::kernel::{Body, Cx, Pid, Step};
use super::signal::Signal;
use crate::time::{Duration, Instant};

/// Bytes a tool keeps of what it reads.
const MAX_INPUT: usize = 1 << 20;
/// Steps of a line that a tool reads: its words are read anew for each.
const LINE: u64 = 4;

/// A tool.
#[derive(Clone, Copy, Debug)]
pub struct Applet(pub(super) fn(&mut Cx, &[String]) -> Step);

/// Does something with the whole input; the exit code.
pub type Whole = fn(&mut Cx, &[String], &str) -> i32;

/// Does something with a line (newline included if it had one); an exit code ends the tool.
pub type Each = fn(&mut Cx, &[String], &str, &mut Count) -> Option<i32>;

/// What a tool that works line by line remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Lines so far.
    pub lines: usize,
    /// Lines that mattered.
    pub hits: usize,
}

/// A tool that goes on over time.
#[derive(Clone, Debug)]
pub enum Running {
    /// Reads its input to the end.
    Whole {
        /// What comes then.
        then: Whole,
        /// Text so far.
        text: String,
    },
    /// Works line by line.
    Lines {
        /// On each line.
        each: Each,
        /// At the end: the exit code.
        end: fn(&Count) -> i32,
        /// What is remembered.
        count: Count,
    },
    /// `tail -f`: how much of which file is shown.
    Follow {
        /// The file.
        path: String,
        /// Bytes shown.
        shown: usize,
    },
    /// Waits for ever.
    Pause,
    /// `timeout`: a child and its end.
    Timeout {
        /// The child.
        pid: Pid,
        /// When it is sent the signal.
        until: Instant,
        /// The signal.
        signal: Signal,
        /// It was sent.
        sent: bool,
    },
    /// `yes`: how long it waits before the next lines.
    Yes(Duration),
    /// `ping`: the number of the next answer, and how many there are.
    Ping(u32, u32),
    /// `watch`, `xargs` and their like wait for a child and then end with its code.
    Child(Pid),
}

impl Running {
    /// Goes on.
    pub fn run(&mut self, cx: &mut Cx) -> Step {
        let argv = cx.me().map(|p| p.argv.clone()).unwrap_or_default();
        match self {
            Running::Whole { then, text } => {
                let Some(open) = cx.fd(0) else {
                    return Step::Exit(then(cx, &argv, text));
                };
                loop {
                    match cx.k.read_open(open) {
                        Read::Data(more) => {
                            if text.len() < MAX_INPUT {
                                text.push_str(&more);
                            }
                        }
                        Read::Wait => return Step::Block,
                        _ => return Step::Exit(then(cx, &argv, text)),
                    }
                }
            }
            Running::Lines { each, end, count } => {
                let Some(open) = cx.fd(0) else {
                    return Step::Exit(end(count));
                };
                loop {
                    if cx.k.meter.is_full() {
                        return Step::At(cx.at);
                    }
                    match cx.k.read_line(open) {
                        Read::Data(line) => {
                            cx.k.meter.charge(LINE);
                            count.lines += 1;
                            if let Some(code) = each(cx, &argv, &line, count) {
                                return Step::Exit(code);
                            }
                            if cx.me().is_none_or(|p| p.broken) {
                                return Step::Block;
                            }
                        }
                        Read::Wait => return Step::Block,
                        _ => return Step::Exit(end(count)),
                    }
                }
            }
            Running::Follow { path, shown } => {
                let text = cx.k.disk.read(path, cx.around).unwrap_or_default();
                // A file that was replaced by a shorter one is shown from its beginning.
                let from = if text.len() < *shown { 0 } else { *shown };
                let more = text.get(from..).unwrap_or("").to_owned();
                *shown = text.len();
                cx.out(&more);
                Step::At(cx.at + Duration::from_secs(1))
            }
            Running::Pause => Step::Block,
            Running::Timeout {
                pid,
                until,
                signal,
                sent,
            } => {
                let (pid, until, signal, was_sent) = (*pid, *until, *signal, *sent);
                if let Some(code) = reaped(cx, pid) {
                    if was_sent && cx.k.spec.image.tools == Tools::Busybox && !cx.k.workstation {
                        // BusyBox runs the command in its own place, so the shell sees it die of the signal.
                        let at = cx.at;
                        if let Some(me) = cx.k.processes.get_mut(&cx.pid).filter(|_| cx.pid != 1) {
                            me.dying = Some((at, signal.exit_code(), false));
                        }
                    }
                    return Step::Exit(if was_sent && signal != Signal::KILL { 124 } else { code });
                }
                if !was_sent && until <= cx.at {
                    *sent = true;
                    cx.k.signal(pid, signal, true);
                    return Step::Block;
                }
                if was_sent { Step::Block } else { Step::At(until) }
            }
            Running::Yes(pause) => {
                let word = argv.get(1).map_or("y", String::as_str);
                let quiet = cx
                    .fd(1)
                    .is_none_or(|o| !matches!(cx.k.opens.get(&o), Some((_, super::io::Open::Pipe { .. }))));
                cx.out(&format!("{word}\n").repeat(if quiet { 1 } else { 64 }));
                *pause = Duration::from_micros((pause.micros() * 2).clamp(1_000, 1_000_000));
                Step::At(cx.at + *pause)
            }
            Running::Ping(next, count) => network::ping_on(cx, &argv, next, *count),
            Running::Child(pid) => match reaped(cx, *pid) {
                Some(code) => Step::Exit(code),
                None => Step::Block,
            },
        }
    }
}

/// The exit code of an ended child.
fn reaped(cx: &mut Cx, pid: Pid) -> Option<i32> {
    let process = cx.k.processes.get_mut(&cx.pid)?;
    let place = process.reaped.iter().position(|(p, _, _)| *p == pid)?;
    Some(process.reaped.remove(place).1)
}

/// Begins a tool.
pub fn start(applet: Applet, cx: &mut Cx, argv: &[String]) -> Step {
    (applet.0)(cx, argv)
}

/// A step that goes on as a running tool at once.
pub fn go_on(running: Running) -> Step {
    Step::Become(Body::Applet(Box::new(running)), Duration::ZERO)
}

/// The tool of a name.
pub fn find(name: &str) -> Option<Applet> {
    Some(Applet(match name {
        "true" => |_, _| Step::Exit(0),
        "false" => |_, _| Step::Exit(1),
        "echo" => misc::echo,
        "printf" => |cx, argv| Step::Exit(text::printf(cx, argv, "printf")),
        "cat" => text::cat,
        "head" => text::head,
        "tail" => text::tail,
        "tac" | "rev" => text::backwards,
        "wc" => text::wc,
        "tr" => text::tr,
        "cut" => text::cut,
        "tee" => text::tee,
        "seq" => misc::seq,
        "sort" => sorting::sort,
        "uniq" => sorting::uniq,
        "grep" | "egrep" | "fgrep" => search::grep,
        "sed" => sed::sed,
        "awk" | "gawk" | "mawk" => awk::awk,
        "expr" => misc::expr,
        "test" | "[" => misc::test,
        "basename" => misc::basename,
        "dirname" => misc::dirname,
        "base64" => misc::base64,
        "md5sum" | "sha1sum" | "sha256sum" => misc::checksum,
        "touch" => files::touch,
        "rm" | "unlink" => files::rm,
        "rmdir" => files::rmdir,
        "mkdir" => files::mkdir,
        "mktemp" => files::mktemp,
        "cp" => files::cp,
        "mv" => files::mv,
        "ln" => files::ln,
        "chmod" => files::chmod,
        "chown" | "chgrp" | "sync" | "mount" | "umount" | "sysctl" | "ulimit" | "stty" => |_, _| Step::Exit(0),
        "dd" => files::dd,
        "truncate" | "fallocate" => files::truncate,
        "ls" => list::ls,
        "find" => list::find,
        "stat" => list::stat,
        "readlink" | "realpath" => list::readlink,
        "du" | "df" => list::usage,
        "sleep" => misc::sleep,
        "usleep" => misc::sleep,
        "date" => info::date,
        "hostname" => info::hostname,
        "uname" => info::uname,
        "id" => info::id,
        "whoami" => info::whoami,
        "nproc" => info::nproc,
        "uptime" => info::uptime,
        "free" => info::free,
        "pwd" => info::pwd,
        "printenv" => info::printenv,
        "env" => process::env,
        "docker-entrypoint.sh" => process::entrypoint,
        "nohup" | "setsid" | "nice" | "ionice" | "stdbuf" | "chroot" | "busybox" | "tini" | "dumb-init" | "exec"
        | "su-exec" | "gosu" | "time" => process::wrapper,
        "timeout" => process::timeout,
        "xargs" => process::xargs,
        "ps" | "top" => process::ps,
        "kill" => |cx, argv| Step::Exit(process::kill(cx, argv, "kill", &[])),
        "killall" | "pkill" => process::killall,
        "pgrep" | "pidof" => process::pidof,
        "which" => process::which,
        "yes" => |_, _| go_on(Running::Yes(Duration::ZERO)),
        "clear" | "reset" => |_, _| Step::Exit(0),
        "wget" => network::wget,
        "curl" => network::curl,
        "nc" | "ncat" | "netcat" => network::nc,
        "nslookup" => network::nslookup,
        "host" | "dig" => network::dig,
        "getent" => network::getent,
        "ping" => network::ping,
        "nginx" => nginx::start,
        "httpd" => serve::httpd,
        "python" | "python3" | "python2" => serve::python,
        "stress" | "stress-ng" => serve::stress,
        _ => return None,
    }))
}

/// What stands before an error of a tool, and the tool's family.
pub(super) fn complain(cx: &mut Cx, tool: &str, busybox: &str, gnu: &str) {
    let text = if cx.k.spec.image.tools == Tools::Busybox || cx.k.workstation {
        busybox
    } else {
        gnu
    };
    cx.err(&format!("{tool}: {text}\n"));
}

/// Flags and operands of a command line: letters after single dashes, until `--`. `with_value` names the letters that
/// take the rest of the word or the next one.
#[derive(Clone, Debug, Default)]
pub(super) struct Args {
    flags: Vec<(String, Option<String>)>,
    pub(super) rest: Vec<String>,
}

impl Args {
    /// Reads a command line without its first word.
    pub(super) fn read(argv: &[String], with_value: &str) -> Args {
        let mut args = Args::default();
        let mut words = argv.iter().skip(1);
        while let Some(word) = words.next() {
            if word == "--" {
                args.rest.extend(words.cloned());
                break;
            }
            if let Some(long) = word.strip_prefix("--") {
                let (name, value) = long
                    .split_once('=')
                    .map_or((long, None), |(n, v)| (n, Some(v.to_owned())));
                args.flags.push((name.to_owned(), value));
                continue;
            }
            let Some(letters) = word.strip_prefix('-').filter(|l| !l.is_empty()) else {
                args.rest.push(word.clone());
                continue;
            };
            for (i, letter) in letters.char_indices() {
                if with_value.contains(letter) {
                    let tail = letters.get(i + letter.len_utf8()..).unwrap_or("");
                    let value = if tail.is_empty() {
                        words.next().cloned()
                    } else {
                        Some(tail.to_owned())
                    };
                    args.flags.push((letter.to_string(), value));
                    break;
                }
                args.flags.push((letter.to_string(), None));
            }
        }
        args
    }

    /// Whether one of these flags is given; letters one by one.
    pub(super) fn has(&self, letters: &str) -> bool {
        self.flags
            .iter()
            .any(|(f, _)| f.chars().count() == 1 && letters.contains(f.as_str()))
    }

    /// Whether a long flag is given.
    pub(super) fn long(&self, name: &str) -> bool {
        self.flags.iter().any(|(f, _)| f == name)
    }

    /// The value of a flag, the last one given.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.flags.iter().rev().find(|(f, _)| f == name)?.1.as_deref()
    }

    /// All values of a flag.
    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        self.flags
            .iter()
            .filter(|(f, _)| f == name)
            .filter_map(|(_, v)| v.as_deref())
            .collect()
    }
}

/// Hands the text of files, or of standard input when there are none, to `then`.
pub(super) fn with_input(cx: &mut Cx, argv: &[String], files: &[String], then: Whole) -> Step {
    if files.is_empty() || files.iter().all(|f| f == "-") {
        return go_on(Running::Whole {
            then,
            text: String::new(),
        });
    }
    let tool = argv
        .first()
        .map_or("", |a| a.rsplit('/').next().unwrap_or(a))
        .to_owned();
    let (mut all, mut failed) = (String::new(), false);
    for file in files {
        match read_file(cx, file) {
            Ok(text) => all.push_str(&text),
            Err(why) => {
                failed = true;
                complain(cx, &tool, &format!("{file}: {why}"), &format!("{file}: {why}"));
            }
        }
    }
    let code = then(cx, argv, &all);
    Step::Exit(if failed { code.max(1) } else { code })
}

/// The text of a file as a tool reads it.
pub(super) fn read_file(cx: &mut Cx, file: &str) -> Result<Rc<String>, &'static str> {
    let path = cx.path(file);
    if matches!(path.as_str(), "/dev/null" | "/dev/stdin" | "/dev/tty") {
        return Ok(Rc::default());
    }
    if let Some(text) = info::proc_file(cx, &path) {
        return Ok(Rc::new(text));
    }
    cx.presume(&path, false);
    cx.k.disk.read(&path, cx.around).map_err(|e| e.text())
}
