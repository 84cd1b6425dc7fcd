// Plays, pauses, steps and sets the speed.

import { html, nothing } from 'lit';
import { speeds } from '../lib/speed.ts';
import { whatIfNow } from '../whatif/whatif.ts';
import { words } from '../words/words.ts';
import { model, open, View } from './context.ts';
import { icons } from './icons.ts';
import { tableShown, toggleTable } from './table-switch.ts';

class Transport extends View {
  protected override topics = ['play' as const, 'run' as const, 'view' as const];

  override render() {
    const { player, progress } = model;
    const w = words.transport;
    const say = player.playing ? w.pause : w.play;
    return html`
      <button class="button bare square" aria-label=${w.start} title="${w.start} (Home)" @click=${() => model.seek(0)}>${icons.start()}</button>
      <button class="button bare square" aria-label=${w.prev} title="${w.prev} (←)" @click=${() => model.step(-1)}>${icons.prev()}</button>
      <button class="play" aria-label=${say} title="${say} (Space)" @click=${() => model.toggle()}>${player.playing ? icons.pause() : icons.play()}</button>
      <button class="button bare square" aria-label=${w.next} title="${w.next} (→)" @click=${() => model.step(1)}>${icons.next()}</button>
      <button class="button bare surprise" aria-label=${w.surprise} title="${w.surpriseLong} (Shift →)" @click=${() => model.step(1, 'surprise')}>${icons.surprise()}<span class="wide">${w.surprise}</span></button>
      <div class="speed" role="group" aria-label=${w.speed}>
        <button aria-label=${w.slower} title="${w.slower} (,)" ?disabled=${player.speed === speeds[0]} @click=${() => model.changeSpeed(-1)}>−</button>
        <output aria-label=${w.speed}>${player.speed}×</output>
        <button aria-label=${w.faster} title="${w.faster} (.)" ?disabled=${player.speed === speeds.at(-1)} @click=${() => model.changeSpeed(1)}>+</button>
      </div>
      <span class="tools">
        <button class="button bare" aria-label=${words.whatif.open} aria-haspopup="menu" title="${words.whatif.open} (W)" @click=${() => whatIfNow()}>${icons.branch()}<span class="wide">${words.whatif.open}</span></button>
        <button class="button bare" aria-label=${words.compare.pin} aria-pressed=${model.pinned} title="${words.compare.pinLong} (B)" @click=${() => model.togglePin()}>${icons.pin()}<span class="wide">${words.compare.pinShort}</span></button>
        <button class="button bare" aria-label=${words.sweep.open} aria-haspopup="dialog" title="${words.sweep.openLong} (V)" @click=${() => open('ps-sweep')}>${icons.sweep()}<span class="wide">${words.sweep.open}</span></button>
        <button class="button bare" aria-label=${words.reality.open} aria-haspopup="dialog" title="${words.reality.openLong} (C)" @click=${() => open('ps-reality')}>${icons.real()}<span class="wide">${words.reality.open}</span></button>
      </span>
      <label class="seed" title=${w.seedLong}><span>${w.seed}</span>
        <input type="number" aria-label=${w.seed} min="0" max="999999" step="1" inputmode="numeric" .value=${String(model.info.seed)} @change=${(
          event: Event,
        ) => {
          const seed = Math.floor(Number((event.target as HTMLInputElement).value));
          model.setSeed(Number.isFinite(seed) && seed > 0 ? seed : 0);
        }} /></label>
      <span class="spacer"></span>
      ${
        progress.entries > 0
          ? html`<span class="measure">${w.measure(progress.at_us, progress.entries, model.computeMs)}</span>`
          : nothing
      }
      <button class="button bare fit" aria-label=${w.fit} title="${w.fitLong} (F)" ?disabled=${model.fitted} @click=${() => model.fit()}>${icons.fit()}<span class="wide">${w.fit}</span></button>
      <button class="button bare square" aria-pressed=${tableShown()} aria-label=${w.table} title="${w.table} (R)" @click=${() => toggleTable()}>${icons.table()}</button>`;
  }
}

customElements.define('ps-transport', Transport);
