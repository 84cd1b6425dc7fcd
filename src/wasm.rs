//! The boundary to the page: one class, no logic. Every method hands its arguments to [`Playground`] and its results
//! to the page; TypeScript types are generated from the Rust ones.
//!
//! A panic poisons the instance, so the page makes a new one after one. The hook that makes panics readable is set
//! when the module starts.

use std::rc::Rc;

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::sim::Options;
use crate::time::Duration;
use crate::view::boundary::{
    BandRow, CompletionRow, ConsoleRow, DiagnosticRow, DifferenceRow, EditRow, EventRow, HoverCard, Info, LaneRow,
    LayoutRequest, LinkContent, LookRow, NumberRow, ObjectRef, Progress, RealityState, ServiceRow, SweepState,
    TableRow, TemplateRow, TickLabel, TickResult, WatchTail, Why,
};
use crate::view::playground::Playground;
use crate::view::svg::Theme;
use crate::view::{layout, run};

/// The run that the page plays.
type Run = crate::view::live::Live;

/// A result that crosses as a plain object.
type One<T> = Result<Ts<T>, JsError>;

/// A list of them.
type Many<T> = Result<Vec<Ts<T>>, JsError>;

fn one<T: Tsify + Serialize>(value: &T) -> One<T> {
    Ok(Ts::from_rust(value)?)
}

fn many<T: Tsify + Serialize>(values: &[T]) -> Many<T> {
    values.iter().map(one).collect()
}

/// Asks for the memory of the next slice at once: the allocator would get 64 KiB at a time, and the engine may look for
/// garbage each time, which took a quarter of a long run.
fn reserve() {
    const NEXT: usize = 4 << 20;
    drop(std::hint::black_box(Vec::<u8>::with_capacity(NEXT)));
}

/// Runs once when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// One text, played.
#[wasm_bindgen]
pub struct Podscope {
    playground: Playground<Run>,
}

impl Default for Podscope {
    fn default() -> Self {
        Podscope {
            playground: Playground::new(Run::default()),
        }
    }
}

#[wasm_bindgen]
impl Podscope {
    /// A playground without a text.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Podscope {
        Podscope::default()
    }

    /// Version of Podscope.
    pub fn version() -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }

    /// Runs a text to its end: the JSON of `podscope run -o json`. Seed and horizon (in milliseconds) are the scenario's
    /// own when they are missing.
    pub fn simulate(text: &str, seed: Option<f64>, until_ms: Option<f64>) -> String {
        // Casts of a float saturate.
        let until = until_ms.map(|ms| Duration::from_micros((ms * 1000.0) as i64));
        let seed = seed.map(|seed| seed as u64);
        run::simulate(text, &Options { seed, until })
    }

    /// What is said about a text: the JSON of `podscope check -o json`.
    pub fn check(text: &str) -> String {
        run::check(text)
    }

    /// Chooses the language of all words by its tag.
    pub fn set_language(&mut self, tag: &str) {
        self.playground.set_language(tag);
    }

    /// Begins anew with a text and a seed (0: nominal latencies). Nothing is computed yet.
    pub fn set_text(&mut self, text: &str, seed: f64) {
        self.playground.set_text(text, seed);
    }

    /// Computes the future by at most so many events.
    pub fn advance(&mut self, max_events: u32) -> One<Progress> {
        reserve();
        one(&self.playground.advance(max_events))
    }

    /// What is known about the run.
    pub fn info(&self) -> One<Info> {
        one(&self.playground.info())
    }

    /// What is said about the text.
    pub fn diagnostics(&self) -> Many<DiagnosticRow> {
        many(&self.playground.diagnostics())
    }

    /// What may be written at an offset of the text.
    pub fn complete(&self, offset: u32) -> Many<CompletionRow> {
        many(&self.playground.complete(offset))
    }

    /// Manifests to start from, those that are wanted most first.
    pub fn templates(&self) -> Many<TemplateRow> {
        many(&self.playground.templates())
    }

    /// What is known of the field at an offset; `descriptions` is loaded on first use and may be empty.
    pub fn hover(&self, offset: u32, descriptions: &str) -> Result<Option<Ts<HoverCard>>, JsError> {
        self.playground
            .hover(offset, descriptions)
            .as_ref()
            .map(one)
            .transpose()
    }

    /// The lanes in the order in which they are drawn.
    pub fn lanes(&self) -> Many<LaneRow> {
        many(&self.playground.lanes())
    }

    /// Lays out a window of time.
    pub fn layout(&mut self, request: Ts<LayoutRequest>) -> Result<DrawList, JsError> {
        Ok(DrawList(self.playground.layout(&request.to_rust()?)))
    }

    /// The entry under a point of the last layout.
    pub fn hit(&self, x: f32, y: f32) -> Option<u32> {
        self.playground.hit(x, y)
    }

    /// Everything about an entry.
    pub fn entry(&self, id: u32) -> Result<Option<Ts<Why>>, JsError> {
        self.playground.entry(id).as_ref().map(one).transpose()
    }

    /// The entries that the field at an offset of the text shapes.
    pub fn entries_for(&self, offset: u32) -> Vec<u32> {
        self.playground.entries_for(offset)
    }

    /// When the next (`dir` > 0) or previous thing happens.
    pub fn step(&self, at_us: f64, dir: f64) -> Option<f64> {
        self.playground.step(at_us, dir)
    }

    /// When the next (`dir` > 0) or previous surprise happens.
    pub fn surprise(&self, at_us: f64, dir: f64) -> Option<f64> {
        self.playground.surprise(at_us, dir)
    }

    /// Steps the present towards an instant.
    pub fn tick(&mut self, target_us: f64) -> One<TickResult> {
        one(&self.playground.tick(target_us))
    }

    /// The objects of the present.
    pub fn objects(&self) -> Many<ObjectRef> {
        many(&self.playground.objects())
    }

    /// An object of the present as YAML; empty when there is none.
    pub fn yaml(&self, kind: &str, namespace: &str, name: &str) -> String {
        self.playground.yaml(kind, namespace, name)
    }

    /// An object of the present as `kubectl describe` prints it; empty when there is none.
    pub fn describe(&self, kind: &str, namespace: &str, name: &str) -> String {
        self.playground.describe(kind, namespace, name)
    }

    /// Services of the present, and the Pods behind them.
    pub fn services(&self) -> Many<ServiceRow> {
        many(&self.playground.services())
    }

    /// Runs a line of the console that only looks at the present.
    pub fn look(&self, line: &str) -> One<LookRow> {
        one(&self.playground.look(line))
    }

    /// The last lines, at most so many, of what `kubectl get pods -w` has printed by then.
    pub fn watch(&self, until_us: f64, most: u32) -> One<WatchTail> {
        one(&self.playground.watch(until_us, most))
    }

    /// The last Events by then, at most so many.
    pub fn events(&self, until_us: f64, most: u32) -> Many<EventRow> {
        many(&self.playground.events(until_us, most))
    }

    /// How many Events there were by then.
    pub fn event_count(&self, until_us: f64) -> u32 {
        self.playground.event_count(until_us)
    }

    /// The commands by then, and what they have printed.
    pub fn console(&self, until_us: f64) -> Many<ConsoleRow> {
        many(&self.playground.console(until_us))
    }

    /// The log of a container in the present.
    pub fn logs(&self, namespace: &str, pod: &str, container: &str) -> String {
        self.playground.logs(namespace, pod, container)
    }

    /// The timeline as a table, up to an instant or whole.
    pub fn table(&self, until_us: Option<f64>) -> Many<TableRow> {
        many(&self.playground.table(until_us))
    }

    /// The whole run as a figure.
    pub fn svg(&self, width: f32, dark: bool) -> String {
        self.playground
            .svg(width, if dark { Theme::Dark } else { Theme::Light })
    }

    /// The whole run as a figure that follows the theme of its reader.
    pub fn svg_auto(&self, width: f32) -> String {
        self.playground.svg(width, Theme::Auto)
    }

    /// The main moments as a Markdown table.
    pub fn markdown(&self) -> String {
        self.playground.markdown()
    }

    /// The whole run as a trace for Perfetto.
    pub fn chrome(&self) -> String {
        self.playground.chrome()
    }

    /// Keeps the run as a ghost beside the ones that follow.
    pub fn keep(&mut self, pin: bool) -> bool {
        self.playground.keep(pin)
    }

    /// Lets the ghost go.
    pub fn let_go(&mut self, pinned_too: bool) {
        self.playground.let_go(pinned_too);
    }

    /// The text of the pinned run.
    pub fn pinned_text(&self) -> Option<String> {
        self.playground.pinned_text()
    }

    /// The ghost compared with this run.
    pub fn differences(&self) -> Many<DifferenceRow> {
        many(&self.playground.differences())
    }

    /// Computes the bands by at most so many events; true when nothing is left to do.
    pub fn advance_bands(&mut self, max_events: u32) -> bool {
        self.playground.advance_bands(max_events)
    }

    /// Between which instants an entry begins with other seeds.
    pub fn band(&self, entry: u32) -> Result<Option<Ts<BandRow>>, JsError> {
        self.playground.band(entry).as_ref().map(one).transpose()
    }

    /// The numbers of the text that are worth a sweep.
    pub fn numbers(&self) -> Many<NumberRow> {
        many(&self.playground.numbers())
    }

    /// Begins a sweep of a number.
    pub fn sweep(&mut self, number: u32, from: f64, to: f64, step: f64) -> bool {
        self.playground.sweep(number, from, to, step)
    }

    /// Runs the sweep on by at most so many events.
    pub fn advance_sweep(&mut self, max_events: u32) -> One<SweepState> {
        one(&self.playground.advance_sweep(max_events))
    }

    /// The change that puts another value in the place of a number.
    pub fn put_number(&self, number: u32, value: f64) -> Result<Option<Ts<EditRow>>, JsError> {
        self.playground.put_number(number, value).as_ref().map(one).transpose()
    }

    /// The change that answers "what if".
    pub fn what_if(&self, what: &str, at_us: f64, namespace: &str, pod: &str, container: &str) -> One<EditRow> {
        one(&self.playground.what_if(what, at_us, namespace, pod, container))
    }

    /// Lays what a real cluster said beside the run.
    pub fn reality(&mut self, text: &str) -> One<RealityState> {
        one(&self.playground.reality(text))
    }

    /// The fragment of a link that holds a text.
    pub fn encode_link(&self, text: &str) -> String {
        self.playground.encode_link(text)
    }

    /// What a link's fragment holds.
    pub fn decode_link(&self, fragment: &str) -> One<LinkContent> {
        one(&self.playground.decode_link(fragment))
    }
}

/// What is painted for one window of time. Typed arrays are copies, so they outlive it and every growth of memory.
#[wasm_bindgen]
pub struct DrawList(Rc<layout::DrawList>);

#[wasm_bindgen]
impl DrawList {
    /// Height of all rows.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> f32 {
        self.0.height
    }

    /// `[lane, y, height, middle]` each, from the top.
    pub fn rows(&self) -> Vec<f32> {
        self.0.row_numbers()
    }

    /// `[x, y, w, h, style, entry]` each.
    pub fn rects(&self) -> Vec<f32> {
        self.0.rect_numbers()
    }

    /// `[x, y, w, h, fill, colour, entry]` each.
    pub fn areas(&self) -> Vec<f32> {
        self.0.area_numbers()
    }

    /// `[x, y, shape, style, entry]` each; `x`, `y` are the centre.
    pub fn marks(&self) -> Vec<f32> {
        self.0.mark_numbers()
    }

    /// `[x, y, max_w, style, string]` each; `y` is the middle of the line.
    pub fn texts(&self) -> Vec<f32> {
        self.0.text_numbers()
    }

    /// The strings that the texts mean.
    pub fn strings(&self) -> Vec<String> {
        self.0.strings.clone()
    }

    /// `[x1, y1, x2, y2, style]` each, from a cause to what followed; style 0 joins results of one probe.
    pub fn links(&self) -> Vec<f32> {
        self.0.link_numbers()
    }

    /// `[x, y, w, h, style]` each: bars of the ghost that are not in this run.
    pub fn ghosts(&self) -> Vec<f32> {
        self.0.ghost_numbers()
    }

    /// `[x, y, shape, style]` each: marks of the ghost that are not in this run.
    pub fn ghost_marks(&self) -> Vec<f32> {
        self.0.ghost_mark_numbers()
    }

    /// `[x1, x2, y, h, x]` each: a beginning at `x` that varies between `x1` and `x2`.
    pub fn bands(&self) -> Vec<f32> {
        self.0.band_numbers()
    }

    /// The ruler.
    pub fn ticks(&self) -> Many<TickLabel> {
        many(&self.0.tick_labels())
    }
}
