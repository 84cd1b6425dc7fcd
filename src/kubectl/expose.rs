//! `kubectl expose`.

use super::command::Usage;
use super::flags::{Flag, Takes, long, short};
use super::kinds::Kind;
use super::make::{Make, What, object, pairs};
use super::parse::{error, not_supported, read};
use super::server::{Refusal, Server};
use super::workload::pod_spec_path;
use crate::manifest::Value;

const FLAGS: [Flag; 12] = [
    long("port", Takes::Text),
    long("target-port", Takes::Text),
    long("name", Takes::Text),
    long("type", Takes::Text),
    long("protocol", Takes::Text),
    long("selector", Takes::Text),
    short("labels", 'l', Takes::Text),
    long("cluster-ip", Takes::Text),
    long("session-affinity", Takes::Text),
    long("dry-run", Takes::Optional("unchanged")),
    short("output", 'o', Takes::Text),
    short("filename", 'f', Takes::Text),
];

/// A Service for an object, as far as the line says it.
#[derive(Clone, Debug)]
pub(super) struct Expose {
    kind: &'static Kind,
    /// The object that is exposed.
    of: String,
    name: Option<String>,
    /// Numbers; those of the object's containers when there are none.
    ports: Vec<i64>,
    target_port: Option<Value>,
    protocol: String,
    labels: Option<Vec<(String, Value)>>,
    selector: Option<Vec<(String, Value)>>,
    /// Further fields of the spec.
    spec: Vec<(&'static str, String)>,
}

/// Reads the words after `expose`.
pub(super) fn parse(words: &[String]) -> Result<Make, Usage> {
    let line = read("expose", words, &FLAGS)?;
    if line.has("filename") {
        return Err(not_supported("expose -f"));
    }
    let (targets, _) = super::parse::targets(&line.args)?;
    let (kind, name) = match targets.as_slice() {
        [] => return Err(error(super::selection::NOTHING_GIVEN)),
        [one] => match &one.name {
            Some(name) => (one.kind, name.clone()),
            None => return Err(error("resource(s) were provided, but no name was specified")),
        },
        _ => return Err(not_supported("expose of several objects")),
    };
    let mut ports = Vec::new();
    for text in line
        .text("port")
        .unwrap_or_default()
        .split(',')
        .filter(|t| !t.is_empty())
    {
        let wrong = || error(format!("strconv.Atoi: parsing \"{text}\": invalid syntax"));
        ports.push(text.parse().map_err(|_| wrong())?);
    }
    let optional = |flag: &str| line.text(flag).map(pairs).transpose();
    let further = [
        ("type", "type"),
        ("cluster-ip", "clusterIP"),
        ("session-affinity", "sessionAffinity"),
    ];
    let expose = Expose {
        kind,
        of: name,
        name: line.text("name").map(str::to_owned),
        ports,
        target_port: line
            .text("target-port")
            .map(|text| text.parse().map_or_else(|_| text.into(), Value::Int)),
        protocol: line.text("protocol").unwrap_or("TCP").to_owned(),
        labels: optional("labels")?,
        selector: optional("selector")?,
        spec: further
            .into_iter()
            .filter_map(|(flag, field)| Some((field, line.text(flag)?.to_owned())))
            .collect(),
    };
    Make::of(&line, What::Expose(expose), None)
}

impl Expose {
    /// The Service, with labels, selector and ports of what it exposes where the line says none.
    ///
    /// # Errors
    /// There is no such object, or it cannot be exposed.
    pub(super) fn service(&self, namespace: &str, server: &dyn Server) -> Result<Value, Refusal> {
        let found = server.object(self.kind.kind, namespace, &self.of);
        let found = found.ok_or_else(|| Refusal::not_found(&self.kind.resource(), &self.of))?;
        const EXPOSABLE: [&str; 5] = ["ReplicationController", "Service", "Pod", "Deployment", "ReplicaSet"];
        if !EXPOSABLE.contains(&self.kind.kind) {
            let group = Some(self.kind.group).filter(|g| !g.is_empty());
            let name = group.map_or(self.kind.kind.to_owned(), |g| format!("{}.{g}", self.kind.kind));
            return Err(Refusal::Local(format!("cannot expose a {name}")));
        }
        let shown = found.shown(server.calendar());
        let selector = match &self.selector {
            Some(given) => Value::Map(given.clone()),
            None => self.selector_of(&shown)?,
        };
        let ports = self.ports(&shown)?;
        let labels = match &self.labels {
            Some(given) => Value::Map(given.clone()),
            None => shown.at(&["metadata", "labels"]).cloned().unwrap_or_default(),
        };
        let mut meta = Value::Map(Vec::new());
        if !labels.members().is_empty() {
            meta.set("labels", labels);
        }
        meta.set("name", self.name.as_deref().unwrap_or(&self.of).into());
        let mut spec = object(&[("ports", Value::Seq(ports)), ("selector", selector)]);
        for (field, text) in &self.spec {
            spec.set(field, text.as_str().into());
        }
        Ok(object(&[
            ("apiVersion", "v1".into()),
            ("kind", "Service".into()),
            ("metadata", meta),
            ("spec", spec),
            ("status", object(&[("loadBalancer", object(&[]))])),
        ]))
    }

    fn selector_of(&self, shown: &Value) -> Result<Value, Refusal> {
        let path: &[&str] = match self.kind.kind {
            "Pod" => &["metadata", "labels"],
            "Service" | "ReplicationController" => &["spec", "selector"],
            _ => &["spec", "selector", "matchLabels"],
        };
        let found = shown.at(path).filter(|labels| !labels.members().is_empty());
        let why = match self.kind.kind {
            "Pod" => "the pod has no labels and cannot be exposed",
            "Service" => "the service has no pod selector set",
            "Deployment" => "invalid deployment: no selectors, therefore cannot be exposed",
            _ => "invalid replicaset: no selectors, therefore cannot be exposed",
        };
        found.cloned().ok_or_else(|| {
            Refusal::Local(format!(
                "couldn't retrieve selectors via --selector flag or introspection: {why}"
            ))
        })
    }

    fn ports(&self, shown: &Value) -> Result<Vec<Value>, Refusal> {
        let mut numbers = self.ports.clone();
        if numbers.is_empty() {
            let path = pod_spec_path(self.kind.kind);
            let spec = shown
                .at(path)
                .map_or(&[][..], |s| s.get("containers").map(Value::items).unwrap_or_default());
            let of_containers = spec.iter().filter_map(|c| c.get("ports")).flat_map(Value::items);
            let of_service = shown.at(&["spec", "ports"]).map(Value::items).unwrap_or_default();
            let number = |port: &Value| match port.get("containerPort").or(port.get("port")) {
                Some(Value::Int(n)) => Some(*n),
                _ => None,
            };
            numbers.extend(of_containers.chain(of_service).filter_map(number));
        }
        let headless = self
            .spec
            .iter()
            .any(|(field, text)| *field == "clusterIP" && text == "None");
        if numbers.is_empty() && !headless {
            return Err(Refusal::Local(
                "couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples"
                    .to_owned(),
            ));
        }
        let several = numbers.len() > 1;
        let ports = numbers.into_iter().enumerate().map(|(index, number)| {
            let mut port = Value::Map(Vec::new());
            if several {
                port.set("name", format!("port-{}", index + 1).as_str().into());
            }
            port.set("port", number.into());
            port.set("protocol", self.protocol.as_str().into());
            port.set("targetPort", self.target_port.clone().unwrap_or(number.into()));
            port
        });
        Ok(ports.collect())
    }
}
