// The living figure: lane names as DOM, bars on a canvas, ruler, playhead. It paints with the page's own painter and
// differs from the page's timeline in what surrounds it: it has no minimap, drags no steps and leaves the wheel to the
// page it stands in.

import * as frames from '../app/frame.ts';
import type { Model } from '../app/model.ts';
import type { LayoutRequest, Row } from '../core/contract.ts';
import { clock } from '../lib/format.ts';
import { letterOf, REVISIONS } from '../lib/revision.ts';
import { pxToTime, timeToPx } from '../lib/time-scale.ts';
import { type Letters, measureLetters } from '../timeline/letters.ts';
import { type Frame, Painter, size } from '../timeline/painter.ts';
import { forgetPalette, type Palette, palette } from '../timeline/palette.ts';
import { type Picture, takePicture } from '../timeline/picture.ts';
import { el, icon, icons } from './dom.ts';
import type { ElementWords } from './words.ts';

/** A movement up to this many pixels is a click. */
const SLOP = 4;

/** A taller picture scrolls inside, so that its canvas stays affordable. */
const TALLEST = 3000;

export class Figure {
  readonly root = el('div', { class: 'timeline', part: 'timeline' });
  private readonly ruler = el('div', { class: 'tl-ruler' }, el('canvas', { 'aria-hidden': 'true' }));
  private readonly body = el('div', { class: 'tl-body' });
  private readonly names = el('div', { class: 'tl-labels' });
  private readonly canvas = el('canvas', { role: 'img' });
  private readonly plot = el('div', { class: 'tl-plot' }, this.canvas);
  private readonly badge = el('div', { class: 'tl-badge', part: 'playhead', role: 'slider', tabindex: '0' });
  private readonly line = el('div', { class: 'tl-head-line' }, this.badge);
  private readonly painter = new Painter();
  private readonly watcher = new ResizeObserver(() => this.measure());
  private readonly stops: (() => void)[] = [];
  private picture: Picture | null = null;
  private colours: Palette | null = null;
  private letters: Letters | null = null;
  private groups: number[] = [];
  private width = 0;
  private hovered: number | null = null;
  private layoutDirty = true;
  private layersDirty = true;

  constructor(
    private readonly model: Model,
    words: ElementWords,
  ) {
    const head = el('div', { class: 'tl-head' }, el('div', { class: 'tl-corner' }), this.ruler);
    this.body.append(this.names, this.plot);
    this.root.append(head, this.body, this.line);
    this.say(words);
    this.gestures();
    this.badge.addEventListener('keydown', (event) => this.key(event));
    this.body.addEventListener('scroll', () => this.repaint(), { passive: true });
  }

  /** Begins to follow the model and the size of its box. */
  start(): void {
    this.stops.push(this.model.follow(['run', 'view', 'select'], () => this.relayout()));
    this.stops.push(this.model.follow(['time'], () => frames.paint(this.paint)));
    this.watcher.observe(this.root);
    this.relayout();
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.watcher.disconnect();
  }

  say(words: ElementWords): void {
    this.badge.setAttribute('aria-label', words.playhead);
    this.badge.setAttribute('aria-valuemin', '0');
    this.canvas.setAttribute('aria-label', words.picture);
  }

  /** The page's colours have changed. */
  recolour(): void {
    this.colours = null;
    this.repaint();
  }

  private relayout(): void {
    this.layoutDirty = true;
    frames.update(this.lay);
    frames.paint(this.paint);
  }

  private repaint(): void {
    this.layersDirty = true;
    frames.paint(this.paint);
  }

  private measure(): void {
    const width = this.plot.clientWidth;
    if (width === this.width) {
      this.repaint();
      return;
    }
    this.width = width;
    this.relayout();
  }

  private font(): string {
    return `500 11.5px ${getComputedStyle(this.root).fontFamily}`;
  }

  private readonly lay = (): void => {
    const { model } = this;
    if (!this.layoutDirty || this.width === 0 || model.progress.entries === 0) return;
    this.layoutDirty = false;
    this.letters ??= measureLetters(this.font());
    const request: LayoutRequest = {
      width: this.width,
      from_us: model.window.from,
      to_us: model.window.to,
      ...model.foldings(),
      selected: model.selected,
      char_width: this.letters.mean,
      advances: this.letters.advances,
    };
    this.picture = model.ask((core) => takePicture(core.layout(request)), this.picture);
    if (!this.picture) return;
    const isGroup = (row: Row) => row.y > 0 && model.laneById.get(row.lane)?.depth === 0;
    this.groups = this.picture.rows.filter(isGroup).map((row) => row.y);
    this.body.style.height = `${Math.min(TALLEST, Math.max(this.picture.height, 60))}px`;
    this.names.style.height = `${this.picture.height}px`;
    this.names.replaceChildren(...this.labels(this.picture.rows));
    this.layersDirty = true;
  };

  private labels(rows: readonly Row[]): HTMLElement[] {
    const out: HTMLElement[] = [];
    for (const row of rows) {
      const lane = this.model.laneById.get(row.lane);
      if (!lane) continue;
      const kind = `tl-label depth-${lane.depth}${lane.depth === 0 && row.y > 0 ? ' group' : ''}`;
      const name = el('span', { class: 'tl-name' }, lane.label);
      if (lane.note) name.append(el('small', {}, lane.note));
      const label = lane.foldable
        ? el('button', { class: kind, tabindex: '-1', 'aria-expanded': String(!this.model.isFolded(lane.id)) })
        : el('div', { class: kind });
      if (lane.foldable) {
        const chevron = icon(icons.fold);
        chevron.setAttribute('class', 'tl-fold');
        label.append(chevron);
        label.addEventListener('click', () => this.model.toggleFold(lane.id));
      }
      if (lane.revision !== null && lane.revision !== undefined) {
        const hue = String(lane.revision % REVISIONS);
        label.append(el('i', { class: 'tl-revision', 'data-hue': hue }, letterOf(lane.revision)));
      }
      label.append(name);
      label.title = lane.whole ?? lane.label;
      const lift = Math.max(0, row.height - 2 * row.middle);
      label.style.top = `${row.y}px`;
      label.style.height = `${row.height}px`;
      label.style.paddingLeft = `calc(20px + ${lane.depth} * var(--indent))`;
      label.style.paddingBottom = `${lift}px`;
      out.push(label);
    }
    return out;
  }

  private readonly paint = (): void => {
    const { picture, model } = this;
    if (!picture || this.width === 0) return;
    const height = Math.max(1, this.body.clientHeight);
    const frame: Frame = {
      width: this.width,
      height,
      top: this.body.scrollTop,
      ratio: devicePixelRatio || 1,
      font: this.font(),
      groups: this.groups,
    };
    if (this.layersDirty) {
      this.layersDirty = false;
      this.canvas.style.height = `${height}px`;
      // The page's palette is kept for the whole page; here each element may have a theme of its own.
      if (!this.colours) forgetPalette();
      this.colours ??= palette(this.root);
      forgetPalette();
      const emphasis = { selected: model.selected, hovered: this.hovered, lit: model.lit };
      this.painter.layers(picture, frame, this.colours, emphasis);
      this.paintRuler(picture, this.colours);
    }
    const x = timeToPx(model.now, model.window, this.width);
    this.painter.compose(this.canvas, frame, x);
    this.placePlayhead(x);
  };

  private paintRuler(picture: Picture, colours: Palette): void {
    const canvas = this.ruler.querySelector('canvas');
    const ctx = canvas?.getContext('2d');
    if (!canvas || !ctx) return;
    const ratio = devicePixelRatio || 1;
    const height = canvas.clientHeight;
    size(canvas, { width: this.width, height, ratio });
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, this.width, height);
    ctx.font = `11px ${getComputedStyle(this.root).fontFamily}`;
    ctx.textBaseline = 'middle';
    for (const tick of picture.ticks) {
      ctx.fillStyle = colours.line;
      ctx.fillRect(Math.round(tick.x), height - 6, 1, 6);
      ctx.fillStyle = colours.quiet;
      if (tick.x > -1 && tick.x < this.width - 16) ctx.fillText(tick.label, Math.round(tick.x) + 5, height / 2 + 0.5);
    }
  }

  private placePlayhead(x: number): void {
    const { badge, line, model } = this;
    line.style.visibility = x < -1 || x > this.width + 1 ? 'hidden' : 'visible';
    line.style.transform = `translateX(${x}px)`;
    badge.classList.toggle('at-left', x < 34);
    badge.classList.toggle('at-right', x > this.width - 34);
    const words = clock(model.now);
    if (badge.textContent !== words) badge.textContent = words;
    badge.setAttribute('aria-valuemax', String(Math.round(model.until / 1e6)));
    badge.setAttribute('aria-valuenow', String(model.now / 1e6));
    badge.setAttribute('aria-valuetext', words);
  }

  /** Keys of the playhead, the figure's one tab stop. */
  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { model } = this;
    const kind = event.shiftKey ? 'surprise' : 'entry';
    if (event.key === 'ArrowRight') model.step(1, kind);
    else if (event.key === 'ArrowLeft') model.step(-1, kind);
    else if (event.key === 'Home') model.seek(0);
    else if (event.key === 'End') model.seekEnd();
    else if (event.key === ' ') model.toggle();
    else if (event.key === 'Escape') {
      if (model.selected === null) this.badge.blur();
      else model.select(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private gestures(): void {
    const { model, plot, ruler } = this;
    const x = (on: HTMLElement, event: MouseEvent) => event.clientX - on.getBoundingClientRect().left;
    const scrub = (event: PointerEvent) => model.seek(pxToTime(x(ruler, event), model.window, this.width));
    for (const handle of [ruler, this.badge]) {
      handle.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        handle.setPointerCapture(event.pointerId);
        model.player.pause();
        model.emit('play');
        if (handle === ruler) scrub(event);
      });
      handle.addEventListener('pointermove', (event) => {
        if (handle.hasPointerCapture(event.pointerId)) scrub(event);
      });
    }
    let from: { x: number; moved: boolean } | null = null;
    const under = (event: PointerEvent): number | null => {
      const box = plot.getBoundingClientRect();
      // Another element's layout may have come between; a hit is looked for in this element's own core.
      return model.ask((core) => core.hit(event.clientX - box.left, event.clientY - box.top), undefined) ?? null;
    };
    plot.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      from = { x: event.clientX, moved: false };
    });
    plot.addEventListener('pointermove', (event) => {
      if (!from) {
        this.hover(under(event));
        return;
      }
      const moved = event.clientX - from.x;
      if (!from.moved && Math.abs(moved) <= SLOP) return;
      if (!from.moved) plot.setPointerCapture(event.pointerId);
      model.panBy(-moved / Math.max(1, this.width));
      from = { x: event.clientX, moved: true };
    });
    plot.addEventListener('pointerup', (event) => {
      const clicked = from && !from.moved;
      from = null;
      if (clicked) model.select(under(event));
    });
    plot.addEventListener('pointercancel', () => {
      from = null;
    });
    plot.addEventListener('pointerleave', () => this.hover(null));
    plot.addEventListener('dblclick', (event) => {
      model.zoomBy(0.4, pxToTime(x(plot, event), model.window, this.width));
    });
    this.root.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const factor = Math.exp(Math.max(-80, Math.min(80, event.deltaY)) * 0.004);
        model.zoomBy(factor, pxToTime(x(plot, event), model.window, this.width));
      },
      { passive: false },
    );
  }

  private hover(entry: number | null): void {
    if (entry === this.hovered) return;
    this.hovered = entry;
    this.plot.classList.toggle('over', entry !== null);
    this.repaint();
  }
}
