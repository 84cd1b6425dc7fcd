//! `kubectl debug POD`: adds an ephemeral container.
//!
//! Left out: copies of Pods (`--copy-to`), Pods on nodes, profiles other than the first, attaching.

use super::command::{Target, Usage};
use super::flags::{Flag, Takes, long, short};
use super::kinds;
use super::parse::{error, namespace, not_supported, read, usage_error};
use super::run::Printed;
use super::server::{Refusal, Server, UpdateOptions};
use crate::manifest::Value;

const FLAGS: [Flag; 14] = [
    long("image", Takes::Text),
    short("container", 'c', Takes::Text),
    long("target", Takes::Text),
    long("image-pull-policy", Takes::Text),
    long("env", Takes::Text),
    short("stdin", 'i', Takes::Bool),
    short("tty", 't', Takes::Bool),
    long("attach", Takes::Bool),
    short("quiet", 'q', Takes::Bool),
    long("profile", Takes::Text),
    long("copy-to", Takes::Text),
    long("share-processes", Takes::Bool),
    long("replace", Takes::Bool),
    long("arguments-only", Takes::Bool),
];

/// `kubectl debug`.
#[derive(Clone, Debug)]
pub struct Debug {
    target: Target,
    namespace: String,
    container: Option<String>,
    image: String,
    pull_policy: Option<String>,
    of: Option<String>,
    env: Vec<(String, String)>,
    stdin: bool,
    tty: bool,
    attach: bool,
    quiet: bool,
    /// Whether a profile was named.
    profile: bool,
    command: Vec<String>,
    args_only: bool,
}

/// Reads the words after `debug`.
pub(super) fn parse(words: &[String]) -> Result<Debug, Usage> {
    let line = read("debug", words, &FLAGS)?;
    let before = line.dash.unwrap_or(line.args.len());
    let names = line.args.get(..before).unwrap_or_default();
    let Some(word) = names.first() else {
        return Err(error("NAME is required for debug"));
    };
    let (kind, name) = word.split_once('/').unwrap_or(("pod", word));
    if matches!(kind, "node" | "nodes" | "no") {
        return Err(not_supported("debug node/…"));
    }
    if line.has("copy-to") {
        return Err(not_supported("debug --copy-to"));
    }
    let Some(kind) = kinds::find(kind) else {
        return Err(error(format!("the server doesn't have a resource type \"{kind}\"")));
    };
    if kind.kind != "Pod" {
        let version = match kind.group {
            "" => kind.version.to_owned(),
            group => format!("{group}/{}", kind.version),
        };
        return Err(error(format!(
            "\"{version}, Kind={}\" not supported by debug",
            kind.kind
        )));
    }
    let Some(image) = line.text("image").filter(|i| !i.is_empty()) else {
        return Err(usage_error(
            "debug",
            "you must specify --image when not using --copy-to",
        ));
    };
    let env = line.all("env").iter().filter_map(|e| e.split_once('='));
    Ok(Debug {
        target: Target {
            kind,
            name: Some(name.to_owned()),
        },
        namespace: namespace(&line),
        container: line.text("container").filter(|c| !c.is_empty()).map(str::to_owned),
        image: image.to_owned(),
        pull_policy: line.text("image-pull-policy").map(str::to_owned),
        of: line.text("target").filter(|t| !t.is_empty()).map(str::to_owned),
        env: env.map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        stdin: line.on("stdin"),
        tty: line.on("tty"),
        attach: line.on("attach") || (line.on("stdin") && !line.has("attach")),
        quiet: line.on("quiet"),
        profile: line.has("profile"),
        command: line.args.iter().skip(before).cloned().collect(),
        args_only: line.on("arguments-only"),
    })
}

/// Adds the container.
pub(super) fn run(debug: &Debug, server: &mut dyn Server, out: &mut Printed) {
    if let Err(refusal) = add(debug, server, out) {
        out.fail(&refusal.text(None));
    }
}

fn add(debug: &Debug, server: &mut dyn Server, out: &mut Printed) -> Result<(), Refusal> {
    let pod = super::pods::one(&debug.target, &debug.namespace, server)?;
    let name = &pod.metadata.name;
    let object = server.object("Pod", &debug.namespace, name);
    let object = object.ok_or_else(|| Refusal::not_found("pods", name))?;
    let mut shown = object.shown(server.calendar());
    if !debug.profile {
        out.warn(
            "--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify \
             a profile, for example \"--profile=general\".",
        );
    }
    if let Some(of) = debug.of.as_ref().filter(|_| !debug.quiet) {
        out.warn(&format!(
            "Targeting container \"{of}\". If you don't see processes from this container it may be because the \
             container runtime doesn't support this feature."
        ));
    }
    let container = debug.container.clone().unwrap_or_else(|| {
        let taken = pod.spec.ephemeral_containers.len();
        let name = format!("debugger-{}", suffix(name, taken));
        if !debug.quiet {
            out.warn(&format!("Defaulting debug container name to {name}."));
        }
        name
    });
    let mut new = Value::Map(Vec::new());
    new.set("name", container.as_str().into());
    new.set("image", debug.image.as_str().into());
    if let Some(policy) = &debug.pull_policy {
        new.set("imagePullPolicy", policy.as_str().into());
    }
    let words: Vec<Value> = debug.command.iter().map(|w| w.as_str().into()).collect();
    if !words.is_empty() {
        let field = if debug.args_only { "args" } else { "command" };
        new.set(field, Value::Seq(words));
    }
    let env = debug.env.iter().map(|(key, value)| {
        let pairs = [("name", key), ("value", value)];
        Value::Map(pairs.map(|(k, v)| (k.to_owned(), v.as_str().into())).to_vec())
    });
    if !debug.env.is_empty() {
        new.set("env", Value::Seq(env.collect()));
    }
    for (field, on) in [("stdin", debug.stdin), ("tty", debug.tty)] {
        if on {
            new.set(field, true.into());
        }
    }
    if let Some(of) = &debug.of {
        new.set("targetContainerName", of.as_str().into());
    }
    let spec = shown.entry("spec");
    let mut all = spec
        .get("ephemeralContainers")
        .map(|c| c.items().to_vec())
        .unwrap_or_default();
    all.push(new);
    spec.set("ephemeralContainers", Value::Seq(all));
    server.update("Pod", &shown, UpdateOptions::of("ephemeralcontainers"))?;
    if debug.attach {
        out.warn("podscope: attaching is not supported; the container runs on its own");
    }
    Ok(())
}

/// Five characters that depend on the Pod and on how many came before.
fn suffix(pod: &str, taken: usize) -> String {
    crate::apiserver::name_suffix(
        taken as u64,
        pod.bytes().fold(7, |n, b| n * 31 % 1_000_003 + u64::from(b)),
    )
}
