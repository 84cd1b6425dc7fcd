//! `kubectl set`: one field of Pods or of the templates of workloads.

mod env;
mod image;
mod resources;

use super::command::Usage;
use super::edit::{Change, Done, Edit, nothing_named};
use super::flags::{Flag, Line, Takes, long, short};
use super::kinds::Kind;
use super::parse::{error, not_supported, read};
use super::run::Printed;
use super::server::{Refusal, Server};
use super::workload::{entry, pod_spec_path};
use crate::manifest::Value;

const FLAGS: [Flag; 18] = [
    short("selector", 'l', Takes::Text),
    long("all", Takes::Bool),
    short("filename", 'f', Takes::Text),
    short("output", 'o', Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
    long("local", Takes::Bool),
    long("record", Takes::Bool),
    long("field-manager", Takes::Text),
    short("containers", 'c', Takes::Text),
    long("limits", Takes::Text),
    long("requests", Takes::Text),
    short("env", 'e', Takes::Text),
    long("from", Takes::Text),
    long("prefix", Takes::Text),
    long("keys", Takes::Text),
    long("list", Takes::Bool),
    long("overwrite", Takes::Bool),
    long("resolve", Takes::Bool),
];

/// What is set.
#[derive(Clone, Debug)]
pub(super) enum Setting {
    Image(Vec<(String, String)>),
    Env(env::Env),
    Resources(resources::Resources),
    Account(String),
    /// `set selector` of a Service.
    Selector(Vec<(String, String)>),
}

/// Reads the words after the verb.
pub(super) fn parse(words: &[String]) -> Result<Edit, Usage> {
    let line = read("set", words, &FLAGS)?;
    let Some((what, args)) = line.args.split_first() else {
        return Err(not_supported("set"));
    };
    if line.on("local") {
        return Err(not_supported("set --local"));
    }
    let (setting, names) = match what.as_str() {
        "image" => image::parse(args)?,
        "env" => env::parse(&line, args)?,
        "resources" => resources::parse(&line, args)?,
        "serviceaccount" | "sa" => {
            let Some((account, names)) = args.split_last() else {
                return Err(error("serviceaccount is required"));
            };
            (Setting::Account(account.clone()), names.to_vec())
        }
        "selector" => selector(args)?,
        other => return Err(not_supported(&format!("set {other}"))),
    };
    if names.is_empty() && !line.has("filename") {
        return Err(if what == "image" && args.is_empty() {
            error(super::selection::NOTHING_GIVEN)
        } else {
            nothing_named()
        });
    }
    finish(&line, &names, setting)
}

fn finish(line: &Line, names: &[String], setting: Setting) -> Result<Edit, Usage> {
    Edit::of(line, names, Change::Set(setting))
}

fn selector(args: &[String]) -> Result<(Setting, Vec<String>), Usage> {
    let Some((text, names)) = args.split_last() else {
        return Err(error(
            "one or more resources must be specified as <resource> <name> or <resource>/<name>",
        ));
    };
    let pairs: Option<Vec<_>> = text.split(',').map(|pair| pair.split_once('=')).collect();
    let pairs = pairs.ok_or_else(|| error(format!("unable to parse requirement: {text}")))?;
    let owned = pairs.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
    Ok((Setting::Selector(owned.collect()), names.to_vec()))
}

impl Setting {
    /// Changes the copy of an object.
    pub(super) fn put(
        &self,
        kind: &Kind,
        new: &mut Value,
        server: &dyn Server,
        out: &mut Printed,
    ) -> Result<Done, Refusal> {
        if let Setting::Selector(pairs) = self {
            let pairs = pairs.iter().map(|(k, v)| (k.clone(), v.as_str().into()));
            new.entry("spec").set("selector", Value::Map(pairs.collect()));
            return Ok(Done::or("selector updated", ""));
        }
        let name = new.at(&["metadata", "name"]).and_then(Value::as_str);
        let title = format!("{} {}", kind.kind, name.unwrap_or_default());
        let path = pod_spec_path(kind.kind);
        if new.at(path).is_none() {
            return Err(Refusal::Local(format!(
                "{}/{} the object is not a pod or does not have a pod template: *v1.{}",
                kind.plural,
                name.unwrap_or_default(),
                kind.kind
            )));
        }
        let spec = entry(new, path);
        match self {
            Setting::Image(images) => image::put(images, spec),
            Setting::Env(env) => env.put(&title, spec, server, out),
            Setting::Resources(resources) => resources.put(spec),
            Setting::Account(account) => {
                spec.set("serviceAccountName", account.as_str().into());
                spec.set("serviceAccount", account.as_str().into());
                Ok(Done::or("serviceaccount updated", ""))
            }
            Setting::Selector(_) => Ok(Done::always("")),
        }
    }
}

/// The containers of a spec that `-c` means, init containers last; `*` stands for any text.
fn containers<'s>(spec: &'s mut Value, pattern: &str) -> Vec<&'s mut Value> {
    let Value::Map(members) = spec else { return Vec::new() };
    let mut lists: Vec<(&str, &mut Vec<Value>)> = Vec::new();
    for (key, value) in members {
        if let Value::Seq(items) = value
            && matches!(key.as_str(), "containers" | "initContainers")
        {
            lists.push((key, items));
        }
    }
    crate::sort::sort_by_key(&mut lists, |(key, _)| *key);
    let all = lists.into_iter().flat_map(|(_, items)| items.iter_mut());
    all.filter(|c| {
        let name = c.get("name").and_then(Value::as_str).unwrap_or_default();
        fits(pattern, name)
    })
    .collect()
}

/// Whether a name fits a pattern in which `*` stands for any text.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name, fit) in [
            ("web", "web", true),
            ("web", "web2", false),
            ("*", "web", true),
            ("w*", "web", true),
            ("*b", "web", true),
            ("w*e*b", "web", true),
            ("w*x*b", "web", false),
            ("we*eb", "web", false),
            ("", "web", false),
        ] {
            assert_eq!(fits(pattern, name), fit, "{pattern} {name}");
        }
    }
}
