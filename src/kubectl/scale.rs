//! `kubectl scale`.
//!
//! Left out: `--timeout` does not wait for the Pods, `--resource-version`.

use super::command::Usage;
use super::edit::{Change, Done, Edit};
use super::fields::Fields;
use super::flags::{Flag, Takes, long, short};
use super::kinds::Kind;
use super::parse::{error, read};
use super::server::Refusal;
use crate::manifest::Value;

const FLAGS: [Flag; 8] = [
    long("replicas", Takes::Int),
    long("current-replicas", Takes::Int),
    long("timeout", Takes::Span),
    long("all", Takes::Bool),
    short("selector", 'l', Takes::Text),
    short("filename", 'f', Takes::Text),
    short("output", 'o', Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
];

/// Another number of replicas.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    replicas: i64,
    /// Only when it has so many.
    current: Option<i64>,
}

/// Reads the words after the verb.
pub(super) fn parse(words: &[String]) -> Result<Edit, Usage> {
    let line = read("scale", words, &FLAGS)?;
    let Some(replicas) = line.int("replicas") else {
        return Err(error("required flag(s) \"replicas\" not set"));
    };
    if replicas < 0 {
        return Err(error(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
        ));
    }
    let current = line.int("current-replicas");
    if current.is_some_and(|c| c < -1) {
        return Err(error("The --current-replicas must specify an integer of -1 or greater"));
    }
    let scale = Scale {
        replicas,
        current: current.filter(|c| *c >= 0),
    };
    Edit::of(&line, &line.args, Change::Scale(scale))
}

impl Scale {
    /// Changes the copy of an object.
    pub(super) fn put(&self, kind: &Kind, new: &mut Value) -> Result<Done, Refusal> {
        const SCALABLE: [&str; 4] = ["Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"];
        if !SCALABLE.contains(&kind.kind) {
            return Err(Refusal::Status {
                reason: "NotFound",
                message: "the server could not find the requested resource".to_owned(),
            });
        }
        let now = Fields(new).int(&["spec", "replicas"]);
        if let Some(current) = self.current.filter(|c| *c != now) {
            return Err(Refusal::Local(format!("Expected replicas to be {current}, was {now}")));
        }
        new.entry("spec").set("replicas", Value::Int(self.replicas));
        Ok(Done {
            subresource: "scale".to_owned(),
            ..Done::always("scaled")
        })
    }
}
