//! Values as the API server's errors show them: the JSON of Go's internal types, which have no names for JSON of their
//! own. The internal types of a workload are in `internal_types.txt`.

use super::error::json;
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
    let inner = form.get(1..).unwrap_or("");
    match (form, form.as_bytes().first()) {
        (_, Some(b'*' | b'[')) if *value == Value::Null => out.push_str("null"),
        (_, Some(b'*')) => write(inner, value, out),
        (_, Some(b'[')) => {
            let mut open = '[';
            for item in value.items() {
                out.push(open);
                write(inner, item, out);
                open = ',';
            }
            out.push_str(if open == '[' { "[]" } else { "]" });
        }
        ("i" | "x", _) if *value == Value::Null => out.push('0'),
        ("s", _) if *value == Value::Null => out.push_str("\"\""),
        _ => match fields(form) {
            Some(fields) => structure(fields, value, out),
            None => out.push_str(&json(value)),
        },
    }
}

fn structure(fields: &'static str, value: &Value, out: &mut String) {
    let mut open = '{';
    for field in fields.split(' ') {
        let (name, form) = field.split_once(':').unwrap_or((field, "s"));
        out.push(open);
        out.push('"');
        out.push_str(name);
        out.push_str("\":");
        let key = name.get(..1).unwrap_or("").to_ascii_lowercase() + name.get(1..).unwrap_or("");
        write(form, value.get(&key).unwrap_or(&Value::Null), out);
        open = ',';
    }
    out.push('}');
}

/// The fields of a type as the table writes them.
fn fields(ty: &str) -> Option<&'static str> {
    TYPES.lines().find_map(|line| line.strip_prefix(ty)?.strip_prefix(' '))
}
