//! A live run behind the page: the simulation as the playground's [`Source`].

use std::rc::Rc;

use super::assumed::write_out;
use super::boundary::{ConsoleRow, EventRow, LinkContent, LookRow, ObjectRef, ServiceRow, WatchTail};
use super::link;
use super::origin::Origin;
use super::playground::{Found, Reached, RunInfo, Source};
use crate::api::scenario::Span;
use crate::api::{Completion, Hover, Loaded};
use crate::kubectl::duration::human_duration;
use crate::kubectl::printpod::{POD_COLUMNS, pod_row};
use crate::kubectl::table::Table;
use crate::kubectl::write;
use crate::manifest::{Diagnostic, Value};
use crate::sim::{Options, Simulation, objects_of, shown};
use crate::time::Instant;
use crate::trace::{Field, FieldBase, Mark, TraceLog};

/// Events of the present that one call may play before it comes back.
const TICK_EVENTS: u32 = 50_000;

/// A run of the page's text.
pub struct Live {
    sim: Simulation,
    /// The text as it stands in the editor, for help while typing.
    text: String,
    diagnostics: Vec<Diagnostic>,
    said_at: Option<bool>,
}

impl Default for Live {
    fn default() -> Self {
        Live {
            sim: Simulation::new("", &Options::default()),
            text: String::new(),
            diagnostics: Vec::new(),
            said_at: None,
        }
    }
}

impl Live {
    /// The run.
    pub fn simulation(&self) -> &Simulation {
        &self.sim
    }

    /// Remarks of the run are added when it begins and when it ends, not at every step.
    fn say(&mut self) {
        let done = self.sim.is_done();
        if self.said_at != Some(done) {
            self.said_at = Some(done);
            self.diagnostics = self.sim.diagnostics();
            for said in &mut self.diagnostics {
                said.fixes.extend(write_out(self.sim.loaded(), &self.text, said));
            }
        }
    }
}

impl Source for Live {
    fn set_text(&mut self, text: &str, seed: u64) {
        let options = Options {
            seed: (seed != 0).then_some(seed),
            until: None,
        };
        self.sim = Simulation::new(text, &options).with_checkpoints();
        self.text = text.to_owned();
        self.said_at = None;
        self.say();
    }

    fn advance(&mut self, max_events: u32) -> Reached {
        let from = self.sim.log().mark().entries;
        let progress = self.sim.advance(max_events);
        self.say();
        Reached {
            done: progress.done,
            at: progress.at,
            entries: (from, self.sim.log().mark().entries),
        }
    }

    fn info(&self) -> RunInfo {
        let spec = &self.sim.loaded().scenario.spec;
        RunInfo {
            kubernetes: self.sim.setup().profile.version.to_owned(),
            title: spec.title.clone(),
            description: spec.description.clone(),
            until: self.sim.until(),
            seed: self.sim.setup().seed,
            calendar: self.sim.setup().calendar,
        }
    }

    fn trace(&self) -> &TraceLog {
        self.sim.log()
    }

    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    fn complete(&self, offset: u32) -> Vec<Completion> {
        crate::api::complete(self.sim.loaded(), &self.text, offset)
    }

    fn hover(&self, offset: u32, descriptions: &str) -> Option<Hover> {
        crate::api::hover(self.sim.loaded(), offset, descriptions)
    }

    fn find(&self, origin: Option<&Origin<'_>>, field: &Field) -> Option<Found> {
        find(self.sim.loaded(), origin, field)
    }

    fn tick(&mut self, target: Instant) -> Reached {
        let (progress, from, to): (_, Mark, Mark) = self.sim.tick(target, TICK_EVENTS);
        Reached {
            done: progress.done,
            at: progress.at,
            entries: (from.entries, to.entries),
        }
    }

    fn objects(&self) -> Vec<ObjectRef> {
        objects_of(&self.sim.present().api)
            .into_iter()
            .map(|(kind, namespace, name)| ObjectRef { kind, namespace, name })
            .collect()
    }

    fn yaml(&self, kind: &str, namespace: &str, name: &str) -> String {
        let value = shown(self.sim.present(), kind, namespace, name);
        value.map(|v| write::yaml(&v)).unwrap_or_default()
    }

    fn describe(&self, kind: &str, namespace: &str, name: &str) -> String {
        crate::sim::describe(self.sim.present(), kind, namespace, name)
    }

    fn services(&self) -> Vec<ServiceRow> {
        super::endpoints::services(self.sim.present())
    }

    fn look(&self, line: &str) -> LookRow {
        let looked = crate::sim::look(self.sim.present(), line);
        LookRow {
            output: looked.output,
            exit: looked.exit,
            changes: looked.changes,
        }
    }

    fn watch(&self, until: Instant, most: usize) -> WatchTail {
        // A terminal pads each line as it comes; on the page the columns line up.
        let mut rows = vec![POD_COLUMNS.map(str::to_owned).to_vec()];
        let all = &self.sim.record().pods;
        let seen = all.partition_point(|r| r.at <= until);
        let earlier = seen.saturating_sub(most);
        let last = all.get(earlier..seen).unwrap_or_default().iter();
        rows.extend(last.map(|r| pod_row(&r.pod, r.at, self.sim.setup().calendar, false).cells()));
        WatchTail {
            text: Table::new().print(&rows),
            earlier: u32::try_from(earlier).unwrap_or(u32::MAX),
        }
    }

    fn events(&self, until: Instant, most: usize) -> Vec<EventRow> {
        let seen = self.event_count(until) as usize;
        let all = &self.sim.record().events;
        let rows = all.get(seen.saturating_sub(most)..seen).unwrap_or_default().iter();
        rows.map(|e| EventRow {
            at_us: e.at.micros() as f64,
            object: e.object.to_ascii_lowercase(),
            r#type: if e.warning { "Warning" } else { "Normal" }.to_owned(),
            reason: e.reason.to_string(),
            message: e.message.to_string(),
            count: e.count.max(1),
            age: human_duration(until - e.at),
        })
        .collect()
    }

    fn event_count(&self, until: Instant) -> u32 {
        let seen = self.sim.record().events.partition_point(|e| e.at <= until);
        u32::try_from(seen).unwrap_or(u32::MAX)
    }

    fn console(&self, until: Instant) -> Vec<ConsoleRow> {
        let rows = self.sim.record().console.iter().take_while(|c| c.at <= until);
        let calls = &self.sim.present().console;
        rows.enumerate()
            .map(|(number, c)| {
                let ended = c.end.is_some_and(|end| end <= until);
                // What goes on has printed in the present what it has printed.
                let so_far = || u32::try_from(number).ok().and_then(|n| calls.output(n));
                ConsoleRow {
                    at_us: c.at.micros() as f64,
                    command: c.command.to_string(),
                    output: if ended {
                        c.output.clone()
                    } else {
                        so_far().unwrap_or_default()
                    },
                    exit: c.exit.filter(|_| ended),
                }
            })
            .collect()
    }

    fn logs(&self, namespace: &str, pod: &str, container: &str) -> String {
        crate::sim::logs_at(self.sim.present(), namespace, pod, container)
    }

    fn encode_link(&self, text: &str) -> String {
        link::encode(text)
    }

    fn decode_link(&self, fragment: &str) -> LinkContent {
        match link::decode(fragment) {
            Err(error) => LinkContent {
                text: None,
                t_us: None,
                sel: None,
                view: None,
                error: Some(error.to_string()),
            },
            Ok(decoded) => {
                let param = |name: &str| decoded.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
                let at = param("t").and_then(|t| Span::parse(&t)).map(|s| s.0.micros() as f64);
                LinkContent {
                    t_us: at,
                    sel: param("sel").and_then(|s| s.parse().ok()),
                    view: param("view"),
                    error: None,
                    text: Some(decoded.text),
                }
            }
        }
    }
}

/// Where the text sets a field of an object or of the scenario.
pub fn find(loaded: &Rc<Loaded>, origin: Option<&Origin<'_>>, field: &Field) -> Option<Found> {
    let (document, base, raw) = match field.base {
        FieldBase::Step(index) => (loaded.scenario_document()?, format!("spec.steps[{index}]"), None),
        FieldBase::Scenario => (loaded.scenario_document()?, "spec".to_owned(), None),
        _ => {
            let origin = origin?;
            let object = origin.object(loaded)?;
            (object.document, origin.base(field), Some(&object.raw))
        }
    };
    let path = if field.path.is_empty() {
        base
    } else {
        format!("{base}.{}", field.path)
    };
    let range = loaded.range_of(document, &path)?;
    let text = raw
        .and_then(|raw| value_at(raw, &path))
        .map(scalar_text)
        .unwrap_or_default();
    Some(Found { path, range, text })
}

/// The value at a printed path, `spec.containers[0].image`.
fn value_at<'a>(raw: &'a Value, path: &str) -> Option<&'a Value> {
    let keys: Vec<&str> = path.split(['.', '[', ']']).filter(|k| !k.is_empty()).collect();
    raw.at(&keys)
}

fn scalar_text(value: &Value) -> String {
    match value {
        Value::Str(s) => s.clone(),
        Value::Int(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Float(x) => x.to_string(),
        Value::Null | Value::Seq(_) | Value::Map(_) => String::new(),
    }
}
