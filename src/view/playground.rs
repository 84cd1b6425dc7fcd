//! What the page holds: one run, its index, the last draw list, and the answers to everything a click can ask.
//!
//! It only puts together what the modules beside it compute. The run itself is behind [`Source`], so that this is
//! tested natively with a made-up run, and knows nothing of how a cluster is played.

mod beside;
mod blank;

use std::rc::Rc;

use super::bands::Bands;
use super::boundary::{
    CompletionRow, ConsoleRow, DiagnosticRow, EventRow, FieldPlace, HoverCard, Info, LaneRow, LayoutRequest,
    LinkContent, LookRow, Mend, ObjectRef, Progress, ServiceRow, TableRow, TemplateRow, TickResult, WatchTail, Why,
};
use super::ghost::Ghost;
use super::layout::glyphs::Advances;
use super::layout::{DrawList, Over, Request, lay_out_over};
use super::origin::Origin;
use super::place::Places;
use super::svg::{Figure, Theme, svg};
use super::sweep::Sweep;
use super::timeline::Timeline;
use super::words::Lang;
use super::{lanes, markdown, steps, table, why};
use crate::api::{Completion, Hover};
use crate::manifest::{Diagnostic, Range, Severity};
use crate::sort;
use crate::time::{Calendar, Instant};
use crate::trace::{EntryId, Field, TraceLog};
pub use blank::Blank;

/// How far something has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Whether the end, or the target, is reached.
    pub done: bool,
    /// The instant that is reached.
    pub at: Instant,
    /// The entries that the step to here added, as positions in the log: first, and first after.
    pub entries: (u32, u32),
}

/// What is known of a run apart from what happens in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunInfo {
    /// Version of Kubernetes.
    pub kubernetes: String,
    /// Title of the scenario; may be empty.
    pub title: String,
    /// Description; may be empty.
    pub description: String,
    /// The horizon.
    pub until: Instant,
    /// The seed.
    pub seed: u64,
    /// Its clock.
    pub calendar: Calendar,
}

/// The place of a field in the text, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Path in its document.
    pub path: String,
    /// The place of its value; when the field is not written, that of the nearest thing above it that is.
    pub range: Range,
    /// Its value as text, the default where it is not written.
    pub text: String,
}

/// A run of a text: the future, and a present that is stepped through it.
///
/// `trace` is that of the future. Methods with `&mut self` may restore a checkpoint.
pub trait Source {
    /// Begins anew with a text.
    fn set_text(&mut self, text: &str, seed: u64);
    /// Computes the future further, by at most so many events.
    fn advance(&mut self, max_events: u32) -> Reached;
    /// What is known of the run.
    fn info(&self) -> RunInfo;
    /// The log of the future.
    fn trace(&self) -> &TraceLog;
    /// What is said about the text.
    fn diagnostics(&self) -> &[Diagnostic];
    /// What may be written at a byte offset of the text.
    fn complete(&self, _offset: u32) -> Vec<Completion> {
        Vec::new()
    }
    /// What is known of the field at a byte offset; `descriptions` may be empty.
    fn hover(&self, _offset: u32, _descriptions: &str) -> Option<Hover> {
        None
    }
    /// Where the text sets a field of an object, or of the scenario.
    fn find(&self, origin: Option<&Origin<'_>>, field: &Field) -> Option<Found>;
    /// Steps the present to an instant, or towards it when it is far.
    fn tick(&mut self, target: Instant) -> Reached;
    /// The objects of the present.
    fn objects(&self) -> Vec<ObjectRef>;
    /// An object of the present as YAML; empty when there is none.
    fn yaml(&self, kind: &str, namespace: &str, name: &str) -> String;
    /// The same as `kubectl describe` prints it.
    fn describe(&self, kind: &str, namespace: &str, name: &str) -> String;
    /// Services of the present, and the Pods behind them.
    fn services(&self) -> Vec<ServiceRow>;
    /// Runs a line of the console that only looks at the present.
    fn look(&self, line: &str) -> LookRow;
    /// The last lines, at most so many, of what `kubectl get pods -w` has printed by then.
    fn watch(&self, until: Instant, most: usize) -> WatchTail;
    /// The last Events by then, at most so many.
    fn events(&self, until: Instant, most: usize) -> Vec<EventRow>;
    /// How many Events there were by then.
    fn event_count(&self, until: Instant) -> u32;
    /// The commands of the scenario by then, and what they have printed.
    fn console(&self, until: Instant) -> Vec<ConsoleRow>;
    /// The log of a container in the present.
    fn logs(&self, namespace: &str, pod: &str, container: &str) -> String;
    /// The fragment of a link that holds a text.
    fn encode_link(&self, text: &str) -> String;
    /// What a link's fragment holds.
    fn decode_link(&self, fragment: &str) -> LinkContent;
}

/// What the page holds.
pub struct Playground<S> {
    source: S,
    places: Places,
    timeline: Timeline,
    reached: Reached,
    lang: Lang,
    drawn: Rc<DrawList>,
    ghost: Option<Ghost>,
    bands: Option<Bands>,
    sweep: Option<Sweep>,
}

/// An instant of the page: microseconds as a float. What is no number is t = 0.
fn instant(us: f64) -> Instant {
    // A cast of a float saturates, and turns what is no number into zero.
    Instant::from_micros(us as i64)
}

fn micros(at: Instant) -> f64 {
    at.micros() as f64
}

impl<S: Source> Playground<S> {
    /// A playground without a text.
    pub fn new(source: S) -> Self {
        Playground {
            source,
            places: Places::of(""),
            timeline: Timeline::default(),
            reached: Reached::default(),
            lang: Lang::default(),
            drawn: Rc::default(),
            ghost: None,
            bands: None,
            sweep: None,
        }
    }

    /// The run.
    pub fn source(&self) -> &S {
        &self.source
    }

    /// Chooses the language of all words, by a tag such as `en` or `zh-CN`.
    pub fn set_language(&mut self, tag: &str) {
        self.lang = Lang::of_tag(tag);
    }

    /// Begins anew with a text and a seed. Nothing is computed yet.
    pub fn set_text(&mut self, text: &str, seed: f64) {
        self.source.set_text(text, seed as u64);
        self.places = Places::of(text);
        self.timeline = Timeline::default();
        self.reached = Reached::default();
        self.drawn = Rc::default();
        self.bands = None;
        self.timeline.update(self.source.trace());
    }

    /// Computes the future by at most so many events, and says how far it is.
    pub fn advance(&mut self, max_events: u32) -> Progress {
        self.reached = self.source.advance(max_events);
        self.timeline.update(self.source.trace());
        Progress {
            done: self.reached.done,
            at_us: micros(self.reached.at),
            until_us: micros(self.source.info().until),
            entries: self.source.trace().entries().len() as u32,
        }
    }

    /// What is known about the run.
    pub fn info(&self) -> Info {
        let info = self.source.info();
        Info {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            kubernetes: info.kubernetes,
            title: info.title,
            description: info.description,
            until_us: micros(info.until),
            seed: info.seed as f64,
            start_unix: info.calendar.start_unix as f64 + info.calendar.fraction.micros() as f64 / 1e6,
        }
    }

    /// What is said about the text.
    pub fn diagnostics(&self) -> Vec<DiagnosticRow> {
        self.source
            .diagnostics()
            .iter()
            .map(|d| diagnostic(&self.places, d))
            .collect()
    }

    /// What may be written at an offset (in UTF-16 units) of the text.
    pub fn complete(&self, offset: u32) -> Vec<CompletionRow> {
        let all = self.source.complete(self.places.byte(offset)).into_iter();
        all.map(|c| CompletionRow {
            label: c.label,
            detail: c.detail,
            required: c.required,
            from: self.places.utf16(c.range.start),
            to: self.places.utf16(c.range.end),
            text: c.text,
        })
        .collect()
    }

    /// Manifests to start from, those that are wanted most first.
    pub fn templates(&self) -> Vec<TemplateRow> {
        let row = |template: &crate::api::Template| TemplateRow {
            title: template.title.to_owned(),
            text: template.text.to_owned(),
        };
        crate::api::TEMPLATES.iter().map(row).collect()
    }

    /// What is known of the field at an offset. `descriptions` is the text that the page has loaded for it; it may be
    /// empty.
    pub fn hover(&self, offset: u32, descriptions: &str) -> Option<HoverCard> {
        let found = self.source.hover(self.places.byte(offset), descriptions)?;
        Some(HoverCard {
            from: self.places.utf16(found.range.start),
            to: self.places.utf16(found.range.end),
            path: found.path,
            holds: found.holds,
            default: found.default.to_owned(),
            words: found.words.into_iter().map(str::to_owned).collect(),
            description: found.description,
        })
    }

    /// The lanes in the order in which they are drawn.
    pub fn lanes(&self) -> Vec<LaneRow> {
        let log = self.source.trace();
        let rows = self.timeline.order(log).iter().filter_map(|placed| {
            let lane = log.lanes().get(placed.lane.0 as usize)?;
            let label = lanes::label(log, &self.timeline, placed.lane, self.lang);
            Some(LaneRow {
                id: placed.lane.0,
                parent: placed.parent.map(|p| p.0),
                kind: lanes::kind_word(lane.kind).to_owned(),
                name: lane.name.to_string(),
                label: label.name,
                note: label.note,
                whole: lanes::whole_label(log, &self.timeline, placed.lane, self.lang),
                revision: self.timeline.family().lettered(placed.lane),
                hash: lane.revision.to_string(),
                depth: placed.depth,
                foldable: placed.foldable,
                folded: placed.folded,
            })
        });
        rows.collect()
    }

    /// Lays out a window of time, and keeps it for [`Playground::hit`].
    pub fn layout(&mut self, req: &LayoutRequest) -> Rc<DrawList> {
        let measured = req.advances.as_deref().and_then(Advances::measured);
        let visible = match (req.top, req.bottom) {
            (None, None) => None,
            (top, bottom) => Some((top.unwrap_or(f32::MIN), bottom.unwrap_or(f32::MAX))),
        };
        let request = Request {
            width: req.width,
            from: instant(req.from_us),
            to: instant(req.to_us),
            now: self.reached.at,
            folded: req.folded.iter().copied().collect(),
            opened: req.opened.as_ref().map(|opened| opened.iter().copied().collect()),
            selected: req.selected.map(EntryId),
            advances: measured.unwrap_or_else(|| Advances::of_mean(req.char_width)),
            visible,
            lang: self.lang,
            calendar: self.source.info().calendar,
        };
        self.drawn = Rc::new(lay_out_over(self.source.trace(), &self.timeline, &request, self.over()));
        Rc::clone(&self.drawn)
    }

    /// What is laid over the run at present.
    fn over(&self) -> Over<'_> {
        Over {
            ghost: self.ghost.as_ref(),
            bands: self.bands.as_ref().filter(|b| b.is_done()),
        }
    }

    /// The entry under a point of the last layout.
    pub fn hit(&self, x: f32, y: f32) -> Option<u32> {
        self.drawn.hit(x, y)
    }

    /// Everything about an entry.
    pub fn entry(&self, id: u32) -> Option<Why> {
        let resolve = |origin: Option<&Origin<'_>>, field: &Field| self.place(origin, field);
        why::why(self.source.trace(), &self.timeline, EntryId(id), self.lang, &resolve)
    }

    fn place(&self, origin: Option<&Origin<'_>>, field: &Field) -> Option<FieldPlace> {
        let found = self.source.find(origin, field)?;
        Some(FieldPlace {
            path: found.path,
            from: self.places.utf16(found.range.start),
            to: self.places.utf16(found.range.end),
            text: found.text,
        })
    }

    /// The entries that the field at an offset (in UTF-16 units) of the text shapes: those of the fields whose value
    /// holds the offset, else of those on its line.
    pub fn entries_for(&self, offset: u32) -> Vec<u32> {
        let byte = self.places.byte(offset);
        let line = self.places.line_range(byte);
        let log = self.source.trace();
        let (mut at, mut beside) = (Vec::new(), Vec::new());
        for (key, entries) in self.timeline.fields() {
            let origin = key.origin(log);
            let Some(found) = self.source.find(origin.as_ref(), &key.field()) else {
                continue;
            };
            let range = found.range;
            // A block, such as a whole probe, holds many fields: only what fits on the line is meant.
            let single = self.places.line_range(range.start) == self.places.line_range(range.end);
            if single && range.start <= byte && byte <= range.end {
                at.extend(entries);
            }
            if range.start >= line.start && range.start <= line.end {
                beside.extend(entries);
            }
        }
        let mut chosen = if at.is_empty() { beside } else { at };
        sort::sort(&mut chosen);
        chosen.dedup();
        chosen
    }

    /// When the next (`dir` > 0) or previous thing happens.
    pub fn step(&self, at_us: f64, dir: f64) -> Option<f64> {
        steps::step(self.source.trace(), &self.timeline, instant(at_us), dir > 0.0).map(micros)
    }

    /// When the next (`dir` > 0) or previous surprise happens.
    pub fn surprise(&self, at_us: f64, dir: f64) -> Option<f64> {
        steps::surprise(self.source.trace(), instant(at_us), dir > 0.0).map(micros)
    }

    /// Steps the present towards an instant.
    pub fn tick(&mut self, target_us: f64) -> TickResult {
        let reached = self.source.tick(instant(target_us));
        TickResult {
            at_us: micros(reached.at),
            from_entry: reached.entries.0,
            to_entry: reached.entries.1,
            done: reached.done,
        }
    }

    /// The objects of the present.
    pub fn objects(&self) -> Vec<ObjectRef> {
        self.source.objects()
    }

    /// An object of the present as YAML.
    pub fn yaml(&self, kind: &str, namespace: &str, name: &str) -> String {
        self.source.yaml(kind, namespace, name)
    }

    /// An object of the present as `kubectl describe` prints it.
    pub fn describe(&self, kind: &str, namespace: &str, name: &str) -> String {
        self.source.describe(kind, namespace, name)
    }

    /// Services of the present, and the Pods behind them.
    pub fn services(&self) -> Vec<ServiceRow> {
        self.source.services()
    }

    /// Runs a line of the console that only looks at the present.
    pub fn look(&self, line: &str) -> LookRow {
        self.source.look(line)
    }

    /// The last lines, at most so many, of what `kubectl get pods -w` has printed by then.
    pub fn watch(&self, until_us: f64, most: u32) -> WatchTail {
        self.source.watch(instant(until_us), most as usize)
    }

    /// The last Events by then, at most so many.
    pub fn events(&self, until_us: f64, most: u32) -> Vec<EventRow> {
        self.source.events(instant(until_us), most as usize)
    }

    /// How many Events there were by then.
    pub fn event_count(&self, until_us: f64) -> u32 {
        self.source.event_count(instant(until_us))
    }

    /// The commands by then, and what they have printed.
    pub fn console(&self, until_us: f64) -> Vec<ConsoleRow> {
        self.source.console(instant(until_us))
    }

    /// The log of a container in the present.
    pub fn logs(&self, namespace: &str, pod: &str, container: &str) -> String {
        self.source.logs(namespace, pod, container)
    }

    /// The timeline as a table, up to an instant.
    pub fn table(&self, until_us: Option<f64>) -> Vec<TableRow> {
        let until = until_us.map_or(Instant::from_micros(i64::MAX), instant);
        table::rows(self.source.trace(), until, self.lang)
    }

    /// The whole run as a figure.
    pub fn svg(&self, width: f32, theme: Theme) -> String {
        let info = self.source.info();
        let figure = Figure {
            width,
            theme,
            from: Instant::ZERO,
            to: info.until.max(self.reached.at),
            now: self.reached.at,
            title: &info.title,
            lang: self.lang,
            over: self.over(),
        };
        svg(self.source.trace(), &self.timeline, &figure)
    }

    /// The whole run as a trace for Perfetto.
    pub fn chrome(&self) -> String {
        super::chrome::chrome(self.source.trace(), &self.timeline, self.reached.at, self.lang)
    }

    /// The main moments as a Markdown table.
    pub fn markdown(&self) -> String {
        let info = self.source.info();
        markdown::markdown(self.source.trace(), &info.title, self.reached.at, self.lang)
    }

    /// The fragment of a link that holds a text.
    pub fn encode_link(&self, text: &str) -> String {
        self.source.encode_link(text)
    }

    /// What a link's fragment holds.
    pub fn decode_link(&self, fragment: &str) -> LinkContent {
        self.source.decode_link(fragment)
    }
}

/// A diagnostic with the places of the editor.
pub fn diagnostic(places: &Places, d: &Diagnostic) -> DiagnosticRow {
    let (line, column) = places.line_column(d.range.start);
    DiagnosticRow {
        severity: match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
        .to_owned(),
        code: d.code.to_owned(),
        message: d.message.clone(),
        path: d.path.clone(),
        from: places.utf16(d.range.start),
        to: places.utf16(d.range.end),
        line,
        column,
        fixes: d
            .fixes
            .iter()
            .map(|fix| Mend {
                title: fix.title.clone(),
                from: places.utf16(fix.range.start),
                to: places.utf16(fix.range.end),
                text: fix.text.clone(),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
