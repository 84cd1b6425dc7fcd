//! Values as the API server's errors show them: the JSON of Go's internal types, whose fields have no names for JSON.
//!
//! `internal_types.txt` has the internal types of Kubernetes v1.36 (pkg/apis/apps, batch and core; Apache-2.0) that
//! errors show, as far as they are not those of the API; its form is that of `template_hash/go_types.txt`.

use super::error::json;
use crate::api::template_hash::types::{self, Field, Shape};
use crate::manifest::Value;
use crate::sort;

const TYPES: &str = include_str!("internal_types.txt");

/// A value of an internal type.
pub fn shown(ty: &'static str, value: &Value) -> String {
    let mut out = String::new();
    write(ty, value, &mut out);
    out
}

/// A mapping with its keys in order, as Go prints one; `null` when there is none.
pub fn sorted(map: Option<&Value>) -> Value {
    let Some(map) = map else { return Value::Null };
    let mut members = map.members().to_vec();
    sort::sort_by(&mut members, |a, b| a.0.cmp(&b.0));
    Value::Map(members)
}

/// A label selector with its members in the order of its type.
pub fn selector(selector: &Value) -> Value {
    let mut members = Vec::new();
    if let Some(labels) = selector.get("matchLabels").filter(|l| !l.members().is_empty()) {
        members.push(("matchLabels".to_owned(), sorted(Some(labels))));
    }
    let expressions: Vec<Value> = selector
        .get("matchExpressions")
        .map_or(&[][..], Value::items)
        .iter()
        .map(requirement)
        .collect();
    if !expressions.is_empty() {
        members.push(("matchExpressions".to_owned(), Value::Seq(expressions)));
    }
    Value::Map(members)
}

fn requirement(of: &Value) -> Value {
    let text = |key: &str| of.get(key).cloned().unwrap_or(Value::Str(String::new()));
    let mut members = vec![
        ("key".to_owned(), text("key")),
        ("operator".to_owned(), text("operator")),
    ];
    if let Some(values) = of.get("values").filter(|v| !v.items().is_empty()) {
        members.push(("values".to_owned(), values.clone()));
    }
    Value::Map(members)
}

fn write(form: &'static str, value: &Value, out: &mut String) {
    let nothing = *value == Value::Null;
    match shape(form) {
        Shape::Pointer(_) | Shape::List(_) | Shape::Map(_) | Shape::Time if nothing => out.push_str("null"),
        Shape::Number | Shape::IntOrString if nothing => out.push('0'),
        Shape::Bool if nothing => out.push_str("false"),
        Shape::Quantity if nothing => out.push_str("\"0\""),
        Shape::Text if nothing => out.push_str("\"\""),
        Shape::Pointer(inner) => write(inner, value, out),
        Shape::List(item) => {
            let mut open = '[';
            for item_value in value.items() {
                out.push(open);
                write(item, item_value, out);
                open = ',';
            }
            out.push_str(if open == '[' { "[]" } else { "]" });
        }
        Shape::Map(_) => out.push_str(&json(&sorted(Some(value)))),
        Shape::Struct(fields) => {
            out.push('{');
            let moved = (form == "PodSpec").then(|| with_host(value));
            structure(form, fields, moved.as_ref().unwrap_or(value), out);
            out.push('}');
        }
        Shape::Quantity | Shape::IntOrString | Shape::Time | Shape::Number | Shape::Bool | Shape::Text => {
            out.push_str(&json(value));
        }
    }
}

/// A type by this table, else by that of the API's own types.
fn shape(form: &'static str) -> Shape {
    let of = |line: &'static str| line.strip_prefix(form)?.strip_prefix(' ');
    match TYPES.lines().find_map(of) {
        Some(line) => Shape::Struct(types::fields(line)),
        None => types::shape(form),
    }
}

/// Types that have names for JSON; they leave out what is empty.
const NAMED: [&str; 4] = [
    "ObjectMeta",
    "OwnerReference",
    "LabelSelector",
    "LabelSelectorRequirement",
];

fn structure(ty: &str, fields: Vec<Field>, value: &Value, out: &mut String) {
    let named = NAMED.contains(&ty);
    for field in fields {
        if let (true, Shape::Struct(embedded)) = (field.inline, shape(field.form)) {
            let metadata = value.get("metadata").filter(|_| field.form == "ObjectMeta");
            structure(field.form, embedded, metadata.unwrap_or(value), out);
            continue;
        }
        let member = value.get(&field.key).unwrap_or(&Value::Null);
        let empty =
            member.items().is_empty() && member.members().is_empty() && member.as_str().unwrap_or("").is_empty();
        let scalar = matches!(member, Value::Int(_) | Value::Bool(true));
        if named && !field.required && empty && !scalar {
            continue;
        }
        if !out.ends_with('{') {
            out.push(',');
        }
        out.push('"');
        out.push_str(if named { &field.key } else { field.name });
        out.push_str("\":");
        write(field.form, member, out);
    }
}

/// A spec of Pods with the fields that the internal type has in its security context.
fn with_host(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for key in [
        "hostNetwork",
        "hostPID",
        "hostIPC",
        "shareProcessNamespace",
        "hostUsers",
    ] {
        if let Some(value) = spec.get(key).cloned() {
            spec.entry("securityContext").set(key, value);
        }
    }
    spec
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::manifest::parse;

    /// Written by hand after the internal types of v1.36.2.
    #[test]
    fn templates_are_shown_as_their_internal_type() {
        let text = "{metadata: {labels: {b: x, a: z}}, spec: {hostNetwork: true, securityContext: {}, containers: \
                    [{name: c, image: <i>, livenessProbe: {tcpSocket: {port: 80}}, resources: {limits: {cpu: 100m}}}], \
                    volumes: [{name: v, emptyDir: {}}]}}";
        let shown = shown("PodTemplateSpec", &parse(text).documents[0].root.to_value());
        let plain: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let head = r#"{"labels":{"a":"z","b":"x"},"Spec":{"Volumes":[{"Name":"v","HostPath":null,"EmptyDir":{"#;
        assert!(shown.starts_with(head), "{shown}");
        assert!(
            shown.contains("\"Image\":\"\\u003ci\\u003e\",\"Command\":null"),
            "{shown}"
        );
        let spec = &plain["Spec"];
        assert_eq!(spec["SecurityContext"]["HostNetwork"], true);
        assert_eq!(spec["TerminationGracePeriodSeconds"], serde_json::Value::Null);
        let container = &spec["Containers"][0];
        assert_eq!(container["Resources"]["Limits"]["cpu"], "100m");
        assert_eq!(container["LivenessProbe"]["TCPSocket"]["Port"], 80);
        assert_eq!(container["LivenessProbe"]["HTTPGet"], serde_json::Value::Null);
        assert_eq!(container["Stdin"], false);
    }
}
