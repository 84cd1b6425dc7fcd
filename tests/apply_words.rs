//! What kubectl and the API server say to manifests, against recordings: texts, and verdicts of the checks.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::disallowed_methods)]

use std::path::Path;
use std::rc::Rc;

use podscope::api;
use podscope::manifest::Severity;
use podscope::sim::{Options, Simulation};
use serde_json::{Value, json};

/// Cases whose text differs from the recording, with the reason of the first of each kind.
const OTHER_TEXTS: [&str; 16] = [
    // A class that is not there is assumed.
    "pod-prio-class",
    // The dry run of the server does not see it; without one it refuses too.
    "service-nodeport-range",
    // The recording was made in a namespace of another name.
    "event-minimal",
    "event-name",
    // The difference of the specs is left out.
    "update-pod-command",
    "update-pod-env",
    "update-pod-restart",
    "update-pod-grace",
    // kubectl counts its own annotation as a change.
    "update-pod-sa",
    "update-pod-nodeselector",
    "update-pvc-size",
    "update-pvc-mode",
    // Admission by Pod Security, quotas and limits is not there.
    "baseline-privileged",
    "quota-no-request",
    "quota-exceeded",
    "limitrange-max",
];

/// Cases whose verdict by the checks differs from the server's, with the reason of the first of each kind.
const OTHER_VERDICTS: [&str; 19] = [
    // A class that is not there is assumed.
    "pod-prio-class",
    // So is a RuntimeClass.
    "pod-runtime-class",
    // So is an account.
    "pod-sa-missing",
    // So are namespaces.
    "pod-namespace",
    "deployment-namespace",
    "job-namespace",
    // The dry run of the server does not see it; without one it refuses too.
    "service-nodeport-range",
    // The recording was made in a namespace of another name.
    "event-minimal",
    "event-name",
    // A %YAML 1.2 is read here.
    "yaml-doc-start-percent",
    // An object behind another without a separator is refused here: kubectl takes the last of both alone.
    "case-19-yaml-missing-separator",
    "case-22-namespace-not-there",
    "case-34-pod-security-restricted",
    // A Scenario is for this program.
    "case-35-kubectl-steps-texts",
    // Admission by Pod Security, quotas and limits is not there.
    "baseline-privileged",
    "quota-no-request",
    "quota-exceeded",
    "limitrange-max",
    "mistake-yaml-missing-separator",
];

#[derive(Debug, Default)]
struct Case {
    id: String,
    exit: i32,
    before: Option<String>,
    text: String,
    expected: String,
}

impl Case {
    /// What is put on standard input before the text, so that the run differs from one of an empty cluster.
    fn is_plain(&self) -> bool {
        self.before.is_none()
    }
}

fn cases() -> Vec<Case> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/apply/words.txt");
    let all = std::fs::read_to_string(file).expect("the table");
    let mut cases: Vec<Case> = Vec::new();
    let mut last = ' ';
    for line in all.lines() {
        let (kind, rest) = line.split_at(1);
        let kind = kind.chars().next().expect("a mark");
        if kind == '#' {
            continue;
        }
        if kind == '=' {
            let (id, exit) = rest.trim().rsplit_once(' ').expect("id and exit");
            cases.push(Case {
                id: id.to_owned(),
                exit: exit.parse().expect("a number"),
                ..Case::default()
            });
            last = kind;
            continue;
        }
        let case = cases.last_mut().expect("a case");
        let into = match kind {
            '|' => &mut case.text,
            '>' => &mut case.expected,
            '<' => case.before.get_or_insert_default(),
            '@' => {
                let labels: Value = serde_json::from_str(rest).expect("labels");
                let meta = json!({"name": "default", "labels": labels});
                case.before = Some(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": meta}).to_string());
                continue;
            }
            other => panic!("no such mark: {other}"),
        };
        if last == kind {
            into.push('\n');
        }
        into.push_str(rest);
        last = kind;
    }
    cases
}

/// What each line prints, one a second, with these files.
fn printed(files: Value, lines: &[String]) -> Vec<(String, i32)> {
    let steps: Vec<Value> = (0..)
        .zip(lines)
        .map(|(at, line)| json!({"at": format!("{at}s"), "run": line}))
        .collect();
    let spec = json!({"until": format!("{}s", lines.len() + 1), "files": files, "steps": steps});
    let scenario = json!({"apiVersion": "podscope/v1", "kind": "Scenario", "metadata": {"name": "x"}, "spec": spec});
    let mut sim = Simulation::new(&scenario.to_string(), &Options::default());
    sim.run();
    let calls = sim.record().console.iter();
    calls
        .map(|call| (call.output.to_string(), call.exit.unwrap_or(-1)))
        .collect()
}

/// Ids of objects are chance.
fn without_ids(text: &str) -> String {
    let is_id = |word: &str| {
        let parts: Vec<usize> = word.split('-').map(str::len).collect();
        parts == [8, 4, 4, 4, 12] && word.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
    };
    let words = text.split('"').map(|word| if is_id(word) { "UID" } else { word });
    words.collect::<Vec<_>>().join("\"")
}

fn outputs(cases: &[Case]) -> Vec<(String, i32)> {
    let plain: Vec<&Case> = cases.iter().filter(|case| case.is_plain()).collect();
    let files = plain
        .iter()
        .enumerate()
        .map(|(n, case)| (n.to_string(), case.text.clone().into()));
    let lines: Vec<String> = (0..plain.len())
        .map(|n| format!("kubectl apply --dry-run=server -f - < {n}"))
        .collect();
    let mut of_plain = printed(Value::Object(files.collect()), &lines).into_iter();
    let run = |case: &Case| match &case.before {
        None => of_plain.next(),
        Some(before) => {
            let files = json!({"before": before, "text": case.text});
            let lines = ["before", "text"].map(|file| format!("kubectl apply -f - < {file}"));
            printed(files, &lines).into_iter().nth(1)
        }
    };
    cases.iter().map(run).map(|found| found.expect("an output")).collect()
}

fn is_refused(text: &str) -> bool {
    let loaded = api::load(text);
    let is_empty = loaded.documents.is_empty() && loaded.diagnostics.is_empty();
    let found = Simulation::of(Rc::new(loaded), &Options::default()).diagnostics();
    is_empty || found.iter().any(|d| d.severity == Severity::Error)
}

#[test]
fn kubectl_apply_prints_what_was_recorded() {
    let cases = cases();
    let outputs = outputs(&cases);
    let differs = |(case, (text, _)): &(&Case, &(String, i32))| without_ids(text) != without_ids(&case.expected);
    let other: Vec<&str> = cases
        .iter()
        .zip(&outputs)
        .filter(differs)
        .map(|(case, _)| &*case.id)
        .collect();
    assert_eq!(other, OTHER_TEXTS);
    assert!(other.len() * 20 <= cases.len(), "{} of {}", other.len(), cases.len());
}

#[test]
fn checks_refuse_what_the_server_refuses() {
    let cases = cases();
    let outputs = outputs(&cases);
    let differs = |(case, (_, exit)): &(&Case, &(String, i32))| {
        let refused = if case.is_plain() {
            is_refused(&case.text)
        } else {
            *exit != 0
        };
        refused != (case.exit != 0)
    };
    let other: Vec<&str> = cases
        .iter()
        .zip(&outputs)
        .filter(differs)
        .map(|(case, _)| &*case.id)
        .collect();
    assert_eq!(other, OTHER_VERDICTS);
}
