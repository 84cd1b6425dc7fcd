// The timeline as a table: the same entries in words, for people who listen and for people who search. A row is chosen
// as a bar is; one button of the whole table is in the order of Tab, and the arrow keys go on from it.

import { html, nothing } from 'lit';
import { model } from '../app/context.ts';
import { instant, span } from '../lib/format.ts';
import { words } from '../words/words.ts';

/** More rows than this would make the page slow; the caption says how many are left out. */
const MOST = 2000;

/** How far a key goes, in rows. */
const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 15,
  PageUp: -15,
  Home: -MOST,
  End: MOST,
};

function onKey(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  const here = (event.target as Element).closest('tr');
  if (step === undefined || !here) return;
  event.preventDefault();
  event.stopPropagation();
  const rows = (event.currentTarget as HTMLTableSectionElement).rows;
  const to = Math.min(rows.length - 1, Math.max(0, here.sectionRowIndex + step));
  rows[to]?.querySelector('button')?.focus();
}

function onClick(event: Event): void {
  // Marking words to copy them is no choice.
  if (getSelection()?.type === 'Range') return;
  const id = (event.target as Element).closest('tr')?.dataset.id;
  if (id !== undefined) model.select(Number(id));
}

/** Brings the row of what is selected into sight. */
export function showRow(table: Element): void {
  table.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
}

export function table() {
  const rows = model.ask((core) => core.table(), []);
  const shown = rows.slice(0, MOST);
  const stop = Math.max(
    0,
    shown.findIndex((row) => row.id === model.selected),
  );
  return html`<div class="tl-table" tabindex="0" role="region" aria-label=${words.table.name}>
    <table class="rows">
      <caption>${words.table.caption(rows.length, model.until, MOST)}</caption>
      <thead><tr><th scope="col">${words.table.at}</th><th scope="col">${words.table.lasts}</th><th scope="col">${words.table.lane}</th><th scope="col">${words.table.what}</th></tr></thead>
      <tbody @keydown=${onKey} @click=${onClick}>${shown.map((row, i) => {
        const on = row.id === model.selected;
        return html`<tr data-id=${row.id} aria-current=${on ? 'true' : nothing}>
          <td class="tight">${instant(row.at_us)}</td>
          <td class="tight">${row.end_us === null || row.end_us === undefined ? '' : span(row.end_us - row.at_us)}</td>
          <td>${row.lane}</td><td><button aria-pressed=${on} tabindex=${i === stop ? 0 : -1}>${row.text}</button></td>
        </tr>`;
      })}</tbody>
    </table>
  </div>`;
}
