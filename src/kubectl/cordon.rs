//! `kubectl cordon` and `kubectl uncordon`.

use super::command::Usage;
use super::edit::{Change, Done, Edit};
use super::flags::{Flag, Takes, long, short};
use super::parse::{read, usage_error};
use crate::manifest::Value;

const FLAGS: [Flag; 2] = [
    short("selector", 'l', Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
];

/// Whether Pods may be scheduled to a node.
#[derive(Clone, Debug)]
pub(super) struct Cordon {
    on: bool,
}

/// Reads the words after the verb.
pub(super) fn parse(verb: &str, words: &[String]) -> Result<Edit, Usage> {
    let line = read(verb, words, &FLAGS)?;
    if line.args.is_empty() && !line.has("selector") {
        return Err(usage_error(verb, &format!("USAGE: {verb} NODE [flags]")));
    }
    let mut args = vec!["node".to_owned()];
    args.extend(
        line.args
            .iter()
            .map(|a| a.strip_prefix("node/").unwrap_or(a).to_owned()),
    );
    let cordon = Cordon { on: verb == "cordon" };
    Edit::of(&line, &args, Change::Cordon(cordon))
}

impl Cordon {
    /// Changes the copy of a node.
    pub(super) fn put(&self, new: &mut Value) -> Done {
        let spec = new.entry("spec");
        if self.on {
            spec.set("unschedulable", Value::Bool(true));
            return Done::or("cordoned", "already cordoned");
        }
        if let Value::Map(members) = spec {
            members.retain(|(k, _)| k != "unschedulable");
        }
        Done::or("uncordoned", "already uncordoned")
    }
}
