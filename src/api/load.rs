//! Text to checked objects: the way every manifest takes into the simulation.

use super::aside::set_aside;
use super::decode::decode;
use super::kinds::{Treatment, identify, namespaced};
use super::object::Object;
use super::recognise::recognise;
use super::scenario::{Scenario, ScenarioSpec};
use super::{defaults, fixes, scenario_check, validation, value_fix};
use crate::manifest::{Diagnostic, Document, FieldPath, Node, NodeKind, Parsed, Range, Severity, Value, parse};
use crate::sort;

/// More objects than this in one text are not loaded.
pub const MAX_OBJECTS: usize = 10_000;

/// More findings than this are counted, not kept.
pub const MAX_DIAGNOSTICS: usize = 1_000;

/// So many findings of a document get fixes.
const MAX_FIXED: usize = 100;

/// Everything a text says.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// What is said about the text, in its order.
    pub diagnostics: Vec<Diagnostic>,
    /// Objects of Kubernetes kinds, in the order of the text; items of a `List` one by one.
    pub objects: Vec<LoadedObject>,
    /// The scenario; all defaults when the text has none.
    pub scenario: Scenario,
    /// The trees, for finding places. Items of a `List` are documents of their own.
    pub documents: Vec<Document>,
    /// Which of the documents is the scenario.
    scenario_document: Option<usize>,
    /// Whether there were more objects than are read; that is said once.
    full: bool,
    /// Namespace of objects that name none.
    namespace: String,
    /// Group and kind of the custom resources that are defined.
    defined: Vec<(String, String)>,
}

/// One object of the text.
#[derive(Clone, Debug)]
pub struct LoadedObject {
    /// The object, with defaults.
    pub object: Object,
    /// The same as plain data: all known fields, with defaults, without status.
    pub raw: Value,
    /// Its document, as an index into [`Loaded::documents`].
    pub document: usize,
    /// Whether it is free of errors. Others are not run.
    pub valid: bool,
    /// The errors of validation, in the API server's order.
    pub refused: Vec<String>,
}

impl Loaded {
    /// The object as its owner wrote it: without defaults, but with its namespace.
    pub fn given(&self, object: &LoadedObject) -> Value {
        let document = self.documents.get(object.document);
        let mut given = document.map(|d| d.root.to_value()).unwrap_or_default();
        let namespace = object.object.namespace();
        if !namespace.is_empty() {
            given.entry("metadata").set("namespace", namespace.into());
        }
        given
    }
}

/// Reads a text: documents, objects with defaults, the scenario, and everything that is to be said about them.
pub fn load(text: &str) -> Loaded {
    let mut parsed = parse(text);
    if let Some(found) = recognise(text, &parsed) {
        return Loaded {
            diagnostics: vec![found],
            ..Loaded::default()
        };
    }
    let guesses = std::mem::take(&mut parsed.guesses);
    let mut loaded = take_in(text, parsed, "default", Vec::new());
    fixes::settle(text, &mut loaded, guesses);
    loaded
}

/// The same as the API server sees it, which offers no fixes, for objects that live in `namespace` where they name none,
/// and of custom resources that are `defined`, by group and kind, beside those that the text defines.
pub fn load_in(text: &str, namespace: &str, defined: Vec<(String, String)>) -> Loaded {
    take_in(text, parse(text), namespace, defined)
}

fn take_in(text: &str, parsed: Parsed, namespace: &str, mut defined: Vec<(String, String)>) -> Loaded {
    let roots = parsed.documents.iter().map(|document| &document.root);
    let is_definition = |root: &&Node| root.get("kind").and_then(Node::as_str) == Some("CustomResourceDefinition");
    let definitions = roots
        .filter(is_definition)
        .filter_map(|root| definition(&root.to_value()));
    defined.extend(definitions);
    let mut loaded = Loaded {
        diagnostics: parsed.diagnostics,
        namespace: namespace.to_owned(),
        defined,
        ..Loaded::default()
    };
    let broken: Vec<u32> = errors(&loaded.diagnostics).map(|d| d.range.start).collect();
    for document in parsed.documents {
        let next = broken.partition_point(|start| *start < document.range.start);
        let inside = broken.get(next).is_some_and(|start| *start <= document.range.end);
        let sound = !document.broken && !inside;
        loaded.document(text, document, sound);
    }
    sort::sort_by_key(&mut loaded.diagnostics, |d| (d.range.start, d.range.end, d.severity));
    if loaded.diagnostics.len() > MAX_DIAGNOSTICS {
        let rest = loaded.diagnostics.split_off(MAX_DIAGNOSTICS);
        let range = rest.first().map_or(Range::default(), |d| d.range);
        let worst = rest.iter().map(|d| d.severity).min().unwrap_or(Severity::Info);
        let mut last = error(
            "too-many-diagnostics",
            range,
            "",
            format!("{} more findings are left out", rest.len()),
        );
        last.severity = worst;
        loaded.diagnostics.push(last);
    }
    loaded
}

fn errors(all: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    all.iter().filter(|d| d.severity == Severity::Error)
}

impl Loaded {
    /// The place of a field: its value when that is a scalar, else its key; for what is not there the nearest thing
    /// above it. `None` only for a document that does not exist.
    pub fn range_of(&self, document: usize, path: &str) -> Option<Range> {
        Some(self.documents.get(document)?.root.locate(path))
    }

    /// The whole of a field: key and value. `None` when it is not there.
    pub fn extent_of(&self, document: usize, path: &str) -> Option<Range> {
        self.documents.get(document)?.root.extent(path)
    }

    /// The document and the path of the innermost key or value at a byte offset.
    pub fn path_at(&self, offset: u32) -> Option<(usize, String)> {
        let holds = |(_, document): &(usize, &Document)| document.range.holds(offset);
        let all = self.documents.iter().enumerate().filter(holds);
        let (index, document) = all.min_by_key(|(_, d)| d.range.end - d.range.start)?;
        Some((index, document.root.path_at(offset).to_string()))
    }

    /// The document that is the scenario, when there is one.
    pub fn scenario_document(&self) -> Option<usize> {
        self.scenario_document
    }

    /// Whether anything is an error.
    pub fn has_errors(&self) -> bool {
        errors(&self.diagnostics).next().is_some()
    }

    fn document(&mut self, text: &str, mut document: Document, sound: bool) {
        if document.broken {
            // Kept for completion; what is wrong with it has been said.
            self.documents.push(document);
            return;
        }
        if !matches!(document.root.kind, NodeKind::Map(_)) {
            let message = "this is not a manifest: it must be a mapping with apiVersion and kind".to_owned();
            self.say("no-kind", document.root.range, message);
            self.documents.push(document);
            return;
        }
        let kind = document.root.get("kind").and_then(Node::as_str).unwrap_or("");
        if kind == "List"
            && !matches!(
                document.root.get("items").map(|items| &items.kind),
                Some(NodeKind::Seq(_))
            )
        {
            let message = "this is not a list: items must be a list of objects".to_owned();
            self.say("no-kind", document.root.locate("items"), message);
        }
        let list = kind == "List" || kind.ends_with("List") && document.root.get("items").is_some();
        if list {
            let (item_kind, version) = (
                kind.trim_end_matches("List").to_owned(),
                document.root.get("apiVersion").cloned(),
            );
            let items = take_items(&mut document.root);
            self.documents.push(document);
            for mut item in items {
                inherit(&mut item, &item_kind, version.as_ref());
                let range = item.range;
                let inner = Document {
                    root: item,
                    range,
                    broken: false,
                };
                self.object(text, inner, sound);
            }
        } else {
            self.object(text, document, sound);
        }
    }

    fn object(&mut self, text: &str, document: Document, sound: bool) {
        if self.objects.len() >= MAX_OBJECTS {
            if !std::mem::replace(&mut self.full, true) {
                let message = format!("only the first {MAX_OBJECTS} objects are read");
                self.say("too-many-objects", document.range, message);
            }
            return;
        }
        super::misplaced::mend_doubles(text, &document, &mut self.diagnostics);
        let mut said = Vec::new();
        let (version, kind, mut treatment) = identify(&document.root, &mut said);
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let is_named = |(g, k): &(String, String)| g == group && *k == kind;
        if let Some(refusal) = said.last_mut().filter(|d| d.code == "custom-resource")
            && self.defined.iter().any(is_named)
        {
            refusal.severity = Severity::Warning;
            refusal.code = "not-supported";
            refusal.message = format!("{kind} is a custom resource ({version}), which is not supported: it is ignored");
            treatment = Treatment::Pass;
        }
        let index = self.documents.len();
        match treatment {
            Treatment::Refuse => {}
            Treatment::Check("Scenario") => self.read_scenario(text, &document, index, &mut said),
            _ => {
                let mut raw = match treatment {
                    Treatment::Check(ty) => decode(text, &document.root, ty, &mut said),
                    _ => document.root.to_value(),
                };
                set_aside(&mut raw, &document.root, &kind, &mut said);
                if namespaced(&kind) {
                    let metadata = raw.entry("metadata");
                    if metadata
                        .get("namespace")
                        .and_then(Value::as_str)
                        .unwrap_or("")
                        .is_empty()
                    {
                        metadata.set("namespace", self.namespace.as_str().into());
                    }
                }
                let mut refused = Vec::new();
                if matches!(treatment, Treatment::Check(_)) {
                    refused = check(text, &mut raw, (&version, &kind), &document.root, &mut said);
                }
                let valid = sound && errors(&said).next().is_none();
                let object = Object::from_value(&raw);
                self.objects.push(LoadedObject {
                    object,
                    raw,
                    document: index,
                    valid,
                    refused,
                });
            }
        }
        self.diagnostics.append(&mut said);
        self.documents.push(document);
    }

    fn read_scenario(&mut self, text: &str, document: &Document, index: usize, said: &mut Vec<Diagnostic>) {
        if self.scenario_document.is_some() {
            let message = "a manifest has at most one Scenario; this one is ignored".to_owned();
            said.push(error("second-scenario", document.root.locate("kind"), "kind", message));
            return;
        }
        self.scenario_document = Some(index);
        let raw = decode(text, &document.root, "Scenario", said);
        scenario_check::check(&raw, &document.root, said);
        let name = raw.at(&["metadata", "name"]).and_then(Value::as_str);
        let spec = raw.get("spec").map_or(Ok(ScenarioSpec::default()), Value::decode);
        match spec {
            Ok(spec) => {
                self.scenario = Scenario {
                    name: name.unwrap_or("").to_owned(),
                    spec,
                };
            }
            Err(failure) if errors(said).next().is_none() => {
                said.push(error(
                    "wrong-type",
                    document.root.locate("spec"),
                    "spec",
                    failure.to_string(),
                ));
            }
            Err(_) => {}
        }
    }

    fn say(&mut self, code: &'static str, range: Range, message: String) {
        self.diagnostics.push(error(code, range, "", message));
    }
}

fn error(code: &'static str, range: Range, path: &str, message: String) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code,
        message,
        range,
        path: path.to_owned(),
        fixes: Vec::new(),
    }
}

/// Group and kind of the custom resources that a CustomResourceDefinition defines.
pub fn definition(raw: &Value) -> Option<(String, String)> {
    let text = |path: &[&str]| raw.at(path).and_then(Value::as_str).map(str::to_owned);
    Some((text(&["spec", "group"])?, text(&["spec", "names", "kind"])?))
}

/// The finding about a text without any object, which kubectl refuses too.
pub fn nothing() -> Diagnostic {
    error(
        "no-objects",
        Range::default(),
        "",
        "there is no object in the text".to_owned(),
    )
}

/// Takes the items out of a list, leaving an empty one.
fn take_items(root: &mut Node) -> Vec<Node> {
    let NodeKind::Map(entries) = &mut root.kind else {
        return Vec::new();
    };
    let items = entries
        .iter_mut()
        .find(|entry| &*entry.key == "items" && !entry.shadowed);
    match items.map(|entry| &mut entry.value.kind) {
        Some(NodeKind::Seq(items)) => std::mem::take(items),
        _ => Vec::new(),
    }
}

/// Gives an item of a `PodList` the kind and version that the API leaves out there.
fn inherit(item: &mut Node, kind: &str, version: Option<&Node>) {
    let range = item.range;
    let absent = item.get("kind").is_none() && item.get("apiVersion").is_none();
    if let (NodeKind::Map(entries), Some(version)) = (&mut item.kind, version)
        && absent
        && !kind.is_empty()
    {
        let mut kind_node = version.clone();
        if let NodeKind::Scalar(scalar) = &mut kind_node.kind {
            scalar.text = kind.into();
        }
        for (key, value) in [("kind", kind_node), ("apiVersion", version.clone())] {
            entries.push(crate::manifest::Entry {
                key: key.into(),
                key_range: range,
                value,
                merged: true,
                shadowed: false,
            });
        }
    }
}

/// Defaults and validation of an object whose fields were checked. All errors of validation come back.
fn check(
    text: &str,
    raw: &mut Value,
    (version, kind): (&str, &str),
    root: &Node,
    said: &mut Vec<Diagnostic>,
) -> Vec<String> {
    defaults::apply(raw, kind);
    let wrong: Vec<String> = errors(said).map(|d| d.path.clone()).take(200).collect();
    let mut found = validation::validate(raw, version, kind);
    found.retain(|failure| failure.detail != validation::NO_SERVICE_ACCOUNT);
    let refused = found.iter().map(ToString::to_string).collect();
    for failure in found.into_iter().take(MAX_DIAGNOSTICS) {
        let place = value_fix::place(root, &failure, place_of(&failure.path));
        // A misspelt field beside one that is missing stands for it.
        let misspelt = root.at(&place).is_none() && wrong.iter().any(|path| parent(path) == parent(&place));
        if misspelt || follows_from(&failure, &wrong) {
            continue;
        }
        let mut found = error("invalid", root.locate(&place), &place, failure.to_string());
        if said.len() < MAX_FIXED {
            found.fixes = value_fix::fixes(text, root, &failure, &place);
        }
        said.push(found);
    }
    if errors(said).next().is_some() {
        // Warnings come with a created object; this one is refused.
        return refused;
    }
    let ours = super::unsupported::unsupported(raw, kind)
        .into_iter()
        .map(|remark| ("not-supported", remark));
    let theirs = validation::warnings(raw, kind).into_iter();
    for (code, (path, message)) in theirs.map(|remark| ("api-warning", remark)).chain(ours) {
        said.push(Diagnostic {
            severity: Severity::Warning,
            code,
            message,
            range: root.locate(&path),
            path,
            fixes: Vec::new(),
        });
    }
    if let Some((code, path, message)) = super::unsupported::assumed(raw, kind) {
        said.push(Diagnostic {
            severity: Severity::Info,
            code,
            message: message.to_owned(),
            range: root.locate(path),
            path: path.to_owned(),
            fixes: Vec::new(),
        });
    }
    refused
}

/// Where the field of an error stands in the text: errors about the metadata of a template name it without `metadata`.
fn place_of(path: &str) -> String {
    let mut place = path.to_owned();
    for key in ["labels", "annotations"] {
        let short = format!("template.{key}");
        let at = place.find(&short).filter(|at| *at == 0 || place[..*at].ends_with('.'));
        if at.is_some() {
            place = place.replacen(&short, &format!("template.metadata.{key}"), 1);
        }
    }
    place
}

/// The path of the object or list that holds the field at a path.
fn parent(path: &str) -> &str {
    path.rfind(['.', '[']).and_then(|at| path.get(..at)).unwrap_or("")
}

/// Whether an error is only there because something at or beside that place could not be read: a misspelt `container`
/// need not also be told that `containers` is missing.
pub(super) fn follows_from(failure: &validation::FieldError, wrong: &[String]) -> bool {
    // A selector that could not be read is missing only here.
    let selects = failure.detail.starts_with("`selector`");
    wrong.iter().any(|path| {
        selects && FieldPath::covers("spec.selector", path)
            || FieldPath::covers(path, &failure.path)
            || FieldPath::covers(&failure.path, path)
            || failure.is_required() && parent(path) == parent(&failure.path)
    })
}
