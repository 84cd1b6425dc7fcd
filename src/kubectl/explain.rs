//! Twin: staging/src/k8s.io/kubectl/pkg/cmd/explain/explain.go (v1.36.2)
//! Covers: the template plaintext.tmpl of explain/v2: kind, version, fields with their types and words, a path
//! of fields, `--recursive`.
//! Left out: descriptions, which the schema here does not hold; other API versions; `-o`.

use super::command::Usage;
use super::flags::{Flag, Takes, long};
use super::parse::{error, kind, not_supported, read};
use crate::api::schema::{Field, Shape, Type, schema};
use crate::sort;

const FLAGS: [Flag; 1] = [long("recursive", Takes::Bool)];

/// Reads the words after the verb; returns what is printed.
pub(super) fn parse(words: &[String]) -> Result<String, Usage> {
    let line = read("explain", words, &FLAGS)?;
    let path = match line.args.as_slice() {
        [] => {
            return Err(error(
                "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list \
                 of supported resources.",
            ));
        }
        [path] => path,
        _ => return Err(error("We accept only this format: explain RESOURCE")),
    };
    let mut names = path.split('.');
    let kind = kind(names.next().unwrap_or_default())?;
    let version = match kind.group {
        "" => kind.version.to_owned(),
        group => format!("{group}/{}", kind.version),
    };
    let known = schema().kind(&version, kind.kind).flatten();
    let Some(mut ty) = known.and_then(|name| schema().get(name)) else {
        return Err(not_supported(&format!("explain {}", kind.plural)));
    };
    let mut text = String::new();
    if !kind.group.is_empty() {
        text.push_str(&format!("GROUP:      {}\n", kind.group));
    }
    text.push_str(&format!("KIND:       {}\nVERSION:    {}\n\n", kind.kind, kind.version));
    let (mut last, mut below) = (None, Some(ty));
    for name in names {
        let field = below.and_then(|ty| ty.field(name));
        let Some(field) = field else {
            let wanted = path.rsplit('.').next().unwrap_or_default();
            return Err(error(format!("field \"{wanted}\" does not exist")));
        };
        below = field.shape.object().and_then(|name| schema().get(name));
        ty = below.unwrap_or(ty);
        last = Some(field);
    }
    if let Some(field) = last {
        text.push_str(&format!("FIELD: {} <{}>\n", field.name, guess(&field.shape)));
        let words = words_of(&field.shape);
        if !words.is_empty() {
            text.push_str("ENUM:");
            words.iter().for_each(|word| text.push_str(&format!("\n    {word}")));
        }
        text.push_str("\n\n");
    }
    text.push_str("DESCRIPTION:\n    <empty>\n");
    if let Some(ty) = below {
        text.push_str("FIELDS:\n");
        fields(&mut text, ty, 1, line.on("recursive"), &mut Vec::new());
    }
    text.push('\n');
    Ok(text)
}

/// The fields of a type in the order of their names; `above` are the types around it, so that a cycle ends.
fn fields(text: &mut String, ty: &Type, level: usize, recursive: bool, above: &mut Vec<&'static str>) {
    let indent = "  ".repeat(level);
    for field in &ty.fields {
        text.push_str(&head(field, &indent));
        if !recursive {
            text.push_str(&format!("{indent}  <no description>\n\n"));
            continue;
        }
        let inner = field.shape.object().filter(|name| !above.contains(name));
        if let Some(inner) = inner.and_then(|name| schema().get(name)) {
            above.push(inner.name);
            fields(text, inner, level + 1, recursive, above);
            above.pop();
        }
    }
}

/// The line of a field, and that of its words, of which four are shown.
fn head(field: &Field, indent: &str) -> String {
    let required = if field.required { " -required-" } else { "" };
    let mut head = format!("{indent}{}\t<{}>{required}\n", field.name, guess(&field.shape));
    let words = words_of(&field.shape);
    if !words.is_empty() {
        let some: Vec<&str> = words.iter().take(4).copied().collect();
        let more = if words.len() > 4 { ", ...." } else { "" };
        head.push_str(&format!("{indent}enum: {}{more}\n", some.join(", ")));
    }
    head
}

/// The words that a text may be, in the order of the published schemas.
fn words_of(shape: &Shape) -> Vec<&'static str> {
    let Shape::Word(name) = shape else {
        return Vec::new();
    };
    let mut words = schema().words(name).to_vec();
    sort::sort(&mut words);
    words
}

/// The type as the published schemas name it.
fn guess(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Time | Shape::Bytes | Shape::Word(_) | Shape::Span => "string".to_owned(),
        Shape::Int32 | Shape::Int64 | Shape::Unsigned => "integer".to_owned(),
        Shape::Bool => "boolean".to_owned(),
        Shape::Quantity => "Quantity".to_owned(),
        Shape::IntOrString => "IntOrString".to_owned(),
        Shape::Any => "Object".to_owned(),
        Shape::Object(name) => (*name).to_owned(),
        Shape::List(item) => format!("[]{}", guess(item)),
        Shape::Map(item) => format!("map[string]{}", guess(item)),
        Shape::OneOrMany(item) | Shape::WordOr(_, item) => guess(item),
    }
}
