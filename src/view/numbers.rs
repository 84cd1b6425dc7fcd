//! The numbers of a text that are worth trying other values for: of probes, of grace periods, of how the world behaves.
//!
//! A field that is not written has its default; its place is where it could be written.

use super::sweep::Number;
use crate::api::Loaded;
use crate::manifest::{Node, NodeKind};

/// Fields of a Pod with a number, the default where one holds, and the range worth a look.
const FIELDS: [(&str, Option<i64>, (i64, i64)); 10] = [
    ("failureThreshold", Some(3), (1, 12)),
    ("periodSeconds", Some(10), (1, 20)),
    ("initialDelaySeconds", Some(0), (0, 40)),
    ("timeoutSeconds", Some(1), (1, 10)),
    ("successThreshold", None, (1, 5)),
    ("terminationGracePeriodSeconds", Some(30), (1, 60)),
    ("seconds", None, (0, 60)),
    ("minReadySeconds", None, (0, 60)),
    ("activeDeadlineSeconds", None, (1, 300)),
    ("replicas", None, (1, 10)),
];

/// Spans of a Scenario that say how the world behaves.
const SPANS: [&str; 4] = ["after", "takes", "from", "to"];

/// More than this is not offered.
const MAX: usize = 200;

/// The numbers of a loaded text.
pub fn numbers(loaded: &Loaded, text: &str) -> Vec<Number> {
    let mut list = Vec::new();
    for object in &loaded.objects {
        if let Some(document) = loaded.documents.get(object.document) {
            let mut walk = Walk {
                text,
                world: false,
                list: &mut list,
            };
            walk.node(&document.root, object.object.name(), "");
        }
    }
    if let Some(document) = loaded.scenario_document().and_then(|i| loaded.documents.get(i)) {
        let mut walk = Walk {
            text,
            world: true,
            list: &mut list,
        };
        walk.node(&document.root, "", "");
    }
    list.truncate(MAX);
    list
}

struct Walk<'a> {
    text: &'a str,
    /// Whether this is the scenario.
    world: bool,
    list: &'a mut Vec<Number>,
}

impl Walk<'_> {
    /// `who` is the object or the container, `path` the fields below it.
    fn node(&mut self, node: &Node, who: &str, path: &str) {
        match &node.kind {
            NodeKind::Scalar(_) => {}
            NodeKind::Seq(items) => {
                for (index, item) in items.iter().enumerate() {
                    let name = item.get("name").and_then(Node::as_str);
                    match name.filter(|_| !self.world) {
                        Some(name) => self.node(item, name, ""),
                        None => self.node(item, who, &format!("{path}[{index}]")),
                    }
                }
            }
            NodeKind::Map(entries) => {
                for entry in entries.iter().filter(|e| !e.merged && !e.shadowed) {
                    let below = match (path, &*entry.key) {
                        ("" | "spec", "spec" | "program") => "spec".to_owned(),
                        ("" | "spec", key) => key.to_owned(),
                        (path, key) => format!("{path}.{key}"),
                    };
                    if matches!(&*entry.key, "expect" | "status" | "metadata" | "steps") {
                        continue;
                    }
                    self.written(&entry.key, &entry.value, who, &below);
                    self.node(&entry.value, who, &below);
                    if !self.world && entry.key.ends_with("Probe") {
                        self.missing(&entry.value, &FIELDS[..3], who, &below);
                    }
                    if !self.world
                        && path.is_empty()
                        && &*entry.key == "spec"
                        && entry.value.get("containers").is_some()
                    {
                        self.missing(&entry.value, &FIELDS[5..6], who, "");
                    }
                }
            }
        }
    }

    fn written(&mut self, key: &str, value: &Node, who: &str, path: &str) {
        let NodeKind::Scalar(scalar) = &value.kind else { return };
        let field = FIELDS.iter().find(|f| f.0 == key);
        if field.is_none() && !(self.world && SPANS.contains(&key)) {
            return;
        }
        // What stands in the text, not what an alias stands for, and without quotes.
        let (from, to) = (value.range.start, value.range.end);
        let Some(written) = self
            .text
            .get(from as usize..to as usize)
            .filter(|w| *w == &*scalar.text)
        else {
            return;
        };
        let digits = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len());
        let (digits, unit) = written.split_at(digits);
        let Ok(value) = digits.parse::<i64>() else { return };
        if !matches!(unit, "" | "s" | "ms" | "m") || (!self.world && !unit.is_empty()) {
            return;
        }
        let (least, most) = field.map_or((0, 60), |f| f.2);
        self.list.push(Number {
            label: label(who, path),
            from,
            to,
            before: String::new(),
            after: String::new(),
            value,
            unit: unit.to_owned(),
            written: true,
            range: (least.min(value), most.max(value.saturating_mul(2))),
        });
    }

    /// Fields that could be written as the first ones of a mapping.
    fn missing(&mut self, map: &Node, fields: &[(&str, Option<i64>, (i64, i64))], who: &str, path: &str) {
        let Some(first) = map.entries().first() else { return };
        let at = first.key_range.start;
        let Some(head) = self.text.get(..at as usize) else {
            return;
        };
        let line = head.rsplit('\n').next().unwrap_or("");
        let flow = self
            .text
            .get(map.range.start as usize..)
            .is_some_and(|t| t.starts_with('{'));
        let after = if flow {
            ", ".to_owned()
        } else if line.chars().all(|c| c == ' ' || c == '-') {
            format!("\n{}", " ".repeat(line.chars().count()))
        } else {
            return;
        };
        for (name, default, range) in fields {
            let Some(value) = default.filter(|_| map.get(name).is_none()) else {
                continue;
            };
            let path = if path.is_empty() {
                (*name).to_owned()
            } else {
                format!("{path}.{name}")
            };
            self.list.push(Number {
                label: label(who, &path),
                from: at,
                to: at,
                before: format!("{name}: "),
                after: after.clone(),
                value,
                unit: String::new(),
                written: false,
                range: *range,
            });
        }
    }
}

fn label(who: &str, path: &str) -> String {
    match who {
        "" => path.to_owned(),
        who => format!("{who} · {path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::load;

    const TEXT: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: nginx
    livenessProbe:
      httpGet: {path: /, port: 80}
      periodSeconds: 5
    readinessProbe: {tcpSocket: {port: 80}, failureThreshold: 2}
    lifecycle: {preStop: {sleep: {seconds: 8}}}
---
apiVersion: podscope/v1
kind: Scenario
metadata: {name: s}
spec:
  until: 90s
  workloads:
  - program:
      listens: [{port: 80, after: 3s}]
  expect:
  - {pod: web, ready: {by: 30s}}
";

    #[test]
    fn numbers_are_those_that_decide_something() {
        let list = numbers(&load(TEXT), TEXT);
        let said: Vec<_> = list
            .iter()
            .map(|n| {
                format!(
                    "{}={}{}{}",
                    n.label,
                    n.value,
                    n.unit,
                    if n.written { "" } else { " (default)" }
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                "app · livenessProbe.periodSeconds=5",
                "app · livenessProbe.failureThreshold=3 (default)",
                "app · livenessProbe.initialDelaySeconds=0 (default)",
                "app · readinessProbe.failureThreshold=2",
                "app · readinessProbe.periodSeconds=10 (default)",
                "app · readinessProbe.initialDelaySeconds=0 (default)",
                "app · lifecycle.preStop.sleep.seconds=8",
                "web · terminationGracePeriodSeconds=30 (default)",
                "workloads[0].program.listens[0].after=3s",
            ]
        );
    }

    #[test]
    fn every_number_can_be_put_in() {
        for number in numbers(&load(TEXT), TEXT) {
            let text = number.put(TEXT, 9).unwrap();
            let loaded = load(&text);
            assert!(
                !loaded.has_errors(),
                "{}: {:?}\n{text}",
                number.label,
                loaded.diagnostics
            );
            let again = numbers(&loaded, &text);
            let now = again.iter().find(|n| n.label == number.label).unwrap();
            assert_eq!((now.value, now.written), (9, true), "{}", number.label);
        }
    }
}
