//! `kubectl apply -f`, `kubectl create -f` and `kubectl replace -f`.

use super::command::{Apply, Usage};
use super::files::Files;
use super::flags::Line;
use super::kinds::{self, Kind};
use super::parse::error;
use super::run::Printed;
use super::server::{Applied, ApplyMode, Refusal, Server, Stored};
use super::visit::{Info, visit};
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
    let mut done = Vec::new();
    for file in &apply.files {
        let shown = Files::shown(file);
        match visit(file, files, server) {
            Ok(visited) => {
                errors.extend(visited.errors.into_iter().map(|why| (why, "creating", shown)));
                one_file(apply, mode, (shown, &visited.objects), server, out)
                    .into_iter()
                    .for_each(|result| match result {
                        Ok(answer) => done.push(answer),
                        Err((why, doing)) => errors.push((why, doing, shown)),
                    });
            }
            Err(why) => errors.push((why, "creating", shown)),
        }
    }
    if done.is_empty() && errors.is_empty() {
        let verb = match (apply.create, apply.replace) {
            (_, true) => "replace",
            (true, _) => "create",
            (false, _) => "apply",
        };
        errors.push((Refusal::Local(format!("no objects passed to {verb}")), "", ""));
    }
    if apply.report.shows_objects() {
        show(apply, &done, server, out);
    }
    if let [(why, doing, shown)] = errors.as_slice() {
        out.fail(&why.text(Some((doing, shown))));
    } else {
        for (why, doing, shown) in errors {
            out.fail(&why.among_others((doing, shown)));
        }
    }
}

/// An object that was stored, and as it was given.
type Done = (Applied, Value);

/// Stores the objects of one file. With an error comes what was tried.
fn one_file(
    apply: &Apply,
    mode: ApplyMode,
    (shown, objects): (&str, &[Info]),
    server: &mut dyn Server,
    out: &mut Printed,
) -> Vec<Result<Done, (Refusal, &'static str)>> {
    let is_there = |info: &Info| stored(&info.object, &apply.namespace, server).is_some();
    if apply.replace && !apply.create && !objects.iter().all(is_there) {
        let missing = objects.iter().filter(|info| !is_there(info));
        let refusal = |info: &Info| {
            let refusal = Refusal::not_found(&info.kind?.resource(), info.text(&["metadata", "name"]));
            Some(Err((refusal, "replacing")))
        };
        return missing.filter_map(refusal).collect();
    }
    let mut results = Vec::new();
    for info in objects {
        if let Some(text) = info
            .kind
            .and_then(Kind::deprecation)
            .filter(|_| server.client().is_new())
        {
            out.warn(text);
        }
        results.push(match own_error(apply, shown, info) {
            Some(why) => Err((Refusal::Local(why), "")),
            None => one(apply, mode, info, server, out),
        });
        if let Some(Ok(done)) = results.last()
            && !apply.report.shows_objects()
        {
            show(apply, std::slice::from_ref(done), server, out);
        }
    }
    results
}

fn one(
    apply: &Apply,
    mode: ApplyMode,
    info: &Info,
    server: &mut dyn Server,
    out: &mut Printed,
) -> Result<Done, (Refusal, &'static str)> {
    let there = stored(&info.object, &apply.namespace, server).is_some();
    if !apply.create && !apply.replace && !apply.server_side {
        warn_of_missing_text(&info.object, &apply.namespace, server, out);
    }
    // What is new is created, whatever the verb.
    let doing = match there {
        _ if apply.replace => "replacing",
        true if !apply.create => "applying patch to",
        _ => "creating",
    };
    let results = server.apply(&info.json(), &apply.namespace, mode);
    let mut applied = None;
    for result in results {
        applied = Some(result.map_err(|refusal| (refusal, doing))?);
    }
    let Some(applied) = applied else {
        return Err((Refusal::Local("no objects passed to apply".to_owned()), doing));
    };
    for warning in &applied.warnings {
        out.warn(&format!("Warning: {warning}"));
    }
    Ok((applied, info.object.clone()))
}

/// The error that kubectl itself finds with an object.
fn own_error(apply: &Apply, shown: &str, info: &Info) -> Option<String> {
    let namespace = info.text(&["metadata", "namespace"]);
    if apply.in_namespace && !namespace.is_empty() && namespace != apply.namespace {
        return Some(format!(
            "the namespace from the provided object \"{namespace}\" does not match the namespace \"{}\". You must pass \
             '--namespace={namespace}' to perform this operation.",
            apply.namespace
        ));
    }
    if apply.create || apply.replace || !info.text(&["metadata", "name"]).is_empty() {
        return None;
    }
    let prefix = info.text(&["metadata", "generateName"]);
    if !prefix.is_empty() {
        return Some(format!("from {prefix}: cannot use generate name with apply"));
    }
    let (version, kind) = (info.text(&["apiVersion"]), info.text(&["kind"]));
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    let plural = info
        .kind
        .map_or_else(|| kind.to_ascii_lowercase() + "s", |k| k.plural.to_owned());
    let scope = match info.kind.is_none_or(|k| k.namespaced) {
        true if namespace.is_empty() => &apply.namespace,
        true => namespace,
        false => "",
    };
    Some(format!(
        "error when retrieving current configuration of:\nResource: \"{group}/{version}, Resource={plural}\", \
         GroupVersionKind: \"{group}/{version}, Kind={kind}\"\nName: \"\", Namespace: \"{scope}\"\nfrom server for: \
         \"{shown}\": resource name may not be empty"
    ))
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
            // A custom resource.
            None => {
                let group = text(&one.1, &["apiVersion"])
                    .split_once('/')
                    .map_or("", |(group, _)| group);
                let dot = if group.is_empty() { "" } else { "." };
                let kind = one.0.kind.to_ascii_lowercase();
                let name = &one.0.name;
                out.say(&format!("{kind}{dot}{group}/{name} {verb}{}", apply.dry.suffix()));
            }
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
