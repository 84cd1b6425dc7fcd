// The steps' commands and what they printed, up to the present.

import { html, nothing } from 'lit';
import { model } from '../app/context.ts';
import { instant } from '../lib/format.ts';

export function consoleCount(): number {
  return model.ask((core) => core.console(model.now), []).length;
}

export function consolePanel() {
  const rows = model.ask((core) => core.console(model.now), []);
  if (rows.length === 0) {
    return html`<p class="quiet">No command has run yet. Commands are <code class="code">steps</code> of the scenario.</p>`;
  }
  return html`<div class="term">${rows.map(
    (row) =>
      html`<span class="prompt">$ </span><span class="cmd">${row.command}</span>  <span class="at">${instant(row.at_us)}</span>\n${row.output.replace(/\n?$/, row.output ? '\n' : '')}${
        row.exit ? html`<span class="bad">exit code ${row.exit}</span>\n` : nothing
      }`,
  )}<span class="cursor"></span></div>`;
}
