//! `kubectl taint`.

use super::command::Usage;
use super::edit::{Change, Done, Edit};
use super::flags::{Flag, Takes, long, short};
use super::parse::{error, read, usage_error};
use super::server::Refusal;
use crate::api::validation::{label_value, qualified_name};
use crate::manifest::Value;

const FLAGS: [Flag; 5] = [
    long("overwrite", Takes::Bool),
    short("selector", 'l', Takes::Text),
    long("all", Takes::Bool),
    short("output", 'o', Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
];

/// Taints to set and to take away.
#[derive(Clone, Debug)]
pub(super) struct Taints {
    /// Key, value, effect.
    set: Vec<(String, String, String)>,
    /// Key and effect; any effect when empty.
    remove: Vec<(String, String)>,
    overwrite: bool,
}

/// Reads the words after the verb.
pub(super) fn parse(words: &[String]) -> Result<Edit, Usage> {
    let line = read("taint", words, &FLAGS)?;
    let is_change = |arg: &String| arg.contains('=') || arg.contains(':') || (arg.ends_with('-') && arg.len() > 1);
    let first = line.args.iter().position(is_change).unwrap_or(line.args.len());
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    for arg in line.args.iter().skip(first) {
        let plain = arg.strip_suffix('-');
        let (pair, effect) = plain
            .unwrap_or(arg)
            .split_once(':')
            .unwrap_or((plain.unwrap_or(arg), ""));
        if !matches!(effect, "" | "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
            let text = format!("invalid taint effect: {effect}, unsupported taint effect");
            return Err(usage_error("taint", &text));
        }
        // Without an effect the whole word is the key, and a taint to set needs one.
        let (key, value) = match pair.split_once('=') {
            Some(parts) if !effect.is_empty() => parts,
            _ => (pair, ""),
        };
        let invalid = |why: &str| usage_error("taint", &format!("invalid taint spec: {}, {why}", plain.unwrap_or(arg)));
        let wrong = [qualified_name(key), label_value(value)].concat();
        if !wrong.is_empty() {
            return Err(invalid(&wrong.join("; ")));
        }
        if effect.is_empty() && plain.is_none() {
            return Err(usage_error("taint", &format!("invalid taint spec: {arg}")));
        }
        if plain.is_some() {
            remove.push((key.to_owned(), effect.to_owned()));
        } else {
            set.push((key.to_owned(), value.to_owned(), effect.to_owned()));
        }
    }
    let args = line.args.get(..first).unwrap_or_default();
    let Some(kind) = args.first() else {
        return Err(error("one or more resources must be specified as <resource> <name>"));
    };
    let word = kind.split('/').next().unwrap_or_default();
    if super::kinds::find(word).is_none_or(|kind| kind.kind != "Node") {
        return Err(error(format!(
            "invalid resource type {word}, only node types are supported"
        )));
    }
    if set.is_empty() && remove.is_empty() {
        return Err(error("at least one taint update is required"));
    }
    let taints = Taints {
        set,
        remove,
        overwrite: line.on("overwrite"),
    };
    Edit::of(&line, args, Change::Taints(taints))
}

impl Taints {
    /// Changes the copy of a node.
    pub(super) fn put(&self, new: &mut Value) -> Result<Done, Refusal> {
        let name = new.at(&["metadata", "name"]).and_then(Value::as_str);
        let name = name.unwrap_or_default().to_owned();
        let mut taints = new
            .at(&["spec", "taints"])
            .map(|t| t.items().to_vec())
            .unwrap_or_default();
        let is = |t: &Value, key: &str, text: &str| t.get(key).and_then(Value::as_str).unwrap_or_default() == text;
        for (key, effect) in &self.remove {
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
        let mut replaced = false;
        for (key, value, effect) in &self.set {
            let same = |t: &Value| is(t, "key", key) && is(t, "effect", effect);
            if taints.iter().any(same) {
                if !self.overwrite {
                    return Err(Refusal::Local(format!(
                        "node {name} already has {key} taint(s) with same effect(s) and --overwrite is false"
                    )));
                }
                replaced = true;
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
        Ok(match (self.set.is_empty(), self.remove.is_empty()) {
            (true, _) => Done::always("untainted"),
            (false, true) if !replaced && !self.overwrite => Done::always("tainted"),
            _ => Done::always("modified"),
        })
    }
}
