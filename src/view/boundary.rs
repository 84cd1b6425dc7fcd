//! The plain results that cross to the page. Core types are never serialized; these are, and the TypeScript types are
//! made from them. Times are microseconds since t = 0, positions in the text are UTF-16 offsets.

use serde::{Deserialize, Serialize};

/// Derives what every result needs, and the TypeScript type where there is a page: under its own name unless another
/// is given, with `null` for what is missing.
macro_rules! crossing {
    ($($(#[doc = $doc:literal])* pub struct $name:ident $(as $ts:literal)? {
        $($(#[doc = $fdoc:literal])* pub $field:ident: $type:ty $(as $fts:literal)?,)*
    })*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
        #[cfg_attr(target_arch = "wasm32", tsify(missing_as_null $(, rename = $ts)?))]
        pub struct $name {$(
            $(#[doc = $fdoc])*
            $(#[cfg_attr(target_arch = "wasm32", tsify(type = $fts))])?
            pub $field: $type,
        )*}
    )*};
}

crossing! {
    /// How far the future is computed.
    pub struct Progress {
        /// Whether it is computed to the end.
        pub done: bool,
        /// Computed to here.
        pub at_us: f64,
        /// The horizon.
        pub until_us: f64,
        /// Number of entries so far.
        pub entries: u32,
    }

    /// What is known about a run before it begins.
    pub struct Info {
        /// Version of Podscope.
        pub version: String,
        /// Version of Kubernetes that is played.
        pub kubernetes: String,
        /// Title of the scenario.
        pub title: String,
        /// Description of the scenario, Markdown.
        pub description: String,
        /// The horizon.
        pub until_us: f64,
        /// The seed.
        pub seed: f64,
        /// t = 0 as seconds since 1970-01-01T00:00:00Z.
        pub start_unix: f64,
    }

    /// A mend that can be applied to the text.
    pub struct Mend {
        /// What it does.
        pub title: String,
        /// First unit that is replaced.
        pub from: u32,
        /// First unit after.
        pub to: u32,
        /// What comes there.
        pub text: String,
    }

    /// One thing that is said about the text.
    pub struct DiagnosticRow as "Diagnostic" {
        /// `error`, `warning` or `info`.
        pub severity: String as r#""error" | "warning" | "info""#,
        /// The kind of it, stable.
        pub code: String,
        /// One phrase.
        pub message: String,
        /// Path of the field, may be empty.
        pub path: String,
        /// First unit.
        pub from: u32,
        /// First unit after.
        pub to: u32,
        /// Line, from 1.
        pub line: u32,
        /// Column in UTF-16 units, from 1.
        pub column: u32,
        /// Mends, best first.
        pub fixes: Vec<Mend>,
    }

    /// One thing that may be written at a place of the text.
    pub struct CompletionRow as "Completion" {
        /// The field or word.
        pub label: String,
        /// What the field holds: `a list`, `a whole number`.
        pub detail: String,
        /// Whether the field must be there.
        pub required: bool,
        /// First unit that is replaced.
        pub from: u32,
        /// First unit after.
        pub to: u32,
        /// What comes there.
        pub text: String,
    }

    /// A manifest to start from.
    pub struct TemplateRow as "Template" {
        /// What it is: `Deployment`, `Pod with probes`.
        pub title: String,
        /// One or more whole documents.
        pub text: String,
    }

    /// What is known of a field.
    pub struct HoverCard as "Hover" {
        /// Its path in its document.
        pub path: String,
        /// What it holds.
        pub holds: String,
        /// What it is when it is left out; empty when that depends or is nothing.
        pub default: String,
        /// The words it may be.
        pub words: Vec<String>,
        /// The first sentence of its documentation.
        pub description: String,
        /// First unit of key and value.
        pub from: u32,
        /// First unit after.
        pub to: u32,
    }

    /// A lane in its place.
    pub struct LaneRow {
        /// The lane.
        pub id: u32,
        /// The lane it is drawn under.
        pub parent: Option<u32>,
        /// `steps`, `pod`, `container`, `liveness`, …
        pub kind: String,
        /// Name as the manifest has it.
        pub name: String,
        /// What is written beside it.
        pub label: String,
        /// A second, quieter line; may be empty.
        pub note: String,
        /// All of it in one line, for who has room.
        pub whole: String,
        /// Colour and letter of the revision it was made from, by order of appearance; null for all others.
        pub revision: Option<u8>,
        /// The hash that Kubernetes has for that revision; empty for all others.
        pub hash: String,
        /// Depth of indentation.
        pub depth: u8,
        /// Whether lanes are drawn under it.
        pub foldable: bool,
        /// Whether it should begin folded.
        pub folded: bool,
    }

    /// A tick of the ruler.
    pub struct TickLabel as "RulerTick" {
        /// Where.
        pub x: f32,
        /// What is written there: time since t = 0.
        pub label: String,
        /// The same instant on the clock of the cluster.
        pub wall: String,
    }

    /// The place of a field in the text.
    pub struct FieldPlace {
        /// Path in its document.
        pub path: String,
        /// First unit.
        pub from: u32,
        /// First unit after.
        pub to: u32,
        /// The value as it is written, or the default that holds.
        pub text: String,
    }

    /// One moment of a chain.
    pub struct Moment {
        /// The entry.
        pub id: u32,
        /// When.
        pub at_us: f64,
        /// What, in a few words.
        pub text: String,
    }

    /// Everything about an entry.
    pub struct Why {
        /// The entry.
        pub id: u32,
        /// When it happened or began.
        pub at_us: f64,
        /// When it ended; null for instants and for what goes on.
        pub end_us: Option<f64>,
        /// Its lane.
        pub lane: u32,
        /// Who does what, and when.
        pub title: String,
        /// Why.
        pub sentence: String,
        /// Name of the rule.
        pub rule: String,
        /// Path of its source in the Kubernetes tree; empty when it has none.
        pub twin: String,
        /// Where the documentation tells of it.
        pub source_url: Option<String>,
        /// The fields that set its numbers.
        pub fields: Vec<FieldPlace>,
        /// What led to it, nearest first.
        pub causes: Vec<Moment>,
        /// What followed from it.
        pub effects: Vec<Moment>,
    }

    /// What a frame did.
    pub struct TickResult as "Tick" {
        /// Where the present stands.
        pub at_us: f64,
        /// First entry that is new to the present.
        pub from_entry: u32,
        /// First entry after.
        pub to_entry: u32,
        /// Whether the target is reached.
        pub done: bool,
    }

    /// An object of the cluster.
    pub struct ObjectRef {
        /// Kind.
        pub kind: String,
        /// Namespace; empty for what has none.
        pub namespace: String,
        /// Name.
        pub name: String,
    }

    /// The last lines of what `kubectl get pods -w` has printed.
    pub struct WatchTail {
        /// The heading and those lines.
        pub text: String,
        /// How many lines came before them.
        pub earlier: u32,
    }

    /// An Event, as a row.
    pub struct EventRow {
        /// When it was last seen.
        pub at_us: f64,
        /// `pod/web`.
        pub object: String,
        /// `Normal` or `Warning`.
        pub r#type: String,
        /// Reason.
        pub reason: String,
        /// Message.
        pub message: String,
        /// How often.
        pub count: u32,
        /// Its age as kubectl prints it.
        pub age: String,
    }

    /// A Service, and the Pods behind it.
    pub struct ServiceRow {
        /// Namespace.
        pub namespace: String,
        /// Name.
        pub name: String,
        /// `ClusterIP`, `NodePort`, …
        pub kind: String,
        /// Its address.
        pub cluster_ip: String,
        /// `80/TCP`.
        pub ports: String,
        /// `app=web`, or `<none>`.
        pub selector: String,
        /// What its EndpointSlices say.
        pub endpoints: Vec<EndpointRow>,
    }

    /// A Pod behind a Service.
    pub struct EndpointRow {
        /// The Pod.
        pub pod: String,
        /// Its address.
        pub address: String,
        /// Its node.
        pub node: String,
        /// Takes new connections.
        pub ready: bool,
        /// Answers.
        pub serving: bool,
        /// Is on its way out.
        pub terminating: bool,
    }

    /// What a line of the console came to.
    pub struct LookRow {
        /// What it printed.
        pub output: String,
        /// Its exit code; null when it would wait.
        pub exit: Option<i32>,
        /// Whether it would change the cluster, so that nothing was done.
        pub changes: bool,
    }

    /// A command of the scenario and what it printed.
    pub struct ConsoleRow {
        /// When it began.
        pub at_us: f64,
        /// The command.
        pub command: String,
        /// What it has printed.
        pub output: String,
        /// Its exit code; null while it runs.
        pub exit: Option<i32>,
    }

    /// One line of the comparison of two runs.
    pub struct DifferenceRow {
        /// The Pod.
        pub pod: String,
        /// What is compared.
        pub measure: String as r#""ready" | "restarts" | "unready" | "stop" | "killed" | "status""#,
        /// Its value in the run that was kept.
        pub before: String,
        /// Its value in this run.
        pub after: String,
        /// How it changed.
        pub turn: String as r#""same" | "better" | "worse" | "other""#,
        /// By how much.
        pub by: String,
    }

    /// Between which instants an entry begins with other seeds.
    pub struct BandRow {
        /// Earliest.
        pub earliest_us: f64,
        /// Latest.
        pub latest_us: f64,
        /// How many seeds were drawn.
        pub seeds: u32,
    }

    /// A number of the text that is worth a sweep.
    pub struct NumberRow {
        /// Whose, and which field.
        pub label: String,
        /// First unit.
        pub from: u32,
        /// First unit after.
        pub to: u32,
        /// Its value.
        pub value: f64,
        /// Its unit, may be empty.
        pub unit: String,
        /// Whether it is written; else the default holds.
        pub written: bool,
        /// The least value worth a look.
        pub least: f64,
        /// The greatest.
        pub most: f64,
    }

    /// How a run went with one value of a sweep.
    pub struct SweepPoint {
        /// The value.
        pub value: f64,
        /// Whether nobody would complain.
        pub safe: bool,
        /// Whether the text with this value has an error.
        pub refused: bool,
        /// Until all Pods were ready.
        pub ready_us: Option<f64>,
        /// The same in words.
        pub ready: String,
        /// Restarts.
        pub restarts: f64,
        /// Time not ready after having been.
        pub unready_us: f64,
        /// The same in words.
        pub unready: String,
        /// The longest stop.
        pub stop_us: Option<f64>,
        /// The same in words.
        pub stop: String,
        /// Containers killed at the end of their grace.
        pub killed: f64,
    }

    /// How far a sweep has come and what it has found.
    pub struct SweepState {
        /// Whether all values have been run.
        pub done: bool,
        /// Number of values.
        pub total: u32,
        /// Which values are safe.
        pub answer: String as r#""none" | "all" | "from" | "to" | "between" | "scattered""#,
        /// The smallest safe one.
        pub low: Option<f64>,
        /// The greatest safe one.
        pub high: Option<f64>,
        /// The values so far.
        pub points: Vec<SweepPoint>,
    }

    /// A change of the text, or why there is none.
    pub struct EditRow {
        /// First unit that is replaced.
        pub from: u32,
        /// First unit after.
        pub to: u32,
        /// What comes there.
        pub text: String,
        /// Why there is no change; empty when there is one.
        pub error: String,
    }

    /// One fact of a real cluster, of the run, or of both.
    pub struct RealityLine {
        /// What was said.
        pub what: String,
        /// When, by the real cluster, since the creation of the Pod.
        pub real_us: Option<f64>,
        /// When, by the run.
        pub predicted_us: Option<f64>,
        /// How they stand to each other.
        pub verdict: String as r#""same" | "later" | "earlier" | "only-real" | "only-predicted""#,
    }

    /// What a real cluster said, beside the run.
    pub struct RealityState {
        /// Why there is nothing to compare; empty when there is.
        pub error: String,
        /// The Pod of the real cluster.
        pub real: String,
        /// The Pod of the run.
        pub predicted: String,
        /// Position of the first line that is not the same.
        pub first: Option<u32>,
        /// The facts in order.
        pub lines: Vec<RealityLine>,
    }

    /// A row of the table that says what the timeline shows.
    pub struct TableRow {
        /// The entry.
        pub id: u32,
        /// From.
        pub at_us: f64,
        /// To; null for instants and for what goes on.
        pub end_us: Option<f64>,
        /// The lane, with what it belongs to.
        pub lane: String,
        /// What.
        pub text: String,
    }
}

/// What a link holds. Either `text` or `error` is there; what is not is undefined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LinkContent {
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The playhead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub t_us: Option<f64>,
    /// The selected entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sel: Option<u32>,
    /// How it is shown: `timeline`, `table`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<String>,
    /// Why the link cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What the page wants to see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(default)]
pub struct LayoutRequest {
    /// Width of the window in pixels.
    pub width: f32,
    /// First instant.
    pub from_us: f64,
    /// Last instant.
    pub to_us: f64,
    /// Lanes that are folded.
    pub folded: Vec<u32>,
    /// Lanes that begin folded and were opened; all others that begin so are folded. Without it only `folded` counts.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[] | null"))]
    pub opened: Option<Vec<u32>>,
    /// The entry whose chain of causes is drawn.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub selected: Option<u32>,
    /// Mean width in pixels of the small letters at the size of the words in bars.
    pub char_width: f32,
    /// Widths in pixels of the 95 printable ASCII characters from space; better than `char_width` where given.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number[] | null"))]
    pub advances: Option<Vec<f32>>,
    /// Top of what is in sight; rows above it are left empty.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub top: Option<f32>,
    /// Bottom of what is in sight.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "number | null"))]
    pub bottom: Option<f32>,
}
