//! Quick fixes of values of the wrong type: quotes, numbers with units, lists and mappings taken for each other.

use super::nearest::nearest;
use super::relocate::{line_end, line_start};
use super::schema::{Shape, Type, schema};
use crate::manifest::{Fix, Node, NodeKind, Range, Resolved, Scalar};

/// A value that does not have the shape of its field.
pub struct Misfit<'a> {
    /// The text of the manifest.
    pub text: &'a str,
    /// The value.
    pub node: &'a Node,
    /// Its key.
    pub key: Range,
}

impl Misfit<'_> {
    /// Ways to give the value the shape.
    pub fn fixes(&self, shape: &Shape) -> Vec<Fix> {
        let fix = match (&self.node.kind, shape) {
            (NodeKind::Scalar(scalar), _) => self.scalar(scalar, shape),
            (NodeKind::Map(_), Shape::List(item)) => self.listed(item),
            (NodeKind::Map(_), Shape::Text | Shape::Word(_) | Shape::Quantity) => self.lifted(),
            (NodeKind::Seq(items), Shape::Object(_) | Shape::Map(_)) => {
                return [self.paired(items, shape), self.undashed(items)]
                    .into_iter()
                    .flatten()
                    .collect();
            }
            (NodeKind::Seq(items), _) => self.unwrapped(items),
            _ => None,
        };
        fix.into_iter().collect()
    }

    fn replace(&self, title: &str, text: String) -> Option<Fix> {
        Some(Fix {
            title: title.to_owned(),
            range: self.node.range,
            text,
        })
    }

    fn scalar(&self, scalar: &Scalar, shape: &Shape) -> Option<Fix> {
        let text = &*scalar.text;
        match shape {
            Shape::Text | Shape::Word(_) if scalar.plain => self.replace("Put it in quotes", format!("\"{text}\"")),
            Shape::Int32 | Shape::Int64 | Shape::Unsigned | Shape::IntOrString => {
                let number = number(text)?;
                let same = number.to_string() == text;
                let title = if same {
                    "Remove the quotes".to_owned()
                } else {
                    format!("Change to {number}")
                };
                self.replace(&title, number.to_string())
            }
            Shape::Bool => {
                let meant = boolean(text)?;
                let title = if meant == text {
                    "Remove the quotes".to_owned()
                } else {
                    format!("Change to {meant}")
                };
                self.replace(&title, meant.to_owned())
            }
            Shape::List(item) => {
                let inner = match &**item {
                    Shape::Text | Shape::Word(_) => arguments(text),
                    Shape::Object(name) => object_of(scalar, schema().get(name)?)?,
                    _ => number(text)?.to_string(),
                };
                self.replace("Make it a list", format!("[{inner}]"))
            }
            Shape::Object(name) => {
                let inner = object_of(scalar, schema().get(name)?)?;
                self.replace(&format!("Change to {inner}"), inner)
            }
            Shape::Map(_) => {
                let pairs: Option<Vec<String>> = text
                    .split(',')
                    .map(|pair| {
                        pair.trim()
                            .split_once(['=', ':'])
                            .map(|(k, v)| format!("{}: {}", k.trim(), quoted(v.trim())))
                    })
                    .collect();
                let inner = format!("{{{}}}", pairs?.join(", "));
                self.replace(&format!("Change to {inner}"), inner)
            }
            _ => None,
        }
    }

    /// The text of a place.
    fn cut(&self, range: Range) -> &str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or("")
    }

    fn flow(&self) -> bool {
        self.cut(self.node.range).starts_with(['{', '['])
    }

    /// The column at which a place stands.
    fn column(&self, at: u32) -> usize {
        (at as usize).saturating_sub(line_start(self.text, at as usize))
    }

    /// A mapping where a list of objects belongs: it becomes the only item, or each of its members becomes one.
    fn listed(&self, item: &Shape) -> Option<Fix> {
        let Shape::Object(name) = item else { return None };
        let (ty, body) = (schema().get(name)?, self.cut(self.node.range));
        let entries = self.node.entries();
        if entries.iter().any(|entry| ty.field(&entry.key).is_some()) {
            let text = if self.flow() {
                format!("[{body}]")
            } else {
                format!("- {}", body.replace('\n', "\n  "))
            };
            return self.replace("Make it a list", text);
        }
        ty.field("name")?;
        let lead = " ".repeat(self.column(self.node.range.start));
        let mut rows = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.merged && !self.flow()) {
            rows.push(format!("- name: {}", entry.key));
            match &entry.value.kind {
                NodeKind::Scalar(scalar) => {
                    let raw = self.cut(entry.value.range);
                    let value = if scalar.resolved == Resolved::Str {
                        raw.to_owned()
                    } else {
                        format!("\"{raw}\"")
                    };
                    rows.push(format!("{lead}  value: {value}"));
                }
                NodeKind::Map(_) if !self.cut(entry.value.range).starts_with('{') => {
                    let deeper = self.column(entry.value.range.start);
                    for row in self.cut(entry.value.range).split('\n') {
                        let body = row.trim_start_matches(' ');
                        let extra = (row.len() - body.len()).saturating_sub(deeper);
                        rows.push(format!("{lead}  {}{body}", " ".repeat(extra)));
                    }
                }
                _ => return None,
            }
            if let Some(first) = rows
                .iter_mut()
                .rev()
                .find(|row| row.starts_with("- "))
                .filter(|_| entry.key_range.start != self.node.range.start)
            {
                *first = format!("{lead}{first}");
            }
        }
        (!rows.is_empty())
            .then(|| self.replace("Make it a list", rows.join("\n")))
            .flatten()
    }

    /// A mapping where text belongs takes the place of its key: `matchLabels` in the selector of a Service.
    fn lifted(&self) -> Option<Fix> {
        if self.flow() {
            return None;
        }
        let by = self
            .column(self.node.range.start)
            .checked_sub(self.column(self.key.start))?;
        let rows: Vec<&str> = self
            .cut(self.node.range)
            .split('\n')
            .enumerate()
            .map(|(n, row)| if n == 0 { row } else { row.get(by..).unwrap_or("") })
            .collect();
        let name = self.cut(self.key);
        Some(Fix {
            title: format!("Remove \"{name}\" around it"),
            range: Range {
                start: self.key.start,
                end: self.node.range.end,
            },
            text: rows.join("\n"),
        })
    }

    /// A list of mappings where one mapping belongs: without its dashes.
    fn undashed(&self, items: &[Node]) -> Option<Fix> {
        if !items.iter().all(|item| matches!(item.kind, NodeKind::Map(_))) {
            return None;
        }
        if self.flow() {
            let [one] = items else { return None };
            return self.replace("Make it one object", self.cut(one.range).to_owned());
        }
        let start = line_start(self.text, items.first()?.range.start as usize);
        let end = items.last()?.range.end as usize;
        let mut text = self.text.get(start..end)?.to_owned();
        for item in items.iter().rev() {
            let at = item.range.start as usize;
            let dash = self.text.get(..at)?.rfind('-')?;
            if dash < start || at - dash > 8 {
                return None;
            }
            text.replace_range(dash - start..dash - start + 1, " ");
        }
        Some(Fix {
            title: "Remove the dashes".to_owned(),
            range: range(start, end)?,
            text,
        })
    }

    /// A list of names with values, or of `a=b`, where a mapping belongs.
    fn paired(&self, items: &[Node], shape: &Shape) -> Option<Fix> {
        let Shape::Map(_) = shape else { return None };
        let mut rows = Vec::new();
        for item in items {
            let named = item.get("name").or_else(|| item.get("key")).zip(item.get("value"));
            let row = match (named, &item.kind) {
                (Some((key, value)), _) => format!("{}: {}", self.cut(key.range), self.cut(value.range)),
                (None, NodeKind::Scalar(scalar)) => {
                    let (key, value) = scalar.text.split_once('=')?;
                    format!("{key}: {}", quoted(value))
                }
                _ => return None,
            };
            rows.push(row);
        }
        if self.flow() {
            return self.replace("Make it a mapping", format!("{{{}}}", rows.join(", ")));
        }
        let start = line_start(self.text, items.first()?.range.start as usize);
        let lead = " ".repeat(self.column(self.key.start) + 2);
        let rows: Vec<String> = rows.into_iter().map(|row| format!("{lead}{row}")).collect();
        Some(Fix {
            title: "Make it a mapping".to_owned(),
            range: range(start, items.last()?.range.end as usize)?,
            text: rows.join("\n"),
        })
    }

    /// A list of one where one value belongs.
    fn unwrapped(&self, items: &[Node]) -> Option<Fix> {
        let [one] = items else { return None };
        let NodeKind::Scalar(_) = one.kind else { return None };
        let value = self.cut(one.range).to_owned();
        if self.flow() {
            return self.replace("Make it one value", value);
        }
        let from = self.key.end as usize + self.text.get(self.key.end as usize..)?.find(':')? + 1;
        Some(Fix {
            title: "Make it one value".to_owned(),
            range: range(
                from,
                (one.range.end as usize).min(line_end(self.text, one.range.start as usize)),
            )?,
            text: format!(" {value}"),
        })
    }
}

fn range(start: usize, end: usize) -> Option<Range> {
    Some(Range {
        start: u32::try_from(start).ok()?,
        end: u32::try_from(end).ok()?,
    })
}

/// A value in quotes where it would be another type without.
fn quoted(value: &str) -> String {
    let safe = value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && boolean(value).is_none()
        && !value.contains([':', '#', ',', '{', '}', '[', ']', '"', '\'']);
    if safe { value.to_owned() } else { format!("{value:?}") }
}

/// A command line as items of a list.
fn arguments(text: &str) -> String {
    let words: Vec<String> = if text.contains(['|', '&', ';', '<', '>', '$', '"', '\'', '*']) {
        ["sh", "-c", text].iter().map(|word| format!("{word:?}")).collect()
    } else {
        text.split_whitespace().map(|word| format!("{word:?}")).collect()
    };
    words.join(", ")
}

/// An object whose main field has this value.
fn object_of(scalar: &Scalar, ty: &Type) -> Option<String> {
    let text = &*scalar.text;
    let has = |names: &[&'static str]| names.iter().copied().find(|name| ty.field(name).is_some());
    if let Some(number) = number(text) {
        let name = has(&["containerPort", "port", "seconds"])?;
        return Some(format!("{{{name}: {number}}}"));
    }
    if text.is_empty() || boolean(text).is_some() {
        return Some("{}".to_owned());
    }
    if ty.field("command").is_some() && ty.field("name").is_none() {
        return Some(format!("{{command: [{}]}}", arguments(text)));
    }
    let name = has(&["name", "claimName", "secretName", "path"])?;
    Some(format!("{{{name}: {}}}", quoted(text)))
}

/// `"80"`, `80.0`, `30s`, `5 minutes`, `80/TCP`, `1,000`, `three` as the number that was meant.
fn number(text: &str) -> Option<i64> {
    const WORDS: [&str; 11] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let text = text
        .trim()
        .trim_matches(['"', '\'', '\u{201c}', '\u{201d}'])
        .to_ascii_lowercase();
    if let Some(at) = WORDS.iter().position(|word| *word == text) {
        return i64::try_from(at).ok();
    }
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '_')).collect();
    let end = plain
        .find(|c: char| !c.is_ascii_digit() && c != '-')
        .unwrap_or(plain.len());
    let (digits, unit) = (plain.get(..end)?, plain.get(end..)?);
    let factor = match unit.trim() {
        "" | ".0" | "/tcp" | "/udp" | "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3600,
        _ => return None,
    };
    digits.parse::<i32>().ok().map(|n| i64::from(n) * factor)
}

/// `yes`, `"true"`, `flase` as the boolean that was meant.
fn boolean(text: &str) -> Option<&'static str> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "1" | "enabled" => Some("true"),
        "no" | "n" | "off" | "0" | "disabled" => Some("false"),
        other => ["true", "false"]
            .into_iter()
            .find(|word| *word == other)
            .or_else(|| nearest(other, ["true", "false"])),
    }
}

/// `64mb`, `500 m` and the like with the suffix that was probably meant.
pub fn quantity(place: Range, text: &str) -> Option<Fix> {
    let at = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(at);
    let meant = match suffix.trim().to_ascii_lowercase().as_str() {
        "kb" | "kib" | "ki" | "kilobytes" => "Ki",
        "mb" | "mib" | "mi" | "megabytes" | "megs" => "Mi",
        "gb" | "gib" | "gi" | "g" | "gigabytes" => "Gi",
        "tb" | "tib" | "ti" => "Ti",
        "m" | "mcpu" | "millicores" | "millis" | "millicpu" => "m",
        "cpu" | "cpus" | "core" | "cores" | "b" | "bytes" => "",
        _ => return None,
    };
    (!number.is_empty()).then(|| Fix {
        title: format!("Change to {number}{meant}"),
        range: place,
        text: format!("{number}{meant}"),
    })
}

/// The value as base64, which `data` of a Secret holds.
pub fn base64(place: Range, text: &str) -> Fix {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let byte = |n: usize| u32::from(chunk.get(n).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for n in 0..4 {
            let letter = LETTERS
                .get((bits >> (18 - 6 * n) & 63) as usize)
                .copied()
                .unwrap_or(b'=');
            out.push(if n > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    Fix {
        title: "Encode it in base64".to_owned(),
        range: place,
        text: out,
    }
}
