//! `kubectl apply -f`, `kubectl create -f` and `kubectl replace -f`.

use super::command::{Apply, Usage};
use super::files::Files;
use super::flags::Line;
use super::kinds;
use super::parse::error;
use super::run::Printed;
use super::server::{Applied, ApplyMode, Refusal, Server, Stored};
use super::write::compact_json;
use crate::api::WorkloadKind;
use crate::manifest::Value;

/// The annotation in which `kubectl apply` keeps the text it has stored.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// `--dry-run`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dry {
    /// `none`: it is done.
    #[default]
    No,
    /// `client`: only said.
    Client,
    /// `server`: checked as the API server would, and not kept.
    Server,
}

impl Dry {
    /// As the line has it.
    pub(super) fn of(line: &Line) -> Result<Dry, Usage> {
        match line.text("dry-run") {
            None | Some("none") => Ok(Dry::No),
            Some("client") => Ok(Dry::Client),
            Some("server") => Ok(Dry::Server),
            Some("unchanged") => Err(error(
                "--dry-run flag without a value was specified. A value must be set: \"none\", \"server\", or \"client\".",
            )),
            Some(other) => Err(error(format!(
                "Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
            ))),
        }
    }

    /// What is said behind the verb.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Dry::No => "",
            Dry::Client => " (dry run)",
            Dry::Server => " (server dry run)",
        }
    }
}

/// Stores what the files hold and says what became of each object.
pub(super) fn run(apply: &Apply, files: &Files, server: &mut dyn Server, out: &mut Printed) {
    let mode = match (apply.create, apply.dry) {
        (true, Dry::No) => ApplyMode::Create,
        (false, Dry::No) => ApplyMode::Apply,
        (true, _) => ApplyMode::CheckCreate,
        (false, _) => ApplyMode::CheckApply,
    };
    let mut errors = Vec::new();
    let mut stored = Vec::new();
    for file in &apply.files {
        match given(apply, file, files) {
            Ok(objects) => one_file(apply, mode, (file, &objects), files, server, out)
                .into_iter()
                .for_each(|result| match result {
                    Ok(answer) => stored.push(answer),
                    Err(text) => errors.push(text),
                }),
            Err(text) => errors.push(format!("error: {text}")),
        }
    }
    if stored.is_empty() && errors.is_empty() {
        let verb = match (apply.create, apply.replace) {
            (_, true) => "replace",
            (true, _) => "create",
            (false, _) => "apply",
        };
        errors.push(format!("error: no objects passed to {verb}"));
    }
    show(apply, &stored, server, out);
    for text in errors {
        out.fail(&text);
    }
}

/// The objects of a file, once kubectl itself has nothing against them.
fn given(apply: &Apply, file: &str, files: &Files) -> Result<Vec<Value>, String> {
    let objects = files.objects(file)?;
    for object in &objects {
        let namespace = text(object, &["metadata", "namespace"]);
        if apply.in_namespace && !namespace.is_empty() && namespace != apply.namespace {
            return Err(format!(
                "the namespace from the provided object \"{namespace}\" does not match the namespace \"{}\". You must \
                 pass '--namespace={namespace}' to perform this operation.",
                apply.namespace
            ));
        }
        let prefix = text(object, &["metadata", "generateName"]);
        if !apply.create && !apply.replace && !prefix.is_empty() && text(object, &["metadata", "name"]).is_empty() {
            return Err(format!("from {prefix}: cannot use generate name with apply"));
        }
    }
    Ok(objects)
}

/// Stores the objects of one file. The errors are as kubectl prints them.
fn one_file(
    apply: &Apply,
    mode: ApplyMode,
    (file, objects): (&str, &[Value]),
    files: &Files,
    server: &mut dyn Server,
    out: &mut Printed,
) -> Vec<Result<(Applied, Value), String>> {
    let shown = Files::shown(file);
    let there: Vec<bool> = objects
        .iter()
        .map(|o| stored(o, &apply.namespace, server).is_some())
        .collect();
    if apply.replace && !apply.create && there.contains(&false) {
        let missing = objects.iter().zip(&there).filter(|(_, there)| !**there);
        let text = |(object, _): (&Value, _)| {
            let kind = kinds::of(text(object, &["kind"]))?;
            let refusal = Refusal::not_found(&kind.resource(), text(object, &["metadata", "name"]));
            Some(Err(refusal.text(Some(("replacing", shown)))))
        };
        return missing.filter_map(text).collect();
    }
    if !apply.create && !apply.replace && !apply.server_side {
        for object in objects {
            warn_of_missing_text(object, &apply.namespace, server, out);
        }
    }
    let results = server.apply(files.text(file).unwrap_or_default(), &apply.namespace, mode);
    let result = |(index, result): (usize, Result<Applied, Refusal>)| {
        // What is new is created, whatever the verb.
        let doing = match there.get(index) {
            _ if apply.replace => "replacing",
            Some(true) if !apply.create => "applying patch to",
            _ => "creating",
        };
        let object = objects.get(index).cloned().unwrap_or_default();
        let applied = result.map_err(|refusal| refusal.text(Some((doing, shown))))?;
        Ok((applied, object))
    };
    results.into_iter().enumerate().map(result).collect()
}

fn text<'a>(object: &'a Value, path: &[&str]) -> &'a str {
    object.at(path).and_then(Value::as_str).unwrap_or_default()
}

/// The stored object that a document of a file is about.
fn stored(object: &Value, namespace: &str, server: &dyn Server) -> Option<Stored> {
    let kind = kinds::of(text(object, &["kind"]))?;
    let scope = match text(object, &["metadata", "namespace"]) {
        _ if !kind.namespaced => "",
        "" => namespace,
        given => given,
    };
    server.object(kind.kind, scope, text(object, &["metadata", "name"]))
}

/// Prints what became of the objects, or the objects.
fn show(apply: &Apply, all: &[(Applied, Value)], server: &dyn Server, out: &mut Printed) {
    let report = apply.report;
    let answer = |(applied, given): &(Applied, Value)| {
        let mut given = given.clone();
        given.entry("metadata").set("name", (&*applied.name).into());
        match stored(&given, &apply.namespace, server) {
            Some(stored) if apply.dry == Dry::No => stored.shown(server.calendar()),
            _ => sent(apply, given),
        }
    };
    if report.shows_objects() && all.len() > 1 && !apply.create && !apply.replace {
        let items = Value::Seq(all.iter().map(answer).collect());
        let list = [("apiVersion", "v1".into()), ("items", items), ("kind", "List".into())];
        let list = Value::Map(list.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
        if let Some(pod) = kinds::of("Pod") {
            report.print(pod, &list, "", out);
        }
        return;
    }
    for (index, one) in all.iter().enumerate() {
        let verb = match (apply.replace, apply.server_side) {
            (true, _) => "replaced",
            (_, true) => "serverside-applied",
            _ => one.0.verb,
        };
        if report.shows_objects() && index > 0 {
            out.say("---");
        }
        let kind = kinds::of(&one.0.kind);
        match kind {
            Some(kind) => report.print(kind, &answer(one), verb, out),
            // A kind that is not simulated.
            None => out.say(&format!(
                "{}/{} {verb}{}",
                one.0.kind.to_ascii_lowercase(),
                one.0.name,
                apply.dry.suffix()
            )),
        }
    }
}

/// The object as kubectl sends it: with its namespace, and with the annotation of `kubectl apply`.
fn sent(apply: &Apply, mut given: Value) -> Value {
    let kind = kinds::of(text(&given, &["kind"]));
    if kind.is_some_and(|kind| kind.namespaced) && text(&given, &["metadata", "namespace"]).is_empty() {
        given
            .entry("metadata")
            .set("namespace", apply.namespace.as_str().into());
    }
    if !apply.create && !apply.replace && !apply.server_side {
        let text = given.clone();
        annotate(&mut given, &text);
    }
    given
}

/// Puts a text that `kubectl apply` stores among the annotations of the object, as kubectl writes it there.
pub fn annotate(object: &mut Value, text: &Value) {
    let mut text = text.clone();
    text.entry("metadata").entry("annotations");
    let text = compact_json(&text) + "\n";
    let annotations = object.entry("metadata").entry("annotations");
    annotations.set(LAST_APPLIED, text.as_str().into());
}

/// Says so when an object that is there was not stored by `kubectl apply`, of kinds whose texts are kept.
fn warn_of_missing_text(given: &Value, namespace: &str, server: &dyn Server, out: &mut Printed) {
    let kind = kinds::of(text(given, &["kind"]));
    let kept = |kind: &&kinds::Kind| kind.kind == "Pod" || WorkloadKind::of(kind.kind).is_some();
    let Some(kind) = kind.filter(kept) else { return };
    let Some(stored) = stored(given, namespace, server) else {
        return;
    };
    let stored = stored.shown(server.calendar());
    if stored.at(&["metadata", "annotations", LAST_APPLIED]).is_none() {
        let name = text(given, &["metadata", "name"]);
        out.warn(&format!(
            "Warning: resource {}/{name} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. \
             kubectl apply should only be used on resources created declaratively by either kubectl create --save-config \
             or kubectl apply. The missing annotation will be patched automatically.",
            kind.plural
        ));
    }
}
