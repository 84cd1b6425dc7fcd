// The timeline as a table: the same entries in words, for people who listen and for people who search.

import { html } from 'lit';
import { model } from '../app/context.ts';
import { instant, span } from '../lib/format.ts';
import { words } from '../words/words.ts';

/** More rows than this would make the page slow; the caption says how many are left out. */
const MOST = 2000;

export function table() {
  const rows = model.ask((core) => core.table(), []);
  return html`<div class="tl-table" tabindex="0" role="region" aria-label=${words.table.name}>
    <table class="rows">
      <caption>${words.table.caption(rows.length, model.until, MOST)}</caption>
      <thead><tr><th scope="col">${words.table.at}</th><th scope="col">${words.table.lasts}</th><th scope="col">${words.table.lane}</th><th scope="col">${words.table.what}</th></tr></thead>
      <tbody>${rows.slice(0, MOST).map(
        (row) => html`<tr>
          <td class="tight">${instant(row.at_us)}</td>
          <td class="tight">${row.end_us === null || row.end_us === undefined ? '' : span(row.end_us - row.at_us)}</td>
          <td>${row.lane}</td><td>${row.text}</td>
        </tr>`,
      )}</tbody>
    </table>
  </div>`;
}
