//! `kubectl wait`.

use super::command::{Scope, Target, Usage};
use super::flags::{Flag, Takes, long, short};
use super::jsonpath::{JsonPath, bare};
use super::kinds::Kind;
use super::parse::{error, read, scope, selector, targets, usage_error};
use super::run::Printed;
use super::selector::Selector;
use super::server::{Refusal, Server, Stored};
use crate::api::scenario::Span;
use crate::manifest::Value;
use crate::time::{Duration, Instant};

const FLAGS: [Flag; 8] = [
    long("for", Takes::Text),
    long("timeout", Takes::Span),
    short("selector", 'l', Takes::Text),
    long("all", Takes::Bool),
    short("all-namespaces", 'A', Takes::Bool),
    short("output", 'o', Takes::Text),
    long("field-selector", Takes::Text),
    short("filename", 'f', Takes::Text),
];

/// What is waited for.
#[derive(Clone, Debug)]
enum For {
    Delete,
    Create,
    /// Type and status of a condition.
    Condition(String, String),
    /// A path, and the value it is to have; any when missing.
    Path(JsonPath, Option<String>),
}

/// `kubectl wait`.
#[derive(Clone, Debug)]
pub struct Wait {
    targets: Vec<Target>,
    scope: Scope,
    selector: Option<Selector>,
    wanted: For,
    timeout: Duration,
}

/// An object that is waited for.
#[derive(Clone, Debug)]
pub(super) struct Awaited {
    kind: &'static Kind,
    namespace: String,
    name: String,
}

/// Reads the words after `wait`.
pub(super) fn parse(words: &[String]) -> Result<Wait, Usage> {
    let line = read("wait", words, &FLAGS)?;
    if line.has("filename") || line.has("field-selector") {
        return Err(super::parse::not_supported("wait -f and --field-selector"));
    }
    let wanted = wanted(line.text("for").unwrap_or_default())?;
    let (targets, _) = targets(&line.args)?;
    let selector = selector(&line)?;
    let named = targets.iter().all(|t| t.name.is_some());
    if targets.is_empty() || !(named || selector.is_some() || line.on("all")) {
        return Err(usage_error(
            "wait",
            "resource(s) were provided, but no name was specified",
        ));
    }
    let timeout = match line.text("timeout") {
        None => Duration::from_secs(30),
        // Without a unit it is seconds, and so is nothing at all: zero looks once.
        Some(text) => Span::parse(text).map_or(Duration::ZERO, |Span(d)| d),
    };
    let negative = timeout < Duration::ZERO;
    Ok(Wait {
        targets,
        scope: scope(&line),
        selector,
        wanted,
        timeout: if negative {
            Duration::from_secs(7 * 86_400)
        } else {
            timeout
        },
    })
}

fn wanted(text: &str) -> Result<For, Usage> {
    // Without the flag the client prints the empty list of all that were given.
    let shown = if text.is_empty() {
        "[]".to_owned()
    } else {
        format!("\"{text}\"")
    };
    let unknown = || error(format!("unrecognized condition: {shown}"));
    match text.split_once('=').unwrap_or((text, "")) {
        ("delete" | "Delete", "") => Ok(For::Delete),
        ("create" | "Create", "") => Ok(For::Create),
        ("condition", condition) if !condition.is_empty() => {
            let (kind, status) = condition.split_once('=').unwrap_or((condition, "true"));
            Ok(For::Condition(kind.to_owned(), status.to_owned()))
        }
        ("jsonpath", rest) if !rest.is_empty() => {
            let rest = rest.trim_matches('\'');
            let end = rest.rfind('}').map_or(rest.len(), |at| at + 1);
            let (path, value) = (rest.get(..end).unwrap_or(rest), rest.get(end..).unwrap_or_default());
            let value = value.strip_prefix('=').map(str::to_owned);
            let path = JsonPath::relaxed(path).map_err(error)?;
            Ok(For::Path(path, value))
        }
        _ => Err(unknown()),
    }
}

/// Finds what is to be waited for.
pub(super) fn start(wait: &Wait, server: &dyn Server, out: &mut Printed) -> Vec<Awaited> {
    let mut all = Vec::new();
    let mut failed = false;
    for Target { kind, name } in &wait.targets {
        let scope = if kind.namespaced { wait.scope.name() } else { None };
        let mut found: Vec<Stored> = server.objects(kind.kind, scope);
        crate::sort::sort_by(&mut found, |a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
        found.retain(|o| match name {
            Some(name) => *o.name == **name,
            None => wait.selector.as_ref().is_none_or(|s| s.matches(&o.labels)),
        });
        if let Some(name) = name.as_ref().filter(|_| found.is_empty()) {
            if matches!(wait.wanted, For::Create) {
                all.push(Awaited {
                    kind,
                    namespace: scope.unwrap_or_default().to_owned(),
                    name: name.clone(),
                });
            } else {
                out.fail(&Refusal::not_found(&kind.resource(), name).text(None));
                failed = true;
            }
        }
        all.extend(found.iter().map(|o| Awaited {
            kind,
            namespace: o.namespace.to_string(),
            name: o.name.to_string(),
        }));
    }
    if all.is_empty() && !failed {
        out.fail("error: no matching resources found");
    }
    all
}

/// Says of each what has come about, in order. Whether nothing is left, or the time is over.
pub(super) fn go_on(
    wait: &Wait,
    awaited: &mut Vec<Awaited>,
    since: Instant,
    server: &dyn Server,
    out: &mut Printed,
) -> bool {
    while let Some(first) = awaited.first() {
        if !met(&wait.wanted, first, server) {
            break;
        }
        out.say(&format!("{}/{} condition met", first.kind.qualified(), first.name));
        awaited.remove(0);
    }
    if awaited.is_empty() {
        return true;
    }
    if server.now() < since + wait.timeout {
        return false;
    }
    for left in awaited.drain(..) {
        if met(&wait.wanted, &left, server) {
            out.say(&format!("{}/{} condition met", left.kind.qualified(), left.name));
        } else {
            let name = format!("{}/{}", left.kind.plural, left.name);
            out.fail(&format!("error: timed out waiting for the condition on {name}"));
        }
    }
    true
}

/// When the time is over.
pub(super) fn ends(wait: &Wait, since: Instant) -> Instant {
    since + wait.timeout
}

/// The kind whose changes may bring it about.
pub(super) fn kind_of(awaited: &[Awaited]) -> &'static str {
    awaited.first().map_or("Pod", |a| a.kind.kind)
}

fn met(wanted: &For, of: &Awaited, server: &dyn Server) -> bool {
    let object = server.object(of.kind.kind, &of.namespace, &of.name);
    let (object, wanted) = match (object, wanted) {
        (None, For::Delete) | (Some(_), For::Create) => return true,
        (Some(object), wanted) => (object, wanted),
        (None, _) => return false,
    };
    let value = object.shown(server.calendar());
    match wanted {
        For::Delete | For::Create => false,
        For::Condition(kind, status) => {
            let conditions = value
                .at(&["status", "conditions"])
                .map(Value::items)
                .unwrap_or_default();
            let text = |c: &Value, key: &str| c.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let found = conditions.iter().find(|c| text(c, "type").eq_ignore_ascii_case(kind));
            found.is_some_and(|c| current(&value, c) && text(c, "status").eq_ignore_ascii_case(status))
        }
        For::Path(path, wanted) => {
            let found = path.find(&value);
            match (found.as_slice(), wanted) {
                ([one], Some(wanted)) => bare(one) == *wanted,
                (found, None) => !found.is_empty(),
                _ => false,
            }
        }
    }
}

/// Whether a condition was written for the newest spec: no generation that it, or else the status, has observed is older.
fn current(object: &Value, condition: &Value) -> bool {
    let int = |value: Option<&Value>| match value {
        Some(Value::Int(n)) => Some(*n),
        _ => None,
    };
    let observed =
        int(condition.get("observedGeneration")).or_else(|| int(object.at(&["status", "observedGeneration"])));
    let generation = int(object.at(&["metadata", "generation"]));
    observed
        .zip(generation)
        .is_none_or(|(observed, generation)| observed >= generation)
}
