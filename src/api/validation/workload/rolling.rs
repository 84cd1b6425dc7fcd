//! Numbers of a rollout: whole numbers or shares.
//! Twin: pkg/apis/apps/validation/validation.go (v1.36.2)
//! Covers: ValidatePositiveIntOrPercent, IsNotMoreThan100Percent, getIntOrPercentValue
//! Left out: nothing of these

use crate::api::validation::error::Errors;
use crate::api::validation::path::Path;
use crate::manifest::Value;

const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', \
     regex used for validation is '[0-9]+%')";

/// A number that is not negative, or a share.
pub fn count_or_share(value: Option<&Value>, path: &Path, errors: &mut Errors) {
    match value {
        Some(Value::Int(n)) => errors.not_negative(path, Some(*n)),
        Some(Value::Str(text)) if share(text).is_none() => errors.invalid_text(path, text, PERCENT),
        _ => {}
    }
}

/// A share of more than everything is refused.
pub fn at_most_all(value: Option<&Value>, path: &Path, errors: &mut Errors) {
    if let Some(Value::Str(text)) = value
        && share(text).is_some_and(|share| share > 100)
    {
        errors.invalid_text(path, text, "must not be greater than 100%");
    }
}

/// The number, or the number of a share. Text that is neither counts as 0, as Go's `IntValue` has it.
pub(super) fn number(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::Int(n)) => *n,
        Some(Value::Str(text)) => share(text).or_else(|| text.parse().ok()).unwrap_or(0),
        _ => 0,
    }
}

fn share(text: &str) -> Option<i64> {
    let digits = text.strip_suffix('%')?;
    let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    number.then(|| digits.parse().unwrap_or(i64::MAX))
}
