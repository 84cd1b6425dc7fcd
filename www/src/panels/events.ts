// The events of the cluster up to the present, oldest first as kubectl sorts them by age.

import { html } from 'lit';
import { model } from '../app/context.ts';
import type { EventRow } from '../core/contract.ts';
import { words } from '../words/words.ts';

let memo: { at: number; progress: unknown; rows: EventRow[] } | null = null;

/** The tab's count and the panel ask for the same rows in one frame. */
function rowsNow(): EventRow[] {
  if (memo?.at !== model.now || memo.progress !== model.progress) {
    memo = { at: model.now, progress: model.progress, rows: model.ask((core) => core.events(model.now), []) };
  }
  return memo.rows;
}

export function eventsCount(): number {
  return rowsNow().length;
}

export function eventsPanel() {
  const rows = rowsNow();
  if (rows.length === 0) return html`<p class="quiet">${words.events.none}</p>`;
  return html`<table class="rows">
    <thead><tr><th scope="col">${words.events.age}</th><th scope="col">${words.events.type}</th><th scope="col">${words.events.reason}</th><th scope="col">${words.events.object}</th><th scope="col">${words.events.message}</th></tr></thead>
    <tbody>${rows.map(
      (e) => html`<tr class=${e.type === 'Warning' ? 'warning' : ''}>
        <td class="tight">${e.age}${e.count > 1 ? ` (x${e.count})` : ''}</td><td>${e.type}</td><td>${e.reason}</td><td>${e.object}</td><td>${e.message}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}
