//! Text in columns as `describe` lays it out, and the small texts that many lines share.

use crate::manifest::Value;
use crate::time::{Calendar, Instant};

/// Blanks between a column and the next.
const PADDING: usize = 2;

/// Lines whose cells end with tabs. Columns line up over adjacent lines that have the same cell, as Go's tabwriter does
/// it; so a line without a tab begins a new block.
#[derive(Debug, Default)]
pub struct Writer {
    /// Lines since the last flush, already cut at tabs.
    lines: Vec<Vec<String>>,
    done: String,
}

impl Writer {
    /// Adds a line; `level` indents it by two blanks each.
    pub fn line(&mut self, level: usize, text: &str) {
        let text = format!("{}{text}", "  ".repeat(level));
        // A line break inside a value ends the line here too.
        for part in text.split('\n') {
            self.lines.push(part.split('\t').map(str::to_owned).collect());
        }
    }

    /// `name:` and its value in the next column.
    pub fn field(&mut self, level: usize, name: &str, value: &str) {
        self.line(level, &format!("{name}:\t{value}"));
    }

    /// `name:` and one line for each value, or `<none>`.
    pub fn several(&mut self, name: &str, values: &[String]) {
        match values.split_first() {
            None => self.field(0, name, "<none>"),
            Some((first, rest)) => {
                self.field(0, name, first);
                for value in rest {
                    self.line(0, &format!("\t{value}"));
                }
            }
        }
    }

    /// Lays out what is there; later lines do not line up with it.
    pub fn flush(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        let width = |cell: &String| cell.chars().count();
        let mut out: Vec<String> = lines.iter().map(|_| String::new()).collect();
        let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
        for column in 0..columns {
            let mut at = 0;
            while at < lines.len() {
                let has = |line: usize| lines.get(line).is_some_and(|l| l.len() > column + 1);
                let mut end = at;
                while has(end) {
                    end += 1;
                }
                let cells = || lines.iter().skip(at).take(end - at).filter_map(|l| l.get(column));
                let widest = cells().map(width).max().unwrap_or(0) + PADDING;
                for (line, cell) in (at..end).zip(cells()) {
                    if let Some(out) = out.get_mut(line) {
                        out.push_str(cell);
                        out.extend(std::iter::repeat_n(' ', widest - width(cell)));
                    }
                }
                if end < lines.len()
                    && let (Some(out), Some(line)) = (out.get_mut(end), lines.get(end))
                    && line.len() == column + 1
                    && let Some(last) = line.last()
                {
                    out.push_str(last);
                }
                at = end + 1;
            }
        }
        for line in out {
            self.done.push_str(&line);
            self.done.push('\n');
        }
    }

    /// Everything written.
    pub fn finish(mut self) -> String {
        self.flush();
        self.done
    }

    /// Everything written since the last flush, with its tabs.
    pub fn raw(self) -> String {
        self.lines.iter().map(|cells| cells.join("\t") + "\n").collect()
    }
}

/// A time of an object as RFC 1123 with a numeric zone; what is no time stays as it is.
pub fn time(value: Option<&Value>) -> String {
    let Some(text) = value.and_then(Value::as_str) else {
        return "Mon, 01 Jan 0001 00:00:00 +0000".to_owned();
    };
    let epoch = Calendar::at(0);
    match epoch.parse(text) {
        Some(at) => rfc1123(epoch, at),
        None => text.to_owned(),
    }
}

/// `Sat, 21 Nov 2026 08:02:15 +0000`.
pub fn rfc1123(calendar: Calendar, at: Instant) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let unix = calendar.unix(at);
    let day = usize::try_from(unix.div_euclid(86_400).rem_euclid(7)).unwrap_or(0);
    let text = calendar.rfc3339(at);
    let (date, clock) = text.trim_end_matches('Z').split_once('T').unwrap_or((&text, ""));
    let mut parts = date.split('-');
    let (year, month, of_month) = (parts.next(), parts.next(), parts.next());
    let month = month.and_then(|m| m.parse::<usize>().ok()).unwrap_or(1);
    let name = MONTHS.get(month.saturating_sub(1)).copied().unwrap_or("Jan");
    let week = DAYS.get(day).copied().unwrap_or("Thu");
    format!(
        "{week}, {} {name} {} {clock} +0000",
        of_month.unwrap_or("01"),
        year.unwrap_or("0001")
    )
}

/// `k=v` of every member, sorted by key.
pub fn pairs(map: Option<&Value>) -> Vec<String> {
    let members = map.map(Value::members).unwrap_or_default();
    let mut pairs: Vec<String> = members
        .iter()
        .map(|(k, v)| format!("{k}={}", crate::kubectl::jsonpath::bare(v)))
        .collect();
    crate::sort::sort(&mut pairs);
    pairs
}

/// Annotations longer than this, with their key, get lines of their own.
const LONG_ANNOTATION: usize = 140;

/// Annotations one a line, without the one that `apply` keeps for itself.
pub fn annotations(out: &mut Writer, map: Option<&Value>) {
    annotations_named(out, "Annotations", map);
}

/// The same under another label.
pub fn annotations_named(out: &mut Writer, label: &str, map: Option<&Value>) {
    let mut all: Vec<(&str, &str)> = map
        .map(Value::members)
        .unwrap_or_default()
        .iter()
        .filter(|(k, _)| k != crate::kubectl::apply::LAST_APPLIED)
        .map(|(k, v)| (k.as_str(), v.as_str().unwrap_or_default()))
        .collect();
    crate::sort::sort(&mut all);
    let mut lines = Vec::new();
    for (key, value) in all {
        let value = value.trim_end_matches('\n');
        if key.len() + value.len() + 2 <= LONG_ANNOTATION && !value.contains('\n') {
            lines.push(format!("{key}: {value}"));
            continue;
        }
        lines.push(format!("{key}:"));
        for line in value.split('\n') {
            let most = LONG_ANNOTATION - 2;
            if line.chars().count() > most {
                lines.push(format!("  {}...", line.chars().take(most).collect::<String>()));
            } else {
                lines.push(format!("  {line}"));
            }
        }
    }
    out.several(label, &lines);
}

/// `True` and `False`.
pub fn truth(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_over_adjacent_lines() {
        let mut w = Writer::default();
        w.field(0, "Name", "web");
        w.field(0, "Service Account", "default");
        w.line(0, "Containers:");
        w.field(1, "Port", "80");
        w.line(1, "a\tb\tc");
        w.field(0, "Empty", "");
        assert_eq!(
            w.finish(),
            "Name:             web\nService Account:  default\nContainers:\n  Port:  80\n  a      b  c\nEmpty:   \n"
        );
    }

    #[test]
    fn times_are_those_of_mail() {
        assert_eq!(
            time(Some(&"2026-11-21T08:02:15Z".into())),
            "Sat, 21 Nov 2026 08:02:15 +0000"
        );
        assert_eq!(
            time(Some(&"1970-01-01T00:00:00Z".into())),
            "Thu, 01 Jan 1970 00:00:00 +0000"
        );
        assert_eq!(time(None), "Mon, 01 Jan 0001 00:00:00 +0000");
    }
}
