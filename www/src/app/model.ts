// What the page knows: the text, its computed future, the present, the view and the selection. It does no arithmetic on
// Kubernetes rules; it asks the core. Components follow it by topic and draw themselves anew.

import type { Diagnostic, Difference, Info, LaneRow, Podscope, Progress, Why } from '../core/contract.ts';
import type { Session } from '../core/session.ts';
import { laneKeys } from '../lib/lane-keys.ts';
import { fittingSpeed, nextSpeed } from '../lib/speed.ts';
import { clampWindow, pan, reveal, type Window, zoom } from '../lib/time-scale.ts';
import { Beside } from './beside.ts';
import * as frame from './frame.ts';
import { Player } from './player.ts';
import { Requests } from './requests.ts';

/**
 * text: the text changed. run: a new future, or more of it. time: the present moved. view: window or folding changed.
 * select: selection or lit entries changed. play: playing or speed changed. cursor: it moved in the text. anew: another
 * text took the place of the one before.
 */
export type Topic = 'anew' | 'text' | 'run' | 'time' | 'view' | 'select' | 'play' | 'cursor';

/** Real milliseconds that computing may take in one frame. */
const SLICE_MS = 8;

/** Asking for the lanes while a run is computed may take one part in so many of the time. */
const LANES_SHARE = 12;

/** Lanes that a text without any Pod may have, too. */
const IDLE_LANES = new Set<string>(['steps', 'node', 'service', 'endpoint']);

export class Model {
  text = '';
  seed = 0;
  info: Info = { version: '', kubernetes: '', until_us: 60e6, seed: 0, start_unix: 0 };
  diagnostics: Diagnostic[] = [];
  lanes: LaneRow[] = [];
  progress: Progress = { done: false, at_us: 0, until_us: 60e6, entries: 0 };
  computeMs = 0;

  now = 0;
  readonly player = new Player((us) => this.moveTo(us));

  window: Window = { from: 0, to: 60e6 };
  fitted = true;
  /** Folded lanes by key, so that folding survives an edit that renumbers lanes. */
  folded = new Set<string>();
  keys = new Map<number, string>();
  /** Lanes by number. */
  laneById: ReadonlyMap<number, LaneRow> = new Map();
  /** Folded lanes, and those that begin folded and are open, by number; null after a change. */
  private folding: { folded: number[]; opened: number[] } | null = null;
  /** When the lanes may be asked for again while a run is computed: asking for thousands takes long. */
  private lanesDue = 0;
  /** Lanes that were folded as they should begin, or that the reader folded or opened: they are the reader's. */
  private decided = new Set<string>();

  selected: number | null = null;
  why: Why | undefined;
  /** Where the cursor was last in the text. */
  cursor = 0;
  /** Entries shaped by the field under the cursor. */
  lit: ReadonlySet<number> = new Set();

  /** Whether somebody pinned a run to compare with. */
  pinned = false;
  differences: Difference[] = [];
  /** Whether the bands of this text are known: how far each entry varies from run to run. */
  banded = false;
  private readonly beside = new Beside(this);

  private tag = 'en';
  private session: Session | null = null;
  private followers = new Map<Topic, Set<() => void>>();
  private textDirty = false;
  private fresh = false;
  /** The text is another one than that of the run that was shown last. */
  private anew = false;
  /** Play was paused because there is nothing to play. */
  private held = false;
  /** The present text is not computed to its end yet. */
  private computing = false;
  private target = 0;
  /** An instant somebody went to that is not computed yet. The present follows the computation there. */
  private ahead: number | null = null;
  /** The newest entry of the present. */
  private newest: number | null = null;
  private stopPump: (() => void) | null = null;
  private stopSeek: (() => void) | null = null;
  /** The first picture is there, and what it opens with is set. Until then requests wait. */
  private opened = false;
  private readonly requests = new Requests();
  private coreJobs: (() => void)[] = [];

  /** Whether the text gave nothing to run: it is empty, or what is wrong with it leaves no Pod. */
  get resting(): boolean {
    if (this.session === null || !this.progress.done) return false;
    const wrong = this.diagnostics.some((d) => d.severity === 'error');
    return this.progress.entries === 0 || (wrong && this.lanes.every((lane) => IDLE_LANES.has(lane.kind)));
  }

  get until(): number {
    return Math.max(1, this.info.until_us);
  }

  /** The core has read the present text, or cannot. */
  get textRead(): boolean {
    return this.session !== null && !this.textDirty && !this.fresh;
  }

  /** The present stands where it was sent, or moves by itself. */
  private get arrived(): boolean {
    return this.player.playing || (this.stopSeek === null && this.ahead === null);
  }

  /** How far the present may go by now. */
  private get known(): number {
    return this.progress.done ? this.until : Math.min(this.until, this.progress.at_us);
  }

  follow(topics: Topic[], job: () => void): () => void {
    for (const topic of topics) {
      const jobs = this.followers.get(topic) ?? new Set();
      jobs.add(job);
      this.followers.set(topic, jobs);
    }
    return () => {
      for (const topic of topics) this.followers.get(topic)?.delete(job);
    };
  }

  emit(...topics: Topic[]): void {
    const jobs = new Set<() => void>();
    for (const topic of topics) for (const job of this.followers.get(topic) ?? []) jobs.add(job);
    for (const job of jobs) job();
  }

  /** Connects the core; a text set before is computed now. */
  connect(session: Session): void {
    this.session = session;
    session.setLanguage(this.tag);
    if (this.text || this.textDirty) this.setText(this.text);
    for (const job of this.coreJobs.splice(0)) job();
  }

  /** The first picture is there: `first` sets what it opens with, then comes what was asked for meanwhile. */
  open(first: (asked: { play: boolean }) => void): void {
    if (this.opened) return;
    this.opened = true;
    const play = this.requests.has('play');
    this.requests.before(() => first({ play }));
  }

  /** Runs the job as soon as there is a core: for questions that need no run. */
  whenCore(job: () => void): void {
    if (this.session) job();
    else this.coreJobs.push(job);
  }

  /** Runs the job when the core has read the present text, in the order of all requests. */
  whenRead(job: () => void): void {
    this.whenever(() => this.textRead, job);
  }

  /** Runs the job when the run is computed to its end and the present has arrived, in the order of all requests. */
  whenRun(job: () => void): void {
    this.whenever(() => this.textRead && !this.computing && this.arrived, job);
  }

  /** Runs the job when the first picture is there. */
  private whenOpen(job: () => void): void {
    if (this.opened) job();
    else this.whenever(() => true, job);
  }

  private whenever(ready: () => boolean, job: () => void): void {
    this.requests.add(() => {
      if (!this.opened || !ready()) return false;
      job();
      return true;
    });
  }

  /** Asks the core; without one, or after a trap, the answer is `otherwise`. */
  ask<T>(call: (core: Podscope) => T, otherwise: T): T {
    return this.session ? this.session.use(call, otherwise) : otherwise;
  }

  setText(text: string): void {
    this.text = text;
    this.textDirty = true;
    this.computing = true;
    this.emit('text');
    if (this.session) this.stopPump ??= frame.animate(() => this.pump());
  }

  setSeed(seed: number): void {
    this.seed = seed;
    this.setText(this.text);
  }

  /** The core's words change at once; nothing is computed anew. */
  setLanguage(tag: string): void {
    this.tag = tag;
    if (!this.session) return;
    this.session.setLanguage(tag);
    this.takeLanes();
    this.diagnostics = this.ask((core) => core.diagnostics(), this.diagnostics);
    this.select(this.selected);
    this.emit('run', 'view', 'play', 'time');
  }

  /** Hands the newest text to the core now, for a question about the text that cannot wait for the next frame. */
  settle(): void {
    if (!this.textDirty || !this.session) return;
    this.textDirty = false;
    this.fresh = true;
    this.computeMs = 0;
    this.beside.beforeText();
    this.session.setText(this.text, this.seed);
  }

  private pump(): void {
    const session = this.session;
    if (!session) return;
    const start = performance.now();
    this.settle();
    const progress = session.advance(SLICE_MS);
    this.computeMs += performance.now() - start;
    if (!progress || progress.done) {
      this.stopPump?.();
      this.stopPump = null;
    }
    if (progress) this.adopt(progress);
    else if (!session.retired) this.giveUp();
  }

  /** The core stopped at this text: nothing more of the run will come. */
  private giveUp(): void {
    this.fresh = false;
    this.computing = false;
    this.ahead = null;
    this.emit('run');
    this.requests.retry();
  }

  /** Takes over what has been computed so far. */
  private adopt(progress: Progress): void {
    this.progress = progress;
    this.info = this.ask((core) => core.info(), this.info);
    this.diagnostics = this.ask((core) => core.diagnostics(), this.diagnostics);
    const before = this.selected === null ? undefined : this.keys.get(this.why?.lane ?? -1);
    // An edit after which nothing runs leaves the last run that did in sight; another text does not.
    const due = this.fresh || progress.done || performance.now() >= this.lanesDue;
    if ((progress.entries > 0 || this.anew) && due) this.takeLanes();
    this.window = this.fitted ? { from: 0, to: this.until } : clampWindow(this.window, this.until);
    if (this.fresh) {
      this.fresh = false;
      this.reselect(before);
      this.goTo(this.ahead ?? this.now);
    } else if (this.ahead !== null) this.goTo(this.ahead);
    this.computing = !progress.done;
    this.restOrResume(progress);
    if (progress.done) this.beside.afterRun();
    this.emit('run', 'view', 'select');
    this.requests.retry();
  }

  /** Nothing is played under what another text needs first; when it runs, play goes on. */
  private restOrResume(progress: Progress): void {
    const { player } = this;
    if (progress.entries > 0) {
      this.anew = false;
      if (this.held && !player.playing) player.play(this.now);
      else if (!this.held) return;
      this.held = false;
    } else if (progress.done && this.anew && player.playing) {
      player.pause();
      this.held = true;
    } else return;
    this.emit('play');
  }

  /** Keeps this run to compare the ones that follow with it, or stops comparing. */
  togglePin(): void {
    this.whenRun(() => {
      this.beside.pin(!this.pinned);
      this.emit('run', 'view');
    });
  }

  /** Something else than a run was laid beside this one: it stays until it is let go. */
  drawnBeside(): void {
    this.pinned = true;
    this.differences = [];
    this.emit('run', 'view');
  }

  /** The text is changed, but not by the hand that edits it: that is no edit to compare with. */
  forgetEdit(): void {
    this.beside.forgetEdit();
  }

  /** The text is another one from here on: nothing of the old one is compared with it, chosen or shown. */
  startOver(): void {
    this.anew = true;
    this.beside.forget();
    this.folded.clear();
    this.decided.clear();
    this.folding = null;
    this.fitted = true;
    this.ahead = null;
    this.lit = new Set();
    this.select(null);
    this.goTo(0);
    this.emit('anew');
  }

  private takeLanes(): void {
    const start = performance.now();
    this.lanes = this.ask((core) => core.lanes(), this.lanes);
    this.keys = laneKeys(this.lanes);
    this.laneById = new Map(this.lanes.map((lane) => [lane.id, lane]));
    this.foldNewLanes();
    this.folding = null;
    const now = performance.now();
    this.lanesDue = now + LANES_SHARE * (now - start);
  }

  private foldNewLanes(): void {
    for (const lane of this.lanes) {
      const key = this.keys.get(lane.id) ?? '';
      // A workload may have too many Pods only later on.
      if (!lane.folded || this.decided.has(key)) continue;
      this.decided.add(key);
      this.folded.add(key);
    }
  }

  /** Keeps the selection over an edit only if the same entry still says the same on the same lane. */
  private reselect(lane: string | undefined): void {
    const id = this.selected;
    if (id === null) return;
    const again = this.ask((core) => core.entry(id), undefined);
    const same = again && again.title === this.why?.title && this.keys.get(again.lane) === lane;
    this.selected = same ? id : null;
    this.why = same ? again : undefined;
  }

  /** Moves the present to an instant, over several frames if the way is long or not computed yet. */
  seek(us: number): void {
    this.whenRead(() => this.goTo(us));
  }

  seekEnd(): void {
    this.whenRead(() => {
      this.player.pause();
      this.goTo(Number.POSITIVE_INFINITY);
      this.emit('play');
    });
  }

  private goTo(us: number): void {
    this.player.retarget(us);
    this.ahead = null;
    this.moveTo(us);
    if (!this.player.playing && !this.progress.done && us > this.known) this.ahead = us;
  }

  private moveTo(us: number): boolean {
    this.target = Math.min(Math.max(0, us), this.known);
    const arrived = this.tick();
    if (!arrived) {
      this.stopSeek ??= frame.animate(() => {
        if (!this.tick()) return;
        this.stopSeek?.();
        this.stopSeek = null;
        this.requests.retry();
      });
    }
    return us >= this.until;
  }

  private tick(): boolean {
    const end = performance.now() + SLICE_MS;
    let done = false;
    do {
      const result = this.ask((core) => core.tick(this.target), null);
      if (!result) {
        this.now = this.target;
        done = true;
      } else {
        this.now = result.at_us;
        this.newest = result.to_entry > 0 ? result.to_entry - 1 : null;
        done = result.done;
      }
    } while (!done && performance.now() < end);
    if (this.player.playing) this.followPlayhead();
    this.emit('time');
    return done;
  }

  private followPlayhead(): void {
    const next = reveal(this.window, this.now, this.until);
    if (next !== this.window) this.setWindow(next);
  }

  /** To the next or previous entry, and selects it if there is one to show; then `done`. */
  step(direction: 1 | -1, kind: 'entry' | 'surprise' = 'entry', done?: () => void): void {
    let found: number | undefined;
    this.requests.add(() => {
      if (!this.opened || !this.textRead) return false;
      if (found === undefined) {
        // A player that runs ahead of the core would never arrive.
        if (this.player.playing) {
          this.player.pause();
          this.emit('play');
        }
        if (!this.arrived) return false;
        found = this.next(direction, kind);
        if (found !== undefined) {
          this.goTo(found);
          this.setWindow(reveal(this.window, found, this.until, 0.5));
        }
      }
      // What comes next may not be computed yet, and the way there may take several frames.
      if (found === undefined ? direction > 0 && this.computing : !this.arrived) return false;
      if (found !== undefined) this.selectNewest(found);
      this.emit('play');
      done?.();
      return true;
    });
  }

  private next(direction: 1 | -1, kind: 'entry' | 'surprise'): number | undefined {
    return this.ask(
      (core) => (kind === 'entry' ? core.step(this.now, direction) : core.surprise(this.now, direction)),
      undefined,
    );
  }

  private selectNewest(at: number): void {
    this.select(this.newest);
    if (this.why && Math.abs(this.why.at_us - at) > 1) this.select(null);
  }

  /** Plays or pauses: the other of the two, if it is not said which. */
  toggle(play?: boolean): void {
    const { player } = this;
    this.requests.add(() => {
      if (!this.opened || !this.arrived) return false;
      if (play === player.playing) return true;
      if (!player.playing && this.now >= this.until) this.moveTo(0);
      this.held = false;
      player.toggle(this.now);
      this.emit('play');
      return true;
    }, 'play');
  }

  changeSpeed(direction: 1 | -1): void {
    this.whenOpen(() => this.setSpeed(nextSpeed(this.player.speed, direction)));
  }

  setSpeed(speed: number): void {
    this.player.setSpeed(speed, this.now);
    this.emit('play');
  }

  fitSpeed(): void {
    this.setSpeed(fittingSpeed(this.until));
  }

  select(id: number | null): void {
    this.selected = id;
    this.why = id === null ? undefined : this.ask((core) => core.entry(id), undefined);
    if (!this.why) this.selected = null;
    this.emit('select');
  }

  /** Lights the entries that the field at this place of the text shapes. */
  lightFor(offset: number | null): void {
    if (offset !== null && offset !== this.cursor) {
      this.cursor = offset;
      this.emit('cursor');
    }
    const ids = offset === null ? [] : Array.from(this.ask((core) => core.entries_for(offset), []));
    if (ids.length === 0 && this.lit.size === 0) return;
    this.lit = new Set(ids);
    this.emit('select');
  }

  setWindow(window: Window): void {
    this.window = clampWindow(window, this.until);
    this.fitted = this.window.from <= 0 && this.window.to >= this.until;
    this.emit('view');
  }

  zoomBy(factor: number, anchor?: number): void {
    this.whenOpen(() => this.setWindow(zoom(this.window, factor, anchor ?? this.anchor(), this.until)));
  }

  panBy(share: number): void {
    this.whenOpen(() => this.setWindow(pan(this.window, (this.window.to - this.window.from) * share, this.until)));
  }

  fit(): void {
    this.whenOpen(() => this.setWindow({ from: 0, to: this.until }));
  }

  private anchor(): number {
    const { from, to } = this.window;
    return this.now >= from && this.now <= to ? this.now : (from + to) / 2;
  }

  toggleFold(lane: number): void {
    const key = this.keys.get(lane);
    if (key === undefined) return;
    this.decided.add(key);
    if (!this.folded.delete(key)) this.folded.add(key);
    this.folding = null;
    this.emit('view');
  }

  isFolded(lane: number): boolean {
    return this.folded.has(this.keys.get(lane) ?? '');
  }

  /** How the lanes are folded, as the core wants to know it. */
  foldings(): { folded: number[]; opened: number[] } {
    if (this.folding) return this.folding;
    const folded: number[] = [];
    const opened: number[] = [];
    for (const lane of this.lanes) {
      if (!lane.foldable || this.isFolded(lane.id) === (lane.folded ?? false)) continue;
      if (lane.folded) opened.push(lane.id);
      else folded.push(lane.id);
    }
    this.folding = { folded, opened };
    return this.folding;
  }
}
