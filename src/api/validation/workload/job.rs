//! Jobs, and the spec that templates of CronJobs have too.
//! Twin: pkg/apis/batch/validation/validation.go (v1.36.2)
//! Twin: pkg/registry/batch/job/strategy.go (v1.36.2)
//! Covers: ValidateJob, validateGeneratedSelector, ValidateJobSpec, validateJobSpec; generateSelector
//! Left out: the policies, see job_policy.rs

use super::job_policy::{failure_policy, replacement_policy, success_policy};
use super::matching::template_is_selected;
use super::pod_template;
use crate::api::fields::{flag, int, list, text};
use crate::api::validation::error::Errors;
use crate::api::validation::internal;
use crate::api::validation::meta::labels;
use crate::api::validation::names::{dns_label, dns_subdomain};
use crate::api::validation::path::Path;
use crate::api::validation::selector::label_selector;
use crate::manifest::Value;

const UID_LABEL: &str = "batch.kubernetes.io/controller-uid";
const NAME_LABEL: &str = "batch.kubernetes.io/job-name";

/// So many indexes can be kept track of.
const MOST_INDEXES: i64 = 100_000;
/// Limit of other numbers once there are more completions than [`MOST_INDEXES`].
const MOST_WITH_MANY_COMPLETIONS: i64 = 10_000;

/// A Job that is to be created.
pub(super) fn job(raw: &Value, path: &Path, errors: &mut Errors) {
    let uid = uid_of(raw);
    let own = raw.at(&["metadata", "labels"]).map_or(&[][..], Value::members);
    if own.is_empty() {
        // It has those of its template.
        let metadata = path.field("metadata");
        let given = raw.at(&["spec", "template", "metadata", "labels"]);
        labels(given, &metadata.field("labels"), errors);
    }
    let mut raw = raw.clone();
    generate_selector(&mut raw, &uid);
    whole_job(&raw, &uid, path, errors);
}

/// A Job with the labels that [`generate_selector`] gives.
pub fn whole_job(raw: &Value, uid: &str, path: &Path, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let name = raw.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or("");
    if !flag(spec, "manualSelector") && spec.get("selector").is_some() {
        generated_selector(spec, name, uid, path, errors);
    }
    let at = path.field("spec");
    job_spec(spec, &at, errors);
    selector(spec, &at, errors);
    let last = int(spec, "completions").unwrap_or(0).saturating_sub(1);
    let host = format!("{name}-{last}");
    if is_indexed(spec) && last >= 0 && !dns_label(&host).is_empty() {
        let detail = format!("will not able to create pod with invalid DNS label: {host}");
        let metadata = path.field("metadata");
        errors.invalid_text(&metadata.field("name"), name, detail);
    }
}

/// The identity that labels of a Job name: its own, or one that stands for the identity it would get.
pub fn uid_of(raw: &Value) -> String {
    let part = |key: &str| raw.at(&["metadata", key]).and_then(Value::as_str).unwrap_or("");
    match part("uid") {
        "" => {
            let seed = format!("{}/{}", part("namespace"), part("name"));
            let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            let low = seed.bytes().fold(0xcbf2_9ce4_8422_2325, fold);
            let high = seed.bytes().rev().fold(low, fold);
            let digits = format!("{high:016x}{low:016x}");
            let piece = |from: usize, to: usize| digits.get(from..to).unwrap_or("").to_owned();
            [piece(0, 8), piece(8, 12), piece(12, 16), piece(16, 20), piece(20, 32)].join("-")
        }
        uid => uid.to_owned(),
    }
}

/// The identity that the labels of a stored Job name.
pub fn label_of(raw: &Value) -> Option<&str> {
    raw.at(&["spec", "template", "metadata", "labels", UID_LABEL])
        .and_then(Value::as_str)
}

/// Gives template and selector the labels by which a Job finds its own Pods, unless the owner chose the selector.
/// Labels that are there are left as they are.
pub fn generate_selector(raw: &mut Value, uid: &str) {
    if raw.at(&["spec", "manualSelector"]) == Some(&Value::Bool(true)) {
        return;
    }
    let name = raw
        .at(&["metadata", "name"])
        .and_then(Value::as_str)
        .unwrap_or("")
        .to_owned();
    let spec = raw.entry("spec");
    let labels = spec.entry("template").entry("metadata").entry("labels");
    for (key, value) in [
        ("job-name", &*name),
        (NAME_LABEL, &name),
        ("controller-uid", uid),
        (UID_LABEL, uid),
    ] {
        if labels.get(key).is_none() {
            labels.set(key, value.into());
        }
    }
    let selected = spec.entry("selector").entry("matchLabels");
    if selected.get(UID_LABEL).is_none() {
        selected.set(UID_LABEL, uid.into());
    }
}

fn generated_selector(spec: &Value, name: &str, uid: &str, path: &Path, errors: &mut Errors) {
    let outer = path.field("spec");
    let template = outer.field("template");
    let metadata = template.field("metadata");
    let at = metadata.field("labels");
    let labels = spec.at(&["template", "metadata", "labels"]);
    let wanted = [
        ("controller-uid", uid),
        ("job-name", name),
        (UID_LABEL, uid),
        (NAME_LABEL, name),
    ];
    for (key, value) in wanted {
        let detail = format!("must be '{value}'");
        match labels
            .and_then(|labels| labels.get(key))
            .map(|found| found.as_str() == Some(value))
        {
            Some(true) => {}
            Some(false) => errors.invalid(&at.key(key), &internal::sorted(labels), detail),
            None => errors.required(&at.key(key), &detail),
        }
    }
    let expected = Value::Map(wanted.map(|(key, value)| (key.to_owned(), value.into())).to_vec());
    let mut only = Errors::default();
    let of = Value::Map(vec![(
        "template".to_owned(),
        Value::Map(vec![(
            "metadata".to_owned(),
            Value::Map(vec![("labels".to_owned(), expected)]),
        )]),
    )]);
    template_is_selected(spec.get("selector"), &of, &outer, &mut only);
    if !only.0.is_empty() {
        let shown = internal::selector(spec.get("selector").unwrap_or(&Value::Null));
        errors.invalid(&outer.field("selector"), &shown, "`selector` not auto-generated");
    }
}

fn selector(spec: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("selector");
    let before = errors.0.len();
    match spec.get("selector") {
        Some(selector) => label_selector(selector, &at, errors),
        None => {
            errors.required(&at, "");
            template_is_selected(None, spec, path, errors);
            return;
        }
    }
    if errors.0.len() == before {
        template_is_selected(spec.get("selector"), spec, path, errors);
    }
}

pub(super) fn is_indexed(spec: &Value) -> bool {
    text(spec, "completionMode") == "Indexed"
}

/// The spec of a Job or of a template of Jobs.
pub(super) fn job_spec(spec: &Value, path: &Path, errors: &mut Errors) {
    for key in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
    ] {
        errors.not_negative(&path.field(key), int(spec, key));
    }
    if spec.get("maxFailedIndexes").is_some() && spec.get("backoffLimitPerIndex").is_none() {
        let at = path.field("backoffLimitPerIndex");
        errors.required(&at, "when maxFailedIndexes is specified");
    }
    managed_by(spec, &path.field("managedBy"), errors);
    if let Some(mode) = spec.get("completionMode").and_then(Value::as_str) {
        errors.one_of(&path.field("completionMode"), mode, &["NonIndexed", "Indexed"]);
    }
    match text(spec, "completionMode") {
        "Indexed" => indexed(spec, path, errors),
        "NonIndexed" | "" => {
            for key in ["backoffLimitPerIndex", "maxFailedIndexes"] {
                if let Some(number) = int(spec, key) {
                    errors.invalid_int(&path.field(key), number, NEEDS_INDEXES);
                }
            }
        }
        _ => {}
    }
    failure_policy(spec, &path.field("podFailurePolicy"), errors);
    success_policy(spec, &path.field("successPolicy"), errors);
    replacement_policy(spec, &path.field("podReplacementPolicy"), errors);
    let template = path.field("template");
    pod_template::template(spec.get("template"), &template, errors);
    let policy = spec.at(&["template", "spec", "restartPolicy"]).and_then(Value::as_str);
    restart_policy(policy.unwrap_or(""), spec, &template.field("spec"), errors);
}

pub(super) const NEEDS_INDEXES: &str = "requires indexed completion mode";

fn restart_policy(policy: &str, spec: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("restartPolicy");
    match policy {
        "" | "Always" => errors.required(&at, "valid values: \"OnFailure\", \"Never\""),
        "Never" => {}
        "OnFailure" => {
            if spec.get("podFailurePolicy").is_some() {
                let detail = "only \"Never\" is supported when podFailurePolicy is specified";
                errors.invalid_text(&at, policy, detail);
            }
        }
        _ => errors.unsupported(&at, policy, &["OnFailure", "Never"]),
    }
}

fn indexed(spec: &Value, path: &Path, errors: &mut Errors) {
    let at = |key: &'static str| path.field(key);
    let (completions, parallelism) = (int(spec, "completions"), int(spec, "parallelism"));
    let failed = int(spec, "maxFailedIndexes");
    if completions.is_none() {
        errors.required(&at("completions"), "when completion mode is Indexed");
    }
    if let Some(n) = parallelism.filter(|n| *n > MOST_INDEXES) {
        let detail = format!("must be less than or equal to {MOST_INDEXES} when completion mode is Indexed");
        errors.invalid_int(&at("parallelism"), n, detail);
    }
    if let (Some(n), Some(completions)) = (failed, completions)
        && n > completions
    {
        let detail = "must be less than or equal to completions";
        errors.invalid_int(&at("maxFailedIndexes"), n, detail);
    }
    if let Some(n) = failed.filter(|n| *n > MOST_INDEXES) {
        let detail = format!("must be less than or equal to {MOST_INDEXES}");
        errors.invalid_int(&at("maxFailedIndexes"), n, detail);
    }
    let many = completions.is_some_and(|n| n > MOST_INDEXES) && spec.get("backoffLimitPerIndex").is_some();
    if !many {
        return;
    }
    if failed.is_none() {
        let detail = format!("must be specified when completions is above {MOST_INDEXES}");
        errors.required(&at("maxFailedIndexes"), &detail);
    }
    for (key, number) in [("parallelism", parallelism), ("maxFailedIndexes", failed)] {
        if let Some(n) = number.filter(|n| *n > MOST_WITH_MANY_COMPLETIONS) {
            let detail = format!(
                "must be less than or equal to {MOST_WITH_MANY_COMPLETIONS} when completions are above {MOST_INDEXES} \
                 and used with backoff limit per index"
            );
            errors.invalid_int(&at(key), n, detail);
        }
    }
}

fn managed_by(spec: &Value, path: &Path, errors: &mut Errors) {
    let Some(name) = spec.get("managedBy").and_then(Value::as_str) else {
        return;
    };
    const LONGEST: usize = 63;
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&b);
    match name.split_once('/') {
        _ if name.is_empty() => errors.required(path, ""),
        Some((host, rest)) if !host.is_empty() && !rest.is_empty() => {
            errors.each(path, host, dns_subdomain(host));
            if !rest.bytes().all(allowed) {
                let detail = "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";
                errors.invalid_text(path, rest, detail);
            }
        }
        _ => errors.invalid_text(path, name, "must be a domain-prefixed path (such as \"acme.io/foo\")"),
    }
    if name.len() > LONGEST {
        errors.too_long(path, LONGEST);
    }
}

/// Names of the containers of the template.
pub(super) fn container_names(spec: &Value) -> Vec<&str> {
    let none = &Value::Null;
    let pod = spec.at(&["template", "spec"]).unwrap_or(none);
    let all = list(pod, "containers").iter().chain(list(pod, "initContainers"));
    all.map(|container| text(container, "name")).collect()
}
