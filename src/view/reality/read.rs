//! Reading what people paste from a real cluster.

use super::facts::{Fact, container_of};
use crate::api::scenario::Span;
use crate::manifest::{Value, parse};
use crate::sort;
use crate::time::{Calendar, Duration, Instant};

/// Which sort of text it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Lines of `kubectl get pod -w`.
    Watch,
    /// A Pod as YAML or JSON.
    Pod,
    /// Events as YAML or JSON.
    Events,
}

/// What a real cluster said about one Pod.
#[derive(Clone, Debug)]
pub struct Observed {
    /// Name of the Pod.
    pub pod: String,
    /// Which sort of text it was.
    pub source: Source,
    /// What was said, in order of time.
    pub facts: Vec<Fact>,
}

/// Longer texts are not read.
const MAX_TEXT: usize = 1 << 20;

/// Reads a pasted text. Of several Pods one of those in `names` is chosen, else the first.
///
/// # Errors
/// In one sentence, why nothing can be read from it.
pub fn read(text: &str, names: &[String]) -> Result<Observed, String> {
    if text.len() > MAX_TEXT {
        return Err("This is more than can be read at once.".to_owned());
    }
    let rows = watch(text);
    let all = if rows.is_empty() { objects(text) } else { rows };
    let known = all.iter().position(|o| names.contains(&o.pod)).unwrap_or(0);
    let mut all = all;
    if all.is_empty() {
        return Err(
            "Nothing to compare was found: paste the lines of kubectl get pod -w, a Pod with its status, or Events."
                .to_owned(),
        );
    }
    let mut observed = all.swap_remove(known);
    sort::sort_by_key(&mut observed.facts, |f| f.at);
    observed.facts.dedup_by(|b, a| a.what == b.what && a.row.is_some());
    Ok(observed)
}

/// An age as kubectl prints it: `58s`, `2m3s`, `5h`.
fn age(text: &str) -> Option<Duration> {
    Span::parse(text.trim()).map(|s| s.0)
}

/// Lines of `kubectl get pod -w`, with or without a column of namespaces or of watch events before the name.
fn watch(text: &str) -> Vec<Observed> {
    let mut all: Vec<Observed> = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line
            .split('\t')
            .flat_map(|part| part.split("  "))
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect();
        let fraction = |cell: &&str| {
            let parts = cell.split_once('/');
            parts.is_some_and(|(a, b)| {
                [a, b]
                    .iter()
                    .all(|p| !p.is_empty() && p.bytes().all(|c| c.is_ascii_digit()))
            })
        };
        let Some(at) = cells.iter().position(fraction).filter(|at| *at > 0) else {
            continue;
        };
        let (Some(name), Some(ready), Some(status), Some(restarts)) =
            (cells.get(at - 1), cells.get(at), cells.get(at + 1), cells.get(at + 2))
        else {
            continue;
        };
        let restarts = restarts.split(' ').next().and_then(|n| n.parse::<u32>().ok());
        let (Some(restarts), Some(age)) = (restarts, cells.get(at + 3).and_then(|a| age(a))) else {
            continue;
        };
        let fact = Fact::row(age, ready, status, restarts);
        match all.iter_mut().find(|o| o.pod == **name) {
            Some(observed) => observed.facts.push(fact),
            None => all.push(Observed {
                pod: (*name).to_owned(),
                source: Source::Watch,
                facts: vec![fact],
            }),
        }
    }
    all
}

fn time(value: Option<&Value>) -> Option<Instant> {
    Calendar::default().parse(value?.as_str()?)
}

fn text_at<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    value.at(path).and_then(Value::as_str).unwrap_or("")
}

fn number(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::Int(n)) => *n,
        _ => 0,
    }
}

/// Pods and Events, one by one or in lists.
fn objects(text: &str) -> Vec<Observed> {
    let mut all: Vec<Observed> = Vec::new();
    let mut events: Vec<(String, Instant, String, String)> = Vec::new();
    for document in parse(text).documents {
        let raw = document.root.to_value();
        let kind = raw.get("kind").and_then(Value::as_str).unwrap_or("").to_owned();
        let single = [raw.clone()];
        let items = match raw.get("items") {
            Some(Value::Seq(items)) => items.as_slice(),
            _ => &single,
        };
        for item in items {
            let own = item
                .get("kind")
                .and_then(Value::as_str)
                .unwrap_or(kind.trim_end_matches("List"));
            match own {
                "Pod" => all.extend(pod(item)),
                "Event" => events.extend(event(item)),
                _ => {}
            }
        }
    }
    if all.is_empty() {
        sort::sort_by_key(&mut events, |e| e.1);
        for (pod, at, reason, container) in events {
            match all.iter_mut().find(|o| o.pod == pod) {
                Some(observed) => {
                    let first = observed.facts.first().map_or(Duration::ZERO, |f| f.at);
                    observed
                        .facts
                        .push(Fact::event(first.max(at - Instant::ZERO), &reason, &container));
                }
                None => all.push(Observed {
                    pod,
                    source: Source::Events,
                    facts: vec![Fact::event(at - Instant::ZERO, &reason, &container)],
                }),
            }
        }
        // Events do not say when the Pod was created: their clock begins with the first of them.
        for observed in &mut all {
            let first = observed.facts.first().map_or(Duration::ZERO, |f| f.at);
            for fact in &mut observed.facts {
                fact.at = fact.at - first;
            }
        }
    }
    all
}

fn event(item: &Value) -> Option<(String, Instant, String, String)> {
    let about = item.get("involvedObject").or(item.get("regarding"))?;
    if text_at(about, &["kind"]) != "Pod" {
        return None;
    }
    let at = [
        &["firstTimestamp"][..],
        &["eventTime"],
        &["deprecatedFirstTimestamp"],
        &["metadata", "creationTimestamp"],
    ]
    .iter()
    .find_map(|path| time(item.at(path)))?;
    let container = container_of(text_at(about, &["fieldPath"])).to_owned();
    Some((
        text_at(about, &["name"]).to_owned(),
        at,
        text_at(item, &["reason"]).to_owned(),
        container,
    ))
}

fn pod(item: &Value) -> Option<Observed> {
    let created = time(item.at(&["metadata", "creationTimestamp"]))?;
    let since = |at: Instant| at - created;
    let mut facts = Vec::new();
    for key in ["initContainerStatuses", "containerStatuses"] {
        for status in item.at(&["status", key]).map_or(&[][..], Value::items) {
            let name = text_at(status, &["name"]);
            let restarts = u32::try_from(number(status.get("restartCount"))).unwrap_or(0);
            for (state, count) in [("lastState", restarts.saturating_sub(1)), ("state", restarts)] {
                if let Some(at) = time(status.at(&[state, "running", "startedAt"])) {
                    facts.push(Fact::started(since(at), name, count));
                }
                let Some(ended) = status.at(&[state, "terminated"]) else {
                    continue;
                };
                if let Some(at) = time(ended.get("startedAt")) {
                    facts.push(Fact::started(since(at), name, count));
                }
                if let Some(at) = time(ended.get("finishedAt")) {
                    let code = i32::try_from(number(ended.get("exitCode"))).unwrap_or(0);
                    facts.push(Fact::ended(since(at), name, count, code));
                }
            }
        }
    }
    for condition in item.at(&["status", "conditions"]).map_or(&[][..], Value::items) {
        if text_at(condition, &["type"]) == "Ready"
            && let Some(at) = time(condition.get("lastTransitionTime"))
        {
            facts.push(Fact::condition(since(at), "Ready", text_at(condition, &["status"])));
        }
    }
    (!facts.is_empty()).then(|| Observed {
        pod: text_at(item, &["metadata", "name"]).to_owned(),
        source: Source::Pod,
        facts,
    })
}
