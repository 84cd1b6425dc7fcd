// The keys and the legend.

import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { Fill, Shape, Style } from '../core/contract.ts';
import { bindings } from '../lib/keys.ts';
import { drawSample } from '../timeline/areas.ts';
import { drawMark } from '../timeline/marks.ts';
import { palette } from '../timeline/palette.ts';
import type { Words } from '../words/en.ts';
import { words } from '../words/words.ts';
import { showDialog, View } from './context.ts';
import { cssom } from './cssom.ts';
import { closeOutside } from './gallery.ts';
import { icons } from './icons.ts';
import { startTour } from './tour.ts';

type Name = keyof Words['legend'];

const styles: [number, Name][] = [
  [Style.Pending, 'pending'],
  [Style.Creating, 'creating'],
  [Style.Pulling, 'pulling'],
  [Style.Init, 'init'],
  [Style.Sidecar, 'sidecar'],
  [Style.Running, 'running'],
  [Style.RunningUnready, 'unready'],
  [Style.Hook, 'hook'],
  [Style.Waiting, 'waiting'],
  [Style.Terminating, 'terminating'],
  [Style.Grace, 'grace'],
  [Style.Succeeded, 'completed'],
  [Style.Failed, 'failed'],
  [Style.EndpointReady, 'endpoint'],
  [Style.EndpointDraining, 'draining'],
];

/** The textures of staircases and strips, in the colour of the second revision. */
const fills: [number, Name][] = [
  [Fill.Solid, 'available'],
  [Fill.Hatched, 'notAvailable'],
  [Fill.Pale, 'notReady'],
  [Fill.Outline, 'wanted'],
  [Fill.Edge, 'revision'],
];

const shapes: [number, number, Name][] = [
  [Shape.Success, Style.Running, 'success'],
  [Shape.Failure, Style.Failed, 'failure'],
  [Shape.TippingFailure, Style.Failed, 'tipping'],
  [Shape.Verdict, Style.Running, 'verdict'],
  [Shape.Event, Style.Neutral, 'event'],
  [Shape.Warning, Style.Waiting, 'warning'],
  [Shape.Signal, Style.Terminating, 'signal'],
  [Shape.Step, Style.Step, 'step'],
];

class Help extends View {
  private readonly dialog = createRef<HTMLDialogElement>();

  private asked = false;

  show(): void {
    this.asked = true;
    this.requestUpdate();
    // First what is in it, so that the focus finds its first button.
    void showDialog(this, this.dialog).then(() => this.paint());
  }

  private paint(): void {
    const colours = palette(this);
    for (const canvas of this.querySelectorAll<HTMLCanvasElement>('canvas')) {
      const ratio = devicePixelRatio || 1;
      canvas.width = 26 * ratio;
      canvas.height = 16 * ratio;
      const ctx = canvas.getContext('2d');
      if (!ctx) continue;
      ctx.scale(ratio, ratio);
      if (canvas.dataset.fill) drawSample(ctx, 3, 2, 20, 12, Number(canvas.dataset.fill), 1, colours);
      else drawMark(ctx, 13, 8, Number(canvas.dataset.shape), Number(canvas.dataset.style), colours);
    }
  }

  override render() {
    return html`<dialog class="wide-dialog" ${ref(this.dialog)} aria-labelledby="help-title" @keydown=${(e: KeyboardEvent) => e.stopPropagation()} @click=${closeOutside}>
      ${this.asked ? this.body() : nothing}
    </dialog>`;
  }

  /** Made when it is first looked at, so that the first visit does not wait for it. */
  private body() {
    const colours = palette(this);
    return html`
      <div class="dialog-head">
        <h2 id="help-title">${words.help.title}</h2>
        <button class="button push" @click=${() => {
          this.dialog.value?.close();
          startTour();
        }}>${words.help.tour}</button>
        <button class="button bare square" aria-label=${words.page.close} @click=${() => this.dialog.value?.close()}>${icons.close()}</button>
      </div>
      <div class="dialog-body" tabindex="0" role="region" aria-label=${words.help.body}>
        <section class="keys"><h3>${words.help.colours}</h3></section>
        <ul class="legend">
          ${styles.map(([style, name]) => html`<li><i class="swatch" ${cssom({ background: colours.fill[style] ?? '' })}></i>${words.legend[name]}</li>`)}
        </ul>
        <section class="keys"><h3>${words.help.counts}</h3></section>
        <ul class="legend">
          ${fills.map(([fill, name]) => html`<li><canvas aria-hidden="true" data-fill=${fill}></canvas>${words.legend[name]}</li>`)}
        </ul>
        <section class="keys"><h3>${words.help.marks}</h3></section>
        <ul class="legend">
          ${shapes.map(([shape, style, name]) => html`<li><canvas aria-hidden="true" data-shape=${shape} data-style=${style}></canvas>${words.legend[name]}</li>`)}
        </ul>
        <div class="key-columns">
          ${(['time', 'view', 'page'] as const).map(
            (group) =>
              html`<section class="keys"><h3>${words.help.groups[group]}</h3><ul>${bindings
                .filter((b) => b.group === group)
                .map(
                  (b) =>
                    html`<li><span>${words.keys[b.command]}</span><span class="strokes">${b.shown.map((k) => html`<kbd>${k}</kbd> `)}</span></li>`,
                )}</ul></section>`,
          )}
          <section class="keys"><h3>${words.help.pointer}</h3><ul>
            <li><span>${words.help.zoom}</span><span class="strokes"><kbd>Ctrl</kbd> ${words.help.zoomBy}</span></li>
            <li><span>${words.help.move}</span><span class="strokes">${words.help.moveBy}, <kbd>Shift</kbd> ${words.help.moveWheel}</span></li>
            <li><span>${words.help.time}</span><span class="strokes">${words.help.timeBy}</span></li>
          </ul></section>
        </div>
      </div>`;
  }
}

customElements.define('ps-help', Help);
