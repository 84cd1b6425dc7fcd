//! LimitRanges and ResourceQuotas.
//! Twin: pkg/apis/core/validation/validation.go (v1.36.2)
//! Covers: ValidateLimitRange, ValidateResourceQuota
//! Left out: huge pages, scopes that do not go together

use crate::api::fields::{list, members, text};
use crate::api::quantity::Quantity;
use crate::api::validation::error::{Errors, NOT_NEGATIVE};
use crate::api::validation::names::qualified_name;
use crate::api::validation::path::Path;
use crate::api::validation::resources::{container_resource, resource_name};
use crate::manifest::Value;
use crate::map::{Map, Set};

pub(super) fn limit_range(raw: &Value, errors: &mut Errors) {
    let Some(spec) = raw.get("spec") else { return };
    let root = Path::Root;
    let path = root.field("spec");
    let path = path.field("limits");
    let mut types = Set::new();
    for (index, item) in list(spec, "limits").iter().enumerate() {
        let at = path.index(index);
        let kind = text(item, "type");
        let type_path = at.field("type");
        let wrong = qualified_name(kind);
        let is_known = matches!(kind, "Container" | "Pod" | "PersistentVolumeClaim");
        if wrong.is_empty() && !is_known && !kind.contains('/') {
            errors.invalid_text(&type_path, kind, "must be a standard limit type or fully qualified");
        }
        errors.each(&type_path, kind, wrong);
        if !types.insert(kind) {
            errors.duplicate(&type_path, kind);
        }
        limits(item, kind, &at, errors);
    }
}

type Amounts = Map<String, Quantity>;

fn amounts(item: &Value, key: &str) -> Amounts {
    let all = members(item, key).iter();
    let amount = |(name, value): &(String, Value)| Some((name.clone(), Quantity::parse(value.as_str()?)?));
    all.filter_map(amount).collect()
}

fn limits(item: &Value, kind: &str, path: &Path, errors: &mut Errors) {
    for key in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
        let at = path.field(key);
        if kind == "Pod" && key.starts_with("default") {
            if !members(item, key).is_empty() {
                errors.forbidden(&at, "may not be specified when `type` is 'Pod'");
            }
            continue;
        }
        for (name, _) in members(item, key) {
            match kind {
                "Pod" | "Container" => container_resource(name, &at.key(name), errors),
                _ => {
                    resource_name(name, &at.key(name), errors);
                }
            }
        }
    }
    let (most, least) = (amounts(item, "max"), amounts(item, "min"));
    if kind == "PersistentVolumeClaim" && !most.contains_key("storage") && !least.contains_key("storage") {
        let detail = "either minimum or maximum storage value is required, but neither was provided";
        errors.required(&path.field("limits"), detail);
    }
    let (mut default, mut request) = (amounts(item, "default"), amounts(item, "defaultRequest"));
    if kind == "Container" {
        fill(&mut default, &most);
        fill(&mut request, &default);
        fill(&mut request, &least);
    }
    let ratio = amounts(item, "maxLimitRequestRatio");
    let names: Set<&String> = [&most, &least, &default, &request, &ratio]
        .into_iter()
        .flat_map(|all| all.keys())
        .collect();
    for name in names {
        let of = |all: &'_ Amounts| all.get(name).cloned();
        let (most, least, default, request) = (of(&most), of(&least), of(&default), of(&request));
        let mut ordered =
            |low: &Option<Quantity>, high: &Option<Quantity>, field: &str, shown: u8, words: (&str, &str)| {
                let (Some(low), Some(high)) = (low, high) else { return };
                if low.milli > high.milli {
                    let detail = format!(
                        "{} value {} is greater than {} value {}",
                        words.0, low.text, words.1, high.text
                    );
                    let shown = if shown == 0 { low } else { high };
                    errors.invalid_text(&path.field(field).key(name), &shown.text, detail);
                }
            };
        ordered(&least, &most, "min", 0, ("min", "max"));
        ordered(&least, &request, "defaultRequest", 1, ("min", "default request"));
        ordered(&request, &most, "defaultRequest", 0, ("default request", "max"));
        ordered(
            &request,
            &default,
            "defaultRequest",
            0,
            ("default request", "default limit"),
        );
        ordered(&least, &default, "default", 0, ("min", "default"));
        ordered(&default, &most, "default", 1, ("default", "max"));
        if let Some(ratio) = of(&ratio).filter(|ratio| ratio.milli < 1000) {
            let detail = format!("ratio {} is less than 1", ratio.text);
            errors.invalid_text(&path.field("maxLimitRequestRatio").key(name), &ratio.text, detail);
        }
    }
}

/// Amounts that are not given are those of others.
fn fill(all: &mut Amounts, from: &Amounts) {
    for (name, amount) in from {
        if !all.contains_key(name) {
            all.insert(name.clone(), amount.clone());
        }
    }
}

/// Resources whose objects are counted.
const COUNTED: [&str; 9] = [
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
];

pub(super) fn resource_quota(raw: &Value, errors: &mut Errors) {
    let Some(spec) = raw.get("spec") else { return };
    let root = Path::Root;
    let path = root.field("spec");
    let at = path.field("hard");
    for (name, amount) in members(spec, "hard") {
        let at = at.key(name);
        if resource_name(name, &at, errors) && !name.contains('/') {
            let is_known = COUNTED.contains(&&**name)
                || name.contains("hugepages-")
                || matches!(name.rsplit('.').next(), Some("cpu" | "memory" | "ephemeral-storage"))
                || name == "requests.storage";
            if !is_known {
                errors.invalid_text(&at, name, "must be a standard resource for quota");
            }
        }
        let Some(amount) = amount.as_str().and_then(Quantity::parse) else {
            continue;
        };
        if amount.milli < 0 {
            errors.invalid_text(&at, &amount.text, NOT_NEGATIVE);
        }
        if COUNTED.contains(&&**name) && amount.milli % 1000 != 0 {
            errors.invalid_text(&at, &amount.text, "must be an integer");
        }
    }
    let at = path.field("scopes");
    let scopes = list(spec, "scopes");
    let known = [
        "Terminating",
        "NotTerminating",
        "BestEffort",
        "NotBestEffort",
        "PriorityClass",
        "CrossNamespacePodAffinity",
        "VolumeAttributesClass",
    ];
    if scopes
        .iter()
        .any(|scope| !known.contains(&scope.as_str().unwrap_or("")))
    {
        errors.invalid(&at, &Value::Seq(scopes.to_vec()), "unsupported scope");
    }
}
