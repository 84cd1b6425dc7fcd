//! `kubectl create TYPE`.

pub(super) mod cron_job;
pub(super) mod deployment;
pub(super) mod job;
mod service;

use super::command::Usage;
use super::flags::{Flag, Line, Takes, long, short};
use super::make::{Make, What, object};
use super::parse::{error, not_supported, read, usage_error};

const FLAGS: [Flag; 17] = [
    long("from-literal", Takes::Text),
    long("from-file", Takes::Text),
    long("type", Takes::Text),
    long("tcp", Takes::Text),
    long("clusterip", Takes::Text),
    long("image", Takes::Text),
    short("replicas", 'r', Takes::Int),
    long("port", Takes::Int),
    long("schedule", Takes::Text),
    long("restart", Takes::Text),
    long("from", Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
    short("output", 'o', Takes::Text),
    long("save-config", Takes::Bool),
    long("validate", Takes::Optional("strict")),
    long("field-manager", Takes::Text),
    long("edit", Takes::Bool),
];

/// What is not made by words yet, of what kubectl knows.
const NOT_SUPPORTED: [&str; 13] = [
    "clusterrole",
    "clusterrolebinding",
    "ingress",
    "ing",
    "poddisruptionbudget",
    "pdb",
    "priorityclass",
    "pc",
    "quota",
    "role",
    "rolebinding",
    "serviceaccount",
    "token",
];

/// Reads the words after `create` when they name a type.
pub(super) fn parse(words: &[String]) -> Result<Make, Usage> {
    if let Some(what) = words.iter().find(|w| NOT_SUPPORTED.contains(&w.as_str())) {
        return Err(not_supported(&format!("create {what}")));
    }
    let line = read("create", words, &FLAGS)?;
    let Some((what, args)) = line.args.split_first() else {
        return Err(error("must specify one of -f and -k"));
    };
    match what.as_str() {
        "deployment" | "deploy" | "dep" => deployment::parse(&line, args),
        "job" => job::parse(&line, args),
        "cronjob" | "cj" => cron_job::parse(&line, args),
        "service" | "svc" => service::parse(&line, args),
        "namespace" | "ns" => {
            let namespace = object(&[
                ("apiVersion", "v1".into()),
                ("kind", "Namespace".into()),
                ("metadata", object(&[("name", one_name(args)?.into())])),
                ("spec", object(&[])),
                ("status", object(&[])),
            ]);
            Make::of(&line, What::Object(namespace), None)
        }
        "configmap" | "cm" => data(&line, "ConfigMap", args, "failed to create configmap"),
        "secret" => match args.split_first() {
            Some((kind, args)) if kind == "generic" => data(&line, "Secret", args, "failed to create secret"),
            _ => Err(not_supported(&format!("create {}", line.args.join(" ")))),
        },
        "sa" => Err(not_supported("create sa")),
        _ => Err(usage_error(
            "create",
            &format!("Unexpected args: [{}]", line.args.join(" ")),
        )),
    }
}

fn data(line: &Line, kind: &'static str, args: &[String], failed: &'static str) -> Result<Make, Usage> {
    let split = |flag: &str| -> Vec<(String, String)> {
        let all = line.all(flag).iter();
        all.map(|text| match text.split_once('=') {
            Some((key, value)) => (key.to_owned(), value.to_owned()),
            None => (text.rsplit('/').next().unwrap_or(text).to_owned(), text.clone()),
        })
        .collect()
    };
    let name = one_name(args)?.to_owned();
    let what = What::Data(kind, name, split("from-literal"), split("from-file"));
    Make::of(line, what, Some(failed))
}

/// The only argument.
fn one_name(args: &[String]) -> Result<&str, Usage> {
    match args {
        [name] => Ok(name),
        _ => Err(error(format!("exactly one NAME is required, got {}", args.len()))),
    }
}

/// The name, and the command behind it.
fn name_and_command(args: &[String]) -> Result<(&String, &[String]), Usage> {
    args.split_first()
        .ok_or_else(|| error("exactly one NAME is required, got 0"))
}

/// Flags without which a type cannot be made.
fn required(line: &Line, flags: &[&str]) -> Result<(), Usage> {
    let missing: Vec<String> = flags
        .iter()
        .filter(|flag| !line.has(flag))
        .map(|flag| format!("\"{flag}\""))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(error(format!("required flag(s) {} not set", missing.join(", "))))
}
