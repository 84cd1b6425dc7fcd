//! Field paths as Kubernetes prints them: `spec.containers[0].image`, `metadata.labels[a.b/c]`.

use std::fmt;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A field, or a key of a mapping.
    Key(String),
    /// An item of a list.
    Index(usize),
}

/// A path from the root of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldPath(pub Vec<Step>);

impl FieldPath {
    /// Reads a path. Never fails: what stands in brackets is an index when it is a number, else a key as it stands.
    pub fn parse(text: &str) -> FieldPath {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (key, after) = inner.split_once(']').unwrap_or((inner, ""));
                steps.push(match key.parse::<usize>() {
                    Ok(index) => Step::Index(index),
                    Err(_) => Step::Key(key.to_owned()),
                });
                rest = after;
            } else {
                let dotted = rest.strip_prefix('.').unwrap_or(rest);
                let end = dotted.find(['.', '[']).unwrap_or(dotted.len());
                let (key, after) = dotted.split_at(end);
                if !key.is_empty() {
                    steps.push(Step::Key(key.to_owned()));
                }
                rest = after;
            }
        }
        FieldPath(steps)
    }

    /// The path as strict decoding prints it: keys are joined by dots whatever they hold.
    pub fn dotted(&self) -> String {
        let mut text = String::new();
        for step in &self.0 {
            match step {
                Step::Index(index) => text.push_str(&format!("[{index}]")),
                Step::Key(key) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(key);
                }
            }
        }
        text
    }

    /// Whether `inner` is this path or lies below it; both are texts.
    pub fn covers(outer: &str, inner: &str) -> bool {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| outer.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if key.contains(['.', '/', '[', ']']) || key.is_empty() => write!(f, "[{key}]")?,
                Step::Key(key) if n == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

/// A path kept as links on the stack while a tree is walked; text is made only when something is to be said.
#[derive(Clone, Copy, Debug)]
pub enum Trail<'a> {
    /// The document itself.
    Root,
    /// A field or key below.
    Key(&'a Trail<'a>, &'a str),
    /// An item below.
    Index(&'a Trail<'a>, usize),
}

impl<'a> Trail<'a> {
    /// The path as an owned value.
    pub fn to_path(&self) -> FieldPath {
        let mut steps = Vec::new();
        let mut at = self;
        loop {
            match at {
                Trail::Root => break,
                Trail::Key(up, key) => {
                    steps.push(Step::Key((*key).to_owned()));
                    at = up;
                }
                Trail::Index(up, index) => {
                    steps.push(Step::Index(*index));
                    at = up;
                }
            }
        }
        steps.reverse();
        FieldPath(steps)
    }

    /// The path as strict decoding prints it.
    pub fn dotted(&self) -> String {
        self.to_path().dotted()
    }

    /// The keys alone, joined by dots, as JSON decoding errors name a field.
    pub fn keys(&self) -> String {
        let keys = self.to_path().0.into_iter().filter_map(|step| match step {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        });
        keys.collect::<Vec<_>>().join(".")
    }
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_path().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::FieldPath;

    #[test]
    fn paths_are_printed_as_they_are_read() {
        for text in [
            "",
            "spec",
            "spec.containers[0].image",
            "metadata.labels[a.b/c]",
            "spec.containers[0].resources.limits[example.com/x]",
            "items[3].spec",
        ] {
            assert_eq!(FieldPath::parse(text).to_string(), text);
        }
        assert_eq!(FieldPath::parse("limits[cpu]").to_string(), "limits.cpu");
        assert!(FieldPath::covers("spec.containers", "spec.containers[0].image"));
        assert!(!FieldPath::covers("spec.container", "spec.containers[0].image"));
    }
}
