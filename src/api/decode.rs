//! Strict decoding: a document checked against the schema of its kind, and made plain data on the way.
//!
//! All unknown fields and wrong types are found in one walk, each said at its place in the words the API server has for
//! it. What comes out holds only known fields of the right type, without nulls, as the server would keep it.

use super::misplaced::{Holder, Outer};
use super::quantity::{QUANTITY_ERROR, Quantity};
use super::scenario::Span;
use super::schema::{Schema, Shape, Type, schema};
use super::type_fix::{self, Misfit};
use super::validation::quoted;
use crate::manifest::{
    Diagnostic, Entry, FieldPath, Fix, Node, NodeKind, Range, Resolved, Scalar, Severity, Step, Trail, Value, parse,
};
use crate::sort;
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

/// The first error of the metadata of an object, as Go's decoder has it.
pub fn metadata_error(root: &Value) -> Option<String> {
    let metadata = root.get("metadata")?;
    let object = Value::Map(vec![("metadata".to_owned(), metadata.clone())]);
    let text = serde_json::Value::from(&object).to_string();
    let parsed = parse(&text);
    let mut found = Vec::new();
    decode(&text, &parsed.documents.first()?.root, "ConfigMap", &mut found);
    found.retain(|d| d.code == "wrong-type");
    in_order(&mut found);
    let message = &found.first()?.message;
    Some(message.replacen("ConfigMap.metadata", "metadataOnlyObject.metadata", 1))
}

/// Puts findings into the order in which a decoder meets their fields: kubectl sends objects with their keys sorted.
pub fn in_order(found: &mut [Diagnostic]) {
    sort::sort_by(found, |a, b| {
        FieldPath::parse(&a.path).0.cmp(&FieldPath::parse(&b.path).0)
    });
}

/// Names are suggested for so many unknown fields of a document.
const MAX_FIXES: usize = 100;

struct Walk<'d> {
    text: &'d str,
    schema: &'static Schema,
    diagnostics: &'d mut Vec<Diagnostic>,
}

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
                        // kubectl apply takes labels without a value out before it sends the object.
                        let dropped = matches!(owner.field.to_path().0.as_slice(), [Step::Key(a), Step::Key(_)] if a == "metadata");
                        (!dropped).then(|| zero(item))
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
                            type_fix::quantity(node.range, &written).into_iter().collect(),
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
                    let fix = type_fix::base64(node.range, text);
                    self.say(node, at, "bad-base64", message, vec![fix]);
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
            (NodeKind::Scalar(s), Shape::Int32 | Shape::Int64 | Shape::Unsigned) if found == "number" => {
                let field = self.go_field(owner);
                format!(
                    "json: cannot unmarshal number {} into Go struct field {field} of type {}",
                    s.text,
                    shape.go()
                )
            }
            _ => {
                // Errors inside a mapping or list name the field that holds it, not the key or index.
                let field = self.go_field(owner);
                let wanted = match shape {
                    Shape::Time => "string".to_owned(),
                    // Bytes are read from a list of numbers too.
                    Shape::Bytes if found == "array" => "uint8".to_owned(),
                    shape => shape.go(),
                };
                format!("json: cannot unmarshal {found} into Go struct field {field} of type {wanted}")
            }
        };
        let misfit = Misfit {
            text: self.text,
            node,
            key: owner.key_range,
        };
        let fixes = misfit.fixes(shape);
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

    /// The field as Go's decoder names it: `Container.spec.containers.image`, embedded structs included.
    fn go_field(&self, owner: Owner) -> String {
        let keys = |trail: &Trail| {
            trail
                .to_path()
                .0
                .into_iter()
                .filter(|step| matches!(step, Step::Key(_)))
                .count()
        };
        let mut holders: Vec<(usize, &str)> = owner.around.iter().map(|(ty, _, at)| (keys(at), ty.name)).collect();
        holders.push((keys(owner.field).saturating_sub(1), owner.ty.name));
        let mut field = owner.ty.go().to_owned();
        let mut depth = 0;
        for step in owner.field.to_path().0 {
            let Step::Key(key) = step else { continue };
            let holder = holders.iter().find(|(at, _)| *at == depth);
            if let Some(inner) = holder.and_then(|(_, ty)| self.schema.embedded(ty, &key)) {
                field = field + "." + inner;
            }
            field = field + "." + &key;
            depth += 1;
        }
        field
    }

    fn unknown(&mut self, node: &Node, entry: &Entry, ty: &Type, at: &Trail, around: &[Outer]) {
        let range = entry.key_range;
        // The hundredth finding of a document needs no suggestion, and looking for one takes time.
        let fixes = if self.diagnostics.len() < MAX_FIXES {
            let (text, schema) = (self.text, self.schema);
            let holder = Holder {
                text,
                schema,
                node,
                ty,
                around,
            };
            holder.fixes(entry)
        } else {
            Vec::new()
        };
        self.diagnostics.push(Diagnostic {
            severity: Severity::Error,
            code: "unknown-field",
            message: format!("unknown field {}", quoted(&at.dotted())),
            range,
            path: at.to_string(),
            fixes,
        });
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
