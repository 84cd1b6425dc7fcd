// What is to be said about the text, under the editor, with the mend.

import { html, nothing } from 'lit';
import { model, View } from '../app/context.ts';
import { icons } from '../app/icons.ts';
import type { Diagnostic } from '../core/contract.ts';
import { words } from '../words/words.ts';
import { editor } from './editor.ts';
import { fixButton } from './fix.ts';

const signs = { error: '✕', warning: '!', info: 'i' };
const rank = { error: 0, warning: 1, info: 2 };

/** More than these are counted, not listed: the first ones are what one mends. */
const MOST = 50;

class Problems extends View {
  protected override topics = ['run' as const];

  private row(d: Diagnostic) {
    return html`<li class="problem ${d.severity}">
      <span class="problem-sign" title=${words.problems.severities[d.severity]} aria-label=${words.problems.severities[d.severity]} role="img">${signs[d.severity]}</span>
      <button class="problem-where" aria-label="${d.line}:${d.column} ${words.problems.where(d.line, d.column)}" @click=${() => editor()?.reveal(d.from, d.to)}>${d.line}:${d.column}</button>
      <span class="problem-text">${words.core(d.message)}</span>
      ${fixButton(d)}
    </li>`;
  }

  override render() {
    const list = [...model.diagnostics].sort((a, b) => rank[a.severity] - rank[b.severity] || a.from - b.from);
    if (list.length === 0) return html`<div class="problems-none">${icons.check()}${words.problems.none}</div>`;
    const more = list.length - MOST;
    return html`<ul aria-label=${words.problems.name}>
      ${list.slice(0, MOST).map((d) => this.row(d))}
      ${more > 0 ? html`<li class="quiet">${words.problems.more(more)}</li>` : nothing}
    </ul>`;
  }
}

customElements.define('ps-problems', Problems);
