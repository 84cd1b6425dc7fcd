//! Strict decoding: a document checked against the schema of its kind, and made plain data on the way.
//!
//! All unknown fields and wrong types are found in one walk, each said at its place in the words the API server has for
//! it. What comes out holds only known fields of the right type, without nulls, as the server would keep it.

use super::nearest::nearest;
use super::quantity::{QUANTITY_ERROR, Quantity};
use super::relocate::{Home, relocate};
use super::scenario::Span;
use super::schema::{Field, Schema, Shape, Type, schema};
use crate::manifest::{Diagnostic, Entry, Fix, Node, NodeKind, Range, Resolved, Scalar, Severity, Trail, Value};
use crate::time::Calendar;

/// Checks `node`, a document of `text`, against the type `name`. Anything unknown or wrong is left out of the value.
pub fn decode(text: &str, node: &Node, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Value {
    let schema = schema();
    let mut walk = Walk {
        text,
        schema,
        diagnostics,
    };
    match schema.get(name) {
        Some(ty) => walk.object(node, ty, &Trail::Root, &[]),
        None => node.to_value(),
    }
}

/// Names are suggested for so many unknown fields of a document.
const MAX_FIXES: usize = 100;

struct Walk<'d> {
    text: &'d str,
    schema: &'static Schema,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// An object that holds another: its type, itself and its path.
type Outer<'a> = (&'a Type, &'a Node, &'a Trail<'a>);

/// The object that holds a field, and the field's own name, as decoding errors give them.
#[derive(Clone, Copy)]
struct Owner<'a> {
    ty: &'a Type,
    /// The object itself.
    node: &'a Node,
    /// The objects around, outermost first.
    around: &'a [Outer<'a>],
    key_range: Range,
    /// The path to the field.
    field: &'a Trail<'a>,
}

impl Walk<'_> {
    fn object(&mut self, node: &Node, ty: &Type, trail: &Trail, around: &[Outer]) -> Value {
        let mut members = Vec::with_capacity(node.entries().len());
        for entry in node.entries().iter().filter(|entry| !entry.shadowed) {
            let at = Trail::Key(trail, &entry.key);
            let Some(field) = ty.field(&entry.key) else {
                self.unknown(node, entry, ty, &at, around);
                continue;
            };
            if entry.value.is_null() {
                continue;
            }
            let owner = Owner {
                ty,
                node,
                around,
                key_range: entry.key_range,
                field: &at,
            };
            if let Some(value) = self.value(&entry.value, &field.shape, &at, trail, owner) {
                members.push((entry.key.to_string(), value));
            }
        }
        Value::Map(members)
    }

    /// A value of the wanted shape; `None` after saying what is wrong with it.
    fn value(&mut self, node: &Node, shape: &Shape, at: &Trail, above: &Trail, owner: Owner) -> Option<Value> {
        match (shape, &node.kind) {
            (Shape::Any, _) => Some(node.to_value()),
            (Shape::Object(name), NodeKind::Map(_)) => {
                let Some(ty) = self.schema.get(name) else {
                    return Some(node.to_value());
                };
                let mut around = owner.around.to_vec();
                around.push((owner.ty, owner.node, above));
                Some(self.object(node, ty, at, &around))
            }
            (Shape::List(item), NodeKind::Seq(items)) => {
                let mut all = Vec::with_capacity(items.len());
                for (index, node) in items.iter().enumerate() {
                    let at = Trail::Index(at, index);
                    if node.is_null() {
                        // Go makes the zero value of a null item.
                        all.push(zero(item));
                    } else {
                        all.push(self.value(node, item, &at, above, owner).unwrap_or_else(|| zero(item)));
                    }
                }
                Some(Value::Seq(all))
            }
            (Shape::Map(item), NodeKind::Map(entries)) => {
                let mut all = Vec::with_capacity(entries.len());
                for entry in entries.iter().filter(|entry| !entry.shadowed) {
                    let at = Trail::Key(at, &entry.key);
                    let owner = Owner {
                        key_range: entry.key_range,
                        ..owner
                    };
                    let value = if entry.value.is_null() {
                        Some(zero(item))
                    } else {
                        self.value(&entry.value, item, &at, above, owner)
                    };
                    all.extend(value.map(|value| (entry.key.to_string(), value)));
                }
                Some(Value::Map(all))
            }
            (Shape::OneOrMany(item), NodeKind::Seq(items)) => {
                let all = items.iter().enumerate();
                let all =
                    all.filter_map(|(index, node)| self.value(node, item, &Trail::Index(at, index), above, owner));
                Some(Value::Seq(all.collect()))
            }
            (Shape::OneOrMany(item), _) => self.value(node, item, at, above, owner),
            (Shape::WordOr(word, _), NodeKind::Scalar(s))
                if s.resolved == Resolved::Str && (*word == "*" || *s.text == **word) =>
            {
                Some(Value::Str(s.text.to_string()))
            }
            (Shape::WordOr(_, item), NodeKind::Map(_)) => self.value(node, item, at, above, owner),
            (_, NodeKind::Scalar(scalar)) => self.scalar(node, scalar, shape, at, owner),
            _ => self.wrong(node, shape, at, owner),
        }
    }

    fn scalar(&mut self, node: &Node, scalar: &Scalar, shape: &Shape, at: &Trail, owner: Owner) -> Option<Value> {
        let text = &*scalar.text;
        match (shape, scalar.resolved) {
            (Shape::Text | Shape::Word(_), Resolved::Str) => Some(Value::Str(text.to_owned())),
            (Shape::Bool, Resolved::Bool(b)) => Some(Value::Bool(b)),
            (Shape::Int32, Resolved::Int(n)) if i32::try_from(n).is_ok() => Some(Value::Int(n)),
            (Shape::Int64, Resolved::Int(n)) => Some(Value::Int(n)),
            (Shape::Unsigned, Resolved::Int(n)) if n >= 0 => Some(Value::Int(n)),
            (Shape::IntOrString, Resolved::Str) => Some(Value::Str(text.to_owned())),
            (Shape::IntOrString, Resolved::Int(n)) if i32::try_from(n).is_ok() => Some(Value::Int(n)),
            (Shape::Quantity, Resolved::Str | Resolved::Int(_) | Resolved::Float(_) | Resolved::Bool(_)) => {
                let written = match scalar.resolved {
                    Resolved::Int(n) => n.to_string(),
                    Resolved::Float(x) => x.to_string(),
                    _ => text.to_owned(),
                };
                match Quantity::check(&written) {
                    Ok(_) => Some(Value::Str(written)),
                    Err(message) => {
                        self.say(
                            node,
                            at,
                            "bad-quantity",
                            message.to_owned(),
                            quantity_fix(node.range, &written),
                        );
                        None
                    }
                }
            }
            (Shape::Time, Resolved::Str) if Calendar::default().parse(text).is_some() => {
                Some(Value::Str(text.to_owned()))
            }
            (Shape::Time, Resolved::Str) => {
                let message = format!(
                    "parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\""
                );
                self.say(node, at, "wrong-type", message, Vec::new());
                None
            }
            (Shape::Bytes, Resolved::Str) => match bad_base64(text) {
                None => Some(Value::Str(text.to_owned())),
                Some(byte) => {
                    let message = format!("illegal base64 data at input byte {byte}");
                    self.say(node, at, "bad-base64", message, Vec::new());
                    None
                }
            },
            (Shape::Span, Resolved::Str | Resolved::Int(_) | Resolved::Float(_)) if Span::parse(text).is_some() => {
                Some(Value::Str(text.to_owned()))
            }
            (Shape::List(item), _) if text.is_empty() && scalar.resolved == Resolved::Null => Some(zero(item)),
            _ => self.wrong(node, shape, at, owner),
        }
    }

    fn wrong(&mut self, node: &Node, shape: &Shape, at: &Trail, owner: Owner) -> Option<Value> {
        let found = match &node.kind {
            NodeKind::Map(_) => "object",
            NodeKind::Seq(_) => "array",
            NodeKind::Scalar(s) => match s.resolved {
                Resolved::Str => "string",
                Resolved::Bool(_) => "bool",
                Resolved::Int(_) | Resolved::Float(_) => "number",
                Resolved::Null => "null",
            },
        };
        let scenario = owner.around.first().map_or(owner.ty, |(ty, ..)| ty).name == "Scenario";
        let message = match (&node.kind, shape) {
            _ if scenario => format!("{at}: expected {}, found {}", shape.plain(), found_plain(node)),
            (_, Shape::Quantity) => QUANTITY_ERROR.to_owned(),
            (_, Shape::IntOrString) => format!("json: cannot unmarshal {found} into Go value of type int32"),
            (_, Shape::Time) => "json: cannot unmarshal ".to_owned() + found + " into Go value of type string",
            (NodeKind::Scalar(s), Shape::Int32 | Shape::Int64 | Shape::Unsigned) if found == "number" => {
                let field = format!("{}.{}", owner.ty.name, owner.field.keys());
                format!(
                    "json: cannot unmarshal number {} into Go struct field {field} of type {}",
                    s.text,
                    shape.go()
                )
            }
            _ => {
                // Errors inside a mapping or list name the field that holds it, not the key or index.
                let field = format!("{}.{}", owner.ty.name, owner.field.keys());
                format!(
                    "json: cannot unmarshal {found} into Go struct field {field} of type {}",
                    shape.go()
                )
            }
        };
        let fixes = type_fix(node, shape);
        let range = match node.kind {
            NodeKind::Scalar(_) if node.range.start < node.range.end => node.range,
            _ => owner.key_range,
        };
        self.diagnostics.push(Diagnostic {
            severity: Severity::Error,
            code: "wrong-type",
            message,
            range,
            path: at.to_string(),
            fixes,
        });
        None
    }

    fn unknown(&mut self, node: &Node, entry: &Entry, ty: &Type, at: &Trail, around: &[Outer]) {
        let (key, range) = (&*entry.key, entry.key_range);
        let mut fixes = Vec::new();
        // The hundredth finding of a document needs no suggestion, and looking for one takes time.
        if self.diagnostics.len() < MAX_FIXES {
            if let Some((place, home)) = self.home(node, key, ty, around) {
                let extent = Range {
                    start: range.start,
                    end: entry.value.range.end.max(range.end),
                };
                let title = format!("Move \"{key}\" under {place}");
                let moved = home.and_then(|home| relocate(self.text, extent, &home, title));
                // Where the text cannot be changed in one go, at least the place is said.
                fixes.push(moved.unwrap_or_else(|| {
                    Fix {
                        title: format!("\"{key}\" belongs under {place}"),
                        range,
                        text: self
                            .text
                            .get(range.start as usize..range.end as usize)
                            .unwrap_or(key)
                            .to_owned(),
                    }
                }));
            } else {
                let free = |name: &&'static str| node.entry(name).is_none();
                let near = nearest(key, ty.fields.iter().map(|field| field.name).filter(free));
                fixes.extend(near.map(|near| Fix {
                    title: format!("Change to \"{near}\""),
                    range,
                    text: near.to_owned(),
                }));
            }
        }
        self.diagnostics.push(Diagnostic {
            severity: Severity::Error,
            code: "unknown-field",
            message: format!("unknown field \"{}\"", at.dotted()),
            range,
            path: at.to_string(),
            fixes,
        });
    }

    /// Where else a field of this name is at home: in an object below, or in one of those around. With the object when
    /// it is there or can be made.
    fn home<'n>(
        &self,
        node: &'n Node,
        key: &str,
        ty: &Type,
        around: &[Outer<'n>],
    ) -> Option<(String, Option<Home<'n>>)> {
        let below = |ty: &Type| -> Vec<(&'static str, &'static Type)> {
            let inner = ty
                .fields
                .iter()
                .filter_map(|field| Some((field.name, self.object_field(field)?)));
            inner.collect()
        };
        let into = |there: &'n Node| there.get(key).is_none().then_some(Home::Into(there));
        // An object that is written beside the field comes first, then those around, then one that is yet to be made.
        for (name, inner) in below(ty) {
            let Some(there) = node.get(name) else { continue };
            if inner.field(key).is_some() {
                return Some((format!("\"{name}\""), into(there)));
            }
            for (deeper, ty) in below(inner) {
                if let Some(there) = there.get(deeper).filter(|_| ty.field(key).is_some()) {
                    return Some((format!("\"{name}.{deeper}\""), into(there)));
                }
            }
        }
        if let Some((_, there, trail)) = around.iter().rev().find(|(ty, ..)| ty.field(key).is_some()) {
            let path = trail.to_string();
            let place = if path.is_empty() {
                "the top level".to_owned()
            } else {
                format!("\"{path}\"")
            };
            return Some((place, into(there)));
        }
        let (name, _) = below(ty).into_iter().find(|(_, inner)| inner.field(key).is_some())?;
        Some((
            format!("\"{name}\""),
            node.get(name).is_none().then_some(Home::Make(name)),
        ))
    }

    /// The type of a field that holds one object. Status is left out: looking there only finds chance namesakes.
    fn object_field(&self, field: &Field) -> Option<&'static Type> {
        match &field.shape {
            Shape::Object(name) if field.name != "status" => self.schema.get(name),
            _ => None,
        }
    }

    fn say(&mut self, node: &Node, at: &Trail, code: &'static str, message: String, fixes: Vec<Fix>) {
        self.diagnostics.push(Diagnostic {
            severity: Severity::Error,
            code,
            message,
            range: node.range,
            path: at.to_string(),
            fixes,
        });
    }
}

/// What Go makes of a null where a value must be.
fn zero(shape: &Shape) -> Value {
    match shape {
        Shape::Text | Shape::Word(_) | Shape::Bytes | Shape::IntOrString => Value::Str(String::new()),
        Shape::Int32 | Shape::Int64 | Shape::Unsigned => Value::Int(0),
        Shape::Bool => Value::Bool(false),
        Shape::Quantity => Value::Str("0".to_owned()),
        Shape::Object(_) | Shape::Map(_) => Value::Map(Vec::new()),
        Shape::List(_) | Shape::OneOrMany(_) => Value::Seq(Vec::new()),
        Shape::Time | Shape::Span | Shape::Any | Shape::WordOr(..) => Value::Null,
    }
}

fn found_plain(node: &Node) -> String {
    match &node.kind {
        NodeKind::Map(_) => "an object".to_owned(),
        NodeKind::Seq(_) => "a list".to_owned(),
        NodeKind::Scalar(s) => match s.resolved {
            Resolved::Str => format!("\"{}\"", s.text),
            Resolved::Bool(b) => format!("the boolean {b}"),
            Resolved::Int(_) | Resolved::Float(_) => format!("the number {}", s.text),
            Resolved::Null => "nothing".to_owned(),
        },
    }
}

fn type_fix(node: &Node, shape: &Shape) -> Vec<Fix> {
    let NodeKind::Scalar(scalar) = &node.kind else {
        return Vec::new();
    };
    let text = &*scalar.text;
    let fix = |title: &str, text: String| {
        vec![Fix {
            title: title.to_owned(),
            range: node.range,
            text,
        }]
    };
    match shape {
        Shape::Text | Shape::Word(_) if scalar.plain => fix("Put it in quotes", format!("\"{text}\"")),
        Shape::Int32 | Shape::Int64 if text.parse::<i32>().is_ok() => fix("Remove the quotes", text.to_owned()),
        Shape::Bool if matches!(text, "true" | "false") => fix("Remove the quotes", text.to_owned()),
        Shape::List(item) if matches!(**item, Shape::Text) && scalar.resolved == Resolved::Str => {
            let words: Vec<String> = text.split_whitespace().map(|w| format!("{w:?}")).collect();
            fix("Make it a list", format!("[{}]", words.join(", ")))
        }
        _ => Vec::new(),
    }
}

/// `64mb` and the like with the suffix that was probably meant.
fn quantity_fix(range: Range, text: &str) -> Vec<Fix> {
    let at = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(at);
    let meant = match suffix.trim().to_ascii_lowercase().as_str() {
        "kb" | "kib" | "ki" => "Ki",
        "mb" | "mib" | "mi" => "Mi",
        "gb" | "gib" | "gi" | "g" => "Gi",
        "tb" | "tib" | "ti" => "Ti",
        _ => return Vec::new(),
    };
    if number.is_empty() {
        return Vec::new();
    }
    vec![Fix {
        title: format!("Change to {number}{meant}"),
        range,
        text: format!("{number}{meant}"),
    }]
}

/// Where a text stops being base64, as Go's decoder counts; line breaks are passed over. `None` when it is base64.
fn bad_base64(text: &str) -> Option<usize> {
    let mut count = 0_usize;
    let mut padding = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\r' | b'\n' => {}
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => count += 1,
            b'=' if (count + padding) % 4 >= 2 => padding += 1,
            _ => return Some(at),
        }
    }
    let rest = (count + padding) % 4;
    (rest != 0).then_some(text.len() - rest)
}
