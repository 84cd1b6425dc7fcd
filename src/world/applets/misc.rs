//! Tools that need neither files nor processes: echo, sleep, seq, expr, names of paths.

use super::super::kernel::{Body, Cx, Later, Step};
use super::super::shell::condition;
use super::super::spec::NoteKind;
use super::{Args, Running, complain, escapes, go_on, regex::Regex, with_input};
use crate::time::Duration;

/// `echo` run as a program of its own.
pub fn echo(cx: &mut Cx, argv: &[String]) -> Step {
    let mut words = argv.get(1..).unwrap_or(&[]);
    let (mut newline, mut escaped) = (true, false);
    while let Some((first, rest)) = words.split_first() {
        let flags = first.strip_prefix('-').unwrap_or("");
        if flags.is_empty() || !flags.chars().all(|c| "neE".contains(c)) {
            break;
        }
        newline &= !flags.contains('n');
        escaped |= flags.contains('e');
        words = rest;
    }
    let mut text = words.join(" ");
    if escaped {
        text = escapes::unescape(&text).0;
    }
    if newline {
        text.push('\n');
    }
    cx.out(&text);
    Step::Exit(0)
}

/// A span as `sleep` and `timeout` read it: `5`, `0.5`, `1m`, `2h`, `1d`. `None` when it is none.
pub fn seconds(text: &str) -> Option<Duration> {
    let (number, unit) = match text.char_indices().last()? {
        (at, 's') => (text.get(..at)?, 1),
        (at, 'm') => (text.get(..at)?, 60),
        (at, 'h') => (text.get(..at)?, 3_600),
        (at, 'd') => (text.get(..at)?, 86_400),
        _ => (text, 1),
    };
    let (whole, frac) = number.split_once('.').unwrap_or((number, ""));
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    if number.is_empty() || number == "." || !digits(whole) || !digits(frac) {
        return None;
    }
    // More than three hundred years are as good as for ever.
    let whole: i64 = if whole.is_empty() {
        0
    } else {
        whole.parse().unwrap_or(i64::MAX)
    };
    let micros: i64 = format!("{frac:0<6}").get(..6)?.parse().ok()?;
    let limit = 10_000_000_000_i64;
    let total = whole.min(limit).saturating_mul(unit).min(limit);
    Some(Duration::from_micros(
        total
            .saturating_mul(1_000_000)
            .saturating_add(micros.saturating_mul(unit)),
    ))
}

/// `sleep`.
pub fn sleep(cx: &mut Cx, argv: &[String]) -> Step {
    let micro = argv.first().is_some_and(|n| n.ends_with("usleep"));
    let mut total = Duration::ZERO;
    let words: Vec<&String> = argv.iter().skip(1).filter(|a| *a != "--").collect();
    if words.is_empty() {
        complain(cx, "sleep", "missing operand", "missing operand");
        return Step::Exit(1);
    }
    for word in words {
        if matches!(word.as_str(), "inf" | "infinity" | "INF" | "Infinity") {
            return go_on(Running::Pause);
        }
        match seconds(word) {
            Some(span) if micro => total = total + Duration::from_micros(span.secs()),
            Some(span) => total = total + span,
            None => {
                complain(
                    cx,
                    "sleep",
                    &format!("invalid number '{word}'"),
                    &format!("invalid time interval '{word}'\nTry 'sleep --help' for more information."),
                );
                return Step::Exit(1);
            }
        }
    }
    Step::Become(
        Body::Later(Later {
            at: cx.at + total,
            out: Vec::new(),
            code: 0,
        }),
        total,
    )
}

/// `seq`.
pub fn seq(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(
        &argv
            .iter()
            .map(|a| if is_number(a) { format!("+{a}") } else { a.clone() })
            .collect::<Vec<_>>(),
        "sf",
    );
    let numbers: Vec<i64> = args
        .rest
        .iter()
        .filter_map(|t| t.trim_start_matches('+').parse().ok())
        .collect();
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] => (*first, *step, *last),
        _ => {
            complain(cx, "seq", "invalid number", "missing operand");
            return Step::Exit(1);
        }
    };
    let between = args.value("s").unwrap_or("\n").to_owned();
    let width = if args.has("w") {
        first.to_string().len().max(last.to_string().len())
    } else {
        0
    };
    let (mut out, mut n) = (Vec::new(), first);
    while step != 0 && out.len() < 100_000 && (if step > 0 { n <= last } else { n >= last }) {
        out.push(format!("{n:0width$}"));
        n = n.saturating_add(step);
    }
    if !out.is_empty() {
        cx.out(&format!("{}\n", out.join(&between)));
    }
    Step::Exit(0)
}

fn is_number(text: &str) -> bool {
    text.strip_prefix('-')
        .is_some_and(|t| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit()))
}

/// `test` and `[` run as programs.
pub fn test(cx: &mut Cx, argv: &[String]) -> Step {
    let mut args = argv.get(1..).unwrap_or(&[]);
    if argv.first().is_some_and(|n| n.ends_with('[')) {
        match args.split_last() {
            Some((last, rest)) if last == "]" => args = rest,
            _ => {
                complain(cx, "[", "missing ]", "missing ']'");
                return Step::Exit(2);
            }
        }
    }
    match condition::plain(args, cx) {
        Ok(yes) => Step::Exit(i32::from(!yes)),
        Err(text) => {
            cx.err(&format!("test: {text}\n"));
            Step::Exit(2)
        }
    }
}

/// `basename`.
pub fn basename(cx: &mut Cx, argv: &[String]) -> Step {
    let path = argv.get(1).map_or("", String::as_str).trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or(path);
    let suffix = argv.get(2).map_or("", String::as_str);
    let name = name.strip_suffix(suffix).filter(|n| !n.is_empty()).unwrap_or(name);
    cx.out(&format!("{}\n", if name.is_empty() { "/" } else { name }));
    Step::Exit(0)
}

/// `dirname`.
pub fn dirname(cx: &mut Cx, argv: &[String]) -> Step {
    let path = argv.get(1).map_or("", String::as_str).trim_end_matches('/');
    let dir = match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((dir, _)) => dir,
        None => ".",
    };
    cx.out(&format!("{dir}\n"));
    Step::Exit(0)
}

/// `expr`.
pub fn expr(cx: &mut Cx, argv: &[String]) -> Step {
    let words = argv.get(1..).unwrap_or(&[]);
    let mut expr = Expr {
        words,
        pos: 0,
        depth: 0,
        steps: 0,
    };
    let value = expr.or().filter(|_| expr.pos == words.len());
    cx.k.meter.charge(expr.steps);
    match value {
        Some(value) => {
            cx.out(&format!("{value}\n"));
            Step::Exit(i32::from(value.is_empty() || value == "0"))
        }
        None => {
            complain(cx, "expr", "syntax error", "syntax error");
            Step::Exit(2)
        }
    }
}

struct Expr<'a> {
    words: &'a [String],
    pos: usize,
    depth: usize,
    /// Work of its regular expressions.
    steps: u64,
}

impl Expr<'_> {
    fn eat(&mut self, any: &[&str]) -> Option<String> {
        let word = self.words.get(self.pos).filter(|w| any.contains(&w.as_str()))?;
        self.pos += 1;
        Some(word.clone())
    }

    fn or(&mut self) -> Option<String> {
        let mut left = self.and()?;
        while self.eat(&["|"]).is_some() {
            let right = self.and()?;
            if left.is_empty() || left == "0" {
                left = right;
            }
        }
        Some(left)
    }

    fn and(&mut self) -> Option<String> {
        let mut left = self.compare()?;
        while self.eat(&["&"]).is_some() {
            let right = self.compare()?;
            let none = |t: &String| t.is_empty() || t == "0";
            if none(&left) || none(&right) {
                left = "0".to_owned();
            }
        }
        Some(left)
    }

    fn compare(&mut self) -> Option<String> {
        let mut left = self.sum()?;
        while let Some(op) = self.eat(&["=", "==", "!=", "<", "<=", ">", ">="]) {
            let right = self.sum()?;
            let order = match (left.parse::<i64>(), right.parse::<i64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                _ => left.cmp(&right),
            };
            let yes = match op.as_str() {
                "=" | "==" => order.is_eq(),
                "!=" => order.is_ne(),
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            };
            left = i64::from(yes).to_string();
        }
        Some(left)
    }

    fn sum(&mut self) -> Option<String> {
        let mut left = self.product()?;
        while let Some(op) = self.eat(&["+", "-"]) {
            let (a, b) = (left.parse::<i64>().ok()?, self.product()?.parse::<i64>().ok()?);
            left = (if op == "+" {
                a.wrapping_add(b)
            } else {
                a.wrapping_sub(b)
            })
            .to_string();
        }
        Some(left)
    }

    fn product(&mut self) -> Option<String> {
        let mut left = self.matching()?;
        while let Some(op) = self.eat(&["*", "/", "%"]) {
            let (a, b) = (left.parse::<i64>().ok()?, self.matching()?.parse::<i64>().ok()?);
            left = match op.as_str() {
                "*" => a.wrapping_mul(b),
                "/" => a.checked_div(b)?,
                _ => a.checked_rem(b)?,
            }
            .to_string();
        }
        Some(left)
    }

    fn matching(&mut self) -> Option<String> {
        let mut left = self.atom()?;
        while self.eat(&[":"]).is_some() {
            let pattern = self.atom()?;
            let regex = Regex::new(&format!("^{pattern}"), false, false)?;
            let groups = regex.groups(&left);
            self.steps += regex.take_steps();
            left = match groups {
                Some(groups) => match groups.get(1) {
                    Some(group) => group.clone(),
                    None => groups.first().map_or(0, |g| g.chars().count()).to_string(),
                },
                None if pattern.contains("\\(") => String::new(),
                None => "0".to_owned(),
            };
        }
        Some(left)
    }

    fn atom(&mut self) -> Option<String> {
        if self.eat(&["("]).is_some() {
            self.depth += 1;
            if self.depth > 40 {
                return None;
            }
            let value = self.or()?;
            self.eat(&[")"])?;
            self.depth -= 1;
            return Some(value);
        }
        let word = self.words.get(self.pos)?.clone();
        self.pos += 1;
        match word.as_str() {
            "length" => Some(self.atom()?.chars().count().to_string()),
            _ => Some(word),
        }
    }
}

/// `base64`.
pub fn base64(cx: &mut Cx, argv: &[String]) -> Step {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let args = Args::read(argv, "w");
    with_input(cx, argv, &args.rest, |cx, argv, text| {
        let args = Args::read(argv, "w");
        if args.has("dD") || args.long("decode") {
            let clean: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            match STANDARD.decode(clean) {
                Ok(bytes) => {
                    cx.out(&String::from_utf8_lossy(&bytes));
                    0
                }
                Err(_) => {
                    cx.err("base64: invalid input\n");
                    1
                }
            }
        } else {
            let wide = args.value("w").and_then(|w| w.parse::<usize>().ok()).unwrap_or(76);
            let all: Vec<char> = STANDARD.encode(text).chars().collect();
            let lines: Vec<String> = match wide {
                0 => vec![all.iter().collect()],
                wide => all.chunks(wide).map(|c| c.iter().collect()).collect(),
            };
            cx.out(&lines.join("\n"));
            if wide > 0 {
                cx.out("\n");
            }
            0
        }
    })
}

/// `sha256sum` and its like: a number that depends on the text, though not the one a real tool computes.
pub fn checksum(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "");
    cx.k.note(
        NoteKind::NotModelled,
        "checksums are made up, though equal texts have equal ones",
        None,
    );
    with_input(cx, argv, &args.rest, |cx, argv, text| {
        let digits = match argv.first().map(String::as_str) {
            Some("md5sum") => 32,
            Some("sha1sum") => 40,
            _ => 64,
        };
        let mut stream = crate::rng::Stream::new(0, text);
        let mut sum = String::new();
        while sum.len() < digits {
            sum.push_str(&format!("{:016x}", stream.bits()));
        }
        let name = argv
            .iter()
            .skip(1)
            .find(|a| !a.starts_with('-'))
            .map_or("-", String::as_str);
        cx.out(&format!("{}  {name}\n", sum.get(..digits).unwrap_or(&sum)));
        0
    })
}

#[cfg(test)]
mod tests {
    use super::{Duration, seconds};

    #[test]
    fn spans_of_sleep() {
        for (text, ms) in [
            ("5", Some(5_000)),
            ("0.5", Some(500)),
            (".25", Some(250)),
            ("1m", Some(60_000)),
            ("1.5h", Some(5_400_000)),
            ("1d", Some(86_400_000)),
            ("x", None),
            ("", None),
            ("-1", None),
            ("s", None),
        ] {
            assert_eq!(seconds(text), ms.map(Duration::from_millis), "{text}");
        }
        assert!(seconds("99999999999999999999").is_some());
    }
}
