//! What if: changes of the text that make something happen at an instant. Each is checked by reading the changed text
//! again, so that what cannot be written here is refused and never garbled.

use super::place::Places;
use crate::api::pod::PodSpec;
use crate::api::{Loaded, load, template_path};
use crate::manifest::{Node, NodeKind};
use crate::time::Instant;
use crate::trace::ProbeKind;
use crate::world::glob;

/// What is to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhatIf {
    /// A command is run.
    Run(String),
    /// The first process of a container is killed.
    Kill {
        /// Pod.
        pod: String,
        /// Container.
        container: String,
    },
    /// The kubelet of all nodes is restarted.
    KubeletRestart,
    /// A probe begins to fail, in each instance of its container at this age.
    FailProbe {
        /// Kind and name of what the text has of the Pod: the Pod itself, or the workload whose template it is from.
        written: (&'static str, String),
        /// Pod.
        pod: String,
        /// Container.
        container: String,
        /// Which.
        probe: ProbeKind,
        /// Age of the instance.
        age: i64,
    },
}

/// A change of the text: `insert` is put in at a byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where, in bytes.
    pub at: u32,
    /// What is put in.
    pub insert: String,
}

impl Edit {
    /// The text after the change.
    pub fn apply(&self, text: &str) -> Option<String> {
        Some(format!(
            "{}{}{}",
            text.get(..self.at as usize)?,
            self.insert,
            text.get(self.at as usize..)?
        ))
    }

    /// The same place as the page counts.
    pub fn utf16(&self, places: &Places) -> u32 {
        places.utf16(self.at)
    }
}

/// Milliseconds as people write them in a scenario: `34s`, `1.25s`.
fn written(us: i64) -> String {
    let ms = us.max(0).saturating_add(500) / 1_000;
    match (ms / 1_000, ms % 1_000) {
        (s, 0) => format!("{s}s"),
        (s, rest) => format!("{s}.{}s", format!("{rest:03}").trim_end_matches('0')),
    }
}

/// A plain scalar where it can be one, else quoted.
fn scalar(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./ ".contains(c))
        && text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '/')
        && !text.ends_with(' ')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
        );
    if plain {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// How a change comes out, or why it cannot be made.
pub type Made = Result<Edit, String>;

/// The change that makes `what` happen at an instant.
///
/// # Errors
/// In one sentence, why it cannot be written into this text.
pub fn make(text: &str, loaded: &Loaded, at: Instant, what: &WhatIf) -> Made {
    if loaded.has_errors() {
        return Err("The text has an error; mend it first.".to_owned());
    }
    let before = loaded.scenario.spec.steps.len();
    let at = written(at.micros());
    let edit = match what {
        WhatIf::Run(line) => item(text, loaded, "steps", &[("at", at), ("run", scalar(line))]),
        WhatIf::Kill { pod, container } => {
            let fault = format!(
                "{{kind: kill-container, pod: {}, container: {}}}",
                scalar(pod),
                scalar(container)
            );
            item(text, loaded, "steps", &[("at", at), ("fault", fault)])
        }
        WhatIf::KubeletRestart => item(
            text,
            loaded,
            "steps",
            &[("at", at), ("fault", "{kind: kubelet-restart}".to_owned())],
        ),
        WhatIf::FailProbe {
            written,
            pod,
            container,
            probe,
            age,
        } => {
            let spec = spec_of(loaded, written).ok_or("The Pod is not written in this text.")?;
            fail_probe(text, loaded, &spec, (pod, container), *probe, *age)?
        }
    };
    let edit = edit.ok_or("The scenario of this text is written in a way that nothing can be added to.")?;
    let after = edit.apply(text).map(|text| load(&text));
    let holds = after.is_some_and(|after| {
        let steps = after.scenario.spec.steps.len();
        let grown = matches!(what, WhatIf::FailProbe { .. }) || steps == before + 1;
        !after.has_errors() && grown && after.objects.len() == loaded.objects.len()
    });
    if !holds {
        return Err("The scenario of this text is written in a way that nothing can be added to.".to_owned());
    }
    Ok(edit)
}

/// A new last item of a list below `spec` of the scenario, which is made when it is not there.
fn item(text: &str, loaded: &Loaded, list: &str, fields: &[(&str, String)]) -> Option<Edit> {
    let flow = || {
        let fields: Vec<_> = fields.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{{{}}}", fields.join(", "))
    };
    let block = |indent: usize| {
        let mut out = String::new();
        for (n, (key, value)) in fields.iter().enumerate() {
            let dash = if n == 0 { "- " } else { "  " };
            out.push_str(&format!("{}{dash}{key}: {value}\n", " ".repeat(indent)));
        }
        out
    };
    let Some(document) = loaded.scenario_document().and_then(|i| loaded.documents.get(i)) else {
        let lead = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let parted = if text.trim().is_empty() || text.trim_end().ends_with("---") {
            ""
        } else {
            "---\n"
        };
        return Some(Edit {
            at: u32::try_from(text.len()).ok()?,
            insert: format!(
                "{lead}{parted}apiVersion: podscope/v1\nkind: Scenario\nmetadata:\n  name: what-if\nspec:\n  {list}:\n{}",
                block(2)
            ),
        });
    };
    let path = format!("spec.{list}");
    if let Some(node) = document.root.at(&path) {
        return match &node.kind {
            NodeKind::Seq(items) => append(text, node, items, &flow(), block),
            _ => None,
        };
    }
    let spec = document.root.at("spec")?;
    let NodeKind::Map(entries) = &spec.kind else {
        return None;
    };
    let first = entries.first()?;
    if text.get(spec.range.start as usize..)?.starts_with('{') {
        return Some(Edit {
            at: first.key_range.start,
            insert: format!("{list}: [{}], ", flow()),
        });
    }
    let indent = column(text, first.key_range.start)?;
    let last = entries.last()?;
    let at = line_after(text, last.value.range.end.max(last.key_range.end))?;
    let lead = if text.get(..at as usize)?.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    Some(Edit {
        at,
        insert: format!("{lead}{}{list}:\n{}", " ".repeat(indent), block(indent)),
    })
}

/// One more item at the end of a list, in the list's own style.
fn append(text: &str, list: &Node, items: &[Node], flow: &str, block: impl Fn(usize) -> String) -> Option<Edit> {
    let written = text.get(list.range.start as usize..list.range.end as usize)?;
    if written.starts_with('[') {
        let close = list.range.end.checked_sub(1)?;
        let insert = if items.is_empty() {
            flow.to_owned()
        } else {
            format!(", {flow}")
        };
        return Some(Edit { at: close, insert });
    }
    let first = items.first()?;
    let line = text.get(..first.range.start as usize)?.rsplit('\n').next()?;
    let dash = line.find("- ")?;
    let at = line_after(text, items.last()?.range.end)?;
    let lead = if text.get(..at as usize)?.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    Some(Edit {
        at,
        insert: format!("{lead}{}", block(dash)),
    })
}

/// The column of a byte, when only spaces stand before it on its line.
fn column(text: &str, at: u32) -> Option<usize> {
    let line = text.get(..at as usize)?.rsplit('\n').next()?;
    line.bytes().all(|b| b == b' ').then_some(line.len())
}

/// The beginning of the line after the last thing written before `end`.
fn line_after(text: &str, end: u32) -> Option<u32> {
    let head = text.get(..end as usize)?.trim_end();
    let rest = text.get(head.len()..)?;
    let at = rest.find('\n').map_or(text.len(), |n| head.len() + n + 1);
    u32::try_from(at).ok()
}

/// The spec that Pods of a written object have.
fn spec_of(loaded: &Loaded, (kind, name): &(&'static str, String)) -> Option<PodSpec> {
    let mut all = loaded.objects.iter();
    let written = all.find(|o| o.object.kind() == *kind && o.object.name() == name)?;
    let holder = match template_path(kind) {
        Some(path) => written.raw.at(path)?,
        None => &written.raw,
    };
    holder.get("spec")?.decode().ok()
}

fn fail_probe(
    text: &str,
    loaded: &Loaded,
    spec: &PodSpec,
    (pod, container): (&str, &str),
    probe: ProbeKind,
    age: i64,
) -> Result<Option<Edit>, String> {
    let of = spec
        .containers
        .iter()
        .chain(&spec.init_containers)
        .find(|c| &*c.name == container)
        .ok_or("The container is not written in this text.")?;
    let what = match probe {
        ProbeKind::Startup => &of.startup_probe,
        ProbeKind::Liveness => &of.liveness_probe,
        ProbeKind::Readiness => &of.readiness_probe,
    };
    let what = what.as_ref().ok_or("The container has no such probe.")?;
    let from = ("from", written(age));
    let (list, fields) = if let Some(http) = &what.handler.http_get {
        let path = if http.path.is_empty() { "/" } else { &*http.path };
        let path = path.split('?').next().unwrap_or(path);
        ("http", vec![("path", scalar(path)), ("status", "503".to_owned()), from])
    } else if let Some(exec) = &what.handler.exec {
        let words: Vec<_> = exec.command.iter().map(|w| quoted(w)).collect();
        let command = format!("[{}]", words.join(", "));
        ("exec", vec![("command", command), ("exit", "1".to_owned()), from])
    } else if let Some(grpc) = &what.handler.grpc {
        let service = grpc.service.as_str();
        (
            "grpc",
            vec![("service", quoted(service)), ("serving", "false".to_owned()), from],
        )
    } else {
        return Err("A TCP probe fails when nothing listens: kill the process instead.".to_owned());
    };
    let rule: Vec<_> = fields.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let rule = format!("{{{}}}", rule.join(", "));
    let fits = |pattern: &Option<String>, name: &str| pattern.as_ref().is_none_or(|p| glob::matches(p, name));
    let scenario = &loaded.scenario.spec;
    let workload = scenario
        .workloads
        .iter()
        .position(|w| fits(&w.pod, pod) && fits(&w.container, container));
    let image = scenario
        .images
        .iter()
        .position(|i| i.name == *of.image && i.program.is_some());
    let path = match (workload, image) {
        (Some(i), _) => format!("spec.workloads[{i}].program"),
        (None, Some(i)) => format!("spec.images[{i}].program"),
        (None, None) => {
            let program = format!("{{{list}: [{rule}]}}");
            let fields = [
                ("pod", scalar(pod)),
                ("container", scalar(container)),
                ("program", program),
            ];
            return Ok(item(text, loaded, "workloads", &fields));
        }
    };
    let Some(document) = loaded.scenario_document().and_then(|i| loaded.documents.get(i)) else {
        return Ok(None);
    };
    Ok(first_rule(text, document.root.at(&path), list, &rule))
}

/// A string in flow style, always quoted.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A rule before all others of a list of a program: the first match wins.
fn first_rule(text: &str, program: Option<&Node>, list: &str, rule: &str) -> Option<Edit> {
    let program = program?;
    if let Some(node) = program.get(list) {
        let NodeKind::Seq(items) = &node.kind else { return None };
        if text.get(node.range.start as usize..)?.starts_with('[') {
            let more = if items.is_empty() { "" } else { ", " };
            return Some(Edit {
                at: node.range.start + 1,
                insert: format!("{rule}{more}"),
            });
        }
        let first = items.first()?;
        let head = text.get(..first.range.start as usize)?;
        let line = head.rsplit('\n').next()?;
        let dash = line.find("- ")?;
        return Some(Edit {
            at: u32::try_from(head.len() - line.len()).ok()?,
            insert: format!("{}- {rule}\n", " ".repeat(dash)),
        });
    }
    let first = program.entries().first()?;
    let at = first.key_range.start;
    if text.get(program.range.start as usize..)?.starts_with('{') {
        return Some(Edit {
            at,
            insert: format!("{list}: [{rule}], "),
        });
    }
    let indent = column(text, at)?;
    Some(Edit {
        at,
        insert: format!("{list}: [{rule}]\n{}", " ".repeat(indent)),
    })
}

#[cfg(test)]
mod tests;
