// The boundary between the page and the core, as the page uses it. The core's generated types must be assignable to
// these; `load.ts` is where the compiler checks that.

/** Colour of a bar or of a word. The numbers are part of the contract with the core's `view`. */
export const Style = {
  Pending: 0,
  Creating: 1,
  Running: 2,
  RunningUnready: 3,
  Succeeded: 4,
  Failed: 5,
  Waiting: 6,
  Terminating: 7,
  Init: 8,
  Sidecar: 9,
  Hook: 10,
  Grace: 11,
  Pulling: 12,
  ConditionTrue: 13,
  ConditionFalse: 14,
  Step: 15,
  EndpointReady: 16,
  EndpointDraining: 17,
  Neutral: 18,
  GraceLeft: 19,
  GraceEaten: 20,
  Note: 21,
} as const;

/** Form of a mark. Shape carries the outcome, so that colour alone never does. */
export const Shape = {
  Success: 0,
  Failure: 1,
  TippingFailure: 2,
  Event: 3,
  Warning: 4,
  Step: 5,
  Signal: 6,
  Verdict: 7,
} as const;

/** How an area is filled. Texture carries the state of the Pods it stands for, colour their revision. */
export const Fill = {
  /** Available Pods, or a Pod that is ready. */
  Solid: 0,
  /** Ready and not available yet, or running and not ready. */
  Hatched: 1,
  /** There, and not ready. */
  Pale: 2,
  /** Its upper edge says how many are wanted. */
  Outline: 3,
  /** A stripe that says of which revision a Pod is. */
  Edge: 4,
} as const;

/** From here on the colour of an area is that of a style; below, that of a revision. */
export const STYLE_HUE = 16;

/** How far the future has been computed. Times are microseconds of simulated time. */
export interface Progress {
  done: boolean;
  at_us: number;
  until_us: number;
  entries: number;
}

export interface Info {
  version: string;
  kubernetes: string;
  title?: string | null;
  description?: string | null;
  until_us: number;
  seed: number;
  start_unix: number;
}

export interface Fix {
  title: string;
  from: number;
  to: number;
  text: string;
}

/** Something to say about the text. Offsets are UTF-16 units. */
export interface Diagnostic {
  severity: 'error' | 'warning' | 'info';
  code: string;
  message: string;
  path: string;
  from: number;
  to: number;
  line: number;
  column: number;
  fixes: Fix[];
}

/** One thing that may be written at a place. */
export interface Completion {
  label: string;
  /** What the field holds: `a list`, `a whole number`. */
  detail: string;
  required: boolean;
  from: number;
  to: number;
  text: string;
}

/** A manifest to start from. */
export interface Template {
  title: string;
  /** One or more whole documents. */
  text: string;
}

/** What is known of a field. */
export interface Hover {
  path: string;
  holds: string;
  /** What it is when it is left out; may be empty. */
  default: string;
  words: string[];
  /** The first sentence of its documentation; may be empty. */
  description: string;
  from: number;
  to: number;
}

export interface LaneRow {
  id: number;
  parent?: number | null;
  kind: string;
  name: string;
  label: string;
  /** A second, quieter line. */
  note?: string;
  /** All of it in one line. */
  whole?: string;
  /** Which revision of its owner's template it was made from, by order of appearance, where there are several. */
  revision?: number | null;
  /** The hash that Kubernetes has for that revision. */
  hash?: string;
  depth: number;
  foldable: boolean;
  /** Whether it should begin folded. */
  folded?: boolean;
}

export interface LayoutRequest {
  width: number;
  from_us: number;
  to_us: number;
  folded: number[];
  /** Lanes that begin folded and were opened; all others that begin so are folded. Without it only `folded` counts. */
  opened?: number[];
  selected: number | null;
  char_width: number;
  /** Widths of the 95 printable ASCII characters, from the space on. */
  advances?: number[];
  /** What is in sight; rows outside may be left empty. */
  top?: number;
  bottom?: number;
}

export interface Row {
  lane: number;
  y: number;
  height: number;
  /** From its top to the middle of its bars. */
  middle: number;
}

export interface Tick {
  x: number;
  label: string;
  /** The same instant on the clock of the cluster. */
  wall: string;
}

/** Everything to paint, in CSS pixels of the plot; `x` 0 is `from_us`. Freed by the page. */
export interface DrawList {
  readonly height: number;
  /** lane, y, height, middle (see `Row`) */
  rows(): Float32Array;
  /** x, y, w, h, style, entry */
  rects(): Float32Array;
  /** x, y, w, h, fill, colour, entry; they lie under the rects. */
  areas(): Float32Array;
  /** x, y (centre), shape, style, entry */
  marks(): Float32Array;
  /** x, y (middle of the line), max_w, style, string index */
  texts(): Float32Array;
  strings(): string[];
  /** x1, y1, x2, y2, style */
  links(): Float32Array;
  ticks(): Tick[];
  /** x, y, w, h, style: bars of the ghost that are not in this run */
  ghosts(): Float32Array;
  /** x, y, shape, style */
  ghost_marks(): Float32Array;
  /** x1, x2, y, h, x: a beginning at x that varies */
  bands(): Float32Array;
  free(): void;
}

export interface FieldRef {
  path: string;
  from: number;
  to: number;
  text: string;
}

export interface Related {
  id: number;
  at_us: number;
  text: string;
}

/** Why an entry is what it is. */
export interface Why {
  id: number;
  at_us: number;
  end_us?: number | null;
  lane: number;
  title: string;
  sentence: string;
  rule: string;
  twin: string;
  source_url?: string | null;
  fields: FieldRef[];
  causes: Related[];
  effects: Related[];
}

/** What one step of the present did: entries `from_entry` (inclusive) to `to_entry` (exclusive) were passed. */
export interface TickResult {
  at_us: number;
  from_entry: number;
  to_entry: number;
  done: boolean;
}

export interface ObjectRef {
  kind: string;
  namespace: string;
  name: string;
}

/** The last lines of a watch. */
export interface WatchTail {
  /** The heading and those lines. */
  text: string;
  /** How many lines came before them. */
  earlier: number;
}

export interface EventRow {
  at_us: number;
  object: string;
  type: string;
  reason: string;
  message: string;
  count: number;
  age: string;
}

export interface ConsoleRow {
  at_us: number;
  command: string;
  output: string;
  exit?: number | null;
}

export interface EndpointRow {
  pod: string;
  address: string;
  node: string;
  ready: boolean;
  serving: boolean;
  terminating: boolean;
}

export interface ServiceRow {
  namespace: string;
  name: string;
  kind: string;
  cluster_ip: string;
  ports: string;
  selector: string;
  endpoints: EndpointRow[];
}

/** What a line of the console came to; `changes` when it was not run because it would change the cluster. */
export interface Looked {
  output: string;
  exit?: number | null;
  changes: boolean;
}

export interface TableRow {
  /** Its entry. */
  id: number;
  at_us: number;
  end_us?: number | null;
  lane: string;
  text: string;
}

export interface Decoded {
  text?: string;
  t_us?: number;
  sel?: number;
  view?: string;
  error?: string;
}

/** One line of the comparison of two runs. */
export interface Difference {
  pod: string;
  measure: 'ready' | 'restarts' | 'unready' | 'stop' | 'killed' | 'status';
  before: string;
  after: string;
  turn: 'same' | 'better' | 'worse' | 'other';
  by: string;
}

/** Between which instants an entry begins with other seeds. */
export interface Band {
  earliest_us: number;
  latest_us: number;
  seeds: number;
}

/** A number of the text that is worth a sweep. */
export interface SweepNumber {
  label: string;
  from: number;
  to: number;
  value: number;
  unit: string;
  written: boolean;
  least: number;
  most: number;
}

export interface SweepPoint {
  value: number;
  safe: boolean;
  refused: boolean;
  ready_us?: number | null;
  ready: string;
  restarts: number;
  unready_us: number;
  unready: string;
  stop_us?: number | null;
  stop: string;
  killed: number;
}

export interface SweepState {
  done: boolean;
  total: number;
  answer: 'none' | 'all' | 'from' | 'to' | 'between' | 'scattered';
  low?: number | null;
  high?: number | null;
  points: SweepPoint[];
}

/** A change of the text, or why there is none. */
export interface Edit {
  from: number;
  to: number;
  text: string;
  error: string;
}

/** One fact of a real cluster, of the run, or of both. */
export interface RealityLine {
  what: string;
  real_us?: number | null;
  predicted_us?: number | null;
  verdict: 'same' | 'later' | 'earlier' | 'only-real' | 'only-predicted';
}

export interface Reality {
  error: string;
  real: string;
  predicted: string;
  first?: number | null;
  lines: RealityLine[];
}

/** What can be made to happen at an instant. */
export type WhatIf = 'delete' | 'kill' | 'kubelet-restart' | 'fail-startup' | 'fail-liveness' | 'fail-readiness';

/** The one class of the core. */
export interface Podscope {
  /** Chooses the language of lanes, entries and sentences by its BCP 47 tag. */
  set_language(tag: string): void;
  set_text(text: string, seed: number): void;
  advance(max_events: number): Progress;
  info(): Info;
  diagnostics(): Diagnostic[];
  complete(offset: number): Completion[];
  /** Manifests to start from, those that are wanted most first. */
  templates(): Template[];
  /** `descriptions` is loaded on first use and may be empty. */
  hover(offset: number, descriptions: string): Hover | undefined;
  lanes(): LaneRow[];
  layout(request: LayoutRequest): DrawList;
  hit(x: number, y: number): number | undefined;
  entry(id: number): Why | undefined;
  entries_for(offset: number): ArrayLike<number>;
  step(at_us: number, direction: number): number | undefined;
  surprise(at_us: number, direction: number): number | undefined;
  tick(target_us: number): TickResult;
  objects(): ObjectRef[];
  yaml(kind: string, namespace: string, name: string): string;
  describe(kind: string, namespace: string, name: string): string;
  services(): ServiceRow[];
  /** Runs a line of the console that only looks at the present. */
  look(line: string): Looked;
  /** The last lines, at most `most`. */
  watch(until_us: number, most: number): WatchTail;
  /** The last rows, at most `most`. */
  events(until_us: number, most: number): EventRow[];
  event_count(until_us: number): number;
  console(until_us: number): ConsoleRow[];
  logs(namespace: string, pod: string, container: string): string;
  table(until_us?: number): TableRow[];
  svg(width: number, dark: boolean): string;
  /** Follows the theme of its reader. */
  svg_auto(width: number): string;
  markdown(): string;
  chrome(): string;
  keep(pin: boolean): boolean;
  let_go(pinnedToo: boolean): void;
  pinned_text(): string | undefined;
  differences(): Difference[];
  advance_bands(max_events: number): boolean;
  band(entry: number): Band | undefined;
  numbers(): SweepNumber[];
  sweep(number: number, from: number, to: number, step: number): boolean;
  advance_sweep(max_events: number): SweepState;
  put_number(number: number, value: number): Edit | undefined;
  reality(text: string): Reality;
  what_if(what: string, at_us: number, namespace: string, pod: string, container: string): Edit;
  encode_link(text: string): string;
  decode_link(fragment: string): Decoded;
  free(): void;
}
