// What stands over the timeline when the text gives nothing to run: what to mend, or what to do with an empty editor.

import { html, nothing } from 'lit';
import { model, open } from '../app/context.ts';
import { showFace } from '../app/faces.ts';
import { chooseFiles } from '../app/files.ts';
import { editor } from '../editor/editor.ts';
import { fixButton } from '../editor/fix.ts';
import { words } from '../words/words.ts';

/** More than these are under the editor. */
const MOST = 3;

export function nothingRuns() {
  const w = words.nothing;
  const grave = model.diagnostics.filter((d) => d.severity === 'error');
  const list = (grave.length > 0 ? grave : model.diagnostics).slice(0, MOST);
  const empty = model.text.trim() === '';
  const title = empty ? w.empty : model.progress.entries === 0 && model.lanes.length > 0 ? w.last : w.none;
  return html`<section class="tl-nothing" role="status">
    <h3>${title}</h3>
    ${empty || list.length === 0 ? html`<p>${w.paste}</p>` : html`<p>${grave.length > 0 ? w.mend : w.unplayed}</p>`}
    ${
      empty
        ? nothing
        : html`<ul>${list.map(
            (d) => html`<li>
              <button class="problem-where" @click=${() => {
                showFace('text');
                editor()?.reveal(d.from, d.to);
                editor()?.focusText();
              }}>${words.problems.where(d.line, d.column)}</button>
              <span>${words.core(d.message)}</span>
              ${fixButton(d)}
            </li>`,
          )}</ul>`
    }
    ${
      empty || list.length === 0
        ? html`<div class="tl-nothing-row">
            <button class="button primary" @click=${() => open('ps-gallery')}>${words.header.scenarios}</button>
            <button class="button" @click=${() => chooseFiles()}>${words.files.open}</button>
          </div>`
        : nothing
    }
  </section>`;
}
