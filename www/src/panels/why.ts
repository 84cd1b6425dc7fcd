// Why the selected entry is what it is: the sentence, the fields that set the numbers, the chain before and after it.

import { html, nothing } from 'lit';
import { model } from '../app/context.ts';
import { showFace } from '../app/faces.ts';
import type { Related, Why } from '../core/contract.ts';
import { editor } from '../editor/editor.ts';
import { fieldLabel, instant, span } from '../lib/format.ts';
import { words } from '../words/words.ts';

function related(title: string, rows: readonly Related[]) {
  if (rows.length === 0) return nothing;
  return html`<section class="chain"><h3>${title}</h3><ul>${rows.map(
    (row) =>
      html`<li><button @click=${() => model.select(row.id)}><time>${instant(row.at_us)}</time><span>${row.text}</span></button></li>`,
  )}</ul></section>`;
}

function when(why: Why): string {
  if (why.end_us === null || why.end_us === undefined) return words.why.at(why.at_us);
  return words.why.span(why.at_us, why.end_us, span(why.end_us - why.at_us));
}

/** A band narrower than this says nothing. */
const LEAST_BAND_US = 5_000;

/** Between which instants reality has it. */
function bandLine(id: number) {
  const band = model.ask((core) => core.band(id), undefined);
  if (!band || band.latest_us - band.earliest_us < LEAST_BAND_US) return nothing;
  return html`<p class="why-band">${words.bands.why(band.earliest_us, band.latest_us, band.seeds)}</p>`;
}

export function whyPanel() {
  const { why } = model;
  if (!why) {
    return html`<p class="quiet">${words.why.nothing}</p>`;
  }
  return html`<article class="why">
    <h2>${why.title}</h2>
    <p class="why-when num">${when(why)}</p>
    <p class="why-sentence">${why.sentence}</p>
    ${bandLine(why.id)}
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
    ${related(words.why.because, why.causes)} ${related(words.why.leads, why.effects)}
    ${
      why.rule
        ? html`<p class="rule">${words.why.rule(why.rule)}${why.twin ? html` · ${words.why.models} ${why.source_url ? html`<a href=${why.source_url} rel="noopener noreferrer">${why.twin}</a>` : why.twin}` : nothing}</p>`
        : nothing
    }
  </article>`;
}
