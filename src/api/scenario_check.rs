//! What is checked of a Scenario beyond the shapes of its fields: what must be there, ranges, and what contradicts.

use super::fields::{int, list, text};
use super::scenario::Span;
use super::schema::{Shape, schema};
use super::validation::path::Path;
use super::validation::{Errors, dns_subdomain};
use crate::manifest::{Diagnostic, Node, Severity, Value};
use crate::time::Duration;

/// The longest horizon.
const MAX_UNTIL: Duration = Duration::from_secs(168 * 3600);

/// Releases of kubectl whose texts are known (`machine::Client`).
const KUBECTL_RELEASES: [&str; 2] = ["1.32", "1.36"];

/// Says what is wrong with a scenario.
pub fn check(raw: &Value, root: &Node, said: &mut Vec<Diagnostic>) {
    let mut errors = Errors::default();
    let path = Path::Root;
    shape(raw, &Shape::Object("Scenario"), &path, &mut errors);
    let spec_path = path.field("spec");
    if let Some(spec) = raw.get("spec") {
        spec_rules(spec, &spec_path, &mut errors);
    }
    let wrong: Vec<String> = said
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| d.path.clone())
        .collect();
    for failure in errors.0 {
        if super::load::follows_from(&failure, &wrong) {
            continue;
        }
        said.push(Diagnostic {
            severity: Severity::Error,
            code: "invalid",
            message: failure.to_string(),
            range: root.locate(&failure.path),
            path: failure.path,
            fixes: Vec::new(),
        });
    }
}

/// Required fields, and words out of a fixed set. Recursion is as deep as the schema.
fn shape(value: &Value, wanted: &Shape, path: &Path, errors: &mut Errors) {
    match (wanted, value) {
        (Shape::Object(name), Value::Map(_)) => {
            let Some(ty) = schema().get(name) else { return };
            for field in &ty.fields {
                let at = path.field(field.name);
                match value.get(field.name) {
                    Some(inner) => shape(inner, &field.shape, &at, errors),
                    None if field.required => errors.required(&at, ""),
                    None => {}
                }
            }
        }
        (Shape::List(item) | Shape::OneOrMany(item), Value::Seq(items)) => {
            for (index, inner) in items.iter().enumerate() {
                shape(inner, item, &path.index(index), errors);
            }
        }
        (Shape::OneOrMany(item) | Shape::WordOr(_, item), _) => shape(value, item, path, errors),
        (Shape::Word(name), Value::Str(word)) => errors.one_of(path, word, schema().words(name)),
        _ => {}
    }
}

fn spec_rules(spec: &Value, path: &Path, errors: &mut Errors) {
    let until = Span::parse(text(spec, "until")).map(|span| span.0);
    if until.is_some_and(|until| until > MAX_UNTIL) {
        errors.invalid_text(&path.field("until"), text(spec, "until"), "must be at most 168h");
    }
    if until == Some(Duration::ZERO) {
        errors.invalid_text(&path.field("until"), text(spec, "until"), "must be more than nothing");
    }
    if spec.get("kubectl").is_some() {
        errors.one_of(&path.field("kubectl"), text(spec, "kubectl"), &KUBECTL_RELEASES);
    }
    let nodes = path.field("nodes");
    let mut names = crate::map::Set::new();
    for (index, node) in list(spec, "nodes").iter().enumerate() {
        let item = nodes.index(index);
        let at = item.field("name");
        let name = text(node, "name");
        if !name.is_empty() {
            errors.each(&at, name, dns_subdomain(name));
            if !names.insert(name) {
                errors.duplicate(&at, name);
            }
        }
        let taints = item.field("taints");
        for (index, taint) in list(node, "taints").iter().enumerate() {
            let known = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
            let effect = text(taint, "effect");
            if !effect.is_empty() {
                errors.one_of(&taints.index(index).field("effect"), effect, &known);
            }
        }
    }
    for key in ["images", "workloads"] {
        let all = path.field(key);
        for (index, item) in list(spec, key).iter().enumerate() {
            let at = all.index(index);
            if let Some(found) = item.get("program") {
                program(found, &at.field("program"), errors);
            }
        }
    }
    let steps = path.field("steps");
    for (index, step) in list(spec, "steps").iter().enumerate() {
        let at = steps.index(index);
        match (step.get("run"), step.get("fault")) {
            (None, None) => errors.required(&at, "a step must have one of: `run` or `fault`"),
            (Some(_), Some(_)) => errors.forbidden(&at.field("fault"), "a step has either `run` or `fault`"),
            _ => {}
        }
    }
    expectations(spec, path, errors);
}

fn program(program: &Value, path: &Path, errors: &mut Errors) {
    let each = |key: &str| list(program, key).iter().enumerate();
    let listens = path.field("listens");
    for (index, port) in each("listens") {
        errors.within(&listens.index(index).field("port"), int(port, "port"), 1, 65_535);
    }
    let http = path.field("http");
    for (index, rule) in each("http") {
        errors.within(&http.index(index).field("status"), int(rule, "status"), 100, 599);
    }
    let exec = path.field("exec");
    for (index, rule) in each("exec") {
        errors.within(&exec.index(index).field("exit"), int(rule, "exit"), 0, 255);
    }
    let exits = path.field("exits");
    match program.get("exits") {
        Some(Value::Seq(items)) => {
            for (index, item) in items.iter().enumerate() {
                errors.within(&exits.index(index).field("code"), int(item, "code"), 0, 255);
            }
        }
        Some(one) => errors.within(&exits.field("code"), int(one, "code"), 0, 255),
        None => {}
    }
    if let Some(term) = program.get("onTerm") {
        errors.within(&path.field("onTerm").field("code"), int(term, "code"), 0, 255);
    }
}

/// What a claim may be about.
const SUBJECTS: [&str; 9] = [
    "pod",
    "step",
    "event",
    "deployment",
    "statefulset",
    "daemonset",
    "job",
    "cronjob",
    "pods",
];

fn expectations(spec: &Value, path: &Path, errors: &mut Errors) {
    let steps = list(spec, "steps");
    let all = path.field("expect");
    for (index, claim) in list(spec, "expect").iter().enumerate() {
        let at = all.index(index);
        if !SUBJECTS.iter().any(|key| claim.get(key).is_some()) {
            let all: Vec<String> = SUBJECTS.iter().map(|key| format!("`{key}`")).collect();
            errors.required(&at, &format!("a claim must be about one of: {}", all.join(", ")));
        }
        if let Some(step) = int(claim, "step") {
            let found = usize::try_from(step).ok().and_then(|step| steps.get(step));
            if found.is_none() {
                let detail = format!("there are {} steps, numbered from 0", steps.len());
                errors.invalid_int(&at.field("step"), step, detail);
            } else if found.is_some_and(|step| step.get("run").is_none()) {
                errors.invalid_int(&at.field("step"), step, "this step is a fault, which prints nothing");
            }
        }
        if claim.get("output").is_some() && claim.get("step").is_none() {
            errors.required(&at.field("step"), "`output` is what a step prints");
        }
    }
}
