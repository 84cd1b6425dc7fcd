//! Validation as the API server does it: its field paths, its order, its words. Twin of
//! `pkg/apis/core/validation/validation.go`, release 1.36; each file names its part.
//!
//! It works on plain data that has its defaults, so it serves texts and later changes of stored objects alike.

mod container;
mod cron;
mod env;
mod error;
mod internal;
mod kinds;
mod meta;
mod names;
pub(crate) mod path;
mod pod;
mod probe;
mod resources;
mod security;
mod selector;
mod service;
pub mod update;
mod volumes;
mod warnings;
mod workload;

pub use error::{ErrorKind, FieldError};
pub use names::{label_value, qualified_name};

pub(crate) use error::{Errors, quoted};
pub(crate) use names::dns_subdomain;
pub use warnings::warnings;
pub use workload::generate_selector;

use crate::manifest::Value;

/// A token volume needs a service account. Admission gives every Pod one before this is looked at, so users never see
/// this; [`validate`] reports it for Pods that admission has not seen.
pub const NO_SERVICE_ACCOUNT: &str = "must not be specified when serviceAccountName is not set";

/// All errors of an object, in the API server's order. The object has its defaults.
pub fn validate(raw: &Value, version: &str, kind: &str) -> Vec<FieldError> {
    let mut errors = Errors::default();
    let served = matches!(version, "v1" | "apps/v1" | "batch/v1");
    meta::metadata(raw, kind, &mut errors);
    if let Some(check) = kinds::rules(version, kind) {
        check(raw, &mut errors);
        return once(errors);
    }
    match kind {
        _ if !served => {}
        "Pod" => pod::pod(raw, &mut errors),
        "Service" => service::service(raw, &mut errors),
        "ConfigMap" => service::config_map(raw, &mut errors),
        "Secret" => service::secret(raw, &mut errors),
        _ if workload::knows(kind) => workload::workload(raw, kind, &mut errors),
        _ => {}
    }
    once(errors)
}

/// Each error once: kubectl drops lines that are the same.
fn once(errors: Errors) -> Vec<FieldError> {
    let mut errors = errors.0;
    let mut seen = crate::map::Set::new();
    errors.retain(|error| seen.insert(error.to_string()));
    errors
}
