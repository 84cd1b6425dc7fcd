// The steps' commands and what they printed, up to the present.

import { html, nothing } from 'lit';
import { model } from '../app/context.ts';
import { prose } from '../app/story.ts';
import { instant } from '../lib/format.ts';
import { runs } from '../lib/markdown.ts';
import { words } from '../words/words.ts';

export function consoleCount(): number {
  return model.ask((core) => core.console(model.now), []).length;
}

export function consolePanel() {
  const rows = model.ask((core) => core.console(model.now), []);
  if (rows.length === 0) {
    return html`<p class="quiet">${runs(words.console.none).map(prose)}</p>`;
  }
  return html`<div class="term">${rows.map(
    (row) =>
      html`<span class="prompt">$ </span><span class="cmd">${row.command}</span>  <span class="at">${instant(row.at_us)}</span>\n${row.output.replace(/\n?$/, row.output ? '\n' : '')}${
        row.exit ? html`<span class="bad">${words.console.exit(row.exit)}</span>\n` : nothing
      }`,
  )}<span class="cursor"></span></div>`;
}
