//! Twin: pkg/controller/statefulset/stateful_set_utils.go (v1.36.2)
//! Covers: getPatch, the bytes of the patch in a StatefulSet's ControllerRevision.
//! Left out: numbers above 2^53, which upstream rounds.

use super::types::{self, Shape};
use super::{Out, TEMPLATE, amount};
use crate::manifest::Value;
use crate::sort;

/// The type of a value that the table does not know: written as it is.
const UNKNOWN: &str = "s";

/// Writes the patch that restores a template, keys sorted.
pub(super) fn write(template: &Value, out: &mut Out) {
    out("{\"spec\":{\"template\":{\"$patch\":\"replace\"");
    if let Shape::Struct(fields) = types::shape(TEMPLATE) {
        members(types::members(fields), template, false, out);
    }
    out("}}}");
}

fn encode(form: &'static str, value: &Value, out: &mut Out) {
    match types::shape(form) {
        Shape::Pointer(inner) if *value != Value::Null => encode(inner, value, out),
        Shape::List(item) if !value.items().is_empty() => list(value.items(), item, out),
        Shape::Map(item) if !value.members().is_empty() => {
            out("{");
            let members = value.members().iter();
            object(
                members.map(|(key, value)| (key.clone(), item, value)).collect(),
                true,
                out,
            );
            out("}");
        }
        Shape::Pointer(_) | Shape::List(_) | Shape::Map(_) | Shape::Time if zero(form, value) => out("null"),
        Shape::Quantity => match amount::text(value) {
            text if text.is_empty() => out("\"0\""),
            text => quote(&text, out),
        },
        Shape::Number | Shape::IntOrString if *value == Value::Null => out("0"),
        Shape::Bool if *value == Value::Null => out("false"),
        Shape::Text if *value == Value::Null => out("\"\""),
        Shape::Struct(fields) => {
            out("{");
            members(types::members(fields), value, true, out);
            out("}");
        }
        _ => anything(value, out),
    }
}

/// The members of an object: those that Go writes, and those of the value that the type does not have.
fn members(fields: Vec<types::Field>, value: &Value, first: bool, out: &mut Out) {
    let known = |key: &str| fields.iter().any(|field| field.key == key);
    let others = value.members().iter().filter(|(key, _)| !known(key));
    let mut all: Vec<(String, &'static str, &Value)> =
        others.map(|(key, value)| (key.clone(), UNKNOWN, value)).collect();
    for field in fields {
        let value = value.get(&field.key).unwrap_or(&Value::Null);
        if field.required || !zero(field.form, value) {
            all.push((field.key, field.form, value));
        }
    }
    object(all, first, out);
}

fn object(mut all: Vec<(String, &'static str, &Value)>, mut first: bool, out: &mut Out) {
    sort::sort_by(&mut all, |a, b| a.0.cmp(&b.0));
    for (key, form, value) in all {
        if !std::mem::take(&mut first) {
            out(",");
        }
        quote(&key, out);
        out(":");
        encode(form, value, out);
    }
}

fn list(items: &[Value], item: &'static str, out: &mut Out) {
    for (at, value) in items.iter().enumerate() {
        out(if at > 0 { "," } else { "[" });
        encode(item, value, out);
    }
    out("]");
}

/// A value that Go leaves out where it may. A struct that is no pointer always stands there.
fn zero(form: &'static str, value: &Value) -> bool {
    match types::shape(form) {
        Shape::Pointer(_) | Shape::Time => *value == Value::Null,
        Shape::List(_) => value.items().is_empty(),
        Shape::Map(_) => value.members().is_empty(),
        Shape::Number => matches!(value, Value::Null | Value::Int(0)),
        Shape::Bool => matches!(value, Value::Null | Value::Bool(false)),
        Shape::Text => *value == Value::Null || value.as_str() == Some(""),
        Shape::Quantity | Shape::IntOrString | Shape::Struct(_) => false,
    }
}

fn anything(value: &Value, out: &mut Out) {
    match value {
        Value::Null => out("null"),
        Value::Bool(yes) => out(if *yes { "true" } else { "false" }),
        Value::Int(number) => out(&number.to_string()),
        Value::Float(number) => out(&number.to_string()),
        Value::Str(text) => quote(text, out),
        Value::Seq(items) if items.is_empty() => out("[]"),
        Value::Seq(items) => list(items, UNKNOWN, out),
        Value::Map(members) => {
            out("{");
            let members = members.iter().map(|(key, value)| (key.clone(), UNKNOWN, value));
            object(members.collect(), true, out);
            out("}");
        }
    }
}

/// A text as Go's encoder writes it: safe in HTML, too.
fn quote(text: &str, out: &mut Out) {
    out("\"");
    for letter in text.chars() {
        match letter {
            '"' => out("\\\""),
            '\\' => out("\\\\"),
            '\n' => out("\\n"),
            '\r' => out("\\r"),
            '\t' => out("\\t"),
            '\u{8}' => out("\\b"),
            '\u{c}' => out("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => out(&format!("\\u{:04x}", letter as u32)),
            _ => out(letter.encode_utf8(&mut [0; 4])),
        }
    }
    out("\"");
}
