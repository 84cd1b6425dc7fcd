//! `kubectl events`: Events in the order of time, with how often they were seen.

use super::command::{Scope, Usage};
use super::describe::seen;
use super::flags::{Flag, Takes, long, short};
use super::kinds;
use super::parse::{error, not_supported, read, scope};
use super::run::Printed;
use super::server::Server;
use super::table::Table;

const FLAGS: [Flag; 7] = [
    long("for", Takes::Text),
    long("types", Takes::Text),
    short("all-namespaces", 'A', Takes::Bool),
    short("watch", 'w', Takes::Bool),
    long("no-headers", Takes::Bool),
    short("output", 'o', Takes::Text),
    long("chunk-size", Takes::Int),
];

/// `kubectl events`.
#[derive(Clone, Debug)]
pub struct Events {
    scope: Scope,
    /// Kind and name.
    of: Option<(String, String)>,
    types: Vec<String>,
    no_headers: bool,
}

/// Reads the words after `events`.
pub(super) fn parse(words: &[String]) -> Result<Events, Usage> {
    let line = read("events", words, &FLAGS)?;
    for flag in ["watch", "output"] {
        if line.has(flag) {
            return Err(not_supported(&format!("events --{flag}")));
        }
    }
    let of = match line.text("for") {
        None => None,
        Some(text) => {
            let parts = text.split_once('/').filter(|(k, n)| !k.is_empty() && !n.is_empty());
            let (kind, name) = parts.ok_or_else(|| error("--for must be in resource/name form (e.g. pod/web)"))?;
            let kind = kinds::find(kind)
                .ok_or_else(|| error(format!("the server doesn't have a resource type \"{kind}\"")))?;
            Some((kind.kind.to_owned(), name.to_owned()))
        }
    };
    let types: Vec<String> = line
        .all("types")
        .iter()
        .flat_map(|t| t.split(','))
        .map(str::to_owned)
        .collect();
    if let Some(wrong) = types
        .iter()
        .find(|t| !matches!(t.to_ascii_lowercase().as_str(), "normal" | "warning"))
    {
        return Err(error(format!("valid --types are Normal or Warning: {wrong}")));
    }
    Ok(Events {
        scope: scope(&line),
        of,
        types,
        no_headers: line.on("no-headers"),
    })
}

/// Prints them, the one seen longest ago first.
pub(super) fn run(events: &Events, server: &dyn Server, out: &mut Printed) {
    let mut all = server.events(events.scope.name());
    all.retain(|e| {
        let kind = if e.warning { "warning" } else { "normal" };
        let of = events.of.as_ref();
        of.is_none_or(|(kind, name)| *e.object_kind == **kind && *e.object_name == **name)
            && (events.types.is_empty() || events.types.iter().any(|t| t.eq_ignore_ascii_case(kind)))
    });
    crate::sort::sort_by(&mut all, |a, b| {
        (a.last.or(a.first), &a.name).cmp(&(b.last.or(b.first), &b.name))
    });
    if all.is_empty() {
        match &events.scope {
            Scope::All => out.warn("No events found."),
            Scope::Namespace(name) => out.warn(&format!("No events found in {name} namespace.")),
        }
        return;
    }
    let everywhere = events.scope == Scope::All;
    let mut rows = Vec::new();
    let mut row = |namespace: &str, cells: [&str; 5]| {
        let head = everywhere.then(|| namespace.to_owned());
        rows.push(head.into_iter().chain(cells.map(str::to_owned)).collect::<Vec<_>>());
    };
    if !events.no_headers {
        row("NAMESPACE", ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]);
    }
    for e in &all {
        let object = format!("{}/{}", e.object_kind, e.object_name);
        let kind = if e.warning { "Warning" } else { "Normal" };
        let age = seen(e, server.now(), server.calendar());
        row(&e.namespace, [&age, kind, &e.reason, &object, e.message.trim()]);
    }
    out.print(&Table::new().print(&rows));
}
