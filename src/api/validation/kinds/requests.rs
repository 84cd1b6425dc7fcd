//! CertificateSigningRequests and APIServices.
//! Twin: pkg/apis/certificates/validation/validation.go (v1.36.2)
//! Twin: staging/src/k8s.io/kube-aggregator/pkg/apis/apiregistration/validation/validation.go (v1.36.2)
//! Covers: ValidateCertificateSigningRequestCreate, ValidateAPIService
//! Left out: the certificate in the request

use crate::api::fields::{flag, int, list, text};
use crate::api::validation::error::{Errors, quoted};
use crate::api::validation::path::Path;
use crate::api::validation::probe::port_number;
use crate::manifest::Value;

/// How a request in PEM begins, in base64.
const PEM: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNU";

pub(super) fn signing_request(raw: &Value, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("spec");
    if !text(spec, "request").starts_with(PEM) {
        let shown = spec.get("request").unwrap_or(&Value::Null);
        errors.invalid(
            &path.field("request"),
            shown,
            "PEM block type must be CERTIFICATE REQUEST",
        );
    }
    if list(spec, "usages").is_empty() {
        errors.required(&path.field("usages"), "");
    }
    let signer = text(spec, "signerName");
    let at = path.field("signerName");
    match signer.split_once('/') {
        None if signer.is_empty() => errors.required(&at, ""),
        Some((domain, name)) if domain.contains('.') && !name.is_empty() => {}
        _ => {
            let detail = "must be a fully qualified domain and path of the form \"example.com/signer-name\"";
            errors.invalid_text(&at, signer, detail);
        }
    }
    if let Some(seconds) = int(spec, "expirationSeconds").filter(|n| *n < 600) {
        let detail = "may not specify a duration less than 600 seconds (10 minutes)";
        errors.invalid_int(&path.field("expirationSeconds"), seconds, detail);
    }
}

pub(super) fn api_service(raw: &Value, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("spec");
    let name = raw.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or("");
    let (group, version) = (text(spec, "group"), text(spec, "version"));
    let wanted = format!("{version}.{group}");
    if name != wanted && !name.is_empty() {
        let detail = format!("must be `spec.version+\".\"+spec.group`: {}", quoted(&wanted));
        errors.invalid_text(&root.field("metadata").field("name"), name, detail);
    }
    if group.is_empty() && version != "v1" {
        let detail = "only v1 may have an empty group and it better be legacy kube";
        errors.required(&path.field("group"), detail);
    }
    if version.is_empty() {
        errors.required(&path.field("version"), "");
    }
    for (key, limit) in [("groupPriorityMinimum", 20_000), ("versionPriority", 1_000)] {
        let number = int(spec, key).unwrap_or(0);
        if number <= 0 || number > limit {
            errors.invalid_int(
                &path.field(key),
                number,
                format!("must be positive and less than {limit}"),
            );
        }
    }
    let skips = flag(spec, "insecureSkipTLSVerify");
    let Some(service) = spec.get("service") else {
        if skips {
            let detail = "local APIServices may not have insecureSkipTLSVerify";
            errors.invalid(&path.field("insecureSkipTLSVerify"), &Value::Bool(true), detail);
        }
        return;
    };
    let at = path.field("service");
    for key in ["namespace", "name"] {
        if text(service, key).is_empty() {
            errors.required(&at.field(key), "");
        }
    }
    if let Some(port) = int(service, "port") {
        port_number(port, &at.field("port"), errors);
    }
    if skips && !text(spec, "caBundle").is_empty() {
        let detail = "may not be true if caBundle is present";
        errors.invalid(&path.field("insecureSkipTLSVerify"), &Value::Bool(true), detail);
    }
}
