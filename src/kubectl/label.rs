//! `kubectl label` and `kubectl annotate`.

use super::command::Usage;
use super::edit::{Change, Done, Edit, nothing_named};
use super::flags::{Flag, Takes, long, short};
use super::parse::{error, read};
use super::run::Printed;
use super::server::Refusal;
use crate::manifest::Value;

const FLAGS: [Flag; 8] = [
    long("overwrite", Takes::Bool),
    short("selector", 'l', Takes::Text),
    long("all", Takes::Bool),
    short("filename", 'f', Takes::Text),
    short("output", 'o', Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
    long("list", Takes::Bool),
    long("field-manager", Takes::Text),
];

/// Labels or annotations to set and to take away.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    /// `labels` or `annotations`.
    field: &'static str,
    set: Vec<(String, String)>,
    remove: Vec<String>,
    overwrite: bool,
    list: bool,
}

/// Reads the words after the verb.
pub(super) fn parse(verb: &str, field: &'static str, words: &[String]) -> Result<Edit, Usage> {
    let line = read(verb, words, &FLAGS)?;
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    let is_change = |arg: &String| arg.contains('=') || (arg.ends_with('-') && arg.len() > 1);
    let first = line.args.iter().position(is_change).unwrap_or(line.args.len());
    for arg in line.args.iter().skip(first) {
        match (arg.split_once('='), arg.strip_suffix('-')) {
            (Some((key, value)), _) => set.push((key.to_owned(), value.to_owned())),
            (None, Some(key)) => remove.push(key.to_owned()),
            (None, None) => {
                return Err(error(format!(
                    "all resources must be specified before {verb} changes: {arg}"
                )));
            }
        }
    }
    let args = line.args.get(..first).unwrap_or_default();
    if args.is_empty() && !line.has("filename") {
        return Err(nothing_named());
    }
    if set.is_empty() && remove.is_empty() && !line.on("list") {
        let what = if field == "labels" { "label" } else { "annotation" };
        return Err(error(format!("at least one {what} update is required")));
    }
    let marks = Marks {
        field,
        set,
        remove,
        overwrite: line.on("overwrite"),
        list: line.on("list"),
    };
    Edit::of(&line, args, Change::Marks(marks))
}

impl Marks {
    /// Changes the copy of an object.
    pub(super) fn put(&self, new: &mut Value, out: &mut Printed) -> Result<Done, Refusal> {
        let old = new.at(&["metadata", self.field]).cloned().unwrap_or_default();
        let labels = self.field == "labels";
        if self.list {
            for (key, value) in old.members() {
                out.say(&format!("{key}={}", value.as_str().unwrap_or_default()));
            }
            return Ok(Done::always(""));
        }
        let mut marks = old.members().to_vec();
        let (mut added, mut removed) = (false, false);
        let mut taken = Vec::new();
        for (key, value) in &self.set {
            let known = old.get(key).and_then(Value::as_str);
            if known == Some(value) {
                continue;
            }
            if let Some(known) = known.filter(|_| !self.overwrite) {
                taken.push(format!("'{key}' already has a value ({known})"));
                continue;
            }
            added = true;
            marks.retain(|(k, _)| k != key);
            marks.push((key.clone(), value.as_str().into()));
        }
        if !taken.is_empty() {
            return Err(Refusal::Local(overwrites(labels, &taken)));
        }
        for key in &self.remove {
            if old.get(key).is_some() {
                removed = true;
            } else if labels {
                out.say(&format!("label \"{key}\" not found."));
            }
        }
        marks.retain(|(k, _)| !self.remove.contains(k));
        if added || removed {
            new.entry("metadata").set(self.field, Value::Map(marks));
        }
        Ok(match (labels, added, removed) {
            (false, ..) => Done::always("annotated"),
            (true, true, true) => Done::always("modified"),
            (true, true, false) => Done::always("labeled"),
            (true, false, true) => Done::always("unlabeled"),
            (true, false, false) => Done::always("not labeled"),
        })
    }
}

/// What is said of keys that have another value.
fn overwrites(labels: bool, taken: &[String]) -> String {
    if !labels {
        let list = taken.join("; ");
        return format!("--overwrite is false but found the following declared annotation(s): {list}");
    }
    let said: Vec<String> = taken
        .iter()
        .map(|one| format!("{one}, and --overwrite is false"))
        .collect();
    match said.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    }
}
