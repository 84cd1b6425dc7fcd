//! Verbs that read an object, change one thing and write it back: `label`, `annotate`, `scale`, `set image`, `patch`,
//! `cordon`, `uncordon`.

use super::command::{Target, Usage};
use super::flags::{Flag, Line, Takes, long, short};
use super::kinds;
use super::parse::{error, namespace, not_modelled, read, selector, targets, usage_error};
use super::patch::{PatchKind, patched};
use super::run::Printed;
use super::selector::Selector;
use super::server::{Refusal, Server, Stored};
use crate::manifest::{Severity, Value};

/// One such line.
#[derive(Clone, Debug)]
pub struct Edit {
    targets: Vec<Target>,
    namespace: String,
    selector: Option<Selector>,
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    /// `label` and `annotate`.
    Marks {
        field: &'static str,
        set: Vec<(String, String)>,
        remove: Vec<String>,
        overwrite: bool,
    },
    Scale(i64),
    Image(Vec<(String, String)>),
    Patch {
        kind: PatchKind,
        patch: Value,
        subresource: String,
    },
    Cordon(bool),
    /// `taint`: key, value, effect of those to set; key and effect of those to remove.
    Taint {
        set: Vec<(String, String, String)>,
        remove: Vec<(String, String)>,
        overwrite: bool,
    },
}

const MARKS: [Flag; 3] = [
    long("overwrite", Takes::Bool),
    short("selector", 'l', Takes::Text),
    long("all", Takes::Bool),
];
const SCALE: [Flag; 2] = [long("replicas", Takes::Int), short("selector", 'l', Takes::Text)];
const IMAGE: [Flag; 2] = [short("selector", 'l', Takes::Text), long("all", Takes::Bool)];
const PATCH: [Flag; 3] = [
    short("patch", 'p', Takes::Text),
    long("type", Takes::Text),
    long("subresource", Takes::Text),
];
const CORDON: [Flag; 1] = [short("selector", 'l', Takes::Text)];

/// Reads the words after one of these verbs; `None` when `verb` is none of them.
pub(super) fn parse(verb: &str, words: &[String]) -> Option<Result<Edit, Usage>> {
    Some(match verb {
        "label" => marks("label", "labels", words),
        "annotate" => marks("annotate", "annotations", words),
        "scale" => scale(words),
        "set" => set(words),
        "patch" => patch(words),
        "taint" => taint(words),
        "cordon" | "uncordon" => cordon(verb, words),
        _ => return None,
    })
}

fn edit(line: &Line, args: &[String], all: bool, change: Change) -> Result<Edit, Usage> {
    let (targets, _) = targets(args)?;
    let selector = selector(line)?;
    if targets.is_empty() || (targets.iter().any(|t| t.name.is_none()) && selector.is_none() && !all) {
        return Err(error("resource(s) were provided, but no name was specified"));
    }
    Ok(Edit {
        targets,
        namespace: namespace(line),
        selector,
        change,
    })
}

fn marks(verb: &str, field: &'static str, words: &[String]) -> Result<Edit, Usage> {
    let line = read(verb, words, &MARKS)?;
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    let is_change = |arg: &String| arg.contains('=') || (arg.ends_with('-') && arg.len() > 1);
    let first = line.args.iter().position(is_change).unwrap_or(line.args.len());
    for arg in line.args.iter().skip(first) {
        match (arg.split_once('='), arg.strip_suffix('-')) {
            (Some((key, value)), _) => set.push((key.to_owned(), value.to_owned())),
            (None, Some(key)) => remove.push(key.to_owned()),
            (None, None) => {
                return Err(error(format!(
                    "all resources must be specified before {verb} changes: {arg}"
                )));
            }
        }
    }
    let args = line.args.get(..first).unwrap_or_default();
    if args.is_empty() {
        return Err(error(
            "one or more resources must be specified as <resource> <name> or <resource>/<name>",
        ));
    }
    if set.is_empty() && remove.is_empty() {
        let what = if field == "labels" { "label" } else { "annotation" };
        return Err(error(format!("at least one {what} update is required")));
    }
    let overwrite = line.on("overwrite");
    edit(
        &line,
        args,
        line.on("all"),
        Change::Marks {
            field,
            set,
            remove,
            overwrite,
        },
    )
}

fn scale(words: &[String]) -> Result<Edit, Usage> {
    let line = read("scale", words, &SCALE)?;
    match line.int("replicas") {
        Some(replicas) if replicas >= 0 => edit(&line, &line.args, false, Change::Scale(replicas)),
        _ => Err(error(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
        )),
    }
}

fn set(words: &[String]) -> Result<Edit, Usage> {
    let line = read("set", words, &IMAGE)?;
    let Some((what, args)) = line.args.split_first() else {
        return Err(not_modelled("set"));
    };
    if what != "image" {
        return Err(not_modelled(&format!("set {what}")));
    }
    let (images, names): (Vec<String>, Vec<String>) = args.iter().cloned().partition(|arg| arg.contains('='));
    let images: Vec<_> = images
        .iter()
        .filter_map(|i| i.split_once('='))
        .map(|(c, i)| (c.to_owned(), i.to_owned()))
        .collect();
    if names.is_empty() {
        return Err(error(
            "one or more resources must be specified as <resource> <name> or <resource>/<name>",
        ));
    }
    if images.is_empty() {
        return Err(error("at least one image update is required"));
    }
    edit(&line, &names, line.on("all"), Change::Image(images))
}

fn patch(words: &[String]) -> Result<Edit, Usage> {
    let line = read("patch", words, &PATCH)?;
    let Some(text) = line.text("patch") else {
        return Err(error(
            "must specify --patch or --patch-file containing the contents of the patch",
        ));
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
    let parsed = crate::manifest::parse(text);
    let wrong = parsed.diagnostics.iter().find(|d| d.severity == Severity::Error);
    if let Some(wrong) = wrong {
        return Err(error(format!("unable to parse \"{text}\": yaml: {}", wrong.message)));
    }
    let patch = parsed.documents.first().map_or(Value::Null, |d| d.root.to_value());
    let subresource = line.text("subresource").unwrap_or_default().to_owned();
    edit(
        &line,
        &line.args,
        false,
        Change::Patch {
            kind,
            patch,
            subresource,
        },
    )
}

fn taint(words: &[String]) -> Result<Edit, Usage> {
    let line = read("taint", words, &MARKS)?;
    let is_change = |arg: &String| arg.contains('=') || arg.contains(':') || (arg.ends_with('-') && arg.len() > 1);
    let first = line.args.iter().position(is_change).unwrap_or(line.args.len());
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    for arg in line.args.iter().skip(first) {
        let plain = arg.strip_suffix('-');
        let (pair, effect) = plain
            .unwrap_or(arg)
            .split_once(':')
            .unwrap_or((plain.unwrap_or(arg), ""));
        let known = matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute");
        if !(known || plain.is_some() && effect.is_empty()) {
            return Err(error(format!("invalid taint spec: {arg}, unsupported taint effect")));
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if plain.is_some() {
            remove.push((key.to_owned(), effect.to_owned()));
        } else {
            set.push((key.to_owned(), value.to_owned(), effect.to_owned()));
        }
    }
    if set.is_empty() && remove.is_empty() {
        return Err(error("at least one taint update is required"));
    }
    let overwrite = line.on("overwrite");
    let change = Change::Taint { set, remove, overwrite };
    edit(
        &line,
        line.args.get(..first).unwrap_or_default(),
        line.on("all"),
        change,
    )
}

/// What is said of a node whose taints were changed.
fn tainted(
    new: &mut Value,
    set: &[(String, String, String)],
    remove: &[(String, String)],
    overwrite: bool,
) -> Result<&'static str, Refusal> {
    let name = new
        .at(&["metadata", "name"])
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let mut taints = new
        .at(&["spec", "taints"])
        .map(|t| t.items().to_vec())
        .unwrap_or_default();
    let is = |t: &Value, key: &str, text: &str| t.get(key).and_then(Value::as_str).unwrap_or_default() == text;
    for (key, effect) in remove {
        let before = taints.len();
        taints.retain(|t| !(is(t, "key", key) && (effect.is_empty() || is(t, "effect", effect))));
        if taints.len() == before {
            let shown = if effect.is_empty() {
                key.clone()
            } else {
                format!("{key}:{effect}")
            };
            return Err(Refusal::Local(format!("taint \"{shown}\" not found")));
        }
    }
    for (key, value, effect) in set {
        let same = |t: &Value| is(t, "key", key) && is(t, "effect", effect);
        if taints.iter().any(same) && !overwrite {
            return Err(Refusal::Local(format!(
                "node {name} already has {key} taint(s) with same effect(s) and --overwrite is false"
            )));
        }
        taints.retain(|t| !same(t));
        let mut one = Value::Map(Vec::new());
        one.set("key", key.as_str().into());
        if !value.is_empty() {
            one.set("value", value.as_str().into());
        }
        one.set("effect", effect.as_str().into());
        taints.push(one);
    }
    new.entry("spec").set("taints", Value::Seq(taints));
    Ok(match (set.is_empty(), remove.is_empty()) {
        (true, _) => "untainted",
        (false, true) => "tainted",
        (false, false) => "modified",
    })
}

fn cordon(verb: &str, words: &[String]) -> Result<Edit, Usage> {
    let line = read(verb, words, &CORDON)?;
    if line.args.is_empty() && !line.has("selector") {
        return Err(usage_error(verb, &format!("USAGE: {verb} NODE [flags]")));
    }
    let mut args = vec!["node".to_owned()];
    args.extend(
        line.args
            .iter()
            .map(|a| a.strip_prefix("node/").unwrap_or(a).to_owned()),
    );
    edit(&line, &args, false, Change::Cordon(verb == "cordon"))
}

/// Does it.
pub(super) fn run(edit: &Edit, server: &mut dyn Server, out: &mut Printed) {
    let mut found = false;
    for target in &edit.targets {
        let namespace = if target.kind.namespaced {
            edit.namespace.as_str()
        } else {
            ""
        };
        let scope = target.kind.namespaced.then_some(namespace);
        let objects: Vec<Stored> = match &target.name {
            Some(name) => match server.object(target.kind.kind, namespace, name) {
                Some(object) => vec![object],
                None => {
                    out.fail(&Refusal::not_found(&target.kind.resource(), name).text(None));
                    found = true;
                    continue;
                }
            },
            None => {
                let fits = |o: &Stored| edit.selector.as_ref().is_none_or(|s| s.matches(&o.labels));
                server
                    .objects(target.kind.kind, scope)
                    .into_iter()
                    .filter(fits)
                    .collect()
            }
        };
        for object in objects {
            found = true;
            let shown = object.shown(server.calendar());
            match change(&edit.change, &shown, server) {
                Ok(words) if words.is_empty() => {}
                Ok(words) => out.say(&format!("{}/{} {words}", target.kind.qualified(), object.name)),
                Err(refusal) => out.fail(&refusal.text(None)),
            }
        }
    }
    if !found {
        out.fail("error: no objects passed to the command");
    }
}

/// What is said about one object: `labeled`.
fn change(change: &Change, shown: &Value, server: &mut dyn Server) -> Result<String, Refusal> {
    let kind = shown.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut new = shown.clone();
    let (subresource, done, same) = match change {
        Change::Marks {
            field,
            set,
            remove,
            overwrite,
        } => {
            let old = shown.at(&["metadata", field]);
            let mut marks: Vec<(String, Value)> = old.map(|m| m.members().to_vec()).unwrap_or_default();
            for (key, value) in set {
                let known = old.and_then(|o| o.get(key)).and_then(Value::as_str);
                if let Some(known) = known.filter(|known| !overwrite && known != value) {
                    return Err(Refusal::Local(format!(
                        "'{key}' already has a value ({known}), and --overwrite is false"
                    )));
                }
                marks.retain(|(k, _)| k != key);
                marks.push((key.clone(), value.as_str().into()));
            }
            marks.retain(|(k, _)| !remove.contains(k));
            new.entry("metadata").set(field, Value::Map(marks));
            match (*field, set.is_empty()) {
                ("labels", true) => ("", "unlabeled", "not labeled"),
                ("labels", false) => ("", "labeled", "not labeled"),
                _ => ("", "annotated", "annotated"),
            }
        }
        Change::Scale(replicas) => {
            if shown.at(&["spec", "replicas"]).is_none() {
                let resource = kinds::of(&kind).map_or(kind.clone(), |k| k.resource());
                return Err(Refusal::Status {
                    reason: "NotFound",
                    message: format!("the server could not find the requested resource ({resource})"),
                });
            }
            new.entry("spec").set("replicas", Value::Int(*replicas));
            ("scale", "scaled", "scaled")
        }
        Change::Image(images) => {
            set_images(&mut new, images)?;
            ("", "image updated", "")
        }
        Change::Patch {
            kind,
            patch,
            subresource,
        } => {
            new = patched(shown, patch, *kind).map_err(|message| Refusal::Status {
                reason: "Invalid",
                message,
            })?;
            (subresource.as_str(), "patched", "patched (no change)")
        }
        Change::Taint { set, remove, overwrite } => {
            let done = tainted(&mut new, set, remove, *overwrite)?;
            ("", done, done)
        }
        Change::Cordon(on) => {
            let spec = new.entry("spec");
            if *on {
                spec.set("unschedulable", Value::Bool(true));
                ("", "cordoned", "already cordoned")
            } else {
                if let Value::Map(members) = spec {
                    members.retain(|(k, _)| k != "unschedulable");
                }
                ("", "uncordoned", "already uncordoned")
            }
        }
    };
    let changed = new != *shown && server.update(&kind, subresource, &new)?;
    Ok(if changed { done } else { same }.to_owned())
}

fn set_images(object: &mut Value, images: &[(String, String)]) -> Result<(), Refusal> {
    let spec = if object.at(&["spec", "template"]).is_some() {
        object.entry("spec").entry("template").entry("spec")
    } else {
        object.entry("spec")
    };
    for (name, image) in images {
        let mut found = false;
        for list in ["initContainers", "containers"] {
            if spec.get(list).is_none() {
                continue;
            }
            if let Value::Seq(containers) = spec.entry(list) {
                for container in containers {
                    let fits = name == "*" || container.get("name").and_then(Value::as_str) == Some(name);
                    if fits {
                        container.set("image", image.as_str().into());
                        found = true;
                    }
                }
            }
        }
        if !found {
            return Err(Refusal::Local(format!("unable to find container named \"{name}\"")));
        }
    }
    Ok(())
}
