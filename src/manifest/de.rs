//! Fills structs from a [`Value`], by the names of their fields.
//!
//! A derived decoder makes a visitor for each struct, and all of them together were a fourteenth of the module. Here a
//! struct only tells which names it has and which of its fields the n-th of them is; the rest is made once.

use std::fmt;
use std::rc::Rc;

use super::value::Value;
use crate::map::Map;

/// Why a struct could not be filled. Strict checking names places; this is only the last net.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(pub String);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DecodeError {}

/// What can be filled from a value.
pub trait Fill {
    /// Puts what the value says in the place of what is there. After an error it is unspecified what is there.
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError>;
}

/// A struct by its fields. [`fields`](crate::fields) makes this.
pub trait Fields {
    /// The names in the order of the fields: as Rust writes them where Kubernetes' are the same in camel case, else as
    /// Kubernetes has them.
    fn names(&self) -> &'static [&'static str];
    /// The field that has the name with this index.
    fn field(&mut self, index: usize) -> Option<&mut dyn Fill>;
}

/// Makes a struct one that can be filled: `fields!(Toleration { key, toleration_seconds, kind as "type" })` names each of
/// its fields, and those for which Kubernetes has quite another name with that.
#[macro_export]
macro_rules! fields {
    ($type:ident { $($field:ident $(as $name:literal)?),* $(,)? }) => {
        impl $crate::manifest::Fields for $type {
            fn names(&self) -> &'static [&'static str] {
                &[$($crate::fields!(@name $field $($name)?)),*]
            }

            #[allow(unused_assignments)]
            fn field(&mut self, mut index: usize) -> Option<&mut dyn $crate::manifest::Fill> {
                // That all fields are taken apart here makes the compiler name those that were forgotten.
                let $type { $($field),* } = self;
                $(
                    if index == 0 {
                        return Some($field);
                    }
                    index = index.wrapping_sub(1);
                )*
                None
            }
        }

        impl $crate::manifest::Fill for $type {
            fn fill(&mut self, value: &$crate::manifest::Value) -> Result<(), $crate::manifest::DecodeError> {
                $crate::manifest::fill_fields(self, value)
            }
        }

        $crate::fields!(@serde $type);
    };
    // Data of tests and of tools come by `serde`: they are read as plain data first.
    (@serde $type:ident) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = $crate::manifest::Value::deserialize(from)?;
                value.decode().map_err(serde::de::Error::custom)
            }
        }
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
}

/// Fills the fields that the members of `value` name. Unknown members are passed over. Null members are left out, as Go
/// leaves a field at its zero value when JSON says null. Recursion is as deep as the value, and values are at most as
/// deep as documents may be.
pub fn fill_fields(all: &mut dyn Fields, value: &Value) -> Result<(), DecodeError> {
    let Value::Map(members) = value else {
        return Err(wrong(value, "an object"));
    };
    let names = all.names();
    for (key, value) in members.iter().filter(|(_, value)| !matches!(value, Value::Null)) {
        let index = names.iter().position(|name| is_written(name, key));
        if let Some(field) = index.and_then(|index| all.field(index)) {
            field.fill(value)?;
        }
    }
    Ok(())
}

/// Whether `key` is how Kubernetes writes the Rust name: `_x` there is `X` here.
fn is_written(name: &str, key: &str) -> bool {
    let mut key = key.bytes();
    let mut name = name.bytes();
    while let Some(letter) = name.next() {
        let wanted = match letter {
            b'_' => name.next().map(|letter| letter.to_ascii_uppercase()),
            _ => Some(letter),
        };
        if key.next() != wanted {
            return false;
        }
    }
    key.next().is_none()
}

impl Value {
    /// Fills a struct from this value. Unknown fields are passed over, null counts as absent.
    pub fn decode<T: Fill + Default>(&self) -> Result<T, DecodeError> {
        let mut filled = T::default();
        filled.fill(self)?;
        Ok(filled)
    }

    /// The text; else says that text is wanted.
    pub fn text(&self) -> Result<&str, DecodeError> {
        self.as_str().ok_or_else(|| wrong(self, "text"))
    }

    /// Text, and numbers as they are printed; else says that `wanted` is wanted.
    pub fn scalar_text(&self, wanted: &str) -> Result<String, DecodeError> {
        match self {
            Value::Str(s) => Ok(s.clone()),
            Value::Int(n) => Ok(n.to_string()),
            Value::Float(x) => Ok(x.to_string()),
            _ => Err(wrong(self, wanted)),
        }
    }

    /// A copy in which no mapping has a null member.
    fn without_nulls(&self) -> Value {
        match self {
            Value::Seq(items) => Value::Seq(items.iter().map(Value::without_nulls).collect()),
            Value::Map(members) => {
                let said = members.iter().filter(|(_, value)| !matches!(value, Value::Null));
                Value::Map(said.map(|(key, value)| (key.clone(), value.without_nulls())).collect())
            }
            other => other.clone(),
        }
    }
}

/// A value of another kind than the type wants.
pub fn wrong(value: &Value, wanted: &str) -> DecodeError {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Int(_) => "a whole number",
        Value::Float(_) => "a number",
        Value::Str(_) => "text",
        Value::Seq(_) => "a list",
        Value::Map(_) => "an object",
    };
    DecodeError(format!("{wanted} is wanted, found {found}"))
}

/// Reads one of the words of an enumeration. A word this release does not know (from a newer cluster, or one that
/// validation refuses) becomes the first.
pub fn one_of<T: Copy>(value: &Value, words: &[(&str, T)], first: T) -> T {
    let text = value.as_str().unwrap_or_default();
    words
        .iter()
        .find(|(word, _)| *word == text)
        .map_or(first, |(_, it)| *it)
}

impl Fill for bool {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        match value {
            Value::Bool(b) => *self = *b,
            other => return Err(wrong(other, "a boolean")),
        }
        Ok(())
    }
}

impl Fill for i64 {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        match value {
            Value::Int(n) => *self = *n,
            other => return Err(wrong(other, "a whole number")),
        }
        Ok(())
    }
}

impl Fill for u64 {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        let mut number = 0_i64;
        number.fill(value)?;
        *self = u64::try_from(number).map_err(|_| DecodeError(format!("{number} is less than zero")))?;
        Ok(())
    }
}

impl Fill for String {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        *self = value.text()?.to_owned();
        Ok(())
    }
}

impl Fill for Rc<str> {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        *self = value.text()?.into();
        Ok(())
    }
}

impl Fill for Value {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        *self = value.without_nulls();
        Ok(())
    }
}

impl<T: Fill + Default> Fill for Rc<T> {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        *self = Rc::new(value.decode()?);
        Ok(())
    }
}

impl<T: Fill + Default> Fill for Option<T> {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        *self = None;
        match value {
            Value::Null => Ok(()),
            some => self.insert(T::default()).fill(some),
        }
    }
}

impl<T: Fill + Default> Fill for Vec<T> {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        let Value::Seq(items) = value else {
            return Err(wrong(value, "a list"));
        };
        self.clear();
        self.reserve_exact(items.len());
        for item in items {
            self.push(T::default());
            if let Some(last) = self.last_mut() {
                last.fill(item)?;
            }
        }
        Ok(())
    }
}

impl<T: Fill + Default> Fill for Map<String, T> {
    fn fill(&mut self, value: &Value) -> Result<(), DecodeError> {
        let Value::Map(members) = value else {
            return Err(wrong(value, "an object"));
        };
        let mut entries = Vec::new();
        for (key, value) in members.iter().filter(|(_, value)| !matches!(value, Value::Null)) {
            entries.push((key.clone(), value.decode()?));
        }
        *self = entries.into_iter().collect();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq)]
    struct Sample {
        name: String,
        grace_period_seconds: Option<i64>,
        cluster_ip: Rc<str>,
        labels: Map<String, String>,
        inner: Vec<Sample>,
        raw: Option<Value>,
    }

    fields!(Sample { name, grace_period_seconds, cluster_ip as "clusterIP", labels, inner, raw });

    fn read(text: &str) -> Result<Sample, DecodeError> {
        let document = &crate::manifest::parse(text).documents[0];
        document.root.to_value().decode()
    }

    #[test]
    fn fields_are_found_by_their_written_names() {
        let sample =
            read("{gracePeriodSeconds: 3, clusterIP: a, labels: {b: one, a: two}, inner: [{name: three}]}").unwrap();
        assert_eq!(sample.grace_period_seconds, Some(3));
        assert_eq!(&*sample.cluster_ip, "a");
        assert_eq!(sample.labels.get("a").map(String::as_str), Some("two"));
        assert_eq!(sample.inner[0].name, "three");
        let other =
            read("{grace_period_seconds: 3, GracePeriodSeconds: 3, gracePeriodSecond: 3, clusterIp: a, \"\": 1}");
        assert_eq!(other.unwrap(), Sample::default());
    }

    #[test]
    fn null_members_are_left_out() {
        let sample = read("{name: null, labels: {a: null}, raw: {a: null, b: [null]}}").unwrap();
        let raw = Value::Map(vec![("b".to_owned(), Value::Seq(vec![Value::Null]))]);
        assert_eq!(
            sample,
            Sample {
                raw: Some(raw),
                ..Sample::default()
            }
        );
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let why = |text: &str| read(text).unwrap_err().0;
        assert_eq!(why("{name: 3}"), "text is wanted, found a whole number");
        assert_eq!(why("{inner: {}}"), "a list is wanted, found an object");
        assert_eq!(why("{inner: [null]}"), "an object is wanted, found null");
        assert_eq!(why("{gracePeriodSeconds: a}"), "a whole number is wanted, found text");
        assert_eq!(why("[]"), "an object is wanted, found a list");
    }
}
