//! Field paths as validation builds them: fields by dots, items and keys of mappings in brackets.

use std::fmt;

/// A path kept as links on the stack; text is made only for an error.
#[derive(Clone, Copy, Debug)]
pub enum Path<'a> {
    /// The object itself.
    Root,
    /// A field.
    Field(&'a Path<'a>, &'a str),
    /// An item of a list.
    Index(&'a Path<'a>, usize),
    /// A key of a mapping.
    Key(&'a Path<'a>, &'a str),
}

impl<'a> Path<'a> {
    /// The field below.
    pub fn field(&'a self, name: &'a str) -> Path<'a> {
        Path::Field(self, name)
    }

    /// The item below.
    pub fn index(&'a self, index: usize) -> Path<'a> {
        Path::Index(self, index)
    }

    /// The key below.
    pub fn key(&'a self, key: &'a str) -> Path<'a> {
        Path::Key(self, key)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Field(Path::Root, name) => f.write_str(name),
            Path::Field(up, name) => write!(f, "{up}.{name}"),
            Path::Index(up, index) => write!(f, "{up}[{index}]"),
            Path::Key(up, key) => write!(f, "{up}[{key}]"),
        }
    }
}
