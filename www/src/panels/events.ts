// The events of the cluster up to the present, oldest first as kubectl sorts them by age.

import { html } from 'lit';
import { model } from '../app/context.ts';
import type { EventRow } from '../core/contract.ts';
import { words } from '../words/words.ts';

/** Rows shown; earlier ones are counted. */
const MOST = 500;

export function eventsCount(): number {
  return model.ask((core) => core.event_count(model.now), 0);
}

export function eventsPanel() {
  const rows = model.ask((core) => core.events(model.now, MOST), [] as EventRow[]);
  const earlier = eventsCount() - rows.length;
  if (rows.length === 0) return html`<p class="quiet">${words.events.none}</p>`;
  return html`<table class="rows">
    <thead><tr><th scope="col">${words.events.age}</th><th scope="col">${words.events.type}</th><th scope="col">${words.events.reason}</th><th scope="col">${words.events.object}</th><th scope="col">${words.events.message}</th></tr></thead>
    <tbody>${earlier > 0 ? html`<tr><td></td><td colspan="4" class="quiet">… ${words.watch.earlier(earlier)}</td></tr>` : ''}${rows.map(
      (e) => html`<tr class=${e.type === 'Warning' ? 'warning' : ''}>
        <td class="tight">${e.age}${e.count > 1 ? ` (x${e.count})` : ''}</td><td>${e.type}</td><td>${e.reason}</td><td>${e.object}</td><td>${e.message}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}
