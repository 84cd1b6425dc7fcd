//! The table of Go types: which fields a struct has, in which order, and of which type.
//!
//! `go_types.txt` has the structs below v1.PodTemplateSpec, from k8s.io/api and k8s.io/apimachinery of Kubernetes v1.36
//! (Apache-2.0). A line is a struct and its fields in Go's order: `NAME[=KEY][:TYPE]`. KEY is the name in JSON where
//! [`key`] does not make it from the name. `&` is an embedded struct without a name of its own in JSON, `!` a field that
//! JSON has even when it is zero. TYPE is text when it is not given: `s` text, `i` int32, `l` int64, `b` bool,
//! `q` Quantity, `x` IntOrString, `t` Time, `R` ResourceList, `*x` pointer, `[x` list, `{x` map by text; any other name
//! is a struct of the table, or a text type. Managed fields and ephemeral containers are not in it: no template has them.

const TABLE: &str = include_str!("go_types.txt");

/// A field of a struct.
pub(in crate::api) struct Field {
    /// In Go.
    pub name: &'static str,
    /// In JSON.
    pub key: String,
    /// Its type as the table writes it.
    pub form: &'static str,
    /// Its members are in JSON members of the struct around it.
    pub inline: bool,
    /// JSON has it even when it is zero.
    pub required: bool,
}

/// A type of the table, taken apart.
pub(in crate::api) enum Shape {
    Pointer(&'static str),
    List(&'static str),
    Map(&'static str),
    Quantity,
    IntOrString,
    Time,
    Number,
    Bool,
    /// Text and named text types, and the structs that the table leaves out.
    Text,
    Struct(Vec<Field>),
}

/// Takes a type apart.
pub(in crate::api) fn shape(form: &'static str) -> Shape {
    let inner = form.get(1..).unwrap_or("");
    match (form, form.as_bytes().first()) {
        (_, Some(b'*')) => Shape::Pointer(inner),
        (_, Some(b'[')) => Shape::List(inner),
        (_, Some(b'{')) => Shape::Map(inner),
        ("R", _) => Shape::Map("q"),
        ("q", _) => Shape::Quantity,
        ("x", _) => Shape::IntOrString,
        ("t", _) => Shape::Time,
        ("i" | "l", _) => Shape::Number,
        ("b", _) => Shape::Bool,
        ("s", _) => Shape::Text,
        _ => match line(form) {
            Some(line) => Shape::Struct(fields(line)),
            None => Shape::Text,
        },
    }
}

/// The fields of a struct with those of its embedded structs in their place: the members of the object in JSON.
pub(super) fn members(fields: Vec<Field>) -> Vec<Field> {
    let mut all = Vec::new();
    for field in fields {
        match field.inline.then(|| shape(field.form)) {
            Some(Shape::Struct(embedded)) => all.extend(members(embedded)),
            _ => all.push(field),
        }
    }
    all
}

/// The type as Go prints it: `[]v1.Container`, `*int64`, `map[string]string`.
pub(super) fn go(form: &str) -> String {
    let inner = form.get(1..).unwrap_or("");
    let plain = match (form, form.as_bytes().first()) {
        (_, Some(b'*')) => return format!("*{}", go(inner)),
        (_, Some(b'[')) => return format!("[]{}", go(inner)),
        (_, Some(b'{')) => return format!("map[string]{}", go(inner)),
        ("R", _) => "v1.ResourceList",
        ("q", _) => "resource.Quantity",
        ("x", _) => "intstr.IntOrString",
        ("t", _) => "v1.Time",
        ("i", _) => "int32",
        ("l", _) => "int64",
        ("b", _) => "bool",
        ("s", _) => "string",
        (name, _) if name.contains('.') => name,
        (name, _) => return format!("v1.{name}"),
    };
    plain.to_owned()
}

/// The fields that a line of the table writes, without the name of the struct.
pub(in crate::api) fn fields(line: &'static str) -> Vec<Field> {
    line.split(' ').map(field).collect()
}

/// The fields of a struct as the table writes them.
fn line(name: &str) -> Option<&'static str> {
    let of = |line: &'static str| line.strip_prefix(name)?.strip_prefix(' ');
    TABLE.lines().find_map(of)
}

fn field(text: &'static str) -> Field {
    let (names, form) = text.split_once(':').unwrap_or((text, "s"));
    let inline = names.strip_prefix('&');
    let required = names.strip_prefix('!');
    let names = inline.or(required).unwrap_or(names);
    let (name, key) = match names.split_once('=') {
        Some((name, key)) => (name, key.to_owned()),
        None => (names, key(names)),
    };
    Field {
        name,
        key,
        form: if inline.is_some() { name } else { form },
        inline: inline.is_some(),
        required: required.is_some(),
    }
}

/// The usual name in JSON: the first word in lower case (`HTTPGet` is `httpGet`, `UID` is `uid`).
fn key(name: &str) -> String {
    let capitals = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let first = if capitals < name.len() {
        capitals.saturating_sub(1).max(1)
    } else {
        capitals
    };
    let (head, tail) = name.split_at_checked(first).unwrap_or((name, ""));
    head.to_ascii_lowercase() + tail
}

#[cfg(test)]
mod tests {
    use super::{Shape, TABLE, key, members, shape};
    use crate::api::schema::{self, schema};

    #[test]
    fn keys_come_from_names() {
        for (name, expected) in [
            ("HTTPGet", "httpGet"),
            ("UID", "uid"),
            ("HostPID", "hostPID"),
            ("SELinuxOptions", "seLinuxOptions"),
            ("Name", "name"),
        ] {
            assert_eq!(key(name), expected);
        }
    }

    /// The schema of strict decoding comes from another source: the published JSON schemas.
    #[test]
    fn the_table_has_the_fields_of_the_schema() {
        let mut compared = 0;
        for line in TABLE.lines() {
            let (name, _) = line.split_once(' ').unwrap();
            let (Shape::Struct(fields), Some(ty)) = (shape(name), schema().get(name)) else {
                continue;
            };
            compared += 1;
            let mut ours: Vec<(String, &str)> = members(fields)
                .into_iter()
                .map(|field| (field.key, kind(field.form.trim_start_matches('*'))))
                .collect();
            ours.sort();
            let theirs: Vec<(String, &str)> = ty
                .fields
                .iter()
                .map(|field| (field.name.to_owned(), schema_kind(&field.shape)))
                .collect();
            assert_eq!(ours, theirs, "{name}");
        }
        assert!(compared > 90, "{compared} types are in both");
    }

    fn kind(form: &'static str) -> &'static str {
        match (form, shape(form)) {
            ("i", _) => "int32",
            ("l", _) => "int64",
            (_, Shape::List(_)) => "list",
            (_, Shape::Map(_)) => "map",
            (_, Shape::Bool) => "bool",
            (_, Shape::Quantity) => "quantity",
            (_, Shape::IntOrString) => "int or string",
            (_, Shape::Time) => "time",
            (_, Shape::Struct(_)) => "object",
            _ => "text",
        }
    }

    fn schema_kind(shape: &schema::Shape) -> &'static str {
        match shape {
            schema::Shape::Int32 => "int32",
            schema::Shape::Int64 => "int64",
            schema::Shape::List(_) => "list",
            schema::Shape::Map(_) => "map",
            schema::Shape::Bool => "bool",
            schema::Shape::Quantity => "quantity",
            schema::Shape::IntOrString => "int or string",
            schema::Shape::Time => "time",
            schema::Shape::Object(_) => "object",
            _ => "text",
        }
    }
}
