//! `kubectl create service`.

use super::one_name;
use crate::kubectl::command::Usage;
use crate::kubectl::flags::Line;
use crate::kubectl::make::{Make, What, object};
use crate::kubectl::parse::{error, not_supported};
use crate::manifest::Value;

/// Reads the words after `service`.
pub(super) fn parse(line: &Line, args: &[String]) -> Result<Make, Usage> {
    let Some((kind, args)) = args.split_first() else {
        return Err(not_supported("create service"));
    };
    let (kind, failed) = match kind.as_str() {
        "clusterip" => ("ClusterIP", "failed to create ClusterIP service"),
        "nodeport" => ("NodePort", "failed to create NodePort service"),
        "loadbalancer" => ("LoadBalancer", "failed to create LoadBalancer service"),
        other => return Err(not_supported(&format!("create service {other}"))),
    };
    let service = service(line, kind, one_name(args)?)?;
    Make::of(line, What::Object(service), Some(failed))
}

/// The Service: its ports are named by their numbers, and it takes Pods labelled with its name.
fn service(line: &Line, kind: &str, name: &str) -> Result<Value, Usage> {
    let headless = line.text("clusterip") == Some("None");
    if line.all("tcp").is_empty() && !headless {
        return Err(error("at least one tcp port specifier must be provided"));
    }
    let mut ports = Vec::new();
    for text in line.all("tcp") {
        let (port, target) = text.split_once(':').unwrap_or((text, text));
        let invalid = || error(format!("invalid port format: {text}"));
        let port: i64 = port.parse().map_err(|_| invalid())?;
        ports.push(object(&[
            ("name", text.replace(':', "-").as_str().into()),
            ("port", port.into()),
            ("protocol", "TCP".into()),
            ("targetPort", target.parse().map_or_else(|_| target.into(), Value::Int)),
        ]));
    }
    let by_name = object(&[("app", name.into())]);
    let mut spec = object(&[
        ("ports", Value::Seq(ports)),
        ("selector", by_name.clone()),
        ("type", kind.into()),
    ]);
    if let Some(address) = line.text("clusterip") {
        spec.set("clusterIP", address.into());
    }
    Ok(object(&[
        ("apiVersion", "v1".into()),
        ("kind", "Service".into()),
        ("metadata", object(&[("labels", by_name), ("name", name.into())])),
        ("spec", spec),
        ("status", object(&[("loadBalancer", object(&[]))])),
    ]))
}
