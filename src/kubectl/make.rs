//! Verbs that make an object from words: `run`, `expose`, `create namespace|configmap|secret generic|service`.

use super::command::Usage;
use super::files::Files;
use super::flags::{Flag, Line, Takes, long, short};
use super::kinds;
use super::parse::{error, namespace, not_modelled, read, usage_error};
use super::run::Printed;
use super::server::{ApplyMode, Refusal, Server};
use super::write;
use crate::manifest::Value;

const RUN: [Flag; 13] = [
    long("image", Takes::Text),
    long("image-pull-policy", Takes::Text),
    long("command", Takes::Bool),
    long("restart", Takes::Text),
    short("labels", 'l', Takes::Text),
    long("env", Takes::Text),
    long("port", Takes::Int),
    long("dry-run", Takes::Optional("unchanged")),
    short("output", 'o', Takes::Text),
    short("stdin", 'i', Takes::Bool),
    short("tty", 't', Takes::Bool),
    long("rm", Takes::Bool),
    long("attach", Takes::Bool),
];
const EXPOSE: [Flag; 9] = [
    long("port", Takes::Int),
    long("target-port", Takes::Text),
    long("name", Takes::Text),
    long("type", Takes::Text),
    long("protocol", Takes::Text),
    long("selector", Takes::Text),
    long("cluster-ip", Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
    short("output", 'o', Takes::Text),
];
const CREATE: [Flag; 8] = [
    long("from-literal", Takes::Text),
    long("from-file", Takes::Text),
    long("type", Takes::Text),
    long("tcp", Takes::Text),
    long("clusterip", Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
    short("output", 'o', Takes::Text),
    long("save-config", Takes::Bool),
];

/// One such line.
#[derive(Clone, Debug)]
pub struct Make {
    what: What,
    namespace: String,
    dry: super::apply::Dry,
    output: Output,
}

#[derive(Clone, Debug)]
enum What {
    /// An object whose fields the line has all.
    Object(Value),
    /// ConfigMap or Secret: name, texts, files by key.
    Data(&'static str, String, Vec<(String, String)>, Vec<(String, String)>),
    /// A Service for a Pod or Service: type and name of it, and the Service as far as the line says it.
    Expose(&'static kinds::Kind, String, Value),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Verb,
    Name,
    Yaml,
    Json,
}

fn object(pairs: &[(&str, Value)]) -> Value {
    Value::Map(pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect())
}

fn finish(line: &Line, what: What) -> Result<Make, Usage> {
    let output = match line.text("output").unwrap_or_default() {
        "" => Output::Verb,
        "name" => Output::Name,
        "yaml" => Output::Yaml,
        "json" => Output::Json,
        other => return Err(not_modelled(&format!("-o {other}"))),
    };
    Ok(Make {
        what,
        namespace: namespace(line),
        dry: super::apply::Dry::of(line)?,
        output,
    })
}

/// Reads the words after `run`.
pub(super) fn run(words: &[String]) -> Result<Make, Usage> {
    let line = read("run", words, &RUN)?;
    for flag in ["stdin", "tty", "rm", "attach"] {
        if line.on(flag) {
            return Err(not_modelled(&format!("run --{flag}")));
        }
    }
    let Some((name, command)) = line.args.split_first() else {
        return Err(usage_error("run", "NAME is required for run"));
    };
    let Some(image) = line.text("image").filter(|i| !i.is_empty()) else {
        return Err(error("required flag(s) \"image\" not set"));
    };
    let restart = line.text("restart").unwrap_or("Always");
    if !matches!(restart, "Always" | "OnFailure" | "Never") {
        return Err(error(format!("invalid restart policy: {restart}")));
    }
    let mut container = object(&[("image", image.into()), ("name", name.as_str().into())]);
    if let Some(policy) = line.text("image-pull-policy") {
        container.set("imagePullPolicy", policy.into());
    }
    let words: Vec<Value> = command.iter().map(|w| w.as_str().into()).collect();
    if !words.is_empty() {
        let field = if line.on("command") { "command" } else { "args" };
        container.set(field, Value::Seq(words));
    }
    let env = line.all("env").iter().filter_map(|e| e.split_once('='));
    let env: Vec<Value> = env
        .map(|(k, v)| object(&[("name", k.into()), ("value", v.into())]))
        .collect();
    if !env.is_empty() {
        container.set("env", Value::Seq(env));
    }
    if let Some(port) = line.int("port") {
        container.set("ports", Value::Seq(vec![object(&[("containerPort", port.into())])]));
    }
    container.set("resources", object(&[]));
    let labels = match line.text("labels") {
        None => vec![("run".to_owned(), name.as_str().into())],
        Some(text) => pairs(text)?,
    };
    let meta = object(&[
        ("creationTimestamp", Value::Null),
        ("labels", Value::Map(labels)),
        ("name", name.as_str().into()),
    ]);
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
    finish(&line, What::Object(pod))
}

fn pairs(text: &str) -> Result<Vec<(String, Value)>, Usage> {
    text.split(',')
        .map(|pair| match pair.split_once('=') {
            Some((k, v)) => Ok((k.to_owned(), v.into())),
            None => Err(error(format!("unexpected label spec: {pair}"))),
        })
        .collect()
}

/// Reads the words after `expose`.
pub(super) fn expose(words: &[String]) -> Result<Make, Usage> {
    let line = read("expose", words, &EXPOSE)?;
    let (targets, _) = super::parse::targets(&line.args)?;
    let [target] = targets.as_slice() else {
        return Err(error("resource(s) were provided, but no name was specified"));
    };
    let Some(name) = &target.name else {
        return Err(error("resource(s) were provided, but no name was specified"));
    };
    if !matches!(target.kind.kind, "Pod" | "Service") {
        return Err(not_modelled(&format!("expose {}", target.kind.singular)));
    }
    let mut port = object(&[("protocol", line.text("protocol").unwrap_or("TCP").into())]);
    if let Some(number) = line.int("port") {
        port.set("port", number.into());
    }
    if let Some(target) = line.text("target-port") {
        let number = target.parse::<i64>();
        port.set("targetPort", number.map_or_else(|_| target.into(), Value::Int));
    }
    let mut spec = object(&[("ports", Value::Seq(vec![port]))]);
    for (flag, field) in [("type", "type"), ("cluster-ip", "clusterIP")] {
        if let Some(text) = line.text(flag) {
            spec.set(field, text.into());
        }
    }
    if let Some(text) = line.text("selector") {
        spec.set("selector", Value::Map(pairs(text)?));
    }
    let service = object(&[
        ("apiVersion", "v1".into()),
        ("kind", "Service".into()),
        (
            "metadata",
            object(&[("name", line.text("name").unwrap_or(name).into())]),
        ),
        ("spec", spec),
    ]);
    finish(&line, What::Expose(target.kind, name.clone(), service))
}

/// Reads the words after `create` when they name a type.
pub(super) fn create(words: &[String]) -> Result<Make, Usage> {
    let line = read("create", words, &CREATE)?;
    let args: Vec<&str> = line.args.iter().map(String::as_str).collect();
    let split = |flag: &str| -> Vec<(String, String)> {
        let all = line.all(flag).iter();
        all.map(|text| match text.split_once('=') {
            Some((key, value)) => (key.to_owned(), value.to_owned()),
            None => (text.rsplit('/').next().unwrap_or(text).to_owned(), text.clone()),
        })
        .collect()
    };
    let what = match args.as_slice() {
        ["namespace" | "ns", name] => What::Object(object(&[
            ("apiVersion", "v1".into()),
            ("kind", "Namespace".into()),
            ("metadata", object(&[("name", (*name).into())])),
        ])),
        ["configmap" | "cm", name] => What::Data(
            "ConfigMap",
            (*name).to_owned(),
            split("from-literal"),
            split("from-file"),
        ),
        ["secret", "generic", name] => {
            What::Data("Secret", (*name).to_owned(), split("from-literal"), split("from-file"))
        }
        [
            "service" | "svc",
            kind @ ("clusterip" | "nodeport" | "loadbalancer"),
            name,
        ] => What::Object(service(&line, kind, name)?),
        ["namespace" | "ns" | "configmap" | "cm"]
        | ["secret", "generic"]
        | ["service" | "svc", "clusterip" | "nodeport" | "loadbalancer"] => {
            return Err(error("exactly one NAME is required, got 0"));
        }
        [what, ..] => return Err(not_modelled(&format!("create {what}"))),
        [] => return Err(error("must specify one of -f and -k")),
    };
    finish(&line, what)
}

/// The Service of `create service`: its ports are named by their numbers, and it takes Pods labelled with its name.
fn service(line: &Line, kind: &str, name: &str) -> Result<Value, Usage> {
    let headless = line.text("clusterip") == Some("None");
    if line.all("tcp").is_empty() && !headless {
        return Err(error("at least one tcp port specifier must be provided"));
    }
    let mut ports = Vec::new();
    for text in line.all("tcp") {
        let (port, target) = text.split_once(':').unwrap_or((text, text));
        let invalid = || error(format!("invalid port format: {text}"));
        let port: i64 = port.parse().map_err(|_| invalid())?;
        ports.push(object(&[
            ("name", text.replace(':', "-").as_str().into()),
            ("port", port.into()),
            ("protocol", "TCP".into()),
            ("targetPort", target.parse().map_or_else(|_| target.into(), Value::Int)),
        ]));
    }
    let by_name = object(&[("app", name.into())]);
    let kind = match kind {
        "nodeport" => "NodePort",
        "loadbalancer" => "LoadBalancer",
        _ => "ClusterIP",
    };
    let mut spec = object(&[
        ("ports", Value::Seq(ports)),
        ("selector", by_name.clone()),
        ("type", kind.into()),
    ]);
    if let Some(address) = line.text("clusterip") {
        spec.set("clusterIP", address.into());
    }
    Ok(object(&[
        ("apiVersion", "v1".into()),
        ("kind", "Service".into()),
        ("metadata", object(&[("labels", by_name), ("name", name.into())])),
        ("spec", spec),
    ]))
}

/// Makes it.
pub(super) fn carry_out(make: &Make, files: &Files, server: &mut dyn Server, out: &mut Printed) {
    let (value, verb) = match &make.what {
        What::Object(value) => (Ok(value.clone()), "created"),
        What::Data(kind, name, literals, from) => (data(kind, name, literals, from, files), "created"),
        What::Expose(kind, name, service) => (exposed(make, kind, name, service, server), "exposed"),
    };
    let value = match value {
        Ok(value) => value,
        Err(refusal) => return out.fail(&refusal.text(None)),
    };
    let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    if make.dry != super::apply::Dry::Client {
        let mut sent = value.clone();
        if let Value::Map(members) = &mut sent {
            members.retain(|(k, _)| k != "status");
        }
        let text = serde_json::Value::from(&sent).to_string();
        let mode = if make.dry == super::apply::Dry::No {
            ApplyMode::Create
        } else {
            ApplyMode::CheckCreate
        };
        for result in server.apply(&text, &make.namespace, mode) {
            if let Err(refusal) = result {
                return out.fail(&refusal.text(None));
            }
        }
    }
    let name = value
        .at(&["metadata", "name"])
        .and_then(Value::as_str)
        .unwrap_or_default();
    let full = format!(
        "{}/{name}",
        kinds::of(&kind).map_or(kind.to_ascii_lowercase(), |k| k.qualified())
    );
    match make.output {
        Output::Verb => out.say(&format!("{full} {verb}{}", make.dry.suffix())),
        Output::Name => out.say(&full),
        Output::Yaml => out.print(&write::yaml(&value)),
        Output::Json => out.print(&write::json(&value)),
    }
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
        let text = files.text(path).map_err(Refusal::Local)?;
        texts.push((key.clone(), text.to_owned()));
    }
    texts.extend(literals.iter().cloned());
    let texts = texts.into_iter().map(|(key, text)| {
        let text = match kind {
            "Secret" => base64::engine::general_purpose::STANDARD.encode(text),
            _ => text,
        };
        (key, text.into())
    });
    Ok(object(&[
        ("apiVersion", "v1".into()),
        ("data", Value::Map(texts.collect())),
        ("kind", kind.into()),
        (
            "metadata",
            object(&[("creationTimestamp", Value::Null), ("name", name.into())]),
        ),
    ]))
}

/// The Service, with selector and ports of what it exposes where the line says none.
fn exposed(
    make: &Make,
    kind: &'static kinds::Kind,
    name: &str,
    service: &Value,
    server: &dyn Server,
) -> Result<Value, Refusal> {
    let found = server.object(kind.kind, &make.namespace, name);
    let found = found.ok_or_else(|| Refusal::not_found(&kind.resource(), name))?;
    let shown = found.shown(server.calendar());
    let mut service = service.clone();
    if service.at(&["spec", "selector"]).is_none() {
        let path: &[&str] = if kind.kind == "Pod" {
            &["metadata", "labels"]
        } else {
            &["spec", "selector"]
        };
        let Some(selector) = shown.at(path) else {
            return Err(Refusal::Local(format!(
                "couldn't retrieve selectors via --selector flag or introspection: the {} has no labels and cannot be \
                 exposed",
                kind.singular
            )));
        };
        service.entry("spec").set("selector", selector.clone());
    }
    if service.at(&["spec", "ports", "0", "port"]).is_none() {
        let containers = shown.at(&["spec", "containers"]).map(Value::items).unwrap_or_default();
        let ports = containers
            .iter()
            .flat_map(|c| c.get("ports").map(Value::items).unwrap_or_default());
        let ports: Vec<Value> = ports
            .filter_map(|p| p.get("containerPort"))
            .map(|p| object(&[("port", p.clone()), ("protocol", "TCP".into())]))
            .collect();
        if ports.is_empty() {
            return Err(Refusal::Local(
                "couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples"
                    .to_owned(),
            ));
        }
        service.entry("spec").set("ports", Value::Seq(ports));
    }
    Ok(service)
}
