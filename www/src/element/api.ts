// The public types of the package: what people may use, and nothing else. This file is published as it is, so it holds
// declarations only.

/** How the element is shown. */
export type PodScopeView = 'timeline' | 'table' | 'split' | 'editor';

/** When the core is loaded: at once, when the element comes near the viewport, or when the reader asks for it. */
export type PodScopeLoading = 'eager' | 'lazy' | 'click';

export type PodScopeTheme = 'auto' | 'light' | 'dark';

/** One thing that is said about the text. Lines and columns count from 1; columns are UTF-16 units. */
export interface PodScopeDiagnostic {
  severity: 'error' | 'warning' | 'info';
  code: string;
  message: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  path: string;
}

/** A line of `kubectl get pods -w`. */
export interface PodScopeWatchRow {
  ms: number;
  line: string;
  name: string;
  namespace: string;
  ready: string;
  status: string;
  restarts: string;
  age: string;
}

/** One emission of an Event. */
export interface PodScopeEvent {
  ms: number;
  object: string;
  fieldPath: string | null;
  type: string;
  reason: string;
  message: string;
  count: number | null;
  component: string;
}

/** A Pod as a watch would have reported it. */
export interface PodScopePod {
  ms: number;
  watch: 'ADDED' | 'MODIFIED' | 'DELETED';
  name: string;
  namespace: string;
  node: string | null;
  deleted: boolean;
  deletionTimestamp: boolean;
  status: Record<string, unknown>;
}

/** A command of the scenario and what it printed. */
export interface PodScopeConsoleEntry {
  ms: number;
  step: number;
  command: string;
  output: string;
  exit: number | null;
}

/** A claim of the scenario and whether it holds. */
export interface PodScopeExpectation {
  ok: boolean;
  text: string;
  why: string;
}

/** Everything a run left behind: the object that `podscope run -o json` prints. Times are milliseconds. */
export interface PodScopeResult {
  kubernetes: string;
  seed: number;
  until_ms: number;
  diagnostics: PodScopeDiagnostic[];
  watch: PodScopeWatchRow[];
  events: PodScopeEvent[];
  pods: PodScopePod[];
  console: PodScopeConsoleEntry[];
  expect: PodScopeExpectation[];
}

export interface SimulateOptions {
  /** 0 is the nominal run; the scenario's own when it is not given. */
  seed?: number;
  /** Horizon in milliseconds; the scenario's own when it is not given. */
  until?: number;
}

/** An entry of the timeline. Times are seconds of simulated time. */
export interface PodScopeSelection {
  id: number;
  at: number;
  title: string;
  sentence: string;
}

/** Details of the element's events, by name. All events bubble and are composed. */
export interface PodScopeEventMap {
  /** The core is there and the first picture is drawn. */
  'ps-ready': CustomEvent<{ podscope: string; kubernetes: string }>;
  /** A run is computed to its end. */
  'ps-result': CustomEvent<{ title: string; until: number; diagnostics: number }>;
  /** The reader changed the text. */
  'ps-change': CustomEvent<{ source: string }>;
  /** The present moved. */
  'ps-seek': CustomEvent<{ time: number }>;
  /** Another entry, or none, is selected. */
  'ps-select': CustomEvent<PodScopeSelection | null>;
  /** Something could not be done. */
  'ps-error': CustomEvent<{ message: string }>;
}

/** `<pod-scope>`. */
export interface PodScopeElement extends HTMLElement {
  /** The text. Setting it wins over attributes and children. */
  source: string;
  /** The present, in seconds of simulated time. */
  time: number;
  view: PodScopeView;
  theme: PodScopeTheme;
  readonly playing: boolean;
  /** The selected entry. */
  readonly selection: PodScopeSelection | null;
  /** What the run left behind; null before the core is loaded. */
  readonly result: PodScopeResult | null;
  /** Fulfilled when the first picture is drawn. */
  readonly ready: Promise<void>;
  /** Loads the core, if it is not there, and computes the text. */
  run(): Promise<void>;
  play(): void;
  pause(): void;
  /** Moves the present; seconds of simulated time. */
  seek(time: number): void;
  /** Selects an entry, or none. */
  select(id: number | null): void;
  /** The figure as SVG; empty before the core is loaded. */
  toSVG(width?: number): string;
  /** The main moments as a Markdown table; empty before the core is loaded. */
  toMarkdown(): string;
  /** The address of the playground with this text, instant and selection; empty when there is no playground. */
  getShareUrl(): string;
  /** Back to the text and the present that the page's author gave. */
  reset(): void;

  addEventListener<K extends keyof PodScopeEventMap>(
    type: K,
    listener: (this: PodScopeElement, event: PodScopeEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** What is sent to the frame `embed.html`: `{ podscope: { v: 1, type, … } }`. */
export type FrameCommand =
  | { type: 'ping'; id?: string }
  | { type: 'seek'; time: number }
  | { type: 'select'; entry: number | null }
  | { type: 'source'; text: string }
  | { type: 'theme'; theme: PodScopeTheme }
  | { type: 'play' }
  | { type: 'pause' };

/** What the frame sends. `height` is in CSS pixels. */
export type FrameReport =
  | { type: 'pong'; id?: string; podscope: string; kubernetes: string }
  | { type: 'ready'; podscope: string; kubernetes: string }
  | { type: 'height'; height: number }
  | { type: 'seek'; time: number }
  | { type: 'select'; selection: PodScopeSelection | null }
  | { type: 'change'; source: string; link: string }
  | { type: 'error'; message: string };

export interface FrameHandle {
  send(command: FrameCommand): void;
  /** Stops listening. */
  close(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'pod-scope': PodScopeElement;
  }
}
