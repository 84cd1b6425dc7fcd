//! Verbs that make an object from words: what they share, and `kubectl run`.

use super::apply::Dry;
use super::command::Usage;
use super::create::job::FromCronJob;
use super::expose::Expose;
use super::files::Files;
use super::flags::{Flag, Line, Takes, long, short};
use super::kinds;
use super::parse::{error, namespace, not_supported, read, usage_error};
use super::report::Report;
use super::run::Printed;
use super::server::{ApplyMode, Refusal, Server};
use crate::machine::Client;
use crate::manifest::Value;

const RUN: [Flag; 16] = [
    long("image", Takes::Text),
    long("image-pull-policy", Takes::Text),
    long("command", Takes::Bool),
    long("restart", Takes::Text),
    short("labels", 'l', Takes::Text),
    long("annotations", Takes::Text),
    long("privileged", Takes::Bool),
    long("env", Takes::Text),
    long("port", Takes::Int),
    long("dry-run", Takes::Optional("unchanged")),
    short("output", 'o', Takes::Text),
    short("stdin", 'i', Takes::Bool),
    short("tty", 't', Takes::Bool),
    long("rm", Takes::Bool),
    long("attach", Takes::Bool),
    long("field-manager", Takes::Text),
];

/// One such line.
#[derive(Clone, Debug)]
pub struct Make {
    pub(super) what: What,
    pub(super) namespace: String,
    report: Report,
    /// Said before an error of the API server: `failed to create job`.
    failed: Option<&'static str>,
}

/// The object.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// All of its fields are on the line.
    Object(Value),
    /// ConfigMap or Secret: name, texts, files by key.
    Data(&'static str, String, Vec<(String, String)>, Vec<(String, String)>),
    /// A Service for something that is there.
    Expose(Expose),
    /// A Job from the template of a CronJob.
    FromCronJob(FromCronJob),
}

impl Make {
    /// A line that makes this.
    pub(super) fn of(line: &Line, what: What, failed: Option<&'static str>) -> Result<Make, Usage> {
        Ok(Make {
            what,
            namespace: namespace(line),
            report: Report::of(line)?,
            failed,
        })
    }
}

/// A mapping of these members.
pub(super) fn object(pairs: &[(&str, Value)]) -> Value {
    Value::Map(pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect())
}

/// A list of texts.
pub(super) fn texts(words: &[String]) -> Value {
    Value::Seq(words.iter().map(|w| w.as_str().into()).collect())
}

/// `a=b,c=d`.
pub(super) fn pairs(text: &str) -> Result<Vec<(String, Value)>, Usage> {
    text.split(',')
        .map(|pair| match pair.split_once('=') {
            Some((k, v)) => Ok((k.to_owned(), v.into())),
            None => Err(error(format!("unexpected label spec: {pair}"))),
        })
        .collect()
}

/// Reads the words after `run`.
pub(super) fn run(words: &[String]) -> Result<Make, Usage> {
    let line = read("run", words, &RUN)?;
    for flag in ["stdin", "tty", "rm", "attach"] {
        if line.on(flag) {
            return Err(not_supported(&format!("run --{flag}")));
        }
    }
    let Some(image) = line.text("image").filter(|i| !i.is_empty()) else {
        return Err(error("required flag(s) \"image\" not set"));
    };
    let Some((name, command)) = line.args.split_first() else {
        return Err(usage_error("run", "NAME is required for run"));
    };
    let restart = line.text("restart").unwrap_or("Always");
    if !matches!(restart, "Always" | "OnFailure" | "Never") {
        return Err(usage_error("run", &format!("invalid restart policy: {restart}")));
    }
    let container = run_container(&line, name, image, command)?;
    let labels = match line.text("labels") {
        None => vec![("run".to_owned(), name.as_str().into())],
        Some(text) => pairs(text)?,
    };
    let mut meta = object(&[("labels", Value::Map(labels)), ("name", name.as_str().into())]);
    if let Some(text) = line.text("annotations") {
        meta.set("annotations", Value::Map(pairs(text)?));
    }
    let spec = object(&[
        ("containers", Value::Seq(vec![container])),
        ("dnsPolicy", "ClusterFirst".into()),
        ("restartPolicy", restart.into()),
    ]);
    let pod = object(&[
        ("apiVersion", "v1".into()),
        ("kind", "Pod".into()),
        ("metadata", meta),
        ("spec", spec),
        ("status", object(&[])),
    ]);
    Make::of(&line, What::Object(pod), None)
}

fn run_container(line: &Line, name: &str, image: &str, command: &[String]) -> Result<Value, Usage> {
    let mut container = object(&[("image", image.into()), ("name", name.into())]);
    if let Some(policy) = line.text("image-pull-policy") {
        container.set("imagePullPolicy", policy.into());
    }
    if !command.is_empty() {
        let field = if line.on("command") { "command" } else { "args" };
        container.set(field, texts(command));
    }
    let mut env = Vec::new();
    for text in line.all("env") {
        let Some((key, value)) = text.split_once('=') else {
            return Err(error(format!("invalid env: {text}")));
        };
        env.push(object(&[("name", key.into()), ("value", value.into())]));
    }
    if !env.is_empty() {
        container.set("env", Value::Seq(env));
    }
    if let Some(port) = line.int("port") {
        container.set("ports", Value::Seq(vec![object(&[("containerPort", port.into())])]));
    }
    container.set("resources", object(&[]));
    if line.on("privileged") {
        container.set("securityContext", object(&[("privileged", true.into())]));
    }
    Ok(container)
}

/// Makes it.
pub(super) fn carry_out(make: &Make, files: &Files, server: &mut dyn Server, out: &mut Printed) {
    let (value, verb) = match &make.what {
        What::Object(value) => (Ok(value.clone()), "created"),
        What::Data(kind, name, literals, from) => (data(kind, name, literals, from, files), "created"),
        What::Expose(expose) => (expose.service(&make.namespace, server), "exposed"),
        What::FromCronJob(from) => (from.job(&make.namespace, server), "created"),
    };
    let mut value = match value {
        Ok(value) => value,
        Err(refusal) => return out.fail(&refusal.text(None)),
    };
    let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
    let Some(kind) = kinds::of(kind) else { return };
    if make.report.dry != Dry::Client {
        if let Err(refusal) = store(make, &value, server) {
            let text = match make.failed {
                Some(doing) => format!("error: {doing}: {}", refusal.plain()),
                None => refusal.text(None),
            };
            return out.fail(&text);
        }
        let name = value.at(&["metadata", "name"]).and_then(Value::as_str);
        let scope = if kind.namespaced { &make.namespace } else { "" };
        let stored = server.object(kind.kind, scope, name.unwrap_or_default());
        if let Some(stored) = stored.filter(|_| make.report.dry == Dry::No) {
            value = stored.shown(server.calendar());
        }
    } else if server.client() == Client::V1_32 {
        value = with_empty_times(value);
    }
    make.report.print(kind, &value, verb, out);
}

fn store(make: &Make, value: &Value, server: &mut dyn Server) -> Result<(), Refusal> {
    let mut sent = value.clone();
    if let Value::Map(members) = &mut sent {
        members.retain(|(k, _)| k != "status");
    }
    let text = serde_json::Value::from(&sent).to_string();
    let mode = match make.report.dry {
        Dry::No => ApplyMode::Create,
        _ => ApplyMode::CheckCreate,
    };
    let results = server.apply(&text, &make.namespace, mode);
    results.into_iter().try_for_each(|result| result.map(|_| ()))
}

/// Before 1.34 objects that were never stored have a `creationTimestamp` that is null, templates too.
fn with_empty_times(mut value: Value) -> Value {
    if let Value::Map(members) = &mut value {
        for (key, inner) in members.iter_mut() {
            if let (Value::Map(_), true) = (&inner, key == "metadata") {
                inner.set("creationTimestamp", Value::Null);
            } else if matches!(key.as_str(), "spec" | "template" | "jobTemplate") {
                *inner = with_empty_times(std::mem::take(inner));
            }
        }
    }
    value
}

fn data(
    kind: &str,
    name: &str,
    literals: &[(String, String)],
    from: &[(String, String)],
    files: &Files,
) -> Result<Value, Refusal> {
    use base64::Engine as _;
    let mut texts = Vec::new();
    for (key, path) in from {
        let text = files
            .text(path)
            .map_err(|_| Refusal::Local(format!("error reading {path}: no such file or directory")))?;
        texts.push((key.clone(), text.to_owned()));
    }
    texts.extend(literals.iter().cloned());
    let texts: Vec<(String, Value)> = texts
        .into_iter()
        .map(|(key, text)| {
            let text = match kind {
                "Secret" => base64::engine::general_purpose::STANDARD.encode(text),
                _ => text,
            };
            (key, text.into())
        })
        .collect();
    let mut value = object(&[("apiVersion", "v1".into()), ("kind", kind.into())]);
    if !texts.is_empty() {
        value.set("data", Value::Map(texts));
    }
    value.set("metadata", object(&[("name", name.into())]));
    Ok(value)
}
