//! Twin: vendor/github.com/davecgh/go-spew/spew/format.go (v1.36.2)
//! Covers: `%#v` of the types in the table, as `dump.ForHash` configures it: types, sorted keys, no addresses.
//! Left out: interfaces, pointers in lists, nil and empty apart: a list or map without entries was nil when it was
//! stored.

use super::types::{self, Field, Shape};
use super::{Out, amount};
use crate::manifest::Value;
use crate::sort;

/// Writes a value of a type, with the type in front when `typed`.
pub(super) fn write(form: &'static str, value: &Value, typed: bool, out: &mut Out) {
    if typed {
        out("(");
        out(&types::go(form));
        out(")");
    }
    match types::shape(form) {
        Shape::Pointer(_) if *value == Value::Null => out("<nil>"),
        Shape::Pointer(inner) => write(inner, value, false, out),
        Shape::List(item) => match value.items() {
            [] => out("<nil>"),
            items => list(items, item, out),
        },
        Shape::Map(item) => match value.members() {
            [] => out("<nil>"),
            members => map(members, item, out),
        },
        Shape::Quantity => amount::write(value, out),
        Shape::IntOrString => int_or_string(value, out),
        Shape::Time if *value == Value::Null => {
            out("{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}");
        }
        Shape::Number if *value == Value::Null => out("0"),
        Shape::Bool if *value == Value::Null => out("false"),
        Shape::Time | Shape::Number | Shape::Bool | Shape::Text => anything(value, out),
        Shape::Struct(fields) => {
            out("{");
            structure(&fields, value, out);
            others(fields, value, out);
            out("}");
        }
    }
}

fn structure(fields: &[Field], value: &Value, out: &mut Out) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out(" ");
        }
        out(field.name);
        out(":");
        if let (true, Shape::Struct(embedded)) = (field.inline, types::shape(field.form)) {
            out("(");
            out(&types::go(field.form));
            out("){");
            structure(&embedded, value, out);
            out("}");
        } else {
            write(field.form, value.get(&field.key).unwrap_or(&Value::Null), true, out);
        }
    }
}

/// Members that the type does not have. A real API server drops them; here they keep two templates apart that differ.
fn others(fields: Vec<Field>, value: &Value, out: &mut Out) {
    let members = types::members(fields);
    for (key, value) in value.members() {
        if !members.iter().any(|field| field.key == *key) {
            out(" ");
            out(key);
            out(":");
            anything(value, out);
        }
    }
}

fn list(items: &[Value], item: &'static str, out: &mut Out) {
    out("[");
    for (at, value) in items.iter().enumerate() {
        if at > 0 {
            out(" ");
        }
        write(item, value, false, out);
    }
    out("]");
}

fn map(members: &[(String, Value)], item: &'static str, out: &mut Out) {
    let mut sorted: Vec<&(String, Value)> = members.iter().collect();
    sort::sort_by(&mut sorted, |a, b| a.0.cmp(&b.0));
    out("map[");
    for (at, (key, value)) in sorted.into_iter().enumerate() {
        if at > 0 {
            out(" ");
        }
        out(key);
        out(":");
        write(item, value, false, out);
    }
    out("]");
}

fn int_or_string(value: &Value, out: &mut Out) {
    let text = value.as_str();
    out(if text.is_some() {
        "{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)"
    } else {
        "{Type:(intstr.Type)0 IntVal:(int32)"
    });
    match (text, value) {
        (Some(text), _) => out(text),
        (None, Value::Null) => out("0 StrVal:(string)"),
        (None, value) => {
            anything(value, out);
            out(" StrVal:(string)");
        }
    }
    out("}");
}

/// A value without looking at its type: as Go prints texts, numbers and booleans.
fn anything(value: &Value, out: &mut Out) {
    match value {
        Value::Null => {}
        Value::Bool(yes) => out(if *yes { "true" } else { "false" }),
        Value::Int(number) => out(&number.to_string()),
        Value::Float(number) => out(&number.to_string()),
        Value::Str(text) => out(text),
        Value::Seq(items) => list(items, "s", out),
        Value::Map(members) => map(members, "s", out),
    }
}
