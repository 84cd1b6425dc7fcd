//! How a verb says what it did to an object: a sentence, or the object itself with `-o`.

use super::apply::Dry;
use super::command::Usage;
use super::flags::Line;
use super::kinds::Kind;
use super::parse::not_supported;
use super::run::Printed;
use super::server::Server;
use super::write;
use crate::manifest::Value;

/// `-o` and `--dry-run` of verbs that change objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// `--dry-run`.
    pub dry: Dry,
    form: Form,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Sentence,
    Name,
    Yaml,
    Json,
}

/// Prints the API server's warnings about the types that are asked for, once each.
pub(super) fn warn_of_types(kinds: impl Iterator<Item = &'static Kind>, server: &dyn Server, out: &mut Printed) {
    let mut said = Vec::new();
    for text in kinds.filter_map(Kind::deprecation).filter(|_| server.client().is_new()) {
        if !said.contains(&text) {
            out.warn(text);
            said.push(text);
        }
    }
}

impl Report {
    /// As the line has it.
    pub(super) fn of(line: &Line) -> Result<Report, Usage> {
        let form = match line.text("output").unwrap_or_default() {
            "" => Form::Sentence,
            "name" => Form::Name,
            "yaml" => Form::Yaml,
            "json" => Form::Json,
            other => return Err(not_supported(&format!("-o {other}"))),
        };
        Ok(Report {
            dry: Dry::of(line)?,
            form,
        })
    }

    /// Whether objects are printed, not sentences about them.
    pub(super) fn shows_objects(self) -> bool {
        matches!(self.form, Form::Yaml | Form::Json)
    }

    /// Prints `deployment.apps/web scaled`, the name alone, or the object.
    pub(super) fn print(self, kind: &Kind, object: &Value, words: &str, out: &mut Printed) {
        let name = object.at(&["metadata", "name"]).and_then(Value::as_str);
        let full = format!("{}/{}", kind.qualified(), name.unwrap_or_default());
        match self.form {
            Form::Sentence => out.say(&format!("{full} {words}{}", self.dry.suffix())),
            Form::Name => out.say(&full),
            Form::Yaml => out.print(&write::yaml(object)),
            Form::Json => out.print(&write::json(object)),
        }
    }
}
