//! The part of `awk` that manifests use: `pattern { print … }` with `-F`, `$1`, `NR`, `NF`, `BEGIN`, `END`.

use super::super::kernel::{Cx, Step};
use super::super::spec::NoteKind;
use super::escapes::unescape;
use super::regex::Regex;
use super::{Args, complain, with_input};

/// When an action is done.
enum When {
    Begin,
    End,
    Always,
    Pattern(Regex, bool),
    Compare(Vec<Item>, String, Vec<Item>),
}

/// A piece of what is printed; pieces side by side are joined.
#[derive(Clone)]
enum Item {
    Text(String),
    Field(String),
    Var(String),
}

struct Rule {
    when: When,
    /// Statements; each prints its groups with spaces between.
    prints: Vec<Vec<Vec<Item>>>,
}

fn items(text: &str) -> Option<Vec<Item>> {
    let (mut all, mut rest) = (Vec::new(), text.trim());
    while let Some(c) = rest.chars().next() {
        if c.is_whitespace() {
            rest = rest.trim_start();
        } else if c == '"' {
            let mut end = None;
            let mut escaped = false;
            for (i, c) in rest.char_indices().skip(1) {
                if c == '"' && !escaped {
                    end = Some(i);
                    break;
                }
                escaped = c == '\\' && !escaped;
            }
            let end = end?;
            all.push(Item::Text(unescape(rest.get(1..end)?).0));
            rest = rest.get(end + 1..)?;
        } else if let Some(tail) = rest.strip_prefix('$') {
            let end = tail.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tail.len());
            let name = tail.get(..end).filter(|n| !n.is_empty())?;
            all.push(Item::Field(name.to_owned()));
            rest = tail.get(end..)?;
        } else if c.is_ascii_alphanumeric() || c == '_' || c == '.' {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
                .unwrap_or(rest.len());
            let word = rest.get(..end)?;
            let number = word.starts_with(|c: char| c.is_ascii_digit());
            all.push(if number {
                Item::Text(word.to_owned())
            } else {
                Item::Var(word.to_owned())
            });
            rest = rest.get(end..)?;
        } else {
            return None;
        }
    }
    Some(all)
}

/// Splits at a separator outside quotes.
fn split_plain(text: &str, at: &[char]) -> Vec<String> {
    let (mut parts, mut quoted) = (vec![String::new()], false);
    for c in text.chars() {
        quoted ^= c == '"';
        if !quoted && at.contains(&c) {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

fn statements(body: &str) -> Option<Vec<Vec<Vec<Item>>>> {
    let mut prints = Vec::new();
    for statement in split_plain(body, &[';', '\n']) {
        let statement = statement.trim();
        if statement.is_empty() {
            continue;
        }
        let rest = statement
            .strip_prefix("print")
            .filter(|r| r.is_empty() || r.starts_with([' ', '"', '$', '(']))?;
        let rest = rest.trim();
        let rest = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')).unwrap_or(rest);
        if rest.is_empty() {
            prints.push(vec![vec![Item::Field("0".to_owned())]]);
        } else {
            prints.push(
                split_plain(rest, &[','])
                    .iter()
                    .map(|part| items(part))
                    .collect::<Option<_>>()?,
            );
        }
    }
    Some(prints)
}

fn program(text: &str) -> Option<Vec<Rule>> {
    let (mut rules, mut rest) = (Vec::new(), text.trim());
    while !rest.is_empty() {
        let brace = rest.find('{').unwrap_or(rest.len());
        let head = rest.get(..brace)?.trim();
        let (prints, after) = match rest.get(brace..)?.strip_prefix('{') {
            Some(tail) => {
                let end = tail.find('}')?;
                (statements(tail.get(..end)?)?, tail.get(end + 1..)?)
            }
            None => (vec![vec![vec![Item::Field("0".to_owned())]]], ""),
        };
        let when = match head {
            "" => When::Always,
            "BEGIN" => When::Begin,
            "END" => When::End,
            head => {
                let (negated, pattern) = head.strip_prefix('!').map_or((false, head), |h| (true, h));
                if let Some(pattern) = pattern.strip_prefix('/').and_then(|p| p.strip_suffix('/')) {
                    When::Pattern(Regex::new(pattern, true, false)?, negated)
                } else {
                    let op = ["==", "!=", ">=", "<=", "~", ">", "<"]
                        .into_iter()
                        .find(|op| head.contains(op))?;
                    let (left, right) = head.split_once(op)?;
                    let right = right.trim();
                    let right = match right.strip_prefix('/').and_then(|p| p.strip_suffix('/')) {
                        Some(pattern) => vec![Item::Text(pattern.to_owned())],
                        None => items(right)?,
                    };
                    When::Compare(items(left)?, op.to_owned(), right)
                }
            }
        };
        rules.push(Rule { when, prints });
        rest = after.trim_start_matches([';', ' ', '\n', '\t']);
    }
    Some(rules)
}

struct Record<'a> {
    line: &'a str,
    fields: Vec<&'a str>,
    number: usize,
    vars: &'a [(String, String)],
}

impl Record<'_> {
    fn value(&self, items: &[Item]) -> String {
        items
            .iter()
            .map(|item| match item {
                Item::Text(text) => text.clone(),
                Item::Field(name) => {
                    let n = name
                        .parse::<usize>()
                        .ok()
                        .or((name == "NF").then_some(self.fields.len()));
                    match n {
                        Some(0) => self.line.to_owned(),
                        Some(n) => self.fields.get(n - 1).map_or(String::new(), |f| (*f).to_owned()),
                        None => String::new(),
                    }
                }
                Item::Var(name) => match name.as_str() {
                    "NR" => self.number.to_string(),
                    "NF" => self.fields.len().to_string(),
                    name => self
                        .vars
                        .iter()
                        .rev()
                        .find(|(n, _)| n == name)
                        .map(|(_, v)| v.clone())
                        .unwrap_or_default(),
                },
            })
            .collect()
    }
}

/// `awk`.
pub fn awk(cx: &mut Cx, argv: &[String]) -> Step {
    let args = Args::read(argv, "Fvf");
    let known = args.rest.first().is_some_and(|p| program(p).is_some());
    if !known {
        cx.k.note(
            NoteKind::NotModelled,
            "this awk program is not supported (patterns with print are)",
            None,
        );
        complain(cx, "awk", "not supported", "not supported");
        return Step::Exit(2);
    }
    let files = args.rest.get(1..).unwrap_or(&[]).to_vec();
    with_input(cx, argv, &files, |cx, argv, text| {
        let args = Args::read(argv, "Fvf");
        let Some(rules) = args.rest.first().and_then(|p| program(p)) else {
            return 2;
        };
        let between = args.value("F").map(|f| unescape(f).0);
        let vars: Vec<(String, String)> = args
            .values("v")
            .iter()
            .filter_map(|v| v.split_once('='))
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .collect();
        let run = |cx: &mut Cx, rule: &Rule, record: &Record| {
            for groups in &rule.prints {
                let line: Vec<String> = groups.iter().map(|g| record.value(g)).collect();
                cx.out(&format!("{}\n", line.join(" ")));
            }
        };
        let mut record = Record {
            line: "",
            fields: Vec::new(),
            number: 0,
            vars: &vars,
        };
        for rule in rules.iter().filter(|r| matches!(r.when, When::Begin)) {
            run(cx, rule, &record);
        }
        for (i, line) in text.lines().enumerate() {
            record.line = line;
            record.number = i + 1;
            record.fields = match between.as_deref() {
                None | Some(" ") => line.split_whitespace().collect(),
                Some(f) if f.chars().count() == 1 => line.split(f).collect(),
                Some(f) => {
                    // A set such as `[:,]` splits at each of its characters.
                    let set = f.trim_matches(['[', ']']).to_owned();
                    line.split(|c| set.contains(c)).collect()
                }
            };
            for rule in &rules {
                let wanted = match &rule.when {
                    When::Always => true,
                    When::Begin | When::End => false,
                    When::Pattern(regex, negated) => regex.is_match(line) != *negated,
                    When::Compare(left, op, right) => {
                        let (a, b) = (record.value(left), record.value(right));
                        let order = match (a.parse::<i64>(), b.parse::<i64>()) {
                            (Ok(a), Ok(b)) => a.cmp(&b),
                            _ => a.cmp(&b),
                        };
                        match op.as_str() {
                            "==" => order.is_eq(),
                            "!=" => order.is_ne(),
                            ">" => order.is_gt(),
                            "<" => order.is_lt(),
                            ">=" => order.is_ge(),
                            "<=" => order.is_le(),
                            _ => Regex::new(&b, true, false).is_some_and(|r| {
                                let fits = r.is_match(&a);
                                cx.k.searched(&r);
                                fits
                            }),
                        }
                    }
                };
                if wanted {
                    run(cx, rule, &record);
                }
            }
        }
        for rule in &rules {
            match &rule.when {
                When::End => run(cx, rule, &record),
                When::Pattern(regex, _) => cx.k.searched(regex),
                _ => {}
            }
        }
        0
    })
}
