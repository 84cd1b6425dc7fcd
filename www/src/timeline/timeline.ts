// The timeline: lane labels as DOM, bars on a canvas, the ruler, the playhead, the strip of the whole run.

import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { model, testing, View } from '../app/context.ts';
import { cssom } from '../app/cssom.ts';
import * as frame from '../app/frame.ts';
import { tableShown } from '../app/table-switch.ts';
import { onTheme } from '../app/theme.ts';
import type { LayoutRequest } from '../core/contract.ts';
import { clock, wall } from '../lib/format.ts';
import { snap } from '../lib/step-time.ts';
import { pxToTime, timeToPx } from '../lib/time-scale.ts';
import { openWhatIf } from '../whatif/whatif.ts';
import { words } from '../words/words.ts';
import { plotGestures, scrubbing, wheel } from './gestures.ts';
import { labels } from './labels.ts';
import { type Letters, measureLetters } from './letters.ts';
import { Minimap, minimapGestures } from './minimap.ts';
import { nothingRuns } from './nothing.ts';
import { type Frame, Painter, size } from './painter.ts';
import { forgetPalette, palette } from './palette.ts';
import { type Picture, takePicture } from './picture.ts';
import { showRow, table } from './table.ts';
import { tooltip } from './tooltip.ts';

/** Widths of the letters of the bars' font, measured once. */
let letters: Letters | null = null;

/** Rows so far above and below what is in sight are laid out too, so that a short scroll needs no new layout. */
const MARGIN = 600;

/** So long after the last keystroke a text that does not run is spoken of over the timeline. */
const PATIENCE_MS = 1200;

class Timeline extends View {
  protected override topics = ['run' as const, 'view' as const, 'select' as const, 'time' as const, 'play' as const];

  private readonly painter = new Painter();
  private readonly minimap = new Minimap();
  private readonly body = createRef<HTMLElement>();
  private readonly plot = createRef<HTMLElement>();
  private readonly ruler = createRef<HTMLElement>();
  private readonly badge = createRef<HTMLElement>();
  private readonly line = createRef<HTMLElement>();
  private readonly tip = createRef<HTMLElement>();

  private picture: Picture | null = null;
  private width = 0;
  private height = 0;
  private groups: number[] = [];
  private laidTop = 0;
  private hovered: number | null = null;
  private layoutDirty = true;
  private layersDirty = true;
  private wired = false;
  /** The entry whose row was last brought into sight. */
  private shownRow: number | null = null;
  /** Whether it has been waited long enough for a text that does not run to be finished. */
  private patient = false;
  private patience = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    model.follow(['run', 'view', 'select'], () => this.relayout());
    model.follow(['time'], () => frame.paint(this.paint));
    model.follow(['run'], () => this.wait());
    onTheme(() => {
      forgetPalette();
      this.repaint();
    });
    new ResizeObserver(() => this.measure()).observe(this);
  }

  protected override onTopic(): void {}

  /** Half a line makes no run: over the last picture nothing is said before the typing rests. */
  private wait(): void {
    if (this.patient && model.resting) return;
    clearTimeout(this.patience);
    this.patient = model.resting && testing;
    if (!model.resting || testing) return;
    this.patience = window.setTimeout(() => {
      this.patient = true;
      this.requestUpdate();
    }, PATIENCE_MS);
  }

  private relayout(): void {
    this.layoutDirty = true;
    frame.update(this.lay);
    frame.paint(this.paint);
  }

  private repaint(): void {
    this.layersDirty = true;
    frame.paint(this.paint);
  }

  private measure(): void {
    const width = this.plot.value?.clientWidth ?? 0;
    const height = this.body.value?.clientHeight ?? 0;
    if (width === this.width && height === this.height) return;
    const wider = width !== this.width;
    this.width = width;
    this.height = height;
    if (wider) this.relayout();
    else this.repaint();
  }

  private scrolled(): void {
    const top = this.body.value?.scrollTop ?? 0;
    if (Math.abs(top - this.laidTop) > MARGIN) this.relayout();
    else this.repaint();
  }

  private request(): LayoutRequest {
    return {
      width: this.width,
      from_us: model.window.from,
      to_us: model.window.to,
      ...model.foldings(),
      selected: model.selected,
      char_width: letters?.mean ?? 6.5,
      advances: letters?.advances ?? [],
      top: this.laidTop - MARGIN,
      bottom: this.laidTop + Math.max(this.height, 800) + MARGIN,
    };
  }

  /** Asks the core for the picture of the present window. */
  private readonly lay = (): void => {
    if (!this.layoutDirty) return;
    if (this.width === 0 || model.progress.entries === 0) {
      if (this.picture && model.resting && model.lanes.length === 0) this.clear();
      this.requestUpdate();
      return;
    }
    this.layoutDirty = false;
    letters ??= measureLetters(this.font());
    this.laidTop = this.body.value?.scrollTop ?? 0;
    if (!model.fitted) this.minimap.layout(this.width);
    this.picture = model.ask((core) => takePicture(core.layout(this.request())), this.picture);
    this.groups = (this.picture?.rows ?? [])
      .filter((row) => row.y > 0 && model.laneById.get(row.lane)?.depth === 0)
      .map((row) => row.y);
    this.layersDirty = true;
    this.requestUpdate();
  };

  /** The picture of another text is taken away. */
  private clear(): void {
    this.picture = null;
    this.groups = [];
    for (const canvas of this.querySelectorAll('canvas')) canvas.width = 0;
  }

  private font(): string {
    return `500 11.5px ${getComputedStyle(this).fontFamily}`;
  }

  private frame(): Frame {
    const top = this.body.value?.scrollTop ?? 0;
    return {
      width: this.width,
      height: Math.max(1, this.height),
      top,
      ratio: devicePixelRatio || 1,
      font: this.font(),
      groups: this.groups,
    };
  }

  private readonly paint = (): void => {
    const { picture } = this;
    const canvas = this.plot.value?.querySelector('canvas');
    if (!picture || !canvas || this.width === 0) return;
    const colours = palette(this);
    const now = this.frame();
    // The canvas has the height it is painted for, else its bars would be stretched away from their names.
    canvas.style.height = `${now.height}px`;
    if (this.layersDirty) {
      this.layersDirty = false;
      this.painter.layers(picture, now, colours, { selected: model.selected, hovered: this.hovered, lit: model.lit });
      this.paintRuler(picture);
    }
    this.dataset.lit = String(model.lit.size);
    this.dataset.bands = String(model.banded);
    const x = timeToPx(model.now, model.window, this.width);
    this.painter.compose(canvas, now, x);
    this.placePlayhead(x);
    const map = this.querySelector<HTMLCanvasElement>('.tl-map canvas');
    if (map) this.minimap.paint(map, colours);
  };

  private paintRuler(picture: Picture): void {
    const canvas = this.ruler.value?.querySelector('canvas');
    const ctx = canvas?.getContext('2d');
    if (!canvas || !ctx) return;
    const ratio = devicePixelRatio || 1;
    const height = canvas.clientHeight;
    size(canvas, { width: this.width, height, ratio });
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, this.width, height);
    const colours = palette(this);
    const family = getComputedStyle(this).fontFamily;
    ctx.textBaseline = 'middle';
    for (const tick of picture.ticks) {
      ctx.fillStyle = colours.line;
      ctx.fillRect(Math.round(tick.x), height - 6, 1, 6);
      if (tick.x <= -1 || tick.x >= this.width - 16) continue;
      ctx.font = `11px ${family}`;
      ctx.fillStyle = colours.quiet;
      ctx.fillText(tick.label, Math.round(tick.x) + 5, 13);
      if (tick.x > this.width - 52) continue;
      ctx.font = `9.5px ${family}`;
      ctx.globalAlpha = 0.78;
      ctx.fillText(tick.wall, Math.round(tick.x) + 5, 28);
      ctx.globalAlpha = 1;
    }
  }

  private placePlayhead(x: number): void {
    const line = this.line.value;
    const badge = this.badge.value;
    if (!line || !badge) return;
    line.style.visibility = x < -1 || x > this.width + 1 ? 'hidden' : 'visible';
    line.style.transform = `translateX(${x}px)`;
    badge.classList.toggle('at-left', x < 34);
    badge.classList.toggle('at-right', x > this.width - 34);
    const words = clock(model.now);
    if (badge.textContent !== words) badge.textContent = words;
    badge.dataset.wall = wall(model.info.start_unix, model.now);
    badge.setAttribute('aria-valuemax', String(Math.round(model.until / 1e6)));
    badge.setAttribute('aria-valuenow', String(model.now / 1e6));
    badge.setAttribute('aria-valuetext', words);
  }

  private readonly hit = (x: number, y: number): number | null =>
    model.ask((core) => core.hit(x, y), undefined) ?? null;

  /** What if, at the point that was clicked. */
  private menu(event: MouseEvent, plot: HTMLElement): void {
    event.preventDefault();
    const box = plot.getBoundingClientRect();
    const y = event.clientY - box.top;
    const row = this.picture?.rows.find((r) => y >= r.y && y < r.y + r.height);
    const usPerPx = (model.window.to - model.window.from) / Math.max(1, this.width);
    const us = snap(pxToTime(event.clientX - box.left, model.window, this.width), usPerPx);
    if (this.tip.value) this.tip.value.hidden = true;
    openWhatIf(us, row?.lane ?? null, event.clientX, event.clientY);
  }

  private readonly hover = (entry: number | null, event: PointerEvent): void => {
    if (entry !== this.hovered) {
      this.hovered = entry;
      this.plot.value?.classList.toggle('over', entry !== null);
      this.repaint();
    }
    if (this.tip.value) tooltip(this.tip.value, entry, event);
  };

  protected override updated(): void {
    const [plot, body, ruler, badge] = [this.plot.value, this.body.value, this.ruler.value, this.badge.value];
    if (!plot || !body || !ruler || !badge) {
      this.wired = false;
      if (model.selected !== this.shownRow) showRow(this);
      this.shownRow = model.selected;
      return;
    }
    if (!this.wired) {
      this.wired = true;
      const width = () => Math.max(1, this.width);
      plotGestures(plot, { width, hit: this.hit, hover: this.hover });
      scrubbing(ruler, () => this.ruler.value, width);
      scrubbing(badge, () => this.ruler.value, width);
      wheel(this, plot, width);
      plot.addEventListener('contextmenu', (event) => this.menu(event, plot));
      body.addEventListener('scroll', () => this.scrolled(), { passive: true });
      addEventListener('resize', () => this.repaint());
    }
    const strip = this.querySelector<HTMLElement>('.tl-map');
    if (strip && !strip.dataset.wired) {
      strip.dataset.wired = 'true';
      minimapGestures(strip);
    }
    this.measure();
    frame.paint(this.paint);
  }

  override render() {
    if (tableShown()) return table();
    const height = this.picture?.height ?? 0;
    const { progress } = model;
    const share = progress.until_us > 0 ? progress.at_us / progress.until_us : 0;
    this.classList.toggle('bare', !this.picture);
    const resting = model.resting && (!this.picture || this.patient);
    this.classList.toggle('stale', this.picture !== null && resting);
    return html`
      <div class="tl-head">
        <div class="tl-corner">${model.player.playing ? words.timeline.playing : ''}</div>
        <div class="tl-ruler" ${ref(this.ruler)}><canvas aria-hidden="true"></canvas></div>
      </div>
      <div class="tl-body" ${ref(this.body)} ${cssom({ height: `${this.picture ? Math.max(height, 60) : 600}px` })}>
        <div class="tl-labels" ${cssom({ height: `${height}px` })}>${this.picture ? labels(this.picture.rows, this.laidTop - MARGIN, this.laidTop + Math.max(this.height, 800) + MARGIN) : nothing}</div>
        <div class="tl-plot" ${ref(this.plot)}>
          <canvas role="img" aria-label=${words.timeline.picture}></canvas>
        </div>
      </div>
      <div class="tl-head-line ${model.fitted ? '' : 'above-map'}" ${ref(this.line)}>
        <div class="tl-badge" ${ref(this.badge)} role="slider" tabindex="0" aria-label=${words.timeline.playhead} aria-valuemin="0" aria-valuemax="1" aria-valuenow="0"></div>
      </div>
      ${model.fitted ? nothing : html`<div class="tl-map" aria-hidden="true"><canvas></canvas></div>`}
      ${progress.done || progress.entries === 0 ? nothing : html`<div class="tl-progress" ${cssom({ width: `${100 * share}%` })}></div>`}
      ${resting ? nothingRuns() : nothing}
      <div class="tl-tip" ${ref(this.tip)} aria-hidden="true" hidden></div>`;
  }
}

customElements.define('ps-timeline', Timeline);
