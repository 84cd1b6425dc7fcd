//! Builtins about variables and options: export, readonly, local, set, getopts.

use std::rc::Rc;

use super::super::kernel::Cx;
use super::builtins::{After, complain};
use super::dialect::Dialect;
use super::frame::Frame;
use super::parse::is_name;
use super::{Shell, Var};

pub(super) fn export(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
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

pub(super) fn local(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
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

pub(super) fn set(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
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

pub(super) fn getopts(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
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
