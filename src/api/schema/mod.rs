//! Which fields each kind has, and what they hold: the structure behind strict decoding, completion and hover.
//!
//! The data are two small files: `kubernetes.txt`, made by `pkg-config/schema/extract.py` from the published JSON
//! schemas of Kubernetes 1.36, and `scenario.txt`, kept by hand beside `api/scenario.rs`.

use std::sync::LazyLock;

use crate::map::Map;
use crate::sort;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A whole number from 0.
    Unsigned,
    /// A boolean.
    Bool,
    /// A resource quantity.
    Quantity,
    /// A number or text.
    IntOrString,
    /// A time as RFC 3339 has it.
    Time,
    /// Bytes in base64.
    Bytes,
    /// A span such as `90s`.
    Span,
    /// Anything.
    Any,
    /// Text that is one of the words of [`Schema::words`].
    Word(&'static str),
    /// An object of that type.
    Object(&'static str),
    /// A list.
    List(Box<Shape>),
    /// A mapping of text to this.
    Map(Box<Shape>),
    /// One or a list.
    OneOrMany(Box<Shape>),
    /// A certain word (`*` is any text), or the shape.
    WordOr(&'static str, Box<Shape>),
}

/// A field of a type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it holds.
    pub shape: Shape,
}

/// An object type.
#[derive(Clone, Debug)]
pub struct Type {
    /// Its name in Go (`Container`), with its version when that is not v1, and a mark when others have the name too.
    pub name: &'static str,
    /// Its fields, by name.
    pub fields: Vec<Field>,
}

/// A type's name as Go's package qualifies it: `v1.Container`, `v2.MetricSpec`.
fn go_name(name: &str) -> String {
    let name = name.split('~').next().unwrap_or(name);
    let version = if name.contains('.') { "" } else { "v1." };
    format!("{version}{name}")
}

impl Type {
    /// Its name in Go without its package.
    pub fn go(&self) -> &'static str {
        let name = self.name.split('~').next().unwrap_or(self.name);
        name.rsplit('.').next().unwrap_or(name)
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let at = self.fields.binary_search_by(|field| field.name.cmp(name)).ok()?;
        self.fields.get(at)
    }
}

/// All types and kinds.
#[derive(Debug, Default)]
pub struct Schema {
    types: Map<&'static str, Type>,
    words: Map<&'static str, Vec<&'static str>>,
    /// Structs that Go embeds in a type, with the fields they have; behind a `-` stand those they have not.
    embedded: Map<&'static str, (&'static str, &'static str)>,
    /// By API version and kind; with the type when the fields are known.
    kinds: Map<(&'static str, &'static str), Option<&'static str>>,
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let mut schema = Schema::default();
    schema.read(include_str!("kubernetes.txt"));
    schema.read(include_str!("scenario.txt"));
    schema
});

/// The schema of everything that is known.
pub fn schema() -> &'static Schema {
    &SCHEMA
}

impl Schema {
    /// Adds the lines of one file.
    fn read(&mut self, text: &'static str) {
        for line in text.lines() {
            let mut words = line.split(' ');
            match (words.next(), words.next()) {
                (Some("K"), Some(version)) => {
                    if let Some(kind) = words.next() {
                        self.kinds.insert((version, kind), words.next());
                    }
                }
                (Some("N"), Some(name)) => {
                    if let (Some(inner), Some(at)) = (words.next(), line.splitn(4, ' ').nth(3)) {
                        self.embedded.insert(name, (inner, at));
                    }
                }
                (Some("E"), Some(name)) => {
                    self.words.insert(name, words.collect());
                }
                (Some("T"), Some(name)) => {
                    let mut fields: Vec<Field> = words.filter_map(field).collect();
                    sort::sort_by_key(&mut fields, |field| field.name);
                    self.types.insert(name, Type { name, fields });
                }
                _ => {}
            }
        }
    }

    /// The type with this name.
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.types.get(name)
    }

    /// The words a [`Shape::Word`] may be.
    pub fn words(&self, name: &str) -> &[&'static str] {
        self.words.get(name).map_or(&[], Vec::as_slice)
    }

    /// The struct that Go embeds in the type and that has the field.
    pub fn embedded(&self, ty: &str, field: &str) -> Option<&'static str> {
        let (inner, fields) = self.embedded.get(ty).copied()?;
        let named = |fields: &str| fields.split(' ').any(|f| f == field);
        let has = match fields.strip_prefix('-') {
            Some(others) => !named(others) && !matches!(field, "apiVersion" | "kind" | "metadata"),
            None => named(fields),
        };
        has.then_some(inner)
    }

    /// Whether the kind is known, and its type when its fields are.
    pub fn kind(&self, api_version: &str, kind: &str) -> Option<Option<&'static str>> {
        self.kinds.get(&(api_version, kind)).copied()
    }

    /// All kinds with their API versions, ordered by version.
    pub fn kinds(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        self.kinds.keys().copied()
    }
}

fn field(text: &'static str) -> Option<Field> {
    let (name, form) = text.split_once(':')?;
    let (required, name) = match name.strip_prefix('!') {
        Some(name) => (true, name),
        None => (false, name),
    };
    Some(Field {
        name,
        required,
        shape: shape(form),
    })
}

fn shape(form: &'static str) -> Shape {
    let inner = |rest: &'static str| Box::new(shape(rest));
    let rest = form.get(1..).unwrap_or("");
    match (form, form.as_bytes().first()) {
        ("s", _) => Shape::Text,
        ("i", _) => Shape::Int32,
        ("l", _) => Shape::Int64,
        ("u", _) => Shape::Unsigned,
        ("b", _) => Shape::Bool,
        ("q", _) => Shape::Quantity,
        ("p", _) => Shape::IntOrString,
        ("t", _) => Shape::Time,
        ("y", _) => Shape::Bytes,
        ("d", _) => Shape::Span,
        ("a", _) => Shape::Any,
        (_, Some(b'%')) => Shape::Word(rest),
        (_, Some(b'[')) => Shape::List(inner(rest)),
        (_, Some(b'{')) => Shape::Map(inner(rest)),
        (_, Some(b'|')) => Shape::OneOrMany(inner(rest)),
        (_, Some(b'~')) => match rest.split_once('~') {
            Some((word, rest)) => Shape::WordOr(word, inner(rest)),
            None => Shape::Any,
        },
        _ => Shape::Object(form),
    }
}

impl Shape {
    /// The shape as Go names it in decoding errors: `[]v1.Container`, `map[string]string`, `int32`.
    pub fn go(&self) -> String {
        match self {
            Shape::Text => "string".to_owned(),
            Shape::Int32 | Shape::IntOrString => "int32".to_owned(),
            Shape::Int64 => "int64".to_owned(),
            Shape::Unsigned => "uint64".to_owned(),
            Shape::Bool => "bool".to_owned(),
            Shape::Quantity => "resource.Quantity".to_owned(),
            Shape::Time => "v1.Time".to_owned(),
            Shape::Bytes => "[]uint8".to_owned(),
            Shape::Span => "v1.Duration".to_owned(),
            Shape::Any => "interface {}".to_owned(),
            Shape::Word(name) | Shape::Object(name) => go_name(name),
            Shape::List(item) => format!("[]{}", item.go()),
            Shape::Map(item) if **item == Shape::Quantity => "v1.ResourceList".to_owned(),
            Shape::Map(item) => format!("map[string]{}", item.go()),
            Shape::OneOrMany(item) | Shape::WordOr(_, item) => item.go(),
        }
    }

    /// The shape for people: `text`, `whole number`, `list of objects`.
    pub fn plain(&self) -> String {
        match self {
            Shape::Text | Shape::Word(_) => "text".to_owned(),
            Shape::Int32 | Shape::Int64 | Shape::Unsigned => "a whole number".to_owned(),
            Shape::Bool => "true or false".to_owned(),
            Shape::Quantity => "a quantity such as 250m or 64Mi".to_owned(),
            Shape::IntOrString => "a number or a name".to_owned(),
            Shape::Time => "a time such as 2026-01-01T00:00:00Z".to_owned(),
            Shape::Bytes => "base64".to_owned(),
            Shape::Span => "a span such as 90s, 2m or 1m30s".to_owned(),
            Shape::Any => "anything".to_owned(),
            Shape::Object(_) => "an object".to_owned(),
            Shape::List(_) => "a list".to_owned(),
            Shape::Map(_) => "a mapping".to_owned(),
            Shape::OneOrMany(_) => "an object or a list of objects".to_owned(),
            Shape::WordOr("*", item) => format!("text or {}", item.plain()),
            Shape::WordOr(word, item) => format!("{word} or {}", item.plain()),
        }
    }

    /// The object type at the bottom of the shape, through lists and mappings.
    pub fn object(&self) -> Option<&'static str> {
        match self {
            Shape::Object(name) => Some(name),
            Shape::List(item) | Shape::Map(item) | Shape::OneOrMany(item) | Shape::WordOr(_, item) => item.object(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, schema};

    #[test]
    fn every_type_that_is_named_is_there() {
        let schema = schema();
        for ty in schema.types.values() {
            for field in &ty.fields {
                if let Some(name) = field.shape.object() {
                    assert!(schema.get(name).is_some(), "{}.{} names {name}", ty.name, field.name);
                }
                if let Shape::Word(name) = field.shape {
                    assert!(
                        schema.words.contains_key(name),
                        "{}.{} names {name}",
                        ty.name,
                        field.name
                    );
                }
            }
        }
        for ((version, kind), ty) in &schema.kinds {
            assert!(ty.is_none_or(|ty| schema.get(ty).is_some()), "{version} {kind}");
        }
        assert_eq!(schema.kind("v1", "Pod"), Some(Some("Pod")));
        assert_eq!(schema.kind("networking.k8s.io/v1", "IPAddress"), Some(None));
        assert_eq!(schema.kind("networking.k8s.io/v1beta1", "IPAddress"), None);
        assert_eq!(schema.kind("v1", "Deployment"), None);
    }

    #[test]
    fn shapes_are_named_as_go_names_them() {
        let schema = schema();
        let go = |ty: &str, field: &str| schema.get(ty).and_then(|t| t.field(field)).map(|f| f.shape.go());
        assert_eq!(go("PodSpec", "containers").as_deref(), Some("[]v1.Container"));
        assert_eq!(go("PodSpec", "nodeSelector").as_deref(), Some("map[string]string"));
        assert_eq!(go("Container", "args").as_deref(), Some("[]string"));
        assert_eq!(go("ContainerPort", "containerPort").as_deref(), Some("int32"));
        assert_eq!(
            go("v2.HorizontalPodAutoscalerSpec", "metrics").as_deref(),
            Some("[]v2.MetricSpec")
        );
        assert_eq!(go("EndpointSlice", "ports").as_deref(), Some("[]v1.EndpointPort"));
        assert_eq!(schema.embedded("Volume", "configMap"), Some("VolumeSource"));
        assert_eq!(schema.embedded("Volume", "name"), None);
    }
}
