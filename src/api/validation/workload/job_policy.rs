//! The policies of a Job: which failures count, when it has succeeded, when a Pod is replaced.
//! Twin: pkg/apis/batch/validation/validation.go (v1.36.2)
//! Covers: validatePodFailurePolicy, validateSuccessPolicy, validatePodReplacementPolicy and what they call
//! Left out: the format of indexes, see indexes.rs

use super::indexes;
use super::job::{NEEDS_INDEXES, container_names, is_indexed};
use crate::api::fields::{int, list, text};
use crate::api::validation::error::Errors;
use crate::api::validation::internal;
use crate::api::validation::names::qualified_name;
use crate::api::validation::path::Path;
use crate::manifest::Value;

const ACTIONS: [&str; 4] = ["Count", "FailIndex", "FailJob", "Ignore"];
const OPERATORS: [&str; 2] = ["In", "NotIn"];
const STATUSES: [&str; 3] = ["False", "True", "Unknown"];

const MOST_RULES: usize = 20;
const MOST_CODES: usize = 255;
const MOST_PATTERNS: usize = 20;
/// Bytes of `succeededIndexes`.
const LONGEST_INDEXES: usize = 64 * 1024;

pub(super) fn replacement_policy(spec: &Value, path: &Path, errors: &mut Errors) {
    let Some(policy) = spec.get("podReplacementPolicy").and_then(Value::as_str) else {
        return;
    };
    if spec.get("podFailurePolicy").is_some() {
        errors.one_of(path, policy, &["Failed"]);
    } else {
        errors.one_of(path, policy, &["Failed", "TerminatingOrFailed"]);
    }
}

pub(super) fn failure_policy(spec: &Value, path: &Path, errors: &mut Errors) {
    let Some(policy) = spec.get("podFailurePolicy") else {
        return;
    };
    let at = path.field("rules");
    let rules = list(policy, "rules");
    at_most(rules.len(), MOST_RULES, &at, errors);
    for (index, rule) in rules.iter().enumerate() {
        failure_rule(rule, spec, &at.index(index), errors);
    }
}

fn failure_rule(rule: &Value, spec: &Value, path: &Path, errors: &mut Errors) {
    let action = path.field("action");
    match text(rule, "action") {
        "FailIndex" if spec.get("backoffLimitPerIndex").is_none() => {
            errors.invalid_text(&action, "FailIndex", "requires the backoffLimitPerIndex to be set");
        }
        word => chosen(word, &ACTIONS, &action, errors),
    }
    let codes = rule.get("onExitCodes");
    let conditions = list(rule, "onPodConditions");
    if let Some(codes) = codes {
        exit_codes(codes, &container_names(spec), &path.field("onExitCodes"), errors);
    }
    let at = path.field("onPodConditions");
    at_most(conditions.len(), MOST_PATTERNS, &at, errors);
    for (index, pattern) in conditions.iter().enumerate() {
        let at = at.index(index);
        let kind = text(pattern, "type");
        errors.each(&at.field("type"), kind, qualified_name(kind));
        chosen(text(pattern, "status"), &STATUSES, &at.field("status"), errors);
    }
    match (codes, conditions) {
        (Some(_), [_, ..]) => {
            let detail = "specifying both OnExitCodes and OnPodConditions is not supported";
            errors.invalid_omitted(path, detail);
        }
        (None, []) => errors.invalid_omitted(path, "specifying one of OnExitCodes and OnPodConditions is required"),
        _ => {}
    }
}

fn exit_codes(codes: &Value, containers: &[&str], path: &Path, errors: &mut Errors) {
    let operator = text(codes, "operator");
    chosen(operator, &OPERATORS, &path.field("operator"), errors);
    if let Some(name) = codes.get("containerName").and_then(Value::as_str)
        && !containers.contains(&name)
    {
        let detail = "must be one of the container or initContainer names in the pod template";
        errors.invalid_text(&path.field("containerName"), name, detail);
    }
    let at = path.field("values");
    let whole = codes.get("values").unwrap_or(&Value::Null);
    let values: Vec<i64> = whole
        .items()
        .iter()
        .map(|value| if let Value::Int(n) = value { *n } else { 0 })
        .collect();
    if values.is_empty() {
        errors.invalid(&at, whole, "at least one value is required");
    }
    at_most(values.len(), MOST_CODES, &at, errors);
    for (index, value) in values.iter().enumerate() {
        if operator == "In" && *value == 0 {
            errors.invalid_int(&at.index(index), 0, "must not be 0 for the In operator");
        }
        if values.iter().take(index).any(|earlier| earlier == value) {
            errors.duplicate_shown(&at.index(index), value.to_string());
        }
    }
    if !values.is_sorted() {
        errors.invalid(&at, whole, "must be ordered");
    }
}

pub(super) fn success_policy(spec: &Value, path: &Path, errors: &mut Errors) {
    let Some(policy) = spec.get("successPolicy") else {
        return;
    };
    if !is_indexed(spec) {
        errors.invalid_shown(path, internal::shown("SuccessPolicy", policy), NEEDS_INDEXES);
        return;
    }
    let at = path.field("rules");
    let rules = list(policy, "rules");
    if rules.is_empty() {
        let detail = "at least one rules must be specified when the successPolicy is specified";
        errors.required(&at, detail);
    }
    at_most(rules.len(), MOST_RULES, &at, errors);
    let completions = int(spec, "completions").unwrap_or(0);
    for (index, rule) in rules.iter().enumerate() {
        success_rule(rule, completions, &at.index(index), errors);
    }
}

fn success_rule(rule: &Value, completions: i64, path: &Path, errors: &mut Errors) {
    let indexes = rule.get("succeededIndexes").and_then(Value::as_str);
    let count = int(rule, "succeededCount");
    if indexes.is_none() && count.is_none() {
        let detail = "at least one of succeededCount or succeededIndexes must be specified";
        errors.required(path, detail);
    }
    let mut total = 0;
    if let Some(indexes) = indexes {
        let at = path.field("succeededIndexes");
        if indexes.len() > LONGEST_INDEXES {
            errors.too_long(&at, LONGEST_INDEXES);
        }
        match indexes::count(indexes, completions) {
            Ok(found) => total = found,
            Err(why) => errors.invalid_text(&at, indexes, format!("error parsing succeededIndexes: {why}")),
        }
    }
    let Some(count) = count else { return };
    let at = path.field("succeededCount");
    errors.not_negative(&at, Some(count));
    if count > completions {
        let detail = format!("must be less than or equal to {completions} (the number of specified completions)");
        errors.invalid_int(&at, count, detail);
    }
    if indexes.is_some() && count > total {
        let detail = format!(
            "must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
        );
        errors.invalid_int(&at, count, detail);
    }
}

/// A word that must be given, and be one of `words`.
fn chosen(word: &str, words: &[&str], path: &Path, errors: &mut Errors) {
    if word.is_empty() {
        let all: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
        errors.required(path, &format!("valid values: [{}]", all.join(" ")));
    } else {
        errors.one_of(path, word, words);
    }
}

fn at_most(count: usize, limit: usize, path: &Path, errors: &mut Errors) {
    if count > limit {
        errors.too_many(path, count, limit);
    }
}
