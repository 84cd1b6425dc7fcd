//! Configurations of admission webhooks.
//! Twin: pkg/apis/admissionregistration/validation/validation.go (v1.36.2)
//! Twin: staging/src/k8s.io/apiserver/pkg/util/webhook/validation.go (v1.36.2)
//! Covers: ValidateValidatingWebhookConfiguration, ValidateMutatingWebhookConfiguration
//! Left out: match conditions

use super::word;
use crate::api::fields::{int, list, text};
use crate::api::validation::error::Errors;
use crate::api::validation::names::dns_subdomain;
use crate::api::validation::path::Path;
use crate::api::validation::selector::label_selector;
use crate::manifest::Value;
use crate::map::Set;

pub(super) fn webhooks(raw: &Value, errors: &mut Errors) {
    let root = Path::Root;
    let path = root.field("webhooks");
    let mut names = Set::new();
    for (index, hook) in list(raw, "webhooks").iter().enumerate() {
        let at = path.index(index);
        webhook(hook, &at, errors);
        let name = text(hook, "name");
        if !name.is_empty() && !names.insert(name) {
            errors.duplicate(&at.field("name"), name);
        }
        let at = at.field("admissionReviewVersions");
        let versions = list(hook, "admissionReviewVersions");
        let is_known = |version: &Value| matches!(version.as_str(), Some("v1" | "v1beta1"));
        if versions.is_empty() {
            errors.required(&at, "must specify one of v1, v1beta1");
        } else if !versions.iter().any(is_known) {
            let shown = Value::Seq(versions.to_vec());
            errors.invalid(&at, &shown, "must include at least one of v1, v1beta1");
        }
    }
}

fn webhook(hook: &Value, path: &Path, errors: &mut Errors) {
    full_name(text(hook, "name"), &path.field("name"), errors);
    let at = path.field("rules");
    for (index, one) in list(hook, "rules").iter().enumerate() {
        rule(one, &at.index(index), errors);
    }
    word(hook, "failurePolicy", path, &["Fail", "Ignore"], errors);
    word(hook, "matchPolicy", path, &["Equivalent", "Exact"], errors);
    if hook.get("sideEffects").is_none() {
        errors.required(&path.field("sideEffects"), "must specify one of None, NoneOnDryRun");
    }
    word(hook, "sideEffects", path, &["None", "NoneOnDryRun"], errors);
    if let Some(seconds) = int(hook, "timeoutSeconds").filter(|n| !(1..=30).contains(n)) {
        let detail = "the timeout value must be between 1 and 30 seconds";
        errors.invalid_int(&path.field("timeoutSeconds"), seconds, detail);
    }
    for key in ["namespaceSelector", "objectSelector"] {
        if let Some(selector) = hook.get(key) {
            label_selector(selector, &path.field(key), errors);
        }
    }
    word(hook, "reinvocationPolicy", path, &["IfNeeded", "Never"], errors);
    let none = Value::Map(Vec::new());
    let client = hook.get("clientConfig").unwrap_or(&none);
    let at = path.field("clientConfig");
    match (client.get("url"), client.get("service")) {
        (Some(_), Some(_)) | (None, None) => {
            errors.required(&at, "exactly one of url or service is required");
        }
        (Some(url), None) => self::url(url.as_str().unwrap_or(""), &at.field("url"), errors),
        (None, Some(service)) => self::service(service, &at.field("service"), errors),
    }
}

fn full_name(name: &str, path: &Path, errors: &mut Errors) {
    let wrong = dns_subdomain(name);
    if name.is_empty() {
        errors.required(path, "");
    } else if !wrong.is_empty() {
        errors.invalid_text(path, name, wrong.join(","));
    } else if name.split('.').count() < 3 {
        let detail = "should be a domain with at least three segments separated by dots";
        errors.invalid_text(path, name, detail);
    }
}

fn rule(rule: &Value, path: &Path, errors: &mut Errors) {
    let operations = list(rule, "operations");
    let at = path.field("operations");
    if operations.is_empty() {
        errors.required(&at, "");
    }
    if operations.len() > 1 && operations.iter().any(|one| one.as_str() == Some("*")) {
        let shown = Value::Seq(operations.to_vec());
        errors.invalid(&at, &shown, "if '*' is present, must not specify other operations");
    }
    for (index, one) in operations.iter().filter_map(Value::as_str).enumerate() {
        errors.one_of(&at.index(index), one, &["*", "CONNECT", "CREATE", "DELETE", "UPDATE"]);
    }
    for key in ["apiGroups", "apiVersions", "resources"] {
        if list(rule, key).is_empty() {
            errors.required(&path.field(key), "");
        }
    }
    word(rule, "scope", path, &["*", "Cluster", "Namespaced"], errors);
}

fn url(url: &str, path: &Path, errors: &mut Errors) {
    const FORM: &str = "; desired format: https://host[/path]";
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    if scheme != "https" {
        let detail = format!("'https' is the only allowed URL scheme{FORM}");
        errors.invalid_text(path, scheme, detail);
    }
    if rest.split('/').next().unwrap_or("").is_empty() || scheme.is_empty() {
        errors.invalid_text(path, "", format!("host must be specified{FORM}"));
    }
}

fn service(service: &Value, path: &Path, errors: &mut Errors) {
    for (key, detail) in [
        ("name", "service name is required"),
        ("namespace", "service namespace is required"),
    ] {
        if text(service, key).is_empty() {
            errors.required(&path.field(key), detail);
        }
    }
    if let Some(port) = int(service, "port").filter(|n| !(1..=65_535).contains(n)) {
        let detail = "port is not valid: must be between 1 and 65535, inclusive";
        errors.invalid_int(&path.field("port"), port, detail);
    }
}
