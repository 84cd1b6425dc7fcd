//! `kubectl drain`: cordons a node and evicts the Pods on it, then waits until they are gone.
//!
//! Left out: `--pod-selector`, several nodes at once. What an eviction is, and who refuses it, is in `eviction.rs`.

use std::rc::Rc;

use super::command::Usage;
use super::eviction;
use super::flags::{Flag, Takes, long};
use super::parse::{read, usage_error};
use super::run::Printed;
use super::server::{DeleteOptions, Refusal, Server, Stored, UpdateOptions};
use crate::api::scenario::Span;
use crate::machine::Client;
use crate::manifest::Value;
use crate::time::{Duration, Instant};

const FLAGS: [Flag; 9] = [
    long("force", Takes::Bool),
    long("ignore-daemonsets", Takes::Bool),
    long("delete-emptydir-data", Takes::Bool),
    long("delete-local-data", Takes::Bool),
    long("grace-period", Takes::Int),
    long("timeout", Takes::Span),
    long("disable-eviction", Takes::Bool),
    long("dry-run", Takes::Optional("unchanged")),
    long("skip-wait-for-delete-timeout", Takes::Int),
];

/// `kubectl drain`.
#[derive(Clone, Debug)]
pub struct Drain {
    node: String,
    force: bool,
    local_data: bool,
    daemon_sets: bool,
    grace: Option<i64>,
    timeout: Option<Duration>,
    deletes: bool,
}

/// Reads the words after `drain`.
pub(super) fn parse(words: &[String]) -> Result<Drain, Usage> {
    let line = read("drain", words, &FLAGS)?;
    let [node] = line.args.as_slice() else {
        return Err(usage_error("drain", "USAGE: drain NODE [flags]"));
    };
    if line.has("dry-run") && line.text("dry-run") != Some("none") {
        return Err(super::parse::not_supported("drain --dry-run"));
    }
    let timeout = line.text("timeout").and_then(Span::parse).map(|Span(d)| d);
    Ok(Drain {
        node: node.strip_prefix("node/").unwrap_or(node).to_owned(),
        force: line.on("force"),
        local_data: line.on("delete-emptydir-data") || line.on("delete-local-data"),
        daemon_sets: line.on("ignore-daemonsets"),
        grace: line.int("grace-period").filter(|g| *g >= 0),
        timeout: timeout.filter(|t| *t > Duration::ZERO),
        deletes: line.on("disable-eviction"),
    })
}

/// A Pod that was told to go.
#[derive(Clone, Debug)]
pub(super) struct Leaving {
    /// When it is to be asked again.
    again: Option<Instant>,
    namespace: Rc<str>,
    name: Rc<str>,
    uid: Rc<str>,
}

/// Cordons and evicts. The Pods that are still to go come back; `None` when it has failed.
pub(super) fn start(drain: &Drain, server: &mut dyn Server, out: &mut Printed) -> Option<Vec<Leaving>> {
    let node = drain.node.as_str();
    let Some(object) = server.object("Node", "", node) else {
        out.fail(&Refusal::not_found("nodes", node).text(None));
        return None;
    };
    let mut shown = object.shown(server.calendar());
    if shown.at(&["spec", "unschedulable"]) == Some(&Value::Bool(true)) {
        out.say(&format!("node/{node} already cordoned"));
    } else {
        shown.entry("spec").set("unschedulable", true.into());
        match server.update("Node", &shown, UpdateOptions::default()) {
            Ok(_) => out.say(&format!("node/{node} cordoned")),
            Err(refusal) => {
                out.fail(&refusal.text(None));
                return None;
            }
        }
    }
    let mut pods: Vec<Stored> = server.objects("Pod", None);
    pods.retain(|o| o.pod.as_ref().is_some_and(|p| &*p.spec.node_name == node));
    crate::sort::sort_by(&mut pods, |a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    let chosen = choose(drain, pods, server.client(), out)?;
    let mut leaving = Vec::new();
    for pod in chosen {
        let again = match tell(drain, &pod, server, out) {
            Ok(again) => again,
            Err(refusal) => {
                out.fail(&refusal.text(None));
                continue;
            }
        };
        leaving.push(Leaving {
            again,
            namespace: pod.namespace,
            name: pod.name,
            uid: pod.uid,
        });
    }
    Some(leaving)
}

/// The Pods that go. Pods that nobody would make again, or whose data would be lost, go only when asked.
fn choose(drain: &Drain, pods: Vec<Stored>, client: Client, out: &mut Printed) -> Option<Vec<Stored>> {
    let (mut chosen, mut bare, mut local, mut daemons) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for object in pods {
        let Some(pod) = object.pod.clone() else { continue };
        let name = format!("{}/{}", object.namespace, object.name);
        let mirror = pod.metadata.annotations.contains_key("kubernetes.io/config.mirror");
        let owner = pod.metadata.owner_references.iter().find(|o| o.controller);
        let done = pod.status.phase.is_terminal();
        let has_data = pod.spec.volumes.iter().any(|v| v.empty_dir.is_some());
        if mirror {
            continue;
        }
        if owner.is_some_and(|o| o.kind == "DaemonSet") && !done {
            daemons.push(name);
            continue;
        }
        if has_data && !done && !drain.local_data {
            local.push(name.clone());
        }
        if owner.is_none() && !done {
            bare.push(name);
        }
        chosen.push(object);
    }
    let mut errors = Vec::new();
    let list = |names: &[String]| names.join(", ");
    if !daemons.is_empty() && !drain.daemon_sets {
        errors.push(format!(
            "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): {}",
            list(&daemons)
        ));
    }
    if !local.is_empty() {
        errors.push(format!(
            "cannot delete Pods with local storage (use --delete-emptydir-data to override): {}",
            list(&local)
        ));
    }
    if !bare.is_empty() && !drain.force {
        // Releases before 1.33 say the first words twice.
        let twice = if client.is_new() { "" } else { "cannot delete " };
        errors.push(format!(
            "cannot delete {twice}Pods that declare no controller (use --force to override): {}",
            list(&bare)
        ));
    }
    if errors.is_empty() {
        let mut warnings = Vec::new();
        if !daemons.is_empty() {
            warnings.push(format!("ignoring DaemonSet-managed Pods: {}", list(&daemons)));
        }
        if !bare.is_empty() {
            warnings.push(format!("deleting Pods that declare no controller: {}", list(&bare)));
        }
        if !warnings.is_empty() {
            out.warn(&format!("Warning: {}", warnings.join("; ")));
        }
        return Some(chosen);
    }
    let text = match errors.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    fail(&drain.node, &text, out);
    None
}

fn fail(node: &str, text: &str, out: &mut Printed) {
    out.fail(&format!(
        "error: unable to drain node \"{node}\" due to error: {text}, continuing command..."
    ));
    out.warn(&format!("There are pending nodes to be drained:\n {node}\n{text}"));
}

/// A budget that refuses is asked again after this long.
const AGAIN: Duration = Duration::from_secs(5);

/// Tells a Pod to go. When it is to be asked again, if a budget refuses.
fn tell(drain: &Drain, pod: &Stored, server: &mut dyn Server, out: &mut Printed) -> Result<Option<Instant>, Refusal> {
    let (namespace, name) = (&pod.namespace, &pod.name);
    if drain.deletes {
        out.say(&format!("deleting pod {namespace}/{name}"));
        return server
            .delete("Pod", namespace, name, DeleteOptions::with_grace(drain.grace))
            .map(|_| None);
    }
    out.say(&format!("evicting pod {namespace}/{name}"));
    if let Some(why) = eviction::refusal(pod, server) {
        out.warn(&format!(
            "error when evicting pods/\"{name}\" -n \"{namespace}\" (will retry after 5s): {why}"
        ));
        return Ok(Some(server.now() + AGAIN));
    }
    eviction::evict(pod, drain.grace, server).map(|()| None)
}

/// Says who is gone. Whether nobody is left, or the time is over.
pub(super) fn go_on(
    drain: &Drain,
    leaving: &mut Vec<Leaving>,
    since: Instant,
    server: &mut dyn Server,
    out: &mut Printed,
) -> bool {
    let now = server.now();
    for one in leaving.iter_mut().filter(|one| one.again.is_some_and(|at| at <= now)) {
        let pod = server
            .object("Pod", &one.namespace, &one.name)
            .filter(|pod| pod.uid == one.uid);
        one.again = None;
        match pod.map(|pod| tell(drain, &pod, server, out)) {
            Some(Ok(again)) => one.again = again,
            Some(Err(refusal)) => out.fail(&refusal.text(None)),
            None => {}
        }
    }
    leaving.retain(|pod| {
        let there = server.exists("Pod", &pod.namespace, &pod.name, &pod.uid);
        if !there {
            let how = if drain.deletes { "deleted" } else { "evicted" };
            out.say(&format!("pod/{} {how}", pod.name));
        }
        there
    });
    let node = &drain.node;
    if leaving.is_empty() {
        if out.code == 0 {
            out.say(&format!("node/{node} drained"));
        }
        return true;
    }
    let Some(timeout) = drain.timeout.filter(|t| server.now() >= since + *t) else {
        return false;
    };
    let errors: Vec<String> = leaving
        .iter()
        .map(|pod| {
            format!(
                "error when waiting for pod \"{}\" in namespace \"{}\" to terminate: global timeout reached: {}",
                pod.name,
                pod.namespace,
                go_duration(timeout)
            )
        })
        .collect();
    let text = match errors.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    out.warn(&format!(
        "There are pending pods in node \"{node}\" when an error occurred: {text}"
    ));
    for pod in leaving.iter() {
        out.say(&format!("pod/{}", pod.name));
    }
    fail(node, &text, out);
    true
}

/// When somebody is to be asked again, or the time is over.
pub(super) fn ends(drain: &Drain, leaving: &[Leaving], since: Instant) -> Option<Instant> {
    let again = leaving.iter().filter_map(|one| one.again).min();
    [again, drain.timeout.map(|t| since + t)].into_iter().flatten().min()
}

/// `1m30s`, as Go prints whole seconds.
fn go_duration(d: Duration) -> String {
    let s = d.secs();
    match (s / 3600, s / 60 % 60, s % 60) {
        (0, 0, s) => format!("{s}s"),
        (0, m, s) => format!("{m}m{s}s"),
        (h, m, s) => format!("{h}h{m}m{s}s"),
    }
}
