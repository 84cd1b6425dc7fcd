//! `kubectl set resources`.

use super::Setting;
use crate::api::Quantity;
use crate::kubectl::command::Usage;
use crate::kubectl::edit::Done;
use crate::kubectl::flags::Line;
use crate::kubectl::parse::error;
use crate::kubectl::server::Refusal;
use crate::manifest::Value;

/// Limits and requests by name.
#[derive(Clone, Debug)]
pub(in crate::kubectl) struct Resources {
    containers: String,
    limits: Vec<(String, String)>,
    requests: Vec<(String, String)>,
}

/// Reads the words after `resources`.
pub(super) fn parse(line: &Line, args: &[String]) -> Result<(Setting, Vec<String>), Usage> {
    let (limits, requests) = (list(line.text("limits"))?, list(line.text("requests"))?);
    if limits.is_empty() && requests.is_empty() {
        return Err(error(
            "you must specify an update to requests or limits (in the form of --requests/--limits)",
        ));
    }
    let resources = Resources {
        containers: line.text("containers").unwrap_or("*").to_owned(),
        limits,
        requests,
    };
    Ok((Setting::Resources(resources), args.to_vec()))
}

fn list(text: Option<&str>) -> Result<Vec<(String, String)>, Usage> {
    let mut pairs = Vec::new();
    for statement in text.unwrap_or_default().split(',').filter(|s| !s.is_empty()) {
        let wrong = || {
            error(format!(
                "invalid argument syntax {statement}, expected <resource>=<value>"
            ))
        };
        let (name, amount) = statement.split_once('=').ok_or_else(wrong)?;
        if Quantity::parse(amount).is_none() {
            return Err(error(
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
            ));
        }
        pairs.push((name.to_owned(), amount.to_owned()));
    }
    Ok(pairs)
}

impl Resources {
    /// Sets them.
    pub(super) fn put(&self, spec: &mut Value) -> Result<Done, Refusal> {
        let found = super::containers(spec, &self.containers);
        if found.is_empty() {
            let name = &self.containers;
            return Err(Refusal::Local(format!("unable to find container named {name}")));
        }
        for container in found {
            for (field, pairs) in [("limits", &self.limits), ("requests", &self.requests)] {
                for (name, amount) in pairs {
                    let amounts = container.entry("resources").entry(field);
                    amounts.set(name, amount.as_str().into());
                }
            }
        }
        Ok(Done::or("resource requirements updated", ""))
    }
}
