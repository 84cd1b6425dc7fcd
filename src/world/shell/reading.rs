//! The builtin `read`.

use super::super::applets;
use super::super::io::Read;
use super::super::kernel::{Cx, Step};
use super::Shell;
use super::builtins::After;
use super::frame::Frame;
use super::run::Flow;
use crate::time::{Duration, Instant};

/// The builtin `read` at work.
#[derive(Clone, Debug)]
pub struct Reading {
    names: Vec<String>,
    raw: bool,
    fd: u32,
    line: String,
    until: Option<Instant>,
}

pub(super) fn read(_: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
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
