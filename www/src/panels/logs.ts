// What a container has written up to the present.

import { html } from 'lit';
import { model } from '../app/context.ts';
import { logTargets } from '../lib/log-targets.ts';
import { words } from '../words/words.ts';

let chosen = '';

export function logsPanel(again: () => void) {
  const targets = logTargets(
    model.lanes,
    model.ask((core) => core.objects(), []),
  );
  const target = targets.find((t) => t.id === chosen) ?? targets.at(-1);
  if (!target) return html`<p class="quiet">${words.logs.none}</p>`;
  const text = model.ask((core) => core.logs(target.namespace, target.pod, target.container), '');
  return html`<div class="object-bar">
      <select aria-label=${words.logs.container} @change=${(event: Event) => {
        chosen = (event.target as HTMLSelectElement).value;
        again();
      }}>${targets.map((t) => html`<option value=${t.id} ?selected=${t === target}>${t.pod} · ${t.container}</option>`)}</select>
    </div>
    ${text ? html`<div class="term">${text}</div>` : html`<p class="quiet">${words.logs.empty}</p>`}`;
}
