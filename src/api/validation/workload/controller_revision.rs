//! ControllerRevisions.
//! Twin: pkg/apis/apps/validation/validation.go (v1.36.2)
//! Covers: ValidateControllerRevisionCreate
//! Left out: data that is not JSON, which a manifest cannot hold

use crate::api::fields::int;
use crate::api::validation::error::Errors;
use crate::api::validation::path::Path;
use crate::manifest::Value;

pub(super) fn revision(raw: &Value, path: &Path, errors: &mut Errors) {
    errors.not_negative(&path.field("revision"), int(raw, "revision"));
    match raw.get("data") {
        None | Some(Value::Null) => errors.required(&path.field("data"), "data is mandatory"),
        Some(Value::Map(_)) => {}
        Some(_) => errors.required(&path.field("data"), "data must be a valid JSON object"),
    }
}
