// Why the selected entry is what it is: the sentence, the fields that set the numbers, the chain before and after it.

import { html, nothing } from 'lit';
import { model } from '../app/context.ts';
import { showFace } from '../app/faces.ts';
import type { Related, Why } from '../core/contract.ts';
import { editor } from '../editor/editor.ts';
import { fieldLabel, instant, span } from '../lib/format.ts';

function related(title: string, rows: readonly Related[]) {
  if (rows.length === 0) return nothing;
  return html`<section class="chain"><h3>${title}</h3><ul>${rows.map(
    (row) =>
      html`<li><button @click=${() => model.select(row.id)}><time>${instant(row.at_us)}</time><span>${row.text}</span></button></li>`,
  )}</ul></section>`;
}

function when(why: Why): string {
  if (why.end_us === null || why.end_us === undefined) return `at ${instant(why.at_us)}`;
  return `${instant(why.at_us)} to ${instant(why.end_us)} · ${span(why.end_us - why.at_us)}`;
}

export function whyPanel() {
  const { why } = model;
  if (!why) {
    return html`<p class="quiet">
      Choose a bar or a mark: its rule, the lines of the manifest that set its numbers and the chain of causes appear here.
      Put the cursor on a line of the manifest, and the bars it shapes light up.
    </p>`;
  }
  return html`<article class="why">
    <h2>${why.title}</h2>
    <p class="why-when num">${when(why)}</p>
    <p class="why-sentence">${why.sentence}</p>
    ${
      why.fields.length > 0
        ? html`<div class="chips">${why.fields.map(
            (field) =>
              html`<button class="chip" title=${field.path} @click=${() => {
                showFace('text');
                editor()?.reveal(field.from, field.to);
              }}>${fieldLabel(field.path, field.text)}</button>`,
          )}</div>`
        : nothing
    }
    ${related('Because of', why.causes)} ${related('Leads to', why.effects)}
    ${
      why.rule
        ? html`<p class="rule">Rule ${why.rule}${why.twin ? html` · models ${why.source_url ? html`<a href=${why.source_url} rel="noopener noreferrer">${why.twin}</a>` : why.twin}` : nothing}</p>`
        : nothing
    }
  </article>`;
}
