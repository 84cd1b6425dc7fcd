//! What is compared: the rows, events and states of a run, each as an instant and a key of words parted by tabs.

use podscope::api::{ContainerStatus, PodStatus};
use podscope::kubectl::printpod::pod_row;
use podscope::sim::Simulation;
use podscope::trace::WatchKind;
use std::collections::{BTreeMap, BTreeSet};

use crate::recording::Recording;

/// The kinds of facts, in the order of [`Facts::of`].
pub const KINDS: [&str; 3] = ["row", "event", "state"];

/// Milliseconds since t = 0, and what was so from then on.
pub type Fact = (i64, String);

/// The facts of a run, each kind in order of time.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// By kind, as in [`KINDS`].
    pub of: [Vec<Fact>; 3],
}

/// Events of a node's start, which recordings hold and nobody asks about.
const NODE_STARTS: [&str; 9] = [
    "Starting",
    "NodeHasSufficientMemory",
    "NodeHasNoDiskPressure",
    "NodeHasSufficientPID",
    "NodeAllocatableEnforced",
    "NodeReady",
    "RegisteredNode",
    "InvalidDiskCapacity",
    "Rebooted",
];

/// The facts of a finished run, without what `recording` could not see.
pub fn facts(sim: &Simulation, recording: &Recording) -> Facts {
    let mut out = Facts::default();
    let [rows, events, states] = &mut out.of;
    let until = sim.until();
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    let mut seen: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for revision in sim.record().pods.iter().filter(|r| r.at <= until) {
        let ms = revision.at.millis();
        let row = pod_row(&revision.pod, revision.at, sim.setup().calendar, false);
        let restarts = row.restarts.split(' ').next().unwrap_or_default();
        let cell = format!("{}\t{}\t{}\t{restarts}", row.name, row.ready, row.status);
        if last.get(&row.name) != Some(&cell) {
            rows.push((ms, cell.clone()));
            last.insert(row.name.clone(), cell);
        }
        let gone = revision.kind == WatchKind::Deleted;
        if gone && recording.unseen_ends.contains(&row.name) {
            continue;
        }
        let now = if gone {
            vec![("gone".to_owned(), "True".to_owned())]
        } else {
            parts(&revision.pod.status)
        };
        let before = seen.entry(row.name.clone()).or_default();
        for (part, value) in &now {
            if before.get(part) != Some(value) {
                states.push((ms, format!("{}\t{part}\t{value}", row.name)));
            }
        }
        if gone {
            before.clear();
        }
        before.remove("gone");
        before.extend(now);
    }
    for e in sim.record().events.iter().filter(|e| e.at <= until) {
        if e.object.starts_with("Node/") && NODE_STARTS.contains(&&*e.reason) {
            continue;
        }
        let kind = if e.warning { "Warning" } else { "Normal" };
        let message = scrub(&e.message).replace('\\', "\\\\").replace('\n', "\\n");
        let key = format!("{}\t{kind}\t{}\t{message}", e.object, e.reason);
        events.push((e.at.millis(), key));
    }
    for list in &mut out.of {
        list.sort_by_key(|(ms, _)| *ms);
    }
    out
}

/// What a status says, part by part.
fn parts(status: &PodStatus) -> Vec<(String, String)> {
    let mut out = vec![("phase".to_owned(), status.phase.as_str().to_owned())];
    for c in &status.conditions {
        out.push((format!("condition\t{}", c.kind), format!("{}\t{}", c.status, c.reason)));
    }
    let all = [
        &status.init_container_statuses,
        &status.container_statuses,
        &status.ephemeral_container_statuses,
    ];
    for c in all.into_iter().flatten() {
        out.push((format!("container\t{}\tstate", c.name), state(c)));
        let word = |yes: bool| if yes { "True" } else { "False" };
        let flags = (word(c.ready), word(c.started == Some(true)), c.restart_count);
        out.push((
            format!("container\t{}\tflags", c.name),
            format!("{}\t{}\t{}", flags.0, flags.1, flags.2),
        ));
    }
    out
}

fn state(c: &ContainerStatus) -> String {
    if let Some(waiting) = &c.state.waiting {
        format!("waiting\t{}\tNone", waiting.reason)
    } else if c.state.running.is_some() {
        "running\t\tNone".to_owned()
    } else if let Some(terminated) = &c.state.terminated {
        format!("terminated\t{}\t{}", terminated.reason, terminated.exit_code)
    } else {
        "none\t\tNone".to_owned()
    }
}

/// A message without what no two runs share: identities, addresses, durations of a pull.
fn scrub(text: &str) -> String {
    let pulled = text.starts_with("Successfully pulled");
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let found = if joins(before) { None } else { word(rest, pulled) };
        let found = found.or_else(|| uid(rest).map(|len| (len, "<uid>")));
        let taken = if let Some((len, instead)) = found {
            out.push_str(instead);
            before = '>';
            len
        } else {
            out.push(c);
            before = c;
            c.len_utf8()
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.trim().to_owned()
}

/// Whether a character goes on a word.
fn joins(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// A word that no two runs share, at the beginning of the text: its length, and what stands for it.
fn word(text: &str, pulled: bool) -> Option<(usize, &'static str)> {
    let run = |ok: fn(char) -> bool| text.find(|c| !ok(c)).unwrap_or(text.len());
    let ends = |len: usize| text.get(len..).is_some_and(|r| !r.chars().next().is_some_and(joins));
    for (start, instead) in [("read tcp ", "read tcp <conn>"), ("write tcp ", "write tcp <conn>")] {
        if let Some(ends) = text.strip_prefix(start) {
            let len = ends.find(char::is_whitespace).unwrap_or(ends.len());
            if ends.get(..len).is_some_and(|c| c.contains("->")) {
                // The colon behind the connection belongs to it.
                return Some((start.len() + len, instead));
            }
        }
    }
    if let Some(random) = text.strip_prefix("kube-api-access-")
        && random.len() >= 5
        && random
            .bytes()
            .take(5)
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && ends(21)
    {
        return Some((21, "kube-api-access"));
    }
    let hex = run(|c| matches!(c, '0'..='9' | 'a'..='f'));
    if hex == 64 && ends(64) {
        return Some((64, "<id>"));
    }
    let address = run(|c| c.is_ascii_digit() || c == '.');
    let dotted = text.get(..address)?.trim_end_matches('.');
    let numbers = dotted.split('.').filter(|n| !n.is_empty()).count();
    if dotted.starts_with("10.") && numbers == 4 && ends(dotted.len()) {
        return Some((dotted.len(), "<ip>"));
    }
    let span = run(|c| c.is_ascii_digit() || matches!(c, '.' | 'm' | 's'));
    let unit = text.get(..span)?;
    if pulled && unit.starts_with(|c: char| c.is_ascii_digit()) && unit.ends_with('s') && ends(span) {
        return Some((span, "<d>"));
    }
    None
}

/// The length of an identity at the beginning of the text.
fn uid(text: &str) -> Option<usize> {
    const LENGTHS: [usize; 5] = [8, 4, 4, 4, 12];
    let head = text.get(..36)?;
    let hex = |part: &str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let lengths = head.split('-').map(str::len);
    (lengths.eq(LENGTHS) && head.split('-').all(hex)).then_some(36)
}

/// The Pods of a recording whose end its node did not show.
pub type Unseen = BTreeSet<String>;
