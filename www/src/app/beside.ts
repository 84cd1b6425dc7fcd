// What stands beside the run: the run before the last burst of edits (or one that was pinned) as a ghost, and the bands
// in which other seeds begin things. The core keeps and computes both; here is only when.

import type { Model } from './model.ts';

/** An edit after so long a pause is compared with what stood there before it. */
const PAUSE_MS = 1500;
/** A ghost that nobody pinned fades away so long after the last edit. */
const FADE_MS = 12_000;
/** Bands are begun so long after the last edit, and computed in slices this long, with rests between. */
const BANDS_AFTER_MS = 350;
const BANDS_SLICE_MS = 5;
const BANDS_REST_MS = 12;
const BANDS_EVENTS = 400;

export class Beside {
  private lastEdit = Number.NEGATIVE_INFINITY;
  private fade = 0;
  private bands = 0;
  private first = true;

  constructor(private readonly model: Model) {}

  /** A new text is about to be computed: what stands now becomes the ghost, if this is the first edit after a pause. */
  beforeText(): void {
    const now = performance.now();
    if (!this.first && now - this.lastEdit > PAUSE_MS) this.model.ask((core) => core.keep(false), false);
    this.first = false;
    this.lastEdit = now;
    this.model.banded = false;
    clearTimeout(this.bands);
    clearTimeout(this.fade);
  }

  /** The future is known: compare it, and look how it varies. */
  afterRun(): void {
    const { model } = this;
    this.compare();
    clearTimeout(this.bands);
    this.bands = window.setTimeout(() => this.slice(), BANDS_AFTER_MS);
    clearTimeout(this.fade);
    const testing = new URLSearchParams(location.search).has('testing');
    if (model.pinned || testing) return;
    this.fade = window.setTimeout(() => {
      model.ask((core) => core.let_go(false), undefined);
      this.compare();
      model.emit('run', 'view');
    }, FADE_MS);
  }

  pin(on: boolean): void {
    const { model } = this;
    if (on) model.pinned = model.ask((core) => core.keep(true), false);
    else {
      model.pinned = false;
      model.ask((core) => core.let_go(true), undefined);
    }
    clearTimeout(this.fade);
    this.compare();
  }

  /** Does not compare with the run before the last edit any more; a pinned run stays. */
  forgetEdit(): void {
    this.first = true;
    this.model.ask((core) => core.let_go(false), undefined);
  }

  /** Compares with nothing any more, pinned or not. */
  forget(): void {
    const { model } = this;
    this.forgetEdit();
    model.ask((core) => core.let_go(true), undefined);
    model.pinned = false;
    model.differences = [];
    clearTimeout(this.fade);
  }

  private compare(): void {
    this.model.differences = this.model.ask((core) => core.differences(), []);
  }

  private slice(): void {
    const end = performance.now() + BANDS_SLICE_MS;
    let done = false;
    do done = this.model.ask((core) => core.advance_bands(BANDS_EVENTS), true);
    while (!done && performance.now() < end);
    if (!done) this.bands = window.setTimeout(() => this.slice(), BANDS_REST_MS);
    else {
      this.model.banded = true;
      this.model.emit('view', 'select');
    }
  }
}
