// The run beside the one it is compared with: differences in numbers.

import { html, nothing } from 'lit';
import { model } from '../app/context.ts';
import { replace } from '../app/texts.ts';
import type { Difference } from '../core/contract.ts';
import { words } from '../words/words.ts';

export function compareCount(): number {
  return model.differences.filter((d) => d.turn !== 'same').length;
}

const signs = { better: '▲', worse: '▼', other: '≠', same: '' } as const;

function row(d: Difference, several: boolean) {
  return html`<tr class="turn-${d.turn}">
    ${several ? html`<td>${d.pod}</td>` : nothing}
    <th scope="row">${words.compare.measures[d.measure]}</th>
    <td class="num">${d.before}</td><td class="num">${d.after}</td>
    <td class="num turn"><span aria-hidden="true">${signs[d.turn]}</span> ${d.by || (d.turn === 'same' ? '' : words.compare.turns[d.turn])}
      ${d.by && d.turn !== 'same' ? html`<span class="offscreen">${words.compare.turns[d.turn]}</span>` : nothing}</td>
  </tr>`;
}

export function comparePanel() {
  const rows = model.differences;
  const pin = html`<button class="button" aria-pressed=${model.pinned} @click=${() => model.togglePin()}>${model.pinned ? words.compare.unpin : words.compare.pin}</button>`;
  if (rows.length === 0)
    return html`<div class="compare"><p class="quiet">${words.compare.nothing}</p><div class="compare-row">${pin}</div></div>`;
  const several = new Set(rows.map((d) => d.pod)).size > 1;
  // What is the same and says nothing is left out: a dash on both sides, or a zero.
  const telling = rows.filter((d) => d.turn !== 'same' || !/^(–|0|0 s)$/.test(d.after));
  const text = model.ask((core) => core.pinned_text(), undefined);
  return html`<div class="compare">
    <p class="compare-says">${model.pinned ? words.compare.against : words.compare.before}${compareCount() === 0 ? ` ${words.compare.same}` : ''}</p>
    <table class="rows">
      <thead><tr>${several ? html`<th scope="col">${words.compare.pod}</th>` : nothing}<th scope="col">${words.compare.measure}</th><th scope="col">${words.compare.was}</th><th scope="col">${words.compare.is}</th><th scope="col">${words.compare.by}</th></tr></thead>
      <tbody>${telling.map((d) => row(d, several))}</tbody>
    </table>
    <div class="compare-row">${pin}${
      text !== undefined && text !== model.text
        ? html`<button class="button" @click=${() => replace(text, words.texts.kept)}>${words.compare.back}</button>`
        : nothing
    }</div>
  </div>`;
}
