// What stands over the timeline when the text gives nothing to run: what to mend, one way to go on where the text is no
// manifest, or what to do with an empty editor.

import { html, nothing } from 'lit';
import { model, open } from '../app/context.ts';
import { showFace } from '../app/faces.ts';
import { addFiles, chooseFiles } from '../app/files.ts';
import type { Diagnostic } from '../core/contract.ts';
import { editor } from '../editor/editor.ts';
import { fixButton } from '../editor/fix.ts';
import { words } from '../words/words.ts';

/** More than these are under the editor. */
const MOST = 3;

/** Texts that are no manifests, by the code of the one thing that is said about them. */
const OTHER = new Set(['wrapped', 'commands', 'template', 'compose', 'kustomization']);

const scenarios = () =>
  html`<button class="button primary" @click=${() => open('ps-gallery')}>${words.header.scenarios}</button>`;

/** One sentence, and one button that leads on. */
function leadOn(sentence: string, button: unknown) {
  return html`<section class="tl-nothing" role="status">
    <h3>${sentence}</h3>
    <div class="tl-nothing-row">${button}</div>
  </section>`;
}

/** The button for a text that is no manifest. */
function onward(d: Diagnostic) {
  if (d.fixes.length > 0) return fixButton(d, 'button primary');
  if (d.code !== 'kustomization') return scenarios();
  return html`<button class="button primary" @click=${() => addFiles()}>${words.files.add}</button>`;
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function nothingRuns() {
  const w = words.nothing;
  const grave = model.diagnostics.filter((d) => d.severity === 'error');
  const list = (grave.length > 0 ? grave : model.diagnostics).slice(0, MOST);
  const empty = model.text.trim() === '';
  const one = empty || grave.length !== 1 ? undefined : grave[0];
  if (one && OTHER.has(one.code)) return leadOn(sentence(words.core(one.message)), onward(one));
  if (one && one.code === 'no-kind' && one.fixes.length === 0) return leadOn(w.unknown, scenarios());
  if (empty) return leadOn(w.paste, scenarios());
  const title = model.progress.entries === 0 && model.lanes.length > 0 ? w.last : w.none;
  return html`<section class="tl-nothing" role="status">
    <h3>${title}</h3>
    ${list.length === 0 ? html`<p>${w.paste}</p>` : html`<p>${grave.length > 0 ? w.mend : w.unplayed}</p>`}
    <ul>${list.map(
      (d) => html`<li>
        <button class="problem-where" @click=${() => {
          showFace('text');
          editor()?.reveal(d.from, d.to);
          editor()?.focusText();
        }}>${words.problems.where(d.line, d.column)}</button>
        <span>${words.core(d.message)}</span>
        ${fixButton(d)}
      </li>`,
    )}</ul>
    ${
      list.length === 0
        ? html`<div class="tl-nothing-row">
            ${scenarios()}
            <button class="button" @click=${() => chooseFiles()}>${words.files.open}</button>
          </div>`
        : nothing
    }
  </section>`;
}
