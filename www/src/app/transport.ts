// Plays, pauses, steps and sets the speed.

import { html, nothing } from 'lit';
import { count, duration, instant } from '../lib/format.ts';
import { speeds } from '../lib/speed.ts';
import { model, View } from './context.ts';
import { icons } from './icons.ts';
import { tableShown, toggleTable } from './table-switch.ts';

class Transport extends View {
  protected override topics = ['play' as const, 'run' as const, 'view' as const];

  override render() {
    const { player, progress } = model;
    const say = player.playing ? 'Pause' : 'Play';
    return html`
      <button class="button bare square" aria-label="To the start" title="To the start (Home)" @click=${() => model.seek(0)}>${icons.start()}</button>
      <button class="button bare square" aria-label="Previous entry" title="Previous entry (←)" @click=${() => model.step(-1)}>${icons.prev()}</button>
      <button class="play" aria-label=${say} title="${say} (Space)" @click=${() => model.toggle()}>${player.playing ? icons.pause() : icons.play()}</button>
      <button class="button bare square" aria-label="Next entry" title="Next entry (→)" @click=${() => model.step(1)}>${icons.next()}</button>
      <button class="button bare" aria-label="Next surprise" title="Next kill, restart, failure or back-off (Shift →)" @click=${() => model.step(1, 'surprise')}>${icons.surprise()}<span class="wide">Next surprise</span></button>
      <div class="speed" role="group" aria-label="Speed">
        <button aria-label="Slower" title="Slower (,)" ?disabled=${player.speed === speeds[0]} @click=${() => model.changeSpeed(-1)}>−</button>
        <output aria-label="Speed">${player.speed}×</output>
        <button aria-label="Faster" title="Faster (.)" ?disabled=${player.speed === speeds.at(-1)} @click=${() => model.changeSpeed(1)}>+</button>
      </div>
      <span class="spacer"></span>
      ${
        progress.entries > 0
          ? html`<span class="measure">${instant(progress.at_us)} · ${count(progress.entries, 'entry', 'entries')} in ${duration(model.computeMs)}${model.seed ? ` · seed ${model.seed}` : ''}</span>`
          : nothing
      }
      <button class="button bare" aria-label="Fit" title="Show all of it (F)" ?disabled=${model.fitted} @click=${() => model.fit()}>${icons.fit()}<span class="wide">Fit</span></button>
      <button class="button bare square" aria-pressed=${tableShown()} aria-label="Timeline as a table" title="Timeline as a table (R)" @click=${() => toggleTable()}>${icons.table()}</button>`;
  }
}

customElements.define('ps-transport', Transport);
