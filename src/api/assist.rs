//! Help while typing: what may stand at a place, and what a field means.

use super::load::Loaded;
use super::schema::{Field, Shape, Type, schema};
use crate::manifest::{FieldPath, Node, Range, Step};
use crate::sort;

/// One thing that may be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The field or word.
    pub label: String,
    /// What the field holds: `a list`, `a whole number`.
    pub detail: String,
    /// Whether the field must be there.
    pub required: bool,
    /// What is replaced.
    pub range: Range,
    /// By what.
    pub text: String,
}

/// What is known of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Its path in its document.
    pub path: String,
    /// What it holds.
    pub holds: String,
    /// What it is when it is left out; empty when that depends or is nothing.
    pub default: &'static str,
    /// The words it may be.
    pub words: Vec<&'static str>,
    /// The first sentence of its documentation.
    pub description: String,
    /// The key and value.
    pub range: Range,
}

/// What may be written at a byte offset: the fields of the object there that are not set yet, or the words of the field
/// whose value stands there. `text` is the text that was loaded.
pub fn complete(loaded: &Loaded, text: &str, offset: u32) -> Vec<Completion> {
    let at = (offset as usize).min(text.len());
    let Some(head) = text.get(..at) else { return Vec::new() };
    let line_start = head.rfind('\n').map_or(0, |n| n + 1);
    let line = head.get(line_start..).unwrap_or("");
    let word_start = at - line.bytes().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
    let word = text.get(word_start..at).unwrap_or("");
    let range = Range {
        start: word_start as u32,
        end: at as u32,
    };
    let Some((document, mut steps)) = place(loaded, head, line_start, word_start) else {
        return Vec::new();
    };
    let lead = line.get(..word_start - line_start).unwrap_or("");
    let value_of = lead
        .trim_start_matches(['-', ' '])
        .strip_suffix(": ")
        .or(lead.trim_start_matches(['-', ' ']).strip_suffix(':'));
    let Some(root) = loaded.documents.get(document).map(|d| &d.root) else {
        return Vec::new();
    };
    if let Some(key) = value_of {
        steps.push(Step::Key(key.trim().to_owned()));
        let Some(field) = field_at(root, &steps) else {
            return Vec::new();
        };
        return words(&field.shape)
            .into_iter()
            .filter(|label| label.starts_with(word))
            .map(|label| Completion {
                label: label.to_owned(),
                detail: "value".to_owned(),
                required: false,
                range,
                text: label.to_owned(),
            })
            .collect();
    }
    let Some(ty) = type_at(root, &steps) else {
        return Vec::new();
    };
    let there = node_at(root, &steps);
    let free = |field: &&Field| {
        let set = there
            .and_then(|node| node.entry(field.name))
            .is_some_and(|e| !e.key_range.holds(offset));
        !set && field.name.to_ascii_lowercase().starts_with(&word.to_ascii_lowercase())
    };
    let mut all: Vec<&Field> = ty.fields.iter().filter(free).collect();
    sort::sort_by_key(&mut all, |field| (!field.required, field.name == "status", field.name));
    all.into_iter()
        .map(|field| Completion {
            label: field.name.to_owned(),
            detail: field.shape.plain(),
            required: field.required,
            range,
            text: match &field.shape {
                Shape::Object(_) | Shape::Map(_) | Shape::List(_) => format!("{}:", field.name),
                _ => format!("{}: ", field.name),
            },
        })
        .collect()
}

/// What is known of the field at a byte offset. `descriptions` is the text of `schema/descriptions.txt`; it may be
/// empty.
pub fn hover(loaded: &Loaded, offset: u32, descriptions: &str) -> Option<Hover> {
    let (document, path) = loaded.path_at(offset)?;
    let root = &loaded.documents.get(document)?.root;
    let steps = FieldPath::parse(&path).0;
    let steps = match steps.last() {
        Some(Step::Index(_)) => steps.get(..steps.len() - 1)?,
        _ => &steps,
    };
    let (Step::Key(name), outer) = steps.split_last()? else {
        return None;
    };
    let ty = type_at(root, outer)?;
    let field = ty.field(name)?;
    let key = format!("{}.{name}\t", ty.name);
    let description = descriptions
        .lines()
        .find_map(|line| line.strip_prefix(&key))
        .unwrap_or("");
    Some(Hover {
        range: root.extent(&path)?,
        path,
        holds: field.shape.plain(),
        default: default_of(ty.name, field.name),
        words: words(&field.shape),
        description: description.to_owned(),
    })
}

fn words(shape: &Shape) -> Vec<&'static str> {
    match shape {
        Shape::Word(name) => schema().words(name).to_vec(),
        Shape::Bool => vec!["true", "false"],
        Shape::WordOr(word, _) if *word != "*" => vec![word],
        _ => Vec::new(),
    }
}

/// The object in which a line stands, found by its indentation: the document, and the path to the object.
fn place(loaded: &Loaded, head: &str, line_start: usize, word_start: usize) -> Option<(usize, Vec<Step>)> {
    let line = head.get(line_start..).unwrap_or("");
    let mut column = (line.len() - line.trim_start_matches([' ', '-']).len()).min(word_start - line_start);
    let documents = loaded.documents.iter().enumerate();
    let (document, found) = documents
        .rev()
        .find(|(_, d)| (d.range.start as usize) <= line_start.max(1))?;
    let between = head.get(found.range.end as usize..).unwrap_or("");
    if between.contains("\n---") {
        return None;
    }
    let mut steps: Vec<Step> = Vec::new();
    // A dash on the line itself begins an item of the list above.
    let mut item = line
        .trim_start()
        .starts_with('-')
        .then_some(line.len() - line.trim_start().len());
    for row in head.get(..line_start)?.lines().rev() {
        let bare = row.trim_start();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        if bare.starts_with("---") {
            break;
        }
        let dash = bare.starts_with('-').then_some(row.len() - bare.len());
        let key_column = row.len() - bare.trim_start_matches(['-', ' ']).len();
        let key = bare
            .trim_start_matches(['-', ' '])
            .split(':')
            .next()
            .unwrap_or("")
            .trim();
        if let Some(dash_column) = item {
            // The list's key stands no deeper than its dashes.
            if key_column <= dash_column && dash.is_none() {
                steps.push(Step::Index(0));
                steps.push(Step::Key(key.to_owned()));
                (column, item) = (key_column, None);
            } else if key_column < dash_column {
                steps.push(Step::Index(0));
                steps.push(Step::Key(key.to_owned()));
                (column, item) = (key_column, dash);
            }
        } else if key_column < column {
            steps.push(Step::Key(key.to_owned()));
            (column, item) = (key_column, dash);
        } else if key_column == column && dash.is_some() {
            item = dash;
        }
        if column == 0 && item.is_none() {
            break;
        }
    }
    steps.reverse();
    Some((document, steps))
}

fn node_at<'n>(root: &'n Node, steps: &[Step]) -> Option<&'n Node> {
    root.at(&FieldPath(steps.to_vec()).to_string())
}

/// The type of the object at a path of its document.
fn type_at(root: &Node, steps: &[Step]) -> Option<&'static Type> {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or("");
    let name = schema().kind(text("apiVersion"), text("kind"))??;
    let mut ty = schema().get(name)?;
    let mut free = 0;
    for step in steps {
        let Step::Key(key) = step else { continue };
        if free > 0 {
            free -= 1;
            continue;
        }
        let field = ty.field(key)?;
        ty = schema().get(field.shape.object()?)?;
        free = usize::from(matches!(field.shape, Shape::Map(_)));
    }
    Some(ty)
}

fn field_at(root: &Node, steps: &[Step]) -> Option<&'static Field> {
    let (Step::Key(name), outer) = steps.split_last()? else {
        return None;
    };
    type_at(root, outer)?.field(name)
}

/// Defaults that do not depend on other fields.
fn default_of(ty: &str, field: &str) -> &'static str {
    match (ty, field) {
        ("PodSpec", "restartPolicy") => "Always",
        ("PodSpec", "terminationGracePeriodSeconds") => "30",
        ("PodSpec", "dnsPolicy") => "ClusterFirst",
        ("PodSpec", "schedulerName") => "default-scheduler",
        ("PodSpec", "enableServiceLinks") => "true",
        ("PodSpec", "serviceAccountName") => "default",
        ("Container", "terminationMessagePath") => "/dev/termination-log",
        ("Container", "terminationMessagePolicy") => "File",
        ("Container", "imagePullPolicy") => "Always for the tag latest, else IfNotPresent",
        ("ContainerPort" | "ServicePort", "protocol") => "TCP",
        ("Probe", "timeoutSeconds" | "successThreshold") => "1",
        ("Probe", "periodSeconds") => "10",
        ("Probe", "failureThreshold") => "3",
        ("Probe", "initialDelaySeconds") => "0",
        ("HTTPGetAction", "path") => "/",
        ("HTTPGetAction", "scheme") => "HTTP",
        ("ServiceSpec", "type") => "ClusterIP",
        ("ServiceSpec", "sessionAffinity") => "None",
        ("DeploymentSpec" | "ReplicaSetSpec" | "StatefulSetSpec", "replicas") => "1",
        ("DeploymentSpec", "progressDeadlineSeconds") => "600",
        ("DeploymentSpec" | "StatefulSetSpec" | "DaemonSetSpec", "revisionHistoryLimit") => "10",
        ("RollingUpdateDeployment", _) => "25%",
        ("JobSpec", "backoffLimit") => "6",
        ("JobSpec", "parallelism" | "completions") => "1",
        ("JobSpec", "completionMode") => "NonIndexed",
        ("CronJobSpec", "concurrencyPolicy") => "Allow",
        ("CronJobSpec", "successfulJobsHistoryLimit") => "3",
        ("CronJobSpec", "failedJobsHistoryLimit") => "1",
        ("ScenarioSpec", "kubernetes") => "1.36",
        ("ScenarioSpec", "seed") => "0",
        ("ScenarioSpec", "start") => "2026-01-01T00:00:00Z",
        ("HttpRule", "status") => "200",
        ("Workload", "pod" | "container") | ("HttpRule", "path") => "*",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{complete, hover};
    use crate::api::load;

    /// Completions at the bar in a text.
    fn at_bar(text: &str) -> Vec<String> {
        let offset = text.find('¦').unwrap_or(0);
        let text = text.replace('¦', "");
        complete(&load(&text), &text, offset as u32)
            .into_iter()
            .map(|c| c.label)
            .collect()
    }

    #[test]
    fn fields_and_words_are_offered_where_they_belong() {
        let head = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n";
        for (text, some) in [
            (format!("{head}  cont¦\n"), "containers"),
            (format!("{head}  containers:\n  - name: a\n    ima¦\n"), "image"),
            (
                format!("{head}  containers:\n  - name: a\n    livenessProbe:\n      per¦\n"),
                "periodSeconds",
            ),
            (format!("{head}  containers:\n  - na¦\n"), "name"),
            (
                format!("{head}  containers:\n  - name: a\n    imagePullPolicy: ¦\n"),
                "IfNotPresent",
            ),
            (format!("{head}  restartPolicy: N¦\n"), "Never"),
            (
                format!(
                    "{head}  containers:\n  - name: a\n    ports:\n    - containerPort: 80\n      prot¦\n  volumes: []\n"
                ),
                "protocol",
            ),
            (format!("{head}  containers:\n  - name: a\n  ¦\n"), "volumes"),
            (format!("{head}  containers:\n  - name: a\n    ¦\n"), "command"),
            (
                "apiVersion: podscope/v1\nkind: Scenario\nspec:\n  steps:\n  - at: 1s\n    fa¦\n".to_owned(),
                "fault",
            ),
        ] {
            let all = at_bar(&text);
            assert!(all.iter().any(|label| label == some), "{text}\n{all:?}");
        }
        assert!(!at_bar(&format!("{head}  restartPolicy: Never\n  rest¦\n")).contains(&"restartPolicy".to_owned()));
    }

    #[test]
    fn fields_are_explained() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  restartPolicy: Never\n  containers: []\n";
        let at = text.find("Never").unwrap_or(0) as u32;
        let found = hover(&load(text), at, "PodSpec.restartPolicy\tRestart policy.\n").unwrap();
        assert_eq!(
            (found.path.as_str(), found.default, found.description.as_str()),
            ("spec.restartPolicy", "Always", "Restart policy.")
        );
        assert_eq!(found.words, ["Always", "OnFailure", "Never"]);
    }
}
