// The events of the cluster up to the present, oldest first as kubectl sorts them by age.

import { html } from 'lit';
import { model } from '../app/context.ts';

export function eventsCount(): number {
  return model.ask((core) => core.events(model.now), []).length;
}

export function eventsPanel() {
  const rows = model.ask((core) => core.events(model.now), []);
  if (rows.length === 0) return html`<p class="quiet">No events yet.</p>`;
  return html`<table class="rows">
    <thead><tr><th scope="col">Age</th><th scope="col">Type</th><th scope="col">Reason</th><th scope="col">Object</th><th scope="col">Message</th></tr></thead>
    <tbody>${rows.map(
      (e) => html`<tr class=${e.type === 'Warning' ? 'warning' : ''}>
        <td class="tight">${e.age}${e.count > 1 ? ` (x${e.count})` : ''}</td><td>${e.type}</td><td>${e.reason}</td><td>${e.object}</td><td>${e.message}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}
