//! `test`, `[` and `[[`.

use super::super::applets::regex::Regex;
use super::super::files::Kind;
use super::super::glob;
use super::super::kernel::Cx;
use super::Shell;
use super::builtins::After;
use super::dialect::Dialect;

/// How deep brackets may be nested.
const MAX_DEPTH: usize = 40;

/// The builtins `test`, `[` and `[[`.
pub fn test(shell: &mut Shell, argv: &[String], cx: &mut Cx) -> After {
    let name = argv.first().map_or("test", String::as_str);
    let mut args = argv.get(1..).unwrap_or(&[]);
    let closing = match name {
        "[" => Some("]"),
        "[[" => Some("]]"),
        _ => None,
    };
    if let Some(closing) = closing {
        match args.split_last() {
            Some((last, rest)) if last == closing => args = rest,
            _ => {
                complain(shell, name, &format!("missing {closing}"), cx);
                return After::Code(2);
            }
        }
    }
    let mut matched = None;
    let result = evaluate(args, name == "[[", cx, &mut matched);
    if let Some(groups) = matched {
        for (i, group) in groups.iter().enumerate() {
            shell.set(&format!("BASH_REMATCH[{i}]"), group);
            if i == 0 {
                shell.set("BASH_REMATCH", group);
            }
        }
    }
    match result {
        Ok(yes) => After::Code(i32::from(!yes)),
        Err(text) => {
            complain(
                shell,
                name,
                &text.words(shell.dialect, args.first().map_or("", String::as_str)),
                cx,
            );
            After::Code(2)
        }
    }
}

/// The command `test` outside a shell.
///
/// # Errors
/// The words of the complaint.
pub fn plain(args: &[String], cx: &mut Cx) -> Result<bool, String> {
    evaluate(args, false, cx, &mut None).map_err(|w| w.words(Dialect::Ash, ""))
}

fn complain(shell: &Shell, name: &str, text: &str, cx: &mut Cx) {
    let builtin = (shell.dialect != Dialect::Ash).then_some(name);
    cx.err(&shell.dialect.message(&shell.arg0, shell.line, builtin, text));
}

/// What is wrong with a condition.
enum Wrong {
    Number(String),
    Operator(String),
    Argument,
}

impl Wrong {
    fn words(&self, dialect: Dialect, first: &str) -> String {
        match (self, dialect) {
            (Wrong::Number(t), Dialect::Ash) => format!("{t}: bad number"),
            (Wrong::Number(t), Dialect::Dash) => format!("Illegal number: {t}"),
            (Wrong::Number(t), Dialect::Bash) => format!("{t}: integer expression expected"),
            (Wrong::Operator(t), Dialect::Ash) => format!("{t}: unknown operand"),
            (Wrong::Operator(_), Dialect::Dash) => format!("{first}: unexpected operator"),
            (Wrong::Operator(t), Dialect::Bash) => format!("{t}: binary operator expected"),
            (Wrong::Argument, _) => "argument expected".to_owned(),
        }
    }
}

type Res = Result<bool, Wrong>;

struct Condition<'a, 'b, 'c> {
    args: &'a [String],
    pos: usize,
    double: bool,
    depth: usize,
    cx: &'a mut Cx<'b>,
    matched: &'c mut Option<Vec<String>>,
}

fn evaluate(args: &[String], double: bool, cx: &mut Cx, matched: &mut Option<Vec<String>>) -> Res {
    if args.is_empty() {
        return Ok(false);
    }
    let mut condition = Condition {
        args,
        pos: 0,
        double,
        depth: 0,
        cx,
        matched,
    };
    let result = condition.or()?;
    match args.get(condition.pos) {
        None => Ok(result),
        Some(rest) => Err(Wrong::Operator(rest.clone())),
    }
}

const BINARY: [&str; 14] = [
    "=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot",
];

impl Condition<'_, '_, '_> {
    fn peek(&self, offset: usize) -> Option<&str> {
        self.args.get(self.pos + offset).map(String::as_str)
    }

    fn left(&self) -> usize {
        self.args.len().saturating_sub(self.pos)
    }

    fn or(&mut self) -> Res {
        let mut result = self.and()?;
        while self
            .peek(0)
            .is_some_and(|w| if self.double { w == "||" } else { w == "-o" })
        {
            self.pos += 1;
            let right = self.and()?;
            result |= right;
        }
        Ok(result)
    }

    fn and(&mut self) -> Res {
        let mut result = self.not()?;
        while self
            .peek(0)
            .is_some_and(|w| if self.double { w == "&&" } else { w == "-a" })
        {
            self.pos += 1;
            let right = self.not()?;
            result &= right;
        }
        Ok(result)
    }

    fn not(&mut self) -> Res {
        let mut negated = false;
        // A `!` at the very end is a string that is not empty.
        while self.peek(0) == Some("!") && self.left() > 1 && !(self.left() == 3 && self.is_binary(1)) {
            self.pos += 1;
            negated = !negated;
        }
        Ok(self.primary()? != negated)
    }

    fn is_binary(&self, offset: usize) -> bool {
        self.peek(offset).is_some_and(|w| BINARY.contains(&w))
    }

    fn primary(&mut self) -> Res {
        let Some(first) = self.peek(0).map(str::to_owned) else {
            return Err(Wrong::Argument);
        };
        if self.is_binary(1) && self.left() >= 3 {
            let operator = self.peek(1).unwrap_or("").to_owned();
            let right = self.peek(2).unwrap_or("").to_owned();
            self.pos += 3;
            return self.binary(&first, &operator, &right);
        }
        if first == "(" && self.left() > 1 {
            if self.depth >= MAX_DEPTH {
                return Err(Wrong::Argument);
            }
            self.depth += 1;
            self.pos += 1;
            let result = self.or()?;
            self.depth -= 1;
            if self.peek(0) != Some(")") {
                return Err(Wrong::Argument);
            }
            self.pos += 1;
            return Ok(result);
        }
        let unary = first.len() == 2 && first.starts_with('-') && self.left() >= 2;
        if unary && "bcdefghkLnOGprStuwxzs".contains(first.get(1..).unwrap_or("?")) {
            let operand = self.peek(1).unwrap_or("").to_owned();
            self.pos += 2;
            return Ok(self.unary(&first, &operand));
        }
        self.pos += 1;
        Ok(!first.is_empty())
    }

    fn unary(&mut self, operator: &str, operand: &str) -> bool {
        match operator {
            "-n" => return !operand.is_empty(),
            "-z" => return operand.is_empty(),
            "-t" => return false,
            _ => {}
        }
        let path = self.cx.path(operand);
        if operand.is_empty() {
            return false;
        }
        if path.starts_with("/dev/") && self.cx.k.disk.stat(&path, self.cx.around).is_err() {
            let device = matches!(
                path.as_str(),
                "/dev/null"
                    | "/dev/zero"
                    | "/dev/stdout"
                    | "/dev/stderr"
                    | "/dev/stdin"
                    | "/dev/urandom"
                    | "/dev/random"
            );
            return device && matches!(operator, "-e" | "-c" | "-r" | "-w");
        }
        if let Some(pid) = path.strip_prefix("/proc/").and_then(|p| p.parse::<u32>().ok()) {
            return self.cx.k.processes.contains_key(&pid) && matches!(operator, "-e" | "-d" | "-r" | "-x");
        }
        if operator == "-x" && self.cx.k.exists_command(&path, "/", self.cx.around).is_ok() {
            return true;
        }
        if matches!(operator, "-L" | "-h") {
            return matches!(
                self.cx.k.disk.lstat(&path, self.cx.around).map(|e| e.kind),
                Ok(Kind::Link(_))
            );
        }
        let Ok(entry) = self.cx.k.disk.stat(&path, self.cx.around) else {
            return matches!(operator, "-e" | "-f") && self.cx.k.exists_command(&path, "/", self.cx.around).is_ok();
        };
        match operator {
            "-e" | "-r" | "-w" | "-O" | "-G" => true,
            "-d" => entry.is_dir(),
            "-f" => !entry.is_dir(),
            "-s" => entry.size() > 0,
            "-x" => entry.is_dir() || entry.mode & 0o111 != 0,
            "-k" => entry.mode & 0o1000 != 0,
            _ => false,
        }
    }

    fn binary(&mut self, left: &str, operator: &str, right: &str) -> Res {
        let number = |text: &str| text.trim().parse::<i64>().map_err(|_| Wrong::Number(text.to_owned()));
        Ok(match operator {
            "=" | "==" if self.double => glob::matches(right, left),
            "!=" if self.double => !glob::matches(right, left),
            "=" | "==" => left == right,
            "!=" => left != right,
            "<" => left < right,
            ">" => left > right,
            "=~" => {
                let Some(regex) = Regex::new(right, true, false) else {
                    return Err(Wrong::Operator(right.to_owned()));
                };
                let groups = regex.groups(left);
                self.cx.k.searched(&regex);
                let found = groups.is_some();
                *self.matched = groups;
                found
            }
            "-nt" | "-ot" => {
                let time = |c: &mut Self, p: &str| {
                    let path = c.cx.path(p);
                    c.cx.k.disk.stat(&path, c.cx.around).ok().map(|e| e.at)
                };
                let (a, b) = (time(self, left), time(self, right));
                if operator == "-nt" { a > b } else { b > a }
            }
            _ => {
                let (a, b) = (number(left)?, number(right)?);
                match operator {
                    "-eq" => a == b,
                    "-ne" => a != b,
                    "-lt" => a < b,
                    "-le" => a <= b,
                    "-gt" => a > b,
                    _ => a >= b,
                }
            }
        })
    }
}
