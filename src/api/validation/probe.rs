//! Probes, hooks and what they do. Twin of `validation.go → validateProbe, validateHandler, validateLifecycle`,
//! release 1.36. Left out: `stopSignal`, whose gate is off by default.

use super::error::Errors;
use super::names::{PORT_RANGE, http_header, port_name};
use super::path::Path;
use crate::api::fields::{int, list, text};
use crate::manifest::Value;

/// `lifecycle`, `livenessProbe`, `readinessProbe` and `startupProbe` of a container that may have them.
pub fn probes(container: &Value, path: &Path, grace: i64, errors: &mut Errors) {
    if let Some(hooks) = container.get("lifecycle") {
        lifecycle(hooks, &path.field("lifecycle"), grace, errors);
    }
    for key in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(found) = container.get(key) else { continue };
        let at = path.field(key);
        probe(found, &at, grace, errors);
        if key == "readinessProbe" {
            if let Some(seconds) = int(found, GRACE) {
                errors.invalid_int(&at.field(GRACE), seconds, "must not be set for readinessProbes");
            }
        } else if let Some(successes) = int(found, "successThreshold").filter(|n| *n != 1) {
            errors.invalid_int(&at.field("successThreshold"), successes, "must be 1");
        }
    }
}

const GRACE: &str = "terminationGracePeriodSeconds";

fn probe(probe: &Value, path: &Path, grace: i64, errors: &mut Errors) {
    handler(probe, path, grace, errors);
    for key in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        errors.not_negative(&path.field(key), int(probe, key));
    }
    if let Some(seconds) = int(probe, GRACE).filter(|s| *s <= 0) {
        errors.invalid_int(&path.field(GRACE), seconds, "must be greater than 0");
    }
}

fn lifecycle(hooks: &Value, path: &Path, grace: i64, errors: &mut Errors) {
    for key in ["postStart", "preStop"] {
        if let Some(hook) = hooks.get(key) {
            handler(hook, &path.field(key), grace, errors);
        }
    }
}

/// Exactly one of the things a probe or hook can do. Of several, all but the first are refused.
fn handler(handler: &Value, path: &Path, grace: i64, errors: &mut Errors) {
    let mut count = 0;
    for key in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let Some(action) = handler.get(key) else { continue };
        let at = path.field(key);
        count += 1;
        if count > 1 {
            errors.forbidden(&at, "may not specify more than 1 handler type");
            continue;
        }
        match key {
            "exec" if list(action, "command").is_empty() => errors.required(&at.field("command"), ""),
            "httpGet" => http_get(action, &at, errors),
            "tcpSocket" => port(action, &at, errors),
            "grpc" => port_number(int(action, "port").unwrap_or(0), &at.field("port"), errors),
            "sleep" => sleep(int(action, "seconds").unwrap_or(0), &at, grace, errors),
            _ => {}
        }
    }
    if count == 0 {
        errors.required(path, "must specify a handler type");
    }
}

fn http_get(action: &Value, path: &Path, errors: &mut Errors) {
    if text(action, "path").is_empty() {
        errors.required(&path.field("path"), "");
    }
    port(action, path, errors);
    errors.one_of(&path.field("scheme"), text(action, "scheme"), &["HTTP", "HTTPS"]);
    for header in list(action, "httpHeaders") {
        let name = text(header, "name");
        errors.each(&path.field("httpHeaders"), name, http_header(name));
    }
}

/// A port by number or name. Whether a container has a port of that name is not checked.
fn port(action: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("port");
    match action.get("port") {
        Some(Value::Str(name)) => errors.each(&at, name, port_name(name)),
        Some(Value::Int(number)) => port_number(*number, &at, errors),
        _ => port_number(0, &at, errors),
    }
}

/// A port number.
pub fn port_number(number: i64, path: &Path, errors: &mut Errors) {
    if !(1..=65_535).contains(&number) {
        errors.invalid_int(path, number, PORT_RANGE);
    }
}

fn sleep(seconds: i64, path: &Path, grace: i64, errors: &mut Errors) {
    if seconds < 0 || seconds > grace {
        let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
        errors.invalid_int(path, seconds, detail);
    }
}
