//! Builtins about signals and children: trap, wait.

use std::rc::Rc;

use super::super::kernel::{Cx, Pid, Step};
use super::super::signal::Signal;
use super::super::spec::NoteKind;
use super::Shell;
use super::builtins::{After, complain};
use super::dialect::Dialect;
use super::frame::Frame;
use super::run::Flow;

pub(super) fn trap(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
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
            cx.k.note(NoteKind::NotModelled, format!("trap {name} is not supported"), None);
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

pub(super) fn wait(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
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
