//! `kubectl set env`.
//!
//! Left out: `--resolve`, which shows the values that references stand for, and variables from standard input.

use super::Setting;
use crate::kubectl::command::Usage;
use crate::kubectl::edit::Done;
use crate::kubectl::fields::Fields;
use crate::kubectl::flags::Line;
use crate::kubectl::kinds;
use crate::kubectl::parse::{error, namespace, not_supported};
use crate::kubectl::run::Printed;
use crate::kubectl::server::{Refusal, Server};
use crate::manifest::Value;

/// Variables to set and to take away.
#[derive(Clone, Debug)]
pub(in crate::kubectl) struct Env {
    set: Vec<(String, String)>,
    remove: Vec<String>,
    /// ConfigMap or Secret: kind and name.
    from: Option<(&'static kinds::Kind, String)>,
    keys: Vec<String>,
    prefix: String,
    containers: String,
    overwrite: bool,
    list: bool,
    namespace: String,
}

/// Reads the words after `env`.
pub(super) fn parse(line: &Line, args: &[String]) -> Result<(Setting, Vec<String>), Usage> {
    if line.on("resolve") {
        return Err(not_supported("set env --resolve"));
    }
    let is_change = |arg: &String| arg.contains('=') || (arg.ends_with('-') && arg.len() > 1);
    let first = args.iter().position(is_change).unwrap_or(args.len());
    let (names, changes) = args.split_at(first);
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    for arg in line.all("env").iter().chain(changes) {
        match (arg.split_once('='), arg.strip_suffix('-')) {
            (Some((key, value)), _) => set.push((key.to_owned(), value.to_owned())),
            (None, Some(key)) => remove.push(key.to_owned()),
            (None, None) => {
                return Err(error(format!(
                    "all resources must be specified before environment changes: {}",
                    args.join(" ")
                )));
            }
        }
    }
    let from = match line.text("from").filter(|f| !f.is_empty()) {
        None => None,
        Some(text) => {
            let (word, name) = text.split_once('/').unwrap_or((text, ""));
            let kind = kinds::find(word)
                .ok_or_else(|| error(format!("the server doesn't have a resource type \"{word}\"")))?;
            if !matches!(kind.kind, "ConfigMap" | "Secret") {
                return Err(error("unsupported resource specified in --from"));
            }
            Some((kind, name.to_owned()))
        }
    };
    let env = Env {
        set,
        remove,
        from,
        keys: line
            .all("keys")
            .iter()
            .flat_map(|k| k.split(','))
            .map(str::to_owned)
            .collect(),
        prefix: line.text("prefix").unwrap_or_default().to_owned(),
        containers: line.text("containers").unwrap_or("*").to_owned(),
        overwrite: !line.has("overwrite") || line.on("overwrite"),
        list: line.on("list"),
        namespace: namespace(line),
    };
    Ok((Setting::Env(env), names.to_vec()))
}

impl Env {
    /// Changes the containers, or lists what they have.
    pub(super) fn put(
        &self,
        title: &str,
        spec: &mut Value,
        server: &dyn Server,
        out: &mut Printed,
    ) -> Result<Done, Refusal> {
        let variables = self.variables(server)?;
        for container in super::containers(spec, &self.containers) {
            let old = container.get("env").map(|e| e.items().to_vec()).unwrap_or_default();
            if !self.overwrite {
                for variable in &variables {
                    let known = old.iter().find(|o| o.get("name") == variable.get("name"));
                    if let Some(known) = known.filter(|k| k.get("value") != variable.get("value")) {
                        let k = Fields(known);
                        return Err(Refusal::Local(format!(
                            "'{}' already has a value ({}), and --overwrite is false",
                            k.text(&["name"]),
                            k.text(&["value"])
                        )));
                    }
                }
            }
            let new = updated(&old, &variables, &self.remove);
            if self.list {
                let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
                out.say(&format!("# {title}, container {name}"));
                new.iter().for_each(|v| out.say(&listed(Fields(v))));
            } else if new != old {
                container.set("env", Value::Seq(new));
            }
        }
        Ok(Done::or("env updated", ""))
    }

    fn variables(&self, server: &dyn Server) -> Result<Vec<Value>, Refusal> {
        let mut all = Vec::new();
        for (name, value) in &self.set {
            let mut one = Value::Map(Vec::new());
            one.set("name", format!("{}{name}", self.prefix).as_str().into());
            one.set("value", value.as_str().into());
            all.push(one);
        }
        let Some((kind, name)) = &self.from else {
            return Ok(all);
        };
        let object = server.object(kind.kind, &self.namespace, name);
        let object = object.ok_or_else(|| Refusal::not_found(&kind.resource(), name))?;
        let field = if kind.kind == "Secret" {
            "secretKeyRef"
        } else {
            "configMapKeyRef"
        };
        let mut keys: Vec<&str> = Vec::new();
        for data in ["data", "stringData"] {
            let members = object.value.get(data).map(Value::members).unwrap_or_default();
            keys.extend(members.iter().map(|(key, _)| key.as_str()));
        }
        crate::sort::sort(&mut keys);
        for key in keys {
            if !self.keys.is_empty() && !self.keys.iter().any(|k| k == key) {
                continue;
            }
            let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' };
            let variable: String = key.chars().map(plain).collect::<String>().to_ascii_uppercase();
            let mut one = Value::Map(Vec::new());
            one.set("name", format!("{}{variable}", self.prefix).as_str().into());
            let source = one.entry("valueFrom").entry(field);
            source.set("key", key.into());
            source.set("name", name.as_str().into());
            all.push(one);
        }
        Ok(all)
    }
}

/// The old variables, those of the same name replaced in their places, new ones behind.
fn updated(old: &[Value], set: &[Value], remove: &[String]) -> Vec<Value> {
    let name = |v: &Value| v.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut covered: Vec<String> = remove.to_vec();
    let mut new = Vec::new();
    for variable in old {
        let this = name(variable);
        if covered.contains(&this) {
            continue;
        }
        match set.iter().find(|v| name(v) == this) {
            Some(newer) => {
                covered.push(this);
                new.push(newer.clone());
            }
            None => new.push(variable.clone()),
        }
    }
    for variable in set {
        let this = name(variable);
        if !covered.contains(&this) {
            covered.push(this);
            new.push(variable.clone());
        }
    }
    new
}

/// `MODE=a`, or where the value comes from.
fn listed(v: Fields) -> String {
    let name = v.text(&["name"]);
    let source = |field: &str, what: &str| {
        let s = v.0.at(&["valueFrom", field]).map(Fields)?;
        Some(format!(
            "# {name} from {what} {}, key {}",
            s.text(&["name"]),
            s.text(&["key"])
        ))
    };
    let path = v.text(&["valueFrom", "fieldRef", "fieldPath"]);
    let resource = v.text(&["valueFrom", "resourceFieldRef", "resource"]);
    source("configMapKeyRef", "configmap")
        .or_else(|| source("secretKeyRef", "secret"))
        .or_else(|| (!path.is_empty()).then(|| format!("# {name} from field path {path}")))
        .or_else(|| (!resource.is_empty()).then(|| format!("# {name} from resource field {resource}")))
        .unwrap_or_else(|| format!("{name}={}", v.text(&["value"])))
}
