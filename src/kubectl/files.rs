//! The files a line of kubectl may name: those of the scenario, and standard input.

use std::rc::Rc;

use super::visit::documents;
use crate::manifest::Value;
use crate::map::Map;

/// Files by name, and what is piped into the command.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// By name, as the scenario has them.
    pub by_name: Rc<Map<String, String>>,
    /// Standard input, `-`.
    pub stdin: String,
}

impl Files {
    /// The text of a file. `./name` is `name`.
    ///
    /// # Errors
    /// kubectl's text, without `error: `.
    pub fn text(&self, name: &str) -> Result<&str, String> {
        if name == "-" {
            return Ok(&self.stdin);
        }
        let plain = name.strip_prefix("./").unwrap_or(name);
        match self.by_name.get(name).or_else(|| self.by_name.get(plain)) {
            Some(text) => Ok(text),
            None => Err(format!("the path \"{name}\" does not exist")),
        }
    }

    /// How messages name the file.
    pub fn shown(name: &str) -> &str {
        if name == "-" { "STDIN" } else { name }
    }

    /// The objects in a file; `List`s are opened.
    ///
    /// # Errors
    /// kubectl's text, without `error: `.
    pub fn objects(&self, name: &str) -> Result<Vec<Value>, String> {
        let text = self.text(name)?;
        let mut objects = Vec::new();
        for document in documents(text) {
            let value = document.map_err(|why| format!("error parsing {}: {why}", Self::shown(name)))?;
            match value.get("items") {
                _ if value == Value::Null => {}
                Some(items)
                    if value
                        .get("kind")
                        .and_then(Value::as_str)
                        .is_some_and(|k| k.ends_with("List")) =>
                {
                    objects.extend(items.items().iter().cloned());
                }
                _ => objects.push(value),
            }
        }
        Ok(objects)
    }
}
