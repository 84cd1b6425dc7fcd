//! `kubectl patch`, and what the API server makes of a patch.
//! Twin: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go (v1.36.2)
//! Covers: the errors of patches that do not fit, unknown fields, the subresource scale
//! Left out: fields given twice, the size of a patch

mod merge;

use super::command::Usage;
use super::edit::{Change, Done, Edit};
use super::files::Files;
use super::flags::{Flag, Takes, long, short};
use super::kinds::Kind;
use super::parse::{error, read};
use super::run::Printed;
use super::server::Refusal;
use super::write::compact_json;
use crate::api::load;
use crate::manifest::{FieldPath, Severity, Step, Value};
use crate::sort;
use crate::trace::bounds::PATCH;

pub use merge::{PatchKind, Unfit, patched, prune};

const FLAGS: [Flag; 7] = [
    short("patch", 'p', Takes::Text),
    long("patch-file", Takes::Text),
    long("type", Takes::Text),
    long("subresource", Takes::Text),
    short("filename", 'f', Takes::Text),
    short("output", 'o', Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
];

/// `scale.autoscaling`, which a patch of the subresource is about.
const SCALE: Kind = Kind {
    kind: "Scale",
    plural: "scales",
    singular: "scale",
    short: &[],
    group: "autoscaling",
    version: "v1",
    namespaced: true,
};

/// A patch, and where it goes.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    kind: PatchKind,
    source: Source,
    subresource: String,
}

#[derive(Clone, Debug)]
enum Source {
    Text(String),
    File(String),
}

/// Reads the words after `kubectl patch`.
pub(super) fn parse(words: &[String]) -> Result<Edit, Usage> {
    let line = read("patch", words, &FLAGS)?;
    let source = match (line.text("patch"), line.text("patch-file")) {
        (Some(_), Some(_)) => return Err(error("cannot specify --patch and --patch-file together")),
        (Some(text), None) => Source::Text(text.to_owned()),
        (None, Some(file)) => Source::File(file.to_owned()),
        (None, None) => {
            return Err(error(
                "must specify --patch or --patch-file containing the contents of the patch",
            ));
        }
    };
    let kind = match line.text("type").unwrap_or("strategic").to_ascii_lowercase().as_str() {
        "strategic" => PatchKind::Strategic,
        "merge" => PatchKind::Merge,
        "json" => PatchKind::Json,
        other => {
            return Err(error(format!(
                "--type must be one of [json merge strategic], not \"{other}\""
            )));
        }
    };
    if let Source::Text(text) = &source {
        read_patch(text).map_err(error)?;
    }
    let subresource = line.text("subresource").unwrap_or_default().to_owned();
    let patch = Patch {
        kind,
        source,
        subresource,
    };
    Edit::of(&line, &line.args, Change::Patch(patch))
}

/// A patch as YAML or JSON.
fn read_patch(text: &str) -> Result<Value, String> {
    let parsed = crate::manifest::parse(text);
    match parsed.diagnostics.iter().find(|d| d.severity == Severity::Error) {
        Some(wrong) => Err(format!("unable to parse \"{text}\": yaml: {}", wrong.message)),
        None => Ok(parsed.documents.first().map_or(Value::Null, |d| d.root.to_value())),
    }
}

/// The API server's reason for what is too large.
const TOO_LARGE: &str = "RequestEntityTooLarge";

impl Patch {
    /// Changes the copy of an object.
    ///
    /// # Errors
    /// The API server's, about the patch.
    pub(super) fn put(&self, new: &mut Value, files: &Files, out: &mut Printed) -> Result<Done, Refusal> {
        let text = match &self.source {
            Source::Text(text) => text,
            Source::File(name) => files.text(name).map_err(|_| {
                Refusal::Local(format!(
                    "unable to read patch file: open {name}: no such file or directory"
                ))
            })?,
        };
        let patch = read_patch(text).map_err(Refusal::Local)?;
        if !matches!(patch, Value::Map(_)) && self.kind != PatchKind::Json {
            return Err(Refusal::bad_request(format!(
                "json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                json_kind(&patch)
            )));
        }
        if self.subresource == "scale" {
            return self.put_scale(new, &patch);
        }
        let applied = self.applied(new, &patch);
        if matches!(&applied, Err(Refusal::Status { reason, .. }) if *reason == TOO_LARGE) {
            out.met = Some(&PATCH);
        }
        *new = applied?;
        self.decode(new, &patch, out)?;
        Ok(Done {
            subresource: self.subresource.clone(),
            ..Done::or("patched", "patched (no change)")
        })
    }

    fn applied(&self, object: &Value, patch: &Value) -> Result<Value, Refusal> {
        let unfit = |unfit| match unfit {
            Unfit::TooLarge(why) => Refusal::Status {
                reason: TOO_LARGE,
                message: format!("Request entity too large: {why}"),
            },
            // The reason stands in a detail of the answer that kubectl does not print.
            Unfit::Other(_) => invalid("the server rejected our request due to an error in our request"),
        };
        patched(object, patch, self.kind).map_err(unfit)
    }

    /// Of a Scale only the number of replicas can change.
    fn put_scale(&self, new: &mut Value, patch: &Value) -> Result<Done, Refusal> {
        let mut scale = Value::Map(Vec::new());
        if let Some(replicas) = new.at(&["spec", "replicas"]) {
            scale.entry("spec").set("replicas", replicas.clone());
        }
        let scale = self.applied(&scale, patch)?;
        let replicas = scale.at(&["spec", "replicas"]).cloned().unwrap_or(Value::Int(0));
        new.entry("spec").set("replicas", replicas);
        Ok(Done {
            subresource: self.subresource.clone(),
            kind: Some(&SCALE),
            ..Done::or("patched", "patched (no change)")
        })
    }

    /// Takes fields that the kind does not have out of the object, with a warning, and refuses values of wrong types.
    fn decode(&self, object: &mut Value, patch: &Value, out: &mut Printed) -> Result<(), Refusal> {
        let mut read = object.clone();
        // What the server itself writes need not be looked through.
        if let (Value::Map(members), None) = (&mut read, patch.get("status")) {
            members.retain(|(key, _)| key != "status");
        }
        let loaded = load(&compact_json(&read));
        let of = |code: &'static str| loaded.diagnostics.iter().filter(move |d| d.code == code);
        if let Some(wrong) = of("wrong-type").next() {
            let (shown, why) = match self.kind {
                PatchKind::Strategic => (go_text(patch), conversion_error(&wrong.message)),
                _ => (compact_json(object), wrong.message.clone()),
            };
            return Err(invalid(&format!("patch: Invalid value: {shown:?}: {why}")));
        }
        for unknown in of("unknown-field") {
            out.warn(&format!("Warning: {}", unknown.message));
            remove(object, &FieldPath::parse(&unknown.path).0);
        }
        Ok(())
    }
}

/// `The request is invalid: …`: an answer that names no object.
fn invalid(cause: &str) -> Refusal {
    Refusal::Invalid {
        kind: String::new(),
        name: String::new(),
        causes: vec![cause.to_owned()],
    }
}

/// The error of Go's conversion of a strategic patch, which unlike a decoder does not know the field: `of type int32`.
fn conversion_error(message: &str) -> String {
    let wanted = message.rsplit(" of type ").next().unwrap_or_default();
    let found = message.strip_prefix("json: cannot unmarshal ").unwrap_or_default();
    let found = match found.split(' ').next().unwrap_or_default() {
        "number" => "int64",
        "object" => "map[string]interface {}",
        "array" => "[]interface {}",
        other => other,
    };
    match wanted {
        list if list.starts_with("[]") => format!("cannot restore slice from {found}"),
        map if map.starts_with("map[") => format!("cannot restore map from {found}"),
        structure if structure.contains('.') => format!("cannot restore struct from: {found}"),
        plain => format!("unrecognized type: {plain}"),
    }
}

fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::Float(_) => "number",
        Value::Str(_) => "string",
        Value::Seq(_) => "array",
        Value::Map(_) => "object",
    }
}

/// A value as Go prints one: `map[spec:map[replicas:x]]`, keys in order.
fn go_text(value: &Value) -> String {
    match value {
        Value::Map(members) => {
            let mut texts: Vec<String> = members.iter().map(|(k, v)| format!("{k}:{}", go_text(v))).collect();
            sort::sort(&mut texts);
            format!("map[{}]", texts.join(" "))
        }
        Value::Seq(items) => format!("[{}]", items.iter().map(go_text).collect::<Vec<_>>().join(" ")),
        Value::Str(text) => text.clone(),
        Value::Null => "<nil>".to_owned(),
        other => serde_json::Value::from(other).to_string(),
    }
}

fn remove(value: &mut Value, path: &[Step]) {
    match (value, path) {
        (Value::Map(members), [Step::Key(key)]) => members.retain(|(k, _)| k != key),
        (Value::Map(members), [Step::Key(key), rest @ ..]) => {
            let inner = members.iter_mut().find(|(k, _)| k == key);
            inner.into_iter().for_each(|(_, inner)| remove(inner, rest));
        }
        (Value::Seq(items), [Step::Index(index), rest @ ..]) => {
            items.get_mut(*index).into_iter().for_each(|inner| remove(inner, rest));
        }
        _ => {}
    }
}
