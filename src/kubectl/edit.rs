//! What verbs share that read objects, change one thing in each and write them back.

use super::command::Usage;
use super::cordon::Cordon;
use super::files::Files;
use super::flags::Line;
use super::kinds::Kind;
use super::label::Marks;
use super::parse::error;
use super::patch::Patch;
use super::report::Report;
use super::run::Printed;
use super::scale::Scale;
use super::selection::Selection;
use super::server::{Refusal, Server, UpdateOptions};
use super::set::Setting;
use super::taint::Taints;
use crate::manifest::Value;

/// One such line.
#[derive(Clone, Debug)]
pub struct Edit {
    selection: Selection,
    report: Report,
    change: Change,
    /// Whether nothing is done when something that was named is missing.
    all_or_nothing: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Change {
    Marks(Marks),
    Scale(Scale),
    Set(Setting),
    Patch(Patch),
    Cordon(Cordon),
    Taints(Taints),
}

/// What was done to the copy of an object.
pub(super) struct Done {
    /// What is said when that makes it another one.
    pub words: &'static str,
    /// What is said otherwise; nothing when empty.
    pub same: &'static str,
    /// `""`, `"scale"`, `"resize"`, …
    pub subresource: String,
    /// The kind that the answer is of, when it is not that of the object.
    pub kind: Option<&'static Kind>,
}

impl Done {
    /// The same words in both cases.
    pub(super) fn always(words: &'static str) -> Done {
        Done::or(words, words)
    }

    /// Words for a change and for none.
    pub(super) fn or(words: &'static str, same: &'static str) -> Done {
        Done {
            words,
            same,
            subresource: String::new(),
            kind: None,
        }
    }
}

/// Reads the words after one of these verbs; `None` when `verb` is none of them.
pub(super) fn parse(verb: &str, words: &[String]) -> Option<Result<Edit, Usage>> {
    Some(match verb {
        "label" => super::label::parse("label", "labels", words),
        "annotate" => super::label::parse("annotate", "annotations", words),
        "scale" => super::scale::parse(words),
        "set" => super::set::parse(words),
        "patch" => super::patch::parse(words),
        "taint" => super::taint::parse(words),
        "cordon" | "uncordon" => super::cordon::parse(verb, words),
        _ => return None,
    })
}

impl Edit {
    /// A change of the objects that `args` name.
    pub(super) fn of(line: &Line, args: &[String], change: Change) -> Result<Edit, Usage> {
        let all_or_nothing = matches!(change, Change::Set(_));
        Ok(Edit {
            selection: Selection::of(line, args, line.on("all"))?,
            report: Report::of(line)?,
            change,
            all_or_nothing,
        })
    }
}

/// Does it.
pub(super) fn run(edit: &Edit, files: &Files, server: &mut dyn Server, out: &mut Printed) {
    let found = match edit.selection.find(files, server) {
        Ok(found) => found,
        Err(refusal) => return out.fail(&refusal.text(None)),
    };
    if found.objects.is_empty() && found.missing.is_empty() {
        if let Change::Scale(_) = edit.change {
            out.fail("error: no objects passed to scale");
        }
        return;
    }
    if !edit.all_or_nothing || found.missing.is_empty() {
        let mut refusals = Vec::new();
        for (kind, object) in &found.objects {
            let shown = object.shown(server.calendar());
            if let Err(refusal) = one(edit, kind, &shown, files, server, out) {
                refusals.push(refusal);
            }
        }
        for refusal in refusals {
            out.fail(&refusal.text(None));
        }
    }
    found.report(out);
}

/// Changes one object and says so.
fn one(
    edit: &Edit,
    kind: &'static Kind,
    shown: &Value,
    files: &Files,
    server: &mut dyn Server,
    out: &mut Printed,
) -> Result<(), Refusal> {
    let mut new = shown.clone();
    let done = match &edit.change {
        Change::Marks(marks) => marks.put(&mut new, out)?,
        Change::Scale(scale) => scale.put(kind, &mut new)?,
        Change::Set(setting) => setting.put(kind, &mut new, server, out)?,
        Change::Cordon(cordon) => cordon.put(&mut new),
        Change::Taints(taints) => taints.put(&mut new)?,
        Change::Patch(patch) => patch.put(&mut new, files, out)?,
    };
    let changed = new != *shown && {
        let how = UpdateOptions {
            subresource: &done.subresource,
            dry_run: edit.report.dry != super::apply::Dry::No,
        };
        server.update(kind.kind, &new, how)?
    };
    let words = if changed { done.words } else { done.same };
    if words.is_empty() {
        return Ok(());
    }
    // The answer has what the server has made of it, a dry run only what was sent.
    let namespace = new.at(&["metadata", "namespace"]).and_then(Value::as_str);
    let name = new.at(&["metadata", "name"]).and_then(Value::as_str);
    let stored = server.object(kind.kind, namespace.unwrap_or_default(), name.unwrap_or_default());
    let answer = match stored {
        Some(stored) if edit.report.dry == super::apply::Dry::No => stored.shown(server.calendar()),
        _ => new,
    };
    edit.report.print(done.kind.unwrap_or(kind), &answer, words, out);
    Ok(())
}

/// Flags that more than one of these verbs takes are spelled out in each; this is what a missing object says.
pub(super) fn nothing_named() -> Usage {
    error("one or more resources must be specified as <resource> <name> or <resource>/<name>")
}
