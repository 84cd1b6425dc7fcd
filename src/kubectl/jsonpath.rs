//! JSONPath templates as kubectl reads them: `{.items[*].metadata.name}`, `{range …}{end}`, filters.
//!
//! They are read as `k8s.io/client-go/util/jsonpath` reads them, but for `jsonpath-as-json` and for filters joined by
//! `&&` or `||`.

use super::write::compact_json;
use crate::manifest::Value;

/// Deepest nesting of `{range}` that is read.
const MAX_DEPTH: usize = 16;
/// Most values that one template may look at, so that `..` and `{range}` within each other stay small.
const MAX_WORK: usize = 1_000_000;
/// Longest text that a template prints.
const MAX_PRINTED: usize = 4 << 20;

/// A template.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonPath(Vec<Node>);

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Text(String),
    Path(Vec<Segment>),
    Range(Vec<Segment>, Vec<Node>),
}

#[derive(Clone, Debug, PartialEq)]
enum Segment {
    /// `$`: the whole object again.
    Root,
    Field(String),
    All,
    /// `..`
    Deep,
    Slice(Option<i64>, Option<i64>, i64),
    /// `[0,2]`, `['a','b']`
    Union(Vec<Segment>),
    Filter(Operand, Option<(Op, Operand)>),
}

#[derive(Clone, Debug, PartialEq)]
enum Operand {
    Path(Vec<Segment>),
    Literal(Value),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Equal,
    NotEqual,
    Less,
    More,
    LessOrEqual,
    MoreOrEqual,
}

impl JsonPath {
    /// Reads a template: text with expressions in braces.
    ///
    /// # Errors
    /// kubectl's text, without `error: `.
    pub fn template(text: &str) -> Result<JsonPath, String> {
        let mut parser = Parser { rest: text };
        let nodes = parser
            .nodes(0, false)
            .map_err(|why| format!("error parsing jsonpath {text}, {why}"))?;
        Ok(JsonPath(nodes))
    }

    /// Reads one path with or without its braces and first dot, as `--sort-by` and `custom-columns` have it.
    ///
    /// # Errors
    /// kubectl's text, without `error: `.
    pub fn relaxed(text: &str) -> Result<JsonPath, String> {
        let inner = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text);
        if inner.is_empty() || inner.contains(['{', '}']) {
            let forms = "'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'";
            return Err(format!("unexpected path string, expected a {forms}"));
        }
        let dot = if inner.starts_with(['.', '[', '$']) { "" } else { "." };
        JsonPath::template(&format!("{{{dot}{inner}}}"))
    }

    /// What the template prints for `object`.
    pub fn print(&self, object: &Value) -> String {
        let mut out = String::new();
        print(&self.0, object, object, &mut out, &mut { MAX_WORK });
        out
    }

    /// The values of the first expression.
    pub fn find<'v>(&self, object: &'v Value) -> Vec<&'v Value> {
        self.0
            .iter()
            .find_map(|n| match n {
                Node::Path(path) => Some(walk(path, object, object, &mut { MAX_WORK })),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// Reads `NAME:.path,OTHER:.path` of `-o custom-columns`.
///
/// # Errors
/// kubectl's text, without `error: `.
pub fn columns(spec: &str) -> Result<Vec<(String, JsonPath)>, String> {
    spec.split(',')
        .map(|part| match part.split_once(':') {
            Some((header, path)) if !path.is_empty() => Ok((header.to_owned(), JsonPath::relaxed(path)?)),
            _ => Err(format!(
                "unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"
            )),
        })
        .collect()
}

/// A value as templates print it: text bare, objects and lists as JSON.
pub fn bare(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Str(s) => s.clone(),
        other => compact_json(other),
    }
}

fn print(nodes: &[Node], root: &Value, here: &Value, out: &mut String, work: &mut usize) {
    for node in nodes {
        if *work == 0 || out.len() > MAX_PRINTED {
            return;
        }
        *work -= 1;
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Path(path) => {
                for (index, value) in walk(path, root, here, work).into_iter().enumerate() {
                    if out.len() > MAX_PRINTED {
                        return;
                    }
                    if index > 0 {
                        out.push(' ');
                    }
                    out.push_str(&bare(value));
                }
            }
            Node::Range(path, inner) => {
                for value in walk(path, root, here, work) {
                    print(inner, root, value, out, work);
                }
            }
        }
    }
}

fn walk<'v>(path: &[Segment], root: &'v Value, here: &'v Value, work: &mut usize) -> Vec<&'v Value> {
    let mut found = vec![here];
    for segment in path {
        let mut next = Vec::new();
        for value in found {
            if *work == 0 {
                break;
            }
            let before = next.len();
            step(segment, root, value, &mut next, work);
            *work = work.saturating_sub(1 + next.len() - before);
        }
        found = next;
    }
    found
}

fn step<'v>(segment: &Segment, root: &'v Value, value: &'v Value, next: &mut Vec<&'v Value>, work: &mut usize) {
    match segment {
        Segment::Root => next.push(root),
        Segment::Field(name) => next.extend(value.get(name)),
        Segment::All => match value {
            Value::Seq(items) => next.extend(items),
            Value::Map(members) => next.extend(members.iter().map(|(_, v)| v)),
            _ => {}
        },
        Segment::Deep => deep(value, next),
        Segment::Slice(from, to, by) => next.extend(slice(value.items(), *from, *to, *by)),
        Segment::Union(parts) => parts.iter().for_each(|part| step(part, root, value, next, work)),
        Segment::Filter(left, test) => {
            next.extend(
                value
                    .items()
                    .iter()
                    .filter(|item| holds(left, test.as_ref(), root, item, work)),
            );
        }
    }
}

fn deep<'v>(value: &'v Value, next: &mut Vec<&'v Value>) {
    next.push(value);
    match value {
        Value::Seq(items) => items.iter().for_each(|v| deep(v, next)),
        Value::Map(members) => members.iter().for_each(|(_, v)| deep(v, next)),
        _ => {}
    }
}

fn slice(items: &[Value], from: Option<i64>, to: Option<i64>, by: i64) -> Vec<&Value> {
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let place = |n: i64| {
        if n < 0 {
            n.saturating_add(len).max(0)
        } else {
            n.min(len)
        }
    };
    let (from, to) = (place(from.unwrap_or(0)), place(to.unwrap_or(len)));
    let (from, to) = (usize::try_from(from).unwrap_or(0), usize::try_from(to).unwrap_or(0));
    let by = usize::try_from(by).unwrap_or(1).max(1);
    items
        .get(from..to.max(from))
        .unwrap_or_default()
        .iter()
        .step_by(by)
        .collect()
}

fn holds(left: &Operand, test: Option<&(Op, Operand)>, root: &Value, item: &Value, work: &mut usize) -> bool {
    fn value<'v>(operand: &'v Operand, root: &'v Value, item: &'v Value, work: &mut usize) -> Option<&'v Value> {
        match operand {
            Operand::Path(path) => walk(path, root, item, work).into_iter().next(),
            Operand::Literal(value) => Some(value),
        }
    }
    let left = value(left, root, item, work);
    let Some((op, right)) = test else {
        return left.is_some();
    };
    let (Some(left), Some(right)) = (left, value(right, root, item, work)) else {
        return false;
    };
    let order = match (left, right) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (a, b) => bare(a).partial_cmp(&bare(b)),
    };
    match op {
        Op::Equal => order.is_some_and(|o| o.is_eq()),
        Op::NotEqual => order.is_some_and(|o| o.is_ne()),
        Op::Less => order.is_some_and(|o| o.is_lt()),
        Op::More => order.is_some_and(|o| o.is_gt()),
        Op::LessOrEqual => order.is_some_and(|o| o.is_le()),
        Op::MoreOrEqual => order.is_some_and(|o| o.is_ge()),
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    fn eat(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes everything up to `end`, and `end` too.
    fn until(&mut self, end: char) -> Option<&str> {
        let (taken, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(taken)
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn nodes(&mut self, depth: usize, in_range: bool) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        while !self.rest.is_empty() {
            let Some(at) = self.rest.find('{') else {
                nodes.push(Node::Text(std::mem::take(&mut self.rest).to_owned()));
                break;
            };
            let (text, rest) = self.rest.split_at(at);
            if !text.is_empty() {
                nodes.push(Node::Text(text.to_owned()));
            }
            self.rest = rest.strip_prefix('{').unwrap_or(rest);
            self.spaces();
            if self.eat("end") {
                self.close()?;
                return if in_range {
                    Ok(nodes)
                } else {
                    Err("not in range, nothing to end".to_owned())
                };
            }
            if self.eat("range") {
                if depth >= MAX_DEPTH {
                    return Err("too deeply nested".to_owned());
                }
                self.spaces();
                let path = self.path()?;
                self.close()?;
                let inner = self.nodes(depth + 1, true)?;
                nodes.push(Node::Range(path, inner));
                continue;
            }
            // Several paths and texts may stand in one pair of braces.
            loop {
                self.spaces();
                match self.rest.chars().next() {
                    None => return Err("unclosed action".to_owned()),
                    Some('}') => break,
                    Some(quote @ ('"' | '\'')) => nodes.push(Node::Text(self.quoted(quote)?)),
                    Some(c) => {
                        let before = self.rest.len();
                        nodes.push(Node::Path(self.path()?));
                        if self.rest.len() == before {
                            return Err(unexpected(c));
                        }
                    }
                }
            }
            self.close()?;
        }
        if in_range {
            Err("unterminated range".to_owned())
        } else {
            Ok(nodes)
        }
    }

    fn close(&mut self) -> Result<(), String> {
        self.spaces();
        if self.eat("}") {
            Ok(())
        } else {
            Err("unclosed action".to_owned())
        }
    }

    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut chars = self.rest.char_indices();
        chars.next();
        let mut text = String::new();
        while let Some((at, c)) = chars.next() {
            match c {
                c if c == quote => {
                    self.rest = self.rest.get(at + c.len_utf8()..).unwrap_or_default();
                    return Ok(text);
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, c)) => text.push(c),
                    None => break,
                },
                c => text.push(c),
            }
        }
        Err("unterminated quoted string".to_owned())
    }

    fn path(&mut self) -> Result<Vec<Segment>, String> {
        let mut path = Vec::new();
        if self.eat("$") {
            path.push(Segment::Root);
        } else {
            self.eat("@");
        }
        loop {
            if self.eat("..") {
                path.push(Segment::Deep);
                if !self.rest.starts_with('[') {
                    path.extend(self.field());
                }
            } else if self.eat(".") {
                path.extend(self.field());
            } else if self.eat("[") {
                path.push(self.bracket()?);
            } else if path.is_empty() && self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                path.extend(self.field());
            } else {
                break;
            }
        }
        match self.rest.chars().next() {
            Some(c) if path.is_empty() && !matches!(c, '}' | ')' | '=' | '!' | '<' | '>' | ' ') => Err(unexpected(c)),
            _ => Ok(path),
        }
    }

    fn field(&mut self) -> Option<Segment> {
        let mut name = String::new();
        let mut chars = self.rest.char_indices();
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => name.extend(chars.next().map(|(_, c)| c)),
                '.' | '[' | ']' | '}' | '{' | ')' | '(' | ' ' | '=' | '!' | '<' | '>' | ',' | '\'' | '"' => {
                    end = at;
                    break;
                }
                c => name.push(c),
            }
        }
        self.rest = self.rest.get(end..).unwrap_or_default();
        match name.as_str() {
            "" => None,
            "*" => Some(Segment::All),
            _ => Some(Segment::Field(name)),
        }
    }

    fn bracket(&mut self) -> Result<Segment, String> {
        if self.eat("?(") {
            let left = self.operand()?;
            self.spaces();
            let ops = [
                ("==", Op::Equal),
                ("!=", Op::NotEqual),
                ("<=", Op::LessOrEqual),
                (">=", Op::MoreOrEqual),
                ("<", Op::Less),
                (">", Op::More),
            ];
            let op = ops.iter().find(|(text, _)| self.eat(text)).map(|(_, op)| *op);
            let test = match op {
                Some(op) => Some((op, self.operand()?)),
                None => None,
            };
            self.spaces();
            return if self.eat(")]") {
                Ok(Segment::Filter(left, test))
            } else {
                Err("unterminated filter".to_owned())
            };
        }
        let inner = self.until(']').ok_or("unterminated array")?.trim();
        if inner == "*" {
            return Ok(Segment::All);
        }
        let parts: Result<Vec<_>, String> = inner.split(',').map(|part| index(part.trim())).collect();
        let mut parts = parts?;
        match parts.len() {
            1 => Ok(parts.remove(0)),
            _ => Ok(Segment::Union(parts)),
        }
    }

    fn operand(&mut self) -> Result<Operand, String> {
        self.spaces();
        match self.rest.chars().next() {
            Some('@' | '.' | '$') => self.path().map(Operand::Path),
            Some(quote @ ('"' | '\'')) => self.quoted(quote).map(|s| Operand::Literal(s.into())),
            _ => {
                let end = self
                    .rest
                    .find([')', ' ', '=', '!', '<', '>', ']', '}'])
                    .unwrap_or(self.rest.len());
                let (word, rest) = self.rest.split_at(end);
                self.rest = rest;
                Ok(Operand::Literal(match (word, word.parse::<i64>()) {
                    ("true", _) => Value::Bool(true),
                    ("false", _) => Value::Bool(false),
                    (_, Ok(n)) => Value::Int(n),
                    _ => return Err(format!("unrecognized word {word} in a filter")),
                }))
            }
        }
    }
}

fn unexpected(c: char) -> String {
    format!("unrecognized character in action: U+{:04X} '{c}'", u32::from(c))
}

fn index(part: &str) -> Result<Segment, String> {
    for quote in ['\'', '"'] {
        if let Some(name) = part.strip_prefix(quote).and_then(|p| p.strip_suffix(quote)) {
            return Ok(Segment::Field(name.to_owned()));
        }
    }
    let bad = || format!("invalid array index {part}");
    let number = |text: &str| match text {
        "" => Ok(None),
        text => text.parse::<i64>().map(Some).map_err(|_| bad()),
    };
    let pieces: Vec<&str> = part.split(':').collect();
    match pieces.as_slice() {
        [one] => {
            let n = number(one)?.ok_or_else(bad)?;
            let end = n.saturating_add(1);
            Ok(Segment::Slice(Some(n), (end != 0).then_some(end), 1))
        }
        [from, to] => Ok(Segment::Slice(number(from)?, number(to)?, 1)),
        [from, to, by] => Ok(Segment::Slice(number(from)?, number(to)?, number(by)?.unwrap_or(1))),
        _ => Err(bad()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Value {
        serde_json::from_str(
            r#"{"items":[
              {"metadata":{"name":"a","labels":{"app.kubernetes.io/name":"x"}},"status":{"n":1,"conditions":[
                 {"type":"Ready","status":"True"},{"type":"Other","status":"False"}]}},
              {"metadata":{"name":"b"},"status":{"n":2,"conditions":[{"type":"Ready","status":"False"}]}}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn templates_print() {
        for (template, text) in [
            ("{.items[*].metadata.name}", "a b"),
            ("{.items[0].metadata.name}{\"\\n\"}", "a\n"),
            ("{.items[-1].metadata.name}", "b"),
            ("{.items[0:1].status.n}", "1"),
            ("{range .items[*]}{.metadata.name}={.status.n};{end}", "a=1;b=2;"),
            (
                "{.items[*].status.conditions[?(@.type==\"Ready\")].status}",
                "True False",
            ),
            ("{.items[?(@.status.n>1)].metadata.name}", "b"),
            ("{.items[0].metadata.labels.app\\.kubernetes\\.io/name}", "x"),
            (
                "{.items[0].metadata['name','labels']}",
                "a {\"app.kubernetes.io/name\":\"x\"}",
            ),
            ("{..name}", "a b"),
            ("{.items[0].nothing}", ""),
            ("plain", "plain"),
            ("{$.items[0].status.n} {@.items[1].status.n}", "1 2"),
            ("{.items[0].metadata.name} is {.items[0].status.n}", "a is 1"),
        ] {
            assert_eq!(
                JsonPath::template(template).map(|t| t.print(&list())),
                Ok(text.to_owned()),
                "{template}"
            );
        }
    }

    #[test]
    fn mistakes_are_told() {
        for template in [
            "{.items",
            "{range .items[*]}",
            "{end}",
            "{.items[0}",
            "{.items[x]}",
            "{.a[?(@.b==)]}",
        ] {
            assert!(JsonPath::template(template).is_err(), "{template}");
        }
        assert!(columns("NAME").is_err());
    }

    #[test]
    fn paths_may_lack_braces() {
        for text in ["items[0].status.n", ".items[0].status.n", "{.items[0].status.n}"] {
            let path = JsonPath::relaxed(text).unwrap();
            assert_eq!(path.find(&list()), [&Value::Int(1)], "{text}");
        }
    }
}
