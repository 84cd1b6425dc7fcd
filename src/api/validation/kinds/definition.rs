//! CustomResourceDefinitions.
//! Twin: staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go (v1.36.2)
//! Twin: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/validation.go (v1.36.2)
//! Covers: ValidateCustomResourceDefinition, the types of structural schemas
//! Left out: conversion, printer columns, rules in CEL, defaults

use crate::api::fields::{flag, list, members, text};
use crate::api::validation::error::{Errors, quoted};
use crate::api::validation::names::{dns_1035_label, dns_subdomain};
use crate::api::validation::path::Path;
use crate::manifest::Value;
use crate::map::Set;

pub(super) fn definition(raw: &Value, errors: &mut Errors) {
    let none = Value::Map(Vec::new());
    let spec = raw.get("spec").unwrap_or(&none);
    let names = spec.get("names").unwrap_or(&none);
    let root = Path::Root;
    let path = root.field("spec");
    let group = text(spec, "group");
    let name = raw.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or("");
    if !name.is_empty() && name != format!("{}.{group}", text(names, "plural")) {
        let detail = "must be spec.names.plural+\".\"+spec.group";
        errors.invalid_text(&root.field("metadata").field("name"), name, detail);
    }
    approval(raw, group, errors);
    self::group(group, &path.field("group"), errors);
    match text(spec, "scope") {
        "" => errors.required(&path.field("scope"), ""),
        scope => errors.one_of(&path.field("scope"), scope, &["Cluster", "Namespaced"]),
    }
    if flag(spec, "preserveUnknownFields") {
        let detail = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema \
                      instead";
        errors.invalid(&path.field("preserveUnknownFields"), &Value::Bool(true), detail);
    }
    versions(spec, &path, errors);
    self::names(names, &path.field("names"), errors);
    stored(spec, &root, errors);
}

/// Groups of the project itself need its word.
fn approval(raw: &Value, group: &str, errors: &mut Errors) {
    const KEY: &str = "api-approved.kubernetes.io";
    let is_own = [".k8s.io", ".kubernetes.io"].iter().any(|end| group.ends_with(end));
    let given = raw.at(&["metadata", "annotations", KEY]).and_then(Value::as_str);
    if is_own && given.unwrap_or("").is_empty() {
        let root = Path::Root;
        let path = root.field("metadata");
        let detail = format!(
            "protected groups must have approval annotation {}, see \
             https://github.com/kubernetes/enhancements/pull/1111",
            quoted(KEY)
        );
        errors.required(&path.field("annotations").key(KEY), &detail);
    }
}

fn group(group: &str, path: &Path, errors: &mut Errors) {
    let wrong = dns_subdomain(group);
    if group.is_empty() {
        errors.required(path, "");
    } else if !wrong.is_empty() {
        errors.invalid_text(path, group, wrong.join(","));
    } else if !group.contains('.') {
        errors.invalid_text(path, group, "should be a domain with at least one dot");
    }
}

fn versions(spec: &Value, path: &Path, errors: &mut Errors) {
    let all = list(spec, "versions");
    let at = path.field("versions");
    let mut seen = Set::new();
    let mut is_unique = true;
    let schema = |version: &Value| version.at(&["schema", "openAPIV3Schema"]).cloned();
    // A schema that all versions share is that of the whole.
    let shared = all
        .iter()
        .all(|version| schema(version) == all.first().and_then(schema));
    for (index, version) in all.iter().enumerate() {
        let at = at.index(index);
        let name = text(version, "name");
        is_unique &= seen.insert(name);
        let wrong = dns_1035_label(name);
        if !wrong.is_empty() {
            errors.invalid_text(&at.field("name"), name, wrong.join(","));
        }
        match schema(version) {
            None => errors.required(&at.field("schema").field("openAPIV3Schema"), "schemas are required"),
            Some(schema) if !shared => root_schema(&schema, &at.field("schema").field("openAPIV3Schema"), errors),
            Some(_) => {}
        }
    }
    let stored = all.iter().filter(|version| flag(version, "storage")).count();
    for (is_wrong, detail) in [
        (!is_unique, "must contain unique version names"),
        (stored != 1, "must have exactly one version marked as storage version"),
    ] {
        if is_wrong {
            errors.invalid_shown(&at, shown(all), detail);
        }
    }
    let first = all.first().map_or("", |version| text(version, "name"));
    let wrong = dns_1035_label(first);
    if !wrong.is_empty() {
        errors.invalid_text(&path.field("version"), first, wrong.join(","));
    }
    if let Some(schema) = all.first().and_then(schema).filter(|_| shared) {
        let at = path.field("validation");
        root_schema(&schema, &at.field("openAPIV3Schema"), errors);
    }
}

/// Versions as Go prints the internal type, whose schema lies elsewhere when all share one.
fn shown(versions: &[Value]) -> String {
    let one = |version: &Value| {
        format!(
            "{{\"Name\":{},\"Served\":{},\"Storage\":{},\"Deprecated\":{},\"DeprecationWarning\":null,\"Schema\":null,\
             \"Subresources\":null,\"AdditionalPrinterColumns\":null,\"SelectableFields\":null}}",
            quoted(text(version, "name")),
            flag(version, "served"),
            flag(version, "storage"),
            flag(version, "deprecated")
        )
    };
    let all: Vec<String> = versions.iter().map(one).collect();
    format!("[{}]", all.join(","))
}

fn names(names: &Value, path: &Path, errors: &mut Errors) {
    let kind = text(names, "kind");
    let default = |key: &str| match (text(names, key), key) {
        ("", "singular") => kind.to_ascii_lowercase(),
        ("", "listKind") if !kind.is_empty() => format!("{kind}List"),
        (given, _) => given.to_owned(),
    };
    let keys = ["plural", "singular", "kind", "listKind"];
    for key in keys {
        if default(key).is_empty() {
            errors.required(&path.field(key), "");
        }
    }
    for key in keys {
        let name = default(key);
        let lower = if key.ends_with("ind") {
            name.to_ascii_lowercase()
        } else {
            name.clone()
        };
        let wrong = dns_1035_label(&lower);
        if !name.is_empty() && !wrong.is_empty() {
            errors.invalid_text(&path.field(key), &name, wrong.join(","));
        }
    }
    if !kind.is_empty() && default("listKind") == kind {
        let detail = "kind and listKind may not be the same";
        errors.invalid_text(&path.field("listKind"), kind, detail);
    }
    for key in ["shortNames", "categories"] {
        let at = path.field(key);
        for (index, name) in list(names, key).iter().filter_map(Value::as_str).enumerate() {
            let wrong = dns_1035_label(name);
            if !wrong.is_empty() {
                errors.invalid_text(&at.index(index), name, wrong.join(","));
            }
        }
    }
}

/// The status names the first version that is stored; each that is stored must be named.
fn stored(spec: &Value, root: &Path, errors: &mut Errors) {
    let versions = list(spec, "versions").iter().filter(|version| flag(version, "storage"));
    let mut names = versions.map(|version| text(version, "name"));
    let Some(first) = names.next() else { return };
    let status = root.field("status");
    let at = status.field("storedVersions");
    for name in names {
        let detail = format!("must have the storage version {name}");
        errors.invalid(&at, &Value::Seq(vec![first.into()]), detail);
    }
}

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

fn root_schema(schema: &Value, path: &Path, errors: &mut Errors) {
    let at = path.field("type");
    match text(schema, "type") {
        "" => errors.required(&at, "must not be empty at the root"),
        "object" => {}
        kind => errors.invalid_text(&at, kind, "must be object at the root"),
    }
    known_type(schema, path, errors);
    nested(schema, path, 0, errors);
}

fn known_type(schema: &Value, path: &Path, errors: &mut Errors) {
    let kind = text(schema, "type");
    if !kind.is_empty() {
        errors.one_of(&path.field("type"), kind, &TYPES);
    }
}

/// Schemas lie at most this deep in each other here; a text cannot nest deeper either.
const DEPTH: usize = 64;

fn nested(schema: &Value, path: &Path, depth: usize, errors: &mut Errors) {
    if depth > DEPTH {
        return;
    }
    let mut below = |inner: &Value, at: &Path, of: &str| {
        let is_free = flag(inner, "x-kubernetes-int-or-string") || flag(inner, "x-kubernetes-preserve-unknown-fields");
        if text(inner, "type").is_empty() && !is_free {
            errors.required(&at.field("type"), &format!("must not be empty for specified {of}"));
        }
        known_type(inner, at, errors);
        nested(inner, at, depth + 1, errors);
    };
    let properties = path.field("properties");
    for (key, inner) in members(schema, "properties") {
        below(inner, &properties.key(key), "object fields");
    }
    if let Some(inner @ Value::Map(_)) = schema.get("items") {
        below(inner, &path.field("items"), "array items");
    }
    if let Some(inner @ Value::Map(_)) = schema.get("additionalProperties") {
        below(inner, &path.field("additionalProperties"), "object fields");
    }
}
