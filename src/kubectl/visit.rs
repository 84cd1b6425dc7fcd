//! From the text of a file to the objects that kubectl sends, with the errors that kubectl finds itself.
//! Twin: staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go (v1.36.2)
//! Twin: staging/src/k8s.io/cli-runtime/pkg/resource/mapper.go (v1.36.2)
//! Twin: staging/src/k8s.io/apimachinery/pkg/util/yaml/decoder.go (v1.36.2)
//! Covers: StreamVisitor, FlattenListVisitor, InfoForData, YAMLReader
//! Left out: documents of YAML behind one of JSON

use super::files::Files;
use super::kinds::{self, Kind};
use super::server::{Refusal, Server};
use super::write::compact_json;
use crate::api::{Known, known_kind, metadata_error};
use crate::manifest::{Value, parse, read_document};

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Visited {
    /// In order, lists opened.
    pub objects: Vec<Info>,
    /// What is wrong with others.
    pub errors: Vec<Refusal>,
}

/// An object to send.
#[derive(Clone, Debug)]
pub(super) struct Info {
    pub object: Value,
    /// Its type, when it is one of the API server's own.
    pub kind: Option<&'static Kind>,
}

impl Info {
    /// The text of a field.
    pub fn text(&self, path: &[&str]) -> &str {
        text(&self.object, path)
    }

    /// The object as it is sent.
    pub fn json(&self) -> String {
        compact_json(&self.object)
    }
}

fn text<'v>(object: &'v Value, path: &[&str]) -> &'v str {
    object.at(path).and_then(Value::as_str).unwrap_or_default()
}

/// Reads a file. Documents before one that cannot be read count; those behind it do not.
///
/// # Errors
/// When the file is not there.
pub(super) fn visit(file: &str, files: &Files, server: &dyn Server) -> Result<Visited, Refusal> {
    let all = files.text(file).map_err(Refusal::Local)?;
    let shown = Files::shown(file);
    let mut visited = Visited::default();
    for document in documents(all) {
        let root = match document {
            Ok(Value::Null) => continue,
            Ok(root) => root,
            Err(why) => {
                visited
                    .errors
                    .push(Refusal::Local(format!("error parsing {shown}: {why}")));
                break;
            }
        };
        if let Some(why) = invalid(&root) {
            visited.errors.push(Refusal::Local(format!(
                "error validating \"{shown}\": error validating data: {why}; if you choose to ignore these errors, turn \
                 validation off with --validate=false"
            )));
            break;
        }
        let list = is_list(&root);
        if let Some(why) = metadata_error(&root).filter(|_| !list) {
            visited
                .errors
                .push(Refusal::Local(format!("unable to decode \"{shown}\": {why}")));
            continue;
        }
        let items = if list {
            root.get("items").map_or(&[][..], Value::items).to_vec()
        } else {
            vec![root]
        };
        for object in items {
            match mapped(object, shown, server) {
                Ok(info) => visited.objects.push(info),
                Err(why) => visited.errors.push(why),
            }
        }
    }
    Ok(visited)
}

/// The documents of a text as JSON, up to the first that cannot be read.
pub(super) fn documents(text: &str) -> Vec<Result<Value, String>> {
    if text
        .trim_start()
        .strip_prefix('{')
        .is_some_and(|rest| rest.trim_start().starts_with('"'))
    {
        let parsed = parse(text);
        let broken = parsed.documents.iter().any(|d| d.broken);
        let sound = parsed.documents.iter().filter(|d| !d.broken);
        let mut all: Vec<_> = sound.map(|d| Ok(d.root.to_value())).collect();
        if broken {
            all.push(Err("unexpected EOF".to_owned()));
        }
        return all;
    }
    let mut all = Vec::new();
    let mut piece = String::new();
    for line in text.split_inclusive('\n') {
        let Some(rest) = line.strip_prefix("---") else {
            piece.push_str(line);
            continue;
        };
        let rest = rest.trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            all.push(Err(format!("invalid Yaml document separator: {rest}")));
            return all;
        }
        if !add(&mut all, &std::mem::take(&mut piece)) {
            return all;
        }
    }
    add(&mut all, &piece);
    all
}

/// Reads one document; whether those behind it are read.
fn add(all: &mut Vec<Result<Value, String>>, piece: &str) -> bool {
    let read = read_document(piece).map_err(|why| format!("error converting YAML to JSON: yaml: {why}"));
    let is_read = read.is_ok();
    all.push(read);
    is_read
}

fn is_list(root: &Value) -> bool {
    text(root, &["kind"]).ends_with("List") && matches!(root.get("items"), Some(Value::Seq(_)))
}

/// Why the client does not take a document for an object.
fn invalid(root: &Value) -> Option<String> {
    let Value::Map(_) = root else {
        return Some("invalid object to validate".to_owned());
    };
    let mut missing = Vec::new();
    for key in ["apiVersion", "kind"] {
        match root.get(key) {
            None | Some(Value::Null) => missing.push(format!("{key} not set")),
            Some(Value::Str(text)) if text.is_empty() => missing.push(format!("{key} not set")),
            _ => {}
        }
    }
    if text(root, &["kind"]) == "List" {
        return match root.get("items") {
            Some(Value::Seq(items)) => items.iter().find_map(invalid),
            _ => Some("invalid object to validate".to_owned()),
        };
    }
    match missing.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        all => Some(format!("[{}]", all.join(", "))),
    }
}

/// The object with its type.
fn mapped(object: Value, shown: &str, server: &dyn Server) -> Result<Info, Refusal> {
    let (version, kind) = (text(&object, &["apiVersion"]), text(&object, &["kind"]));
    match known_kind(version, kind) {
        Known::BuiltIn => {}
        // The client's table of types has the kind in lower case too.
        Known::LowerCase(proper) => {
            let short = version.rsplit('/').next().unwrap_or(version);
            return Err(Refusal::bad_request(format!(
                "{kind} in version \"{short}\" cannot be handled as a {proper}: no kind \"{kind}\" is registered for \
                 version \"{version}\" in scheme \"pkg/api/legacyscheme/scheme.go:30\""
            )));
        }
        Known::No if defined(version, kind, server) => {}
        Known::No => {
            return Err(Refusal::Local(format!(
                "resource mapping not found for name: \"{}\" namespace: \"{}\" from \"{shown}\": no matches for kind \
                 \"{kind}\" in version \"{version}\"\nensure CRDs are installed first",
                text(&object, &["metadata", "name"]),
                text(&object, &["metadata", "namespace"]),
            )));
        }
    }
    let kind = kinds::of(kind).filter(|_| known_kind(version, kind) == Known::BuiltIn);
    Ok(Info { object, kind })
}

/// Whether a stored CustomResourceDefinition defines the kind.
fn defined(version: &str, kind: &str, server: &dyn Server) -> bool {
    let Some((group, version)) = version.split_once('/') else {
        return false;
    };
    server.objects("CustomResourceDefinition", None).iter().any(|stored| {
        let spec = stored.value.get("spec").cloned().unwrap_or_default();
        let served = |v: &Value| text(v, &["name"]) == version;
        text(&spec, &["group"]) == group
            && text(&spec, &["names", "kind"]) == kind
            && spec.get("versions").map_or(&[][..], Value::items).iter().any(served)
    })
}
