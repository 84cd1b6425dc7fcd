//! What a line of kubectl asks for.

use super::jsonpath::JsonPath;
use super::kinds::Kind;
use super::selector::{FieldSelector, Selector};
use super::server::Propagation;
use crate::time::Duration;

/// What a line asks for.
#[derive(Clone, Debug)]
pub enum Command {
    /// `get`.
    Get(Box<Get>),
    /// `apply -f` and `create -f`.
    Apply(Apply),
    /// `delete`.
    Delete(Delete),
    /// `describe`.
    Describe(super::describe::Describe),
    /// `exec`.
    Exec(Exec),
    /// `logs`.
    Logs(Logs),
    /// `wait`.
    Wait(super::wait::Wait),
    /// `drain`.
    Drain(super::drain::Drain),
    /// `debug`.
    Debug(super::debug::Debug),
    /// `events`.
    Events(super::events_verb::Events),
    /// `explain`: the text it prints.
    Explain(String),
    /// `run`, `expose`, `create TYPE`.
    Make(super::make::Make),
    /// `replace --force -f`: what is deleted first, and what is stored then.
    Replace(Delete, Apply),
    /// `rollout`.
    Rollout(super::rollout::Rollout),
    /// Verbs that change one field: `label`, `scale`, `set image`, …
    Edit(super::edit::Edit),
}

/// A line that was not understood: what is printed, all of it on standard error. The exit code is 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage(pub String);

/// Where to look: one namespace or all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `-n NAME`, or `default`.
    Namespace(String),
    /// `-A`.
    All,
}

impl Scope {
    /// The namespace, when it is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Scope::Namespace(name) => Some(name),
            Scope::All => None,
        }
    }
}

/// One thing named on the line: a type, or an object of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The type.
    pub kind: &'static Kind,
    /// The object; all of them when missing.
    pub name: Option<String>,
}

/// `kubectl get`.
#[derive(Clone, Debug)]
pub struct Get {
    /// What.
    pub targets: Vec<Target>,
    /// Files that name it (`-f`).
    pub files: Vec<String>,
    /// `--show-kind`.
    pub show_kind: bool,
    /// Where.
    pub scope: Scope,
    /// How it is printed.
    pub output: Output,
    /// `-l`.
    pub selector: Option<Selector>,
    /// `--field-selector`.
    pub fields: FieldSelector,
    /// `-w`.
    pub watch: bool,
    /// `--watch-only`.
    pub watch_only: bool,
    /// `--output-watch-events`.
    pub watch_events: bool,
    /// `--show-labels`.
    pub show_labels: bool,
    /// `-L`.
    pub label_columns: Vec<String>,
    /// `--no-headers`.
    pub no_headers: bool,
    /// `--sort-by`.
    pub sort_by: Option<JsonPath>,
    /// `--ignore-not-found`.
    pub ignore_not_found: bool,
}

/// `-o`.
#[derive(Clone, Debug)]
pub enum Output {
    /// Nothing given, or `wide`.
    Table {
        /// `wide`.
        wide: bool,
    },
    /// `name`.
    Name,
    /// `yaml`.
    Yaml,
    /// `json`.
    Json,
    /// `jsonpath=…`.
    JsonPath(JsonPath),
    /// `custom-columns=…`: header and path of each.
    Columns(Vec<(String, JsonPath)>),
}

/// `kubectl apply -f` and `kubectl create -f`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apply {
    /// Files by name, `-` for standard input.
    pub files: Vec<String>,
    /// `create` rather than `apply`.
    pub create: bool,
    /// `replace`.
    pub replace: bool,
    /// `--server-side`.
    pub server_side: bool,
    /// `--dry-run`.
    pub dry: super::apply::Dry,
    /// Namespace of objects that name none.
    pub namespace: String,
    /// Whether the line names it.
    pub in_namespace: bool,
    /// `-o`.
    pub report: super::report::Report,
}

/// `kubectl delete`.
#[derive(Clone, Debug)]
pub struct Delete {
    /// What, when it is named on the line.
    pub targets: Vec<Target>,
    /// Files that name it.
    pub files: Vec<String>,
    /// Where.
    pub scope: Scope,
    /// `-l`.
    pub selector: Option<Selector>,
    /// `--field-selector`.
    pub fields: FieldSelector,
    /// Seconds; the object's own when missing.
    pub grace: Option<i64>,
    /// `--cascade`.
    pub propagation: Propagation,
    /// Said before anything else.
    pub warning: Option<String>,
    /// `--force`.
    pub force: bool,
    /// Whether to wait until the objects are gone.
    pub wait: bool,
    /// For how long at most.
    pub timeout: Option<Duration>,
    /// `--ignore-not-found`.
    pub ignore_not_found: bool,
    /// `-o name`.
    pub names_only: bool,
    /// `--dry-run`.
    pub dry: super::apply::Dry,
}

/// `kubectl exec`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exec {
    /// Pod, or an object that has Pods.
    pub target: Target,
    /// Namespace.
    pub namespace: String,
    /// `-c`.
    pub container: Option<String>,
    /// `-i`.
    pub stdin: bool,
    /// `-q`.
    pub quiet: bool,
    /// Program and arguments.
    pub argv: Vec<String>,
}

/// `kubectl logs`.
#[derive(Clone, Debug)]
pub struct Logs {
    /// Pod, or an object that has Pods; missing with a selector.
    pub target: Option<Target>,
    /// `-l`.
    pub selector: Option<Selector>,
    /// Namespace.
    pub namespace: String,
    /// `-c`, or the second argument.
    pub container: Option<String>,
    /// `--all-containers`.
    pub all_containers: bool,
    /// `--all-pods`.
    pub all_pods: bool,
    /// `-p`.
    pub previous: bool,
    /// `-f`.
    pub follow: bool,
    /// `--tail`; everything when missing.
    pub tail: Option<usize>,
    /// `--since`: only lines that are not older.
    pub since: Option<Duration>,
    /// `--since-time`, RFC 3339.
    pub since_time: Option<String>,
    /// `--limit-bytes`.
    pub limit: Option<usize>,
    /// `--timestamps`.
    pub timestamps: bool,
    /// `--prefix`.
    pub prefix: bool,
}
