//! Texts that are stored: by the scenario at its start, and by `kubectl create`, `apply` and `replace`.

use std::rc::Rc;

use super::server::{ClusterServer, resource};
use super::update::reapply;
use super::workload_update::reapply_workload;
use crate::api::validation::update::validate_change;
use crate::api::{Loaded, LoadedObject, Object, Pod, definition, in_order, load_in};
use crate::apiserver::{ApiServer, ObjectKey, Typed, admit_priority, generated, is_static, make_mirror, name_suffix};
use crate::kubectl::server::{Applied, ApplyMode, Refusal, Server};
use crate::machine::Cx;
use crate::manifest::{Diagnostic, Severity, Value, parse};
use crate::trace::EntryId;

/// Stores an object as `kubectl apply` would. Returns the verb that kubectl prints.
///
/// # Errors
/// Why admission forbids it, in the API server's words.
pub fn apply_object(
    cx: &mut Cx,
    api: &mut ApiServer,
    object: &Object,
    raw: &Value,
    because: Option<EntryId>,
) -> Result<&'static str, String> {
    let typed = match object {
        Object::Pod(pod) => {
            let (mut pod, mut raw) = (pod.clone(), raw.clone());
            if is_static(&pod) {
                make_mirror(cx, api, &mut pod, &mut raw);
            }
            if api.pod_named(&pod.metadata.namespace, &pod.metadata.name).is_some() {
                return Ok("unchanged");
            }
            admit_priority(api, &mut pod)?;
            api.create_pod(cx, pod, raw, because);
            return Ok("created");
        }
        Object::Service(o) => Typed::Service(Rc::new(o.clone())),
        Object::ConfigMap(o) => Typed::ConfigMap(Rc::new(o.clone())),
        Object::Secret(o) => Typed::Secret(Rc::new(o.clone())),
        Object::Node(o) => {
            api.tell_node(object.name(), because);
            Typed::Node(Rc::new(o.clone()))
        }
        Object::Workload { kind, name, namespace } => {
            if api.workload_named(*kind, namespace, name).is_some() {
                return Ok("unchanged");
            }
            let made = api.create_workload(cx, *kind, raw.clone(), because);
            return made.map(|_| "created").map_err(|why| why.to_string());
        }
        Object::Namespace(_) | Object::Other { .. } => Typed::Other,
    };
    let key = ObjectKey {
        kind: object.kind().into(),
        namespace: object.namespace().into(),
        name: object.name().into(),
    };
    let same = api
        .object(&key.kind, &key.namespace, &key.name)
        .is_some_and(|o| *o.source == *raw);
    if same {
        return Ok("unchanged");
    }
    Ok(if api.put_object(cx, key, raw.clone(), typed) {
        "created"
    } else {
        "configured"
    })
}

/// Keeps the text of an object that `kubectl apply` has stored, where a later apply or `-o yaml` asks for it.
pub fn note_applied(api: &mut ApiServer, loaded: &Loaded, object: &LoadedObject) {
    if matches!(object.object, Object::Pod(_) | Object::Workload { .. }) {
        let (kind, namespace) = (object.object.kind(), object.object.namespace());
        api.note_applied(kind, namespace, object.object.name(), loaded.given(object));
    }
}

/// Stores each document of a text, in order; `namespace` serves where a document names none. One result for each.
pub fn apply(
    server: &mut ClusterServer,
    text: &str,
    namespace: &str,
    mode: ApplyMode,
) -> Vec<Result<Applied, Refusal>> {
    let named = match mode {
        ApplyMode::Create | ApplyMode::CheckCreate => with_names(server, text),
        _ => None,
    };
    let definitions = server.objects("CustomResourceDefinition", None);
    let defined = definitions
        .iter()
        .filter_map(|stored| definition(&stored.value))
        .collect();
    let loaded = load_in(named.as_deref().unwrap_or(text), namespace, defined);
    let mut results = Vec::new();
    for object in &loaded.objects {
        results.push(apply_one(server, &loaded, object, mode));
    }
    if results.is_empty() && loaded.has_errors() {
        let message = loaded.diagnostics.first().map(|d| d.message.clone());
        results.push(Err(Refusal::Local(message.unwrap_or_default())));
    }
    results
}

/// The text with a name for each object that leaves it to the API server; `None` when there is no such object.
fn with_names(server: &ClusterServer, text: &str) -> Option<String> {
    let mut documents: Vec<Value> = parse(text).documents.iter().map(|d| d.root.to_value()).collect();
    let mut any = false;
    for (index, document) in documents.iter_mut().enumerate() {
        let field = |key: &str| {
            document
                .at(&["metadata", key])
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let prefix = field("generateName").to_owned();
        if prefix.is_empty() || !field("name").is_empty() {
            continue;
        }
        let count = u64::from(server.call) << 8 | u64::try_from(index).unwrap_or(0);
        let key = count ^ server.cx.now.micros().unsigned_abs() << 24;
        let name = generated(&prefix, &name_suffix(server.cx.setup.seed, key));
        document.entry("metadata").set("name", name.as_str().into());
        any = true;
    }
    let texts = documents.iter().map(|d| serde_json::Value::from(d).to_string());
    any.then(|| texts.collect::<Vec<_>>().join("\n---\n"))
}

fn apply_one(
    server: &mut ClusterServer,
    loaded: &Loaded,
    object: &LoadedObject,
    mode: ApplyMode,
) -> Result<Applied, Refusal> {
    let (kind, name, namespace) = (object.object.kind(), object.object.name(), object.object.namespace());
    if let Some(refusal) = undecodable(loaded, object) {
        return Err(refusal);
    }
    let there = server.object(kind, namespace, name).is_some();
    if !namespace.is_empty() && server.object("Namespace", "", namespace).is_none() {
        return Err(Refusal::not_found("namespaces", namespace));
    }
    if let Object::Pod(pod) = &object.object
        && !there
    {
        let message = |why| format!("pods \"{name}\" is forbidden: {why}");
        admit(server, pod, &object.raw).map_err(|why| Refusal::Status {
            reason: "Forbidden",
            message: message(why),
        })?;
    }
    if !object.valid {
        let causes = match object.refused.as_slice() {
            [] => errors(loaded, object).map(|d| d.message.clone()).collect(),
            refused => refused.to_vec(),
        };
        return Err(Refusal::Invalid {
            kind: kind.to_owned(),
            name: name.to_owned(),
            causes,
        });
    }
    let said = |verb| Applied {
        kind: kind.into(),
        name: name.into(),
        verb,
        warnings: of_server(loaded).collect(),
    };
    let dry = matches!(mode, ApplyMode::CheckCreate | ApplyMode::CheckApply);
    if there && matches!(mode, ApplyMode::Create | ApplyMode::CheckCreate) {
        return Err(Refusal::already_exists(&resource(kind), name));
    }
    if there && (kind == "Pod" || matches!(object.object, Object::Workload { .. })) {
        let given = loaded.given(object);
        let changed = match object.object {
            Object::Workload { kind, .. } => reapply_workload(server, kind, (namespace, name), &given, dry)?,
            _ => reapply(server, namespace, name, &given, dry)?,
        };
        return Ok(said(if changed { "configured" } else { "unchanged" }));
    }
    if there && let Some(stored) = server.object(kind, namespace, name) {
        let causes = validate_change(kind, &stored.shown(server.cx.setup.calendar), &object.raw);
        if !causes.is_empty() {
            return Err(Refusal::Invalid {
                kind: kind.to_owned(),
                name: name.to_owned(),
                causes: causes.iter().map(ToString::to_string).collect(),
            });
        }
    }
    if dry {
        return Ok(said(if there { "configured" } else { "created" }));
    }
    let stored = apply_object(&mut server.cx, server.api, &object.object, &object.raw, server.because);
    if mode == ApplyMode::Apply {
        note_applied(server.api, loaded, object);
    }
    stored.map(said).map_err(|why| Refusal::Status {
        reason: "Forbidden",
        message: format!("{} \"{name}\" is forbidden: {why}", resource(kind)),
    })
}

/// What admission says before an object is looked at.
fn admit(server: &ClusterServer, pod: &Pod, raw: &Value) -> Result<(), String> {
    let namespace = &*pod.metadata.namespace;
    let text = |key: &str| raw.at(&["spec", key]).and_then(Value::as_str).unwrap_or_default();
    let account = text("serviceAccountName");
    if !matches!(account, "" | "default") && server.object("ServiceAccount", namespace, account).is_none() {
        return Err(format!(
            "error looking up service account {namespace}/{account}: serviceaccount \"{account}\" not found"
        ));
    }
    if is_static(pod) {
        return Ok(());
    }
    admit_priority(server.api, &mut pod.clone())?;
    let class = text("runtimeClassName");
    if !class.is_empty() && server.object("RuntimeClass", "", class).is_none() {
        return Err(format!("pod rejected: RuntimeClass \"{class}\" not found"));
    }
    Ok(())
}

/// The warnings that the API server sends with its answer.
fn of_server(loaded: &Loaded) -> impl Iterator<Item = String> {
    let all = loaded.diagnostics.iter().filter(|d| d.code == "api-warning");
    all.map(|d| d.message.clone())
}

fn errors<'a>(loaded: &'a Loaded, object: &LoadedObject) -> impl Iterator<Item = &'a Diagnostic> {
    let range = loaded.documents.get(object.document).map(|d| d.range);
    let all = loaded.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    all.filter(move |d| range.is_none_or(|r| r.start <= d.range.start && d.range.start <= r.end))
}

/// The API server's answer to a body that it cannot read as an object of its kind: to a value of the wrong type before
/// all, then to fields it does not know.
fn undecodable(loaded: &Loaded, object: &LoadedObject) -> Option<Refusal> {
    let of = |codes: &[&str]| -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = errors(loaded, object)
            .filter(|d| codes.contains(&d.code))
            .cloned()
            .collect();
        in_order(&mut found);
        found
    };
    let unknown = of(&["unknown-field"]);
    let why = match of(&["wrong-type", "bad-quantity", "bad-base64"]).first() {
        Some(wrong) => wrong.message.clone(),
        None if unknown.is_empty() => return None,
        None => {
            let all: Vec<&str> = unknown.iter().map(|d| d.message.as_str()).collect();
            format!("strict decoding error: {}", all.join(", "))
        }
    };
    let kind = object.object.kind();
    let version = object.raw.get("apiVersion").and_then(Value::as_str).unwrap_or("v1");
    let version = version.rsplit('/').next().unwrap_or(version);
    Some(Refusal::bad_request(format!(
        "{kind} in version \"{version}\" cannot be handled as a {kind}: {why}"
    )))
}
