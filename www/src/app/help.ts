// The keys and the legend.

import { html } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { Shape, Style } from '../core/contract.ts';
import { bindings } from '../lib/keys.ts';
import { drawMark } from '../timeline/marks.ts';
import { palette } from '../timeline/palette.ts';
import { View } from './context.ts';
import { cssom } from './cssom.ts';
import { closeOutside } from './gallery.ts';
import { icons } from './icons.ts';

const styles: [number, string][] = [
  [Style.Pending, 'Pending'],
  [Style.Creating, 'Creating'],
  [Style.Pulling, 'Pulling an image'],
  [Style.Init, 'Init container'],
  [Style.Sidecar, 'Sidecar'],
  [Style.Running, 'Running, ready'],
  [Style.RunningUnready, 'Running, not ready'],
  [Style.Hook, 'Hook'],
  [Style.Waiting, 'Waiting, back-off'],
  [Style.Terminating, 'Terminating'],
  [Style.Grace, 'Grace period'],
  [Style.Succeeded, 'Completed'],
  [Style.Failed, 'Failed'],
  [Style.EndpointReady, 'Endpoint takes traffic'],
  [Style.EndpointDraining, 'Endpoint drains'],
];

const shapes: [number, number, string][] = [
  [Shape.Success, Style.Running, 'Check succeeded'],
  [Shape.Failure, Style.Failed, 'Check failed'],
  [Shape.TippingFailure, Style.Failed, 'Failure that tipped it'],
  [Shape.Verdict, Style.Running, 'Success that tipped it'],
  [Shape.Event, Style.Neutral, 'Event'],
  [Shape.Warning, Style.Waiting, 'Warning event'],
  [Shape.Signal, Style.Terminating, 'Signal'],
  [Shape.Step, Style.Step, 'Step'],
];

class Help extends View {
  private readonly dialog = createRef<HTMLDialogElement>();

  show(): void {
    this.requestUpdate();
    this.dialog.value?.showModal();
    void this.updateComplete.then(() => this.paint());
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
      drawMark(ctx, 13, 8, Number(canvas.dataset.shape), Number(canvas.dataset.style), colours);
    }
  }

  override render() {
    const colours = palette(this);
    return html`<dialog ${ref(this.dialog)} aria-labelledby="help-title" @keydown=${(e: KeyboardEvent) => e.stopPropagation()} @click=${closeOutside}>
      <div class="dialog-head">
        <h2 id="help-title">Keyboard and legend</h2>
        <button class="button bare square" aria-label="Close" @click=${() => this.dialog.value?.close()}>${icons.close()}</button>
      </div>
      <div class="dialog-body" tabindex="0" role="region" aria-label="Keys and legend">
        <div class="keys">
          ${(['Time', 'View', 'Page'] as const).map(
            (group) =>
              html`<section><h3>${group}</h3><ul>${bindings
                .filter((b) => b.group === group)
                .map(
                  (b) =>
                    html`<li><span>${b.says}</span><span class="strokes">${b.shown.map((k) => html`<kbd>${k}</kbd> `)}</span></li>`,
                )}</ul></section>`,
          )}
          <section><h3>Pointer</h3><ul>
            <li><span>Zoom</span><span class="strokes"><kbd>Ctrl</kbd> wheel, pinch</span></li>
            <li><span>Move the view</span><span class="strokes">drag, <kbd>Shift</kbd> wheel</span></li>
            <li><span>Move through time</span><span class="strokes">drag the ruler</span></li>
          </ul></section>
        </div>
        <section class="keys"><h3>Colours</h3></section>
        <ul class="legend">
          ${styles.map(([style, text]) => html`<li><i class="swatch" ${cssom({ background: colours.fill[style] ?? '' })}></i>${text}</li>`)}
        </ul>
        <section class="keys"><h3>Marks</h3></section>
        <ul class="legend">
          ${shapes.map(([shape, style, text]) => html`<li><canvas aria-hidden="true" data-shape=${shape} data-style=${style}></canvas>${text}</li>`)}
        </ul>
      </div>
    </dialog>`;
  }
}

customElements.define('ps-help', Help);
