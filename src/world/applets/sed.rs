//! `sed`: `s///`, `p`, `d`, `q`, `y`, `a`, `i`, `c`, `=`, with line and pattern addresses.

use super::super::kernel::{Cx, Step};
use super::super::spec::NoteKind;
use super::regex::Regex;
use super::{Args, complain, read_file, with_input};

#[derive(Clone, Debug)]
enum Address {
    Line(usize),
    Last,
    Pattern(Regex),
}

#[derive(Clone, Debug)]
struct Command {
    from: Option<Address>,
    to: Option<Address>,
    negated: bool,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Substitute {
        regex: Regex,
        with: Vec<char>,
        global: bool,
        nth: usize,
        print: bool,
    },
    Print,
    Delete,
    Quit,
    Number,
    Append(String),
    Insert(String),
    Change(String),
    Translate(Vec<char>, Vec<char>),
}

struct Reader<'a> {
    src: &'a [char],
    pos: usize,
    extended: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.src.get(self.pos).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += 1;
        Some(c)
    }

    /// Text up to a delimiter; an escaped delimiter stands for itself.
    fn until(&mut self, delimiter: char) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.next()? {
                '\\' => match self.next()? {
                    c if c == delimiter => text.push(c),
                    '\n' => text.push('\n'),
                    c => {
                        text.push('\\');
                        text.push(c);
                    }
                },
                c if c == delimiter => return Some(text),
                c => text.push(c),
            }
        }
    }

    fn address(&mut self) -> Option<Option<Address>> {
        Some(match self.peek() {
            Some('$') => {
                self.pos += 1;
                Some(Address::Last)
            }
            Some('/') => {
                self.pos += 1;
                let text = self.until('/')?;
                Some(Address::Pattern(Regex::new(&text, self.extended, false)?))
            }
            Some(c) if c.is_ascii_digit() => {
                let mut digits = String::new();
                while let Some(c) = self.peek().filter(char::is_ascii_digit) {
                    digits.push(c);
                    self.pos += 1;
                }
                Some(Address::Line(digits.parse().ok()?))
            }
            _ => None,
        })
    }

    fn rest_of_line(&mut self) -> String {
        let mut text = String::new();
        while self.peek().is_some_and(|c| c == ' ' || c == '\\' || c == '\n') && text.is_empty() {
            self.pos += 1;
        }
        while let Some(c) = self.next() {
            if c == '\n' {
                break;
            }
            text.push(c);
        }
        text
    }

    fn commands(&mut self) -> Option<Vec<Command>> {
        let mut all = Vec::new();
        loop {
            while self.peek().is_some_and(|c| matches!(c, ' ' | ';' | '\n' | '\t')) {
                self.pos += 1;
            }
            if self.peek().is_none() {
                return Some(all);
            }
            let from = self.address()?;
            let to = if self.peek() == Some(',') {
                self.pos += 1;
                self.address()?
            } else {
                None
            };
            let mut negated = false;
            while matches!(self.peek(), Some('!' | ' ')) {
                negated |= self.next() == Some('!');
            }
            let what = match self.next()? {
                's' => self.substitute()?,
                'p' => What::Print,
                'd' => What::Delete,
                'q' => What::Quit,
                '=' => What::Number,
                'a' => What::Append(self.rest_of_line()),
                'i' => What::Insert(self.rest_of_line()),
                'c' => What::Change(self.rest_of_line()),
                'y' => {
                    let delimiter = self.next()?;
                    let (from, to) = (self.until(delimiter)?, self.until(delimiter)?);
                    What::Translate(from.chars().collect(), to.chars().collect())
                }
                _ => return None,
            };
            all.push(Command {
                from,
                to,
                negated,
                what,
            });
        }
    }

    fn substitute(&mut self) -> Option<What> {
        let delimiter = self.next()?;
        let (pattern, with) = (self.until(delimiter)?, self.until(delimiter)?);
        let (mut global, mut print, mut fold, mut nth) = (false, false, false, 1);
        while let Some(c) = self.peek() {
            match c {
                'g' => global = true,
                'p' => print = true,
                'i' | 'I' => fold = true,
                '1'..='9' => nth = c.to_digit(10)? as usize,
                _ => break,
            }
            self.pos += 1;
        }
        Some(What::Substitute {
            regex: Regex::new(&pattern, self.extended, fold)?,
            with: with.chars().collect(),
            global,
            nth,
            print,
        })
    }
}

fn replaced(line: &str, regex: &Regex, with: &[char], global: bool, nth: usize) -> Option<String> {
    let chars: Vec<char> = line.chars().collect();
    let (mut out, mut at, mut count, mut hit) = (String::new(), 0, 0, false);
    while at <= chars.len() {
        let Some(caps) = regex.find(&chars, at) else {
            break;
        };
        let Some((a, b)) = caps.first().copied().flatten() else {
            break;
        };
        out.extend(chars.get(at..a).unwrap_or(&[]));
        count += 1;
        if count >= nth {
            hit = true;
            let mut template = with.iter();
            while let Some(&c) = template.next() {
                let group = match c {
                    '&' => Some(0),
                    '\\' => match template.next() {
                        Some(d @ '0'..='9') => d.to_digit(10).map(|d| d as usize),
                        Some('n') => {
                            out.push('\n');
                            None
                        }
                        Some('t') => {
                            out.push('\t');
                            None
                        }
                        other => {
                            out.extend(other);
                            None
                        }
                    },
                    c => {
                        out.push(c);
                        None
                    }
                };
                if let Some((a, b)) = group.and_then(|g| caps.get(g).copied().flatten()) {
                    out.extend(chars.get(a..b).unwrap_or(&[]));
                }
            }
        } else {
            out.extend(chars.get(a..b).unwrap_or(&[]));
        }
        if a == b {
            out.extend(chars.get(b));
            at = b + 1;
        } else {
            at = b;
        }
        if hit && !global {
            break;
        }
    }
    out.extend(chars.get(at..).unwrap_or(&[]));
    hit.then_some(out)
}

fn edit(commands: &[Command], text: &str, quiet: bool) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    let mut inside = vec![false; commands.len()];
    'lines: for (i, original) in lines.iter().enumerate() {
        let (mut line, mut after, mut keep) = ((*original).to_owned(), String::new(), true);
        let mut quit = false;
        for (n, command) in commands.iter().enumerate() {
            let hits = |a: &Address, line: &str| match a {
                Address::Line(n) => *n == i + 1,
                Address::Last => i + 1 == lines.len(),
                Address::Pattern(regex) => regex.is_match(line),
            };
            let within = inside.get(n).copied().unwrap_or(false);
            let chosen = match (&command.from, &command.to) {
                (None, _) => true,
                (Some(from), None) => hits(from, &line),
                (Some(from), Some(to)) => {
                    let begins = !within && hits(from, &line);
                    let ends = within && (hits(to, &line) || matches!(to, Address::Line(n) if *n <= i + 1));
                    if let Some(flag) = inside.get_mut(n) {
                        *flag = (within || begins) && !ends && !matches!(to, Address::Line(n) if begins && *n <= i + 1);
                    }
                    within || begins
                }
            };
            if chosen == command.negated {
                continue;
            }
            match &command.what {
                What::Substitute {
                    regex,
                    with,
                    global,
                    nth,
                    print,
                } => {
                    if let Some(new) = replaced(&line, regex, with, *global, *nth) {
                        line = new;
                        if *print {
                            out.push_str(&format!("{line}\n"));
                        }
                    }
                }
                What::Print => out.push_str(&format!("{line}\n")),
                What::Delete => continue 'lines,
                What::Quit => quit = true,
                What::Number => out.push_str(&format!("{}\n", i + 1)),
                What::Append(text) => after.push_str(&format!("{text}\n")),
                What::Insert(text) => out.push_str(&format!("{text}\n")),
                What::Change(text) => {
                    out.push_str(&format!("{text}\n"));
                    keep = false;
                }
                What::Translate(from, to) => {
                    let place = |c: char| from.iter().position(|f| *f == c).and_then(|p| to.get(p).copied());
                    line = line.chars().map(|c| place(c).unwrap_or(c)).collect();
                }
            }
        }
        if keep && !quiet {
            out.push_str(&line);
            out.push('\n');
        }
        out.push_str(&after);
        if quit {
            break;
        }
    }
    // The last line keeps its lack of a newline.
    if !text.ends_with('\n') && out.ends_with('\n') {
        out.pop();
    }
    out
}

/// Counts what the regular expressions of the commands have worked.
fn count(cx: &mut Cx, commands: &[Command]) {
    for command in commands {
        for address in [&command.from, &command.to].into_iter().flatten() {
            if let Address::Pattern(regex) = address {
                cx.k.searched(regex);
            }
        }
        if let What::Substitute { regex, .. } = &command.what {
            cx.k.searched(regex);
        }
    }
}

fn read(argv: &[String]) -> Option<(Vec<Command>, Args, Vec<String>)> {
    // `-i` may have a suffix in the same word, so it must not take the letters after it for flags.
    let words: Vec<String> = argv
        .iter()
        .map(|a| {
            if a.starts_with("-i") {
                "-i".to_owned()
            } else {
                a.clone()
            }
        })
        .collect();
    let args = Args::read(&words, "ef");
    let mut files = args.rest.clone();
    let script = match args.values("e") {
        given if !given.is_empty() => given.join("\n"),
        _ if files.is_empty() => return None,
        _ => files.remove(0),
    };
    let src: Vec<char> = script.chars().collect();
    let mut reader = Reader {
        src: &src,
        pos: 0,
        extended: args.has("rE"),
    };
    Some((reader.commands()?, args, files))
}

/// `sed`.
pub fn sed(cx: &mut Cx, argv: &[String]) -> Step {
    let Some((commands, args, files)) = read(argv) else {
        cx.k.note(
            NoteKind::NotModelled,
            "this sed script is not supported (s, p, d, q, y, a, i, c and = are)",
            None,
        );
        complain(cx, "sed", "unsupported command", "-e expression #1: unknown command");
        return Step::Exit(1);
    };
    if args.has("i") {
        let mut code = 0;
        for file in &files {
            let (path, at) = (cx.path(file), cx.at);
            let result = read_file(cx, file).and_then(|text| {
                let new = edit(&commands, &text, args.has("n"));
                count(cx, &commands);
                cx.k.disk
                    .truncate(&path, at, cx.around)
                    .and_then(|()| cx.k.disk.append(&path, &new, at, cx.around))
                    .map_err(|e| e.text())
            });
            if let Err(why) = result {
                complain(
                    cx,
                    "sed",
                    &format!("{file}: {why}"),
                    &format!("can't read {file}: {why}"),
                );
                code = 1;
            }
        }
        return Step::Exit(code);
    }
    with_input(cx, argv, &files, |cx, argv, text| {
        if let Some((commands, args, _)) = read(argv) {
            let edited = edit(&commands, text, args.has("n"));
            count(cx, &commands);
            cx.out(&edited);
        }
        0
    })
}

#[cfg(test)]
mod tests {
    use super::{edit, read};

    #[test]
    fn scripts() {
        for (script, text, want) in [
            ("s/a/b/", "aa\n", "ba\n"),
            ("s/a/b/g", "aa\n", "bb\n"),
            ("s/\\(.*\\)=\\(.*\\)/\\2=\\1/", "x=y\n", "y=x\n"),
            ("s|/a/b|&c|", "/a/b\n", "/a/bc\n"),
            ("2d", "1\n2\n3\n", "1\n3\n"),
            ("/2/,/3/d", "1\n2\n3\n4\n", "1\n4\n"),
            ("$!d", "1\n2\n", "2\n"),
            ("1q", "1\n2\n", "1\n"),
            ("s/x*/-/g", "ab", "-a-b-"),
            ("a after", "1\n", "1\nafter\n"),
            ("y/abc/xyz/", "cab\n", "zxy\n"),
        ] {
            let argv = ["sed".to_owned(), script.to_owned()];
            let (commands, _, _) = read(&argv).unwrap();
            assert_eq!(edit(&commands, text, false), want, "{script}");
        }
    }
}
